"""Where a key has left a trace: as it is, in any case of its letters, or as base64."""

from __future__ import annotations

import base64
import os
from pathlib import Path
from urllib.parse import quote

from tests.support.provider_answers import Script, event, redirected, refused, streamed

SECRET = "sk-Unmistakable+4242-of-Nobody"

ECHOES: dict[str, Script] = {
    "a wrong key": refused(401, f"Incorrect API key provided: {SECRET}"),
    "a refusal": refused(400, f"Authorization: Bearer {SECRET} may not do this"),
    "a failure": refused(500, f"upstream said {SECRET}", retry_after="0"),
    "an event": streamed("Some words.", event({"error": {"message": f"{SECRET} is used up"}}), reason=None),
    "a finish reason": streamed("Some words.", reason=SECRET),
}
"""A server that repeats the key where its words are shown."""
REDIRECT = redirected(f"https://{SECRET}.invalid/{SECRET}")
"""One that repeats it in a header, which the client's own library writes into its most talkative log."""


def forms() -> tuple[str, ...]:
    """What a key looks like where it leaks, in small letters; base64 in each of its three positions."""
    plain = SECRET.encode()
    shifted = [base64.b64encode(b"x" * shift + plain).decode()[4 * (shift > 0) : -4] for shift in range(3)]
    return tuple(form.lower() for form in (SECRET, quote(SECRET, safe=""), *shifted))


def traces_in(text: str | bytes) -> list[str]:
    """The forms of the key in a text."""
    searched = (text if isinstance(text, str) else text.decode("utf-8", "replace")).lower()
    return [form for form in forms() if form in searched]


def traces_in_files(*folders: Path) -> list[str]:
    """Which files hold the key in any form, or in their name."""
    files = [Path(folder, name) for each in folders for folder, _, names in os.walk(each) for name in names]
    return [str(file) for file in files if traces_in(str(file)) or traces_in(file.read_bytes())]
