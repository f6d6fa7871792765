"""`engines` tells which there are, what keeps each from being used, and never a key."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ocr_desktop.cli import engines as command
from ocr_desktop.services.context import default_settings_folder
from tests.cli.conftest import Program
from tests.support.keyrings import LockedKeyring, MemoryKeyring, RefusingKeyring, keyring_in_place

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
    assert (engines["ppio"]["key"], modelverse["key"]) == ("environment", None)
    assert modelverse["key_page"].startswith("https://console.ucloud.cn/")
    assert engines["ppio"]["key_page"].startswith("https://ppinfra.com/")
    assert engines["deepinfra"]["price"] == {"currency": "USD", "input_per_million": 0.03, "output_per_million": 0.1}
    assert modelverse["price"] is None
    assert engines["llamacpp"]["lacks"] == ["tags"]
    assert [name for name, engine in engines.items() if engine["tested"]] == ["embedded"]
    assert all(engine["source"] for name, engine in engines.items() if name != "embedded")


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
    assert ended.complaint == (
        "warning: engine bad.toml: its profile cannot be used (title: it is missing). The profile was left out."
    )
    own = {engine["id"]: engine["own"] for engine in json.loads(ended.output)}
    assert (own["mine"], own["ppio"], own["embedded"]) == (True, False, False)


def test_a_file_that_leads_a_hosted_profile_elsewhere_is_told(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PPIO_API_KEY", SECRET)
    file = default_settings_folder() / "engines" / "a.toml"
    file.parent.mkdir(parents=True)
    file.write_text(OWN_PROFILE.replace('"mine"', '"ppio"').replace("MINE_API_KEY", "PPIO_API_KEY"))
    ended = program("engines", "--json")
    assert ended.complaint == (
        f"warning: engine ppio: {file} replaces what comes with the program; pictures go to https://models.example and"
        " not to https://api.ppio.com, with the key of PPIO_API_KEY."
    )
    (ppio,) = (engine for engine in json.loads(ended.output) if engine["id"] == "ppio")
    assert (ppio["own"], ppio["host"], ppio["ready"]) == (True, "models.example", True)


def test_a_key_in_the_wrong_line_of_a_profile_is_not_printed(program: Program) -> None:
    folder = default_settings_folder() / "engines"
    folder.mkdir(parents=True)
    for number, line in enumerate(
        (f'order = "{SECRET}"', f'"{SECRET}" = 1', SECRET, f'extra_body = {{a = "{SECRET}"}}')
    ):
        (folder / f"{number}.toml").write_text(f"{OWN_PROFILE}{line}\n")
    ended = program("engines")
    assert len(ended.complaints) == 4
    assert SECRET.encode() not in ended.output + ended.errors


def test_the_engines_are_listed_without_a_place_for_pictures(program: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(**_: object) -> object:
        raise FileNotFoundError(2, "No usable temporary directory found")

    monkeypatch.setattr("tempfile.TemporaryFile", full)
    ended = program("engines", "--json")
    assert (ended.code, ended.errors) == (0, b"")
    assert len(json.loads(ended.output)) > 12


def test_a_key_in_the_keyring_makes_an_engine_ready(program: Program) -> None:
    backend = MemoryKeyring()
    backend.entries["ocr-desktop", "ppio https://api.ppio.com"] = SECRET
    with keyring_in_place(backend):
        ended = program("engines", "--json")
    engines = {engine["id"]: engine for engine in json.loads(ended.output)}
    assert (engines["ppio"]["ready"], engines["ppio"]["key"]) == (True, "keyring")
    assert SECRET.encode() not in ended.output + ended.errors


@pytest.mark.parametrize("backend", [LockedKeyring(), RefusingKeyring()], ids=["locked", "refusing"])
def test_a_keyring_that_does_not_open_does_not_hold_up_the_list(
    program: Program, monkeypatch: pytest.MonkeyPatch, backend: MemoryKeyring
) -> None:
    monkeypatch.setattr(command, "KEYRING_PATIENCE_S", 0.5)
    monkeypatch.setenv("PPIO_API_KEY", SECRET)
    with keyring_in_place(backend):
        ended = program("engines", "--json")
    engines = {engine["id"]: engine for engine in json.loads(ended.output)}
    ready = {name: engine["ready"] for name, engine in engines.items()}
    assert (ready["ppio"], ready["modelverse"], ready["ollama"]) == (True, False, True)
    assert "the keyring does not open" in engines["modelverse"]["message"]
    assert ended.complaint == ("warning: the keyring does not open; it may be locked. Keys that it holds are not seen.")


def test_who_stays_offline_is_told_so(program: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PPIO_API_KEY", SECRET)
    folder = default_settings_folder()
    folder.mkdir(parents=True)
    (folder / "settings.toml").write_text("stay_offline = true\n")
    engines = {engine["id"]: engine for engine in json.loads(program("engines", "--json").output)}
    assert [name for name, engine in engines.items() if engine["ready"]] == ["embedded"]
    assert (engines["ppio"]["why"], engines["ollama"]["why"]) == ("offline", "offline")


def test_an_unknown_engine_is_answered_with_the_known_ones(program: Program, tmp_path: Path) -> None:
    ended = program("read", tmp_path / "none.png", "--engine", "other\x1b[31m")
    assert (ended.code, ended.output) == (2, b"")
    assert ended.complaint == (
        r"error: engine other\x1b[31m: there is no such engine. "
        "Choose one of: embedded, modelverse, ppio, siliconflow, novita, deepinfra, openrouter, "
        "vllm, sglang, ollama, llamacpp, lmstudio, custom."
    )
