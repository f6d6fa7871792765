"""The keys of endpoints. A key is looked up when it is needed and goes to its engine alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ocr_desktop.engines.profiles import Profile


class Credentials:
    """Finds the key of a profile in the environment; never in a file, a log, an error or a `repr`."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._environment = environment

    def key_for(self, profile: Profile) -> str | None:
        """The profile's key, or None where there is none."""
        return self._environment.get(profile.key_variable, "").strip() or None
