"""What the words of a line say about whether it is a heading: numbers, usual names, names of persons, capitals."""

from __future__ import annotations

import re

from ocr_desktop.core.structure.text_lines import CJK

LONG_WORD = 4
"""Shorter ones have no capitals in titles."""

_NUMBERED = re.compile(
    r"""
    (?:§\s*)?(?P<digits>\d{1,2}(?:\.\d{1,2}){0,4})(?P<stop>[.．、]?)\s*(?P<behind>[^\W\d_]|["“(（《「])
    | (?P<chapter>(?i:chapter|section|part|appendix|kapitel|abschnitt|teil|chapitre|partie|cap[ií]tulo)\s+
        (?:\d+|[A-Z]|[IVX]+)\b)
    | (?P<cjk>第[一二三四五六七八九十百\d]{1,4}[章节節篇部条條] | [一二三四五六七八九十]{1,3}、)
    | (?P<cjk_second>[(（][一二三四五六七八九十]{1,3}[)）])
    | (?P<roman>[IVX]{1,5}\.\s+[A-Z])
    """,
    re.VERBOSE,
)
_USUAL_NAMES = re.compile(
    r"(?:abstract|introduction|background|methods?|materials and methods|results|discussion|conclusions?|references|"
    r"bibliography|acknowledge?ments?|appendix|contents|table of contents|summary|keywords|preface|index|"
    r"zusammenfassung|einleitung|literatur|inhalt|résumé|sommaire|摘要|引言|目录|目錄|前言|结论|參考文獻|参考文献|致谢|附录|概述)"
    r"\s*[:：]?",
    re.IGNORECASE,
)
_HOUSE = re.compile(r"\d{1,4}[a-zA-Z]?\s[^\W\d_][^,]*,\s")
"""How an address begins, which looks like a heading with a number."""
_NAMES = re.compile(r"(?:[^\W\d_a-z][\w.'’-]*[\d¹²³*†‡§,]*|and|und|et|y|&|van|von|de|der|den|la|di)(?:\s+(?=\S)|\Z)")
_MARK_OF_NAME = re.compile(r"[^\W\d_][\d¹²³*†‡§]|(?:^|\s)[A-Z]\.\s.*(?:,|and|und|et|y|&)\s")
"""A raised number behind a name, which tells where the author works, or initials of several."""
_RUNNING_HEAD = re.compile(r"\d{2,4}\s+[^\W\d_].*|.*[^\W\d_]\s+\d{1,4}")
"""What stands above a page's text, with its number."""
_DIGITS = re.compile(r"\d+")
_INNER_STOP = re.compile(r"[，。；;？！]|[.?!]\s+[A-Z]|,\s")
"""Stops inside a sentence; headings have few."""
_LETTER = re.compile(r"[^\W\d_]")
_NO_HEADING = re.compile(
    r"[=∑∫√≤≥±×÷∂∇≈]|^[(（\[](?![一二三四五六七八九十])|^(?:listing|algorithm|figure|table)\s*\d", re.IGNORECASE
)
"""Formulas, remarks in brackets, the names of listings."""
_ADDRESS = re.compile(r"\w@\w|https?:|www\.", re.IGNORECASE)
_ENTRY_OF_CONTENTS = re.compile(r"[.…·]{2,}\s*\w{0,6}\s*\Z|[.…·]\s+\d{1,4}\s*\Z")


def is_named(words: str) -> bool:
    """Whether a number or a name that headings have makes it one."""
    return depth_of(words) is not None or has_usual_name(words)


def number_form(words: str) -> tuple[int | None, bool, int]:
    """How deep a number is, whether it has digits, and how many stops are in the words behind it."""
    return depth_of(words), words[0].isdecimal(), inner_stops(words)


def are_names(words: str) -> bool:
    """Whether these are the names of authors, as they stand below a title."""
    return _MARK_OF_NAME.search(words) is not None and are_all_names(words)


def letters_in(words: str) -> int:
    return sum(2 if CJK.match(letter) else 1 for letter in _LETTER.findall(words))


def is_in_capitals(words: str) -> bool:
    letters = _LETTER.findall(words)
    return len(letters) >= 4 and words.upper() == words and words.lower() != words


def is_in_title_case(words: str) -> bool:
    long_words = [word for word in words.split() if len(word) >= LONG_WORD]
    return len(long_words) > 1 and all(word[0].isupper() for word in long_words)


def depth_of(words: str) -> int | None:
    """How deep the heading's number says that it is nested, from 1; None where it has none."""
    found = _NUMBERED.match(words)
    if found is None:
        return None
    if found["digits"]:
        behind = found["behind"]
        return found["digits"].count(".") + 1 if not behind.islower() else None
    return 2 if found["cjk_second"] else 1


def number_in(words: str) -> str | None:
    """The number that these words begin with, as it is written."""
    found = _NUMBERED.match(words)
    return None if found is None else found["digits"] or found[0]


def has_usual_name(words: str) -> bool:
    return _USUAL_NAMES.fullmatch(words) is not None


def begins_address(words: str) -> bool:
    return _HOUSE.match(words) is not None


def are_all_names(words: str) -> bool:
    """Whether each word may be part of a name: it has a capital, or stands between such words."""
    return not _NAMES.sub("", words)


def are_persons(words: str) -> bool:
    """Whether these are two names at least, of a person or of several."""
    return " " in words and are_all_names(words)


def is_running_head(words: str) -> bool:
    return is_in_capitals(words) and _RUNNING_HEAD.fullmatch(words) is not None


def inner_stops(words: str) -> int:
    return len(_INNER_STOP.findall(words))


def without_numbers(words: str) -> str | None:
    """The words with 0 for each number; None where there is none."""
    pattern, count = _DIGITS.subn("0", words)
    return pattern if count else None


def are_mostly_letters(words: str) -> bool:
    return len(_LETTER.findall(words)) * 2 >= len(words.replace(" ", ""))


def head_nothing(words: str) -> bool:
    """Whether they are a formula, a remark, an address, an entry of a table of contents."""
    return any(pattern.search(words) is not None for pattern in (_NO_HEADING, _ADDRESS, _ENTRY_OF_CONTENTS))
