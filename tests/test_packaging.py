"""What `make` does before the program starts: system packages and the environment, through the real scripts."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
FAKE_DPKG_QUERY = """#!/bin/sh
for name in "$@"; do
    case "$name" in --*|*'${'*) ;; libegl1|xvfb) ;; *) echo "$name installed" ;; esac
done
echo "libegl1 config-files"
exit 1
"""
FAKE_APT_GET = """#!/bin/sh
echo "$@" >> "$APT_LOG"
echo "fetching"
"""


def script(name: str, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, ROOT / "packaging" / name, *arguments],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def commands(tmp_path: Path) -> dict[str, str]:
    """A search path on which `libegl1` and `xvfb` are not installed and `apt-get` only writes down what it is asked."""
    if not any(name in Path("/etc/os-release").read_text("utf-8") for name in ("bookworm", "trixie", "noble")):
        pytest.skip("the list does not know this system")
    folder = tmp_path / "bin"
    folder.mkdir()
    for name, text in {"dpkg-query": FAKE_DPKG_QUERY, "apt-get": FAKE_APT_GET}.items():
        (folder / name).write_text(text, "utf-8")
        (folder / name).chmod(0o755)
    return {"PATH": f"{folder}:{os.environ['PATH']}", "APT_LOG": str(tmp_path / "apt.log")}


def test_only_what_is_missing_is_installed_or_named(commands: dict[str, str]) -> None:
    done = script("system_packages.py", "run", **commands)
    install = "install --yes --no-install-recommends libegl1"
    if os.geteuid() == 0:
        assert done.returncode == 0
        assert Path(commands["APT_LOG"]).read_text("utf-8").splitlines() == ["update", install]
    else:
        assert done.returncode == 1
        assert done.stderr.splitlines()[-1].rstrip("'").endswith(install)
    assert done.stdout == ""


def test_the_tests_need_a_display_of_their_own(commands: dict[str, str]) -> None:
    done = script("system_packages.py", "test", **commands)
    assert "libegl1 xvfb" in done.stderr


def test_an_unfinished_environment_is_not_taken_for_a_finished_one(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "packaging", tmp_path / "packaging")
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    (tmp_path / "constraints.txt").write_text("pip==1000\n", "utf-8")
    for _ in range(2):
        done = subprocess.run(
            [sys.executable, tmp_path / "packaging" / "environment.py", "run"],
            env={**os.environ, "PIP_NO_INDEX": "1", "PIP_CONFIG_FILE": os.devnull},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 1
        assert done.stderr.startswith("Making the environment in .venv")
        assert done.stderr.splitlines()[-1].startswith("The environment could not be made")
        assert (tmp_path / ".venv" / "bin" / "python").exists()
