"""What is asked of an endpoint: the body of a request, exactly as it goes over the wire, and which headers go along."""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass, field
from typing import Any

from ocr_desktop.engines.profiles import PartOrder, Profile
from ocr_desktop.engines.refusals import allowed_max_tokens, is_of_context, refused_fields

USAGE_FIELD = "stream_options"
# The client tells each server of the system it runs on, and sends what the environment holds for another provider.
HEADERS_SENT = frozenset(
    {
        "accept",
        "accept-encoding",
        "connection",
        "content-length",
        "content-type",
        "host",
        "transfer-encoding",
        "user-agent",
    }
)
HALF_CHARACTERS = re.compile("[\ud800-\udfff]")
"""What bytes of the command line that are no text become; no request can hold them."""


def request_body(
    profile: Profile,
    *,
    prompt: str,
    picture_address: str,
    max_tokens: int,
    left_out: frozenset[str] = frozenset(),
) -> dict[str, Any]:
    """The body of a request as JSON values, its fields in the order in which they are sent.

    Args:
        profile: The endpoint.
        prompt: Sent as it is.
        picture_address: A `data:` URL, or whatever stands for one in a text that is only shown.
        max_tokens: How long the answer may be.
        left_out: Fields beyond the protocol's core that the server has refused.
    """
    text_part = {"type": "text", "text": HALF_CHARACTERS.sub("\ufffd", prompt)}
    image_part = {"type": "image_url", "image_url": {"url": picture_address}}
    text_first = profile.part_order is PartOrder.TEXT_FIRST
    body: dict[str, Any] = {
        "model": profile.model,
        "messages": [{"role": "user", "content": [text_part, image_part] if text_first else [image_part, text_part]}],
        "max_tokens": max_tokens,
        "temperature": 0,
        "stream": True,
    }
    optional = {USAGE_FIELD: {"include_usage": True}, **profile.extra_body}
    return body | {name: value for name, value in optional.items() if name not in left_out}


def data_address(media_type: str, data: bytes) -> str:
    """A picture's file as the address under which a request carries it."""
    return f"data:{media_type};base64,{base64.b64encode(data).decode('ascii')}"


def droppable_fields(profile: Profile) -> frozenset[str]:
    """The fields of a request that can be left out."""
    return frozenset({USAGE_FIELD, *profile.extra_body})


@dataclass(slots=True)
class Question:
    """What is asked about one picture; a server's refusal may change it.

    Attributes:
        left_out: Fields that the server has refused.
        tokens_allowed: How many tokens it has named where it found `max_tokens` too many; None where it has not.
        is_limit_lasting: Whether other pictures are better asked about with no more than those, too.
    """

    prompt: str
    picture_address: str = field(repr=False)
    picture_bytes: int
    max_tokens: int
    timeout_s: float
    left_out: frozenset[str]
    tokens_allowed: int | None = None
    is_limit_lasting: bool = False

    def body(self, profile: Profile) -> dict[str, Any]:
        return request_body(
            profile,
            prompt=self.prompt,
            picture_address=self.picture_address,
            max_tokens=self.max_tokens,
            left_out=self.left_out,
        )

    def give_in(self, profile: Profile, status: int | None, said: str) -> bool:
        """Change to what a server said it would take; False where it did not say, or was obeyed before."""
        named = refused_fields(status, said, droppable_fields(profile) - self.left_out)
        if named:
            self.left_out |= named
            return True
        if self.tokens_allowed is not None:
            return False
        allowed = allowed_max_tokens(status, said, self.max_tokens)
        if allowed is None:
            return False
        # What a large picture leaves of the context would cut the answers about all others.
        self.is_limit_lasting = not is_of_context(said) or 2 * allowed >= self.max_tokens
        self.max_tokens = self.tokens_allowed = allowed
        return True
