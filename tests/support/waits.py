"""Every kind of failure after which a request is made again, as the wait that then is told."""

from __future__ import annotations

from ocr_desktop.core.errors import ErrorCode
from ocr_desktop.core.events import Waiting
from ocr_desktop.engines.failures import EndpointFailures
from ocr_desktop.engines.profiles import shipped_profiles


def waits() -> list[Waiting]:
    failures = EndpointFailures(shipped_profiles()[0], None)
    failed = [
        failures.failed(ErrorCode.HOST_SILENT, seconds=2.0),
        failures.failed(ErrorCode.HOST_UNREACHABLE),
        failures.failed(ErrorCode.HOST_UNREACHABLE, message="TLS: wrong version number"),
        failures.failed(ErrorCode.HOST_UNKNOWN),
        failures.failed(ErrorCode.CONNECTION_LOST),
        failures.failed(ErrorCode.SERVER_FAILED),
        failures.complained({"error": {"message": "out of memory", "code": 500}}),
        *(failures.refused(status, body, {}) for status in (408, 409, 429, 500, 503) for body in (None, "later")),
        failures.refused(429, "slow down", {"retry-after": "4"}),
    ]
    assert all(each is not None and each.may_retry for each in failed)
    return [Waiting(4.0, each.error.code.value, each.error.fields) for each in failed if each is not None]
