"""Colours as they were meant: a picture's own colour profile (ICC) applied, so that it is sRGB as screens expect it."""

from __future__ import annotations

import io
import itertools

from PIL import Image, ImageChops, ImageCms

MODES = {"RGB": "RGB", "GRAY": "L", "CMYK": "CMYK"}
"""Pillow's mode for the colour space that a profile is about."""
PROBE_STEPS = (0, 51, 102, 153, 204, 255)
SAME_COLOUR = 2
"""Two colours that differ by no more in any band, of 255, are the same to the eye."""
LEAST_CONTRAST = 96
"""Between white and black, of 255; a profile that leaves less would hide the words."""


def in_srgb(picture: Image.Image, profile: bytes) -> Image.Image:
    """The picture as sRGB in mode RGB; as it is where the profile is broken, absurd, of another kind, or sRGB itself.

    Args:
        picture: Mode RGB, L or CMYK.
        profile: A file of the International Color Consortium, as it stood in the picture.
    """
    try:
        transform = _transform_of(profile, picture.mode)
        if transform is None:
            return picture
        probe = _probe(picture.mode)
        shown = ImageCms.applyTransform(probe, transform)
        if shown is None or not _is_sane(shown):
            return picture
        if picture.mode == "RGB" and _difference(probe, shown) <= SAME_COLOUR:
            return picture
        # In place where it can be: a second copy of a large picture may be more than there is memory for.
        return ImageCms.applyTransform(picture, transform, inPlace=picture.mode == "RGB") or picture
    except (OSError, ValueError, TypeError, ImageCms.PyCMSError):
        return picture


def _transform_of(profile: bytes, mode: str) -> ImageCms.ImageCmsTransform | None:
    """From the profile's colours to sRGB; None where the profile is not about pictures of this mode."""
    source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
    if MODES.get(source.profile.xcolor_space.strip()) != mode:
        return None
    return ImageCms.buildTransform(
        source,
        ImageCms.createProfile("sRGB"),
        mode,
        "RGB",
        ImageCms.Intent.RELATIVE_COLORIMETRIC,
        # Ink's black is a dark grey; on a screen it is black, as everybody's viewer shows it.
        ImageCms.Flags.BLACKPOINTCOMPENSATION,
    )


def _probe(mode: str) -> Image.Image:
    """A few colours of the whole range in one row, white first and black last."""
    if mode == "L":
        colours = [bytes([255 - value]) for value in range(256)]
    elif mode == "CMYK":
        colours = [bytes((0, 0, 0, value)) for value in range(256)]
    else:
        colours = [bytes(colour) for colour in itertools.product(reversed(PROBE_STEPS), repeat=3)]
    return Image.frombytes(mode, (len(colours), 1), b"".join(colours))


def _is_sane(shown: Image.Image) -> bool:
    """Whether white is still lighter than black, by enough to read."""
    greys = shown.convert("L").tobytes()
    return greys[0] - greys[-1] >= LEAST_CONTRAST


def _difference(one: Image.Image, other: Image.Image) -> int:
    extrema = ImageChops.difference(one, other).getextrema()
    return max(band[1] for band in extrema if isinstance(band, tuple))
