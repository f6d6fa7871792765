"""How people want their Markdown: tables as pipes or as HTML, formulas between dollar signs or brackets."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class TableStyle(StrEnum):
    """How tables are written."""

    AUTO = "auto"
    """With pipes, or as HTML where a table has spans."""
    PIPES = "pipes"
    """With pipes alone: what spans several cells stands in the first, the others are empty."""
    HTML = "html"


class FormulaStyle(StrEnum):
    r"""What stands around formulas: `$…$` and `$$…$$`, or `\(…\)` and `\[…\]`."""

    DOLLARS = "dollars"
    BRACKETS = "brackets"


@dataclass(frozen=True, slots=True)
class MarkdownStyle:
    """The form of Markdown that somebody chose; as it stands, the one that regions are kept in."""

    tables: TableStyle = TableStyle.AUTO
    formulas: FormulaStyle = FormulaStyle.DOLLARS


USUAL_STYLE = MarkdownStyle()
