"""Which engines there are, whether each is ready, and the one that is asked for."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from ocr_desktop.core.errors import EngineError, ErrorCode, OcrDesktopError, UsageError
from ocr_desktop.engines.base import EMBEDDED_ENGINE, EMBEDDED_ID, Engine, EngineDescription, OfflineSwitch
from ocr_desktop.engines.embedded import EmbeddedEngine

if TYPE_CHECKING:
    from collections.abc import Callable

    from ocr_desktop.core.secret import Secret
    from ocr_desktop.engines.openai_compatible import OpenAICompatibleEngine, PictureEncoder
    from ocr_desktop.engines.profiles import Profile
    from ocr_desktop.services.credentials import Credentials, KeySource
    from ocr_desktop.services.profile_files import ProfileFiles
    from ocr_desktop.worker.reader_client import ReaderClient


@dataclass(frozen=True, slots=True)
class EngineStatus:
    """An engine, and what keeps it from being used; None where nothing does.

    Attributes:
        profile: None for the embedded engine.
        key_source: Where its key is kept; None where there is none, or where it was not looked for because nothing may
            be sent at all.
    """

    description: EngineDescription
    obstacle: OcrDesktopError | None
    profile: Profile | None = None
    key_source: KeySource | None = None

    @property
    def is_ready(self) -> bool:
        return self.obstacle is None


class Catalogue:
    """Makes each engine when it is first asked for, and keeps it until `close`.

    Profiles come with the program; a user's own go before those of the same id (`ProfileFiles`). Where a profile or its
    key has changed since, the next request gets a new engine; one that still reads is left to end.

    Args:
        pictures, reader: Called when the first engine that needs them is made: a list of the engines needs no place
            for pictures. Both raise InputError, NO_SPACE, where there is none.
    """

    def __init__(
        self,
        credentials: Credentials,
        profile_files: ProfileFiles,
        pictures: Callable[[], PictureEncoder],
        reader: Callable[[], ReaderClient],
        offline: OfflineSwitch,
    ) -> None:
        self._credentials = credentials
        self._profile_files = profile_files
        self._pictures = pictures
        self._offline = offline
        self._reader = reader
        self._endpoints: dict[str, tuple[Profile, Secret | None, OpenAICompatibleEngine]] = {}
        self._superseded: list[OpenAICompatibleEngine] = []

    @cached_property
    def _embedded(self) -> EmbeddedEngine:
        return EmbeddedEngine(self._reader())

    def profile(self, engine_id: str, *, base_url: str | None = None, model: str | None = None) -> Profile:
        """An endpoint's settings, with another address or model where they are given.

        Raises:
            UsageError: UNKNOWN_ENGINE, also for the embedded one; PROFILE_INCOMPLETE for an address that is none.
        """
        profiles = {profile.id: profile for profile in self._profile_files.profiles()}
        if engine_id not in profiles:
            known = ", ".join((EMBEDDED_ID, *profiles))
            raise UsageError(ErrorCode.UNKNOWN_ENGINE, engine=engine_id, known=known)
        return profiles[engine_id].changed(base_url=base_url, model=model)

    def describe(self, engine_id: str, *, base_url: str | None = None, model: str | None = None) -> EngineDescription:
        """What is known of an engine, ready or not; raises as `profile`."""
        if engine_id == EMBEDDED_ID:
            return EMBEDDED_ENGINE
        return self.profile(engine_id, base_url=base_url, model=model).description

    def set_up(self, chosen: tuple[str, ...]) -> tuple[Profile, ...]:
        """The endpoints that somebody has set up, as far as can be known without asking the keyring.

        Those that were chosen (by id) in this order, then those with a file of the user's own or a key in the
        environment.
        """
        profiles = {profile.id: profile for profile in self._profile_files.profiles()}
        known = [profiles[engine_id] for engine_id in dict.fromkeys(chosen) if engine_id in profiles]
        others = (profile for profile in profiles.values() if profile.id not in chosen)
        return (*known, *(profile for profile in others if self._is_set_up(profile)))

    def _is_set_up(self, profile: Profile) -> bool:
        return self._profile_files.is_own(profile.id) or self._credentials.in_environment(profile)

    async def statuses(self) -> tuple[EngineStatus, ...]:
        """Every engine in the order of a list, this computer first."""
        endpoints = [await self.status(profile.id) for profile in self._profile_files.profiles()]
        return (EngineStatus(EMBEDDED_ENGINE, None), *endpoints)

    async def status(self, engine_id: str) -> EngineStatus:
        """Whether an engine could be used now; raises as `profile`."""
        if engine_id == EMBEDDED_ID:
            return EngineStatus(EMBEDDED_ENGINE, None)
        profile = self.profile(engine_id)
        found = None if self._offline.is_on else await self._credentials.found(profile)
        key, source = found or (None, None)
        return EngineStatus(profile.description, self._obstacle(profile, key), profile, source)

    async def engine(self, engine_id: str, *, base_url: str | None = None, model: str | None = None) -> Engine:
        """The engine to read with.

        Raises:
            UsageError: UNKNOWN_ENGINE; PROFILE_INCOMPLETE.
            InputError: NO_SPACE.
            EngineError: OFFLINE, KEY_MISSING, KEY_UNUSABLE or HOST_INSECURE; nothing was sent.
        """
        if engine_id == EMBEDDED_ID:
            return self._embedded
        profile = self.profile(engine_id, base_url=base_url, model=model)
        # A keyring may want its password, which is not worth giving while nothing can be sent.
        key = None if self._offline.is_on else await self._credentials.key_for(profile)
        obstacle = self._obstacle(profile, key)
        if obstacle is not None:
            raise obstacle
        return self._endpoint(profile, key)

    def trial(self, profile: Profile, key: Secret | None) -> OpenAICompatibleEngine:
        """An engine of settings that are not kept yet, to be closed by who asked for it.

        Raises:
            UsageError, InputError, EngineError: As `engine`.
        """
        obstacle = self._obstacle(profile, key)
        if obstacle is not None:
            raise obstacle
        return self._made(profile, key)

    def fields_refused(self, engine_id: str) -> frozenset[str]:
        """The fields of a request that an endpoint has refused in this run, so that they are left out."""
        kept = self._endpoints.get(engine_id)
        return frozenset() if kept is None else kept[2].fields_refused

    async def close(self) -> None:
        for engine in (*self._superseded, *(engine for _, _, engine in self._endpoints.values())):
            await engine.close()
        self._superseded.clear()
        self._endpoints.clear()

    def _endpoint(self, profile: Profile, key: Secret | None) -> OpenAICompatibleEngine:
        kept = self._endpoints.get(profile.id)
        if kept is not None:
            if kept[:2] == (profile, key):
                return kept[2]
            self._superseded.append(kept[2])
        engine = self._made(profile, key)
        if kept is not None and kept[0] == profile:
            engine.take_over(kept[2])
        self._endpoints[profile.id] = (profile, key, engine)
        return engine

    def _made(self, profile: Profile, key: Secret | None) -> OpenAICompatibleEngine:
        from ocr_desktop.engines.openai_compatible import OpenAICompatibleEngine

        return OpenAICompatibleEngine(profile, key, self._pictures(), self._offline)

    def _obstacle(self, profile: Profile, key: Secret | None) -> OcrDesktopError | None:
        from ocr_desktop.engines.failures import EndpointFailures

        if self._offline.is_on and profile.missing is None:
            return EngineError(ErrorCode.OFFLINE, host=profile.host)
        obstacle = EndpointFailures(profile, key).obstacle()
        trouble = self._credentials.keyring_trouble
        if obstacle is not None and obstacle.code is ErrorCode.KEY_MISSING and trouble is not None:
            # There may be one all the same.
            obstacle.fields["keyring"] = trouble.value
        return obstacle
