"""The Book as (X)HTML fragments, shared by the e-book, the PDF and the web page. Escaped by construction.

Text becomes `Html` only through `text()`, and elements only through `tag()`, so no character of a book can act as
markup. What is written is well-formed XML that an HTML parser reads the same way (no self-closed `span`, no entities
beyond the five). No white space stands between inline siblings.

`pieces()` cuts the book where a file or a page begins: a part opening, a chapter, anything at the top level; last, the
notes that no mark points to. Each piece is one `<section>`.

Classes and ids, for the stylesheets:

    section.<kind>#<anchor>    SectionKind.value (part chapter section preface foreword … text); nested as in the Book;
                               EPUB and SCREEN: that of a piece has the class "opening" too
    h1 … h6#<anchor>-title     by depth in the tree (SCREEN: in the piece); below the sixth level h6
      span.ordinal             第一章 at the head of a title; span.number for 一、 （二） 3.; span.gap the space or
                               break after it; span.name the rest
    p.subtitle                 under its heading
    p                          a paragraph (SCREEN: #L245 begins on line 245 of the seed); by style p.flush
                               p.salutation p.signature p.date p.centred p.source
    div.verse > p.line         lines that keep their breaks; an empty line has the class "gap" too
    blockquote.<kind>          quotation epigraph letter dedication
    ul.bulleted, ol.numbered   li holds blocks
    div.table > table          caption, thead/tbody, th with scope
    aside.box#<anchor>         p.box-label (延伸阅读), h*.box-title, blocks
    figure.missing             the scan's picture is not at hand: only its figcaption
    hr.separator
    strong, em.dots            bold; 着重号
    ruby > rt
    a.noteref#ref-<note>       the mark; role doc-noteref; later marks of the same note are #ref-<note>-2 …; with
                               `note_picture` a.duokan-footnote too, and the mark is img.qqreader-footnote
    section.footnotes          EPUB and SCREEN: the notes of the piece at its end, each aside.note#<note> > a.backlink;
                               as a piece of its own those that no mark points to; with `note_picture`
                               aside.note > ol.duokan-footnote-content > li.duokan-footnote-item#<note>
    span.footnote#<note>       PRINT: the note's body right where its mark stands, for `float: footnote`; span.para are
                               its paragraphs where it has several. No mark is written: CSS counters number the notes
    .pagebreak                 EPUB and SCREEN: here a print page begins (span, between blocks div); epub:type, role
                               doc-pagebreak, aria-label the folio. Pages without a folio leave none; PRINT: none
    span.tcy, span.upright     only with `vertical`: digits set upright in a vertical line

`epub:type` is written for Media.EPUB alone; ARIA roles for EPUB and SCREEN.

Sources: EPUB 3.3 § 5–7, EPUB SSV 1.1, DPUB-ARIA 1.1, EPUB Accessibility 1.1 § 3.3.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from html import escape
from typing import assert_never

from pipeline import walk
from pipeline.book import (
    Block,
    Blocks,
    Book,
    Box,
    Cell,
    Emphasis,
    EmphasisKind,
    Figure,
    Inline,
    Inlines,
    LineBreak,
    List,
    Markup,
    Note,
    NoteRef,
    PageBreak,
    Paragraph,
    ParagraphStyle,
    Quote,
    QuoteKind,
    Ruby,
    Section,
    SectionKind,
    Separator,
    Table,
    Text,
    Unprinted,
    Verse,
    WordSpace,
)
from pipeline.render.terms import Terms, terms

# ---------------------------------------------------------------- markup that cannot be got wrong


class Html(str):
    """Finished markup. Jinja's autoescape lets it through (`__html__`); any other str is escaped."""

    __slots__ = ()

    def __html__(self) -> str:
        return str(self)


EMPTY = Html("")
_VOID = frozenset({"br", "hr", "img", "link", "meta", "col"})
# What XML 1.0 § 2.2 cannot hold. Cleaning has taken such characters out; here they can only come from a .toml.
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")

Attributes = Mapping[str, str | None]


def legal(words: str) -> str:
    """`words` with U+FFFD in place of each character that XML cannot hold."""
    return _NOT_XML.sub("\ufffd", words)


def text(words: str) -> Html:
    """Characters of a book as markup that shows exactly them."""
    return Html(escape(legal(words)))


def tag(name: str, attributes: Attributes, *children: Html) -> Html:
    """One element. Attributes that are None are left out; their values are escaped here."""
    said = "".join(f' {key}="{escape(legal(value))}"' for key, value in attributes.items() if value is not None)
    if name in _VOID:
        return Html(f"<{name}{said}/>")
    return Html(f"<{name}{said}>{''.join(children)}</{name}>")


def join(parts: Iterable[Html], between: str = "") -> Html:
    """Markup side by side; `between` is white space where it cannot show (between blocks)."""
    return Html(between.join(parts))


# ---------------------------------------------------------------- what a section is to readers and their tools


class Media(Enum):
    """For whom the markup is written."""

    EPUB = "epub"  # XHTML with epub:type; notes at the end of the file, for pop-ups
    PRINT = "print"  # note bodies where their marks stand, for float: footnote
    SCREEN = "screen"  # as EPUB, without epub:type


# EPUB SSV term and DPUB-ARIA role of each kind of section; SECTION and TEXT are plain sections.
SEMANTICS: Mapping[SectionKind, tuple[str, str]] = {
    SectionKind.DEDICATION: ("dedication", "doc-dedication"),
    SectionKind.EPIGRAPH: ("epigraph", "doc-epigraph"),
    SectionKind.FOREWORD: ("foreword", "doc-foreword"),
    SectionKind.PREFACE: ("preface", "doc-preface"),
    SectionKind.INTRODUCTION: ("introduction", "doc-introduction"),
    SectionKind.PART: ("part", "doc-part"),
    SectionKind.CHAPTER: ("chapter", "doc-chapter"),
    SectionKind.AFTERWORD: ("afterword", "doc-afterword"),
    SectionKind.APPENDIX: ("appendix", "doc-appendix"),
    SectionKind.BIBLIOGRAPHY: ("bibliography", "doc-bibliography"),
    SectionKind.INDEX: ("index", "doc-index"),
    SectionKind.NOTES: ("endnotes", "doc-endnotes"),
    SectionKind.ACKNOWLEDGMENTS: ("acknowledgments", "doc-acknowledgments"),
}
_QUOTE_SEMANTICS = {
    QuoteKind.EPIGRAPH: ("epigraph", "doc-epigraph"),
    QuoteKind.DEDICATION: ("dedication", "doc-dedication"),
}
# 第三章 / 上篇 / 一、 / （二） / 3. / 3.1: what numbers a heading, so that looks may set it apart.
_ORDINAL = re.compile(
    r"(?:(?P<ordinal>第[〇零一二三四五六七八九十百千\d]{1,6}[编編篇卷部章节節回集讲講课課])|[一二三四五六七八九十百]{1,4}、"
    r"|[（(][一二三四五六七八九十\d]{1,3}[）)]|\d{1,3}(?:\.\d{1,3}){0,3}[.．、]?(?=[\s\u3000\u4e00-\u9fff]))"
)
_MARKLIKE = re.compile(r"[*＊※†‡§△▲]+")  # a mark that says something by itself and is kept; numbers are counted anew
_UPRIGHT = re.compile(r"(?<![\w.,/:-])(?:(\d{1,2}|[!?]{2})|(\d{3,4}))(?![\w.,/:%-])", re.ASCII)


def title_text(title: Inlines) -> str:
    """A heading on one line, for contents, running heads and metadata: no note marks, no page breaks.

    Where the print broke the heading into lines, a number at its end (第一章) is set off by an ideographic space;
    otherwise the lines close up, as Chinese does.
    """
    line = ""
    for leaf in walk.inline_leaves(title):
        if isinstance(leaf, LineBreak):
            head = line.strip()
            line += "\u3000" if head and (_ORDINAL.fullmatch(head) or len(head) <= 3) else ""
        else:
            line += walk.shown(leaf)
    return line.strip()


# ---------------------------------------------------------------- pieces


@dataclass(frozen=True, slots=True)
class PageMark:
    """A place where a print page begins: its id and its printed number."""

    anchor: str
    folio: str


@dataclass(frozen=True, slots=True)
class Piece:
    """What begins on its own: `anchor` names it, `anchors` are all sections inside it (its own first).

    `kind` is None for the piece of notes that no mark points to. `depth` is the rank of its heading, from 1.
    """

    anchor: str
    kind: SectionKind | None
    depth: int
    title: str
    html: Html
    anchors: tuple[str, ...]
    pages: tuple[PageMark, ...] = ()


Address = Callable[[str, str], str]
"""(piece anchor, element id) -> href, for links that leave their piece."""


def same_page(_piece: str, anchor: str) -> str:
    """The address of an element when all pieces stand in one document."""
    return f"#{anchor}"


def pieces(
    book: Book,
    lang: str,
    media: Media,
    *,
    address: Address = same_page,
    vertical: bool = False,
    note_picture: str = "",
) -> tuple[Piece, ...]:
    """The book in reading order, cut where a file or a page begins.

    A part is cut into its opening and its chapters; every other section keeps what is under it. Each note stands in the
    piece of its first mark; notes without a mark come last, so that no word is lost. `lang` chooses the edition's own
    words (注释 / 註釋); `vertical` asks for digits that can stand upright; `note_picture` is the address of the picture
    that notes are marked with, instead of ① or [1] (render/profile.py).
    """
    cut = tuple(_cut(book.sections, 1))
    home = _homes(cut)
    desk = _Desk(media, terms(lang), {note.anchor: note for note in book.notes}, home, address, vertical, note_picture)
    made = [_Pen(desk, anchors[0]).piece(section, depth, anchors) for section, depth, anchors in cut]
    left = tuple(note for note in book.notes if note.anchor not in home)
    return (*made, _Pen(desk, _LEFT_NOTES).left_notes(left)) if left else tuple(made)


_LEFT_NOTES = "notes-without-marks"
_Cut = tuple[Section, int, tuple[str, ...]]


def _cut(sections: Iterable[Section], depth: int) -> Iterator[_Cut]:
    for section in sections:
        if section.kind is SectionKind.PART and section.sections:
            opening = Section(
                section.anchor, section.kind, section.level, section.title, section.subtitle, section.blocks
            )
            yield opening, depth, (section.anchor,)
            yield from _cut(section.sections, depth + 1)
        else:
            yield section, depth, tuple(_anchors(section))


def _anchors(section: Section) -> Iterator[str]:
    yield section.anchor
    for child in section.sections:
        yield from _anchors(child)


def _homes(cut: Iterable[_Cut]) -> dict[str, str]:
    """Where each note's body stands: the piece of its first mark in the text."""
    home: dict[str, str] = {}
    for section, _, anchors in cut:
        for leaf in walk.section_leaves(section):
            if isinstance(leaf, NoteRef):
                home.setdefault(leaf.note, anchors[0])
    return home


@dataclass(frozen=True, slots=True)
class _Desk:
    """What all pens share."""

    media: Media
    terms: Terms
    notes: Mapping[str, Note]
    home: Mapping[str, str]
    address: Address
    vertical: bool
    note_picture: str


class _Pen:
    """Writes one piece, and remembers the notes and page breaks it has met on the way."""

    def __init__(self, desk: _Desk, anchor: str) -> None:
        self.desk, self.anchor = desk, anchor
        self.pages: list[PageMark] = []
        self.noted: dict[str, str] = {}  # note -> the mark it is shown with, in order
        self.marks: dict[str, int] = {}  # note -> how many marks point at it so far
        self.lines: dict[int, int] = {}  # line of the seed -> how many paragraphs begin on it
        self.boxes: dict[str, int] = {}  # box name -> how many are called so
        self.counted = 0

    # ------------------------------------------------------------ whole pieces

    def piece(self, section: Section, depth: int, anchors: tuple[str, ...]) -> Piece:
        rank = 1 if self.desk.media is Media.SCREEN else depth  # a web page has a first heading of its own
        html = self.section(section, rank, outermost=True)
        title = title_text(section.title)
        return Piece(self.anchor, section.kind, depth, title, html, anchors, tuple(self.pages))

    def left_notes(self, notes: tuple[Note, ...]) -> Piece:
        heading = tag("h1", {"id": f"{self.anchor}-title"}, text(self.desk.terms.notes))
        semantics = self._semantics("footnote", "doc-footnote")
        bodies = (
            tag("aside", {"class": "note", "id": note.anchor, **semantics}, self._note_blocks(note)) for note in notes
        )
        attributes = {
            "class": "footnotes" if self.desk.media is Media.PRINT else "footnotes opening",
            "id": self.anchor,
            **self._semantics("endnotes", "doc-endnotes"),
            "aria-labelledby": f"{self.anchor}-title",
        }
        html = tag("section", attributes, Html("\n"), join((heading, *bodies), "\n"), Html("\n"))
        return Piece(self.anchor, None, 1, self.desk.terms.notes, html, (self.anchor,), tuple(self.pages))

    def section(self, section: Section, depth: int, *, outermost: bool = False) -> Html:
        title_id = f"{section.anchor}-title" if _shows(section.title) else None
        parts = [
            *self._heading(section.title, min(depth, 6), title_id),
            *self._paragraph(section.subtitle, "subtitle"),
            *self.blocks(section.blocks, depth + 1 if title_id else depth),
            *(self.section(child, depth + 1) for child in section.sections),
        ]
        if outermost and self.desk.media is not Media.PRINT:
            parts += self._notes()
        kind, role = SEMANTICS.get(section.kind, (None, None))
        attributes = {
            "class": section.kind.value + (" opening" if outermost and self.desk.media is not Media.PRINT else ""),
            "id": section.anchor,
            **self._semantics(kind, role),
            "aria-labelledby": title_id,
        }
        return tag("section", attributes, Html("\n"), join(parts, "\n"), Html("\n"))

    def _heading(self, title: Inlines, rank: int, title_id: str | None) -> list[Html]:
        if title_id is None:
            return self._breaks(title)
        # A page that begins with the heading begins before it: a reader does not hear its number as part of the title.
        lead = next(at for at, inline in enumerate(title) if not isinstance(inline, PageBreak | Markup))
        return [*self._breaks(title[:lead]), tag(f"h{rank}", {"id": title_id}, self._title(title[lead:]))]

    def _title(self, title: Inlines) -> Html:
        first = title[0]
        found = _ORDINAL.match(first.text) if isinstance(first, Text) else None
        if found is None or not isinstance(first, Text):
            return self.inlines(title)
        rest, more = first.text[found.end() :], title[1:]
        name = rest.lstrip()
        gap = text(rest[: len(rest) - len(name)])
        if not name and more and isinstance(more[0], LineBreak):
            gap, more = join((gap, self.inline(more[0]))), more[1:]
        look = "ordinal" if found["ordinal"] else "number"
        parts = ((look, self._text(found[0])), ("gap", gap), ("name", join((self._text(name), self.inlines(more)))))
        return join(tag("span", {"class": part}, html) for part, html in parts if html)

    def _semantics(self, kind: str | None, role: str | None) -> dict[str, str | None]:
        match self.desk.media:
            case Media.EPUB:
                return {"epub:type": kind, "role": role}
            case Media.SCREEN:
                return {"role": role}
            case Media.PRINT:
                return {}
            case _:
                assert_never(self.desk.media)

    # ------------------------------------------------------------ blocks

    def blocks(self, blocks: Blocks, rank: int) -> list[Html]:
        """`rank` is the heading rank that a title inside these blocks would take."""
        return [html for block in blocks for html in self.block(block, rank)]

    def block(self, block: Block, rank: int) -> list[Html]:
        match block:
            case Paragraph(inlines=inlines, style=style):
                return self._paragraph(inlines, None if style is ParagraphStyle.BODY else style.value)
            case Verse(lines=lines):
                return [tag("div", {"class": "verse"}, join(map(self._line, lines)))]
            case Quote(blocks=blocks, kind=kind):
                attributes = {"class": kind.value, **self._semantics(*_QUOTE_SEMANTICS.get(kind, (None, None)))}
                return [tag("blockquote", attributes, join(self.blocks(blocks, rank), "\n"))]
            case List():
                return [self._list(block, rank)]
            case Table():
                return [self._table(block)]
            case Box():
                return [self._box(block, rank)]
            case Figure(caption=caption):
                return self._figure(caption)
            case Separator():
                return [tag("hr", {"class": "separator"})]
            case Unprinted(leaves=leaves):
                return [html for leaf in leaves if isinstance(leaf, PageBreak) for html in self._page(leaf, "div")]
            case PageBreak():
                return self._page(block, "div")
            case _:
                assert_never(block)

    def _paragraph(self, inlines: Inlines, name: str | None) -> list[Html]:
        if not _shows(inlines):
            return self._breaks(inlines)
        return [tag("p", {"class": name, "id": self._line_id(inlines)}, self.inlines(inlines))]

    def _line_id(self, inlines: Inlines) -> str | None:
        """L245 for what begins on line 245 of the seed, the same in every edition; a second on that line is L245-2."""
        if self.desk.media is not Media.SCREEN:
            return None
        leaves = (leaf for leaf in walk.inline_leaves(inlines) if isinstance(leaf, Text | Markup))
        line = next((leaf.spans[0].line + 1 for leaf in leaves if leaf.spans), None)
        if line is None:
            return None
        count = self.lines[line] = self.lines.get(line, 0) + 1
        return f"L{line}" if count == 1 else f"L{line}-{count}"

    def _line(self, line: Inlines) -> Html:
        return tag("p", {"class": "line" if _shows(line) else "line gap"}, self.inlines(line))

    def _list(self, block: List, rank: int) -> Html:
        name, look = ("ol", "numbered") if block.ordered else ("ul", "bulleted")
        items = (tag("li", {}, join(self.blocks(item.blocks, rank), "\n")) for item in block.items)
        return tag(name, {"class": look}, join(items))

    def _table(self, table: Table) -> Html:
        parts = [tag("caption", {}, self.inlines(table.caption))] if _shows(table.caption) else []
        headed = len(table.rows) > 1 and bool(table.rows[0]) and all(cell.header for cell in table.rows[0])
        if headed:
            parts.append(tag("thead", {}, self._row(table.rows[0], "col")))
        body = table.rows[1:] if headed else table.rows
        parts.append(tag("tbody", {}, join((self._row(row, "row") for row in body), "\n")))
        return tag("div", {"class": "table"}, tag("table", {}, join(parts, "\n")))

    def _row(self, row: tuple[Cell, ...], scope: str) -> Html:
        return tag(
            "tr",
            {},
            join(
                tag("th", {"scope": scope}, self.inlines(cell.inlines))
                if cell.header
                else tag("td", {}, self.inlines(cell.inlines))
                for cell in row
            ),
        )

    def _box(self, box: Box, rank: int) -> Html:
        titled = _shows(box.title)
        parts = [
            *self._paragraph(box.label, "box-label"),
            *([tag(f"h{min(rank, 6)}", {"class": "box-title"}, self.inlines(box.title))] if titled else []),
            *self.blocks(box.blocks, rank + titled),
        ]
        attributes = {"class": "box", "id": box.anchor, "aria-label": self._box_name(box)}
        if self.desk.media is Media.SCREEN:
            attributes["role"] = "note"  # in a web page a named aside is a landmark, and those are for the whole page
        return tag("aside", attributes, Html("\n"), join(parts, "\n"), Html("\n"))

    def _box_name(self, box: Box) -> str:
        """What a screen reader calls the box; no two in a piece alike, so that they can be told apart."""
        name = "：".join(part for part in map(title_text, (box.label, box.title)) if part) or self.desk.terms.box
        count = self.boxes[name] = self.boxes.get(name, 0) + 1
        return name if count == 1 else f"{name} {count}"

    def _figure(self, caption: Inlines) -> list[Html]:
        if not _shows(caption):
            return self._breaks(caption)
        return [tag("figure", {"class": "missing"}, tag("figcaption", {}, self.inlines(caption)))]

    # ------------------------------------------------------------ inlines

    def inlines(self, inlines: Inlines) -> Html:
        return join(map(self.inline, inlines))

    def inline(self, inline: Inline) -> Html:
        match inline:
            case Text(text=words):
                return self._text(words)
            case Markup():
                return EMPTY
            case WordSpace():
                return Html(" ")
            case LineBreak():
                return tag("br", {})
            case PageBreak():
                return join(self._page(inline, "span"))
            case NoteRef():
                return self._note_ref(inline)
            case Emphasis(kind=EmphasisKind.STRONG, inlines=inner):
                return tag("strong", {}, self.inlines(inner))
            case Emphasis(inlines=inner):
                return tag("em", {"class": "dots"}, self.inlines(inner))
            case Ruby(base=base, reading=reading):
                return tag("ruby", {}, self.inlines(base), tag("rt", {}, self._text(reading.text)))
            case _:
                assert_never(inline)

    def _text(self, words: str) -> Html:
        if not self.desk.vertical:
            return text(words)
        html, at = "", 0
        for found in _UPRIGHT.finditer(words):
            look = "tcy" if found[1] else "upright"
            html += text(words[at : found.start()]) + tag("span", {"class": look}, text(found[0]))
            at = found.end()
        return Html(html + text(words[at:]))

    def _page(self, page: PageBreak, name: str) -> list[Html]:
        if self.desk.media is Media.PRINT or not page.folio:
            return []
        self.pages.append(PageMark(page.anchor, page.folio))
        # axe-core takes no account of DPUB roles here, and a name needs a role: in a web page the plain one follows.
        role = "doc-pagebreak separator" if self.desk.media is Media.SCREEN else "doc-pagebreak"
        semantics = self._semantics("pagebreak", role)
        attributes = {"class": "pagebreak", **semantics, "id": page.anchor, "aria-label": page.folio}
        return [tag(name, attributes)]

    def _breaks(self, inlines: Inlines) -> list[Html]:
        """The page breaks of a run that shows nothing."""
        leaves = walk.inline_leaves(inlines)
        return [html for leaf in leaves if isinstance(leaf, PageBreak) for html in self._page(leaf, "div")]

    # ------------------------------------------------------------ notes

    def _note_ref(self, ref: NoteRef) -> Html:
        note = self.desk.notes.get(ref.note)
        if note is None:  # the mark stands in the text and is shown, but leads nowhere: no dead link
            return tag("sup", {}, text(ref.mark)) if ref.mark else EMPTY
        count = self.marks[ref.note] = self.marks.get(ref.note, 0) + 1
        at_home = self.desk.home.get(ref.note) == self.anchor
        shown = self._mark(ref)
        if self.desk.media is Media.PRINT and at_home and count == 1:
            return tag("span", {"class": "footnote", "id": note.anchor}, self._note_spans(note.blocks))
        home = self.desk.home.get(ref.note, _LEFT_NOTES)
        href = f"#{note.anchor}" if at_home else self.desk.address(home, note.anchor)
        attributes = {
            "class": "noteref duokan-footnote" if self.desk.note_picture else "noteref",
            **self._semantics("noteref", "doc-noteref"),
            "id": _ref_id(ref.note, count) if at_home else None,
            "href": href,
        }
        return tag("a", attributes, self._picture_of(note, shown) if self.desk.note_picture else text(shown))

    def _picture_of(self, note: Note, mark: str) -> Html:
        """The mark as a picture, its alternative text the words of the note, for readers that pop up nothing else."""
        words = " ".join(" ".join(map(walk.block_plain, note.blocks)).split())
        return tag("img", {"class": "qqreader-footnote", "src": self.desk.note_picture, "alt": words or mark})

    def _mark(self, ref: NoteRef) -> str:
        if ref.note not in self.noted:
            mark = ref.mark.strip("[]［］〔〕()（） \u3000")
            if not _MARKLIKE.fullmatch(mark):
                self.counted += 1
                mark = str(self.counted)
            self.noted[ref.note] = f"[{mark}]"
        return self.noted[ref.note]

    def _notes(self) -> list[Html]:
        """The bodies of the notes whose first mark stands in this piece."""
        own = [note for note in self.noted if self.desk.home.get(note) == self.anchor]
        if not own:
            return []
        attributes = {
            "class": "footnotes",
            **self._semantics("footnotes", None),
            "aria-label": self.desk.terms.notes,
        }
        return [tag("section", attributes, Html("\n"), join(map(self._note, own), "\n"), Html("\n"))]

    def _note(self, anchor: str) -> Html:
        note, mark = self.desk.notes[anchor], self.noted[anchor]
        back = tag(
            "a",
            {"class": "backlink", "role": "doc-backlink", "href": f"#{_ref_id(anchor, 1)}"},
            text(mark),
        )
        semantics = self._semantics("footnote", "doc-footnote")
        words = self._note_blocks(note, back)
        if not self.desk.note_picture:
            return tag("aside", {"class": "note", "id": anchor, **semantics}, words)
        item = tag("li", {"class": "duokan-footnote-item", "id": anchor}, words)
        return tag("aside", {"class": "note", **semantics}, tag("ol", {"class": "duokan-footnote-content"}, item))

    def _note_blocks(self, note: Note, back: Html = EMPTY) -> Html:
        """A note's blocks, with the way back at the head of its first paragraph, or alone where it opens otherwise."""
        if not back:
            return join(self.blocks(note.blocks, 6), "\n")
        first, rest = (note.blocks[0], note.blocks[1:]) if note.blocks else (None, ())
        if isinstance(first, Paragraph):
            head = tag("p", {}, back, self.inlines(first.inlines))
            return join((head, *self.blocks(rest, 6)), "\n")
        return join((tag("p", {}, back), *self.blocks(note.blocks, 6)), "\n")

    def _note_spans(self, blocks: Blocks) -> Html:
        """A note's blocks as inline markup, since a footnote stands inside its paragraph."""
        runs = [run for block in blocks for run in _runs(block) if _shows(run)]
        if len(runs) == 1:
            return self.inlines(runs[0])
        return join(tag("span", {"class": "para"}, self.inlines(run)) for run in runs)


def _ref_id(note: str, count: int) -> str:
    return f"ref-{note}" if count == 1 else f"ref-{note}-{count}"


def _shows(inlines: Inlines) -> bool:
    """Whether a reader would see anything of this run."""
    return any(isinstance(leaf, NoteRef) or walk.shown(leaf).strip() for leaf in walk.inline_leaves(inlines))


def _runs(block: Block) -> Iterator[Inlines]:
    """The runs of a block in reading order."""
    match block:
        case Paragraph(inlines=inlines):
            yield inlines
        case Verse(lines=lines):
            yield from lines
        case Quote(blocks=blocks):
            yield from (run for inner in blocks for run in _runs(inner))
        case List(items=items):
            yield from (run for item in items for inner in item.blocks for run in _runs(inner))
        case Table(rows=rows, caption=caption):
            yield caption
            yield from (cell.inlines for row in rows for cell in row)
        case Box(label=label, title=title, blocks=blocks):
            yield from (label, title, *(run for inner in blocks for run in _runs(inner)))
        case Figure(caption=caption):
            yield caption
        case Separator() | Unprinted() | PageBreak():
            return
        case _:
            assert_never(block)
