"""Set text to PDF: one text operator a line, without Pango.

Spreading uses the character spacing of the PDF (Tc), squeezing and single gaps the numbers of the TJ array. Glyph
widths and meanings are told to WeasyPrint's fonts the first time a glyph is shown.
"""

from typing import Any

from weasyprint import draw
from weasyprint.draw import text as draw_module
from weasyprint.text.ffi import pango

from pipeline.typeset.boxes import SetText
from pipeline.typeset.characters import is_han

_STOCK_DRAW = draw_module.draw_text
_OLD_PANGO = 14802  # before it, a font's size is not to be trusted (GNOME/pango #530)
_DOT_RADIUS, _DOT_DEPTH = 0.055, 0.3  # em: 着重号 under the character, CLREQ § 3.3.5


def draw_text(stream: Any, textbox: Any, offset_x: float, text_overflow: str, block_ellipsis: str) -> None:
    """Draw a text box: ours as it was set, any other as WeasyPrint does."""
    text = textbox.pango_layout
    if not isinstance(text, SetText):
        _STOCK_DRAW(stream, textbox, offset_x, text_overflow, block_ellipsis)
        return
    if textbox.style["visibility"] != "visible" or not text.text.strip():
        return
    x, y = textbox.position_x - text.lead, textbox.position_y + textbox.baseline
    stream.set_color(textbox.style["color"])
    stream.begin_text()
    stream.set_text_matrix(1, 0, 0, -1, x, y)
    _show(stream, text)
    stream.end_text()
    if _is_dotted(textbox.style):
        _draw_dots(stream, text, x, y)


def _show(stream: Any, text: SetText) -> None:
    """The glyphs and what stands between them, in runs of one font."""
    paragraph, start, end, squeeze = text.paragraph, text.start, text.end, text.squeeze
    size = text.face.size
    per_mille = 1000 / size
    extra = text.extra
    if extra:
        stream.stream.append(b"%.4f Tc" % extra)
    fonts = _fonts(stream, text.face)
    current, shown = None, ""
    for i in range(start, end):
        glyphs = paragraph.units[i].drawn
        font, font_size = fonts(glyphs)
        if font is not current:
            if shown:
                stream.show_text(f"<{shown}>")
            shown, current = "", font
            stream.set_font_size(font.hash, size if pango.pango_version() < _OLD_PANGO else font_size)
        shown += glyphs.shown
        gap = paragraph.glue[i] - squeeze * paragraph.give[i] if i < end - 1 else 0.0
        if extra:
            count, wanted = len(glyphs.learned), paragraph.grow[i] if i < end - 1 else 0
            if count != wanted:
                gap += extra * (wanted - count)
        if gap:
            shown += f">{-gap * per_mille:.1f}<"
    if shown:
        stream.show_text(f"<{shown}>".replace("<>", ""))
    if extra:
        stream.stream.append(b"0 Tc")


def _fonts(stream: Any, face: Any) -> Any:
    """The PDF's font for a token's glyphs, told of every glyph the first time."""
    known = face.__dict__.setdefault("in_pdf", {})
    told = face.__dict__.setdefault("told", set())
    if known.get("of") is not stream._fonts:  # noqa: SLF001
        known.clear()
        told.clear()
        known["of"] = stream._fonts  # noqa: SLF001

    def font_of(glyphs: Any) -> Any:
        found = known.get(glyphs.font)
        if found is None:
            found = known[glyphs.font] = stream.add_font(face.fonts[glyphs.font])
        if id(glyphs) not in told:
            told.add(id(glyphs))
            for glyph, width, said in glyphs.learned:
                found[0].to_unicode.setdefault(glyph, said)
                found[0].widths.setdefault(glyph, width)
        return found

    return font_of


def _is_dotted(style: Any) -> bool:
    dotted = getattr(style, "zh_dotted", None)
    if dotted is None:
        said = style["__emphasis"] if style.parent_style is not None else None
        dotted = style.zh_dotted = bool(said) and any(getattr(token, "value", "") == "dots" for token in said)
    return dotted


def _draw_dots(stream: Any, text: SetText, x: float, y: float) -> None:
    """着重号: a dot under each Han character, none under marks (GB/T 15834 § 4.12; CLREQ § 3.3.5)."""
    size, paragraph = text.face.size, text.paragraph
    radius, control = _DOT_RADIUS * size, _DOT_RADIUS * size * 0.5523
    with stream.artifact():
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
            x += unit.width + paragraph.glue[i] - text.squeeze * paragraph.give[i] + text.extra * paragraph.grow[i]


REPLACED = ((draw_module, "draw_text", draw_text), (draw, "draw_text", draw_text))
