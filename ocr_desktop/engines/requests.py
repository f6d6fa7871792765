"""What is asked of an endpoint: the body of a request, exactly as it goes over the wire."""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass, field
from typing import Any

from ocr_desktop.engines.profiles import PartOrder, Profile

USAGE_FIELD = "stream_options"
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

    `left_out` are fields the server has refused; `is_shortened` tells that it has named the tokens it allows.
    """

    prompt: str
    picture_address: str = field(repr=False)
    picture_bytes: int
    max_tokens: int
    timeout_s: float
    left_out: frozenset[str]
    is_shortened: bool = False

    def body(self, profile: Profile) -> dict[str, Any]:
        return request_body(
            profile,
            prompt=self.prompt,
            picture_address=self.picture_address,
            max_tokens=self.max_tokens,
            left_out=self.left_out,
        )
