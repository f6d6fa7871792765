"""What the locate panel says: how many were found, what asking costs, and why nothing was found."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from ocr_desktop.core.finding import TERM_SEPARATOR, Miss
from ocr_desktop.gui.locating.layer import Phase

if TYPE_CHECKING:
    from ocr_desktop.core.finding import Missed
    from ocr_desktop.engines.base import EngineDescription
    from ocr_desktop.gui.locating.layer import EngineGroup, Layer

LONGEST_ANSWER = 120
"""Characters of an answer that are quoted."""
PLACEHOLDER = re.compile(r"%[12]")


def engine_title(name: str | None) -> str:
    """The engine that was asked; None is the embedded one."""
    return QCoreApplication.translate("Locating", "This computer") if name is None else name


def text_count(layer: Layer) -> str:
    if not layer.has_text:
        return QCoreApplication.translate("Locating", "No text was read yet")
    text = QCoreApplication.translate("Locating", "Found in the text: %1")
    return text.replace("%1", str(len(layer.found)))


def engine_count(group: EngineGroup) -> str:
    """The engine's name and how many it found so far; empty while it was not asked."""
    if group.asked is None or group.phase is Phase.NOT_ASKED:
        return ""
    text = f"{engine_title(group.asked.engine)}: {len(group.hits)}"
    return f"{text}…" if group.phase is Phase.ASKING else text


def position(current: int | None, count: int) -> str:
    """Which hit of how many is the current one, counted from 0; without one, how many there are."""
    if count == 0:
        return ""
    if current is not None:
        text = QCoreApplication.translate("Locating", "%1 of %2")
        return text.replace("%2", str(count)).replace("%1", str(current + 1))
    if count == 1:
        return QCoreApplication.translate("Locating", "1 hit")
    return QCoreApplication.translate("Locating", "%1 hits").replace("%1", str(count))


def facts_of(layer: Layer, number: int) -> str:
    """What tells a hit from others beside its words: which of several terms it holds; who found it, and where."""
    hit = layer.hit(number)
    terms = TERM_SEPARATOR.join(hit.terms) if len(layer.terms) > 1 else ""
    if hit.is_in_text or hit.box is None or layer.engine.asked is None:
        return terms
    box = hit.box
    place = f"{box.x_min:.0f}, {box.y_min:.0f}   {box.width:.0f} × {box.height:.0f}"
    return f"{engine_title(layer.engine.asked.engine)}   {place}"


def ask_text(engine: EngineDescription, count: int) -> str:
    """The words on the button that asks the engine for so many terms."""
    if engine.host is None:
        return QCoreApplication.translate("Locating", "Find on the picture")
    if count == 1:
        return QCoreApplication.translate("Locating", "Ask")
    return QCoreApplication.translate("Locating", "Ask (%1 requests)").replace("%1", str(count))


def ask_tooltip(engine: EngineDescription, prompts: tuple[str, ...]) -> str:
    """What the button does: where the picture goes, and with which words."""
    if engine.host is None:
        return QCoreApplication.translate("Locating", "Read the picture on this computer and find the text (Enter)")
    text = QCoreApplication.translate("Locating", "Send the picture to %1 with this (Enter):").replace(
        "%1", engine.host
    )
    return "\n".join((text, *prompts))


def note_of(layer: Layer) -> str:
    """What is to be said beyond the counts: why nothing was found, and what to do instead; mostly nothing."""
    translate = QCoreApplication.translate
    group = layer.engine
    if group.phase is Phase.NOT_ASKED:
        if not layer.has_text:
            return translate("Locating", "Press Enter to look on the picture itself, or read its text first.")
        if not layer.found:
            return translate("Locating", "Not in the text that was read. Press Enter to look on the picture itself.")
        return ""
    if group.phase is Phase.ASKING or not group.missed:
        return ""
    reasons = dict.fromkeys(each.why for each in group.missed)
    sentences = [_missed_text(why, [each for each in group.missed if each.why is why]) for why in reasons]
    if group.asked is not None and group.asked.engine is not None and not layer.found:
        sentences.append(translate("Locating", "The model finds things on photographs better than words on documents."))
        if not layer.has_text:
            sentences.append(translate("Locating", "For words, read the text first; it is searched while you type."))
    return " ".join(sentences)


def _missed_text(why: Miss, missed: list[Missed]) -> str:
    """One sentence for all terms that were not found for this reason."""
    translate = QCoreApplication.translate
    text = {
        Miss.NOT_IN_LINES: translate("Locating", "“%1” is in none of the lines that this computer can read here."),
        Miss.NO_ANSWER: translate(
            "Locating", "“%1” was not found: the answer is empty. Most likely it is not on the picture."
        ),
        Miss.NAMED_ONLY: translate(
            "Locating",
            "“%1” was named without a place: it is not on the picture, or the server takes the places out of answers.",
        ),
        Miss.BROKEN_PLACE: translate("Locating", "“%1” came with a place that cannot be read: %2"),
        Miss.WORDS: translate("Locating", "“%1”: the model wrote words instead of a place, or refused: %2"),
    }[why]
    answer = missed[0].answer
    quoted = answer if len(answer) <= LONGEST_ANSWER else f"{answer[:LONGEST_ANSWER]}…"
    terms = TERM_SEPARATOR.join(each.term for each in missed)
    fillings = {"%1": terms, "%2": f"“{quoted}”"}
    # In one pass: the terms and the answer may hold a % and a figure themselves.
    return PLACEHOLDER.sub(lambda found: fillings[found[0]], text)


def hits_text(terms: str, count: int) -> str:
    """In how many places terms were found, in a sentence."""
    translate = QCoreApplication.translate
    if count == 0:
        text = translate("Locating", "“%1” was not found.")
    elif count == 1:
        text = translate("Locating", "“%1” was found in one place.")
    else:
        text = translate("Locating", "“%1” was found in %2 places.")
    return text.replace("%2", str(count)).replace("%1", terms)
