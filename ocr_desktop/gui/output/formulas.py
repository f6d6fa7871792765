"""The drawings of formulas: asked for when one is first shown, and kept."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from PySide6.QtCore import QObject, Signal

from ocr_desktop.core.formulas import Obstacle, prepared

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from ocr_desktop.worker.client import Typeset

MOST_KEPT = 4000
LANES = 3
"""How many formulas are asked for at once, so that the worker never waits for the window."""


class Typesetter(Protocol):
    """Who draws formulas, such as `worker.client.TypesetterClient`."""

    async def typeset(self, latex: str, *, is_display: bool) -> Typeset | None:
        """The drawing of a formula that `core.formulas.prepared` gave; None where there is none that is right."""
        ...


@dataclass(frozen=True, slots=True)
class FormulaKey:
    """A formula as it stands in the Markdown, without its dollar signs, in a line or as one of its own."""

    source: str
    is_display: bool

    @property
    def markdown(self) -> str:
        mark = "$$" if self.is_display else "$"
        return f"{mark}{self.source}{mark}"


@dataclass(frozen=True, slots=True)
class Drawing:
    """A formula's drawing, and the number that stands beside it, or nothing."""

    typeset: Typeset
    tag: str


class FormulaBook(QObject):
    """Knows the drawing of each formula that was asked for, or that there is none.

    Without a typesetter no formula has a drawing; nothing is asked of it before a formula is shown.

    Signals:
        arrived(FormulaKey): A formula has its drawing now. Emitted from a task of its own.
        settled(): Nothing that was asked for is still missing.
    """

    arrived = Signal(object)
    settled = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._typesetter: Typesetter | None = None
        self._spawn: Callable[[Coroutine[Any, Any, None]], None] | None = None
        self._known: OrderedDict[FormulaKey, Drawing | None] = OrderedDict()
        """None where there is no drawing."""
        self._waiting: OrderedDict[FormulaKey, tuple[str, str]] = OrderedDict()
        """The LaTeX and the number of each that nobody works at yet."""
        self._asked: set[FormulaKey] = set()

    @property
    def is_settled(self) -> bool:
        """Whether nothing that was asked for is still missing."""
        return not self._waiting and not self._asked

    def use(self, typesetter: Typesetter, spawn: Callable[[Coroutine[Any, Any, None]], None]) -> None:
        """Draw with this from now on; `spawn` starts a coroutine and never loses its error."""
        self._typesetter, self._spawn = typesetter, spawn
        self._start()

    def drawing(self, key: FormulaKey) -> Drawing | None:
        """The drawing, where it is there already."""
        if key in self._known:
            self._known.move_to_end(key)
        return self._known.get(key)

    def want(self, key: FormulaKey) -> None:
        """Ask for a drawing, unless it is known whether there is one."""
        if key in self._known or key in self._waiting or key in self._asked:
            return
        formula = prepared(key.source, is_display=key.is_display)
        if isinstance(formula, Obstacle):
            self._known[key] = None
            return
        self._waiting[key] = (formula.latex, formula.tag)
        self._start()

    def begin_text(self) -> None:
        """Make room: another text is shown. What of the last one still waits is forgotten."""
        self._waiting.clear()
        while len(self._known) > MOST_KEPT:
            self._known.popitem(last=False)

    def _start(self) -> None:
        if self._spawn is None:
            return
        for _ in range(min(LANES - len(self._asked), len(self._waiting))):
            key, (latex, tag) = self._waiting.popitem(last=False)
            self._asked.add(key)
            self._spawn(self._draw(key, latex, tag))

    async def _draw(self, key: FormulaKey, latex: str, tag: str) -> None:
        assert self._typesetter is not None
        try:
            typeset = await self._typesetter.typeset(latex, is_display=key.is_display)
        except asyncio.CancelledError:
            self._asked.discard(key)
            raise
        except Exception:
            self._finish(key, None)
            raise
        self._finish(key, None if typeset is None else Drawing(typeset, tag))

    def _finish(self, key: FormulaKey, drawing: Drawing | None) -> None:
        self._asked.discard(key)
        self._known[key] = drawing
        if drawing is not None:
            self.arrived.emit(key)
        self._start()
        if self.is_settled:
            self.settled.emit()
