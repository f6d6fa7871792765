"""PDFs written at run time, by hand, so that every oddity of theirs is one that a test asked for.

Coordinates are points with the origin at the bottom left, as in the files themselves.
"""

from __future__ import annotations

import io
import zlib
from collections.abc import Sequence
from dataclasses import dataclass

from PIL import Image

from tests.support.pdf_encryption import Encryption

HEADER = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"
CATALOG, PAGES, LATIN_FONT, CHINESE_FONT, DOWNWARD_FONT = range(1, 6)
FIRST_PAGE = 6


@dataclass(frozen=True, slots=True)
class Text:
    """Words whose base line begins at a point; hidden as in the text layer of a scan, downward as in old books."""

    words: str
    x: float = 72
    y: float = 700
    size: float = 18
    is_hidden: bool = False
    is_downward: bool = False
    matrix: str = "1 0 0 1"

    def operators(self) -> bytes:
        mode = 3 if self.is_hidden else 0
        if self.is_downward:
            font, words = "D", f"<{self.words.encode('utf-16-be').hex()}>"
        elif any(ord(letter) > 0xFF for letter in self.words):
            font, words = "C", f"<{self.words.encode('utf-16-be').hex()}>"
        else:
            font, words = "L", f"<{self.words.encode('cp1252').hex()}>"
        return f"BT {mode} Tr /{font} {self.size} Tf {self.matrix} {self.x} {self.y} Tm {words} Tj ET\n".encode()


@dataclass(frozen=True, slots=True)
class PdfPage:
    """One page: A4 unless its entries say otherwise; `entries` and `drawing` stand in the file as they are."""

    texts: tuple[Text, ...] = ()
    entries: str = ""
    drawing: str = ""
    box: tuple[float, float, float, float] = (0, 0, 595, 842)


def pdf_of(
    *pages: PdfPage,
    encryption: Encryption | None = None,
    catalog: str = "",
    further: Sequence[bytes] = (),
    page_count: int | None = None,
) -> bytes:
    """A whole file.

    Args:
        catalog: Entries of the catalog.
        further: Bodies of objects behind the pages, the first with the number `FIRST_PAGE + 2 * len(pages)`; it is
            what `/X Do` draws.
        page_count: What the file says, where that is not the truth.
    """
    numbers = [FIRST_PAGE + 2 * index for index in range(len(pages))]
    kids = " ".join(f"{number} 0 R" for number in numbers)
    count = len(pages) if page_count is None else page_count
    bodies = [
        f"<</Type/Catalog/Pages {PAGES} 0 R {catalog}>>".encode(),
        f"<</Type/Pages/Kids[{kids}]/Count {count}>>".encode(),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>",
        _chinese_font("UniGB-UCS2-H"),
        _chinese_font("UniGB-UCS2-V"),
    ]
    for number, page in zip(numbers, pages, strict=True):
        box = " ".join(map(str, page.box))
        entries = "" if "/MediaBox" in page.entries else f"/MediaBox[{box}]"
        bodies.append(
            f"<</Type/Page/Parent {PAGES} 0 R{entries}{page.entries}/Contents {number + 1} 0 R"
            f"/Resources<</Font<</L {LATIN_FONT} 0 R/C {CHINESE_FONT} 0 R/D {DOWNWARD_FONT} 0 R>>"
            f"/XObject<</X {numbers[-1] + 2} 0 R>>>>>>".encode()
        )
        operators = page.drawing.encode() + b"\n" + b"".join(text.operators() for text in page.texts)
        bodies.append(stream(operators))
    return file_of([*bodies, *further], encryption)


def stream(content: bytes, entries: str = "") -> bytes:
    """The body of a stream object."""
    return f"<</Length {len(content)}{entries}>>\nstream\n".encode() + content + b"\nendstream"


def file_of(bodies: Sequence[bytes], encryption: Encryption | None = None) -> bytes:
    """A file of these objects, counted from 1; the first is the catalog."""
    file = io.BytesIO()
    file.write(HEADER)
    offsets = []
    all_bodies = [*bodies]
    if encryption is not None:
        all_bodies = [encryption.of_body(number, body) for number, body in enumerate(bodies, 1)]
        all_bodies.append(encryption.dictionary())
    for number, body in enumerate(all_bodies, 1):
        offsets.append(file.tell())
        file.write(b"%d 0 obj\n%s\nendobj\n" % (number, body))
    table = file.tell()
    file.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(offsets) + 1))
    file.writelines(b"%010d 00000 n \n" % offset for offset in offsets)
    lock = (
        b""
        if encryption is None
        else b"/Encrypt %d 0 R/ID[<%s><%s>]" % ((len(offsets),) + (encryption.file_id_hex,) * 2)
    )
    file.write(b"trailer\n<</Size %d/Root %d 0 R%s>>\n" % (len(offsets) + 1, CATALOG, lock))
    file.write(b"startxref\n%d\n%%%%EOF\n" % table)
    return file.getvalue()


def numbered_pdf(page_count: int) -> bytes:
    """Pages that say which they are and hold some lines of text each."""
    return pdf_of(*(PdfPage(_numbered_texts(number)) for number in range(1, page_count + 1)))


def scanned_pdf(*pictures: Image.Image, dots_per_inch: float = 200) -> bytes:
    """A page for each picture, as a scanner writes them."""
    target = io.BytesIO()
    first, *others = pictures
    first.save(target, "PDF", save_all=True, append_images=others, resolution=dots_per_inch)
    return target.getvalue()


def picture_object(
    width: int, height: int, content: bytes, entries: str = "/BitsPerComponent 8/ColorSpace/DeviceGray"
) -> bytes:
    """The body of an image object, deflated, whatever its content is worth; drawn by `/X Do`."""
    packed = zlib.compress(content, 9)
    return stream(packed, f"/Type/XObject/Subtype/Image/Width {width}/Height {height}/Filter/FlateDecode{entries}")


def _chinese_font(encoding: str) -> bytes:
    """A font that is not in the file: readers take one of the system's."""
    system = "/CIDSystemInfo<</Registry(Adobe)/Ordering(GB1)/Supplement 2>>"
    descendant = f"<</Type/Font/Subtype/CIDFontType0/BaseFont/STSong-Light{system}/DW 1000>>"
    return (
        f"<</Type/Font/Subtype/Type0/BaseFont/STSong-Light/Encoding/{encoding}/DescendantFonts[{descendant}]>>".encode()
    )


def _numbered_texts(number: int) -> tuple[Text, ...]:
    title = Text(f"Page {number}", y=760, size=24)
    return (title, *(Text(f"Line {line} of page {number}", y=760 - 24 * line, size=12) for line in range(1, 21)))
