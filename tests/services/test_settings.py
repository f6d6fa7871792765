"""Settings survive a restart, and a broken file is kept aside instead of lost."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from ocr_desktop.core.errors import ErrorCode, OutputError
from ocr_desktop.core.markdown import FormulaStyle, MarkdownStyle, TableStyle
from ocr_desktop.services.settings import (
    LONGEST_SILENCE_S,
    MOST_RETRIES,
    AutoRead,
    ColourScheme,
    Settings,
    SettingsFile,
)

DEEP = b"a = " + b"[" * 50_000
WORDS = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=12)
NAMES = st.lists(WORDS, max_size=3).map(tuple)


@hypothesis_settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.builds(
        Settings,
        engine=WORDS,
        preset=WORDS,
        auto_read=st.sampled_from(AutoRead),
        stay_offline=st.booleans(),
        engines=NAMES,
        allowed_hosts=NAMES,
        at_once_hosts=NAMES,
        timeout_s=st.integers(1, LONGEST_SILENCE_S),
        retries=st.integers(0, MOST_RETRIES),
        colour_scheme=st.sampled_from(ColourScheme),
        table_style=st.sampled_from(TableStyle),
        formula_style=st.sampled_from(FormulaStyle),
    )
)
def test_settings_come_back_as_they_were(tmp_path: Path, settings: Settings) -> None:
    SettingsFile(tmp_path).save(settings)
    assert SettingsFile(tmp_path).load() == settings


def test_without_a_file_everything_is_as_before_anybody_chose(tmp_path: Path) -> None:
    assert SettingsFile(tmp_path / "missing").load() == Settings()


@pytest.mark.parametrize("content", [b"engine = ", b"\xff\xfe\x00", b'engine = "a"\nengine = "b"', DEEP])
def test_an_unreadable_file_is_set_aside_and_said(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "settings.toml").write_bytes(content)
    file = SettingsFile(tmp_path)
    assert file.load() == Settings()
    assert file.set_aside is not None
    assert file.set_aside.read_bytes() == content
    file.save(Settings(engine="ppio"))
    assert file.set_aside.read_bytes() == content


def test_a_value_of_the_wrong_kind_costs_that_value_alone(tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_text(
        'engine = "ppio"\nauto_read = "sometimes"\nallowed_hosts = [1]\nunknown = 3\ntimeout_s = 0\nretries = 1000000\n'
    )
    assert SettingsFile(tmp_path).load() == Settings(engine="ppio")


@pytest.mark.parametrize("value", ["true", '"true"', '"no"', "1", "0", '""', "[]", "{}"])
def test_a_lock_of_any_value_but_false_is_on(tmp_path: Path, value: str) -> None:
    (tmp_path / "settings.toml").write_text(f'stay_offline = {value}\nengine = "ppio"\n')
    file = SettingsFile(tmp_path)
    assert file.load() == Settings(stay_offline=True, engine="ppio")
    assert not file.is_lock_assumed


BROKEN = "engine = \n"


@pytest.mark.parametrize(
    "content",
    [
        "stay_offline = true\n" + BROKEN,
        BROKEN + '  "stay_offline"=true',
        BROKEN + "stay_offline",
        BROKEN + "stay_offline = flase",
        BROKEN + 'stay_offline = "false"',
        BROKEN + "stay_offline = false\nstay_offline = true",
        BROKEN + 'engine = "x" stay_offline = true',
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_lock_in_a_file_that_cannot_be_read_is_on_and_stays_on(tmp_path: Path, content: str, encoding: str) -> None:
    (tmp_path / "settings.toml").write_text(content, encoding)
    file = SettingsFile(tmp_path)
    assert file.load() == Settings(stay_offline=True)
    assert file.is_lock_assumed
    assert file.set_aside is not None
    assert file.set_aside.read_text(encoding) == content
    again = SettingsFile(tmp_path)
    assert (again.load(), again.is_lock_assumed) == (Settings(stay_offline=True), False)


@pytest.mark.parametrize("line", ["", "# stay_offline = true", "stay_offline = false", "stay_offline=false # not now"])
def test_a_broken_file_without_a_lock_locks_nothing(tmp_path: Path, line: str) -> None:
    (tmp_path / "settings.toml").write_text(f"{BROKEN}{line}\n")
    file = SettingsFile(tmp_path)
    assert file.load() == Settings()
    assert file.set_aside is not None
    assert not file.is_lock_assumed
    assert not (tmp_path / "settings.toml").exists()


def sparse(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(1 << 30)


@pytest.mark.parametrize("make", [os.mkfifo, Path.mkdir, lambda path: path.symlink_to("/dev/zero"), sparse])
def test_what_is_no_file_of_settings_is_not_waited_for_and_may_hold_a_lock(
    tmp_path: Path, make: Callable[[Path], None]
) -> None:
    make(tmp_path / "settings.toml")
    file = SettingsFile(tmp_path)
    assert file.load() == Settings(stay_offline=True)
    assert file.is_lock_assumed
    assert file.set_aside is not None
    assert SettingsFile(tmp_path).load() == Settings(stay_offline=True)


def test_an_empty_file_is_one_in_which_nothing_was_chosen(tmp_path: Path) -> None:
    (tmp_path / "settings.toml").touch()
    file = SettingsFile(tmp_path)
    assert (file.load(), file.set_aside) == (Settings(), None)


def test_a_folder_that_cannot_be_written_is_an_error_and_not_a_loss(tmp_path: Path) -> None:
    (tmp_path / "occupied").write_text("a file, not a folder")
    with pytest.raises(OutputError) as caught:
        SettingsFile(tmp_path / "occupied").save(Settings())
    assert caught.value.code is ErrorCode.OUTPUT_UNWRITABLE
    assert caught.value.fields["reason"]


def test_each_broken_file_is_kept(tmp_path: Path) -> None:
    kept = []
    for content in ("first =", "second =", "third ="):
        (tmp_path / "settings.toml").write_text(content)
        file = SettingsFile(tmp_path)
        file.load()
        assert file.set_aside is not None
        kept.append(file.set_aside)
    assert [path.read_text() for path in kept] == ["first =", "second =", "third ="]


def test_a_broken_file_that_cannot_be_moved_is_not_written_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(path: Path, target: Path) -> Path:
        raise PermissionError(errno.EACCES, "not allowed", str(path), None, str(target))

    (tmp_path / "settings.toml").write_text("broken =")
    file = SettingsFile(tmp_path)
    with monkeypatch.context() as patched:
        patched.setattr(Path, "replace", refuse)
        assert file.load() == Settings()
    assert file.set_aside is None
    with pytest.raises(OutputError) as caught:
        file.save(Settings())
    assert caught.value.fields["reason"] == "not allowed"
    assert (tmp_path / "settings.toml").read_text() == "broken ="


def test_settings_that_are_a_link_stay_one(tmp_path: Path) -> None:
    (tmp_path / "elsewhere.toml").write_text('engine = "ppio"\n')
    (tmp_path / "settings.toml").symlink_to(tmp_path / "elsewhere.toml")
    file = SettingsFile(tmp_path)
    file.save(Settings(engine="vllm"))
    assert (tmp_path / "settings.toml").is_symlink()
    assert file.load().engine == "vllm"


def test_the_form_of_markdown_is_a_setting(tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_text('table_style = "pipes"\nformula_style = "sometimes"\n')
    settings = SettingsFile(tmp_path).load()
    assert settings.markdown_style == MarkdownStyle(TableStyle.PIPES, FormulaStyle.DOLLARS)
