"""A test of an endpoint, made ready for a server, and what came of it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from ocr_desktop.core.secret import Secret
from ocr_desktop.engines.profiles import Profile, shipped_profiles
from ocr_desktop.services.connection import ConnectionTest
from ocr_desktop.services.connection_report import (
    CheckKind,
    CheckResult,
    CheckState,
    ConnectionReport,
)
from ocr_desktop.services.context import AppContext
from tests.support.provider_server import KEY, ProviderServer


def profile_for(server: ProviderServer, engine_id: str = "modelverse", **fields: Any) -> Profile:
    shipped = next(profile for profile in shipped_profiles() if profile.id == engine_id)
    return replace(shipped.changed(base_url=server.base_url), **fields)


def connection_test(
    context: AppContext, profile: Profile, key: str | None = KEY, timeout_s: float = 20.0
) -> ConnectionTest:
    secret = None if key is None else Secret(key)
    return ConnectionTest(profile, secret, engines=context.catalogue.trial, intake=context.intake, timeout_s=timeout_s)


def states(report: ConnectionReport) -> dict[CheckKind, CheckState]:
    return {result.kind: result.state for result in report.results}


def failed(report: ConnectionReport) -> CheckResult:
    """The one check that failed."""
    found = [result for result in report.results if result.state is CheckState.FAILED]
    assert len(found) == 1, found
    return found[0]
