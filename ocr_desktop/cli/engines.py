"""`ocr-desktop engines`: which engines there are, and what keeps each from being used."""

from __future__ import annotations

from ocr_desktop.cli.arguments import EnginesArguments
from ocr_desktop.cli.console import Console
from ocr_desktop.cli.messages import error_text
from ocr_desktop.services.catalogue import Catalogue, EngineStatus
from ocr_desktop.services.context import AppContext

HEADINGS = ("id", "title", "kind", "host", "model", "ready")


async def list_engines(arguments: EnginesArguments, console: Console) -> int:
    context = AppContext()
    try:
        statuses = context.catalogue.statuses()
        warn_of_unreadable_profiles(context.catalogue, console)
    finally:
        await context.close()
    console.write(_as_json(statuses) if arguments.json else _as_table(statuses))
    return 0


def warn_of_unreadable_profiles(catalogue: Catalogue, console: Console) -> None:
    """Say which of the user's own profiles were left out, and why."""
    for path, error in catalogue.unreadable.items():
        message, _ = error_text(error, name=path.name, engine=path.name)
        console.warn(f"{message}. The profile was left out.")


def _as_json(statuses: tuple[EngineStatus, ...]) -> str:
    import msgspec

    objects = [
        {
            "id": status.description.id,
            "title": status.description.title,
            "kind": status.description.kind,
            "host": status.description.host,
            "model": status.description.model,
            "ready": status.is_ready,
            "why": None if status.obstacle is None else status.obstacle.code,
            "message": _why_not(status) or None,
        }
        for status in statuses
    ]
    return msgspec.json.format(msgspec.json.encode(objects), indent=2).decode() + "\n"


def _as_table(statuses: tuple[EngineStatus, ...]) -> str:
    rows = [HEADINGS]
    for status in statuses:
        known = status.description
        rows.append(
            (known.id, known.title, known.kind, known.host or "-", known.model or "-", _why_not(status) or "yes")
        )
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEADINGS) - 1)]
    lines = (
        "  ".join([*(text.ljust(width) for text, width in zip(row, widths, strict=False)), row[-1]]) for row in rows
    )
    return "\n".join(lines) + "\n"


def _why_not(status: EngineStatus) -> str:
    if status.obstacle is None:
        return ""
    message, hint = error_text(status.obstacle)
    return f"{message.partition(': ')[2]}. {hint}."
