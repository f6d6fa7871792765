"""Everything that lives as long as the program does, built in one place and closed in one place."""

from __future__ import annotations

import os
from collections.abc import Awaitable, Callable
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from ocr_desktop.core.errors import ErrorCode, InputError
from ocr_desktop.engines.base import OfflineSwitch
from ocr_desktop.services.settings import Settings, SettingsFile

if TYPE_CHECKING:
    from ocr_desktop.services.catalogue import Catalogue
    from ocr_desktop.services.credentials import Credentials
    from ocr_desktop.services.enrichment import Enrichment
    from ocr_desktop.services.intake import Intake
    from ocr_desktop.services.outgoing import Outgoing
    from ocr_desktop.services.profile_files import ProfileFiles
    from ocr_desktop.services.prompts import PromptFile
    from ocr_desktop.services.recent_files import RecentFiles
    from ocr_desktop.worker.client import PicturesClient, TypesetterClient
    from ocr_desktop.worker.pixels import PixelStore
    from ocr_desktop.worker.reader_client import ReaderClient

APPLICATION = "ocr-desktop"
OWN_PROFILES = "engines"


class AppContext:
    """Builds the services of one program, each when it is first asked for, and closes those that were built.

    The window is painted before most of them are needed, and what is not imported yet does not delay it.
    """

    def __init__(self, settings_folder: Path | None = None) -> None:
        self._settings_folder = settings_folder or default_settings_folder()
        self._closing: list[Callable[[], Awaitable[None]]] = []
        self.settings_file = SettingsFile(self._settings_folder)
        self.offline = OfflineSwitch()
        self.most_megapixels = Settings().most_megapixels

    @cached_property
    def store(self) -> PixelStore:
        """The memory for pictures.

        Raises:
            InputError: NO_SPACE, there is no folder for temporary files.
        """
        return _pixel_store()

    @cached_property
    def pictures(self) -> PicturesClient:
        from ocr_desktop.worker.client import PicturesClient

        pictures = PicturesClient(self.store)
        self._closing.append(pictures.close)
        return pictures

    @cached_property
    def background_pictures(self) -> PicturesClient:
        """For thumbnails and whatever else nobody waits for."""
        from ocr_desktop.worker.client import PicturesClient

        pictures = PicturesClient(self.store)
        self._closing.append(pictures.close)
        return pictures

    @cached_property
    def reader(self) -> ReaderClient:
        from ocr_desktop.worker.reader_client import ReaderClient

        reader = ReaderClient(self.store)
        self._closing.append(reader.close)
        return reader

    @cached_property
    def enrichment(self) -> Enrichment:
        from ocr_desktop.services.enrichment import Enrichment

        return Enrichment(self.reader)

    @cached_property
    def typesetter(self) -> TypesetterClient:
        from ocr_desktop.worker.client import TypesetterClient

        typesetter = TypesetterClient(self.store)
        self._closing.append(typesetter.close)
        return typesetter

    @cached_property
    def intake(self) -> Intake:
        from ocr_desktop.services.intake import Intake

        return Intake(self.pictures, self.background_pictures, self.most_megapixels * 1_000_000)

    @cached_property
    def outgoing(self) -> Outgoing:
        from ocr_desktop.services.outgoing import Outgoing

        outgoing = Outgoing(self.pictures)
        self._closing.append(outgoing.close)
        return outgoing

    @cached_property
    def credentials(self) -> Credentials:
        from ocr_desktop.services.credentials import Credentials

        return Credentials(os.environ)

    @cached_property
    def profile_files(self) -> ProfileFiles:
        from ocr_desktop.services.profile_files import ProfileFiles

        return ProfileFiles(self._settings_folder / OWN_PROFILES)

    @cached_property
    def recent_files(self) -> RecentFiles:
        from ocr_desktop.services.recent_files import RecentFiles

        return RecentFiles(self._settings_folder)

    @cached_property
    def prompt_file(self) -> PromptFile:
        from ocr_desktop.services.prompts import PromptFile

        return PromptFile(self._settings_folder)

    @cached_property
    def catalogue(self) -> Catalogue:
        from ocr_desktop.services.catalogue import Catalogue

        return Catalogue(self.credentials, self.profile_files, lambda: self.outgoing, lambda: self.reader, self.offline)

    async def close(self) -> None:
        """End the requests, then the workers, then the shared memory."""
        if "catalogue" in self.__dict__:
            await self.catalogue.close()
        for close in reversed(self._closing):
            await close()
        self._closing.clear()
        if "store" in self.__dict__:
            self.store.close()


def _pixel_store() -> PixelStore:
    from ocr_desktop.worker.pixels import PixelStore

    try:
        return PixelStore()
    except OSError as error:
        # No temporary folder can be written to: most often the disk is full.
        raise InputError(ErrorCode.NO_SPACE) from error


def default_settings_folder() -> Path:
    import platformdirs

    return Path(platformdirs.user_config_dir(APPLICATION, appauthor=False))
