"""Where else on the same machine a server may answer."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ocr_desktop.services.other_addresses import other_addresses


@given(
    st.sampled_from(["http://127.0.0.1:8000", "https://api.example.org", "http://[::1]:9"]),
    st.lists(st.sampled_from(["v1", "openai", "api", "models", "a"]), max_size=5),
)
def test_other_addresses_are_of_the_same_machine_few_and_never_the_one_that_was_given(
    origin: str, parts: list[str]
) -> None:
    base_url = "/".join([origin, *parts])
    others = other_addresses(base_url)
    assert 0 < len(others) <= 6
    assert base_url not in others
    assert len(set(others)) == len(others)
    assert all(other == origin or other.startswith(f"{origin}/") for other in others)
    if parts[-1:] != ["v1"]:
        assert others[0] == f"{base_url}/v1"


def test_the_version_goes_where_it_stands_already() -> None:
    assert other_addresses("https://api.example.org/v1")[0] == "https://api.example.org"
