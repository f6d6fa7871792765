"""What each reader made of a page, as figures, and the tables of them."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from benchmarks.embedded_pages import Known
from benchmarks.embedded_readers import Read
from benchmarks.page_assertions import holds
from benchmarks.structure_scores import StructureScore, Tally, score_structure, structure_of
from benchmarks.text_errors import Order, character_error, line_order, order_free_error, word_recall

READERS = ("program", "free", "Tesseract", "RapidOCR")
NOTHING = "–"


@dataclass(frozen=True, slots=True)
class TextScore:
    """How the words came out; None where the truth does not say."""

    error: float | None
    free_error: float | None
    recall: float
    order: Order | None


@dataclass(slots=True)
class PageScore:
    """All figures of one page: the words by reader; structure and assertions of the program alone."""

    name: str
    kind: str
    texts: dict[str, TextScore] = field(default_factory=dict)
    structure: StructureScore | None = None
    assertions: Tally = field(default_factory=Tally)


def score_text(known: Known, found: str) -> TextScore | None:
    """How a text compares with what is known; None where no words are known."""
    if known.text is None:
        return None if known.words is None else TextScore(None, None, word_recall(known.words, found), None)
    return TextScore(
        character_error(known.text, found),
        order_free_error(known.text, found),
        word_recall(known.text, found),
        line_order(known.lines, found),
    )


def score_page(name: str, kind: str, known: Known, reads: Mapping[str, Sequence[Read]]) -> PageScore:
    """The figures of a page, from what each reader read of it; of a file's pages one after the other."""
    score = PageScore(name, kind)
    bodies = {reader: "\n\n".join(read.body for read in each) for reader, each in reads.items()}
    for reader, each in reads.items():
        text = bodies[reader] if known.is_body else "\n\n".join(read.text for read in each)
        of_text = score_text(known, text)
        if of_text is not None:
            score.texts[reader] = of_text
    found = structure_of("\n\n".join(read.markdown for read in reads["program"]))
    if known.structure is not None:
        score.structure = score_structure(known.structure, found)
    results = [holds(assertion, bodies["program"], found) for assertion in known.assertions]
    checked = [result for result in results if result is not None]
    score.assertions = Tally(sum(checked), len(checked), len(checked))
    return score


def text_rows(scores: Sequence[PageScore]) -> list[list[str]]:
    """A row for each kind and one for all: means over pages; line pairs are added up."""
    shown = [reader for reader in READERS if any(reader in score.texts for score in scores)]
    heads = ["kind"]
    for figure in ("error", "order-free", "recall", "line pairs"):
        heads += [f"{figure}: {reader}" for reader in shown]
    return [heads, *(_text_row(name, each, shown) for name, each in _by_kind(scores))]


def structure_rows(scores: Sequence[PageScore]) -> list[list[str]]:
    """A row for each kind that has structure."""
    heads = ["kind", "cells exact F1", "cells F1", "cells P", "cells R", "headings P", "headings R", "levels"]
    heads += ["items P", "items R", "depths", "code P", "code R", "assertions"]
    return [heads, *(_structure_row(name, each) for name, each in _by_kind(scores))]


def _by_kind(scores: Sequence[PageScore]) -> Iterable[tuple[str, list[PageScore]]]:
    for kind in dict.fromkeys(score.kind for score in scores):
        yield kind, [score for score in scores if score.kind == kind]
    yield "**all**", list(scores)


def _text_row(name: str, scores: Sequence[PageScore], readers: Sequence[str]) -> list[str]:
    row = [name]
    figures: list[Callable[[TextScore], float | None]] = [
        lambda text: text.error,
        lambda text: text.free_error,
        lambda text: text.recall,
    ]
    for figure in figures:
        for reader in readers:
            values = [figure(score.texts[reader]) for score in scores if reader in score.texts]
            known = [value for value in values if value is not None]
            row.append(f"{statistics.fmean(known):.3f}" if known else NOTHING)
    for reader in readers:
        orders = [score.texts[reader].order for score in scores if reader in score.texts]
        pairs = sum(order.pairs for order in orders if order is not None)
        right = sum(order.right for order in orders if order is not None)
        row.append(f"{right / pairs:.3f}" if pairs else NOTHING)
    return row


def _structure_row(name: str, scores: Sequence[PageScore]) -> list[str]:
    total = StructureScore()
    for score in scores:
        if score.structure is not None:
            total += score.structure
    said = sum((score.assertions for score in scores), Tally())
    return [
        name,
        _f1(total.exact_cells),
        _f1(total.cells),
        *_both(total.cells),
        *_both(total.headings),
        _share(total.levels),
        *_both(total.items),
        _share(total.depths),
        *_both(total.code),
        f"{said.right:.0f}/{said.true}" if said.true else NOTHING,
    ]


def _f1(tally: Tally) -> str:
    return f"{tally.f1:.3f}" if tally.true else (f"invented {tally.found}" if tally.found else NOTHING)


def _both(tally: Tally) -> tuple[str, str]:
    """Precision, then recall; where there is nothing to be found, how much was invented."""
    if not tally.true:
        return (f"invented {tally.found}" if tally.found else NOTHING, NOTHING)
    return (f"{tally.precision:.2f}" if tally.found else NOTHING, f"{tally.recall:.2f}")


def _share(tally: Tally) -> str:
    return f"{tally.recall:.2f}" if tally.true else NOTHING


def as_markdown(title: str, rows: Sequence[Sequence[str]]) -> str:
    """A table with pipes under its title."""
    head, *body = rows
    lines = [f"### {title}", "", _piped(head), _piped(["---"] * len(head)), *(_piped(row) for row in body), ""]
    return "\n".join(lines)


def _piped(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"
