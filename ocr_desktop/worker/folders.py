"""The pictures and PDFs in a folder, as a list that comes in batches. Used inside the pictures worker only.

A slow disk or a network that hangs holds up the worker and not the program. Folders are entered through their own names
only, never through links, so a loop of links, or a link to the whole disk, leads nowhere; linked files are taken. What
is called like a picture and is no file, such as a pipe or a link that leads nowhere, is taken too: whoever opens it is
told what it is.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from typing import TYPE_CHECKING

from ocr_desktop.core.errors import ErrorCode, InputError
from ocr_desktop.core.files import display_name, input_error
from ocr_desktop.core.picture_files import is_taken, natural_key

if TYPE_CHECKING:
    from ocr_desktop.worker.process import IsStopped

MOST_AT_ONCE = 500
"""Paths in one batch."""
STOPS_EVERY = 1000
"""Names between two looks whether anybody waits for them still."""
FOLDERS_TO_A_SIGN = 50
"""After so many folders in which nothing was found a sign is given that the search goes on."""


def batches_of(path: bytes, is_stopped: IsStopped, *, with_subfolders: bool) -> Iterator[tuple[bytes, ...]]:
    """Paths in natural order, a folder's own before those of its sub-folders; the path itself where it is no folder.

    A sub-folder that cannot be read is left out. An empty batch says only that more is looked for.

    Raises:
        InputError: FILE_MISSING, NO_PERMISSION, FILE_UNREADABLE; FOLDER_EMPTY where nothing was found.
    """
    try:
        is_folder = stat.S_ISDIR(os.stat(path).st_mode)  # noqa: PTH116  (bytes)
    except (OSError, ValueError) as error:
        raise input_error(error, path) from error
    if not is_folder:
        yield (path,)
        return
    found = False
    for count, (folder, names) in enumerate(_names_by_folder(path, is_stopped, with_subfolders), 1):
        if count % FOLDERS_TO_A_SIGN == 0:
            yield ()
        for at in range(0, len(names), MOST_AT_ONCE):
            found = True
            yield tuple(_joined(folder, name) for name in names[at : at + MOST_AT_ONCE])
    if not found and not is_stopped():
        raise InputError(ErrorCode.FOLDER_EMPTY, name=display_name(path))


def _names_by_folder(root: bytes, is_stopped: IsStopped, with_subfolders: bool) -> Iterator[tuple[bytes, list[str]]]:
    """Each folder and its files; folders wait on a stack, because a chain of them can be deeper than Python's own."""
    waiting = [root]
    while waiting and not is_stopped():
        folder = waiting.pop()
        try:
            files, folders = _entries_of(folder, is_stopped, with_subfolders)
        except OSError as error:
            if folder == root:
                raise input_error(error, root) from error
            continue
        yield folder, files
        waiting.extend(_joined(folder, name) for name in reversed(folders))


def _entries_of(folder: bytes, is_stopped: IsStopped, with_subfolders: bool) -> tuple[list[str], list[str]]:
    """Names of the files that are taken, and of the sub-folders, both sorted."""
    files, folders = [], []
    with os.scandir(os.fsdecode(folder)) as entries:
        for count, entry in enumerate(entries):
            if count % STOPS_EVERY == 0 and is_stopped():
                break
            if is_taken(entry.name) and not _is_folder(entry):
                files.append(entry.name)
            elif with_subfolders and not entry.name.startswith(".") and entry.is_dir(follow_symlinks=False):
                folders.append(entry.name)
    files.sort(key=natural_key)
    folders.sort(key=natural_key)
    return files, folders


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a loop of links, or a link that may not be followed
        return False


def _joined(folder: bytes, name: str) -> bytes:
    return os.path.join(folder, os.fsencode(name))  # noqa: PTH118  (bytes)
