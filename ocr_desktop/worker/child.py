"""One worker process as the program sees it: started, spoken to, ended.

A thread of its own reads and another writes, because a pipe must never stop the event loop and because nothing here
may depend on which event loop that is: the command line has asyncio's, the window Qt's.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import queue
import signal
import subprocess
import sys
import sysconfig
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from ocr_desktop.worker.roles import Role

if TYPE_CHECKING:
    from ocr_desktop.worker.messages import Frame, Reply

PACKAGE_ROOT = Path(__file__).parents[2]
ENVIRONMENT_ALLOWED = frozenset(
    {
        *("PATH", "HOME", "USER", "LOGNAME", "USERPROFILE", "LANG", "LANGUAGE", "TZ", "TMPDIR", "TEMP", "TMP"),
        *("SYSTEMROOT", "WINDIR", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "OMP_NUM_THREADS"),
    }
)
ENVIRONMENT_ALWAYS = {
    # Read when the runtime is loaded; switching its telemetry off later comes too late.
    "ORT_DISABLE_TELEMETRY": "1",
}
MOST_LAST_WORDS = 2000
"""Characters of what a process wrote to its standard error that are kept when it dies."""


class Child:
    """A running worker process. Made and used in the event loop's thread; `on_reply` and `on_end` are called there.

    Attributes:
        ended: Done when the process is gone and its pipes are closed.
    """

    def __init__(
        self,
        role: Role,
        pixels_descriptor: int,
        on_reply: Callable[[Child, Reply], None],
        on_end: Callable[[Child, str], None],
    ) -> None:
        """Start the process.

        Raises:
            OSError: It cannot be started.
        """
        self._loop = asyncio.get_running_loop()
        self._on_reply, self._on_end = on_reply, on_end
        self.ended: asyncio.Future[None] = self._loop.create_future()
        self._outbox: queue.SimpleQueue[Frame | None] = queue.SimpleQueue()
        with tempfile.TemporaryFile(prefix="ocr-desktop-") as errors:
            self._process = subprocess.Popen(
                [*_command(), role.value, str(pixels_descriptor)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                bufsize=0,
                pass_fds=(pixels_descriptor,),
                cwd=PACKAGE_ROOT.anchor,
                env=worker_environment(os.environ),
                # Ctrl+C in a terminal is the program's to answer.
                process_group=0,
            )
            self._errors = os.dup(errors.fileno())
        threading.Thread(target=self._write_all, name=f"{role.value} outbox", daemon=True).start()
        threading.Thread(target=self._read_all, name=f"{role.value} inbox", daemon=True).start()

    @property
    def process_id(self) -> int:
        return self._process.pid

    def send(self, message: Frame) -> None:
        self._outbox.put(message)

    def dismiss(self) -> None:
        """Close its input: it ends by itself, at once, whatever it does."""
        self._outbox.put(None)

    def kill(self) -> None:
        self._process.kill()

    def _write_all(self) -> None:
        from ocr_desktop.worker.messages import frame_of

        # A process that is gone breaks the pipe; `_read_all` tells of it.
        with contextlib.suppress(OSError), _pipe(self._process.stdin) as pipe:
            while (message := self._outbox.get()) is not None:
                frame = memoryview(frame_of(message))
                while frame:
                    frame = frame[pipe.write(frame) :]

    def _read_all(self) -> None:
        from ocr_desktop.worker.messages import read_reply

        with _pipe(self._process.stdout) as pipe, contextlib.suppress(OSError, ValueError):
            while (reply := read_reply(pipe.fileno())) is not None:
                self._post(self._on_reply, self, reply)
        self._process.kill()
        reason = _reason(self._process.wait(), _last_words(self._errors))
        self._outbox.put(None)
        self._post(self._end, reason)

    def _end(self, reason: str) -> None:
        if not self.ended.done():
            self.ended.set_result(None)
        self._on_end(self, reason)

    def _post(self, callback: Callable[..., None], *arguments: object) -> None:
        # After the loop was closed there is nobody left to tell.
        with contextlib.suppress(RuntimeError):
            self._loop.call_soon_threadsafe(callback, *arguments)


def worker_environment(own: os._Environ[str] | dict[str, str]) -> dict[str, str]:
    """What a worker gets to know of the program's environment: no key, no proxy, nothing that is not on the list."""
    allowed = {
        name: value for name, value in own.items() if name.upper() in ENVIRONMENT_ALLOWED or name.startswith("LC_")
    }
    installed = {Path(sysconfig.get_path(name)) for name in ("purelib", "platlib")}
    if PACKAGE_ROOT not in installed and not getattr(sys, "frozen", False):
        allowed["PYTHONPATH"] = str(PACKAGE_ROOT)
    return allowed | ENVIRONMENT_ALWAYS


def _command() -> list[str]:
    if getattr(sys, "frozen", False):
        return [sys.executable, "--worker"]
    # Without -P the working folder would be searched for modules.
    return [sys.executable, "-P", "-m", "ocr_desktop.worker"]


def _pipe(pipe: IO[bytes] | None) -> Any:
    assert pipe is not None
    return pipe


def _last_words(errors: int) -> str:
    with open(errors, "rb") as file:
        file.seek(0, os.SEEK_END)
        file.seek(max(file.tell() - MOST_LAST_WORDS, 0))
        return file.read().decode("utf-8", "replace").strip()


def _reason(return_code: int, last_words: str) -> str:
    """Why a process ended, for a log: its signal or exit code, and the end of what it said."""
    ending = f"exit code {return_code}"
    if return_code < 0:
        with contextlib.suppress(ValueError):
            ending = signal.Signals(-return_code).name
    return f"{ending}\n{last_words}" if last_words else ending
