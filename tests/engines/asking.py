"""One picture, one engine and one server, and what is read there."""

from __future__ import annotations

import io
from contextlib import aclosing
from dataclasses import dataclass, replace

from PIL import Image

from ocr_desktop.core.document import Finish
from ocr_desktop.core.errors import EngineError, ErrorCode
from ocr_desktop.core.events import Event, Finished, Sent, TextDelta, Waiting
from ocr_desktop.core.geometry import Size, View
from ocr_desktop.core.presets import PresetId, prompt_for
from ocr_desktop.core.secret import Secret
from ocr_desktop.engines.base import OfflineSwitch, PictureLimits, Request
from ocr_desktop.engines.openai_compatible import OpenAICompatibleEngine, PictureEncoder
from ocr_desktop.engines.profiles import Profile, shipped_profiles
from ocr_desktop.worker.client import EncodedPicture
from ocr_desktop.worker.pixels import Pixels, levels_of
from tests.support.provider_server import KEY, ProviderServer

SIZE = Size(640, 480)


class StillPicture:
    """An encoder that makes a real picture of the size that the request names."""

    def __init__(self) -> None:
        self.asked_for: list[tuple[View, PictureLimits]] = []

    async def encode(self, pixels: Pixels, view: View, limits: PictureLimits) -> EncodedPicture:
        self.asked_for.append((view, limits))
        file = io.BytesIO()
        Image.new("RGB", (pixels.size.width, pixels.size.height), "white").save(file, "PNG")
        return EncodedPicture("image/png", file.getvalue(), pixels.size)


def profile_of(engine_id: str) -> Profile:
    return next(profile for profile in shipped_profiles() if profile.id == engine_id)


def engine_for(
    server: ProviderServer,
    profile: Profile | str = "custom",
    key: str | None = KEY,
    offline: OfflineSwitch | None = None,
) -> OpenAICompatibleEngine:
    chosen = profile_of(profile) if isinstance(profile, str) else profile
    return engine_of(chosen.changed(base_url=server.base_url, model=chosen.model or "some/model"), key, offline)


def engine_of(
    profile: Profile,
    key: str | None = None,
    offline: OfflineSwitch | None = None,
    pictures: PictureEncoder | None = None,
) -> OpenAICompatibleEngine:
    secret = None if key is None else Secret(key)
    return OpenAICompatibleEngine(profile, secret, pictures or StillPicture(), offline)


def request(preset: PresetId = PresetId.MARKDOWN, **fields: object) -> Request:
    pixels = Pixels(0, SIZE.width * SIZE.height * 3, levels_of(SIZE, 0))
    plain = Request(pixels, View(), preset, prompt_for(preset))
    return replace(plain, **fields)  # type: ignore[arg-type]


@dataclass
class Heard:
    """What a read gave: its events, and how it ended."""

    events: list[Event]
    error: EngineError | None = None

    @property
    def text(self) -> str:
        return "".join(event.text for event in self.events if isinstance(event, TextDelta))

    @property
    def waits(self) -> list[Waiting]:
        return [event for event in self.events if isinstance(event, Waiting)]

    @property
    def sent(self) -> list[Sent]:
        return [event for event in self.events if isinstance(event, Sent)]

    @property
    def finished(self) -> Finished | None:
        last = self.events[-1] if self.events else None
        return last if isinstance(last, Finished) else None

    @property
    def end(self) -> Finish | ErrorCode | None:
        if self.error is not None:
            return self.error.code
        return self.finished.finish if self.finished else None


async def heard(engine: OpenAICompatibleEngine, asked: Request) -> Heard:
    """Read to the end and close the engine."""
    try:
        return await answered(engine, asked)
    finally:
        await engine.close()


async def answered(engine: OpenAICompatibleEngine, asked: Request) -> Heard:
    """Read to the end."""
    result = Heard([])
    try:
        async with aclosing(engine.read(asked)) as events:
            async for event in events:
                result.events.append(event)
    except EngineError as error:
        result.error = error
    return result
