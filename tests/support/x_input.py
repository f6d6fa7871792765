"""What a user of a real X display does and sees: the pointer, the keys, and windows that come up."""

from __future__ import annotations

import struct

from tests.support.x_client import GET_INPUT_FOCUS, QUERY_EXTENSION, REPLY, Client

FAKE_INPUT = 2
KEY_PRESS, KEY_RELEASE, BUTTON_PRESS, BUTTON_RELEASE, MOTION = 2, 3, 4, 5, 6
LEFT, RIGHT = 1, 3
CHANGE_ATTRIBUTES, EVENT_MASK, SUBSTRUCTURE_NOTIFY = 2, 1 << 11, 1 << 19
FOCUS_CHANGE = 1 << 21
CREATED, MAPPED, CONFIGURED, FOCUSED = 16, 19, 22, 9
EVENT_BYTES = 32
FIRST_KEYCODE = 8
"""X counts the keys of a keyboard from here on, evdev from 0."""
KEY_ESCAPE = 1 + FIRST_KEYCODE


class Hands(Client):
    """Moves the pointer and presses buttons and keys by the XTEST extension, in pixels of the server's screen."""

    def __init__(self, display: str) -> None:
        super().__init__(display)
        present, self._xtest = struct.unpack_from("=BB", self.named(QUERY_EXTENSION, "XTEST"), 8)
        assert present

    def move(self, x: int, y: int) -> None:
        self._fake(MOTION, 0, x, y)

    def press(self, button: int = LEFT) -> None:
        self._fake(BUTTON_PRESS, button)

    def release(self, button: int = LEFT) -> None:
        self._fake(BUTTON_RELEASE, button)

    def drag(self, start: tuple[int, int], end: tuple[int, int]) -> None:
        """From one pixel to another with the left button, by way of the middle."""
        self.move(*start)
        self.press()
        self.move((start[0] + end[0]) // 2, (start[1] + end[1]) // 2)
        self.move(*end)
        self.release()

    def key(self, keycode: int) -> None:
        self._fake(KEY_PRESS, keycode)
        self._fake(KEY_RELEASE, keycode)

    def _fake(self, kind: int, detail: int, x: int = 0, y: int = 0) -> None:
        self.send(self._xtest, FAKE_INPUT, struct.pack("=BBxxII8xhh8x", kind, detail, 0, 0, x, y))


class Eyes(Client):
    """Sees windows come up from now on."""

    def __init__(self, display: str) -> None:
        super().__init__(display)
        self._sizes: dict[int, tuple[int, int]] = {}
        self.send(CHANGE_ATTRIBUTES, 0, struct.pack("=III", self.root, EVENT_MASK, SUBSTRUCTURE_NOTIFY))

    def wait_for_window(self, width: int, height: int) -> int:
        """Wait until a window of this size at least is put on the screen; which it is."""
        while True:
            event = self._read(EVENT_BYTES)
            kind, window = event[0] & 0x7F, int(struct.unpack_from("=I", event, 8)[0])
            if kind == CREATED:
                self._sizes[window] = struct.unpack_from("=HH", event, 16)
            elif kind == CONFIGURED:
                self._sizes[window] = struct.unpack_from("=HH", event, 20)
            elif kind == MAPPED:
                found = self._sizes.get(window, (0, 0))
                if found[0] >= width and found[1] >= height:
                    return window

    def wait_for_focus(self, window: int) -> None:
        """Wait until keys go to a window."""
        self.send(CHANGE_ATTRIBUTES, 0, struct.pack("=III", window, EVENT_MASK, FOCUS_CHANGE))
        self.send(GET_INPUT_FOCUS, 0, b"")
        while True:
            event = self._read(EVENT_BYTES)
            kind = event[0] & 0x7F
            is_there_already = kind == REPLY and struct.unpack_from("=I", event, 8)[0] == window
            if is_there_already or kind == FOCUSED:
                return
