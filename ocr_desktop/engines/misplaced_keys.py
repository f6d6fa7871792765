"""Keys where none belongs: in the fields of a profile, which are written to files and handed on."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

KEY_STEMS = ("apikey", "authoriz", "bearer", "cookie", "credential", "passphrase", "passwd", "password", "secret")
"""In the name of a field, wherever they stand in it."""
KEY_WORDS = frozenset({"auth", "pass", "pwd"})
WORDS_OF_TEXT_KEYS = frozenset({"key", "keys", "token"})
"""Of a key only where text is given under such a name: a number of tokens is none."""
WORDS_OF_NO_KEY = frozenset({"bos", "cache", "eos", "image", "pad", "special", "stop", "unk"})
"""Beside those: a mark of the model's own, or what an answer is kept under."""
WORDS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+|[^\W\d_]+")
KEY_TEXT = re.compile(r"(?:^|:)\s*(?i:bearer)\s+\S+\s*$|(?<![A-Za-z0-9])(?:sk-|hf_|gsk_|ghp_|AIza)[\w-]{8,}")
"""What stands in a header, and how the keys of well-known services begin."""
PLAIN_FIELD = re.compile(r"[a-z]+(?:[_-][a-z]+)*")
LONGEST_PLAIN_FIELD = 32
NAMELESS = "a field"


def names_of_keys(table: Mapping[str, Any], known: frozenset[str] = frozenset()) -> Iterator[str]:
    """The names of all fields, at any depth, in which a key seems to stand; by their name or by what they hold.

    Args:
        table: As JSON or TOML has it.
        known: Fields of the table itself whose names are no sign of a key, whatever they are.
    """
    for name, value in table.items():
        if looks_like_key(name):
            yield NAMELESS
        elif name not in known and _names_a_key(name, value):
            yield safe_name(name)
        else:
            yield from _in_value(name, value)


def looks_like_key(text: str) -> bool:
    """Whether a text is a key, or a header with one, by the way it is written."""
    return KEY_TEXT.search(text) is not None


def safe_name(name: str) -> str:
    """A field's name where it can be told; what may be a key that slipped to its place is not repeated."""
    is_plain = len(name) <= LONGEST_PLAIN_FIELD and PLAIN_FIELD.fullmatch(_parted(name)) is not None
    return name if is_plain and not looks_like_key(name) else NAMELESS


def _in_value(name: str, value: Any) -> Iterator[str]:
    if isinstance(value, str) and looks_like_key(value):
        yield safe_name(name)
    elif isinstance(value, Mapping):
        yield from names_of_keys(value)
    elif isinstance(value, list | tuple):
        for each in value:
            yield from _in_value(name, each)


def _names_a_key(name: str, value: Any) -> bool:
    words = set(_parted(name).split("_"))
    squeezed = "".join(filter(str.isalnum, name.lower()))
    if words & KEY_WORDS or any(stem in squeezed for stem in KEY_STEMS):
        return _holds(value, (str, int, float))
    if words & WORDS_OF_TEXT_KEYS or squeezed.endswith("token"):
        return not words & WORDS_OF_NO_KEY and _holds(value, (str,))
    return False


def _parted(name: str) -> str:
    """The words of a name in small letters, whatever parts them: `apiKey`, `api-key` and `api key` are `api_key`."""
    return "_".join(WORDS.findall(name)).lower()


def _holds(value: Any, kinds: tuple[type, ...]) -> bool:
    """Whether there is a value of one of these kinds, at any depth; an empty text and a switch hold nothing."""
    if isinstance(value, Mapping):
        return any(_holds(each, kinds) for each in value.values())
    if isinstance(value, list | tuple):
        return any(_holds(each, kinds) for each in value)
    return isinstance(value, kinds) and not isinstance(value, bool) and value != ""
