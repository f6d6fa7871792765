from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocr_desktop.core.document import Cost, Finish, Run, Usage
from ocr_desktop.core.geometry import PixelBox, View
from ocr_desktop.gui.run_facts import cost_text, run_details, run_label, run_line

STARTED = datetime(2026, 11, 21, 12, 30, 15, tzinfo=UTC)
LOCAL = STARTED.astimezone()


def run_of(
    host: str | None = "ocr.example",
    finish: Finish = Finish.COMPLETE,
    usage: Usage | None = None,
    cost: Cost | None = None,
    view: View | None = None,
) -> Run:
    return Run(
        id="1",
        engine="mine",
        model=None if host is None else "some/model",
        host=host,
        preset="markdown",
        started=STARTED,
        seconds=6.24,
        finish=finish,
        usage=usage,
        cost=cost,
        view=view or View(),
    )


def test_the_line_is_short_and_says_who_and_how_long() -> None:
    assert run_line(run_of()) == "ocr.example · 6.2 s"
    assert run_line(run_of(None)) == "this computer · 6.2 s"
    assert run_line(run_of(finish=Finish.CUT)) == "incomplete · ocr.example · 6.2 s"


def test_a_run_is_told_from_others_by_what_was_asked_of_whom_and_when() -> None:
    part = View(0, PixelBox(0, 0, 10, 10))
    assert run_label(run_of()) == f"Document to Markdown · ocr.example · {LOCAL:%H:%M:%S}"
    assert run_label(run_of(None, Finish.LOOP, view=part)) == (
        f"Document to Markdown · a part · this computer · {LOCAL:%H:%M:%S} (incomplete)"
    )


def test_everything_that_is_known_stands_in_the_details() -> None:
    run = run_of(usage=Usage(903, 512), cost=Cost(0.0021, "CNY"))
    assert run_details(run, "My server").splitlines() == [
        "Engine: My server",
        "Model: some/model",
        "Host: ocr.example",
        "Preset: Document to Markdown",
        f"Started: {LOCAL:%Y-%m-%d %H:%M:%S}",
        "Time: 6.2 s",
        "Tokens: 903 for picture and prompt, 512 for the answer",
        "Cost: 0.0021 CNY",
        "End: complete",
    ]


def test_what_is_not_known_is_left_out() -> None:
    names = [line.partition(":")[0] for line in run_details(run_of(None), "This computer").splitlines()]
    assert names == ["Engine", "Host", "Preset", "Started", "Time", "End"]


@pytest.mark.parametrize(
    ("amount", "text"),
    [(0, "free"), (1.5, "1.50 CNY"), (0.25, "0.25 CNY"), (0.0021, "0.0021 CNY"), (0.00004, "0.000040 CNY")],
)
def test_a_cost_keeps_the_figures_that_say_something(amount: float, text: str) -> None:
    assert cost_text(Cost(amount, "CNY")) == text


@given(st.floats(1e-6, 1000))
def test_no_cost_is_told_as_nothing(amount: float) -> None:
    told = float(cost_text(Cost(amount, "USD")).removesuffix(" USD").replace(",", ""))
    assert abs(told - amount) <= 0.06 * amount + 0.005
    assert told > 0
