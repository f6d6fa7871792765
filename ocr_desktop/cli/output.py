"""Where results go: standard output, a file, or a folder with a file for each input."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ocr_desktop.cli.console import Console
from ocr_desktop.core.document import Document
from ocr_desktop.core.errors import ErrorCode, OutputError, UsageError
from ocr_desktop.core.exports import FORMATS, MARKDOWN, Format, document_text
from ocr_desktop.core.figures import figures_folder, is_figure_name
from ocr_desktop.core.markdown import USUAL_STYLE, FormulaStyle, MarkdownStyle, TableStyle
from ocr_desktop.services.exporting import FreeNames, check_place, make_folder, shown_path, write_file

if TYPE_CHECKING:
    from ocr_desktop.cli.shared_arguments import OutputArguments
    from ocr_desktop.services.figures import MarkdownFile
    from ocr_desktop.worker.client import PicturesClient

JSON = "json"
LONGEST_STEM_BYTES = 200
"""No file's name may have more than 255; a link can be longer, and an ending and a number come behind it."""
PARTED = frozenset({"md", "txt", "raw"})
"""Formats in which something has to stand between two results on standard output."""


@dataclass(frozen=True, slots=True)
class Problem:
    """What a page's `error` holds: the code of an error or of a finish, and the words of the error line."""

    code: str
    message: str
    hint: str


NO_PROBLEMS: Mapping[int, Problem] = {}


class Output:
    """The place that the user named, or standard output; each input's result is written once.

    Whether the place can be written to is looked at when this is made: what was read should not be lost at the end.

    Args:
        inputs: The files that results come from; none of them is ever written over.
        style: Of Markdown.

    Raises (when made, and by `write`):
        UsageError: OUTPUT_NEEDS_FOLDER, several inputs and a single file.
        OutputError: OUTPUT_UNWRITABLE.
    """

    def __init__(
        self,
        format_id: str,
        path: str | None,
        console: Console,
        inputs: Sequence[Path],
        style: MarkdownStyle = USUAL_STYLE,
    ) -> None:
        self.style = style
        self._format: Format = FORMATS[format_id]
        self._console = console
        self._has_printed = False
        self._targets: list[Path] | None = None if path is None else self._targets_at(path, inputs)

    @property
    def is_standard_output(self) -> bool:
        return self._targets is None

    def parting(self) -> str:
        """What goes before the next result on standard output, so that it stands apart from the one before."""
        is_first, self._has_printed = not self._has_printed, True
        return "\n" if not is_first and self._format.id in PARTED else ""

    def write(
        self,
        document: Document,
        number: int,
        problem: Problem | None = None,
        page_problems: Mapping[int, Problem] = NO_PROBLEMS,
    ) -> None:
        """Write the document of an input, counted from 0.

        In JSON a `problem` of all of it is told there, those of pages, by their numbers, in these.
        """
        text = document_text(document, self._format.id, self.style)
        if self._format.id == JSON and (problem is not None or page_problems):
            text = with_problems(text, problem, page_problems)
        if self._targets is None:
            self._console.write(self.parting() + text)
        else:
            write_file(self._targets[number], text)

    def markdown_file(self, number: int, pictures: PicturesClient) -> MarkdownFile | None:
        """What writes an input, counted from 0, with its figures; None where they have no place."""
        from ocr_desktop.services.figures import MarkdownFile

        if self._targets is None or self._format.id != MARKDOWN:
            return None
        return MarkdownFile(self._targets[number], self.style, pictures)

    def _targets_at(self, path: str, inputs: Sequence[Path]) -> list[Path]:
        given = {Path(os.path.realpath(each)) for each in inputs}
        is_folder = path.endswith((os.sep, "/")) or os.path.isdir(path)  # noqa: PTH112  (it never raises)
        if is_folder:
            make_folder(Path(path))
            targets = _names_in(Path(path), _stems_of(inputs), self._format.ending, given)
            self._check_figures(targets, given)
            return targets
        if len(inputs) > 1:
            raise UsageError(ErrorCode.OUTPUT_NEEDS_FOLDER, name=shown_path(path))
        check_place(Path(path))
        if Path(os.path.realpath(path)) in given:
            raise OutputError(ErrorCode.OUTPUT_UNWRITABLE, name=shown_path(path), reason="it is the input")
        self._check_figures([Path(path)], given)
        return [Path(path)]

    def _check_figures(self, targets: list[Path], given: set[Path]) -> None:
        """See that no figure is written over an input, as when a figure of an earlier result is read."""
        if self._format.id != MARKDOWN:
            return
        folders = {Path(os.path.realpath(figures_folder(target))) for target in targets}
        for each in given:
            if each.parent in folders and is_figure_name(each.name):
                raise OutputError(
                    ErrorCode.OUTPUT_UNWRITABLE, name=shown_path(each), reason="it is the input, and a figure's place"
                )


def style_of(arguments: OutputArguments) -> MarkdownStyle:
    """The form of Markdown that was asked for."""
    return MarkdownStyle(
        TableStyle(arguments.tables or USUAL_STYLE.tables), FormulaStyle(arguments.formulas or USUAL_STYLE.formulas)
    )


def _stems_of(inputs: Sequence[Path]) -> list[str]:
    """What their results are called: as they are, with their ending where it alone tells one from another."""
    names_by_stem: dict[str, set[str]] = {}
    for each in inputs:
        names_by_stem.setdefault(each.stem, set()).add(each.name)
    return [_shortened(each.stem if len(names_by_stem[each.stem]) == 1 else each.name) for each in inputs]


def _shortened(stem: str) -> str:
    shortened = stem[:LONGEST_STEM_BYTES]
    while len(os.fsencode(shortened)) > LONGEST_STEM_BYTES:
        shortened = shortened[:-1]
    return shortened


def _names_in(folder: Path, stems: list[str], ending: str, given: set[Path]) -> list[Path]:
    """A file in the folder for each stem, in order: none twice, and none that was given to read."""
    names = FreeNames(Path(os.path.realpath(folder)), ending, given)
    return [folder / names.take(stem).name for stem in stems]


def with_problems(text: str, problem: Problem | None, page_problems: Mapping[int, Problem] = NO_PROBLEMS) -> str:
    """A document in JSON with the `error` of all of it, and those of pages by their numbers."""
    import msgspec

    document: dict[str, Any] = msgspec.json.decode(text)
    for page in document["pages"]:
        if page["number"] in page_problems:
            page["error"] = page_problems[page["number"]]
    if problem is not None:
        document["error"] = problem
    return msgspec.json.encode(document).decode() + "\n"
