"""Makes a value of a TOML file, and says what is wrong with one in words that quote nothing of it.

What stands in the wrong line of a profile may be a key: an error names the field and what is wanted there.
"""

from __future__ import annotations

import dataclasses
import re
from typing import Any, Never, TypeVar

from ocr_desktop.core.errors import ErrorCode, UsageError
from ocr_desktop.core.presets import PresetId
from ocr_desktop.engines.base import Lack
from ocr_desktop.engines.misplaced_keys import NAMELESS, names_of_keys, safe_name

Value = TypeVar("Value")

WANTED = {
    "str": "text is needed",
    "int": "a whole number is needed",
    "int | None": "a whole number is needed",
    "bool": "true or false is needed",
    "PartOrder": "text_first or image_first is needed",
    "tuple[str, ...]": "a list of texts is needed",
    "tuple[PresetId, ...]": f"a list is needed, of some of {', '.join(PresetId)}",
    "tuple[Lack, ...]": f"a list is needed, of some of {', '.join(Lack)}",
    "Price | None": "a table is needed, of currency, input_per_million and output_per_million",
    "dict[str, Any]": "a table is needed",
}
"""By the annotation of a field."""
NO_KEY = "a key does not belong into a file; set key_variable, or give it in the window"
LINE = re.compile(r"at line (\d+)")
PLACE = re.compile(r"at `\$\.(\w+)")
"""In the words of msgspec, which beside it quote what stands there."""


def converted(toml_bytes: bytes, kind: type[Value]) -> Value:
    """A dataclass' value from a file, each field of the type that its annotation says.

    Raises:
        UsageError: PROFILE_INCOMPLETE, the bytes are no TOML, a field is missing, unknown or of the wrong type, or a
            key seems to stand in one. `message` says why, `missing` names the field where one is known.
    """
    import msgspec

    fields = {each.name: each for each in dataclasses.fields(kind)}  # type: ignore[arg-type]
    try:
        table = _table_of(toml_bytes)
        _check_keys(table, frozenset(fields))
        _check_names(table, fields)
        return msgspec.convert(table, kind, strict=True)
    except RecursionError:
        message = "its values are nested too deep"
    except msgspec.ValidationError as error:
        place = PLACE.search(str(error))
        if place is not None and place[1] in fields:
            _refuse(place[1], WANTED[str(fields[place[1]].type)])
        message = "a field is of the wrong kind"
    raise UsageError(ErrorCode.PROFILE_INCOMPLETE, message=message)


def _table_of(toml_bytes: bytes) -> dict[str, Any]:
    import tomllib

    try:
        return tomllib.loads(toml_bytes.decode())
    except UnicodeDecodeError:
        message = "it is no UTF-8 text"
    except tomllib.TOMLDecodeError as error:
        line = LINE.search(str(error))
        message = f"line {line[1]} is no TOML" if line else "it is no TOML"
    raise UsageError(ErrorCode.PROFILE_INCOMPLETE, message=message)


def _check_keys(table: dict[str, Any], known: frozenset[str]) -> None:
    for name, value in table.items():
        key = next(names_of_keys({name: value}, known), None)
        if key is not None:
            is_inside = name in known and key != name
            _refuse(name if name in known else key, f"{key}: {NO_KEY}" if is_inside else NO_KEY)


def _check_names(table: dict[str, Any], fields: dict[str, dataclasses.Field[Any]]) -> None:
    for name in sorted(table.keys() - fields.keys()):
        _refuse(safe_name(name), "a profile has no such field")
    for name, field in fields.items():
        has_default = field.default is not dataclasses.MISSING or field.default_factory is not dataclasses.MISSING
        if name not in table and not has_default:
            _refuse(name, "it is missing")


def _refuse(name: str, why: str) -> Never:
    named = {} if name == NAMELESS else {"missing": name}
    # Nothing is chained to it: what led here may quote the file.
    raise UsageError(ErrorCode.PROFILE_INCOMPLETE, **named, message=f"{name}: {why}") from None
