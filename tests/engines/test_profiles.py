from __future__ import annotations

import ast
import dataclasses
import re
import traceback
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

import ocr_desktop
from ocr_desktop.core.encoding import encoded
from ocr_desktop.core.errors import ErrorCode, UsageError
from ocr_desktop.core.presets import PresetId
from ocr_desktop.engines.base import Lack, Price
from ocr_desktop.engines.misplaced_keys import names_of_keys
from ocr_desktop.engines.profile_tables import NO_KEY, WANTED
from ocr_desktop.engines.profiles import (
    LARGEST_LONGEST_SIDE,
    MEDIA_TYPES,
    MOST_TOKENS,
    OWN_FIELDS,
    SMALLEST_LONGEST_SIDE,
    SMALLEST_MOST_BYTES,
    PartOrder,
    Profile,
    load_profile,
    profile_toml,
    shipped_profiles,
)

KNOWN = frozenset(field.name for field in dataclasses.fields(Profile))
COMPLETE = b"""
id = "mine"
title = "Mine"
base_url = "https://example.org/v1"
model = "some/model"
max_tokens = 100
part_order = "image_first"
"""


def price(**fields: str) -> bytes:
    values = {"currency": '"USD"', "input_per_million": "1", "output_per_million": "1"} | fields
    return b"\n[price]\n" + "\n".join(f"{name} = {value}" for name, value in values.items()).encode()


def test_the_shipped_profiles_are_those_of_the_guides() -> None:
    shipped = {profile.id: profile for profile in shipped_profiles()}
    hosted = ["modelverse", "ppio", "siliconflow", "novita", "deepinfra", "openrouter"]
    assert list(shipped) == [*hosted, "vllm", "sglang", "ollama", "llamacpp", "lmstudio", "custom"]
    assert [profile.id for profile in shipped.values() if profile.key_required] == hosted
    modelverse, ppio = shipped["modelverse"], shipped["ppio"]
    assert modelverse.base_url == "https://api.modelverse.cn/v1"
    assert modelverse.model == "deepseek-ai/DeepSeek-OCR"
    assert modelverse.key_variable == "MODELVERSE_API_KEY"
    assert modelverse.part_order is PartOrder.TEXT_FIRST
    assert (modelverse.max_tokens, modelverse.more_tokens) == (8192, None)
    assert modelverse.example_prompt == "convert to markdown"
    assert modelverse.price is None, "that it was free once is no price"
    assert ppio.base_url == "https://api.ppio.com/openai"
    assert ppio.model == "deepseek/deepseek-ocr"
    assert ppio.key_variable == "PPIO_API_KEY"
    assert ppio.part_order is PartOrder.IMAGE_FIRST
    assert (ppio.max_tokens, ppio.more_tokens) == (4096, 8192)
    assert shipped["vllm"].base_url == "http://localhost:8000/v1"
    assert shipped["ollama"].base_url == "http://localhost:11434/v1"
    assert shipped["custom"].missing == "base_url"


@pytest.mark.parametrize("profile", shipped_profiles(), ids=lambda profile: profile.id)
def test_a_shipped_profile_leaves_nothing_open(profile: Profile) -> None:
    assert profile.missing is None or profile.id == "custom"
    assert profile.is_local or profile.base_url.startswith("https://") or profile.id == "custom"
    assert profile.longest_side == 2300
    assert set(profile.presets) == set(PresetId)
    assert bool(profile.key_variable) or not profile.key_required
    # Where Modelverse gives out keys is known in words only, and a wrong link is worse than none.
    assert bool(profile.key_page) == profile.key_required
    assert profile.source
    assert not profile.tested, "nobody has tried it against the real server"


def test_shipped_profiles_stand_in_a_clear_order() -> None:
    orders = [profile.order for profile in shipped_profiles()]
    assert orders == sorted(set(orders))


def code_of_the_program() -> Iterator[tuple[str, ast.Module]]:
    folder = Path(ocr_desktop.__path__[0])
    for file in sorted(folder.rglob("*.py")):
        source = file.read_text("utf-8")
        yield source, ast.parse(source, str(file))


def test_no_code_knows_a_provider() -> None:
    """Not even in a comment: nothing in the program is made for one of those who serve the model for money."""
    providers = [profile for profile in shipped_profiles() if profile.key_required]
    names = {word for profile in providers for word in (profile.id, *profile.title.split(), profile.host)}
    names = {name for name in names if name != "AI"}
    pattern = re.compile("|".join(map(re.escape, sorted(names))), re.IGNORECASE)
    assert [found[0] for source, _ in code_of_the_program() for found in pattern.finditer(source)] == []


def test_no_code_knows_a_server() -> None:
    """No name in the code, and no text that is compared or looked up, is one; sentences for people may name a kind."""
    own = [profile for profile in shipped_profiles() if not profile.key_required and profile.base_url]
    names = {name.lower() for profile in own for name in (profile.id, profile.title)}
    variables = {profile.key_variable.lower() for profile in own} - {""}
    words: list[str] = []
    for _, tree in code_of_the_program():
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                words.append(node.value)
            elif isinstance(node, ast.Name):
                words.append(node.id)
            elif isinstance(node, ast.Attribute):
                words.append(node.attr)
            elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                words.append(node.name)
    values = {word.lower() for word in words}
    assert values & (names | variables) == set()
    assert [word for word in values if " " not in word and names.intersection(re.split(r"[^a-z0-9]", word))] == []


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
        (COMPLETE + b"more_tokens = 100", "more_tokens"),
        (COMPLETE + b"more_tokens = 1000001", "more_tokens"),
        (COMPLETE + b"most_bytes = 9999", "most_bytes"),
        (COMPLETE + b'key_variable = "MY KEY"', "key_variable"),
        (COMPLETE + b'key_variable = "MY=KEY"', "key_variable"),
        (COMPLETE + b'key_variable = "2KEY"', "key_variable"),
        (COMPLETE + b'key_page = "javascript:alert(1)"', "key_page"),
        (COMPLETE + b'key_page = "file:///etc/passwd"', "key_page"),
        (COMPLETE + b'key_page = "https://user@example.org/"', "key_page"),
        (COMPLETE + rb'example_prompt = "two\nlines"', "example_prompt"),
        (COMPLETE + b'example_prompt = "' + b"a" * 201 + b'"', "example_prompt"),
        (COMPLETE + b'lacks = ["taste"]', "lacks"),
        (COMPLETE.replace(b"some/model", rb"some\u001b[31mmodel"), "model"),
        (COMPLETE + rb'source = "\u202e"', "source"),
        (COMPLETE + price(currency='"usd"'), "price"),
        (COMPLETE + price(currency='"US$"'), "price"),
        (COMPLETE + price(input_per_million="-1"), "price"),
        (COMPLETE + price(output_per_million="inf"), "price"),
        (COMPLETE + price(output_per_million="nan"), "price"),
        (COMPLETE + price(output_per_million='"much"'), "price"),
        *((COMPLETE + f'[extra_body]\n{name} = "mine"'.encode(), name) for name in sorted(OWN_FIELDS)),
    ],
)
def test_a_wrong_profile_is_refused_and_says_where(data: bytes, word: str) -> None:
    with pytest.raises(UsageError) as caught:
        load_profile(data)
    assert caught.value.code is ErrorCode.PROFILE_INCOMPLETE
    assert word in str(caught.value.fields["message"])


@pytest.mark.parametrize("field", dataclasses.fields(Profile), ids=lambda field: field.name)
def test_a_key_in_the_wrong_line_is_not_repeated(field: dataclasses.Field[Any]) -> None:
    others = [line for line in COMPLETE.splitlines() if line and not line.startswith(field.name.encode())]
    told: list[str] = []
    for key in ("4f2a9c4f2a9c", "sk-4f2a9c4f2a9c"):
        for value in (f'"{key}\\n"', f'["{key}"]', f'{{"{key}" = "{key}"}}', key):
            data = b"\n".join((*others, f"{field.name} = {value}".encode()))
            try:
                load_profile(data)
            except UsageError as error:
                told.append("".join(traceback.format_exception(error)) + repr(error))
    assert told
    assert not [each for each in told if "4f2a9c" in each]
    assert str(field.type) in WANTED


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("max_token = 5", "max_token: a profile has no such field"),
        ('"sk-4f2a9c4f2a9c" = 5', "a field: a profile has no such field"),
        ("4f2a9c4f2a9c = 5", "a field: a profile has no such field"),
        ("4f2a9c4f2a9c", "it is no TOML"),
        ("4f2a9c4f2a9c\norder = 1", "line 8 is no TOML"),
        ('order = "4f2a9c4f2a9c"', "order: a whole number is needed"),
        ("http_allowed = 1", "http_allowed: true or false is needed"),
    ],
)
def test_what_is_wanted_is_told_and_not_what_was_given(line: str, message: str) -> None:
    with pytest.raises(UsageError) as caught:
        load_profile(COMPLETE + line.encode())
    if line.startswith('"sk-'):
        message = message.replace("a profile has no such field", NO_KEY)
    assert caught.value.fields["message"] == message


def test_a_field_that_is_needed_and_not_there_is_named() -> None:
    with pytest.raises(UsageError) as caught:
        load_profile(COMPLETE.replace(b'title = "Mine"', b""))
    assert (caught.value.fields["missing"], caught.value.fields["message"]) == ("title", "title: it is missing")


def test_the_media_types_of_profiles_are_those_that_are_written() -> None:
    for media_type in MEDIA_TYPES:
        assert encoded(Image.new("RGB", (8, 8)), (media_type,), longest_side=8).media_type == media_type


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
        "https://example.org/\x1b[31m",
        "https://exam\u202eple.org/v1",
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
        "http://[::1]x:80/v1",
        "http://[::1]evil.example/v1",
        "https://☃.invalid/v1",
        f"https://example.org/{'x' * 70_000}",
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


def texts(most: int = 20) -> st.SearchStrategy[str]:
    """One line of printable text."""
    return st.text(st.characters(codec="utf-8"), max_size=most).filter(str.isprintable)


def json_values() -> st.SearchStrategy[Any]:
    """What a TOML file can hold and JSON too."""
    anything = st.text(st.characters(codec="utf-8"), max_size=8)
    plain = st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | anything
    return st.recursive(plain, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(anything, inner, max_size=3))


def amounts() -> st.SearchStrategy[float]:
    return st.floats(0, 1e9, allow_nan=False)


@st.composite
def profiles(draw: st.DrawFn) -> Profile:
    max_tokens = draw(st.integers(1, MOST_TOKENS - 1))
    names = st.text(st.characters(codec="utf-8"), max_size=8).filter(lambda name: name not in OWN_FIELDS)
    return Profile(
        id=draw(st.from_regex(r"[a-z][a-z0-9.-]{0,20}", fullmatch=True)),
        title=draw(texts().filter(str.strip)),
        base_url=draw(st.sampled_from(["", "https://example.org/v1", "http://[::1]:8000"])),
        model=draw(texts()),
        max_tokens=max_tokens,
        part_order=draw(st.sampled_from(PartOrder)),
        more_tokens=draw(st.none() | st.integers(max_tokens + 1, MOST_TOKENS)),
        order=draw(st.integers(-1000, 1000)),
        key_variable=draw(st.sampled_from(["", "MINE_API_KEY"])),
        key_required=draw(st.booleans()),
        key_page=draw(st.sampled_from(["", "https://example.org/keys?tab=1#new"])),
        image_formats=draw(st.lists(st.sampled_from(sorted(MEDIA_TYPES)), min_size=1, max_size=3).map(tuple)),
        longest_side=draw(st.integers(SMALLEST_LONGEST_SIDE, LARGEST_LONGEST_SIDE)),
        most_bytes=draw(st.none() | st.integers(SMALLEST_MOST_BYTES, 2**40)),
        extra_body=draw(st.dictionaries(names, json_values(), max_size=4)),
        http_allowed=draw(st.booleans()),
        presets=draw(st.lists(st.sampled_from(PresetId), min_size=1, max_size=6).map(tuple)),
        example_prompt=draw(texts()),
        lacks=draw(st.lists(st.sampled_from(Lack), max_size=3).map(tuple)),
        price=draw(st.none() | st.builds(Price, st.from_regex(r"[A-Z]{3}", fullmatch=True), amounts(), amounts())),
        source=draw(texts()),
        tested=draw(st.booleans()),
    )


@given(profiles().filter(lambda profile: next(names_of_keys(dataclasses.asdict(profile), KNOWN), None) is None))
def test_a_profile_comes_back_from_its_file_as_it_was(profile: Profile) -> None:
    assert load_profile(profile_toml(profile)) == profile


@pytest.mark.parametrize("profile", shipped_profiles(), ids=lambda profile: profile.id)
def test_a_shipped_profile_comes_back_from_its_file_as_it_was(profile: Profile) -> None:
    assert load_profile(profile_toml(profile)) == profile


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"title": ""}, "title"),
        ({"max_tokens": 0}, "max_tokens"),
        ({"extra_body": {"top_k": None}}, "extra_body"),
        ({"extra_body": {"half": "\ud800"}}, "extra_body"),
        ({"extra_body": {"since": object()}}, "extra_body"),
        ({"extra_body": {"model": "other"}}, "extra_body"),
    ],
)
def test_a_profile_that_no_file_can_hold_is_refused(change: dict[str, Any], field: str) -> None:
    with pytest.raises(UsageError) as caught:
        profile_toml(dataclasses.replace(load_profile(COMPLETE), **change))
    assert (caught.value.code, caught.value.fields["missing"]) == (ErrorCode.PROFILE_INCOMPLETE, field)


def test_a_model_can_be_changed_alone() -> None:
    changed = load_profile(COMPLETE).changed(model=" another/model ")
    assert (changed.model, changed.base_url) == ("another/model", "https://example.org/v1")


def test_no_shipped_profile_lets_pictures_travel_in_the_open() -> None:
    assert not [profile.id for profile in shipped_profiles() if profile.http_allowed]


def test_plain_http_is_allowed_to_one_machine_only() -> None:
    profile = dataclasses.replace(load_profile(COMPLETE), base_url="http://192.0.2.1:8000/v1", http_allowed=True)
    assert profile.changed(base_url="http://192.0.2.1:9000/v2/chat/completions").http_allowed
    assert profile.changed(model="another").http_allowed
    assert not profile.changed(base_url="http://192.0.2.2:8000/v1").http_allowed
    assert not dataclasses.replace(profile, base_url="").changed(base_url="http://192.0.2.2:8000/v1").http_allowed
    assert load_profile(profile_toml(profile)).http_allowed
