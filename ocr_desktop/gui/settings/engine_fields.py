"""What somebody types of an endpoint, as it stands in the form, and what is wrong with it. No Qt here."""

from __future__ import annotations

import dataclasses
import json
import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from ocr_desktop.engines.addresses import host_of, is_loopback, trimmed_base_url
from ocr_desktop.engines.misplaced_keys import names_of_keys
from ocr_desktop.engines.profiles import (
    OWN_FIELDS,
    SMALLEST_MOST_BYTES,
    VARIABLE,
    PartOrder,
    Profile,
)

KEY = re.compile(r"[!-~]+")
"""What can stand in a header: printable ASCII without spaces."""
BYTES_PER_KILOBYTE = 1000
DEEPEST = 64
"""Levels of the extra fields; what is deeper is a mistake."""


class Problem(StrEnum):
    """Why a field cannot be kept as it is; each has a sentence in `gui.settings.wording`."""

    TITLE_EMPTY = "title_empty"
    TITLE_BROKEN = "title_broken"
    ADDRESS_EMPTY = "address_empty"
    ADDRESS_WRONG = "address_wrong"
    MODEL_EMPTY = "model_empty"
    MODEL_BROKEN = "model_broken"
    VARIABLE_WRONG = "variable_wrong"
    MORE_TOKENS_FEWER = "more_tokens_fewer"
    FORMATS_EMPTY = "formats_empty"
    PICTURE_TOO_SMALL = "picture_too_small"
    EXTRA_NOT_JSON = "extra_not_json"
    EXTRA_NOT_OBJECT = "extra_not_object"
    EXTRA_NOT_KEPT = "extra_not_kept"
    """JSON knows it, the file of a profile does not."""
    EXTRA_OWN_FIELD = "extra_own_field"
    EXTRA_HAS_KEY = "extra_has_key"
    KEY_WRONG = "key_wrong"


@dataclass(frozen=True, slots=True)
class EngineFields:
    """The form of one endpoint, to the letter; the names are those of `Profile`.

    Attributes:
        more_tokens: 0 for no more than `max_tokens`.
        most_kilobytes: 0 for no limit that is known.
        extra_body: JSON text; blank for none.
    """

    title: str
    base_url: str
    model: str
    key_variable: str
    part_order: PartOrder
    max_tokens: int
    more_tokens: int
    longest_side: int
    image_formats: tuple[str, ...]
    most_kilobytes: int
    extra_body: str
    http_allowed: bool

    @property
    def host(self) -> str:
        """The machine that the address leads to, as far as it is typed."""
        return host_of(self.base_url.strip())

    @property
    def needs_http_allowed(self) -> bool:
        """Whether the address is plain HTTP to another machine."""
        is_plain = self.base_url.strip().lower().startswith("http://")
        return is_plain and bool(self.host) and not is_loopback(self.host)


def fields_of(profile: Profile) -> EngineFields:
    """The form of a profile as it is kept."""
    kilobytes = 0 if profile.most_bytes is None else -(-profile.most_bytes // BYTES_PER_KILOBYTE)
    return EngineFields(
        title=profile.title,
        base_url=profile.base_url,
        model=profile.model,
        key_variable=profile.key_variable,
        part_order=profile.part_order,
        max_tokens=profile.max_tokens,
        more_tokens=profile.more_tokens or 0,
        longest_side=profile.longest_side,
        image_formats=profile.image_formats,
        most_kilobytes=kilobytes,
        extra_body=json.dumps(profile.extra_body, indent=2, ensure_ascii=False) if profile.extra_body else "",
        http_allowed=profile.http_allowed,
    )


def profile_of(base: Profile, fields: EngineFields) -> Profile:
    """A profile with what stands in the form; what is not usable stays as it was in `base`.

    A field that was not touched stays exactly as it was, so that looking at a profile never changes it.
    """
    wrong = problems_of(fields)
    before = fields_of(base)
    changed: dict[str, Any] = {}
    for name in (field.name for field in dataclasses.fields(EngineFields)):
        value = getattr(fields, name)
        if name not in wrong and value != getattr(before, name):
            changed |= _kept(name, value)
    if wrong.get("more_tokens"):
        # What it was may be no more than the new usual length either.
        changed["more_tokens"] = None
    return dataclasses.replace(base, **changed)


def problems_of(fields: EngineFields) -> dict[str, Problem]:
    """What is wrong, by the name of the field; empty where all of it can be kept."""
    found = {
        "title": _title_problem(fields.title.strip()),
        "base_url": _address_problem(fields.base_url),
        "model": _model_problem(fields.model.strip()),
        "key_variable": _variable_problem(fields.key_variable.strip()),
        "more_tokens": Problem.MORE_TOKENS_FEWER if 0 < fields.more_tokens <= fields.max_tokens else None,
        "image_formats": None if fields.image_formats else Problem.FORMATS_EMPTY,
        "most_kilobytes": _size_problem(fields.most_kilobytes),
        "extra_body": _extra_problem(fields.extra_body),
    }
    return {name: problem for name, problem in found.items() if problem is not None}


def shortened_address(text: str) -> str | None:
    """The base of an address that ends in that of the completions; None for any other."""
    trimmed = trimmed_base_url(text)
    return trimmed[0] if trimmed is not None and trimmed[1] else None


def key_problem(text: str) -> Problem | None:
    """What is wrong with a key as it was typed, the space around it left out; blank is no key and nothing wrong."""
    key = text.strip()
    return None if not key or KEY.fullmatch(key) else Problem.KEY_WRONG


def _kept(name: str, value: Any) -> dict[str, Any]:
    """A field as the profile has it."""
    if name == "base_url":
        trimmed = trimmed_base_url(value)
        return {} if trimmed is None else {"base_url": trimmed[0]}
    if name == "extra_body":
        return {"extra_body": json.loads(value) if value.strip() else {}}
    if name == "more_tokens":
        return {"more_tokens": value or None}
    if name == "most_kilobytes":
        return {"most_bytes": value * BYTES_PER_KILOBYTE or None}
    return {name: value.strip() if type(value) is str else value}


def _title_problem(title: str) -> Problem | None:
    if not title:
        return Problem.TITLE_EMPTY
    return None if title.isprintable() else Problem.TITLE_BROKEN


def _address_problem(text: str) -> Problem | None:
    if not text.strip():
        return Problem.ADDRESS_EMPTY
    return Problem.ADDRESS_WRONG if trimmed_base_url(text) is None else None


def _model_problem(model: str) -> Problem | None:
    if not model:
        return Problem.MODEL_EMPTY
    return None if model.isprintable() else Problem.MODEL_BROKEN


def _size_problem(kilobytes: int) -> Problem | None:
    is_enough = kilobytes == 0 or kilobytes * BYTES_PER_KILOBYTE >= SMALLEST_MOST_BYTES
    return None if is_enough else Problem.PICTURE_TOO_SMALL


def _variable_problem(name: str) -> Problem | None:
    return None if not name or VARIABLE.fullmatch(name) else Problem.VARIABLE_WRONG


def _extra_problem(text: str) -> Problem | None:
    if not text.strip():
        return None
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return Problem.EXTRA_NOT_JSON
    if not isinstance(value, dict):
        return Problem.EXTRA_NOT_OBJECT
    if OWN_FIELDS.intersection(value):
        return Problem.EXTRA_OWN_FIELD
    if not _can_be_kept(value, DEEPEST):
        return Problem.EXTRA_NOT_KEPT
    return None if next(names_of_keys(value), None) is None else Problem.EXTRA_HAS_KEY


def _can_be_kept(value: Any, levels: int) -> bool:
    """Whether the file of a profile, and JSON too, can hold a value that was read from JSON."""
    if levels == 0 or value is None:
        return False
    if isinstance(value, dict):
        return all(_is_text(name) and _can_be_kept(each, levels - 1) for name, each in value.items())
    if isinstance(value, list):
        return all(_can_be_kept(each, levels - 1) for each in value)
    if isinstance(value, str):
        return _is_text(value)
    if isinstance(value, float):
        return value - value == 0  # neither infinite nor no number
    return not isinstance(value, int) or -(2**63) <= value < 2**63


def _is_text(value: str) -> bool:
    """Whether UTF-8 can write it: half a surrogate pair is no character."""
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True
