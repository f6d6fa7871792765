"""A document as the JSON that other programs read; its form is a promise."""

from __future__ import annotations

from typing import Any

from ocr_desktop.core.document import Document, Page, Region, Run
from ocr_desktop.core.edits import edited_regions
from ocr_desktop.core.geometry import Size, whole_pixels
from ocr_desktop.core.markdown import compose, page_text

SCHEMA = "ocr-desktop/document/1"


def to_json(document: Document) -> str:
    """One line of JSON, so that several documents make JSON Lines."""
    import msgspec

    return msgspec.json.encode(document_object(document)).decode() + "\n"


def document_object(document: Document) -> dict[str, Any]:
    """The document as plain objects; the engine, preset and prompt are those of the first run."""
    runs = [run for page in document.pages for run in page.runs]
    first = runs[0] if runs else None
    return {
        "schema": SCHEMA,
        "source": {
            "name": document.source.name,
            "kind": document.source.kind,
            "sha256": document.source.sha256 or None,
        },
        "engine": _engine(first),
        "preset": None if first is None else first.preset,
        "prompt": None if first is None else _prompt(first),
        "pages": [_page_object(page, run) | _own_engine(run, first) for page in document.pages for run in page.runs],
    }


def _page_object(page: Page, run: Run) -> dict[str, Any]:
    regions = edited_regions(run)
    return {
        "number": page.number,
        "width": None if page.size is None else page.size.width,
        "height": None if page.size is None else page.size.height,
        "regions": [_region_object(region, page.size) for region in regions],
        "markdown": compose(regions).text,
        "text": page_text(regions),
        "raw": run.raw,
        "finish": run.finish,
        "warnings": [*dict.fromkeys((*page.warnings, *run.warnings))],
        "usage": run.usage,
        "cost": run.cost,
        "seconds": round(run.seconds, 3),
    }


def _region_object(region: Region, page: Size | None) -> dict[str, Any]:
    boxes = None if page is None else [box for each in region.boxes if (box := whole_pixels(each, page)) is not None]
    return {
        "id": region.id,
        "label": region.label,
        "text": region.text,
        "markdown": region.markdown,
        "boxes": boxes,
        "boxes_999": [(box.x_min, box.y_min, box.x_max, box.y_max) for box in region.boxes_999],
        "quad": region.quad and [(round(x, 2), round(y, 2)) for x, y in region.quad],
        "score": region.score and round(region.score, 4),
        "flags": region.flags,
        "origin": region.origin,
    }


def _engine(run: Run | None) -> dict[str, str | None] | None:
    """What read the page; None for a parsed answer, of which nobody knows."""
    return {"id": run.engine, "model": run.model, "host": run.host} if run is not None and run.engine else None


def _own_engine(run: Run, first: Run | None) -> dict[str, Any]:
    """The engine and preset of a page that another one read than the first page."""
    engine = _engine(run)
    return {} if engine == _engine(first) else {"engine": engine, "prompt": _prompt(run)}


def _prompt(run: Run) -> str | None:
    prompts = [answer.prompt for answer in run.answers if answer.prompt is not None]
    return "\n".join(prompts) if prompts else None
