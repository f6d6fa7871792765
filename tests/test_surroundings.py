"""The guards in conftest.py do guard."""

import logging
import os
import socket
from pathlib import Path

import pytest

pytest_plugins = ["pytester"]

GUARDED = (Path(__file__).parent / "conftest.py").read_text("utf-8")


@pytest.fixture
def guarded(pytester: pytest.Pytester) -> pytest.Pytester:
    """A project of its own whose tests have the same guards."""
    pytester.makeconftest(GUARDED)
    return pytester


def test_a_test_that_reaches_out_fails_even_where_the_error_is_caught(guarded: pytest.Pytester) -> None:
    guarded.makepyfile(
        """
        import contextlib, socket

        def test_connects():
            with socket.socket() as outside, contextlib.suppress(OSError):
                outside.connect(("192.0.2.1", 80))

        def test_sends():
            with socket.socket(type=socket.SOCK_DGRAM) as outside, contextlib.suppress(OSError):
                outside.sendto(b"words", ("192.0.2.1", 53))

        def test_asks():
            with contextlib.suppress(OSError):
                socket.create_connection(("example.org", 80))
        """
    )
    result = guarded.runpytest_subprocess("-p", "no:cacheprovider")
    result.assert_outcomes(passed=3, errors=3)
    result.stdout.fnmatch_lines(["*another machine: connect 192.0.2.1"])
    result.stdout.fnmatch_lines(["*another machine: sendto 192.0.2.1"])
    result.stdout.fnmatch_lines(["*another machine: getaddrinfo example.org"])


def test_a_complaint_in_the_log_fails_a_test_that_is_not_marked(guarded: pytest.Pytester) -> None:
    guarded.makepyfile(
        """
        import logging, pytest

        def test_complains():
            logging.getLogger("some.part").warning("no more %s", "paper")

        @pytest.mark.logs_complaints
        def test_means_it():
            logging.getLogger("some.part").error("no more paper")

        def test_tells():
            logging.getLogger("some.part").info("all well")
        """
    )
    result = guarded.runpytest_subprocess("-p", "no:cacheprovider")
    result.assert_outcomes(passed=3, errors=1)
    result.stdout.fnmatch_lines(["*WARNING some.part: no more paper"])


def test_keys_and_proxies_stay_outside(guarded: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PPIO_API_KEY", "secret")
    monkeypatch.setenv("https_proxy", "http://192.0.2.1")
    guarded.makepyfile(
        """
        import os

        def test_looks():
            assert "PPIO_API_KEY" not in os.environ
            assert "https_proxy" not in os.environ
        """
    )
    guarded.runpytest_subprocess("-p", "no:cacheprovider").assert_outcomes(passed=1)


def test_servers_on_this_machine_are_reached() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()) as client:
        assert client.getpeername() == server.getsockname()
    with socket.create_server(("localhost", 0)) as server:
        socket.create_connection(("localhost", server.getsockname()[1])).close()


def test_a_name_that_exists_nowhere_is_not_found() -> None:
    with pytest.raises(socket.gaierror):
        socket.create_connection(("nowhere.invalid", 80))


def test_every_test_has_a_home_of_its_own(tmp_path_factory: pytest.TempPathFactory) -> None:
    base = tmp_path_factory.getbasetemp()
    for variable in ("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME", "APPDATA"):
        assert Path(os.environ[variable]).is_relative_to(base)
    assert list(Path(os.environ["XDG_CONFIG_HOME"]).iterdir()) == []


def test_information_in_the_log_is_no_complaint() -> None:
    logging.getLogger("some.part").info("all well")
