"""Colours that everybody can tell apart, a dark that is dark, icons that follow."""

from __future__ import annotations

import itertools
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QColor, QIcon, QPalette, QPixmap
from PySide6.QtWidgets import QAbstractButton, QApplication, QCheckBox, QLineEdit, QRadioButton, QToolButton
from pytestqt.qtbot import QtBot

from ocr_desktop.core import resources
from ocr_desktop.gui.appearance import (
    ICON_SIDE,
    LABEL_STYLES,
    apply_colour_scheme,
    apply_style,
    icon,
    is_dark,
    label_colour,
    label_style,
)
from ocr_desktop.gui.labels import label_name

# Machado, Oliveira, Fernandes 2009, severity 1, on linear RGB.
SIGHTS = {
    "normal": np.eye(3),
    "protanopia": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "deuteranopia": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
    "tritanopia": np.array(
        [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]
    ),
}


def linear(colour: QColor) -> np.ndarray:
    channels = np.array(colour.getRgbF()[:3])
    return np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)


def oklab(rgb: np.ndarray) -> np.ndarray:
    cones = np.array(
        [
            [0.4122214708, 0.5363325363, 0.0514459929],
            [0.2119034982, 0.6806995451, 0.1073969566],
            [0.0883024619, 0.2817188376, 0.6299787005],
        ]
    )
    opponents = np.array(
        [
            [0.2104542553, 0.7936177850, -0.0040720468],
            [1.9779984951, -2.4285922050, 0.4505937099],
            [0.0259040371, 0.7827717662, -0.8086757660],
        ]
    )
    return opponents @ np.cbrt(cones @ np.clip(rgb, 0, 1))


def inked(pixmap: QPixmap) -> set[str]:
    """The colours of a pixmap's opaque pixels."""
    image = pixmap.toImage()
    pixels = (image.pixelColor(x, y) for x in range(image.width()) for y in range(image.height()))
    return {colour.name() for colour in pixels if colour.alpha() == 255}


@pytest.mark.parametrize("sight", SIGHTS)
def test_region_colours_are_told_apart(sight: str) -> None:
    colours = {style.colour for style in LABEL_STYLES.values()}
    seen = {colour: oklab(SIGHTS[sight] @ linear(QColor(colour))) for colour in colours}
    for one, other in itertools.combinations(colours, 2):
        assert np.linalg.norm(seen[one] - seen[other]) > 0.1, (one, other)


@pytest.mark.parametrize("label", LABEL_STYLES)
def test_a_box_is_seen_on_white_paper(label: str) -> None:
    luminance = linear(label_colour(label)) @ [0.2126, 0.7152, 0.0722]
    assert 1.05 / (luminance + 0.05) >= 3


def test_a_caption_is_told_from_its_thing_and_an_unknown_label_looks_like_text() -> None:
    assert label_colour("table") == label_colour("table_caption")
    assert label_style("table") != label_style("table_caption")
    assert label_style("chemical_structure") == label_style("text")


def test_every_label_has_a_name_and_an_unknown_one_keeps_its_own(qapp: QApplication) -> None:
    for label in LABEL_STYLES:
        name = label_name(label)
        assert name
        assert "_" not in name
    assert label_name("chemical_structure") == "chemical_structure"


def test_dark_is_dark_without_a_desktops_theme_and_light_is_light(qtbot: QtBot, system_colours: None) -> None:
    edit = QLineEdit("words")
    qtbot.addWidget(edit)
    edit.show()
    background: dict[str, int] = {}
    for scheme in ("dark", "light"):
        apply_colour_scheme(scheme)
        qtbot.waitUntil(lambda dark=scheme == "dark": is_dark(edit.palette()) == dark)
        background[scheme] = edit.grab().toImage().pixelColor(edit.width() - 10, edit.height() // 2).lightness()
    assert background["dark"] < 60
    assert background["light"] > 200


def test_the_systems_own_colours_come_back(qapp: QApplication, system_colours: None) -> None:
    own = qapp.palette().color(QPalette.ColorRole.Window)
    apply_colour_scheme("dark")
    assert qapp.palette().color(QPalette.ColorRole.Window) != own
    apply_colour_scheme("system")
    assert qapp.palette().color(QPalette.ColorRole.Window) == own


def test_words_can_be_read_in_both_schemes(qapp: QApplication, system_colours: None) -> None:
    pairs = [
        (QPalette.ColorRole.WindowText, QPalette.ColorRole.Window),
        (QPalette.ColorRole.Text, QPalette.ColorRole.Base),
        (QPalette.ColorRole.Text, QPalette.ColorRole.AlternateBase),
        (QPalette.ColorRole.ButtonText, QPalette.ColorRole.Button),
        (QPalette.ColorRole.ToolTipText, QPalette.ColorRole.ToolTipBase),
        (QPalette.ColorRole.PlaceholderText, QPalette.ColorRole.Base),
        (QPalette.ColorRole.HighlightedText, QPalette.ColorRole.Highlight),
        (QPalette.ColorRole.Link, QPalette.ColorRole.Base),
    ]
    for scheme in ("dark", "light"):
        apply_colour_scheme(scheme)
        for text, ground in pairs:
            one, other = (
                float(linear(qapp.palette().color(role)) @ [0.2126, 0.7152, 0.0722]) for role in (text, ground)
            )
            assert (max(one, other) + 0.05) / (min(one, other) + 0.05) >= 4.5, (scheme, text)


@pytest.mark.parametrize("kind", [QCheckBox, QRadioButton])
def test_what_is_not_ticked_has_an_outline_in_the_dark(
    qtbot: QtBot, system_colours: None, kind: type[QAbstractButton]
) -> None:
    def luminance(colour: QColor) -> float:
        return float(linear(colour) @ [0.2126, 0.7152, 0.0722])

    box = kind()
    qtbot.addWidget(box)
    box.show()
    for scheme in ("dark", "light", "dark"):
        apply_colour_scheme(scheme)
        qtbot.waitUntil(lambda dark=scheme == "dark": is_dark(box.palette()) == dark)
        assert box.palette().color(QPalette.ColorRole.WindowText) == QApplication.palette().color(
            QPalette.ColorRole.WindowText
        )
    picture = box.grab().toImage()
    row = [picture.pixelColor(x, picture.height() // 2) for x in range(picture.width())]
    lightest = max(luminance(colour) for colour in row)
    for ground in (QPalette.ColorRole.Window, QPalette.ColorRole.Base):
        assert (lightest + 0.05) / (luminance(QApplication.palette().color(ground)) + 0.05) >= 3


def test_a_style_of_the_platform_is_kept_and_the_plain_fallback_is_not(qapp: QApplication) -> None:
    qapp.setStyle("Windows")
    apply_style(qapp)
    assert qapp.style().objectName() == "fusion"
    apply_style(qapp)
    assert qapp.style().objectName() == "fusion"


@pytest.mark.parametrize("file", sorted(resources.path("icons").glob("*.svg")), ids=lambda file: file.stem)
def test_every_icon_is_drawn_in_the_colour_of_text(qapp: QApplication, system_colours: None, file: Path) -> None:
    drawn = icon(file.stem)
    for scheme in ("light", "dark"):
        apply_colour_scheme(scheme)
        pixmap = drawn.pixmap(QSize(ICON_SIDE, ICON_SIDE), 4.0)
        assert qapp.palette().color(QPalette.ColorRole.ButtonText).name() in inked(pixmap)


def test_an_icon_is_sharp_on_a_dense_screen(qapp: QApplication) -> None:
    pixmap = icon("copy").pixmap(QSize(20, 20), 2.0)
    assert pixmap.size() == QSize(40, 40)
    assert pixmap.devicePixelRatio() == 2
    smooth = icon("copy").pixmap(QSize(20, 20), 1.0).scaled(40, 40)
    assert pixmap.toImage() != smooth.toImage()


def test_an_icon_on_a_button_follows_the_palette_and_shows_disabled(qtbot: QtBot, system_colours: None) -> None:
    button = QToolButton()
    qtbot.addWidget(button)
    button.setIcon(icon("stop"))
    button.show()
    looks = set()
    for scheme, enabled in (("light", True), ("light", False), ("dark", True), ("dark", False)):
        apply_colour_scheme(scheme)
        qtbot.waitUntil(lambda dark=scheme == "dark": is_dark(button.palette()) == dark)
        button.setEnabled(enabled)
        looks.add(bytes(button.grab().toImage().constBits()))
    assert len(looks) == 4


def test_an_icon_that_was_changed_by_qt_still_draws(qapp: QApplication) -> None:
    original = icon("stop")
    copy = QIcon(original)
    copy.setIsMask(True)
    del original
    assert inked(copy.pixmap(QSize(20, 20), 4.0))


def test_there_is_no_icon_without_a_file() -> None:
    with pytest.raises(FileNotFoundError):
        icon("no_such_icon")
