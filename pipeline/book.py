"""The Book: immutable, typed, closed. The only thing that editions and renderers may read.

Two kinds of characters stand in it. Those a reader sees are in `Text`; those that shaped the structure and are not
shown (a `#`, a bullet, a note's own mark, an indent) are in `Markup`, and whole passages that are not shown (the
printed contents, a doubled title page) in `Unprinted`. Together their spans tile the cleaned lines exactly once
(laws.py).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple, TypeAlias

# ---------------------------------------------------------------- leaves


class Span(NamedTuple):  # there is one for each line, and a tuple is made twice as fast as a frozen dataclass
    """Columns [start, end) of one cleaned line (from 0): where a piece of text came from."""

    line: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Text:
    """A run of characters that a reader sees: its spans, joined. An edition may change `text`, never `spans`."""

    text: str
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Markup:
    """Characters that shaped the structure and are not shown; `why` says what they meant."""

    text: str
    spans: tuple[Span, ...]
    why: str


@dataclass(frozen=True, slots=True)
class WordSpace:
    """A space between Latin words that stood on two lines: the line end was the space."""


@dataclass(frozen=True, slots=True)
class LineBreak:
    """A break that the print had and the sense needs (a title set in two lines, an address)."""


@dataclass(frozen=True, slots=True)
class PageBreak:
    """Here page `number` (from 0) of the scanned book begins; `folio` is its printed number, where known."""

    anchor: str
    number: int
    folio: str | None


@dataclass(frozen=True, slots=True)
class NoteRef:
    """A mark that points at `Note.anchor`. `spans` is empty where the OCR lost the mark and we placed it (`placed`)."""

    note: str
    mark: str
    spans: tuple[Span, ...]
    placed: bool = False


class EmphasisKind(Enum):
    STRONG = "strong"  # bold in print
    DOTS = "dots"  # 着重号: dots under the characters


@dataclass(frozen=True, slots=True)
class Emphasis:
    kind: EmphasisKind
    inlines: tuple[Inline, ...]


@dataclass(frozen=True, slots=True)
class Ruby:
    """A base with its reading above it."""

    base: tuple[Inline, ...]
    reading: Text


Inline: TypeAlias = Text | Markup | WordSpace | LineBreak | PageBreak | NoteRef | Emphasis | Ruby
Inlines: TypeAlias = tuple[Inline, ...]

# ---------------------------------------------------------------- blocks


class ParagraphStyle(Enum):
    BODY = "body"  # first line indented two ems
    FLUSH = "flush"  # goes on after a quotation or verse: no indent
    SALUTATION = "salutation"  # 某某同志： at the head of a letter
    SIGNATURE = "signature"  # who signed, to the right
    DATE = "date"  # when, under the signature
    CENTRED = "centred"
    SOURCE = "source"  # where a box or quotation was taken from


@dataclass(frozen=True, slots=True)
class Paragraph:
    inlines: Inlines
    style: ParagraphStyle = ParagraphStyle.BODY


@dataclass(frozen=True, slots=True)
class Verse:
    """Lines that keep their breaks."""

    lines: tuple[Inlines, ...]


@dataclass(frozen=True, slots=True)
class Quote:
    """A block quotation, an epigraph, a letter: set in from both edges."""

    blocks: tuple[Block, ...]
    kind: QuoteKind


class QuoteKind(Enum):
    QUOTATION = "quotation"
    EPIGRAPH = "epigraph"
    LETTER = "letter"
    DEDICATION = "dedication"


@dataclass(frozen=True, slots=True)
class ListItem:
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class List:
    """Items whose marks the text itself no longer carries (bullets); numbered items stay paragraphs, as in print."""

    items: tuple[ListItem, ...]
    ordered: bool = False


@dataclass(frozen=True, slots=True)
class Cell:
    inlines: Inlines
    header: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    rows: tuple[tuple[Cell, ...], ...]
    caption: Inlines = ()


@dataclass(frozen=True, slots=True)
class Box:
    """A reading set apart from the text (延伸阅读, 案例, 链接). `label` is its kind, `title` its own title."""

    anchor: str
    label: Inlines
    title: Inlines
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Figure:
    """A picture that the text mentions; `file` as the OCR named it (we have only its caption)."""

    caption: Inlines
    file: Markup | None = None


@dataclass(frozen=True, slots=True)
class Separator:
    """A pause in the text that print shows by stars or space."""

    markup: Markup


class UnprintedKind(Enum):
    HALF_TITLE = "half-title"
    TITLE_PAGE = "title-page"
    CIP = "cip"
    COLOPHON = "colophon"
    SERIES = "series"
    CONTENTS = "contents"
    INDENT = "indent"
    REMNANT = "remnant"  # something the OCR left that belongs to no text


@dataclass(frozen=True, slots=True)
class Unprinted:
    """A passage of the book that is not shown: the edition sets its own (title page, contents), or it stands twice."""

    kind: UnprintedKind
    leaves: tuple[Text | Markup | PageBreak, ...]
    why: str


Block: TypeAlias = Paragraph | Verse | Quote | List | Table | Box | Figure | Separator | Unprinted | PageBreak
Blocks: TypeAlias = tuple[Block, ...]

# ---------------------------------------------------------------- the whole


class SectionKind(Enum):
    """What a section is in the field's terms; renderers take epub:type, recto openings and folios from it."""

    DEDICATION = "dedication"
    EPIGRAPH = "epigraph"
    FOREWORD = "foreword"  # by another hand: 序, 代序, 推荐序
    PREFACE = "preface"  # 前言, 自序, 凡例, 编者的话
    INTRODUCTION = "introduction"  # 绪论, 绪言, 引言, 导论, 序言 that opens the argument
    PART = "part"  # 编, 篇, 卷, 部: carries chapters
    CHAPTER = "chapter"
    SECTION = "section"  # anything below a chapter
    AFTERWORD = "afterword"  # 后记, 跋, 结语, 尾声
    APPENDIX = "appendix"
    BIBLIOGRAPHY = "bibliography"
    INDEX = "index"
    NOTES = "notes"
    ACKNOWLEDGMENTS = "acknowledgments"
    TEXT = "text"  # text without a heading


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and what stands under it. `level` counts from 1; `anchor` derives from content and is stable."""

    anchor: str
    kind: SectionKind
    level: int
    title: Inlines
    subtitle: Inlines
    blocks: Blocks
    sections: tuple[Section, ...] = ()


@dataclass(frozen=True, slots=True)
class Note:
    """A footnote or endnote. `mark` is its own mark in the text (①), kept as markup where the text has it."""

    anchor: str
    mark: Markup | None
    blocks: Blocks


@dataclass(frozen=True, slots=True)
class Creator:
    """`role` as the book prints it: 著, 编著, 主编, 译, 编, 绘 …"""

    name: str
    role: str


@dataclass(frozen=True, slots=True)
class Fact:
    """One line of the print edition's own data, as printed: 责任编辑 / 赵振兴. `line` is where it was read (from 0)."""

    label: str
    value: str
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Metadata:
    """What the book says of itself, or the publisher's .toml. Empty strings where nothing is known; never invented."""

    title: str
    subtitle: str = ""
    series: str = ""
    creators: tuple[Creator, ...] = ()
    publisher: str = ""
    place: str = ""
    isbn: str = ""  # hyphenated as printed, check digit verified
    cip: str = ""  # 中国版本图书馆CIP数据核字 number: "(2013)第053997号"
    cip_creators: str = ""  # who made it in the CIP record's own words, where they were read without a doubt
    cip_date: str = ""  # the CIP record's own date as printed ("2013.5"); it may differ from that of the imprint
    classes: tuple[str, ...] = ()  # Chinese Library Classification: "D252"
    subjects: tuple[str, ...] = ()
    date: str = ""  # of the print edition: "2013-04" or "2013"
    edition: str = ""  # 版次 as printed
    printing: str = ""  # 印次 as printed
    format: str = ""  # 开本
    sheets: str = ""  # 印张
    words: str = ""  # 字数
    price: str = ""  # 定价
    facts: tuple[Fact, ...] = ()  # every line of the copyright page in print order, for the edition's own


@dataclass(frozen=True, slots=True)
class Book:
    """The whole book in reading order. `lang` is zh-Hans or zh-Hant. `front` is what stood before the text, unshown."""

    metadata: Metadata
    lang: str
    front: tuple[Unprinted, ...]
    sections: tuple[Section, ...]
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True, slots=True)
class Repairs:
    """What cleaning did, in numbers, for the edition's own colophon: (rule id, what it mends in Chinese, how often)."""

    counts: tuple[tuple[str, str, int], ...] = ()

    @property
    def total(self) -> int:
        return sum(count for _, _, count in self.counts)


@dataclass(frozen=True, slots=True)
class Edition:
    """A Book in one script, ready for any renderer.

    `stem` names the files, `name` the edition ("source", "hans", "hant-tw"), `lang` is a BCP 47 tag, `digest` a hex
    SHA-256 of everything that shaped it, so that renderers can derive identifiers that never change without cause.
    """

    stem: str
    name: str
    lang: str
    book: Book
    repairs: Repairs
    digest: str
