"""The page of the user's own prompts: saved by name, in an order of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QStackedWidget, QVBoxLayout, QWidget

from ocr_desktop.core.presets import LOCATE_PLACEHOLDER, PresetId, reading_of
from ocr_desktop.gui import appearance
from ocr_desktop.gui.controls import preset_name
from ocr_desktop.gui.message_bar import MessageText
from ocr_desktop.gui.settings.fields import Choices, Field, Form, scrolling
from ocr_desktop.gui.settings.ordered_list import OrderedList
from ocr_desktop.gui.settings.prompts_draft import PromptDraft
from ocr_desktop.gui.settings.technical_fields import TextBox
from ocr_desktop.gui.settings.wording import prompt_fault_text
from ocr_desktop.services.prompts import PromptFault

if TYPE_CHECKING:
    from ocr_desktop.gui.settings.prompts_draft import PromptsDraft

PROMPT_LINES = 5
LONGEST_MENU_PROMPT = 60
PROMPT_FAULTS = (PromptFault.PROMPT_EMPTY, PromptFault.PROMPT_TOO_LONG, PromptFault.PROMPT_CHARACTERS)


class PromptsPage(QWidget):
    """Lists the prompts of the draft and lets each be changed.

    Signals:
        edited(): The draft is another now.
    """

    edited = Signal()

    def __init__(self, draft: PromptsDraft, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._draft = draft
        self._is_filling = False
        self._list = OrderedList("prompt", self.tr("Own prompts"), self.tr("Remove it (Del)"), self)
        self._list.row_chosen.connect(self._show_chosen)
        self._list.move_wanted.connect(self._move)
        self._list.removal_wanted.connect(self._remove)
        self._list.add_button.setAccessibleName(self.tr("Add a prompt"))
        self._list.add_button.menu_shown.aboutToShow.connect(self._fill_menu)
        self._list.add_buttons(self._list.remove_button)
        self._places = QStackedWidget(self)
        self._places.addWidget(self._about_own_prompts())
        self._places.addWidget(scrolling(self._make_form()))
        row = QHBoxLayout(self)
        row.setContentsMargins(appearance.MARGIN, appearance.MARGIN, appearance.SPACING_SMALL, appearance.SPACING)
        row.setSpacing(appearance.MARGIN)
        row.addWidget(self._list)
        row.addWidget(self._places, 1)
        self._list_all(0)

    @property
    def has_problems(self) -> bool:
        """Whether anything cannot be kept as it is."""
        return self._draft.unusable is not None

    def show_problems(self) -> None:
        """Lead to the first prompt that cannot be kept, and say what is wrong."""
        unusable = self._draft.unusable
        if unusable is not None:
            self._list_all(self._draft.prompts.index(unusable))
            self._judge_title()
            self._judge_prompt()
            (self._prompt if unusable.fault in PROMPT_FAULTS else self._title).setFocus()

    def focus_list(self) -> None:
        self._list.lines.setFocus()

    # The list

    @property
    def _chosen(self) -> PromptDraft | None:
        row = self._list.lines.currentRow()
        return self._draft.prompts[row] if 0 <= row < len(self._draft.prompts) else None

    def _list_all(self, row: int) -> None:
        prompts = self._draft.prompts
        wrong = [prompt.fault is not None for prompt in prompts]
        self._list.show_lines([self._line(prompt) for prompt in prompts], wrong, min(row, len(prompts) - 1))
        self._show_chosen()

    def _line(self, prompt: PromptDraft) -> str:
        return " ".join(prompt.title.split()) or self.tr("(without a name)")

    def _show_chosen(self) -> None:
        prompt = self._chosen
        row = self._list.lines.currentRow()
        self._places.setCurrentIndex(0 if prompt is None else 1)
        self._list.allow(up=row > 0, down=0 <= row < len(self._draft.prompts) - 1, removal=prompt is not None)
        if prompt is None:
            return
        self._is_filling = True
        self._title.setText(prompt.title)
        self._title.setCursorPosition(0)
        self._prompt.setPlainText(prompt.prompt)
        self._preset.setCurrentIndex(list(PresetId).index(prompt.preset))
        self._is_filling = False
        for field in (self._title_field, self._prompt_field):
            field.show_error("")
        self._explain(prompt)

    def _fill_menu(self) -> None:
        menu = self._list.add_button.menu_shown
        menu.clear()
        self._add_to_menu(self.tr("&New prompt"), PromptDraft(self.tr("New prompt"), ""))
        last = self._draft.last_edited
        if last is not None and self._draft.can_save_last_edited:
            text = self.tr("&Last edited: %1").replace("%1", _menu_text(last.prompt))
            self._add_to_menu(text, PromptDraft(self.tr("Last edited"), last.prompt, last.preset))
        if self._draft.examples:
            menu.addSeparator()
        for example in self._draft.examples:
            self._add_to_menu(_menu_text(example.title), example)

    def _add_to_menu(self, text: str, prompt: PromptDraft) -> None:
        action = QAction(text, self._list.add_button.menu_shown)
        action.triggered.connect(lambda _checked=False: self._add(prompt))
        self._list.add_button.menu_shown.addAction(action)

    def _add(self, prompt: PromptDraft) -> None:
        self._draft.add(prompt)
        self._list_all(len(self._draft.prompts) - 1)
        self._title.setFocus()
        self._title.selectAll()
        self.edited.emit()

    def _remove(self) -> None:
        prompt = self._chosen
        if prompt is not None:
            row = self._list.lines.currentRow()
            self._draft.remove(prompt)
            self._list_all(row)
            self._list.lines.setFocus()
            self.edited.emit()

    def _move(self, rows: int) -> None:
        prompt = self._chosen
        if prompt is not None and self._draft.move(prompt, rows):
            self._list_all(self._list.lines.currentRow() + rows)
            self.edited.emit()

    # The form

    def _make_form(self) -> QWidget:
        page = QWidget(self)
        form_widget = QWidget(page)
        form = Form(form_widget)
        self._title = QLineEdit(form_widget)
        self._title.setObjectName("prompt_title_edit")
        self._title.textChanged.connect(self._take)
        self._title.editingFinished.connect(self._judge_title)
        self._title_field = Field(self._title, parent=form_widget)
        form.add_row(self.tr("&Name:"), self._title_field)
        self._prompt = TextBox("saved_prompt_edit", PROMPT_LINES, form_widget)
        self._prompt.textChanged.connect(self._take)
        self._prompt.left.connect(self._judge_prompt)
        self._prompt_field = Field(self._prompt, parent=form_widget)
        self._prompt_field.explain(self.tr("Sent to the letter; a space more or less can change the answer."))
        form.add_row(self.tr("&Prompt:"), self._prompt_field)
        self._preset = Choices("reading_box", form_widget)
        for preset in PresetId:
            self._preset.addItem(preset_name(preset), preset)
        self._preset.currentIndexChanged.connect(self._take)
        self._preset_field = Field(self._preset, parent=form_widget)
        form.add_row(self.tr("Read t&he answer as:"), self._preset_field)
        column = QVBoxLayout(page)
        column.setContentsMargins(appearance.SPACING, 0, appearance.SPACING, appearance.SPACING)
        column.addWidget(form_widget)
        column.addStretch(1)
        return page

    def _take(self) -> None:
        prompt = self._chosen
        if prompt is None or self._is_filling:
            return
        prompt.title = self._title.text()
        prompt.prompt = self._prompt.toPlainText()
        prompt.preset = PresetId(self._preset.currentData())
        if prompt.fault is None:
            for field in (self._title_field, self._prompt_field):
                if field.has_error:
                    field.show_error("")
        self._explain(prompt)
        self._list.show_line(self._list.lines.currentRow(), self._line(prompt), prompt.fault is not None)
        self.edited.emit()

    def _explain(self, prompt: PromptDraft) -> None:
        """Say how the answer will be read, where that is not as it was chosen, and what the prompt is called."""
        read_as = reading_of(prompt.prompt, prompt.preset).id
        text = ""
        if prompt.preset is PresetId.LOCATE and read_as is PresetId.LOCATE:
            text = self.tr("What is looked for goes in the place of %1.").replace("%1", LOCATE_PLACEHOLDER)
        elif read_as is not prompt.preset:
            text = self.tr("This prompt begins like a preset's, so its answer is read as “%1”.")
            text = text.replace("%1", preset_name(read_as))
        self._preset_field.explain(text)
        called = self.tr("On the command line: --preset %1").replace("%1", prompt.id) if prompt.id else ""
        self._title_field.explain(called)

    def _judge_title(self) -> None:
        prompt = self._chosen
        if prompt is not None:
            fault = prompt.fault
            is_here = fault is not None and fault not in PROMPT_FAULTS
            self._title_field.show_error(prompt_fault_text(fault) if fault is not None and is_here else "")

    def _judge_prompt(self) -> None:
        prompt = self._chosen
        if prompt is not None:
            fault = prompt.fault
            is_here = fault is not None and fault in PROMPT_FAULTS
            self._prompt_field.show_error(prompt_fault_text(fault) if fault is not None and is_here else "")

    def _about_own_prompts(self) -> QWidget:
        about = MessageText(self)
        about.setObjectName("own_prompts_text")
        about.show_text(
            self.tr(
                "Prompts of your own stand behind the presets, by their names. The model was trained on the presets; it"
                " answers best to words like theirs. Add one here, or the one that a provider's guide uses."
            )
        )
        place = QWidget(self)
        column = QVBoxLayout(place)
        column.setContentsMargins(appearance.SPACING, appearance.SPACING_SMALL, appearance.SPACING, 0)
        column.addWidget(about)
        column.addStretch(1)
        return place


def _menu_text(text: str) -> str:
    line = " ".join(text.split())
    short = line if len(line) <= LONGEST_MENU_PROMPT else f"{line[: LONGEST_MENU_PROMPT - 1]}…"
    return short.replace("&", "&&")
