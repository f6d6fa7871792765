"""Fetching a picture from behind a link that a person gave and confirmed; never one that a model wrote.

What comes is bounded in time and size before anything looks at it, and nothing goes out but the request itself: no
cookies, no name, no place where the link was found.
"""

from __future__ import annotations

import asyncio
import ipaddress
import socket
import ssl
import zlib
from typing import TYPE_CHECKING, Any
from urllib.parse import urldefrag, urljoin, urlsplit

import ocr_desktop
from ocr_desktop.core.errors import EngineError, ErrorCode, InputError
from ocr_desktop.core.files import printable
from ocr_desktop.engines import addresses
from ocr_desktop.engines.bounds import run_out
from ocr_desktop.engines.failures import causes_of

if TYPE_CHECKING:
    import httpx2

    from ocr_desktop.engines.base import OfflineSwitch

MOST_REDIRECTS = 5
MEGABYTE = 1_000_000
LONGEST_LINK = 8000
LONGEST_REASON = 120
REDIRECTS = frozenset({301, 302, 303, 307, 308})
NO_LINK = "not a web link that can be followed"
HEADERS = {
    "User-Agent": f"ocr-desktop/{ocr_desktop.__version__}",
    "Accept": "image/*, application/pdf;q=0.9, */*;q=0.5",
    # Packed pictures are no smaller, and a packed answer can be a thousand times what comes over the wire.
    "Accept-Encoding": "identity",
}


def host_of(url: str) -> str | None:
    """Whom a link would ask, to be shown before anything is; None where it is no web link or carries a password."""
    link = _without_fragment(url)
    return addresses.host_of(link) or None if len(link) <= LONGEST_LINK else None


async def download(url: str, *, most_bytes: int, timeout_s: float, offline: OfflineSwitch) -> bytes:
    """What is behind a link, whole; cancelling ends it at once, on the wire too.

    Args:
        url: As the person gave it; http or https.
        most_bytes: More is not read, however it was packed.
        timeout_s: For all of it.
        offline: Looked at before each request.

    Raises:
        InputError: DOWNLOAD_FAILED with the `name` of the host and a `reason`; DOWNLOAD_TOO_LARGE.
        EngineError: OFFLINE.
    """
    host = host_of(url)
    if host is None:
        raise _failed("", NO_LINK)
    try:
        async with asyncio.timeout(timeout_s):
            # Importing it and reading the list of trusted certificates would hold the event loop.
            async with await asyncio.to_thread(_new_client, host) as client:
                return await _fetched(client, _without_fragment(url), most_bytes, offline)
    except TimeoutError:
        raise _failed(host, f"no whole answer within {timeout_s:g} s") from None


async def _fetched(client: httpx2.AsyncClient, url: str, most_bytes: int, offline: OfflineSwitch) -> bytes:
    import httpx2

    asked = addresses.host_of(url)
    for _ in range(MOST_REDIRECTS + 1):
        host = addresses.host_of(url)
        if offline.is_on:
            raise EngineError(ErrorCode.OFFLINE, host=host)
        try:
            client.cookies.clear()
            async with client.stream("GET", url) as response:
                if response.status_code not in REDIRECTS:
                    return await _body(response, host, most_bytes)
                url = _next_link(url, response.headers.get("location", ""), asked)
        except (httpx2.HTTPError, httpx2.InvalidURL, httpx2.StreamError, OSError, ValueError) as error:
            raise _failed(host, _reason(error)) from error
    raise _failed(asked, "too many redirects")


async def _body(response: httpx2.Response, host: str, most_bytes: int) -> bytes:
    if response.status_code != 200:
        raise _failed(host, f"{response.status_code} {response.reason_phrase}".strip())
    declared = response.headers.get("content-length", "")
    if declared.isascii() and declared.isdigit() and len(declared) < 20 and int(declared) > most_bytes:
        raise _too_large(host, most_bytes)
    unpacked = _Unpacked(response.headers.get("content-encoding", ""), host, most_bytes)
    pieces = response.aiter_raw()
    try:
        async for piece in pieces:
            unpacked.take(piece)
    except InputError:
        await run_out(pieces, response)
        raise
    return unpacked.whole()


class _Unpacked:
    """What came, put together within its limit."""

    def __init__(self, encoding: str, host: str, most_bytes: int) -> None:
        self._host = host
        self._most_bytes = most_bytes
        self._content = bytearray()
        self._unpacker: Any = None
        match encoding.strip().lower():
            case "" | "identity":
                pass
            case "gzip" | "x-gzip" | "deflate":
                # 32 more: whichever of the two headers it has.
                self._unpacker = zlib.decompressobj(zlib.MAX_WBITS | 32)
            case _:
                raise _failed(host, "an answer that is packed in an unknown way")

    def take(self, piece: bytes) -> None:
        if self._unpacker is not None:
            try:
                piece = self._unpacker.decompress(piece, self._most_bytes + 1 - len(self._content))
            except zlib.error:
                raise _failed(self._host, "an answer that cannot be unpacked") from None
        self._content += piece
        if len(self._content) > self._most_bytes:
            raise _too_large(self._host, self._most_bytes)

    def whole(self) -> bytes:
        if self._unpacker is not None and not self._unpacker.eof:
            raise _failed(self._host, "the connection was lost")
        if not self._content:
            raise _failed(self._host, "an empty answer")
        return bytes(self._content)


def _new_client(host: str) -> httpx2.AsyncClient:
    import httpx2

    try:
        return httpx2.AsyncClient(
            follow_redirects=False,
            # A proxy of the environment must not see what stays on this machine.
            trust_env=not addresses.is_loopback(host),
            headers=HEADERS,
            # The time limit is ours, over all of it.
            timeout=None,
        )
    except Exception:
        # Only the environment can be at fault; its proxy's address may hold a password and is not repeated.
        raise _failed(host, "the proxy or the trusted certificates of the environment cannot be used") from None


def _next_link(url: str, location: str, asked: str) -> str:
    """Where a redirect leads.

    Raises:
        InputError: DOWNLOAD_FAILED where it leads to anything that a link on the web has no business to lead to.
    """
    from_host = addresses.host_of(url)
    link = _without_fragment(urljoin(url, location.strip()))
    to_host = host_of(link)
    if not location or to_host is None:
        raise _failed(from_host, "a redirect to nowhere on the web")
    if urlsplit(url).scheme.lower() == "https" and urlsplit(link).scheme.lower() != "https":
        raise _failed(from_host, "a redirect to an unprotected address")
    if _is_inside(to_host) and not _is_inside(asked):
        raise _failed(from_host, "a redirect into the local network")
    return link


def _is_inside(host: str) -> bool:
    """Whether a host is this machine, or an address of the local network."""
    try:
        return not ipaddress.ip_address(host).is_global
    except ValueError:
        return addresses.is_loopback(host)


def _without_fragment(url: str) -> str:
    return urldefrag(url.strip()).url


def _reason(error: Exception) -> str:
    """A few words of ours where there are any; a transport's own may hold the whole address."""
    import httpx2

    causes = list(causes_of(error))
    if any(isinstance(cause, socket.gaierror) for cause in causes):
        return "no such host"
    for cause in causes:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return printable(f"untrusted certificate: {cause.verify_message}")[:LONGEST_REASON]
        if isinstance(cause, ssl.SSLError):
            return "no protected connection"
        if isinstance(cause, ConnectionRefusedError):
            return "connection refused"
    if isinstance(error, httpx2.InvalidURL | ValueError):
        return NO_LINK
    is_unreached = isinstance(error, httpx2.ConnectError | httpx2.ProxyError)
    return "it cannot be reached" if is_unreached else "the connection was lost"


def _failed(host: str, reason: str) -> InputError:
    return InputError(ErrorCode.DOWNLOAD_FAILED, name=host, host=host, reason=printable(reason)[:LONGEST_REASON])


def _too_large(host: str, most_bytes: int) -> InputError:
    return InputError(
        ErrorCode.DOWNLOAD_TOO_LARGE, name=host, host=host, limit_megabytes=max(most_bytes // MEGABYTE, 1)
    )
