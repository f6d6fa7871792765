"""Where the picture of one page lies, before anything of it is read."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from ocr_desktop.core.secret import Secret


@dataclass(frozen=True, slots=True)
class PagePlace:
    """A file, or the bytes of one; which of its pages, from 1 on; and the password that opens it, where it has one."""

    content: Path | bytes = field(repr=False)
    number: int = 1
    password: Secret | None = None
