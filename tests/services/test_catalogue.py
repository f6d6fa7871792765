"""Which engines there are: the shipped ones, a user's own, and what keeps each from being used."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Never, Protocol

import pytest

from ocr_desktop.core.errors import EngineError, ErrorCode, InputError, OcrDesktopError, UsageError
from ocr_desktop.core.secret import Secret
from ocr_desktop.engines.base import EMBEDDED_ID, Engine, OfflineSwitch
from ocr_desktop.engines.openai_compatible import OpenAICompatibleEngine
from ocr_desktop.engines.profiles import load_profile, shipped_profiles
from ocr_desktop.services.catalogue import Catalogue
from ocr_desktop.services.credentials import Credentials, KeySource
from ocr_desktop.services.outgoing import Outgoing
from ocr_desktop.services.profile_files import ProfileFiles
from ocr_desktop.worker.client import PicturesClient
from ocr_desktop.worker.pixels import PixelStore
from ocr_desktop.worker.reader_client import ReaderClient
from tests.engines.asking import StillPicture, heard, request
from tests.support.keyrings import MemoryKeyring, RefusingKeyring, keyring_in_place
from tests.support.provider_server import ProviderServer

KEYS = {"MODELVERSE_API_KEY": "sk-not-to-be-seen", "OCR_DESKTOP_API_KEY": "sk-of-another"}
SHIPPED = [profile.id for profile in shipped_profiles()]
HOSTED = [profile.id for profile in shipped_profiles() if profile.key_required]


class OpenCatalogue(Catalogue):
    """A catalogue with what it is made of in sight."""

    credentials: Credentials
    profile_files: ProfileFiles
    offline: OfflineSwitch


class MakesCatalogues(Protocol):
    def __call__(self, *own_profiles: str, **environment: str) -> OpenCatalogue: ...


@pytest.fixture
async def catalogue_of(tmp_path: Path) -> AsyncIterator[MakesCatalogues]:
    """Makes a catalogue over real clients; a profile of one's own is its TOML, in the files `0.toml`, `1.toml`, …"""
    store = PixelStore()
    pictures, reader = PicturesClient(store), ReaderClient(store)
    made: list[Catalogue] = []
    folders = itertools.count()

    def make(*own_profiles: str, **environment: str) -> OpenCatalogue:
        folder = tmp_path / str(next(folders))
        folder.mkdir()
        for number, text in enumerate(own_profiles):
            (folder / f"{number}.toml").write_text(text)
        credentials, files, offline = Credentials(environment), ProfileFiles(folder), OfflineSwitch()
        catalogue = OpenCatalogue(credentials, files, lambda: Outgoing(pictures), lambda: reader, offline)
        catalogue.credentials, catalogue.profile_files, catalogue.offline = credentials, files, offline
        made.append(catalogue)
        return catalogue

    yield make
    for catalogue in made:
        await catalogue.close()
    await pictures.close()
    await reader.close()
    store.close()


def own(engine_id: str = "mine", base_url: str = "https://models.example/v1", more: str = "") -> str:
    return (
        f'id = "{engine_id}"\ntitle = "Mine"\nbase_url = "{base_url}"\nmodel = "some/model"\nmax_tokens = 4000\n'
        f'part_order = "image_first"\nkey_required = false\n{more}\n'
    )


async def ids(catalogue: Catalogue) -> list[str]:
    return [status.description.id for status in await catalogue.statuses()]


async def obstacles(catalogue: Catalogue) -> dict[str, ErrorCode | None]:
    return {
        status.description.id: None if status.obstacle is None else status.obstacle.code
        for status in await catalogue.statuses()
    }


async def endpoint(
    catalogue: Catalogue, engine_id: str, *, base_url: str | None = None, model: str | None = None
) -> OpenAICompatibleEngine:
    engine = await catalogue.engine(engine_id, base_url=base_url, model=model)
    assert isinstance(engine, OpenAICompatibleEngine)
    return engine


async def test_what_the_list_tells_of_an_engine_is_what_asking_it_tells(catalogue_of: MakesCatalogues) -> None:
    profiles = (
        own("plain", "http://192.0.2.1/v1"),
        own("keyed", more='key_variable = "MINE"').replace("false", "true"),
    )
    catalogue = catalogue_of(*profiles, MODELVERSE_API_KEY="我的密钥")
    statuses = await catalogue.statuses()
    told = {status.description.id: status.obstacle for status in statuses if status.obstacle is not None}
    assert {name: obstacle.code for name, obstacle in told.items()} == {
        **dict.fromkeys(HOSTED, ErrorCode.KEY_MISSING),
        "modelverse": ErrorCode.KEY_UNUSABLE,
        "custom": ErrorCode.PROFILE_INCOMPLETE,
        "plain": ErrorCode.HOST_INSECURE,
        "keyed": ErrorCode.KEY_MISSING,
    }
    for name, obstacle in told.items():
        with pytest.raises(type(obstacle)) as refused:
            await catalogue.engine(name)
        assert (refused.value.code, refused.value.fields) == (obstacle.code, obstacle.fields)
    for profile in map(load_profile, map(str.encode, profiles)):
        result = await heard(OpenAICompatibleEngine(profile, None, StillPicture()), request())
        assert result.error is not None
        assert (result.error.code, result.error.fields) == (told[profile.id].code, told[profile.id].fields)


async def test_a_missing_key_is_named(catalogue_of: MakesCatalogues) -> None:
    with pytest.raises(EngineError) as caught:
        await catalogue_of().engine("ppio")
    assert caught.value.code is ErrorCode.KEY_MISSING
    assert (caught.value.fields["engine"], caught.value.fields["variable"]) == ("PPIO", "PPIO_API_KEY")


async def test_what_is_missing_of_a_profile_can_be_given_for_one_call(catalogue_of: MakesCatalogues) -> None:
    catalogue = catalogue_of()
    for base_url, missing in ((None, "base_url"), ("https://models.example/v1", "model")):
        with pytest.raises(UsageError) as caught:
            await catalogue.engine("custom", base_url=base_url)
        assert caught.value.code is ErrorCode.PROFILE_INCOMPLETE
        assert caught.value.fields == {"engine": "custom", "missing": missing}
    engine = await endpoint(catalogue, "custom", base_url="https://models.example/v1", model="m")
    assert (engine.description.host, engine.description.model) == ("models.example", "m")


async def test_a_plain_line_is_refused_to_another_machine_alone(catalogue_of: MakesCatalogues) -> None:
    catalogue = catalogue_of(
        own("plain", "http://192.0.2.1/v1"),
        own("allowed", "http://192.0.2.1/v1", "http_allowed = true"),
        own("here", "http://127.0.0.1:8000/v1"),
    )
    found = await obstacles(catalogue)
    assert [found[name] for name in ("plain", "allowed", "here")] == [ErrorCode.HOST_INSECURE, None, None]
    with pytest.raises(EngineError) as caught:
        await catalogue.engine("vllm", base_url="http://192.0.2.1/v1")
    assert caught.value.code is ErrorCode.HOST_INSECURE


async def test_offline_leaves_this_computer_alone_and_no_server(catalogue_of: MakesCatalogues) -> None:
    catalogue = catalogue_of(MODELVERSE_API_KEY="sk-not-to-be-seen")
    assert (await obstacles(catalogue))["modelverse"] is None
    engine = await catalogue.engine("ollama")
    catalogue.offline.is_on = True
    assert await obstacles(catalogue) == {
        EMBEDDED_ID: None,
        **dict.fromkeys(SHIPPED, ErrorCode.OFFLINE),
        "custom": ErrorCode.PROFILE_INCOMPLETE,
    }
    profile = catalogue.profile("ollama")
    for ask in (lambda: catalogue.engine("ollama"), lambda: asyncio.to_thread(catalogue.trial, profile, None)):
        with pytest.raises(EngineError) as caught:
            await ask()
        assert (caught.value.code, caught.value.fields["host"]) == (ErrorCode.OFFLINE, "localhost")
    assert (await catalogue.engine(EMBEDDED_ID)).description.host is None
    catalogue.offline.is_on = False
    assert await catalogue.engine("ollama") is engine


async def test_an_engine_that_was_made_before_sends_nothing_offline(catalogue_of: MakesCatalogues) -> None:
    catalogue = catalogue_of()
    with ProviderServer() as server:
        engine = await endpoint(catalogue, "custom", base_url=server.base_url, model="m")
        catalogue.offline.is_on = True
        result = await heard(engine, request())
        assert result.error is not None
        assert result.error.code is ErrorCode.OFFLINE
        assert server.requests == []


async def test_the_keyring_stays_closed_while_nothing_may_be_sent(catalogue_of: MakesCatalogues) -> None:
    backend = MemoryKeyring()
    with keyring_in_place(backend):
        catalogue = catalogue_of()
        catalogue.offline.is_on = True
        await catalogue.statuses()
        with pytest.raises(EngineError):
            await catalogue.engine("ppio")
        assert backend.asked == []
        catalogue.offline.is_on = False
        await catalogue.statuses()
        assert {question.split()[1] for question in backend.asked} == {*HOSTED, "vllm"}


async def test_an_unknown_engine_is_answered_with_the_known_ones(catalogue_of: MakesCatalogues) -> None:
    catalogue = catalogue_of(own())
    for ask in (catalogue.describe, catalogue.profile):
        with pytest.raises(UsageError) as caught:
            ask("other")
        assert caught.value.code is ErrorCode.UNKNOWN_ENGINE
        assert caught.value.fields["known"] == ", ".join((EMBEDDED_ID, *SHIPPED[:-1], "mine", "custom"))
    with pytest.raises(UsageError):
        await catalogue.engine("other")


async def test_a_profile_of_ones_own_goes_before_a_shipped_one(catalogue_of: MakesCatalogues) -> None:
    catalogue = catalogue_of(own("ollama", "http://localhost:9/v1", "order = 40"))
    assert await ids(catalogue) == [EMBEDDED_ID, *SHIPPED]
    assert catalogue.describe("ollama").title == "Mine"


async def test_profiles_of_ones_own_stand_where_their_order_says(catalogue_of: MakesCatalogues) -> None:
    catalogue = catalogue_of(own("last", more="order = 99"), own("first", more="order = 1"), own("middle"))
    assert await ids(catalogue) == [EMBEDDED_ID, "first", *SHIPPED[:-1], "middle", "custom", "last"]


async def test_a_broken_profile_costs_itself_alone(catalogue_of: MakesCatalogues) -> None:
    catalogue = catalogue_of(own().replace("4000", "0"), "id =", "", "a = " + "[" * 50_000, own())
    folder = catalogue.profile_files.folder
    (folder / "bytes.toml").write_bytes(b"\xff\xfe")
    (folder / "folder.toml").mkdir()
    (folder / "lost.toml").symlink_to(folder / "nowhere")
    assert await ids(catalogue) == [EMBEDDED_ID, *SHIPPED[:-1], "mine", "custom"]
    assert {path.name: error.code for path, error in catalogue.profile_files.unreadable.items()} == {
        "0.toml": ErrorCode.PROFILE_INCOMPLETE,
        "1.toml": ErrorCode.PROFILE_INCOMPLETE,
        "2.toml": ErrorCode.FILE_EMPTY,
        "3.toml": ErrorCode.PROFILE_INCOMPLETE,
        "bytes.toml": ErrorCode.PROFILE_INCOMPLETE,
        "folder.toml": ErrorCode.NOT_A_FILE,
        "lost.toml": ErrorCode.BROKEN_LINK,
    }


def test_what_is_set_up_stands_in_the_user_s_order(catalogue_of: MakesCatalogues) -> None:
    catalogue = catalogue_of(own(), PPIO_API_KEY="sk-not-to-be-seen")
    assert [each.id for each in catalogue.set_up(())] == ["ppio", "mine"]
    chosen = catalogue.set_up(("vllm", "gone", "mine", "vllm"))
    assert [each.id for each in chosen] == ["vllm", "mine", "ppio"]


async def test_where_the_key_is_kept_is_told(catalogue_of: MakesCatalogues) -> None:
    with keyring_in_place(MemoryKeyring()):
        catalogue = catalogue_of(PPIO_API_KEY="sk-not-to-be-seen")
        await catalogue.credentials.keep(catalogue.profile("novita"), Secret("sk-kept"))
        statuses = {status.description.id: status for status in await catalogue.statuses()}
        assert statuses["ppio"].key_source is KeySource.ENVIRONMENT
        assert (statuses["novita"].key_source, statuses["novita"].is_ready) == (KeySource.KEYRING, True)
        assert (statuses["modelverse"].key_source, statuses["modelverse"].is_ready) == (None, False)
        assert statuses["ppio"].profile == catalogue.profile("ppio")
        assert statuses[EMBEDDED_ID].profile is None
        assert await catalogue.status("novita") == statuses["novita"]


async def test_an_engine_is_made_once_and_closed(
    catalogue_of: MakesCatalogues, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed: list[Engine] = []
    close = OpenAICompatibleEngine.close

    async def watched(engine: OpenAICompatibleEngine) -> None:
        closed.append(engine)
        await close(engine)

    monkeypatch.setattr(OpenAICompatibleEngine, "close", watched)
    catalogue = catalogue_of()
    engine = await endpoint(catalogue, "ollama")
    assert await catalogue.engine("ollama") is engine
    assert await catalogue.engine(EMBEDDED_ID) is await catalogue.engine(EMBEDDED_ID)
    other = await endpoint(catalogue, "ollama", model="another")
    assert other is not engine
    assert closed == [], "what reads still is left to end"
    await catalogue.close()
    assert closed == [engine, other]
    assert await catalogue.engine("ollama") is not engine


async def test_another_key_or_profile_makes_another_engine(catalogue_of: MakesCatalogues) -> None:
    catalogue = catalogue_of()
    profile = catalogue.profile("ppio")
    await catalogue.credentials.keep(profile, Secret("sk-one"))
    first = await endpoint(catalogue, "ppio")
    await catalogue.credentials.keep(profile, Secret("sk-one"))
    assert await catalogue.engine("ppio") is first
    await catalogue.credentials.keep(profile, Secret("sk-two"))
    second = await endpoint(catalogue, "ppio")
    assert second is not first
    await catalogue.profile_files.save(replace(profile, model="another"))
    third = await endpoint(catalogue, "ppio")
    assert third is not second
    assert third.description.model == "another"
    await catalogue.profile_files.save(replace(profile, base_url="https://elsewhere.example/v1"))
    with pytest.raises(EngineError) as caught:
        await catalogue.engine("ppio")
    assert caught.value.code is ErrorCode.KEY_MISSING, "a key goes only to the host it was given for"


async def test_where_there_is_no_place_for_pictures_the_engines_are_listed_all_the_same(tmp_path: Path) -> None:
    def full() -> Never:
        raise InputError(ErrorCode.NO_SPACE)

    catalogue = Catalogue(Credentials({}), ProfileFiles(tmp_path), full, full, OfflineSwitch())
    assert await ids(catalogue) == [EMBEDDED_ID, *SHIPPED]
    assert catalogue.describe(EMBEDDED_ID) == (await catalogue.status(EMBEDDED_ID)).description
    for engine_id in (EMBEDDED_ID, "ollama"):
        with pytest.raises(InputError):
            await catalogue.engine(engine_id)
    await catalogue.close()


async def test_that_a_closed_keyring_may_hold_the_key_is_told(catalogue_of: MakesCatalogues) -> None:
    with keyring_in_place(RefusingKeyring()), pytest.raises(EngineError) as caught:
        await catalogue_of().engine("ppio")
    assert (caught.value.code, caught.value.fields["keyring"]) == (ErrorCode.KEY_MISSING, "failed")


async def test_what_an_endpoint_refused_is_known_with_another_key(catalogue_of: MakesCatalogues) -> None:
    catalogue = catalogue_of()
    profile = catalogue.profile("ppio")
    await catalogue.credentials.keep(profile, Secret("sk-one"))
    first = await endpoint(catalogue, "ppio")
    first.fields_refused, first.tokens_allowed = frozenset({"stream_options"}), 4000
    await catalogue.credentials.keep(profile, Secret("sk-two"))
    second = await endpoint(catalogue, "ppio")
    assert second is not first
    assert (second.fields_refused, second.tokens_allowed) == (frozenset({"stream_options"}), 4000)
    elsewhere = await endpoint(catalogue, "ppio", model="another")
    assert (elsewhere.fields_refused, elsewhere.tokens_allowed) == (frozenset(), None)


async def test_settings_can_be_tried_before_they_are_kept(catalogue_of: MakesCatalogues) -> None:
    catalogue = catalogue_of()
    with ProviderServer() as server:
        profile = catalogue.profile("ppio", base_url=server.base_url)
        with pytest.raises(EngineError) as caught:
            catalogue.trial(profile, None)
        assert caught.value.code is ErrorCode.KEY_MISSING
        engine = catalogue.trial(profile, Secret("sk-tried"))
        await engine.close()
    with pytest.raises(EngineError):
        await catalogue.engine("ppio")


async def test_no_key_is_in_what_is_told(catalogue_of: MakesCatalogues) -> None:
    catalogue = catalogue_of(own("plain", "http://192.0.2.1/v1", 'key_variable = "OCR_DESKTOP_API_KEY"'), **KEYS)
    statuses = await catalogue.statuses()
    told: list[OcrDesktopError] = [status.obstacle for status in statuses if status.obstacle is not None]
    assert not [status for status in statuses if any(key in repr(status) for key in KEYS.values())]
    assert ErrorCode.HOST_INSECURE in {error.code for error in told}
    assert not [error for error in told if any(key in repr(error) for key in KEYS.values())]
