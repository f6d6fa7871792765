"""Small pictures of pages: made one at a time, only of pages that somebody looks at, and kept within bounds."""

from __future__ import annotations

from collections import OrderedDict, deque
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QSize, Signal
from PySide6.QtGui import QImage, QPixmap

from ocr_desktop.core.errors import OcrDesktopError
from ocr_desktop.worker.pixels import CHANNELS

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Coroutine, Iterable

    from ocr_desktop.gui.entries import Entry, SourceFile
    from ocr_desktop.worker.client import Thumbnail

    Load = Callable[[Entry, int], Awaitable[Thumbnail]]
    Spawn = Callable[[Coroutine[Any, Any, None]], None]

MOST_KEPT = 64
"""More than fit on any screen, and no more: who pages through a long file shall need no more memory for it."""


class Thumbnails(QObject):
    """Makes and keeps the thumbnails of a list.

    What is wanted is said anew whenever the list moves: what was wanted before and not begun is then forgotten. A page
    of which there is none, because its file cannot be read, is not asked for again until `forget_failures`.

    Signals:
        arrived(Entry): Its thumbnail is there, or why there is none.
    """

    arrived = Signal(object)

    def __init__(self, parent: QObject | None = None, *, most_kept: int = MOST_KEPT) -> None:
        super().__init__(parent)
        self._most_kept = most_kept
        self._longest_side = 0
        self._load: Load | None = None
        self._spawn: Spawn | None = None
        self._wanted: deque[Entry] = deque()
        self._loading: Entry | None = None
        self._is_working = False
        self._pixmaps: OrderedDict[Entry, QPixmap] = OrderedDict()
        self._shapes: dict[Entry | SourceFile, QSize] = {}
        self._failures: dict[Entry, OcrDesktopError | None] = {}

    def use(self, load: Load, spawn: Spawn) -> None:
        """Take thumbnails from `load(entry, longest_side)`, awaited in a task that `spawn` owns."""
        self._load, self._spawn = load, spawn
        self._work_on()

    def set_longest_side(self, pixels: int) -> None:
        """Make thumbnails of another size from now on; those there are go."""
        if pixels != self._longest_side:
            self._longest_side = pixels
            self._loading = None
            self._pixmaps.clear()

    def want(self, entries: Iterable[Entry]) -> None:
        """Make the thumbnails of these pages that are not there yet, in this order, and of no others."""
        self._wanted = deque(
            entry
            for entry in entries
            if entry not in self._pixmaps and entry not in self._failures and entry is not self._loading
        )
        self._work_on()

    def pixmap(self, entry: Entry) -> QPixmap | None:
        """A page's thumbnail, upright before the user's own turns; None where there is none yet."""
        pixmap = self._pixmaps.get(entry)
        if pixmap is not None:
            self._pixmaps.move_to_end(entry)
        return pixmap

    def shape(self, entry: Entry) -> QSize | None:
        """A size of a page's proportions before the user's own turns, else of one of the same file; None: not known."""
        if entry.page is not None and entry.page.size is not None:
            return QSize(entry.page.size.width, entry.page.size.height)
        return self._shapes.get(entry) or self._shapes.get(entry.file)

    def failure(self, entry: Entry) -> OcrDesktopError | None:
        """Why a page has no thumbnail and gets none."""
        return self._failures.get(entry)

    def forget(self, entries: Iterable[Entry]) -> None:
        """Let go of pages that left the list, or whose pictures are others now."""
        for entry in entries:
            self._pixmaps.pop(entry, None)
            self._failures.pop(entry, None)
            self._shapes.pop(entry, None)
            self._shapes.pop(entry.file, None)
            if self._loading is entry:
                self._loading = None
            if entry in self._wanted:
                self._wanted.remove(entry)

    def forget_failures(self, file: SourceFile) -> None:
        """Let the pages of a file be asked for again: it could be opened."""
        for entry in [each for each in self._failures if each.file is file]:
            del self._failures[entry]

    def _work_on(self) -> None:
        if self._wanted and not self._is_working and self._spawn is not None:
            self._is_working = True
            self._spawn(self._work())

    async def _work(self) -> None:
        try:
            while self._wanted and self._load is not None:
                await self._make(self._wanted.popleft(), self._load)
        finally:
            self._loading = None
            self._is_working = False

    async def _make(self, entry: Entry, load: Load) -> None:
        self._loading = entry
        try:
            pixmap = _pixmap_of(await load(entry, self._longest_side))
        except OcrDesktopError as error:
            self._fail(entry, error)
        except Exception:
            self._fail(entry, None)
            raise
        else:
            if self._loading is entry:
                self._loading = None
                self._keep(entry, pixmap)
                self.arrived.emit(entry)

    def _fail(self, entry: Entry, error: OcrDesktopError | None) -> None:
        if self._loading is entry:
            self._loading = None
            self._failures[entry] = error
            self.arrived.emit(entry)

    def _keep(self, entry: Entry, pixmap: QPixmap) -> None:
        self._pixmaps[entry] = pixmap
        # The pages of most files are all of one shape.
        if self._shapes.setdefault(entry.file, pixmap.size()) != pixmap.size():
            self._shapes[entry] = pixmap.size()
        while len(self._pixmaps) > self._most_kept:
            self._pixmaps.popitem(last=False)


def _pixmap_of(thumbnail: Thumbnail) -> QPixmap:
    width, height = thumbnail.size.width, thumbnail.size.height
    if len(thumbnail.rgb) != width * height * CHANNELS:
        # Qt would read on behind the end.
        raise ValueError("a thumbnail has other pixels than its size says")
    image = QImage(thumbnail.rgb, width, height, width * CHANNELS, QImage.Format.Format_RGB888)
    return QPixmap.fromImage(image)
