"""Every format and oddity is shown right and sent as shown; `python -m tests.support.odd_pictures` prints the table."""

from __future__ import annotations

from tests.support.odd_pictures import checked, odd_pictures
from tests.support.workers import open_pictures


async def test_every_odd_picture_is_shown_as_it_was_meant_and_sent_as_it_is_shown() -> None:
    wrong = []
    async with open_pictures() as (store, pictures):
        for odd in odd_pictures():
            row = await checked(store, pictures, odd)
            worst = max(row.from_truth, row.from_opencv or 0)
            if not (row.opened == row.sent == odd.truth.size and row.is_sent_as_shown and worst <= odd.tolerance):
                wrong.append((odd.name, row.opened, row.sent, row.is_sent_as_shown, row.from_truth, row.from_opencv))
    assert wrong == []
