from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ocr_desktop.engines.addresses import host_of, is_loopback, trimmed_base_url


def test_that_the_completions_path_was_cut_off_can_be_told() -> None:
    assert trimmed_base_url(" https://example.org/v1/chat/completions/ ") == ("https://example.org/v1", True)
    assert trimmed_base_url("https://example.org/v1/") == ("https://example.org/v1", False)
    assert trimmed_base_url("example.org") is None


@pytest.mark.parametrize(
    ("url", "host", "is_here"),
    [
        ("http://localhost:8000/v1", "localhost", True),
        ("http://LOCALHOST/v1", "localhost", True),
        ("http://127.0.0.2:1", "127.0.0.2", True),
        ("http://[::1]:8000/v1", "::1", True),
        ("http://ocr.localhost/v1", "ocr.localhost", True),
        ("https://api.modelverse.cn/v1", "api.modelverse.cn", False),
        ("http://192.168.1.5:8000/v1", "192.168.1.5", False),
        ("http://localhost.example.org/v1", "localhost.example.org", False),
        ("http://127.0.0.1.example.org/v1", "127.0.0.1.example.org", False),
        ("https://other.example/v1?moved=1#here", "other.example", False),
        ("http://[::1", "", False),
        ("http://[::1]x:80/v1", "", False),
        ("http://[::1]evil.example/v1", "", False),
        ("http://[::1%25lo]/v1", "", False),
        ("http://127.1/v1", "", False),
        ("http://0x7f.0.0.1/v1", "", False),
        ("http://user@localhost/v1", "", False),
        ("httpſ://localhost/v1", "", False),
        ("", "", False),
    ],
)
def test_the_host_and_whether_it_is_this_machine(url: str, host: str, is_here: bool) -> None:
    assert host_of(url) == host
    assert is_loopback(host_of(url)) is is_here


@pytest.mark.parametrize(
    "address",
    [
        "https://☃.invalid/v1",
        "https://münchen.example/v1",
        "https://xn--a/v1",
        "https://api.xn--a.example/v1",
        "https://-example.org/v1",
        "https://example..org/v1",
        "https://1.2.3.999/v1",
        "https://2130706433/v1",
        "https://example.org:/v1",
        "https://example.org:0/v1",
        "https://example.org:65536/v1",
        "https://example.org:٣/v1",
        "https://[::g]/v1",
        f"https://{'a' * 64}.example/v1",
        f"https://example.org/{'a' * 2000}",
    ],
)
def test_what_a_client_could_read_otherwise_is_no_address(address: str) -> None:
    assert trimmed_base_url(address) is None


@pytest.mark.parametrize("host", ["xn--mnchen-3ya.example", "gpu_1", "ocr-1.lan", "EXAMPLE.org", "192.0.2.7", "a.b."])
def test_usual_names_are_addresses(host: str) -> None:
    assert trimmed_base_url(f"http://{host}:8000/v1") == (f"http://{host}:8000/v1", False)


HOSTS = (
    st.text(st.characters(codec="utf-8"), max_size=12)
    | st.from_regex(r"[a-z0-9_.:\[\]%-]{1,14}", fullmatch=True)
    | st.from_regex(r"(xn--)?[a-z0-9-]{1,8}(\.(xn--)?[a-z0-9-]{1,5})?", fullmatch=True)
    | st.ip_addresses(v=4).map(str)
    | st.ip_addresses(v=6).map("[{}]".format)
)


@example("[::1]", ":8000", "/v1")
@example("[FE80::1]", "", "")
@example("xn--fiqs8s.example", "", "/v1")
@given(
    HOSTS, st.just("") | st.integers(0, 99_999).map(":{}".format), st.just("") | st.text(max_size=9).map("/".__add__)
)
def test_the_host_that_is_checked_is_the_one_that_is_asked(host: str, port: str, path: str) -> None:
    import httpx2

    trimmed = trimmed_base_url(f"https://{host}{port}{path}")
    if trimmed is None:
        return
    asked = httpx2.URL(trimmed[0])
    assert asked.raw_host.decode().lower() == host_of(trimmed[0])
    assert asked.userinfo == b""
    # In the letters of its own script, which the client wants to know too.
    assert asked.host
