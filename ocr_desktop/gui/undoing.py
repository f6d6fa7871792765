"""What the user changed on each picture, and how it is taken back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QUndoCommand, QUndoGroup, QUndoStack

if TYPE_CHECKING:
    from ocr_desktop.core.document import Edit
    from ocr_desktop.core.geometry import PixelBox
    from ocr_desktop.core.page_parts import AreaChange
    from ocr_desktop.gui.entries import Entry
    from ocr_desktop.gui.session import Session


class Undoing(QObject):
    """Makes changes to what is on show, so that each can be undone; every picture has a history of its own.

    Signals:
        changed(): There is something else to undo or to redo.
    """

    changed = Signal()

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._group = QUndoGroup(self)
        self._stacks: dict[Entry, QUndoStack] = {}
        self._changed_runs: set[str] = set()
        self._group.undoTextChanged.connect(self.changed)
        self._group.redoTextChanged.connect(self.changed)
        self._group.canUndoChanged.connect(self.changed)
        self._group.canRedoChanged.connect(self.changed)
        session.entries_changed.connect(self._follow)
        session.page_replaced.connect(self._forget)

    @property
    def undo_text(self) -> str | None:
        """What would be undone, in words; None where nothing can be."""
        return self._group.undoText() if self._group.canUndo() else None

    @property
    def redo_text(self) -> str | None:
        """What would be done again, in words; None where nothing can be."""
        return self._group.redoText() if self._group.canRedo() else None

    def has_changed(self, run_id: str) -> bool:
        """Whether a run was ever changed, be it that all was taken back: it may be done again."""
        return run_id in self._changed_runs

    def edit(self, entry: Entry, run_id: str, edit: Edit, text: str) -> None:
        """Change a run; `text` names the change."""
        self._changed_runs.add(run_id)
        self._push(entry, _EditRun(self._session, entry, run_id, edit, text))

    def turn(self, entry: Entry, quarter_turns: int, text: str) -> None:
        """Turn a picture clockwise (negative: back)."""
        self._push(entry, _TurnPage(self._session, entry, quarter_turns, text))

    def turn_all(self, entry: Entry, entries: list[Entry], quarter_turns: int, text: str) -> None:
        """Turn several pages clockwise; taken back on this one."""
        self._push(entry, _TurnPages(self._session, entries, quarter_turns, text))

    def crop(self, entry: Entry, crop: PixelBox | None, text: str) -> None:
        """Read only this part of a page from now on; None: all of it."""
        self._push(entry, _CropPage(self._session, entry, crop, text))

    def ignore(self, entry: Entry, everywhere: AreaChange, here: AreaChange, text: str) -> None:
        """Let other areas be left out when pages are read: on every page, and on this one."""
        self._push(entry, _IgnoreAreas(self._session, entry, everywhere, here, text))

    def undo(self) -> None:
        self._group.undo()

    def redo(self) -> None:
        self._group.redo()

    def _push(self, entry: Entry, command: QUndoCommand) -> None:
        if entry not in self._stacks:
            self._stacks[entry] = QUndoStack(self._group)
            self._follow()
        self._stacks[entry].push(command)

    def _forget(self, entry: Entry) -> None:
        """Its page is another one: there is nothing left that could be taken back."""
        if entry in self._stacks:
            self._stacks.pop(entry).deleteLater()
            self._follow()

    def _follow(self) -> None:
        """Undo on the picture on show, and forget the changes of those that were closed."""
        for entry in [each for each in self._stacks if each not in self._session.entries]:
            self._stacks.pop(entry).deleteLater()
        entry_on_show = self._session.entry
        stack = None if entry_on_show is None else self._stacks.get(entry_on_show)
        self._group.setActiveStack(stack)  # type: ignore[arg-type]  # none is active then


class _EditRun(QUndoCommand):
    def __init__(self, session: Session, entry: Entry, run_id: str, edit: Edit, text: str) -> None:
        super().__init__(text)
        run = entry.run(run_id)
        self._session = session
        self._entry = entry
        self._run_id = run_id
        self._before = () if run is None else run.edits
        self._after = (*self._before, edit)

    def redo(self) -> None:
        self._session.set_edits(self._entry, self._run_id, self._after)

    def undo(self) -> None:
        self._session.set_edits(self._entry, self._run_id, self._before)


class _TurnPage(QUndoCommand):
    def __init__(self, session: Session, entry: Entry, quarter_turns: int, text: str) -> None:
        super().__init__(text)
        self._session = session
        self._entry = entry
        self._quarter_turns = quarter_turns

    def redo(self) -> None:
        self._session.set_turns(self._entry, self._entry.turns + self._quarter_turns)

    def undo(self) -> None:
        self._session.set_turns(self._entry, self._entry.turns - self._quarter_turns)


class _TurnPages(QUndoCommand):
    def __init__(self, session: Session, entries: list[Entry], quarter_turns: int, text: str) -> None:
        super().__init__(text)
        self._session = session
        self._entries = entries
        self._quarter_turns = quarter_turns

    def redo(self) -> None:
        self._turn(self._quarter_turns)

    def undo(self) -> None:
        self._turn(-self._quarter_turns)

    def _turn(self, quarter_turns: int) -> None:
        self._session.turn_pages(self._entries, quarter_turns)


class _CropPage(QUndoCommand):
    def __init__(self, session: Session, entry: Entry, crop: PixelBox | None, text: str) -> None:
        super().__init__(text)
        self._session = session
        self._entry = entry
        self._before, self._after = entry.crop, crop

    def redo(self) -> None:
        self._session.set_crop(self._entry, self._after)

    def undo(self) -> None:
        self._session.set_crop(self._entry, self._before)


class _IgnoreAreas(QUndoCommand):
    def __init__(self, session: Session, entry: Entry, everywhere: AreaChange, here: AreaChange, text: str) -> None:
        super().__init__(text)
        self._session = session
        self._entry = entry
        self._everywhere, self._here = everywhere, here

    def redo(self) -> None:
        self._apply(self._everywhere, self._here)

    def undo(self) -> None:
        self._apply(self._everywhere.reverse, self._here.reverse)

    def _apply(self, everywhere: AreaChange, here: AreaChange) -> None:
        session, entry = self._session, self._entry
        session.set_ignored(None, everywhere.applied(session.ignored_everywhere))
        session.set_ignored(entry, here.applied(entry.ignored))
