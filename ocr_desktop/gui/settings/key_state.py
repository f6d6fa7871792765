"""Which key an endpoint of the draft has, and what is said of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from ocr_desktop.gui.settings.wording import dropped_key_text, key_source_text, missing_key_text
from ocr_desktop.services.credentials import KeySource

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from ocr_desktop.core.secret import Secret
    from ocr_desktop.gui.settings.draft import EngineDraft
    from ocr_desktop.gui.settings.key_field import KeyField
    from ocr_desktop.services.credentials import Credentials


class KeyState(QObject):
    """Looks up where the key of an endpoint is kept, and takes a typed one into the draft.

    Signals:
        changed(): The draft has another key to keep or to forget.
    """

    changed = Signal()

    def __init__(
        self,
        field: KeyField,
        credentials: Credentials,
        spawn: Callable[[Coroutine[Any, Any, None]], None],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._field = field
        self._credentials = credentials
        self._spawn = spawn
        self._engine: EngineDraft | None = None
        self._source: KeySource | None = None
        self._keeps: bool | None = None
        """Whether there is a keyring that keeps keys; None while that is not known."""
        field.key_typed.connect(self._take)
        field.removal_wanted.connect(self._remove_or_keep)

    def follow(self, engine: EngineDraft) -> None:
        """Tell of the key of another endpoint."""
        self._engine = engine
        self._source = None
        self._field.show_state(self.tr("Looking for the key…"))
        self.look_again()

    def stop(self) -> None:
        """Take no late answer any more."""
        self._engine = None

    def settle(self) -> bool:
        """Let go of a key that was typed for another address than the one that stands there now, and say so.

        Returns:
            Whether there was one.
        """
        if self._engine is None or not self._engine.settle_key():
            return False
        self._field.empty()
        self._show()
        self.changed.emit()
        return True

    def look_again(self) -> None:
        """Look for the key anew: its address or its variable is another."""
        if self._engine is not None:
            self._spawn(self._look(self._engine))

    async def key_to_try(self) -> Secret | None:
        """The key that a request would have now, were the draft kept."""
        engine = self._engine
        if engine is None:
            return None
        found = await self._credentials.found(engine.profile)
        if found is not None and found[1] is KeySource.ENVIRONMENT:
            return found[0]
        if engine.typed_key is not None:
            return engine.typed_key
        return None if found is None or engine.forgets_key else found[0]

    async def _look(self, engine: EngineDraft) -> None:
        profile = engine.profile
        found = await self._credentials.found(profile)
        was_kept = False
        if found is None and engine.is_elsewhere and engine.kept is not None:
            before = await self._credentials.found(engine.kept)
            was_kept = before is not None and before[1] is not KeySource.ENVIRONMENT
        if self._keeps is None:
            self._keeps = (await self._credentials.keyring_state()).obstacle is None
        if engine is self._engine and profile == engine.profile:
            self._source = None if found is None else found[1]
            self._show(was_kept=was_kept)

    def _take(self, typed: Secret) -> None:
        if self._engine is not None:
            self._engine.type_key(typed)
            self._show()
            self.changed.emit()

    def _remove_or_keep(self) -> None:
        engine = self._engine
        if engine is None:
            return
        if engine.typed_key is not None:
            engine.drop_typed_key()
            self._field.empty()
        else:
            engine.forgets_key = not engine.forgets_key
        self._show()
        self._field.edit.setFocus()
        self.changed.emit()

    def _show(self, *, was_kept: bool = False) -> None:
        engine = self._engine
        assert engine is not None
        field = self._field
        if self._source is KeySource.ENVIRONMENT:
            if engine.wrong_key is not None:
                # Nobody could mend it there.
                engine.drop_typed_key()
                field.empty()
            field.show_state(key_source_text(self._source, engine), can_type=False)
        elif engine.typed_key is not None:
            field.show_state(self._typed_text(), removal=self.tr("Remove key"), is_typed=True)
        elif "base_url" in engine.problems:
            field.show_state(self.tr("A key belongs to an address; type that first."))
        elif self._source is None:
            dropped = dropped_key_text(engine) if engine.dropped_key_of else ""
            field.show_state(dropped or missing_key_text(engine, was_kept=was_kept))
        elif engine.forgets_key:
            field.show_state(self.tr("The key is removed when you save."), removal=self.tr("Keep the key"))
        else:
            dropped = f"{dropped_key_text(engine)} " if engine.dropped_key_of else ""
            field.show_state(dropped + key_source_text(self._source, engine), removal=self.tr("Remove key"))

    def _typed_text(self) -> str:
        if self._keeps is False:
            return self.tr(
                "It is kept when you save, but only in memory for this run: this computer has no keyring that can be"
                " used."
            )
        return self.tr("It is kept in the system keyring when you save.")
