"""What a portal may answer, what the program shall make of it, and the table that shows both."""

from __future__ import annotations

import asyncio
import os
import struct
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

from PIL import Image
from PySide6.QtDBus import QDBusConnection
from PySide6.QtGui import QGuiApplication, QImage

from ocr_desktop.cli.messages import error_text
from ocr_desktop.core.errors import ErrorCode, InputError
from ocr_desktop.gui.capture.portal import portal_picture
from tests.support.fake_portal import Answer, FakePortal, private_bus

PATIENCE_S = 20.0
SHORT_PATIENCE_S = 0.5
"""For what never answers."""
SIZE = (320, 200)
ODD_NAME = "Bildschirmfoto 截图 – 100 %#?.png"
BUS_ERROR = "org.freedesktop.DBus.Error."


@dataclass(frozen=True, slots=True)
class PortalCase:
    """One answer of the portal.

    Attributes:
        answer: Made in a folder of its own, in which `made.png` is a picture of `SIZE`.
        code: What it comes to; None: the picture.
    """

    name: str
    answer: Callable[[Path], Answer]
    code: ErrorCode | None = None
    timeout_s: float = field(default=PATIENCE_S)


def write_pattern(path: Path) -> None:
    """A picture whose every pixel tells its place."""
    image = Image.new("RGB", SIZE)
    image.putdata([(x % 256, y, (x * 7 + y * 13) % 256) for y in range(SIZE[1]) for x in range(SIZE[0])])
    image.save(path)


def granted(uri: str, **more: object) -> Answer:
    return Answer(0, {"uri": ("s", uri)}, **more)  # type: ignore[arg-type]


def made(folder: Path, name: str = "Screenshot.png", host: str = "", **more: object) -> Answer:
    """A picture that the portal puts there."""
    path = folder / name
    uri = f"file://{host}{quote(os.fsencode(path))}"
    return granted(uri, made_of=str(folder / "made.png"), makes=str(path), **more)


def holding(content: bytes) -> Callable[[Path], Answer]:
    """A file with this content instead of a picture."""

    def answer(folder: Path) -> Answer:
        (folder / "made.png").write_bytes(content)
        return made(folder)

    return answer


def at(make: Callable[[Path], object]) -> Callable[[Path], Answer]:
    """Something else than a file, at the place that the portal names."""

    def answer(folder: Path) -> Answer:
        make(folder / "there")
        return granted((folder / "there").as_uri())

    return answer


def png_of(side: int) -> bytes:
    """A PNG that says it is a square of that many pixels, in 69 bytes."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(b"\0")) + chunk(b"IEND", b"")


def truncate(path: Path) -> None:
    path.touch()
    os.truncate(path, 5 << 30)


def link(path: Path) -> None:
    path.symlink_to(path.parent / "made.png")


GRANTED = (
    PortalCase("success", made),
    PortalCase("odd path", lambda folder: made(folder, ODD_NAME)),
    PortalCase("file://localhost/", lambda folder: made(folder, host="localhost")),
    PortalCase("a handle of its own (old portals)", lambda folder: made(folder, own_handle=True)),
    PortalCase("the answer before the reply", lambda folder: made(folder, comes_first=True)),
    PortalCase("a stranger answers first", lambda folder: made(folder, stranger_says="file:///etc/passwd")),
)
REFUSED = (
    PortalCase("cancelled", lambda _: Answer(1), ErrorCode.CAPTURE_CANCELLED),
    PortalCase("denied", lambda _: Answer(2), ErrorCode.CAPTURE_DENIED),
    PortalCase("unknown response", lambda _: Answer(77), ErrorCode.CAPTURE_DENIED),
    PortalCase("call refused", lambda _: Answer(error=f"{BUS_ERROR}AccessDenied"), ErrorCode.CAPTURE_DENIED),
    PortalCase("no answer", lambda _: Answer(), ErrorCode.CAPTURE_SILENT, SHORT_PATIENCE_S),
    PortalCase(
        "no answer to the call", lambda _: Answer(error=f"{BUS_ERROR}NoReply"), ErrorCode.CAPTURE_SILENT
    ),
    PortalCase(
        "portal without screenshots",
        lambda _: Answer(error=f"{BUS_ERROR}UnknownMethod"),
        ErrorCode.CAPTURE_UNAVAILABLE,
    ),
)  # fmt: skip
HOSTILE = (
    PortalCase("no uri", lambda _: Answer(0), ErrorCode.CAPTURE_DENIED),
    PortalCase("uri is no string", lambda _: Answer(0, {"uri": ("(ii)", [1, 2])}), ErrorCode.CAPTURE_DENIED),
    PortalCase("uri is a list", lambda _: Answer(0, {"uri": ("as", ["file:///"])}), ErrorCode.CAPTURE_DENIED),
    PortalCase(
        "response of other types", lambda _: Answer(0, signature="us"), ErrorCode.CAPTURE_SILENT, SHORT_PATIENCE_S
    ),
    PortalCase("web address", lambda _: granted("https://example.org/a.png"), ErrorCode.CAPTURE_DENIED),
    PortalCase("other host", lambda _: granted("file://elsewhere/a.png"), ErrorCode.CAPTURE_DENIED),
    PortalCase("no host at all", lambda _: granted("file://[/a.png"), ErrorCode.CAPTURE_DENIED),
    PortalCase("zero byte in the path", lambda _: granted("file:///tmp/a%00b.png"), ErrorCode.FILE_MISSING),
    PortalCase("no such file", lambda folder: granted((folder / "gone").as_uri()), ErrorCode.FILE_MISSING),
    PortalCase("/dev/zero", lambda _: granted("file:///dev/zero"), ErrorCode.NOT_A_FILE),
    PortalCase("folder", at(Path.mkdir), ErrorCode.NOT_A_FILE),
    PortalCase("named pipe", at(os.mkfifo), ErrorCode.NOT_A_FILE),
    PortalCase("link to a picture", at(link), ErrorCode.NOT_A_FILE),
    PortalCase("5-GB file", at(truncate), ErrorCode.FILE_TOO_LARGE),
    PortalCase("empty file", holding(b""), ErrorCode.FILE_EMPTY),
    PortalCase("text", holding(b"no picture\n"), ErrorCode.NOT_A_PICTURE),
    PortalCase("drawing", holding(b"<svg xmlns='http://www.w3.org/2000/svg'/>"), ErrorCode.NOT_A_PICTURE),
    PortalCase("100,000 x 100,000 pixels", holding(png_of(100_000)), ErrorCode.PICTURE_TOO_LARGE),
    PortalCase("0 x 0 pixels", holding(png_of(0)), ErrorCode.PICTURE_DAMAGED),
    PortalCase("cut off", holding(png_of(200)[:-20]), ErrorCode.PICTURE_DAMAGED),
)
CASES = (*GRANTED, *REFUSED, *HOSTILE)
_connections = 0


def connect(address: str) -> QDBusConnection:
    """A connection of its own to a bus."""
    global _connections  # noqa: PLW0603  (Qt knows connections by name, for the whole process)
    _connections += 1
    return QDBusConnection.connectToBus(address, f"portal_cases_{_connections}")


async def outcome(case: PortalCase, portal: FakePortal, bus: QDBusConnection, folder: Path) -> QImage | InputError:
    """What the program makes of it."""
    prepare(case, portal, folder)
    return await asked(bus, case.timeout_s)


def prepare(case: PortalCase, portal: FakePortal, folder: Path) -> None:
    folder.mkdir(parents=True)
    write_pattern(folder / "made.png")
    portal.answer_with(case.answer(folder))


async def asked(bus: QDBusConnection, timeout_s: float = PATIENCE_S) -> QImage | InputError:
    try:
        return await portal_picture(bus=bus, timeout_s=timeout_s)
    except InputError as error:
        return error


def print_table() -> None:
    import tempfile

    import qasync

    application = QGuiApplication([])

    async def rows() -> None:
        with tempfile.TemporaryDirectory() as place, private_bus() as address:
            bus = connect(address)
            print_row("no portal on the bus", await asked(bus))
            print_row("no bus", await asked(connect("unix:path=/nowhere")))
            with FakePortal(address) as portal:
                for number, case in enumerate(CASES):
                    print_row(case.name, await outcome(case, portal, bus, Path(place) / str(number)))

    with asyncio.Runner(loop_factory=lambda: qasync.QEventLoop(application)) as runner:
        runner.run(rows())


def print_row(name: str, found: QImage | InputError) -> None:
    if isinstance(found, QImage):
        print(f"{name:36} a picture of {found.width()} x {found.height()}")
    else:
        print(f"{name:36} {found.code}: {error_text(found)[0]}")
