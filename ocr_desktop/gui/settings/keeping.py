"""Writes what was changed in the settings dialog: profiles, prompts, and keys last."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ocr_desktop.services.credentials import KeySource

if TYPE_CHECKING:
    from ocr_desktop.gui.settings.draft import Differences
    from ocr_desktop.services.context import AppContext
    from ocr_desktop.services.prompts import Prompts


async def keep_differences(context: AppContext, differences: Differences, prompts: Prompts | None) -> tuple[str, ...]:
    """Write everything; what was written before an error is written again without harm.

    Args:
        context: Where files and keys are.
        differences: Of the engines.
        prompts: All of them, or None where none was changed.

    Returns:
        The titles of the engines whose keys could be kept only in memory for this run.

    Raises:
        OcrDesktopError: Something could not be written; keys are not touched before everything else stands.
    """
    for profile in differences.saved:
        await context.profile_files.save(profile)
    for engine_id in differences.deleted:
        await context.profile_files.delete(engine_id)
    if prompts is not None:
        await context.prompt_file.save(prompts)
    for profile in differences.forgotten_keys:
        await context.credentials.forget(profile)
    in_memory = []
    for profile, key in differences.kept_keys:
        if await context.credentials.keep(profile, key) is KeySource.MEMORY:
            in_memory.append(profile.title)
    return tuple(in_memory)
