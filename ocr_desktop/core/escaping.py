"""Marks that Markdown would take for more than characters, made harmless inside a line."""

from __future__ import annotations

import re

_INLINE = re.compile(r"[\\`*]|(?<![^\W_])_|_(?![^\W_])|<(?=[A-Za-z/!?])|&(?=#?\w{1,31};)|~(?=~)|(?<=~)~")


def escaped_inline(text: str) -> str:
    """The same words with a backslash before each mark that would start something inside a line."""
    return _INLINE.sub(lambda match: "\\" + match[0], text)
