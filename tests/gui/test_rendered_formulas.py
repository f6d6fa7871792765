"""Formulas in the rendered view: their source first, then their drawing, on the baseline, and as LaTeX when copied."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass, field

import pytest
import pytest_asyncio
from PySide6.QtCore import QRect
from PySide6.QtGui import QColor, QGuiApplication, QImage, QPalette, QPixmap
from pytestqt.qtbot import QtBot

from ocr_desktop.core.document import Region
from ocr_desktop.gui.output.artwork import OBJECT
from ocr_desktop.gui.output.rendered import RenderedView
from ocr_desktop.gui.output.writer import REGION_ID
from ocr_desktop.gui.tasks import Tasks
from ocr_desktop.worker.client import Typeset, TypesetterClient
from ocr_desktop.worker.pixels import PixelStore
from tests.support.text_blocks import blocks_of
from tests.support.waiting import until

TABLE = "<table><tr><td>$x_1$</td><td>plain</td></tr></table>"


@dataclass
class Patient:
    """A typesetter that waits until it may go on."""

    typesetter: TypesetterClient
    may_draw: asyncio.Event = field(default_factory=asyncio.Event)
    asked: list[str] = field(default_factory=list)

    async def typeset(self, latex: str, *, is_display: bool) -> Typeset | None:
        self.asked.append(latex)
        await self.may_draw.wait()
        return await self.typesetter.typeset(latex, is_display=is_display)


@pytest.fixture
def bugs() -> Iterator[list[BaseException]]:
    found: list[BaseException] = []
    yield found
    assert found == []


@pytest_asyncio.fixture
async def typesetter() -> AsyncIterator[TypesetterClient]:
    store = PixelStore()
    client = TypesetterClient(store)
    yield client
    await client.close()
    store.close()


@pytest_asyncio.fixture
async def tasks(bugs: list[BaseException]) -> AsyncIterator[Tasks]:
    tasks = Tasks(bugs.append)
    yield tasks
    await tasks.close()


@pytest.fixture
def view(qtbot: QtBot) -> RenderedView:
    view = RenderedView()
    qtbot.addWidget(view)
    view.resize(520, 400)
    with qtbot.waitExposed(view):
        view.show()
    return view


def page(*markdowns: str) -> tuple[Region, ...]:
    return tuple(Region(index, "text", markdown, markdown) for index, markdown in enumerate(markdowns))


async def show(view: RenderedView, regions: Sequence[Region]) -> None:
    view.show_regions(regions)
    await until(lambda: view.is_caught_up, view.caught_up)


async def show_drawn(view: RenderedView, regions: Sequence[Region]) -> None:
    await show(view, regions)
    await until(lambda: view.has_all_drawings, view.all_drawn)


def copied(view: RenderedView) -> tuple[str, str]:
    view.selectAll()
    view.copy()
    mime = QGuiApplication.clipboard().mimeData()
    return mime.text(), mime.html()


def ink_rows(image: QImage, area: QRect, ink: QColor) -> list[int]:
    """The rows of an area in which something of this colour is."""

    def is_ink(x: int, y: int) -> bool:
        seen = image.pixelColor(x, y)
        return abs(seen.lightness() - ink.lightness()) < 60

    return [y for y in range(area.top(), area.bottom()) if any(is_ink(x, y) for x in range(area.left(), area.right()))]


async def test_source_stands_there_until_the_drawing_comes(
    view: RenderedView, typesetter: TypesetterClient, tasks: Tasks
) -> None:
    patient = Patient(typesetter)
    view.use_typesetter(patient, tasks.spawn)
    await show(view, page("Energy $E=mc^2$ here", "$$\n\\frac{a}{b}\n$$", TABLE))
    assert "E=mc^2" in view.toPlainText()
    assert "\\frac{a}{b}" in view.toPlainText()
    patient.may_draw.set()
    await until(lambda: view.has_all_drawings, view.all_drawn)
    text = view.toPlainText()
    assert text.count(OBJECT) == 3
    assert "E=mc^2" not in text
    assert text.startswith(f"Energy {OBJECT} here")
    assert {
        block.blockFormat().property(REGION_ID) for block in blocks_of(view.document()) if OBJECT in block.text()
    } == {0, 1, 2}


@pytest.mark.parametrize("markdown", [r"$\text{中文}$", r"$\ce{H2O}$", "$$\n\\begin{array}{c|c}a&b\\end{array}\n$$"])
async def test_what_cannot_be_drawn_right_stays_its_source(
    view: RenderedView, typesetter: TypesetterClient, tasks: Tasks, markdown: str
) -> None:
    view.use_typesetter(typesetter, tasks.spawn)
    await show_drawn(view, page(markdown))
    assert markdown.strip("$\n") in view.toPlainText()
    assert typesetter.process_id is None


async def test_a_formula_that_fails_in_the_worker_stays_its_source_and_is_not_asked_for_again(
    view: RenderedView, typesetter: TypesetterClient, tasks: Tasks
) -> None:
    patient = Patient(typesetter)
    patient.may_draw.set()
    view.use_typesetter(patient, tasks.spawn)
    for _ in range(2):
        await show_drawn(view, page("bad $x^2^3$ good $y$"))
        assert view.toPlainText() == f"bad x^2^3 good {OBJECT}"
        await show(view, ())
    assert sorted(patient.asked) == ["x^2^3", "y"]


async def test_a_page_without_formulas_starts_no_worker(
    view: RenderedView, typesetter: TypesetterClient, tasks: Tasks
) -> None:
    view.use_typesetter(typesetter, tasks.spawn)
    await show_drawn(view, page("# Words", "and more, for $5 or $6", TABLE.replace("$", "")))
    assert typesetter.process_id is None


async def test_a_formula_shown_again_is_drawn_at_once(
    view: RenderedView, typesetter: TypesetterClient, tasks: Tasks
) -> None:
    patient = Patient(typesetter)
    patient.may_draw.set()
    view.use_typesetter(patient, tasks.spawn)
    await show_drawn(view, page("one $x$"))
    patient.may_draw.clear()
    await show(view, page("one $x$ and $x$"))
    assert view.toPlainText() == f"one {OBJECT} and {OBJECT}"
    assert patient.asked == ["x"]


async def test_drawings_arrive_in_whatever_stands_there_by_then(
    view: RenderedView, typesetter: TypesetterClient, tasks: Tasks
) -> None:
    patient = Patient(typesetter)
    view.use_typesetter(patient, tasks.spawn)
    await show(view, page("$x$ $x$ and $y$", "$z$", TABLE, "$x$"))
    await show(view, page("$x$ $x$ and $y$", "words", "$z$ $x$", TABLE))
    patient.may_draw.set()
    await until(lambda: view.has_all_drawings, view.all_drawn)
    after = [block.text() for block in blocks_of(view.document())]
    fresh = RenderedView()
    fresh.use_typesetter(patient, tasks.spawn)
    fresh.resize(view.size())
    fresh.show()
    try:
        await show_drawn(fresh, page("$x$ $x$ and $y$", "words", "$z$ $x$", TABLE))
        assert after == [block.text() for block in blocks_of(fresh.document())]
    finally:
        fresh.close()
        fresh.deleteLater()
    view.select_region(2)
    assert [mark.cursor.selectedText() for mark in view.extraSelections()] == [f"{OBJECT} {OBJECT}"]


async def test_copied_formulas_are_latex(view: RenderedView, typesetter: TypesetterClient, tasks: Tasks) -> None:
    view.use_typesetter(typesetter, tasks.spawn)
    await show_drawn(view, page("In $a_1$ line $a_1$", "$$\nx = 1 \\tag{71}\n$$", r"source $\ce{H2O}$", TABLE))
    text, html = copied(view)
    assert text.startswith("In $a_1$ line $a_1$\n$$x = 1 \\tag{71}$$\nsource $\\ce{H2O}$")
    assert "$x_1$" in text
    assert "$a_1$" in html
    assert "$$x = 1" in html
    for left_out in ("<img", "file:", OBJECT):
        assert left_out not in html + text


async def test_a_formula_stands_on_the_baseline_of_its_words(
    view: RenderedView, typesetter: TypesetterClient, tasks: Tasks
) -> None:
    # Both are flat letters without depth; their last rows of ink are the baseline.
    for size, other in ((10, ""), (24, ""), (12, r" $\frac{\frac{a}{b}}{c}$")):
        view.setStyleSheet(f"font-size: {size}pt")
        view.use_typesetter(typesetter, tasks.spawn)
        await show_drawn(view, page(f"HHHH $HHHH${other}"))
        cursor = view.document().find("HHHH")
        words = view.cursorRect(cursor)
        image = view.grab().toImage()
        ink = view.palette().color(QPalette.ColorRole.Text)
        top, bottom = words.top() - size, words.bottom() + 2 * size
        in_words = ink_rows(image, QRect(20, top, words.right() - 24, bottom - top), ink)
        in_formula = ink_rows(image, QRect(words.right() + 6, top, 2 * size, bottom - top), ink)
        assert abs(in_words[-1] - in_formula[-1]) <= 1, size


async def test_only_a_formula_that_is_high_makes_its_line_higher(
    view: RenderedView, typesetter: TypesetterClient, tasks: Tasks
) -> None:
    view.use_typesetter(typesetter, tasks.spawn)

    async def height_with(formula: str) -> float:
        await show_drawn(view, page(f"Words and {formula} words"))
        return view.document().documentLayout().blockBoundingRect(view.document().begin()).height()

    plain = await height_with("more")
    assert [await height_with(formula) for formula in ("$2x$", "$y_j$", "$E=mc$")] == [plain] * 3
    assert await height_with(r"$\frac{\frac{a}{b}}{c}$") > 1.2 * plain


async def test_number_stands_at_the_right_and_formula_in_the_middle(
    view: RenderedView, typesetter: TypesetterClient, tasks: Tasks
) -> None:
    view.use_typesetter(typesetter, tasks.spawn)
    await show_drawn(view, page("$$\nx = 1 \\tag{71}\n$$"))
    for width in (520, 400):
        view.resize(width, 300)
        image = view.grab().toImage()
        ink = view.palette().color(QPalette.ColorRole.Text)
        columns = [x for x in range(width - 20) if ink_rows(image, QRect(x, 0, 2, 100), ink)]
        left = [x for x in columns if x < width * 0.7]
        assert abs((left[0] + left[-1]) / 2 - width / 2) < 0.1 * width
        assert columns[-1] > 0.9 * (width - 20)


async def test_a_wide_formula_is_made_smaller_before_the_view_scrolls_sideways(
    view: RenderedView, typesetter: TypesetterClient, tasks: Tasks
) -> None:
    view.use_typesetter(typesetter, tasks.spawn)
    await show_drawn(view, page("$$\n" + "+".join(["abcdefgh"] * 6) + "\n$$"))
    assert view.horizontalScrollBar().maximum() == 0
    await show_drawn(view, page("$$\n" + "+".join(["abcdefgh"] * 30) + "\n$$"))
    assert view.horizontalScrollBar().maximum() > 0


@pytest.mark.parametrize("ratio", [1.0, 1.5, 2.0])
async def test_formulas_are_crisp_and_in_the_colour_of_text(
    view: RenderedView, typesetter: TypesetterClient, tasks: Tasks, ratio: float
) -> None:
    palette = QPalette(QColor("#222222"))
    palette.setColor(QPalette.ColorRole.Text, QColor("#00ff00"))
    palette.setColor(QPalette.ColorRole.Base, QColor("#000000"))
    view.setPalette(palette)
    view.use_typesetter(typesetter, tasks.spawn)
    await show_drawn(view, page("$$\n\\rule\n$$".replace("\\rule", r"\frac{MMMM}{MMMM}")))
    target = QPixmap(view.size() * ratio)
    target.setDevicePixelRatio(ratio)
    view.render(target)
    image = target.toImage()
    seen = {image.pixelColor(x, y).name() for x in range(image.width()) for y in range(0, round(120 * ratio))}
    assert "#00ff00" in seen
    assert not [name for name in seen if QColor(name).red() > 8 or QColor(name).blue() > 8]


async def test_place_on_show_stays_while_formulas_above_it_are_drawn(
    view: RenderedView, typesetter: TypesetterClient, tasks: Tasks
) -> None:
    patient = Patient(typesetter)
    view.use_typesetter(patient, tasks.spawn)
    formulas = [f"$$\n\\frac{{\\frac{{{number}}}{{b}}}}{{c}}\n$$" for number in range(20)]
    await show(view, page(*formulas, *(f"Paragraph {number}" for number in range(60))))
    cursor = view.document().find("Paragraph 30")
    bar = view.verticalScrollBar()
    bar.setValue(bar.value() + view.cursorRect(cursor).top())
    before = view.cursorRect(cursor).top()
    patient.may_draw.set()
    await until(lambda: view.has_all_drawings, view.all_drawn)
    assert abs(view.cursorRect(cursor).top() - before) <= 2
    assert view.toPlainText().count(OBJECT) == 20


async def test_a_bug_in_the_typesetter_is_not_lost_and_leaves_the_source(view: RenderedView) -> None:
    class Broken:
        async def typeset(self, latex: str, *, is_display: bool) -> Typeset | None:
            raise ZeroDivisionError(latex)

    told: asyncio.Future[BaseException] = asyncio.get_running_loop().create_future()
    tasks = Tasks(told.set_result)
    view.use_typesetter(Broken(), tasks.spawn)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("ocr_desktop.gui.tasks.logger.error", lambda *_, **__: None)
        view.show_regions(page("$x$"))
        assert isinstance(await told, ZeroDivisionError)
    assert view.toPlainText() == "x"
    await tasks.close()
