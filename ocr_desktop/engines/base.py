"""What every engine is: something that reads one picture for one prompt and yields events while it does.

Streams below, signals above: an engine is pulled with `async for`. It raises `core.errors.EngineError` (or
`InputError` for a picture that it cannot take); whatever it yielded before stays valid. Closing the iterator
(`aclosing`) or cancelling the task ends the request at once, on the wire too.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

from ocr_desktop.core.presets import PresetId

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from ocr_desktop.core.events import Event
    from ocr_desktop.core.geometry import View
    from ocr_desktop.worker.pixels import Pixels

EMBEDDED_ID = "embedded"


class EngineKind(StrEnum):
    EMBEDDED = "embedded"
    ENDPOINT = "endpoint"


@dataclass(frozen=True, slots=True)
class EngineDescription:
    """What a person should know of an engine before a picture goes to it.

    `host` is None where the picture stays on this computer inside the program; a server on this machine has a host
    too, `is_local` says that it is this machine.
    """

    id: str
    title: str
    kind: EngineKind
    host: str | None
    model: str | None
    is_local: bool
    presets: frozenset[PresetId]


EMBEDDED_ENGINE = EngineDescription(
    id=EMBEDDED_ID,
    title="This computer (offline)",
    kind=EngineKind.EMBEDDED,
    host=None,
    model="PP-OCRv6 small",
    is_local=True,
    presets=frozenset({PresetId.MARKDOWN, PresetId.OCR, PresetId.FREE, PresetId.LOCATE}),
)
"""Known without loading the engine, because the window shows it before anything is read."""


@dataclass(frozen=True, slots=True)
class Request:
    """One question about one picture.

    Attributes:
        pixels: The page as opened, upright.
        view: What of it the engine is shown.
        preset: By whose rules the answer is read.
        prompt: Sent as it is by an endpoint; the embedded engine takes none.
        term: What is looked for, with `locate`.
        timeout_s: The longest silence without answer text.
        retries: Requests after the first, only before the first word.
        max_tokens: None: the profile's.
    """

    pixels: Pixels
    view: View
    preset: PresetId
    prompt: str
    term: str | None = None
    timeout_s: float = 120.0
    retries: int = 2
    max_tokens: int | None = None


class Engine(Protocol):
    """Reads pictures; made once, used for many requests, closed by who made it."""

    @property
    def description(self) -> EngineDescription: ...

    def read(self, request: Request) -> AsyncGenerator[Event, None]:
        """Ask, and yield what comes; the last event is `Finished`."""
        ...

    async def close(self) -> None: ...
