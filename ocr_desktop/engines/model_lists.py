"""Reads a server's list of its models, whatever form it has."""

from __future__ import annotations

from collections.abc import Mapping

MOST_MODELS = 500
LONGEST_NAME = 200
LIST_FIELDS = ("data", "models")
NAME_FIELDS = ("id", "name", "model")


def model_names(listed: object) -> tuple[str, ...] | None:
    """The names in their order, each once, at most `MOST_MODELS`; None where it is no list of models."""
    entries = listed
    if isinstance(listed, Mapping):
        # A server without any model may have null in the place of the list.
        entries = next((listed[name] or [] for name in LIST_FIELDS if name in listed), None)
    if not isinstance(entries, list):
        return None
    names = dict.fromkeys(name for entry in entries if (name := _name(entry)))
    return tuple(names)[:MOST_MODELS]


def _name(entry: object) -> str | None:
    candidates = [entry.get(field) for field in NAME_FIELDS] if isinstance(entry, Mapping) else [entry]
    name = next((candidate for candidate in candidates if isinstance(candidate, str)), "")
    return name if 0 < len(name) <= LONGEST_NAME and name.isprintable() else None
