"""The errors of one endpoint: what a refusal, a complaint or a broken connection is told as; nothing here sends."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator, Mapping
from urllib.parse import urljoin

from ocr_desktop.core.errors import EngineError, ErrorCode, OcrDesktopError, UsageError
from ocr_desktop.core.secret import Secret
from ocr_desktop.engines.addresses import host_of
from ocr_desktop.engines.profiles import Profile
from ocr_desktop.engines.refusals import (
    LONGEST_READ,
    meaning_of,
    names_in,
    passes_by_itself,
    retry_after_s,
    shown_words,
    status_in,
    words_of,
)

Field = str | int | float

LONGEST_WAIT_S = 60.0
"""A server that asks for more patience than this is not asked again; its wish is told."""
LONGEST_TOLD_S = 24 * 3600.0
"""A date may be a mistake of centuries: where so much is told, it is this or more."""
MOST_CAUSES = 32

NEVER_CONNECTED = frozenset({"ConnectError", "ConnectTimeout", "PoolTimeout", "ProxyError"})
"""The transport's own classes, by name: its package is the client's affair."""
PROXY_REFUSED = "ProxyError"
NOT_UNPACKED = "DecodingError"


class RequestFailedError(Exception):
    """One request came to nothing, or stopped in the middle.

    Attributes:
        error: What the caller is told if nobody asks again.
        may_retry: Whether the same request may succeed later.
        status: Of the server's answer, where it gave one.
        said: The server's own words, as far as a meaning is looked for in them; never shown.
        retry_after_s: How long the server wants to be left alone.
    """

    def __init__(
        self,
        error: EngineError,
        *,
        may_retry: bool,
        status: int | None = None,
        said: str = "",
        retry_after_s: float | None = None,
    ) -> None:
        super().__init__(error.code.value)
        self.error = error
        self.may_retry = may_retry
        self.status = status
        self.said = said
        self.retry_after_s = retry_after_s


class EndpointFailures:
    """Makes the errors of one endpoint, each with what a sentence about it may need, none with the key."""

    def __init__(self, profile: Profile, key: Secret | None) -> None:
        self._profile = profile
        self._key = key

    def error(self, code: ErrorCode, **fields: Field) -> EngineError:
        profile = self._profile
        if "message" in fields:
            fields["message"] = shown_words(str(fields["message"]), self._key)
        return EngineError(
            code,
            engine=profile.title,
            host=profile.host,
            model=profile.model,
            variable=profile.key_variable,
            key_page=profile.key_page,
            **fields,
        )

    def obstacle(self, *, needs_model: bool = True) -> OcrDesktopError | None:
        """What keeps the endpoint from being used, as far as can be seen without asking it; None where nothing does.

        PROFILE_INCOMPLETE as a `UsageError`; KEY_MISSING, KEY_UNUSABLE (no header can hold it) or HOST_INSECURE.
        """
        profile, key = self._profile, self._key
        if profile.missing == "base_url" or (needs_model and profile.missing):
            return UsageError(ErrorCode.PROFILE_INCOMPLETE, engine=profile.id, missing=profile.missing)
        if key is None:
            if profile.key_required:
                return self.error(ErrorCode.KEY_MISSING)
        # What no header can hold would otherwise come back in the transport's own message.
        elif not (key.reveal().isascii() and key.reveal().isprintable()):
            return self.error(ErrorCode.KEY_UNUSABLE)
        if not (profile.is_local or profile.http_allowed or profile.base_url.lower().startswith("https://")):
            return self.error(ErrorCode.HOST_INSECURE)
        return None

    def failed(self, code: ErrorCode, *, may_retry: bool = True, **fields: Field) -> RequestFailedError:
        return RequestFailedError(self.error(code, **fields), may_retry=may_retry)

    def refused(self, status: int, body: object, headers: Mapping[str, str]) -> RequestFailedError:
        """The server answered with a status other than success."""
        words = words_of(body)
        said = f"{words[:LONGEST_READ]} {names_in(body)}"
        code = meaning_of(status, said, self._profile.model)
        if code is ErrorCode.KEY_REFUSED and self._key is None:
            code = ErrorCode.KEY_MISSING
        fields: dict[str, Field] = {"status": status, "message": words}
        if code is ErrorCode.HOST_REDIRECTS:
            fields["to"] = self._target(headers.get("location", ""))
        wished_s = retry_after_s(headers)
        if wished_s is not None:
            fields["retry_after_s"] = round(min(wished_s, LONGEST_TOLD_S), 1)
        return RequestFailedError(
            self.error(code, **fields),
            may_retry=passes_by_itself(status, code) and (wished_s or 0.0) <= LONGEST_WAIT_S,
            status=status,
            said=said,
            retry_after_s=wished_s,
        )

    def complained(self, body: object) -> RequestFailedError | None:
        """Something else stood where a part of the answer should; None where it says nothing that matters."""
        if not isinstance(body, Mapping | str):
            return self.failed(ErrorCode.ANSWER_UNREADABLE, may_retry=False)
        complaint = (body.get("error") or body) if isinstance(body, Mapping) else body
        words = words_of(complaint)
        status = status_in(complaint)
        if not words and status is None:
            return None
        if status is None:
            return self.failed(ErrorCode.SERVER_FAILED, message=words)
        said = f"{words[:LONGEST_READ]} {names_in(complaint)}"
        code = meaning_of(status, said, self._profile.model)
        error = self.error(code, message=words, status=status)
        return RequestFailedError(error, may_retry=passes_by_itself(status, code), status=status, said=said)

    def broken_off(self, reason: str) -> RequestFailedError:
        """The server gave a reason for the answer's end that is none of an end."""
        if reason == "content_filter":
            return self.failed(ErrorCode.REQUEST_REFUSED, may_retry=False, message=reason)
        return self.failed(ErrorCode.SERVER_FAILED, message=reason)

    def disconnected(self, error: BaseException) -> RequestFailedError:
        """The transport failed; its own words are told only where they say more than a sentence of ours."""
        causes = list(causes_of(error))
        kinds = {type(cause).__name__ for cause in causes}
        if any(isinstance(cause, socket.gaierror) for cause in causes):
            return self.failed(ErrorCode.HOST_UNKNOWN)
        for cause in causes:
            if isinstance(cause, ssl.SSLCertVerificationError):
                return self.failed(ErrorCode.HOST_UNTRUSTED, may_retry=False, message=cause.verify_message)
            if type(cause).__name__ == PROXY_REFUSED:
                return self.failed(ErrorCode.HOST_UNREACHABLE, message=f"proxy: {cause}")
            # One that only waited for more has no reason.
            if isinstance(cause, ssl.SSLError) and cause.reason and kinds & NEVER_CONNECTED:
                reason = cause.reason.replace("_", " ").lower()
                return self.failed(ErrorCode.HOST_UNREACHABLE, message=f"TLS: {reason}")
        if NOT_UNPACKED in kinds:
            return self.failed(ErrorCode.ANSWER_UNREADABLE, may_retry=False)
        return self.failed(ErrorCode.HOST_UNREACHABLE if kinds & NEVER_CONNECTED else ErrorCode.CONNECTION_LOST)

    def _target(self, location: str) -> str:
        """The host of a redirect."""
        try:
            return host_of(urljoin(self._profile.base_url, shown_words(location, self._key)))
        except ValueError:
            return ""


def causes_of(error: BaseException) -> Iterator[BaseException]:
    """An error and what led to it, the latest first."""
    waiting = [error]
    seen: set[int] = set()
    while waiting and len(seen) < MOST_CAUSES:
        cause = waiting.pop(0)
        if id(cause) in seen:
            continue
        seen.add(id(cause))
        yield cause
        if isinstance(cause, BaseExceptionGroup):
            waiting += cause.exceptions
        waiting += [earlier for earlier in (cause.__cause__, cause.__context__) if earlier is not None]
