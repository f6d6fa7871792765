"""Journeys go through the whole program as a user does, on a display of their own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.driving import virtual_display


@pytest.fixture(scope="session")
def display() -> Iterator[str]:
    try:
        with virtual_display() as name:
            yield name
    except FileNotFoundError:
        pytest.skip("there is no Xvfb on this machine")
