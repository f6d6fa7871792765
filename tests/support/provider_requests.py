"""The samples of the providers' own guides, and the program's own requests to print beside them:

python -m tests.support.provider_requests modelverse ppio
"""

from __future__ import annotations

import json
import re
import sys
import tempfile
from pathlib import Path
from typing import Any

from tests.support.provider_answers import Spoken
from tests.support.provider_server import KEY, ProviderServer

Body = dict[str, Any]

LONGEST_SHOWN = 24
"""Characters of a picture's base64."""


def modelverse_sample(picture: str, **more: object) -> Body:
    """The body of the guide's samples, word for word."""
    content = [
        {"type": "text", "text": "convert to markdown"},
        {"type": "image_url", "image_url": {"url": picture}},
    ]
    return {"model": "deepseek-ai/DeepSeek-OCR", "messages": [{"role": "user", "content": content}], **more}


def ppio_sample(picture: str = "https://example.com/image.png") -> Body:
    """The body of the guide's sample, word for word."""
    content = [
        {"type": "image_url", "image_url": {"url": picture}},
        {"type": "text", "text": "<|grounding|>OCR this image."},
    ]
    return {
        "model": "deepseek/deepseek-ocr",
        "messages": [{"role": "user", "content": content}],
        "stream": False,
        "max_tokens": 4096,
    }


SAMPLES = {"modelverse": modelverse_sample("data:image/jpeg;base64,…", stream=True), "ppio": ppio_sample()}
ASKED = {"modelverse": ("--prompt", "convert to markdown"), "ppio": ("--preset", "ocr")}
"""The same question as in the guide."""


def shown(body: Body) -> str:
    """A body as JSON, its picture shortened."""

    def shortened(found: re.Match[str]) -> str:
        encoded = found[2]
        return f"{found[1]}{encoded[:LONGEST_SHOWN]}… ({len(encoded):,} characters)"

    return re.sub(r"(;base64,)([A-Za-z0-9+/=]{24,})", shortened, json.dumps(body, ensure_ascii=False, indent=2))


def main() -> None:
    from ocr_desktop.core import resources
    from ocr_desktop.engines.profiles import load_profile
    from tests.support.pictures import Words, draw_page
    from tests.support.program import run

    with tempfile.TemporaryDirectory() as folder:
        picture = Path(folder) / "page.png"
        draw_page(Words("Costs", 40, 40)).save(picture)
        for name in sys.argv[1:]:
            profile = load_profile((resources.path("engines") / f"{name}.toml").read_bytes())
            with ProviderServer(name, Spoken("# Costs")) as server:
                where = ("read", "--engine", name, "--base-url", server.base_url, "--retries", "0")
                question = ASKED.get(name, ("--preset", "markdown"))
                ended = run(*where, *question, picture, environment={profile.key_variable: KEY})
            (request,) = server.requests
            if name in SAMPLES:
                print(f"## {profile.title}: the guide's sample\n\n{shown(SAMPLES[name])}\n")
            print(f"## {profile.title}: what the program sent ({ended.code}: {ended.text.strip()})\n")
            print(f"{request.method} {request.path}")
            for header, value in sorted(request.headers.items()):
                print(f"{header}: {value.replace(KEY, '$' + profile.key_variable)}")
            print(f"\n{shown(request.body)}\n")


if __name__ == "__main__":
    main()
