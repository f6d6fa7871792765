"""Marks that Markdown would take for more than characters, made harmless."""

from __future__ import annotations

import re
from itertools import pairwise

_INLINE = re.compile(r"[\\`*]|(?<![^\W_])_|_(?![^\W_])|<(?=[A-Za-z/!?])|&(?=#?\w{1,31};)|~(?=~)|(?<=~)~")
_LINE_START = re.compile(r"^(?:#{1,6}(?=\s|$)|>|[-+](?=\s|$)|=+(?=\s*$)|[-|:](?=[-|:\s]*$))")
_NUMBERED = re.compile(r"^(\d{1,9})([.)])(?=\s|$)")
_LINK = re.compile(r"\\.|\](?=\()", re.DOTALL)
_DEFINITION = re.compile(
    r"""
    (?:^|(?:\d[.)]|[-*+>•●▪◦‣])[ \t]*)  # where a line begins, or an item that will get one
    [ \t]*\[(?P<label>(?:[^\[\\]|\\.)*+)           # with all that may be one when a bracket in it is escaped
    """,
    re.VERBOSE | re.MULTILINE | re.DOTALL,
)
_LABEL_END = re.compile(r"\\.|\](?=:)", re.DOTALL)
_LINKED = re.compile(r"\]\((?:https?://|ftp://|mailto:|www\.)[^\s()<>]+\)", re.IGNORECASE)
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


def without_links(text: str, masked: str) -> tuple[str, str]:
    """Both texts with a backslash where brackets would become a link that nobody meant, which would hide words.

    `[Cu](NH3)` is no link, and a list of references ("[1]: Smith") defines none. What leads to an address stays.

    Args:
        text: Markdown.
        masked: The same text, character for character, with zeros for what is no words.
    """
    if "](" not in masked and "]:" not in masked and "](" not in text:
        return text, masked
    ends = {
        end.start()
        for found in _DEFINITION.finditer(masked)
        for end in _LABEL_END.finditer(masked, *found.span("label"))
        if end[0] == "]"
    }
    for found in _LINK.finditer(text):
        at = found.start()
        if found[0] == "]" and masked[at] == "]" and _LINKED.match(text, at) is None:
            ends.add(at)
    return _with_backslashes(text, sorted(ends)), _with_backslashes(masked, sorted(ends))


def _with_backslashes(text: str, places: list[int]) -> str:
    edges = [0, *places, len(text)]
    return "\\".join(text[start:end] for start, end in pairwise(edges))


def _escaped_line(line: str, has_formula_look: bool, has_link_look: bool) -> str:
    line = escaped_inline(line)
    if has_formula_look:
        line = line.replace("$", "\\$")
    if has_link_look:
        line = line.replace("[", "\\[").replace("]", "\\]")
    line = _LINE_START.sub(lambda match: "\\" + match[0], line)
    return _NUMBERED.sub(r"\1\\\2", line)
