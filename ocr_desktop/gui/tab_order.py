"""Where the Tab key leads to in parts of the window that are made late."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

if TYPE_CHECKING:
    from collections.abc import Sequence


def put_behind(before: QWidget | None, widgets: Sequence[QWidget]) -> None:
    """Have Tab lead to these widgets behind another one, or behind what comes before it where it takes no keys itself.

    What is made late is else the last stop of the whole window.
    """
    while before is not None and before.focusPolicy() == Qt.FocusPolicy.NoFocus:
        before = before.previousInFocusChain()
    for widget in widgets:
        if before is not None:
            QWidget.setTabOrder(before, widget)
        before = widget
