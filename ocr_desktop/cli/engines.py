"""`ocr-desktop engines`: which engines there are, and what keeps each from being used."""

from __future__ import annotations

from collections.abc import Iterator

from ocr_desktop.cli.arguments import EnginesArguments
from ocr_desktop.cli.console import Console
from ocr_desktop.cli.messages import KEYRING_CLOSED, error_text, settings_trouble_text
from ocr_desktop.services.catalogue import EngineStatus
from ocr_desktop.services.context import AppContext
from ocr_desktop.services.credentials import Credentials
from ocr_desktop.services.exporting import shown_path
from ocr_desktop.services.profile_files import ProfileFiles
from ocr_desktop.services.settings import SettingsFile

HEADINGS = ("id", "title", "kind", "host", "model", "ready")
KEYRING_PATIENCE_S = 5.0
"""A locked keyring asks for its password; a list can do without."""


async def list_engines(arguments: EnginesArguments, console: Console) -> int:
    context = AppContext()
    context.offline.is_on = context.settings_file.load().stay_offline
    warn_of_unreadable_settings(context.settings_file, console)
    context.credentials.patience_s = KEYRING_PATIENCE_S
    try:
        statuses = await context.catalogue.statuses()
        warn_of_closed_keyring(context.credentials, console)
        warn_of_unreadable_profiles(context.profile_files, console)
        for text in texts_of_led_elsewhere(context.profile_files):
            console.warn(f"{text}.")
        own = frozenset(each.description.id for each in statuses if context.profile_files.is_own(each.description.id))
    finally:
        await context.close()
    console.write(_as_json(statuses, own) if arguments.json else _as_table(statuses))
    return 0


def warn_of_unreadable_settings(settings_file: SettingsFile, console: Console) -> None:
    """Say that the settings could not be read, where that is so."""
    text = settings_trouble_text(settings_file)
    if text:
        console.warn(text)


def warn_of_closed_keyring(credentials: Credentials, console: Console) -> None:
    """Say that the keyring was asked and did not tell what it holds, where that is so."""
    if credentials.keyring_trouble is not None:
        console.warn(f"{KEYRING_CLOSED}. Keys that it holds are not seen.")


def texts_of_led_elsewhere(profile_files: ProfileFiles) -> Iterator[str]:
    """Which profiles of the program lead elsewhere by a file of the user's own; without a full stop."""
    for each in profile_files.led_elsewhere():
        goes_to = f"pictures go to {each.own.origin} and not to {each.shipped.origin}"
        key = f", with the key of {each.own.key_variable}" if each.own.key_variable else ""
        yield f"engine {each.own.id}: {shown_path(each.path)} replaces what comes with the program; {goes_to}{key}"


def warn_of_unreadable_profiles(profile_files: ProfileFiles, console: Console) -> None:
    """Say which of the user's own profiles were left out, and why."""
    for path, error in profile_files.unreadable.items():
        message, _ = error_text(error, name=path.name, engine=path.name)
        console.warn(f"{message}. The profile was left out.")


def _as_json(statuses: tuple[EngineStatus, ...], own: frozenset[str]) -> str:
    import msgspec

    objects = [_as_object(status, is_own=status.description.id in own) for status in statuses]
    return msgspec.json.format(msgspec.json.encode(objects), indent=2).decode() + "\n"


def _as_object(status: EngineStatus, *, is_own: bool) -> dict[str, object]:
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
        "own": is_own,
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
