from __future__ import annotations

import lxml.html

from ocr_desktop.gui.output.clipboard import markdown_mime, text_mime

MARKDOWN = "# Costs\n\n| Part | Sum |\n| --- | --: |\n| a | 1 |\n\n**bold** text"


def test_markdown_stands_beside_html_with_bordered_tables() -> None:
    mime = markdown_mime(MARKDOWN)
    assert mime.text() == MARKDOWN
    page = lxml.html.document_fromstring(mime.html())
    assert page.findtext(".//h1") == "Costs"
    cells = page.xpath("//th|//td")
    assert [cell.text for cell in cells] == ["Part", "Sum", "a", "1"]
    assert all("border:1px solid" in cell.get("style") for cell in cells)
    assert "text-align:right" in cells[3].get("style")


def test_spans_of_a_table_are_kept() -> None:
    page = lxml.html.document_fromstring(
        markdown_mime('<table><tr><td colspan="2" rowspan="3">a</td></tr></table>').html()
    )
    (cell,) = page.xpath("//td")
    assert (cell.get("colspan"), cell.get("rowspan")) == ("2", "3")


def test_chinese_arrives_as_it_is() -> None:
    assert "应收账款" in markdown_mime("应收账款").html()


def test_html_brings_nothing_that_runs_or_loads() -> None:
    hostile = (
        '<script>alert(1)</script><img src="http://example.com/a.png"><td style="background:url(http://example.com)">x</td>'
        '<table background="http://example.com"><tr><td onclick="alert(1)" style="background:url(http://example.com)">x</td>'
        "</tr></table><a href='javascript:alert(1)'>link</a>"
    )
    html = markdown_mime(hostile).html()
    assert not [word for word in ("script", "<img", "example.com", "onclick", "url(", "alert(1)") if word in html]


def test_plain_text_has_no_other_flavour() -> None:
    mime = text_mime("a\tb\nc\td")
    assert mime.text() == "a\tb\nc\td"
    assert not mime.hasHtml()
