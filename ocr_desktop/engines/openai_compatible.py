"""Reads pictures with a model behind an OpenAI-compatible endpoint; all that differs between servers is in a profile.

One request is one message with one picture and one prompt. The client of the protocol is used for the wire alone: when
to ask again, how long to wait and how an answer ended is decided here, because every request is billed and because the
client ends its loop without a word where a server broke off.
"""

from __future__ import annotations

import asyncio
import json
import math
from collections.abc import AsyncGenerator, Awaitable
from contextlib import aclosing, suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

import ocr_desktop
from ocr_desktop.core.document import WarningCode
from ocr_desktop.core.errors import EngineError, ErrorCode, UsageError
from ocr_desktop.core.events import Event, Finished, Sent, TextDelta, Waiting
from ocr_desktop.core.geometry import View
from ocr_desktop.core.secret import Secret
from ocr_desktop.engines.addresses import COMPLETIONS
from ocr_desktop.engines.base import EngineDescription, OfflineSwitch, PictureLimits, Request
from ocr_desktop.engines.bounds import MEGABYTE, Body, TooLongError, cut_short
from ocr_desktop.engines.failures import EndpointFailures, RequestFailedError
from ocr_desktop.engines.model_lists import model_names
from ocr_desktop.engines.profiles import Profile
from ocr_desktop.engines.requests import HEADERS_SENT, Question, data_address
from ocr_desktop.engines.retries import attempts
from ocr_desktop.engines.streams import StreamedAnswer, ended, parts_of
from ocr_desktop.worker.pixels import Pixels

if TYPE_CHECKING:
    from openai import AsyncOpenAI, AsyncStream

    from ocr_desktop.worker.client import EncodedPicture

Result = TypeVar("Result")

CONNECT_S = 10.0
LIST_S = 20.0
"""How long a list of models is waited for, from the connecting on."""
MOST_BYTES_OF_A_LIST = 4 * MEGABYTE
AFTER_FINISH_S = 2.0
"""How long the count of tokens is waited for once the answer itself has ended."""
LONGEST_HOLD_S = 0.008
"""A burst of text that is already here is handed on no longer than this without letting the event loop turn."""

MODELS = "/models"
CERTIFICATES_UNREADABLE = "the list of trusted certificates (SSL_CERT_FILE) cannot be read"
PROXY_UNUSABLE = "the proxy that the environment names cannot be used"
TRANSPORT = ("httpx", "httpcore", "anyio")
END = object()
NO_KEY = "none"
"""The client refuses to be made without a key; ours never gets into it."""


class PictureEncoder(Protocol):
    """Makes a file of what a view shows, off the event loop."""

    async def encode(self, pixels: Pixels, view: View, limits: PictureLimits) -> EncodedPicture: ...


class OpenAICompatibleEngine:
    """Asks one endpoint; many reads may run at once, all in the event loop of the first.

    Args:
        profile: The endpoint.
        key: Sent as the bearer token and never shown; None where there is none.
        pictures: Makes the files that are sent.
        offline: While it is on, nothing is sent.

    Attributes:
        fields_refused: What requests are made without, because the server would not have it and answered then.
        tokens_allowed: The longest answer that the server said it gives, where it found ours too long.
    """

    def __init__(
        self, profile: Profile, key: Secret | None, pictures: PictureEncoder, offline: OfflineSwitch | None = None
    ) -> None:
        self._profile = profile
        self._key = _trimmed(key)
        self._pictures = pictures
        self._offline = offline or OfflineSwitch()
        self._failures = EndpointFailures(profile, self._key)
        self._client: AsyncOpenAI | None = None
        self._client_is_made = asyncio.Lock()
        self._is_closed = False
        self._limits: set[asyncio.Timeout] = set()
        self.fields_refused: frozenset[str] = frozenset()
        self.tokens_allowed: int | None = None
        self._longest_answer: int | None = None

    @property
    def description(self) -> EngineDescription:
        return self._profile.description

    async def read(self, request: Request) -> AsyncGenerator[Event, None]:
        """Ask, and yield what comes; the last event is `Finished`.

        Raises:
            UsageError: PROFILE_INCOMPLETE; nothing was sent.
            EngineError: PRESET_UNSUPPORTED, OFFLINE, or what `EndpointFailures.obstacle` tells; nothing was sent. Or
                the request failed; text that came before was yielded.
        """
        self._refuse_what_must_not_be_sent()
        if request.preset not in self._profile.presets:
            raise EngineError(ErrorCode.PRESET_UNSUPPORTED, engine=self._profile.id, preset=request.preset.value)
        question = await self._question(request)
        client = await self._connected_client()
        pauses: list[float] = []
        failure: RequestFailedError | None = None
        try:
            for attempt in attempts(request.retries, pauses):
                if failure is not None:
                    yield Waiting(pauses[-1], failure.error.code.value, failure.error.fields)
                    await self._pause(pauses[-1])
                failure = None
                has_text = False
                async with aclosing(self._attempt(client, question)) as events:
                    try:
                        async for event in events:
                            has_text = has_text or isinstance(event, TextDelta)
                            yield event
                    except RequestFailedError as failed:
                        failure = failed
                if failure is None:
                    return
                failure.may_retry = failure.may_retry and not has_text
                # Nothing else may fail in here, for an attempt keeps every exception, also that of a cancelled task.
                with attempt:
                    raise failure
        except RequestFailedError as failed:
            error = failed.error
        # Raised here, so that nothing is chained to it.
        raise error

    async def models(self) -> tuple[str, ...]:
        """The names of the models that the endpoint lists; nothing is sent but the key.

        Raises:
            UsageError, EngineError: As `read`; ADDRESS_WRONG where there is no such list.
        """
        self._refuse_what_must_not_be_sent(needs_model=False)
        client = await self._connected_client()
        try:
            return await self._listed(client)
        except RequestFailedError as failed:
            failure = failed
        raise failure.error

    def take_over(self, former: OpenAICompatibleEngine) -> None:
        """Know what the same server has refused another engine, whatever its key was."""
        self.fields_refused = former.fields_refused
        self.tokens_allowed = former.tokens_allowed
        self._longest_answer = former._longest_answer

    async def close(self) -> None:
        """End the requests that still run; each is told as a lost connection, and so is every later one."""
        self._is_closed = True
        async with self._client_is_made:
            client, self._client = self._client, None
        for limit in self._limits:
            if not limit.expired():
                limit.reschedule(asyncio.get_running_loop().time())
        if client is not None:
            await client.close()

    def _refuse_what_must_not_be_sent(self, *, needs_model: bool = True) -> None:
        self._refuse_while_offline()
        obstacle = self._failures.obstacle(needs_model=needs_model)
        if obstacle is not None:
            raise obstacle

    def _refuse_while_offline(self) -> None:
        if self._offline.is_on:
            raise self._failures.error(ErrorCode.OFFLINE)

    async def _question(self, request: Request) -> Question:
        picture = await self._pictures.encode(request.pixels, request.view, self._profile.picture_limits)
        max_tokens = request.max_tokens or self._profile.max_tokens
        return Question(
            prompt=request.prompt,
            picture_address=await asyncio.to_thread(data_address, picture.media_type, picture.data),
            picture_bytes=len(picture.data),
            max_tokens=min(max_tokens, self._longest_answer or max_tokens),
            timeout_s=request.timeout_s,
            left_out=self.fields_refused,
        )

    async def _connected_client(self) -> AsyncOpenAI:
        async with self._client_is_made:
            if self._is_closed:
                raise self._failures.error(ErrorCode.CONNECTION_LOST)
            if self._client is None:
                # The import and the list of trusted certificates hold the event loop for half a second.
                self._client = await asyncio.to_thread(self._new_client)
            return self._client

    def _new_client(self) -> AsyncOpenAI:
        from openai import AsyncOpenAI, DefaultAsyncHttpxClient, Timeout

        connecting = Timeout(None, connect=CONNECT_S)
        try:
            transport = DefaultAsyncHttpxClient(
                # A redirect would carry the picture to a machine that nobody was asked about.
                follow_redirects=False,
                # A proxy of the environment must not see what stays on this machine.
                trust_env=not self._profile.is_local,
                event_hooks={"request": [self._keep_to_what_is_needed], "response": [_keep_short]},
                timeout=connecting,
            )
        except Exception as error:
            # Only the environment can be at fault. Its proxy may be unreadable, or of a kind that has no driver here,
            # and its address may hold a password: it is not repeated.
            words = CERTIFICATES_UNREADABLE if isinstance(error, OSError) else PROXY_UNUSABLE
            raise self._failures.error(ErrorCode.HOST_UNREACHABLE, message=words) from None
        try:
            return AsyncOpenAI(
                api_key=NO_KEY,
                base_url=self._profile.base_url,
                max_retries=0,
                timeout=connecting,
                http_client=transport,
            )
        except Exception:
            raise UsageError(ErrorCode.PROFILE_INCOMPLETE, engine=self._profile.id, missing="base_url") from None

    async def _keep_to_what_is_needed(self, message: Any) -> None:
        """The last look at an outgoing message: where it goes, and that it has only what is needed, and our key.

        Raises:
            EngineError: OFFLINE, or HOST_REDIRECTS where it goes anywhere else than to the profile's endpoint.
        """
        self._refuse_while_offline()
        if self._client is None or _origin(message.url) != _origin(self._client.base_url):
            raise self._failures.error(ErrorCode.HOST_REDIRECTS, to=message.url.host)
        for name in set(message.headers) - HEADERS_SENT:
            del message.headers[name]
        message.headers["user-agent"] = f"ocr-desktop/{ocr_desktop.__version__}"
        if self._key is not None:
            message.headers["authorization"] = f"Bearer {self._key.reveal()}"

    async def _attempt(self, client: AsyncOpenAI, question: Question) -> AsyncGenerator[Event, None]:
        """One request and its answer, again as often as the server says how it would take it.

        Raises:
            RequestFailedError: Whatever went wrong.
        """
        is_asking = True
        while is_asking:
            is_asking = False
            async with aclosing(self._ask(client, question)) as events:
                try:
                    async for event in events:
                        if not isinstance(event, Sent):
                            self._remember(question)
                        yield event
                except RequestFailedError as failure:
                    if not question.give_in(self._profile, failure.status, failure.said):
                        raise
                    is_asking = True

    async def _ask(self, client: AsyncOpenAI, question: Question) -> AsyncGenerator[Sent | TextDelta | Finished, None]:
        """One request and its answer; raises `RequestFailedError`."""
        self._refuse_while_offline()
        yield Sent(question.picture_bytes)
        if self._client is not client:
            raise self._failures.failed(ErrorCode.CONNECTION_LOST, may_retry=False)
        loop = asyncio.get_running_loop()
        deadline = loop.time() + question.timeout_s
        stream = await self._within(deadline, question.timeout_s, self._posted(client, question))
        answer, body = StreamedAnswer(self._failures), Body(stream.response)
        async with ended(stream), aclosing(parts_of(stream, body)) as parts:
            loop_turned = loop.time()
            last_moment = math.inf
            is_over = False
            while not is_over:
                try:
                    part = await self._within(deadline, question.timeout_s, anext(parts, END))
                    text, is_over = (answer.rest(), True) if part is END else (answer.take(part), False)
                except RequestFailedError:
                    # Once the server said how the answer ended, nothing is missing but the count of tokens.
                    if answer.finish_reason is None:
                        raise
                    text, is_over = answer.rest(), True
                if answer.finish_reason is not None:
                    # What comes later is kept, but no text puts the end off.
                    last_moment = min(last_moment, loop.time() + AFTER_FINISH_S)
                if text:
                    yield TextDelta(text)
                    deadline = loop.time() + question.timeout_s
                deadline = min(deadline, last_moment)
                if loop.time() - loop_turned > LONGEST_HOLD_S:
                    await asyncio.sleep(0)
                    loop_turned = loop.time()
        ending = answer.ending(body)
        if question.left_out.intersection(self._profile.extra_body):
            ending = replace(ending, warnings=(*ending.warnings, WarningCode.FIELDS_LEFT_OUT))
        yield ending

    async def _listed(self, client: AsyncOpenAI) -> tuple[str, ...]:
        from openai import AsyncStream

        deadline = asyncio.get_running_loop().time() + LIST_S
        asked = client.get(MODELS, cast_to=object, stream=True, stream_cls=AsyncStream[Any])
        stream = await self._within(deadline, LIST_S, asked)
        Body(stream.response, MOST_BYTES_OF_A_LIST, MOST_BYTES_OF_A_LIST)
        try:
            listed = await self._within(deadline, LIST_S, _as_json(stream.response))
        finally:
            await stream.close()
        names = model_names(listed)
        if names is None:
            raise self._failures.failed(ErrorCode.ANSWER_UNREADABLE, may_retry=False)
        return names

    def _posted(self, client: AsyncOpenAI, question: Question) -> Awaitable[AsyncStream[Any]]:
        from openai import AsyncStream

        # As plain JSON values: the client's own classes would be made for every few letters.
        return client.post(
            COMPLETIONS, body=question.body(self._profile), cast_to=object, stream=True, stream_cls=AsyncStream[Any]
        )

    async def _within(self, deadline: float, limit_s: float, wire: Awaitable[Result]) -> Result:
        """What comes over the wire; everything that goes wrong there as `RequestFailedError`."""
        import openai

        try:
            return await self._limited(deadline, wire)
        except TimeoutError:
            failure = self._failures.failed(ErrorCode.HOST_SILENT, seconds=limit_s)
        except openai.APIStatusError as error:
            failure = self._failures.refused(error.status_code, error.body, error.response.headers)
        except openai.APIConnectionError as error:
            failure = self._failures.disconnected(error)
        except openai.APIError as error:
            failure = self._failures.complained(error.body) or self._failures.failed(ErrorCode.SERVER_FAILED)
        except TooLongError as error:
            failure = self._failures.failed(ErrorCode.ANSWER_UNREADABLE, may_retry=False, message=str(error))
        except (ValueError, RecursionError):
            failure = self._failures.failed(ErrorCode.ANSWER_UNREADABLE, may_retry=False)
        except Exception as error:
            # Where the client reads a body to its end it lets the transport's own errors through.
            if not (isinstance(error, OSError) or type(error).__module__.startswith(TRANSPORT)):
                raise
            failure = self._failures.disconnected(error)
        # Raised here, so that the client's error, which holds the request and its key, is not chained to it.
        raise failure if self._client is not None else self._failures.failed(ErrorCode.CONNECTION_LOST, may_retry=False)

    async def _limited(self, deadline: float | None, waited_for: Awaitable[Result]) -> Result:
        """What is waited for, until the deadline or until the engine is closed; raises `TimeoutError`."""
        async with asyncio.timeout_at(deadline) as limit:
            self._limits.add(limit)
            try:
                return await waited_for
            finally:
                self._limits.discard(limit)

    async def _pause(self, seconds: float) -> None:
        with suppress(TimeoutError):
            await self._limited(None, asyncio.sleep(seconds))

    def _remember(self, question: Question) -> None:
        """Ask as the server wants it from now on, because it has answered a question that was changed."""
        self.fields_refused |= question.left_out
        if question.tokens_allowed is not None:
            self.tokens_allowed = question.tokens_allowed
        if question.is_limit_lasting:
            self._longest_answer = question.tokens_allowed


async def _as_json(response: Any) -> object:
    return json.loads(await response.aread())


async def _keep_short(response: Any) -> None:
    if not response.is_success:
        cut_short(response)


def _origin(url: Any) -> tuple[str, bytes, int | None]:
    """Scheme, host and port of an address as the client reads it."""
    return url.scheme, url.raw_host, url.port


def _trimmed(key: Secret | None) -> Secret | None:
    """A key as it is sent; None where nothing but white space was given."""
    plain = "" if key is None else key.reveal().strip()
    return Secret(plain) if plain else None
