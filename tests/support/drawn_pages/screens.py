"""What is on screens and slips: a slide, a settings dialog, a form, a code editor, a receipt."""

from __future__ import annotations

from tests.support.drawn_pages.documents import figure
from tests.support.drawn_pages.prose import Prose
from tests.support.drawn_pages.sheet import Colours, Setting, Sheet, Style
from tests.support.drawn_pages.truth import TrueCell, TrueItem, TrueLine, union

CODE = '''\
import math
from pathlib import Path


class Station:
    """A place where the river is measured."""

    def __init__(self, name, depth=1.5):
        self.name = name
        self.readings = []
        self.depth = depth

    def mean(self):
        if not self.readings:
            return None
        return sum(self.readings) / len(self.readings)


def load(folder: Path) -> list[Station]:
    stations = []
    for path in sorted(folder.glob("*.txt")):
        station = Station(path.stem)
        for line in path.read_text().splitlines():
            value = float(line.split(";")[1])
            if math.isfinite(value) and value > -40:
                station.readings.append(value)  # degrees
        stations.append(station)
    return stations
'''
KEYWORDS = frozenset(("import", "from", "class", "def", "if", "not", "return", "for", "in", "and"))


def code(scale: float, colours: Colours) -> Sheet:
    """An editor: a tab with the file's name, code of one pitch in colours."""
    return _editor(scale, colours, is_numbered=False)


def numbered_code(scale: float, colours: Colours) -> Sheet:
    """The same with line numbers beside it, which are no part of the code."""
    return _editor(scale, colours, is_numbered=True)


def _editor(scale: float, colours: Colours, *, is_numbered: bool) -> Sheet:
    style = Style("mono", 11, leading=16)
    rows = CODE.splitlines()
    sheet = Sheet(640, 40 + 16 * len(rows) + 12, scale, colours)
    sheet.fill(0, 0, 640, 26, colours.fill)
    sheet.line(14, 6, "stations.py", Style("sans", 11), label="control")
    lines = []
    for number, row in enumerate(rows):
        y = 34 + 16 * number
        if is_numbered:
            sheet.put(34, y, str(number + 1), Style("mono", 11, colour=colours.faint), align="right")
        if row:
            lines.append(_coloured(sheet, 50, y, row, style))
    sheet.add("code", lines, text=CODE.rstrip("\n"))
    return sheet


def _coloured(sheet: Sheet, x: float, y: float, row: str, style: Style) -> TrueLine:
    """One line of code, its keywords in the accent's colour."""
    pitch = sheet.measure(" ", style)
    boxes = []
    at = 0
    for word in row.split(" "):
        if word:
            colour = sheet.colours.accent if word in KEYWORDS else sheet.colours.ink
            coloured = Style(style.family, style.size, colour=colour)
            boxes.append(sheet.put(x + at * pitch, y, word, coloured).box)
        at += len(word) + 1
    return TrueLine(row, union(boxes))


def slide(scale: float, colours: Colours) -> Sheet:
    """Title, nested points, a chart with its caption on the right, footer and number."""
    sheet = Sheet(720, 405, scale, colours)
    sheet.fill(0, 0, 720, 8, colours.accent)
    sheet.line(40, 26, "Where the water goes", Style("sans", 28, bold=True), label="title", level=1)
    style, small = Style("sans", 15, leading=21), Style("sans", 12, leading=18)
    points = (
        (0, "Three stations lost a third of their depth"),
        (1, "Old Harbour: 1.4 m"),
        (1, "Mill Lane: 0.9 m"),
        (0, "Repair costs less than waiting"),
        (1, "€ 340,000 in 2026"),
        (0, "Next measurement in March"),
    )
    lines: list[TrueLine] = []
    items = []
    y = 92.0
    for depth, text in points:
        used, marker = (small, "–") if depth else (style, "•")
        x = 44 + 24 * depth
        first = sheet.put(x, y, marker, used)
        drawn, y = sheet.set_lines(x + 18, y, text, Setting(used, 400 - x - 18))
        lines += [TrueLine(f"{marker} {drawn[0].text}", (first.box[0], *drawn[0].box[1:])), *drawn[1:]]
        items.append(TrueItem(text, depth, marker))
        y += 7
    sheet.add("list", lines, text="\n".join(f"{item.marker} {item.text}" for item in items), items=items)
    box = sheet.paste(430, 100, figure(250, 190, scale, 7))
    sheet.add("image", [], text="", box=box)
    sheet.line(555, 296, "Depth by station, 2016 to 2026", small, label="image_caption", align="middle")
    faint = Style("sans", 9, colour=colours.faint)
    sheet.line(40, 380, "River Authority, annual meeting", faint, label="footer")
    sheet.line(680, 380, "7", faint, label="page_number", align="right")
    return sheet


def settings(scale: float, colours: Colours) -> Sheet:
    """A dialog: groups with fields, switches and buttons."""
    sheet = Sheet(520, 400, scale, colours)
    text, bold = Style("sans", 10), Style("sans", 10, bold=True)
    sheet.fill(0, 0, 520, 30, colours.fill)
    sheet.line(260, 9, "Preferences", bold, label="title", align="middle", level=1)
    sheet.line(24, 46, "General", bold, label="sub_title", level=2)
    y = 70.0
    for name, value in (
        ("Language:", "English (United Kingdom)"),
        ("Default folder:", "/home/ada/Documents"),
        ("Time out after:", "30 seconds"),
    ):
        sheet.fill(170, y - 5, 420, y + 17, colours.ground, rim=colours.rule)
        _pair(sheet, 158, 178, y, (name, value), text)
        y += 32
    for name, on in (("Start when I sign in", True), ("Show hidden files", False), ("Send crash reports", False)):
        sheet.fill(170, y, 182, y + 12, colours.accent if on else colours.ground, rim=colours.rule)
        sheet.line(190, y - 1, name, text, label="control")
        y += 24
    sheet.line(24, y + 14, "Network", bold, label="sub_title", level=2)
    y += 38
    for name, value in (("Proxy:", "proxy.example.org"), ("Port:", "8080")):
        sheet.fill(170, y - 5, 420, y + 17, colours.ground, rim=colours.rule)
        _pair(sheet, 158, 178, y, (name, value), text)
        y += 32
    for x, name in ((300, "Cancel"), (405, "Save changes")):
        sheet.fill(x, 362, x + 95, 386, colours.fill, rim=colours.rule)
        sheet.line(x + 47.5, 368, name, text, label="control", align="middle")
    return sheet


def _pair(sheet: Sheet, right: float, left: float, y: float, pair: tuple[str, str], style: Style) -> None:
    """A name that ends at `right` and its value that begins at `left`, as one line of a form."""
    name, value = sheet.put(right, y, pair[0], style, align="right"), sheet.put(left, y, pair[1], style)
    sheet.add("form", [name, value], text=f"{pair[0]} {pair[1]}")


def form(scale: float, colours: Colours) -> Sheet:
    """A printed form, filled in: names on the left, values above lines; two pairs stand in one row."""
    sheet = Sheet(595, 520, scale, colours)
    name, value = Style("sans", 9.5), Style("serif", 11)
    sheet.line(
        297,
        40,
        "Application for a fishing permit",
        Style("sans", 16, bold=True),
        label="title",
        align="middle",
        level=1,
    )
    sheet.line(60, 84, "1. Applicant", Style("sans", 11, bold=True), label="sub_title", level=2)
    rows = (
        (("Surname:", "Bramley"), ("Given name:", "Ada Margaret")),
        (("Date of birth:", "04 March 1987"), ("Nationality:", "British")),
        (("Address:", "2 Mill Lane, Norwich NR3 1AB"),),
        (("E-mail:", "ada.bramley@example.org"),),
    )
    y = _pairs(sheet, 112, rows, name, value)
    sheet.line(60, y + 12, "2. Permit", Style("sans", 11, bold=True), label="sub_title", level=2)
    more = (
        (("Waters:", "Old Harbour and Upper valley"),),
        (("Valid from:", "1 January 2027"), ("Valid until:", "31 December 2027")),
        (("Fee:", "£ 48.50"), ("Paid by:", "Card")),
    )
    y = _pairs(sheet, y + 40, more, name, value)
    sheet.paragraph(60, y + 14, Prose(101).paragraph(2), Setting(Style("sans", 9, leading=12.5), 475))
    return sheet


def _pairs(sheet: Sheet, y: float, rows: tuple[tuple[tuple[str, str], ...], ...], name: Style, value: Style) -> float:
    for row in rows:
        for number, pair in enumerate(row):
            x = 60 + 245 * number
            end = x + 230 if len(row) > 1 else 535
            label, words = sheet.put(x, y, pair[0], name), sheet.put(x + 84, y - 1.5, pair[1], value)
            sheet.rule(x + 80, y + 14, end, y + 14, thick=0.5)
            sheet.add("form", [label, words], text=f"{pair[0]} {pair[1]}")
        y += 30
    return y


GOODS = (
    ("Wholemeal bread", "1", "2.35"), ("Semi-skimmed milk 2L", "2", "3.10"), ("Bananas loose 0.85 kg", "1", "0.94"),
    ("Cheddar mature 400g", "1", "4.20"), ("Washing powder", "1", "7.99"), ("Free range eggs x12", "1", "3.45"),
    ("Tomatoes 6 pack", "3", "2.97"),
)  # fmt: skip


TOTALS = (("Subtotal", "25.00"), ("VAT 20%", "1.60"), ("TOTAL GBP", "25.00"), ("Card ****4417", "25.00"))


def receipt(scale: float, colours: Colours) -> Sheet:
    """A till slip: shop, goods with prices on the right and totals under them, thanks."""
    sheet = Sheet(260, 430, scale, colours)
    style = Style("mono", 9.5)
    sheet.line(130, 18, "MILL LANE STORES", Style("mono", 14, bold=True), label="title", align="middle", level=1)
    for row, text in enumerate(("2 Mill Lane, Norwich", "VAT No. 318 7790 12", "21/11/2026  14:07  Till 3")):
        sheet.line(130, 42 + 14 * row, text, style, label="text", align="middle")
    lines: list[TrueLine] = []
    cells = []
    y = 98.0
    for row, texts in enumerate((*GOODS, *((name, "", value) for name, value in TOTALS))):
        if row == len(GOODS):
            sheet.rule(16, y + 4, 244, y + 4)
            y += 12
        used = Style("mono", 9.5, bold=texts[0].startswith("TOTAL"))
        for column, (text, x) in enumerate(zip(texts, (16, 184, 244), strict=True)):
            cells.append(TrueCell(text, row, column))
            if text:
                lines.append(sheet.put(x, y, text, used, align="right" if column else "left"))
        y += 16
    words = "\n".join(f"{goods}\t{count}\t{price}" for goods, count, price in GOODS)
    sheet.add("table", lines, text="\n".join((words, *(f"{name}\t\t{value}" for name, value in TOTALS))), cells=cells)
    for row, text in enumerate(("Thank you for shopping with us", "Please keep this slip")):
        sheet.line(130, y + 16 + 14 * row, text, style, label="text", align="middle")
    return sheet
