"""What is to be read: files, those in folders, and web links; known by name before anything of them is read."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import aclosing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from ocr_desktop.core.errors import ErrorCode, InputError
from ocr_desktop.core.files import absolute, display_name, printable

if TYPE_CHECKING:
    from ocr_desktop.services.intake import Intake

SCHEMES = ("https://", "http://")
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


def is_link(given: str) -> bool:
    """Whether what was typed is a web link and no file's name."""
    return given.lower().startswith(SCHEMES)


async def inputs_of(given: Sequence[str], intake: Intake, *, with_subfolders: bool) -> list[Input]:
    """Everything that was named, in its order, each folder as what lies in it.

    What cannot be read or listed stands in its place with its error.
    """
    found: list[Input] = []
    for each in given:
        if is_link(each):
            found.append(_linked(each))
        else:
            found += await _inputs_at(Path(each), intake, with_subfolders=with_subfolders)
    return found


async def _inputs_at(path: Path, intake: Intake, *, with_subfolders: bool) -> list[Input]:
    try:
        whole = absolute(path)
    except OSError:
        # The working folder is gone, and with it what would lie there.
        return [Input(display_name(path), path, error=InputError(ErrorCode.FILE_MISSING, name=display_name(path)))]
    found: list[Path] = []
    try:
        async with aclosing(intake.files_in(path, with_subfolders=with_subfolders)) as batches:
            async for batch in batches:
                found += batch
    except InputError as error:
        return [Input(display_name(path), path, error=error)]
    if found == [whole]:
        return [Input(display_name(path), path)]
    return [Input(_name_from(whole, each), each) for each in found]


def _name_from(folder: Path, path: Path) -> str:
    parts = path.relative_to(folder).parts if path.is_relative_to(folder) else path.parts[-1:]
    return "/".join(display_name(part) for part in parts)


def _linked(link: str) -> Input:
    last = printable(unquote(urlsplit(link).path.rstrip("/").rpartition("/")[2])).replace("/", "-")
    name = last if last.strip(". ") else UNNAMED
    return Input(name, Path(name), link)
