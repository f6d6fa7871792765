"""A user's own profiles are kept whole, and take nothing dangerous from a stranger's file."""

from __future__ import annotations

import asyncio
import os
import traceback
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from ocr_desktop.core.errors import ErrorCode, InputError, OutputError, UsageError
from ocr_desktop.engines.profiles import PLAIN_NAME, PartOrder, Profile, load_profile, profile_toml, shipped_profiles
from ocr_desktop.services.profile_files import ImportChange, ProfileFiles

MINE = Profile(
    id="mine",
    title="Mine",
    base_url="https://models.example/v1",
    model="m",
    max_tokens=100,
    part_order=PartOrder.IMAGE_FIRST,
    extra_body={"top_k": 1, "deep": {"list": [1, "two", {"three": 3.0}]}},
)
SHIPPED = {profile.id: profile for profile in shipped_profiles()}


def spread(path: Path) -> None:
    """Make a file that is larger than anybody's profile, and takes no room."""
    with path.open("wb") as file:
        file.truncate(100 << 20)


@pytest.fixture
def files(tmp_path: Path) -> ProfileFiles:
    return ProfileFiles(tmp_path / "engines")


def kept(files: ProfileFiles) -> dict[str, Profile]:
    """What a new start of the program finds."""
    return {profile.id: profile for profile in ProfileFiles(files.folder).profiles()}


async def test_a_saved_profile_is_there_in_the_next_run(files: ProfileFiles) -> None:
    assert not files.is_own("mine")
    await files.save(MINE)
    assert files.is_own("mine")
    assert kept(files)["mine"] == MINE
    assert [path.name for path in files.folder.iterdir()] == ["mine.toml"]
    await files.save(replace(MINE, title="Other"))
    assert kept(files)["mine"].title == "Other"
    assert [path.name for path in files.folder.iterdir()] == ["mine.toml"]


async def test_a_deleted_profile_gives_the_shipped_one_back(files: ProfileFiles) -> None:
    changed = replace(SHIPPED["ollama"], title="My Ollama", order=1)
    await files.save(changed)
    assert files.profiles()[0] == changed
    assert files.is_own("ollama")
    assert files.shipped() == shipped_profiles()
    await files.delete("ollama")
    assert files.profiles() == shipped_profiles()
    await files.delete("ollama")
    await files.delete("never-there")
    assert kept(files) == SHIPPED


async def test_a_file_of_any_name_is_read_and_written_where_it_stands(files: ProfileFiles) -> None:
    files.folder.mkdir()
    (files.folder / "from a friend.toml").write_bytes(profile_toml(MINE))
    (files.folder / "other.toml").write_bytes(profile_toml(replace(MINE, id="second")))
    await files.save(replace(MINE, title="Changed"))
    await files.save(replace(MINE, id="other"))
    assert {"mine", "second", "other"} <= kept(files).keys()
    assert kept(files)["mine"].title == "Changed"
    names = sorted(path.name for path in files.folder.iterdir())
    assert names == ["from a friend.toml", "other-2.toml", "other.toml"]
    await files.delete("second")
    assert {"mine", "other"} <= kept(files).keys()
    assert "second" not in kept(files)


async def test_what_people_write_into_the_folder_meanwhile_is_not_written_over(files: ProfileFiles) -> None:
    assert files.profiles()
    files.folder.mkdir()
    (files.folder / "mine.toml").write_bytes(profile_toml(replace(MINE, id="theirs")))
    await files.save(MINE)
    assert {"mine", "theirs"} <= kept(files).keys()


@pytest.mark.parametrize("content", [b"id = ", b"", b"\xff\xfe", profile_toml(MINE).replace(b"100", b"0")])
async def test_a_file_that_cannot_be_read_is_told_and_never_written_over(files: ProfileFiles, content: bytes) -> None:
    files.folder.mkdir()
    file = files.folder / "mine.toml"
    file.write_bytes(content)
    assert "mine" not in {profile.id for profile in files.profiles()}
    assert files.free_id("mine") == "mine-2"
    with pytest.raises((UsageError, InputError)) as caught:
        await files.save(MINE)
    assert caught.value.code is files.unreadable[file].code
    assert file.read_bytes() == content
    await files.delete("mine")
    assert file.read_bytes() == content
    file.write_bytes(profile_toml(MINE))
    files.reload()
    assert files.is_own("mine")
    assert files.unreadable == {}


async def test_of_two_files_with_one_id_the_second_is_left_out_and_told(files: ProfileFiles) -> None:
    files.folder.mkdir()
    first, second = files.folder / "a.toml", files.folder / "b.toml"
    first.write_bytes(profile_toml(MINE))
    second.write_bytes(profile_toml(replace(MINE, title="Twin")))
    assert {profile.id: profile for profile in files.profiles()}["mine"] == MINE
    assert list(files.unreadable) == [second]
    assert "a.toml" in str(files.unreadable[second].fields["message"])
    await files.save(replace(MINE, title="Changed"))
    assert load_profile(second.read_bytes()).title == "Twin"
    await files.delete("mine")
    assert kept(files)["mine"].title == "Twin"


async def test_a_profile_that_could_not_be_read_back_is_not_written(files: ProfileFiles) -> None:
    await files.save(MINE)
    with pytest.raises(UsageError):
        await files.save(replace(MINE, title="", extra_body={}))
    assert kept(files)["mine"] == MINE


async def test_a_folder_that_cannot_be_written_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "engines").write_text("a file, not a folder")
    files = ProfileFiles(tmp_path / "engines")
    assert files.profiles() == shipped_profiles()
    with pytest.raises(OutputError) as caught:
        await files.save(MINE)
    assert caught.value.code is ErrorCode.OUTPUT_UNWRITABLE


async def test_a_file_that_cannot_be_deleted_is_an_error(files: ProfileFiles, monkeypatch: pytest.MonkeyPatch) -> None:
    await files.save(MINE)

    def refuse(path: Path, missing_ok: bool = False) -> None:
        raise PermissionError(13, "not allowed", str(path))

    monkeypatch.setattr(Path, "unlink", refuse)
    with pytest.raises(OutputError):
        await files.delete("mine")
    assert files.is_own("mine")


async def test_saves_at_once_are_all_kept(files: ProfileFiles) -> None:
    ids = [f"mine-{number}" for number in range(6)]
    await asyncio.gather(*(files.save(replace(MINE, id=engine_id)) for engine_id in ids))
    assert set(ids) <= kept(files).keys()


@pytest.mark.parametrize(
    ("wished", "given"),
    [
        ("new", "new"),
        ("ppio", "ppio-2"),
        ("embedded", "embedded-2"),
        ("My Server (office)", "my-server--office"),
        ("../../etc/passwd", "etc-passwd"),
        ("服务器", "服务器"),
        ("", "engine"),
        ("///", "engine"),
    ],
)
def test_a_free_id_is_like_the_one_that_is_wished(files: ProfileFiles, wished: str, given: str) -> None:
    assert files.free_id(wished) == given


@hypothesis_settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text())
def test_a_free_id_can_always_be_used(files: ProfileFiles, wished: str) -> None:
    free = files.free_id(wished)
    assert PLAIN_NAME.fullmatch(free)
    assert load_profile(profile_toml(replace(MINE, id=free))).id == free
    assert free not in SHIPPED


def test_what_is_exported_can_be_imported(files: ProfileFiles) -> None:
    imported = files.import_(files.export(MINE))
    assert imported.profile == MINE
    assert imported.changes == frozenset()
    assert not files.is_own("mine"), "it is shown before it is kept"


async def test_an_import_takes_no_other_profile_s_place(files: ProfileFiles) -> None:
    await files.save(MINE)
    imported = files.import_(profile_toml(replace(MINE, base_url="https://evil.example/v1")))
    assert imported.profile.id == "mine-2"
    assert imported.changes == {ImportChange.ID}
    assert files.import_(profile_toml(SHIPPED["vllm"])).profile.id == "vllm-2"


@pytest.mark.parametrize("variable", ["OPENAI_API_KEY", "AWS_SECRET_ACCESS_KEY", "PPIO_API_KEY", "MINE_API_KEY"])
def test_an_import_cannot_ask_for_a_variable_of_the_user_s(files: ProfileFiles, variable: str) -> None:
    imported = files.import_(profile_toml(replace(MINE, key_variable=variable)))
    assert imported.profile.key_variable == ""
    assert imported.profile.key_required
    assert imported.changes == {ImportChange.KEY_VARIABLE}


def test_an_import_keeps_the_variable_that_belongs_to_its_host(files: ProfileFiles) -> None:
    ppio = replace(SHIPPED["ppio"], id="ppio-long", max_tokens=5000)
    imported = files.import_(files.export(ppio))
    assert imported.profile == ppio
    assert imported.changes == frozenset()


def test_an_import_cannot_allow_pictures_to_travel_in_the_open(files: ProfileFiles) -> None:
    given = replace(MINE, base_url="http://192.0.2.1/v1", http_allowed=True, tested=True)
    imported = files.import_(profile_toml(given))
    assert not imported.profile.http_allowed
    assert not imported.profile.tested
    assert imported.changes == {ImportChange.HTTP_ALLOWED, ImportChange.TESTED}


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ('api_key = "sk-not-to-be-seen"', "api_key"),
        ('apiKey = "sk-not-to-be-seen"', "apiKey"),
        ('[headers]\nAuthorization = "Bearer sk-not-to-be-seen"', "Authorization"),
        ('[extra_body]\naccess_token = "sk-not-to-be-seen"', "extra_body"),
        ('[[extra_body.logins]]\npassword = "sk-not-to-be-seen"', "extra_body"),
    ],
)
async def test_a_file_with_a_key_in_it_is_refused_and_the_key_not_repeated(
    files: ProfileFiles, line: str, name: str
) -> None:
    plain = profile_toml(replace(MINE, extra_body={})).replace(b"[extra_body]\n", b"")
    files.folder.mkdir()
    (files.folder / "mine.toml").write_bytes(plain + line.encode())
    assert not files.is_own("mine"), "what stands in it would be sent"
    (unreadable,) = files.unreadable.values()
    with pytest.raises(UsageError) as caught:
        files.import_(plain + line.encode())
    for error in (caught.value, unreadable):
        assert error.fields["missing"] == name
        assert "a key does not belong into a file" in str(error.fields["message"])
        assert "sk-not-to-be-seen" not in "".join(traceback.format_exception(error)) + repr(error)


async def test_a_profile_with_a_key_in_it_is_neither_handed_on_nor_written(files: ProfileFiles) -> None:
    for extra in ({"api_key": "not-to-be-seen"}, {"headers": [{"authorization": "not-to-be-seen"}]}):
        profile = replace(MINE, extra_body=extra)
        with pytest.raises(UsageError) as caught:
            files.export(profile)
        assert caught.value.fields["missing"] == "extra_body"
        with pytest.raises(UsageError):
            await files.save(profile)
    assert not files.folder.exists()


@pytest.mark.parametrize("make", [os.mkfifo, lambda path: path.symlink_to("/dev/zero"), lambda path: spread(path)])
def test_a_file_that_never_ends_is_no_profile(files: ProfileFiles, make: Callable[[Path], None]) -> None:
    files.folder.mkdir()
    make(files.folder / "endless.toml")
    assert files.profiles() == shipped_profiles()
    assert [path.name for path in files.unreadable] == ["endless.toml"]


def test_a_hosted_profile_that_a_file_leads_elsewhere_is_told(files: ProfileFiles) -> None:
    files.folder.mkdir()
    for name, base_url in (("ppio", "https://evil.example/v1"), ("vllm", "http://10.0.0.5/v1"), ("novita", None)):
        profile = replace(SHIPPED[name], title="Mine", base_url=base_url or SHIPPED[name].base_url)
        (files.folder / f"{name}.toml").write_bytes(profile_toml(profile))
    custom = replace(SHIPPED["custom"], base_url="https://models.example/v1")
    (files.folder / "custom.toml").write_bytes(profile_toml(custom))
    (led,) = files.led_elsewhere()
    assert (led.path.name, led.own.host, led.shipped) == ("ppio.toml", "evil.example", SHIPPED["ppio"])


@pytest.mark.parametrize("content", [b"", b"\xff", b"id = ", b"a = " + b"[" * 50_000, b'colour = "red"'])
def test_an_import_that_is_no_profile_is_refused(files: ProfileFiles, content: bytes) -> None:
    with pytest.raises(UsageError) as caught:
        files.import_(content)
    assert caught.value.code is ErrorCode.PROFILE_INCOMPLETE


@pytest.mark.parametrize("profile", shipped_profiles(), ids=lambda profile: profile.id)
def test_a_shipped_profile_can_be_handed_on(files: ProfileFiles, profile: Profile) -> None:
    imported = files.import_(files.export(profile)).profile
    assert replace(imported, id=profile.id, key_variable=profile.key_variable) == profile
