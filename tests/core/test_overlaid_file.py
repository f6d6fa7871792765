"""A file with another beginning reads as if it had been copied."""

from __future__ import annotations

import io
import os

from hypothesis import given
from hypothesis import strategies as st

from ocr_desktop.core.overlaid_file import OverlaidFile

steps = st.lists(
    st.tuples(st.integers(-30, 30), st.sampled_from([os.SEEK_SET, os.SEEK_CUR, os.SEEK_END]))
    | st.none()
    | st.integers(-1, 40)
)


@given(st.binary(max_size=40), st.binary(max_size=20), steps)
def test_it_reads_like_a_copy(content: bytes, beginning: bytes, steps: list[tuple[int, int] | int | None]) -> None:
    beginning = beginning[: len(content)]
    file, copy = OverlaidFile(content, beginning), io.BytesIO(beginning + content[len(beginning) :])
    for step in steps:
        if isinstance(step, tuple):
            offset, whence = step
            base = {os.SEEK_SET: 0, os.SEEK_CUR: copy.tell(), os.SEEK_END: len(content)}[whence]
            if base + offset >= 0:
                assert file.seek(offset, whence) == copy.seek(offset, whence)
        else:
            assert file.read(step) == copy.read(step)
        assert file.tell() == copy.tell()
