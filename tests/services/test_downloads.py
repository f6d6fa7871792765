"""Fetching what is behind a link: from a real server on this machine, within bounds, and nothing but that."""

from __future__ import annotations

import asyncio
import gzip
import ipaddress
import socket
import ssl
import tracemalloc
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocr_desktop.core.errors import EngineError, ErrorCode, InputError
from ocr_desktop.engines import addresses
from ocr_desktop.engines.base import OfflineSwitch
from ocr_desktop.services import downloads
from ocr_desktop.services.downloads import download, host_of
from tests.support.certificates import self_made

PICTURE = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40
MOST_BYTES = 1_000_000
OF_THE_WEB, INSIDE = "127.0.0.1", "127.0.0.2"
"""Two addresses of this machine, the second of which is always one of the local network."""


class Site:
    """What a server answers at each path, and what it was asked."""

    def __init__(self) -> None:
        self.answers: dict[str, bytes | Callable[[asyncio.StreamWriter], object]] = {}
        self.asked: list[str] = []
        self.address = ""
        self.is_left = asyncio.Event()
        self.serving: set[asyncio.Task[Any] | None] = set()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.serving.add(asyncio.current_task())
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            self.asked.append(head)
            answer = self.answers[head.split(" ")[1]]
            if isinstance(answer, bytes):
                writer.write(answer)
                await writer.drain()
            else:
                answer(writer)
                await reader.read()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            self.is_left.set()
            writer.close()
            self.serving.discard(asyncio.current_task())

    def url(self, path: str, host: str | None = None) -> str:
        """`host` is another name for it."""
        return self.address + path if host is None else f"http://{host}:{urlsplit(self.address).port}{path}"


@asynccontextmanager
async def open_site(secured: ssl.SSLContext | None = None, at: str = OF_THE_WEB) -> AsyncIterator[Site]:
    site = Site()
    server = await asyncio.start_server(site.serve, at, 0, ssl=secured)
    scheme = "http" if secured is None else "https"
    site.address = f"{scheme}://{at}:{server.sockets[0].getsockname()[1]}"
    async with server:
        yield site
        # Who leaves without a word is noticed a moment later.
        await asyncio.gather(*(task for task in site.serving if task is not None))


def answer(body: bytes, *headers: str, status: str = "200 OK", length: int | None = None) -> bytes:
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body) if length is None else length}", *headers, "", ""]
    return "\r\n".join(lines).encode() + body


def redirect(to: str, *headers: str) -> bytes:
    return answer(b"", f"Location: {to}", *headers, status="302 Found")


async def fetched(url: str, *, most_bytes: int = MOST_BYTES, timeout_s: float = 30) -> bytes:
    return await download(url, most_bytes=most_bytes, timeout_s=timeout_s, offline=OfflineSwitch())


async def failure_of(url: str, *, timeout_s: float = 30) -> InputError:
    with pytest.raises(InputError) as failed:
        await fetched(url, timeout_s=timeout_s)
    return failed.value


async def test_a_picture_comes_as_it_is_and_nothing_is_told_of_who_asks() -> None:
    async with open_site() as site:
        site.answers["/a%20picture.png?size=2"] = answer(PICTURE)
        assert await fetched(site.url("/a%20picture.png?size=2#top")) == PICTURE
    (asked,) = site.asked
    names = {line.split(":")[0].lower() for line in asked.splitlines()[1:] if line}
    assert names == {"host", "accept", "accept-encoding", "connection", "user-agent"}
    assert "python" not in asked.lower()


async def test_redirects_are_followed_without_the_cookies_that_they_set() -> None:
    async with open_site() as site, open_site() as other:
        site.answers["/first"] = redirect("second", "Set-Cookie: who=you")
        site.answers["/second"] = redirect(other.url("/picture"))
        other.answers["/picture"] = answer(PICTURE)
        assert await fetched(site.url("/first")) == PICTURE
    assert "cookie" not in "".join(site.asked + other.asked).lower()


@pytest.mark.parametrize(
    "target",
    [
        "file:///etc/passwd",
        "ftp://127.0.0.1/x",
        "//user:word@127.0.0.1/x",
        "javascript:1",
        "data:image/png,x",
        "",
        "http://[",
    ],
)
async def test_redirects_to_what_is_no_web_page_are_refused(target: str) -> None:
    async with open_site() as site:
        site.answers["/"] = redirect(target)
        assert (await failure_of(site.url("/"))).code is ErrorCode.DOWNLOAD_FAILED


async def test_endless_redirects_end() -> None:
    async with open_site() as site:
        site.answers["/"] = redirect("/")
        failure = await failure_of(site.url("/"))
    assert failure.fields["reason"] == "too many redirects"
    assert len(site.asked) == 6


async def test_no_redirect_leads_from_a_protected_address_to_an_unprotected_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    secured = self_made(tmp_path)
    async with open_site() as open_one, open_site(secured) as site:
        site.answers["/"] = redirect(open_one.url("/picture"))
        open_one.answers["/picture"] = answer(PICTURE)
        failure = await failure_of(site.url("/"))
        assert "certificate" in str(failure.fields["reason"])
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "server.pem"))
        # The environment has no say in what stays on this machine; here the server stands for one elsewhere.
        monkeypatch.setattr(addresses, "is_loopback", lambda _: False)
        failure = await failure_of(site.url("/"))
    assert "unprotected" in str(failure.fields["reason"])
    assert open_one.asked == []


async def test_no_redirect_leads_from_the_web_into_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    async with open_site() as proxy, open_site() as site:
        site.answers["/"] = answer(PICTURE)
        # The proxy stands for a server of the web that is reached by its name.
        monkeypatch.setenv("http_proxy", proxy.address)
        proxy.answers["http://pictures.example/"] = redirect(site.url("/"))
        failure = await failure_of("http://pictures.example/")
    assert "local network" in str(failure.fields["reason"])
    assert site.asked == []


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> dict[str, list[str]]:
    """Which addresses a name server gives for a name, one after the other; the last one from then on."""
    known: dict[str, list[str]] = {}
    real = socket.getaddrinfo

    def resolved(host: bytes | str, *others: Any, **options: Any) -> Any:
        name = host.decode() if isinstance(host, bytes) else host
        given = known.get(name, [name])
        return real(given.pop(0) if len(given) > 1 else given[0], *others, **options)

    monkeypatch.setattr(socket, "getaddrinfo", resolved)
    return known


@pytest.fixture
def web(monkeypatch: pytest.MonkeyPatch) -> None:
    """One of this machine's addresses stands for the web."""
    monkeypatch.setattr(downloads, "_is_address_inside", lambda text: str(ipaddress.ip_address(text)) != OF_THE_WEB)


@pytest.mark.usefixtures("web")
async def test_no_redirect_leads_into_the_local_network_whatever_a_host_is_called(names: dict[str, list[str]]) -> None:
    names |= {"pictures.example": [OF_THE_WEB], "cdn.example": [OF_THE_WEB]}
    names |= {"evil.example": [INSIDE], "evil.example.": [INSIDE]}
    async with open_site() as site, open_site() as other, open_site(at=INSIDE) as router:
        other.answers["/"] = router.answers["/"] = answer(PICTURE)
        site.answers["/"] = redirect(other.url("/", "cdn.example"))
        assert await fetched(site.url("/", "pictures.example")) == PICTURE
        for host in ("evil.example", "EVIL.example", "evil.example.", INSIDE):
            site.answers["/"] = redirect(router.url("/", host))
            failure = await failure_of(site.url("/", "pictures.example"))
            assert "local network" in str(failure.fields["reason"])
    assert router.asked == []


@pytest.mark.usefixtures("web")
async def test_a_name_that_becomes_one_of_the_local_network_is_not_followed_there(names: dict[str, list[str]]) -> None:
    async with open_site() as site, open_site(at=INSIDE) as router:
        names["pictures.example"] = [OF_THE_WEB, INSIDE]
        site.answers["/"] = redirect(router.url("/", "pictures.example"))
        router.answers["/"] = answer(PICTURE)
        failure = await failure_of(site.url("/", "pictures.example"))
    assert "local network" in str(failure.fields["reason"])
    assert router.asked == []


async def test_a_host_of_the_local_network_redirects_there_to_itself_alone(names: dict[str, list[str]]) -> None:
    names |= {"nas.local": [INSIDE], "other.example": [INSIDE]}
    async with open_site(at=INSIDE) as nas:
        nas.answers["/picture"] = answer(PICTURE)
        nas.answers["/"] = redirect("picture")
        assert await fetched(nas.url("/", "nas.local")) == PICTURE
        asked = len(nas.asked)
        for host in ("other.example", "nas.local.", INSIDE):
            nas.answers["/"] = redirect(nas.url("/picture", host))
            assert "local network" in str((await failure_of(nas.url("/", "nas.local"))).fields["reason"])
        assert len(nas.asked) == asked + 3


@pytest.mark.parametrize(
    "host",
    [
        *("localhost", "localhost.", "a.localhost", "printer", "nas.local", "nas.local.", "router.lan", "x.home.arpa"),
        *("127.0.0.1", "10.1.2.3", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1", "::1", "::"),
        *("fe80::1", "fd00::1", "ff02::1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "fe80::1%2"),
    ],
)
def test_what_is_of_the_local_network(host: str) -> None:
    assert downloads._is_inside(host)


@pytest.mark.parametrize("host", ["8.8.8.8", "2606:4700::1111", "64:ff9b::808:808", "198.18.0.7", "pictures.example"])
def test_what_is_of_the_web(host: str) -> None:
    assert not downloads._is_inside(host)


async def test_no_proxy_sees_what_stays_on_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    async with open_site() as proxy, open_site() as site:
        monkeypatch.setenv("http_proxy", proxy.address)
        site.answers["/"] = answer(PICTURE)
        assert await fetched(site.url("/")) == PICTURE
    assert proxy.asked == []


async def test_nothing_is_asked_while_offline() -> None:
    async with open_site() as site:
        with pytest.raises(EngineError) as offline:
            await download(site.url("/"), most_bytes=9, timeout_s=9, offline=OfflineSwitch(is_on=True))
    assert offline.value.code is ErrorCode.OFFLINE
    assert site.asked == []


@pytest.mark.parametrize("length", [None, 10])
async def test_what_is_too_large_is_not_read_whatever_it_says_of_its_length(length: int | None) -> None:
    async with open_site() as site:
        body = bytes(MOST_BYTES + 1)
        head = b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n"
        site.answers["/"] = answer(body) if length is None else head + body
        failure = await failure_of(site.url("/"))
    assert failure.code is ErrorCode.DOWNLOAD_TOO_LARGE
    assert failure.fields["limit_megabytes"] == 1


async def test_a_packed_bomb_is_too_large() -> None:
    async with open_site() as site:
        bomb = gzip.compress(bytes(50_000_000), 9)
        assert len(bomb) < MOST_BYTES
        site.answers["/"] = answer(bomb, "Content-Encoding: gzip")
        tracemalloc.start()
        try:
            assert (await failure_of(site.url("/"))).code is ErrorCode.DOWNLOAD_TOO_LARGE
            assert tracemalloc.get_traced_memory()[1] < 10_000_000
        finally:
            tracemalloc.stop()


async def test_what_a_server_packs_unasked_is_unpacked() -> None:
    async with open_site() as site:
        site.answers["/"] = answer(gzip.compress(PICTURE), "Content-Encoding: gzip")
        assert await fetched(site.url("/")) == PICTURE


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (answer(b"gone", status="404 Not Found"), "404 Not Found"),
        (answer(b"", status="500 \x1b[31mred"), "500"),
        (answer(b""), "an empty answer"),
        (answer(b"half", length=100), "the connection was lost"),
        (answer(b"half", "Content-Encoding: br"), "an answer that is packed in an unknown way"),
        (answer(b"half", "Content-Encoding: gzip"), "an answer that cannot be unpacked"),
        (answer(gzip.compress(PICTURE)[:-9], "Content-Encoding: gzip"), "the connection was lost"),
        (b"SSH-2.0-OpenSSH\r\n", "the connection was lost"),
        (b"", "the connection was lost"),
    ],
)
async def test_what_goes_wrong_is_said_in_a_few_printable_words(content: bytes, reason: str) -> None:
    async with open_site() as site:
        site.answers["/"] = content
        failure = await failure_of(site.url("/"))
    assert failure.fields["name"] == "127.0.0.1"
    assert str(failure.fields["reason"]).startswith(reason)
    assert str(failure.fields["reason"]).isprintable()


async def test_a_server_that_says_nothing_is_given_up() -> None:
    async with open_site() as site:
        site.answers["/"] = lambda writer: writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nab")
        failure = await failure_of(site.url("/"), timeout_s=0.2)
        assert failure.fields["reason"] == "no whole answer within 0.2 s"
        await site.is_left.wait()


async def test_a_download_ends_on_the_wire_when_it_is_cancelled() -> None:
    async with open_site() as site:
        has_begun = asyncio.Event()

        def begin(writer: asyncio.StreamWriter) -> None:
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nab")
            has_begun.set()

        site.answers["/"] = begin
        task = asyncio.create_task(fetched(site.url("/")))
        await has_begun.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        await site.is_left.wait()


async def test_a_port_that_nobody_listens_at_says_so() -> None:
    async with open_site() as site:
        address = site.url("/")
    assert (await failure_of(address)).fields["reason"] == "connection refused"


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://Pictures.Example/a.png", "pictures.example"),
        (" http://127.0.0.1:8000/图片.png#x ", "127.0.0.1"),
        ("https://user:word@pictures.example/", None),
        ("https://pictures.example@evil.example/", None),
        ("file:///etc/passwd", None),
        ("ftp://pictures.example/a.png", None),
        ("https://", None),
        ("pictures.example/a.png", None),
        ("https://a\x00.example/", None),
        ("https://a.example/" + "x" * 9000, None),
    ],
)
def test_the_host_that_is_named_is_the_one_that_would_be_asked(url: str, host: str | None) -> None:
    assert host_of(url) == host


@given(st.text())
def test_any_text_can_be_asked_for_its_host(text: str) -> None:
    assert host_of(text) is None
    assert host_of("https://" + text) is None or host_of("https://" + text) != ""
