"""Reads pictures with a model behind an OpenAI-compatible endpoint; all that differs between servers is in a profile.

One request is one message with one picture and one prompt. The client of the protocol is used for the wire alone: when
to ask again, how long to wait and how an answer ended is decided here, because every request is billed and because the
client ends its loop without a word where a server broke off.
"""

from __future__ import annotations

import asyncio
import base64
import dataclasses
import json
from collections.abc import AsyncGenerator, Awaitable
from contextlib import aclosing, asynccontextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

import ocr_desktop
from ocr_desktop.core.errors import EngineError, ErrorCode
from ocr_desktop.core.events import Event, Finished, TextDelta, Waiting
from ocr_desktop.core.geometry import View
from ocr_desktop.engines.answers import AnswerReader, ComplaintError
from ocr_desktop.engines.base import EngineDescription, EngineKind, Request
from ocr_desktop.engines.failures import (
    EndpointFailures,
    RequestFailedError,
    allowed_max_tokens,
    refused_fields,
    wait_s,
)
from ocr_desktop.engines.profiles import PartOrder, Profile
from ocr_desktop.worker.pixels import Pixels

if TYPE_CHECKING:
    from openai import AsyncOpenAI, AsyncStream
    from openai.types.chat import ChatCompletionChunk, ChatCompletionContentPartParam

    from ocr_desktop.worker.client import EncodedPicture

Result = TypeVar("Result")

CONNECT_S = 10.0
AFTER_FINISH_S = 2.0
"""How long the count of tokens is waited for once the answer itself has ended."""
LONGEST_HOLD_S = 0.008
"""A burst of text that is already here is handed on no longer than this without letting the event loop turn."""

USAGE_FIELD = "stream_options"
TRANSPORT = ("httpx", "httpcore", "anyio")
END = object()

# The client tells each server of the system it runs on, and sends what the environment holds for another provider.
HEADERS_SENT = frozenset(
    {
        "accept",
        "accept-encoding",
        "authorization",
        "connection",
        "content-length",
        "content-type",
        "host",
        "transfer-encoding",
        "user-agent",
    }
)


class PictureEncoder(Protocol):
    """Makes a file of what a view shows, off the event loop.

    `longest_side` is in pixels and never enlarges; `formats` are media types, the best first.
    """

    async def encode(
        self, pixels: Pixels, view: View, *, longest_side: int, formats: tuple[str, ...]
    ) -> EncodedPicture: ...


@dataclass(frozen=True, slots=True)
class Question:
    """What goes over the wire, but for what every request to this endpoint has.

    `left_out` are fields the server has refused; `is_shortened` tells that it has named the tokens it allows.
    """

    content: list[ChatCompletionContentPartParam]
    max_tokens: int
    timeout_s: float
    left_out: frozenset[str]
    is_shortened: bool = False


class OpenAICompatibleEngine:
    """Asks one endpoint; many reads may run at once, all in the event loop of the first.

    Args:
        profile: The endpoint.
        key: Sent as the bearer token and never shown; None where there is none.
        pictures: Makes the files that are sent.
    """

    def __init__(self, profile: Profile, key: str | None, pictures: PictureEncoder) -> None:
        self._profile = profile
        self._key = (key or "").strip() or None
        self._pictures = pictures
        self._failures = EndpointFailures(profile, self._key)
        self._client: AsyncOpenAI | None = None
        self._client_is_made = asyncio.Lock()
        self._fields_refused: frozenset[str] = frozenset()

    @property
    def description(self) -> EngineDescription:
        profile = self._profile
        return EngineDescription(
            id=profile.id,
            title=profile.title,
            kind=EngineKind.ENDPOINT,
            host=profile.host,
            model=profile.model,
            is_local=profile.is_local,
            presets=frozenset(profile.presets),
        )

    async def read(self, request: Request) -> AsyncGenerator[Event, None]:
        """Ask, and yield what comes; the last event is `Finished`.

        Raises:
            UsageError: PROFILE_INCOMPLETE; nothing was sent.
            EngineError: PRESET_UNSUPPORTED, or what `EndpointFailures.obstacle` tells; nothing was sent. Or the request
                failed; text that came before was yielded.
        """
        self._refuse_what_must_not_be_sent(request)
        question = await self._question(request)
        client = await self._connected_client()
        retries_done = 0
        while True:
            failure: RequestFailedError | None = None
            has_text = False
            async with aclosing(self._ask(client, question)) as events:
                try:
                    async for event in events:
                        has_text = has_text or isinstance(event, TextDelta)
                        yield event
                except RequestFailedError as failed:
                    failure = failed
            if failure is None:
                return
            if has_text:
                raise failure.error
            repeat = self._without_what_was_refused(question, failure)
            if repeat is not None:
                question = repeat
                continue
            if retries_done >= request.retries or not failure.may_retry:
                raise failure.error
            seconds = wait_s(retries_done, failure.retry_after_s)
            retries_done += 1
            yield Waiting(seconds, failure.error.code.value)
            await asyncio.sleep(seconds)

    async def close(self) -> None:
        client, self._client = self._client, None
        if client is not None:
            await client.close()

    def _refuse_what_must_not_be_sent(self, request: Request) -> None:
        obstacle = self._failures.obstacle()
        if obstacle is not None:
            raise obstacle
        profile = self._profile
        if request.preset not in profile.presets:
            raise EngineError(ErrorCode.PRESET_UNSUPPORTED, engine=profile.id, preset=request.preset.value)

    async def _question(self, request: Request) -> Question:
        profile = self._profile
        picture = await self._pictures.encode(
            request.pixels, request.view, longest_side=profile.longest_side, formats=profile.image_formats
        )
        address = await asyncio.to_thread(_data_address, picture)
        text_part: ChatCompletionContentPartParam = {"type": "text", "text": request.prompt}
        image_part: ChatCompletionContentPartParam = {"type": "image_url", "image_url": {"url": address}}
        text_first = profile.part_order is PartOrder.TEXT_FIRST
        return Question(
            content=[text_part, image_part] if text_first else [image_part, text_part],
            max_tokens=request.max_tokens or profile.max_tokens,
            timeout_s=request.timeout_s,
            left_out=self._fields_refused,
        )

    async def _connected_client(self) -> AsyncOpenAI:
        async with self._client_is_made:
            if self._client is None:
                # The import and the list of trusted certificates hold the event loop for half a second.
                self._client = await asyncio.to_thread(self._new_client)
            return self._client

    def _new_client(self) -> AsyncOpenAI:
        from openai import AsyncOpenAI, DefaultAsyncHttpxClient, Timeout

        try:
            transport = DefaultAsyncHttpxClient(
                # A redirect would carry the picture to a machine that nobody was asked about.
                follow_redirects=False,
                # A proxy of the environment must not see what stays on this machine.
                trust_env=not self._profile.is_local,
                event_hooks={"request": [self._keep_to_what_is_needed]},
                timeout=Timeout(None, connect=CONNECT_S),
            )
        except Exception as error:
            # Only the environment's proxy can be at fault, unreadable or of a kind that has no driver here. Its
            # address may hold a password: it is not repeated.
            raise self._failures.error(ErrorCode.HOST_UNREACHABLE, message=f"proxy: {type(error).__name__}") from None
        return AsyncOpenAI(
            # The client refuses to be made without a key; the hook below sends only ours.
            api_key=self._key or "none",
            base_url=self._profile.base_url,
            max_retries=0,
            timeout=Timeout(None, connect=CONNECT_S),
            http_client=transport,
        )

    async def _keep_to_what_is_needed(self, message: Any) -> None:
        """Leave in an outgoing message's headers only what the protocol needs, and the profile's own key."""
        for name in set(message.headers) - HEADERS_SENT:
            del message.headers[name]
        message.headers["user-agent"] = f"ocr-desktop/{ocr_desktop.__version__}"
        if self._key is None:
            message.headers.pop("authorization", None)
        else:
            message.headers["authorization"] = f"Bearer {self._key}"

    async def _ask(self, client: AsyncOpenAI, question: Question) -> AsyncGenerator[TextDelta | Finished, None]:
        """One request and its answer; raises `RequestFailedError`."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + question.timeout_s
        stream = await self._within(deadline, question, self._sent(client, question), ErrorCode.HOST_UNREACHABLE)
        kind = stream.response.headers.get("content-type", "").lower()
        reader = AnswerReader()
        async with _ended(stream), aclosing(_parts(stream, kind)) as parts:
            if "html" in kind:
                raise self._failures.failed(ErrorCode.ANSWER_UNREADABLE, may_retry=False)
            loop_turned = loop.time()
            is_over = False
            while not is_over:
                try:
                    part = await self._within(deadline, question, anext(parts, END), ErrorCode.CONNECTION_LOST)
                    text, is_over = (reader.rest(), True) if part is END else (self._text_of(part, reader), False)
                except RequestFailedError:
                    # Once the server said how the answer ended, nothing is missing but the count of tokens.
                    if reader.finish_reason is None:
                        raise
                    text, is_over = reader.rest(), True
                if text:
                    yield TextDelta(text)
                    deadline = loop.time() + question.timeout_s
                if reader.finish_reason is not None:
                    deadline = min(deadline, loop.time() + AFTER_FINISH_S)
                if loop.time() - loop_turned > LONGEST_HOLD_S:
                    await asyncio.sleep(0)
                    loop_turned = loop.time()
        yield self._ending(reader, kind)

    def _sent(self, client: AsyncOpenAI, question: Question) -> Awaitable[AsyncStream[ChatCompletionChunk]]:
        from openai import omit

        counts_tokens = USAGE_FIELD not in question.left_out
        return client.chat.completions.create(
            model=self._profile.model,
            messages=[{"role": "user", "content": question.content}],
            temperature=0,
            max_tokens=question.max_tokens,
            stream=True,
            stream_options={"include_usage": True} if counts_tokens else omit,
            extra_body={
                name: value for name, value in self._profile.extra_body.items() if name not in question.left_out
            },
        )

    async def _within(self, deadline: float, question: Question, wire: Awaitable[Result], lost: ErrorCode) -> Result:
        """What comes over the wire; everything that goes wrong there as `RequestFailedError`, `lost` if it breaks."""
        import openai

        try:
            async with asyncio.timeout_at(deadline):
                return await wire
        except TimeoutError:
            failure = self._failures.failed(ErrorCode.HOST_SILENT, seconds=question.timeout_s)
        except openai.APIStatusError as error:
            failure = self._failures.refused(error.status_code, error.body, error.response.headers)
        except openai.APIConnectionError as error:
            failure = self._failures.failed(lost, message=_words(error.__cause__ or error))
        except openai.APIError as error:
            failure = self._failures.complained(error.body) or self._failures.failed(ErrorCode.SERVER_FAILED)
        except (ValueError, RecursionError):
            failure = self._failures.failed(ErrorCode.ANSWER_UNREADABLE, may_retry=False)
        except Exception as error:
            # Where the client reads a body to its end it lets the transport's own errors through.
            if not type(error).__module__.startswith(TRANSPORT):
                raise
            failure = self._failures.failed(lost, message=_words(error))
        # Raised here, so that the client's error, which holds the request and its key, is not chained to it.
        raise failure

    def _text_of(self, part: object, reader: AnswerReader) -> str:
        try:
            return reader.take(part)
        except ComplaintError as complaint:
            body = complaint.body
        failure = self._failures.complained(body)
        if failure is not None:
            raise failure
        return ""

    def _ending(self, reader: AnswerReader, kind: str) -> Finished:
        ending = reader.ending()
        if ending is not None:
            return ending
        if reader.finish_reason is not None:
            raise self._failures.broken_off(reader.finish_reason)
        is_stream = "event-stream" in kind or (reader.parts > 0 and "json" not in kind)
        if is_stream:
            raise self._failures.failed(ErrorCode.CONNECTION_LOST)
        raise self._failures.failed(ErrorCode.ANSWER_UNREADABLE, may_retry=False)

    def _without_what_was_refused(self, question: Question, failure: RequestFailedError) -> Question | None:
        """The question as the server said it would take it; None where it did not say."""
        droppable = {USAGE_FIELD, *self._profile.extra_body} - question.left_out
        named = refused_fields(failure.status, failure.said, droppable)
        if named:
            self._fields_refused |= named
            return dataclasses.replace(question, left_out=question.left_out | named)
        if question.is_shortened:
            return None
        allowed = allowed_max_tokens(failure.status, failure.said, question.max_tokens)
        return dataclasses.replace(question, max_tokens=allowed, is_shortened=True) if allowed else None


@asynccontextmanager
async def _ended(stream: AsyncStream[ChatCompletionChunk]) -> AsyncGenerator[None, None]:
    """Close the connection on the way out, and let the client's own generators come to their end.

    The client leaves them half way, to a finalizer that the window's event loop does not have: they would complain when
    they are collected. On a closed connection the next step ends them all.
    """
    try:
        yield
    finally:
        await stream.close()
        with suppress(Exception):
            async for _ in stream:
                await asyncio.sleep(0)


async def _parts(stream: AsyncStream[ChatCompletionChunk], kind: str) -> AsyncGenerator[object, None]:
    """The parts of a completion; one where the server gave it whole though a stream was asked for."""
    if "json" in kind:
        yield json.loads(await stream.response.aread())
    else:
        async for part in stream:
            yield part


def _words(error: BaseException) -> str:
    """What an error says, or at least what it is."""
    return str(error) or type(error).__name__


def _data_address(picture: EncodedPicture) -> str:
    return f"data:{picture.media_type};base64,{base64.b64encode(picture.data).decode('ascii')}"
