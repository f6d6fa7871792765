"""What goes to each provider is what its own guide shows: its sample is taken, and what departs from it is refused."""

from __future__ import annotations

import base64
import copy
import json
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from ocr_desktop.core.presets import PRESETS, PresetId
from ocr_desktop.engines.profiles import Profile, shipped_profiles
from tests.cli.conftest import Program
from tests.support.pictures import Words, draw_page, encoded
from tests.support.provider_answers import Spoken
from tests.support.provider_requests import Body, modelverse_sample, ppio_sample
from tests.support.provider_server import KEY, ProviderServer
from tests.support.provider_speeches import PROMPTS, SPEECHES

Change = Callable[[Body], object]

JPEG = "data:image/jpeg;base64," + base64.b64encode(encoded(draw_page(size=(40, 30)), "JPEG")).decode()
PNG = "data:image/png;base64," + base64.b64encode(encoded(draw_page(size=(40, 30)))).decode()
PNG_AS_JPEG = PNG.replace("image/png", "image/jpeg")
ANSWER = "<|ref|>title<|/ref|><|det|>[[100, 50, 900, 120]]<|/det|>\n# A title\n\n"


def sent(
    server: ProviderServer, body: Body | None, path: str = "/chat/completions", key: str | None = KEY
) -> tuple[int, str, str]:
    """The status, kind and text of what the server says to a request of somebody else's; without a body: GET."""
    headers = {"Content-Type": "application/json"} | ({} if key is None else {"Authorization": f"Bearer {key}"})
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(server.base_url + path, data, headers)
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            return answer.status, answer.headers["content-type"], answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.headers["content-type"], error.read().decode()


SAMPLES = {
    "modelverse, cURL": ("modelverse", modelverse_sample(JPEG)),
    "modelverse, Python": ("modelverse", modelverse_sample(PNG_AS_JPEG)),
    "ppio": ("ppio", ppio_sample()),
    "ppio, with a picture in it": ("ppio", ppio_sample(PNG)),
}


@pytest.mark.parametrize(("speak", "body"), SAMPLES.values(), ids=SAMPLES.keys())
def test_the_sample_of_a_guide_is_answered_whole(speak: str, body: Body) -> None:
    with ProviderServer(speak, Spoken(ANSWER)) as server:
        status, kind, answer = sent(server, body)
    assert (status, kind) == (200, "application/json")
    (choice,) = json.loads(answer)["choices"]
    assert choice["message"]["content"] == ANSWER
    assert choice["finish_reason"] == "stop"


@pytest.mark.parametrize("picture", [JPEG, PNG_AS_JPEG], ids=["cURL", "Python"])
def test_the_streaming_sample_of_a_guide_is_answered_in_pieces(picture: str) -> None:
    with ProviderServer("modelverse", Spoken(ANSWER)) as server:
        status, kind, answer = sent(server, modelverse_sample(picture, stream=True))
    assert (status, kind) == (200, "text/event-stream")
    *lines, last = [line.removeprefix("data: ") for line in answer.splitlines() if line]
    assert last == "[DONE]"
    choices = [json.loads(line)["choices"][0] for line in lines]
    assert "".join(choice["delta"].get("content", "") for choice in choices) == ANSWER


def _content(body: Body) -> list[Any]:
    content: list[Any] = body["messages"][0]["content"]
    return content


def _say(text: str) -> Change:
    return lambda body: next(each for each in _content(body) if each["type"] == "text").update(text=text)


def _show(address: str) -> Change:
    return lambda body: next(each for each in _content(body) if each["type"] == "image_url")["image_url"].update(
        url=address
    )


def _system(body: Body) -> None:
    body["messages"].insert(0, {"role": "system", "content": "Be exact."})


DEVIATIONS: dict[str, tuple[str, Change, int, str]] = {
    "modelverse: the picture first": ("modelverse", lambda body: _content(body).reverse(), 400, "first part"),
    "modelverse: a picture on the web": ("modelverse", _show("https://example.com/image.png"), 400, "base64"),
    "modelverse: too many tokens": ("modelverse", lambda body: body.update(max_tokens=8193), 400, "8192"),
    "modelverse: a field of another server": (
        "modelverse",
        lambda body: body.update(skip_special_tokens=False),
        400,
        "skip_special_tokens",
    ),
    "modelverse: another model": ("modelverse", lambda body: body.update(model="deepseek/deepseek-ocr"), 404, "model"),
    "modelverse: two pictures": ("modelverse", lambda body: _content(body).append(_content(body)[1]), 400, "one"),
    "modelverse: a system prompt": ("modelverse", _system, 400, "system"),
    "modelverse: a capital letter in the prompt": ("modelverse", _say("Convert to markdown"), 400, "prompt"),
    "modelverse: a count of tokens without a stream": (
        "modelverse",
        lambda body: body.update(stream_options={"include_usage": True}),
        400,
        "stream_options",
    ),
    "modelverse: a TIFF": ("modelverse", _show(PNG.replace("image/png", "image/tiff")), 400, "image/tiff"),
    "modelverse: base64 that is none": ("modelverse", _show("data:image/png;base64,%%%"), 400, "cannot be read"),
    "ppio: the text first": ("ppio", lambda body: _content(body).reverse(), 400, "first part"),
    "ppio: no full stop": ("ppio", _say("<|grounding|>OCR this image"), 400, "prompt"),
    "ppio: a space more": ("ppio", _say("<|grounding|>OCR this image. "), 400, "prompt"),
    "ppio: the placeholder sent by hand": ("ppio", _say("<image>\n<|grounding|>OCR this image."), 400, "prompt"),
    "ppio: a sentence more": ("ppio", _say("Free OCR. Do it well."), 400, "prompt"),
    "ppio: another's example": ("ppio", _say("convert to markdown"), 400, "prompt"),
    "ppio: a PNG as JPEG": ("ppio", _show(PNG_AS_JPEG), 400, "PNG"),
    "ppio: too many tokens": ("ppio", lambda body: body.update(max_tokens=9000), 400, "8192"),
}


@pytest.mark.parametrize("name", DEVIATIONS)
def test_what_departs_from_the_guide_is_refused_and_named(name: str) -> None:
    speak, change, status, words = DEVIATIONS[name]
    body = copy.deepcopy(modelverse_sample(JPEG) if speak == "modelverse" else ppio_sample())
    change(body)
    with ProviderServer(speak) as server:
        told = sent(server, body)
    assert told[0] == status
    assert words in told[2]


@pytest.mark.parametrize("speak", sorted(SPEECHES.keys() - {"any"}))
def test_a_server_lists_its_models_and_wants_its_key(speak: str) -> None:
    speech = SPEECHES[speak]
    with ProviderServer(speak) as server:
        assert sent(server, None, "/models", key="another")[0] == 401
        status, kind, answer = sent(server, None, "/models")
    assert (status, kind) == (200, "application/json")
    assert [each["id"] for each in json.loads(answer)["data"]] == [speech.model or "some/model"]


@pytest.fixture(scope="module")
def picture(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("pictures") / "private name.png"
    draw_page(Words("Costs", 20, 20), size=(400, 200)).save(path)
    return path


@pytest.mark.parametrize("profile", shipped_profiles(), ids=lambda profile: profile.id)
def test_each_preset_is_asked_as_the_provider_wants_it(
    profile: Profile, program: Program, picture: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    speak = profile.id if profile.id in SPEECHES else "any"
    speech = SPEECHES[speak]
    key = KEY if profile.key_variable else None
    if key is not None:
        monkeypatch.setenv(profile.key_variable, key)
    if profile.base_url:
        assert urlsplit(profile.base_url).path == speech.base_path
    with ProviderServer(speak, Spoken(ANSWER), key=key if speech.needs_key else None) as server:
        where = ("--engine", profile.id, "--base-url", server.base_url)
        model = () if profile.model else ("--model", "some/model")
        for preset in profile.presets:
            what = ("--locate", "Costs") if preset is PresetId.LOCATE else ("--preset", preset.value)
            ended = program("read", *where, *model, *what, "--retries", "0", "--format", "json", "--no-align", picture)
            assert ended.code == 0, ended.complaints
            request = server.requests[-1]
            assert request.prompt == PROMPTS[preset].replace("xxxx", "Costs")
            assert request.media_type == request.picture_type
            assert request.picture_size == (400, 200)
            assert b"private" not in json.dumps(request.body).encode() + request.picture
            (told,) = ended.document["pages"]
            is_boxed = PRESETS[preset].grounded and preset is not PresetId.LOCATE
            assert not is_boxed or told["regions"][0]["boxes_999"] == [[100, 50, 900, 120]]
    assert len(server.requests) == len(profile.presets), "nothing is asked twice because it was refused"


LIMITED = [profile for profile in shipped_profiles() if SPEECHES.get(profile.id, SPEECHES["any"]).most_tokens]


@pytest.mark.parametrize("profile", LIMITED, ids=lambda profile: profile.id)
def test_a_limit_of_tokens_is_understood_in_the_words_of_each(
    profile: Profile, program: Program, picture: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if profile.key_variable:
        monkeypatch.setenv(profile.key_variable, KEY)
    speak = profile.id if profile.id in SPEECHES else "any"
    most = SPEECHES[speak].most_tokens
    with ProviderServer(speak, Spoken(ANSWER), key=KEY if SPEECHES[speak].needs_key else None) as server:
        where = ("--engine", profile.id, "--base-url", server.base_url, "--model", profile.model or "some/model")
        ended = program("read", *where, "--max-tokens", "9000", "--retries", "0", picture)
    assert ended.code == 0, ended.complaints
    assert [request.body["max_tokens"] for request in server.requests] == [9000, most]


def test_the_example_of_a_provider_is_taken(program: Program, picture: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with_example = [profile for profile in shipped_profiles() if profile.example_prompt]
    for profile in with_example:
        monkeypatch.setenv(profile.key_variable, KEY)
        with ProviderServer(profile.id) as server:
            where = ("--engine", profile.id, "--base-url", server.base_url)
            assert program("read", *where, "--prompt", profile.example_prompt, picture).code == 0
    assert "modelverse" in {profile.id for profile in with_example}
