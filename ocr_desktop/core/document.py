"""What the program knows of a document: its pages, the readings of them, and the regions that were found.

Everything here is an immutable value. Ids are never reused; order is the tuple's order; a selection is
(page, run, region id). The model's own answer is never changed: what the user corrects is an `Edit` beside it, and
`core.edits` applies it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from ocr_desktop.core.geometry import Box999, PixelBox, Quad, Size, View


class SourceKind(StrEnum):
    IMAGE = "image"
    PDF = "pdf"
    ANSWER = "answer"
    """A saved raw answer, without its picture."""


class Finish(StrEnum):
    """How an answer ended."""

    COMPLETE = "complete"
    CUT = "cut"
    """The token limit was reached."""
    LOOP = "loop"
    """The model repeated itself and was stopped."""
    CANCELLED = "cancelled"
    TIMEOUT = "timeout"
    ERROR = "error"


class Flag(StrEnum):
    """What was wrong with a region's boxes as they came."""

    CLAMPED = "clamped"
    """Numbers outside 0–999 were moved to the edge."""
    SWAPPED = "swapped"
    """Corners came in the wrong order."""
    EMPTY_BOX = "empty_box"
    """A box without area was left out."""
    BROKEN_BOX = "broken_box"
    """Something that should have been a box could not be read as one."""
    NO_BOX = "no_box"
    """The model was asked for a box and gave none."""
    UNCLOSED = "unclosed"
    """A tag was not closed."""


class Origin(StrEnum):
    """Who placed a region's boxes."""

    MODEL = "model"
    EMBEDDED = "embedded"
    ALIGNED = "aligned"
    USER = "user"


class WarningCode(StrEnum):
    """What a reader of the result should know of it; each has a sentence in both faces."""

    EMPTY_ANSWER = "empty_answer"
    FIELDS_LEFT_OUT = "fields_left_out"
    """The server refused fields of the request that its profile adds, and was asked without them."""
    NO_BOXES = "no_boxes"
    """Boxes were asked for and none came with the words, most often because a server drops the special tokens."""
    FIRST_FRAME_ONLY = "first_frame_only"
    NOT_AS_WANTED = "not_as_wanted"
    """A capture was to be a table or a formula, and none was found."""
    PICTURE_TRUNCATED = "picture_truncated"
    STRUCTURE_UNKNOWN = "structure_unknown"
    """The program failed to see what the lines make up; they are there as they were found."""
    TEXT_CUT = "text_cut"
    """A PDF's page holds more text of its own than is taken."""
    TABLES_FUSED = "tables_fused"
    """The server dropped the special tokens that part a table's cells; nothing can part them again."""


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of one answer's raw text, in characters; `end` is not part of it."""

    answer: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens as the server counted them."""

    prompt_tokens: int
    completion_tokens: int


@dataclass(frozen=True, slots=True)
class Region:
    """A part of the page and its words.

    Attributes:
        id: Unique in its run and never reused; not the order.
        label: The model's own word (`title`, `text`, `table`, …); `line` for a line, `match` for a locate hit.
        text: The words alone: no tags, no Markdown, table cells by tabs and lines (`core.markdown.plain_text`).
        markdown: What an export writes for this region.
        boxes: Page pixels, one for each box with an area; empty where the page's size is not known.
        boxes_999: The model's own numbers for the same boxes, in the view, after swapping and clamping.
        quad: The line's four corners in page pixels, where the engine gives them.
        score: How sure the engine is, 0–1; None where it does not say. Of an aligned region, how much of its text
            stands on the lines that its boxes are around.
        flags: What was wrong with the boxes as they came, without repeats.
        source: Where in the raw answer the region stands, its tag with its words; None for embedded and drawn ones.
            Where the model wrote a table behind its caption's words, it is the table alone, without the tag.
        tag: Where the model's own tag for it stands, its reference and its boxes; None where there is none.
    """

    id: int
    label: str
    text: str
    markdown: str
    boxes: tuple[PixelBox, ...] = ()
    boxes_999: tuple[Box999, ...] = ()
    quad: Quad | None = None
    score: float | None = None
    flags: tuple[Flag, ...] = ()
    origin: Origin = Origin.MODEL
    source: Span | None = None
    tag: Span | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text that the embedded engine saw, corners in page pixels, TL TR BR BL as it is read; score 0–1.

    `edges` are where its characters stand, as in `core.events.LineFound`.
    """

    text: str
    quad: Quad
    score: float
    edges: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Comparison:
    """How the words of an endpoint's answer compare with the lines that this computer read in the same view.

    Attributes:
        unsupported: Ids of regions, and for each the stretches of its `text` (start, end) that no line supports.
        missed: Indices into `Run.lines`, ascending: lines that the answer does not have.
    """

    unsupported: tuple[tuple[int, tuple[tuple[int, int], ...]], ...] = ()
    missed: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Correct:
    """The user wrote other words into a region."""

    region_id: int
    markdown: str


@dataclass(frozen=True, slots=True)
class Move:
    """The user put a region's boxes elsewhere (page pixels)."""

    region_id: int
    boxes: tuple[PixelBox, ...]


@dataclass(frozen=True, slots=True)
class Draw:
    """The user added a region of their own, at the end of the order."""

    region: Region


@dataclass(frozen=True, slots=True)
class Delete:
    """The user took regions away."""

    region_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Relabel:
    """The user gave a region another label."""

    region_id: int
    label: str


@dataclass(frozen=True, slots=True)
class Reorder:
    """The user changed the reading order; ids that are not named keep their order behind the named ones."""

    region_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """One request and what came back; a locate of three terms has three.

    `prompt` is None for the embedded engine, which takes none; its `raw` is then the text it read.
    """

    prompt: str | None
    raw: str
    finish: Finish
    usage: Usage | None = None
    crop: PixelBox | None = None


@dataclass(frozen=True, slots=True)
class Splice:
    """A re-read of a part: new regions in the place of the first of the old ones.

    `answer` is what they were read from, None where nobody kept it. It is none of the run's own answers, so the new
    regions have no `source`.
    """

    region_ids: tuple[int, ...]
    regions: tuple[Region, ...]
    answer: Answer | None = None


@dataclass(frozen=True, slots=True)
class Confirm:
    """The user looked at what was doubtful about a region, or about the run as a whole (None), and it looks right.

    With `lines`, indices into `Run.lines`, it is these that the answer may well lack, and nothing else.
    """

    region_id: int | None
    lines: tuple[int, ...] = ()


Edit = Correct | Move | Draw | Delete | Relabel | Reorder | Splice | Confirm


@dataclass(frozen=True, slots=True)
class Cost:
    """What a reading cost by the provider's list; `currency` as in ISO 4217."""

    amount: float
    currency: str


@dataclass(frozen=True, slots=True)
class Run:
    """One reading of one page; reading again adds another.

    `started` is in UTC; `seconds` is the time from the request to its end. `regions` are as the engine gave them:
    `core.edits.edited_regions` gives what is shown. `lines` are the lines on the picture where they are known, in
    reading order as far as somebody looked for one; `comparison` is None where nobody compared.
    """

    id: str
    engine: str
    model: str | None
    host: str | None
    preset: str
    started: datetime
    seconds: float
    finish: Finish
    usage: Usage | None = None
    warnings: tuple[WarningCode, ...] = ()
    view: View = field(default_factory=View)
    answers: tuple[Answer, ...] = ()
    regions: tuple[Region, ...] = ()
    edits: tuple[Edit, ...] = ()
    cost: Cost | None = None
    lines: tuple[Line, ...] = ()
    comparison: Comparison | None = None

    @property
    def raw(self) -> str:
        """What came, all answers joined by line breaks."""
        return "\n".join(answer.raw for answer in self.answers)


@dataclass(frozen=True, slots=True)
class Page:
    """The picture as shown, known before any reading.

    `size` is None only where a saved answer is parsed without its picture. `turns` are the clockwise quarter turns on
    show; boxes stay in the un-turned page. `points_per_pixel` is known for pages of a PDF. Of a page with a `crop`, in
    page pixels, only that part is read.
    """

    number: int
    size: Size | None
    turns: int = 0
    points_per_pixel: float | None = None
    crop: PixelBox | None = None
    warnings: tuple[WarningCode, ...] = ()
    runs: tuple[Run, ...] = ()


@dataclass(frozen=True, slots=True)
class Source:
    """Where a document came from. `name` is for people, safe to print; `sha256` is of the bytes that were read."""

    name: str
    kind: SourceKind
    sha256: str


@dataclass(frozen=True, slots=True)
class Document:
    source: Source
    pages: tuple[Page, ...]
