"""How the program looks: region colours (data), the colour scheme, the style, distances and icons."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import ClassVar

from PySide6.QtCore import QByteArray, QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QGuiApplication, QIcon, QIconEngine, QImage, QPainter, QPalette, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QApplication

from ocr_desktop.core import resources

SPACING = 8
SPACING_SMALL = 4
SPACING_LARGE = 16
MARGIN = 12
ICON_SIDE = 20
"""Logical pixels, like the distances above, which stand on a grid of 4."""


@dataclass(frozen=True, slots=True)
class LabelStyle:
    """How a kind of region is drawn: a caption shares the colour of its thing and has a dashed line."""

    colour: str
    dashed: bool = False


# Found by search: each at least 3 : 1 against white, and each pair at least 0.1 apart in OKLab for normal sight,
# protanopia, deuteranopia and tritanopia (Machado 2009). On dark pictures a white halo carries them.
TITLE = "#ff5463"
SUB_TITLE = "#73410f"
TEXT = "#2e97ff"
TABLE = "#009900"
IMAGE = "#9332e2"
EQUATION = "#00688a"
FURNITURE = "#998ea7"
MATCH = "#b80061"
HALO = QColor(255, 255, 255, 150)
# Like a text marker: told from every label and from a match by lightness alone, so by the colour-blind too.
FOUND = "#ffd000"
FOUND_HALO = QColor(0, 0, 0, 170)
CURRENT = "#101014"
CURRENT_HALO = QColor(255, 255, 255, 230)
WARNING_ON_LIGHT = QColor("#8f4d00")
WARNING_ON_DARK = QColor("#f5b454")
# In the middle of light and dark: paper gets darker under it, a dark picture lighter.
UNCOVERED = QColor(112, 104, 138, 135)
# What is not read of a page.
CROPPED = QColor(96, 96, 96, 176)
IGNORED = QColor(96, 96, 96, 112)
HATCH = QColor(32, 32, 32, 200)
DRAFT = QColor(128, 128, 138, 170)
CHIP_FILL = 40
"""Opacity of the inside of a box in the legend, 0–255."""

# On the frozen screen, the same on any picture: dark with light words, or a light line with a dark one beside it.
OVERLAY_GROUND = QColor("#1c1c1f")
OVERLAY_EDGE = QColor(255, 255, 255, 70)
OVERLAY_WORDS = QColor("#ffffff")
OVERLAY_QUIET_WORDS = QColor("#c4c4cc")
OVERLAY_WARM_WORDS = WARNING_ON_DARK
OVERLAY_UNAVAILABLE = QColor("#7e7e86")
OVERLAY_FRAME = QColor("#4aa3ff")
OVERLAY_CHOSEN = QColor("#1f6fd0")
OVERLAY_HOVERED = QColor(255, 255, 255, 28)
OVERLAY_LIGHT = QColor(255, 255, 255, 235)
OVERLAY_SHADE = QColor(0, 0, 0, 170)
OVERLAY_DIM = QColor(10, 10, 14, 105)
OVERLAY_CROSS = QColor(255, 255, 255, 150)
OVERLAY_CROSS_SHADE = QColor(0, 0, 0, 110)
OVERLAY_GRID = QColor(128, 128, 128, 90)
OVERLAY_NOWHERE = QColor("#3a3a40")
"""Of the magnifier beyond the edge of the screen."""
NO_SCREEN = QColor("#ffffff")
"""What a selection across screens has where none of them is."""

LABEL_STYLES: dict[str, LabelStyle] = {
    "title": LabelStyle(TITLE),
    "sub_title": LabelStyle(SUB_TITLE),
    "text": LabelStyle(TEXT),
    "line": LabelStyle(TEXT),
    "list": LabelStyle(TEXT),
    "table": LabelStyle(TABLE),
    "table_caption": LabelStyle(TABLE, dashed=True),
    "image": LabelStyle(IMAGE),
    "figure": LabelStyle(IMAGE),
    "image_caption": LabelStyle(IMAGE, dashed=True),
    "figure_caption": LabelStyle(IMAGE, dashed=True),
    "figure_title": LabelStyle(IMAGE, dashed=True),
    "equation": LabelStyle(EQUATION),
    "code": LabelStyle(EQUATION, dashed=True),
    "header": LabelStyle(FURNITURE),
    "footer": LabelStyle(FURNITURE),
    "page_number": LabelStyle(FURNITURE),
    "page_footnote": LabelStyle(FURNITURE, dashed=True),
    "match": LabelStyle(MATCH),
}


def label_style(label: str) -> LabelStyle:
    """The look of a label; the model's vocabulary is open, and what is not known looks like text."""
    return LABEL_STYLES.get(label, LABEL_STYLES["text"])


def label_colour(label: str) -> QColor:
    """The colour of a label's boxes and legend, the same in light and dark."""
    return QColor(label_style(label).colour)


_Role = QPalette.ColorRole
_LIGHT_COLOURS: dict[QPalette.ColorRole, str] = {
    _Role.Window: "#f3f3f4",
    _Role.WindowText: "#1b1b1d",
    _Role.Base: "#ffffff",
    _Role.AlternateBase: "#f7f7f8",
    _Role.ToolTipBase: "#ffffff",
    _Role.ToolTipText: "#1b1b1d",
    _Role.PlaceholderText: "#6b6b70",
    _Role.Text: "#1b1b1d",
    _Role.Button: "#f3f3f4",
    _Role.ButtonText: "#1b1b1d",
    _Role.BrightText: "#ffffff",
    _Role.Light: "#ffffff",
    _Role.Midlight: "#e4e4e6",
    _Role.Mid: "#b9b9bd",
    _Role.Dark: "#9a9a9f",
    _Role.Shadow: "#6e6e73",
    _Role.Highlight: "#1f6fd0",
    _Role.HighlightedText: "#ffffff",
    _Role.Accent: "#1f6fd0",
    _Role.Link: "#1a5fb4",
    _Role.LinkVisited: "#6c3fa8",
}
_DARK_COLOURS: dict[QPalette.ColorRole, str] = {
    _Role.Window: "#2d2d30",
    _Role.WindowText: "#ececee",
    _Role.Base: "#1a1a1c",
    _Role.AlternateBase: "#212124",
    _Role.ToolTipBase: "#3a3a3e",
    _Role.ToolTipText: "#ececee",
    _Role.PlaceholderText: "#98989f",
    _Role.Text: "#ececee",
    _Role.Button: "#2d2d30",
    _Role.ButtonText: "#ececee",
    _Role.BrightText: "#ffffff",
    _Role.Light: "#4a4a4f",
    _Role.Midlight: "#404045",
    _Role.Mid: "#5c5c63",
    _Role.Dark: "#1a1a1c",
    _Role.Shadow: "#0f0f10",
    _Role.Highlight: "#2f75d6",
    _Role.HighlightedText: "#ffffff",
    _Role.Accent: "#2f75d6",
    _Role.Link: "#78aeed",
    _Role.LinkVisited: "#b79be0",
}
# Fusion outlines what can be ticked 1.4 times darker than the window, so on a dark one as dark as its inside. From this
# comes an outline of at least 3 : 1 against both.
_OUTLINED_ON_DARK = QColor("#c1c1cc")
_TICKED = ("QCheckBox", "QRadioButton")
_DISABLED_TEXT = {Qt.ColorScheme.Light: "#9b9ba1", Qt.ColorScheme.Dark: "#77777d"}
_SCHEMES = {"system": Qt.ColorScheme.Unknown, "light": Qt.ColorScheme.Light, "dark": Qt.ColorScheme.Dark}


def apply_style(application: QApplication) -> None:
    """Keep the platform's own style; where Qt found none, take Fusion instead of its plain fallback."""
    if application.style().objectName() == "windows":
        application.setStyle("Fusion")
    application.styleHints().colorSchemeChanged.connect(_outline_what_is_ticked)


def apply_colour_scheme(name: str) -> None:
    """Turn the whole program `light` or `dark`, or as the `system` has it.

    Raises:
        KeyError: Another name.
    """
    scheme = _SCHEMES[name]
    hints = QGuiApplication.styleHints()
    hints.setColorScheme(scheme)
    if scheme is Qt.ColorScheme.Unknown or hints.colorScheme() == scheme or sys.platform in ("darwin", "win32"):
        QApplication.setPalette(QPalette())
    else:
        # Without a desktop's own theme the hint is taken and changes nothing.
        QApplication.setPalette(_palette(scheme))
    _outline_what_is_ticked()


def _outline_what_is_ticked() -> None:
    """Have the outline seen of what can be ticked, also in the dark."""
    for name in _TICKED:
        # The stubs ask for bytes, which PySide does not take.
        QApplication.setPalette(ticks_palette(QApplication.palette()), name)  # type: ignore[arg-type]


def ticks_palette(palette: QPalette) -> QPalette:
    """The palette in which boxes are drawn that can be ticked, made from that of what is around them."""
    ticks = QPalette(palette)
    if is_dark(palette) and QApplication.style().objectName() == "fusion":
        ticks.setColor(_Role.Window, _OUTLINED_ON_DARK)
    return ticks


def is_dark(palette: QPalette) -> bool:
    """Whether text is lighter than its background."""
    return palette.color(_Role.WindowText).lightness() > palette.color(_Role.Window).lightness()


def warning_colour(palette: QPalette) -> QColor:
    """A warm colour for words that warn, at least 4.5 : 1 against the palette's backgrounds."""
    return WARNING_ON_DARK if is_dark(palette) else WARNING_ON_LIGHT


def _palette(scheme: Qt.ColorScheme) -> QPalette:
    palette = QPalette()
    for role, colour in (_DARK_COLOURS if scheme is Qt.ColorScheme.Dark else _LIGHT_COLOURS).items():
        palette.setColor(role, QColor(colour))
    for role in (_Role.WindowText, _Role.Text, _Role.ButtonText, _Role.PlaceholderText):
        palette.setColor(QPalette.ColorGroup.Disabled, role, QColor(_DISABLED_TEXT[scheme]))
    return palette


def icon(name: str) -> QIcon:
    """One of the program's own icons, in the palette's text colour; it follows when the palette changes.

    Raises:
        FileNotFoundError: There is no such icon.
    """
    return QIcon(_TintedIcon((resources.path("icons") / f"{name}.svg").read_text(encoding="utf-8")))


class _TintedIcon(QIconEngine):
    """Draws an SVG in the colour that text has just then, at the resolution that is asked for."""

    # Qt takes the clone's pointer and PySide frees the object behind it with its last reference: never let it go.
    _clones: ClassVar[list[_TintedIcon]] = []

    def __init__(self, svg: str) -> None:
        super().__init__()
        self._svg = svg

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        side = min(rect.width(), rect.height())
        target = QRectF(0, 0, side, side)
        target.moveCenter(QRectF(rect).center())
        coloured = self._svg.replace("currentColor", _icon_colour(mode).name())
        QSvgRenderer(QByteArray(coloured.encode())).render(painter, target)

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        return self.scaledPixmap(size, mode, state, 1.0)

    def scaledPixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State, scale: float) -> QPixmap:
        image = QImage(size * scale, QImage.Format.Format_ARGB32_Premultiplied)
        image.fill(Qt.GlobalColor.transparent)
        painter = QPainter(image)
        self.paint(painter, QRect(QPoint(), image.size()), mode, state)
        painter.end()
        pixmap = QPixmap.fromImage(image)
        pixmap.setDevicePixelRatio(scale)
        return pixmap

    def isNull(self) -> bool:
        return False

    def clone(self) -> QIconEngine:
        copy = _TintedIcon(self._svg)
        self._clones.append(copy)
        return copy


def _icon_colour(mode: QIcon.Mode) -> QColor:
    palette = QGuiApplication.palette()
    if mode is QIcon.Mode.Disabled:
        return palette.color(QPalette.ColorGroup.Disabled, _Role.ButtonText)
    if mode is QIcon.Mode.Selected:
        return palette.color(_Role.HighlightedText)
    return palette.color(_Role.ButtonText)
