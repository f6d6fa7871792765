"""Tables of pipes whose rows are longer than their head, of which a reader of Markdown drops the surplus cells."""

from __future__ import annotations

import re

from ocr_desktop.core.markdown_parser import table_lines

MOST_COLUMNS = 1_000
"""A table with a longer row is left as lines of words."""

_RULE = re.compile(r"^[ \t>]*[-:| \t]*-[-:| \t]*$", re.MULTILINE)
_PREFIX = re.compile(r"[ \t>]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)*")
_PIPE = re.compile(r"(?<!\\)\|")


def with_full_heads(markdown: str) -> str:
    """The same Markdown, the head of each pipe table as wide as its longest row."""
    if "|" not in markdown or _RULE.search(markdown) is None:
        return markdown
    lines = markdown.split("\n")
    for start, end in table_lines(markdown):
        width = _cells_in(lines[start])
        widest = max(map(_cells_in, lines[start:end]))
        if widest > max(width, MOST_COLUMNS):
            lines[start + 1] = _PREFIX.sub(lambda prefix: prefix[0] + "\\", lines[start + 1], count=1)
        elif widest > width:
            lines[start] = _widened(lines[start], " ", widest - width)
            lines[start + 1] = _widened(lines[start + 1], "---", widest - width)
    return "\n".join(lines)


def _cells_in(line: str) -> int:
    cells = _PIPE.split(_PREFIX.sub("", line, count=1).rstrip())
    return len(cells) - (not cells[0]) - (len(cells) > 1 and not cells[-1])


def _widened(line: str, cell: str, more: int) -> str:
    line = line.rstrip()
    edge = "" if line.endswith("|") and not line.endswith("\\|") else " |"
    return f"{line}{edge}" + f" {cell} |" * more
