"""Covers for the shelf: the picture of the EPUB as two JPEGs, one for a book's page and one for lists."""

from pathlib import Path
from typing import Any

import pymupdf

from pipeline.catalogue.package import UnreadableError, cover_of

_MUPDF: Any = pymupdf  # it speaks no types
COVER, THUMB = "cover.jpg", "thumb.jpg"
_BOXES = {COVER: (560, 840), THUMB: (300, 450)}
_QUALITY = 78
_MOST_PIXELS = 64_000_000


def of_epub(path: Path) -> dict[str, bytes]:
    """Both pictures of an EPUB's cover; none where it has none that can be read."""
    try:
        data = cover_of(path)
    except UnreadableError:
        return {}
    return pictures(data) if data else {}


def pictures(data: bytes) -> dict[str, bytes]:
    """Both pictures, within their boxes, never enlarged; none where `data` is no picture that MuPDF reads."""
    try:
        whole = _MUPDF.Pixmap(data)
        if not whole.width or not whole.height or whole.width * whole.height > _MOST_PIXELS:
            return {}
        if whole.colorspace is None or whole.colorspace.n != 3 or whole.alpha:
            whole = (
                _MUPDF.Pixmap(_MUPDF.Pixmap(_MUPDF.csRGB, whole), 0)
                if whole.alpha
                else _MUPDF.Pixmap(_MUPDF.csRGB, whole)
            )
        made, source = {}, whole
        for name, (width, height) in _BOXES.items():
            scale = min(1, width / whole.width, height / whole.height)
            size = max(1, round(whole.width * scale)), max(1, round(whole.height * scale))
            source = source if (source.width, source.height) == size else _MUPDF.Pixmap(source, *size, None)
            made[name] = source.tobytes("jpeg", jpg_quality=_QUALITY)
    except (RuntimeError, ValueError, _MUPDF.mupdf.FzErrorBase):
        return {}
    return made
