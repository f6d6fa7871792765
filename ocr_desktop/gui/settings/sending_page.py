"""The page of what is sent when: at once or not, to which hosts, and how long an answer is waited for."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QGroupBox,
    QHBoxLayout,
    QHeaderView,
    QPushButton,
    QRadioButton,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from ocr_desktop.gui import appearance
from ocr_desktop.gui.settings.fields import Field, Form, Note, Number, stack_groups
from ocr_desktop.gui.settings.wording import auto_read_texts
from ocr_desktop.services.settings import AutoRead

if TYPE_CHECKING:
    from PySide6.QtCore import QModelIndex, QPersistentModelIndex
    from PySide6.QtGui import QKeyEvent

    from ocr_desktop.services.settings import Settings

LONGEST_TIMEOUT_S = 3600
SHORTEST_TIMEOUT_S = 5
MOST_RETRIES = 10
HOSTS_LINES = 4
HOST_COLUMN, AT_ONCE_COLUMN = range(2)


class OutlinedTicks(QStyledItemDelegate):
    """Draws boxes to tick as they look everywhere."""

    def initStyleOption(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> None:
        super().initStyleOption(option, index)
        option.palette = appearance.ticks_palette(option.palette)


class HostsTable(QTableWidget):
    """The hosts that were allowed, each with a tick; Delete removes one.

    Signals:
        removal_wanted()
    """

    removal_wanted = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Delete:
            self.removal_wanted.emit()
        else:
            super().keyPressEvent(event)


class SendingPage(QWidget):
    """Shows the settings of sending and holds what is chosen.

    Signals:
        edited(): Something else is chosen now.
    """

    edited = Signal()

    def __init__(self, settings: Settings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        stack_groups(
            self,
            self._make_auto_read(settings.auto_read),
            self._make_offline(settings.stay_offline),
            self._make_beside(settings),
            self._make_hosts(settings),
            self._make_waiting(settings),
        )
        self._first = self.chosen(settings)
        self._settings = settings

    def chosen(self, settings: Settings) -> Settings:
        """The settings with what is chosen here."""
        rows = range(self._hosts.rowCount())
        hosts = [self._item(row, HOST_COLUMN).text() for row in rows]
        ticks = [self._item(row, AT_ONCE_COLUMN).checkState() for row in rows]
        at_once = [host for host, tick in zip(hosts, ticks, strict=True) if tick is Qt.CheckState.Checked]
        return replace(
            settings,
            auto_read=list(AutoRead)[self._auto_read.checkedId()],
            stay_offline=self._offline.isChecked(),
            allowed_hosts=tuple(hosts),
            at_once_hosts=tuple(at_once),
            makes_drafts=self._drafts.isChecked(),
            aligns_words=self._aligns.isChecked(),
            timeout_s=self._timeout.value(),
            retries=self._retries.value(),
        )

    @property
    def is_changed(self) -> bool:
        return self.chosen(self._settings) != self._first

    # Parts

    def _make_auto_read(self, chosen: AutoRead) -> QWidget:
        box = QGroupBox(self.tr("Read a picture as soon as it is dropped, pasted or captured"), self)
        column = QVBoxLayout(box)
        column.setSpacing(appearance.SPACING_SMALL)
        self._auto_read = QButtonGroup(self)
        for number, (choice, (name, meaning)) in enumerate(auto_read_texts().items()):
            button = QRadioButton(name, box)
            button.setObjectName(f"auto_read_{choice}_button")
            button.setAccessibleDescription(meaning)
            button.setChecked(choice is chosen)
            self._auto_read.addButton(button, number)
            column.addWidget(button)
            column.addLayout(self._indented(self._note(meaning, box)))
        self._auto_read.idToggled.connect(self.edited)
        return box

    def _make_offline(self, is_on: bool) -> QWidget:
        self._offline = QCheckBox(self.tr("Stay &offline"), self)
        self._offline.setObjectName("stay_offline_box")
        self._offline.setChecked(is_on)
        self._offline.toggled.connect(self.edited)
        field = Field(self._offline, parent=self)
        field.explain(
            self.tr(
                "Makes every request impossible, whatever is asked, also to a server on this computer. This computer"
                " still reads."
            )
        )
        return field

    def _make_beside(self, settings: Settings) -> QWidget:
        box = QGroupBox(self.tr("What this computer does beside an endpoint"), self)
        column = QVBoxLayout(box)
        column.setSpacing(appearance.SPACING)
        self._drafts = self._tick(
            "makes_drafts_box",
            self.tr("S&how a draft while an answer is awaited"),
            self.tr("This computer reads the page meanwhile; its text stands there in grey until the answer comes."),
            settings.makes_drafts,
            column,
        )
        self._aligns = self._tick(
            "aligns_words_box",
            self.tr("&Find the places of words that come without any"),
            self.tr("It also marks words that nothing in the picture supports, and lines that the answer lacks."),
            settings.aligns_words,
            column,
        )
        return box

    def _tick(self, name: str, words: str, meaning: str, is_on: bool, column: QVBoxLayout) -> QCheckBox:
        tick = QCheckBox(words)
        tick.setObjectName(name)
        tick.setChecked(is_on)
        tick.toggled.connect(self.edited)
        field = Field(tick)
        field.explain(meaning)
        column.addWidget(field)
        return tick

    def _make_hosts(self, settings: Settings) -> QWidget:
        box = QGroupBox(self.tr("Hosts that may get pictures"), self)
        column = QVBoxLayout(box)
        column.setSpacing(appearance.SPACING)
        self._no_hosts = self._note(
            self.tr("None was allowed yet. Before a picture goes to a host for the first time, you are asked."), box
        )
        self._hosts = HostsTable(0, 2, box)
        self._hosts.setObjectName("hosts_table")
        self._hosts.setAccessibleName(self.tr("Hosts that may get pictures"))
        self._hosts.setHorizontalHeaderLabels([self.tr("Host"), self.tr("Send as soon as I add a picture")])
        self._hosts.verticalHeader().hide()
        self._hosts.setShowGrid(False)
        # On the dark ground of fields an empty box is hardly seen.
        self._hosts.viewport().setBackgroundRole(QPalette.ColorRole.Window)
        self._hosts.setItemDelegate(OutlinedTicks(self._hosts))
        self._hosts.setTabKeyNavigation(False)
        self._hosts.setSelectionBehavior(QTableWidget.SelectionBehavior.SelectRows)
        self._hosts.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
        header = self._hosts.horizontalHeader()
        header.setSectionResizeMode(HOST_COLUMN, QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(AT_ONCE_COLUMN, QHeaderView.ResizeMode.ResizeToContents)
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter)
        # Who was allowed to get pictures at once is listed even where another hand took the host itself away.
        for host in dict.fromkeys((*settings.allowed_hosts, *settings.at_once_hosts)):
            self._add_host(host, host in settings.at_once_hosts)
        self._hosts.itemChanged.connect(self.edited)
        self._hosts.removal_wanted.connect(self._remove_host)
        self._hosts.currentCellChanged.connect(self._allow)
        self._hosts.setFixedHeight(self.fontMetrics().lineSpacing() * 2 * HOSTS_LINES)
        self._remove = QPushButton(self.tr("Remo&ve"), box)
        self._remove.setObjectName("remove_host_button")
        self._remove.setToolTip(self.tr("Ask again before a picture goes to this host (Del)"))
        self._remove.setAutoDefault(False)
        self._remove.clicked.connect(self._remove_host)
        column.addWidget(self._no_hosts)
        column.addWidget(self._hosts)
        column.addWidget(self._remove, 0, Qt.AlignmentFlag.AlignLeading)
        self._allow()
        return box

    def _make_waiting(self, settings: Settings) -> QWidget:
        box = QGroupBox(self.tr("Waiting for an answer"), self)
        form_widget = QWidget(box)
        form = Form(form_widget)
        self._timeout = Number("timeout_spin", SHORTEST_TIMEOUT_S, LONGEST_TIMEOUT_S, form_widget)
        self._timeout.setSuffix(self.tr(" s"))
        self._timeout.setValue(settings.timeout_s)
        self._timeout.valueChanged.connect(self.edited)
        timeout = Field(self._timeout, parent=form_widget)
        timeout.explain(
            self.tr("How long the first words of an answer are waited for, and then the next ones each time.")
        )
        form.add_row(self.tr("&Timeout:"), timeout)
        self._retries = Number("retries_spin", 0, MOST_RETRIES, form_widget)
        self._retries.setValue(settings.retries)
        self._retries.valueChanged.connect(self.edited)
        retries = Field(self._retries, parent=form_widget)
        retries.explain(
            self.tr("How often a request that failed is sent again; never once words of the answer have come.")
        )
        form.add_row(self.tr("Ret&ries:"), retries)
        column = QVBoxLayout(box)
        column.addWidget(form_widget)
        return box

    # Hosts

    def _add_host(self, host: str, is_ticked: bool) -> None:
        row = self._hosts.rowCount()
        self._hosts.insertRow(row)
        name = QTableWidgetItem(host)
        name.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable)
        tick = QTableWidgetItem()
        tick.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsUserCheckable)
        tick.setCheckState(Qt.CheckState.Checked if is_ticked else Qt.CheckState.Unchecked)
        spoken = self.tr("Send to %1 as soon as I add a picture").replace("%1", host)
        tick.setData(Qt.ItemDataRole.AccessibleTextRole, spoken)
        self._hosts.setItem(row, HOST_COLUMN, name)
        self._hosts.setItem(row, AT_ONCE_COLUMN, tick)

    def _item(self, row: int, column: int) -> QTableWidgetItem:
        item = self._hosts.item(row, column)
        assert item is not None
        return item

    def _remove_host(self) -> None:
        row = self._hosts.currentRow()
        if row >= 0:
            self._hosts.removeRow(row)
            self._allow()
            self.edited.emit()

    def _allow(self) -> None:
        has_hosts = self._hosts.rowCount() > 0
        self._no_hosts.setVisible(not has_hosts)
        self._hosts.setVisible(has_hosts)
        self._remove.setVisible(has_hosts)
        self._remove.setEnabled(self._hosts.currentRow() >= 0)

    # Notes

    def _note(self, text: str, parent: QWidget) -> Note:
        note = Note(parent)
        note.show_note(text)
        return note

    def _indented(self, note: Note) -> QHBoxLayout:
        """Below the words of a radio button, not below its dot."""
        row = QHBoxLayout()
        row.setContentsMargins(appearance.ICON_SIDE, 0, 0, appearance.SPACING_SMALL)
        row.addWidget(note)
        return row
