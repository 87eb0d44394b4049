"""The contents of a book, as a tree of places: for the e-book's navigation, the PDF's contents pages, the web page.

Made from the Book and the pieces it was cut into, so an entry can only lead to something that is there.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pipeline.book import Book, Section
from pipeline.render.html import Piece, title_text
from pipeline.render.terms import terms


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the contents: the heading, the piece it stands in, its id there, and the entries under it."""

    title: str
    subtitle: str
    piece: str
    anchor: str
    children: tuple["Entry", ...] = ()


def contents(book: Book, pieces: Iterable[Piece], lang: str) -> tuple[Entry, ...]:
    """Entries to every level. A section without a heading gives none; its sub-sections take its place.

    A book without any heading gives one entry, 正文, so that a reader has somewhere to go.
    """
    pieces = tuple(pieces)
    where = {anchor: piece.anchor for piece in pieces for anchor in piece.anchors}
    entries = [*_entries(book.sections, where)]
    if not entries and pieces:
        entries = [Entry(terms(lang).body, "", pieces[0].anchor, pieces[0].anchor)]
    entries += [Entry(piece.title, "", piece.anchor, piece.anchor) for piece in pieces if piece.kind is None]
    return tuple(entries)


def _entries(sections: Iterable[Section], where: dict[str, str]) -> Iterator[Entry]:
    for section in sections:
        children = tuple(_entries(section.sections, where))
        title = title_text(section.title)
        if title:
            yield Entry(title, title_text(section.subtitle), where[section.anchor], section.anchor, children)
        else:
            yield from children


def depth(entries: Iterable[Entry]) -> int:
    """How many levels the contents have."""
    return max((1 + depth(entry.children) for entry in entries), default=0)
