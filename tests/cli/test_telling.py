"""What is said beside the result: how far a request is, what is doubtful, what a run was, and what to do next."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from psygnal import Signal

from ocr_desktop.cli.console import Console
from ocr_desktop.cli.telling import Teller, bytes_told
from ocr_desktop.core.events import Sent, Waiting
from ocr_desktop.engines.profiles import shipped_profiles
from ocr_desktop.services.context import AppContext, default_settings_folder
from ocr_desktop.services.settings import FILE_NAME, Settings
from tests.cli.conftest import Program
from tests.support.pictures import draw_page
from tests.support.provider_answers import DONE, Gate, refused, streamed, usage
from tests.support.provider_server import KEY, ProviderServer
from tests.support.sentences import FAULTS
from tests.support.waits import waits

WORDS = "Words that came"


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    path = tmp_path / "page.png"
    draw_page(size=(64, 64)).save(path)
    return path


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[ProviderServer]:
    monkeypatch.setenv("OCR_DESKTOP_API_KEY", KEY)
    with ProviderServer("any", streamed(WORDS)) as server:
        yield server


def command(server: ProviderServer, engine: str = "custom") -> tuple[str, ...]:
    return ("read", "--engine", engine, "--base-url", server.base_url, "--model", "m")


def test_who_watches_sees_each_step(program: Program, server: ProviderServer, picture: Path) -> None:
    answer = streamed(WORDS, end=(usage(903, 12), DONE))
    server.answer_with(refused(503, "later", retry_after="0"), answer)
    ended = program(*command(server), picture, "--preset", "free", "--verbose")
    sent = "sent 1 kB, waiting for the first words"
    begun, first, again, second, facts = ended.complaints
    assert (ended.text, begun, first, second) == (f"{WORDS}\n", "page.png: reading with Other server", sent, sent)
    assert again == '127.0.0.1: the server failed (status 503: "later"); asking again at once'
    assert facts.startswith("page.png: 1 regions in ")
    assert facts.endswith(" s, engine Other server, model m, host 127.0.0.1, preset free, 903 + 12 tokens")


class Job:
    """What a request does on the wire, as a test says."""

    sent = Signal(Sent)
    waiting = Signal(Waiting)


@pytest.mark.parametrize("wait", waits(), ids=lambda wait: wait.why)
def test_what_is_told_of_a_wait_has_no_hole(wait: Waiting, capsys: pytest.CaptureFixture[str]) -> None:
    job: Any = Job()
    teller = Teller(Console(quiet=False, verbose=True), shipped_profiles()[0].description)
    teller.follow(job)
    job.waiting.emit(wait)
    line = capsys.readouterr().err
    assert not FAULTS.search(line), line
    assert line.endswith("; asking again in 4 s\n")


def test_how_long_nothing_came_is_told(program: Program, server: ProviderServer, picture: Path) -> None:
    server.answer_with(streamed(Gate()), streamed(WORDS))
    ended = program(*command(server), picture, "--verbose", "--timeout", "0.5", "--retries", "1")
    assert ended.text == f"{WORDS}\n"
    assert [line for line in ended.complaints if line.startswith("127.0.0.1: nothing came for 0.5 s; asking again")]


def test_what_a_run_cost_is_told_where_the_price_is_known(
    program: Program, picture: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    profile = default_settings_folder() / "engines" / "priced.toml"
    profile.parent.mkdir(parents=True)
    monkeypatch.setenv("PRICED_KEY", KEY)
    with ProviderServer("any", streamed(WORDS, end=(usage(1000, 500), DONE))) as server:
        profile.write_text(
            f'id = "priced"\ntitle = "Priced"\nbase_url = "{server.base_url}"\nmodel = "m"\nmax_tokens = 4096\n'
            'part_order = "text_first"\nkey_variable = "PRICED_KEY"\n'
            'price = {currency = "CNY", input_per_million = 2.0, output_per_million = 4.0}\n'
        )
        ended = program("read", picture, "--engine", "priced", "--verbose")
    assert ended.complaints[-1].endswith(", 1000 + 500 tokens, 0.0040 CNY")


def test_this_computer_says_that_the_picture_stayed(program: Program, picture: Path) -> None:
    facts = program("read", picture, "--verbose").complaints[-1]
    assert "engine This computer (offline), model PP-OCRv6 small, host none, it stayed on this computer" in facts


@pytest.mark.parametrize(("tokens", "is_dense"), [(1000, False), (1001, True)])
def test_a_page_that_is_too_dense_is_a_warning(
    program: Program, server: ProviderServer, picture: Path, tokens: int, is_dense: bool
) -> None:
    server.answer_with(streamed(WORDS, end=(usage(100, tokens), DONE)))
    ended = program(*command(server), picture, "--preset", "free")
    assert ended.code == 0
    assert [complaint[:64] for complaint in ended.complaints] == (
        ["warning: page.png: the page is denser than the model reads well:"] if is_dense else []
    )


@pytest.mark.parametrize(
    ("engine", "variable", "options", "hint"),
    [
        ("ppio", "PPIO_API_KEY", (), "Read it again with --max-tokens 8192."),
        ("ppio", "PPIO_API_KEY", ("--max-tokens", "8192"), "Read the picture again with a larger --max-tokens, or in"),
        ("custom", "OCR_DESKTOP_API_KEY", (), "Read the picture again with a larger --max-tokens, or in"),
    ],
)
def test_after_a_cut_the_number_that_helps_is_named(
    program: Program,
    server: ProviderServer,
    picture: Path,
    monkeypatch: pytest.MonkeyPatch,
    engine: str,
    variable: str,
    options: tuple[str, ...],
    hint: str,
) -> None:
    monkeypatch.setenv(variable, KEY)
    server.answer_with(streamed(WORDS, reason="length"))
    ended = program(*command(server, engine), picture, *options)
    assert (ended.code, ended.text) == (5, f"{WORDS}\n")
    assert ended.complaint.startswith(f"error: page.png: the answer was cut off. {hint}")


def test_how_often_and_how_long_is_as_in_the_settings_unless_it_is_said(
    program: Program, server: ProviderServer, picture: Path
) -> None:
    AppContext().settings_file.save(Settings(retries=1, timeout_s=1))
    refusal = refused(503, "later", retry_after="0")
    server.answer_with(refusal)
    assert program(*command(server), picture).code == 4
    assert len(server.requests) == 2
    assert program(*command(server), picture, "--retries", "0").code == 4
    assert len(server.requests) == 3
    server.answer_with(streamed(WORDS, Gate()))
    assert "nothing came for 1 s" in program(*command(server), picture).complaint
    assert "nothing came for 0.5 s" in program(*command(server), picture, "--timeout", "0.5").complaint


@pytest.mark.parametrize("is_saved", [True, False])
def test_offline_nothing_is_sent_not_even_on_this_machine(
    program: Program, server: ProviderServer, picture: Path, is_saved: bool
) -> None:
    AppContext().settings_file.save(Settings(stay_offline=is_saved))
    ended = program(*command(server), picture, *(() if is_saved else ("--offline",)), "--format", "json")
    assert (ended.code, server.requests) == (4, [])
    assert ended.complaint.startswith("error: 127.0.0.1: no request is sent while the program is offline ")
    assert ended.document["pages"][0]["error"]["code"] == "offline"


def test_settings_that_cannot_be_read_are_told(program: Program, picture: Path) -> None:
    path = default_settings_folder() / FILE_NAME
    path.parent.mkdir(parents=True)
    path.write_text("engine =")
    ended = program("read", picture)
    assert ended.code == 0
    assert ended.complaints[0] == f"warning: settings.toml could not be read and was set aside as {path}.unreadable"


@pytest.mark.parametrize(
    ("count", "told"), [(0, "1 kB"), (411_600, "412 kB"), (999_400, "999 kB"), (1_240_000, "1.2 MB")]
)
def test_a_size_is_told_as_people_tell_it(count: int, told: str) -> None:
    assert bytes_told(count) == told
