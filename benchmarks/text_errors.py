"""How far a text is from the true one: characters, words, order. Pure functions; distances by rapidfuzz."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz
from rapidfuzz.distance import Levenshtein

GRAM = 3
SAME_LINE = 75.0
"""From this likeness on, 0-100, a line counts as found."""
CLEARLY = 8.0
"""A line is where it is this much more alike than anywhere else."""
SHORTEST_LINE = 4
"""Shorter lines stand everywhere by accident: they tell nothing of order."""

_BULLET = re.compile(r"^[ \t]*[•●○◦▪‣·*–—-][ \t]+", re.MULTILINE)
_LEADER = re.compile(r"(?:[.·…‥・][ \t]?){3,}")
_CHINESE = "\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\u3000-\u303f"
_BESIDE_CHINESE = re.compile(rf"(?<=[{_CHINESE}])\s+|\s+(?=[{_CHINESE}])")
_WORD = re.compile(rf"[{_CHINESE}]|[^\W_]+(?:[.,'’][^\W_]+)*")
_ALIKE = str.maketrans("‘’“”′″–—−‐‑，。：；！？（）", "''\"\"'\"-----,.:;!?()")


def normalised(text: str) -> str:
    """The text as it is compared.

    Compatibility forms are one (NFKC), so are kinds of dashes and quotation marks; white space is folded, and gone
    beside Chinese characters; bullets and the dots that lead to a page number are gone; case is kept.
    """
    bare = _LEADER.sub(" ", _BULLET.sub("", text))
    folded = unicodedata.normalize("NFKC", bare).translate(_ALIKE)
    return _BESIDE_CHINESE.sub("", " ".join(folded.split()))


def words(text: str) -> list[str]:
    """Its words; of Chinese its characters."""
    return _WORD.findall(normalised(text))


def character_error(truth: str, found: str) -> float:
    """Insertions, deletions and replacements by which `found` becomes the truth, as a share of the truth's length.

    Order counts: a paragraph in the wrong place is twice its length. 0 for two empty texts, never above 1.
    """
    true, other = normalised(truth), normalised(found)
    longer = max(len(true), len(other))
    return min(1.0, Levenshtein.distance(true, other) / max(len(true), 1)) if longer else 0.0


def order_free_error(truth: str, found: str) -> float:
    """The share of characters that are wrong wherever they stand, by runs of three characters: 0 the same, 1 nothing.

    What is missing counts, and so does what was added.
    """
    true, other = _grams(truth), _grams(found)
    longer = max(true.total(), other.total())
    return 1.0 - (true & other).total() / longer if longer else 0.0


def word_recall(truth: str, found: str) -> float:
    """The share of the truth's words that were found, each as often as it stands there; 1 where there are none."""
    true, other = Counter(words(truth)), Counter(words(found))
    return (true & other).total() / true.total() if true else 1.0


@dataclass(frozen=True, slots=True)
class Order:
    """How many pairs of lines could be compared, and how many of them stand in the right order."""

    pairs: int
    right: int

    @property
    def share(self) -> float:
        return self.right / self.pairs if self.pairs else 1.0


def line_order(lines: Sequence[str], found: str) -> Order:
    """Whether, of each two lines, the first of the truth stands first in what was found.

    Lines that stand twice in the truth, or are nowhere to be found, are left out: others count them.
    """
    text = normalised(found)
    comparable = [normalised(line) for line in lines]
    places = [place for line in _unlike(comparable) if (place := _place(line, text)) is not None]
    pairs = len(places) * (len(places) - 1) // 2
    wrong = sum(later < earlier for at, earlier in enumerate(places) for later in places[at + 1 :])
    return Order(pairs, pairs - wrong)


def _unlike(lines: Sequence[str]) -> Iterable[str]:
    """Those that no other line holds."""
    for number, line in enumerate(lines):
        others = (other for at, other in enumerate(lines) if at != number)
        if len(line) >= SHORTEST_LINE and not any(line in other for other in others):
            yield line


def _place(line: str, text: str) -> float | None:
    """Where the line is in the text; None where it is not, or could be in two places."""
    # Where lines are joined, a hyphen at the line's end is gone.
    for whole in (line, line.removesuffix("-")):
        at = text.find(whole)
        if at >= 0:
            return None if text.find(whole, at + 1) >= 0 else at + len(whole) / 2
    if len(line) > len(text):
        return None
    best = fuzz.partial_ratio_alignment(line, text, score_cutoff=SAME_LINE)
    if best is None:
        return None
    rest = text[: best.dest_start] + "\0" * (best.dest_end - best.dest_start) + text[best.dest_end :]
    if fuzz.partial_ratio(line, rest) > best.score - CLEARLY:
        return None
    return (best.dest_start + best.dest_end) / 2


def _grams(text: str) -> Counter[str]:
    plain = normalised(text).replace(" ", "")
    return Counter(plain[at : at + GRAM] for at in range(max(len(plain) - GRAM + 1, min(len(plain), 1))))
