"""The program finds its files however it was installed: each way is really built, installed and asked."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from ocr_desktop.core import resources

ROOT = Path(__file__).resolve().parents[2]
SHIPPED = ("ocr_desktop", "resources", "pyproject.toml", "README.md", "LICENSE", "CHANGELOG.md")
SAMPLE = "sample/page.png"
QUESTION = f"""
from ocr_desktop.core import resources
print(resources.__file__)
print(resources.path("engines"))
print(resources.path({SAMPLE!r}))
"""


def run(*command: str | Path, folder: Path) -> str:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a release is made of, in a folder that nobody else touches."""
    folder = tmp_path_factory.mktemp("checkout")
    for name in SHIPPED:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(ROOT / name, folder / name)
    return folder


def built(checkout: Path, folder: Path, *kinds: str) -> Path:
    """The wheel that the `build` tool makes; with no kind named it is built from the sdist."""
    run(sys.executable, "-m", "build", "--no-isolation", *kinds, "--outdir", folder, checkout, folder=folder)
    (wheel,) = folder.glob("*.whl")
    return wheel


def editable(checkout: Path, folder: Path) -> Path:
    program = "import hatchling.build, sys; hatchling.build.build_editable(sys.argv[1])"
    run(sys.executable, "-c", program, folder, folder=checkout)
    (wheel,) = folder.glob("*.whl")
    return wheel


def installed(wheel: Path, folder: Path) -> Path:
    """The Python of a new environment that holds this wheel and nothing else."""
    environment = folder / "environment"
    run(sys.executable, "-m", "venv", "--without-pip", environment, folder=folder)
    python = environment / ("Scripts" if os.name == "nt" else "bin") / "python"
    run(
        *(sys.executable, "-m", "pip", "--python", python, "install"),
        *("--no-deps", "--no-index", "--disable-pip-version-check", wheel),
        folder=folder,
    )
    return python


def asked(python: Path, folder: Path) -> tuple[Path, Path, Path]:
    """Where this Python finds the module itself, the engines, and the sample page."""
    module, engines, sample = map(Path, run(python, "-c", QUESTION, folder=folder).splitlines())
    return module, engines, sample


def files_under(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("kinds", [("--wheel",), ()], ids=["wheel", "sdist"])
def test_an_installed_package_finds_its_own_files(checkout: Path, tmp_path: Path, kinds: tuple[str, ...]) -> None:
    python = installed(built(checkout, tmp_path, *kinds), tmp_path)
    module, engines, sample = asked(python, tmp_path)
    place = tmp_path / "environment"
    assert all(path.is_relative_to(place) for path in (module, engines, sample))
    assert sample.read_bytes() == (ROOT / "resources" / SAMPLE).read_bytes()
    assert files_under(engines.parent) == files_under(ROOT / "resources")


def test_an_editable_install_finds_the_files_of_the_checkout(checkout: Path, tmp_path: Path) -> None:
    python = installed(editable(checkout, tmp_path), tmp_path)
    module, engines, sample = asked(python, tmp_path)
    assert module.is_relative_to(checkout)
    assert engines == checkout / "resources" / "engines"
    assert sample == checkout / "resources" / SAMPLE
    assert list((tmp_path / "environment").rglob("ocr_desktop/")) == [], "copies grow old"


def test_an_install_without_its_files_says_so(checkout: Path, tmp_path: Path) -> None:
    shutil.copytree(checkout / "ocr_desktop", tmp_path / "ocr_desktop")
    somebody_elses = tmp_path / "resources" / "engines"
    somebody_elses.mkdir(parents=True)
    done = subprocess.run([sys.executable, "-c", QUESTION], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert f"engines is not in {tmp_path / 'ocr_desktop' / 'resources'}" in done.stderr.splitlines()[-1]


def test_a_name_that_is_nowhere_is_named() -> None:
    with pytest.raises(FileNotFoundError, match="sample/no-such-page"):
        resources.path("sample/no-such-page.png")
