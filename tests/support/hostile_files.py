"""Every hostile and broken input, made in a folder, with what is said of it.

As a program it gives each to `ocr-desktop read` and prints what that says: `python -m tests.support.hostile_files`.
"""

from __future__ import annotations

import functools
import os
import shutil
import struct
import subprocess
import sys
import tempfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from ocr_desktop.core.errors import ErrorCode
from tests.support.pdf_encryption import Encryption, Method
from tests.support.pdfs import PdfPage, Text, numbered_pdf, pdf_of, picture_object
from tests.support.pictures import Words, draw_page, encoded
from tests.support.program import COMMAND, PATIENCE_S, Argument, Ended, Running, environment_with
from tests.support.provider_answers import Gate, Script, streamed
from tests.support.provider_server import KEY, ProviderServer

PASSWORD = "correct horse"
WORDS = "Words that were read"
SIDE = 60_000
UNPACKED_BYTES = 100_000_000
PNG_HEADER_BYTES = 33
ODD_NAME = os.fsdecode(b"not UTF-8 \xff.png")
STEERING_NAME = "line\nbreak and \x1b[31mescape.txt.png"
PRIVILEGES = "-dac_override,-dac_read_search"
"""With them the administrator reads everything, whatever the permissions are."""
IS_ADMINISTRATOR = os.geteuid() == 0
CAN_GIVE_UP_PRIVILEGES = shutil.which("setpriv") is not None

Make = Callable[[Path], None]


@dataclass(frozen=True, slots=True)
class HostileFile:
    """A file, or what is none, and what becomes of it.

    Attributes:
        case: For people.
        path: Of what was made; nothing has to lie there.
        code: What is said of it; None where it is read all the same, or as far as it goes.
    """

    case: str
    path: Path
    code: ErrorCode | None


def make_hostile_files(folder: Path) -> tuple[HostileFile, ...]:
    """Make each in the folder, which has to be there."""
    made = []
    for case, name, make, code in (*_bombs(), *_truncated(), *_pdfs(), *_not_what_they_seem(), *_no_files()):
        make(folder / name)
        made.append(HostileFile(case, folder / name, code))
    return tuple(made)


@functools.cache
def page() -> Image.Image:
    return draw_page(Words("Words", 40, 40), size=(300, 120))


@functools.cache
def noise() -> Image.Image:
    """A picture that no format makes small."""
    return Image.effect_noise((400, 400), 80).convert("RGB")


def two_pages() -> bytes:
    """A TIFF."""
    return encoded(page(), "TIFF", save_all=True, append_images=[page()])


Cases = Iterator[tuple[str, str, Make, ErrorCode | None]]


def _bombs() -> Cases:
    too_large = ErrorCode.PICTURE_TOO_LARGE
    yield "PNG of 60,000 x 60,000", "bomb.png", _holding(_png_saying(SIDE, SIDE)), too_large
    gif = b"GIF89a" + struct.pack("<HH", SIDE, SIDE) + encoded(page(), "GIF")[10:]
    yield "GIF of 60,000 x 60,000", "bomb.gif", _holding(gif), too_large
    yield "TIFF of 60,000 x 60,000", "bomb.tiff", _holding(_tiff_saying(SIDE, SIDE)), too_large
    small = encoded(page())
    comment = _chunk(b"zTXt", b"Comment\0\0" + zlib.compress(bytes(UNPACKED_BYTES), 9))
    with_comment = small[:PNG_HEADER_BYTES] + comment + small[PNG_HEADER_BYTES:]
    yield "PNG with a comment that unpacks to 100 MB", "comment.png", _holding(with_comment), None
    giant = pdf_of(PdfPage((Text("Words"),), box=(0, 0, 1_000_000, 1_000_000)))
    yield "PDF with a page of 350 x 350 m", "giant.pdf", _holding(giant), None
    lie = picture_object(SIDE, SIDE, bytes(1000))
    drawn = pdf_of(PdfPage(drawing="600 0 0 800 0 0 cm /X Do"), further=[lie])
    yield "PDF with a picture of 60,000 x 60,000 in it", "picture.pdf", _holding(drawn), None


def _truncated() -> Cases:
    for ending, form in (("jpg", "JPEG"), ("png", "PNG"), ("tiff", "TIFF")):
        whole = encoded(noise(), form)
        name = f"half.{ending}"
        yield f"{form} that breaks off", name, _holding(whole[: len(whole) // 2]), None
    yield (
        "PNG without anything behind its header",
        "header.png",
        _holding(encoded(page())[:40]),
        ErrorCode.PICTURE_DAMAGED,
    )
    pdf = numbered_pdf(3)
    yield "PDF that breaks off", "half.pdf", _holding(pdf[: len(pdf) // 2]), ErrorCode.PDF_DAMAGED
    yield "PDF without anything behind its header", "header.pdf", _holding(pdf[:15]), ErrorCode.PDF_DAMAGED


def _pdfs() -> Cases:
    locked = pdf_of(PdfPage((Text("Words"),)), encryption=Encryption(Method.AES_256, user=PASSWORD))
    yield "PDF that is encrypted", "locked.pdf", _holding(locked), ErrorCode.PASSWORD_NEEDED
    yield "PDF that is damaged", "damaged.pdf", _holding(b"%PDF-1.7\n" + bytes(2000)), ErrorCode.PDF_DAMAGED
    yield "PDF without pages", "no pages.pdf", _holding(pdf_of()), ErrorCode.NO_PAGES


def _not_what_they_seem() -> Cases:
    yield "PNG that is called .jpg", "really a png.jpg", _holding(encoded(page())), None
    yield "PDF that is called .png", "really a pdf.png", _holding(pdf_of(PdfPage((Text("Words"),)))), None
    yield "Text that is called .png", "really text.png", _holding(b"no picture"), ErrorCode.NOT_A_PICTURE
    yield "A name that is not UTF-8", ODD_NAME, _holding(encoded(page())), None
    yield "A name with a line break and an escape", STEERING_NAME, _holding(b"no picture"), ErrorCode.NOT_A_PICTURE
    yield "An empty file", "empty.png", Path.touch, ErrorCode.FILE_EMPTY


def _no_files() -> Cases:
    yield "Nothing of that name", "missing.png", lambda _: None, ErrorCode.FILE_MISSING
    if not IS_ADMINISTRATOR or CAN_GIVE_UP_PRIVILEGES:
        yield "A file that may not be read", "private.png", _private, ErrorCode.NO_PERMISSION
        yield "A folder that may not be read", "private", lambda path: path.mkdir(0), ErrorCode.NO_PERMISSION
    yield "A named pipe", "pipe.png", lambda path: os.mkfifo(path), ErrorCode.NOT_A_FILE
    yield "A device", "zero.png", lambda path: path.symlink_to("/dev/zero"), ErrorCode.NOT_A_FILE
    yield "A link that leads to itself", "loop.png", lambda path: path.symlink_to(path.name), ErrorCode.BROKEN_LINK
    yield "A link that leads nowhere", "dead.png", lambda path: path.symlink_to("nowhere"), ErrorCode.BROKEN_LINK
    yield "A folder that is called .png", "folder.png", Path.mkdir, ErrorCode.FOLDER_EMPTY
    yield "A folder without pictures", "notes", _folder_of_notes, ErrorCode.FOLDER_EMPTY
    yield "A folder with a link to itself", "looping", _folder_with_loop, ErrorCode.FOLDER_EMPTY
    yield "A folder with a link that leads nowhere", "leading nowhere", _folder_with_dead_link, ErrorCode.BROKEN_LINK
    yield "A folder with a named pipe", "piping", _folder_with_pipe, ErrorCode.NOT_A_FILE


def _holding(content: bytes) -> Make:
    def make(path: Path) -> None:
        path.write_bytes(content)

    return make


def _private(path: Path) -> None:
    path.write_bytes(encoded(page()))
    path.chmod(0)


def _folder_of_notes(path: Path) -> None:
    path.mkdir()
    (path / "notes.txt").write_text("no picture")


def _folder_with_loop(path: Path) -> None:
    path.mkdir()
    (path / "again").symlink_to(path)


def _folder_with_dead_link(path: Path) -> None:
    path.mkdir()
    (path / "gone.png").symlink_to("nowhere")


def _folder_with_pipe(path: Path) -> None:
    path.mkdir()
    os.mkfifo(path / "page.png")


def _png_saying(width: int, height: int) -> bytes:
    """A picture's file that is small and says that it is large."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    content = _chunk(b"IHDR", header) + _chunk(b"IDAT", zlib.compress(b"")) + _chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + content


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def _tiff_saying(width: int, height: int) -> bytes:
    """One strip of grey that is not there."""
    long, bits, strip, kind = 4, 258, 273, 262
    tags = {256: width, 257: height, bits: 8, 259: 1, kind: 1, strip: 200, 277: 1, 278: height, 279: width * height}
    entries = b"".join(struct.pack("<HHII", tag, long, 1, value & 0xFFFFFFFF) for tag, value in sorted(tags.items()))
    return b"II*\0" + struct.pack("<IH", 8, len(tags)) + entries + bytes(4) + bytes(200)


# What the real program says of them


def read_hostile(folder: Path, *arguments: Argument, server: ProviderServer) -> Ended:
    """Give these to `read`, with a server for the engine, as somebody who is not the administrator."""
    done = subprocess.run(
        [*_unprivileged(), *reading(server), *arguments],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        env=environment_with({"OCR_DESKTOP_API_KEY": KEY}),
        cwd=folder,
        timeout=PATIENCE_S,
        check=False,
    )
    return Ended(done.returncode, done.stdout, done.stderr)


def read_while(change: Callable[[Path], object], path: Path, *options: Argument) -> Ended:
    """Read a file of two pages, and do something with it while its first page is read."""
    path.write_bytes(two_pages())
    gate = Gate()
    with ProviderServer("any", _answer(gate), _answer()) as server:
        environment = {"OCR_DESKTOP_API_KEY": KEY}
        with Running(*reading(server)[len(COMMAND) :], *options, path, environment=environment) as running:
            gate.reached.wait()
            change(path)
            gate.open()
            return running.ended()


def vanish(path: Path) -> None:
    path.unlink()


def change(path: Path) -> None:
    path.write_bytes(two_pages() + b"more")


def reading(server: ProviderServer) -> tuple[str, ...]:
    """`read` with this server; no engine has to be loaded for what is tried here."""
    where = ("--engine", "custom", "--base-url", server.base_url, "--model", "m", "--preset", "free")
    return (*COMMAND, "read", *where)


def _answer(*gates: Gate) -> Script:
    return streamed(*gates, WORDS)


def _unprivileged() -> tuple[str, ...]:
    return ("setpriv", "--bounding-set", PRIVILEGES) if IS_ADMINISTRATOR and CAN_GIVE_UP_PRIVILEGES else ()


def table() -> Iterator[tuple[str, str, int]]:
    """Case, what is said, and the exit code, each by a program of its own."""
    with tempfile.TemporaryDirectory() as name, ProviderServer("any", _answer()) as server:
        folder = Path(name)
        for each in make_hostile_files(folder):
            ended = read_hostile(folder, os.path.relpath(each.path, folder), server=server)
            yield each.case, _said(ended), ended.code
        wrong = read_hostile(folder, "locked.pdf", "--password", "wrong", "--quiet", server=server)
        yield "PDF that is encrypted, wrong password", _said(wrong), wrong.code
        for case, do in (("vanishes", vanish), ("changes", change)):
            ended = read_while(do, folder / "two.tiff")
            yield f"A file that {case} while its first page is read", _said(ended), ended.code


def _said(ended: Ended) -> str:
    return " / ".join(ended.complaints) or f"read: {ended.text.strip()}"


if __name__ == "__main__":
    print("case | message | exit code")
    print("--- | --- | ---")
    for row in table():
        print(" | ".join(map(str, row)))
        sys.stdout.flush()
