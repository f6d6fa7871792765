"""Formulas are drawn in a process of their own, right or not at all, and none holds up another."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from PySide6.QtCore import QByteArray
from PySide6.QtSvg import QSvgRenderer

from ocr_desktop.core.formulas import COMMANDS, Formula, prepared
from ocr_desktop.worker import messages
from ocr_desktop.worker.client import TYPESETTER_TIMING, Typeset, TypesetterClient
from ocr_desktop.worker.dispatch import Timing
from ocr_desktop.worker.pixels import PixelStore
from ocr_desktop.worker.typesetting import TypesettingWorker
from tests.support.workers import process_end

# ziamath's own, at its import.
pytestmark = pytest.mark.filterwarnings("ignore:path is deprecated:DeprecationWarning")

FRAMES = (
    "x {0} y",
    "{0}{{a}}",
    "{0}{{a}}{{b}}",
    "{0}{{\\text{{c}}}}",
    "\\sum{0}_a",
    "{{a{0} b}}",
    "\\left{0}x\\right.",
)
WITH_PARTNER = {"\\left": r"\left(x\right)", "\\right": r"\left(x\right)", "\\hspace": r"a\hspace{1em}b"}


@asynccontextmanager
async def open_typesetter(timing: Timing = TYPESETTER_TIMING) -> AsyncIterator[TypesetterClient]:
    store = PixelStore()
    client = TypesetterClient(store, timing)
    try:
        yield client
    finally:
        await client.close()
        store.close()


def drawn(latex: str) -> messages.TypesetDone | None:
    """What the inside of the worker makes of some LaTeX."""
    found = list(TypesettingWorker().answer(messages.Typeset(1, latex, True), lambda: False))
    assert len(found) <= 1
    return found[0] if found and isinstance(found[0], messages.TypesetDone) else None


async def test_a_formula_is_drawn_with_its_baseline() -> None:
    async with open_typesetter() as typesetter:
        plain, deep = await asyncio.gather(
            typesetter.typeset("x", is_display=False), typesetter.typeset("y_{j}", is_display=False)
        )
    assert isinstance(plain, Typeset)
    assert isinstance(deep, Typeset)
    assert 0.4 < plain.above < 0.6
    assert abs(plain.below) < 0.1 < 0.2 < deep.below
    box = QSvgRenderer(QByteArray(plain.svg)).viewBoxF()
    assert box.width() / box.height() == pytest.approx(plain.width / (plain.above + plain.below))


async def test_a_formula_of_its_own_is_larger_than_one_in_a_line() -> None:
    async with open_typesetter() as typesetter:
        own = await typesetter.typeset(r"\sum_{i}^{n}\frac{a}{b}", is_display=True)
        inline = await typesetter.typeset(r"\sum_{i}^{n}\frac{a}{b}", is_display=False)
    assert own is not None
    assert inline is not None
    assert own.above + own.below > 1.5 * (inline.above + inline.below)


@pytest.mark.parametrize(
    "latex",
    [
        "",
        r"\frac{",
        "a & b",
        "x^2^3",
        r"\left( x",
        r"\unicode{x}",
        r"\unknown x",
        r"\text{中}",
        r"\mathop{min}",
        "{}",
        r"\,",
    ],
)
def test_what_is_not_drawn_right_is_not_drawn(latex: str) -> None:
    assert drawn(latex) is None


def box_of(source: str, *, is_display: bool = True) -> messages.TypesetDone:
    formula = prepared(source, is_display=is_display)
    assert isinstance(formula, Formula), formula
    found = list(TypesettingWorker().answer(messages.Typeset(1, formula.latex, is_display), lambda: False))
    assert len(found) == 1
    assert isinstance(found[0], messages.TypesetDone)
    return found[0]


@pytest.mark.parametrize(
    "source",
    [
        r"\operatorname*{arg\,max}_{\theta}",
        r"\operatorname*{\arg\max}_{\theta}",
        r"\mathop{\mathrm{arg\,max}}_{\theta}",
        r"\mathop{\arg\max}\limits_{\theta}",
    ],
)
def test_what_an_operator_is_taken_over_stands_below_its_upright_name(source: str) -> None:
    drawing = box_of(source)
    assert drawing.svg == box_of(r"\operatorname*{arg max}_{\theta}").svg
    beside = box_of(r"\operatorname{arg\,max}_{\theta}")
    assert drawing.below > beside.below
    assert drawing.width < beside.width
    assert box_of(r"\operatorname*{argmax}").width < box_of(r"\operatorname*{arg max}").width


@pytest.mark.parametrize("kind", ["pmatrix", "bmatrix", "Bmatrix", "vmatrix", "Vmatrix"])
def test_a_matrix_takes_an_exponent(kind: str) -> None:
    matrix = rf"\begin{{{kind}}}a&b\\c&d\end{{{kind}}}"
    plain, inverse = box_of(matrix), box_of(matrix + "^{-1}")
    assert inverse.width > plain.width + 0.3
    assert inverse.above > plain.above
    assert box_of(matrix + "_2^T").below > plain.below


def test_the_fences_of_a_low_matrix_beside_a_high_one_are_low() -> None:
    row = r"\begin{bmatrix}1&2\end{bmatrix}"
    high = r"\begin{bmatrix}1\\2\end{bmatrix}^T"
    assert box_of(high + row).below < box_of(high).below + 0.1


@pytest.mark.parametrize("kind", ["aligned", "split", "matrix", "vmatrix", "cases"])
def test_rows_stand_apart(kind: str) -> None:
    rows = box_of(rf"\begin{{{kind}}}a&=b\\c&=d\\a&=c\end{{{kind}}}")
    assert rows.above + rows.below > 3.3


def test_integrals_and_names_do_not_touch_what_follows() -> None:
    apart = box_of(r"\iiint_V\oint_C f")
    assert apart.width > box_of(r"\iiint_V").width + box_of(r"\oint_C f").width
    named = box_of(r"\operatorname*{argmax}_x f")
    assert named.width > box_of(r"\operatorname*{argmax}_x").width + box_of("f").width


@pytest.mark.parametrize("command", sorted(COMMANDS))
def test_every_command_that_is_let_through_is_drawn(command: str) -> None:
    sources = [WITH_PARTNER[command]] if command in WITH_PARTNER else [frame.format(command) for frame in FRAMES]
    formulas = [formula for source in sources if isinstance(formula := prepared(source, is_display=True), Formula)]
    assert any(drawn(formula.latex) for formula in formulas)


async def test_what_takes_too_long_is_given_up_by_the_same_process() -> None:
    async with open_typesetter() as typesetter:
        assert await typesetter.typeset("x", is_display=False) is not None
        process = typesetter.process_id
        assert await typesetter.typeset("{" * 30 + "x" + "}" * 30, is_display=False) is None
        assert await typesetter.typeset("y", is_display=False) is not None
        assert typesetter.process_id == process


async def test_a_process_that_hangs_is_killed_and_the_next_formula_drawn() -> None:
    async with open_typesetter(Timing(deadline=1.0)) as typesetter:
        while await typesetter.typeset("x", is_display=False) is None:
            # A slow machine may need longer for the start than the deadline of this test.
            pass
        process = typesetter.process_id
        assert process is not None
        os.kill(process, signal.SIGSTOP)
        assert await typesetter.typeset("y", is_display=False) is None
        await process_end(process)


async def test_a_crash_costs_one_formula() -> None:
    async with open_typesetter() as typesetter:
        assert await typesetter.typeset("x", is_display=False) is not None
        process = typesetter.process_id
        assert process is not None
        os.kill(process, signal.SIGSTOP)
        lost, next_one = (asyncio.ensure_future(typesetter.typeset(latex, is_display=False)) for latex in ("y", "z"))
        await asyncio.sleep(0)
        os.kill(process, signal.SIGKILL)
        assert await lost is None
        assert await next_one is not None


async def test_nothing_is_drawn_any_more_after_the_end() -> None:
    async with open_typesetter() as typesetter:
        assert await typesetter.typeset("x", is_display=False) is not None
    assert await typesetter.typeset("x", is_display=False) is None


def test_what_takes_too_long_ends_though_errors_are_swallowed_on_the_way(monkeypatch: pytest.MonkeyPatch) -> None:
    def never_ends(self: object, *arguments: object, **options: object) -> None:
        while True:
            try:
                sum(range(1000))
            except Exception:
                continue

    monkeypatch.setattr("ziamath.zmath.Math.__init__", never_ends)
    assert drawn("x") is None


async def test_no_process_runs_before_the_first_formula() -> None:
    async with open_typesetter() as typesetter:
        assert typesetter.process_id is None
