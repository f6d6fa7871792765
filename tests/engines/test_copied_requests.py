"""What is copied as cURL or Python sends the very body that the program sends, and runs nothing that it quotes."""

from __future__ import annotations

import ast
import base64
import json
import os
import shutil
import subprocess
import sys
from contextlib import aclosing
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from PIL import Image

from ocr_desktop.core.geometry import View
from ocr_desktop.core.presets import PresetId, prompt_for
from ocr_desktop.core.secret import Secret
from ocr_desktop.engines.base import Request
from ocr_desktop.engines.copied_requests import PATH_TO_FILL_IN, CopiedRequest
from ocr_desktop.engines.openai_compatible import OpenAICompatibleEngine
from ocr_desktop.engines.profiles import Profile, shipped_profiles
from ocr_desktop.engines.requests import request_body
from ocr_desktop.services.outgoing import Outgoing
from tests.support.pictures import Words, draw_page
from tests.support.provider_server import KEY, ProviderServer, Recorded
from tests.support.workers import open_pictures, stored

PROFILES = {profile.id: profile for profile in shipped_profiles()}
PAGE = draw_page(Words("Some words", 10, 10), size=(300, 200))
PHOTOGRAPH = Image.merge("RGB", [Image.effect_noise((64, 64), 80) for _ in range(3)])

BASH = shutil.which("bash") or ""
CURL = shutil.which("curl") or ""
needs_curl = pytest.mark.skipif(not (BASH and CURL), reason="bash or curl is not installed")
needs_bash = pytest.mark.skipif(not BASH, reason="bash is not installed")

HOSTILE = (
    "'; touch pwned; '", '"; touch pwned; "', "$(touch pwned)", "`touch pwned`", "\\'; touch pwned; \\'", "${HOME}",
    "'''\nimport os; os.system('touch pwned')\n'''", '"""\nimport os\n"""', "%s%n%d \\n \\x41 \\", "!! !touch !-1 !",
    "\n}' | touch pwned\n", "a\tb\r\nc\x00\x1b]0;title\x07\x7f\x85", "\u2028\u202e\u200b\U0001f600 识别", "\ud800 half",
    PATH_TO_FILL_IN, f"data:image/png;base64,{PATH_TO_FILL_IN}_", "{before} {0} {key}", "'\"'\"'$PICTURE", "#", "",
)  # fmt: skip


def surroundings(folder: Path, **variables: str) -> dict[str, str]:
    """An environment in which neither a proxy nor somebody's settings of curl change what is sent."""
    return {"PATH": os.environ["PATH"], "HOME": str(folder), "LC_ALL": "C", **variables}


def run_in_bash(text: str, folder: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [BASH, "-c", text],
        cwd=folder,
        env=surroundings(folder, **variables),
        capture_output=True,
        text=True,
        check=False,
    )


def run_in_python(text: str, folder: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    program = folder / "copied.py"
    program.write_text(text, "utf-8")
    return subprocess.run(
        [sys.executable, program], cwd=folder, env=surroundings(folder, **variables), capture_output=True, text=True,
        check=False,
    )  # fmt: skip


async def own_request(server: ProviderServer, profile: Profile, picture: Image.Image, prompt: str) -> Recorded:
    """What the program itself sends."""
    key = Secret(KEY) if server.key is not None else None
    async with open_pictures() as (store, pictures):
        engine = OpenAICompatibleEngine(profile, key, Outgoing(pictures))
        asked = Request(stored(store, picture), View(), PresetId.MARKDOWN, prompt)
        async with aclosing(engine.read(asked)) as events:
            async for _ in events:
                pass
        await engine.close()
    return server.requests[-1]


@needs_curl
@pytest.mark.parametrize("picture", [PAGE, PHOTOGRAPH])
@pytest.mark.parametrize(("speak", "has_key"), [("modelverse", True), ("ppio", True), ("vllm", False)])
async def test_both_texts_send_what_the_program_sends(
    tmp_path: Path, speak: str, has_key: bool, picture: Image.Image
) -> None:
    prompt = prompt_for(PresetId.MARKDOWN)
    with ProviderServer(speak, key=KEY if has_key else None) as server:
        profile = PROFILES[speak].changed(base_url=server.base_url)
        own = await own_request(server, profile, picture, prompt)
        copied = CopiedRequest(profile, prompt, own.media_type, profile.max_tokens, has_key=has_key)
        (tmp_path / "it's a picture").write_bytes(own.picture)
        variables = {profile.key_variable: KEY} if has_key else {}
        ending = {"image/png": ".png", "image/jpeg": ".jpg"}[own.media_type]
        assert f"'{PATH_TO_FILL_IN}{ending}'" in copied.as_curl()
        text = copied.as_curl().replace(f"'{PATH_TO_FILL_IN}{ending}'", '"it\'s a picture"')
        by_curl = run_in_bash(text, tmp_path, **variables)
        text = copied.as_python().replace(PATH_TO_FILL_IN + ending, "it's a picture")
        by_python = run_in_python(text, tmp_path, **variables)
    assert (by_curl.returncode, by_python.returncode) == (0, 0), by_curl.stderr + by_python.stderr
    assert "Hello" in "".join(json_words(by_curl.stdout))
    assert by_python.stdout == "Hello"
    first, second, third = server.requests
    for request in (second, third):
        assert (request.path, request.body) == (own.path, own.body)
        assert request.picture == own.picture
        assert request.headers.get("authorization") == own.headers.get("authorization") or not has_key
    assert first is own
    assert ("authorization" in second.headers) is has_key


def json_words(stream: str) -> list[str]:
    lines = [line.removeprefix("data: ") for line in stream.splitlines() if line.startswith("data: {")]
    choices = [choice for line in lines for choice in json.loads(line)["choices"]]
    return [choice["delta"].get("content") or "" for choice in choices]


@needs_curl
def test_without_a_picture_nothing_is_sent(tmp_path: Path) -> None:
    with ProviderServer("modelverse") as server:
        profile = PROFILES["modelverse"].changed(base_url=server.base_url)
        copied = CopiedRequest(profile, "Free OCR.", "image/png", 100)
        by_curl = run_in_bash(copied.as_curl(), tmp_path, MODELVERSE_API_KEY=KEY)
        by_python = run_in_python(copied.as_python(), tmp_path, MODELVERSE_API_KEY=KEY)
    assert server.requests == []
    assert by_curl.returncode != 0
    assert PATH_TO_FILL_IN in by_curl.stderr
    assert PATH_TO_FILL_IN in by_python.stderr


@needs_curl
def test_a_large_picture_is_no_argument_that_is_too_long(tmp_path: Path) -> None:
    noise = Image.effect_noise((2300, 1600), 200)
    noise.save(tmp_path / "large.png")
    assert (tmp_path / "large.png").stat().st_size > 2_200_000
    with ProviderServer("any", key=None) as server:
        profile = PROFILES["custom"].changed(base_url=server.base_url, model="m")
        text = CopiedRequest(profile, "Free OCR.", "image/png", 100, has_key=False).as_curl()
        done = run_in_bash(text.replace(PATH_TO_FILL_IN, "large"), tmp_path)
    assert done.returncode == 0, done.stderr
    assert server.requests[0].picture == (tmp_path / "large.png").read_bytes()


@pytest.mark.parametrize(
    ("key_variable", "has_key", "named"),
    [
        ("PPIO_API_KEY", True, "PPIO_API_KEY"), ("", True, "OCR_DESKTOP_API_KEY"), ("PPIO_API_KEY", False, None),
        ("X; touch pwned", True, "OCR_DESKTOP_API_KEY"), ("X\n", True, "OCR_DESKTOP_API_KEY"),
        ("1X", True, "OCR_DESKTOP_API_KEY"), ("密钥", True, "OCR_DESKTOP_API_KEY"),
    ],
)  # fmt: skip
def test_the_key_is_its_variable(key_variable: str, has_key: bool, named: str | None) -> None:
    profile = replace(PROFILES["ppio"], key_variable=key_variable)
    copied = CopiedRequest(profile, "Free OCR.", "image/png", 100, has_key=has_key)
    if named is None:
        assert "Authorization" not in copied.as_curl()
        assert "environ" not in copied.as_python()
    else:
        assert f'"Authorization: Bearer ${named}"' in copied.as_curl()
        assert f'api_key=os.environ["{named}"]' in copied.as_python()


def test_refused_fields_are_left_out_of_both() -> None:
    copied = CopiedRequest(
        PROFILES["vllm"], "Free OCR.", "image/png", 100, left_out=frozenset({"vllm_xargs", "stream_options"})
    )
    for text in (copied.as_curl(), copied.as_python()):
        assert "skip_special_tokens" in text
        assert "vllm_xargs" not in text
        assert "stream_options" not in text


anything = st.one_of(st.sampled_from(HOSTILE), st.text(max_size=40), st.text("'\"\\$`!{}()%\n", max_size=12))


def wordings(profile: Profile, prompt: str) -> tuple[CopiedRequest, dict[str, object]]:
    """A request, and the body that it must give with the picture `b"picture"`."""
    address = f"data:image/png;base64,{base64.b64encode(b'picture').decode()}"
    copied = CopiedRequest(profile, prompt, "image/png", 100)
    return copied, request_body(profile, prompt=prompt, picture_address=address, max_tokens=100)


def examples_of_hostility(test: object) -> object:
    for words in HOSTILE:
        test = example(prompt=words, model=words, extra=words, address=words)(test)  # type: ignore[arg-type,type-var]
    return test


@needs_bash
@examples_of_hostility
@settings(max_examples=30, deadline=None)
@given(prompt=anything, model=anything, extra=anything, address=anything)
def test_bash_runs_nothing_that_is_quoted(
    tmp_path_factory: pytest.TempPathFactory, prompt: str, model: str, extra: str, address: str
) -> None:
    folder = tmp_path_factory.mktemp("bash")
    model, extra, address = (words.encode("utf-8", "replace").decode() for words in (model, extra, address))
    base_url = f"http://localhost/{address}".replace("\0", "")
    profile = replace(PROFILES["vllm"], model=model, extra_body={extra: [extra, {"a": extra}]}, base_url=base_url)
    copied, body = wordings(profile, prompt)
    (folder / f"{PATH_TO_FILL_IN}.png").write_bytes(b"picture")
    # In the place of curl stands what only writes down what it was given.
    (folder / "curl").write_text("#!/bin/sh\nprintf '%s\\0' \"$@\" > arguments\ncat > body\n")
    (folder / "curl").chmod(0o755)
    variables = {"VLLM_API_KEY": "a key", "PATH": f"{folder}:{os.environ['PATH']}"}
    done = run_in_bash(copied.as_curl(), folder, **variables)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert json.loads((folder / "body").read_text("utf-8")) == body
    arguments = (folder / "arguments").read_bytes().decode().split("\0")
    assert arguments[arguments.index("--url") + 1] == f"{base_url}/chat/completions"
    assert "Authorization: Bearer a key" in arguments
    assert sorted(file.name for file in folder.iterdir()) == ["PATH_TO_PICTURE.png", "arguments", "body", "curl"]


@examples_of_hostility
@given(prompt=anything, model=anything, extra=anything, address=anything)
def test_python_holds_nothing_but_values(prompt: str, model: str, extra: str, address: str) -> None:
    """Read back by Python's own parser: the call's arguments are literals, but for the picture."""
    base_url = f"http://localhost/{address}"
    profile = replace(PROFILES["vllm"], model=model, extra_body={extra: [extra, {"a": extra}]}, base_url=base_url)
    copied, body = wordings(profile, prompt)
    module = ast.parse(copied.as_python())
    assert [type(statement).__name__ for statement in module.body] == [
        "Import", "Import", "ImportFrom", "With", "Assign", "Assign", "For",
    ]  # fmt: skip
    client, create = (statement.value for statement in module.body if isinstance(statement, ast.Assign))
    assert isinstance(client, ast.Call)
    assert isinstance(create, ast.Call)
    assert ast.literal_eval(client.keywords[0].value) == base_url
    given_fields = {keyword.arg: value_of(keyword.value) for keyword in create.keywords}
    further = given_fields.pop("extra_body", {})
    assert isinstance(further, dict)
    assert given_fields | further == body


def value_of(node: ast.expr) -> object:
    """A literal, in which `"…" + picture` is the picture `b"picture"`."""
    if isinstance(node, ast.BinOp):
        assert isinstance(node.right, ast.Name)
        assert node.right.id == "picture"
        return ast.literal_eval(node.left) + base64.b64encode(b"picture").decode()
    if isinstance(node, ast.Dict):
        pairs = zip(node.keys, node.values, strict=True)
        return {ast.literal_eval(name): value_of(value) for name, value in pairs if name is not None}
    if isinstance(node, ast.List):
        return [value_of(item) for item in node.elts]
    return ast.literal_eval(node)


def test_what_does_not_show_is_written_so_that_it_does() -> None:
    """Letters that turn the direction, or end a line in some programs, are what a person could not see."""
    copied, _ = wordings(PROFILES["modelverse"], "a\u202eb\u2028c\x1b[2Jd\U000e0041e 识别")
    for text in (copied.as_curl(), copied.as_python()):
        assert all(character.isprintable() or character == "\n" for character in text)
        assert "识别" in text
