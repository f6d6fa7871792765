"""The words alone, as they are pasted into a spreadsheet."""

from __future__ import annotations

from ocr_desktop.core.markdown import plain_text


def test_what_a_span_covers_is_empty_so_that_columns_stay_columns() -> None:
    table = (
        '<table><tr><th rowspan="2">Model</th><th colspan="2">Score</th></tr>'
        "<tr><th>simple</th><th>complex</th></tr><tr><td>A</td><td>1</td><td>2</td></tr></table>"
    )
    assert plain_text(table) == "Model\tScore\n\tsimple\tcomplex\nA\t1\t2"


def test_code_keeps_its_indents_and_its_blank_lines() -> None:
    code = "def mean(values):\n\n    return sum(values) / len(values)"
    assert plain_text(f"The mean:\n\n```python\n{code}\n```\n\nIt is *short*.") == f"The mean:\n{code}\nIt is short."
