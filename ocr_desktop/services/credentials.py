"""The keys of endpoints: where each is kept, and the only place that knows the system's keyring.

A key is looked up when it is needed and goes to its engine alone. It comes from the environment, else from the system's
keyring, else from the memory of this run; it is never in a file, a log, an error or a `repr`.

A kept key belongs to a profile and the origin (scheme, host and port) it was given for: a profile that is led to
another address does not take the key along. A variable of the environment is the user's own word for this call, and
goes with whatever address the profile has then, also one of the command line.
"""

from __future__ import annotations

import asyncio
import contextlib
import threading
from concurrent.futures import Future
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, TypeVar

from ocr_desktop.core.errors import EngineError, ErrorCode
from ocr_desktop.core.secret import Secret

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from keyring.backend import KeyringBackend

    from ocr_desktop.engines.profiles import Profile

Result = TypeVar("Result")
Entry = tuple[str, str]
"""A profile's id, and the origin that its key was given for."""

SERVICE = "ocr-desktop"
"""The name under which keys stand in the keyring."""
KEYRING_PATIENCE_S = 30.0
"""A locked keyring asks the user for its password; after this long the key is looked for elsewhere."""
KEEPS_NOTHING = ("keyring.backends.fail.", "keyring.backends.null.")
WRITES_FILES = ("keyrings.alt.",)
"""Stand-ins for a keyring: files of their own, some open to read, some asking for a password on the terminal."""


class KeySource(StrEnum):
    """Where a key is kept."""

    ENVIRONMENT = "environment"
    KEYRING = "keyring"
    MEMORY = "memory"


class KeyringObstacle(StrEnum):
    """Why keys cannot be kept in a keyring."""

    MISSING = "missing"
    """The system has none, or none that can be reached."""
    WRITES_FILES = "writes_files"
    """What stands in for one would write keys to a file."""
    SILENT = "silent"
    """It was asked and has not answered; it may be waiting for its password."""
    FAILED = "failed"
    """It was asked and refused, for example because its password was not given."""


@dataclass(frozen=True, slots=True)
class KeyringState:
    """Which keyring there is, by the name of its library's class, and why it is not used; None where it is."""

    name: str
    obstacle: KeyringObstacle | None


class KeyringUnusableError(Exception):
    """The keyring did not do what it was asked; without its own words, which may quote a key."""

    def __init__(self, obstacle: KeyringObstacle) -> None:
        super().__init__(obstacle.value)
        self.obstacle = obstacle


class SystemKeyring:
    """The system's keyring, asked on threads that the end of the program does not wait for.

    One question at a time. While one is unanswered for longer than `patience_s` seconds, nothing more is asked.
    """

    def __init__(self, patience_s: float) -> None:
        self.patience_s = patience_s
        self._turn = threading.Lock()
        self._asked: object = None
        self._given_up: object = None

    @property
    def is_silent(self) -> bool:
        """Whether it has left a question unanswered for too long, and still does."""
        return self._asked is not None and self._asked is self._given_up

    async def ask(self, question: Callable[[KeyringBackend], Result]) -> Result:
        """The answer of the keyring to a question about one entry.

        Raises:
            KeyringUnusableError: There is none that may be used, it refuses, or it does not answer.
        """

        def asked() -> Result:
            backend = _backend()
            obstacle = _obstacle(backend)
            if obstacle is not None:
                raise KeyringUnusableError(obstacle)
            return question(backend)

        return await self._answer(asked)

    async def state(self) -> KeyringState:
        """Which keyring there is; nothing is asked of it that would make it want its password."""

        def looked_at() -> KeyringState:
            backend = _backend()
            return KeyringState(_class_name(backend), _obstacle(backend))

        try:
            return await self._answer(looked_at)
        except KeyringUnusableError as error:
            return KeyringState("", error.obstacle)

    async def _answer(self, ask: Callable[[], Result]) -> Result:
        if self.is_silent:
            raise KeyringUnusableError(KeyringObstacle.SILENT)
        answer: Future[Result] = Future()
        # The threads of asyncio's own pool are waited for when the program ends; a keyring may never answer.
        threading.Thread(target=self._answer_in_turn, args=(ask, answer), name="keyring", daemon=True).start()
        try:
            return await asyncio.wait_for(asyncio.wrap_future(answer), self.patience_s)
        except TimeoutError:
            self._given_up = self._asked
            raise KeyringUnusableError(KeyringObstacle.SILENT) from None

    def _answer_in_turn(self, ask: Callable[[], Result], answer: Future[Result]) -> None:
        with self._turn:
            if not answer.set_running_or_notify_cancel():
                return
            self._asked = answer
            try:
                result = ask()
            except KeyringUnusableError as error:
                answer.set_exception(error)
            except Exception:
                # Backends raise whatever their library does, with what they were given in it.
                answer.set_exception(KeyringUnusableError(KeyringObstacle.FAILED))
            else:
                answer.set_result(result)
            finally:
                self._asked = None


class Credentials:
    """Finds and keeps the keys of profiles.

    What the keyring said holds for the whole run. After it refused to be looked into, it is not asked again to look
    something up, because each question may open a dialog; to keep or forget a key it is asked each time.

    Args:
        environment: Variables by name.
        patience_s: How long the keyring may take to answer; it may be asking the user for its password.
    """

    def __init__(self, environment: Mapping[str, str], patience_s: float = KEYRING_PATIENCE_S) -> None:
        self._environment = environment
        self._keyring = SystemKeyring(patience_s)
        self._memory: dict[Entry, Secret] = {}
        self._looked_up: dict[Entry, Secret | None] = {}
        self._refusal: KeyringObstacle | None = None

    @property
    def patience_s(self) -> float:
        """How long the keyring may take to answer, in seconds."""
        return self._keyring.patience_s

    @patience_s.setter
    def patience_s(self, seconds: float) -> None:
        self._keyring.patience_s = seconds

    @property
    def keyring_trouble(self) -> KeyringObstacle | None:
        """Why it is not known what the keyring holds, SILENT or FAILED, as far as it was asked; None where it is."""
        if self._keyring.is_silent:
            return KeyringObstacle.SILENT
        return KeyringObstacle.FAILED if self._refusal is KeyringObstacle.FAILED else None

    def in_environment(self, profile: Profile) -> bool:
        """Whether the profile's variable holds a key; the keyring is not asked."""
        return self._of_environment(profile) is not None

    async def key_for(self, profile: Profile) -> Secret | None:
        """The profile's key, or None where there is none."""
        found = await self.found(profile)
        return None if found is None else found[0]

    async def found(self, profile: Profile) -> tuple[Secret, KeySource] | None:
        """The profile's key and where it is kept, or None where there is none."""
        of_environment = self._of_environment(profile)
        if of_environment is not None:
            return of_environment, KeySource.ENVIRONMENT
        entry = _entry(profile)
        # What stands in memory was given after the keyring failed to keep it.
        if entry in self._memory:
            return self._memory[entry], KeySource.MEMORY
        kept = await self._from_keyring(entry) if _may_be_kept(profile) else None
        return None if kept is None else (kept, KeySource.KEYRING)

    async def keep(self, profile: Profile, key: Secret) -> KeySource | None:
        """Keep a key in the keyring, or where that fails for as long as the program runs.

        Space and line breaks around it are left out. An empty key is one to forget.

        Returns:
            Where it is kept now; None where it was forgotten.

        Raises:
            EngineError: KEY_UNUSABLE, no request could carry it; what was kept before still is.
        """
        key = Secret(key.reveal().strip())
        text = key.reveal()
        if not text:
            await self.forget(profile)
            return None
        if not (text.isascii() and text.isprintable()):
            raise _refused(profile)
        entry = _entry(profile)
        self._memory[entry] = key

        def written(keyring: KeyringBackend) -> None:
            """Also where the keyring was opened only after nobody waited for it any more, unless it was forgotten."""
            if self._memory.get(entry) is not key:
                return
            keyring.set_password(SERVICE, _name_of(entry), text)
            if self._memory.get(entry) is key:
                self._looked_up[entry] = key
                del self._memory[entry]
            else:
                # It was forgotten, or another was given, while the keyring asked for its password.
                _delete(keyring, _name_of(entry))

        if _may_be_kept(profile):
            with contextlib.suppress(KeyringUnusableError):
                await self._keyring.ask(written)
                self._refusal = None
                return KeySource.KEYRING
        return KeySource.MEMORY

    async def forget(self, profile: Profile) -> bool:
        """Take a key out of the keyring and out of memory; one of the environment stays there.

        Returns:
            Whether it is gone for sure; False where the keyring did not answer, or refused.
        """
        entry = _entry(profile)
        self._memory.pop(entry, None)
        self._looked_up[entry] = None
        if not _may_be_kept(profile):
            return True
        try:
            await self._keyring.ask(lambda keyring: _delete(keyring, _name_of(entry)))
        except KeyringUnusableError as error:
            return error.obstacle in (KeyringObstacle.MISSING, KeyringObstacle.WRITES_FILES)
        return True

    async def keyring_state(self) -> KeyringState:
        """Which keyring there is, and why it is not used, without opening it."""
        return await self._keyring.state()

    def _of_environment(self, profile: Profile) -> Secret | None:
        value = self._environment.get(profile.key_variable, "").strip() if profile.key_variable else ""
        return Secret(value) if value else None

    async def _from_keyring(self, entry: Entry) -> Secret | None:
        if entry in self._looked_up:
            return self._looked_up[entry]
        if self._refusal is not None:
            return None
        try:
            kept = await self._keyring.ask(lambda keyring: keyring.get_password(SERVICE, _name_of(entry)))
        except KeyringUnusableError as error:
            # One that is silent may still be opened by its user.
            self._refusal = None if error.obstacle is KeyringObstacle.SILENT else error.obstacle
            return None
        # Meanwhile another may have been given.
        return self._looked_up.setdefault(entry, Secret(kept) if kept else None)


def _refused(profile: Profile) -> EngineError:
    return EngineError(
        ErrorCode.KEY_UNUSABLE,
        engine=profile.title,
        host=profile.host,
        model=profile.model,
        variable=profile.key_variable,
        key_page=profile.key_page,
    )


def _entry(profile: Profile) -> Entry:
    return profile.id, profile.origin


def _name_of(entry: Entry) -> str:
    return " ".join(entry)


def _may_be_kept(profile: Profile) -> bool:
    """Whether the keyring is asked: it may want its password, and a server here without keys is no reason for that."""
    takes_key = profile.key_required or profile.key_variable != "" or not profile.is_local
    return takes_key and profile.base_url != ""


def _backend() -> KeyringBackend:
    """The keyring that keeps what is given; of several in a row the first, to which all goes."""
    import keyring
    from keyring.backends.chainer import ChainerBackend

    backend = keyring.get_keyring()
    return backend.backends[0] if isinstance(backend, ChainerBackend) else backend


def _obstacle(backend: KeyringBackend) -> KeyringObstacle | None:
    name = _class_name(backend)
    if name.startswith(KEEPS_NOTHING):
        return KeyringObstacle.MISSING
    return KeyringObstacle.WRITES_FILES if name.startswith(WRITES_FILES) else None


def _class_name(backend: KeyringBackend) -> str:
    return f"{type(backend).__module__}.{type(backend).__qualname__}"


def _delete(backend: KeyringBackend, name: str) -> None:
    from keyring.errors import PasswordDeleteError

    try:
        backend.delete_password(SERVICE, name)
    except PasswordDeleteError:
        # Most libraries say so of an entry that is not there; if it still is, it was not deleted.
        if backend.get_password(SERVICE, name) is not None:
            raise
