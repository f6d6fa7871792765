"""Pages of running text: a letter, a paper, a newspaper, a book, lists, a table of contents, a Chinese report."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PIL import Image, ImageDraw

from tests.support.drawn_pages.prose import Prose
from tests.support.drawn_pages.sheet import Colours, Setting, Sheet, Style
from tests.support.drawn_pages.tables import CHINESE_TABLE, Grid, draw_table, sales_rows
from tests.support.drawn_pages.truth import TrueItem, TrueLine

A4 = (595.0, 842.0)
Making = Callable[[float, Colours], Sheet]


@dataclass(slots=True)
class Column:
    """Where the next block of a column goes."""

    x: float
    y: float
    width: float


def letter(scale: float, colours: Colours) -> Sheet:
    sheet, prose = Sheet(*A4, scale, colours), Prose(11)
    body = Style("serif", 11, leading=15)
    y = 60.0
    for text in ("Lindqvist & Okafor Surveying", "14 Harbour Street", "Tel. +44 20 7946 0131"):
        sheet.line(330, y, text, body, label="text")
        y += 15
    address = [
        sheet.put(70, 135 + 15 * row, text, body)
        for row, text in enumerate(("Ms Ada Bramley", "2 Mill Lane", "Norwich NR3 1AB"))
    ]
    sheet.add("text", address, text="\n".join(line.text for line in address))
    sheet.line(330, 200, "21 November 2026", body, label="text")
    sheet.line(70, 235, "Re: Survey of the northern embankment, part 2", Style("serif", 11, bold=True), label="text")
    y = sheet.paragraph(70, 262, "Dear Ms Bramley,", Setting(body, 455))
    for sentences in (3, 4, 2, 5):
        y = sheet.paragraph(70, y + 9, prose.paragraph(sentences), Setting(body, 455))
    y = sheet.paragraph(70, y + 9, "Yours sincerely,", Setting(body, 455))
    sheet.line(70, y + 40, "J. Okafor", body, label="text")
    sheet.line(70, y + 56, "Head of field work", body, label="text")
    return sheet


def figure(width: float, height: float, scale: float, seed: int) -> Image.Image:
    """A chart without words: bars over a ground."""
    prose = Prose(seed)
    size = (round(width * scale), round(height * scale))
    picture = Image.new("RGB", size, "#f4f1ea")
    canvas = ImageDraw.Draw(picture)
    bars = 9
    for bar in range(bars):
        top = size[1] * prose.number(10, 80) // 100
        left = size[0] * (bar + 0.2) / bars
        canvas.rectangle(
            (left, top, left + size[0] * 0.6 / bars, size[1] - 4), fill=("#3b6ea5", "#b5533c", "#6a8f3a")[bar % 3]
        )
    canvas.rectangle((0, 0, size[0] - 1, size[1] - 1), outline="#303030", width=max(1, round(scale)))
    return picture


def paper(scale: float, colours: Colours) -> Sheet:
    """Two columns under a title; figures with captions between, a footnote, a running header and a page number."""
    sheet, prose = Sheet(*A4, scale, colours), Prose(23)
    sheet.line(50, 28, "Journal of Shallow Waters, vol. 12 (2026)", Style("serif", 8), label="header")
    setting = Setting(Style("serif", 17, bold=True, leading=21), 460, centred=True)
    y = sheet.paragraph(
        68, 52, "Measuring the Temperature of Shallow Water with Wooden Instruments", setting, label="title", level=1
    )
    sheet.line(
        297,
        y + 8,
        "Margaret Lindqvist¹, Chidi Okafor² and Ada Bramley¹",
        Style("serif", 10.5),
        label="text",
        align="middle",
    )
    sheet.line(
        297, y + 23, "¹ Regional Museum, Norwich   ² River Authority", Style("serif", 9), label="text", align="middle"
    )
    sheet.line(297, y + 46, "Abstract", Style("serif", 10, bold=True), label="sub_title", align="middle", level=2)
    abstract = Setting(Style("serif", 9, leading=11.5), 420, justified=True, hyphenated=True)
    y = sheet.paragraph(88, y + 62, prose.paragraph(5), abstract)
    _paper_columns(sheet, prose, y + 16)
    sheet.line(297, 806, "117", Style("serif", 9), label="page_number", align="middle")
    return sheet


def _paper_columns(sheet: Sheet, prose: Prose, top: float) -> None:
    left, right = Column(50, top, 240), Column(305, top, 240)
    _heading(sheet, left, "1  Introduction")
    _texts(sheet, left, prose, (4, 3))
    _picture(sheet, left, 110, "Figure 1: Harvest and rainfall of nine seasons, by district.", 5)
    _heading(sheet, left, "2  Instruments and method")
    _fill(sheet, left, prose, 745)
    note = "¹ The catalogue was printed again in 1994 with the same numbers."
    sheet.rule(50, 770, 130, 770)
    sheet.paragraph(50, 773, note, Setting(Style("serif", 7.5, leading=9.5), 240), label="page_footnote")
    _texts(sheet, right, prose, (3,))
    _heading(sheet, right, "2.1  Calibration", level=3)
    _texts(sheet, right, prose, (4,))
    _heading(sheet, right, "3  Results")
    _texts(sheet, right, prose, (3,))
    _picture(sheet, right, 90, "Figure 2: What the stations measured, before and after repair.", 8)
    _fill(sheet, right, prose, 775)


def _heading(sheet: Sheet, column: Column, text: str, *, level: int = 2) -> None:
    sheet.line(
        column.x,
        column.y + 6,
        text,
        Style("serif", 10.5 if level == 2 else 9.5, bold=True),
        label="sub_title",
        level=level,
    )
    column.y += 23


def _texts(sheet: Sheet, column: Column, prose: Prose, sentences: tuple[int, ...]) -> None:
    for number, count in enumerate(sentences):
        setting = Setting(
            Style("serif", 9.5, leading=12), column.width, indent=12 if number else 0, justified=True, hyphenated=True
        )
        column.y = sheet.paragraph(column.x, column.y, prose.paragraph(count), setting)


def _fill(sheet: Sheet, column: Column, prose: Prose, bottom: float) -> None:
    """Paragraphs down to the column's end."""
    while column.y < bottom - 50:
        _texts(sheet, column, prose, (2,))


def _picture(sheet: Sheet, column: Column, height: float, caption: str, seed: int) -> None:
    box = sheet.paste(column.x, column.y + 8, figure(column.width, height, sheet.scale, seed))
    sheet.add("image", [], text="", box=box)
    setting = Setting(Style("serif", 8.5, leading=10.5), column.width)
    column.y = sheet.paragraph(column.x, column.y + height + 13, caption, setting, label="image_caption") + 8


def newspaper(scale: float, colours: Colours) -> Sheet:
    """Three narrow columns of two articles, parted by rules."""
    sheet, prose = Sheet(*A4, scale, colours), Prose(37)
    sheet.line(297, 28, "The Harbour Gazette", Style("serif", 30, bold=True), label="title", align="middle", level=1)
    sheet.rule(40, 70, 555, 70, thick=1.2)
    sheet.line(40, 74, "Saturday, 21 November 2026", Style("serif", 8), label="text")
    sheet.line(555, 74, "Price 80p", Style("serif", 8), label="text", align="right")
    sheet.rule(40, 87, 555, 87)
    sheet.line(
        40, 96, "Bridge closed after new measurements", Style("serif", 21, bold=True), label="sub_title", level=2
    )
    below = _three_columns(sheet, prose, 132, 445, pictured=True) + 10
    sheet.rule(40, below + 2, 555, below + 2, thick=1.2)
    headline = "Museum shows unusual letters"
    sheet.line(40, below + 10, headline, Style("serif", 17, bold=True), label="sub_title", level=2)
    _three_columns(sheet, prose, below + 40, 800, pictured=False)
    return sheet


def _three_columns(sheet: Sheet, prose: Prose, top: float, bottom: float, *, pictured: bool) -> float:
    width, gutter = 163.0, 13.0
    style = Style("serif", 8.5, leading=10.5)
    for number in range(3):
        column = Column(40 + number * (width + gutter), top, width)
        if number:
            sheet.rule(column.x - gutter / 2, top, column.x - gutter / 2, bottom, thick=0.5)
        if number == 1 and pictured:
            box = sheet.paste(column.x, column.y, figure(width, 95, sheet.scale, 3))
            sheet.add("image", [], text="", box=box)
            caption = Setting(Style("sans", 7, leading=9), width)
            column.y = (
                sheet.paragraph(
                    column.x, column.y + 98, "The bridge in winter, before the repair.", caption, label="image_caption"
                )
                + 6
            )
        while column.y < bottom - 58:
            setting = Setting(style, width, indent=9, justified=True, hyphenated=True)
            column.y = sheet.paragraph(column.x, column.y, prose.paragraph(2), setting)
    return bottom


def book(scale: float, colours: Colours) -> Sheet:
    """A book's page: running header with the number beside it, a chapter's heading, indented paragraphs."""
    sheet, prose = Sheet(420, 620, scale, colours), Prose(41)
    sheet.line(52, 30, "214", Style("serif", 9), label="page_number")
    sheet.line(210, 30, "THE OLD HARBOUR", Style("serif", 8.5), label="header", align="middle")
    sheet.line(210, 82, "Chapter Nine", Style("serif", 15, bold=True), label="title", align="middle", level=1)
    sheet.line(
        210, 106, "In which the plates are counted", Style("serif", 11), label="sub_title", align="middle", level=2
    )
    y = 146.0
    for number, sentences in enumerate((4, 3, 5, 2, 3)):
        setting = Setting(
            Style("serif", 10.5, leading=14), 316, indent=16 if number else 0, justified=True, hyphenated=True
        )
        y = sheet.paragraph(52, y, prose.paragraph(sentences), setting)
    return sheet


NESTED = (
    (0, "1."), (1, "a)"), (1, "b)"), (0, "2."), (1, "•"), (2, "–"), (2, "–"), (1, "•"), (0, "3."),
)  # fmt: skip


def lists(scale: float, colours: Colours) -> Sheet:
    """A numbered list with lists inside, then a plain one with bullets, paragraphs around them."""
    sheet, prose = Sheet(595, 640, scale, colours), Prose(53)
    body = Style("sans", 10.5, leading=15)
    sheet.line(60, 44, "How to repair a station", Style("sans", 18, bold=True), label="title", level=1)
    y = sheet.paragraph(60, 84, prose.paragraph(3), Setting(body, 470))
    y = _list(sheet, y + 10, [(depth, marker, _item(prose, number)) for number, (depth, marker) in enumerate(NESTED)])
    y = sheet.paragraph(60, y + 10, prose.paragraph(2), Setting(body, 470))
    _list(sheet, y + 10, [(0, "•", _item(prose, number)) for number in range(4)])
    return sheet


def _item(prose: Prose, number: int) -> str:
    return prose.sentence() if number % 3 else prose.phrase()


def _list(sheet: Sheet, y: float, entries: list[tuple[int, str, str]]) -> float:
    style = Style("sans", 10.5, leading=15)
    lines: list[TrueLine] = []
    items = []
    for depth, marker, text in entries:
        x = 72 + 22 * depth
        first = sheet.put(x, y, marker, style)
        drawn, y = sheet.set_lines(x + 18, y, text, Setting(style, 530 - x - 18))
        head = TrueLine(f"{marker} {drawn[0].text}", (first.box[0], *drawn[0].box[1:]))
        lines += [head, *drawn[1:]]
        items.append(TrueItem(text, depth, marker))
        y += 3
    words = "\n".join(f"{item.marker} {item.text}" for item in items)
    sheet.add("list", lines, text=words, items=items)
    return y


def contents(scale: float, colours: Colours) -> Sheet:
    """A table of contents: dots lead to page numbers."""
    sheet, prose = Sheet(*A4, scale, colours), Prose(59)
    sheet.line(70, 60, "Contents", Style("serif", 18, bold=True), label="title", level=1)
    y, page = 104.0, 1
    for chapter in range(1, 7):
        entries = [(0, f"{chapter}  {prose.phrase()}")]
        entries += [(1, f"{chapter}.{part}  {prose.phrase()}") for part in range(1, 4)]
        for depth, text in entries:
            page += prose.number(1, 9)
            style = Style("serif", 10.5, bold=depth == 0)
            x = 70 + 18 * depth
            begun = sheet.put(x, y, text, style)
            ended = sheet.put(525, y, str(page), style, align="right")
            dot = sheet.measure(" .", style)
            from_x, to_x = x + sheet.measure(text, style) + 6, 525 - sheet.measure(str(page), style) - 6
            sheet.put(from_x, y, " ." * int((to_x - from_x) / dot), style)
            box = (begun.box[0], min(begun.box[1], ended.box[1]), ended.box[2], max(begun.box[3], ended.box[3]))
            words = f"{text.replace('  ', ' ')} {page}"
            sheet.add("text", [TrueLine(words, box)])
            y += 17
        y += 8
    return sheet


def report(scale: float, colours: Colours) -> Sheet:
    """A Chinese report: headings, paragraphs, a table with rules and one without, captions, a page number."""
    sheet, prose = Sheet(*A4, scale, colours), Prose(67)
    body = Setting(Style("chinese", 10.5, leading=17), 475, indent=21)
    sheet.line(
        297,
        46,
        "二〇二六年度水资源利用情况报告",
        Style("chinese", 18, bold=True),
        label="title",
        align="middle",
        level=1,
    )
    sheet.line(297, 78, "市水务局 2026年11月21日", Style("chinese", 10), label="text", align="middle")
    y = 108.0
    for number, heading in enumerate(("一、总体情况", "二、各区用水量", "三、存在的问题")):
        sheet.line(60, y, heading, Style("chinese", 13, bold=True), label="sub_title", level=2)
        y = sheet.paragraph(60, y + 24, prose.chinese(3), body)
        if number < 2:
            y = _chinese_table(sheet, prose, y + 8, is_ruled=number == 0)
        else:
            y = sheet.paragraph(60, y, prose.chinese(2), body)
        y += 12
    sheet.line(297, 806, "第 3 页", Style("chinese", 9), label="page_number", align="middle")
    return sheet


def _chinese_table(sheet: Sheet, prose: Prose, y: float, *, is_ruled: bool) -> float:
    caption = "表1 各区年度用水量（万立方米）" if is_ruled else "表2 主要指标完成情况"
    sheet.line(297, y, caption, Style("chinese", 9.5), label="table_caption", align="middle")
    cells = sales_rows(prose, CHINESE_TABLE, 5)
    grid = Grid(80, y + 18, (120, 85, 85, 85, 60), 20, Style("chinese", 9.5), is_ruled=is_ruled)
    return draw_table(sheet, grid, cells) + 8
