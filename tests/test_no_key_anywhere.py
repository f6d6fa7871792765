"""A key goes to its host and nowhere else: not on show, not into a log, a file, an error, a traceback or a `repr`."""

from __future__ import annotations

import base64
import os
import subprocess
import sys
import traceback
from collections.abc import Iterator
from pathlib import Path

import pytest

from ocr_desktop.core.secret import Secret
from ocr_desktop.engines.openai_compatible import OpenAICompatibleEngine
from ocr_desktop.services.context import AppContext
from ocr_desktop.services.credentials import KeySource
from tests.engines.asking import StillPicture, heard, profile_of, request
from tests.support.everything_logged import FAULT
from tests.support.keyrings import MemoryKeyring, RefusingKeyring, keyring_in_place
from tests.support.pictures import draw_page
from tests.support.program import PATIENCE_S, environment_with
from tests.support.provider_answers import Script, Spoken
from tests.support.provider_server import ProviderServer
from tests.support.traces import ECHOES, REDIRECT, SECRET, traces_in, traces_in_files

pytestmark = pytest.mark.logs_complaints

GOOD = Spoken("# Costs\n\nThe sum is 42.")


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    path = tmp_path / "page.png"
    draw_page(size=(64, 64)).save(path)
    return path


@pytest.fixture
def server() -> Iterator[ProviderServer]:
    with ProviderServer("any", GOOD, *ECHOES.values(), GOOD, key=SECRET) as server:
        yield server


def test_a_trace_would_be_found(tmp_path: Path) -> None:
    assert traces_in(f"authorization: Bearer {SECRET}")
    for before in ("", "a", "ab", "abc"):
        assert traces_in(base64.b64encode(f"{before}{SECRET} and more".encode()))
    (tmp_path / "log").write_text(f"before {SECRET} behind")
    assert traces_in_files(tmp_path)


@pytest.mark.parametrize("form", ["md", "json"])
def test_the_command_line_shows_and_writes_it_nowhere(
    server: ProviderServer, picture: Path, tmp_path: Path, form: str
) -> None:
    count = len(ECHOES) + 2
    log, output = tmp_path / "log", tmp_path / "output"
    output.mkdir()
    where = ("read", "-v", "--engine", "vllm", "--base-url", server.base_url, "--retries", "0", picture)
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "tests.support.everything_logged",
            log,
            str(count),
            *where,
            "--format",
            form,
            "-o",
            output,
        ],
        env=environment_with({"VLLM_API_KEY": SECRET, "PYTHONFAULTHANDLER": "1", "OPENAI_LOG": "debug"}),
        cwd=Path(__file__).parents[1],
        capture_output=True,
        timeout=PATIENCE_S,
        check=False,
    )
    told = done.stderr.decode()
    assert len(server.requests) == count
    assert {asked.headers["authorization"] for asked in server.requests} == {f"Bearer {SECRET}"}
    codes = [int(line.removeprefix("exit code ")) for line in told.splitlines() if line.startswith("exit code ")]
    assert codes == [0, 4, 4, 4, 5, 5, 1]
    assert FAULT in told
    assert "self = <ocr_desktop.engines" in told, "the traceback tells its variables"
    assert "chat/completions" in log.read_text("utf-8"), "the log tells of requests"
    assert traces_in(done.stdout) == traces_in(told) == []
    assert traces_in_files(tmp_path, Path(os.environ["HOME"])) == []


@pytest.mark.parametrize("script", [*ECHOES.values(), REDIRECT], ids=[*ECHOES, "a redirect"])
async def test_no_error_of_an_engine_holds_it_however_it_is_printed(script: Script) -> None:
    with ProviderServer("any", script, key=SECRET) as server:
        profile = profile_of("vllm").changed(base_url=server.base_url)
        engine = OpenAICompatibleEngine(profile, Secret(SECRET), StillPicture())
        result = await heard(engine, request(retries=0))
    error = result.error
    assert error is not None
    printed = "".join(traceback.TracebackException.from_exception(error, capture_locals=True).format())
    assert "self = <ocr_desktop.engines" in printed
    assert traces_in(printed) == []
    assert traces_in(repr((result, error.fields))) == []
    assert error.__cause__ is None
    assert error.__context__ is None, "it brings no error of the client with it, which holds the request"
    objects = (engine, profile, engine.description, engine._failures, Secret(SECRET))
    assert traces_in(repr(objects) + str([str(each) for each in objects])) == []


@pytest.mark.parametrize("keyring", [MemoryKeyring, RefusingKeyring], ids=["keyring", "memory"])
@pytest.mark.parametrize("script", [GOOD, ECHOES["a wrong key"]], ids=["read", "refused"])
async def test_a_key_that_was_typed_in_is_in_no_file(
    script: Script | Spoken, keyring: type[MemoryKeyring], tmp_path: Path
) -> None:
    context = AppContext(tmp_path)
    with keyring_in_place(keyring()), ProviderServer("any", script, key=SECRET) as server:
        try:
            profile = context.catalogue.profile("vllm", base_url=server.base_url)
            source = await context.credentials.keep(profile, Secret(SECRET))
            assert source is (KeySource.KEYRING if keyring is MemoryKeyring else KeySource.MEMORY)
            engine = await context.catalogue.engine("vllm", base_url=server.base_url)
            assert isinstance(engine, OpenAICompatibleEngine)
            trial = OpenAICompatibleEngine(profile, await context.credentials.key_for(profile), StillPicture())
            result = await heard(trial, request(retries=0))
            context.settings_file.save(context.settings_file.load())
            found = await context.credentials.found(profile)
            assert found is not None
            assert found[0].reveal() == SECRET
            objects = (context, context.credentials, context.catalogue, engine, result, source, found)
            assert traces_in(repr(objects)) == []
        finally:
            await context.close()
    assert server.requests[0].headers["authorization"] == f"Bearer {SECRET}"
    assert traces_in_files(tmp_path, Path(os.environ["HOME"])) == []
