"""`doctor` says what is wrong with this computer, sends nothing, and shows no key."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from ocr_desktop.cli import checks, window_checks
from ocr_desktop.core.errors import EngineError, ErrorCode
from ocr_desktop.engines.profiles import profile_toml, shipped_profiles
from ocr_desktop.services.context import AppContext, default_settings_folder
from ocr_desktop.services.credentials import KeyringObstacle
from ocr_desktop.services.settings import Settings
from ocr_desktop.worker.reader_client import ReaderClient
from tests.cli.conftest import Program
from tests.support.keyrings import MemoryKeyring, RefusingKeyring, keyring_in_place

CHECKS = {
    "program",
    "packages",
    "qt",
    "fonts",
    "session",
    "embedded_engine",
    "settings",
    "prompts",
    "temporary_folder",
    "proxy",
    "keyring",
}
SECRET = "sk-secret-0123456789"
Findings = dict[str, dict[str, Any]]
Examined = Callable[..., tuple[int, Findings]]


@pytest.fixture
def examined(program: Program) -> Examined:
    """The exit code and the findings by what was looked at."""

    def call() -> tuple[int, Findings]:
        ended = program("doctor", "--json")
        assert ended.errors == b""
        report = json.loads(ended.output)
        assert report["schema"] == "ocr-desktop/doctor/1"
        assert all(finding.keys() == {"check", "state", "message", "hint"} for finding in report["findings"])
        return ended.code, {finding["check"]: finding for finding in report["findings"]}

    return call


def test_on_a_computer_that_is_well_nothing_hinders(examined: Examined, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PPIO_API_KEY", SECRET)
    monkeypatch.setenv("HTTPS_PROXY", f"http://user:{SECRET}@proxy.example:8080")
    code, findings = examined()
    assert code == 0
    assert findings.keys() > CHECKS
    assert {"problem"}.isdisjoint(finding["state"] for finding in findings.values())
    assert findings["embedded_engine"]["state"] == "ok"
    assert (findings["engine.ppio"]["state"], findings["engine.modelverse"]["state"]) == ("ok", "note")
    assert "MODELVERSE_API_KEY" in findings["engine.modelverse"]["hint"]
    assert findings["proxy"]["message"].startswith("set in the environment for https; ")
    for secret in (SECRET, "proxy.example"):
        assert secret not in json.dumps(findings)


def test_the_text_has_a_line_for_each_and_says_in_the_end_how_it_is(program: Program) -> None:
    ended = program("doctor")
    assert (ended.code, ended.errors) == (0, b"")
    *lines, gap, summary = ended.text.splitlines()
    assert {line.split()[1] for line in lines} > CHECKS
    assert {line.split()[0] for line in lines} <= {"ok", "note"}
    assert (gap, summary[:29]) == ("", "Nothing hinders the program. ")


def test_a_qt_that_does_not_start_is_a_finding(examined: Examined, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QT_QPA_PLATFORM", "nonsense")
    code, findings = examined()
    assert code == 3
    assert findings["qt"]["state"] == "problem"
    assert 'Could not find the Qt platform plugin "nonsense"' in findings["qt"]["message"]
    assert findings["embedded_engine"]["state"] == "ok"


def test_a_qt_that_cannot_be_loaded_is_told_in_its_last_words(
    examined: Examined, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(window_checks, "REPORT", "ocr_desktop.no_such_module")
    assert examined()[1]["qt"]["message"].endswith("No module named ocr_desktop.no_such_module")
    assert window_checks._last_words("Traceback (most recent call last):\n  File\nImportError: libGL.so.1\n") == (
        "ImportError: libGL.so.1"
    )


def test_qt_gets_to_know_of_its_session_and_of_no_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PPIO_API_KEY", SECRET)
    monkeypatch.setenv("DISPLAY", ":7")
    environment = window_checks._environment()
    assert environment["DISPLAY"] == ":7"
    assert SECRET not in environment.values()


def test_a_qt_that_hangs_is_not_waited_for(examined: Examined, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(window_checks, "PATIENCE_S", 0.0)
    assert examined()[1]["qt"]["message"].startswith("Qt does not start within ")


def test_an_engine_without_its_weights_is_a_problem(
    program: Program, examined: Examined, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def missing(self: ReaderClient) -> None:
        raise EngineError(ErrorCode.WEIGHTS_MISSING, file="a.onnx", folder="/models")

    monkeypatch.setattr(ReaderClient, "warm_up", missing)
    code, findings = examined()
    assert (code, findings["embedded_engine"]["state"]) == (3, "problem")
    assert findings["embedded_engine"]["hint"] == "Install the program again"
    assert program("doctor").text.splitlines()[-1] == "What hinders the program: embedded_engine."


def test_places_that_cannot_be_used_are_told(examined: Examined, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(**_: object) -> object:
        raise FileNotFoundError(2, "No usable temporary directory found")

    folder = default_settings_folder()
    folder.mkdir(parents=True)
    (folder / "settings.toml").write_text("engine =")
    (folder / "prompts.toml").write_text('[[prompt]]\nid = "x"\ntitle = "No text"\n')
    monkeypatch.setattr("tempfile.TemporaryFile", full)
    code, findings = examined()
    assert (code, findings["temporary_folder"]["state"]) == (3, "problem")
    assert findings["engine.ollama"]["state"] == "ok", "what is missing for a picture hides no engine"
    assert findings["prompts"]["message"] == "No text: it holds no text; it was left out"
    assert (folder / "settings.toml.unreadable").exists()


def test_a_profile_that_cannot_be_used_is_told(examined: Examined) -> None:
    own = default_settings_folder() / "engines" / "own.toml"
    own.parent.mkdir(parents=True)
    own.write_text("id =")
    code, findings = examined()
    assert (code, findings["profiles"]["state"], findings["profiles"]["hint"]) == (0, "note", f"Mend or remove {own}")


def test_a_hosted_profile_that_leads_elsewhere_is_told(examined: Examined) -> None:
    own = default_settings_folder() / "engines" / "own.toml"
    own.parent.mkdir(parents=True)
    shipped = next(profile for profile in shipped_profiles() if profile.id == "ppio")
    own.write_bytes(profile_toml(replace(shipped, base_url="https://evil.example/v1")))
    code, findings = examined()
    assert (code, findings["profiles"]["state"]) == (0, "note")
    assert f"{own} replaces" in findings["profiles"]["message"]
    assert "https://evil.example" in findings["profiles"]["message"]


def test_a_broken_file_that_may_have_held_the_lock_is_told(examined: Examined) -> None:
    file = default_settings_folder() / "settings.toml"
    file.parent.mkdir(parents=True)
    file.write_text("stay_offline = true\nengine =")
    findings = examined()[1]
    assert findings["offline"]["state"] == "note"
    assert AppContext().settings_file.load().stay_offline


def test_that_the_program_stays_offline_is_told(examined: Examined) -> None:
    AppContext().settings_file.save(Settings(stay_offline=True))
    code, findings = examined()
    assert (code, findings["offline"]["state"]) == (0, "note")
    assert findings["engine.ollama"]["state"] == "ok"


@pytest.mark.parametrize(
    ("keyring", "state", "words"),
    [(MemoryKeyring, "ok", "keys are kept by "), (RefusingKeyring, "note", "it refuses to answer ")],
)
def test_the_keyring_is_told(examined: Examined, keyring: type[MemoryKeyring], state: str, words: str) -> None:
    with keyring_in_place(keyring()):
        finding = examined()[1]["keyring"]
    assert finding["state"] == state
    assert finding["message"].startswith(words)
    assert keyring.__name__ in finding["message"]


def test_each_obstacle_of_a_keyring_has_words() -> None:
    assert set(checks.KEYRING_WORDS) == set(KeyringObstacle)


def test_a_missing_package_is_a_problem(examined: Examined, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "PACKAGES", ("openai", "no-such-package"))
    code, findings = examined()
    assert (code, findings["packages"]["message"]) == (3, "no-such-package cannot be found")
