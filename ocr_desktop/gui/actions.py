"""Everything that can be done, in one table: its name, its words, its key and its icon."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QWidget

from ocr_desktop.gui import appearance


@dataclass(frozen=True, slots=True)
class ActionSpecification:
    """One line of the table; `text` has the menu's accelerator. Of the actions of one `group` one is always checked."""

    name: str
    text: str
    shortcut: str = ""
    icon: str = ""
    checkable: bool = False
    group: str = ""


def menu_table() -> tuple[tuple[str, tuple[ActionSpecification, ...]], ...]:
    """The menus in order: the title of each and its actions, in the user's language."""
    translate = QCoreApplication.translate
    return (
        (
            translate("actions", "&File"),
            (
                ActionSpecification("open", translate("actions", "&Open…"), "Ctrl+O", "open"),
                ActionSpecification("open_folder", translate("actions", "Open &folder…"), "Ctrl+Shift+O", "open"),
                ActionSpecification("capture", translate("actions", "C&apture from the screen"), "F9", "capture"),
                ActionSpecification("paste", translate("actions", "&Paste picture or files"), "Ctrl+V", "paste"),
                ActionSpecification("sample", translate("actions", "Try the &sample"), "", "picture"),
                ActionSpecification("close_page", translate("actions", "&Close page"), "Ctrl+W", "close"),
                ActionSpecification("close_all", translate("actions", "Close a&ll pages"), "Ctrl+Shift+W"),
                ActionSpecification("save_md", translate("actions", "Save as &Markdown…"), "Ctrl+S", "save"),
                ActionSpecification("save_txt", translate("actions", "Save as &text…")),
                ActionSpecification("save_json", translate("actions", "Save as &JSON…")),
                ActionSpecification("settings", translate("actions", "Settin&gs…"), "Ctrl+,", "settings"),
                ActionSpecification("quit", translate("actions", "&Quit"), "Ctrl+Q"),
            ),
        ),
        (
            translate("actions", "&Read"),
            (
                ActionSpecification("read", translate("actions", "&Read"), "F5", "read"),
                ActionSpecification("read_all", translate("actions", "Read all pa&ges"), "Ctrl+F5"),
                ActionSpecification("stop", translate("actions", "S&top"), "Shift+F5", "stop"),
                ActionSpecification("locate", translate("actions", "&Locate…"), "Ctrl+L", "search"),
                ActionSpecification("edit_prompt", translate("actions", "&Edit the prompt"), "", "edit"),
                ActionSpecification(
                    "auto_read_always", translate("actions", "Read added pictures &at once"), group="auto_read"
                ),
                ActionSpecification(
                    "auto_read_on_this_computer",
                    translate("actions", "Read added pictures at once on this &computer only"),
                    group="auto_read",
                ),
                ActionSpecification(
                    "auto_read_never", translate("actions", "&Never read before I say so"), group="auto_read"
                ),
                ActionSpecification(
                    "take_text", translate("actions", "Take the te&xt that the PDF holds"), checkable=True
                ),
                ActionSpecification("stay_offline", translate("actions", "Stay &offline"), "", "", checkable=True),
                ActionSpecification("copy_request_curl", translate("actions", "Copy request as cURL")),
                ActionSpecification("copy_request_python", translate("actions", "Copy request as Python")),
            ),
        ),
        (
            translate("actions", "&Text"),
            (
                ActionSpecification("copy_md", translate("actions", "Copy &Markdown"), "Ctrl+Shift+C", "copy"),
                ActionSpecification("copy_txt", translate("actions", "Copy as plain &text")),
                ActionSpecification("undo", translate("actions", "&Undo"), "Ctrl+Z", "undo"),
                ActionSpecification("redo", translate("actions", "&Redo"), "Ctrl+Shift+Z", "redo"),
                ActionSpecification("find", translate("actions", "&Find…"), "Ctrl+F", "search"),
                ActionSpecification("find_next", translate("actions", "Find ne&xt"), "F3"),
                ActionSpecification("find_previous", translate("actions", "Find pre&vious"), "Shift+F3"),
                ActionSpecification("next_doubt", translate("actions", "Next &doubt"), "F8", "warning"),
                ActionSpecification("previous_doubt", translate("actions", "Previous d&oubt"), "Shift+F8"),
                ActionSpecification("next_region", translate("actions", "&Next region"), "Alt+Down"),
                ActionSpecification("previous_region", translate("actions", "&Previous region"), "Alt+Up"),
                ActionSpecification("clear_hits", translate("actions", "&Clear what was located")),
                ActionSpecification("dismiss", translate("actions", "Close message, layer or selection"), "Esc"),
            ),
        ),
        (
            translate("actions", "&Markdown"),
            (
                ActionSpecification(
                    "table_style_auto",
                    translate("actions", "Tables with &pipes where they can be"),
                    group="table_style",
                ),
                ActionSpecification(
                    "table_style_pipes", translate("actions", "Tables &always with pipes"), group="table_style"
                ),
                ActionSpecification(
                    "table_style_html", translate("actions", "Tables always as &HTML"), group="table_style"
                ),
                ActionSpecification(
                    "formula_style_dollars",
                    translate("actions", "Formulas between &dollar signs"),
                    group="formula_style",
                ),
                ActionSpecification(
                    "formula_style_brackets",
                    translate("actions", "Formulas between \\( and \\)"),
                    group="formula_style",
                ),
            ),
        ),
        (
            translate("actions", "&View"),
            (
                ActionSpecification("zoom_in", translate("actions", "Zoom &in"), "Ctrl++", "zoom_in"),
                ActionSpecification("zoom_out", translate("actions", "Zoom &out"), "Ctrl+-", "zoom_out"),
                ActionSpecification("actual_size", translate("actions", "&Actual size"), "Ctrl+0"),
                ActionSpecification("fit", translate("actions", "&Fit to window"), "Ctrl+9", "fit"),
                ActionSpecification("turn_left", translate("actions", "Turn &left"), "Ctrl+Shift+R", "turn_left"),
                ActionSpecification("turn_right", translate("actions", "Turn &right"), "Ctrl+R", "turn_right"),
                ActionSpecification("turn_all_left", translate("actions", "Turn all pages left")),
                ActionSpecification("turn_all_right", translate("actions", "Turn all pages right")),
                ActionSpecification("remove_crop", translate("actions", "Show the &whole page again"), "", "crop"),
                ActionSpecification("read_ignored", translate("actions", "Ignore no areas an&y more"), "", "ignore"),
                ActionSpecification("boxes", translate("actions", "Show &boxes"), "", "boxes", checkable=True),
                ActionSpecification("uncovered", translate("actions", "Show &uncovered areas"), "", "", checkable=True),
                ActionSpecification("scheme_system", translate("actions", "Colours of the &desktop"), group="scheme"),
                ActionSpecification("scheme_light", translate("actions", "Li&ght colours"), group="scheme"),
                ActionSpecification("scheme_dark", translate("actions", "Dar&k colours"), group="scheme"),
                ActionSpecification("next_page", translate("actions", "&Next page"), "PgDown"),
                ActionSpecification("first_page", translate("actions", "First page"), "Ctrl+PgUp"),
                ActionSpecification("last_page", translate("actions", "Last page"), "Ctrl+PgDown"),
                ActionSpecification("previous_page", translate("actions", "&Previous page"), "PgUp"),
            ),
        ),
    )


class Actions:
    """The table as Qt actions of one window, by name."""

    def __init__(self, window: QWidget) -> None:
        self._by_name: dict[str, QAction] = {}
        self._groups: dict[str, QActionGroup] = {}
        self.menus: list[tuple[str, list[QAction]]] = []
        for title, specifications in menu_table():
            actions = [self._made(specification, window) for specification in specifications]
            self.menus.append((title, actions))

    def __getitem__(self, name: str) -> QAction:
        return self._by_name[name]

    def _made(self, specification: ActionSpecification, window: QWidget) -> QAction:
        action = QAction(specification.text, window)
        action.setObjectName(f"{specification.name}_action")
        action.setCheckable(specification.checkable or bool(specification.group))
        if specification.group:
            self._groups.setdefault(specification.group, QActionGroup(window)).addAction(action)
        if specification.shortcut:
            action.setShortcut(QKeySequence(specification.shortcut))
            action.setToolTip(
                f"{action.iconText()} ({action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)})"
            )
        if specification.icon:
            action.setIcon(appearance.icon(specification.icon))
        window.addAction(action)
        self._by_name[specification.name] = action
        return action
