"""What Qt finds on this computer: `python -m ocr_desktop.gui.platform_report` prints it as a JSON object.

It runs in a process of its own, because Qt ends the process where it cannot start.
"""

from __future__ import annotations

import json
import os
import sys
from typing import Any

from ocr_desktop.gui.display import can_open_window

WITHOUT_DISPLAY = "offscreen"


def platform_report() -> dict[str, Any]:
    """What a window would find; without a display, what Qt finds without one.

    Keys: `qt` (its version), `platform` (Qt's plugin), `has_display`, `screens` (each with its `name`, `width` and
    `height` in device-independent pixels, and `scale`), `has_latin_font`, `has_chinese_font`, `takes_screens` (a
    `PictureSource`: who takes pictures of them) and, where that is the portal, `portal_version` (None: there is none).
    """
    has_display = can_open_window()
    if not has_display:
        os.environ["QT_QPA_PLATFORM"] = WITHOUT_DISPLAY

    from PySide6.QtCore import qVersion
    from PySide6.QtGui import QFontDatabase, QGuiApplication
    from PySide6.QtWidgets import QApplication

    from ocr_desktop.gui.capture.grabbing import PictureSource, picture_source

    # Held until the end: without it there are no screens and no fonts.
    application = QApplication([sys.argv[0]])
    screens = [
        {
            "name": screen.name(),
            "width": screen.size().width(),
            "height": screen.size().height(),
            "scale": screen.devicePixelRatio(),
        }
        for screen in QGuiApplication.screens()
    ]
    source = picture_source()
    writing = QFontDatabase.WritingSystem
    return {
        "qt": qVersion(),
        "platform": application.platformName(),
        "has_display": has_display and application.platformName() not in (WITHOUT_DISPLAY, "minimal"),
        "screens": screens,
        "has_latin_font": bool(QFontDatabase.families(writing.Latin)),
        "has_chinese_font": bool(QFontDatabase.families(writing.SimplifiedChinese)),
        "takes_screens": source,
        "portal_version": _portal_version() if source is PictureSource.PORTAL else None,
    }


def _portal_version() -> int | None:
    from ocr_desktop.gui.capture.portal import portal_version

    return portal_version()


if __name__ == "__main__":
    sys.stdout.write(json.dumps(platform_report()) + "\n")
