"""The profiles of endpoints: those that come with the program, and the user's own, a TOML file each."""

from __future__ import annotations

import asyncio
import dataclasses
import itertools
import os
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from ocr_desktop.core.errors import ErrorCode, InputError, OcrDesktopError, UsageError
from ocr_desktop.core.files import display_name, read_file

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from ocr_desktop.engines.profiles import Profile

ENDING = ".toml"
LONGEST_ID = 64
UNNAMED = "engine"
LARGEST_FILE_BYTES = 1 << 20
"""Of a profile; far more than any needs."""


class ImportChange(StrEnum):
    """What is not taken over from somebody else's profile, or not as it was."""

    ID = "id"
    """Another profile has it; it got a new one."""
    KEY_VARIABLE = "key_variable"
    """A file must not decide which of the user's variables goes to which host."""
    HTTP_ALLOWED = "http_allowed"
    """Only the user allows pictures and keys to travel in the open."""
    TESTED = "tested"
    """Only this program says what was tried with it."""


@dataclass(frozen=True, slots=True)
class Imported:
    """A profile that was read from a file of somebody else's, not kept yet, and what was changed in it."""

    profile: Profile
    changes: frozenset[ImportChange]


@dataclass(frozen=True, slots=True)
class LedElsewhere:
    """A file of the user's own that stands before a profile of the program and sends pictures to another address."""

    path: Path
    own: Profile
    shipped: Profile


class ProfileFiles:
    """Reads and writes profiles; a user's own goes before the shipped one of the same id.

    `unreadable` tells which of the user's own were left out, and why; it is known once any profile was asked for. Their
    files are never written over.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.unreadable: dict[Path, OcrDesktopError] = {}
        self._profiles: tuple[Profile, ...] | None = None
        self._shipped: dict[str, Profile] = {}
        self._own: dict[str, Path] = {}
        self._writing = asyncio.Lock()

    def profiles(self) -> tuple[Profile, ...]:
        """All of them, in the order of a list."""
        if self._profiles is None:
            # The window is painted before any endpoint is looked at.
            from ocr_desktop.engines.profiles import shipped_profiles

            self.unreadable.clear()
            self._shipped = {profile.id: profile for profile in shipped_profiles()}
            own = dict(self._read_own())
            self._own = {profile.id: path for path, profile in own.items()}
            by_id = self._shipped | {profile.id: profile for profile in own.values()}
            self._profiles = tuple(sorted(by_id.values(), key=lambda profile: profile.order))
        return self._profiles

    def shipped(self) -> tuple[Profile, ...]:
        """Those that come with the program, as they come, in the order of a list."""
        self.profiles()
        return tuple(self._shipped.values())

    def is_own(self, engine_id: str) -> bool:
        """Whether the user has a file of this profile."""
        self.profiles()
        return engine_id in self._own

    def led_elsewhere(self) -> tuple[LedElsewhere, ...]:
        """The hosted profiles of the program that one of the user's own stands before, with another address."""
        pairs = [(own, self._shipped.get(own.id)) for own in self.profiles() if own.id in self._own]
        return tuple(
            LedElsewhere(self._own[own.id], own, shipped)
            for own, shipped in pairs
            # A server of one's own has no address before somebody gives it.
            if shipped is not None and not shipped.is_local and shipped.base_url and own.origin != shipped.origin
        )

    def reload(self) -> None:
        """Look at the files again when the profiles are asked for next."""
        self._profiles = None

    def free_id(self, wished: str) -> str:
        """An id that no profile has and no file stands in the way of, like the one that is wished."""
        from ocr_desktop.engines.profiles import PLAIN_NAME

        plain = "".join(each if each.isalnum() or each in "-_." else "-" for each in wished.strip().lower())
        plain = plain.strip("-.")[: LONGEST_ID - 4]
        stem = plain if PLAIN_NAME.fullmatch(plain) else UNNAMED
        numbered = (f"{stem}-{number}" for number in itertools.count(2))
        return next(each for each in itertools.chain([stem], numbered) if not self._is_taken(each))

    async def save(self, profile: Profile) -> None:
        """Write a profile of the user's own, whole or not at all.

        Raises:
            UsageError: PROFILE_INCOMPLETE, it could not be read back.
            InputError, UsageError: In its place stands a file that could not be read: why; it is not written over.
            OutputError: OUTPUT_UNWRITABLE; what stood there before still stands there.
        """
        async with self._writing:
            self._read_again()
            await asyncio.to_thread(self._write, self._place_of(profile.id), profile)
            self.reload()

    async def delete(self, engine_id: str) -> None:
        """Take away a profile of the user's own; one of the same id that comes with the program is back then.

        Raises:
            OutputError: OUTPUT_UNWRITABLE, its file cannot be deleted.
        """
        async with self._writing:
            self._read_again()
            path = self._own.get(engine_id)
            if path is not None:
                await asyncio.to_thread(_delete, path)
                self.reload()

    def import_(self, toml_bytes: bytes) -> Imported:
        """A profile out of a file that may be from anybody; it is not kept yet.

        Raises:
            UsageError: PROFILE_INCOMPLETE, it is no profile, or holds a key; `message` says why.
        """
        from ocr_desktop.engines.profiles import load_profile

        given = load_profile(toml_bytes)
        safe = dataclasses.replace(given, http_allowed=False, tested=False)
        if not self._has_shipped_variable(given):
            safe = dataclasses.replace(safe, key_variable="")
        if self._is_taken(given.id):
            safe = dataclasses.replace(safe, id=self.free_id(given.id))
        changes = (change for change in ImportChange if getattr(given, change) != getattr(safe, change))
        return Imported(safe, frozenset(changes))

    def export(self, profile: Profile) -> bytes:
        """A profile as a file for somebody else.

        Raises:
            UsageError: PROFILE_INCOMPLETE, it could not be read back, or there seems to be a key in it.
        """
        from ocr_desktop.engines.profiles import profile_toml

        return profile_toml(profile)

    def _read_again(self) -> None:
        """See what stands in the folder now: people edit these files too."""
        self.reload()
        self.profiles()

    def _has_shipped_variable(self, given: Profile) -> bool:
        """Whether the program itself would send this variable to this host."""
        return any(
            (shipped.key_variable, shipped.origin) == (given.key_variable, given.origin) for shipped in self.shipped()
        )

    def _is_taken(self, engine_id: str) -> bool:
        from ocr_desktop.engines.base import EMBEDDED_ID

        known = {EMBEDDED_ID, *(profile.id for profile in self.profiles())}
        return engine_id in known or os.path.lexists(self.folder / f"{engine_id}{ENDING}")

    def _place_of(self, engine_id: str) -> Path:
        """The file of a profile; one that has none yet gets none that belongs to another."""
        stems = itertools.chain([engine_id], (f"{engine_id}-{number}" for number in itertools.count(2)))
        places = (self.folder / f"{stem}{ENDING}" for stem in stems)
        others = set(self._own.values())
        return self._own.get(engine_id) or next(place for place in places if place not in others)

    def _read_own(self) -> Iterator[tuple[Path, Profile]]:
        from ocr_desktop.engines.profiles import load_profile

        try:
            paths = sorted(self.folder.glob(f"*{ENDING}"))
        except OSError:
            name = display_name(self.folder)
            self.unreadable[self.folder] = InputError(ErrorCode.FILE_UNREADABLE, name=name)
            return
        seen: dict[str, Path] = {}
        for path in paths:
            try:
                profile = load_profile(read_file(path, largest_bytes=LARGEST_FILE_BYTES))
                if profile.id in seen:
                    _refuse_twin(profile, seen[profile.id])
            except OcrDesktopError as error:
                self.unreadable[path] = error
            else:
                seen[profile.id] = path
                yield path, profile

    def _write(self, path: Path, profile: Profile) -> None:
        from ocr_desktop.engines.profiles import profile_toml
        from ocr_desktop.services.exporting import make_folder, write_file

        written = profile_toml(profile)
        if path in self.unreadable:
            raise self.unreadable[path]
        make_folder(path.parent)
        write_file(path, written)


def _delete(path: Path) -> None:
    from ocr_desktop.services.exporting import output_error

    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        raise output_error(path, error) from error


def _refuse_twin(profile: Profile, first: Path) -> None:
    raise UsageError(
        ErrorCode.PROFILE_INCOMPLETE,
        engine=profile.id,
        missing="id",
        message=f"id: {profile.id} stands in {display_name(first)} already",
    )
