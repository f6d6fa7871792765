"""The desktop's portal may answer what it likes, or nothing: a picture or a clear error comes of it."""

from __future__ import annotations

import asyncio
import contextlib
import os
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtDBus import QDBusConnection
from PySide6.QtGui import QImage

from ocr_desktop.core.errors import ErrorCode, InputError
from ocr_desktop.gui.capture.portal import local_path, portal_picture, portal_version
from tests.support.fake_portal import Answer, FakePortal, private_bus
from tests.support.portal_cases import (
    GRANTED,
    HOSTILE,
    PATIENCE_S,
    REFUSED,
    SHORT_PATIENCE_S,
    PortalCase,
    connect,
    granted,
    made,
    outcome,
    write_pattern,
)


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with private_bus() as name:
        yield name


@pytest.fixture(scope="module")
def portal(address: str) -> Iterator[FakePortal]:
    with FakePortal(address) as started:
        yield started


@pytest.fixture
def bus(address: str, portal: FakePortal) -> Iterator[QDBusConnection]:
    connection = connect(address)
    yield connection
    QDBusConnection.disconnectFromBus(connection.name())


def names(folder: Path, pattern: str = "*") -> list[str]:
    return [path.name for path in folder.glob(pattern)]


async def code_of(bus: QDBusConnection, timeout_s: float = PATIENCE_S) -> ErrorCode:
    with pytest.raises(InputError) as caught:
        await portal_picture(bus=bus, timeout_s=timeout_s)
    return caught.value.code


@pytest.mark.parametrize("case", GRANTED, ids=lambda case: case.name)
async def test_a_granted_picture_comes_to_the_pixel_and_its_file_goes(
    case: PortalCase, portal: FakePortal, bus: QDBusConnection, tmp_path: Path
) -> None:
    picture = await outcome(case, portal, bus, tmp_path / "pictures")
    assert isinstance(picture, QImage), picture
    kept = tmp_path / "pictures" / "made.png"
    assert picture == QImage(str(kept)).convertToFormat(QImage.Format.Format_RGB32)
    assert picture.devicePixelRatio() == 1
    assert names(kept.parent) == [kept.name], "the portal's own file is removed, no other"
    assert [event["event"] for event in portal.answer_with(Answer())] == ["asked"], "an answered request is not closed"


@pytest.mark.qt_log_ignore("libpng")
@pytest.mark.parametrize("case", [*REFUSED, *HOSTILE], ids=lambda case: case.name)
async def test_anything_else_is_a_clear_error(
    case: PortalCase, portal: FakePortal, bus: QDBusConnection, tmp_path: Path
) -> None:
    error = await outcome(case, portal, bus, tmp_path / "pictures")
    assert isinstance(error, InputError)
    assert error.code is case.code
    assert (tmp_path / "pictures" / "made.png").exists()
    assert not (tmp_path / "pictures" / "Screenshot.png").exists(), "a picture that cannot be read stays no more"
    assert case.name not in ("folder", "named pipe", "link to a picture") or names(tmp_path / "pictures", "there")


async def test_no_portal_and_no_bus_are_told() -> None:
    with private_bus() as lonely:
        assert await code_of(connect(lonely)) is ErrorCode.CAPTURE_UNAVAILABLE
        assert portal_version(connect(lonely)) is None
    nowhere = connect("unix:path=/nowhere")
    assert await code_of(nowhere) is ErrorCode.CAPTURE_UNAVAILABLE
    assert portal_version(nowhere) is None


def test_a_portal_tells_its_version(bus: QDBusConnection) -> None:
    assert portal_version(bus) == 2


async def test_a_file_from_before_is_read_and_left_alone(
    portal: FakePortal, bus: QDBusConnection, tmp_path: Path
) -> None:
    own = tmp_path / "own.png"
    write_pattern(own)
    os.utime(own, (1_600_000_000, 1_600_000_000))
    portal.answer_with(granted(own.as_uri()))
    assert (await portal_picture(bus=bus)).height() == 200
    assert own.exists(), "it was not made for this request"


async def test_a_request_that_nobody_answers_is_taken_back(portal: FakePortal, bus: QDBusConnection) -> None:
    portal.answer_with(Answer())
    assert await code_of(bus, SHORT_PATIENCE_S) is ErrorCode.CAPTURE_SILENT
    asked, closed = portal.next_event(), portal.next_event()
    assert asked["event"] == "asked"
    assert (closed["event"], closed["path"].rpartition("/")[2]) == ("closed", asked["token"])


async def test_a_cancelled_capture_takes_its_request_back(portal: FakePortal, bus: QDBusConnection) -> None:
    portal.answer_with(Answer())
    capturing = asyncio.ensure_future(portal_picture(is_interactive=True, bus=bus))
    asked = await asyncio.to_thread(portal.next_event)
    assert asked["interactive"] is True
    capturing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await capturing
    closed = portal.next_event()
    assert (closed["event"], closed["path"].rpartition("/")[2]) == ("closed", asked["token"])


async def test_two_captures_at_once_get_a_picture_each(
    portal: FakePortal, bus: QDBusConnection, tmp_path: Path
) -> None:
    write_pattern(tmp_path / "made.png")
    portal.answer_with(made(tmp_path, own_handle=True))
    first = asyncio.ensure_future(portal_picture(bus=bus))
    await asyncio.to_thread(portal.next_event)
    portal.answer_with(made(tmp_path, "other.png"))
    second = asyncio.ensure_future(portal_picture(bus=bus))
    assert {(await first).width(), (await second).width()} == {320}
    assert names(tmp_path) == ["made.png"]


@given(st.binary(min_size=1))
def test_every_path_comes_out_of_its_uri_as_it_went_in(name: bytes) -> None:
    path = b"/" + name
    for start in ("file://", "file://localhost"):
        assert local_path(start + quote(path)) == path


@given(st.one_of(st.none(), st.integers(), st.text(), st.text(alphabet="[]/@:").map("file://{}a".format)))
def test_whatever_else_is_given_is_refused_or_an_absolute_path(uri: object) -> None:
    with contextlib.suppress(InputError):
        assert local_path(uri).startswith(b"/")
