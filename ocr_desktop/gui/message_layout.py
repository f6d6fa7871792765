"""Words with buttons: beside them where there is room, in rows below them where there is not."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import QLayout, QLayoutItem, QWidget

from ocr_desktop.gui.appearance import SPACING

LEAST_WORDS = 440
"""With less room than this for the words, logical pixels, the buttons go below them."""


class MessageLayout(QLayout):
    """Lays out the first widget as the words, every other as a button; never wider than the widest of them asks."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._items: list[QLayoutItem] = []
        self.setContentsMargins(0, 0, 0, 0)
        self.setSpacing(SPACING)

    # What Qt asks of every layout

    def addItem(self, item: QLayoutItem) -> None:
        self._items.append(item)

    def count(self) -> int:
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:
        return Qt.Orientation.Horizontal

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        places = self._places(width)
        return max((place.y() + place.height() for place in places), default=0)

    def sizeHint(self) -> QSize:
        return self.minimumSize()

    def minimumSize(self) -> QSize:
        sizes = [item.minimumSize() for item in self._items]
        return QSize(
            max((size.width() for size in sizes), default=0), max((size.height() for size in sizes), default=0)
        )

    def setGeometry(self, rect: QRect) -> None:
        super().setGeometry(rect)
        for item, place in zip(self._items, self._places(rect.width()), strict=True):
            item.setGeometry(place.translated(rect.topLeft()))

    # Where everything goes

    def _places(self, width: int) -> list[QRect]:
        """Where each widget stands, from the top left corner of a bar so wide."""
        if not self._items:
            return []
        words, *buttons = self._items
        sizes = [button.sizeHint() for button in buttons]
        row = sum(size.width() + self.spacing() for size in sizes)
        if sizes and width - row >= LEAST_WORDS:
            return self._beside(words, sizes, width, row)
        return self._below(words, sizes, width)

    def _beside(self, words: QLayoutItem, sizes: list[QSize], width: int, row: int) -> list[QRect]:
        height = max(_height(words, width - row), *(size.height() for size in sizes))
        places = [QRect(0, 0, width - row, height)]
        left = width - row
        for size in sizes:
            left += self.spacing()
            places.append(QRect(QPoint(left, (height - size.height()) // 2), size))
            left += size.width()
        return places

    def _below(self, words: QLayoutItem, sizes: list[QSize], width: int) -> list[QRect]:
        top = _height(words, width)
        places = [QRect(0, 0, width, top)]
        top += self.spacing()
        left = row_height = 0
        for size in sizes:
            if left > 0 and left + size.width() > width:
                top += row_height + self.spacing()
                left = row_height = 0
            places.append(QRect(left, top, min(size.width(), width), size.height()))
            left += size.width() + self.spacing()
            row_height = max(row_height, size.height())
        return places


def _height(item: QLayoutItem, width: int) -> int:
    return item.heightForWidth(width) if item.hasHeightForWidth() else item.sizeHint().height()
