"""Tables: with rules, without, striped, with spans, dense and small."""

from __future__ import annotations

from dataclasses import dataclass, replace

from tests.support.drawn_pages.prose import Prose
from tests.support.drawn_pages.sheet import Colours, Setting, Sheet, Style
from tests.support.drawn_pages.truth import TrueCell, TrueLine

PAD = 5.0


@dataclass(frozen=True, slots=True)
class Heads:
    """The head row, and what the first column holds."""

    head: tuple[str, ...]
    names: tuple[str, ...]


ENGLISH_TABLE = Heads(
    ("District", "Stations", "Rainfall (mm)", "Harvest", "Change"),
    ("Northern shore", "Old Harbour", "Mill Lane", "Upper valley", "Lower valley", "Bridge end", "Norwich", "Eastfield",
     "Carrow", "Thorpe Road", "St Mary", "Whitlingham", "Lakenham", "Hellesdon", "Sprowston", "Catton", "Earlham",
     "Eaton", "Cringleford", "Keswick"),
)  # fmt: skip
CHINESE_TABLE = Heads(
    ("区域", "上年", "本年", "增减额", "增长率"), ("城北区", "滨江新区", "老城区", "高新技术开发区", "东湖区", "西山区")
)


@dataclass(frozen=True, slots=True)
class Grid:
    """Where a table stands: its upper left corner, the widths of its columns, the height of its rows, in points."""

    x: float
    y: float
    widths: tuple[float, ...]
    row: float
    style: Style
    is_ruled: bool = False
    is_striped: bool = False

    def edge(self, column: int) -> float:
        """The left side of a column."""
        return self.x + sum(self.widths[:column])


def sales_rows(prose: Prose, heads: Heads, count: int) -> list[TrueCell]:
    """A head row and rows of a name and numbers."""
    rows = [heads.head]
    for name in heads.names[:count]:
        before, now = prose.number(120, 9800), prose.number(120, 9800)
        change = f"{(now - before) / before * 100:+.1f}%"
        rows.append((name, f"{before:,}", f"{now:,}", f"{now - before:+,}", change))
    return [
        TrueCell(text, row, column, is_head=row == 0)
        for row, texts in enumerate(rows)
        for column, text in enumerate(texts)
    ]


def draw_table(sheet: Sheet, grid: Grid, cells: list[TrueCell]) -> float:
    """Draw cells and add the table; gives its lower side. Words stand left in the first column, numbers right."""
    count = max(cell.row + cell.rows for cell in cells)
    right, bottom = grid.edge(len(grid.widths)), grid.y + count * grid.row
    if grid.is_striped:
        for row in range(1, count, 2):
            sheet.fill(grid.x, grid.y + row * grid.row, right, grid.y + (row + 1) * grid.row, sheet.colours.fill)
    lines: list[TrueLine] = []
    for cell in cells:
        lines += _draw_cell(sheet, grid, cell)
    if grid.is_ruled:
        _draw_rules(sheet, grid, cells, bottom)
    texts = [["" for _ in grid.widths] for _ in range(count)]
    for cell in cells:
        texts[cell.row][cell.column] = cell.text
    words = "\n".join("\t".join(row) for row in texts)
    scale = sheet.scale
    box = (grid.x * scale, grid.y * scale, right * scale, bottom * scale)
    sheet.add("table", [line for line in lines if line.text], text=words, cells=cells, box=box)
    return bottom


def _draw_cell(sheet: Sheet, grid: Grid, cell: TrueCell) -> list[TrueLine]:
    left, right = grid.edge(cell.column), grid.edge(cell.column + cell.columns)
    style = replace(grid.style, bold=cell.is_head)
    pitch = grid.style.size * 1.25
    setting = Setting(replace(style, leading=pitch), right - left - 2 * PAD)
    room = grid.row * cell.rows
    if sheet.measure(cell.text, style) > setting.width:
        return sheet.set_lines(left + PAD, grid.y + cell.row * grid.row + (room - 2 * pitch) / 2, cell.text, setting)[0]
    y = grid.y + cell.row * grid.row + (room - grid.style.size * 1.15) / 2
    if cell.columns > 1:
        return [sheet.put((left + right) / 2, y, cell.text, style, align="middle")]
    if cell.column == 0 or (cell.is_head and grid.is_ruled):
        return [sheet.put(left + PAD, y, cell.text, style)]
    return [sheet.put(right - PAD, y, cell.text, style, align="right")]


def _draw_rules(sheet: Sheet, grid: Grid, cells: list[TrueCell], bottom: float) -> None:
    """Rules around each cell, so that none runs through a span."""
    for cell in cells:
        x_0, x_1 = grid.edge(cell.column), grid.edge(cell.column + cell.columns)
        y_0, y_1 = grid.y + cell.row * grid.row, grid.y + (cell.row + cell.rows) * grid.row
        sheet.rule(x_0, y_0, x_1, y_0)
        sheet.rule(x_0, y_0, x_0, y_1)
        sheet.rule(x_0, y_1, x_1, y_1)
        sheet.rule(x_1, y_0, x_1, y_1)


def ruled(scale: float, colours: Colours) -> Sheet:
    """A table with rules between two paragraphs."""
    sheet, prose = Sheet(595, 480, scale, colours), Prose(71)
    grid = Grid(60, 122, (130, 80, 100, 85, 75), 22, Style("sans", 9.5), is_ruled=True)
    return _between_paragraphs(sheet, prose, grid, sales_rows(prose, ENGLISH_TABLE, 10))


def unruled(scale: float, colours: Colours) -> Sheet:
    """The same without any rule."""
    sheet, prose = Sheet(595, 480, scale, colours), Prose(73)
    grid = Grid(60, 122, (130, 80, 100, 85, 75), 20, Style("serif", 9.5))
    return _between_paragraphs(sheet, prose, grid, sales_rows(prose, ENGLISH_TABLE, 11))


def striped(scale: float, colours: Colours) -> Sheet:
    """Every second row on a ground of its own."""
    sheet, prose = Sheet(595, 480, scale, colours), Prose(79)
    grid = Grid(60, 122, (130, 80, 100, 85, 75), 21, Style("sans", 9.5), is_striped=True)
    return _between_paragraphs(sheet, prose, grid, sales_rows(prose, ENGLISH_TABLE, 10))


def _between_paragraphs(sheet: Sheet, prose: Prose, grid: Grid, cells: list[TrueCell]) -> Sheet:
    body = Setting(Style(grid.style.family, 10.5, leading=14.5), 475)
    below = sheet.paragraph(60, 40, prose.paragraph(3), body)
    sheet.line(
        60,
        below + 10,
        "Table 4: Stations and harvest by district",
        Style(grid.style.family, 9.5),
        label="table_caption",
    )
    bottom = draw_table(sheet, replace(grid, y=below + 30), cells)
    sheet.paragraph(60, bottom + 14, prose.paragraph(2), body)
    return sheet


def spans(scale: float, colours: Colours) -> Sheet:
    """Heads over several columns, groups over several rows, all with rules."""
    sheet, prose = Sheet(595, 400, scale, colours), Prose(83)
    heads = [
        TrueCell("Region", 0, 0, rows=2, is_head=True),
        TrueCell("Station", 0, 1, rows=2, is_head=True),
        TrueCell("Rainfall 2025", 0, 2, columns=2, is_head=True),
        TrueCell("Rainfall 2026", 0, 4, columns=2, is_head=True),
    ]
    heads += [TrueCell(("Spring", "Autumn")[each % 2], 1, 2 + each, is_head=True) for each in range(4)]
    cells = heads + _grouped(prose)
    grid = Grid(50, 60, (85, 105, 75, 75, 75, 75), 21, Style("sans", 9.5), is_ruled=True)
    sheet.line(50, 32, "Rainfall by region and season", Style("sans", 13, bold=True), label="sub_title", level=2)
    draw_table(sheet, grid, cells)
    return sheet


def open_spans(scale: float, colours: Colours) -> Sheet:
    """As journals set it: rules above, under the heads and below, heads over several columns, nothing else."""
    sheet, prose = Sheet(595, 330, scale, colours), Prose(89)
    heads = [TrueCell("", 0, 0, is_head=True), TrueCell("Before repair", 0, 1, columns=2, is_head=True)]
    heads += [TrueCell("After repair", 0, 3, columns=2, is_head=True), TrueCell("Station", 1, 0, is_head=True)]
    heads += [TrueCell(("Mean", "n (%)")[each % 2], 1, 1 + each, is_head=True) for each in range(4)]
    cells = list(heads)
    for row, name in enumerate(ENGLISH_TABLE.names[:8], 2):
        values = [
            name,
            *(
                f"{prose.decimal(1, 40)} ± {prose.decimal(0, 3)}"
                if each % 2 == 0
                else f"{prose.number(4, 90)} ({prose.number(1, 99)})"
                for each in range(4)
            ),
        ]
        cells += [TrueCell(text, row, column) for column, text in enumerate(values)]
    grid = Grid(50, 60, (120, 105, 85, 105, 85), 19, Style("serif", 9.5))
    sheet.line(50, 34, "Table 2. Temperatures of all stations", Style("serif", 9.5), label="table_caption")
    right = grid.edge(5)
    for y, thick in ((60, 1.0), (60 + 2 * 19, 0.6), (60 + 10 * 19, 1.0)):
        sheet.rule(50, y, right, y, thick=thick)
    sheet.rule(grid.edge(1) + 4, 79, grid.edge(3) - 4, 79)
    sheet.rule(grid.edge(3) + 4, 79, right, 79)
    draw_table(sheet, grid, cells)
    return sheet


def dense(scale: float, colours: Colours) -> Sheet:
    """Eleven narrow columns of small numbers, rules under the head alone."""
    sheet, prose = Sheet(500, 300, scale, colours), Prose(97)
    months = ("Station", "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct")
    cells = [TrueCell(text, 0, column, is_head=True) for column, text in enumerate(months)]
    for row, name in enumerate(ENGLISH_TABLE.names, 1):
        values = [name, *(prose.decimal(0, 60) for _ in range(10))]
        cells += [TrueCell(text, row, column) for column, text in enumerate(values)]
    grid = Grid(20, 16, (80, *(38.0 for _ in range(10))), 12.6, Style("sans", 7))
    sheet.rule(20, 16 + 12.6, grid.edge(11), 16 + 12.6)
    draw_table(sheet, grid, cells)
    return sheet


def _grouped(prose: Prose) -> list[TrueCell]:
    cells = []
    for group, (name, members) in enumerate((("North", 3), ("South", 4), ("Coast", 2))):
        first = 2 + (0, 3, 7)[group]
        cells.append(TrueCell(name, first, 0, rows=members))
        for member in range(members):
            row = first + member
            cells.append(TrueCell(ENGLISH_TABLE.names[row - 2], row, 1))
            cells += [TrueCell(str(prose.number(10, 400)), row, 2 + each) for each in range(4)]
    return cells
