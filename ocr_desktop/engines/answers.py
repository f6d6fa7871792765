"""Reads the parts of a chat completion, streamed or whole, whatever a server made of the protocol."""

from __future__ import annotations

import codecs
from collections.abc import Mapping
from typing import Any

from ocr_desktop.core.document import Finish, Usage, WarningCode
from ocr_desktop.core.events import Finished

FINISH_REASONS = {
    "stop": Finish.COMPLETE,
    "eos": Finish.COMPLETE,
    "eos_token": Finish.COMPLETE,
    "stop_sequence": Finish.COMPLETE,
    "length": Finish.CUT,
    "max_tokens": Finish.CUT,
}
"""Any other reason means that the answer was broken off by the server."""
MOST_TOKENS = 10**9
"""A count above this is none."""


class ComplaintError(Exception):
    """A part of the stream that is no part of an answer; `body` is what stood there, None where it says nothing."""

    def __init__(self, body: object) -> None:
        super().__init__()
        self.body = body


class AnswerReader:
    """Takes the parts of one answer in their order.

    Attributes:
        parts: How many parts of a completion came, with text or without.
        finish_reason: The server's own word for how the answer ended; None until it says so.
        usage: The last count of tokens that came.
    """

    def __init__(self) -> None:
        self.parts = 0
        self.finish_reason: str | None = None
        self.usage: Usage | None = None
        self._has_words = False
        # A server that counts in UTF-16 can cut a character in two halves, which no file could hold.
        self._characters = codecs.getincrementaldecoder("utf-16-le")("replace")

    def take(self, part: object) -> str:
        """The text that a part adds, perhaps none.

        Raises:
            ComplaintError: The part is none of a completion.
        """
        choices = _field(part, "choices")
        counted = _usage(_field(part, "usage"))
        if not isinstance(choices, list) and counted is None:
            raise ComplaintError(part)
        self.parts += 1
        self.usage = counted or self.usage
        if not isinstance(choices, list) or not choices:
            return ""
        # One was asked for; whatever else comes is another answer.
        choice = next((choice for choice in choices if _field(choice, "index") in (0, None)), None)
        reason = _field(choice, "finish_reason")
        if isinstance(reason, str) and reason:
            self.finish_reason = reason
        said = _field(choice, "delta") or _field(choice, "message")
        return self._whole_characters(_text(_field(said, "content")))

    def rest(self) -> str:
        """What was held back because its other half never came."""
        return self._characters.decode(b"", final=True)

    def ending(self) -> Finished | None:
        """How the answer ended; None where it did not end by itself."""
        finish = FINISH_REASONS.get(self.finish_reason or "")
        if finish is None:
            return None
        warnings = () if self._has_words else (WarningCode.EMPTY_ANSWER,)
        return Finished(finish, self.usage, warnings)

    def _whole_characters(self, text: str) -> str:
        whole = self._characters.decode(text.encode("utf-16-le", "surrogatepass"))
        self._has_words = self._has_words or bool(whole.strip())
        return whole


def _field(part: object, name: str) -> Any:
    return part.get(name) if isinstance(part, Mapping) else None


def _text(content: object) -> str:
    """The words of a content, which is a text or a list of typed parts, each with a text."""
    texts = [_field(part, "text") for part in content] if isinstance(content, list) else [content]
    return "".join(text for text in texts if isinstance(text, str))


def _usage(counted: object) -> Usage | None:
    prompt_tokens = _field(counted, "prompt_tokens")
    completion_tokens = _field(counted, "completion_tokens")
    if _is_count(prompt_tokens) and _is_count(completion_tokens):
        return Usage(prompt_tokens, completion_tokens)
    return None


def _is_count(number: object) -> bool:
    # Not `isinstance`, for which a truth value is a number too.
    return type(number) is int and 0 <= number <= MOST_TOKENS
