"""What a program asks of the system while it runs: sockets, and files that it makes, changes or takes away."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.support.program import PATIENCE_S, environment_with

FILE_CALLS = (
    "open,openat,openat2,creat,rename,renameat,renameat2,unlink,unlinkat,rmdir,mkdir,mkdirat,symlink,symlinkat,"
    "link,linkat,mknod,mknodat,truncate,chmod,fchmodat,chown,fchownat,utimensat"
)
CALL = re.compile(r"^\d+ +(?P<name>[a-z0-9_]+)\((?P<arguments>.*)$")
FAMILY = re.compile(r"\b(AF_[A-Z0-9]+)")
QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"')
AT_FOLDER = re.compile(r"^(?:AT_FDCWD|\d+)<(?P<folder>[^>]*)>")
WRITING = ("O_WRONLY", "O_RDWR", "O_CREAT", "O_TRUNC")
OPENING = ("open", "openat", "openat2")
TURNED_DOWN = re.compile(r"= -1 E(NOENT|NOTDIR)\b")


@dataclass(frozen=True, slots=True)
class Watched:
    """A program's end, the socket families that it and its children asked for, and the files that they touched."""

    code: int
    output: bytes
    errors: bytes
    families: frozenset[str]
    changed: frozenset[Path]

    def changed_outside(self, *folders: Path) -> set[Path]:
        """Files that lie in none of these folders."""
        return {path for path in self.changed if not any(path.is_relative_to(folder) for folder in folders)}


def reason_not_to_watch() -> str | None:
    """Why no program can be watched on this machine; None where it can."""
    if shutil.which("strace") is None:
        return "there is no strace on this machine"
    tried = subprocess.run(["strace", "-qq", "-o", "/dev/null", "true"], capture_output=True, check=False)
    return None if tried.returncode == 0 else f"no program may be traced here: {tried.stderr.decode().strip()}"


def watched(command: Sequence[str | Path], log: Path, environment: Mapping[str, str] | None = None) -> Watched:
    """Run a command and its children to their end under strace, which writes to `log`."""
    # With the filter other calls are not slowed down.
    watch = [
        "strace",
        "-f",
        "--seccomp-bpf",
        "-qq",
        "-y",
        "-s",
        "4096",
        "-o",
        str(log),
        "-e",
        f"trace=network,{FILE_CALLS}",
    ]
    done = subprocess.run(
        [*watch, *command],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        # Python keeps what it compiled beside its source; that is its own matter.
        env=environment_with({"PYTHONDONTWRITEBYTECODE": "1", **(environment or {})}),
        timeout=PATIENCE_S,
        check=False,
    )
    calls = [found for line in log.read_text("utf-8", "replace").splitlines() if (found := CALL.match(line))]
    families = {family for call in calls if _is_about_sockets(call["name"]) for family in FAMILY.findall(call[0])}
    changed = {path for call in calls for path in _changed(call["name"], call["arguments"])}
    return Watched(done.returncode, done.stdout, done.stderr, frozenset(families), frozenset(changed))


def python(code: str) -> list[str]:
    """The command that runs a piece of Python."""
    return [sys.executable, "-c", code]


def _is_about_sockets(name: str) -> bool:
    return name not in FILE_CALLS.split(",")


def _changed(name: str, arguments: str) -> list[Path]:
    """What a call makes, changes or takes away; nothing where what it names is not there."""
    is_reading = name in OPENING and not any(flag in arguments for flag in WRITING)
    if _is_about_sockets(name) or is_reading or TURNED_DOWN.search(arguments):
        return []
    at = AT_FOLDER.match(arguments)
    folder = Path(at["folder"] if at else Path.cwd())
    return [folder / name.encode("ascii", "replace").decode("unicode_escape") for name in QUOTED.findall(arguments)]
