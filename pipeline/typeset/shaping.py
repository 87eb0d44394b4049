"""Tokens to glyphs. Each token is shaped by Pango once for each face, and never again for a line."""

from dataclasses import dataclass, replace
from typing import Any

from weasyprint.text import line_break
from weasyprint.text.ffi import FROM_UNITS, ffi, pango

from pipeline.typeset.characters import INTERPUNCTS, NO_END, NO_START, Kind, is_han, is_plain, kind_of, tokens
from pipeline.typeset.paragraph import Unit

_INK_MARGIN = 0.02  # em that must stay between the ink of two squeezed marks
_FULL_WIDTH = 0.9  # em; narrower marks are Western forms and are left alone
_HAN = "一"  # in every font of Chinese
_DOT = "・"
_CENTRED = 0.2  # em of blank on the left of a closing mark: it stands in the middle
_WORD_MEMORY = 20_000  # tokens that a face remembers


@dataclass(slots=True, eq=False)
class Glyphs:
    """A shaped token as the PDF shows it: hexadecimal glyph ids with kerning, as a TJ array has them; the last one
    (`tail`) apart from those before it (`head`).

    `learned` says what each glyph stands for and how wide the font has it: (glyph, width in 1/1000 em, text).
    """

    font: int
    head: str
    tail: str
    learned: tuple[tuple[int, int, str], ...]


class Face:
    """A font at a size and language, as a style asks for it: shapes tokens, remembers them, knows its line's height."""

    def __init__(self, style: Any) -> None:
        self.style = style
        self.size: float = style["font_size"]
        self.fonts: list[Any] = []
        self.interpunct = 1.0 if (style["lang"] or "").startswith("zh-Hant") else 0.5  # em
        self.in_pdf: Any = None  # what drawing.py keeps of the PDF that is being written
        self._index: dict[int, int] = {}
        self._units: dict[str, Unit | None] = {}
        self._layouts: list[Any] = []  # keep Pango's fonts alive
        layout = line_break.Layout(style)
        layout.set_text(" ")  # never a Han character: a subset font may not have it
        line, _ = layout.get_first_line()
        _, self.height = line_break.line_size(line, style)
        self.baseline: float = pango.pango_layout_get_baseline(layout.layout) * FROM_UNITS

    def units(self, text: str) -> list[Unit] | None:
        """The units of a text, or None where something in it is Pango's to set."""
        known = self._units
        found = tokens(text)
        try:
            units = [known[token] for token in found]
        except KeyError:
            units = [self.unit(token) for token in found]
        return None if None in units else units  # type: ignore[return-value]

    def unit(self, token: str) -> Unit | None:
        """A token's unit, shaped the first time it is met."""
        if token not in self._units:
            if len(self._units) > _WORD_MEMORY:
                self._units.clear()
            self._units[token] = self._shape(token)
        return self._units[token]

    def _shape(self, token: str) -> Unit | None:
        kind = kind_of(token)
        if kind is Kind.BREAK:
            return Unit(token, kind, 0.0, self.size, no_start=True)
        shaped = self._interpunct(token) if token in INTERPUNCTS else self._glyphs(token, kind)
        if shaped is None:
            return None
        glyphs, width, ink_left, ink_right = shaped
        em = self.size
        full = width > _FULL_WIDTH * em
        margin = _INK_MARGIN * em
        left, right = _blanks(kind, ink_left - margin, width - ink_right - margin, em) if full else (0.0, 0.0)
        no_start, no_end = token[0] in NO_START, token[-1] in NO_END
        plain = kind is Kind.IDEOGRAPH and not no_start and not no_end and is_plain(token)
        return Unit(token, kind, width, em, left, right, no_start, no_end, plain, glyphs)

    def _interpunct(self, token: str) -> tuple[Glyphs, float, float, float] | None:
        """An interpunct in the middle of its room. Fonts have · in a Western width: the full-width dot stands for it,
        so that its room is its glyph's and no gap, which would be read back as a space.
        """
        shaped = self._glyphs(_DOT, Kind.IDEOGRAPH) or self._glyphs(token, Kind.IDEOGRAPH)
        if shaped is None or shaped[1] < _FULL_WIDTH * self.size:
            return shaped
        glyphs, width, ink_left, ink_right = shaped
        (dot, natural, _), *_ = glyphs.learned
        room = self.interpunct * self.size
        side = round((width - room) / 2 * 1000 / self.size)
        move = f">{side}<" if side else ""
        made = replace(glyphs, tail=f"{move}{glyphs.tail}{move}", learned=((dot, natural, token),))
        return made, room, ink_left - (width - room) / 2, ink_right - (width - room) / 2

    def _glyphs(self, token: str, kind: Kind) -> tuple[Glyphs, float, float, float] | None:
        """Glyphs, width, and where the ink of the last one begins and ends; None if it takes more than one font,
        lacks a glyph, or moves glyphs in a way that a plain TJ array cannot say.

        Marks belong to no script and are shaped after a Han character, as they stand in a book: alone, Pango takes ——
        for Western and has it 1.69 em long, where GB/T 15834 § 4.10 and § 5.1.7 give it the room of two characters.
        """
        before = _HAN if kind is not Kind.WESTERN and kind is not Kind.SPACE and not is_han(token[0]) else ""
        layout = line_break.Layout(self.style)
        layout.set_text(before + token)
        line, _ = layout.get_first_line()
        self._layouts.append(layout)
        run, said, font, infos = line.runs[0], (before + token).encode(), None, []
        skipped = len(before.encode())
        while run != ffi.NULL:
            item, run = run.data, run.next
            if item.item.offset + item.item.length <= skipped:
                continue
            this = self._font(item.item.analysis.font)
            if font not in (None, this) or item.item.analysis.level % 2:
                return None
            font = this
            for i in range(item.glyphs.num_glyphs):
                info, clusters = item.glyphs.glyphs[i], item.glyphs.log_clusters
                odd = info.geometry.x_offset or info.geometry.y_offset
                if odd or info.glyph & pango.PANGO_GLYPH_UNKNOWN_FLAG or info.glyph == pango.PANGO_GLYPH_EMPTY:
                    return None
                start = item.item.offset + clusters[i]
                end = item.item.offset + (item.item.length if i == item.glyphs.num_glyphs - 1 else clusters[i + 1])
                if start < skipped:
                    continue
                infos.append((info.glyph, info.geometry.width * FROM_UNITS, said[start:end].decode()))
        if font is None:
            return None
        return self._as_shown(font, infos)

    def _as_shown(self, font: int, infos: list[tuple[int, float, str]]) -> tuple[Glyphs, float, float, float]:
        ink, logical = ffi.new("PangoRectangle *"), ffi.new("PangoRectangle *")
        per_mille = 1000 / self.size
        head, tail, learned = "", "", []
        for glyph, width, text in infos:
            pango.pango_font_get_glyph_extents(self.fonts[font], glyph, ink, logical)
            natural = round(logical.width * FROM_UNITS * per_mille)
            kern = round(natural - width * per_mille)
            head += tail
            tail = f"{glyph:04x}" + (f">{kern}<" if kern else "")
            learned.append((glyph, natural, text))
        total = sum(width for _, width, _ in infos)
        last = infos[-1][1]
        left = ink.x * FROM_UNITS + total - last
        right = (ink.x + ink.width) * FROM_UNITS + total - last
        return Glyphs(font, head, tail, tuple(learned)), total, left, right

    def _font(self, pango_font: Any) -> int:
        key = int(ffi.cast("uintptr_t", pango_font))
        if key not in self._index:
            self._index[key] = len(self.fonts)
            self.fonts.append(pango_font)
        return self._index[key]


def _blanks(kind: Kind, left: float, right: float, em: float) -> tuple[float, float]:
    """What a full-width mark has to give on each side, of the blanks that its ink leaves: half an em where the blank
    is all on one side, a quarter on each where the mark is centred, as pause and stop marks are in Taipei and
    Hong Kong (CLREQ § 3.1.6, the same as the fonts' own halves, OpenType `halt`).
    """
    if kind is Kind.OPENING:
        return max(min(em / 2, left), 0.0), 0.0
    if kind is not Kind.CLOSING:
        return 0.0, 0.0
    if left > _CENTRED * em:
        side = max(min(em / 4, left, right), 0.0)
        return side, side
    return 0.0, max(min(em / 2, right), 0.0)


def face_of(style: Any) -> Face:
    """The face that a style asks for; kept with its font configuration, so that books do not share."""
    face = getattr(style, "zh_face", None)
    if face is None:
        faces = style.font_config.__dict__.setdefault("zh_faces", {})
        key = (line_break._font_style_cache_key(style), style["font_size"])  # noqa: SLF001
        face = faces.get(key)
        if face is None:
            face = faces[key] = Face(style)
        style.zh_face = face
    return face
