"""Prompts of the user's own survive a restart; what cannot be used is told and never lost."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from ocr_desktop.core.errors import OutputError
from ocr_desktop.core.presets import PresetId
from ocr_desktop.services.prompts import (
    LAST_EDITED_ID,
    LONGEST_PROMPT,
    LONGEST_TITLE,
    LeftOut,
    PromptFault,
    PromptFile,
    Prompts,
    SavedPrompt,
    fault_of,
    prompt_id_for,
)

WORDS = st.text(st.characters(codec="utf-8"), max_size=30)
PROMPT = SavedPrompt("receipts", "Receipts", "<|grounding|>Convert the receipt to markdown.")


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@st.composite
def saved_prompts(draw: st.DrawFn) -> tuple[SavedPrompt, ...]:
    """What a user could have saved: anything typed in, as far as it may be kept."""
    saved: list[SavedPrompt] = []
    for title, text in draw(st.lists(st.tuples(WORDS, WORDS), max_size=5)):
        prompt_id = prompt_id_for(title, [each.id for each in saved])
        prompt = SavedPrompt(prompt_id, title.strip(), text, draw(st.sampled_from(PresetId)))
        if fault_of(prompt) is None:
            saved.append(prompt)
    return tuple(saved)


@hypothesis_settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(saved_prompts(), st.booleans())
async def test_what_was_saved_loads_back_equal(tmp_path: Path, saved: tuple[SavedPrompt, ...], has_last: bool) -> None:
    prompts = Prompts(saved, replace(saved[0], id="markdown") if saved and has_last else None)
    await PromptFile(tmp_path).save(prompts)
    file = PromptFile(tmp_path)
    assert file.load() == prompts
    assert (file.left_out, file.set_aside) == ((), None)


def test_without_a_file_there_are_none(tmp_path: Path) -> None:
    assert PromptFile(tmp_path / "missing").load() == Prompts()


@given(WORDS | st.sampled_from(["markdown", "Last edited", "-", "收据", "é" * 200, "A B", "a-b"]), st.data())
def test_an_id_can_be_typed_and_is_free(title: str, data: st.DataObject) -> None:
    taken: list[str] = []
    for _ in range(data.draw(st.integers(1, 4))):
        taken.append(prompt_id_for(title, taken))
    assert len(set(taken)) == len(taken)
    for each in taken:
        assert fault_of(replace(PROMPT, id=each)) is None


@pytest.mark.parametrize(
    ("title", "taken", "wanted"),
    [
        ("Invoices, 2nd try", [], "invoices-2nd-try"),
        ("Invoices", ["invoices"], "invoices-2"),
        ("Café", [], "cafe"),
        ("收据", [], "prompt-1"),
        ("收据", ["prompt-1"], "prompt-2"),
        ("发票 2", [], "prompt-1"),
        ("Markdown", [], "markdown-2"),
        ("Last edited", [], "last-edited-2"),
    ],
)
def test_an_id_is_made_of_the_titles_latin_words(title: str, taken: list[str], wanted: str) -> None:
    assert prompt_id_for(title, taken) == wanted


HOSTILE = """
[[prompt]]
id = "receipts"
title = "Receipts"
prompt = "<|grounding|>Convert the receipt to markdown."

[[prompt]]
id = "receipts"
title = "Again"
prompt = "x"

[[prompt]]
id = "markdown"
title = "A preset"
prompt = "x"

[[prompt]]
id = "../x"
title = "A path"
prompt = "x"

[[prompt]]
id = 3
title = "A number"
prompt = "x"

[[prompt]]
id = "blank"
title = "Blank"
prompt = " \\n"

[[prompt]]
id = "list"
title = "List"
prompt = ["x"]

[[prompt]]
id = "bell"
title = "Bell"
prompt = "x\\u0007"

[[prompt]]
id = "two"
title = "Two\\nlines\\u001b[31m"
prompt = "x"

[[prompt]]
id = "other"
title = "Other"
prompt = "x"
preset = ["markdown"]

[[prompt]]
id = "latest"
title = " Latest "
prompt = "Free OCR.\\n\\tAll of it."
preset = "free"
more = "unknown"

[last_edited]
id = "markdown"
title = "Markdown"
prompt = ""
"""
TOLD = (
    LeftOut("Again", PromptFault.ID_TWICE),
    LeftOut("A preset", PromptFault.ID),
    LeftOut("A path", PromptFault.ID),
    LeftOut("A number", PromptFault.ID),
    LeftOut("Blank", PromptFault.PROMPT_EMPTY),
    LeftOut("List", PromptFault.PROMPT_EMPTY),
    LeftOut("Bell", PromptFault.PROMPT_CHARACTERS),
    LeftOut("Two\\nlines\\x1b[31m", PromptFault.TITLE),
    LeftOut("Other", PromptFault.PRESET),
    LeftOut(LAST_EDITED_ID, PromptFault.PROMPT_EMPTY),
)
USABLE = (PROMPT, SavedPrompt("latest", "Latest", "Free OCR.\n\tAll of it.", PresetId.FREE))


async def test_bad_entries_are_left_out_and_told_and_the_others_stay(tmp_path: Path) -> None:
    (tmp_path / "prompts.toml").write_text(HOSTILE)
    file = PromptFile(tmp_path)
    assert file.load() == Prompts(USABLE)
    assert file.left_out == TOLD
    assert names_in(tmp_path) == ["prompts.toml"]

    await file.save(Prompts(USABLE))
    assert file.set_aside is not None
    assert file.set_aside.read_text() == HOSTILE
    await file.save(Prompts())
    assert names_in(tmp_path) == ["prompts.toml", "prompts.toml.unreadable"]
    assert PromptFile(tmp_path).load() == Prompts()


@pytest.mark.parametrize("content", ["prompt = 3", "prompt = [1, [2]]", 'prompt = "x"\nlast_edited = []'])
def test_a_file_of_another_shape_is_told(tmp_path: Path, content: str) -> None:
    (tmp_path / "prompts.toml").write_text(content)
    file = PromptFile(tmp_path)
    assert file.load() == Prompts()
    assert file.left_out[0] == LeftOut("1", PromptFault.ID)


def test_a_text_of_a_book_is_no_prompt() -> None:
    assert fault_of(replace(PROMPT, prompt="x" * LONGEST_PROMPT)) is None
    assert fault_of(replace(PROMPT, prompt="x" * (LONGEST_PROMPT + 1))) is PromptFault.PROMPT_TOO_LONG
    assert fault_of(replace(PROMPT, title="x" * LONGEST_TITLE)) is None
    assert fault_of(replace(PROMPT, title="x" * (LONGEST_TITLE + 1))) is PromptFault.TITLE


@pytest.mark.parametrize("is_loaded", [True, False])
async def test_an_unreadable_file_is_set_aside(tmp_path: Path, is_loaded: bool) -> None:
    (tmp_path / "prompts.toml").write_text("prompt = [")
    file = PromptFile(tmp_path)
    if is_loaded:
        assert file.load() == Prompts()
    await file.save(Prompts((PROMPT,)))
    assert file.set_aside is not None
    assert file.set_aside.read_text() == "prompt = ["


@pytest.mark.parametrize(
    "prompts",
    [
        Prompts((PROMPT, PROMPT)),
        Prompts((replace(PROMPT, id="ocr"),)),
        Prompts((replace(PROMPT, prompt="\ud800"),)),
        Prompts((), replace(PROMPT, title="")),
    ],
)
async def test_what_would_not_come_back_is_not_saved(tmp_path: Path, prompts: Prompts) -> None:
    with pytest.raises(ValueError, match="fault"):
        await PromptFile(tmp_path).save(prompts)
    assert names_in(tmp_path) == []


async def test_a_folder_that_cannot_be_written_is_an_error_and_not_a_loss(tmp_path: Path) -> None:
    (tmp_path / "occupied").write_text("a file, not a folder")
    with pytest.raises(OutputError):
        await PromptFile(tmp_path / "occupied").save(Prompts((PROMPT,)))


async def test_of_several_at_once_the_last_one_stays(tmp_path: Path) -> None:
    file = PromptFile(tmp_path)
    every = [Prompts((replace(PROMPT, title=f"Title {number}"),)) for number in range(20)]
    await asyncio.gather(*(file.save(each) for each in every))
    assert PromptFile(tmp_path).load() == every[-1]
