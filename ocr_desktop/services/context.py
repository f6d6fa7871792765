"""Everything that lives as long as the program does, built in one place and closed in one place."""

from __future__ import annotations

import os
from pathlib import Path

from ocr_desktop.core.errors import ErrorCode, InputError
from ocr_desktop.services.catalogue import Catalogue
from ocr_desktop.services.credentials import Credentials
from ocr_desktop.services.intake import Intake
from ocr_desktop.services.settings import SettingsFile
from ocr_desktop.worker.client import PicturesClient, ReaderClient
from ocr_desktop.worker.pixels import PixelStore

APPLICATION = "ocr-desktop"
OWN_PROFILES = "engines"


class AppContext:
    """Builds the services of one program and closes them; no worker is started before it is needed.

    Raises (when made):
        InputError: NO_SPACE, there is no folder for temporary files.
    """

    def __init__(self, settings_folder: Path | None = None) -> None:
        settings_folder = settings_folder or default_settings_folder()
        self.settings_file = SettingsFile(settings_folder)
        self.credentials = Credentials(os.environ)
        self.store = _pixel_store()
        self.pictures = PicturesClient(self.store)
        self.reader = ReaderClient(self.store)
        self.intake = Intake(self.pictures)
        self.catalogue = Catalogue(self.credentials, self.pictures, self.reader, settings_folder / OWN_PROFILES)

    async def close(self) -> None:
        """End the requests, the workers and the shared memory; safe to call once only."""
        await self.catalogue.close()
        await self.reader.close()
        await self.pictures.close()
        self.store.close()


def _pixel_store() -> PixelStore:
    try:
        return PixelStore()
    except OSError as error:
        # No temporary folder can be written to: most often the disk is full.
        raise InputError(ErrorCode.NO_SPACE) from error


def default_settings_folder() -> Path:
    import platformdirs

    return Path(platformdirs.user_config_dir(APPLICATION, appauthor=False))
