"""The cover: the publisher's own picture, or one drawn from the title when there is none.

The letters are outlines of the font that PyMuPDF brings with it, so the picture is the same on every machine and needs
no font there. The drawing itself (colours, ornament, places) is styles/templates/cover*.j2; shops and shelves want a
raster, so what goes into the e-book is a PNG of it. The ground, which covers of one colour scheme share, is the dear
part of the drawing: it is drawn once in a process, and each book's own letters upon it.
"""

import hashlib
import struct
import zlib
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
_GROUND = ("cover-ground.svg.j2", "cover-schemes.j2")


@dataclass(frozen=True, slots=True)
class Outline:
    """A line of letters as an SVG path, in pixels from its own baseline's left end."""

    path: Html
    width: float


def cover_image(data: Metadata, title: str, words_from: str, given: Cover | None, style: Style) -> Cover:
    """The picture for the shelf: the publisher's own untouched, or ours, 1600 × 2400 pixels."""
    if given is not None:
        return given
    ground = _ground(palette(title), *(style.templates[name] for name in _GROUND))
    return Cover("cover.png", _png(_drawn(cover_svg(data, title, words_from, style), ground)), "image/png")


def cover_svg(data: Metadata, title: str, words_from: str, style: Style) -> str:
    """What is on our cover, as an SVG without any text element. The colour scheme follows from the title."""
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
        palette=palette(title),
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


def palette(title: str) -> int:
    """Which colour scheme a title has, on the shelf and in print."""
    return hashlib.sha256(title.encode("utf-8", "surrogatepass")).digest()[0] % _PALETTES


@lru_cache(maxsize=_PALETTES)
def _ground(palette: int, *templates: str) -> Any:
    """The ground of a colour scheme as pixels, 11 MB each; never drawn upon."""
    own = Style({}, dict(zip(_GROUND, templates, strict=True)))
    return _drawn(own.render(_GROUND[0], width=WIDTH, height=HEIGHT, sea=_SEA, palette=palette), None)


def sign(svg: str) -> bytes:
    """A small drawing as a PNG; where nothing is drawn, the page shows through."""
    png: bytes = _drawn(svg, None, clear=True).tobytes("png")
    return png


def _drawn(svg: str, ground: Any, *, clear: bool = False) -> Any:
    """A drawing as pixels, by MuPDF itself (`pymupdf.open` would first write the SVG as a PDF, only to test it): upon
    a copy of `ground`, upon white, or upon nothing (`clear`).
    """
    core = _MUPDF.mupdf
    drawing = core.fz_open_document_with_buffer("svg", core.fz_new_buffer_from_copied_data(svg.encode()))
    page = core.fz_load_page(drawing, 0)
    if ground is None:
        space = core.FzColorspace(core.FzColorspace.Fixed_RGB)
        return _MUPDF.Pixmap("raw", core.fz_new_pixmap_from_page(page, core.FzMatrix(), space, int(clear)))
    pixels = _MUPDF.Pixmap(ground, 0)
    device = core.fz_new_draw_device(core.FzMatrix(), pixels.this)
    core.fz_run_page(page, device, core.FzMatrix(), core.FzCookie())
    core.fz_close_device(device)
    return pixels


def _png(pixels: Any) -> bytes:
    """Pixels as a PNG (ISO/IEC 15948) without filters: flat colours need none, and so it is made in two thirds of the
    time that MuPDF takes.
    """
    samples, row = pixels.samples, pixels.stride
    rows = b"".join(b"\0" + samples[at : at + row] for at in range(0, len(samples), row))
    header = struct.pack(">IIBBBBB", pixels.width, pixels.height, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(rows, 6)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in chunks
    )
