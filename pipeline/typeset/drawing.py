"""Set text to PDF: one text operator a line, without Pango.

Spreading uses the character spacing of the PDF (Tc), squeezing and single gaps the numbers of the TJ array. Glyph
widths and meanings are told to WeasyPrint's fonts the first time a glyph is shown.
"""

from bisect import bisect_left
from typing import Any

from weasyprint import draw
from weasyprint.draw import text as draw_module
from weasyprint.text.ffi import pango

from pipeline.typeset.blocks import SetLines
from pipeline.typeset.boxes import SetText
from pipeline.typeset.characters import Kind, is_han
from pipeline.typeset.shaping import Face, Glyphs
from pipeline.typeset.wide_font import QUARTER_EM, WideFont, can_widen

_STOCK_DRAW = draw_module.draw_text
_PANGO_IS_OLD = pango.pango_version() < 14802  # then a font's size is not to be trusted (GNOME/pango #530)
# A gap before a Western word is a space glyph in a span that says only the word's first character (PDF 32000-1
# § 14.9.4); a gap after one is the wider twin's (wide_font.py). Left blank, both would be read back as word spaces.
_ACTUAL_TEXT = b"/Span <</ActualText <feff%s>>> BDC"
_UNSEEN = 0.05  # 1/1000 em
_DOT_RADIUS, _DOT_DEPTH = 0.055, 0.3  # em: 着重号 under the character, CLREQ § 3.3.5


def draw_text(stream: Any, textbox: Any, offset_x: float, text_overflow: str, block_ellipsis: str) -> None:
    """Draw a text box: ours as it was set, any other as WeasyPrint does."""
    text = textbox.pango_layout
    if isinstance(text, SetLines):
        _draw_lines(stream, textbox, text)
        return
    if not isinstance(text, SetText):
        _STOCK_DRAW(stream, textbox, offset_x, text_overflow, block_ellipsis)
        return
    if textbox.style["visibility"] != "visible" or not text.text.strip():
        return
    x, y = textbox.position_x - text.lead, textbox.position_y + textbox.baseline
    stream.set_color(textbox.style["color"])
    stream.begin_text()
    stream.stream.append(_matrix(x, y))
    _show(stream, text)
    stream.end_text()
    if _is_dotted(textbox.style):
        _draw_dots(stream, text, x, y)


def _draw_lines(stream: Any, textbox: Any, text: SetLines) -> None:
    """Draw a paragraph's lines."""
    if textbox.style["visibility"] != "visible":
        return
    x, y = textbox.position_x, textbox.position_y + textbox.baseline
    pieces = [
        (SetText(text.face, text.paragraph, line, line.start, line.end, line.lead, extra), x + indent - line.lead)
        for line, indent, extra in text.rows
    ]
    stream.set_color(textbox.style["color"])
    stream.begin_text()
    before = None
    for i, (piece, left) in enumerate(pieces):
        if left == before:  # under the line before: T* is all that needs to be said
            stream.stream.append(b"T*")
        else:
            stream.stream.append(_matrix(left, y + i * text.feed))
            if i + 1 < len(pieces) and before is None:
                stream.stream.append(b"%.4f TL" % text.feed)
        before = left
        _show(stream, piece)
    stream.end_text()
    if _is_dotted(textbox.style):
        for i, (piece, left) in enumerate(pieces):
            _draw_dots(stream, piece, left, y + i * text.feed)


def _matrix(x: float, y: float) -> bytes:
    """The text matrix of a line's beginning; a thousandth of a pixel is more than any press can tell."""
    return f"1 0 0 -1 {x:.3f} {y:.3f} Tm".encode()


def _show(stream: Any, text: SetText) -> None:
    """The glyphs and what stands between them, in runs of one font."""
    if text.extra:
        stream.stream.append(b"%.4f Tc" % text.extra)
    _Setter(stream, text).set()
    if text.extra:
        stream.stream.append(b"0 Tc")


class _Setter:
    """Writes one piece of a line. `shown` is what of the TJ array was not written yet."""

    def __init__(self, stream: Any, text: SetText) -> None:
        self.stream, self.text, self.fonts, self.shown = stream, text, _pdf_fonts(stream, text.face), ""
        self.per_mille = 1000 / text.face.size
        self.tracked = text.extra * self.per_mille

    def set(self) -> None:
        """Plain pieces at once; where a gap, a second font or a Western word stands, unit by unit."""
        text, fonts = self.text, self.fonts
        drawn = [unit.drawn for unit in text.paragraph.units[text.start : text.end]]
        if len(text.face.fonts) > 1 or text.paragraph.spaced(text.start, text.end):
            self._set_units()
            return
        fonts.use(0)
        if not fonts.told.issuperset(drawn):
            for glyphs in drawn:  # in their order: what a PDF says of its fonts must not hang on chance
                fonts.learn(glyphs)
        if not fonts.clashing.isdisjoint(drawn):
            self._set_units()
            return
        shown = [glyphs.head + glyphs.tail for glyphs in drawn]
        last = text.end - 1
        uneven = text.paragraph.uneven
        for i in uneven[bisect_left(uneven, text.start) : bisect_left(uneven, text.end)]:
            at = i - text.start
            shown[at] += _move(self._gap(i, last, len(drawn[at].learned)))
        self.stream.show_text(f"<{''.join(shown)}>".replace("<>", ""))

    def _set_units(self) -> None:
        text, paragraph, fonts = self.text, self.text.paragraph, self.fonts
        units, glue, last, current = paragraph.units, paragraph.glue, text.end - 1, -1
        before = 0.0  # a quarter-em that is still to be set, before a Western word
        for i in range(text.start, text.end):
            glyphs = units[i].drawn
            if glyphs.font != current:
                self._flush()
                current = glyphs.font
                fonts.use(current)
            if glyphs not in fonts.told:
                fonts.learn(glyphs)
            gap = self._gap(i, last, len(glyphs.learned))
            if glyphs in fonts.clashing and not before:
                self._said(units[i].text, glyphs)
                self.shown += _move(gap)
            elif glue[i] <= 0 or i == last:
                word = self._opened(before, glyphs) if before else glyphs.head + glyphs.tail
                self.shown += word + _move(gap)
                before = 0.0
            elif units[i].kind is Kind.WESTERN:
                self._closed(before, glyphs, gap)
                before = 0.0
                fonts.use(current)
            else:
                self.shown += glyphs.head + glyphs.tail
                before = gap if units[i + 1].text[0].isascii() else 0.0
                self.shown += "" if before else _move(gap)
        self._flush()

    def _gap(self, i: int, last: int, count: int) -> float:
        """What stands after unit i, beyond the Tc that follows each of its glyphs."""
        paragraph = self.text.paragraph
        if i == last:
            return -self.tracked * count
        gap = paragraph.gap(i, self.text.line) * self.per_mille
        return gap + self.tracked * (paragraph.grow[i] - count)

    def _said(self, words: str, glyphs: Glyphs) -> None:
        """Write a token whose glyphs the font maps to other characters, in a span that says what it is."""
        self._flush()
        self.stream.stream.append(_ACTUAL_TEXT % words.encode("utf-16-be").hex().encode())
        self.shown = glyphs.head + glyphs.tail
        self._flush()
        self.stream.stream.append(b"EMC")

    def _opened(self, gap: float, glyphs: Glyphs, *, wider: int = 0) -> str:
        """Write a gap and the first glyph of the word after it; return the rest of the word."""
        space = self.text.face.unit(" ")
        word = glyphs.head + glyphs.tail
        if space is None or space.drawn.font != glyphs.font:
            return _move(gap) + word
        blank = space.drawn
        self.fonts.learn(blank, wider=wider)
        self._flush()
        said = glyphs.learned[0][2].encode("utf-16-be").hex().encode()
        self.stream.stream.append(_ACTUAL_TEXT % said)
        self.shown = blank.tail + _move(gap - blank.learned[0][1] - wider - self.tracked) + word[:4]
        self._flush()
        self.stream.stream.append(b"EMC")
        return word[4:]

    def _closed(self, before: float, glyphs: Glyphs, gap: float) -> None:
        """Write a word and the gap after it: its last glyph is the wider twin's."""
        single = not glyphs.head
        if not single:
            head = self._opened(before, glyphs)[: -len(glyphs.tail)] if before else glyphs.head
            self.shown += head
        self._flush()
        wide = self.fonts.use_wide(glyphs)
        tail = self._opened(before, glyphs, wider=wide) if before and single else glyphs.tail
        self.shown += tail + _move(gap - wide)
        self._flush()

    def _flush(self) -> None:
        if self.shown:
            self.stream.show_text(f"<{self.shown}>".replace("<>", ""))
            self.shown = ""


def _move(gap: float) -> str:
    """A number of the TJ array that leaves a gap of so many 1/1000 em."""
    return f">{-gap:.1f}<" if abs(gap) > _UNSEEN else ""


class _PdfFonts:
    """A face's fonts in one PDF, and the tokens whose glyphs they have been told of."""

    def __init__(self, stream: Any, face: Face) -> None:
        self.stream, self.face, self.of = stream, face, stream._fonts  # noqa: SLF001
        self.fonts: dict[int, tuple[Any, float]] = {}
        self.wide: dict[int, Any] = {}
        self.told: set[Glyphs] = set()
        self.clashing: set[Glyphs] = set()  # one glyph for several characters: · and ・, 神 and its compatibility form

    def use(self, number: int) -> None:
        """Make a font current."""
        if number not in self.fonts:
            self.fonts[number] = self.stream.add_font(self.face.fonts[number])
        font, size = self.fonts[number]
        self.stream.set_font_size(font.hash, self.face.size if _PANGO_IS_OLD else size)

    def learn(self, glyphs: Glyphs, *, wider: int = 0) -> None:
        """Tell the font, or its wider twin, what the glyphs of a token mean and how wide they are."""
        font = self.wide[glyphs.font] if wider else self.fonts[glyphs.font][0]
        if not wider:
            self.told.add(glyphs)
        for glyph, width, said in glyphs.learned:
            if font.to_unicode.setdefault(glyph, said) != said:
                self.clashing.add(glyphs)
            font.widths.setdefault(glyph, width + wider)

    def use_wide(self, glyphs: Glyphs) -> int:
        """Make the font's wider twin current for a token's last glyph; how much wider it is, 0 if there is none."""
        number = glyphs.font
        font, size = self.fonts[number]
        if number not in self.wide:
            key = ("wide", font.hash)
            if key not in self.of and can_widen(font):
                self.of[key] = WideFont(font)
            self.wide[number] = self.of.get(key)
        wide = self.wide[number]
        if wide is None:
            return 0
        glyph, width, said = glyphs.learned[-1]
        wide.to_unicode.setdefault(glyph, said)
        wide.widths.setdefault(glyph, width + QUARTER_EM)
        self.stream.set_font_size(wide.hash, self.face.size if _PANGO_IS_OLD else size)
        return QUARTER_EM


def _pdf_fonts(stream: Any, face: Face) -> _PdfFonts:
    """The face's fonts in this PDF; made anew for another."""
    fonts = face.in_pdf
    if fonts is None or fonts.of is not stream._fonts:  # noqa: SLF001
        fonts = face.in_pdf = _PdfFonts(stream, face)
    fonts.stream = stream
    return fonts  # type: ignore[no-any-return]


def _is_dotted(style: Any) -> bool:
    dotted = getattr(style, "zh_dotted", None)
    if dotted is None:
        said = style["__emphasis"] if style.parent_style is not None else None
        dotted = style.zh_dotted = any(getattr(token, "value", "") == "dots" for token in said or ())
    return dotted


def _draw_dots(stream: Any, text: SetText, x: float, y: float) -> None:
    """着重号: a dot under each Han character, none under marks (GB/T 15834 § 4.12; CLREQ § 3.3.5)."""
    size, paragraph = text.face.size, text.paragraph
    radius, control = _DOT_RADIUS * size, _DOT_RADIUS * size * 0.5523
    for i in range(text.start, text.end):
        unit = paragraph.units[i]
        if is_han(unit.text[0]):
            cx, cy = x + unit.width / 2, y + _DOT_DEPTH * size
            stream.move_to(cx + radius, cy)
            for ax, ay, bx, by in ((1, 0, 0, 1), (0, 1, -1, 0), (-1, 0, 0, -1), (0, -1, 1, 0)):
                stream.curve_to(
                    cx + radius * ax + control * bx, cy + radius * ay + control * by,
                    cx + radius * bx + control * ax, cy + radius * by + control * ay,
                    cx + radius * bx, cy + radius * by,
                )  # fmt: skip
            stream.fill()
        x += unit.width + paragraph.gap(i, text.line) + text.extra * paragraph.grow[i]


REPLACED = ((draw_module, "draw_text", draw_text), (draw, "draw_text", draw_text))
