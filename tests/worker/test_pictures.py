"""Pictures through the real worker: what is opened, what is sent, and what cannot be."""

from __future__ import annotations

import asyncio
import hashlib
import io
import os
from pathlib import Path

import pytest
from PIL import Image, ImageChops

from ocr_desktop.core.document import WarningCode
from ocr_desktop.core.errors import ErrorCode, InputError
from ocr_desktop.core.geometry import PixelBox, Size, View
from ocr_desktop.core.page_places import PagePlace
from ocr_desktop.core.pdf import MOST_CHARACTERS
from ocr_desktop.core.pdf_lines import TextLines
from ocr_desktop.core.secret import Secret
from tests.support.colour_profiles import rgb_profile
from tests.support.odd_pictures import three_pages
from tests.support.pdf_encryption import Encryption, Method
from tests.support.pdfs import PdfPage, Text, pdf_of
from tests.support.pictures import Words, draw_page, encoded
from tests.support.workers import MOST_PIXELS, lines_of, open_in, open_pictures, open_reader, picture_in, stored

PAGE = draw_page(Words("Some words", 10, 10), Words("at the end", 1200, 900), size=(1500, 1001))


def same(one: Image.Image, other: Image.Image) -> bool:
    return one.size == other.size and ImageChops.difference(one, other).getbbox() is None


async def test_a_file_is_opened_in_all_levels(tmp_path: Path) -> None:
    path = tmp_path / "扫描\n1.png"
    path.write_bytes(encoded(PAGE))
    async with open_pictures() as (store, pictures):
        opened = await open_in(pictures, path)
        assert opened.pixels.size == Size(1500, 1001)
        assert opened.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
        assert (opened.format, opened.warnings) == ("PNG", ())
        assert same(picture_in(store, opened.pixels), PAGE)
        assert same(picture_in(store, opened.pixels, level=1), PAGE.reduce(2))


async def test_a_relative_path_is_meant_from_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "page.png").write_bytes(encoded(PAGE))
    async with open_pictures() as (_, pictures):
        await open_in(pictures, encoded(PAGE))
        monkeypatch.chdir(tmp_path)
        assert (await open_in(pictures, Path("page.png"))).pixels.size == Size(1500, 1001)


async def test_bytes_are_opened_and_turned_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    async with open_pictures() as (store, pictures):
        opened = await open_in(pictures, encoded(PAGE.transpose(Image.Transpose.ROTATE_90), exif=exif))
        assert opened.pixels.size == Size(1500, 1001)
        assert same(picture_in(store, opened.pixels), PAGE)


async def test_two_pictures_do_not_touch_each_other() -> None:
    async with open_pictures() as (store, pictures):
        black, white = await asyncio.gather(
            *(open_in(pictures, encoded(Image.new("RGB", (700, 900), colour))) for colour in ("black", "white"))
        )
        assert picture_in(store, black.pixels).getextrema() == ((0, 0),) * 3
        assert picture_in(store, white.pixels).getextrema() == ((255, 255),) * 3


async def test_a_truncated_jpeg_is_shown_as_far_as_it_goes() -> None:
    content = encoded(PAGE, "JPEG")
    async with open_pictures() as (_, pictures):
        opened = await open_in(pictures, content[: len(content) // 2])
        assert opened.warnings == (WarningCode.PICTURE_TRUNCATED,)


async def test_each_bad_input_has_its_error_and_the_worker_goes_on(tmp_path: Path) -> None:
    def written(name: str, content: bytes) -> Path:
        (tmp_path / name).write_bytes(content)
        return tmp_path / name

    os.mkfifo(tmp_path / "pipe")
    bomb = b"P6\n65536 65536\n255\n" + b"\0" * 100
    jpeg = encoded(PAGE, "JPEG")
    cases = {
        tmp_path / "missing.png": ErrorCode.FILE_MISSING,
        tmp_path: ErrorCode.NOT_A_FILE,
        tmp_path / "pipe": ErrorCode.NOT_A_FILE,
        Path("/dev/zero"): ErrorCode.NOT_A_FILE,
        written("empty.png", b""): ErrorCode.FILE_EMPTY,
        written("words.png", b"no picture"): ErrorCode.NOT_A_PICTURE,
        written("bomb.ppm", bomb): ErrorCode.PICTURE_TOO_LARGE,
        written("cut.jpg", jpeg[: jpeg.index(b"\xff\xda") + 12]): ErrorCode.PICTURE_DAMAGED,
    }
    async with open_pictures() as (store, pictures):
        await open_in(pictures, encoded(PAGE))
        process = pictures.process_id
        in_use = os.fstat(store.descriptor).st_size
        for path, code in cases.items():
            with pytest.raises(InputError) as caught:
                await open_in(pictures, path)
            assert (caught.value.code, caught.value.fields["name"]) == (code, path.name)
        assert pictures.process_id == process
        assert os.fstat(store.descriptor).st_size == in_use


async def test_bytes_that_are_no_picture_have_no_name() -> None:
    async with open_pictures() as (_, pictures):
        for content, code in {b"": ErrorCode.FILE_EMPTY, b"words": ErrorCode.NOT_A_PICTURE}.items():
            with pytest.raises(InputError) as caught:
                await open_in(pictures, content)
            assert (caught.value.code, caught.value.fields["name"]) == (code, "")


async def test_a_file_that_grows_another_picture_meanwhile(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "page.png"
    path.write_bytes(encoded(PAGE))
    async with open_pictures() as (store, pictures):
        reserve = store.reserve

        def replaced_before_it_is_decoded(size: Size) -> object:
            path.write_bytes(encoded(PAGE.reduce(2)))
            return reserve(size)

        monkeypatch.setattr(store, "reserve", replaced_before_it_is_decoded)
        with pytest.raises(InputError) as caught:
            await open_in(pictures, path)
        assert caught.value.code is ErrorCode.PICTURE_CHANGED
        assert os.fstat(store.descriptor).st_size == 0


async def test_what_is_sent_is_what_the_view_shows() -> None:
    async with open_pictures() as (store, pictures):
        pixels = stored(store, PAGE)
        view = View(1, PixelBox(1190, 880, 1400, 960))
        sent = await pictures.encode(pixels, view, longest_side=2300, formats=("image/png", "image/jpeg"))
        assert (sent.media_type, sent.size) == ("image/png", Size(80, 210))
        expected = PAGE.crop((1190, 880, 1400, 960)).transpose(Image.Transpose.ROTATE_270)
        assert same(Image.open(io.BytesIO(sent.data)).convert("RGB"), expected)


async def test_a_large_picture_is_sent_smaller() -> None:
    async with open_pictures() as (store, pictures):
        pixels = stored(store, PAGE)
        sent = await pictures.encode(pixels, View(), longest_side=750, formats=("image/jpeg",))
        assert (sent.media_type, sent.size) == ("image/jpeg", Size(750, 500))
        assert Image.open(io.BytesIO(sent.data)).size == (750, 500)


async def test_the_file_has_no_more_bytes_than_are_taken() -> None:
    noise = Image.merge("RGB", [Image.effect_noise((800, 600), 80) for _ in range(3)])
    async with open_pictures() as (store, pictures):
        pixels = stored(store, noise)
        for most_bytes in (200_000, 20_000):
            sent = await pictures.encode(
                pixels, View(), longest_side=2300, formats=("image/png", "image/jpeg"), most_bytes=most_bytes
            )
            assert len(sent.data) <= most_bytes
            assert Image.open(io.BytesIO(sent.data)).size == (sent.size.width, sent.size.height)


async def test_nothing_of_the_files_own_words_is_sent(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x010E] = "taken at home"
    exif.get_ifd(0x8825)[29] = "2026:11:21"
    path = tmp_path / "my holiday.jpg"
    path.write_bytes(encoded(PAGE, "JPEG", exif=exif, comment=b"Somebody", icc_profile=rgb_profile()))
    async with open_pictures() as (_, pictures):
        opened = await open_in(pictures, path)
        for media_type in ("image/png", "image/jpeg", "image/webp"):
            sent = await pictures.encode(opened.pixels, View(), longest_side=2300, formats=(media_type,))
            for words in (b"Exif", b"taken at home", b"2026:11:21", b"Somebody", b"holiday", b"ICC_PROFILE", b"A test"):
                assert words not in sent.data


async def test_what_is_shown_and_what_is_sent_have_the_colours_that_the_profile_means() -> None:
    async with open_pictures() as (store, pictures):
        opened = await open_in(pictures, encoded(Image.new("RGB", (40, 30), (200, 100, 50)), icc_profile=rgb_profile()))
        shown = picture_in(store, opened.pixels)
        sent = await pictures.encode(opened.pixels, View(), longest_side=2300, formats=("image/png",))
        assert same(Image.open(io.BytesIO(sent.data)), shown)
        assert all(abs(one - other) <= 3 for one, other in zip(shown.getpixel((9, 9)), (227, 100, 42), strict=True))


async def test_a_picture_that_is_being_encoded_keeps_its_place_until_then() -> None:
    async with open_pictures() as (store, pictures):
        pixels = stored(store, PAGE)
        encodings = [
            asyncio.create_task(pictures.encode(pixels, view, longest_side=2300, formats=("image/png",)))
            for view in (View(), View(2))
        ]
        # Both have asked before the place is given back.
        await asyncio.sleep(0)
        pictures.release(pixels)
        other = stored(store, Image.new("RGB", PAGE.size, "red"))
        assert other.offset != pixels.offset
        files = await asyncio.gather(*encodings)
        upright, turned = (Image.open(io.BytesIO(file.data)).convert("RGB") for file in files)
        assert same(upright, PAGE)
        assert same(turned, PAGE.transpose(Image.Transpose.ROTATE_180))
        assert store.reserve(pixels.size).offset == pixels.offset


async def test_pages_of_a_tiff_are_opened_by_number_and_counted(tmp_path: Path) -> None:
    path = tmp_path / "no ending"
    path.write_bytes(three_pages())
    async with open_pictures() as (store, pictures):
        facts = await pictures.survey(PagePlace(path), most_pixels=MOST_PIXELS)
        assert (facts.format, facts.page_count) == ("TIFF", 3)
        for number, size in ((3, Size(64, 48)), (2, Size(128, 96))):
            opened = await open_in(pictures, path, number)
            assert (opened.pixels.size, opened.page_count) == (size, 3)
            assert picture_in(store, opened.pixels).getpixel((1, 1)) == (0, 0, 0)
        with pytest.raises(InputError) as caught:
            await open_in(pictures, path, 4)
        assert (caught.value.code, caught.value.fields["name"]) == (ErrorCode.PAGES_MISSING, "no ending")


async def test_a_thumbnail_is_upright_and_no_larger_than_asked_for(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    content = encoded(PAGE.transpose(Image.Transpose.ROTATE_90), "JPEG", exif=exif, quality=90)
    async with open_pictures() as (_, pictures):
        for source, number, size in ((content, 1, Size(150, 100)), (three_pages(), 3, Size(64, 48))):
            small = await pictures.thumbnail(PagePlace(source, number), longest_side=150, most_pixels=MOST_PIXELS)
            assert small.size == size
            picture = Image.frombytes("RGB", (size.width, size.height), small.rgb)
            assert min(picture.getpixel((size.width - 4, size.height - 4))) > 200
        with pytest.raises(InputError) as caught:
            await pictures.thumbnail(PagePlace(content), longest_side=150, most_pixels=1_000_000)
        assert caught.value.code is ErrorCode.PICTURE_TOO_LARGE


async def test_the_limit_is_the_one_that_was_asked_with() -> None:
    content = encoded(Image.new("1", (15_000, 15_000)))
    async with open_pictures() as (store, pictures):
        for most_pixels in (1_000_000, MOST_PIXELS):
            with pytest.raises(InputError) as caught:
                await pictures.open(PagePlace(content), most_pixels=most_pixels)
            assert caught.value.fields["limit_megapixels"] == most_pixels // 1_000_000
        assert os.fstat(store.descriptor).st_size == 0
        facts = await pictures.survey(PagePlace(content), most_pixels=300_000_000)
        assert facts.page_count == 1


async def test_a_picture_has_no_text_of_its_own() -> None:
    async with open_pictures() as (_, pictures):
        assert await pictures.text_lines(PagePlace(encoded(PAGE))) == TextLines()


async def test_a_page_with_more_text_than_is_taken_says_so() -> None:
    full = pdf_of(PdfPage((Text("dust " * (MOST_CHARACTERS // 5 + 1), size=0.01),)))
    async with open_pictures() as (_, pictures):
        assert (await pictures.text_lines(PagePlace(full))).is_cut


async def test_what_is_ignored_is_not_sent() -> None:
    async with open_pictures() as (store, pictures):
        pixels = stored(store, PAGE)
        head = PixelBox(0, 0, 400, 60)
        for crop in (None, PixelBox(100, 20, 1500, 1001)):
            view = View(1, crop, (head,))
            sent = await pictures.encode(pixels, view, longest_side=2300, formats=("image/png",))
            expected = PAGE.copy()
            expected.paste("white", (0, 0, 400, 60))
            part = expected.crop((100, 20, 1500, 1001)) if crop else expected
            shown = Image.open(io.BytesIO(sent.data)).convert("RGB")
            assert same(shown, part.transpose(Image.Transpose.ROTATE_270))


async def test_what_is_ignored_is_not_read() -> None:
    async with open_reader() as (store, reader):
        page = draw_page(Words("Page head", 20, 20, 40), Words("The words", 20, 120, 40), size=(320, 200))
        pixels = stored(store, page)
        assert [line.text for line in await lines_of(reader, pixels, View(0, None, (PixelBox(0, 0, 320, 80),)))] == [
            "The words"
        ]


async def test_nothing_is_written_beside_the_source(tmp_path: Path) -> None:
    path = tmp_path / "page.png"
    path.write_bytes(encoded(PAGE))
    before = os.stat(path), os.stat(tmp_path)  # noqa: PTH116
    async with open_pictures() as (_, pictures):
        opened = await open_in(pictures, path)
        await pictures.encode(opened.pixels, View(), longest_side=2300, formats=("image/png",))
        await pictures.thumbnail(PagePlace(path), longest_side=100, most_pixels=MOST_PIXELS)
    after = os.stat(path), os.stat(tmp_path)  # noqa: PTH116
    for one, other in zip(before, after, strict=True):
        assert (one.st_mtime_ns, one.st_ctime_ns, one.st_size) == (other.st_mtime_ns, other.st_ctime_ns, other.st_size)


async def test_a_pdf_opens_with_its_password_alone_though_it_was_open_a_moment_ago(tmp_path: Path) -> None:
    path = tmp_path / "locked.pdf"
    pages = [PdfPage((Text(f"Page {number}"),)) for number in (1, 2)]
    path.write_bytes(pdf_of(*pages, encryption=Encryption(Method.AES_256, user="open sesame")))
    async with open_pictures() as (_, pictures):
        for password, code in ((None, ErrorCode.PASSWORD_NEEDED), ("guessed", ErrorCode.PASSWORD_WRONG)):
            place = PagePlace(path, 2, Secret("open sesame"))
            opened = await pictures.open(place, most_pixels=MOST_PIXELS)
            assert (opened.format, opened.page_count, opened.has_text) == ("PDF", 2, True)
            assert opened.points_per_pixel == pytest.approx(842 / opened.pixels.size.height, rel=0.01)
            lines = (await pictures.text_lines(place)).lines
            assert [line.text for line in lines] == ["Page 2"]
            assert lines[0].quad[2][0] < opened.pixels.size.width
            pictures.release(opened.pixels)
            with pytest.raises(InputError) as caught:
                await pictures.open(PagePlace(path, 2, Secret(password) if password else None), most_pixels=MOST_PIXELS)
            assert (caught.value.code, caught.value.fields["name"]) == (code, "locked.pdf")
