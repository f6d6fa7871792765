"""Colours come out as their profile means them, and a profile that makes no sense changes nothing."""

from __future__ import annotations

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageCms

from ocr_desktop.core import images
from tests.support.colour_profiles import grey_profile, ink_profile, profile, rgb_profile
from tests.support.pictures import encoded

WIDE = rgb_profile()
SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def shown_as(picture: Image.Image, icc_profile: bytes, format_name: str = "PNG", **options: object) -> Image.Image:
    """What is shown of a picture that has this profile."""
    result = images.decode(encoded(picture, format_name, icc_profile=icc_profile, **options)).picture
    assert result.mode == "RGB"
    return result


def near(colour: object, expected: tuple[int, int, int], tolerance: int = 3) -> bool:
    assert isinstance(colour, tuple)
    return all(abs(one - other) <= tolerance for one, other in zip(colour, expected, strict=True))


@pytest.mark.parametrize("format_name", ["PNG", "JPEG", "TIFF", "WEBP"])
@pytest.mark.parametrize(
    ("stored", "meant"),
    # Adobe RGB to sRGB: the usual numbers of colour calculators.
    [((200, 100, 50), (227, 100, 42)), ((128, 128, 128), (128, 128, 128)), ((60, 160, 200), (0, 161, 203)),
     ((255, 255, 255), (255, 255, 255)), ((0, 0, 0), (0, 0, 0))],
)  # fmt: skip
def test_a_wide_gamut_becomes_srgb(format_name: str, stored: tuple[int, int, int], meant: tuple[int, int, int]) -> None:
    options = {"quality": 100, "subsampling": 0} if format_name == "JPEG" else {}
    options = {"lossless": True} if format_name == "WEBP" else options
    result = shown_as(Image.new("RGB", (16, 16), stored), WIDE, format_name, **options)
    assert near(result.getpixel((8, 8)), meant)


def test_a_picture_in_srgb_stays_as_it_is_to_the_bit() -> None:
    picture = Image.effect_noise((64, 64), 90)
    picture = Image.merge("RGB", (picture, picture.rotate(90), picture.rotate(180)))
    assert shown_as(picture, SRGB).tobytes() == picture.tobytes()


@pytest.mark.parametrize("format_name", ["PNG", "JPEG", "TIFF"])
def test_grey_has_its_own_curve(format_name: str) -> None:
    options = {"quality": 100} if format_name == "JPEG" else {}
    assert near(
        shown_as(Image.new("L", (16, 16), 64), grey_profile(1.0), format_name, **options).getpixel((8, 8)),
        (137, 137, 137),
    )


def test_sixteen_bit_grey_has_its_curve_too() -> None:
    picture = Image.new("I;16", (16, 16), 65535)
    picture.putpixel((0, 0), 64 * 257)
    assert near(shown_as(picture, grey_profile(1.0)).getpixel((0, 0)), (137, 137, 137))


@pytest.mark.parametrize("format_name", ["JPEG", "TIFF"])
def test_inks_are_those_of_the_profile(format_name: str) -> None:
    options = {"quality": 100, "subsampling": 0} if format_name == "JPEG" else {}
    for inks, meant in (
        ((0, 0, 0, 0), (255, 255, 255)),
        ((0, 0, 255, 0), (255, 178, 74)),
        ((0,) * 3 + (255,), (0,) * 3),
    ):
        shown = shown_as(Image.new("CMYK", (16, 16), inks), ink_profile(), format_name, **options)
        assert near(shown.getpixel((8, 8)), meant, 4)


def test_colours_with_transparency_are_converted_before_they_are_made_solid() -> None:
    picture = Image.new("RGBA", (40, 40), (0, 0, 0, 0))
    picture.paste((200, 100, 50, 255), (10, 10, 30, 30))
    shown = shown_as(picture, WIDE)
    assert near(shown.getpixel((20, 20)), (227, 100, 42))
    assert shown.getpixel((2, 2)) in {(255, 255, 255), (0, 0, 0)}
    grey = Image.new("LA", (40, 40), (64, 255))
    grey.putpixel((0, 0), (0, 0))
    assert near(shown_as(grey, grey_profile(1.0)).getpixel((20, 20)), (137, 137, 137))


@pytest.mark.parametrize("transparency", [{}, {"transparency": 1}])
def test_a_palette_has_the_colours_of_the_profile(transparency: dict[str, int]) -> None:
    picture = Image.new("P", (40, 40), 0)
    picture.putpalette([200, 100, 50, 0, 0, 0])
    picture.putpixel((0, 0), 1)
    assert near(shown_as(picture, WIDE, **transparency).getpixel((20, 20)), (227, 100, 42))


@pytest.mark.parametrize(
    ("mode", "icc_profile"),
    [
        ("RGB", b"no profile"), ("RGB", WIDE[:200]), ("RGB", b"\0" * 500), ("RGB", ink_profile()),
        ("RGB", grey_profile(1.0)), ("L", WIDE), ("CMYK", WIDE), ("CMYK", ink_profile(is_upside_down=True)),
        ("RGB", profile(b"RGB ", {})), ("RGB", rgb_profile(((0, 0, 0),) * 3)), ("1", WIDE),
    ],
)  # fmt: skip
def test_a_profile_that_is_broken_absurd_or_of_another_kind_is_ignored(mode: str, icc_profile: bytes) -> None:
    picture = Image.new("RGB", (16, 16), "white").convert(mode)
    picture.paste(
        picture.getpixel((0, 0)) if mode == "1" else {"RGB": (200, 100, 50), "L": 90}.get(mode, 60), (4, 4, 8, 8)
    )
    plain = images.decode(encoded(picture, "TIFF")).picture
    assert shown_as(picture, icc_profile, "TIFF").tobytes() == plain.tobytes()


@settings(max_examples=80, deadline=None)
@given(st.data())
def test_no_damage_to_a_profile_is_an_error(data: st.DataObject) -> None:
    mode, made = data.draw(st.sampled_from([("RGB", WIDE), ("L", grey_profile(1.8)), ("CMYK", ink_profile())]))
    content = bytearray(made)
    for _ in range(data.draw(st.integers(1, 6))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    picture = Image.new(mode, (8, 8))
    assert shown_as(picture, bytes(content[: data.draw(st.integers(1, len(content)))]), "TIFF").size == (8, 8)


def test_what_is_left_is_pixels_alone() -> None:
    exif = Image.Exif()
    exif[0x010E] = "a description"
    content = encoded(Image.new("RGB", (8, 8)), "JPEG", exif=exif, icc_profile=WIDE, comment=b"a comment")
    assert set(Image.open(io.BytesIO(content)).info) >= {"exif", "icc_profile", "comment"}
    assert images.decode(content).picture.info == {}
