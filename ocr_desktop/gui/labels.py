"""What the kinds of regions are called."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

LONGEST_NAME = 32
"""Characters; a label that is not known may be anything."""


def label_name(label: str) -> str:
    """A label in the user's language; one that is not known is the model's own word and stays as it is."""
    translate = QCoreApplication.translate
    names = {
        "title": translate("Labels", "Title"),
        "sub_title": translate("Labels", "Heading"),
        "text": translate("Labels", "Text"),
        "line": translate("Labels", "Line"),
        "list": translate("Labels", "List"),
        "table": translate("Labels", "Table"),
        "table_caption": translate("Labels", "Table caption"),
        "image": translate("Labels", "Picture"),
        "image_caption": translate("Labels", "Picture caption"),
        "figure": translate("Labels", "Figure"),
        "figure_caption": translate("Labels", "Figure caption"),
        "figure_title": translate("Labels", "Figure title"),
        "equation": translate("Labels", "Equation"),
        "code": translate("Labels", "Code"),
        "header": translate("Labels", "Header"),
        "footer": translate("Labels", "Footer"),
        "page_number": translate("Labels", "Page number"),
        "page_footnote": translate("Labels", "Footnote"),
        "match": translate("Labels", "Match"),
    }
    return names.get(label, label)


def short_label_name(label: str) -> str:
    """A label's name in one short line, whatever the model made up."""
    name = " ".join(label_name(label).split())
    return name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1]}…"
