from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

import ocr_desktop.engines
from ocr_desktop.core.errors import ErrorCode, UsageError
from ocr_desktop.core.images import encoded
from ocr_desktop.core.presets import PresetId
from ocr_desktop.engines.profiles import MEDIA_TYPES, PartOrder, host_of, is_loopback, load_profile, shipped_profiles

COMPLETE = b"""
id = "mine"
title = "Mine"
base_url = "https://example.org/v1"
model = "some/model"
max_tokens = 100
part_order = "image_first"
"""


def test_the_shipped_profiles_are_those_of_the_guides() -> None:
    shipped = {profile.id: profile for profile in shipped_profiles()}
    assert list(shipped) == ["modelverse", "ppio", "vllm", "ollama", "custom"]
    modelverse, ppio = shipped["modelverse"], shipped["ppio"]
    assert modelverse.base_url == "https://api.modelverse.cn/v1"
    assert modelverse.model == "deepseek-ai/DeepSeek-OCR"
    assert modelverse.key_variable == "MODELVERSE_API_KEY"
    assert modelverse.part_order is PartOrder.TEXT_FIRST
    assert ppio.base_url == "https://api.ppio.com/openai"
    assert ppio.model == "deepseek/deepseek-ocr"
    assert ppio.key_variable == "PPIO_API_KEY"
    assert ppio.part_order is PartOrder.IMAGE_FIRST
    assert shipped["vllm"].base_url == "http://localhost:8000/v1"
    assert shipped["ollama"].base_url == "http://localhost:11434/v1"
    assert shipped["custom"].missing == "base_url"


@pytest.mark.parametrize("profile", shipped_profiles(), ids=lambda profile: profile.id)
def test_a_shipped_profile_leaves_nothing_open(profile: object) -> None:
    from ocr_desktop.engines.profiles import Profile

    assert isinstance(profile, Profile)
    assert profile.missing is None or profile.id == "custom"
    assert profile.is_local or profile.base_url.startswith("https://") or profile.id == "custom"
    assert profile.longest_side == 2300
    assert set(profile.presets) == set(PresetId)
    assert profile.source
    assert not profile.tested, "nobody has tried it against the real server"


def test_no_code_knows_a_provider() -> None:
    folder = Path(ocr_desktop.engines.__path__[0])
    code = "\n".join(file.read_text("utf-8") for file in folder.glob("*.py"))
    named = [profile.id for profile in shipped_profiles() if profile.key_required and profile.id in code.lower()]
    assert named == []


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (COMPLETE + b'colour = "red"', "colour"),
        (COMPLETE.replace(b"100", b'"100"'), "max_tokens"),
        (COMPLETE.replace(b"image_first", b"picture_first"), "part_order"),
        (COMPLETE.replace(b'model = "some/model"\n', b""), "model"),
        (COMPLETE.replace(b"id = ", b"id"), ""),
        (b"\xff\xfe", ""),
        (COMPLETE + b'presets = ["reading"]', "presets"),
        (COMPLETE + b"presets = []", "presets"),
        (COMPLETE + b"longest_side = 63", "longest_side"),
        (COMPLETE + b"longest_side = 10001", "longest_side"),
        (COMPLETE.replace(b"100", b"0"), "max_tokens"),
        (COMPLETE.replace(b"100", b"1000001"), "max_tokens"),
        (COMPLETE + b"image_formats = []", "image_formats"),
        (COMPLETE + b'image_formats = ["image/png", "image/tiff"]', "image_formats"),
        (COMPLETE.replace(b'"mine"', b'"embedded"'), "id"),
        (COMPLETE.replace(b'"mine"', b'""'), "id"),
        (COMPLETE.replace(b'"mine"', b'"../mine"'), "id"),
        (COMPLETE.replace(b'"Mine"', rb'"\u001b[31m"'), "title"),
        (COMPLETE + b"[extra_body]\nsince = 2026-11-21", "extra_body"),
        (COMPLETE + b"[extra_body]\ntop_p = nan", "extra_body"),
        (COMPLETE + b"[extra_body]\na = " + b"[" * 50_000, "nested"),
    ],
    ids=range(21),
)
def test_a_wrong_profile_is_refused_and_says_where(data: bytes, word: str) -> None:
    with pytest.raises(UsageError) as caught:
        load_profile(data)
    assert caught.value.code is ErrorCode.PROFILE_INCOMPLETE
    assert word in str(caught.value.fields["message"])


def test_the_media_types_of_profiles_are_those_that_are_written() -> None:
    for media_type in MEDIA_TYPES:
        assert encoded(Image.new("RGB", (8, 8)), (media_type,))[0] == media_type


def test_a_profile_with_a_wrong_address_is_refused() -> None:
    with pytest.raises(UsageError):
        load_profile(COMPLETE.replace(b"https://", b"file://"))


@pytest.mark.parametrize(
    ("given_url", "used_url"),
    [
        ("http://localhost:1/v1", "http://localhost:1/v1"),
        (" https://example.org/v1/ \n", "https://example.org/v1"),
        ("https://example.org/v1/chat/completions", "https://example.org/v1"),
        ("https://example.org/v1/chat/completions/", "https://example.org/v1"),
        ("http://[::1]:8000", "http://[::1]:8000"),
        ("HTTP://EXAMPLE.org", "HTTP://EXAMPLE.org"),
    ],
)
def test_an_address_is_taken_as_people_paste_it(given_url: str, used_url: str) -> None:
    assert load_profile(COMPLETE).changed(base_url=given_url).base_url == used_url


@pytest.mark.parametrize(
    "url",
    [
        "",
        "localhost:8000/v1",
        "ftp://example.org",
        "https://",
        "https:///v1",
        "https://user:secret@example.org/v1",
        "http://localhost\\@example.org/v1",
        "http://example.org\\.localhost/v1",
        "https://example.org/v1?key=secret",
        "https://example.org:99999/v1",
        "http://[::1/v1",
        "https://exa mple.org",
    ],
)
def test_an_address_that_is_none_is_refused_and_not_repeated(url: str) -> None:
    with pytest.raises(UsageError) as caught:
        load_profile(COMPLETE).changed(base_url=url)
    assert caught.value.fields == {"engine": "mine", "missing": "base_url"}


@given(st.text())
def test_an_address_is_either_usable_or_refused(url: str) -> None:
    profile = load_profile(COMPLETE)
    try:
        changed = profile.changed(base_url=url)
    except UsageError:
        return
    assert changed.host
    assert changed.changed(base_url=changed.base_url) == changed


def test_a_model_can_be_changed_alone() -> None:
    changed = load_profile(COMPLETE).changed(model=" another/model ")
    assert (changed.model, changed.base_url) == ("another/model", "https://example.org/v1")


@pytest.mark.parametrize(
    ("url", "host", "is_here"),
    [
        ("http://localhost:8000/v1", "localhost", True),
        ("http://LOCALHOST/v1", "localhost", True),
        ("http://127.0.0.2:1", "127.0.0.2", True),
        ("http://[::1]:8000/v1", "::1", True),
        ("http://ocr.localhost/v1", "ocr.localhost", True),
        ("https://api.modelverse.cn/v1", "api.modelverse.cn", False),
        ("http://192.168.1.5:8000/v1", "192.168.1.5", False),
        ("http://localhost.example.org/v1", "localhost.example.org", False),
        ("http://127.0.0.1.example.org/v1", "127.0.0.1.example.org", False),
        ("http://[::1", "", False),
        ("", "", False),
    ],
)
def test_the_host_and_whether_it_is_this_machine(url: str, host: str, is_here: bool) -> None:
    assert host_of(url) == host
    assert is_loopback(host_of(url)) is is_here


def test_no_shipped_profile_lets_pictures_travel_in_the_open() -> None:
    assert not [profile.id for profile in shipped_profiles() if profile.http_allowed]
