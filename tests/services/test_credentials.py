"""A key is found where it was kept, goes only to the host it was given for, and shows itself nowhere."""

from __future__ import annotations

import asyncio
import logging
import pickle
import subprocess
import sys
import traceback
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import pytest
from keyring.backend import KeyringBackend
from keyring.backends import chainer, fail, null

from ocr_desktop.core.errors import EngineError, ErrorCode
from ocr_desktop.core.secret import Secret
from ocr_desktop.engines.profiles import PartOrder, Profile
from ocr_desktop.services.credentials import SERVICE, Credentials, KeyringObstacle, KeySource
from tests.support.keyrings import LockedKeyring, MemoryKeyring, RefusingKeyring, keyring_in_place

KEY = "sk-not-to-be-seen"
MINE = Profile(
    id="mine",
    title="Mine",
    base_url="https://models.example/v1",
    model="m",
    max_tokens=100,
    part_order=PartOrder.IMAGE_FIRST,
    key_variable="MINE_API_KEY",
)
ROOT = Path(__file__).resolve().parents[2]
SOON_S = 0.5
"""Patience where the answer is known not to come."""

PutInPlace = Callable[[KeyringBackend], None]


@pytest.fixture
def system_has() -> Iterator[PutInPlace]:
    """Puts a keyring in place until the test ends."""
    with ExitStack() as stack:
        yield lambda backend: stack.enter_context(keyring_in_place(backend))


@pytest.fixture
def keyring(system_has: PutInPlace) -> MemoryKeyring:
    backend = MemoryKeyring()
    system_has(backend)
    return backend


async def test_a_key_of_the_environment_goes_before_all(keyring: MemoryKeyring) -> None:
    credentials = Credentials({"MINE_API_KEY": f" {KEY}\n"})
    await credentials.keep(MINE, Secret("sk-another"))
    assert credentials.in_environment(MINE)
    assert await credentials.found(MINE) == (Secret(KEY), KeySource.ENVIRONMENT)
    elsewhere = MINE.changed(base_url="http://localhost:1/v1")
    assert await credentials.key_for(elsewhere) == Secret(KEY), "the user named both, for this call"


@pytest.mark.parametrize("environment", [{}, {"MINE_API_KEY": " "}, {"": KEY}])
async def test_where_there_is_no_key_there_is_none(keyring: MemoryKeyring, environment: dict[str, str]) -> None:
    credentials = Credentials(environment)
    assert not credentials.in_environment(MINE)
    assert await credentials.found(MINE) is None
    assert await credentials.key_for(replace(MINE, key_variable="")) is None


async def test_a_key_that_is_kept_is_there_in_the_next_run(keyring: MemoryKeyring) -> None:
    assert await Credentials({}).keep(MINE, Secret(KEY)) is KeySource.KEYRING
    assert keyring.entries == {(SERVICE, "mine https://models.example"): KEY}
    assert await Credentials({}).found(MINE) == (Secret(KEY), KeySource.KEYRING)


@pytest.mark.parametrize(
    "base_url",
    ["https://other.example/v1", "http://models.example/v1", "https://models.example:8443/v1", "https://example/v1"],
)
async def test_a_key_goes_only_to_the_host_it_was_given_for(keyring: MemoryKeyring, base_url: str) -> None:
    credentials = Credentials({})
    await credentials.keep(MINE, Secret(KEY))
    assert await credentials.key_for(MINE.changed(base_url=base_url)) is None
    assert await credentials.key_for(replace(MINE, id="another")) is None
    assert await credentials.key_for(MINE.changed(base_url="https://models.example/v2", model="n")) == Secret(KEY)


async def test_a_key_in_memory_goes_only_to_the_host_it_was_given_for(system_has: PutInPlace) -> None:
    system_has(fail.Keyring())
    credentials = Credentials({})
    assert await credentials.keep(MINE, Secret(KEY)) is KeySource.MEMORY
    assert await credentials.key_for(MINE.changed(base_url="https://other.example/v1")) is None
    assert await credentials.found(MINE) == (Secret(KEY), KeySource.MEMORY)


async def test_the_keyring_is_asked_once_for_each(keyring: MemoryKeyring) -> None:
    await Credentials({}).keep(MINE, Secret(KEY))
    keyring.asked.clear()
    credentials, other = Credentials({}), replace(MINE, id="other")
    for _ in range(3):
        assert await credentials.key_for(MINE) == Secret(KEY)
        assert await credentials.key_for(other) is None
    assert keyring.asked == ["get mine https://models.example", "get other https://models.example"]
    await credentials.keep(MINE, Secret("sk-new"))
    await credentials.keep(other, Secret("sk-other"))
    assert [await credentials.key_for(each) for each in (MINE, other)] == [Secret("sk-new"), Secret("sk-other")]
    assert len(keyring.asked) == 4


async def test_a_server_here_that_takes_no_key_is_no_reason_to_open_the_keyring(keyring: MemoryKeyring) -> None:
    here = replace(MINE, base_url="http://localhost:1/v1", key_required=False, key_variable="")
    credentials = Credentials({})
    assert await credentials.key_for(here) is None
    assert await credentials.key_for(replace(MINE, base_url="")) is None
    assert keyring.asked == []
    assert await credentials.keep(here, Secret(KEY)) is KeySource.MEMORY
    assert await credentials.key_for(here) == Secret(KEY)
    await credentials.forget(here)
    assert await credentials.key_for(here) is None


async def test_a_forgotten_key_is_gone(keyring: MemoryKeyring) -> None:
    credentials = Credentials({})
    await credentials.keep(MINE, Secret(KEY))
    assert await credentials.forget(MINE)
    assert await credentials.key_for(MINE) is None
    assert keyring.entries == {}
    assert await credentials.forget(MINE), "what is not there is gone"


async def test_an_empty_key_is_one_to_forget(keyring: MemoryKeyring) -> None:
    credentials = Credentials({})
    await credentials.keep(MINE, Secret(KEY))
    assert await credentials.keep(MINE, Secret(" \n")) is None
    assert keyring.entries == {}
    assert await credentials.key_for(MINE) is None


async def test_space_around_a_pasted_key_is_left_out(keyring: MemoryKeyring) -> None:
    await Credentials({}).keep(MINE, Secret(f"\t{KEY} \r\n"))
    assert list(keyring.entries.values()) == [KEY]


@pytest.mark.parametrize("wrong", ["我的密钥", "sk-one\nsk-two", "sk-\x00", "sk-\x1b[31m"])
async def test_a_key_that_no_request_can_carry_is_refused(keyring: MemoryKeyring, wrong: str) -> None:
    credentials = Credentials({})
    await credentials.keep(MINE, Secret(KEY))
    with pytest.raises(EngineError) as caught:
        await credentials.keep(MINE, Secret(wrong))
    assert caught.value.code is ErrorCode.KEY_UNUSABLE
    assert wrong not in "".join(traceback.format_exception(caught.value))
    assert await credentials.key_for(MINE) == Secret(KEY)


class FileKeyring(MemoryKeyring):
    """One of those that write a file and call it a keyring."""


FileKeyring.__module__ = "keyrings.alt.file"


class ChainOfFiles(chainer.ChainerBackend):
    backends = (FileKeyring(), MemoryKeyring())  # type: ignore[assignment]


@pytest.mark.parametrize(
    ("backend", "obstacle"),
    [
        (fail.Keyring(), KeyringObstacle.MISSING),
        (null.Keyring(), KeyringObstacle.MISSING),
        (FileKeyring(), KeyringObstacle.WRITES_FILES),
        (ChainOfFiles(), KeyringObstacle.WRITES_FILES),
    ],
)
async def test_what_keeps_nothing_or_writes_a_file_is_no_keyring(
    system_has: PutInPlace, backend: KeyringBackend, obstacle: KeyringObstacle
) -> None:
    system_has(backend)
    credentials = Credentials({})
    assert await credentials.key_for(MINE) is None
    assert await credentials.keep(MINE, Secret(KEY)) is KeySource.MEMORY
    assert await credentials.found(MINE) == (Secret(KEY), KeySource.MEMORY)
    state = await credentials.keyring_state()
    assert state.obstacle is obstacle
    assert await credentials.forget(MINE)
    assert await credentials.key_for(MINE) is None
    assert credentials.keyring_trouble is None, "nothing is kept there"
    assert not getattr(backend, "asked", [])
    assert await Credentials({}).key_for(MINE) is None


async def test_the_keyring_is_named(keyring: MemoryKeyring) -> None:
    state = await Credentials({}).keyring_state()
    assert (state.name, state.obstacle) == ("tests.support.keyrings.MemoryKeyring", None)
    assert keyring.asked == []


async def test_a_keyring_that_refuses_is_not_asked_to_look_again_and_again(system_has: PutInPlace) -> None:
    backend = RefusingKeyring()
    system_has(backend)
    credentials = Credentials({})
    for engine_id in ("mine", "second", "third"):
        assert await credentials.key_for(replace(MINE, id=engine_id)) is None
    assert len(backend.asked) == 1, "each question may open a dialog"
    assert credentials.keyring_trouble is KeyringObstacle.FAILED
    assert await credentials.keep(MINE, Secret(KEY)) is KeySource.MEMORY
    assert len(backend.asked) == 2, "what somebody types is offered all the same"
    assert await credentials.key_for(MINE) == Secret(KEY)
    assert not await credentials.forget(MINE), "it may still be there"
    assert await credentials.key_for(MINE) is None


async def test_a_locked_keyring_holds_nobody_up(system_has: PutInPlace) -> None:
    backend = LockedKeyring()
    backend.entries[SERVICE, "mine https://models.example"] = KEY
    system_has(backend)
    credentials = Credentials({}, patience_s=SOON_S)
    assert await credentials.key_for(MINE) is None
    assert credentials.keyring_trouble is KeyringObstacle.SILENT
    credentials.patience_s = 3600
    assert await credentials.key_for(MINE) is None, "while it is silent it is not waited for again"
    assert await credentials.keep(replace(MINE, id="other"), Secret(KEY)) is KeySource.MEMORY
    assert (await credentials.keyring_state()).obstacle is KeyringObstacle.SILENT
    assert not await credentials.forget(replace(MINE, id="third"))
    assert backend.asked == ["get mine https://models.example"]
    assert all(thread.daemon for thread in backend.threads)

    backend.unlock.set()
    for thread in backend.threads:
        await asyncio.to_thread(thread.join)
    assert credentials.keyring_trouble is None
    assert await credentials.found(MINE) == (Secret(KEY), KeySource.KEYRING)


async def test_a_key_that_the_keyring_takes_late_is_told_as_kept_there(system_has: PutInPlace) -> None:
    backend = LockedKeyring()
    system_has(backend)
    credentials = Credentials({}, patience_s=SOON_S)
    assert await credentials.keep(MINE, Secret(KEY)) is KeySource.MEMORY
    assert await credentials.found(MINE) == (Secret(KEY), KeySource.MEMORY)
    backend.unlock.set()
    for thread in backend.threads:
        await asyncio.to_thread(thread.join)
    assert await credentials.found(MINE) == (Secret(KEY), KeySource.KEYRING)


@pytest.mark.parametrize("other", [Secret(""), Secret("sk-another")], ids=["forgotten", "another"])
async def test_a_key_that_was_taken_back_meanwhile_is_not_kept_late(system_has: PutInPlace, other: Secret) -> None:
    backend = LockedKeyring()
    system_has(backend)
    credentials = Credentials({}, patience_s=SOON_S)
    assert await credentials.keep(MINE, Secret(KEY)) is KeySource.MEMORY
    await credentials.keep(MINE, other)
    backend.unlock.set()
    for thread in backend.threads:
        await asyncio.to_thread(thread.join)
    assert backend.entries == {}
    kept = await credentials.found(MINE)
    assert kept == ((other, KeySource.MEMORY) if other.reveal() else None)


async def test_questions_asked_at_once_are_answered_one_by_one(keyring: MemoryKeyring) -> None:
    await Credentials({}).keep(MINE, Secret(KEY))
    credentials = Credentials({})
    profiles = [MINE, *(replace(MINE, id=f"other-{number}") for number in range(8))]
    keys = await asyncio.gather(*map(credentials.key_for, profiles))
    assert keys == [Secret(KEY), *[None] * 8]


HANGS = """
import asyncio
from keyring import set_keyring
from ocr_desktop.engines.profiles import shipped_profiles
from ocr_desktop.services.credentials import Credentials
from tests.support.keyrings import LockedKeyring

set_keyring(LockedKeyring())
profile = next(each for each in shipped_profiles() if each.key_required)
print(asyncio.run(Credentials({}, patience_s=0.05).key_for(profile)))
"""


def test_a_keyring_that_never_answers_does_not_keep_the_program_from_ending() -> None:
    command = [sys.executable, "-c", HANGS]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "None\n", "")


async def test_a_key_shows_itself_nowhere(system_has: PutInPlace, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    system_has(RefusingKeyring())
    credentials = Credentials({"OTHER_API_KEY": KEY})
    await credentials.keep(MINE, Secret(KEY))
    found = await credentials.found(MINE)
    other = await credentials.found(replace(MINE, key_variable="OTHER_API_KEY"))
    shown = f"{found!r} {found} {other!r} {credentials!r} {vars(credentials)['_memory']!r} {caplog.text}"
    assert KEY not in shown
    with pytest.raises(TypeError):
        pickle.dumps(found)
