"""Marks that Markdown would take for more than characters, made harmless."""

from __future__ import annotations

import re

_INLINE = re.compile(r"[\\`*]|(?<![^\W_])_|_(?![^\W_])|<(?=[A-Za-z/!?])|&(?=#?\w{1,31};)|~(?=~)|(?<=~)~")
_LINE_START = re.compile(r"^(?:#{1,6}(?=\s|$)|>|[-+](?=\s|$)|=+(?=\s*$)|[-|:](?=[-|:\s]*$))")
_NUMBERED = re.compile(r"^(\d{1,9})([.)])(?=\s|$)")
_CONTROL = dict.fromkeys([*range(9), 11, 12, *range(14, 32), 127])


def without_control(text: str) -> str:
    """The text without control characters, which are no words; tabs and line breaks stay."""
    return text.translate(_CONTROL)


def escaped(text: str) -> str:
    """Markdown that says exactly these words, line for line; white space at the ends of lines is dropped."""
    lines = [line.strip() for line in without_control(text).strip().splitlines()]
    has_formula_look = text.count("$") > 1
    has_link_look = "](" in text or "][" in text or "]:" in text
    return "  \n".join(_escaped_line(line, has_formula_look, has_link_look) for line in lines)


def escaped_inline(text: str) -> str:
    """The same words with a backslash before each mark that would start something inside a line."""
    return _INLINE.sub(lambda match: "\\" + match[0], text)


def _escaped_line(line: str, has_formula_look: bool, has_link_look: bool) -> str:
    line = escaped_inline(line)
    if has_formula_look:
        line = line.replace("$", "\\$")
    if has_link_look:
        line = line.replace("[", "\\[").replace("]", "\\]")
    line = _LINE_START.sub(lambda match: "\\" + match[0], line)
    return _NUMBERED.sub(r"\1\\\2", line)
