"""Writes what was changed in the settings dialog: profiles, prompts, and keys last."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ocr_desktop.services.credentials import KeySource

if TYPE_CHECKING:
    from ocr_desktop.gui.settings.draft import Differences
    from ocr_desktop.services.context import AppContext
    from ocr_desktop.services.prompts import Prompts


@dataclass(frozen=True, slots=True)
class KeysKept:
    """What became of keys, by the titles of their engines.

    Attributes:
        in_memory: Kept only as long as the program runs.
        not_forgotten: To be forgotten, and the keyring did not say that they are gone.
    """

    in_memory: tuple[str, ...]
    not_forgotten: tuple[str, ...]


async def keep_differences(context: AppContext, differences: Differences, prompts: Prompts | None) -> KeysKept:
    """Write everything; what was written before an error is written again without harm.

    Args:
        context: Where files and keys are.
        differences: Of the engines.
        prompts: All of them, or None where none was changed.

    Raises:
        OcrDesktopError: Something could not be written; keys are not touched before everything else stands.
    """
    for profile in differences.saved:
        await context.profile_files.save(profile)
    for engine_id in differences.deleted:
        await context.profile_files.delete(engine_id)
    if prompts is not None:
        await context.prompt_file.save(prompts)
    credentials = context.credentials
    not_forgotten = [each.title for each in differences.forgotten_keys if not await credentials.forget(each)]
    in_memory = []
    for profile, key in differences.kept_keys:
        if await credentials.keep(profile, key) is KeySource.MEMORY:
            in_memory.append(profile.title)
    return KeysKept(tuple(in_memory), tuple(not_forgotten))
