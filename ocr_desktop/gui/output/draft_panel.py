"""What this computer read already while an endpoint's answer is awaited: grey, and marked as a draft."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPoint, Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSizePolicy, QWidget

from ocr_desktop.gui import appearance
from ocr_desktop.gui.output.rendered import RenderedView

if TYPE_CHECKING:
    from ocr_desktop.core.document import Region


class DraftStrip(QWidget):
    """One line that says what is seen, with a button where the draft can be kept.

    Signals:
        keep_requested(): The user wants the draft as a reading of its own.
    """

    keep_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("draft_strip")
        self.setAutoFillBackground(True)
        self.setBackgroundRole(QPalette.ColorRole.AlternateBase)
        self._label = QLabel(self)
        self._label.setWordWrap(True)
        self.keep_button = QPushButton(self.tr("&Keep the draft"), self)
        self.keep_button.setObjectName("keep_draft_button")
        self.keep_button.setAutoDefault(False)
        self.keep_button.clicked.connect(self.keep_requested)
        row = QHBoxLayout(self)
        row.setContentsMargins(
            appearance.SPACING, appearance.SPACING_SMALL, appearance.SPACING, appearance.SPACING_SMALL
        )
        row.addWidget(self._label, 1)
        row.addWidget(self.keep_button)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)

    def show_draft(self, *, is_awaiting: bool, is_through: bool, is_beside_words: bool) -> None:
        """Say that what is seen is a draft or, `is_beside_words`, that there is one beside what came of the answer.

        Unless it `is_awaiting` the answer it can be kept, as soon as it `is_through`.
        """
        if is_beside_words and is_through:
            text = self.tr("This computer read the page as well.")
        elif is_beside_words:
            text = self.tr("This computer still reads the page as well.")
        elif is_awaiting:
            text = self.tr("Draft, this computer")
        elif is_through:
            text = self.tr("Draft, this computer. No answer came.")
        else:
            text = self.tr("Draft, this computer, which still reads. No answer came.")
        self._label.setText(text)
        self.setAccessibleName(text)
        self.keep_button.setVisible(not is_awaiting)
        self.keep_button.setEnabled(is_through)
        self.show()


class DraftView(RenderedView):
    """The draft's words, as the preview would show them, in grey; nothing in them is tied to the picture."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("draft_view")
        self.setAccessibleName(self.tr("Draft, this computer"))
        self._use_grey()

    def show_draft(self, regions: Sequence[Region]) -> None:
        self.show()
        self.show_regions(regions)

    def region_at(self, point: QPoint) -> int | None:
        """None: what can be done with a region cannot be done with a draft's."""
        return None

    def _use_grey(self) -> None:
        role, grey = QPalette.ColorRole.Text, self.palette().color(QPalette.ColorRole.PlaceholderText)
        if self.palette().color(role) != grey:
            palette = QPalette()
            palette.setColor(role, grey)
            self.setPalette(palette)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._use_grey()
