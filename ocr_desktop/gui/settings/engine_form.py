"""The form of one endpoint: what everybody needs, and folded up what only some do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QCheckBox, QLineEdit, QPushButton, QVBoxLayout, QWidget

from ocr_desktop.gui import appearance
from ocr_desktop.gui.settings.connection_check import ConnectionCheck
from ocr_desktop.gui.settings.engine_fields import EngineFields, shortened_address
from ocr_desktop.gui.settings.fields import Choices, Field, Folded, Form, Note
from ocr_desktop.gui.settings.key_field import KeyField
from ocr_desktop.gui.settings.key_state import KeyState
from ocr_desktop.gui.settings.technical_fields import TechnicalFields
from ocr_desktop.gui.settings.wording import facts_text, http_text, problem_text

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from ocr_desktop.engines.base import Lack
    from ocr_desktop.gui.settings.draft import EngineDraft
    from ocr_desktop.services.context import AppContext


class EngineForm(QWidget):
    """Shows one endpoint of the draft and writes into it what is typed, at once.

    What is wrong is said when somebody leaves a field, and taken back as soon as it is mended.

    Signals:
        edited(): The draft of the endpoint is another now.
        shown_wanted(QWidget): This one has the keys now, or something new to say, and should be seen.
    """

    edited = Signal()
    shown_wanted = Signal(object)

    def __init__(
        self,
        context: AppContext,
        spawn: Callable[[Coroutine[Any, Any, None]], None],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._engine: EngineDraft | None = None
        self._is_filling = False
        self._fields: dict[str, Field] = {}
        self._make_everyday_fields()
        self._key = KeyField(self)
        self._key_state = KeyState(self._key, context.credentials, spawn, self)
        self._check = ConnectionCheck(context, spawn, self)
        self._check.wanted.connect(self.test_connection)
        self._check.lacks_noted.connect(self._take_lacks)
        self._check.shown_wanted.connect(self.shown_wanted)
        self._check.model_chosen.connect(self._take_model)
        # What was found is of the settings as they were.
        self._key_state.changed.connect(self._check.stop)
        self._key_state.changed.connect(self.edited)
        self._check.base_url_chosen.connect(self._take_address)
        self._check.models_found.connect(self._offer_models)
        self._folded = Folded("advanced_button", self.tr("Advanced"), self)
        self._technical = TechnicalFields(self)
        self._folded.hold(self._technical)
        self._technical.edited.connect(self._take)
        self._technical.left.connect(self._leave)
        self._fields |= self._technical.fields
        self._facts = Note(self)
        self._facts.setObjectName("facts_label")
        self._to_shipped = QPushButton(self.tr("Back to the shipped settings"), self)
        self._to_shipped.setObjectName("shipped_button")
        self._to_shipped.setAutoDefault(False)
        self._to_shipped.clicked.connect(self._take_shipped)
        self._place()

    # From outside

    def show_engine(self, engine: EngineDraft) -> None:
        """Show another endpoint; what ran for the one before ends."""
        self._key_state.settle()
        self.stop()
        self._is_filling = True
        self._model.clear()
        self._is_filling = False
        self._engine = engine
        for field in self._fields.values():
            field.show_error("")
        self._fill()
        self._key.begin(engine.profile.key_page, engine.wrong_key)
        self._key_state.follow(engine)
        self._facts.show_note(facts_text(engine.base))

    def stop(self) -> None:
        """End the check that runs, and take no late answer any more."""
        self._check.stop()
        self._key_state.stop()

    def show_problems(self) -> None:
        """Say all that is wrong, and lead to the first of it."""
        assert self._engine is not None
        wrong = self._engine.problems
        for name, field in self._fields.items():
            field.show_error(problem_text(wrong[name]) if name in wrong else "")
        is_key_wrong = not self._key.judge()
        if any(name in self._technical.fields for name in wrong):
            self._folded.unfold()
        first = next((field.control for name, field in self._fields.items() if name in wrong), None)
        if first is None and is_key_wrong:
            first = self._key.edit
        if first is not None:
            self._lead_to(first)

    def test_connection(self) -> None:
        """Test what stands here, unless something that every request needs is wrong."""
        assert self._engine is not None
        if "base_url" in self._engine.problems:
            self._fields["base_url"].show_error(problem_text(self._engine.problems["base_url"]))
            self._base_url.setFocus()
        elif self._key_state.settle() or not self._key.judge():
            self._key.edit.setFocus()
        else:
            self._check.begin(self._engine.profile, self._key_state.key_to_try)

    def settle_key(self) -> None:
        """Let go of a key that was typed for another address."""
        self._key_state.settle()

    def go_to_key(self) -> None:
        self._lead_to(self._key.edit)

    def go_to_title(self) -> None:
        self._title.setFocus()
        self._title.selectAll()

    def go_to_first_gap(self) -> None:
        """Put the keys where something is still to be filled in, else into the key's box."""
        wrong = {} if self._engine is None else self._engine.problems
        gap = next((field.control for name, field in self._fields.items() if name in wrong), self._key.edit)
        self._lead_to(gap)

    def _lead_to(self, control: QWidget) -> None:
        """Put the keys into a control, and have it seen with its note once everything has its place."""
        control.setFocus()
        QTimer.singleShot(0, self, lambda: self.shown_wanted.emit(control.parentWidget()))

    # Parts

    def _make_everyday_fields(self) -> None:
        self._title = QLineEdit(self)
        self._title.setObjectName("profile_title_edit")
        self._title.textChanged.connect(self._take)
        self._title.editingFinished.connect(lambda: self._leave("title"))
        self._base_url = QLineEdit(self)
        self._base_url.setObjectName("base_url_edit")
        self._base_url.textChanged.connect(self._take)
        self._base_url.textEdited.connect(self._shorten)
        self._base_url.editingFinished.connect(lambda: self._leave("base_url"))
        self._http = QCheckBox(self.tr("Allow plain &http:// to this server"), self)
        self._http.setObjectName("http_box")
        self._http.toggled.connect(self._take)
        self._model = Choices("model_box", self)
        self._model.setEditable(True)
        self._model.setInsertPolicy(Choices.InsertPolicy.NoInsert)
        # It would replace what is typed by another model's name.
        self._model.setCompleter(None)  # type: ignore[arg-type]  # Qt takes none
        self._model.editTextChanged.connect(self._take)
        edit = self._model.lineEdit()
        assert edit is not None
        edit.editingFinished.connect(lambda: self._leave("model"))

    def _place(self) -> None:
        everyday = QWidget(self)
        form = Form(everyday)
        labels = {
            "title": (self.tr("&Title:"), self._title),
            "base_url": (self.tr("&Base URL:"), self._base_url),
            "http_allowed": ("", self._http),
            "model": (self.tr("&Model:"), self._model),
        }
        technical, self._fields = self._fields, {}
        for name, (text, control) in labels.items():
            self._fields[name] = Field(control, parent=everyday)
            form.add_row(text, self._fields[name])
        self._fields |= technical
        form.add_row(self.tr("&Key:"), self._key.field)
        self._form = form
        column = QVBoxLayout(self)
        column.setContentsMargins(appearance.SPACING, 0, appearance.SPACING, appearance.SPACING)
        column.setSpacing(appearance.SPACING)
        for widget in (everyday, self._check, self._folded, self._facts):
            column.addWidget(widget)
        column.addWidget(self._to_shipped, 0, Qt.AlignmentFlag.AlignLeading)
        column.addStretch(1)

    # What is typed

    def _fill(self) -> None:
        assert self._engine is not None
        fields = self._engine.fields
        self._is_filling = True
        self._title.setText(fields.title)
        self._base_url.setText(fields.base_url)
        self._http.setChecked(fields.http_allowed)
        self._model.setEditText(fields.model)
        self._technical.show_fields(fields)
        self._is_filling = False
        for edit in (self._title, self._base_url, self._model.lineEdit()):
            assert edit is not None
            edit.setCursorPosition(0)
        self._show_what_follows()

    def _take(self) -> None:
        if self._engine is None or self._is_filling:
            return
        values: dict[str, Any] = {
            "title": self._title.text(),
            "base_url": self._base_url.text(),
            "http_allowed": self._http.isChecked(),
            "model": self._model.currentText(),
            **self._technical.values,
        }
        fields = EngineFields(**values)
        if fields == self._engine.fields:
            return
        if fields.http_allowed and fields.host != self._engine.fields.host:
            # It was allowed for another machine; this comes back here with the box unticked.
            self._http.setChecked(False)
            return
        self._engine.fields = fields
        wrong = self._engine.problems
        for name, field in self._fields.items():
            if field.has_error and name not in wrong:
                field.show_error("")
        self._check.stop()
        self._show_what_follows()
        self.edited.emit()

    def _leave(self, name: str) -> None:
        """Say what is wrong with a field that somebody is done with."""
        if self._engine is None or self._is_filling:
            return
        # How many tokens are more is seen by both numbers.
        for each in ("max_tokens", "more_tokens") if name == "max_tokens" else (name,):
            problem = self._engine.problems.get(each)
            if problem is not None or self._fields[each].has_error:
                self._fields[each].show_error("" if problem is None else problem_text(problem))
        if name in ("base_url", "key_variable"):
            self._key_state.settle()
            self._key_state.look_again()

    def _shorten(self, text: str) -> None:
        base = shortened_address(text)
        if base is not None:
            self._base_url.setText(base)
            self._fields["base_url"].tell_once(self.tr("The address of the completions was shortened to its base."))

    def _take_address(self, base_url: str) -> None:
        """Take the address that a test found, and see whether that is it."""
        self._base_url.setText(base_url)
        self._leave("base_url")
        self.test_connection()

    def _take_model(self, model: str) -> None:
        """Take a model of the server's list, and see whether that is it."""
        self._model.setEditText(model)
        self._leave("model")
        self.test_connection()

    def _offer_models(self, models: tuple[str, ...]) -> None:
        """Let the server's own names be picked, what stands in the box unchanged."""
        chosen = self._model.currentText()
        self._is_filling = True
        self._model.clear()
        self._model.addItems(models)
        self._model.setCurrentIndex(models.index(chosen) if chosen in models else -1)
        self._model.setEditText(chosen)
        self._is_filling = False

    def _take_lacks(self, lacks: frozenset[Lack]) -> None:
        """Note what a test found missing."""
        assert self._engine is not None
        self._engine.note_lacks(lacks)
        self._facts.show_note(facts_text(self._engine.base))
        self._show_what_follows()
        self.edited.emit()

    def _take_shipped(self) -> None:
        assert self._engine is not None
        self._engine.take_shipped()
        self.show_engine(self._engine)
        self._title.setFocus()
        self.edited.emit()

    def _show_what_follows(self) -> None:
        assert self._engine is not None
        is_asked = self._engine.fields.needs_http_allowed
        self._form.show_row(self._fields["http_allowed"], is_asked)
        self._fields["http_allowed"].explain(http_text(self._engine.profile.host) if is_asked else "")
        self._to_shipped.setVisible(self._engine.differs_from_shipped)
