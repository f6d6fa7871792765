"""What `doctor` finds out about the program, its engines and its places; nothing is sent anywhere."""

from __future__ import annotations

import asyncio
import os
import platform
import shutil
import tempfile
from importlib import metadata
from typing import TYPE_CHECKING

from ocr_desktop import __version__
from ocr_desktop.cli.engines import texts_of_led_elsewhere
from ocr_desktop.cli.findings import Finding, State
from ocr_desktop.cli.messages import PROMPT_FAULTS, error_text, set_aside_text, settings_trouble_text
from ocr_desktop.core.errors import OcrDesktopError
from ocr_desktop.engines.base import EMBEDDED_ENGINE, EngineKind
from ocr_desktop.services.context import default_settings_folder
from ocr_desktop.services.credentials import KeyringObstacle
from ocr_desktop.services.exporting import check_place, shown_path
from ocr_desktop.services.settings import FILE_NAME

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ocr_desktop.services.catalogue import EngineStatus
    from ocr_desktop.services.context import AppContext

PACKAGES = ("PySide6-Essentials", "openai", "rapidocr", "onnxruntime", "pillow", "keyring")
"""Those that most often explain why something goes another way than on other computers."""
PATIENCE_S = 120.0
SPARE_BYTES = 10**9
"""A picture takes up to half of this while it is open."""
PROXIED = ("http", "https", "all")
INSTALL_AGAIN = "Install the program again"
KEYRING_WORDS = {
    KeyringObstacle.MISSING: "there is none that can be used",
    KeyringObstacle.WRITES_FILES: "there is none but one that writes keys to a file, which is not used",
    KeyringObstacle.SILENT: "it does not answer",
    KeyringObstacle.FAILED: "it refuses to answer",
}


def program_findings() -> Iterator[Finding]:
    system = f"{platform.system()} {platform.release()} {platform.machine()}"
    yield Finding("program", State.OK, f"OCR Desktop {__version__}, Python {platform.python_version()}, {system}")
    versions = {name: _version(name) for name in PACKAGES}
    missing = [name for name, version in versions.items() if version is None]
    if missing:
        yield Finding("packages", State.PROBLEM, f"{', '.join(missing)} cannot be found", INSTALL_AGAIN)
    else:
        told = ", ".join(f"{name} {version}" for name, version in versions.items())
        yield Finding("packages", State.OK, told)


def place_findings(context: AppContext) -> Iterator[Finding]:
    yield from _settings(context)
    yield from _prompts(context)
    yield _temporary_folder(context)
    yield from _proxies()


async def embedded_finding(context: AppContext) -> Finding:
    """Whether the embedded engine can be loaded; it is."""
    try:
        await asyncio.wait_for(context.reader.warm_up(), PATIENCE_S)
    except TimeoutError:
        return Finding("embedded_engine", State.PROBLEM, f"it is not ready after {PATIENCE_S:.0f} s", INSTALL_AGAIN)
    except OcrDesktopError as error:
        message, hint = error_text(error, name="embedded engine")
        return Finding("embedded_engine", State.PROBLEM, message, hint)
    return Finding("embedded_engine", State.OK, f"{EMBEDDED_ENGINE.model} is loaded and reads")


async def keyring_finding(context: AppContext) -> Finding:
    """Which keyring there is, and whether it gave what the engines asked of it before."""
    state = await context.credentials.keyring_state()
    obstacle = state.obstacle or context.credentials.keyring_trouble
    if obstacle is None:
        return Finding("keyring", State.OK, f"keys are kept by {state.name}")
    message = KEYRING_WORDS[obstacle] + (f" ({state.name})" if state.name else "")
    hint = "Keys come from environment variables, or are kept until the window is closed"
    return Finding("keyring", State.NOTE, message, hint)


async def engine_findings(context: AppContext) -> tuple[Finding, ...]:
    """Each endpoint, as far as can be seen without asking it."""
    if context.settings_file.load().stay_offline:
        message = "Stay offline is on: no request is sent to any endpoint"
        switch = [Finding("offline", State.NOTE, message, "It is a switch in the window")]
    else:
        switch = []
    statuses = await context.catalogue.statuses()
    endpoints = [_endpoint(each) for each in statuses if each.description.kind is EngineKind.ENDPOINT]
    return (*switch, *_profiles(context), *endpoints)


def _endpoint(status: EngineStatus) -> Finding:
    known = status.description
    if status.obstacle is None:
        return Finding(f"engine.{known.id}", State.OK, f"{known.title} at {known.host} is set up; it was not asked")
    message, hint = error_text(status.obstacle)
    return Finding(f"engine.{known.id}", State.NOTE, message, hint)


def _profiles(context: AppContext) -> Iterator[Finding]:
    for path, error in context.profile_files.unreadable.items():
        message, _ = error_text(error, name=path.name, engine=path.name)
        yield Finding("profiles", State.NOTE, f"{message}; it was left out", f"Mend or remove {shown_path(path)}")
    for text in texts_of_led_elsewhere(context.profile_files):
        yield Finding("profiles", State.NOTE, text, "Delete that file to have back what comes with the program")


def _version(package: str) -> str | None:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return None


def _settings(context: AppContext) -> Iterator[Finding]:
    folder = default_settings_folder()
    context.settings_file.load()
    trouble = settings_trouble_text(context.settings_file)
    if trouble:
        yield Finding("settings", State.NOTE, trouble, "Mend it or remove it")
    there = next(each for each in (folder, *folder.parents) if each.exists())
    try:
        # A folder that is not there yet is made in the first one above it that is.
        check_place(there / FILE_NAME)
    except OcrDesktopError as error:
        message, _ = error_text(error)
        yield Finding(
            "settings", State.NOTE, f"{message}; choices are forgotten", f"Allow writing to {shown_path(there)}"
        )
    else:
        yield Finding("settings", State.OK, f"kept in {shown_path(folder)}")


def _prompts(context: AppContext) -> Iterator[Finding]:
    prompts = context.prompt_file
    count = len(prompts.load().saved)
    hint = "Mend it or remove it"
    if prompts.set_aside is not None:
        yield Finding("prompts", State.NOTE, set_aside_text(prompts.set_aside), hint)
    for entry in prompts.left_out:
        yield Finding("prompts", State.NOTE, f"{entry.name}: {PROMPT_FAULTS[entry.fault]}; it was left out", hint)
    if prompts.set_aside is None and not prompts.left_out:
        yield Finding("prompts", State.OK, f"{count} saved")


def _temporary_folder(context: AppContext) -> Finding:
    try:
        _ = context.store
        folder = tempfile.gettempdir()
        free = shutil.disk_usage(folder).free
    except (OcrDesktopError, OSError):
        return Finding(
            "temporary_folder", State.PROBLEM, "there is none that can be written to", "Set TMPDIR to a folder"
        )
    message = f"{shown_path(folder)}, {free / 10**9:.1f} GB free"
    if free < SPARE_BYTES:
        return Finding("temporary_folder", State.NOTE, message, "Large pictures need more; free some space there")
    return Finding("temporary_folder", State.OK, message)


def _proxies() -> Iterator[Finding]:
    """Which requests go through a proxy by the environment; never which one, it may hold a password."""
    names = {name.lower() for name, value in os.environ.items() if value}
    proxied = [scheme for scheme in PROXIED if f"{scheme}_proxy" in names]
    if proxied:
        message = f"set in the environment for {', '.join(proxied)}; requests to other machines go through it"
        yield Finding(
            "proxy", State.NOTE, message, "Where an endpoint cannot be reached, see whether the proxy lets it"
        )
    else:
        yield Finding("proxy", State.OK, "none in the environment")
