"""What the settings dialog says of problems, keys, servers and prompts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from ocr_desktop.engines.base import Lack
from ocr_desktop.engines.profiles import PartOrder
from ocr_desktop.gui.settings.engine_fields import Problem
from ocr_desktop.services.credentials import KeySource
from ocr_desktop.services.prompts import LONGEST_PROMPT, LONGEST_TITLE, PromptFault
from ocr_desktop.services.settings import AutoRead

if TYPE_CHECKING:
    from ocr_desktop.engines.profiles import Profile
    from ocr_desktop.gui.settings.draft import EngineDraft


def problem_text(problem: Problem) -> str:
    """What is wrong with a field and what to do."""
    translate = QCoreApplication.translate
    return {
        Problem.TITLE_EMPTY: translate("Settings", "Type a title; it stands in the list of engines."),
        Problem.TITLE_BROKEN: translate("Settings", "The title has to be one line of plain text."),
        Problem.ADDRESS_EMPTY: translate(
            "Settings", "Type the address of the server; it usually ends in /v1, as in https://example.org/v1."
        ),
        Problem.ADDRESS_WRONG: translate(
            "Settings",
            "This is not the address of a web server. It begins with https:// (or http://) and has no user name, no ?"
            " and no #.",
        ),
        Problem.MODEL_EMPTY: translate(
            "Settings", "Type the server's name of the model, or test the connection to pick it from the server's list."
        ),
        Problem.MODEL_BROKEN: translate("Settings", "The model's name has to be one line of plain text."),
        Problem.VARIABLE_WRONG: translate(
            "Settings", "The name of a variable has only letters, digits and _, and begins with none of the digits."
        ),
        Problem.MORE_TOKENS_FEWER: translate(
            "Settings", "After a cut, more tokens than usual have to be asked for; or choose “no longer”."
        ),
        Problem.FORMATS_EMPTY: translate("Settings", "Choose at least one format; the picture has to go in one."),
        Problem.PICTURE_TOO_SMALL: translate("Settings", "In less than 10 kB no page can be read any more."),
        Problem.EXTRA_NOT_JSON: translate(
            "Settings", 'This is not JSON. Names and texts stand in double quotes, as in {"top_k": 1}.'
        ),
        Problem.EXTRA_NOT_OBJECT: translate(
            "Settings", 'The fields have to stand in braces with their names, as in {"top_k": 1}.'
        ),
        Problem.EXTRA_NOT_KEPT: translate(
            "Settings", "A value here cannot be kept in a file: null, a number too large, or too many levels."
        ),
        Problem.EXTRA_OWN_FIELD: translate(
            "Settings", "The program fills in model, messages, stream and max_tokens itself; take them out here."
        ),
        Problem.EXTRA_HAS_KEY: translate(
            "Settings", "This looks like a key. Keys are never written to a file; type it into the field for the key."
        ),
        Problem.KEY_WRONG: translate(
            "Settings", "A key has no spaces and only plain letters, digits and signs. Was something else copied?"
        ),
    }[problem]


def prompt_fault_text(fault: PromptFault) -> str:
    """Why a prompt cannot be kept and what to do."""
    translate = QCoreApplication.translate
    longest_title, longest_prompt = str(LONGEST_TITLE), str(LONGEST_PROMPT)
    return {
        PromptFault.ID: translate("Settings", "Give the prompt another name."),
        PromptFault.ID_TWICE: translate("Settings", "Another prompt has this name; give this one another."),
        PromptFault.TITLE: translate("Settings", "The name has to be one line, at most %1 characters long.").replace(
            "%1", longest_title
        ),
        PromptFault.PROMPT_EMPTY: translate("Settings", "Type the words that are sent."),
        PromptFault.PROMPT_TOO_LONG: translate("Settings", "The prompt may have at most %1 characters.").replace(
            "%1", longest_prompt
        ),
        PromptFault.PROMPT_CHARACTERS: translate("Settings", "The prompt holds characters that no text has."),
        PromptFault.PRESET: translate("Settings", "Choose how the answer is read."),
    }[fault]


def key_source_text(source: KeySource, engine: EngineDraft) -> str:
    """Where the key is that will be used; one of the environment also says where it goes."""
    translate = QCoreApplication.translate
    profile = engine.profile
    if source is KeySource.KEYRING:
        return translate("Settings", "A key is kept in the system keyring.")
    if source is KeySource.MEMORY:
        return translate(
            "Settings",
            "A key is kept only in memory for this run; it could not be put into a keyring of this computer.",
        )
    text = translate("Settings", "The key is taken from the environment variable %1 and sent to %2.")
    return text.replace("%1", profile.key_variable).replace("%2", profile.host or "…")


def missing_key_text(engine: EngineDraft, *, was_kept: bool) -> str:
    """That no key is there; `was_kept` where one is kept for another address of this engine."""
    translate = QCoreApplication.translate
    host = engine.profile.host
    if was_kept and engine.kept is not None:
        text = translate(
            "Settings",
            "The key that is kept was given for %1 and is not sent to %2. Type a key for %2, or go back to the old"
            " address.",
        )
        return text.replace("%1", engine.kept.origin).replace("%2", engine.profile.origin)
    if engine.profile.key_required:
        return translate("Settings", "%1 needs a key; none is there yet.").replace("%1", host or engine.fields.title)
    return translate("Settings", "There is no key; many servers of your own take requests without one.")


def dropped_key_text(engine: EngineDraft) -> str:
    """That a key was typed for another address and is not kept for the one that stands there now."""
    text = QCoreApplication.translate(
        "Settings",
        "The key that you typed was for %1; it is not kept for %2. Type it again if it belongs there too.",
    )
    return text.replace("%1", engine.dropped_key_of).replace("%2", engine.profile.origin)


def http_text(host: str) -> str:
    """What the switch for plain HTTP means."""
    return QCoreApplication.translate(
        "Settings",
        "Without encryption anyone on the way to %1 can read the picture, the answer and the key, or change them. Allow"
        " it only in a private network that you trust. While it is off, nothing is sent to this address.",
    ).replace("%1", host)


def part_order_name(order: PartOrder) -> str:
    translate = QCoreApplication.translate
    return {
        PartOrder.TEXT_FIRST: translate("Settings", "Text, then picture"),
        PartOrder.IMAGE_FIRST: translate("Settings", "Picture, then text"),
    }[order]


def facts_text(profile: Profile) -> str:
    """What is known of a server, a line each; empty where nothing is."""
    translate = QCoreApplication.translate
    lines = []
    if not profile.tested:
        lines.append(translate("Settings", "Not tested by us with the real server."))
    lacks = {
        Lack.TAGS: translate("Settings", "the tags around labels and table cells"),
        Lack.BOXES: translate("Settings", "boxes"),
        Lack.USAGE: translate("Settings", "the count of tokens"),
    }
    if profile.lacks:
        known = translate("Settings", ", ").join(lacks[lack] for lack in profile.lacks)
        lines.append(translate("Settings", "Known to be missing in its answers: %1.").replace("%1", known))
    price = profile.price
    if price is not None and price.input_per_million == price.output_per_million == 0:
        lines.append(translate("Settings", "Free of charge when these facts were collected."))
    elif price is not None:
        text = translate("Settings", "Price for a million tokens: %1 of the request, %2 of the answer.")
        amounts = (f"{amount:g} {price.currency}" for amount in (price.input_per_million, price.output_per_million))
        for place, amount in zip(("%1", "%2"), amounts, strict=True):
            text = text.replace(place, amount)
        lines.append(text)
    if profile.source:
        lines.append(translate("Settings", "Source of these facts: %1.").replace("%1", profile.source))
    return "\n".join(lines)


def auto_read_texts() -> dict[AutoRead, tuple[str, str]]:
    """The name of each choice, with its accelerator, and what it means."""
    translate = QCoreApplication.translate
    return {
        AutoRead.ALWAYS: (
            translate("Settings", "&Always"),
            translate(
                "Settings",
                "A picture is read as soon as it is added, also by an endpoint: it is sent without another question to"
                " any host that you have allowed.",
            ),
        ),
        AutoRead.ON_THIS_COMPUTER: (
            translate("Settings", "Only on this &computer"),
            translate(
                "Settings",
                "A picture is read as soon as it is added where it stays on this computer. An endpoint gets it only"
                " when you press Read, except for the hosts that are ticked below.",
            ),
        ),
        AutoRead.NEVER: (
            translate("Settings", "&Never"),
            translate("Settings", "Nothing is read before you press Read."),
        ),
    }
