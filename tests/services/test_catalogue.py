"""Which engines there are: the shipped ones, a user's own, and what keeps each from being used."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Protocol

import pytest

from ocr_desktop.core.errors import EngineError, ErrorCode, OcrDesktopError, UsageError
from ocr_desktop.engines.base import EMBEDDED_ID, Engine
from ocr_desktop.engines.openai_compatible import OpenAICompatibleEngine
from ocr_desktop.engines.profiles import load_profile
from ocr_desktop.services.catalogue import Catalogue
from ocr_desktop.services.credentials import Credentials
from ocr_desktop.worker.client import PicturesClient, ReaderClient
from ocr_desktop.worker.pixels import PixelStore
from tests.engines.asking import StillPicture, heard, request

KEYS = {"MODELVERSE_API_KEY": "sk-not-to-be-seen", "OCR_DESKTOP_API_KEY": "sk-of-another"}
SHIPPED = ["modelverse", "ppio", "vllm", "ollama", "custom"]


class MakesCatalogues(Protocol):
    def __call__(self, *own_profiles: str, **environment: str) -> Catalogue: ...


@pytest.fixture
async def catalogue_of(tmp_path: Path) -> AsyncIterator[MakesCatalogues]:
    """Makes a catalogue over real clients; a profile of one's own is its TOML, in the files `0.toml`, `1.toml`, …"""
    store = PixelStore()
    pictures, reader = PicturesClient(store), ReaderClient(store)
    made: list[Catalogue] = []

    def make(*own_profiles: str, **environment: str) -> Catalogue:
        for number, text in enumerate(own_profiles):
            (tmp_path / f"{number}.toml").write_text(text)
        made.append(Catalogue(Credentials(environment), pictures, reader, tmp_path))
        return made[-1]

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


def ids(catalogue: Catalogue) -> list[str]:
    return [status.description.id for status in catalogue.statuses()]


def obstacles(catalogue: Catalogue, *, offline: bool = False) -> dict[str, ErrorCode | None]:
    return {
        status.description.id: None if status.obstacle is None else status.obstacle.code
        for status in catalogue.statuses(offline=offline)
    }


async def test_what_the_list_tells_of_an_engine_is_what_asking_it_tells(catalogue_of: MakesCatalogues) -> None:
    profiles = (
        own("plain", "http://192.0.2.1/v1"),
        own("keyed", more='key_variable = "MINE"').replace("false", "true"),
    )
    catalogue = catalogue_of(*profiles, MODELVERSE_API_KEY="我的密钥")
    told = {status.description.id: status.obstacle for status in catalogue.statuses() if status.obstacle is not None}
    assert {name: obstacle.code for name, obstacle in told.items()} == {
        "modelverse": ErrorCode.KEY_REFUSED,
        "ppio": ErrorCode.KEY_MISSING,
        "custom": ErrorCode.PROFILE_INCOMPLETE,
        "plain": ErrorCode.HOST_INSECURE,
        "keyed": ErrorCode.KEY_MISSING,
    }
    for name, obstacle in told.items():
        with pytest.raises(type(obstacle)) as refused:
            catalogue.engine(name)
        assert (refused.value.code, refused.value.fields) == (obstacle.code, obstacle.fields)
    for profile in map(load_profile, map(str.encode, profiles)):
        result = await heard(OpenAICompatibleEngine(profile, None, StillPicture()), request())
        assert result.error is not None
        assert (result.error.code, result.error.fields) == (told[profile.id].code, told[profile.id].fields)


def test_a_missing_key_is_named(catalogue_of: MakesCatalogues) -> None:
    with pytest.raises(EngineError) as caught:
        catalogue_of().engine("ppio")
    assert caught.value.code is ErrorCode.KEY_MISSING
    assert (caught.value.fields["engine"], caught.value.fields["variable"]) == ("PPIO", "PPIO_API_KEY")


def test_what_is_missing_of_a_profile_can_be_given_for_one_call(catalogue_of: MakesCatalogues) -> None:
    catalogue = catalogue_of()
    for base_url, missing in ((None, "base_url"), ("https://models.example/v1", "model")):
        with pytest.raises(UsageError) as caught:
            catalogue.engine("custom", base_url=base_url)
        assert caught.value.code is ErrorCode.PROFILE_INCOMPLETE
        assert caught.value.fields == {"engine": "custom", "missing": missing}
    engine = catalogue.engine("custom", base_url="https://models.example/v1", model="m")
    assert (engine.description.host, engine.description.model) == ("models.example", "m")


def test_a_plain_line_is_refused_to_another_machine_alone(catalogue_of: MakesCatalogues) -> None:
    catalogue = catalogue_of(
        own("plain", "http://192.0.2.1/v1"),
        own("allowed", "http://192.0.2.1/v1", "http_allowed = true"),
        own("here", "http://127.0.0.1:8000/v1"),
    )
    assert [obstacles(catalogue)[name] for name in ("plain", "allowed", "here")] == [
        ErrorCode.HOST_INSECURE,
        None,
        None,
    ]
    with pytest.raises(EngineError) as caught:
        catalogue.engine("vllm", base_url="http://192.0.2.1/v1")
    assert caught.value.code is ErrorCode.HOST_INSECURE


def test_offline_leaves_this_machine_alone(catalogue_of: MakesCatalogues) -> None:
    catalogue = catalogue_of(MODELVERSE_API_KEY="sk-not-to-be-seen")
    assert obstacles(catalogue)["modelverse"] is None
    assert obstacles(catalogue, offline=True) == {
        EMBEDDED_ID: None,
        "modelverse": ErrorCode.OFFLINE,
        "ppio": ErrorCode.OFFLINE,
        "vllm": None,
        "ollama": None,
        "custom": ErrorCode.PROFILE_INCOMPLETE,
    }
    with pytest.raises(EngineError) as caught:
        catalogue.engine("modelverse", offline=True)
    assert (caught.value.code, caught.value.fields) == (ErrorCode.OFFLINE, {"host": "api.modelverse.cn"})
    with pytest.raises(EngineError):
        catalogue.engine("ollama", base_url="https://models.example/v1", offline=True)
    for engine_id in (EMBEDDED_ID, "ollama"):
        assert catalogue.engine(engine_id, offline=True).description.is_local


def test_an_unknown_engine_is_answered_with_the_known_ones(catalogue_of: MakesCatalogues) -> None:
    for ask in (catalogue_of(own()).engine, catalogue_of(own()).describe):
        with pytest.raises(UsageError) as caught:
            ask("other")
        assert caught.value.code is ErrorCode.UNKNOWN_ENGINE
        assert caught.value.fields["known"] == "embedded, modelverse, ppio, vllm, ollama, mine, custom"


def test_a_profile_of_ones_own_goes_before_a_shipped_one(catalogue_of: MakesCatalogues) -> None:
    catalogue = catalogue_of(own("ollama", "http://localhost:9/v1", "order = 40"))
    assert ids(catalogue) == [EMBEDDED_ID, *SHIPPED]
    assert catalogue.describe("ollama").title == "Mine"


def test_profiles_of_ones_own_stand_where_their_order_says(catalogue_of: MakesCatalogues) -> None:
    catalogue = catalogue_of(own("last", more="order = 99"), own("first", more="order = 1"), own("middle"))
    assert ids(catalogue) == [EMBEDDED_ID, "first", *SHIPPED[:-1], "middle", "custom", "last"]


def test_a_broken_profile_costs_itself_alone(catalogue_of: MakesCatalogues, tmp_path: Path) -> None:
    catalogue = catalogue_of(own().replace("4000", "0"), "id =", "", "a = " + "[" * 50_000, own())
    (tmp_path / "bytes.toml").write_bytes(b"\xff\xfe")
    (tmp_path / "folder.toml").mkdir()
    (tmp_path / "lost.toml").symlink_to(tmp_path / "nowhere")
    assert ids(catalogue) == [EMBEDDED_ID, *SHIPPED[:-1], "mine", "custom"]
    assert {path.name: error.code for path, error in catalogue.unreadable.items()} == {
        "0.toml": ErrorCode.PROFILE_INCOMPLETE,
        "1.toml": ErrorCode.PROFILE_INCOMPLETE,
        "2.toml": ErrorCode.FILE_EMPTY,
        "3.toml": ErrorCode.PROFILE_INCOMPLETE,
        "bytes.toml": ErrorCode.PROFILE_INCOMPLETE,
        "folder.toml": ErrorCode.NOT_A_FILE,
        "lost.toml": ErrorCode.FILE_MISSING,
    }


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
    engine = catalogue.engine("ollama")
    assert catalogue.engine("ollama") is engine
    assert catalogue.engine(EMBEDDED_ID) is catalogue.engine(EMBEDDED_ID)
    other = catalogue.engine("ollama", model="another")
    assert other is not engine
    await catalogue.close()
    assert closed == [engine, other]
    assert catalogue.engine("ollama") is not engine


def test_no_key_is_in_what_is_told(catalogue_of: MakesCatalogues) -> None:
    catalogue = catalogue_of(own("plain", "http://192.0.2.1/v1", 'key_variable = "OCR_DESKTOP_API_KEY"'), **KEYS)
    told: list[OcrDesktopError] = [status.obstacle for status in catalogue.statuses() if status.obstacle is not None]
    assert ErrorCode.HOST_INSECURE in {error.code for error in told}
    assert not [error for error in told if any(key in repr(error) for key in KEYS.values())]
