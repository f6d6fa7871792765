"""A request as a text that somebody can run: what this program sends, without its key and its picture.

The texts hold what people and servers wrote (prompts, addresses, names of models). None of it may be run: it stands
inside quotes that it cannot leave, and comes out as the very characters that the program sends.
"""

from __future__ import annotations

import json
import re
import shlex
import textwrap
from dataclasses import dataclass
from typing import Any

from ocr_desktop.engines.addresses import COMPLETIONS
from ocr_desktop.engines.base import USUAL_KEY_VARIABLE
from ocr_desktop.engines.profiles import Profile
from ocr_desktop.engines.requests import request_body

PATH_TO_FILL_IN = "PATH_TO_PICTURE"
"""Stands in both texts, with the ending of the picture's type behind it."""
VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*", re.ASCII)
ENDINGS = {"image/jpeg": ".jpg", "image/png": ".png", "image/webp": ".webp"}
WORKING_IN_QUOTES = "'!"
"""What a shell may act on between single quotes: their end, and in a typed line the name of an earlier one."""
NAMED_BY_CLIENT = ("model", "messages", "max_tokens", "temperature", "stream", "stream_options")
"""Arguments of the client's `create`; every other field goes through its `extra_body`."""

CURL = """\
PICTURE='{path}'
cat < "$PICTURE" > /dev/null && {{
  printf '%s' '{before}'
  base64 < "$PICTURE" | tr -d '\\n'
  printf '%s' '{behind}'
}} | curl --no-buffer --globoff --url {address} \\
  -H 'Content-Type: application/json' \\{key}
  --data-binary @-
"""
CURL_KEY = '\n  -H "Authorization: Bearer ${variable}" \\'

PYTHON = """\
{imports}

from openai import OpenAI

with open("{path}", "rb") as file:
    picture = base64.b64encode(file.read()).decode("ascii")

client = OpenAI(
    base_url={address},
    api_key={key},
    max_retries=0,
)
stream = client.chat.completions.create(
{arguments})
for chunk in stream:
    if chunk.choices:
        print(chunk.choices[0].delta.content or "", end="", flush=True)
"""


@dataclass(frozen=True, slots=True)
class CopiedRequest:
    """What is asked, but for the picture.

    Attributes:
        media_type: Of the file that is sent.
        has_key: Whether a key goes with it.
        left_out: Fields that the server has refused.
    """

    profile: Profile
    prompt: str
    media_type: str
    max_tokens: int
    has_key: bool = True
    left_out: frozenset[str] = frozenset()

    def as_curl(self) -> str:
        """Lines for bash, zsh or sh that print the answer as it streams, once the picture's path is filled in."""
        _, marker, body = self._body()
        text = _in_single_quotes(json.dumps(body, ensure_ascii=False, indent=2))
        before, _, behind = text.partition(marker)
        variable = self._variable
        return CURL.format(
            path=self._path,
            before=before,
            behind=behind,
            address=shlex.quote(self.profile.base_url + COMPLETIONS),
            key=CURL_KEY.format(variable=variable) if variable else "",
        )

    def as_python(self) -> str:
        """A program that prints the answer as it streams, once the picture's path is filled in; it needs `openai`."""
        head, marker, body = self._body()
        named = {name: value for name, value in body.items() if name in NAMED_BY_CLIENT}
        further = {name: value for name, value in body.items() if name not in NAMED_BY_CLIENT}
        if further:
            named["extra_body"] = further
        # Only the whole string is the picture's address; the marker stands nowhere else.
        address = {head + marker: f"{_quoted(head)} + picture"}
        arguments = "".join(f"{name}={_literal(value, address)},\n" for name, value in named.items())
        variable = self._variable
        return PYTHON.format(
            path=self._path,
            imports="import base64\nimport os" if variable else "import base64",
            address=_quoted(self.profile.base_url),
            key=f'os.environ["{variable}"]' if variable else '"none"',
            arguments=textwrap.indent(arguments, "    "),
        )

    @property
    def _path(self) -> str:
        return PATH_TO_FILL_IN + ENDINGS.get(self.media_type, "")

    @property
    def _variable(self) -> str | None:
        """The name of the environment's variable that holds the key; None where there is no key."""
        if not self.has_key:
            return None
        named = self.profile.key_variable
        return named if VARIABLE.fullmatch(named) else USUAL_KEY_VARIABLE

    def _body(self) -> tuple[str, str, dict[str, Any]]:
        """The start of the picture's address, a marker for its data that stands nowhere else, the body with both."""
        head = f"data:{self.media_type};base64,"
        without = json.dumps(self._body_with(head), ensure_ascii=False)
        marker = PATH_TO_FILL_IN
        while marker in without:
            marker += "_"
        return head, marker, self._body_with(head + marker)

    def _body_with(self, address: str) -> dict[str, Any]:
        return request_body(
            self.profile,
            prompt=self.prompt,
            picture_address=address,
            max_tokens=self.max_tokens,
            left_out=self.left_out,
        )


def _in_single_quotes(text: str) -> str:
    """JSON that means the same and can stand in single quotes, with nothing in it that does not show."""
    return "".join(map(_escaped, text))


def _escaped(character: str) -> str:
    if character in WORKING_IN_QUOTES:
        return f"\\u{ord(character):04x}"
    if character == "\n" or character.isprintable():
        return character
    return json.dumps(character)[1:-1]


def _literal(value: Any, expressions: dict[str, str]) -> str:
    """A JSON value as Python, indented by 4; a string among `expressions` as what stands for it there."""
    if isinstance(value, str):
        return expressions.get(value) or _quoted(value)
    if isinstance(value, dict):
        items = [f"{_quoted(name)}: {_literal(item, expressions)}" for name, item in value.items()]
        opening, closing = "{", "}"
    elif isinstance(value, list | tuple):
        items = [_literal(item, expressions) for item in value]
        opening, closing = "[", "]"
    else:
        return repr(value)
    if not items:
        return opening + closing
    return opening + "\n" + textwrap.indent("".join(f"{item},\n" for item in items), "    ") + closing


def _quoted(text: str) -> str:
    """A string as Python, in double quotes where that changes nothing else."""
    written = repr(text)
    return f'"{written[1:-1]}"' if "'" not in text and '"' not in text else written
