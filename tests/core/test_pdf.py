"""PDFs of every kind: their pages as pictures, and what cannot be opened."""

from __future__ import annotations

import pypdfium2
import pytest
from PIL import Image, ImageChops

from ocr_desktop.core import pdf as pdf_module
from ocr_desktop.core.errors import ErrorCode, InputError
from ocr_desktop.core.geometry import Size, quad_bounds
from ocr_desktop.core.pdf import OpenPdf, is_pdf
from tests.support.pdf_encryption import Encryption, Method
from tests.support.pdfs import (
    PdfPage,
    Text,
    file_of,
    numbered_pdf,
    pdf_of,
    picture_object,
    scanned_pdf,
    stream,
)

HELLO = PdfPage((Text("Hello world"),))
A4 = Size(1625, 2300)


def words_of(content: bytes, number: int = 1, password: str | None = None) -> list[str]:
    pdf = OpenPdf(content, password)
    words = [line.text for line in pdf.text_lines(number).lines]
    pdf.close()
    return words


def drawn(content: bytes, number: int = 1) -> Image.Image:
    pdf = OpenPdf(content)
    picture = pdf.render(number)
    pdf.close()
    return picture


def ink(picture: Image.Image) -> tuple[int, int, int, int] | None:
    return ImageChops.invert(picture.convert("L")).getbbox()


def failure_of(content: bytes, password: str | None = None) -> InputError:
    with pytest.raises(InputError) as failed:
        OpenPdf(content, password)
    return failed.value


def test_a_page_is_drawn_in_exactly_the_pixels_that_were_promised() -> None:
    for box in ((0, 0, 595, 842), (0, 0, 841.89, 595.28), (0, 0, 1, 1), (-7, -3, 100, 37.5), (0, 0, 227, 2835)):
        pdf = OpenPdf(pdf_of(PdfPage(box=box)))
        size = pdf.page_size(1)
        picture = pdf.render(1)
        assert (picture.mode, picture.size) == ("RGB", (size.width, size.height))
        small = pdf.render_small(1, 256)
        assert max(small.size) == 256
        longest = max(box[2] - box[0], box[3] - box[1])
        assert pdf.points_per_pixel(1) == pytest.approx(longest / max(picture.size), rel=1e-3)
        pdf.close()


def test_the_ground_is_white_and_ink_is_where_it_was_put() -> None:
    picture = drawn(pdf_of(PdfPage(drawing="1 0 0 rg 59.5 673.6 119 84.2 re f")))
    assert picture.getpixel((0, 0)) == (255, 255, 255)
    assert picture.getpixel((250, 300)) == (255, 0, 0)
    box = ink(picture)
    assert box is not None
    assert box == pytest.approx((162, 230, 487, 460), abs=1.5)


def test_what_is_half_transparent_is_mixed_with_white() -> None:
    page = PdfPage(drawing="/G gs 0 g 0 0 595 842 re f")
    content = pdf_of(page).replace(b"/Resources<<", b"/Resources<</ExtGState<</G<</ca 0.5>>>>")
    colour = drawn(content).getpixel((800, 1000))
    assert colour == pytest.approx((127, 127, 127), abs=2)


@pytest.mark.parametrize("quarter", [0, 1, 2, 3])
def test_a_page_is_shown_as_its_rotation_says(quarter: int) -> None:
    upright = drawn(pdf_of(HELLO))
    turned = drawn(pdf_of(PdfPage(HELLO.texts, entries=f"/Rotate {quarter * 90}")))
    expected = upright.rotate(-90 * quarter, expand=True)
    assert turned.size == expected.size
    assert ink(turned) == pytest.approx(ink(expected), abs=2)


def test_only_the_crop_box_is_shown() -> None:
    content = pdf_of(PdfPage((Text("inside", 100, 100), Text("outside", 400, 700)), entries="/CropBox[50 50 250 250]"))
    pdf = OpenPdf(content)
    assert pdf.page_size(1) == Size(2300, 2300)
    assert [line.text for line in pdf.text_lines(1).lines] == ["inside"]
    pdf.close()


def test_what_is_filled_in_and_noted_is_drawn_and_is_text() -> None:
    field = (
        b"<</Type/Annot/Subtype/Widget/FT/Tx/T(name)/V(Filled in)/Rect[100 500 300 540]/DA(/L 18 Tf 0 g)/P 6 0 R/F 4>>"
    )
    note = b"<</Type/Annot/Subtype/FreeText/Rect[100 300 300 340]/DA(/L 18 Tf 0 g)/AP<</N 10 0 R>>/P 6 0 R/F 4>>"
    look = stream(
        b"BT /L 18 Tf 2 10 Td (Remark) Tj ET",
        "/Type/XObject/Subtype/Form/BBox[0 0 200 40]/Resources<</Font<</L 3 0 R>>>>",
    )
    form = "/AcroForm<</Fields[8 0 R]/DR<</Font<</L 3 0 R>>>>/NeedAppearances true/DA(/L 18 Tf 0 g)>>"
    content = pdf_of(PdfPage(entries="/Annots[8 0 R 9 0 R]"), catalog=form, further=[field, note, look])
    pdf = OpenPdf(content)
    before = pdf.render(1)
    assert ink(before.crop((0, 800, 1625, 950))) is not None
    assert ink(before.crop((0, 1300, 1625, 1500))) is not None
    assert [line.text for line in pdf.text_lines(1).lines] == ["Filled in", "Remark"]
    assert ImageChops.difference(before, pdf.render(1)).getbbox() is None
    pdf.close()


def test_what_was_read_of_many_pages_is_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    opened = []
    handle = pdf_module._handle
    monkeypatch.setattr(pdf_module, "_handle", lambda *whole: opened.append(whole) or handle(*whole))
    pdf = OpenPdf(numbered_pdf(25))
    for number in range(1, 26):
        pdf.render_small(number, 32)
    pdf.close()
    assert len(opened) == 3


def test_scripts_never_run() -> None:
    assert "V8" not in pypdfium2.PDFIUM_INFO.flags
    script = "/OpenAction<</S/JavaScript/JS(while\\(true\\){})>>/AcroForm<</Fields[]>>"
    assert words_of(pdf_of(HELLO, catalog=script)) == ["Hello world"]


def test_every_page_is_itself_however_many_are_turned_over() -> None:
    pdf = OpenPdf(numbered_pdf(25))
    for number in (*range(1, 26), 3, 25, 1):
        assert pdf.text_lines(number).lines[0].text == f"Page {number}"
    pdf.close()


@pytest.mark.parametrize(
    "content",
    [b"%PDF-1.4", b"\n\n%PDF-1.7", b"x" * 1000 + b"%PDF-2.0", pdf_of(HELLO)],
)
def test_a_header_near_the_beginning_tells_a_pdf(content: bytes) -> None:
    assert is_pdf(content)


@pytest.mark.parametrize("content", [b"", b"PDF-1.4", b"x" * 1024 + b"%PDF-1.4"])
def test_anything_else_is_none(content: bytes) -> None:
    assert not is_pdf(content)


# Passwords


@pytest.mark.parametrize("method", list(Method))
def test_a_password_opens_what_it_locks(method: Method) -> None:
    content = pdf_of(HELLO, encryption=Encryption(method, "pässwörd", "öwner"))
    assert failure_of(content).code is ErrorCode.PASSWORD_NEEDED
    for wrong in ("", "passwort", "密码", "pässwörd\0", "\ud800"):
        assert failure_of(content, wrong).code is ErrorCode.PASSWORD_WRONG
    assert words_of(content, password="pässwörd") == ["Hello world"]
    assert words_of(content, password="öwner") == ["Hello world"]


@pytest.mark.parametrize("method", list(Method))
def test_an_empty_password_is_not_asked_for(method: Method) -> None:
    assert words_of(pdf_of(HELLO, encryption=Encryption(method))) == ["Hello world"]


def test_the_newest_encryption_knows_any_letters() -> None:
    content = pdf_of(HELLO, encryption=Encryption(Method.AES_256, "密码"))
    assert words_of(content, password="密码") == ["Hello world"]


def test_a_password_for_an_open_file_does_no_harm() -> None:
    assert words_of(pdf_of(HELLO), password="anything") == ["Hello world"]


# Damaged ones


@pytest.mark.parametrize("length", [9, 100, 400, 1000])
def test_a_beginning_of_a_file_is_damaged(length: int) -> None:
    assert failure_of(pdf_of(HELLO)[:length]).code is ErrorCode.PDF_DAMAGED


@pytest.mark.parametrize("spoilt", ["table", "end", "beginning"])
def test_what_can_be_mended_is_opened(spoilt: str) -> None:
    content = {
        "table": pdf_of(HELLO).replace(b"000000", b"999999"),
        "end": pdf_of(HELLO).replace(b"startxref", b"somewhere"),
        "beginning": b"HTTP/1.1 200 OK\r\n\r\n" + pdf_of(HELLO),
    }[spoilt]
    assert words_of(content) == ["Hello world"]


def test_a_file_without_pages_says_so() -> None:
    assert failure_of(pdf_of()).code is ErrorCode.NO_PAGES


def test_one_broken_page_fails_alone() -> None:
    content = pdf_of(HELLO, HELLO, HELLO).replace(b"8 0 obj\n<</Type/Page", b"8 0 obj\n<</Type/Xage")
    pdf = OpenPdf(content)
    assert pdf.page_count == 3
    for ask in (pdf.page_size, pdf.render, pdf.text_lines, pdf.has_text, pdf.points_per_pixel):
        with pytest.raises(InputError) as failed:
            ask(2)
        assert (failed.value.code, failed.value.fields) == (ErrorCode.PDF_DAMAGED, {"page": 2})
    assert [line.text for number in (1, 3) for line in pdf.text_lines(number).lines] == ["Hello world"] * 2
    pdf.close()


@pytest.mark.parametrize("number", [-1, 0, 2, 2**31 - 1])
def test_a_page_that_does_not_exist_is_an_error(number: int) -> None:
    pdf = OpenPdf(pdf_of(HELLO))
    with pytest.raises(InputError):
        pdf.render(number)
    pdf.close()


@pytest.mark.parametrize(
    ("claimed", "counted"), [(-1, 1), (0, 1), (2, 2), (4000, 2), (1_000_000, 2), (2_000_000_000, 1)]
)
def test_of_pages_that_a_file_only_claims_to_have_one_is_told_of(claimed: int, counted: int) -> None:
    pdf = OpenPdf(pdf_of(HELLO, page_count=claimed))
    assert pdf.page_count == counted
    assert pdf.text_lines(1).lines[0].text == "Hello world"
    for number in range(2, counted + 1):
        with pytest.raises(InputError) as failed:
            pdf.render(number)
        assert failed.value.code is ErrorCode.PDF_DAMAGED
    pdf.close()


def test_a_tree_of_pages_that_holds_itself_ends() -> None:
    looping = file_of(
        [
            b"<</Type/Catalog/Pages 2 0 R>>",
            b"<</Type/Pages/Kids[2 0 R 3 0 R]/Count 2>>",
            b"<</Type/Pages/Kids[2 0 R]/Count 1>>",
        ]
    )
    pdf = OpenPdf(looping)
    with pytest.raises(InputError) as failed:
        pdf.render(1)
    assert failed.value.code is ErrorCode.PDF_DAMAGED
    pdf.close()


def test_a_drawing_that_holds_itself_ends() -> None:
    drawing = stream(b"/X Do", "/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</X 8 0 R>>>>")
    assert drawn(pdf_of(PdfPage(drawing="/X Do"), further=[drawing])).size == (A4.width, A4.height)


@pytest.mark.parametrize(
    "entries", ["/MediaBox[0 0 0 0]", "/MediaBox[0 0 1e30 1e30]", "/MediaBox[0 0 x 9]", "/MediaBox 5"]
)
def test_a_page_of_no_sensible_size_gets_a_usual_one(entries: str) -> None:
    pdf = OpenPdf(pdf_of(PdfPage((Text("x"),), entries=entries)))
    assert max(pdf.page_size(1).width, pdf.page_size(1).height) == 2300
    assert pdf.render(1).size == (pdf.page_size(1).width, pdf.page_size(1).height)
    pdf.close()


def test_a_picture_that_says_it_is_larger_than_it_is_leaves_the_page_standing() -> None:
    bomb = picture_object(20_000, 20_000, bytes(1000), "/BitsPerComponent 1/ColorSpace/DeviceGray")
    page = PdfPage((Text("Hello world"),), drawing="q 500 0 0 500 40 40 cm /X Do Q")
    pdf = OpenPdf(pdf_of(page, further=[bomb]))
    assert ink(pdf.render(1)) is not None
    assert pdf.text_lines(1).lines[0].text == "Hello world"
    pdf.close()


# Text


def has_text(*texts: Text) -> bool:
    pdf = OpenPdf(pdf_of(PdfPage(texts)))
    answer = pdf.has_text(1)
    pdf.close()
    return answer


def test_a_page_has_text_where_some_can_be_read() -> None:
    assert has_text(Text("Hello"))
    assert has_text(Text("你好世界"))
    assert has_text(Text("the layer of a scan", is_hidden=True))
    assert not has_text()
    assert not has_text(Text("7"))
    assert not has_text(Text("\ue000\ue001\ue002\ue003\ue004"))


WORDS = "quick words that go on"
BODY = tuple(Text(WORDS, y=760 - 22 * row) for row in range(28))
HIDDEN = (Text("what a scanner found", is_hidden=True),)
STAMP = (Text("DOC-000123", 400, 20, 10),)
NOTE = tuple(
    Text(f"Downloaded from a library by somebody, terms of use apply {row}", 72, 12 + 9 * row, 7) for row in (0, 1, 2)
)
WATERMARK = (Text("CONFIDENTIAL", 60, 200, 90, matrix="0.7 0.7 -0.7 0.7"),)
WHOLE_PAGE = "q 595 0 0 842 0 0 cm /X Do Q"
STRIPS = "".join(f"q 500 0 0 50 40 {50 * row + 20} cm /X Do Q " for row in range(16))
WRAPPED = stream(
    b"q 1 0 0 1 0 0 cm /X Do Q", "/Type/XObject/Subtype/Form/BBox[0 0 1 1]/Resources<</XObject<</X 9 0 R>>>>"
)
PAINTED = picture_object(8, 8, bytes(64))


@pytest.mark.parametrize(
    ("texts", "drawing", "further", "expected"),
    [
        (STAMP, WHOLE_PAGE, [PAINTED], False),
        (NOTE, WHOLE_PAGE, [PAINTED], False),
        (WATERMARK, WHOLE_PAGE, [PAINTED], False),
        (STAMP, STRIPS, [PAINTED], False),
        (STAMP, WHOLE_PAGE, [WRAPPED, PAINTED], False),
        (STAMP, "q 200 0 0 200 72 300 cm /X Do Q", [PAINTED], True),
        (STAMP, "", [PAINTED], True),
        (BODY, WHOLE_PAGE, [PAINTED], True),
        (HIDDEN, WHOLE_PAGE, [PAINTED], True),
        (HIDDEN + STAMP, STRIPS, [PAINTED], True),
    ],
)
def test_what_was_stamped_on_a_scan_is_not_its_text(
    texts: tuple[Text, ...], drawing: str, further: list[bytes], expected: bool
) -> None:
    pdf = OpenPdf(pdf_of(PdfPage(texts, drawing=drawing), further=further))
    assert pdf.has_text(1) is expected
    pdf.close()


def test_a_page_with_more_text_than_is_taken_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf_module, "MOST_CHARACTERS", 11)
    pdf = OpenPdf(pdf_of(HELLO, PdfPage((Text("Hello world"), Text("and more", y=600)))))
    assert [(line.text, pdf.text_lines(1).is_cut) for line in pdf.text_lines(1).lines] == [("Hello world", False)]
    assert [(line.text, pdf.text_lines(2).is_cut) for line in pdf.text_lines(2).lines] == [("Hello world", True)]
    pdf.close()


def test_a_crop_box_beside_the_page_hides_nothing() -> None:
    pdf = OpenPdf(pdf_of(PdfPage((Text("Hello world"),), entries="/CropBox[2000 2000 2500 2500]")))
    (line,) = pdf.text_lines(1).lines
    box, bounds = ink(pdf.render(1)), quad_bounds(line.quad)
    assert box is not None
    assert bounds.contains((box[0] + box[2]) / 2, (box[1] + box[3]) / 2)
    pdf.close()


def test_a_scan_has_no_text() -> None:
    pdf = OpenPdf(scanned_pdf(Image.new("RGB", (600, 800), "white"), Image.new("RGB", (600, 800), "grey")))
    assert pdf.page_count == 2
    assert not pdf.has_text(2)
    assert pdf.text_lines(2).lines == ()
    assert pdf.render(2).getpixel((9, 9)) == pytest.approx((128, 128, 128), abs=2)
    pdf.close()
