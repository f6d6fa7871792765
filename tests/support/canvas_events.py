"""A canvas under the hand of a user: regions to point at, mouse and wheel, and what the screen then shows."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import (
    QColor,
    QImage,
    QMouseEvent,
    QPainter,
    QWheelEvent,
)
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from ocr_desktop.core.document import Region
from ocr_desktop.core.geometry import PixelBox
from ocr_desktop.gui.canvas.tag import Tag
from ocr_desktop.gui.canvas.view import Canvas

WIDTH, HEIGHT = 1600, 1200
GREY = (128, 130, 126)
LEFT = Qt.MouseButton.LeftButton
MIDDLE = Qt.MouseButton.MiddleButton


def region(region_id: int, *boxes: tuple[float, float, float, float], label: str = "text") -> Region:
    return Region(region_id, label, f"words {region_id}", "", boxes=tuple(PixelBox(*box) for box in boxes))


REGIONS = (
    region(0, (100, 100, 1500, 200), label="title"),
    region(1, (100, 300, 700, 1100)),
    region(2, (200, 400, 400, 500), label="table"),
    region(3, (800, 300, 1500, 500), (800, 700, 1500, 900)),
    region(4),
)


def seen_at(canvas: Canvas, x: float, y: float) -> QPoint:
    """Where in the viewport a page pixel is seen."""
    return canvas.mapFromScene(QPointF(x, y))


def page_at(canvas: Canvas, position: QPoint) -> QPointF:
    return canvas.viewportTransform().inverted()[0].map(QPointF(position))


def click(qtbot: QtBot, canvas: Canvas, x: float, y: float) -> None:
    qtbot.mouseClick(canvas.viewport(), LEFT, pos=seen_at(canvas, x, y))


def move(
    canvas: Canvas,
    position: QPoint,
    buttons: Qt.MouseButton = Qt.MouseButton.NoButton,
    modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier,
) -> None:
    """A move with buttons held; QTest.mouseMove sends none where the platform has no pointer."""
    viewport = canvas.viewport()
    QApplication.sendEvent(
        viewport,
        QMouseEvent(
            QEvent.Type.MouseMove,
            QPointF(position),
            viewport.mapToGlobal(QPointF(position)),
            Qt.MouseButton.NoButton,
            buttons,
            modifiers,
        ),
    )


def drag(
    qtbot: QtBot,
    canvas: Canvas,
    start: QPoint,
    end: QPoint,
    button: Qt.MouseButton,
    modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier,
) -> None:
    qtbot.mousePress(canvas.viewport(), button, modifiers, start)
    for part in (0.25, 0.5, 1.0):
        move(canvas, start + (end - start) * part, button, modifiers)
    qtbot.mouseRelease(canvas.viewport(), button, modifiers, end)


def turn_wheel(
    canvas: Canvas, position: QPoint, notches: float, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier
) -> None:
    viewport = canvas.viewport()
    QApplication.sendEvent(
        viewport,
        QWheelEvent(
            QPointF(position),
            viewport.mapToGlobal(QPointF(position)),
            QPoint(),
            QPoint(0, round(120 * notches)),
            Qt.MouseButton.NoButton,
            modifiers,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        ),
    )


def collected(signal: object) -> list[object]:
    values: list[object] = []
    signal.connect(values.append)  # type: ignore[attr-defined]
    return values


def look(canvas: Canvas) -> QImage:
    return canvas.viewport().grab().toImage().convertToFormat(QImage.Format.Format_RGB32)


def screen(canvas: Canvas) -> QImage:
    """What really stands on the screen; `look` paints anew and hides what was not updated."""
    viewport = canvas.viewport().geometry()
    pixels = canvas.screen().grabWindow(canvas.winId(), viewport.x(), viewport.y(), viewport.width(), viewport.height())
    return pixels.toImage().convertToFormat(QImage.Format.Format_RGB32)


def rendered(canvas: Canvas) -> QImage:
    """What ought to stand there; unlike `look`, it takes no update away from the screen."""
    image = QImage(canvas.viewport().size(), QImage.Format.Format_RGB32)
    painter = QPainter(image)
    canvas.render(painter, QRectF(image.rect()), canvas.viewport().rect())
    painter.end()
    return image


def tag_text(canvas: Canvas) -> str:
    return next((item.text for item in canvas.scene().items() if isinstance(item, Tag) and item.text), "")


def has_colour(image: QImage, around: QPoint, colour: QColor, *, reach: int = 3) -> bool:
    points = [around + QPoint(x, y) for x in range(-reach, reach + 1) for y in range(-reach, reach + 1)]
    return any(image.rect().contains(point) and image.pixelColor(point) == colour for point in points)
