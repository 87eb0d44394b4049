"""A font's twin whose characters are a quarter-em wider: how the gap after a Western word is drawn.

A gap that a PDF only moves over is taken for a word space by programs that read the page back, and a space character
is one. A character that is wider takes the room with it, and nothing stands between it and the next. The twin is a
real font, of the letters and digits that stand before such gaps: its widths in the PDF and in the font file agree.
"""

import copy
from hashlib import md5
from io import BytesIO
from typing import Any

from fontTools.ttLib import TTFont
from weasyprint.pdf.fonts import Font

QUARTER_EM = 250  # 1/1000 em


class WideFont(Font):  # type: ignore[misc]
    """The twin of a font of WeasyPrint's; subset and embedded by it like any other."""

    def __init__(self, font: Font) -> None:  # a twin of what is there, not a font of Pango's
        self.__dict__.update(copy.copy(font).__dict__)
        digest = md5(font.hash.encode() + b"wide", usedforsecurity=False).digest()
        self.hash = "".join(chr(65 + letter % 26) for letter in digest[:6])
        self.name = b"/" + self.hash.encode() + b"+" + font.name.split(b"+", 1)[1] + b"-Wide"
        self.file_content: bytes = font.file_content
        self.widths: dict[int, int] = {}
        self.to_unicode: dict[int, str] = {}
        self.missing: dict[int, int] = {}

    def clean(self, to_unicode: Any, hinting: Any) -> None:
        """Subset, then widen."""
        super().clean(to_unicode, hinting)
        self.file_content = widened(self.file_content, round(QUARTER_EM * self.upem / 1000))


def can_widen(font: Font) -> bool:
    """Whether a font has the outlines that `widened` knows: static OpenType with CFF or TrueType outlines."""
    return not font.bitmap and "fvar" not in font.tables and ("CFF " in font.tables or "glyf" in font.tables)


def widened(content: bytes, units: int) -> bytes:
    """A font file with every advance `units` wider, in hmtx and in CFF charstrings (Type 2: Private's two widths)."""
    font = TTFont(BytesIO(content), recalcTimestamp=False, recalcBBoxes=False, lazy=True)
    metrics = font["hmtx"].metrics
    for name, (advance, bearing) in metrics.items():
        metrics[name] = (advance + units, bearing)
    font["hhea"].advanceWidthMax += units
    if "CFF " in font:
        top = font["CFF "].cff.topDictIndex[0]
        privates = [sub.Private for sub in top.FDArray] if hasattr(top, "FDArray") else [top.Private]
        for private in privates:
            private.defaultWidthX = getattr(private, "defaultWidthX", 0) + units
            private.nominalWidthX = getattr(private, "nominalWidthX", 0) + units
    out = BytesIO()
    font.save(out, reorderTables=None)
    return out.getvalue()
