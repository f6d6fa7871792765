"""Saved answers read without an engine: what a person gets of them, short enough to be written down by hand."""

from __future__ import annotations

import itertools
import re
from datetime import UTC, datetime
from typing import NamedTuple

from ocr_desktop.core.builder import RunBuilder
from ocr_desktop.core.document import Finish, Flag, Region, Run
from ocr_desktop.core.events import TextDelta
from ocr_desktop.core.geometry import Size, View
from ocr_desktop.core.presets import PresetId, prompt_for
from ocr_desktop.core.references import TAGS, is_cut_tag
from ocr_desktop.core.updates import LiveRun

PAGE = Size(999, 999)
HTML_TAGS = re.compile(r"</?(?:center|table|tr|td)>")
BOX_LISTS = re.compile(r"[\[({][-\d., \[\](){}]*")


class Seen(NamedTuple):
    """What of a region is written down in a test: its boxes in the model's own numbers."""

    label: str
    text: str
    boxes: list[tuple[float, float, float, float]]
    flags: set[Flag]


def seen(region: Region) -> Seen:
    boxes = [(box.x_min, box.y_min, box.x_max, box.y_max) for box in region.boxes_999]
    return Seen(region.label, region.text, boxes, set(region.flags))


def cut(answer: str, marks: list[int]) -> list[str]:
    """The answer in pieces, cut at these places (modulo its length)."""
    edges = sorted({0, len(answer), *(mark % (len(answer) + 1) for mark in marks)})
    return [answer[a:b] for a, b in itertools.pairwise(edges)]


def run_of(
    preset: PresetId,
    *answers: list[str],
    finish: Finish | None = None,
    kept: int | None = None,
    deaf_to: frozenset[int] = frozenset(),
) -> Run:
    """The run of answers that came in these pieces.

    A listener who misses the updates after the pieces with these numbers has to hold the same in the end. `finish`
    and `kept` are those of the last answer.
    """
    builder = RunBuilder("run", preset, PAGE, View())
    live = LiveRun()
    number = 0
    for index, pieces in enumerate(answers):
        builder.begin_answer(prompt_for(preset))
        for piece in pieces:
            builder.feed(TextDelta(piece))
            number += 1
            if number not in deaf_to and (update := builder.update()) is not None:
                live.apply(update)
        is_last = index == len(answers) - 1
        builder.end_answer(finish if is_last else None, kept=kept if is_last else None)
    if (update := builder.update()) is not None:
        live.apply(update)
    assert builder.update() is None
    run = builder.build(engine="test", model=None, host=None, started=datetime(2026, 1, 1, tzinfo=UTC), seconds=1.0)
    assert live.regions == run.regions
    assert live.raw == run.raw
    return run


def regions_of(preset: PresetId, answer: str) -> list[Seen]:
    """The regions of an answer, which are the same when it comes letter by letter."""
    run = run_of(preset, [answer])
    assert run_of(preset, list(answer)) == run
    return [seen(region) for region in run.regions]


def words_of(answer: str) -> list[str]:
    """The words of a raw answer: without tags, without one that its end cuts, and without lists of boxes."""
    mark = answer.rfind("<")
    if mark >= 0 and is_cut_tag(answer[mark:]):
        answer = answer[:mark]
    for tag in TAGS:
        answer = answer.replace(tag, " ")
    return re.findall(r"[^\W\d_]{2,}", BOX_LISTS.sub(" ", HTML_TAGS.sub(" ", answer)))
