"""Answers that the engine must get through or out of, and a server that lists its models by script."""

from __future__ import annotations

import json
import zlib

from tests.support.provider_answers import Framing, Script, Step, streamed, text
from tests.support.provider_server import ProviderServer
from tests.support.provider_speeches import Recorded

PIECE = 64 * 1024
ENDLESS = 1 << 16
"""So many pieces never all go out: four gigabytes."""


class ListingServer(ProviderServer):
    """Plays its scripts for every request, also for the list of models, and looks at nothing."""

    def next_script(self, recorded: Recorded) -> Script:
        script = self._scripts.pop(0) if len(self._scripts) > 1 else self._scripts[0]
        assert isinstance(script, Script)
        return script


def without_end(piece: bytes, *first: Step, status: int = 200, content_type: str = "text/event-stream") -> Script:
    repeated = (piece * (PIECE // len(piece)),) * ENDLESS
    return Script((*first, *repeated), status=status, content_type=content_type)


def bomb(megabytes: int) -> Script:
    """A stream that is small on the wire and, unpacked, one line of so many megabytes."""
    compressor = zlib.compressobj(wbits=31)
    begun = text("come")
    packed = compressor.compress(begun + b"data: ")
    zeros = b"0" * 1024 * 1024
    packed += b"".join(compressor.compress(zeros) for _ in range(megabytes)) + compressor.flush()
    return Script((packed,), headers={"content-encoding": "gzip"}, framing=Framing.LENGTH)


def delta(fields: dict[str, object], **choice: object) -> bytes:
    """A part with this delta, its letters escaped as most servers do."""
    return b"data: " + json.dumps({"choices": [{"index": 0, "delta": fields, **choice}]}).encode() + b"\n\n"


def burst(words: list[str]) -> Script:
    return streamed(b"".join(text(word) for word in words))
