"""Tables that a server fused: it dropped the special tokens that part their cells."""

from __future__ import annotations

import re

_TABLE = "<table"
_TABLE_END = "</table>"
_TAG = re.compile(r"<[^<>]*>")


def has_fused_table(raw: str) -> bool:
    """Whether a table of an answer has words and neither rows nor cells around them."""
    at = 0
    while (start := raw.find(_TABLE, at)) >= 0 and (at := raw.find(_TABLE_END, start) + len(_TABLE_END)) > start:
        table = raw[start:at]
        has_cells = "<tr" in table and ("<td" in table or "<th" in table)
        if not has_cells and _TAG.sub("", table).strip():
            return True
    return False
