"""Which engines there are, whether each is ready, and the one that is asked for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ocr_desktop.core.errors import EngineError, ErrorCode, InputError, OcrDesktopError, UsageError
from ocr_desktop.core.files import display_name, read_file
from ocr_desktop.engines.base import EMBEDDED_ID, Engine, EngineDescription
from ocr_desktop.engines.embedded import EmbeddedEngine

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from ocr_desktop.engines.profiles import Profile
    from ocr_desktop.services.credentials import Credentials
    from ocr_desktop.worker.client import PicturesClient, ReaderClient


@dataclass(frozen=True, slots=True)
class EngineStatus:
    """An engine, and what keeps it from being used; None where nothing does."""

    description: EngineDescription
    obstacle: OcrDesktopError | None

    @property
    def is_ready(self) -> bool:
        return self.obstacle is None


class Catalogue:
    """Makes each engine when it is first asked for, and keeps it until `close`.

    Profiles come with the program; a user's own lie as TOML files in a folder and go before those of the same id.
    `unreadable` tells which of them were left out, and why; it is known once any engine was asked for.
    """

    def __init__(
        self, credentials: Credentials, pictures: PicturesClient, reader: ReaderClient, own_profiles: Path
    ) -> None:
        self.own_profiles = own_profiles
        self.unreadable: dict[Path, OcrDesktopError] = {}
        self._credentials = credentials
        self._pictures = pictures
        self._reader = reader
        self._profiles: dict[str, Profile] | None = None
        self._engines: dict[tuple[str, str, str], Engine] = {}

    def statuses(self, *, offline: bool = False) -> tuple[EngineStatus, ...]:
        """Every engine in the order of a list, this computer first."""
        endpoints = (self._status(profile, offline) for profile in self._all_profiles().values())
        return (EngineStatus(self._embedded().description, None), *endpoints)

    def engine(
        self,
        engine_id: str,
        *,
        base_url: str | None = None,
        model: str | None = None,
        offline: bool = False,
    ) -> Engine:
        """The engine to read with.

        Raises:
            UsageError: UNKNOWN_ENGINE; PROFILE_INCOMPLETE.
            EngineError: OFFLINE, KEY_MISSING, KEY_REFUSED or HOST_INSECURE; nothing was sent.
        """
        if engine_id == EMBEDDED_ID:
            return self._embedded()
        profile = self._profile(engine_id, base_url, model)
        obstacle = self._obstacle(profile, offline)
        if obstacle is not None:
            raise obstacle
        return self._endpoint(profile)

    def describe(self, engine_id: str, *, base_url: str | None = None, model: str | None = None) -> EngineDescription:
        """What is known of an engine, ready or not.

        Raises:
            UsageError: UNKNOWN_ENGINE; PROFILE_INCOMPLETE for an address that is none.
        """
        if engine_id == EMBEDDED_ID:
            return self._embedded().description
        return self._endpoint(self._profile(engine_id, base_url, model)).description

    async def close(self) -> None:
        for engine in self._engines.values():
            await engine.close()
        self._engines.clear()

    def _all_profiles(self) -> dict[str, Profile]:
        if self._profiles is None:
            # The window is painted before any endpoint is looked at.
            from ocr_desktop.engines.profiles import shipped_profiles

            by_id = {profile.id: profile for profile in (*shipped_profiles(), *self._read_own_profiles())}
            self._profiles = dict(sorted(by_id.items(), key=lambda item: item[1].order))
        return self._profiles

    def _read_own_profiles(self) -> Iterator[Profile]:
        from ocr_desktop.engines.profiles import load_profile

        try:
            paths = sorted(self.own_profiles.glob("*.toml"))
        except OSError:
            name = display_name(self.own_profiles)
            self.unreadable[self.own_profiles] = InputError(ErrorCode.FILE_UNREADABLE, name=name)
            return
        for path in paths:
            try:
                yield load_profile(read_file(path))
            except OcrDesktopError as error:
                self.unreadable[path] = error

    def _profile(self, engine_id: str, base_url: str | None, model: str | None) -> Profile:
        profile = self._all_profiles().get(engine_id)
        if profile is None:
            known = ", ".join((EMBEDDED_ID, *self._all_profiles()))
            raise UsageError(ErrorCode.UNKNOWN_ENGINE, engine=engine_id, known=known)
        return profile.changed(base_url=base_url, model=model)

    def _embedded(self) -> Engine:
        return self._engines.setdefault((EMBEDDED_ID, "", ""), EmbeddedEngine(self._reader))

    def _endpoint(self, profile: Profile) -> Engine:
        from ocr_desktop.engines.openai_compatible import OpenAICompatibleEngine

        identity = (profile.id, profile.base_url, profile.model)
        if identity not in self._engines:
            key = self._credentials.key_for(profile)
            self._engines[identity] = OpenAICompatibleEngine(profile, key, self._pictures)
        return self._engines[identity]

    def _status(self, profile: Profile, offline: bool) -> EngineStatus:
        return EngineStatus(self._endpoint(profile).description, self._obstacle(profile, offline))

    def _obstacle(self, profile: Profile, offline: bool) -> OcrDesktopError | None:
        from ocr_desktop.engines.failures import EndpointFailures

        if offline and profile.missing is None and not profile.is_local:
            return EngineError(ErrorCode.OFFLINE, host=profile.host)
        return EndpointFailures(profile, self._credentials.key_for(profile)).obstacle()
