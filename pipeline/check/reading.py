"""Anybody's EPUB, opened for the check: documents as blocks of text, contents, links, metadata. Nothing is trusted.

Files are read from the zip by the names the package gives; entities and DTDs are never resolved; a document that is no
XML is read as HTML. What cannot be read at all is a `PipelineError`.
"""

import io
import posixpath
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from lxml import etree
from lxml import html as lxml_html

from pipeline.errors import PipelineError

LARGEST = 200_000_000  # bytes of one file inside; a larger one is no book
_BLOCKS = frozenset({"p", "li", "td", "th", "caption", "figcaption", "dt", "dd", "pre", "div", "blockquote"})
_HEADING = re.compile(r"h[1-6]")
_UNREAD = frozenset({"script", "style", "head", "rt", "rp", "svg", "math", "nav"})
_TYPE = "{http://www.idpf.org/2007/ops}type"
_APART = frozenset({"cover", "titlepage", "halftitlepage", "copyright-page", "colophon", "toc"})


@dataclass(frozen=True, slots=True)
class Words:
    """One block: "p" and the like, or "h1" to "h6"; its text as it stands, where it stands, its class.

    `apart` says that it belongs to a cover, a title page, an imprint or the like, whose lines are no sentences.
    """

    tag: str
    text: str
    file: str
    line: int
    note: bool = False
    apart: bool = False


@dataclass(frozen=True, slots=True)
class Link:
    """An <a href>: its target as (file, id), its text, and whether it calls itself a note's mark or the way back."""

    file: str
    line: int
    target: str
    fragment: str
    text: str
    kind: str  # "noteref", "backlink", "external" or ""


@dataclass(frozen=True, slots=True)
class Image:
    file: str
    line: int
    alt: str | None


@dataclass(frozen=True, slots=True)
class Opened:
    """The e-book: blocks in reading order, and what stands around them."""

    blocks: tuple[Words, ...]
    links: tuple[Link, ...]
    images: tuple[Image, ...]
    ids: frozenset[tuple[str, str]]
    notes: tuple[tuple[str, str, int], ...]  # (file, id, line)
    contents: tuple[str, ...]
    pages: tuple[str, ...]
    metadata: Mapping[str, tuple[str, ...]]
    files: frozenset[str]
    languages: Mapping[str, str]  # document -> lang
    package: str

    def running(self) -> Iterator[Words]:
        """The blocks of the text itself, without headings, title pages and the like."""
        return (block for block in self.blocks if not block.apart and not _HEADING.fullmatch(block.tag))

    def headings(self) -> Iterator[Words]:
        return (block for block in self.blocks if not block.apart and _HEADING.fullmatch(block.tag))


def open_epub(data: bytes, name: str = "") -> Opened:
    """The e-book in these bytes. Raises PipelineError where they are none."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as file:
            return _Reader(file).opened()
    except (zipfile.BadZipFile, KeyError, etree.XMLSyntaxError, NotImplementedError, RuntimeError) as error:
        raise PipelineError(
            f"这不是一本能打开的 EPUB（{error}）", remedy="换一个文件，或用 EPUBCheck 看看哪里坏了", where=name
        ) from None


class _Reader:
    def __init__(self, file: zipfile.ZipFile) -> None:
        self.file, self.names = file, frozenset(file.namelist())
        container = self._xml("META-INF/container.xml")
        self.package = str(next(iter(container.xpath("//*[local-name()='rootfile']/@full-path"))))  # type: ignore[arg-type]
        self.opf = self._xml(self.package)
        self.blocks: list[Words] = []
        self.links: list[Link] = []
        self.images: list[Image] = []
        self.ids: set[tuple[str, str]] = set()
        self.notes: list[tuple[str, str, int]] = []
        self.languages: dict[str, str] = {}

    def _read(self, name: str) -> bytes:
        if self.file.getinfo(name).file_size > LARGEST:
            raise KeyError(f"{name} 太大")
        return self.file.read(name)

    def _xml(self, name: str) -> etree._Element:
        parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True)
        return etree.fromstring(self._read(name), parser)

    def _document(self, name: str) -> etree._Element:
        try:
            return self._xml(name)
        except etree.XMLSyntaxError:
            parser = lxml_html.HTMLParser(remove_comments=True, remove_pis=True)
            return lxml_html.document_fromstring(self._read(name), parser=parser)

    def opened(self) -> Opened:
        items = {str(item.get("id")): item for item in self.opf.iter() if _name(item) == "item"}
        spine = [str(ref.get("idref")) for ref in self.opf.iter() if _name(ref) == "itemref"]
        navs = [item for item in items.values() if "nav" in (item.get("properties") or "").split()]
        contents: tuple[str, ...] = ()
        pages: tuple[str, ...] = ()
        for item in (items[ref] for ref in spine if ref in items):
            name = self._place(self.package, item.get("href") or "")
            if name in self.names and "html" in (item.get("media-type") or ""):
                self._walk_document(name, self._document(name))
        for item in navs:
            name = self._place(self.package, item.get("href") or "")
            if name in self.names:
                root = self._document(name)
                contents, pages = _listed(root, "toc"), _listed(root, "page-list")
                if name not in self.languages:
                    self._walk_document(name, root)
        return Opened(
            tuple(self.blocks), tuple(self.links), tuple(self.images), frozenset(self.ids), tuple(self.notes), contents,
            pages, self._metadata(), self.names, self.languages, self.package,
        )  # fmt: skip

    def _metadata(self) -> Mapping[str, tuple[str, ...]]:
        found: dict[str, list[str]] = {}
        for element in self.opf.iter():
            if "purl.org/dc" in str(element.tag):
                found.setdefault(_name(element), []).append((element.text or "").strip())
        return {name: tuple(values) for name, values in found.items()}

    @staticmethod
    def _place(here: str, href: str) -> str:
        return posixpath.normpath(posixpath.join(posixpath.dirname(here), unquote(href)))

    def _walk_document(self, name: str, root: etree._Element) -> None:
        self.languages[name] = root.get("lang") or root.get("{http://www.w3.org/XML/1998/namespace}lang") or ""
        self.ids.update((name, str(own)) for element in root.iter() if (own := element.get("id")))
        for element in root.iter():
            match _name(element):
                case "a":
                    self._link(name, element)
                case "img":
                    self.images.append(Image(name, _line(element), element.get("alt")))
        for body in (element for element in root.iter() if _name(element) == "body"):
            self._walk(name, body, note=False, apart=False)

    def _link(self, name: str, element: etree._Element) -> None:
        href = element.get("href")
        if href is None:
            return
        path, _, fragment = href.partition("#")
        types = _types(element)
        kind = "noteref" if types & {"noteref", "doc-noteref"} else "backlink" if "doc-backlink" in types else ""
        if re.match(r"[a-z][a-z0-9+.-]*:", href, re.IGNORECASE):
            kind = "external"
        target = self._place(name, path) if path else name
        words = "".join(map(str, element.itertext()))
        self.links.append(Link(name, _line(element), target, unquote(fragment), words, kind))

    def _walk(self, name: str, element: etree._Element, *, note: bool, apart: bool) -> None:
        """Blocks of text, innermost first come; text of a block around other blocks counts where it stands."""
        types = _types(element)
        if types & {"footnote", "endnote", "rearnote", "doc-footnote", "doc-endnote"}:
            note = True
            if element.get("id"):
                self.notes.append((name, str(element.get("id")), _line(element)))
        apart = apart or bool(types & _APART)
        tag = _name(element)
        if tag in _UNREAD:
            return
        block = tag in _BLOCKS or _HEADING.fullmatch(tag) is not None
        if block and not any(_name(inner) in _BLOCKS for inner in element.iterdescendants()):
            words = "".join(_text(element))
            self.blocks.append(Words(tag, words, name, _line(element), note, apart))
            return
        for child in element:
            self._walk(name, child, note=note, apart=apart)


def _line(element: Any) -> int:
    return element.sourceline or 0


def _name(element: etree._Element) -> str:
    tag: Any = element.tag  # an entity that was not resolved has a function for a tag
    return etree.QName(element).localname if isinstance(tag, str) else ""


def _types(element: etree._Element) -> set[str]:
    return set(f"{element.get(_TYPE) or element.get('epub:type') or ''} {element.get('role') or ''}".split())


def _text(element: etree._Element) -> Iterator[str]:
    """What a reader sees of a block; a forced line end counts as one, a note's mark not at all."""
    yield element.text or ""
    for child in element:
        types = _types(child)
        if _name(child) == "br":
            yield "\n"
        elif _name(child) not in _UNREAD and not types & {"noteref", "doc-noteref", "doc-backlink"}:
            yield from _text(child)
        yield child.tail or ""


def _listed(root: etree._Element, kind: str) -> tuple[str, ...]:
    navs = [nav for nav in root.iter() if _name(nav) == "nav" and kind in _types(nav)]
    links = (link for nav in navs for link in nav.iter() if _name(link) == "a")
    return tuple("".join(map(str, link.itertext())).strip() for link in links)
