"""The files that belong to the program: engine profiles, icons, the sample page.

They stand in `resources/` of a checkout, and in `ocr_desktop/resources/` of an installed package; nothing else in
the program knows that there are two places.
"""

from __future__ import annotations

from pathlib import Path

PACKAGE = Path(__file__).resolve().parent.parent


def path(name: str) -> Path:
    """Where a file or folder of the program stands, for example `sample/page.png` or `engines`.

    Raises:
        FileNotFoundError: Neither place has it; the program is not installed as a whole.
    """
    places = [PACKAGE / "resources"]
    # A folder of this name beside an installed package belongs to somebody else.
    if (PACKAGE.parent / "pyproject.toml").is_file():
        places.append(PACKAGE.parent / "resources")
    for place in places:
        found = place / name
        if found.exists():
            return found
    looked_in = " nor in ".join(str(place) for place in places)
    raise FileNotFoundError(f"OCR Desktop is not installed as a whole: {name} is not in {looked_in}")
