"""How each provider and server wants to be asked, and what it refuses: as strict as any of its kind is known to be.

A speech says what a provider's own guide and the servers' sources say (path, model, order of the parts, fields, form of
the picture, limit of tokens and the words in which it is told). Where nothing is known of a provider, it takes what the
protocol has and nothing else.
"""

from __future__ import annotations

import base64
import binascii
import io
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from PIL import Image

from tests.support.provider_answers import Moment, Script, as_json

PICTURE_TOKENS = 903
"""What the picture takes of the context, here for every picture: an A4 page's count."""
CONTEXT = 8192
COMPLETIONS = "/chat/completions"
PROMPTS = {
    "markdown": "<|grounding|>Convert the document to markdown.",
    "ocr": "<|grounding|>OCR this image.",
    "free": "Free OCR.",
    "figure": "Parse the figure.",
    "describe": "Describe this image in detail.",
    "locate": "Locate <|ref|>xxxx<|/ref|> in the image.",
}
"""By preset, as the guides have them; `xxxx` stands for any words."""
LOCATE = re.compile(re.escape(PROMPTS["locate"]).replace("xxxx", r"[^<>]+"))
SPECIAL_TOKENS = re.compile(r"<\|/?(?:ref|det|grounding)\|>|</?(?:td|tr|th)>")

PROTOCOL = frozenset(
    {
        *("model", "messages", "stream", "stream_options", "max_tokens", "temperature", "top_p", "stop", "seed", "n"),
        *("presence_penalty", "frequency_penalty", "user", "response_format"),
    }
)
LLAMA_SAMPLERS = frozenset(
    {
        *("top_k", "min_p", "repeat_penalty", "cache_prompt"),
        *("dry_multiplier", "dry_base", "dry_allowed_length", "dry_penalty_last_n"),
    }
)
PICTURES = frozenset({"image/png", "image/jpeg", "image/webp"})

Body = dict[str, Any]


@dataclass
class Recorded:
    """One request as it came.

    `media_type` is what the request says of its picture, `picture_type` what it is. `closed` happens when the client
    goes before the answer has ended.
    """

    path: str
    headers: dict[str, str]
    body: Body
    method: str = "POST"
    prompt: str = ""
    media_type: str = ""
    picture_type: str = ""
    picture: bytes = b""
    picture_size: tuple[int, int] = (0, 0)
    closed: Moment = field(default_factory=Moment)
    answered: Moment = field(default_factory=Moment)


class RefusedError(Exception):
    def __init__(self, status: int, message: str, param: str | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.param = param


ErrorBody = Callable[[RefusedError], Body]


def as_protocol(error: RefusedError) -> Body:
    return {"error": {"message": error.message, "type": "refused", "param": error.param, "code": None}}


def with_status(error: RefusedError) -> Body:
    return {"error": {"message": error.message, "type": "BadRequestError", "param": error.param, "code": error.status}}


def with_reason(error: RefusedError) -> Body:
    return {"code": error.status, "reason": "INVALID_REQUEST_BODY", "message": error.message, "metadata": {}}


def with_number(error: RefusedError) -> Body:
    return {"code": 20015, "message": error.message, "data": None}


def with_detail(error: RefusedError) -> Body:
    return {"detail": {"error": error.message}}


PLAIN_LIMIT = "max_tokens must be at most {most}, not {asked}"
RANGE_LIMIT = "max_tokens ({asked}) should be in range [1, {most}]"
VLLM_LIMIT = (
    "'max_tokens' or 'max_completion_tokens' is too large: {asked}. This model's maximum context length is {context}"
    " tokens and your request has {taken} input tokens ({asked} > {context} - {taken})."
)
SGLANG_LIMIT = (
    "Requested token count exceeds the model's maximum context length of {context} tokens. You requested a total of"
    " {total} tokens: {taken} tokens from the input messages and {asked} tokens for the completion. Please reduce the"
    " number of tokens in the input messages or the completion to fit within the limit."
)
ROUTER_LIMIT = (
    "This endpoint's maximum context length is {context} tokens. However, you requested about {total} tokens ({taken}"
    " of text input, {asked} in the output). Please reduce the length of either one."
)


@dataclass(frozen=True)
class Speech:
    """How a provider wants to be asked.

    Attributes:
        path: Of the completions.
        model: The only one it has; None: any.
        first: The type of the message's first part; None: either.
        fields: What may stand in the body; None: anything.
        most_tokens: How long an answer may be asked for; None: it makes of a larger number what it can.
        limit_words: How it says that so many are too many.
        only_presets: Whether a prompt must be one of the six, byte for byte, or the provider's own example.
        example_prompts: The provider's own.
        takes_addresses: Whether it fetches a picture from the web.
        media_types: Of pictures.
        believes_media_type: Whether it takes a picture that is another than its media type says.
        needs_key: Whether it answers nobody without one.
        keeps_tags: Whether the special tokens come through: None: only with `skip_special_tokens` false.
        lists_models: Whether it has `/models`.
        says_no: The form of its refusals.
    """

    path: str = "/v1" + COMPLETIONS
    model: str | None = None
    first: str | None = None
    fields: frozenset[str] | None = PROTOCOL
    most_tokens: int | None = CONTEXT
    limit_words: str = PLAIN_LIMIT
    only_presets: bool = True
    example_prompts: tuple[str, ...] = ()
    takes_addresses: bool = False
    media_types: frozenset[str] = PICTURES
    believes_media_type: bool = False
    needs_key: bool = True
    keeps_tags: bool | None = True
    lists_models: bool = True
    says_no: ErrorBody = as_protocol

    @property
    def base_path(self) -> str:
        return self.path.removesuffix(COMPLETIONS)

    def refusal(self, error: RefusedError) -> Script:
        return as_json(self.says_no(error), error.status)

    def models(self) -> Script:
        return as_json({"object": "list", "data": [{"id": self.model or "some/model", "object": "model"}]})

    def shown(self, answer: str, body: Body) -> str:
        """What is left of the model's own words."""
        keeps = body.get("skip_special_tokens", True) is False if self.keeps_tags is None else self.keeps_tags
        return answer if keeps else SPECIAL_TOKENS.sub("", answer)

    def check(self, recorded: Recorded, key: str | None) -> None:
        """Take the request, and note its prompt and picture; raises `RefusedError`."""
        self._check_address(recorded, key)
        if recorded.method == "GET":
            return
        self._check_fields(recorded.body)
        text, picture = self._parts(recorded.body)
        recorded.prompt = text
        self._check_prompt(text)
        self._look_at_picture(recorded, picture)
        self._check_length(recorded.body)

    def _check_address(self, recorded: Recorded, key: str | None) -> None:
        ways = {("POST", self.path)} | ({("GET", f"{self.base_path}/models")} if self.lists_models else set())
        if (recorded.method, recorded.path) not in ways:
            raise RefusedError(404, f"no such path: {recorded.path}")
        given = recorded.headers.get("authorization")
        if key is not None and given != f"Bearer {key}":
            raise RefusedError(401, f"wrong key: {given}")

    def _check_fields(self, body: Body) -> None:
        for name in body:
            if self.fields is not None and name not in self.fields:
                raise RefusedError(400, f"Unrecognized request argument supplied: {name}", name)
        if self.model is not None and body.get("model") != self.model:
            raise RefusedError(404, f"The model {body.get('model')} does not exist", "model")
        if "stream_options" in body and body.get("stream") is not True:
            raise RefusedError(400, "stream_options is only allowed when stream is true", "stream_options")
        for name, check in VALUES.items():
            if name in body and not check(body[name]):
                raise RefusedError(400, f"{name} has the wrong value {body[name]!r}", name)

    def _parts(self, body: Body) -> tuple[str, str]:
        """The text and the picture's address."""
        messages = body.get("messages", [])
        if len(messages) != 1 or messages[0].keys() != {"role", "content"} or messages[0]["role"] != "user":
            raise RefusedError(400, "one message of the user, without a system prompt", "messages")
        content = messages[0]["content"]
        if not isinstance(content, list) or sorted(each.get("type", "") for each in content) != ["image_url", "text"]:
            raise RefusedError(400, "one picture and one text", "messages")
        if self.first is not None and content[0]["type"] != self.first:
            raise RefusedError(400, f"the first part must be of type {self.first}", "messages")
        parts = {each["type"]: each for each in content}
        if parts["text"].keys() != {"type", "text"} or parts["image_url"].keys() != {"type", "image_url"}:
            raise RefusedError(400, "a part has its type and its content, and nothing else", "messages")
        if not parts["image_url"]["image_url"].keys() <= {"url", "detail"}:
            raise RefusedError(400, "a picture has an address, and perhaps a detail", "messages")
        return parts["text"]["text"], parts["image_url"]["image_url"]["url"]

    def _check_prompt(self, prompt: str) -> None:
        known = {*PROMPTS.values(), *self.example_prompts}
        if self.only_presets and prompt not in known and not LOCATE.fullmatch(prompt):
            raise RefusedError(400, f"not a prompt of the model: {prompt!r}", "messages")

    def _check_length(self, body: Body) -> None:
        asked, most = body.get("max_tokens", 0), self.most_tokens
        if most is not None and asked > most:
            total = PICTURE_TOKENS + asked
            words = self.limit_words.format(asked=asked, most=most, context=CONTEXT, taken=PICTURE_TOKENS, total=total)
            raise RefusedError(400, words, "max_tokens")

    def _look_at_picture(self, recorded: Recorded, address: str) -> None:
        if self.takes_addresses and re.match(r"https?://\S+\Z", address):
            return
        head, comma, encoded = address.partition(";base64,")
        media_type = head.removeprefix("data:")
        if not comma or not head.startswith("data:image/"):
            raise RefusedError(400, "only data:image/…;base64, is taken")
        if media_type not in self.media_types:
            raise RefusedError(400, f"{media_type} is not taken")
        try:
            recorded.picture = base64.b64decode(encoded, validate=True)
            with Image.open(io.BytesIO(recorded.picture)) as picture:
                picture.load()
                recorded.picture_size = picture.size
                recorded.media_type = media_type
                recorded.picture_type = Image.MIME[picture.format or ""]
                if recorded.picture_type != media_type and not self.believes_media_type:
                    raise RefusedError(400, f"a {picture.format} is sent as {media_type}")
        except (binascii.Error, OSError) as error:
            raise RefusedError(400, "the picture cannot be read") from error


def _is_count(value: object) -> bool:
    return type(value) is int and value > 0


def _is_ngram_limit(value: object) -> bool:
    """Whether it is what the server's processor against repetition takes."""
    if not isinstance(value, dict) or value.keys() != {"ngram_size", "window_size", "whitelist_token_ids"}:
        return False
    ids = value["whitelist_token_ids"]
    is_list = isinstance(ids, list) and all(type(each) is int for each in ids)
    return is_list and _is_count(value["ngram_size"]) and _is_count(value["window_size"])


VALUES: dict[str, Callable[[Any], bool]] = {
    "model": lambda value: isinstance(value, str) and bool(value),
    "stream": lambda value: isinstance(value, bool),
    "stream_options": lambda value: value in ({"include_usage": True}, {"include_usage": False}),
    "temperature": lambda value: type(value) in (int, float) and 0 <= value <= 2,
    "max_tokens": _is_count,
    "skip_special_tokens": lambda value: isinstance(value, bool),
    "vllm_xargs": _is_ngram_limit,
}

IMAGE, TEXT = "image_url", "text"

SPEECHES = {
    "modelverse": Speech(
        model="deepseek-ai/DeepSeek-OCR",
        first=TEXT,
        example_prompts=("convert to markdown",),
        # The guide's own sample sends a PNG as image/jpeg.
        believes_media_type=True,
    ),
    "ppio": Speech(
        path="/openai" + COMPLETIONS,
        model="deepseek/deepseek-ocr",
        first=IMAGE,
        takes_addresses=True,
        limit_words=RANGE_LIMIT,
        says_no=with_reason,
    ),
    "siliconflow": Speech(
        model="deepseek-ai/DeepSeek-OCR", takes_addresses=True, limit_words=RANGE_LIMIT, says_no=with_number
    ),
    "novita": Speech(
        path="/openai" + COMPLETIONS,
        model="deepseek/deepseek-ocr",
        first=IMAGE,
        takes_addresses=True,
        limit_words=RANGE_LIMIT,
        says_no=with_reason,
    ),
    "deepinfra": Speech(
        path="/v1/openai" + COMPLETIONS,
        model="deepseek-ai/DeepSeek-OCR",
        takes_addresses=True,
        says_no=with_detail,
    ),
    "openrouter": Speech(
        path="/api/v1" + COMPLETIONS,
        model="deepseek/deepseek-ocr",
        takes_addresses=True,
        most_tokens=CONTEXT - PICTURE_TOKENS,
        limit_words=ROUTER_LIMIT,
        says_no=with_status,
    ),
    "vllm": Speech(
        model="deepseek-ai/DeepSeek-OCR",
        first=IMAGE,
        fields=PROTOCOL | {"skip_special_tokens", "vllm_xargs", "top_k", "repetition_penalty"},
        takes_addresses=True,
        needs_key=False,
        keeps_tags=None,
        most_tokens=CONTEXT - PICTURE_TOKENS,
        limit_words=VLLM_LIMIT,
        says_no=with_status,
    ),
    "sglang": Speech(
        model="deepseek-ai/DeepSeek-OCR",
        first=IMAGE,
        fields=PROTOCOL | {"skip_special_tokens", "custom_logit_processor", "custom_params", "top_k"},
        takes_addresses=True,
        needs_key=False,
        keeps_tags=None,
        most_tokens=CONTEXT - PICTURE_TOKENS,
        limit_words=SGLANG_LIMIT,
        says_no=with_status,
    ),
    "ollama": Speech(model="deepseek-ocr", needs_key=False, keeps_tags=False, most_tokens=None),
    "llamacpp": Speech(
        first=TEXT,
        fields=PROTOCOL | LLAMA_SAMPLERS,
        takes_addresses=True,
        needs_key=False,
        keeps_tags=False,
        most_tokens=None,
        says_no=with_status,
    ),
    "lmstudio": Speech(
        model="deepseek-ocr",
        fields=PROTOCOL | {"top_k", "repeat_penalty"},
        needs_key=False,
        keeps_tags=False,
        most_tokens=None,
    ),
    "any": Speech(fields=None, only_presets=False),
}
"""By the profile's id; `any` takes everything that the protocol has."""
