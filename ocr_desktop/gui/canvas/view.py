"""The canvas: the page's picture with the boxes of its regions over it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPalette
from PySide6.QtWidgets import QApplication, QWidget

from ocr_desktop.gui.appearance import SPACING_SMALL, is_dark, label_colour
from ocr_desktop.gui.canvas.overlay import HIT, Overlay
from ocr_desktop.gui.canvas.page_item import PageItem
from ocr_desktop.gui.canvas.tag import Tag
from ocr_desktop.gui.canvas.zoom_view import ZoomView
from ocr_desktop.gui.labels import label_name

if TYPE_CHECKING:
    from ocr_desktop.core.document import Region
    from ocr_desktop.gui.pixmaps import PageImage

SPOKEN_LENGTH = 200
"""Characters of a selected region that a screen reader is told."""
SURROUND_LIGHT = 108
SURROUND_DARK = 135
"""How much darker than the window the place around the page is, in percent."""


class Canvas(ZoomView):
    """Shows one page, its regions and its locate hits, and tells what the user points at and chooses.

    Boxes are in page pixels of the un-turned page, which is the scene.

    Signals (only for what the user does here, never for a call):
        region_selected(int | None): a region was clicked or stepped to; None: the click was on no box.
        region_hovered(int | None): the pointer went onto a region's box, or off all of them.
        boxes_toggled(bool): the boxes were hidden or shown again by key.
    """

    region_selected = Signal(object)
    region_hovered = Signal(object)
    boxes_toggled = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("canvas")
        # A drop is the window's, wherever it lands.
        self.setAcceptDrops(False)
        self.viewport().setMouseTracking(True)
        self._page_item = PageItem()
        self._overlay = Overlay()
        self._hits = Overlay(HIT)
        self._tag = Tag()
        for item in (self._page_item, self._overlay, self._hits, self._tag):
            self.scene().addItem(item)
        self._selected: int | None = None
        self._hovered: int | None = None
        self._pressed_at: QPointF | None = None
        self._zoomed_region: int | None = None
        self._way_back: tuple[float | None, QPointF] | None = None
        self._show_focus(False)
        self._use_palette()
        self._describe()

    def show_page(self, image: PageImage | None) -> None:
        """Show another page, fitted and without regions; None: nothing."""
        self.show_regions(())
        self.show_hits(())
        self.select_region(None)
        self.hover_region(None)
        self._page_item.show_image(image)
        self.set_page_size(None if image is None else image.size)

    def show_regions(self, regions: tuple[Region, ...]) -> None:
        """Show the page's regions, all of them each time; only what changed since the last call costs anything."""
        self._overlay.show_regions(regions)
        self._show_tag()

    def show_hits(self, regions: tuple[Region, ...]) -> None:
        """Show what a locate found, above the page's own regions; they cannot be selected."""
        self._hits.show_regions(regions)

    def select_region(self, region_id: int | None, *, scroll_to: bool = False) -> None:
        """Mark a region's boxes, and bring them into view if asked."""
        self._selected = region_id
        self._overlay.select(region_id)
        self._describe()
        area = self._area_of(region_id)
        if scroll_to and not area.isEmpty():
            self.ensureVisible(area)

    def hover_region(self, region_id: int | None) -> None:
        """Light up a region's boxes and name it."""
        self._hovered = region_id
        self._overlay.hover(region_id)
        self._show_tag()

    def select_next_region(self, step: int) -> None:
        """Go `step` regions on in reading order (negative: back), as far as there are any, as if it were clicked."""
        ids = [region.id for region in self._overlay.regions if region.boxes]
        if not ids:
            return
        if self._selected in ids:
            index = min(max(ids.index(self._selected) + step, 0), len(ids) - 1)
        else:
            index = 0 if step > 0 else len(ids) - 1
        self.select_region(ids[index], scroll_to=True)
        self.region_selected.emit(ids[index])

    def zoom_to_region(self, region_id: int) -> None:
        """Bring a region close; asked again for the same one, go back to where the view was."""
        area = self._area_of(region_id)
        if area.isEmpty():
            return
        if self._way_back is not None and self._zoomed_region == region_id:
            self._go_back(*self._way_back)
            return
        centre = self.mapToScene(self.viewport().rect().center())
        way_back = self._way_back or (None if self.is_fitted else self.zoom, centre)
        self.show_area(area)
        self._way_back, self._zoomed_region = way_back, region_id

    def set_boxes_visible(self, visible: bool) -> None:
        """Show or hide all boxes, the hits among them."""
        self._overlay.setVisible(visible)
        self._hits.setVisible(visible)
        self._show_tag()

    def _go_back(self, zoom: float | None, centre: QPointF) -> None:
        if zoom is None:
            self.fit()
        else:
            self.zoom_to(zoom)
            self.centerOn(centre)

    def _area_of(self, region_id: int | None) -> QRectF:
        area = QRectF()
        for rect in self._overlay.rects_of(region_id):
            area = area.united(rect)
        return area

    def _region_at(self, position: QPointF) -> int | None:
        if not self._overlay.isVisible():
            return None
        point = self.viewportTransform().inverted()[0].map(position)
        return self._overlay.region_at(point.x(), point.y())

    def _show_tag(self) -> None:
        """Name the hovered region at the corner of its first visible box, inside the viewport."""
        region = self._overlay.region(self._hovered)
        viewport = QRectF(self.viewport().rect())
        seen = [self.viewportTransform().mapRect(rect) for rect in self._overlay.rects_of(self._hovered)]
        visible = [rect for rect in seen if rect.intersects(viewport)]
        if region is None or not visible or not self._overlay.isVisible():
            self._tag.hide()
            return
        self._tag.show_text(label_name(region.label), label_colour(region.label), self.font())
        size = self._tag.boundingRect().size()
        above = visible[0].top() - size.height() - SPACING_SMALL
        x = max(min(visible[0].left(), viewport.width() - size.width()), 0)
        y = above if above >= 0 else max(visible[0].top() + SPACING_SMALL, 0)
        self._tag.setPos(self.viewportTransform().inverted()[0].map(QPointF(math.floor(x), math.floor(y))))

    def _describe(self) -> None:
        self.setAccessibleName(self.tr("Picture with regions"))
        region = self._overlay.region(self._selected)
        if region is None:
            self.setAccessibleDescription(self.tr("No region is selected."))
        else:
            words = region.text[:SPOKEN_LENGTH]
            self.setAccessibleDescription(self.tr("{0}: {1}").format(label_name(region.label), words))

    def _use_palette(self) -> None:
        """Colour the place around the page."""
        palette = self.palette()
        darker = SURROUND_DARK if is_dark(palette) else SURROUND_LIGHT
        self.setBackgroundBrush(palette.color(QPalette.ColorRole.Window).darker(darker))

    def _show_focus(self, focused: bool) -> None:
        """Colour the frame, which takes the foreground role, by whether keys come here."""
        self.setForegroundRole(QPalette.ColorRole.Highlight if focused else QPalette.ColorRole.Window)

    def _place_items(self, area: QRectF, unit: float) -> None:
        self._way_back = None
        self._overlay.place(area, unit=unit)
        self._hits.place(area, unit=unit)
        self._show_tag()

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        super().scrollContentsBy(dx, dy)
        self._show_tag()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._use_palette()
        elif event.type() == QEvent.Type.LanguageChange:
            self._describe()
            self._show_tag()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._show_focus(True)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._show_focus(False)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if plain and event.key() == Qt.Key.Key_H:
            self.set_boxes_visible(not self._overlay.isVisible())
            self.boxes_toggled.emit(self._overlay.isVisible())
        elif plain and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._selected is not None:
            self.zoom_to_region(self._selected)
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and not self._begins_pan(event):
            self._pressed_at = event.position()
        super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        if event.buttons() == Qt.MouseButton.NoButton:
            self._tell_hovered(self._region_at(event.position()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        pressed_at, self._pressed_at = self._pressed_at, None
        if pressed_at is None:
            return
        if (event.position() - pressed_at).manhattanLength() < QApplication.startDragDistance():
            region_id = self._region_at(event.position())
            self.select_region(region_id)
            self.region_selected.emit(region_id)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        region_id = self._region_at(event.position())
        if self._begins_pan(event):
            super().mousePressEvent(event)
        elif region_id is not None and event.button() == Qt.MouseButton.LeftButton:
            self.zoom_to_region(region_id)

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._tell_hovered(None)

    def _tell_hovered(self, region_id: int | None) -> None:
        if region_id != self._hovered:
            self.hover_region(region_id)
            self.region_hovered.emit(region_id)
