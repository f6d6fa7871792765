"""`ocr-desktop engines`: which engines there are, and what keeps each from being used."""

from __future__ import annotations

from ocr_desktop.cli.arguments import EnginesArguments
from ocr_desktop.cli.console import Console
from ocr_desktop.cli.messages import error_text
from ocr_desktop.services.catalogue import EngineStatus
from ocr_desktop.services.context import AppContext
from ocr_desktop.services.profile_files import ProfileFiles

HEADINGS = ("id", "title", "kind", "host", "model", "ready")
KEYRING_PATIENCE_S = 5.0
"""A locked keyring asks for its password; a list can do without."""


async def list_engines(arguments: EnginesArguments, console: Console) -> int:
    context = AppContext()
    context.offline.is_on = context.settings_file.load().stay_offline
    context.credentials.patience_s = KEYRING_PATIENCE_S
    try:
        statuses = await context.catalogue.statuses()
        if context.credentials.keyring_trouble is not None:
            console.warn("the keyring does not open; it may be locked. Keys that it holds are not seen.")
        warn_of_unreadable_profiles(context.profile_files, console)
    finally:
        await context.close()
    console.write(_as_json(statuses) if arguments.json else _as_table(statuses))
    return 0


def warn_of_unreadable_profiles(profile_files: ProfileFiles, console: Console) -> None:
    """Say which of the user's own profiles were left out, and why."""
    for path, error in profile_files.unreadable.items():
        message, _ = error_text(error, name=path.name, engine=path.name)
        console.warn(f"{message}. The profile was left out.")


def _as_json(statuses: tuple[EngineStatus, ...]) -> str:
    import msgspec

    objects = [_as_object(status) for status in statuses]
    return msgspec.json.format(msgspec.json.encode(objects), indent=2).decode() + "\n"


def _as_object(status: EngineStatus) -> dict[str, object]:
    known, profile = status.description, status.profile
    return {
        "id": known.id,
        "title": known.title,
        "kind": known.kind,
        "host": known.host,
        "model": known.model,
        "ready": status.is_ready,
        "why": None if status.obstacle is None else status.obstacle.code,
        "message": _why_not(status) or None,
        "key": status.key_source,
        "key_page": known.key_page or None,
        "price": known.price,
        "lacks": sorted(known.lacks),
        "tested": profile is None or profile.tested,
        "source": None if profile is None else profile.source or None,
    }


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
