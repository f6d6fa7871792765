"""The floors of the house hold, and the contracts that say so do see a breach."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

BREACHES = {
    "A lower floor never imports an upper one": ("core/geometry.py", "import ocr_desktop.services"),
    "Qt stays in the window": ("cli/__init__.py", "import PySide6"),
    "The core is silent and synchronous": ("core/geometry.py", "import asyncio"),
    "Only the endpoint engine speaks openai": ("services/__init__.py", "import openai"),
    "Only downloads speak plain HTTP": ("engines/__init__.py", "import httpx2"),
    "Only the credentials open the keyring": ("services/__init__.py", "import keyring"),
    "Only the reader loads the recognition engine": ("engines/__init__.py", "import rapidocr"),
    "Only the worker's codes module reads codes": ("engines/__init__.py", "import zxingcpp"),
    "Only the typesetter draws formulas": ("engines/__init__.py", "import ziamath"),
    "The recognition engine's runtime is its own matter": ("engines/__init__.py", "import onnxruntime"),
    "Pictures are decoded in the worker alone": ("cli/__init__.py", "import PIL.Image"),
    "Only one module opens PDFs": ("engines/__init__.py", "import pypdfium2"),
    "The inside of the worker is closed": ("engines/__init__.py", "import ocr_desktop.worker.pictures"),
}


def lint_imports(folder: Path) -> subprocess.CompletedProcess[str]:
    command = Path(sys.executable).with_name("lint-imports")
    return subprocess.run([command, "--no-cache"], cwd=folder, capture_output=True, text=True, check=False)


def test_every_contract_is_kept() -> None:
    done = lint_imports(ROOT)
    assert done.returncode == 0, done.stdout + done.stderr
    assert " 0 broken" in done.stdout


def test_every_contract_sees_its_breach(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "ocr_desktop", tmp_path / "ocr_desktop", ignore=shutil.ignore_patterns("__pycache__"))
    settings = (ROOT / "pyproject.toml").read_text("utf-8")
    (tmp_path / "pyproject.toml").write_text(settings, "utf-8")
    contracts = [contract["name"] for contract in tomllib.loads(settings)["tool"]["importlinter"]["contracts"]]
    assert sorted(BREACHES) == sorted(contracts), "every contract needs a breach here that it must see"

    for file, line in BREACHES.values():
        with (tmp_path / "ocr_desktop" / file).open("a", encoding="utf-8") as source:
            source.write(f"\n{line}\n")
    done = lint_imports(tmp_path)

    assert done.returncode == 1, done.stdout + done.stderr
    unseen = [name for name in contracts if f"{name} BROKEN" not in done.stdout]
    assert unseen == [], done.stdout
