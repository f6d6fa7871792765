"""QR codes and bar codes that are drawn here are read; text, noise and photographs hold none."""

from __future__ import annotations

from contextlib import aclosing

import numpy as np
import pytest
import zxingcpp
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from ocr_desktop.core.events import CodeFound, LineFound
from ocr_desktop.core.geometry import View
from ocr_desktop.worker.codes import codes_in, is_in_code
from tests.support.pictures import Words, draw_page
from tests.support.workers import open_reader, stored

Format = zxingcpp.BarcodeFormat
LINK = "https://example.org/invoice?number=2031"
SLACK = 12


def drawn(content: str | bytes, symbology: zxingcpp.BarcodeFormat, scale: int = 4) -> Image.Image:
    """A code with a rim."""
    code = zxingcpp.create_barcode(content, symbology)
    return Image.fromarray(np.array(code.to_image(scale=scale, add_quiet_zones=True))).convert("RGB")


def page_with(*codes: tuple[Image.Image, int, int], ground: str = "white") -> Image.Image:
    page = draw_page(Words("Scan to pay this invoice", 60, 40, 30), size=(1000, 900), ground=ground)
    for code, x, y in codes:
        page.paste(code, (x, y))
    return page


def found_on(page: Image.Image) -> list[CodeFound]:
    return codes_in(blue_first(page))


def blue_first(page: Image.Image) -> NDArray[np.uint8]:
    return np.ascontiguousarray(np.asarray(page)[:, :, ::-1])


@pytest.mark.parametrize(
    ("symbology", "content", "name"),
    [
        (Format.QRCode, LINK, "QR Code"),
        (Format.QRCode, "中文内容，两行\nsecond line", "QR Code"),
        (Format.DataMatrix, "LOT 4711", "Data Matrix"),
        (Format.Aztec, "ticket 99", "Aztec"),
        (Format.PDF417, "boarding pass", "PDF417"),
        (Format.Code128, "ABC-1234", "Code 128"),
        (Format.EAN13, "4006381333931", "EAN-13"),
        (Format.Code39, "PART-39", "Code 39"),
        (Format.ITF, "12345678", "ITF"),
    ],
)
def test_a_code_says_what_it_holds_and_of_what_kind_it_is(
    symbology: zxingcpp.BarcodeFormat, content: str, name: str
) -> None:
    (code,) = found_on(page_with((drawn(content, symbology), 300, 300)))
    assert (code.text, code.symbology) == (content, name)


def test_several_codes_on_a_page_each_have_their_own_place() -> None:
    first, second = drawn(LINK, Format.QRCode), drawn("4006381333931", Format.EAN13)
    codes = found_on(page_with((first, 80, 200), (second, 500, 600)))
    places = {code.text: code.quad for code in codes}
    assert set(places) == {LINK, "4006381333931"}
    (left, top), _, (right, bottom), _ = places[LINK]
    rim = 4 * 4
    assert (left, top) == pytest.approx((80 + rim, 200 + rim), abs=SLACK)
    assert (right, bottom) == pytest.approx((80 + first.width - rim, 200 + first.height - rim), abs=SLACK)


@pytest.mark.parametrize("turn", [0, 90, 180, 270, 17])
def test_a_turned_code_is_read_and_its_corners_begin_at_its_own_top_left(turn: int) -> None:
    code = drawn(LINK, Format.QRCode)
    (found,) = found_on(page_with((code.rotate(-turn, expand=True, fillcolor="white"), 300, 300)))
    assert found.text == LINK
    (x_0, y_0), (x_1, y_1) = found.quad[0], found.quad[1]
    angle = np.degrees(np.arctan2(y_1 - y_0, x_1 - x_0)) % 360
    assert min(abs(angle - turn), 360 - abs(angle - turn)) < 5


def test_small_light_blurred_and_inverted_codes_are_read() -> None:
    small = drawn(LINK, Format.QRCode, scale=3).filter(ImageFilter.GaussianBlur(0.8))
    assert [code.text for code in found_on(page_with((small, 400, 400)))] == [LINK]
    light = Image.eval(drawn(LINK, Format.QRCode), lambda value: 255 - value)
    assert [code.text for code in found_on(page_with((light, 400, 400), ground="black"))] == [LINK]


def test_a_large_scan_with_a_small_code_is_measured_in_its_own_pixels() -> None:
    code = drawn(LINK, Format.QRCode, scale=7)
    scan = Image.new("RGB", (2480, 3508), "white")
    scan.paste(code, (1900, 3000))
    (found,) = found_on(scan)
    assert found.quad[0] == pytest.approx((1900 + 28, 3000 + 28), abs=SLACK)


def test_bytes_that_are_no_text_and_characters_that_steer_are_written_out() -> None:
    (binary,) = found_on(page_with((drawn(b"\x00\xff\xfe\x01", Format.QRCode), 300, 300)))
    assert binary.text == "00 ff fe 01"
    (steering,) = found_on(page_with((drawn("pay \u202eexe.nnod", Format.QRCode), 300, 300)))
    assert steering.text == r"pay \u202eexe.nnod"
    (controls,) = found_on(page_with((drawn("a\x1b[31mb", Format.Code128), 300, 300)))
    assert "\x1b" not in controls.text


def test_a_link_with_a_character_that_steers_stays_readable() -> None:
    (code,) = found_on(page_with((drawn(f"{LINK}\x07".encode(), Format.QRCode), 300, 300)))
    assert code.text == LINK + r"\x07"


def test_text_stripes_noise_and_grids_hold_no_code() -> None:
    text = draw_page(*[Words("Illllll |||| 1111 IIIII || l1l1 ||||", 20, 20 + 36 * i, 28) for i in range(20)])
    assert found_on(text) == []
    random = np.random.default_rng(11)
    for shape in ((400, 400), (60, 800)):
        noise = random.integers(0, 2, shape, np.uint8) * 255
        assert found_on(Image.fromarray(noise).convert("RGB")) == []
        stripes = np.repeat(random.integers(0, 2, (1, shape[1]), np.uint8) * 255, shape[0], axis=0)
        assert found_on(Image.fromarray(stripes).resize((shape[1] * 3, 200)).convert("RGB")) == []


@pytest.mark.parametrize("size", [(1, 1), (5, 5), (15, 2000), (2000, 17)])
def test_tiny_and_thin_pictures_are_no_trouble(size: tuple[int, int]) -> None:
    assert codes_in(np.full((*size, 3), 255, np.uint8)) == []


def test_a_line_lies_in_a_code_where_its_middle_does() -> None:
    code = CodeFound("", ((100.0, 100.0), (200.0, 100.0), (200.0, 200.0), (100.0, 200.0)), "QR Code")

    def line(x: float, y: float) -> NDArray[np.float32]:
        return np.array([(x - 30, y - 8), (x + 30, y - 8), (x + 30, y + 8), (x - 30, y + 8)], np.float32)

    assert is_in_code(line(150, 110), [code])
    assert not is_in_code(line(150, 220), [code])
    assert not is_in_code(line(150, 150), [])


async def test_a_page_gives_its_codes_and_its_words_but_no_words_out_of_a_code() -> None:
    code = zxingcpp.create_barcode(LINK, Format.QRCode, ec_level="H")
    picture = Image.fromarray(np.array(code.to_image(scale=12, add_quiet_zones=True))).convert("RGB")
    # As a shop's name stands in the middle of its code.
    picture.paste(
        draw_page(Words("PAY", 10, 8, 36), size=(96, 60)), ((picture.width - 96) // 2, picture.height // 2 - 30)
    )
    page = page_with((picture, 300, 200))
    async with open_reader() as (store, reader), aclosing(reader.read(stored(store, page), View())) as events:
        found = [event async for event in events]
    assert [event.text for event in found if isinstance(event, CodeFound)] == [LINK]
    assert [event.text for event in found if isinstance(event, LineFound)] == ["Scan to pay this invoice"]
