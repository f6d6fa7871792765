"""The addresses at which a server may answer where it does not at the one that was given."""

from __future__ import annotations

from urllib.parse import urlsplit, urlunsplit

VERSION = "/v1"
USUAL_PATHS = ("/v1", "/openai/v1", "/openai", "/api/v1", "/v1/openai")
"""Where servers of the protocol have it, the commonest first."""
MOST = 6
"""Each costs a request."""


def other_addresses(base_url: str) -> tuple[str, ...]:
    """Base URLs on the same machine and port, the likeliest first; never the one that was given.

    With or without the version at its end, without its last parts, then the usual paths.
    """
    parts = urlsplit(base_url)
    path = parts.path.rstrip("/")
    paths = [path.removesuffix(VERSION) if path.endswith(VERSION) else path + VERSION]
    shorter = path
    while shorter.count("/") > 1:
        shorter = shorter.rpartition("/")[0]
        paths.append(shorter)
    others = [other for other in dict.fromkeys((*paths, *USUAL_PATHS)) if other != path]
    return tuple(urlunsplit((parts.scheme, parts.netloc, other, "", "")) for other in others[:MOST])
