"""Where the windows of a desktop on X11 are, so that a click takes one of them.

Qt knows only the program's own windows. What the window manager publishes (the Extended Window Manager Hints) is asked
for over a connection of its own, through the library that Qt's window stands on anyway. Under Wayland no program may
know, and on other systems nobody asks: there a click takes the whole screen.
"""

from __future__ import annotations

import ctypes
import struct
from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtGui import QGuiApplication

from ocr_desktop.gui.capture.geometry import Area, ScreenPicture, around, from_edges
from ocr_desktop.gui.capture.grabbing import PictureSource, picture_source, screen_pictures

X11 = "xcb"
LIBRARY = "libxcb.so.1"
MOST_WINDOWS = 256
ANY_TYPE = 0
VIEWABLE = 2
EVERY_DESKTOP = 0xFFFFFFFF
ATOMS = (
    "_NET_CLIENT_LIST_STACKING",
    "_NET_CURRENT_DESKTOP",
    "_NET_WM_DESKTOP",
    "_NET_WM_STATE",
    "_NET_WM_STATE_HIDDEN",
    "_NET_WM_WINDOW_TYPE",
    "_NET_WM_WINDOW_TYPE_DESKTOP",
    "_GTK_FRAME_EXTENTS",
)


def window_areas() -> tuple[Area, ...]:
    """What the visible windows cover without their title bars, in desktop pixels, the topmost first.

    Nothing where nobody tells: not on X11, or no window manager there. It takes four rounds to the X server, however
    many windows there are.
    """
    if QGuiApplication.platformName() != X11 or picture_source() is PictureSource.PORTAL:
        return ()
    try:
        library = ctypes.CDLL(LIBRARY)
    except OSError:
        return ()
    server = _Server(library)
    try:
        places = server.window_places()
    finally:
        server.close()
    screens = [screen for _, screen in screen_pictures()]
    areas = (logical_area(place, screens) for place in reversed(places))
    return tuple(area for area in areas if area is not None)


def logical_area(place: Area, screens: Sequence[ScreenPicture]) -> Area | None:
    """An area in the X server's pixels as one in desktop pixels; None where it lies on no screen.

    A screen's origin is the same in both spaces, its size is not; an area on several screens is converted on each.
    """
    parts = []
    for screen in screens:
        common = place.common(Area(screen.area.x, screen.area.y, screen.width, screen.height))
        if common is not None:
            parts.append(_scaled(common, screen))
    return around([part for part in parts if part is not None])


def _scaled(place: Area, screen: ScreenPicture) -> Area | None:
    left, top = screen.area.x, screen.area.y
    across, down = screen.area.width / screen.width, screen.area.height / screen.height
    return from_edges(
        left + round((place.x - left) * across),
        top + round((place.y - top) * down),
        left + round((place.right - left) * across),
        top + round((place.bottom - top) * down),
    )


class _Cookie(ctypes.Structure):
    _fields_ = (("sequence", ctypes.c_uint),)


class _Roots(ctypes.Structure):
    _fields_ = (("data", ctypes.POINTER(ctypes.c_uint32)), ("rem", ctypes.c_int), ("index", ctypes.c_int))


Reply = bytes
"""The protocol's own: 32 bytes and what follows; empty where the request failed, as for a window that just went."""


class _Server:
    """A connection to the X server, for questions only; an error is an answer, never the end of the program."""

    def __init__(self, library: ctypes.CDLL) -> None:
        self._xcb = library
        library.xcb_connect.restype = library.xcb_get_setup.restype = ctypes.c_void_p
        library.xcb_wait_for_reply.restype = ctypes.c_void_p
        library.xcb_setup_roots_iterator.restype = _Roots
        self._free = ctypes.CDLL(None).free
        self._connection = ctypes.c_void_p(library.xcb_connect(None, None))

    def close(self) -> None:
        self._xcb.xcb_disconnect(self._connection)

    def window_places(self) -> list[Area]:
        """The visible windows in the server's pixels, the lowest first."""
        if self._xcb.xcb_connection_has_error(self._connection):
            return []
        setup = ctypes.c_void_p(self._xcb.xcb_get_setup(self._connection))
        root = int(self._xcb.xcb_setup_roots_iterator(setup).data[0])
        named = self._ask_each("intern_atom", [(1, ctypes.c_uint16(len(name)), name.encode()) for name in ATOMS])
        atoms = {name: _number(reply) for name, reply in zip(ATOMS, named, strict=True)}
        (listed,) = self._property([root], atoms["_NET_CLIENT_LIST_STACKING"])
        (current,) = self._property([root], atoms["_NET_CURRENT_DESKTOP"])
        windows = list(listed)
        shown = self._are_shown(windows, atoms, current[:1])
        return self._places([window for window, is_shown in zip(windows, shown, strict=True) if is_shown], root, atoms)

    def _are_shown(self, windows: list[int], atoms: dict[str, int], current: tuple[int, ...]) -> list[bool]:
        attributes = self._ask_each("get_window_attributes", [(window,) for window in windows])
        desktops = self._property(windows, atoms["_NET_WM_DESKTOP"])
        states = self._property(windows, atoms["_NET_WM_STATE"])
        types = self._property(windows, atoms["_NET_WM_WINDOW_TYPE"])
        return [
            len(attribute) > 26
            and attribute[26] == VIEWABLE
            and (not desktop or not current or desktop[0] in (current[0], EVERY_DESKTOP))
            and atoms["_NET_WM_STATE_HIDDEN"] not in state
            and atoms["_NET_WM_WINDOW_TYPE_DESKTOP"] not in kind
            for attribute, desktop, state, kind in zip(attributes, desktops, states, types, strict=True)
        ]

    def _places(self, windows: list[int], root: int, atoms: dict[str, int]) -> list[Area]:
        origins = self._ask_each("translate_coordinates", [(window, root, 0, 0) for window in windows])
        sizes = self._ask_each("get_geometry", [(window,) for window in windows])
        shadows = self._property(windows, atoms["_GTK_FRAME_EXTENTS"])
        places = []
        for origin, size, shadow in zip(origins, sizes, shadows, strict=True):
            if origin and size:
                x, y = struct.unpack_from("=hh", origin, 12)
                width, height = struct.unpack_from("=HH", size, 16)
                # A window that draws its own shadow has it inside its size.
                left, right, top, bottom = shadow if len(shadow) == 4 else (0, 0, 0, 0)
                place = from_edges(x + left, y + top, x + width - right, y + height - bottom)
                places += [place] if place else []
        return places

    def _property(self, windows: list[int], atom: int) -> list[tuple[int, ...]]:
        """The numbers that each window's property holds; none where it has none."""
        if atom == 0:
            return [()] * len(windows)
        asked = [(0, window, atom, ANY_TYPE, 0, MOST_WINDOWS) for window in windows]
        return [_numbers(reply) for reply in self._ask_each("get_property", asked)]

    def _ask_each(self, request: str, arguments: Sequence[tuple[Any, ...]]) -> list[Reply]:
        """Send them all, then take the replies: one round, however many."""
        send: Callable[..., _Cookie] = getattr(self._xcb, f"xcb_{request}")
        send.restype = _Cookie  # type: ignore[attr-defined]
        cookies = [send(self._connection, *each) for each in arguments]
        return [self._reply(cookie) for cookie in cookies]

    def _reply(self, cookie: _Cookie) -> Reply:
        error = ctypes.c_void_p()
        found = ctypes.c_void_p(
            self._xcb.xcb_wait_for_reply(self._connection, ctypes.c_uint(cookie.sequence), ctypes.byref(error))
        )
        self._free(error)
        if found.value is None:
            return b""
        (more,) = struct.unpack_from("=I", ctypes.string_at(found, 8), 4)
        reply = ctypes.string_at(found, 32 + 4 * more)
        self._free(found)
        return reply


def _number(reply: Reply) -> int:
    """The one number of a reply, such as an atom; 0: there is none."""
    return int(struct.unpack_from("=I", reply, 8)[0]) if reply else 0


def _numbers(reply: Reply) -> tuple[int, ...]:
    """A property's 32-bit numbers."""
    if not reply or reply[1] != 32:
        return ()
    (count,) = struct.unpack_from("=I", reply, 16)
    return struct.unpack_from(f"={count}I", reply, 32)
