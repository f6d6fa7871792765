"""The endpoints as the settings dialog has them before anything is written. No Qt here."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ocr_desktop.core.secret import Secret
from ocr_desktop.engines.base import Lack
from ocr_desktop.engines.profiles import Profile
from ocr_desktop.gui.settings.engine_fields import (
    EngineFields,
    Problem,
    fields_of,
    key_problem,
    problems_of,
    profile_of,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable


class EngineDraft:
    """One endpoint in the dialog.

    Attributes:
        base: What the fields were filled from; it holds what no field shows.
        fields: As they stand in the form.
        kept: As it is kept now; None where it is not.
        shipped: As it comes with the program; None where it does not.
        typed_key: A key that was typed and is not kept yet.
        wrong_key: What was typed for one and can be none.
        dropped_key_of: For which origin a key was typed that went when the address changed; empty for none.
        is_drop_seen: Whether the user was led to where that is said.
        forgets_key: Whether the key that is kept is to be forgotten.
    """

    def __init__(self, base: Profile, *, kept: Profile | None, shipped: Profile | None) -> None:
        self.base = base
        self.kept = kept
        self.shipped = shipped
        self.fields: EngineFields = fields_of(base)
        self.typed_key: Secret | None = None
        self.wrong_key: Secret | None = None
        self.dropped_key_of = ""
        self.is_drop_seen = False
        self.forgets_key = False
        self._typed_for = ""

    @property
    def id(self) -> str:
        return self.base.id

    @property
    def profile(self) -> Profile:
        """With what stands in the fields, as far as it is usable."""
        return profile_of(self.base, self.fields)

    @property
    def problems(self) -> dict[str, Problem]:
        """What has to be mended before it can be kept, by the name of the field."""
        return problems_of(self.fields)

    @property
    def differs_from_shipped(self) -> bool:
        return self.shipped is not None and (bool(self.touched_problems) or self.profile != self.shipped)

    @property
    def touched_problems(self) -> dict[str, Problem]:
        """Those of fields that somebody changed; what is still to be filled in is no mistake yet."""
        before = fields_of(self.base)
        changed = {name for name in self.problems if getattr(self.fields, name) != getattr(before, name)}
        return {name: problem for name, problem in self.problems.items() if name in changed}

    @property
    def is_elsewhere(self) -> bool:
        """Whether pictures go to another address now than the key that is kept was given for."""
        return self.kept is not None and self.kept.base_url != "" and self.profile.origin != self.kept.origin

    @property
    def is_changed(self) -> bool:
        is_edited = self.fields != fields_of(self.base) or self.base != self.kept
        return is_edited or self.typed_key is not None or self.wrong_key is not None or self.forgets_key

    def type_key(self, text: Secret) -> None:
        """Take what stands in the key's box now; it belongs to the address that stands there with it."""
        key = Secret(text.reveal().strip())
        is_wrong = key_problem(key.reveal()) is not None
        self.typed_key = key if key.reveal() and not is_wrong else None
        self.wrong_key = text if is_wrong else None
        self.dropped_key_of = ""
        self._typed_for = self._origin

    def drop_typed_key(self) -> None:
        """Let go of what was typed for a key."""
        self.typed_key = self.wrong_key = None

    def settle_key(self) -> bool:
        """Let go of a key that was typed for another address than the one that stands there now; whether there was one.

        What was typed while no address could be used belongs to the first that can.
        """
        if (self.typed_key is None and self.wrong_key is None) or not self._origin:
            return False
        if self._typed_for in ("", self._origin):
            self._typed_for = self._origin
            return False
        self.drop_typed_key()
        self.dropped_key_of, self.is_drop_seen = self._typed_for, False
        return True

    @property
    def _origin(self) -> str:
        """What a key is given for, by the address that is typed; empty where that cannot be used."""
        return "" if "base_url" in self.problems else self.profile.origin

    def note_lacks(self, lacks: frozenset[Lack]) -> None:
        """Note what its answers come without, as a test found it."""
        self.base = dataclasses.replace(self.base, lacks=tuple(lack for lack in Lack if lack in lacks))

    def take_shipped(self) -> None:
        """Go back to what comes with the program."""
        if self.shipped is not None:
            self.base = self.shipped
            self.fields = fields_of(self.shipped)


@dataclass(frozen=True, slots=True)
class Differences:
    """What has to be written.

    Attributes:
        saved: Profiles to write.
        deleted: Ids of own profiles to delete; where one of that id is shipped, that is back then.
        kept_keys: Keys that were typed, each for its profile.
        forgotten_keys: As these profiles are kept now, their keys go.
        order: The ids of all that are set up, in the user's order.
    """

    saved: tuple[Profile, ...]
    deleted: tuple[str, ...]
    kept_keys: tuple[tuple[Profile, Secret], ...]
    forgotten_keys: tuple[Profile, ...]
    order: tuple[str, ...]


class EnginesDraft:
    """The list of endpoints that are set up, and what somebody does to it.

    Args:
        profiles: All that are kept: those that come with the program, and the user's own before them.
        shipped: As they come with the program.
        own_ids: Of those profiles that the user has a file of.
        set_up_ids: Of those that are set up, in the user's order.
        environment_ids: Of those whose key stands in the environment; a shipped one is set up by that alone.
        unused_id: Gives an id like the one that is wished, which nothing that is kept has.
    """

    def __init__(
        self,
        profiles: Iterable[Profile],
        shipped: Iterable[Profile],
        own_ids: Collection[str],
        set_up_ids: Iterable[str],
        environment_ids: Collection[str],
        unused_id: Callable[[str], str],
    ) -> None:
        self._shipped = {profile.id: profile for profile in shipped}
        self._own_ids = frozenset(own_ids)
        self._environment_ids = frozenset(environment_ids)
        self._unused_id = unused_id
        kept = {profile.id: profile for profile in profiles}
        order = dict.fromkeys(each for each in set_up_ids if each in kept)
        self.engines = [self._known(kept[engine_id], kept[engine_id]) for engine_id in order]
        self._kept = kept
        self._first = {engine.id: engine for engine in self.engines}
        self._first_order = tuple(order)

    # What can be added

    @property
    def addable(self) -> tuple[Profile, ...]:
        """Shipped profiles that are not set up; one without an address can be had any number of times."""
        taken = {engine.id for engine in self.engines}
        return tuple(each for each in self._shipped.values() if each.id not in taken or not each.base_url)

    def engine(self, engine_id: str) -> EngineDraft | None:
        """The one of this id, set up now if it only comes with the program; None where there is none."""
        same = next((engine for engine in self.engines if engine.id == engine_id), None)
        if same is not None or engine_id not in self._shipped:
            return same
        return self._append(self._known(self._shipped[engine_id], self._kept.get(engine_id)))

    def add_shipped(self, engine_id: str) -> EngineDraft:
        """Set up a profile that comes with the program; where it is already, another one like it.

        Raises:
            KeyError: None of this id comes with the program.
        """
        if any(engine.id == engine_id for engine in self.engines):
            return self.add(self._shipped[engine_id])
        return self._append(self._known(self._shipped[engine_id], self._kept.get(engine_id)))

    def add(self, profile: Profile) -> EngineDraft:
        """Set up a profile of another origin, under an id and a title of its own."""
        titles = {engine.fields.title for engine in self.engines}
        numbered = (f"{profile.title} {number}" for number in range(2, len(titles) + 3))
        title = next(each for each in (profile.title, *numbered) if each not in titles)
        own = dataclasses.replace(profile, id=self._free_id(profile.id), title=title)
        return self._append(EngineDraft(own, kept=None, shipped=None))

    def copy(self, engine: EngineDraft, title: str) -> EngineDraft:
        """Set up another one like this, right behind it; its key does not go with it."""
        own = dataclasses.replace(engine.profile, id=self._free_id(engine.id))
        copied = EngineDraft(own, kept=None, shipped=None)
        copied.fields = dataclasses.replace(engine.fields, title=title)
        self.engines.insert(self.engines.index(engine) + 1, copied)
        return copied

    # What can be done with one

    def remove(self, engine: EngineDraft) -> None:
        """Take one out of the list; what is kept of it goes when the differences are written, its key too."""
        self.engines.remove(engine)

    def stays_by_itself(self, engine: EngineDraft) -> bool:
        """Whether it cannot be removed, because its key stands in the environment."""
        return engine.shipped is not None and engine.id in self._environment_ids

    def move(self, engine: EngineDraft, rows: int) -> bool:
        """Move one up (negative) or down; whether there was room."""
        row = self.engines.index(engine)
        if not 0 <= row + rows < len(self.engines):
            return False
        self.engines.insert(row + rows, self.engines.pop(row))
        return True

    # What comes of it

    @property
    def is_changed(self) -> bool:
        order = tuple(engine.id for engine in self.engines)
        return order != self._first_order or any(engine.is_changed for engine in self.engines)

    @property
    def unusable(self) -> EngineDraft | None:
        """The first that cannot be kept as it is."""
        return next((engine for engine in self.engines if engine.problems or engine.wrong_key is not None), None)

    @property
    def with_unseen_drop(self) -> EngineDraft | None:
        """The first whose typed key went with its address, without the user having been led there."""
        return next((each for each in self.engines if each.dropped_key_of and not each.is_drop_seen), None)

    @property
    def removed_ids(self) -> list[str]:
        """Those that were set up and are not any more."""
        left = {engine.id for engine in self.engines}
        return [engine_id for engine_id in self._first if engine_id not in left]

    def differences(self) -> Differences:
        """What has to be written, once none is unusable."""
        saved: list[Profile] = []
        deleted: list[str] = []
        forgotten: list[Profile] = []
        for engine in self.engines:
            profile = engine.profile
            if engine.forgets_key or engine.is_elsewhere:
                forgotten.extend([] if engine.kept is None else [engine.kept])
            if profile == engine.shipped:
                deleted.extend([engine.id] if engine.id in self._own_ids else [])
            elif profile != engine.kept:
                saved.append(profile)
        for engine_id in self.removed_ids:
            deleted.extend([engine_id] if engine_id in self._own_ids else [])
            forgotten.append(self._kept[engine_id])
        keys = ((engine.profile, engine.typed_key) for engine in self.engines)
        return Differences(
            saved=tuple(saved),
            deleted=tuple(deleted),
            kept_keys=tuple((profile, key) for profile, key in keys if key is not None),
            forgotten_keys=tuple(forgotten),
            order=tuple(engine.id for engine in self.engines),
        )

    def _known(self, base: Profile, kept: Profile | None) -> EngineDraft:
        return EngineDraft(base, kept=kept, shipped=self._shipped.get(base.id))

    def _append(self, engine: EngineDraft) -> EngineDraft:
        self.engines.append(engine)
        return engine

    def _free_id(self, wished: str) -> str:
        """An id that nothing has or had: what is kept under another's id, or removed just now, is not taken over."""
        taken = {engine.id for engine in self.engines}
        wishes = (wished, *(f"{wished}-{number}" for number in range(2, len(taken) + 3)))
        return next(each for each in map(self._unused_id, wishes) if each not in taken)
