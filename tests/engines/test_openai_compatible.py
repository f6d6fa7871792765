"""What is asked, and how a good answer comes through."""

from __future__ import annotations

import asyncio
import io
import subprocess
import sys
from dataclasses import replace

import pytest
from PIL import ExifTags, Image

from ocr_desktop.core.document import Finish, Usage, WarningCode
from ocr_desktop.core.events import Finished, TextDelta
from ocr_desktop.core.geometry import PixelBox, View
from ocr_desktop.core.presets import PresetId
from ocr_desktop.engines.base import PictureLimits
from ocr_desktop.services.outgoing import Outgoing
from ocr_desktop.worker.client import PicturesClient
from ocr_desktop.worker.pixels import PixelStore
from tests.engines.asking import SIZE, StillPicture, engine_for, engine_of, heard, profile_of, request
from tests.support.provider_answers import COMMENT, Framing, Script, event, part, streamed, usage, whole
from tests.support.provider_server import KEY, ProviderServer
from tests.support.workers import open_in

ANSWER = "<|ref|>title<|/ref|><|det|>[[33, 116, 228, 212]]<|/det|>\n# 创建&查询 𝔘 您的 API\n\n"


@pytest.mark.parametrize("engine_id", ["modelverse", "ppio"])
async def test_a_provider_takes_the_request_and_its_answer_arrives(engine_id: str) -> None:
    with ProviderServer(engine_id, streamed(*ANSWER, end=(usage(903, 12),))) as server:
        result = await heard(engine_for(server, engine_id), request())
    [asked] = server.requests
    assert result.text == ANSWER
    assert result.events[-1] == Finished(Finish.COMPLETE, Usage(903, 12))
    assert asked.prompt == "<|grounding|>Convert the document to markdown."
    assert asked.picture_size == (SIZE.width, SIZE.height)


async def test_what_is_asked_is_what_the_guides_say() -> None:
    with ProviderServer("modelverse") as server:
        await heard(engine_for(server, "modelverse"), request(PresetId.FREE))
        assert server.requests[0].body["max_tokens"] == 8192
    with ProviderServer("ppio") as server:
        await heard(engine_for(server, "ppio"), request(PresetId.FREE))
    body = dict(server.requests[0].body)
    [message] = body.pop("messages")
    assert [content["type"] for content in message["content"]] == ["image_url", "text"]
    assert body == {
        "model": "deepseek/deepseek-ocr",
        "max_tokens": 4096,
        "temperature": 0,
        "stream": True,
        "stream_options": {"include_usage": True},
    }


async def test_a_server_that_strips_tags_is_asked_not_to() -> None:
    with ProviderServer() as server:
        await heard(engine_for(server, "vllm"), request())
    body = server.requests[0].body
    assert body["skip_special_tokens"] is False
    assert body["vllm_xargs"] == {"ngram_size": 30, "window_size": 90, "whitelist_token_ids": [128821, 128822]}


async def test_the_request_names_its_own_number_of_tokens_and_its_own_prompt() -> None:
    with ProviderServer() as server:
        await heard(engine_for(server), request(max_tokens=77, prompt="  a prompt of\none's own "))
    assert server.requests[0].body["max_tokens"] == 77
    assert server.requests[0].prompt == "  a prompt of\none's own "


async def test_the_picture_is_made_for_the_view_and_for_the_profile() -> None:
    pictures = StillPicture()
    view = View(1, PixelBox(1, 2, 30, 40))
    with ProviderServer() as server:
        profile = replace(profile_of("custom"), image_formats=("image/png",)).changed(
            base_url=server.base_url, model="m"
        )
        await heard(engine_of(profile, pictures=pictures), request(view=view))
    assert pictures.asked_for == [(view, PictureLimits(2300, ("image/png",)))]


async def test_what_is_sent_is_the_upright_picture_no_larger_than_the_model_sees() -> None:
    file = io.BytesIO()
    sideways = Image.new("RGB", (3000, 1500), "white")
    exif = sideways.getexif()
    exif[ExifTags.Base.Orientation] = 6
    sideways.save(file, "JPEG", exif=exif)
    store = PixelStore()
    pictures = PicturesClient(store)
    try:
        opened = await open_in(pictures, file.getvalue())
        with ProviderServer("modelverse") as server:
            profile = profile_of("modelverse").changed(base_url=server.base_url)
            result = await heard(engine_of(profile, KEY, pictures=Outgoing(pictures)), request(pixels=opened.pixels))
    finally:
        await pictures.close()
        store.close()
    assert result.end is Finish.COMPLETE
    assert server.requests[0].picture_size == (1150, 2300)


async def test_nothing_is_told_but_what_the_protocol_needs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-of-another-provider")
    monkeypatch.setenv("OPENAI_ORG_ID", "org-of-another-provider")
    monkeypatch.setenv("OPENAI_PROJECT_ID", "project-of-another-provider")
    monkeypatch.setenv("OPENAI_CUSTOM_HEADERS", "X-Secret: of another provider")
    with ProviderServer(key=None) as server:
        await heard(engine_for(server, key=None), request())
    headers = server.requests[0].headers
    assert "authorization" not in headers
    assert not [name for name, value in headers.items() if "another provider" in value.replace("-", " ")]
    assert not [name for name in headers if name.startswith("x-")]
    assert headers["user-agent"].startswith("ocr-desktop/")


async def test_a_proxy_of_the_environment_does_not_see_what_stays_here(monkeypatch: pytest.MonkeyPatch) -> None:
    with ProviderServer() as server, ProviderServer() as proxy:
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")
        monkeypatch.delenv("NO_PROXY", raising=False)
        monkeypatch.delenv("no_proxy", raising=False)
        result = await heard(engine_for(server), request())
    assert result.text == "Hello"
    assert not proxy.requests


@pytest.mark.parametrize("bytes_at_once", [1, 2, 3, 7, 1000])
@pytest.mark.parametrize("framing", list(Framing))
async def test_however_the_bytes_are_cut_the_text_is_the_same(bytes_at_once: int, framing: Framing) -> None:
    script = streamed(ANSWER[:40], ANSWER[40:], end=(usage(),), bytes_at_once=bytes_at_once, framing=framing)
    with ProviderServer("any", script) as server:
        result = await heard(engine_for(server), request())
    assert result.text == ANSWER
    assert result.finished == Finished(Finish.COMPLETE, Usage(903, 12))


async def test_a_character_sent_as_two_halves_is_one() -> None:
    halves = [b'data: {"choices":[{"delta":{"content":"%s"}}]}\n\n' % half for half in (b"a\\ud835", b"\\udd18b")]
    with ProviderServer("any", streamed(*halves)) as server:
        result = await heard(engine_for(server), request())
    assert result.text == "a𝔘b"


async def test_a_half_character_whose_other_half_never_comes_can_still_be_written() -> None:
    with ProviderServer("any", streamed(b'data: {"choices":[{"delta":{"content":"a\\ud835"}}]}\n\n')) as server:
        result = await heard(engine_for(server), request())
    assert result.text == "a\ufffd"
    assert result.end is Finish.COMPLETE


async def test_comments_pings_and_empty_parts_are_not_text() -> None:
    ping = event({"type": "ping"})
    with ProviderServer("any", streamed(COMMENT, "one", COMMENT, ping, "", event(part()), " two")) as server:
        result = await heard(engine_for(server), request())
    assert [piece.text for piece in result.events if isinstance(piece, TextDelta)] == ["one", " two"]


async def test_a_completion_in_one_piece_is_a_whole_answer() -> None:
    with ProviderServer("any", whole(ANSWER)) as server:
        result = await heard(engine_for(server), request())
    assert result.events[1:] == [TextDelta(ANSWER), Finished(Finish.COMPLETE, Usage(903, 12))]


async def test_text_in_the_part_that_carries_the_finish_reason_is_kept() -> None:
    last = event(part({"index": 0, "delta": {"content": " end"}, "finish_reason": "stop"}))
    with ProviderServer("any", streamed("the", last, reason=None)) as server:
        result = await heard(engine_for(server), request())
    assert result.text == "the end"
    assert result.end is Finish.COMPLETE


@pytest.mark.parametrize("script", [streamed(), streamed(" \n"), whole(""), whole(None)])
async def test_an_empty_answer_is_complete_with_a_warning(script: Script) -> None:
    with ProviderServer("any", script) as server:
        result = await heard(engine_for(server), request())
    assert result.end is Finish.COMPLETE
    assert result.finished is not None
    assert result.finished.warnings == (WarningCode.EMPTY_ANSWER,)


async def test_one_engine_reads_many_pictures_at_once_and_in_turn() -> None:
    with ProviderServer("any", streamed(ANSWER)) as server:
        engine = engine_for(server)

        async def text_of_one() -> str:
            return "".join([piece.text async for piece in engine.read(request()) if isinstance(piece, TextDelta)])

        texts = await asyncio.gather(*(text_of_one() for _ in range(5)))
        texts.append(await text_of_one())
        await engine.close()
    assert texts == [ANSWER] * 6


def test_the_description_tells_where_the_picture_goes() -> None:
    far = engine_of(profile_of("modelverse"), KEY).description
    near = engine_of(profile_of("ollama")).description
    assert (far.host, far.model, far.is_local) == ("api.modelverse.cn", "deepseek-ai/DeepSeek-OCR", False)
    assert (near.host, near.is_local) == ("localhost", True)
    assert far.presets == frozenset(PresetId)


def test_importing_the_engine_loads_nothing_slow() -> None:
    program = (
        "import sys; import ocr_desktop.engines.openai_compatible; "
        "print([name for name in ('openai', 'httpx2', 'msgspec', 'pydantic', 'PIL', 'numpy') if name in sys.modules])"
    )
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "[]"


def test_no_key_in_what_is_printed_of_an_engine() -> None:
    assert KEY not in repr(engine_of(profile_of("modelverse"), KEY))
