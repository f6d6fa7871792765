"""One line's picture becomes its words, where each character stands, and how thick its strokes are."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ocr_desktop.worker.pieces import Picture

LINE_HEIGHT = 48
"""The engine sees every line so high, in pixels."""
LEAST_WIDTH = 96
STEP = 8
"""Pixels of a line's picture, as the engine sees it, for each of its steps."""
STEP_BEHIND = 0.25
"""A character is seen so many steps behind its middle, on average."""
NO_CHARACTER = 0
LEAST_CONTRAST = 24
"""Between ink and ground, of 255; less is no ink."""
INK_SHARE = 0.02
"""At least so much of a line's picture is ink."""
RULE_LENGTH = 3 * LINE_HEIGHT
"""Ink that runs so far without a gap is a rule's, not a letter's."""
FAINT = 0.2
WITHOUT_GAP = 0.99
UNSEEN_SPACE = 0.8
"""A gap of so many line heights is a space, though the engine does not always see one."""
LEAST_SPACE = 0.2
"""The same where a line was cut and the engine sees neither side's neighbour."""
WRITTEN_WITHOUT_SPACES = "\u2e80"
"""The first of the characters, Chinese and Japanese, that have no spaces between them."""
MOST_WIDTH = 3200
"""A line's picture that is longer is read in parts."""
CUT_SEARCH = 0.3
"""The part of a part, at its end, in which the widest gap is looked for."""
ROOM = 0.4
"""What a line's picture needs above and below its ink, of the ink's height."""
LOOSE = 2.0
"""A line's picture that is no more than so many times higher than its ink is read as it is."""
LEAST_STROKES = 4
"""Letters are so many times higher than their strokes are thick; dashes and dots are not, and keep their size."""

Ink = NDArray[np.float32]
"""A line's picture, rows × columns: 1 is ink, 0 its ground."""


class ReadLine(NamedTuple):
    """What one line's picture says; `edges` and `stroke` as in `core.events.LineFound`."""

    text: str
    score: float
    edges: tuple[float, ...]
    stroke: float | None


class _Seen(NamedTuple):
    """Characters in a row, spaces too, the middle of each in columns of the line's picture, and how sure each is."""

    characters: list[str]
    middles: list[float]
    scores: NDArray[np.float32]


class LineRecognition:
    """The engine's recognition with its own steps read out, which tell where characters stand."""

    def __init__(self, engine: Any) -> None:
        # It loads its parts when they are used first.
        engine.recognize_txt([np.full((LINE_HEIGHT, LEAST_WIDTH, 3), 255, np.uint8)])
        self._run = engine.text_rec.session
        self._alphabet: list[str] = engine.text_rec.postprocess_op.character

    def read(self, picture: Picture) -> ReadLine:
        """Read a line whose text runs from left to right; without words its text is empty."""
        scaled = _scaled(picture)
        ink = ink_of(scaled)
        seen = self._seen(scaled) if scaled.shape[1] <= MOST_WIDTH else self._seen_in_parts(scaled, ink)
        if not "".join(seen.characters).strip():
            return ReadLine("", 0.0, (), None)
        text, edges = _placed(seen, ink)
        return ReadLine(text, min(float(seen.scores.mean()), 1.0), edges, stroke_of(ink))

    def _seen_in_parts(self, scaled: Picture, ink: Ink) -> _Seen:
        """A line so long that its time and memory would grow with the square of its length."""
        whole = _Seen([], [], np.zeros(0, np.float32))
        for start, end, is_space in _parts(ink):
            part = self._seen(np.ascontiguousarray(scaled[:, start:end]))
            neighbours = whole.characters[-1:] + part.characters[:1]
            is_between_words = is_space and len(neighbours) == 2 and max(neighbours) < WRITTEN_WITHOUT_SPACES
            space = [" "] if is_between_words else []
            whole = _Seen(
                whole.characters + space + part.characters,
                whole.middles + [float(start)] * len(space) + [start + middle for middle in part.middles],
                np.concatenate((whole.scores, part.scores)),
            )
        return whole

    def _seen(self, scaled: Picture) -> _Seen:
        width = scaled.shape[1]
        batch = np.zeros((1, 3, LINE_HEIGHT, max(width, LEAST_WIDTH)), np.float32)
        batch[0, :, :, :width] = scaled.transpose(2, 0, 1)
        batch[0, :, :, :width] /= 127.5
        batch[0, :, :, :width] -= 1
        steps = self._run(batch)[0]
        best = steps.argmax(axis=1)
        is_new = (best != NO_CHARACTER) & (best != np.concatenate(([NO_CHARACTER], best[:-1])))
        places = np.flatnonzero(is_new)
        characters = [self._alphabet[index] for index in best[places]]
        middles = np.clip((places + 0.5 - STEP_BEHIND) * STEP, 0, width)
        return _Seen(characters, middles.tolist(), steps[places, best[places]])


def _scaled(picture: Picture) -> Picture:
    import cv2

    height, width = picture.shape[:2]
    size = (max(math.ceil(LINE_HEIGHT * width / height), 1), LINE_HEIGHT)
    kind = cv2.INTER_AREA if height > 2 * LINE_HEIGHT else cv2.INTER_LINEAR
    scaled: Picture = np.asarray(cv2.resize(picture, size, interpolation=kind), np.uint8)
    return scaled


def ink_of(picture: Picture) -> Ink:
    """What of a line's picture is ink, dark or light; nothing where it has one colour only."""
    import cv2

    grey = cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY)
    shares = np.bincount(grey.ravel(), minlength=256).cumsum() / grey.size
    low, ground, high = (int(np.searchsorted(shares, share)) for share in (INK_SHARE, 0.5, 1 - INK_SHARE))
    colour = low if ground - low >= high - ground else high
    if abs(colour - ground) < LEAST_CONTRAST:
        return np.zeros(grey.shape, np.float32)
    # Noise of the ground and within the ink is cut off on both sides alike, so that strokes keep their thickness.
    levels = np.clip((np.arange(256) - ground) / (colour - ground) * 1.6 - 0.3, 0, 1).astype(np.float32)
    ink: Ink = levels[grey]
    unbroken = cv2.blur((ink > FAINT).astype(np.float32), (min(RULE_LENGTH, ink.shape[1]), 1))
    ink[unbroken.max(axis=1) > WITHOUT_GAP] = 0
    return ink


def text_rows(picture: Picture) -> tuple[int, int]:
    """The rows of a line's picture, from and to, in which its text stands with some room; all where no letters are."""
    height = picture.shape[0]
    ink = ink_of(picture)
    bounds = np.flatnonzero(np.diff(np.pad(ink.max(axis=1) > FAINT, 1).astype(np.int8)))
    stretches = [(int(start), int(end)) for start, end in zip(bounds[::2], bounds[1::2], strict=True)]
    within = [(start, end) for start, end in stretches if start > 0 and end < height]
    if not within or max(stretches, key=_length) not in within:
        return 0, height
    # What comes in over an edge belongs to a line above or below.
    top, bottom = within[0][0], within[-1][1]
    is_loose = height > LOOSE * (bottom - top)
    if not is_loose or LEAST_STROKES * (stroke_of(ink[top:bottom]) or 1) > 1:
        return 0, height
    room = math.ceil(ROOM * (bottom - top))
    return max(top - room, 0), min(bottom + room, height)


def _length(stretch: tuple[int, int]) -> int:
    return stretch[1] - stretch[0]


def stroke_of(ink: Ink) -> float | None:
    """The usual thickness of strokes, as a part of the picture's height; None where there is no ink.

    A stroke has two edges: its area over half the length of its edges is its thickness, whatever its form. The edges
    of soft ink are its changes, so blurred ones count alike.
    """
    import cv2

    padded = np.pad(ink, 1)
    across, down = np.diff(padded, axis=1)[:-1], np.diff(padded, axis=0)[:, :-1]
    edges = float(cv2.magnitude(across, down).sum())
    return round(2 * float(ink.sum()) / edges / ink.shape[0], 4) if edges else None


def _parts(ink: Ink) -> Iterator[tuple[int, int, bool]]:
    """Where a long line is cut, at the widest gaps: starts and ends, and whether a space stands before each."""
    width = ink.shape[1]
    columns = np.flatnonzero(ink.max(axis=0) > 0.5)
    start, is_space = 0, False
    while width - start > MOST_WIDTH:
        low, high = start + round(MOST_WIDTH * (1 - CUT_SEARCH)), start + MOST_WIDTH
        gap_start, gap_end = _gap(columns, low, high)
        end = round((gap_start + gap_end) / 2)
        yield start, end, is_space
        start, is_space = end, gap_end - gap_start >= LEAST_SPACE * LINE_HEIGHT
    yield start, width, is_space


def _placed(seen: _Seen, ink: Ink) -> tuple[str, tuple[float, ...]]:
    """The words without spaces at their ends, and the edges of their characters, 0–1 of the line's length."""
    width = ink.shape[1]
    columns = np.flatnonzero(ink.max(axis=0) > 0.5)
    visible = [index for index, character in enumerate(seen.characters) if not character.isspace()]
    middles = [seen.middles[index] for index in visible]
    text, edges = [seen.characters[visible[0]]], [_first_edge(columns, middles)]
    for before, after in itertools.pairwise(visible):
        start, end = _gap(columns, seen.middles[before], seen.middles[after])
        spaces = seen.characters[before + 1 : after]
        if not spaces and end - start >= UNSEEN_SPACE * LINE_HEIGHT:
            spaces = [" "]
        text += [*spaces, seen.characters[after]]
        edges += np.linspace(start, end, len(spaces) + 1).tolist() if spaces else [(start + end) / 2]
    edges.append(width - _first_edge((width - columns)[::-1], [width - middle for middle in middles[::-1]]))
    parts = np.maximum.accumulate(np.clip(np.array(edges) / width, 0, 1))
    return "".join(text), tuple(round(float(part), 4) for part in parts)


def _gap(columns: NDArray[np.intp], start: float, end: float) -> tuple[float, float]:
    """The widest stretch without ink between the middles of two characters, else the point half-way."""
    between = columns[np.searchsorted(columns, start) : np.searchsorted(columns, end)]
    ends = np.concatenate(([start], between + 0.5, [end]))
    lengths = np.diff(ends)
    widest = int(np.argmax(lengths))
    if lengths[widest] <= 1.0:
        return (start + end) / 2, (start + end) / 2
    return float(ends[widest]), float(ends[widest + 1])


def _first_edge(columns: NDArray[np.intp], middles: list[float]) -> float:
    """Where the first character begins: at the first ink, as far as that can be its own."""
    reach = middles[1] - middles[0] if len(middles) > 1 else LINE_HEIGHT
    own = columns[np.searchsorted(columns, middles[0] - reach) :]
    return float(min(own[0], middles[0])) if len(own) else middles[0]
