"""Makes the environment in `.venv`, or finds that it is made already.

    python3 packaging/environment.py run|test

What was installed is written down last, so an interrupted installation counts as none. Another Python, another
place, or a change of pyproject.toml, of constraints.txt or of this file makes everything anew.
"""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ENVIRONMENT = ROOT / ".venv"
CONSTRAINTS = ROOT / "constraints.txt"
OLDEST_PYTHON = (3, 11)
PARTS = {
    "run": ["--build-constraint", str(CONSTRAINTS), "--editable", str(ROOT)],
    "test": ["--group", f"{ROOT / 'pyproject.toml'}:dev"],
}


def main(arguments: list[str]) -> int:
    if len(arguments) != 1 or arguments[0] not in PARTS:
        say("usage: python3 packaging/environment.py run|test")
        return 2
    if sys.version_info < OLDEST_PYTHON:
        say(f"OCR Desktop needs Python 3.11 or newer; {sys.executable} is {sys.version.split()[0]}.")
        say("With another one: PYTHON=python3.12 make run")
        return 1
    try:
        provide("run")
        if arguments == ["test"]:
            provide("test")
    except subprocess.CalledProcessError as error:
        say(f"The environment could not be made (exit code {error.returncode}); the lines above say why.")
        return 1
    except KeyboardInterrupt:
        say("Interrupted; the next start makes the environment anew.")
        return 130
    return 0


def provide(part: str) -> None:
    """Install one part, unless it is there already.

    Raises:
        subprocess.CalledProcessError: What was called has said why, on standard error.
    """
    wanted = fingerprint()
    note = ENVIRONMENT / f"installed-{part}"
    if note.is_file() and note.read_text("utf-8") == wanted:
        return
    note.unlink(missing_ok=True)
    if part == "run":
        say(f"Making the environment in {ENVIRONMENT.name} with Python {sys.version.split()[0]}")
        call(base_python(), "-m", "venv", "--clear", str(ENVIRONMENT))
        pip("--upgrade", "pip")
    say({"run": "Installing the program and what it needs", "test": "Installing what the tests need"}[part])
    pip(*PARTS[part])
    unfinished = note.with_suffix(".new")
    unfinished.write_text(wanted, "utf-8")
    unfinished.replace(note)


def fingerprint() -> str:
    """What the environment hangs on: this Python, this place, and the files that say what goes in."""
    digest = hashlib.sha256()
    for text in (sys.version, os.path.realpath(base_python()), str(ROOT)):
        digest.update(text.encode() + b"\0")
    for path in (ROOT / "pyproject.toml", CONSTRAINTS, Path(__file__)):
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def base_python() -> str:
    """The Python that runs this, or the one behind it where this runs in a virtual environment, even in `.venv`."""
    return str(getattr(sys, "_base_executable", None) or sys.executable)


def pip(*arguments: str) -> None:
    python = ENVIRONMENT / "bin" / "python"
    call(str(python), "-m", "pip", "install", "--constraint", str(CONSTRAINTS), *arguments)


def call(*command: str) -> None:
    environment = {**os.environ, "PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_NO_INPUT": "1"}
    subprocess.run(command, cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, stdout=sys.stderr, check=True)


def say(line: str) -> None:
    """Tell people; standard output is kept for the Markdown of `make run`."""
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
