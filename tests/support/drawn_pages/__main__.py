"""Writes every drawn page as PNG, and its truth as JSON beside it."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from tests.support.drawn_pages.pages import drawn, names


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for kind, quality in names():
        page = drawn(kind, quality)
        page.picture.save(folder / f"{page.truth.name}.png")
        text = json.dumps(page.truth.as_json(), ensure_ascii=False, indent=1)
        (folder / f"{page.truth.name}.json").write_text(text, "utf-8")
        print(page.truth.name, page.picture.size)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
