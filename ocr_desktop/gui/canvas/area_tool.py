"""Drawing an area on the page with the mouse, and changing it."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QApplication, QWidget

from ocr_desktop.core.geometry import PixelBox, Size, whole_pixels
from ocr_desktop.gui.appearance import SPACING_SMALL
from ocr_desktop.gui.canvas.area_item import GRIP, HANDLE, AreaItem
from ocr_desktop.gui.canvas.edge_scroll import EdgeScroll
from ocr_desktop.gui.canvas.tag import Tag

if TYPE_CHECKING:
    from PySide6.QtWidgets import QGraphicsView

    from ocr_desktop.gui.canvas.area_bar import AreaBar

SMALLEST_PAGE_PIXELS = 4
SMALLEST_SCREEN_PIXELS = 6
"""A smaller area was not meant as one."""

_CURSORS = {
    (-1, -1): Qt.CursorShape.SizeFDiagCursor,
    (1, 1): Qt.CursorShape.SizeFDiagCursor,
    (-1, 1): Qt.CursorShape.SizeBDiagCursor,
    (1, -1): Qt.CursorShape.SizeBDiagCursor,
    (-1, 0): Qt.CursorShape.SizeHorCursor,
    (1, 0): Qt.CursorShape.SizeHorCursor,
    (0, -1): Qt.CursorShape.SizeVerCursor,
    (0, 1): Qt.CursorShape.SizeVerCursor,
    (0, 0): Qt.CursorShape.SizeAllCursor,
}


@dataclass(frozen=True, slots=True)
class _Drag:
    """A drag that goes on. Points are in page pixels, so that it survives scrolling and any turn.

    Attributes:
        fixed: The corner that stays.
        moving: The corner that went with the pointer, as it was at the beginning.
        slip: From the pointer to that corner, in pixels of the view.
        sides: Which sides of the seen area move: −1, 0 or 1 across and down; None: a new area.
    """

    fixed: QPointF
    moving: QPointF
    slip: QPointF
    sides: tuple[int, int] | None


class AreaTool(QObject):
    """The area of a view, if there is one: drawn by a drag, moved by its inside, changed by its edges and corners.

    Positions are in the viewport, areas in whole page pixels.

    Signals:
        read_requested(PixelBox), copy_requested(PixelBox), crop_requested(PixelBox): From the bar at the area.
        ignore_requested(PixelBox, bool): Likewise; on all pages, or on this one.
    """

    read_requested = Signal(object)
    copy_requested = Signal(object)
    crop_requested = Signal(object)
    ignore_requested = Signal(object, bool)

    def __init__(self, view: QGraphicsView) -> None:
        super().__init__(view)
        self._view = view
        self._item = AreaItem()
        self._size_tag = Tag()
        view.scene().addItem(self._item)
        view.scene().addItem(self._size_tag)
        self._bar: AreaBar | None = None
        self._page: Size | None = None
        self._can_read = True
        self._drag: _Drag | None = None
        self._before = QRectF()
        self._edge_scroll = EdgeScroll(view)
        self._edge_scroll.scrolled.connect(self.drag_to)

    @property
    def box(self) -> PixelBox | None:
        rect = self._item.rect
        return None if rect.isEmpty() else PixelBox(rect.left(), rect.top(), rect.right(), rect.bottom())

    @property
    def is_dragging(self) -> bool:
        return self._drag is not None

    def set_page(self, size: Size | None) -> None:
        """Areas are of another page from now on."""
        self.clear()
        self._page = size

    def set_reading_enabled(self, enabled: bool) -> None:
        self._can_read = enabled
        if self._bar is not None:
            self._bar.set_reading_enabled(enabled)

    def clear(self) -> bool:
        """Take the area away, also one that is being drawn; whether there was one."""
        self._end_drag()
        was_there = self.box is not None
        self._item.show_rect(QRectF(), with_handles=False)
        self._place_parts()
        return was_there

    def contains(self, position: QPointF) -> bool:
        return self._sides_at(position) is not None

    def cursor_at(self, position: QPointF) -> Qt.CursorShape | None:
        """What a drag from here would do to the area; None: nothing."""
        sides = self._sides_at(position)
        return None if sides is None else _CURSORS[sides]

    def begin(self, position: QPointF) -> None:
        """Begin a drag where the button was pressed."""
        if self._page is None:
            return
        sides = self._sides_at(position)
        self._before = QRectF(self._item.rect)
        if sides is None:
            point = self._to_page(position)
            self._drag = _Drag(point, point, QPointF(), None)
        else:
            seen = self._seen()
            x = seen.left() if sides[0] < 0 else seen.right()
            y = seen.top() if sides[1] < 0 else seen.bottom()
            opposite = QPointF(seen.left() + seen.right() - x, seen.top() + seen.bottom() - y)
            corner = QPointF(x, y)
            self._drag = _Drag(self._to_page(opposite), self._to_page(corner), corner - position, sides)
        self._edge_scroll.start(position)

    def drag_to(self, position: QPointF) -> None:
        drag = self._drag
        self._edge_scroll.follow(position)
        if drag is None or self._page is None:
            return
        fixed, moving = self._to_view(drag.fixed), self._to_view(drag.moving)
        target = position + drag.slip
        if drag.sides == (0, 0):
            rect = self._inside_page(QRectF(fixed, moving).normalized().translated(target - moving))
        else:
            across, down = drag.sides or (1, 1)
            corner = QPointF(target.x() if across else moving.x(), target.y() if down else moving.y())
            rect = self._from_view(QRectF(fixed, corner).normalized())
        self._item.show_rect(self._whole(rect), with_handles=False)
        self._place_parts()

    def finish(self) -> None:
        """End the drag; an area too small to be meant is none."""
        if self._drag is None:
            return
        is_new = self._drag.sides is None
        self._end_drag()
        rect, seen = self._item.rect, self._seen()
        is_small = (
            min(rect.width(), rect.height()) < SMALLEST_PAGE_PIXELS
            or min(seen.width(), seen.height()) < SMALLEST_SCREEN_PIXELS
        )
        if is_small:
            rect = QRectF() if is_new else self._before
        self._item.show_rect(rect, with_handles=not rect.isEmpty())
        self._place_parts()

    def place(self, unit: float | None = None) -> None:
        """Follow the view, which was scrolled or has another scale: `unit` page pixels to a logical pixel."""
        if unit is not None:
            self._item.place(unit=unit)
        self._place_parts()

    def _end_drag(self) -> None:
        self._drag = None
        self._edge_scroll.stop()

    def _sides_at(self, position: QPointF) -> tuple[int, int] | None:
        """Which sides of the area a position takes: (0, 0) its inside, None nothing of it."""
        if self.box is None or self._drag is not None:
            return None
        seen = self._seen()
        if not seen.adjusted(-GRIP, -GRIP, GRIP, GRIP).contains(position):
            return None
        return (
            _side(position.x(), seen.left(), seen.right()),
            _side(position.y(), seen.top(), seen.bottom()),
        )

    def _inside_page(self, seen: QRectF) -> QRectF:
        """A rectangle of the view as one of the page, pushed back into the page."""
        rect = self._from_view(seen)
        page = self._page_rect()
        rect.moveLeft(round(min(max(rect.left(), 0), page.width() - rect.width())))
        rect.moveTop(round(min(max(rect.top(), 0), page.height() - rect.height())))
        return rect

    def _whole(self, rect: QRectF) -> QRectF:
        box = PixelBox(rect.left(), rect.top(), rect.right(), rect.bottom())
        whole = None if self._page is None else whole_pixels(box, self._page)
        return QRectF() if whole is None else QRectF(QPointF(*whole[:2]), QPointF(*whole[2:]))

    def _place_parts(self) -> None:
        rect, seen, room = self._item.rect, self._seen(), QRectF(self._view.viewport().rect())
        if rect.isEmpty() or not seen.intersects(room):
            self._size_tag.hide()
            self._hide_bar()
            return
        colour = self._view.palette().color(QPalette.ColorRole.Highlight)
        shown = rect.size().transposed() if self._is_turned else rect.size()
        self._size_tag.show_text(f"{shown.width():.0f} × {shown.height():.0f}", colour, self._view.font())
        size = self._size_tag.boundingRect().size()
        above = seen.top() - size.height() - HANDLE
        x = min(max(seen.left(), 0), max(room.width() - size.width(), 0))
        y = above if above >= 0 else max(seen.top(), 0) + SPACING_SMALL + HANDLE
        self._size_tag.setPos(self._to_page(QPointF(round(x), round(y))))
        if self._drag is None:
            self._shown_bar().show_at(seen, room)
        else:
            self._hide_bar()

    @property
    def _is_turned(self) -> bool:
        """Whether the page lies on its side, so that what is seen as wide is high on the page."""
        transform = self._view.viewportTransform()
        return abs(transform.m12()) > abs(transform.m11())

    def _shown_bar(self) -> AreaBar:
        if self._bar is None:
            from ocr_desktop.gui.canvas.area_bar import AreaBar

            self._bar = AreaBar(self._view.viewport())
            self._bar.set_reading_enabled(self._can_read)
            self._bar.read_requested.connect(lambda: self.read_requested.emit(self.box))
            self._bar.copy_requested.connect(lambda: self.copy_requested.emit(self.box))
            self._bar.crop_requested.connect(lambda: self.crop_requested.emit(self.box))
            self._bar.ignore_requested.connect(lambda everywhere: self.ignore_requested.emit(self.box, everywhere))
            for before, behind in itertools.pairwise((self._view, *self._bar.buttons)):
                QWidget.setTabOrder(before, behind)
        return self._bar

    def _hide_bar(self) -> None:
        if self._bar is not None and not self._bar.isHidden():
            focused = QApplication.focusWidget()
            if focused is not None and self._bar.isAncestorOf(focused):
                self._view.setFocus()
            self._bar.hide()

    # Between page and viewport

    def _seen(self) -> QRectF:
        return self._view.viewportTransform().mapRect(self._item.rect)

    def _page_rect(self) -> QRectF:
        return QRectF() if self._page is None else QRectF(0, 0, self._page.width, self._page.height)

    def _to_view(self, point: QPointF) -> QPointF:
        return self._view.viewportTransform().map(point)

    def _to_page(self, position: QPointF) -> QPointF:
        return self._view.viewportTransform().inverted()[0].map(position)

    def _from_view(self, rect: QRectF) -> QRectF:
        return self._view.viewportTransform().inverted()[0].mapRect(rect)


def _side(position: float, low: float, high: float) -> int:
    """-1 at the low end, 1 at the high one, 0 between."""
    reach = min(GRIP, (high - low) / 4)
    if position <= low + reach:
        return -1
    return 1 if position >= high - reach else 0
