"""An Edition to EPUB 3.3: pure, same input same bytes. The only file that knows EbookLib.

Every document, the navigation and the NCX are finished bytes before EbookLib sees them, as plain `EpubItem`s: it would
re-serialise an `EpubHtml` with visible gaps, write local time as UTC and fill the page-list with every id it finds.
What is left to it is the container, the manifest, the spine and the order of things; `_Writer` gives it our metadata
and a zip whose dates, modes and order never change.

Inside the e-book, names derive from content: `text/<anchor>.xhtml` for a piece, its section's anchor for an id; the
edition's own pages stand beside that folder. Another chapter's change moves nothing here.
"""

import hashlib
import io
import re
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ebooklib import epub
from lxml import etree

from pipeline.book import Edition, SectionKind
from pipeline.config import Settings
from pipeline.notice import Notice
from pipeline.render.artifact import Artifact
from pipeline.render.contents import Entry, contents, depth
from pipeline.render.copyright_page import byline, copyright_page
from pipeline.render.cover import cover_image
from pipeline.render.fonts import Font, book_fonts
from pipeline.render.html import Html, Media, Piece, join, legal, pieces, tag, text
from pipeline.render.package import Element, package_metadata
from pipeline.render.profile import IBOOKS, note_mark, profile
from pipeline.render.stamp import identifier, moment
from pipeline.render.terms import Terms, terms
from pipeline.render.title import break_title, running_text
from pipeline.render.vertical import turned
from pipeline.style import Style

MEDIA_TYPE = "application/epub+zip"
_XHTML = "application/xhtml+xml"
_SAFE_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,63}")
_FRONT = frozenset({SectionKind.DEDICATION, SectionKind.EPIGRAPH, SectionKind.FOREWORD, SectionKind.PREFACE})
_BACK = frozenset(
    {
        SectionKind.AFTERWORD,
        SectionKind.APPENDIX,
        SectionKind.BIBLIOGRAPHY,
        SectionKind.INDEX,
        SectionKind.NOTES,
        SectionKind.ACKNOWLEDGMENTS,
        None,
    }
)
_NOTE_MARK = "image/note.png"
_LONGEST_TITLE_LINE = 7  # characters: what a phone shows in title size


@dataclass(frozen=True, slots=True)
class _Document:
    """One file of the e-book. `spine` tells whether it is read in order."""

    name: str
    data: bytes
    media_type: str
    id: str
    spine: bool = False
    properties: tuple[str, ...] = ()


def render(edition: Edition, style: Style, settings: Settings) -> Artifact:
    """The e-book of one edition as bytes.

    Raises SettingsError for a SOURCE_DATE_EPOCH that is no date. Whatever the book lacks (author, ISBN, headings,
    pages) is left out, never made up.
    """
    data, notices = _Maker(edition, style, settings).epub()
    return Artifact(f"{edition.stem}.{edition.name}.epub", data, MEDIA_TYPE, notices)


def file_name(anchor: str) -> str:
    """The file of a piece, from its anchor; an anchor that is no safe file name gives a short digest of itself."""
    safe = anchor if _SAFE_NAME.fullmatch(anchor) else f"x-{hashlib.sha256(anchor.encode()).hexdigest()[:12]}"
    return f"text/{safe}.xhtml"


class _Maker:
    """Makes the files of one edition, in spine order."""

    def __init__(self, edition: Edition, style: Style, settings: Settings) -> None:
        self.edition, self.style, self.settings = edition, style, settings
        self.book, self.data, self.lang = edition.book, edition.book.metadata, edition.lang
        self.title = self.data.title or edition.stem
        self.words: Terms = terms(edition.lang)
        self.urn = identifier(edition)
        self.profile = profile(settings.epub)
        self.pieces = pieces(
            self.book,
            self.lang,
            Media.EPUB,
            address=_between_pieces,
            vertical=settings.epub.vertical,
            note_picture=f"../{_NOTE_MARK}" if self.profile.pictured_marks else "",
        )
        self.contents = contents(self.book, self.pieces, self.lang) or (Entry(self.title, "", "", "title-page.xhtml"),)
        self.pages = [(piece.anchor, page) for piece in self.pieces for page in piece.pages]
        self.running_text = running_text(self.book)
        self.image = cover_image(self.data, self.title, self.running_text, settings.cover, style)
        self.title_lines = break_title(self.title, self.running_text, _LONGEST_TITLE_LINE)

    def epub(self) -> tuple[bytes, tuple[Notice, ...]]:
        """The finished file, and what was noticed."""
        pages = tuple(self.pages_of_the_book())
        fonts, notices = self._fonts(pages)
        metadata = package_metadata(
            self.edition,
            self.settings.book,
            urn=self.urn,
            modified=moment(),
            paged=bool(self.pages),
            pictured=True,
            vertical=self.settings.epub.vertical,
            says_fonts=bool(fonts) and self.profile.says_fonts,
        )
        documents = (*self._furniture(fonts), *pages)
        rtl, prefix = self.settings.epub.vertical, IBOOKS if self.profile.says_fonts and fonts else ""
        return _pack(documents, metadata, self.lang, rtl=rtl, prefix=prefix), notices

    def _fonts(self, pages: Iterable[_Document]) -> tuple[tuple[Font, ...], tuple[Notice, ...]]:
        if not self.settings.epub.embed_fonts or not self.profile.own_fonts:
            return (), ()
        return book_fonts((page.data for page in pages if page.media_type == _XHTML), self.lang)

    def _furniture(self, fonts: tuple[Font, ...]) -> Iterator[_Document]:
        """What the pages call for: cover picture, stylesheet, fonts."""
        image = self.image
        yield _Document(f"image/{image.name}", image.data, image.media_type, "cover-image", properties=("cover-image",))
        if any(_NOTE_MARK in piece.html for piece in self.pieces):
            yield _Document(_NOTE_MARK, note_mark(self.style), "image/png", "note-mark")
        yield _Document("style/book.css", self._stylesheet(fonts), "text/css", "stylesheet")
        for font in fonts:
            yield _Document(f"font/{font.name}", font.data, "font/otf", f"font-{font.name.partition('.')[0]}")

    def pages_of_the_book(self) -> Iterator[_Document]:
        """Every document, those that are read in reading order."""
        image = self.image
        yield self._page("cover", self.words.cover, image=f"image/{image.name}", alt=self._cover_text())
        yield self._page("half-title", self.words.half_title, book_title=self._title_markup())
        yield self._page(
            "title-page",
            self.words.title_page,
            book_title=self._title_markup(),
            bylines=tuple(map(byline, self.data.creators)),
        )
        said = copyright_page(self.edition, self.settings.book, self.urn)
        yield self._page("copyright", self.words.copyright_page, imprint=said)
        yield self._navigation()
        yield from map(self._piece, self.pieces)
        yield self._page("colophon", self.words.colophon, matter="backmatter", imprint=said)
        yield self._ncx()

    # ------------------------------------------------------------ pages of our own

    def _page(self, name: str, title: str, *, matter: str = "frontmatter", **values: object) -> _Document:
        page = self._render(f"{name}.xhtml.j2", title, "", matter=matter, **values)
        return _Document(f"{name}.xhtml", page, _XHTML, name, spine=True)

    def _piece(self, piece: Piece) -> _Document:
        matter = "frontmatter" if piece.kind in _FRONT else "backmatter" if piece.kind in _BACK else "bodymatter"
        page = self._render("document.xhtml.j2", piece.title or self.title, "../", matter=matter, html=piece.html)
        name = file_name(piece.anchor)
        return _Document(name, page, _XHTML, f"piece-{name[5:-6]}", spine=True)

    def _navigation(self) -> _Document:
        page = self._render(
            "nav.xhtml.j2",
            self.words.contents,
            "",
            matter="frontmatter",
            contents=self.contents,
            pages=self.pages,
            landmarks=tuple(self._landmarks()),
            address=_from_root,
        )
        return _Document("nav.xhtml", page, _XHTML, "nav", spine=True, properties=("nav",))

    def _ncx(self) -> _Document:
        folios = [int(page.folio) for _, page in self.pages if page.folio.isascii() and page.folio.isdigit()]
        ncx = self.style.render(
            "toc.ncx.j2",
            lang=self.lang,
            urn=self.urn,
            depth=max(1, depth(self.contents)),
            largest=max(folios, default=0),
            title=legal(self.title),
            authors=[legal(creator.name) for creator in self.data.creators],
            contents=self.contents,
            pages=self.pages,
            terms=self.words,
            address=_from_root,
            page_type=_page_type,
        )
        return _Document("toc.ncx", ncx.encode(), "application/x-dtbncx+xml", "ncx")

    def _render(self, template: str, title: str, root: str, **values: object) -> bytes:
        page = self.style.render(
            template,
            lang=self.lang,
            title=legal(title),
            root=root,
            vertical=self.settings.epub.vertical,
            terms=self.words,
            data=self.data,
            **values,
        )
        return page.encode()

    def _landmarks(self) -> Iterator[tuple[str, str, str]]:
        yield "cover", "cover.xhtml", self.words.cover
        yield "titlepage", "title-page.xhtml", self.words.title_page
        yield "copyright-page", "copyright.xhtml", self.words.copyright_page
        yield "toc", "nav.xhtml#toc", self.words.contents
        body = [piece for piece in self.pieces if piece.kind not in _FRONT and piece.kind not in _BACK]
        first = (body or list(self.pieces))[:1]
        yield from (("bodymatter", _from_root(piece.anchor, piece.anchor), self.words.body) for piece in first)
        yield "colophon", "colophon.xhtml", self.words.colophon

    def _title_markup(self) -> Html:
        return join(tag("span", {"class": "title-line"}, text(line)) for line in self.title_lines)

    def _cover_text(self) -> str:
        names = "，".join(creator.name + creator.role for creator in self.data.creators)
        return "，".join(part for part in (f"{self.words.cover}：{self.title}", names, self.data.publisher) if part)

    def _stylesheet(self, fonts: tuple[Font, ...]) -> bytes:
        script = "hant.css" if self.lang.startswith("zh-Hant") else "hans.css"
        names = ("book.css", script, "epub.css", *(("fonts.css",) if fonts else ()))
        sheet = "\n".join(self.style.sheets[name] for name in names)
        if self.settings.epub.vertical:
            sheet = f"{turned(sheet)}\n{self.style.sheets['vertical.css']}"
        return sheet.encode()


def _between_pieces(piece: str, anchor: str) -> str:
    return f"{file_name(piece).removeprefix('text/')}#{anchor}"


def _from_root(piece: str, anchor: str) -> str:
    return f"{file_name(piece)}#{anchor}" if piece else anchor


def _page_type(folio: str) -> str:
    """The NCX's three kinds of pages: numbered, of the front matter (roman), special."""
    if folio.isascii() and folio.isdigit():
        return "normal"
    return "front" if re.fullmatch(r"[ivxlcdmIVXLCDM]+", folio) else "special"


# ---------------------------------------------------------------- what is left to EbookLib


def _pack(documents: Iterable[_Document], metadata: tuple[Element, ...], lang: str, *, rtl: bool, prefix: str) -> bytes:
    book = epub.EpubBook()
    book.IDENTIFIER_ID = "pub-id"
    book.direction = "rtl" if rtl else None
    for document in documents:
        item = epub.EpubItem(document.id, document.name, document.media_type, document.data)
        item.properties = list(document.properties)
        book.add_item(item)
        if document.spine:
            book.spine.append(item)
    writer = _Writer(book, metadata, lang, prefix)
    return writer.bytes()


class _Writer(epub.EpubWriter):  # type: ignore[misc]  # ebooklib has no types
    """EbookLib's writer with our metadata, the package's language, no unused prefix, and a zip that never changes."""

    def __init__(self, book: epub.EpubBook, metadata: tuple[Element, ...], lang: str, prefix: str) -> None:
        super().__init__("", book, {"raise_exceptions": True})
        self.our_metadata, self.lang, self.prefix = metadata, lang, prefix

    def bytes(self) -> bytes:
        """The whole file: mimetype first and stored (OCF 3.3 § 4.2), then as the book lists its items."""
        done = io.BytesIO()
        with zipfile.ZipFile(done, "w") as file:
            self.out = _SteadyZip(file, moment())
            self.out.writestr("mimetype", MEDIA_TYPE)
            self._write_container()
            self._write_opf()
            self._write_items()
        return done.getvalue()

    def _write_opf_metadata(self, root: Any) -> None:
        spaces = {"dc": epub.NAMESPACES["DC"]}
        parent = etree.SubElement(root, "metadata", nsmap=spaces)
        for element in self.our_metadata:
            space, _, name = element.name.rpartition(":")
            qualified = f"{{{spaces[space]}}}{name}" if space else name
            child = etree.SubElement(parent, qualified, {k: legal(v) for k, v in element.attributes.items()})
            child.text = legal(element.text) or None

    def _write_opf_file(self, root: Any) -> None:
        del root.attrib["prefix"]
        if self.prefix:
            root.set("prefix", self.prefix)
        root.set("{http://www.w3.org/XML/1998/namespace}lang", self.lang)
        super()._write_opf_file(root)


class _SteadyZip:
    """A zip whose entries all carry one date, one system and one mode. Pictures are stored as they are."""

    def __init__(self, out: zipfile.ZipFile, when: datetime) -> None:
        self.out, self.when = out, when

    def writestr(self, name: str, data: bytes | str) -> None:
        """Adds one entry. EbookLib calls this as it would call a ZipFile's."""
        entry = zipfile.ZipInfo(name, self.when.timetuple()[:6])
        entry.create_system = 3  # Unix, on every system
        entry.external_attr = 0o100644 << 16
        stored = name == "mimetype" or name.endswith((".jpg", ".jpeg", ".png"))
        entry.compress_type = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
        self.out.writestr(entry, data, compresslevel=None if stored else 9)
