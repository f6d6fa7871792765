"""What `doctor` finds out about the window: whether Qt starts, on which display, with which fonts.

Qt is asked in a process of its own: it ends the process where it cannot start.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
from typing import Any

from ocr_desktop.cli.findings import Finding, State
from ocr_desktop.worker.child import PACKAGE_ROOT, worker_environment

REPORT = "ocr_desktop.gui.platform_report"
PATIENCE_S = 30.0
OF_THE_SESSION = ("DISPLAY", "XAUTHORITY", "WAYLAND_", "XDG_", "QT_", "FONTCONFIG_", "DBUS_SESSION_")
"""How the variables begin that Qt needs beside those of every worker."""
MOST_LAST_WORDS = 400
SYSTEM_PACKAGES = "Install the system packages that packaging/system-packages.txt lists"
PORTAL = "portal"
PORTAL_PACKAGES = "Install xdg-desktop-portal and its part for this desktop, such as xdg-desktop-portal-gnome"
SESSIONS = {"x11": "X11", "wayland": "Wayland", "tty": "a terminal without a display"}


async def window_findings() -> tuple[Finding, ...]:
    report = await _report()
    if isinstance(report, Finding):
        return report, _session()
    return _qt(report), *_fonts(report), _session(), *_capture(report)


async def _report() -> dict[str, Any] | Finding:
    """What Qt tells, or that it tells nothing."""
    asked = await asyncio.create_subprocess_exec(
        *(sys.executable, "-P", "-m", REPORT),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        cwd=PACKAGE_ROOT.anchor,
        env=_environment(),
    )
    try:
        output, errors = await asyncio.wait_for(asked.communicate(), PATIENCE_S)
    except TimeoutError:
        return Finding("qt", State.PROBLEM, f"Qt does not start within {PATIENCE_S:.0f} s", SYSTEM_PACKAGES)
    finally:
        if asked.returncode is None:
            asked.kill()
            await asked.wait()
    if asked.returncode == 0:
        report: dict[str, Any] = json.loads(output)
        return report
    said = _last_words(errors.decode("utf-8", "replace"))
    why = f": {said}" if said else ""
    return Finding("qt", State.PROBLEM, f"Qt does not start, so there is no window{why}", SYSTEM_PACKAGES)


def _last_words(errors: str) -> str:
    """What tells most of why a process ended: of a traceback its last line, else how it begins."""
    lines = [" ".join(line.split()) for line in errors.splitlines() if line.strip()]
    if any(line.startswith("Traceback") for line in lines):
        lines = lines[-1:]
    return " ".join(lines)[:MOST_LAST_WORDS].rstrip(". ")


def _environment() -> dict[str, str]:
    """What every worker gets to know, and the session; no key."""
    session = {name: value for name, value in os.environ.items() if name.startswith(OF_THE_SESSION)}
    return session | worker_environment(os.environ)


def _qt(report: dict[str, Any]) -> Finding:
    version = f"Qt {report['qt']}"
    if not report["has_display"]:
        return Finding("qt", State.NOTE, f"{version} starts, but there is no display", "`ocr-desktop read` needs none")
    screens = "; ".join(
        f"{screen['name']} {screen['width']} x {screen['height']} at {screen['scale']:g}"
        for screen in report["screens"]
    )
    return Finding("qt", State.OK, f"{version} on {report['platform']}, screens: {screens or 'none'}")


def _fonts(report: dict[str, Any]) -> tuple[Finding, ...]:
    if not report["has_latin_font"]:
        return (Finding("fonts", State.PROBLEM, "there is none, so the window shows empty squares", SYSTEM_PACKAGES),)
    if not report["has_chinese_font"]:
        hint = "Install one, such as the package fonts-wqy-microhei"
        return (Finding("fonts", State.NOTE, "Latin letters yes, Chinese ones no", hint),)
    return (Finding("fonts", State.OK, "Latin and Chinese letters"),)


def _capture(report: dict[str, Any]) -> tuple[Finding, ...]:
    """Who takes pictures of the screens; nothing where there are none."""
    if not report["has_display"]:
        return ()
    if report["takes_screens"] != PORTAL:
        return (Finding("capture", State.OK, "the program itself can take pictures of the screens"),)
    if report["portal_version"] is None:
        message = "this desktop has no portal for screenshots, so the screen cannot be captured"
        return (Finding("capture", State.NOTE, message, PORTAL_PACKAGES),)
    message = f"the desktop takes pictures of the screens, by its portal, version {report['portal_version']}"
    return (Finding("capture", State.OK, f"{message}; it may ask before"),)


def _session() -> Finding:
    """The kind of session, by what it says of itself."""
    if sys.platform in ("win32", "darwin"):
        return Finding("session", State.OK, "the desktop of the system")
    kind = os.environ.get("XDG_SESSION_TYPE", "")
    if os.environ.get("WAYLAND_DISPLAY"):
        kind = "wayland"
    elif os.environ.get("DISPLAY"):
        kind = "x11"
    desktop = os.environ.get("XDG_CURRENT_DESKTOP", "")
    message = SESSIONS.get(kind, "none with a display") + (f", {desktop}" if desktop else "")
    return Finding("session", State.OK if kind in ("wayland", "x11") else State.NOTE, message)
