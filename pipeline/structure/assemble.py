"""Marks to Book: the only place that builds a tree. It takes any marks, and what it builds is lawful.

The lines are cut into segments (a line, or the part of one from a mark to the next), the segments into leaves, and the
leaves are laid into blocks in reading order. No character is changed, none is left out: what no rule spoke of is a
paragraph, blanks at the ends of lines are markup, and lines of blanks alone are unprinted. There is no recursion, so
that no text can dig too deep.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from pipeline.book import (
    Block,
    Book,
    Box,
    Cell,
    Emphasis,
    EmphasisKind,
    Figure,
    Inline,
    Inlines,
    List,
    ListItem,
    Markup,
    Metadata,
    Note,
    NoteRef,
    PageBreak,
    Paragraph,
    ParagraphStyle,
    Quote,
    QuoteKind,
    Section,
    SectionKind,
    Separator,
    Span,
    Table,
    Text,
    Unprinted,
    UnprintedKind,
    Verse,
    WordSpace,
)
from pipeline.pages import Page
from pipeline.structure import sentence
from pipeline.structure.rule import Mark, Role

DEEPEST = 6  # EPUB and HTML know six levels of headings; what lies deeper is set as the sixth
INDENT, CELL, HEADER_CELL, NUMBER, LAST = "缩进", "cell", "header", "number", "last"
PIECES = frozenset({Role.NOTE_REF, Role.STRONG, Role.MARKUP})
_UNPRINTED = {
    Role.HALF_TITLE: UnprintedKind.HALF_TITLE,
    Role.TITLE_PAGE: UnprintedKind.TITLE_PAGE,
    Role.SERIES: UnprintedKind.SERIES,
    Role.CIP: UnprintedKind.CIP,
    Role.COLOPHON: UnprintedKind.COLOPHON,
    Role.CONTENTS: UnprintedKind.CONTENTS,
    Role.REMNANT: UnprintedKind.REMNANT,
}
_STYLES = {
    Role.PARAGRAPH: ParagraphStyle.BODY,
    Role.SALUTATION: ParagraphStyle.SALUTATION,
    Role.SIGNATURE: ParagraphStyle.SIGNATURE,
    Role.DATE: ParagraphStyle.DATE,
    Role.CENTRED: ParagraphStyle.CENTRED,
    Role.SOURCE: ParagraphStyle.SOURCE,
}
_QUOTES = {Role.QUOTE: QuoteKind.QUOTATION, Role.EPIGRAPH: QuoteKind.EPIGRAPH, Role.DEDICATION: QuoteKind.DEDICATION}
_PLAIN = frozenset({Role.PARAGRAPH, Role.CONTINUATION})
_ASIDE = frozenset({Role.NOTE, Role.NOTE_MORE, Role.FIGURE, Role.CAPTION, Role.REMNANT})
_KINDS = {kind.value: kind for kind in SectionKind}
_DEFAULT = Mark(-1, Role.PARAGRAPH, "没有规则认领，按段落排")


class Segment(NamedTuple):
    """A line, or the part of one, that has one role."""

    line: int
    start: int
    end: int
    mark: Mark


# ---------------------------------------------------------------- what is being built


@dataclass(slots=True)
class _Run:
    """Inlines that may still grow: a paragraph, a list item, a caption. `style` None stands for no paragraph."""

    leaves: list[Inline] = field(default_factory=list)
    style: ParagraphStyle = ParagraphStyle.BODY

    def freeze(self) -> Paragraph:
        return Paragraph(_merged(self.leaves), self.style)


@dataclass(slots=True)
class _VerseRun:
    lines: list[list[Inline]]


@dataclass(slots=True)
class _QuoteRun:
    kind: QuoteKind
    runs: list[_Run]


@dataclass(slots=True)
class _ListRun:
    items: list[_Run]


@dataclass(slots=True)
class _TableRun:
    rows: list[list[tuple[list[Inline], bool]]] = field(default_factory=list)
    before: list[Inline] = field(default_factory=list)  # markup that stood before the first cell
    caption: list[Inline] = field(default_factory=list)


@dataclass(slots=True)
class _FigureRun:
    file: Markup | None
    caption: list[Inline] = field(default_factory=list)


@dataclass(slots=True)
class _BoxRun:
    label: list[Inline] = field(default_factory=list)
    title: list[Inline] = field(default_factory=list)
    blocks: list["_Open"] = field(default_factory=list)


@dataclass(slots=True)
class _SectionRun:
    level: int
    kind: SectionKind
    title: list[Inline] = field(default_factory=list)
    subtitle: list[Inline] = field(default_factory=list)
    blocks: list["_Open"] = field(default_factory=list)
    children: list[Section] = field(default_factory=list)


@dataclass(slots=True)
class _NoteRun:
    id: str
    mark: str
    leaves: list[list[Inline]]
    printed: Markup | None = None


_Open = _Run | _VerseRun | _QuoteRun | _ListRun | _TableRun | _FigureRun | _BoxRun | Unprinted | Separator | PageBreak


# ---------------------------------------------------------------- the whole


def assemble(
    lines: Sequence[str], pages: Sequence[Page], marks: Iterable[Mark], *, metadata: Metadata, lang: str
) -> Book:
    """The Book that `marks` make of `lines`. Marks that do not fit (overlaps, unknown lines) are passed over."""
    return _Assembly(lines, pages, marks).book(metadata, lang)


class _Assembly:
    """One run of the assembly: segments go in, in reading order; the book comes out."""

    def __init__(self, lines: Sequence[str], pages: Sequence[Page], marks: Iterable[Mark]) -> None:
        self._lines = lines
        self._breaks = list(reversed(_page_breaks(pages)))
        self._opened, self._within, self._pieces = _cut(lines, marks)
        self._referred = {p.value for found in self._pieces.values() for p in found if p.role is Role.NOTE_REF}
        self._anchors: dict[str, int] = {}
        self._note_anchors: dict[str, str] = {}
        self._front: list[Unprinted] = []
        self._done: list[Section] = []
        self._stack: list[_SectionRun] = []
        self._box: _BoxRun | None = None
        self._notes: list[_NoteRun] = []
        self._last: Role | None = None  # the role of the last segment that was laid
        self._paragraph: list[Inline] | None = None  # where a continuation goes
        self._note: _NoteRun | None = None

    def book(self, metadata: Metadata, lang: str) -> Book:
        self._anchor_notes()
        for line, text in enumerate(self._lines):
            if line in self._within:
                for segment in self._segments(line):
                    self._lay(segment)
            else:
                self._lay(Segment(line, 0, len(text), self._opened.get(line, _DEFAULT)))
        self._turn_pages(len(self._lines) + 1, None)
        while self._stack:
            self._close()
        return Book(metadata, lang, tuple(self._front), tuple(self._done), tuple(map(self._frozen_note, self._notes)))

    # ------------------------------------------------------------ one segment

    def _lay(self, segment: Segment) -> None:
        line, start, end, mark = segment
        role = mark.role
        text = self._lines[line][start:end]
        if not text or text.isspace():
            self._blank(segment)
            return
        if role in _PLAIN and self._lay_plain(segment):  # the case of most lines
            return
        if role in _UNPRINTED:
            self._unprinted(segment, _UNPRINTED[role])
        elif role is Role.HEADING:
            self._heading(segment)
        elif role is Role.NOTE or (role is Role.NOTE_MORE and self._note is not None):
            self._lay_note(segment)
        elif not self._goes_on(segment):
            self._open_block(segment)
        if role is Role.SOURCE and segment.mark.value == LAST:
            self._box = None  # a box ends with the line that names its source
        if role not in _ASIDE:
            self._last = role

    def _lay_plain(self, segment: Segment) -> bool:
        """Lay a line that opens a paragraph, or goes on with what is open; False where nothing is."""
        line, role = segment.line, segment.mark.role
        due = self._breaks and self._breaks[-1][0] <= line
        if role is Role.PARAGRAPH:
            if due:
                self._turn_pages(line, None)
            self._paragraph = self._leaves(segment)
            self._append(_Run(self._paragraph))
        elif self._paragraph is None:
            return False
        else:
            if due:
                self._turn_pages(line, self._paragraph)
            _join(self._paragraph, self._leaves(segment))
        self._last = role
        return True

    def _blank(self, segment: Segment) -> None:
        """Blanks of a line that has nothing else: they close a verse or a quotation, and are kept unprinted."""
        text = self._lines[segment.line][segment.start : segment.end]
        if self._last in (Role.VERSE, Role.LIST_ITEM, Role.TABLE_ROW) and not text:
            self._last = None
        if text:
            leaf = Text(text, (Span(segment.line, segment.start, segment.end),))
            self._append(Unprinted(UnprintedKind.INDENT, (leaf,), "只有空白的行"))

    def _unprinted(self, segment: Segment, kind: UnprintedKind) -> None:
        text = self._lines[segment.line][segment.start : segment.end]
        leaf = Text(text, (Span(segment.line, segment.start, segment.end),))
        into = self._blocks() if self._stack else self._front
        breaks = self._due(segment.line)
        if into and isinstance(into[-1], Unprinted) and into[-1].kind is kind and len(into[-1].leaves) < 64:
            into[-1] = replace(into[-1], leaves=(*into[-1].leaves, *breaks, leaf))
        else:
            into.append(Unprinted(kind, (*breaks, leaf), segment.mark.why))

    def _heading(self, segment: Segment) -> None:
        self._box = self._note = None
        level = max(1, segment.mark.level)
        while self._stack and self._stack[-1].level >= level:
            self._close()
        while len(self._stack) >= DEEPEST:
            self._close()
        breaks = self._due(segment.line)
        run = _SectionRun(level, _kind(segment.mark, len(self._stack) + 1))
        self._stack.append(run)
        run.title += [*breaks, *self._leaves(segment)]
        self._paragraph = run.title

    def _lay_note(self, segment: Segment) -> None:
        mark = segment.mark
        if mark.role is Role.NOTE:
            if _note_id(mark) not in self._referred:  # nothing leads to it: it stays where a reader meets it
                self._open_block(segment._replace(mark=mark._replace(role=Role.PARAGRAPH)))
                self._note = None
                return
            leaves = self._leaves(segment)
            note = _NoteRun(_note_id(mark), mark.value, [leaves])
            at = next((n for n, leaf in enumerate(leaves) if not (isinstance(leaf, Markup) and leaf.why == INDENT)), 0)
            if leaves and isinstance(leaves[at], Markup):
                printed = leaves.pop(at)
                note.printed = printed if isinstance(printed, Markup) else None
            self._notes.append(note)
            self._note = note
        elif self._note is not None:
            _join(self._note.leaves[-1], self._leaves(segment))

    def _goes_on(self, segment: Segment) -> bool:
        """Lay the segment as the continuation of what came before, where its role and place allow."""
        role = segment.mark.role
        section = self._stack[-1] if self._stack else None
        if role is Role.HEADING_MORE and section is not None and not section.blocks and not section.children:
            if section.subtitle:
                return False
            number = bool(re.fullmatch(r"\s*\S{1,8}\s*", "".join(x.text for x in section.title if isinstance(x, Text))))
            self._turn_pages(segment.line, section.title)
            _join(section.title, self._leaves(segment), space=number and segment.mark.value == NUMBER)
            return True
        if role is Role.SUBTITLE and section is not None and not section.blocks and not section.children:
            self._turn_pages(segment.line, section.subtitle)
            _join(section.subtitle, self._leaves(segment))
            self._paragraph = section.subtitle
            return True
        if role is Role.BOX_TITLE and self._box is not None and not self._box.blocks:
            self._turn_pages(segment.line, self._box.title)
            _join(self._box.title, self._leaves(segment))
            return True
        if role is Role.CAPTION:
            return self._caption(segment)
        return False

    def _caption(self, segment: Segment) -> bool:
        blocks = self._blocks()
        at = len(blocks) - 1
        while at >= 0 and isinstance(blocks[at], Unprinted | PageBreak):
            at -= 1
        block = blocks[at] if at >= 0 else None
        if not isinstance(block, _FigureRun | _TableRun) or block.caption:
            return False
        self._turn_pages(segment.line, block.caption)
        block.caption += self._leaves(segment)
        return True

    def _open_block(self, segment: Segment) -> None:
        role = segment.mark.role
        if role is Role.BOX_END:
            self._box = None
            role = Role.PARAGRAPH
        self._turn_pages(segment.line, None)
        leaves = self._leaves(segment)
        if role is Role.BOX:
            self._box = None
            box = _BoxRun(label=leaves)
            self._append(box)
            self._box = box
            self._paragraph = box.label
        elif role is Role.FIGURE:
            text = self._lines[segment.line][segment.start : segment.end]
            span = Span(segment.line, segment.start, segment.end)
            self._append(_FigureRun(Markup(text, (span,), segment.mark.why)))
        elif role is Role.CAPTION:
            self._append(_FigureRun(None, leaves))
        elif role is Role.SEPARATOR:
            text = self._lines[segment.line][segment.start : segment.end]
            self._append(Separator(Markup(text, (Span(segment.line, segment.start, segment.end),), segment.mark.why)))
            self._paragraph = None
        else:
            self._flow(role, leaves, segment.mark)

    def _flow(self, role: Role, leaves: list[Inline], mark: Mark) -> None:
        """Running text: a paragraph of some style, or the next piece of a verse, quotation, list or table."""
        blocks = self._blocks()
        last = blocks[-1] if blocks else None
        if role is Role.VERSE:
            if isinstance(last, _VerseRun) and self._last is Role.VERSE:
                last.lines.append(leaves)
            else:
                self._append(_VerseRun([leaves]))
            self._paragraph = leaves
        elif role in _QUOTES:
            run = _Run(leaves)
            if isinstance(last, _QuoteRun) and last.kind is _QUOTES[role]:
                last.runs.append(run)
            else:
                self._append(_QuoteRun(_QUOTES[role], [run]))
            self._paragraph = leaves
        elif role is Role.LIST_ITEM:
            run = _Run(leaves)
            if isinstance(last, _ListRun):
                last.items.append(run)
            else:
                self._append(_ListRun([run]))
            self._paragraph = leaves
        elif role is Role.TABLE_ROW:
            if not (isinstance(last, _TableRun) and self._last is Role.TABLE_ROW):
                last = _TableRun()
                self._append(last)
            self._row(last, leaves, mark)
        else:
            style = ParagraphStyle.CENTRED if role is Role.SUBTITLE else _STYLES.get(role, ParagraphStyle.BODY)
            self._append(_Run(leaves, style))
            self._paragraph = leaves

    @staticmethod
    def _row(table: _TableRun, leaves: list[Inline], mark: Mark) -> None:
        """The cells of a row: a new one begins at each piece of markup whose `why` says so."""
        cells: list[tuple[list[Inline], bool]] = []
        for leaf in leaves:
            opens = isinstance(leaf, Markup) and leaf.why in (CELL, HEADER_CELL)
            if opens or (not cells and not isinstance(leaf, Markup)):
                cells.append(
                    ([leaf], (isinstance(leaf, Markup) and leaf.why == HEADER_CELL) or mark.value == HEADER_CELL)
                )
            elif cells:
                cells[-1][0].append(leaf)
            elif table.rows:
                table.rows[-1][-1][0].append(leaf)
            else:
                table.before.append(leaf)
        if cells:
            if table.before:
                cells[0] = ([*table.before, *cells[0][0]], cells[0][1])
                table.before = []
            table.rows.append(cells)

    # ------------------------------------------------------------ places

    def _blocks(self) -> list[_Open]:
        """Where the next block goes; text before the first heading gets a section without one."""
        if self._box is not None:
            return self._box.blocks
        if not self._stack:
            self._stack.append(_SectionRun(1, SectionKind.TEXT))
        return self._stack[-1].blocks

    def _append(self, block: _Open) -> None:
        if isinstance(block, Unprinted) and not self._stack:
            self._front.append(block)
        else:
            self._blocks().append(block)

    def _due(self, line: int) -> list[PageBreak]:
        """The page breaks that stand at or before this line and have not been set yet."""
        due: list[PageBreak] = []
        while self._breaks and self._breaks[-1][0] <= line:
            due.append(self._breaks.pop()[1])
        return due

    def _turn_pages(self, line: int, into: list[Inline] | None) -> None:
        """Set the page breaks that are due: within a run that goes on over them, or between blocks."""
        for turned in self._due(line):
            if into is not None:
                into.append(turned)
            elif self._stack:
                self._blocks().append(turned)
            elif self._front:
                self._front[-1] = replace(self._front[-1], leaves=(*self._front[-1].leaves, turned))
            elif line <= len(self._lines):
                self._blocks().append(turned)

    def _segments(self, line: int) -> Iterator[Segment]:
        """The parts of a line, from one mark to the next."""
        marks = self._within.get(line, {})
        starts = sorted(marks)
        end = starts[0] if starts else len(self._lines[line])
        yield Segment(line, 0, end, self._opened.get(line, _DEFAULT))
        for start, stop in zip(starts, [*starts[1:], len(self._lines[line])], strict=False):
            yield Segment(line, start, stop, marks[start])

    # ------------------------------------------------------------ leaves

    def _leaves(self, segment: Segment) -> list[Inline]:
        """The segment as inlines: blanks at its ends as markup, pieces in their own leaves, the rest as text."""
        line, text = segment.line, self._lines[segment.line]
        pieces = self._pieces.get(line, ())
        if (
            not pieces
            and not segment.start
            and segment.end == len(text)
            and not (text[0].isspace() or text[-1].isspace())
        ):
            return [Text(text, (Span(line, 0, segment.end),))]  # the case of most lines
        whole = text[segment.start : segment.end]
        first = segment.start + len(whole) - len(whole.lstrip())
        last = segment.end - (len(whole) - len(whole.rstrip()))
        leaves: list[Inline] = []
        if first > segment.start:
            leaves.append(Markup(text[segment.start : first], (Span(line, segment.start, first),), INDENT))
        if pieces:
            leaves += self._inner(line, first, last, pieces)
        elif last > first:
            leaves.append(Text(text[first:last], (Span(line, first, last),)))
        if segment.end > last:
            leaves.append(Markup(text[last : segment.end], (Span(line, last, segment.end),), "行末空白"))
        return leaves

    def _inner(self, line: int, start: int, end: int, pieces: Sequence[Mark]) -> list[Inline]:
        """Columns [start, end) as text and pieces. Pieces that reach beyond, or overlap, are passed over."""
        text = self._lines[line]
        leaves: list[Inline] = []
        at, number = start, 0
        while number < len(pieces):
            piece = pieces[number]
            stop = end if piece.end is None else piece.end
            number += 1
            if piece.start < at or stop > end:
                continue
            inside = number
            if piece.role is Role.STRONG:
                while inside < len(pieces) and pieces[inside].start < stop:
                    inside += 1
            leaf = self._leaf(line, piece, stop, pieces[number:inside])
            if leaf is None:
                continue
            if piece.start > at:
                leaves.append(Text(text[at : piece.start], (Span(line, at, piece.start),)))
            leaves.append(leaf)
            at, number = stop, inside
        if end > at:
            leaves.append(Text(text[at:end], (Span(line, at, end),)))
        return leaves

    def _leaf(self, line: int, piece: Mark, stop: int, inside: Sequence[Mark]) -> Inline | None:
        """One piece as an inline; None where it says nothing (no columns, no such note)."""
        spans = (Span(line, piece.start, stop),) if stop > piece.start else ()
        if piece.role is Role.NOTE_REF and piece.value in self._note_anchors:
            return NoteRef(self._note_anchors[piece.value], self._note_mark(piece.value), spans, placed=not spans)
        if piece.role is Role.MARKUP and spans:
            return Markup(self._lines[line][piece.start : stop], spans, piece.value or piece.why)
        if piece.role is Role.STRONG and spans:
            plain = [mark for mark in inside if mark.role is not Role.STRONG]
            return Emphasis(EmphasisKind.STRONG, tuple(self._inner(line, piece.start, stop, plain)))
        return None

    # ------------------------------------------------------------ notes

    def _anchor_notes(self) -> None:
        """Anchors for all notes beforehand, since their marks stand before them."""
        self._note_marks: dict[str, str] = {}
        opened = [line for line, mark in self._opened.items() if mark.role is Role.NOTE]
        for line in sorted({*opened, *self._within}):
            for segment in self._segments(line):
                key = _note_id(segment.mark)
                if segment.mark.role is Role.NOTE and key in self._referred:
                    text = self._lines[line][segment.start : segment.end]
                    self._note_anchors[key] = self._anchor("note", text)
                    self._note_marks[key] = segment.mark.value

    def _note_mark(self, key: str) -> str:
        return self._note_marks[key]

    def _frozen_note(self, note: _NoteRun) -> Note:
        return Note(
            self._note_anchors[note.id], note.printed, tuple(Paragraph(_merged(leaves)) for leaves in note.leaves)
        )

    # ------------------------------------------------------------ closing

    def _anchor(self, kind: str, text: str) -> str:
        """A name made of the content, so that it stays when other places of the book change."""
        content = kind + ":" + "".join(text.split())
        digest = hashlib.sha256(content.encode("utf-8", "surrogatepass")).hexdigest()[:10]
        count = self._anchors[digest] = self._anchors.get(digest, 0) + 1
        return f"{kind}-{digest}" + (f"-{count}" if count > 1 else "")

    def _close(self) -> None:
        run = self._stack.pop()
        self._box = None
        title = _merged(run.title)
        section = Section(
            anchor=self._anchor(
                "sec", "".join(leaf.text for leaf in title if isinstance(leaf, Text)) or run.kind.value
            ),
            kind=run.kind,
            level=len(self._stack) + 1,
            title=title,
            subtitle=_merged(run.subtitle),
            blocks=tuple(self._frozen(block) for block in run.blocks),
            sections=tuple(run.children),
        )
        (self._stack[-1].children if self._stack else self._done).append(section)

    def _frozen(self, block: _Open) -> Block:
        match block:
            case _Run():
                return block.freeze()
            case _VerseRun(lines=lines):
                return Verse(tuple(map(_merged, lines)))
            case _QuoteRun(kind=kind, runs=runs):
                return Quote(tuple(run.freeze() for run in runs), kind)
            case _ListRun(items=items):
                return List(tuple(ListItem((item.freeze(),)) for item in items))
            case _TableRun():
                return _table(block)
            case _FigureRun(file=file, caption=caption):
                return Figure(_merged(caption), file)
            case _BoxRun():
                title = _merged([*block.label, *block.title])
                return Box(
                    anchor=self._anchor("box", "".join(leaf.text for leaf in title if isinstance(leaf, Text))),
                    label=_merged(block.label),
                    title=_merged(block.title),
                    blocks=tuple(self._frozen(inner) for inner in block.blocks if not isinstance(inner, _BoxRun)),
                )
            case Unprinted() | Separator() | PageBreak():
                return block


def _table(table: _TableRun) -> Block:
    if not table.rows:
        leaves = tuple(leaf for leaf in [*table.before, *table.caption] if isinstance(leaf, Text | Markup | PageBreak))
        return Unprinted(UnprintedKind.REMNANT, leaves, "没有单元格的表格标记")
    rows = tuple(tuple(Cell(_merged(leaves), header) for leaves, header in row) for row in table.rows)
    return Table(rows, _merged(table.caption))


# ---------------------------------------------------------------- cutting


def _cut(
    lines: Sequence[str], marks: Iterable[Mark]
) -> tuple[Mapping[int, Mark], Mapping[int, Mapping[int, Mark]], Mapping[int, list[Mark]]]:
    """The mark that opens each line, those that open further in by column, and the pieces from left to right."""
    opened: dict[int, Mark] = {}
    within: dict[int, dict[int, Mark]] = {}
    pieces: dict[int, list[Mark]] = {}
    for mark in marks:
        line, start = mark.line, mark.start
        if not 0 <= line < len(lines):
            continue
        if mark.role in PIECES:
            size = len(lines[line])
            end = size if mark.end is None else mark.end
            if 0 <= start <= end <= size:
                pieces.setdefault(line, []).append(mark._replace(end=end))
        elif not start:
            opened.setdefault(line, mark)
        elif 0 < start < len(lines[line]):
            within.setdefault(line, {}).setdefault(start, mark)
    for found in pieces.values():
        found.sort(key=lambda piece: (piece.start, piece.role is not Role.STRONG, -(piece.end or 0)))
    return opened, within, pieces


def _note_id(mark: Mark) -> str:
    """How a NOTE_REF names its note: the line and column where the note begins."""
    return note_id(mark.line, mark.start)


def note_id(line: int, start: int = 0) -> str:
    """The name by which a NOTE_REF mark (its `value`) speaks of the note that begins at this line and column."""
    return f"{line}:{start}"


def _page_breaks(pages: Sequence[Page]) -> list[tuple[int, PageBreak]]:
    """Where each page begins, with an anchor made of its folio (page-12), or of its place where none was read."""
    seen: dict[str, int] = {}
    breaks = []
    for number, page in enumerate(sorted(pages, key=lambda page: page.start)):
        folio = page.folio if page.folio and re.fullmatch(r"[0-9A-Za-z]{1,12}", page.folio) else None
        anchor = f"page-{folio}" if folio else f"page-n{number + 1}"
        count = seen[anchor] = seen.get(anchor, 0) + 1
        breaks.append((page.start, PageBreak(anchor if count == 1 else f"{anchor}-{count}", number, page.folio)))
    return breaks


# ---------------------------------------------------------------- joining


def _join(into: list[Inline], leaves: list[Inline], *, space: bool = False) -> None:
    """Lay `leaves` after what is there; a line end between Latin words becomes the space it was."""
    if into and isinstance(last := into[-1], Text) and last.text[-1:] > "\u3000" and not space:
        into += leaves  # Han and its marks need no space: the case of most lines
        return
    before, after = _edge(reversed(into)), _edge(leaves)
    if space or (before and after and sentence.needs_space(before, after)):
        into.append(WordSpace())
    into += leaves


def _edge(leaves: Iterable[Inline]) -> str:
    """The text of the first leaf that has any."""
    for leaf in leaves:
        match leaf:
            case Text(text=text):
                return text
            case Emphasis(inlines=inner):
                return "".join(part.text for part in inner if isinstance(part, Text))
            case NoteRef():
                return ""
            case _:
                continue
    return ""


def _merged(leaves: Iterable[Inline]) -> Inlines:
    """Neighbouring texts as one leaf with all their spans: a sentence that a line end parted is one text."""
    merged: list[Inline] = []
    held: list[Text] = []
    for leaf in leaves:
        if isinstance(leaf, Text):
            held.append(leaf)
            continue
        if held:
            merged.append(_one(held))
            held = []
        merged.append(leaf)
    if held:
        merged.append(_one(held))
    return tuple(merged)


def _one(texts: Sequence[Text]) -> Text:
    if len(texts) == 1:
        return texts[0]
    return Text("".join(text.text for text in texts), tuple(span for text in texts for span in text.spans))


def _kind(mark: Mark, depth: int) -> SectionKind:
    if mark.value in _KINDS:
        return _KINDS[mark.value]
    return SectionKind.CHAPTER if depth == 1 else SectionKind.SECTION
