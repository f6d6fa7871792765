"""A run as JSON and back, unchanged: what a history keeps."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, get_type_hints

from ocr_desktop.core.document import Confirm, Correct, Delete, Draw, Edit, Move, Relabel, Reorder, Run, Splice

SCHEMA = "ocr-desktop/run/1"

_EDIT_KINDS: dict[str, type[Edit]] = {
    "correct": Correct,
    "move": Move,
    "draw": Draw,
    "delete": Delete,
    "relabel": Relabel,
    "reorder": Reorder,
    "splice": Splice,
    "confirm": Confirm,
}
_KIND_OF_EDIT = {edit_type: kind for kind, edit_type in _EDIT_KINDS.items()}


def run_to_json(run: Run) -> bytes:
    import msgspec

    # msgspec takes no union of dataclasses, so each edit says what it is and stands outside the run.
    edits = [{"kind": _KIND_OF_EDIT[type(edit)], "edit": edit} for edit in run.edits]
    return msgspec.json.encode({"schema": SCHEMA, "run": replace(run, edits=()), "edits": edits})


def run_from_json(data: bytes) -> Run:
    """The run that `run_to_json` wrote.

    Raises:
        ValueError: The data is not such a run; the message says where it is not.
    """
    import msgspec

    raw: dict[str, Any] = msgspec.json.decode(data, type=dict[str, Any])
    if raw.get("schema") != SCHEMA:
        raise ValueError(f"not a {SCHEMA}: {str(raw.get('schema'))[:80]!r}")
    types = get_type_hints(Run)
    try:
        values = {name: msgspec.convert(value, types[name]) for name, value in raw["run"].items() if name != "edits"}
        edits = tuple(msgspec.convert(each["edit"], _EDIT_KINDS[each["kind"]]) for each in raw["edits"])
        return Run(**values, edits=edits)
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"not a whole run: {error}") from error
