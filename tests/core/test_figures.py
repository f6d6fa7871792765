"""Which regions are figures, what their files are called, and links that work wherever the file lies."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ocr_desktop.core.document import Region
from ocr_desktop.core.figures import figure_links, figures_folder, figures_of, link_address
from ocr_desktop.core.geometry import PixelBox
from ocr_desktop.core.markdown import compose, html_of

BOX = PixelBox(0, 0, 9, 9)
REGIONS = (
    Region(4, "image", "", "", (BOX,)),
    Region(1, "image_caption", "A plot", "A plot", (BOX,)),
    Region(7, "figure", "", "", (BOX, PixelBox(5, 5, 5, 9), PixelBox(10, 0, 19, 9))),
    Region(2, "text", "", "", (BOX,)),
    Region(3, "image", "Words", "Words", (BOX,)),
    Region(5, "image", "", ""),
    Region(9, "chart", "", "", (BOX,)),
)


def test_all_rectangles_of_a_region_have_its_number() -> None:
    assert [(figure.region_id, figure.number, figure.file_name) for figure in figures_of(REGIONS)] == [
        (4, 1, "figure-1.png"),
        (7, 2, "figure-2-1.png"),
        (7, 2, "figure-2-2.png"),
        (9, 3, "figure-3.png"),
    ]
    assert [figure.number for figure in figures_of(REGIONS, first=5)] == [5, 6, 6, 7]


def test_a_figure_is_linked_in_its_regions_place() -> None:
    composed = compose(REGIONS, links=figure_links(REGIONS, "scan"))
    assert composed.text == (
        "![Picture 1](scan_files/figure-1.png)\n\nA plot\n\n"
        "![Picture 2](scan_files/figure-2-1.png)\n![Picture 2](scan_files/figure-2-2.png)\n\nWords\n\n"
        "![Picture 3](scan_files/figure-3.png)"
    )
    assert [span.region_id for span in composed.spans] == [4, 1, 7, 3, 9]
    assert "![" not in compose(REGIONS).text


@given(st.text(st.characters(codec="utf-8"), min_size=1, max_size=12))
@example("a b (1) [2] <3> #4?5%6&copy;:7\\8*_`")
@example("扫描 件（一）\u3000\u202e")
@example("\x00\n\t")
def test_a_link_leads_to_the_file_whatever_it_is_called(stem: str) -> None:
    import urllib.parse

    import lxml.html

    links = figure_links(REGIONS[:1], stem)
    page = lxml.html.fragment_fromstring(html_of(links[4][0]), create_parent="div")
    (image,) = page.iter("img")
    assert urllib.parse.unquote(image.get("src")) == f"{stem}_files/figure-1.png"
    assert image.get("alt") == "Picture 1"
    assert not urllib.parse.urlsplit(image.get("src")).scheme


@pytest.mark.parametrize(
    ("path", "address"),
    [
        ("my scan (1)_files/a.png", "my%20scan%20%281%29_files/a.png"),
        ("应收账款_files/a.png", "应收账款_files/a.png"),
        (os.fsdecode(b"\xff.png"), "%FF.png"),
    ],
)
def test_an_address_stays_readable(path: str, address: str) -> None:
    assert link_address(path) == address


def test_the_folder_lies_beside_the_file() -> None:
    assert figures_folder(Path("out/scan.v2.md")) == Path("out/scan.v2_files")
    assert figures_folder(Path("noending")) == Path("noending_files")
