"""Fetching a picture from behind a link that a person gave and confirmed; never one that a model wrote.

What comes is bounded in time and size before anything looks at it, and nothing goes out but the request itself: no
cookies, no name, no place where the link was found.

A redirect may lead to any other host of the web, as links to pictures often do: it learns no more than the link. Into
the local network it may not, whatever a host is called: what counts is the address that a connection reached. Only a
host there that the person named may redirect there, and only to itself.
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
    from collections.abc import Awaitable, Callable

    import httpx2

    from ocr_desktop.engines.base import OfflineSwitch

MOST_REDIRECTS = 5
MEGABYTE = 1_000_000
LONGEST_LINK = 8000
LONGEST_REASON = 120
REDIRECTS = frozenset({301, 302, 303, 307, 308})
INSIDE_NAMES = ("localhost", "local", "lan", "home.arpa", "internal", "intranet", "home", "corp")
"""How names of the local network end; one without a dot is such a name, too."""
TRANSLATED = (ipaddress.IPv6Network("64:ff9b::/96"), ipaddress.IPv6Network("64:ff9b:1::/48"))
"""Addresses of the older kind in those of the newer, in their last four bytes."""
TUNNELS = ipaddress.IPv4Network("198.18.0.0/15")
"""What programs that tunnel everything give out as addresses of the web; nothing else lies there."""
CONNECTING, CONNECTED = "connection.connect_tcp.started", "connection.connect_tcp.complete"
NO_LINK = "not a web link that can be followed"
LOST = "the connection was lost"
INSIDE = "a redirect into the local network"
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
    peers = _Peers(asked)
    for _ in range(MOST_REDIRECTS + 1):
        host = addresses.host_of(url)
        if offline.is_on:
            raise EngineError(ErrorCode.OFFLINE, host=host)
        try:
            client.cookies.clear()
            async with client.stream("GET", url, extensions={"trace": peers.look_at(host)}) as response:
                if response.status_code not in REDIRECTS:
                    return await _body(response, host, most_bytes)
                url = _next_link(url, response.headers.get("location", ""), asked)
        except (httpx2.HTTPError, httpx2.InvalidURL, httpx2.StreamError, OSError, ValueError) as error:
            raise _failed(host, _reason(error)) from error
    raise _failed(asked, "too many redirects")


class _Peers:
    """Looks at whom a connection reached before anything is asked over it.

    Behind a proxy that cannot be seen; there a host's name decides, before a redirect is followed.
    """

    def __init__(self, asked: str) -> None:
        self._asked = asked
        self._may_be_inside: bool | None = None
        """The host that the person named lies inside; None until it was reached."""

    def look_at(self, host: str) -> Callable[[str, dict[str, Any]], Awaitable[None]]:
        """What a request to this host calls with each step of its connection."""
        is_direct = False

        async def look(step: str, facts: dict[str, Any]) -> None:
            nonlocal is_direct
            if step == CONNECTING:
                is_direct = str(facts["host"]).strip("[]").lower() == host
            elif step == CONNECTED and is_direct:
                stream = facts["return_value"]
                peer = stream.get_extra_info("server_addr")
                if peer is None or not self._is_allowed(host, is_inside=_is_address_inside(str(peer[0]))):
                    await stream.aclose()
                    raise _failed(host, LOST if peer is None else INSIDE)

        return look

    def _is_allowed(self, host: str, *, is_inside: bool) -> bool:
        if host != self._asked:
            return not is_inside
        if self._may_be_inside is None:
            self._may_be_inside = is_inside
        return self._may_be_inside or not is_inside


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
            raise _failed(self._host, LOST)
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
    if to_host != asked and _is_inside(to_host):
        raise _failed(from_host, INSIDE)
    return link


def _is_inside(host: str) -> bool:
    """Whether a host is this machine or one of the local network, as far as its name or address says it."""
    try:
        return _is_address_inside(host)
    except ValueError:
        name = host.rstrip(".")
        return "." not in name or name.endswith(tuple(f".{ending}" for ending in INSIDE_NAMES))


def _is_address_inside(text: str) -> bool:
    """Whether an address is not one of the web; an older one within a newer one is what counts.

    Raises:
        ValueError: It is none.
    """
    address = ipaddress.ip_address(text)
    if isinstance(address, ipaddress.IPv6Address):
        older = address.ipv4_mapped or address.sixtofour
        if any(address in network for network in TRANSLATED):
            older = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if older is not None:
            return _is_address_inside(str(older))
    if address in TUNNELS:
        return False
    return address.is_multicast or not address.is_global


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
    return "it cannot be reached" if is_unreached else LOST


def _failed(host: str, reason: str) -> InputError:
    return InputError(ErrorCode.DOWNLOAD_FAILED, name=host, host=host, reason=printable(reason)[:LONGEST_REASON])


def _too_large(host: str, most_bytes: int) -> InputError:
    return InputError(
        ErrorCode.DOWNLOAD_TOO_LARGE, name=host, host=host, limit_megabytes=max(most_bytes // MEGABYTE, 1)
    )
