"""Sees to the system packages of `system-packages.txt`: finds what is missing, installs it or says how.

    python3 packaging/system_packages.py run|test

As root the missing ones are installed, without a question. For anybody else the one line to type is printed and the
exit code is 1. On a system that the list does not know nothing is checked, and a line says so.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

LIST = Path(__file__).resolve().with_name("system-packages.txt")
ONLY_FOR_TESTS = "tests"


def main(arguments: list[str]) -> int:
    if arguments not in (["run"], ["test"]):
        say("usage: python3 packaging/system_packages.py run|test")
        return 2
    release = running_release()
    known = releases()
    if release not in known or shutil.which("dpkg-query") is None:
        say(f"{LIST.name} does not know this system; going on without a check. It knows {', '.join(sorted(known))}.")
        return 0
    missing = not_installed(packages(release, with_tests=arguments == ["test"]))
    if not missing:
        return 0
    if os.geteuid() != 0:
        say("Some system packages are missing. This line installs them:")
        say(line_to_type(missing))
        return 1
    say(f"Installing {len(missing)} system packages: {' '.join(missing)}")
    return install(missing)


def running_release() -> str:
    """The system's id and version as its own file tells them, `debian-12`; empty where it has no such file."""
    try:
        lines = Path("/etc/os-release").read_text("utf-8").splitlines()
    except OSError:
        return ""
    fields = {name: value.strip("\"'") for name, _, value in (line.partition("=") for line in lines)}
    return f"{fields.get('ID', '')}-{fields.get('VERSION_ID', '')}"


def entries() -> list[tuple[str, str, list[str]]]:
    """The list's lines: section, package, and the releases it is limited to (none: all)."""
    section = ""
    found = []
    for line in LIST.read_text("utf-8").splitlines():
        words = line.split()
        if not words or words[0].startswith("#"):
            continue
        if words[0].startswith("["):
            section = words[0].strip("[]")
        else:
            found.append((section, words[0], words[1:]))
    return found


def releases() -> set[str]:
    return {release for _, _, limited_to in entries() for release in limited_to}


def packages(release: str, with_tests: bool) -> list[str]:
    return [
        package
        for section, package, limited_to in entries()
        if (not limited_to or release in limited_to) and (with_tests or section != ONLY_FOR_TESTS)
    ]


def not_installed(names: list[str]) -> list[str]:
    asked = subprocess.run(
        ["dpkg-query", "--show", "--showformat", "${Package} ${db:Status-Status}\n", *names],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,  # one complaint for each package that was never installed
        text=True,
        check=False,
    )
    installed = {line.split()[0] for line in asked.stdout.splitlines() if line.endswith(" installed")}
    return [name for name in names if name not in installed]


def line_to_type(names: list[str]) -> str:
    command = f"apt-get update && apt-get install --yes --no-install-recommends {' '.join(names)}"
    if shutil.which("sudo"):
        return f"sudo sh -c '{command}'"
    return f"su -c '{command}'"


def install(names: list[str]) -> int:
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (
        ["apt-get", "update"],
        ["apt-get", "install", "--yes", "--no-install-recommends", *names],
    ):
        done = subprocess.run(command, env=environment, stdin=subprocess.DEVNULL, stdout=sys.stderr, check=False)
        if done.returncode != 0:
            say(f"{' '.join(command[:2])} ended with {done.returncode}; the lines above say why.")
            return 1
    return 0


def say(line: str) -> None:
    """Tell people; standard output is kept for the Markdown of `make run`."""
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
