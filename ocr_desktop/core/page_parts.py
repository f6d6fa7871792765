"""Which part of a page is read: what is cropped away, and what is ignored on every page alike."""

from __future__ import annotations

from dataclasses import dataclass

from ocr_desktop.core.geometry import PixelBox, Size


@dataclass(frozen=True, slots=True)
class IgnoredArea:
    """A part that is not read, such as a page head, as shares of the page: 0 is its left or top edge, 1 the other.

    Drawn once, it lies on pages of any size.
    """

    left: float
    top: float
    right: float
    bottom: float

    def on(self, page: Size) -> PixelBox:
        """Where it lies on a page of this size, in page pixels."""
        return PixelBox(
            self.left * page.width, self.top * page.height, self.right * page.width, self.bottom * page.height
        )


def ignored_area(box: PixelBox, page: Size) -> IgnoredArea:
    """The area that a box (page pixels) takes of a page of this size."""
    return IgnoredArea(box.x_min / page.width, box.y_min / page.height, box.x_max / page.width, box.y_max / page.height)


@dataclass(frozen=True, slots=True)
class AreaChange:
    """Areas that come and go, whatever others there are."""

    added: tuple[IgnoredArea, ...] = ()
    removed: tuple[IgnoredArea, ...] = ()

    @property
    def reverse(self) -> AreaChange:
        return AreaChange(self.removed, self.added)

    def applied(self, areas: tuple[IgnoredArea, ...]) -> tuple[IgnoredArea, ...]:
        """Areas after this change of them; of equal ones each that goes takes one along."""
        left = [*areas]
        for area in self.removed:
            if area in left:
                left.remove(area)
        return (*left, *self.added)
