"""The marks before the items of a list: bullets, numbers and letters of several scripts, boxes that are ticked."""

from __future__ import annotations

import re
from dataclasses import dataclass

_BULLETS = "•·▪◦●○■◆◇►▶‣∙"
_MARK = re.compile(
    rf"""
    (?P<bullet>[{_BULLETS}])\s*
    | (?P<dash>[-–*+])\s+
    | (?P<slip>[.oe0°。])\s+(?=[^\W\d])
    | (?P<box>[□☐☑☒✓✔])\s*
    | (?P<open>[(（\[]?)(?:
        (?P<decimal>\d{{1,4}}) | (?P<roman>[ivx]{{2,5}}|[IVX]{{2,5}}) | (?P<letter>[a-zA-Z])
        | (?P<cjk>[一二三四五六七八九十]{{1,3}})
      )(?P<close>[)）\]、]|[.．](?!\d))\s*
    | (?P<circled>[①-⑳])\s*
    """,
    re.VERBOSE,
)
_CJK_DIGITS = "一二三四五六七八九"
_ROMAN = {"i": 1, "v": 5, "x": 10}


@dataclass(frozen=True, slots=True)
class Mark:
    """What stands before an item.

    Attributes:
        kind: What sort of mark; marks of one list have the same.
        number: Which one it is where they count.
        text: As it stands there.
    """

    kind: str
    number: int | None
    text: str

    @property
    def is_bullet(self) -> bool:
        return self.kind in ("bullet", "dash", "slip")

    @property
    def is_in_markdown(self) -> bool:
        return self.is_bullet or self.kind in ("decimal.", "decimal)")


BARE = Mark("bullet", None, "")
"""A bullet that was not read."""


def mark_of(words: str) -> Mark | None:
    """The mark that these words begin with, where words follow it."""
    found = _MARK.match(words)
    if found is None or found.end() == len(words):
        return None
    for name in ("bullet", "dash", "slip", "box"):
        if found[name]:
            return Mark(name, None, found[0])
    if found["circled"]:
        return Mark("circled", ord(found["circled"]) - ord("①") + 1, found[0])
    return _counting_mark(found)


def _counting_mark(found: re.Match[str]) -> Mark | None:
    is_enclosed = bool(found["open"])
    close = {"．": ".", "）": ")"}.get(found["close"], found["close"])
    if is_enclosed and close not in ")]":
        return None
    for name, number_of in (
        ("decimal", int),
        ("cjk", _cjk_number),
        ("roman", _roman_number),
        ("letter", _letter_number),
    ):
        if found[name]:
            is_spaced = found[0][-1].isspace() or close in "、)]" or not found[name].isalpha() or name == "cjk"
            enclosed = "enclosed " if is_enclosed else ""
            return Mark(f"{enclosed}{name}{close}", number_of(found[name]), found[0]) if is_spaced else None
    return None


def _letter_number(letter: str) -> int:
    return ord(letter.lower()) - ord("a") + 1


def _roman_number(letters: str) -> int:
    values = [_ROMAN[letter] for letter in letters.lower()]
    return sum(-value if value < max(values[at:]) else value for at, value in enumerate(values))


def _cjk_number(digits: str) -> int:
    tens, ten, ones = digits.partition("十")
    value = _CJK_DIGITS.find(ones[:1]) + 1 if ones else 0
    if not ten:
        return _CJK_DIGITS.find(digits[:1]) + 1
    return 10 * (_CJK_DIGITS.find(tens[:1]) + 1 if tens else 1) + value
