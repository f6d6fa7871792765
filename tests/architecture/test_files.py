"""What no file may hold, by its syntax tree."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
MOST_LINES = 400

NESTED_LOOPS = {
    **dict.fromkeys(
        ("exec", "exec_"), "runs an event loop inside the event loop; use `await show(dialog)` or `popup()`"
    ),
    "processEvents": "runs other slots in the middle of this one",
    "asyncSlot": "swallows exceptions and trailing arguments; use `spawn()`",
    "asyncClose": "is a busy loop; refuse the close event and await the shutdown",
}
DIALOGS = {"QMessageBox", "QFileDialog", "QInputDialog", "QColorDialog", "QFontDialog"}
CODE_FROM_TEXT = {"eval", "exec"}

COLOUR = re.compile(r"#(?:[0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8})\b|\b(?:rgb|hsl)a?\(", re.IGNORECASE)
COLOURS_AT_HOME = "ocr_desktop/gui/appearance.py"


def python_files(*folders: str) -> list[Path]:
    found = [path for folder in folders for path in sorted((ROOT / folder).rglob("*.py"))]
    assert found, f"no files in {folders}"
    return found


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def trees(*folders: str) -> Iterator[tuple[str, ast.Module]]:
    for path in python_files(*folders):
        yield name_of(path), ast.parse(path.read_text("utf-8"), path)


def last_name(node: ast.expr) -> str:
    """`question` of `QMessageBox.question`, `QColor` of `QtGui.QColor`, `exec` of `exec`; empty for anything else."""
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def nested_loops(tree: ast.Module) -> Iterator[str]:
    """Every use of something that would run an event loop inside the event loop, and why not."""
    for node in ast.walk(tree):
        if isinstance(node, (ast.Attribute, ast.Name)) and last_name(node) in NESTED_LOOPS:
            yield f"{node.lineno}: {last_name(node)} {NESTED_LOOPS[last_name(node)]}"
        elif isinstance(node, ast.ImportFrom):
            for alias in node.names:
                if alias.name in NESTED_LOOPS:
                    yield f"{node.lineno}: {alias.name} {NESTED_LOOPS[alias.name]}"
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            owner, method = last_name(node.func.value), node.func.attr
            if owner in DIALOGS and method[0].islower():
                yield f"{node.lineno}: {owner}.{method} waits inside a loop of its own; use `await show(dialog)`"


def code_from_text(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in CODE_FROM_TEXT:
            yield f"{node.lineno}: {node.func.id} runs text as code"


def colours(tree: ast.Module) -> Iterator[str]:
    """Every colour written as text, as numbers, or by Qt's names for them."""
    documentation = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef))
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in documentation:
            if COLOUR.search(node.value):
                yield f"{node.lineno}: {node.value!r}"
        elif isinstance(node, ast.Call) and last_name(node.func) in ("QColor", "fromRgb", "fromRgbF", "fromHsv"):
            if any(isinstance(argument, ast.Constant) for argument in node.args):
                yield f"{node.lineno}: {ast.unparse(node)}"
        elif isinstance(node, ast.Attribute) and last_name(node.value) == "GlobalColor":
            yield f"{node.lineno}: {ast.unparse(node)}"


def test_no_file_is_too_long() -> None:
    lengths = {
        name_of(path): len(path.read_text("utf-8").splitlines())
        for path in python_files("ocr_desktop", "tests", "packaging")
    }
    assert {name: length for name, length in lengths.items() if length > MOST_LINES} == {}


def test_no_event_loop_runs_inside_the_event_loop() -> None:
    assert [f"{name}:{found}" for name, tree in trees("ocr_desktop") for found in nested_loops(tree)] == []


def test_no_text_is_run_as_code() -> None:
    assert [f"{name}:{found}" for name, tree in trees("ocr_desktop") for found in code_from_text(tree)] == []


def test_colours_stand_in_one_file() -> None:
    elsewhere = [(name, tree) for name, tree in trees("ocr_desktop/gui") if name != COLOURS_AT_HOME]
    assert [f"{name}:{found}" for name, tree in elsewhere for found in colours(tree)] == []


@pytest.mark.parametrize(
    "line",
    [
        "dialog.exec()",
        "menu.exec_(position)",
        "QMessageBox.question(window, title, text)",
        "QtWidgets.QMessageBox.critical(window, title, text)",
        "path, _ = QFileDialog.getOpenFileName(window)",
        "text, _ = QInputDialog.getText(window, title, label)",
        "QApplication.processEvents()",
        "@asyncSlot()\nasync def read(self): ...",
        "from qasync import asyncClose",
        "clicked.connect(dialog.exec)",
    ],
)
def test_a_nested_loop_is_found(line: str) -> None:
    assert list(nested_loops(ast.parse(line)))


@pytest.mark.parametrize(
    "line", ["dialog.open()", "menu.popup(point)", "QMessageBox(window)", "QMessageBox.Icon.Warning"]
)
def test_what_does_not_wait_is_not_taken_for_a_nested_loop(line: str) -> None:
    assert not list(nested_loops(ast.parse(line)))


@pytest.mark.parametrize(
    "line",
    [
        "pen = '#ff0000'",
        "sheet = f'border: 1px solid #abc; {x}'",
        "QColor(1, 2, 3)",
        "QtGui.QColor('red')",
        "Qt.GlobalColor.red",
    ],
)
def test_a_colour_is_found(line: str) -> None:
    assert list(colours(ast.parse(line)))


@pytest.mark.parametrize(
    "line", ["mark = '## Heading'", "mark = '#1'", "QColor(palette_colour)", "def f():\n    '''Of #abc.'''"]
)
def test_what_is_no_colour_is_not_taken_for_one(line: str) -> None:
    assert not list(colours(ast.parse(line)))
