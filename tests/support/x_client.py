"""What a second monitor and a window manager do to an X server, said in the server's own language."""

from __future__ import annotations

import socket
import struct
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

Place = tuple[int, int, int, int]
MILLIMETRES = (300, 200)
REPLY_BYTES = 32
REPLY = 1
CREATE_WINDOW, MAP_WINDOW, INTERN_ATOM, CHANGE_PROPERTY, GET_INPUT_FOCUS, QUERY_EXTENSION = 1, 8, 16, 18, 43, 98
CARDINAL, WINDOW, ATOM = 6, 33, 4
GET_SCREEN_RESOURCES, SET_MONITOR = 25, 43


class Client:
    """The few requests that this takes, of a server that lets everybody in."""

    def __init__(self, display: str) -> None:
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.connect(str(Path("/tmp/.X11-unix") / f"X{display.removeprefix(':')}"))
        self._socket.sendall(struct.pack("=BxHHHHxx", ord("l"), 11, 0, 0, 0))
        accepted, length = struct.unpack("=B5xH", self._read(8))
        assert accepted == REPLY
        setup = self._read(length * 4)
        (self.first_id,) = struct.unpack_from("=I", setup, 4)
        vendor_bytes, formats = struct.unpack_from("=H3xB", setup, 16)
        (self.root,) = struct.unpack_from("=I", setup, 32 + -(-vendor_bytes // 4) * 4 + formats * 8)

    def close(self) -> None:
        self._socket.close()

    def ask(self, opcode: int, data: int, content: bytes) -> bytes:
        """The reply to a request; None of the requests here causes events."""
        self.send(opcode, data, content)
        head = self._read(REPLY_BYTES)
        assert head[0] == REPLY, f"request {opcode} failed with error {head[1]}"
        (more,) = struct.unpack_from("=I", head, 4)
        return head + self._read(more * 4)

    def send(self, opcode: int, data: int, content: bytes) -> None:
        content += bytes(-len(content) % 4)
        self._socket.sendall(struct.pack("=BBH", opcode, data, 1 + len(content) // 4) + content)

    def named(self, opcode: int, name: str) -> bytes:
        """The reply to a request that is about a name."""
        return self.ask(opcode, 0, struct.pack("=Hxx", len(name)) + name.encode())

    def atom(self, name: str) -> int:
        return int(struct.unpack_from("=I", self.named(INTERN_ATOM, name), 8)[0])

    def set_property(self, window: int, name: str, kind: int, values: Sequence[int]) -> None:
        content = struct.pack(f"=IIIBxxxI{len(values)}I", window, self.atom(name), kind, 32, len(values), *values)
        self.send(CHANGE_PROPERTY, 0, content)

    def settle(self) -> None:
        """Any reply comes after all that was asked before, and an error of those in its stead."""
        self.ask(GET_INPUT_FOCUS, 0, b"")

    def _read(self, count: int) -> bytes:
        found = b""
        while len(found) < count:
            found += self._socket.recv(count - len(found))
        return found


def set_monitors(display: str, monitors: Mapping[str, Place]) -> None:
    """Each monitor's place in pixels, by its name; the first is the primary one.

    They last until the last client of the server goes.
    """
    client = Client(display)
    randr = client.named(QUERY_EXTENSION, "RANDR")[9]
    resources = client.ask(randr, GET_SCREEN_RESOURCES, struct.pack("=I", client.root))
    (crtcs,) = struct.unpack_from("=H", resources, 16)
    (output,) = struct.unpack_from("=I", resources, REPLY_BYTES + crtcs * 4)
    for number, (name, place) in enumerate(monitors.items()):
        # The one output belongs to the first: else the server's own monitor, as large as all, would stay.
        outputs = (output,) if number == 0 else ()
        told = struct.pack(
            "=IIBBHhhHHII", client.root, client.atom(name), number == 0, 0, len(outputs), *place, *MILLIMETRES
        )
        client.send(randr, SET_MONITOR, told + struct.pack(f"={len(outputs)}I", *outputs))
    client.settle()
    client.close()


@dataclass(frozen=True, slots=True)
class ManagedWindow:
    """A window and what a window manager says of it: its properties by name, each with its type."""

    place: Place
    is_mapped: bool = True
    properties: Mapping[str, tuple[int, Sequence[int]]] = field(default_factory=dict)
    atoms: Mapping[str, str] = field(default_factory=dict)
    """Properties that hold one atom, by its name."""


@contextmanager
def managed_windows(display: str, *windows: ManagedWindow, desktop: int = 0) -> Iterator[None]:
    """Windows, the lowest first, on a display whose window manager publishes them; one more that went is named too."""
    client = Client(display)
    for number, window in enumerate(windows):
        identifier = client.first_id + number
        client.send(CREATE_WINDOW, 0, struct.pack("=IIhhHHHHII", identifier, client.root, *window.place, 0, 0, 0, 0))
        for name, (kind, values) in window.properties.items():
            client.set_property(identifier, name, kind, values)
        for name, value in window.atoms.items():
            client.set_property(identifier, name, ATOM, [client.atom(value)])
        if window.is_mapped:
            client.send(MAP_WINDOW, 0, struct.pack("=I", identifier))
    listed = [client.first_id + number for number in range(len(windows) + 1)]
    client.set_property(client.root, "_NET_CLIENT_LIST_STACKING", WINDOW, listed)
    client.set_property(client.root, "_NET_CURRENT_DESKTOP", CARDINAL, [desktop])
    client.settle()
    yield
    client.close()
