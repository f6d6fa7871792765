"""Hits in the text while a term is typed, the engine's hits as a second group, and the way from one to the next."""

from __future__ import annotations

import asyncio
import random
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton

from ocr_desktop.core.finding import Miss
from ocr_desktop.gui.locating.parts import HitList
from tests.support.provider_answers import Gate, streamed
from tests.support.provider_server import ProviderServer
from tests.support.window import CONTROL, Desk, blank_file, page_file

pytestmark = pytest.mark.asyncio(loop_scope="module")

FOUR = "".join(
    f"<|ref|>text<|/ref|><|det|>[[100, {top}, 900, {top + 80}]]<|/det|>\n{words}\n\n"
    for top, words in ((50, "A needle."), (200, "Straw."), (350, "NEEDLE ２"), (500, "nee-\ndle"), (700, "Two needles"))
)
"""Five paragraphs, four of which hold the term."""
PLACES = "<|ref|>needle<|/ref|><|det|>[[100, 60, 300, 120], [400, 60, 600, 120]]<|/det|>"
MODELVERSE = "UCloud Modelverse"


def seen(desk: Desk, name: str) -> str:
    found = desk.find(QLabel, name)
    return found.text() if found.isVisible() else ""


def rows(desk: Desk) -> list[str]:
    model = desk.find(HitList, "hits_list").model()
    return [model.index(row, 0).data() for row in range(model.rowCount())]


def width_of_picture(desk: Desk) -> int:
    """From the first to the last column of dark pixels in the picture of the first hit."""
    hits = desk.find(HitList, "hits_list")
    image = hits.viewport().grab(hits.visualRect(hits.model().index(0, 0))).toImage()
    columns = [
        x for x in range(12, 236) if any(image.pixelColor(x, y).lightness() < 150 for y in range(image.height()))
    ]
    return columns[-1] - columns[0] + 1 if columns else 0


def type_term(desk: Desk, text: str) -> None:
    desk.focus(desk.locate_edit)
    desk.locate_edit.selectAll()
    for letter in text:
        if letter.isascii():
            QTest.keyClicks(desk.locate_edit, letter)
        else:
            # As an input method does; QTest knows no keys for it.
            desk.locate_edit.insert(letter)


async def show_read(desk: Desk, server: ProviderServer, tmp_path: Path, answer: str = FOUR) -> None:
    server.answer_with(streamed(answer))
    desk.drop_files(blank_file(tmp_path, "page.png", (1000, 800)))
    await desk.until_shown("page.png")
    desk.press_in_window(Qt.Key.Key_F5)
    await desk.until_read()


async def ask(desk: Desk) -> None:
    """Press Enter in the box and wait for the end of the reading."""
    desk.press(desk.locate_edit, Qt.Key.Key_Return)
    await desk.until_at_rest()


async def test_what_was_read_is_searched_with_every_letter_and_no_request(
    endpoint_desk: Desk, server: ProviderServer, tmp_path: Path
) -> None:
    desk = endpoint_desk
    await show_read(desk, server, tmp_path)
    asked = len(server.requests)
    type_term(desk, "needle")
    assert seen(desk, "locate_summary") == "Found in the text: 4"
    assert rows(desk) == ["A needle.", "NEEDLE ２", "nee- dle", "Two needles"]
    type_term(desk, "needles")
    assert seen(desk, "locate_summary") == "Found in the text: 1"
    desk.press(desk.locate_edit, Qt.Key.Key_Backspace)
    assert seen(desk, "locate_summary") == "Found in the text: 4"
    type_term(desk, "straw; two")
    assert rows(desk) == ["Straw.", "Two needles"]
    type_term(desk, "hay")
    assert seen(desk, "locate_summary") == "Found in the text: 0"
    assert "Not in the text that was read" in seen(desk, "locate_note")
    desk.locate_edit.clear()
    assert not desk.window.locate_panel.isVisible()
    assert len(server.requests) == asked


async def test_the_button_tells_what_asking_costs_before_it_is_pressed(
    endpoint_desk: Desk, server: ProviderServer, tmp_path: Path
) -> None:
    desk = endpoint_desk
    await show_read(desk, server, tmp_path)
    type_term(desk, "needle")
    button = desk.find(QPushButton, "locate_ask_button")
    assert button.text() == "Ask"
    assert "127.0.0.1" in button.toolTip()
    type_term(desk, "needle; pin；needle;straw")
    assert button.text() == "Ask (3 requests)"
    assert "Locate &lt;|ref|&gt;pin&lt;|/ref|&gt; in the image." in button.toolTip()
    desk.choose("engine_box", "This computer (offline)")
    assert button.text() == "Find on the picture"
    asked = len(server.requests)
    desk.choose("engine_box", MODELVERSE)
    desk.click(button)
    await desk.until_at_rest()
    assert len(server.requests) == asked + 3


async def test_the_engine_s_hits_are_a_second_group_and_belong_to_their_terms(
    endpoint_desk: Desk, server: ProviderServer, tmp_path: Path
) -> None:
    desk = endpoint_desk
    await show_read(desk, server, tmp_path)
    read = desk.session.run
    server.answer_with(streamed(PLACES))
    type_term(desk, "needle")
    await ask(desk)
    assert seen(desk, "locate_summary") == f"Found in the text: 4   {MODELVERSE}: 2"
    assert rows(desk) == ["A needle.", "NEEDLE ２", "nee- dle", "Two needles", "needle", "needle"]
    assert desk.session.run is read
    asked = len(server.requests)
    type_term(desk, "straw")
    assert seen(desk, "locate_summary") == "Found in the text: 1"
    assert desk.session.hits == ()
    type_term(desk, "Needle")
    assert seen(desk, "locate_summary") == f"Found in the text: 4   {MODELVERSE}: 2", "it was answered already"
    assert len(server.requests) == asked


async def test_hits_arrive_one_by_one_and_stop_keeps_them(
    endpoint_desk: Desk, server: ProviderServer, tmp_path: Path
) -> None:
    desk, gate, end = endpoint_desk, Gate(), Gate()
    await show_read(desk, server, tmp_path)
    server.answer_with(streamed("<|ref|>needle<|/ref|><|det|>[[1, 1, 300, 200]]<|/det|>", gate, PLACES, end))
    type_term(desk, "needle")
    desk.press(desk.locate_edit, Qt.Key.Key_Return)
    locating = desk.window.locating
    await desk.until(lambda: len(locating.layer.engine.hits) == 1, locating.changed)
    assert seen(desk, "locate_summary") == f"Found in the text: 4   {MODELVERSE}: 1…"
    assert not desk.find(QPushButton, "locate_ask_button").isVisible()
    gate.open()
    await desk.until(lambda: len(locating.layer.engine.hits) == 3, locating.changed)
    desk.click(desk.find(QPushButton, "locate_stop_button"))
    await desk.until_at_rest()
    assert seen(desk, "locate_summary") == f"Found in the text: 4   {MODELVERSE}: 3"
    assert seen(desk, "locate_note") == "", "what was stopped was not said to be missing"
    assert desk.find(QPushButton, "locate_ask_button").isVisible()


async def test_down_and_up_walk_all_hits_and_bring_each_close(
    endpoint_desk: Desk, server: ProviderServer, tmp_path: Path
) -> None:
    desk = endpoint_desk
    await show_read(desk, server, tmp_path)
    server.answer_with(streamed(PLACES))
    type_term(desk, "needle")
    assert seen(desk, "locate_position") == "4 hits"
    await ask(desk)
    fitted = desk.canvas.zoom
    regions = desk.session.regions
    desk.press(desk.locate_edit, Qt.Key.Key_Down)
    assert seen(desk, "locate_position") == "1 of 6"
    assert desk.session.selected == regions[0].id
    assert desk.canvas.zoom > fitted
    desk.press(desk.locate_edit, Qt.Key.Key_Up)
    assert seen(desk, "locate_position") == "6 of 6"
    middle = desk.point_in_canvas(500 * 1000 / 999, 90 * 800 / 999)
    assert (middle - desk.canvas.viewport().rect().center()).manhattanLength() < 100
    assert desk.locate_edit.text() == "needle"
    assert desk.locate_edit.hasFocus()


async def test_a_hit_of_the_list_is_chosen_by_click_and_by_key(
    endpoint_desk: Desk, server: ProviderServer, tmp_path: Path
) -> None:
    desk = endpoint_desk
    await show_read(desk, server, tmp_path)
    server.answer_with(streamed(PLACES))
    type_term(desk, "needle")
    await ask(desk)
    hits = desk.find(HitList, "hits_list")
    hits.scrollToTop()
    hits.setFocus()
    place = hits.visualRect(hits.model().index(0, 0)).center()
    QTest.mouseClick(hits.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert seen(desk, "locate_position") == "1 of 6"
    desk.canvas.fit()
    fitted = desk.canvas.zoom
    desk.press(hits, Qt.Key.Key_Return)
    assert desk.canvas.zoom > fitted
    for number in range(2, 7):
        desk.press(hits, Qt.Key.Key_Down)
        assert seen(desk, "locate_position") == f"{number} of 6"


async def test_every_hit_is_listed_with_its_picture(desk: Desk, tmp_path: Path) -> None:
    desk.drop_files(page_file(tmp_path, "page.png", "A needle here"))
    await desk.until_read()
    type_term(desk, "needle")
    assert 100 < width_of_picture(desk) < 240
    desk.actions["turn_right"].trigger()
    assert 0 < width_of_picture(desk) < 20, "it stands as the page does"


async def test_escape_takes_the_layer_away_and_the_box_brings_it_back(
    endpoint_desk: Desk, server: ProviderServer, tmp_path: Path
) -> None:
    desk = endpoint_desk
    await show_read(desk, server, tmp_path)
    server.answer_with(streamed(PLACES))
    type_term(desk, "needle")
    await ask(desk)
    asked = len(server.requests)
    desk.press_in_window(Qt.Key.Key_Escape)
    assert not desk.window.locate_panel.isVisible()
    assert desk.session.hits == ()
    assert not desk.actions["clear_hits"].isEnabled()
    assert desk.locate_edit.text() == "needle"
    desk.press(desk.locate_edit, Qt.Key.Key_Down)
    assert seen(desk, "locate_position") == "1 of 6"
    desk.press_in_window(Qt.Key.Key_Escape)
    assert not desk.window.locate_panel.isVisible()
    desk.focus(desk.canvas)
    desk.press_in_window(Qt.Key.Key_L, CONTROL)
    assert seen(desk, "locate_summary") == f"Found in the text: 4   {MODELVERSE}: 2"
    desk.actions["clear_hits"].trigger()
    assert not desk.window.locate_panel.isVisible()
    assert len(server.requests) == asked


async def test_on_another_page_its_own_words_are_searched_and_hits_stay_with_theirs(
    endpoint_desk: Desk, server: ProviderServer, tmp_path: Path
) -> None:
    desk = endpoint_desk
    await show_read(desk, server, tmp_path)
    server.answer_with(streamed(PLACES))
    type_term(desk, "needle")
    await ask(desk)
    desk.drop_files(blank_file(tmp_path, "other.png"))
    await desk.until_shown("other.png")
    assert seen(desk, "locate_summary") == "No text was read yet"
    server.answer_with(streamed("<|ref|>text<|/ref|><|det|>[[1, 1, 90, 90]]<|/det|>\nOne needle\n"))
    desk.press_in_window(Qt.Key.Key_F5)
    await desk.until_read("other.png")
    assert seen(desk, "locate_summary") == "Found in the text: 1"
    desk.choose_page(0)
    await desk.until_shown("page.png")
    assert seen(desk, "locate_summary") == f"Found in the text: 4   {MODELVERSE}: 2"


async def test_hits_of_a_page_that_is_not_on_show_are_told_and_wait_there(
    endpoint_desk: Desk, server: ProviderServer, tmp_path: Path
) -> None:
    desk, gate = endpoint_desk, Gate()
    await desk.add_unread(tmp_path, "page.png", "other.png")
    server.answer_with(streamed(gate, PLACES))
    type_term(desk, "needle")
    desk.press(desk.locate_edit, Qt.Key.Key_Return)
    await gate.reached.waited()
    desk.choose_page(1)
    await desk.until_shown("other.png")
    gate.open()
    assert await desk.until_told() == "page.png: “needle” was found in 2 places."
    assert seen(desk, "locate_summary") == "No text was read yet"
    desk.choose_page(0)
    await desk.until_shown("page.png")
    assert seen(desk, "locate_summary") == f"No text was read yet   {MODELVERSE}: 2"


@pytest.mark.parametrize(
    ("answer", "why", "said"),
    [
        ("", Miss.NO_ANSWER, "the answer is empty"),
        ("needle", Miss.NAMED_ONLY, "the server takes the places out of answers"),
        ("<|ref|>needle<|/ref|><|det|>[[1, 2]]<|/det|>", Miss.BROKEN_PLACE, "a place that cannot be read"),
        ("I cannot see that.", Miss.WORDS, "“I cannot see that.”"),
        ("About %1 of %2 are red.", Miss.WORDS, "“About %1 of %2 are red.”"),
    ],
)
async def test_nothing_found_says_why_that_may_be(
    endpoint_desk: Desk, server: ProviderServer, tmp_path: Path, answer: str, why: Miss, said: str
) -> None:
    desk = endpoint_desk
    desk.drop_files(blank_file(tmp_path, "page.png"))
    await desk.until_shown("page.png")
    server.answer_with(streamed(answer))
    type_term(desk, "needle")
    await ask(desk)
    assert [each.why for each in desk.window.locating.layer.engine.missed] == [why]
    assert said in seen(desk, "locate_note")
    assert "photographs" in seen(desk, "locate_note"), "what to do instead"


async def test_of_several_terms_each_that_is_missing_is_named(
    endpoint_desk: Desk, server: ProviderServer, tmp_path: Path
) -> None:
    desk = endpoint_desk
    await show_read(desk, server, tmp_path)
    server.answer_with(streamed(PLACES), streamed("pin"), streamed(""))
    type_term(desk, "needle; pin; nail")
    await ask(desk)
    assert f"{MODELVERSE}: 2" in seen(desk, "locate_summary")
    assert "“pin” was named" in seen(desk, "locate_note")
    assert "“nail” was not found" in seen(desk, "locate_note")
    assert "“needle”" not in seen(desk, "locate_note")


async def test_this_computer_finds_several_terms(desk: Desk, tmp_path: Path) -> None:
    desk.drop_files(page_file(tmp_path, "page.png", "A needle here", "and straw there"))
    await desk.until_read()
    type_term(desk, "needle; straw; nail")
    await ask(desk)
    assert "This computer: 2" in seen(desk, "locate_summary")
    assert seen(desk, "locate_note") == "“nail” is in none of the lines that this computer can read here."


async def test_while_something_else_is_read_nothing_can_be_asked(
    endpoint_desk: Desk, server: ProviderServer, tmp_path: Path
) -> None:
    desk, gate = endpoint_desk, Gate()
    server.answer_with(streamed(FOUR[: FOUR.index("Straw")], gate, FOUR[FOUR.index("Straw") :]))
    desk.drop_files(blank_file(tmp_path, "page.png", (1000, 800)))
    await desk.until_shown("page.png")
    type_term(desk, "needle")
    desk.press_in_window(Qt.Key.Key_F5)
    await gate.reached.waited()
    await desk.until(lambda: seen(desk, "locate_summary") == "Found in the text: 1")
    button = desk.find(QPushButton, "locate_ask_button")
    assert not button.isEnabled()
    assert "Something else is being read" in button.toolTip()
    gate.open()
    await desk.until_read()
    assert seen(desk, "locate_summary") == "Found in the text: 4", "hits come while the text streams in"
    assert button.isEnabled()


@pytest.mark.parametrize("size", [(760, 480), (1280, 800)])
async def test_the_picture_stays_the_largest_thing(
    endpoint_desk: Desk, server: ProviderServer, tmp_path: Path, size: tuple[int, int]
) -> None:
    desk = endpoint_desk
    desk.window.resize(*size)
    await show_read(desk, server, tmp_path)
    server.answer_with(streamed(PLACES))
    type_term(desk, "needle")
    await ask(desk)
    await desk.until(lambda: desk.window.locate_panel.height() > 0)
    panel = desk.window.locate_panel
    assert desk.window.size().toTuple() == size
    assert desk.canvas.height() > panel.height()
    button = desk.find(QPushButton, "locate_ask_button")
    assert panel.rect().contains(button.mapTo(panel, QPoint(button.width() - 1, 0)))


async def test_letters_that_are_keys_elsewhere_are_only_typed(
    endpoint_desk: Desk, server: ProviderServer, tmp_path: Path
) -> None:
    desk = endpoint_desk
    await show_read(desk, server, tmp_path)
    desk.canvas.zoom_to(2.0)
    type_term(desk, "FH ")
    assert desk.locate_edit.text() == "FH "
    assert desk.canvas.zoom == 2.0
    assert desk.actions["boxes"].isChecked()


async def test_thousands_of_hits_are_rows_on_demand(
    endpoint_desk: Desk, server: ProviderServer, tmp_path: Path
) -> None:
    desk = endpoint_desk
    chance = random.Random(0)
    tops = [chance.randrange(900) for _ in range(2000)]
    many = "".join(
        f"<|ref|>text<|/ref|><|det|>[[1, {top}, 90, {top + 9}]]<|/det|>\n{chance.random()} needle {chance.random()}\n\n"
        for top in tops
    )
    await show_read(desk, server, tmp_path, many)
    type_term(desk, "needle")
    hits = desk.find(HitList, "hits_list")
    assert hits.model().rowCount() == 2000
    assert len(hits.findChildren(QLabel)) == 0
    desk.press(desk.locate_edit, Qt.Key.Key_Up)
    assert seen(desk, "locate_position") == "2000 of 2000"
    await asyncio.sleep(0)
    assert hits.visualRect(hits.currentIndex()).intersects(hits.viewport().rect())
