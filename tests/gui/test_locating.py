"""The locate box: a layer of hits over the picture, which never replaces what was read."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QLabel

from ocr_desktop.gui.appearance import MATCH
from tests.support.provider_answers import Gate, streamed
from tests.support.provider_server import KEY, ProviderServer
from tests.support.window import CONTROL, Desk, blank_file, page_file

pytestmark = pytest.mark.asyncio(loop_scope="module")

FOUND = "<|ref|>needle<|/ref|><|det|>[[100, 100, 300, 200]]<|/det|>"


def match_pixels(desk: Desk) -> int:
    image = desk.canvas.viewport().grab().toImage()
    rows = range(0, image.height(), 2)
    return sum(image.pixelColor(x, y).name() == MATCH for y in rows for x in range(0, image.width(), 2))


def label(desk: Desk, name: str) -> str:
    found = desk.find(QLabel, name)
    return found.text() if found.isVisible() else ""


def summary(desk: Desk) -> str:
    return label(desk, "locate_summary")


def note(desk: Desk) -> str:
    return label(desk, "locate_note")


def prompt_line(desk: Desk) -> str:
    return " ".join(label.text() for label in desk.window.prompt_line.findChildren(QLabel) if label.isVisible())


async def show(desk: Desk, tmp_path: Path) -> None:
    desk.drop_files(blank_file(tmp_path, "page.png", (600, 400)))
    await desk.until_shown("page.png")


async def test_hits_lie_over_the_page_and_escape_closes_message_then_layer_then_selection(
    desk: Desk, tmp_path: Path
) -> None:
    desk.drop_files(page_file(tmp_path, "page.png", "A needle here", "and straw there"))
    await desk.until_read()
    await desk.until(lambda: "straw" in desk.preview)
    words, read = desk.preview, desk.session.run
    region = desk.session.regions[0]
    desk.session.select_region(region.id)

    desk.locate("needle")
    await desk.until(lambda: desk.control.job is None and desk.session.hits)
    assert summary(desk) == "Found in the text: 1   This computer: 1"
    assert desk.session.run is read
    assert desk.session.text_runs == (read,)
    assert desk.preview == words
    assert desk.session.selected == region.id

    desk.window.telling.tell("A message")
    desk.press_in_window(Qt.Key.Key_Escape)
    assert desk.bar.text == ""
    assert desk.session.hits
    desk.press_in_window(Qt.Key.Key_Escape)
    assert desk.session.hits == ()
    assert not desk.window.locate_panel.isVisible()
    assert desk.session.selected == region.id
    desk.press_in_window(Qt.Key.Key_Escape)
    assert desk.session.selected is None
    assert desk.session.opened is not None
    desk.press_in_window(Qt.Key.Key_Escape)
    assert desk.window.isVisible()


async def test_what_is_not_there_is_said_plainly(desk: Desk, tmp_path: Path) -> None:
    desk.drop_files(page_file(tmp_path, "page.png", "Only straw"))
    await desk.until_read()
    desk.locate("needle")
    await desk.until(lambda: desk.session.hits_run)
    await desk.until_at_rest()
    assert summary(desk) == "Found in the text: 0   This computer: 0"
    assert note(desk) == "“needle” is in none of the lines that this computer can read here."
    assert desk.bar.text == ""


async def test_an_empty_box_says_what_to_type(desk: Desk, tmp_path: Path) -> None:
    await show(desk, tmp_path)
    desk.press_in_window(Qt.Key.Key_L, CONTROL)
    assert desk.locate_edit.hasFocus()
    desk.locate("")
    assert "Type what to look for" in desk.bar.text
    desk.locate(" ; ；")
    assert "Type what to look for" in desk.bar.text
    assert desk.locate_edit.hasFocus()


async def test_without_a_picture_there_is_nothing_to_look_at(desk: Desk) -> None:
    desk.locate("needle")
    assert "Open a picture first" in desk.bar.text


@pytest.mark.parametrize("separator", [";", "；"])
async def test_two_terms_are_two_questions(
    endpoint_desk: Desk, server: ProviderServer, tmp_path: Path, separator: str
) -> None:
    desk = endpoint_desk
    server.answer_with(streamed(FOUND), streamed(FOUND.replace("needle", "黄")))
    await show(desk, tmp_path)
    desk.locate(f" needle {separator}黄")
    assert match_pixels(desk) == 0
    await desk.until(lambda: len(desk.session.hits) == 2)
    assert [request.prompt for request in server.requests] == [
        "Locate <|ref|>needle<|/ref|> in the image.",
        "Locate <|ref|>黄<|/ref|> in the image.",
    ]
    await desk.until_at_rest()
    assert summary(desk) == "No text was read yet   UCloud Modelverse: 2"
    assert match_pixels(desk) > 0
    desk.press_in_window(Qt.Key.Key_Escape)
    assert match_pixels(desk) == 0


async def test_the_exact_question_is_seen_before_it_is_sent(
    endpoint_desk: Desk, server: ProviderServer, tmp_path: Path
) -> None:
    desk = endpoint_desk
    await show(desk, tmp_path)
    page_prompt = "<|grounding|>Convert the document to markdown."
    assert page_prompt in prompt_line(desk)
    desk.press_in_window(Qt.Key.Key_L, CONTROL)
    desk.locate_edit.insert("needle; pin")
    assert "Locate <|ref|>needle<|/ref|> in the image." in prompt_line(desk)
    assert "Locate <|ref|>pin<|/ref|> in the image." in prompt_line(desk)
    desk.focus(desk.canvas)
    assert page_prompt in prompt_line(desk), "Read would send this"
    assert server.requests == []


async def test_the_locate_preset_reads_nothing_by_itself(
    endpoint_desk: Desk, server: ProviderServer, tmp_path: Path
) -> None:
    desk = endpoint_desk
    desk.actions["auto_read_always"].trigger()
    desk.choose("preset_box", "Locate…")
    assert desk.locate_edit.hasFocus()
    await show(desk, tmp_path)
    await desk.until(desk.run_button.hasFocus)
    assert server.requests == []
    desk.press_in_window(Qt.Key.Key_F5)
    assert "Type what to look for" in desk.bar.text
    desk.locate_edit.insert("needle")
    desk.press_in_window(Qt.Key.Key_F5)
    await desk.until(lambda: desk.control.job)
    await desk.until(lambda: desk.control.job is None)
    assert [request.prompt for request in server.requests] == ["Locate <|ref|>needle<|/ref|> in the image."]


async def test_an_edited_question_is_sent_as_it_was_edited(
    endpoint_desk: Desk, server: ProviderServer, tmp_path: Path
) -> None:
    desk = endpoint_desk
    server.take_any_prompt()
    server.answer_with(streamed(FOUND))
    await show(desk, tmp_path)
    desk.choose("preset_box", "Locate…")
    desk.control.edit_prompt("Locate <|ref|>xxxx<|/ref|> in this picture.")
    desk.locate("needle")
    await desk.until(lambda: desk.session.hits)
    assert [request.prompt for request in server.requests] == ["Locate <|ref|>needle<|/ref|> in this picture."]


async def test_a_question_that_was_refused_is_what_is_tried_again(
    endpoint_desk: Desk, server: ProviderServer, tmp_path: Path
) -> None:
    desk, server.key = endpoint_desk, "another key"
    server.answer_with(streamed(FOUND))
    await show(desk, tmp_path)
    desk.locate("needle")
    assert "refused the key" in await desk.until_told()
    server.key = KEY
    desk.take_choice("Try again")
    await desk.until(lambda: desk.session.hits)
    assert server.requests[-1].prompt == "Locate <|ref|>needle<|/ref|> in the image."
    assert desk.session.text_runs == ()


async def test_words_on_show_stay_while_a_locate_runs(
    endpoint_desk: Desk, server: ProviderServer, tmp_path: Path
) -> None:
    desk, gate = endpoint_desk, Gate()
    await show(desk, tmp_path)
    desk.press_in_window(Qt.Key.Key_F5)
    await desk.until_read()
    server.answer_with(streamed(gate, FOUND))
    desk.locate("needle")
    await gate.reached.waited()
    assert [region.label for region in desk.session.regions] == ["title", "text", "text"]
    gate.open()
    await desk.until(lambda: desk.session.hits)
    assert len(desk.session.regions) == 3


async def test_a_click_selects_the_region_below_a_hit(desk: Desk, tmp_path: Path, qtbot: object) -> None:
    desk.drop_files(page_file(tmp_path, "page.png", "A needle here"))
    await desk.until_read()
    desk.locate("needle")
    await desk.until(lambda: desk.session.hits)
    box = desk.session.regions[0].boxes[0]
    middle = desk.point_in_canvas((box.x_min + box.x_max) / 2, (box.y_min + box.y_max) / 2)
    assert isinstance(middle, QPoint)
    qtbot.mouseClick(desk.canvas.viewport(), Qt.MouseButton.LeftButton, pos=middle)  # type: ignore[attr-defined]
    assert desk.session.selected == desk.session.regions[0].id
