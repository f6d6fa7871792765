"""What is to be read: files, those in folders, and links; known by name before anything of them is read."""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import aclosing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from ocr_desktop.cli.messages import BadUsageError
from ocr_desktop.core.errors import ErrorCode, InputError
from ocr_desktop.core.files import absolute, display_name, is_web_link, path_of_link, printable

if TYPE_CHECKING:
    from ocr_desktop.worker.client import PicturesClient

ANY_LINK = re.compile(r"[a-z][a-z0-9+.-]+://", re.IGNORECASE | re.ASCII)
UNNAMED = "download"


@dataclass(frozen=True, slots=True)
class Input:
    """One file, of which one result is made.

    Attributes:
        name: For people, safe to print; of a file in a folder, the way to it from there.
        path: Of a link only its last part: what the result is named after.
        link: Where it has to be fetched from; None for a file.
        error: Why it cannot be read, where that is known already.
    """

    name: str
    path: Path
    link: str | None = None
    error: InputError | None = None


def check_link(given: str) -> None:
    """See that what was typed is no link that nobody here can follow.

    Raises:
        BadUsageError: It is one.
    """
    if is_web_link(given):
        try:
            urlsplit(given)
        except ValueError:
            raise BadUsageError("There is no host in a link that was given") from None
    elif (link := ANY_LINK.match(given)) is not None and path_of_link(given) is None:
        # Of the link no more, for it may hold a password.
        raise BadUsageError(f"A link such as {link[0]}… cannot be followed; give a file, or a link to one on the web")


async def inputs_of(given: Sequence[str], pictures: PicturesClient, *, with_subfolders: bool) -> list[Input]:
    """Everything that was named, in its order, each folder as what lies in it.

    What cannot be read or listed stands in its place with its error.
    """
    found: list[Input] = []
    for each in given:
        if is_web_link(each):
            found.append(_linked(each))
        else:
            found += await _inputs_at(path_of_link(each) or Path(each), pictures, with_subfolders=with_subfolders)
    return found


async def _inputs_at(path: Path, pictures: PicturesClient, *, with_subfolders: bool) -> list[Input]:
    try:
        whole = absolute(path)
    except OSError:
        # The working folder is gone, and with it what would lie there.
        return [Input(display_name(path), path, error=InputError(ErrorCode.FILE_MISSING, name=display_name(path)))]
    found: list[Path] = []
    hindrances = []
    try:
        async with aclosing(pictures.files_in(path, with_subfolders=with_subfolders)) as batches:
            async for batch in batches:
                found += batch
    except InputError as error:
        # What was found until then is read all the same.
        hindrances = [Input(display_name(path), path, error=error)]
    if found == [whole]:
        return [Input(display_name(path), path)]
    return [*(Input(_name_from(whole, each), each) for each in found), *hindrances]


def _name_from(folder: Path, path: Path) -> str:
    parts = path.relative_to(folder).parts if path.is_relative_to(folder) else path.parts[-1:]
    return "/".join(display_name(part) for part in parts)


def _linked(link: str) -> Input:
    last = printable(unquote(urlsplit(link).path.rstrip("/").rpartition("/")[2])).replace("/", "-")
    name = last if last.strip(". ") else UNNAMED
    return Input(name, Path(name), link)
