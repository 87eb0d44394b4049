"""OPDS 1.2 (Atom) and 2.0 (JSON): the shelf for reading apps. One listing, said in both.

An entry is one edition of a book, in its own script, with every file of it. Listings are cut into pages of fifty, and
carry facets by script. Addresses are absolute where the shelf has one, since relative ones broke two real readers;
without one they are relative, and `serve` makes them absolute. Search needs a server: `serve` answers it; any other
host ignores the question and gives the whole list, so the link is never dead.

Sources: OPDS 1.2 (https://specs.opds.io/opds-1.2), OPDS 2.0 (https://drafts.opds.io/opds-2.0), OpenSearch 1.1.
"""

import json
import re
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from lxml import etree

from pipeline.catalogue.card import Card, Download, EditionCard, Maker
from pipeline.catalogue.linked_data import licence_url
from pipeline.catalogue.pages import Pictured
from pipeline.catalogue.settings import ShelfSettings
from pipeline.catalogue.words import SCRIPTS, Words
from pipeline.catalogue.xml import add, document, written
from pipeline.render.html import legal
from pipeline.render.package import relator

FOLDER = "opds"
ON_A_PAGE = 50  # entries of one page of a feed
NAVIGATION = "application/atom+xml;profile=opds-catalog;kind=navigation"
ACQUISITION = "application/atom+xml;profile=opds-catalog;kind=acquisition"
ENTRY = "application/atom+xml;type=entry;profile=opds-catalog"
JSON = "application/opds+json"
OPEN_SEARCH = "application/opensearchdescription+xml"
_ATOM = "http://www.w3.org/2005/Atom"
_DC = "http://purl.org/dc/terms/"
_OPDS = "http://opds-spec.org/2010/catalog"
_SEARCH = "http://a9.com/-/spec/opensearch/1.1/"
_THREAD = "http://purl.org/syndication/thread/1.0"
_OPEN_ACCESS = "http://opds-spec.org/acquisition/open-access"
_NEWEST = "http://opds-spec.org/sort/new"
_CLC = "http://id.clcindex.com/"
_ROLES = {"aut": "author", "trl": "translator", "edt": "editor", "ill": "illustrator"}
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True, slots=True)
class Entry:
    """One edition of a book."""

    book: Pictured
    edition: EditionCard

    @property
    def card(self) -> Card:
        return self.book.card


@dataclass(frozen=True, slots=True)
class Listing:
    """Entries under a name; `facet` is the script they are narrowed to ("vertical" for vertical lines), if any."""

    name: str
    title: str
    entries: tuple[Entry, ...]
    facet: str = ""

    def pages(self) -> int:
        return max(1, -(-len(self.entries) // ON_A_PAGE))

    def page(self, number: int) -> tuple[Entry, ...]:
        return self.entries[(number - 1) * ON_A_PAGE : number * ON_A_PAGE]

    def file(self, number: int, form: str) -> str:
        """The path of a page of this listing, `form` being "xml" or "json"."""
        return f"{FOLDER}/{self.name}{f'-{number}' if number > 1 else ''}.{form}"


class Opds:
    """Makes the feeds of one shelf."""

    def __init__(self, said: ShelfSettings, books: Sequence[Pictured], updated: str) -> None:
        self.said, self.words, self.updated = said, Words(said.languages), updated
        entries = tuple(Entry(book, edition) for book in books for edition in book.card.editions if edition.files)
        self.all = Listing("all", self.words.plain("all-books"), entries)
        self.new = Listing("new", self.words.plain("new-books"), entries[:ON_A_PAGE])
        self.found = Listing("search", self.words.plain("search"), entries)
        self.facets = tuple(self._facets(entries))

    def _facets(self, entries: tuple[Entry, ...]) -> Iterator[Listing]:
        for lang in SCRIPTS:
            some = tuple(entry for entry in entries if entry.edition.lang == lang)
            if some:
                yield Listing(f"script-{lang.lower()}", self.words.plain_script(lang), some, lang)
        upright = tuple(entry for entry in entries if entry.edition.vertical)
        if upright:
            yield Listing("vertical", self.words.plain("vertical"), upright, "vertical")

    def files(self) -> Iterator[tuple[str, bytes]]:
        """Every feed by its path."""
        yield f"{FOLDER}/index.xml", self._navigation_atom()
        yield f"{FOLDER}/index.json", self._navigation_json()
        yield f"{FOLDER}/opensearch.xml", self._open_search()
        for listing in (self.all, self.new, self.found, *self.facets):
            last = 1 if listing is self.found else listing.pages()
            for number in range(1, last + 1):
                yield listing.file(number, "xml"), self._atom(listing, number)
                yield listing.file(number, "json"), self._json(listing, number)

    # ------------------------------------------------------------ addresses

    def link(self, path: str) -> str:
        """The address of a file of the shelf, as a feed in opds/ has to give it."""
        if self.said.base_url:
            return f"{self.said.base_url}{quote(path)}"
        return quote(path.removeprefix(f"{FOLDER}/") if path.startswith(f"{FOLDER}/") else f"../{path}")

    def _id(self, name: str) -> str:
        return uuid.uuid5(uuid.NAMESPACE_URL, f"urn:zhpress:shelf:{self.said.base_url or self.said.name}:{name}").urn

    # ------------------------------------------------------------ OPDS 1.2

    def _feed(self, name: str, title: str, own: str, kind: str) -> etree._Element:
        more = {"dc": _DC, "opds": _OPDS, "opensearch": _SEARCH, "thr": _THREAD}
        feed = document("feed", _ATOM, more=more, lang=self.said.languages[0])
        add(feed, "id", self._id(name))
        add(feed, "title", title)
        add(feed, "updated", self.updated)
        add(add(feed, "author"), "name", self.said.name)
        self._to(feed, "self", own, kind)
        self._to(feed, "start", f"{FOLDER}/index.xml", NAVIGATION, title=self.said.name)
        self._to(feed, "search", f"{FOLDER}/opensearch.xml", OPEN_SEARCH)
        return feed

    def _to(self, parent: etree._Element, rel: str, path: str, kind: str, **more: str) -> etree._Element:
        link = add(parent, "link", rel=rel, href=self.link(path), type=kind)
        for name, value in more.items():
            link.set(name, legal(value))
        return link

    def _navigation_atom(self) -> bytes:
        feed = self._feed("index", self.said.name, f"{FOLDER}/index.xml", NAVIGATION)
        for listing in (self.new, self.all, *self.facets):
            entry = add(feed, "entry")
            add(entry, "id", self._id(listing.name))
            add(entry, "title", listing.title)
            add(entry, "updated", self.updated)
            add(entry, "content", self.words.plain("count", len(listing.entries)), type="text")
            rel = _NEWEST if listing is self.new else "subsection"
            link = self._to(entry, rel, listing.file(1, "xml"), ACQUISITION)
            link.set(f"{{{_THREAD}}}count", str(len(listing.entries)))
        return written(feed)

    def _atom(self, listing: Listing, number: int) -> bytes:
        feed = self._feed(f"{listing.name}-{number}", listing.title, listing.file(number, "xml"), ACQUISITION)
        self._to(feed, "up", f"{FOLDER}/index.xml", NAVIGATION)
        for rel, page in _turns(listing, number):
            self._to(feed, rel, listing.file(page, "xml"), ACQUISITION)
        for facet in (self.all, *self.facets) if listing is not self.new else ():
            link = self._to(feed, "http://opds-spec.org/facet", facet.file(1, "xml"), ACQUISITION, title=facet.title)
            link.set(f"{{{_OPDS}}}facetGroup", self.words.plain("edition"))
            link.set(f"{{{_THREAD}}}count", str(len(facet.entries)))
            if facet is listing:
                link.set(f"{{{_OPDS}}}activeFacet", "true")
        for name, count in (("totalResults", len(listing.entries)), ("itemsPerPage", ON_A_PAGE),
                            ("startIndex", (number - 1) * ON_A_PAGE + 1)):  # fmt: skip
            add(feed, f"{{{_SEARCH}}}{name}", str(count))
        for entry in listing.page(number):
            self._atom_entry(feed, entry)
        return written(feed)

    def _atom_entry(self, feed: etree._Element, said: Entry) -> None:
        card, edition = said.card, said.edition
        entry = add(feed, "entry")
        add(entry, "id", edition.identifier)
        add(entry, "title", edition.title + (f"：{edition.subtitle}" if edition.subtitle else ""))
        add(entry, "updated", _later(edition.modified, card.since))
        if card.since:
            add(entry, "published", f"{card.since}T00:00:00Z")
        for maker in edition.makers:
            name = "author" if relator(maker.role) in {"aut", "edt", "com"} else "contributor"
            add(add(entry, name), "name", maker.name)
        for name, value in (("language", edition.lang), ("publisher", edition.publisher), ("issued", card.date),
                            ("identifier", edition.identifier)):  # fmt: skip
            if value:
                _dc(entry, name, value)
        for subject in card.subjects:
            add(entry, "category", term=subject, label=subject)
        for code in card.classes:
            add(entry, "category", scheme=_CLC, term=code, label=code)
        if card.statement or licence_url(card.rights):
            add(entry, "rights", card.statement or licence_url(card.rights))
        if card.description:
            add(entry, "summary", card.description, type="text")
        if said.book.pictured:
            self._to(entry, "http://opds-spec.org/image", f"{card.folder}/cover.jpg", "image/jpeg")
            self._to(entry, "http://opds-spec.org/image/thumbnail", f"{card.folder}/thumb.jpg", "image/jpeg")
        self._to(entry, "alternate", f"{card.folder}/index.html", "text/html")
        for file in edition.files:
            link = self._to(entry, _OPEN_ACCESS, f"{card.folder}/{file.name}", file.media_type)
            link.set("title", self._form(file))
            link.set("length", str(file.size))

    def _form(self, file: Download) -> str:
        name = file.format.upper()
        return f"{name} · {self.words.plain('vertical')}" if file.vertical else name

    def _open_search(self) -> bytes:
        root = document("OpenSearchDescription", _SEARCH)
        add(root, "ShortName", self.said.name[:16])
        add(root, "Description", self.said.description or self.said.name)
        template = f"{self.link(self.found.file(1, 'xml'))}?q={{searchTerms}}"
        add(root, "Url", type=ACQUISITION, template=template)
        add(root, "InputEncoding", "UTF-8")
        return written(root)

    # ------------------------------------------------------------ OPDS 2.0

    def _said_link(self, rel: str, path: str, kind: str = JSON, **more: Any) -> dict[str, Any]:
        return {"rel": rel, "href": self.link(path), "type": kind, **more}

    def _search_link(self) -> dict[str, Any]:
        address = f"{self.link(self.found.file(1, 'json'))}{{?query}}"
        return {"rel": "search", "href": address, "type": JSON, "templated": True}

    def _navigation_json(self) -> bytes:
        links = [self._said_link("self", f"{FOLDER}/index.json"), self._said_link("start", f"{FOLDER}/index.json")]
        navigation = [
            {**self._said_link(_NEWEST if listing is self.new else "subsection", listing.file(1, "json")),
             "title": listing.title, "properties": {"numberOfItems": len(listing.entries)}}
            for listing in (self.new, self.all, *self.facets)
        ]  # fmt: skip
        return _json(
            {
                "metadata": {"title": self.said.name, "modified": self.updated},
                "links": [*links, self._search_link()],
                "navigation": navigation,
            }
        )

    def _json(self, listing: Listing, number: int) -> bytes:
        links = [
            self._said_link("self", listing.file(number, "json")),
            self._said_link("start", f"{FOLDER}/index.json"),
            self._said_link("up", f"{FOLDER}/index.json"),
            self._search_link(),
            *(self._said_link(rel, listing.file(page, "json")) for rel, page in _turns(listing, number)),
        ]
        said: dict[str, Any] = {
            "metadata": {
                "title": listing.title,
                "modified": self.updated,
                "numberOfItems": len(listing.entries),
                "itemsPerPage": ON_A_PAGE,
                "currentPage": number,
            },
            "links": links,
            "publications": [self._publication(entry) for entry in listing.page(number)],
        }
        if listing is not self.new and self.facets:
            said["facets"] = [
                {
                    "metadata": {"title": self.words.plain("edition")},
                    "links": [
                        self._said_link(
                            "self" if facet is listing else "facet",
                            facet.file(1, "json"),
                            title=facet.title,
                            properties={"numberOfItems": len(facet.entries)},
                        )
                        for facet in (self.all, *self.facets)
                    ],
                }
            ]
        return _json(said)

    def _publication(self, said: Entry) -> dict[str, Any]:
        card, edition = said.card, said.edition
        subjects: list[dict[str, str]] = [{"name": subject} for subject in card.subjects]
        subjects += [{"name": code, "code": code, "scheme": _CLC} for code in card.classes]
        data = {
            "@type": "http://schema.org/Book",
            "title": edition.title,
            "subtitle": edition.subtitle,
            "sortAs": card.sort,
            **_makers(edition.makers),
            "identifier": edition.identifier,
            "language": edition.lang,
            "publisher": edition.publisher,
            "published": card.date if _DAY.fullmatch(card.date) else "",
            "modified": _later(edition.modified, card.since),
            "description": card.description,
            "subject": subjects,
            "belongsTo": {"series": card.series} if card.series else None,
            "readingProgression": "rtl" if edition.vertical else "ltr",
        }
        made: dict[str, Any] = {
            "metadata": {key: value for key, value in data.items() if value},
            "links": [
                self._said_link("alternate", f"{card.folder}/index.html", "text/html"),
                *(
                    self._said_link(
                        _OPEN_ACCESS,
                        f"{card.folder}/{file.name}",
                        file.media_type,
                        title=self._form(file),
                        size=file.size,
                    )
                    for file in edition.files
                ),
            ],
        }
        if said.book.pictured:
            made["images"] = [
                {"href": self.link(f"{card.folder}/{name}"), "type": "image/jpeg"}
                for name in ("cover.jpg", "thumb.jpg")
            ]
        if address := licence_url(card.rights):
            made["links"].append({"rel": "license", "href": address, "type": "text/html"})
        return made


def _makers(makers: Sequence[Maker]) -> dict[str, list[dict[str, str]]]:
    found: dict[str, list[dict[str, str]]] = {}
    for maker in makers:
        person = {"name": maker.name, "sortAs": maker.sort} if maker.sort else {"name": maker.name}
        found.setdefault(_ROLES.get(relator(maker.role), "contributor"), []).append(person)
    return found


def _turns(listing: Listing, number: int) -> Iterator[tuple[str, int]]:
    """first, previous, next, last: those that lead somewhere else."""
    last = 1 if listing.name == "search" else listing.pages()
    if last > 1:
        yield "first", 1
        if number > 1:
            yield "previous", number - 1
        if number < last:
            yield "next", number + 1
        yield "last", last


def _later(modified: str, since: str) -> str:
    return max(modified, f"{since}T00:00:00Z") if since else modified


def _dc(parent: etree._Element, name: str, words: str) -> None:
    add(parent, f"{{{_DC}}}{name}", words)


def _json(said: dict[str, Any]) -> bytes:
    return (json.dumps(said, ensure_ascii=False, indent=1) + "\n").encode("utf-8", "replace")
