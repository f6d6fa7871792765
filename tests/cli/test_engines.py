"""`engines` tells which there are, what keeps each from being used, and never a key."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ocr_desktop.services.context import default_settings_folder
from tests.cli.conftest import Program

SECRET = "sk-not-to-be-seen"
OWN_PROFILE = """
id = "mine"
title = "Mine"
base_url = "https://models.example/v1"
model = "some/model"
key_variable = "MINE_API_KEY"
part_order = "image_first"
max_tokens = 4000
"""


def test_every_engine_is_told_with_what_it_needs(program: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PPIO_API_KEY", SECRET)
    ended = program("engines", "--json")
    assert (ended.code, ended.errors) == (0, b"")
    assert SECRET not in ended.text
    engines = {engine["id"]: engine for engine in json.loads(ended.output)}
    assert next(iter(engines)) == "embedded"
    assert {"modelverse", "ppio", "vllm", "ollama", "custom"} <= set(engines)
    assert engines["embedded"]["ready"] is True
    assert engines["embedded"]["host"] is None
    assert (engines["ppio"]["ready"], engines["ppio"]["host"]) == (True, "api.ppio.com")
    modelverse = engines["modelverse"]
    assert (modelverse["kind"], modelverse["model"]) == ("endpoint", "deepseek-ai/DeepSeek-OCR")
    assert (modelverse["ready"], modelverse["why"]) == (False, "key_missing")
    assert "MODELVERSE_API_KEY" in modelverse["message"]


def test_the_table_has_a_line_for_each(program: Program) -> None:
    ended = program("engines")
    head, *lines = ended.text.splitlines()
    assert head.split() == ["id", "title", "kind", "host", "model", "ready"]
    ready = {line.split()[0]: line[head.index("ready") :] for line in lines}
    assert ready["embedded"] == "yes"
    assert ready["custom"].startswith("its base URL is not set")


def test_a_profile_of_ones_own_is_listed_and_a_broken_one_is_told(program: Program) -> None:
    folder = default_settings_folder() / "engines"
    folder.mkdir(parents=True)
    (folder / "mine.toml").write_text(OWN_PROFILE)
    (folder / "bad.toml").write_text('id = "bad"')
    ended = program("engines", "--json")
    assert "mine" in {engine["id"] for engine in json.loads(ended.output)}
    assert ended.complaint.startswith("warning: engine bad.toml: its profile is not set or not usable")


def test_an_unknown_engine_is_answered_with_the_known_ones(program: Program, tmp_path: Path) -> None:
    ended = program("read", tmp_path / "none.png", "--engine", "other\x1b[31m")
    assert (ended.code, ended.output) == (2, b"")
    assert ended.complaint == (
        r"error: engine other\x1b[31m: there is no such engine. "
        "Choose one of: embedded, modelverse, ppio, vllm, ollama, custom."
    )
