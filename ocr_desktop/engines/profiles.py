"""What is known of each server that can be asked: data in `resources/engines/*.toml`, never a branch in code."""

from __future__ import annotations

import dataclasses
import ipaddress
import json
import re
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Never
from urllib.parse import urlsplit

from ocr_desktop.core import resources
from ocr_desktop.core.errors import ErrorCode, UsageError
from ocr_desktop.core.presets import PresetId
from ocr_desktop.engines.base import EMBEDDED_ID

LONGEST_SIDE = 2300
"""The model sees an A4 page at no more than this however large the upload; in pixels."""

SMALLEST_LONGEST_SIDE = 64
LARGEST_LONGEST_SIDE = 10_000
MOST_TOKENS = 1_000_000
MEDIA_TYPES = frozenset({"image/png", "image/jpeg", "image/webp"})
"""Those that `core.images.encoded` writes."""
PLAIN_NAME = re.compile(r"\w[\w.-]{0,63}")

COMPLETIONS = "/chat/completions"
# No user name or password: the address is shown in many places.
WEB_ADDRESS = re.compile(r"https?://[^\s/@\\?#]+(/[^\s\\?#]*)?", re.IGNORECASE)


class PartOrder(StrEnum):
    """Which part of the one message comes first; the model answers badly to the wrong order."""

    TEXT_FIRST = "text_first"
    IMAGE_FIRST = "image_first"


@dataclass(frozen=True, slots=True)
class Profile:
    """An endpoint's settings: everything in which one server differs from another.

    Attributes:
        base_url: Up to and without `/chat/completions`; empty where the user gives it.
        model: The server's own name of the model; empty where the user gives it.
        max_tokens: What is asked for where a request names no number of its own.
        part_order: Which part of the message comes first.
        order: Where it stands in a list, ascending.
        key_variable: The environment variable of the key; empty where the server takes none.
        key_required: Whether to ask without a key is pointless.
        key_page: Where a person gets a key; empty where unknown.
        image_formats: Media types the server takes, the best first.
        longest_side: Of the picture that is sent, in pixels.
        extra_body: Fields beyond the protocol's own, sent as they are.
        http_allowed: Whether plain `http://` to another machine is taken, key and picture readable on the way.
        presets: What can be asked.
        source: Where these facts come from.
        tested: Whether this program was tried against the real server.
    """

    id: str
    title: str
    base_url: str
    model: str
    max_tokens: int
    part_order: PartOrder
    order: int = 50
    key_variable: str = ""
    key_required: bool = True
    key_page: str = ""
    image_formats: tuple[str, ...] = ("image/png", "image/jpeg")
    longest_side: int = LONGEST_SIDE
    extra_body: dict[str, Any] = field(default_factory=dict)
    http_allowed: bool = False
    presets: tuple[PresetId, ...] = tuple(PresetId)
    source: str = ""
    tested: bool = False

    @property
    def host(self) -> str:
        """The machine that gets the picture."""
        return host_of(self.base_url)

    @property
    def is_local(self) -> bool:
        return is_loopback(self.host)

    @property
    def missing(self) -> str | None:
        """The name of the field the user has still to give, or None."""
        if not self.base_url:
            return "base_url"
        return None if self.model else "model"

    def changed(self, *, base_url: str | None = None, model: str | None = None) -> Profile:
        """The profile with another address or model; None keeps the profile's own.

        Raises:
            UsageError: PROFILE_INCOMPLETE, the address is none of a web server, or carries a user name.
        """
        profile = self
        if base_url is not None:
            profile = dataclasses.replace(profile, base_url=_trimmed(base_url, self.id))
        if model is not None:
            profile = dataclasses.replace(profile, model=model.strip())
        return profile


def load_profile(toml_bytes: bytes) -> Profile:
    """A profile from its file.

    Raises:
        UsageError: PROFILE_INCOMPLETE, the bytes are no TOML, a field is missing, unknown, of the wrong type or out
            of its range, or the address is none of a web server. `message` says why, `missing` names the field where
            one is known.
    """
    import tomllib

    import msgspec

    try:
        table = tomllib.loads(toml_bytes.decode())
        unknown = sorted(table.keys() - {known.name for known in dataclasses.fields(Profile)})
        if unknown:
            raise ValueError(f"unknown field {unknown[0]}")
        profile = msgspec.convert(table, Profile, strict=True)
    except ValueError as error:
        raise UsageError(ErrorCode.PROFILE_INCOMPLETE, message=str(error)) from error
    except RecursionError:
        raise UsageError(ErrorCode.PROFILE_INCOMPLETE, message="its values are nested too deep") from None
    _check_ranges(profile)
    return profile.changed(base_url=profile.base_url) if profile.base_url else profile


def shipped_profiles() -> tuple[Profile, ...]:
    """The profiles that come with the program, in the order of a list."""
    files = resources.path("engines").glob("*.toml")
    return tuple(sorted((load_profile(file.read_bytes()) for file in files), key=lambda profile: profile.order))


def host_of(base_url: str) -> str:
    """The machine's name or address in a URL, without port and user name; empty where there is none."""
    try:
        return urlsplit(base_url).hostname or ""
    except ValueError:
        return ""


def is_loopback(host: str) -> bool:
    """Whether a host's name or address is this machine by definition, without asking a name server."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _check_ranges(profile: Profile) -> None:
    """See that each value can be used; a type alone does not say so."""
    if not PLAIN_NAME.fullmatch(profile.id) or profile.id == EMBEDDED_ID:
        _refuse(profile, "id", f"a word of letters, digits, dots and hyphens is needed, and not {EMBEDDED_ID}")
    if not profile.title.strip() or not profile.title.isprintable():
        _refuse(profile, "title", "one line of text is needed")
    if not 1 <= profile.max_tokens <= MOST_TOKENS:
        _refuse(profile, "max_tokens", f"a number from 1 to {MOST_TOKENS} is needed")
    if not SMALLEST_LONGEST_SIDE <= profile.longest_side <= LARGEST_LONGEST_SIDE:
        _refuse(profile, "longest_side", f"a number from {SMALLEST_LONGEST_SIDE} to {LARGEST_LONGEST_SIDE} is needed")
    if not profile.image_formats or not MEDIA_TYPES.issuperset(profile.image_formats):
        _refuse(profile, "image_formats", f"one or more of {', '.join(sorted(MEDIA_TYPES))} are needed")
    if not profile.presets:
        _refuse(profile, "presets", "one preset or more is needed")
    try:
        json.dumps(profile.extra_body, allow_nan=False)
    except (TypeError, ValueError, RecursionError):
        _refuse(profile, "extra_body", "JSON cannot hold it")


def _refuse(profile: Profile, field_name: str, why: str) -> Never:
    raise UsageError(
        ErrorCode.PROFILE_INCOMPLETE, engine=profile.id, missing=field_name, message=f"{field_name}: {why}"
    )


def _trimmed(base_url: str, engine: str) -> str:
    """The URL as the client wants it: people paste the address of the completions too."""
    trimmed = base_url.strip().rstrip("/").removesuffix(COMPLETIONS).rstrip("/")
    if not WEB_ADDRESS.fullmatch(trimmed) or not _has_usable_port(trimmed) or not host_of(trimmed):
        raise UsageError(ErrorCode.PROFILE_INCOMPLETE, engine=engine, missing="base_url")
    return trimmed


def _has_usable_port(url: str) -> bool:
    try:
        return urlsplit(url).port != 0
    except ValueError:
        return False
