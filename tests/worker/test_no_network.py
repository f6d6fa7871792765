"""An embedded read speaks to nobody: the kernel itself kills the worker for the first socket it asks for.

A watched resolver sees Python alone; the engine's runtime is native code.
"""

from __future__ import annotations

import platform
import sys
from pathlib import Path

import pytest

from ocr_desktop.core.errors import EngineError
from ocr_desktop.worker import child
from tests.support.pictures import Words, draw_page
from tests.support.workers import lines_of, open_reader, stored

FORBID_SOCKETS = """
import ctypes, platform, runpy, struct, sys
call = {"x86_64": 41, "aarch64": 198}[platform.machine()]
LOAD, JUMP_IF_EQUAL, RETURN, KILL, ALLOW = 0x20, 0x15, 0x06, 0x80000000, 0x7FFF0000
program = b"".join(
    struct.pack("<HBBI", *step)
    for step in [(LOAD, 0, 0, 0), (JUMP_IF_EQUAL, 0, 1, call), (RETURN, 0, 0, KILL), (RETURN, 0, 0, ALLOW)]
)
steps = ctypes.create_string_buffer(program, len(program))
filter_ = ctypes.create_string_buffer(struct.pack("<HxxxxxxQ", 4, ctypes.addressof(steps)), 16)
libc = ctypes.CDLL(None, use_errno=True)
NO_NEW_PRIVILEGES, SECCOMP, FILTER = 38, 22, 2
assert libc.prctl(NO_NEW_PRIVILEGES, 1, 0, 0, 0) == 0
assert libc.prctl(SECCOMP, FILTER, ctypes.byref(filter_), 0, 0) == 0, ctypes.get_errno()
{then}
runpy.run_module("ocr_desktop.worker", run_name="__main__", alter_sys=True)
"""

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="seccomp is Linux's"),
    pytest.mark.skipif(platform.machine() not in {"x86_64", "aarch64"}, reason="the number of the call is not known"),
]


def forbid_sockets(monkeypatch: pytest.MonkeyPatch, then: str = "") -> None:
    command = [sys.executable, "-P", "-c", FORBID_SOCKETS.replace("{then}", then)]
    monkeypatch.setattr(child, "_command", lambda: command)


async def test_a_read_opens_no_socket_and_leaves_no_file(monkeypatch: pytest.MonkeyPatch) -> None:
    forbid_sockets(monkeypatch)
    async with open_reader() as (store, reader):
        pixels = stored(store, draw_page(Words("No network", 20, 20, 60), size=(500, 120)))
        assert [line.text for line in await lines_of(reader, pixels)] == ["No network"]
    assert [path for path in Path.home().rglob("*") if path.is_file()] == []


async def test_a_socket_would_be_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    forbid_sockets(monkeypatch, "import socket; socket.socket()")
    async with open_reader() as (store, reader):
        pixels = stored(store, draw_page(Words("Network", 20, 20, 60), size=(500, 120)))
        with pytest.raises(EngineError) as caught:
            await lines_of(reader, pixels)
        assert caught.value.fields["reason"] == "SIGSYS"
