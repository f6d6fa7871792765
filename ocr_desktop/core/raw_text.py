"""The raw text of a run while it streams in: kept in pieces, told as what is new."""

from __future__ import annotations

import os


class RawText:
    """The answers of a run, joined by line breaks. Telling what is new costs as much as is new."""

    def __init__(self) -> None:
        self._told: list[str] = []
        self._new: list[str] = []
        self._new_before: list[str] = []
        self._position = 0
        self._is_rewound = False
        self._has_words_before = False

    @property
    def has_words(self) -> bool:
        return self._has_words_before or any(piece.strip() for piece in (*self._told, *self._new))

    def begin_another_answer(self) -> None:
        self._new_before.append("\n")

    def append(self, text: str) -> None:
        """Take the next piece of the answer."""
        self._new.append(text)

    def replace(self, text: str) -> None:
        """Let the answer so far be this text, of which only the end may differ from what was told."""
        told = "".join(self._told)
        if not text.startswith(told):
            same = len(os.path.commonprefix((told, text)))  # noqa: RUF071  (characters are meant)
            self._position -= len(told) - same
            self._is_rewound = True
            told = told[:same]
        self._told[:] = [told]
        self._new[:] = [text[len(told) :]]

    def answer(self) -> str:
        """The answer so far."""
        return "".join((*self._told, *self._new))

    def end_answer(self) -> str:
        """The answer, which is whole."""
        answer = self.answer()
        self._has_words_before = self._has_words_before or bool(answer.strip())
        self._new_before += self._new
        self._told.clear()
        self._new.clear()
        return answer

    def take_change(self) -> tuple[int, str] | None:
        """From which character on the run's raw text is another, and what it is from there; None where nothing is."""
        new = "".join(self._new)
        text = "".join((*self._new_before, new))
        if not text and not self._is_rewound:
            return None
        start = self._position
        self._position += len(text)
        self._told.append(new)
        self._new.clear()
        self._new_before.clear()
        self._is_rewound = False
        return start, text

    @property
    def length_told(self) -> int:
        """How many characters of the run's raw text were told."""
        return self._position
