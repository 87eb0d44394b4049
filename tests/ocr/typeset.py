"""Set a manuscript in pages: lines with kinsoku and justification, running heads, folios, notes, contents.

A small compositor of our own, because the truth needs what a layout engine keeps to itself: which character ends
each page. Units are pixels at 300 dots per inch. It is no model of good Chinese typography (that is the press's own
work); it makes pages that look like an ordinary small book.
"""

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from tests.ocr.faces import Face
from tests.ocr.manuscript import Block, Manuscript

DPI = 300
CLOSERS = frozenset("，。、；：？！）》〉」』】〕］”’…—·,.;:?!)]")
OPENERS = frozenset("（《〈「『【〔［“‘([")
MARK = "\ue000"  # stands for a page note's mark until the page is known
UNIT = re.compile(r"——|……|[A-Za-z0-9.%@/:'&\-]+|.", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Glyph:
    char: str
    x: float
    size: int
    face: str
    rise: int = 0


@dataclass(frozen=True, slots=True)
class Line:
    """One set line. `block` counts in the manuscript (-1: furniture), [start, end) is its part of that block's text."""

    text: str
    glyphs: tuple[Glyph, ...]
    height: int
    role: str
    block: int = -1
    start: int = 0
    end: int = 0
    notes: tuple[str, ...] = ()
    before: int = 0
    keep: int = 0
    new_page: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """Lines with their y, the folio's number (None on unnumbered pages) and ruled lines (x0, y0, x1, y1)."""

    lines: tuple[tuple[int, Line], ...]
    number: int | None
    front: bool = False
    rules: tuple[tuple[int, int, int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Setting:
    """How the book is set, read from the manuscript's `= key: value` lines."""

    size: int  # of the body type, pixels
    measure: int  # characters to a line
    depth: int  # lines to a page
    leading: float
    face: str
    bold: str
    kai: str
    folio: str  # with % for the number
    head: str  # none | title-chapter | chapter-section
    head_folio: bool  # the folio stands in the head line
    notes: str  # page | chapter
    chapter_page: bool
    leader: str
    contents: bool
    front: bool

    @property
    def width(self) -> int:
        return self.size * self.measure

    @property
    def pitch(self) -> int:
        return round(self.size * self.leading)

    @property
    def height(self) -> int:
        return self.pitch * self.depth

    @property
    def margin(self) -> int:
        return round(self.size * 3.2)

    @property
    def top(self) -> int:
        return round(self.size * 4.5)

    @property
    def sheet(self) -> tuple[int, int]:
        return self.width + 2 * self.margin, self.height + self.top + round(self.size * 4.5)


def setting_of(book: Manuscript) -> Setting:
    """The settings, with the defaults of an ordinary 32mo book."""
    hant = "Hant" in book.get("language", "zh-Hans")
    return Setting(
        size=round(float(book.get("size", "10.5")) * DPI / 72),
        measure=int(book.get("measure", "27")),
        depth=int(book.get("depth", "26")),
        leading=float(book.get("leading", "1.6")),
        face=book.get("face", "song-tc" if hant else "song-sc"),
        bold=book.get("bold", "bold-tc" if hant else "bold-sc"),
        kai=book.get("kai", "song-tc" if hant else "kai-sc"),
        folio=book.get("folio", "%"),
        head=book.get("head", "title-chapter"),
        head_folio=book.get("head-folio") == "yes",
        notes=book.get("notes", "page"),
        chapter_page=book.get("chapter-page", "yes") == "yes",
        leader=book.get("leader", "…"),
        contents=book.get("contents", "yes") == "yes",
        front=book.get("front", "yes") == "yes",
    )


@dataclass(frozen=True, slots=True)
class _Token:
    text: str
    at: int  # offset after the token in the block's text
    advance: float
    size: int
    rise: int = 0
    note: str | None = None


def compose(
    text: str,
    setting: Setting,
    *,
    role: str,
    block: int = -1,
    size: int = 0,
    face: str = "",
    first: float = 0,
    rest: float = 0,
    right: float = 0,
    align: str = "justify",
    notes: Sequence[tuple[int, str, str]] = (),
) -> list[Line]:
    """Break `text` into lines. `first`, `rest` and `right` are indents in body ems; notes are (offset, mark, text)."""
    size = size or setting.size
    face = face or setting.face
    width = setting.width - right * setting.size
    tokens = _tokens(text, size, face, notes)
    lines: list[Line] = []
    start = 0
    for number, row in enumerate(_rows(tokens, width, first * setting.size, rest * setting.size)):
        indent = (first if number == 0 else rest) * setting.size
        last = row[-1] is tokens[-1]
        used = sum(token.advance for token in row)
        gap = 0.0
        x = indent
        if align == "centre":
            x = (setting.width - used) / 2
        elif align == "right":
            x = width - used
        elif not last and len(row) > 1:
            gap = max(0.0, (width - indent - used) / (len(row) - 1))
        glyphs: list[Glyph] = []
        for token in row:
            run = x
            for char in token.text:
                glyphs.append(Glyph(char, setting.margin + run, token.size, face, token.rise))
                run += Face.of(face).advance(char, token.size)
            x += token.advance + gap
        lines.append(
            Line(
                text="".join(token.text for token in row),
                glyphs=tuple(glyphs),
                height=round(size * setting.leading),
                role=role,
                block=block,
                start=start,
                end=row[-1].at,
                notes=tuple(token.note for token in row if token.note is not None),
            )
        )
        start = row[-1].at
    return lines


def _tokens(text: str, size: int, face: str, notes: Sequence[tuple[int, str, str]]) -> list[_Token]:
    font = Face.of(face)
    tokens: list[_Token] = []
    waiting = list(notes)
    small = round(size * 0.65)

    def calls(upto: int) -> None:
        while waiting and waiting[0][0] <= upto:
            at, mark, body = waiting.pop(0)
            shown = "①" if mark == MARK else mark
            advance = sum(font.advance(char, small) for char in shown)
            tokens.append(_Token(mark, at, advance, small, round(size * 0.28), body))

    bounds = {note[0] for note in notes}
    for found in UNIT.finditer(text):
        pieces = [found[0]]
        cut = next((bound for bound in bounds if found.start() < bound < found.end()), None)
        if cut is not None:
            pieces = [found[0][: cut - found.start()], found[0][cut - found.start() :]]
        at = found.start()
        for piece in pieces:
            calls(at)
            at += len(piece)
            tokens.append(_Token(piece, at, sum(font.advance(char, size) for char in piece), size))
    calls(len(text))
    return tokens


def _closes(token: _Token) -> bool:
    return token.note is not None or token.text[0] in CLOSERS


def _rows(tokens: list[_Token], width: float, first: float, rest: float) -> Iterator[list[_Token]]:
    row: list[_Token] = []
    x = first
    hung = False
    for token in tokens:
        if x + token.advance <= width + 0.5 or not row:
            row.append(token)
            x += token.advance
            continue
        if _closes(token) and not hung and token.advance <= token.size * 1.1:
            row.append(token)
            hung = True
            continue
        carried: list[_Token] = []
        while len(row) > 1 and (
            (_closes(token) and not carried) or row[-1].text[-1] in OPENERS or (carried and _closes(carried[0]))
        ):
            carried.insert(0, row.pop())
        yield row
        row = [*carried, token]
        x = rest + sum(item.advance for item in row)
        hung = False
    if row:
        yield row


def set_block(number: int, block: Block, setting: Setting, marks: Sequence[str]) -> list[Line]:
    """The lines of one block, with the space before it and what must stay together."""
    notes = [(note.at, mark, note.text) for note, mark in zip(block.notes, marks, strict=True)]
    match block.kind:
        case "heading":
            return _set_heading(number, block, setting)
        case "para":
            return compose(block.text, setting, role="para", block=number, first=2, notes=notes)
        case "item":
            return compose(block.text, setting, role="item", block=number, first=2, rest=2, notes=notes)
        case "quote":
            lines = compose(
                block.text, setting, role="quote", block=number, face=setting.kai, first=4, rest=2, right=2, notes=notes
            )
            return _spaced(lines, setting, 0.4)
        case "epigraph":
            return compose(block.text, setting, role="epigraph", block=number, face=setting.kai, first=8, rest=8)
        case "sign":
            return compose(block.text, setting, role="sign", block=number, right=2, align="right")
        case "centre":
            return _spaced(compose(block.text, setting, role="centre", block=number, align="centre"), setting, 0.5)
        case "verse":
            return _set_verse(number, block, setting)
        case "figure":
            return _set_figure(number, block, setting)
        case "table":
            return _set_table(number, block, setting)
        case "box":
            return _set_box(number, block, setting)
    raise ValueError(block.kind)


def _spaced(lines: list[Line], setting: Setting, ems: float) -> list[Line]:
    return [replace(lines[0], before=round(setting.size * ems)), *lines[1:]] if lines else lines


def _set_heading(number: int, block: Block, setting: Setting) -> list[Line]:
    scale = {1: 1.5, 2: 1.25, 3: 1.08}.get(block.level, 1.0)
    size = round(setting.size * scale)
    face = setting.bold if block.level <= 3 else setting.face
    bounds = [0, *block.breaks, len(block.text)]
    lines: list[Line] = []
    for start, end in itertools.pairwise(bounds):
        part = block.text[start:end]
        centred = block.level <= 2
        set_ = compose(
            part,
            setting,
            role="heading",
            block=number,
            size=size,
            face=face,
            first=0 if centred else 2,
            align="centre" if centred else "left",
        )
        lines += [replace(line, start=line.start + start, end=line.end + start) for line in set_]
    if block.sub:
        lines += compose(block.sub, setting, role="subtitle", block=number, face=setting.kai, align="centre")
    before = {1: 2.0, 2: 1.2, 3: 0.5}.get(block.level, 0.2)
    lines = [replace(line, keep=setting.pitch * 3) for line in lines]
    lines[0] = replace(lines[0], new_page=block.level == 1 and setting.chapter_page)
    lines[-1] = replace(lines[-1], height=lines[-1].height + round(setting.size * before / 3))
    return _spaced(lines, setting, before)


def _set_verse(number: int, block: Block, setting: Setting) -> list[Line]:
    longest = max(len(line) for line in block.lines)
    indent = max(2.0, min(6.0, (setting.measure - longest) / 2))
    lines: list[Line] = []
    gap = 0.4
    for verse in block.lines:
        if not verse:
            gap = 0.9
            continue
        rows = compose(verse, setting, role="verse", block=number, face=setting.kai, first=indent, rest=indent + 1)
        lines += _spaced(rows, setting, gap) if gap else rows
        gap = 0
    return lines


def _set_figure(number: int, block: Block, setting: Setting) -> list[Line]:
    picture = Line("", (), setting.pitch * 7, "picture", number, before=setting.size, keep=setting.pitch * 2)
    caption = compose(
        block.text, setting, role="caption", block=number, size=round(setting.size * 0.86), align="centre"
    )
    return [picture, *caption]


def _set_table(number: int, block: Block, setting: Setting) -> list[Line]:
    small = round(setting.size * 0.9)
    lines: list[Line] = []
    if block.text:
        lines = _spaced(
            compose(block.text, setting, role="caption", block=number, size=small, face=setting.bold, align="centre"),
            setting,
            0.8,
        )
        lines = [replace(line, keep=setting.pitch * len(block.rows)) for line in lines]
    columns = max(len(row) for row in block.rows)
    need = [max(len(row[col]) for row in block.rows if col < len(row)) + 1.5 for col in range(columns)]
    stretch = max(1.0, (setting.measure - 1) / sum(need))
    for row in block.rows:
        x = setting.margin + 0.5 * setting.size
        glyphs: list[Glyph] = []
        for col, cell in enumerate(row):
            run = x + 0.4 * setting.size
            for char in cell:
                glyphs.append(Glyph(char, run, small, setting.face))
                run += Face.of(setting.face).advance(char, small)
            x += need[col] * stretch * small
        lines.append(Line("\t".join(row), tuple(glyphs), setting.pitch, "table", number))
    return lines


def _set_box(number: int, block: Block, setting: Setting) -> list[Line]:
    small = round(setting.size * 0.93)
    lines: list[Line] = []
    if block.label:
        lines += compose(f"【{block.label}】", setting, role="box", block=number, face=setting.bold, first=1)
    if block.text:
        lines += compose(block.text, setting, role="box", block=number, face=setting.bold, align="centre")
    lines = [replace(line, keep=setting.pitch * 2) for line in lines]
    for paragraph in block.lines:
        lines += compose(
            paragraph, setting, role="box", block=number, size=small, face=setting.kai, first=3, rest=1, right=1
        )
    return _spaced(lines, setting, 1.0)


def note_lines(mark: str, text: str, setting: Setting) -> list[Line]:
    """A note as it stands at the foot of a page or the end of a chapter."""
    small = round(setting.size * 0.8)
    return compose(f"{mark}{text}", setting, role="note", size=small, first=0, rest=1.2)
