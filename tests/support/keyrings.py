"""Keyrings for tests: one that works, one that never answers, one that refuses; and how to put one in place."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import keyring
from keyring.backend import KeyringBackend
from keyring.errors import KeyringLocked, PasswordDeleteError


class MemoryKeyring(KeyringBackend):
    """Keeps what it is given, and counts what it is asked."""

    viable = False  # the library would find it by itself and take it for the system's

    def __init__(self) -> None:
        super().__init__()
        self.entries: dict[tuple[str, str], str] = {}
        self.asked: list[str] = []
        self.threads: set[threading.Thread] = set()

    def get_password(self, service: str, username: str) -> str | None:
        self._asked(f"get {username}")
        return self.entries.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self._asked(f"set {username}")
        self.entries[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        self._asked(f"delete {username}")
        if self.entries.pop((service, username), None) is None:
            raise PasswordDeleteError("no such entry")

    def _asked(self, question: str) -> None:
        self.asked.append(question)
        self.threads.add(threading.current_thread())


class LockedKeyring(MemoryKeyring):
    """Answers nothing until `unlock` is set: it asks its user for a password."""

    def __init__(self) -> None:
        super().__init__()
        self.unlock = threading.Event()

    def _asked(self, question: str) -> None:
        super()._asked(question)
        self.unlock.wait()


class RefusingKeyring(MemoryKeyring):
    """Its password was not given; its complaint quotes what it was asked to keep."""

    def get_password(self, service: str, username: str) -> str | None:
        super().get_password(service, username)
        raise KeyringLocked("dismissed")

    def set_password(self, service: str, username: str, password: str) -> None:
        self._asked(f"set {username}")
        raise KeyringLocked(f"could not keep {password}")

    def delete_password(self, service: str, username: str) -> None:
        self._asked(f"delete {username}")
        raise KeyringLocked("dismissed")


@contextmanager
def keyring_in_place(backend: KeyringBackend) -> Iterator[None]:
    """Let this be the keyring of the system."""
    before = keyring.get_keyring()
    keyring.set_keyring(backend)
    try:
        yield
    finally:
        if isinstance(backend, LockedKeyring):
            backend.unlock.set()
        keyring.set_keyring(before)
