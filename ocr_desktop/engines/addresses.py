"""The addresses of servers: which can be asked, and whose machine they mean; pure functions.

They are read more strictly than any client reads them, so that the host that is shown and checked is the one that is
asked.
"""

from __future__ import annotations

import ipaddress
import re

COMPLETIONS = "/chat/completions"
LONGEST_ADDRESS = 2000

# No user name or password: the address is shown in many places. Letters of other scripts in a host's name are written
# in their ASCII form (xn--…), which cannot be mistaken for another.
WEB_ADDRESS = re.compile(
    r"https?://(?P<host>[a-z0-9._-]{1,253}|\[[0-9a-f:.]{2,45}\])(?::(?P<port>[0-9]{1,5}))?(?P<path>/[^\s\\?#]*)?"
    r"(?P<rest>[?#]\S*)?",
    re.IGNORECASE | re.ASCII,
)
HOST_NAME = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)(\.(?!-)[a-z0-9_-]{1,63}(?<!-))*\.?", re.IGNORECASE | re.ASCII)
ENDS_IN_NUMBER = re.compile(r"(.*\.)?([0-9]+|0x[0-9a-f]*)\.?", re.IGNORECASE | re.ASCII)
"""What a system may take for a numeric address; it is one only in its usual form."""
FOREIGN_LETTERS = re.compile(r"(^|\.)xn--", re.IGNORECASE | re.ASCII)


def trimmed_base_url(text: str) -> tuple[str, bool] | None:
    """An address as the client wants it; None where it is none of a web server, or carries a user name.

    Returns:
        The base URL, and whether the path of the completions was cut off: people paste the whole address.
    """
    pasted = text.strip().rstrip("/")
    address = pasted.removesuffix(COMPLETIONS).rstrip("/")
    found = _parts(address)
    if found is None or found["rest"] is not None or len(address) > LONGEST_ADDRESS:
        return None
    return address, pasted.endswith(COMPLETIONS)


def host_of(url: str) -> str:
    """The machine's name or address in a URL, in small letters, without port; empty where there is none."""
    found = _parts(url.strip())
    return "" if found is None else found["host"].lower().strip("[]")


def is_loopback(host: str) -> bool:
    """Whether a host's name or address is this machine by definition, without asking a name server."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _parts(address: str) -> re.Match[str] | None:
    found = WEB_ADDRESS.fullmatch(address) if address.isprintable() else None
    if found is None or not 0 < int(found["port"] or 1) < 65536 or not _is_host(found["host"]):
        return None
    return found


def _is_host(host: str) -> bool:
    try:
        if host.startswith("["):
            ipaddress.IPv6Address(host[1:-1])
        elif ENDS_IN_NUMBER.fullmatch(host):
            ipaddress.IPv4Address(host)
        elif FOREIGN_LETTERS.search(host):
            import idna

            idna.decode(host)
    # What `idna` raises is one too.
    except ValueError:
        return False
    return host.startswith("[") or HOST_NAME.fullmatch(host) is not None
