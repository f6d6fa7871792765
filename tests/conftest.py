"""What holds for every test: a home of its own, no way to another machine, and no complaint left in a log."""

from __future__ import annotations

import ipaddress
import logging
import os
import socket
from collections.abc import Iterator
from typing import Any

import hypothesis
import pytest

# Before anything of Qt is imported; a test that wants a real display starts one and says so to its child.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

LOGS_COMPLAINTS = "logs_complaints"
NO_SUCH_NAME = ".invalid"
"""Names with this ending exist nowhere, by standard: they fail as such names do, without asking anybody."""

hypothesis.settings.register_profile(
    "here",
    deadline=None,  # the time that an example takes is the machine's matter
    # The same examples in every run, so that a run says something of the change; who searches for more sets this.
    derandomize="SEARCH_FOR_EXAMPLES" not in os.environ,
)
hypothesis.settings.load_profile("here")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", f"{LOGS_COMPLAINTS}: warnings and errors in the log are part of what is tested")


@pytest.fixture(autouse=True)
def own_surroundings(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Settings, caches and keys of whoever runs the tests neither change them nor are changed by them."""
    home = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("HOME", str(home))
    for variable, folder in {
        "XDG_CONFIG_HOME": "config",
        "XDG_DATA_HOME": "data",
        "XDG_CACHE_HOME": "cache",
        "XDG_STATE_HOME": "state",
        "XDG_RUNTIME_DIR": "runtime",
        "APPDATA": "roaming",
        "LOCALAPPDATA": "local",
    }.items():
        (home / folder).mkdir(mode=0o700)
        monkeypatch.setenv(variable, str(home / folder))
    # A session bus or a Wayland display of the desktop around the tests is not theirs.
    for variable in ("DBUS_SESSION_BUS_ADDRESS", "WAYLAND_DISPLAY", "LANGUAGE"):
        monkeypatch.delenv(variable, raising=False)
    for variable in list(os.environ):
        upper = variable.upper()
        if upper.endswith(("_API_KEY", "_TOKEN", "_PROXY")) or upper.startswith("OPENAI_"):
            monkeypatch.delenv(variable)
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    # Nobody's keyring is opened; a test that needs one puts its own in place.
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")


@pytest.fixture(autouse=True)
def only_this_machine(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A connection to another machine, or a question for its address, is refused and fails the test.

    Only this process is watched; what a child may do is its own test's matter.
    """
    outside: list[str] = []
    look_up = socket.getaddrinfo

    def watched(method: str) -> Any:
        original = getattr(socket.socket, method)

        def checked(self: socket.socket, *arguments: Any) -> Any:
            # `sendto(data, [flags,] address)` and the others have the address at the end.
            address = arguments[-1]
            if self.family in (socket.AF_INET, socket.AF_INET6) and not is_this_machine(address[0]):
                outside.append(f"{method} {address[0]}")
                raise ConnectionRefusedError(f"tests stay on this machine: {method} {address[0]}")
            return original(self, *arguments)

        return checked

    def checked_look_up(host: Any, *arguments: Any, **options: Any) -> Any:
        if not is_this_machine(host):
            name = host.decode() if isinstance(host, bytes) else str(host)
            if not name.rstrip(".").endswith(NO_SUCH_NAME):
                outside.append(f"getaddrinfo {name}")
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return look_up(host, *arguments, **options)

    for method in ("connect", "connect_ex", "sendto"):
        monkeypatch.setattr(socket.socket, method, watched(method))
    monkeypatch.setattr(socket, "getaddrinfo", checked_look_up)
    yield
    if outside:
        pytest.fail(f"this test tried to reach another machine: {', '.join(outside)}")


def is_this_machine(host: str | bytes | None) -> bool:
    """Whether a name or address means this machine; None and the empty name do, where a server listens."""
    name = host.decode() if isinstance(host, bytes) else host
    if not name or name == "localhost":
        return True
    try:
        address = ipaddress.ip_address(name)
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified


class Complaints(logging.Handler):
    """Keeps what was logged as a warning or worse."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(f"{record.levelname} {record.name}: {record.getMessage()}")


@pytest.fixture(autouse=True)
def quiet_log(request: pytest.FixtureRequest) -> Iterator[None]:
    """A warning or worse in any log fails the test, unless it is marked `logs_complaints`."""
    complaints = Complaints()
    logging.getLogger().addHandler(complaints)
    yield
    logging.getLogger().removeHandler(complaints)
    if complaints.lines and request.node.get_closest_marker(LOGS_COMPLAINTS) is None:
        pytest.fail("something was complained of in the log:\n" + "\n".join(complaints.lines))
