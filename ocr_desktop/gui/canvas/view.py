"""The canvas: the page's picture with the boxes of its regions over it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QFocusEvent, QKeyEvent, QMouseEvent, QPalette
from PySide6.QtWidgets import QApplication, QWidget

from ocr_desktop.gui.appearance import is_dark
from ocr_desktop.gui.canvas.area_tool import AreaTool
from ocr_desktop.gui.canvas.draft_item import DraftItem
from ocr_desktop.gui.canvas.found_showing import FoundShowing
from ocr_desktop.gui.canvas.left_out_item import LeftOutItem
from ocr_desktop.gui.canvas.marks import Marks
from ocr_desktop.gui.canvas.page_item import PageItem
from ocr_desktop.gui.canvas.region_tag import RegionTag
from ocr_desktop.gui.canvas.word_tool import WordTool
from ocr_desktop.gui.canvas.zoom_view import ZoomView, rect_of, united
from ocr_desktop.gui.labels import label_name

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ocr_desktop.core.document import Line, Region
    from ocr_desktop.core.geometry import PixelBox
    from ocr_desktop.gui.pixmaps import PageImage

FOUND, ENGINE = "found", "engine"
"""The layers of hits: found in the words already read, and located by an engine."""
SPOKEN_LENGTH = 200
"""Characters of a selected region that a screen reader is told."""
SURROUND_LIGHT = 108
SURROUND_DARK = 135
"""How much darker than the window the place around the page is, in percent."""


class Canvas(ZoomView):
    """Shows one page with its regions and hits, and tells what the user points at, chooses and draws.

    Boxes are in page pixels of the un-turned page, which is the scene.

    Signals (only for what the user does here, never for a call, but for `labels_changed`):
        region_selected(int | None): A region was clicked; None: the click was on no box.
        region_hovered(int | None): The pointer went onto a region's box, or off all of them.
        region_menu_requested(int, QPoint): A menu is wanted for a region, at this place of the screen.
        hit_clicked(str, int): A hit of the layer `FOUND` or `ENGINE` was clicked: its region's id there.
        area_read_requested(PixelBox), area_copy_requested(PixelBox): Of the area that was drawn, in whole page pixels.
        area_crop_requested(PixelBox), area_ignore_requested(PixelBox, bool): Likewise; on all pages, or on this one.
        ignored_menu_requested(int, QPoint): A menu is wanted for one of the ignored boxes, at this place of the screen.
        boxes_toggled(bool): The boxes were hidden or shown again by key.
        labels_changed(dict[str, int]): How many regions with boxes there are of each label.
    """

    region_selected = Signal(object)
    region_hovered = Signal(object)
    region_menu_requested = Signal(int, QPoint)
    hit_clicked = Signal(str, int)
    area_read_requested = Signal(object)
    area_copy_requested = Signal(object)
    area_crop_requested = Signal(object)
    area_ignore_requested = Signal(object, bool)
    ignored_menu_requested = Signal(int, QPoint)
    boxes_toggled = Signal(bool)
    labels_changed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("canvas")
        # A drop is the window's, wherever it lands.
        self.setAcceptDrops(False)
        self.viewport().setMouseTracking(True)
        self._page_item = PageItem()
        self._marks = Marks(self._page_item.plain)
        self._tag = RegionTag(self, self._page_item)
        self._left_out = LeftOutItem()
        self.draft_lines = DraftItem()
        self._words = WordTool(self)
        self._words.selection.changed.connect(self._describe)
        for item in (self._page_item, self._left_out, self.draft_lines, self._words.item, self._marks, self._tag):
            self.scene().addItem(item)
        self._area = AreaTool(self)
        self._area.read_requested.connect(self.area_read_requested)
        self._area.copy_requested.connect(self.area_copy_requested)
        self._area.crop_requested.connect(self.area_crop_requested)
        self._area.ignore_requested.connect(self.area_ignore_requested)
        self._selected: int | None = None
        self._hovered: int | None = None
        self._pressed_at: QPointF | None = None
        self._counts: Mapping[str, int] = {}
        self._found = FoundShowing(self._page_item, self)
        self._show_focus(False)
        self._use_palette()
        self._describe()

    # What is on show

    def show_page(self, image: PageImage | None, *, turns: int = 0) -> None:
        """Show another page, fitted and without regions, after so many clockwise quarter turns; None: nothing."""
        self.show_regions(())
        self.show_lines(())
        self._found.clear()
        self.show_hits(())
        self.show_current_hit(None)
        self.select_region(None)
        self.hover_region(None)
        self._area.set_page(None if image is None else image.size)
        self._page_item.show_image(image)
        self.set_page_size(None if image is None else image.size, turns=turns)

    def show_regions(self, regions: tuple[Region, ...]) -> None:
        """Show the page's regions, all of them each time; only what changed since the last call costs anything."""
        self._page_item.show_regions(self._page_item.plain, regions)
        self._tag.follow()
        counts = self._page_item.plain.counts
        if counts != self._counts:
            self._counts = dict(counts)
            self.labels_changed.emit(dict(counts))

    def show_lines(self, lines: tuple[Line, ...]) -> None:
        """Let the words of these lines be selected, which stand in reading order."""
        self._words.show_lines(lines)

    def show_found(self, regions: tuple[Region, ...]) -> None:
        """Show what was found in the words already read, above the page's own regions; many when typing pauses."""
        self._found.show_regions(regions)

    def show_hits(self, regions: tuple[Region, ...]) -> None:
        """Show what an engine located, above all else."""
        self._page_item.show_regions(self._page_item.hits, regions)

    def show_current_hit(self, box: PixelBox | None) -> None:
        """Put a ring around the hit that is looked at, or around none."""
        self._marks.show_current(QRectF() if box is None else rect_of(box))

    def select_region(self, region_id: int | None, *, scroll_to: bool = False) -> None:
        """Mark a region's boxes, and bring them into view if asked."""
        is_other = region_id != self._selected
        self._selected = region_id
        self._marks.select(region_id)
        self._describe()
        # What was clicked here must stay under the pointer.
        if scroll_to and is_other:
            self.bring_into_view(self._page_item.plain.rects_of(region_id))

    def hover_region(self, region_id: int | None) -> None:
        """Light up a region's boxes and name it."""
        self._hovered = region_id
        self._marks.hover(region_id)
        self._tag.name_region(region_id)

    def zoom_to_region(self, region_id: int) -> None:
        """Bring a region close; asked again for the same one, go back to where the view was."""
        area = united(self._page_item.plain.rects_of(region_id))
        if not area.isEmpty():
            self.toggle_area(area, region_id)

    def zoom_to_area(self, box: PixelBox) -> None:
        """Bring a part of the page close."""
        self.show_area(rect_of(box))

    def set_boxes_visible(self, visible: bool) -> None:
        """Show or hide all boxes, the hits among them."""
        self._page_item.set_boxes_visible(visible)
        self._marks.setVisible(visible)
        self.draft_lines.setVisible(visible)
        self._tag.follow()

    def set_hidden_labels(self, labels: frozenset[str]) -> None:
        """Leave out the regions of these labels: not drawn, not pointed at, not clicked; they still cover the page."""
        self._page_item.hide_labels(labels)
        self._marks.update()
        self._tag.follow()

    def set_uncovered_visible(self, visible: bool) -> None:
        """Shade what no box covers, or no longer."""
        self._page_item.set_uncovered_visible(visible)

    def show_left_out(self, crop: PixelBox | None, ignored: tuple[PixelBox, ...]) -> None:
        """Dim what lies outside of `crop`, and hatch what is ignored."""
        self._left_out.show_parts(self._page_item.size, crop, ignored)

    # What the user selects and draws

    @property
    def selected_words(self) -> str:
        """The words that are selected on the picture, as they are copied."""
        return self._words.selection.text

    def clear_words(self) -> bool:
        """Select no words, also while some are being selected; whether any were."""
        self._pressed_at = None
        return self._words.clear()

    @property
    def area(self) -> PixelBox | None:
        """The area that was drawn, in whole page pixels."""
        return self._area.box

    def clear_area(self) -> bool:
        """Take the area away, also while it is being drawn; whether there was one."""
        self._pressed_at = None
        return self._area.clear()

    def set_area_reading_enabled(self, enabled: bool) -> None:
        """Whether the area's bar offers to read it."""
        self._area.set_reading_enabled(enabled)

    # Inside

    def _region_at(self, position: QPointF) -> int | None:
        if not self._page_item.boxes_visible:
            return None
        point = self._page_point(position)
        return self._page_item.plain.region_at(point.x(), point.y())

    def _hit_at(self, position: QPointF) -> tuple[str, int] | None:
        if not self._page_item.boxes_visible:
            return None
        point = self._page_point(position)
        for name, layer in ((ENGINE, self._page_item.hits), (FOUND, self._page_item.found)):
            region_id = layer.region_at(point.x(), point.y())
            if region_id is not None:
                return name, region_id
        return None

    def _page_point(self, position: QPointF) -> QPointF:
        return self.viewportTransform().inverted()[0].map(position)

    def _describe(self) -> None:
        self.setAccessibleName(self.tr("Picture with regions"))
        region = self._page_item.plain.region(self._selected)
        if self._words.selection.parts:
            words = self._words.selection.beginning[:SPOKEN_LENGTH]
            self.setAccessibleDescription(self.tr("Selected words: {0}").format(words))
        elif region is None:
            self.setAccessibleDescription(self.tr("No region is selected."))
        else:
            words = region.text[:SPOKEN_LENGTH]
            self.setAccessibleDescription(self.tr("{0}: {1}").format(label_name(region.label), words))

    def _use_palette(self) -> None:
        """Colour the place around the page."""
        palette = self.palette()
        darker = SURROUND_DARK if is_dark(palette) else SURROUND_LIGHT
        surround = palette.color(QPalette.ColorRole.Window).darker(darker)
        self.setBackgroundBrush(surround)
        self._page_item.set_colours(surround=surround, edge=palette.color(QPalette.ColorRole.Mid))

    def _show_focus(self, focused: bool) -> None:
        """Colour the frame, which takes the foreground role, by whether keys come here."""
        self.setForegroundRole(QPalette.ColorRole.Highlight if focused else QPalette.ColorRole.Window)

    def _place_items(self, area: QRectF, unit: float) -> None:
        self._page_item.place(area, unit=unit)
        self.draft_lines.place(area, unit=unit)
        self._words.item.place(area, unit=unit)
        self._marks.place(area, unit=unit)
        self._tag.follow()
        self._area.place(unit)

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        super().scrollContentsBy(dx, dy)
        self._tag.follow()
        self._area.place()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._use_palette()
        elif event.type() == QEvent.Type.LanguageChange:
            self._describe()
            self._tag.follow()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._show_focus(True)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._show_focus(False)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if plain and event.key() == Qt.Key.Key_H:
            self.set_boxes_visible(not self._page_item.boxes_visible)
            self.boxes_toggled.emit(self._page_item.boxes_visible)
        elif plain and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._selected is not None:
            self.zoom_to_region(self._selected)
        elif not self._words.take_key(event):
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and not self._begins_pan(event):
            position = event.position()
            is_taken = self._area.contains(position) or self._hit_at(position) is not None
            self._pressed_at = position if is_taken or not self._words.press(event) else None
        super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        position = event.position()
        if event.buttons() == Qt.MouseButton.NoButton:
            is_text = self._is_over_words(event, position)
            self._rest_cursor(Qt.CursorShape.IBeamCursor if is_text else self._area.cursor_at(position))
            self._tell_hovered(self._region_at(position))
        elif self._words.is_dragging:
            self._words.drag_to(position)
        elif self._area.is_dragging:
            self._area.drag_to(position)
        elif self._pressed_at is not None and _is_drag(position - self._pressed_at):
            self._begin_drag(event, self._pressed_at)

    def _begin_drag(self, event: QMouseEvent, pressed_at: QPointF) -> None:
        if self._is_over_words(event, pressed_at):
            self._area.clear()
            self._words.begin(pressed_at)
            self._words.drag_to(event.position())
        else:
            self._words.clear()
            self._area.begin(pressed_at)
            self._area.drag_to(event.position())

    def _is_over_words(self, event: QMouseEvent, position: QPointF) -> bool:
        """Whether words would be selected from here, which neither a hit nor the area wants for itself."""
        is_text = self._words.takes(position, event.modifiers())
        return is_text and not self._area.contains(position) and self._hit_at(position) is None

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        if event.button() != Qt.MouseButton.LeftButton:
            return
        pressed_at, self._pressed_at = self._pressed_at, None
        if self._words.is_dragging:
            self._words.finish()
        elif self._area.is_dragging:
            self._area.drag_to(event.position())
            self._area.finish()
        elif pressed_at is not None and not _is_drag(event.position() - pressed_at):
            self._click(event.position())

    def _click(self, position: QPointF) -> None:
        self._words.clear()
        if not self._area.contains(position):
            self.clear_area()
        hit = self._hit_at(position)
        if hit is not None:
            self.hit_clicked.emit(*hit)
            return
        region_id = self._region_at(position)
        self.select_region(region_id)
        self.region_selected.emit(region_id)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        region_id = self._region_at(event.position())
        if self._begins_pan(event):
            super().mousePressEvent(event)
        elif event.button() != Qt.MouseButton.LeftButton:
            return
        elif self._is_over_words(event, event.position()):
            self._words.double_click(event.position())
        elif region_id is not None:
            self.zoom_to_region(region_id)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if event.reason() == QContextMenuEvent.Reason.Mouse:
            region_id, position = self._region_at(QPointF(event.pos())), event.globalPos()
        else:
            region_id = self._selected
            visible = self._tag.visible_rects(region_id)
            place = visible[0].center() if visible else QRectF(self.viewport().rect()).center()
            position = self.viewport().mapToGlobal(place.toPoint())
        if self._words.wants_menu(event, has_region=region_id is not None):
            self._words.popup_menu(event)
        elif region_id is None or self._page_item.plain.region(region_id) is None:
            point = self._page_point(QPointF(event.pos()))
            ignored = self._left_out.ignored_at(point.x(), point.y())
            if ignored is not None:
                self.ignored_menu_requested.emit(ignored, event.globalPos())
        else:
            if region_id != self._selected:
                self.select_region(region_id)
                self.region_selected.emit(region_id)
            self.region_menu_requested.emit(region_id, position)

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._tell_hovered(None)

    def _tell_hovered(self, region_id: int | None) -> None:
        if region_id != self._hovered:
            self.hover_region(region_id)
            self.region_hovered.emit(region_id)


def _is_drag(distance: QPointF) -> bool:
    return distance.manhattanLength() >= QApplication.startDragDistance()
