"""What has the form of an HTML tag and is none: a type parameter, a comparison, the mark that ends a sentence."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from ocr_desktop.core.markdown_parts import Part, PartKind

if TYPE_CHECKING:
    from collections.abc import Sequence

_ONE_LETTER = re.compile(r"<(/?)([a-z])\b", re.IGNORECASE)
_ENDS_IN_WORD = re.compile(r"[^\W_]$")
PARAGRAPH = "p"
"""It may end without beginning, and begin without ending."""


def with_stray_tags_as_words(parts: Sequence[Part]) -> list[Part]:
    """The parts, those tags of one letter made words that surely are none.

    These are the ones that stand right behind a word and are never closed (`List<S>`), and those that close what was
    never open (`</s>`).
    """
    opened: dict[str, list[int]] = {}
    strays: set[int] = set()
    glued: set[int] = set()
    for index, part in enumerate(parts):
        tag = _ONE_LETTER.match(part.text) if part.kind is PartKind.TAG else None
        if tag is None:
            continue
        name = tag[2].lower()
        if not tag[1]:
            opened.setdefault(name, []).append(index)
            if index and _ENDS_IN_WORD.search(parts[index - 1].text[-1:]) is not None:
                glued.add(index)
        elif opened.get(name):
            opened[name].pop()
        elif name != PARAGRAPH:
            strays.add(index)
    strays |= {index for indices in opened.values() for index in indices if index in glued}
    return [replace(part, kind=PartKind.WORDS) if index in strays else part for index, part in enumerate(parts)]
