"""The cover: the publisher's own picture, or one drawn from the title when there is none.

The letters are outlines of the font that PyMuPDF brings with it, so the picture is the same on every machine and needs
no font there. The drawing itself (colours, ornament, places) is styles/templates/cover.svg.j2; shops and shelves want a
raster, so what goes into the e-book is a PNG of it.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import pymupdf
import uharfbuzz as hb
from fontTools.pens.svgPathPen import SVGPathPen

from pipeline.book import Metadata
from pipeline.config import Cover
from pipeline.render.html import Html
from pipeline.render.title import break_title
from pipeline.style import Style

_MUPDF: Any = pymupdf  # it speaks no types

WIDTH, HEIGHT = 1600, 2400  # 2:3, what shops ask for
_MARGIN = 150
_TITLE_TOP, _SEA = 380, 1620  # where the title begins and where the waves do, from above
_LONGEST, _LONGEST_OF_MANY = 7, 14  # characters of the title on a line; where that makes more than _MANY lines
_MANY = 5
_LARGEST = 260  # letter size of the title
_LEADING = 1.34  # from one line of the title to the next, in its letter size
_SUBTITLE, _CREATOR = (66, 150, 96), (64, 230, 104)  # letter size, distance from what stands above, line to line
_PALETTES = 7  # how many colour schemes the template knows


@dataclass(frozen=True, slots=True)
class Outline:
    """A line of letters as an SVG path, in pixels from its own baseline's left end."""

    path: Html
    width: float


def cover_image(data: Metadata, title: str, words_from: str, given: Cover | None, style: Style) -> Cover:
    """The picture for the shelf: the publisher's own untouched, or ours, 1600 × 2400 pixels."""
    return given or Cover("cover.png", _raster(cover_svg(data, title, words_from, style)), "image/png")


def cover_svg(data: Metadata, title: str, words_from: str, style: Style) -> str:
    """Our cover as an SVG without any text element. The colour scheme follows from the title."""
    lines = break_title(title, words_from, _LONGEST)
    if len(lines) > _MANY:
        lines = break_title(title, words_from, _LONGEST_OF_MANY)
    lines = tuple(line.strip() for line in lines)
    subtitle = tuple(line.strip() for line in break_title(data.subtitle, words_from, 18))
    creators = tuple("  ".join(filter(None, (creator.name, creator.role))) for creator in data.creators[:4])
    size = _size(lines, _depth(len(subtitle), _SUBTITLE) + _depth(len(creators), _CREATOR))
    return style.render(
        "cover.svg.j2",
        width=WIDTH,
        height=HEIGHT,
        margin=_MARGIN,
        title_top=_TITLE_TOP,
        sea=_SEA,
        leading=_LEADING,
        subtitle_steps=_SUBTITLE[1:],
        creator_steps=_CREATOR[1:],
        palette=hashlib.sha256(title.encode()).digest()[0] % _PALETTES,
        size=size,
        title=[outline(line, size) for line in lines],
        subtitle=[_fitted(line, _SUBTITLE[0]) for line in subtitle],
        series=_fitted(data.series, 54),
        creators=[_fitted(line, _CREATOR[0]) for line in creators],
        publisher=_fitted(data.publisher, 56),
    )


def _depth(lines: int, steps: tuple[int, int, int]) -> int:
    """How far down so many small lines reach."""
    _, first, step = steps
    return first + (lines - 1) * step if lines else 0


def _size(lines: Sequence[str], below: int) -> float:
    """The title's letter size: as large as its widest line allows, and what stands `below` it above the waves."""
    widest = max((outline(line, 100).width for line in lines), default=0)
    across = 100 * (WIDTH - 2 * _MARGIN) / widest if widest else _LARGEST
    down = (_SEA - 60 - _TITLE_TOP - below) / (1 + _LEADING * (len(lines) - 1)) if lines else _LARGEST
    return float(int(min(_LARGEST, across, down)))


def _fitted(words: str, size: float) -> Outline:
    """One line of small letters, smaller still if it would run over the margin."""
    line = outline(words, size)
    room = WIDTH - 2 * _MARGIN
    return line if line.width <= room else outline(words, size * room / line.width)


def outline(words: str, size: float) -> Outline:
    """`words` as one path. A character that the font lacks stands as an empty square (□), never as nothing."""
    font = _font()
    scale, x, parts = size / font.face.upem, 0.0, []
    for character in words:
        glyph = font.get_nominal_glyph(ord(character)) or font.get_nominal_glyph(ord("□"))
        if glyph is None:
            continue
        pen = SVGPathPen(None, ntos=lambda number: f"{number:g}")
        font.draw_glyph_with_pen(glyph, pen)
        place = f"translate({x:g} 0) scale({scale:g} {-scale:g})"
        parts.append(f'<path transform="{place}" d="{pen.getCommands()}"/>')
        x += font.get_glyph_h_advance(glyph) * scale
    return Outline(Html("".join(parts)), x)


@lru_cache(maxsize=1)
def _font() -> Any:
    return hb.Font(hb.Face(_MUPDF.Font("cjk").buffer))


def _raster(svg: str) -> bytes:
    """The drawing as a PNG, by MuPDF itself: `pymupdf.open` would first write the SVG as a PDF, only to test it."""
    core = _MUPDF.mupdf
    drawing = core.fz_open_document_with_buffer("svg", core.fz_new_buffer_from_copied_data(svg.encode()))
    page = core.fz_load_page(drawing, 0)
    space = core.FzColorspace(core.FzColorspace.Fixed_RGB)
    pixels = core.fz_new_pixmap_from_page(page, core.FzMatrix(1, 0, 0, 1, 0, 0), space, 0)
    picture: bytes = _MUPDF.Pixmap("raw", pixels).tobytes("png")
    return picture
