"""Every way in which an endpoint fails: the command line says which, keeps what came and asks no more than it may."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from ocr_desktop.cli.messages import EXIT_CODES, WARNINGS
from ocr_desktop.core.document import Finish
from ocr_desktop.core.errors import EngineError, ErrorCode
from tests.cli.conftest import Program
from tests.support.endpoint_failures import FAILURES, Failure, command, staged
from tests.support.sentences import FAULTS

SAID = re.compile(r'".+"\)')
"""A server's own words may be anything."""


@pytest.mark.parametrize("failure", FAILURES, ids=lambda failure: failure.name)
def test_what_fails_is_told_and_what_came_is_kept(
    failure: Failure, program: Program, picture: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if failure.key is not None:
        monkeypatch.setenv(failure.variable, failure.key)
    with staged(failure) as stage:
        ended = program(*command(failure, stage, picture), "--format", "json", "--no-align")
        assert len(stage.server.requests) == failure.requests
        assert not stage.elsewhere.requests, "the picture goes to nobody else"
    assert ended.code == failure.exit_code
    (told,) = ended.document["pages"]
    assert told["finish"] == failure.finish
    if failure.finish is Finish.LOOP:
        assert told["raw"].startswith(failure.kept)
    else:
        assert told["raw"] == failure.kept
    if failure.exit_code == 0:
        assert "error" not in told
        warnings = () if failure.warning is None else (f"warning: page.png: {WARNINGS[failure.warning]}",)
        assert ended.complaints == [*warnings]
    else:
        problem = told["error"]
        assert problem["code"] == (failure.code or failure.finish)
        assert ended.complaint == f"error: {problem['message']}. {problem['hint']}."
        assert not FAULTS.search(SAID.sub("said)", ended.complaint)), ended.complaint
        assert re.fullmatch(r"error: \S.*: \S.*\. \S.*\.", ended.complaint), ended.complaint
        assert failure.key is None or failure.key not in ended.complaint


def test_each_error_of_an_endpoint_is_met() -> None:
    met = {failure.code for failure in FAILURES}
    not_from_the_wire = {
        ErrorCode.OFFLINE,
        ErrorCode.PRESET_UNSUPPORTED,
        ErrorCode.WEIGHTS_MISSING,
        ErrorCode.WORKER_CRASHED,
        ErrorCode.WORKER_SILENT,
    }
    codes = list(ErrorCode)
    of_engines = set(codes[codes.index(ErrorCode.PRESET_UNSUPPORTED) :])
    assert of_engines - not_from_the_wire == met - {None}
    assert EXIT_CODES[EngineError] == 4
