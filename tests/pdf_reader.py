"""Reads our PDFs back as a reader's program does: page by page, body, notes and furniture apart (PyMuPDF)."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pymupdf

from pipeline.render.trim import TypeArea


@dataclass(frozen=True, slots=True)
class Glyph:
    """A character as it stands on the page: origin x and baseline y in points from the top left."""

    char: str
    x: float
    y: float
    right: float
    size: float
    font: str


@dataclass(frozen=True, slots=True)
class PageText:
    """One page: what stands in the type area, the notes at its foot, and what stands above and below."""

    label: str
    body: str
    notes: str
    head: str
    folio: str


def opened(data: bytes) -> Any:
    """A PDF in PyMuPDF, whose own types say less than it does."""
    reader: Any = pymupdf
    return reader.open(stream=data, filetype="pdf")


def glyphs(page: Any) -> Iterator[Glyph]:
    """Every character in the order of the page's content, made-up spaces left out."""
    for block in page.get_text("rawdict", flags=pymupdf.TEXT_PRESERVE_WHITESPACE)["blocks"]:
        for line in block.get("lines", ()):
            for span in line["spans"]:
                for char in span["chars"]:
                    x, y = char["origin"]
                    yield Glyph(char["c"], x, y, char["bbox"][2], span["size"], span["font"])


def read(data: bytes, area: TypeArea) -> list[PageText]:
    """All pages. White space is left out, as lines and paragraphs are the layout's."""
    return [_page(page, area) for page in opened(data)]


def _page(page: Any, area: TypeArea) -> PageText:
    top, bottom = area.head, area.head + area.depth
    note_size = area.body.size * 0.81
    said: dict[str, str] = {"body": "", "notes": "", "head": "", "folio": ""}
    for glyph in glyphs(page):
        if glyph.char.isspace():
            continue
        if glyph.y < top:
            where = "head"
        elif glyph.y > bottom:
            where = "folio"
        elif abs(glyph.size - note_size) < 0.05:
            where = "notes"
        elif is_note_mark(glyph.char) and glyph.size < area.body.size * 0.8:
            continue
        else:
            where = "body"
        said[where] += glyph.char
    return PageText(page.get_label(), said["body"], said["notes"], said["head"], said["folio"])


def is_note_mark(char: str) -> bool:
    return "①" <= char <= "⑳" or "㉑" <= char <= "㉟" or "㊱" <= char <= "㊿"


def squeezed(words: str) -> str:
    """Words without white space, for comparison."""
    return "".join(words.split())


def missing(expected: str, read_back: str) -> Counter[str]:
    """Characters that were to be there and are not."""
    return Counter(squeezed(expected)) - Counter(squeezed(read_back))
