"""The picture of each screen has that screen's very pixels, on real X servers, and a picture of nothing is none."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from PySide6.QtGui import QColor, QGuiApplication, QImage

from ocr_desktop.core.errors import ErrorCode, InputError
from ocr_desktop.gui.capture.geometry import Area, ScreenPicture
from ocr_desktop.gui.capture.grabbing import (
    PictureSource,
    freeze_screens,
    picture_source,
    screen_number,
    screens_of_composite,
)
from ocr_desktop.gui.capture.pictures import is_blank
from ocr_desktop.gui.capture.screens import FrozenScreen
from tests.support.driving import virtual_display
from tests.support.fake_portal import FakePortal, private_bus
from tests.support.portal_cases import SIZE, connect, holding, made, write_pattern
from tests.support.screen_probe import frozen, pattern, shown_pattern
from tests.support.x_client import set_monitors

DESKTOP = (820, 400)
LEFT, RIGHT = (0, 0, 401, 301), (401, 0, 419, 400)


@pytest.fixture(scope="module")
def display() -> Iterator[str]:
    """A real display with a pattern on it."""
    with display_with_pattern() as name:
        yield name


@contextmanager
def display_with_pattern() -> Iterator[str]:
    with virtual_display(f"{DESKTOP[0]}x{DESKTOP[1]}x24") as name, shown_pattern(name, *DESKTOP):
        yield name


def same(file: str, expected: Image.Image) -> bool:
    with Image.open(file) as image:
        assert image.size == expected.size
        return image.convert("RGB").tobytes() == expected.tobytes()


def cut(place: tuple[int, int, int, int]) -> Image.Image:
    x, y, width, height = place
    return pattern(*DESKTOP).crop((x, y, x + width, y + height))


@pytest.mark.parametrize(
    ("scale", "area"), [("1", [0, 0, 820, 400]), ("1.25", [0, 0, 656, 320]), ("2", [0, 0, 410, 200])]
)
def test_one_screen_is_frozen_to_the_pixel_whatever_its_scale(
    display: str, tmp_path: Path, scale: str, area: list[int]
) -> None:
    (screen,) = frozen(display, tmp_path, QT_SCALE_FACTOR=scale)["screens"]
    assert screen["area"] == area
    assert same(screen["file"], pattern(*DESKTOP))


def test_two_screens_of_different_scale_are_frozen_to_the_pixel(tmp_path: Path) -> None:
    with display_with_pattern() as name:
        set_monitors(name, {"left": LEFT, "right": RIGHT})
        left, right = frozen(name, tmp_path, QT_SCREEN_SCALE_FACTORS="left=1;right=1.5")["screens"]
    assert (left["name"], left["area"]) == ("left", list(LEFT))
    assert (right["name"], right["area"]) == ("right", [401, 0, 279, 267])
    assert same(left["file"], cut(LEFT))
    assert same(right["file"], cut(RIGHT))


def test_a_black_screen_is_found_out(tmp_path: Path) -> None:
    with virtual_display("320x200x24") as name:
        assert frozen(name, tmp_path) == {"error": "capture_blank"}


@pytest.mark.parametrize(
    ("platform", "environment", "source"),
    [
        ("xcb", {"XDG_SESSION_TYPE": "x11"}, PictureSource.WINDOW_SYSTEM),
        ("xcb", {"XDG_SESSION_TYPE": "wayland"}, PictureSource.PORTAL),
        ("xcb", {"WAYLAND_DISPLAY": "wayland-0"}, PictureSource.PORTAL),
        ("wayland", {}, PictureSource.PORTAL),
        ("wayland-egl", {}, PictureSource.PORTAL),
        ("windows", {}, PictureSource.WINDOW_SYSTEM),
        ("cocoa", {}, PictureSource.WINDOW_SYSTEM),
    ],
)
def test_under_wayland_only_the_desktop_can_take_the_picture(
    monkeypatch: pytest.MonkeyPatch, platform: str, environment: dict[str, str], source: PictureSource
) -> None:
    monkeypatch.setattr(QGuiApplication, "platformName", lambda: platform)
    monkeypatch.delenv("XDG_SESSION_TYPE", raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert picture_source() is source


@pytest.fixture
def wayland_bus(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The bus of a session under Wayland."""
    monkeypatch.setattr(QGuiApplication, "platformName", lambda: "wayland")
    with private_bus() as address:
        yield address


async def test_under_wayland_the_desktop_is_asked_and_a_picture_of_nothing_is_found_out(
    wayland_bus: str, tmp_path: Path
) -> None:
    write_pattern(tmp_path / "made.png")
    with FakePortal(wayland_bus) as portal:
        portal.answer_with(made(tmp_path))
        (screen,) = await freeze_screens(connect(wayland_bus))
        assert screen.image == QImage(str(tmp_path / "made.png")).convertToFormat(QImage.Format.Format_RGB32)
        assert screen.area == Area(*QGuiApplication.primaryScreen().geometry().getRect())

        Image.new("RGB", SIZE, "black").save(tmp_path / "black.png")
        portal.answer_with(holding((tmp_path / "black.png").read_bytes())(tmp_path))
        with pytest.raises(InputError) as caught:
            await freeze_screens(connect(wayland_bus))
    assert caught.value.code is ErrorCode.CAPTURE_BLANK


def test_the_picture_of_a_whole_desktop_is_cut_into_its_screens() -> None:
    composite = QImage(300, 100, QImage.Format.Format_RGB32)
    composite.fill(QColor("white"))
    composite.setPixelColor(0, 0, QColor("red"))
    composite.setPixelColor(200, 0, QColor("blue"))
    left = ("left", ScreenPicture(Area(-200, 0, 200, 100), width=200, height=100))
    first = ("first", ScreenPicture(Area(0, 0, 100, 100), width=100, height=100))
    one, other = screens_of_composite(composite, [first, left])
    assert (one.name, one.area, one.image.size().toTuple()) == ("first", Area(0, 0, 100, 100), (100, 100))
    assert one.image.pixelColor(0, 0) == QColor("blue")
    assert (other.name, other.image.size().toTuple()) == ("left", (200, 100))
    assert other.image.pixelColor(0, 0) == QColor("red")


@given(st.data(), st.integers(1, 40), st.integers(1, 40))
def test_one_other_pixel_anywhere_makes_a_picture(data: st.DataObject, width: int, height: int) -> None:
    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.fill(QColor("#204060"))
    assert is_blank(image)
    image.setPixelColor(data.draw(st.integers(0, width - 1)), data.draw(st.integers(0, height - 1)), QColor("#204061"))
    assert is_blank(image) == (width * height == 1)


def test_a_picture_without_pixels_is_none() -> None:
    assert is_blank(QImage())


def test_screens_are_counted_from_one() -> None:
    screens = [FrozenScreen(name, Area(0, 0, 10, 10), QImage()) for name in ("first", "second")]
    assert screen_number(screens, 2).name == "second"
    for number in (0, 3, -1):
        with pytest.raises(InputError) as caught:
            screen_number(screens, number)
        assert caught.value.code is ErrorCode.SCREEN_MISSING
        assert caught.value.fields == {"number": number, "count": 2}
