"""The user's own prompts, saved by name: one TOML file beside the settings."""

from __future__ import annotations

import asyncio
import itertools
import re
import unicodedata
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from ocr_desktop.core.files import printable
from ocr_desktop.core.presets import PresetId
from ocr_desktop.services.user_file import UserFile

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

FILE_NAME = "prompts.toml"
LAST_EDITED_ID = "last-edited"
"""For the prompt that was edited last; no saved prompt has it."""
LONGEST_PROMPT = 20_000
LONGEST_TITLE = 100
LONGEST_ID = 40
UNTITLED = "prompt"
PLAIN_ID = re.compile(rf"[a-z0-9][a-z0-9-]{{0,{LONGEST_ID - 1}}}")
RESERVED_IDS = frozenset({*PresetId, LAST_EDITED_ID})


@dataclass(frozen=True, slots=True)
class SavedPrompt:
    """A prompt of the user's own.

    Attributes:
        id: A word of small letters, digits and hyphens; none of the presets'. `--preset` takes it.
        title: One line.
        prompt: Sent as it is.
        preset: By whose rules the answer is read, while the prompt still begins like it (`core.presets.reading_of`).
    """

    id: str
    title: str
    prompt: str
    preset: PresetId = PresetId.MARKDOWN


@dataclass(frozen=True, slots=True)
class Prompts:
    """All of them in the user's order, and the preset's prompt that was edited last."""

    saved: tuple[SavedPrompt, ...] = ()
    last_edited: SavedPrompt | None = None


class PromptFault(StrEnum):
    """Why a prompt cannot be kept."""

    ID = "id"
    """No word of small letters, digits and hyphens, or one that is a preset's."""
    ID_TWICE = "id_twice"
    TITLE = "title"
    """Empty, longer than LONGEST_TITLE, more than a line, or with space around it."""
    PROMPT_EMPTY = "prompt_empty"
    PROMPT_TOO_LONG = "prompt_too_long"
    """Longer than LONGEST_PROMPT characters."""
    PROMPT_CHARACTERS = "prompt_characters"
    """It holds control characters other than tabs and line breaks."""
    PRESET = "preset"
    """None of the six."""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """An entry of the file that cannot be used; `name` is its title, its id or its number, safe to print."""

    name: str
    fault: PromptFault


class PromptFile:
    """Reads and writes the prompts.

    Attributes:
        left_out: Entries that `load` found and could not use. Before the file is written without them, a copy of it is
            kept beside it, at `set_aside`.
    """

    def __init__(self, folder: Path) -> None:
        self.left_out: tuple[LeftOut, ...] = ()
        self._file = UserFile(folder / FILE_NAME)
        self._is_loaded = False
        self._is_whole = True
        self._one_at_a_time = asyncio.Lock()

    @property
    def set_aside(self) -> Path | None:
        """Where a file went that could not be read; None where there was none, or it could not be moved."""
        return self._file.set_aside

    def load(self) -> Prompts:
        """The prompts that stand in the file; one that cannot be used is left out, and the others stay."""
        values = self._file.read()
        left_out: list[LeftOut] = []
        saved: dict[str, SavedPrompt] = {}
        entries = values.get("prompt", [])
        for number, entry in enumerate(entries if isinstance(entries, list) else [entries], 1):
            found = _prompt_of(entry, fault_of)
            if isinstance(found, SavedPrompt) and found.id in saved:
                found = PromptFault.ID_TWICE
            if isinstance(found, SavedPrompt):
                saved[found.id] = found
            else:
                left_out.append(LeftOut(_name_of(entry, str(number)), found))
        last_edited = None
        if "last_edited" in values:
            found = _prompt_of(values["last_edited"], _fault_of_any)
            if isinstance(found, SavedPrompt):
                last_edited = found
            else:
                left_out.append(LeftOut(LAST_EDITED_ID, found))
        self.left_out = tuple(left_out)
        self._is_loaded, self._is_whole = True, not left_out
        return Prompts(tuple(saved.values()), last_edited)

    async def save(self, prompts: Prompts) -> None:
        """Write the prompts, whole or not at all; calls that overlap are written in their order.

        Raises:
            OutputError: OUTPUT_UNWRITABLE; what stood in the file still stands there.
            ValueError: A prompt has a fault that `fault_of` tells, or two have the same id.
        """
        _check(prompts)
        values: dict[str, Any] = {"prompt": [asdict(each) for each in prompts.saved]}
        if prompts.last_edited is not None:
            values["last_edited"] = asdict(prompts.last_edited)
        async with self._one_at_a_time:
            await asyncio.to_thread(self._write, values)

    def _write(self, values: dict[str, Any]) -> None:
        if not self._is_loaded:
            # What stands there is not written over unseen.
            self.load()
        if not self._is_whole:
            self._file.copy_aside()
            self._is_whole = True
        self._file.write(values)


def prompt_id_for(title: str, taken: Iterable[str]) -> str:
    """An id that is free, and no preset's: the title's own words where they are Latin, else `prompt-1` and so on."""
    occupied = RESERVED_IDS.union(taken)
    latin = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    words = re.sub(r"[^a-z0-9]+", "-", latin)[: LONGEST_ID - len("-1000")].strip("-")
    if not re.search("[a-z]", words):
        numbered = (f"{UNTITLED}-{number}" for number in itertools.count(1))
    else:
        numbered = (words if number == 1 else f"{words}-{number}" for number in itertools.count(1))
    return next(each for each in numbered if each not in occupied)


def fault_of(saved: SavedPrompt) -> PromptFault | None:
    """What keeps a prompt from being saved; None where nothing does."""
    return PromptFault.ID if saved.id in RESERVED_IDS else _fault_of_any(saved)


def _fault_of_any(prompt: SavedPrompt) -> PromptFault | None:
    """The fault of a prompt, be it a saved one or the last edited one, which may have a preset's id."""
    if not PLAIN_ID.fullmatch(prompt.id):
        return PromptFault.ID
    if not 0 < len(prompt.title) <= LONGEST_TITLE or prompt.title != printable(prompt.title.strip()):
        return PromptFault.TITLE
    if not prompt.prompt.strip():
        return PromptFault.PROMPT_EMPTY
    if len(prompt.prompt) > LONGEST_PROMPT:
        return PromptFault.PROMPT_TOO_LONG
    if any(unicodedata.category(each) in ("Cc", "Cs") and each not in "\n\t" for each in prompt.prompt):
        return PromptFault.PROMPT_CHARACTERS
    return None


def _check(prompts: Prompts) -> None:
    faults = [fault_of(each) for each in prompts.saved]
    if prompts.last_edited is not None:
        faults.append(_fault_of_any(prompts.last_edited))
    if len({each.id for each in prompts.saved}) < len(prompts.saved):
        faults.append(PromptFault.ID_TWICE)
    for fault in faults:
        if fault is not None:
            raise ValueError(f"prompts with a fault: {fault}")


def _prompt_of(entry: object, judge: Callable[[SavedPrompt], PromptFault | None]) -> SavedPrompt | PromptFault:
    """The prompt that an entry of the file is, or why it cannot be used."""
    if not isinstance(entry, dict) or not isinstance(entry.get("id"), str):
        return PromptFault.ID
    title, prompt, preset = entry.get("title"), entry.get("prompt"), entry.get("preset", PresetId.MARKDOWN)
    if not isinstance(title, str):
        return PromptFault.TITLE
    if not isinstance(prompt, str):
        return PromptFault.PROMPT_EMPTY
    if preset not in list(PresetId):
        return PromptFault.PRESET
    found = SavedPrompt(entry["id"], title.strip(), prompt, PresetId(preset))
    return judge(found) or found


def _name_of(entry: object, number: str) -> str:
    if isinstance(entry, dict):
        for field in ("title", "id"):
            value = entry.get(field)
            if isinstance(value, str) and value.strip():
                return printable(value.strip()[:LONGEST_TITLE])
    return number
