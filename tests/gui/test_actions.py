from __future__ import annotations

import re
from collections import Counter

import pytest

from ocr_desktop.gui.actions import ActionSpecification, menu_table

ACCELERATOR = re.compile(r"&(\w)")


@pytest.mark.parametrize(("title", "actions"), menu_table())
def test_no_letter_means_two_things_in_a_menu(title: str, actions: tuple[ActionSpecification, ...]) -> None:
    letters = Counter(found[1].lower() for action in actions if (found := ACCELERATOR.search(action.text)))
    assert [letter for letter, count in letters.items() if count > 1] == [], title


def test_no_key_means_two_things() -> None:
    keys = Counter(action.shortcut for _, actions in menu_table() for action in actions if action.shortcut)
    assert [key for key, count in keys.items() if count > 1] == []
