"""A prompt that was saved in the window is asked by its id, and read by its preset's rules."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from ocr_desktop.core.presets import PresetId
from ocr_desktop.services.context import AppContext, default_settings_folder
from ocr_desktop.services.prompts import FILE_NAME, Prompts, SavedPrompt
from tests.cli.conftest import Program
from tests.support.pictures import draw_page
from tests.support.provider_answers import streamed
from tests.support.provider_server import KEY, ProviderServer

SAVED = SavedPrompt("receipts", "Receipts", "<|grounding|>OCR this receipt.", PresetId.OCR)
ANSWER = "<|ref|>Total 12<|/ref|><|det|>[[10, 10, 900, 40]]<|/det|>\n"


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    path = tmp_path / "page.png"
    draw_page(size=(64, 64)).save(path)
    return path


@pytest.fixture
def saved() -> None:
    asyncio.run(AppContext().prompt_file.save(Prompts((SAVED,))))


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[ProviderServer]:
    monkeypatch.setenv("OCR_DESKTOP_API_KEY", KEY)
    with ProviderServer("any", streamed(ANSWER)) as server:
        yield server


@pytest.mark.usefixtures("saved")
def test_a_saved_prompt_is_sent_as_it_is_and_read_by_its_preset(
    program: Program, server: ProviderServer, picture: Path
) -> None:
    engine = ("--engine", "custom", "--base-url", server.base_url, "--model", "m")
    ended = program("read", picture, *engine, "--preset", "receipts", "--format", "json", "--no-align")
    assert (ended.code, ended.errors) == (0, b"")
    (message,) = server.requests[0].body["messages"]
    assert [part["text"] for part in message["content"] if part["type"] == "text"] == [SAVED.prompt]
    assert (ended.document["preset"], ended.document["prompt"]) == ("ocr", SAVED.prompt)
    (region,) = ended.document["pages"][0]["regions"]
    assert (region["label"], region["text"]) == ("line", "Total 12")


@pytest.mark.usefixtures("saved")
def test_a_saved_answer_is_read_by_the_saved_prompts_preset(program: Program, tmp_path: Path) -> None:
    (tmp_path / "answer.txt").write_text(ANSWER)
    ended = program("parse", tmp_path / "answer.txt", "--preset", "receipts", "--format", "json")
    assert (ended.code, ended.document["preset"], ended.document["prompt"]) == (0, "ocr", SAVED.prompt)
    assert ended.document["pages"][0]["regions"][0]["label"] == "line"


@pytest.mark.usefixtures("saved")
def test_this_computer_takes_no_prompt(program: Program, picture: Path) -> None:
    ended = program("read", picture, "--preset", "receipts")
    assert (ended.code, ended.output) == (2, b"")
    assert ended.complaint.startswith("error: Bad usage: --preset receipts is for an endpoint: ")


@pytest.mark.usefixtures("saved")
@pytest.mark.parametrize("command", ["read", "parse"])
def test_an_unknown_one_is_answered_with_the_known_ones(program: Program, picture: Path, command: str) -> None:
    ended = program(command, picture, "--preset", "reciepts")
    assert (ended.code, ended.output) == (2, b"")
    assert ended.complaint == (
        "error: Bad usage: There is no preset and no saved prompt reciepts; known are "
        f"markdown, ocr, free, figure, describe, locate, receipts. See `ocr-desktop {command} --help`."
    )


def test_prompts_that_cannot_be_used_are_told(program: Program, tmp_path: Path) -> None:
    (tmp_path / "answer.txt").write_text("Words")
    path = default_settings_folder() / FILE_NAME
    path.parent.mkdir(parents=True)
    path.write_text('[[prompt]]\nid = "bad"\ntitle = "Bad"\nprompt = ""\n')
    ended = program("parse", tmp_path / "answer.txt", "--preset", "bad")
    assert ended.code == 2
    assert ended.complaints[0] == "warning: prompt Bad: it holds no text. It was left out."
    path.write_text("[[")
    ended = program("parse", tmp_path / "answer.txt", "--preset", "bad")
    aside = f"{path}.unreadable"
    assert ended.complaints[0] == f"warning: prompts.toml could not be read and was set aside as {aside}"
