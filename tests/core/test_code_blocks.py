"""Code is told by its fixed pitch and by how it reads, and keeps its indents."""

from __future__ import annotations

import pytest

from ocr_desktop.core.events import LineFound
from tests.core.typeset import PITCH, PROSE, SIZE, document, of_label, prose, regions_in, typed

ADVANCE = 0.6 * SIZE
PROGRAM = '''\
import os

def find(folder: Path, suffix: str) -> list[Path]:
    """All files below a folder."""
    found = []
    for entry in os.scandir(folder):
        if entry.is_dir():
            found += find(Path(entry), suffix)
    return sorted(found)'''
SESSION = """\
user@host:~/project$ git status
On branch main
Your branch is up to date with 'origin/main'.

Changes not staged for commit:
        modified:   src/app.py"""
LETTER = """\
Dear Sir or Madam,
I am writing to you about the order that I placed with your
company on the third of March. The goods have not arrived, and
nobody has answered the two letters that I have sent since."""


def typewritten(text: str, x: float = 0, y: float = 0, *, split: str = "   ") -> list[LineFound]:
    """Each line as it is found: from its first letter on, in two where the gap is wide."""
    found = []
    for row, line in enumerate(text.split("\n")):
        at = 0
        for part in line.split(split):
            if part.strip():
                begin = at + len(part) - len(part.lstrip())
                found.append(typed(part.strip(), x + begin * ADVANCE, y + row * PITCH, pitch=ADVANCE))
            at += len(part) + len(split)
    return found


def code(lines: list[LineFound]) -> list[str]:
    return of_label(lines, "code")


@pytest.mark.parametrize("text", [PROGRAM, SESSION])
def test_code_keeps_its_lines_and_its_indents(text: str) -> None:
    assert code(typewritten(text)) == [f"```\n{text}\n```"]


def test_the_numbers_that_an_editor_writes_are_left_out() -> None:
    numbers = [typed(f"{row + 1:>2}".strip(), 0, row * PITCH, pitch=ADVANCE) for row in range(9)]
    lines = [*numbers, *typewritten(PROGRAM, 60)]
    assert code(lines) == [f"```\n{PROGRAM}\n```"]
    (region,) = regions_in(lines)
    assert sorted(region.lines) == list(range(len(lines))), "the region covers them all the same"


def test_code_between_paragraphs_is_a_block_of_its_own() -> None:
    text = "total = add(3, 5);\nif (total > 7) {\n    print(total);\n}"
    lines = [*prose(0), *typewritten(text, 0, 140), *prose(280)]
    assert document(lines) == [("text", " ".join(PROSE)), ("code", f"```\n{text}\n```"), ("text", " ".join(PROSE))]


def test_a_letter_from_a_typewriter_is_no_code() -> None:
    assert code(typewritten(LETTER)) == []


def test_formulas_in_a_text_are_no_code() -> None:
    assert code([*prose(0), typed("f(x) = a * x + b(x);", 40, 120), typed("g(x) = c * x - d(x);", 40, 146)]) == []


def test_backticks_in_code_do_not_end_it() -> None:
    text = "echo ```x``` && make;\nls -la `pwd`;\necho done && exit 0;"
    assert code(typewritten(text)) == [f"````\n{text}\n````"]


def test_the_name_on_the_tab_above_is_no_line_of_the_code() -> None:
    lines = [
        typed("stations.py", 0, 0, pitch=10),
        *(
            typed(text, 40, 50 + 26 * row, pitch=10)
            for row, text in enumerate(("import math", "x = math.sqrt(2)", "print(x)"))
        ),
    ]
    assert document(lines) == [("text", "stations.py"), ("code", "```\nimport math\nx = math.sqrt(2)\nprint(x)\n```")]


def test_numbers_before_lines_hide_no_code() -> None:
    text = "import os\nfrom sys import argv\nvalue = 3\ntry:\n    name = os\n    other = argv"
    numbers = [typed(str(row + 1), 0, row * PITCH, pitch=ADVANCE) for row in range(6)]
    assert code([*numbers, *typewritten(text, 60)]) == [f"```\n{text}\n```"]


def test_numbers_that_were_found_in_one_box_are_left_out_as_well() -> None:
    high = 4 * PITCH - 6
    tall = LineFound("1234", ((0, 0), (16, 0), (16, high), (0, high)), 0.9)
    numbers = [typed(str(row + 1), 0, row * PITCH, pitch=ADVANCE) for row in range(4, 9)]
    assert code([tall, *numbers, *typewritten(PROGRAM, 30)]) == [f"```\n{PROGRAM}\n```"]


def test_settings_at_steps_are_code() -> None:
    text = "services:\n  web:\n    image: nginx\n    restart: always\n  store:\n    image: postgres"
    assert code(typewritten(text)) == [f"```\n{text}\n```"]


def test_a_note_with_fields_of_one_width_is_no_code() -> None:
    assert code(typewritten("from: the office\nfor: everybody in the house\nabout: the garden party")) == []


def test_a_line_that_was_read_without_its_wider_gaps_ends_no_code() -> None:
    before, after = SESSION.split("\n")[:3], ["user@host:~$ make test", "make: nothing to do"]
    text = "/dev/disk1 468G 211G 48%"
    starts = [at + (3 if at > 10 else 0) for at in range(len(text) + 1)]
    top, right = 3 * PITCH, starts[-1] * ADVANCE
    quad = ((0, top), (right, top), (right, top + SIZE), (0, top + SIZE))
    wide = LineFound(text, quad, 0.95, tuple(at / starts[-1] for at in starts), 0.09)
    lines = [*typewritten("\n".join(before)), *typewritten("\n".join(after), 0, 4 * PITCH)]
    (block,) = code([wide, *map(_with_edges, lines)])
    assert [" ".join(line.split()) for line in block.splitlines()[1:-1]] == [*before, text, *after]


def _with_edges(line: LineFound) -> LineFound:
    return LineFound(line.text, line.quad, line.score, tuple(at / len(line.text) for at in range(len(line.text) + 1)))


@pytest.mark.parametrize("width", [14, 18, 22])
@pytest.mark.parametrize("labels", [("Latency of a request(ms)", "Power(mW)"), ("loss(train)", "loss(valid)")])
def test_labels_that_run_upwards_beside_a_chart_are_words(labels: tuple[str, str], width: float) -> None:
    upwards = []
    for at, text in enumerate(labels):
        top, bottom = 40 + at * 300, 40 + at * 300 + len(text) * 10
        upwards.append(LineFound(text, ((0, bottom), (0, top), (width, top), (width, bottom)), 0.95))
    lines = [*prose(-200), *upwards, *prose(800)]
    assert {index for region in regions_in(lines) for index in region.lines} == set(range(len(lines)))
    assert code(lines) == []
