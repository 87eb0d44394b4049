"""The printed book: an Edition set by WeasyPrint into a PDF.

Binding order: half-title, title page, copyright page, forewords and prefaces, contents (roman folios); then the text
from a recto numbered 1; the edition's own colophon last. Looks stand in styles/print*.css, markup in render/html.py
and styles/templates/pdf-*.j2; this file brings them together and numbers what only layout can number (the notes).

Pure but for SOURCE_DATE_EPOCH, as the EPUB is: the same edition, style and settings give the same bytes.
WeasyPrint may fetch nothing; what it logs becomes notices.
"""

import hashlib
import logging
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import weasyprint
from weasyprint.urls import URLFetcherResponse

from pipeline import walk
from pipeline.book import Book, Box, Edition, NoteRef, Section, SectionKind
from pipeline.config import Settings
from pipeline.errors import SettingsError
from pipeline.notice import Notice, Severity
from pipeline.render import archive, trim
from pipeline.render.artifact import Artifact
from pipeline.render.html import Html, Media, Piece, pieces, title_text
from pipeline.render.imprint import cip_record, imprint_rows
from pipeline.render.stamp import moment
from pipeline.render.terms import terms
from pipeline.style import Style
from pipeline.typeset import PROVED_ON, is_proved, typesetting

# What stands before the contents, with roman folios.
_FRONT = frozenset({SectionKind.DEDICATION, SectionKind.EPIGRAPH, SectionKind.FOREWORD, SectionKind.PREFACE})
# What runs on where it stands; everything else opens on a recto.
_RUNNING_ON = frozenset({SectionKind.SECTION, SectionKind.TEXT, None})
_FEW_ENTRIES = 100  # contents go a rank deeper while they stay within some four pages
_MARKS = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳㉑㉒㉓㉔㉕㉖㉗㉘㉙㉚㉛㉜㉝㉞㉟㊱㊲㊳㊴㊵㊶㊷㊸㊹㊺㊻㊼㊽㊾㊿"
_STOCK = Notice(
    "pdf-stock-layout",
    f"WeasyPrint 是 {weasyprint.__version__}，中文排版只在 {PROVED_ON} 上验证过："
    "这次用它自带的排版，行尾不齐、标点不挤压",
    severity=Severity.WARNING,
)
_STYLES = {"classic": "classic", "正文宋体": "classic", "large": "large", "大字本": "large"}
_STYLES |= {"compact": "compact", "简装": "compact"}


def render(edition: Edition, style: Style, settings: Settings) -> Artifact:
    """`<stem>.<edition>.pdf`. Raises SettingsError for an unknown trim size or house style,
    or a SOURCE_DATE_EPOCH that is no date.
    """
    house = _house_sheet(style, settings.print.style)
    page = trim.type_area(*trim.size_of(settings.print.trim, edition.book.metadata), _body(house))
    document = _Document(edition, style, page, house)
    with _listening() as notices, typesetting() as ours:
        data = document.pdf()
    if not ours:
        notices.append(_STOCK)
    return Artifact(f"{edition.stem}.{edition.name}.pdf", data, "application/pdf", tuple(notices))


# ---------------------------------------------------------------- looks


def _house_sheet(style: Style, name: str) -> str:
    """The house style's sheet, by its English or Chinese name."""
    if name not in _STYLES:
        raise SettingsError(f"没有名为 {name!r} 的版式", where="[print] style", remedy=f"可用：{'、'.join(_STYLES)}")
    return style.sheets[f"print-{_STYLES[name]}.css"]


def _body(sheet: str) -> trim.Body:
    """The numbers of a house style that lay out the type area."""
    said = dict(re.findall(r"--([a-z-]+):\s*([\d.]+)(?:pt)?\s*;", sheet))
    size, line, width, height = (float(said[key]) for key in ("body-size", "line", "fill-width", "fill-height"))
    return trim.Body(size, line, width, height)


def _css_string(words: str) -> str:
    """Any words as a CSS string that says exactly them (CSS Syntax 3 § 4.3.7)."""
    return '"' + "".join(c if c.isalnum() else f"\\{ord(c):x} " for c in words) + '"'


def _css_id(anchor: str) -> str:
    """An id selector for any anchor."""
    return f"[id={_css_string(anchor)}]" if not re.fullmatch(r"[A-Za-z][A-Za-z0-9_-]*", anchor) else f"#{anchor}"


# ---------------------------------------------------------------- the document


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the contents."""

    anchor: str
    title: str
    look: str
    entries: tuple["Entry", ...] = ()


@dataclass(frozen=True, slots=True)
class _Opening:
    """A piece and how it opens; what the templates see of it."""

    piece: Piece
    look: str

    @property
    def html(self) -> Html:
        return self.piece.html


class _Document:
    """One book on its way to the press."""

    def __init__(self, edition: Edition, style: Style, page: trim.TypeArea, house: str) -> None:
        self.edition, self.style, self.page = edition, style, page
        book = edition.book
        made = pieces(book, edition.lang, Media.PRINT)
        split = next((i for i, piece in enumerate(made) if piece.kind not in _FRONT), len(made))
        self.front = tuple(_opening(piece) for piece in made[:split])
        self.text = tuple(_opening(piece) for piece in made[split:])
        in_front = frozenset(anchor for opening in self.front for anchor in opening.piece.anchors)
        self.markup = style.render(
            "pdf-book.html.j2",
            lang=edition.lang,
            metadata=book.metadata,
            terms=terms(edition.lang),
            cip=cip_record(book.metadata, edition.lang),
            imprint=imprint_rows(book.metadata, edition.lang),
            front=self.front,
            text=self.text,
            contents=_contents(book, in_front),
            repairs=edition.repairs,
            edition=edition.name,
            digest=edition.digest[:16],
            moment=moment().strftime("%Y-%m-%dT%H:%M:%SZ"),
        )
        numbers = style.render("pdf-page.css.j2", area=page, title_size=_title_size(book.metadata.title, page))
        self.sheets = (house, numbers, style.sheets["print.css"], self._names())

    def _names(self) -> str:
        """Running heads and bookmarks: one line for each title, whatever breaks or notes it carries."""
        book, width = self.edition.book, self.page.columns
        rules = [f"html {{ string-set: book {_css_string(_shorten(book.metadata.title, width))} }}"]
        rules += [
            f"{_css_id(piece.anchor + '-title')} {{ string-set: chapter {_css_string(_shorten(piece.title, width))} }}"
            for piece in (opening.piece for opening in (*self.front, *self.text))
        ]
        rules += [
            f"{_css_id(section.anchor + '-title')} {{ bookmark-label: {_css_string(title_text(section.title))} }}"
            for section in walk.sections(book)
        ]
        return "\n".join(rules)

    def pdf(self) -> bytes:
        """Laid out, notes numbered by the page they fell on, and written."""
        notes = tuple(_notes_in_order(self.edition.book))
        marks = dict.fromkeys(notes, _MARKS[0])
        document = self._lay_out(marks)
        settled = _marks_by_page(document, notes)
        if settled != marks:  # all marks are one character wide, so nothing moves
            document = self._lay_out(settled)
        identifier = hashlib.sha256("\0".join((self.markup, *self.sheets)).encode()).digest()[:16]
        data = document.write_pdf(pdf_identifier=identifier, finisher=self._finish, pdf_variant=archive.VARIANT)
        if not isinstance(data, bytes):
            raise TypeError("WeasyPrint gave no bytes")
        return data

    def _lay_out(self, marks: Mapping[str, str]) -> "weasyprint.Document":
        fonts = weasyprint.text.fonts.FontConfiguration()
        sheets = (*self.sheets, _note_rules(marks))
        css = [weasyprint.CSS(string=sheet, font_config=fonts, url_fetcher=_refuse) for sheet in sheets]
        html = weasyprint.HTML(string=self.markup, url_fetcher=_refuse)
        return html.render(font_config=fonts, stylesheets=css)

    def _finish(self, document: "weasyprint.Document", pdf: object) -> None:
        """The first page of the text is 1."""
        first = next((opening.piece.anchor for opening in self.text), None)
        start = next((i for i, page in enumerate(document.pages) if first in page.anchors), 0)
        archive.finish(pdf, self.edition, start, self.style.screen, proved=is_proved())


def _opening(piece: Piece) -> _Opening:
    """A section without a name of its kind opens a page too where it is a part's next division."""
    if piece.kind is SectionKind.PART:
        return _Opening(piece, "opening part-opening")
    runs_on = piece.kind in _RUNNING_ON and not (piece.kind is SectionKind.SECTION and piece.depth > 1)
    return _Opening(piece, "running-on" if runs_on else "opening")


def _title_size(title: str, page: trim.TypeArea) -> float:
    """小初 where the title fits a line of it, else as large as fits; a very long title is set in two lines."""
    lines = 1 if len(title) <= 18 else 2
    return round(min(page.body.size * 2.476, page.measure * 0.94 * lines / max(len(title), 1)), 2)


def _shorten(title: str, width: int) -> str:
    return title if len(title) <= width else title[: width - 1] + "…"


# ---------------------------------------------------------------- contents


def _contents(book: Book, in_front: frozenset[str]) -> tuple[Entry, ...]:
    """Two ranks at least; a third while the contents stay short. Boxes that are titled are listed where they stand."""
    deep = 3 if sum(1 for _ in _entries_to(book.sections, 3)) <= _FEW_ENTRIES else 2
    return tuple(_entry(section, deep, in_front) for section in book.sections if title_text(section.title))


def _entries_to(sections: Sequence[Section], depth: int) -> Iterator[Section]:
    for section in sections:
        yield section
        if depth > 1:
            yield from _entries_to(section.sections, depth - 1)


def _entry(section: Section, depth: int, in_front: frozenset[str]) -> Entry:
    look = "part" if section.kind is SectionKind.PART else "in-front" if section.anchor in in_front else "entry"
    boxes = tuple(
        Entry(box.anchor, "　".join(filter(None, (title_text(box.label), title_text(box.title)))), "box-entry")
        for box in section.blocks
        if isinstance(box, Box) and title_text(box.title)
    )
    if depth == 1:
        return Entry(section.anchor, title_text(section.title), look)
    under = tuple(_entry(child, depth - 1, in_front) for child in section.sections if title_text(child.title))
    return Entry(section.anchor, title_text(section.title), look, (*boxes, *under))


# ---------------------------------------------------------------- notes


def _notes_in_order(book: Book) -> Iterator[str]:
    seen = set()
    for leaf in walk.leaves(book):
        if isinstance(leaf, NoteRef) and leaf.note not in seen:
            seen.add(leaf.note)
            yield leaf.note


def _marks_by_page(document: "weasyprint.Document", notes: Sequence[str]) -> dict[str, str]:
    """① … anew on every page, by where each note's body stands (GB/T 7713 practice: 脚注按页编号)."""
    marks: dict[str, str] = {}
    for page in document.pages:
        here = [note for note in notes if note in page.anchors]
        marks |= {note: _MARKS[i % len(_MARKS)] for i, note in enumerate(here)}
    return marks


def _note_rules(marks: Mapping[str, str]) -> str:
    return "\n".join(
        f"{_css_id(note)}::footnote-call {{ content: '{mark}' }}\n"
        f"{_css_id(note)}::footnote-marker {{ content: '{mark}' }}"
        for note, mark in marks.items()
    )


# ---------------------------------------------------------------- a single sheet


def sheet(
    markup: str, sheets: Sequence[str], pictures: Mapping[str, tuple[bytes, str]]
) -> tuple[bytes, tuple[Notice, ...]]:
    """A PDF of a page that is drawn by hand (a cover), and what was said of it. It says nothing of itself yet.

    `pictures` are what the markup names as `picture:<name>`: bytes and media type. Nothing else is fetched.
    """

    def given(url: str) -> object:
        name = url.removeprefix("picture:")
        if url == name or name not in pictures:
            return _refuse(url)
        data, media_type = pictures[name]
        return URLFetcherResponse(url, data, {"Content-Type": media_type})

    identifier = hashlib.sha256("\0".join((markup, *sheets)).encode()).digest()[:16]
    with _listening() as notices, typesetting():
        fonts = weasyprint.text.fonts.FontConfiguration()
        css = [weasyprint.CSS(string=each, font_config=fonts, url_fetcher=_refuse) for each in sheets]
        html = weasyprint.HTML(string=markup, url_fetcher=given, base_url="picture:")
        data = html.render(font_config=fonts, stylesheets=css).write_pdf(pdf_identifier=identifier)
    return bytes(data), tuple(notices)


# ---------------------------------------------------------------- WeasyPrint's edges


def _refuse(url: str) -> Mapping[str, object]:
    """Nothing is fetched: a book's text must not make the press read a file or call a server."""
    raise ValueError(f"not fetched: {url}")


class _Listener(logging.Handler):
    """Turns what WeasyPrint logs into notices."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.notices: list[Notice] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.notices.append(Notice("pdf-layout", f"排版程序：{record.getMessage()}", severity=Severity.WARNING))


@contextmanager
def _listening() -> Iterator[list[Notice]]:
    """Notices of what WeasyPrint says while the block runs; nothing of it reaches the terminal."""
    logger, listener = logging.getLogger("weasyprint"), _Listener()
    before = logger.propagate, logger.level, logger.handlers
    logger.handlers, logger.propagate = [listener], False
    logger.setLevel(logging.WARNING)
    try:
        yield listener.notices
    finally:
        logger.propagate, level, logger.handlers = before
        logger.setLevel(level)
