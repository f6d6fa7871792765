"""What is known of each server that can be asked: data in `resources/engines/*.toml`, never a branch in code."""

from __future__ import annotations

import dataclasses
import json
import math
import re
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Never
from urllib.parse import urlsplit

from ocr_desktop.core import resources
from ocr_desktop.core.errors import ErrorCode, UsageError
from ocr_desktop.core.page_scale import LONGEST_SIDE
from ocr_desktop.core.presets import PresetId
from ocr_desktop.engines.addresses import host_of, is_loopback, trimmed_base_url
from ocr_desktop.engines.base import EMBEDDED_ID, EngineDescription, EngineKind, Lack, PictureLimits, Price
from ocr_desktop.engines.profile_tables import converted

SMALLEST_LONGEST_SIDE = 64
LARGEST_LONGEST_SIDE = 10_000
MOST_TOKENS = 1_000_000
SMALLEST_MOST_BYTES = 10_000
"""In fewer no page can be read any more."""
LONGEST_EXAMPLE_PROMPT = 200
MEDIA_TYPES = frozenset({"image/png", "image/jpeg", "image/webp"})
"""Those that `core.encoding.encoded` writes."""
PLAIN_NAME = re.compile(r"\w[\w.-]{0,63}")
VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,127}")
CURRENCY = re.compile(r"[A-Z]{3}")
KEY_PAGE = re.compile(r"https://[^\s/@\\?#]+([/?#]\S*)?")
OWN_FIELDS = frozenset({"model", "messages", "stream", "max_tokens"})
"""What the program fills in itself, and shows before it is sent."""


Check = tuple[str, bool, str]
"""A field's name, whether its value can be used, and what is needed where it cannot."""


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
        more_tokens: What may be asked for after an answer of `max_tokens` was cut; None: no more.
        part_order: Which part of the message comes first.
        order: Where it stands in a list, ascending.
        key_variable: The environment variable of the key; empty where the server takes none.
        key_required: Whether to ask without a key is pointless.
        key_page: Where a person gets a key; empty where unknown.
        image_formats: Media types the server takes, the best first.
        longest_side: Of the picture that is sent, in pixels.
        most_bytes: Of the picture's file, before base64; None where no limit is known.
        extra_body: Fields beyond the protocol's own, sent as they are.
        http_allowed: Whether plain `http://` to another machine is taken, key and picture readable on the way.
        presets: What can be asked.
        example_prompt: The provider's own, where it is none of the presets; empty where there is none.
        lacks: What its answers are known to come without.
        price: What it takes; None where unknown.
        source: Where these facts come from.
        tested: Whether this program was tried against the real server.
    """

    id: str
    title: str
    base_url: str
    model: str
    max_tokens: int
    part_order: PartOrder
    more_tokens: int | None = None
    order: int = 50
    key_variable: str = ""
    key_required: bool = True
    key_page: str = ""
    image_formats: tuple[str, ...] = ("image/png", "image/jpeg")
    longest_side: int = LONGEST_SIDE
    most_bytes: int | None = None
    extra_body: dict[str, Any] = field(default_factory=dict)
    http_allowed: bool = False
    presets: tuple[PresetId, ...] = tuple(PresetId)
    example_prompt: str = ""
    lacks: tuple[Lack, ...] = ()
    price: Price | None = None
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
    def origin(self) -> str:
        """Scheme, host and port: what a key is given for."""
        parts = urlsplit(self.base_url)
        return f"{parts.scheme}://{parts.netloc}".lower()

    @property
    def picture_limits(self) -> PictureLimits:
        return PictureLimits(self.longest_side, self.image_formats, self.most_bytes)

    @property
    def description(self) -> EngineDescription:
        return EngineDescription(
            id=self.id,
            title=self.title,
            kind=EngineKind.ENDPOINT,
            host=self.host,
            model=self.model,
            is_local=self.is_local,
            presets=frozenset(self.presets),
            more_tokens=self.more_tokens,
            lacks=frozenset(self.lacks),
            price=self.price,
            key_page=self.key_page,
        )

    @property
    def missing(self) -> str | None:
        """The name of the field the user has still to give, or None."""
        if not self.base_url:
            return "base_url"
        return None if self.model else "model"

    def changed(self, *, base_url: str | None = None, model: str | None = None) -> Profile:
        """The profile with another address or model; None keeps the profile's own.

        That plain `http://` is taken is said of one machine: another host takes it back.

        Raises:
            UsageError: PROFILE_INCOMPLETE, the address is none of a web server, or carries a user name.
        """
        profile = self
        if base_url is not None:
            trimmed = trimmed_base_url(base_url)
            if trimmed is None:
                raise UsageError(ErrorCode.PROFILE_INCOMPLETE, engine=self.id, missing="base_url")
            http_allowed = self.http_allowed and host_of(trimmed[0]) == self.host
            profile = dataclasses.replace(profile, base_url=trimmed[0], http_allowed=http_allowed)
        if model is not None:
            profile = dataclasses.replace(profile, model=model.strip())
        return profile


def load_profile(toml_bytes: bytes) -> Profile:
    """A profile from its file.

    Raises:
        UsageError: PROFILE_INCOMPLETE, the bytes are no TOML, a field is missing, unknown, of the wrong type or out
            of its range, the address is none of a web server, or there seems to be a key in the file. `message` says
            why and quotes no value, `missing` names the field where one is known.
    """
    profile = converted(toml_bytes, Profile)
    _check_ranges(profile)
    return profile.changed(base_url=profile.base_url) if profile.base_url else profile


def profile_toml(profile: Profile) -> bytes:
    """A profile as a file, which `load_profile` reads back equal.

    Raises:
        UsageError: PROFILE_INCOMPLETE, as `load_profile` would raise it for such a file.
    """
    import tomli_w

    values = {name: value for name, value in dataclasses.asdict(profile).items() if value is not None}
    try:
        written = tomli_w.dumps(values).encode()
    except (TypeError, ValueError, RecursionError):
        _refuse(profile, "extra_body", "a file cannot hold it")
    load_profile(written)
    return written


def shipped_profiles() -> tuple[Profile, ...]:
    """The profiles that come with the program, in the order of a list."""
    files = resources.path("engines").glob("*.toml")
    return tuple(sorted((load_profile(file.read_bytes()) for file in files), key=lambda profile: profile.order))


def _check_ranges(profile: Profile) -> None:
    """See that each value can be used; a type alone does not say so."""
    for name, is_usable, needed in (*_checks_of_words(profile), *_checks_of_numbers(profile)):
        if not is_usable:
            _refuse(profile, name, needed)
    try:
        json.dumps(profile.extra_body, allow_nan=False)
    except (TypeError, ValueError, RecursionError):
        _refuse(profile, "extra_body", "JSON cannot hold it")
    for name in sorted(OWN_FIELDS.intersection(profile.extra_body)):
        _refuse(profile, "extra_body", f"{name} is filled in by the program")


def _checks_of_words(profile: Profile) -> tuple[Check, ...]:
    is_named = bool(PLAIN_NAME.fullmatch(profile.id)) and profile.id != EMBEDDED_ID
    formats = ", ".join(sorted(MEDIA_TYPES))
    example = profile.example_prompt
    return (
        ("id", is_named, f"a word of letters, digits, dots and hyphens is needed, and not {EMBEDDED_ID}"),
        ("title", bool(profile.title.strip()) and profile.title.isprintable(), "one line of text is needed"),
        ("model", profile.model.isprintable(), "it holds control characters"),
        ("source", profile.source.isprintable(), "it holds control characters"),
        (
            "key_variable",
            not profile.key_variable or bool(VARIABLE.fullmatch(profile.key_variable)),
            "the name of an environment variable is needed",
        ),
        (
            "key_page",
            not profile.key_page or (profile.key_page.isprintable() and bool(KEY_PAGE.fullmatch(profile.key_page))),
            "an https:// address is needed",
        ),
        (
            "image_formats",
            bool(profile.image_formats) and MEDIA_TYPES.issuperset(profile.image_formats),
            f"one or more of {formats} are needed",
        ),
        ("presets", bool(profile.presets), "one preset or more is needed"),
        (
            "example_prompt",
            example.isprintable() and len(example) <= LONGEST_EXAMPLE_PROMPT,
            f"one line of at most {LONGEST_EXAMPLE_PROMPT} characters is needed",
        ),
    )


def _checks_of_numbers(profile: Profile) -> tuple[Check, ...]:
    more, most_bytes, price = profile.more_tokens, profile.most_bytes, profile.price
    return (
        ("max_tokens", 1 <= profile.max_tokens <= MOST_TOKENS, f"a number from 1 to {MOST_TOKENS} is needed"),
        (
            "more_tokens",
            more is None or profile.max_tokens < more <= MOST_TOKENS,
            f"a number above max_tokens and up to {MOST_TOKENS} is needed",
        ),
        (
            "longest_side",
            SMALLEST_LONGEST_SIDE <= profile.longest_side <= LARGEST_LONGEST_SIDE,
            f"a number from {SMALLEST_LONGEST_SIDE} to {LARGEST_LONGEST_SIDE} is needed",
        ),
        (
            "most_bytes",
            most_bytes is None or most_bytes >= SMALLEST_MOST_BYTES,
            f"{SMALLEST_MOST_BYTES} or more are needed",
        ),
        (
            "price",
            price is None or (bool(CURRENCY.fullmatch(price.currency)) and _is_amount(price)),
            "a currency of three capital letters and amounts of 0 or more are needed",
        ),
    )


def _is_amount(price: Price) -> bool:
    return all(math.isfinite(amount) and amount >= 0 for amount in (price.input_per_million, price.output_per_million))


def _refuse(profile: Profile, field_name: str, why: str) -> Never:
    # What stands in the place of the id may be anything, also a key.
    known = {} if field_name == "id" else {"engine": profile.id}
    raise UsageError(ErrorCode.PROFILE_INCOMPLETE, **known, missing=field_name, message=f"{field_name}: {why}")
