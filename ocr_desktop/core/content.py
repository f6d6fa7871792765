"""Words of a region, and where in the answer they came from."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(slots=True)
class Content:
    """Words as they came, and where in the answer each stretch of them stands."""

    end: int
    pieces: list[str] = field(default_factory=list)
    length: int = 0
    stretches: list[tuple[int, int]] = field(default_factory=list)

    def add(self, text: str, start: int, *, parted: bool) -> None:
        """Add words; where they do not follow the last ones at once, white space parts the two."""
        if not self.stretches or start != self.end:
            if parted and self.length:
                self.pieces.append(" ")
                self.length += 1
            self.stretches.append((self.length, start))
        self.pieces.append(text)
        self.length += len(text)
        self.end = start + len(text)

    def text(self) -> str:
        self.pieces[:] = ["".join(self.pieces)]
        return self.pieces[0]

    def place(self, offset: int) -> int:
        """Where in the answer a character of the words stands."""
        begin, start = next((pair for pair in reversed(self.stretches) if pair[0] <= offset), (0, self.end))
        return start + offset - begin

    def part(self, start: int, end: int) -> Content:
        """The words from one character to another."""
        text = self.text()[start:end]
        first, last = self.place(start), self.place(end - 1) + 1 if end > start else self.place(start)
        inner = [(begin - start, at) for begin, at in self.stretches if start < begin < end]
        return Content(last, [text], len(text), [(0, first), *inner])
