"""Every error that the package can raise, with the fields that it then has, found in the source itself."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from ocr_desktop.core.errors import EngineError, ErrorCode, InputError, OcrDesktopError, UsageError
from ocr_desktop.core.secret import Secret
from ocr_desktop.engines.failures import EndpointFailures, RequestFailedError
from ocr_desktop.engines.profiles import shipped_profiles

PACKAGE = Path(__file__).resolve().parents[2] / "ocr_desktop"
KEY = "sk-secret-0123456789"
SPEAKS_OF_ENDPOINTS = frozenset({"failed", "error"})
"""Methods of `EndpointFailures`, which add what is known of the endpoint."""
WHOLE_NUMBERS = frozenset({"width", "height", "megabytes", "limit_megabytes", "megapixels", "limit_megapixels"})


def sample(field: str) -> str | int | float:
    """A value of the kind that a field has."""
    if field in WHOLE_NUMBERS:
        return 4321
    return 2.5 if field == "seconds" else f"some {field}"


def raised_in_source() -> Iterator[OcrDesktopError]:
    """An error for each place in the package that names a code, with that place's fields."""
    for path in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(node, ast.Call) or not node.args:
                continue
            code = node.args[0]
            if isinstance(code, ast.Attribute) and isinstance(code.value, ast.Name) and code.value.id == "ErrorCode":
                fields = {keyword.arg: sample(keyword.arg) for keyword in node.keywords if keyword.arg}
                fields.pop("may_retry", None)
                yield _error(node, ErrorCode[code.attr], fields)


def refusals() -> Iterator[OcrDesktopError]:
    """What becomes of everything that a server can say, for a profile with a key and for one without."""
    bodies = ({"error": {"message": "No more", "code": None}}, {"message": "x " * 300}, "<html>", None)
    for shipped in shipped_profiles():
        profile = shipped.changed(base_url=shipped.base_url or "https://own.example/v1", model=shipped.model or "m")
        key = KEY if profile.key_variable else None
        failures = EndpointFailures(profile, Secret(key) if key else None)
        for status in (301, 307, 400, 401, 402, 403, 404, 408, 418, 422, 429, 500, 503):
            for body in (*bodies, f"wrong key: {key or 'none'}"):
                for headers in ({}, {"location": "https://elsewhere.example/v1", "retry-after": "7"}):
                    yield failures.refused(status, body, headers).error
        answers: list[RequestFailedError | None] = [failures.broken_off("content_filter"), failures.broken_off("odd")]
        answers += (failures.complained(body) for body in ({"error": {"message": "m", "code": 500}}, "words", [1]))
        yield from (failure.error for failure in answers if failure is not None)


def _error(call: ast.Call, code: ErrorCode, fields: dict[str, str | int | float]) -> OcrDesktopError:
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    if name in SPEAKS_OF_ENDPOINTS:
        return EndpointFailures(shipped_profiles()[0], Secret(KEY)).error(code, **fields)
    kinds: dict[str, type[OcrDesktopError]] = {"InputError": InputError, "UsageError": UsageError}
    return kinds.get(name, EngineError)(code, **fields)
