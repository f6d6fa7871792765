"""What this computer read already while an endpoint's answer is awaited: grey, and marked as a draft."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
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
        self._keep = QPushButton(self.tr("&Keep the draft"), self)
        self._keep.setObjectName("keep_draft_button")
        self._keep.setAutoDefault(False)
        self._keep.clicked.connect(self.keep_requested)
        row = QHBoxLayout(self)
        row.setContentsMargins(
            appearance.SPACING, appearance.SPACING_SMALL, appearance.SPACING, appearance.SPACING_SMALL
        )
        row.addWidget(self._label, 1)
        row.addWidget(self._keep)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)

    def show_draft(self, *, can_keep: bool, is_beside_words: bool) -> None:
        """Say that what is seen is a draft or, `is_beside_words`, that there is one beside what came of the answer."""
        if is_beside_words:
            text = self.tr("This computer read the page as well.")
        elif can_keep:
            text = self.tr("Draft, this computer. No answer came.")
        else:
            text = self.tr("Draft, this computer")
        self._label.setText(text)
        self.setAccessibleName(text)
        self._keep.setVisible(can_keep)
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

    def _use_grey(self) -> None:
        palette = QPalette()
        palette.setColor(QPalette.ColorRole.Text, palette.color(QPalette.ColorRole.PlaceholderText))
        self.setPalette(palette)
