"""What every engine is: something that reads one picture for one prompt and yields events while it does.

Streams below, signals above: an engine is pulled with `async for`. It raises `core.errors.EngineError` (or
`InputError` for a picture that it cannot take); whatever it yielded before stays valid. Closing the iterator
(`aclosing`) or cancelling the task ends the request at once, on the wire too.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

from ocr_desktop.core.document import Cost
from ocr_desktop.core.presets import PresetId

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from ocr_desktop.core.document import Usage
    from ocr_desktop.core.events import Event
    from ocr_desktop.core.geometry import View
    from ocr_desktop.worker.pixels import Pixels

EMBEDDED_ID = "embedded"
USUAL_KEY_VARIABLE = "OCR_DESKTOP_API_KEY"
"""The environment variable of a key whose profile names none that can be used."""


class EngineKind(StrEnum):
    EMBEDDED = "embedded"
    ENDPOINT = "endpoint"


class Lack(StrEnum):
    """What an endpoint is known to leave out of its answers."""

    TAGS = "tags"
    """The special tokens around labels and boxes; the words between table cells then run together."""
    BOXES = "boxes"
    USAGE = "usage"
    """The count of tokens."""


@dataclass(frozen=True, slots=True)
class Price:
    """What a provider takes, in `currency` (ISO 4217), for a million tokens of the request and of the answer."""

    currency: str
    input_per_million: float
    output_per_million: float

    def of(self, usage: Usage) -> Cost:
        """What a request of this many tokens costs."""
        millionths = usage.prompt_tokens * self.input_per_million + usage.completion_tokens * self.output_per_million
        return Cost(millionths / 1_000_000, self.currency)


@dataclass(frozen=True, slots=True)
class PictureLimits:
    """What an endpoint takes as a picture.

    Attributes:
        longest_side: In pixels; a smaller picture is never enlarged.
        formats: Media types, the best first.
        most_bytes: Of the file, before base64; None where no limit is known.
    """

    longest_side: int
    formats: tuple[str, ...]
    most_bytes: int | None = None


class OfflineSwitch:
    """The one switch that makes every request to any endpoint impossible, looked at before each of them."""

    def __init__(self, *, is_on: bool = False) -> None:
        self.is_on = is_on


@dataclass(frozen=True, slots=True)
class EngineDescription:
    """What a person should know of an engine before a picture goes to it.

    `host` is None where the picture stays on this computer inside the program; a server on this machine has a host
    too, `is_local` says that it is this machine.

    Attributes:
        more_tokens: How long an answer may be asked for after one was cut at the usual length; None: no longer.
        lacks: What its answers are known to come without.
        price: None where it is not known.
        key_page: Where a person gets a key; empty where unknown.
    """

    id: str
    title: str
    kind: EngineKind
    host: str | None
    model: str | None
    is_local: bool
    presets: frozenset[PresetId]
    more_tokens: int | None = None
    lacks: frozenset[Lack] = frozenset()
    price: Price | None = None
    key_page: str = ""


EMBEDDED_ENGINE = EngineDescription(
    id=EMBEDDED_ID,
    title="This computer (offline)",
    kind=EngineKind.EMBEDDED,
    host=None,
    model="PP-OCRv6 small",
    is_local=True,
    presets=frozenset(PresetId) - {PresetId.DESCRIBE},
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
