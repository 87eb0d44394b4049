"""The shelf: what is built, as a folder that any static host can serve and that people, reading apps and shops read.

`shelve` is the whole way: cards from what the build wrote, pages and feeds from the cards, all into a folder that takes
the old one's place in one step. With nothing changed it looks, and leaves everything as it is.
"""

import json
import os
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from pipeline import source, store
from pipeline.catalogue import checksums, feeds, folder, gather, onix, opds, pages, settings
from pipeline.catalogue.card import Card
from pipeline.catalogue.folder import Draft, Record
from pipeline.catalogue.gather import Place
from pipeline.catalogue.pages import Pages, Pictured
from pipeline.catalogue.settings import ShelfSettings
from pipeline.errors import PipelineError
from pipeline.notice import Notice
from pipeline.render.stamp import moment
from pipeline.source import Seed
from pipeline.style import STYLES, Style, load

LOOKS = STYLES / "shelf"
_DATED_BY = "SOURCE_DATE_EPOCH"


@dataclass(frozen=True, slots=True)
class Request:
    """What is to be shelved: the library, where its build is, where the shelf goes, and what is said of it."""

    seeds: tuple[Path, ...]
    built: Path
    to: Path
    settings: Path


@dataclass(frozen=True, slots=True)
class LeftOff:
    """A book, or a file of it, that is not on the shelf, and what to do about it."""

    book: str
    where: str
    notice: Notice


@dataclass(frozen=True, slots=True)
class Refused:
    """A book that cannot be shelved since something is wrong with it."""

    book: str
    error: PipelineError


@dataclass(frozen=True, slots=True)
class Shelved:
    """The shelf stands: so many books and files; `fresh` files are new or changed, `gone` are no more."""

    to: Path
    books: int
    files: int
    fresh: int
    gone: int


Event: TypeAlias = LeftOff | Refused | Shelved


def shelve(request: Request) -> Generator[Event, None, None]:
    """Put the library on the shelf.

    Raises SettingsError for a shelf.toml that cannot be taken, SourceError where there is no seed, OutputError where
    the shelf cannot be written, ToolError where it cannot be signed. What is wrong with a book is an event.
    """
    said = settings.read(request.settings)
    seeds = _seeds(request.seeds)
    with store.locked(request.built, lambda: None):
        folder.refuse_foreign(request.to)
        yield from _Shelving(request, said, gather.places(seeds, request.built)).events()


def told(event: Event) -> str:
    """An event as a line for people."""
    match event:
        case LeftOff(book=book, notice=notice):
            return f"提醒 {book}：{notice.message}"
        case Refused(book=book, error=error):
            return f"失败：{book}：{error}"
        case Shelved():
            change = f"新做 {event.fresh} 个文件，撤下 {event.gone} 个" if event.fresh or event.gone else "没有变化"
            return f"书架上有 {event.books} 种书，{event.files} 个文件，{change}"


def as_json(event: Event) -> str:
    """An event as one line of JSON: its name under "event", its parts beside it."""
    match event:
        case LeftOff(book=book, where=where, notice=notice):
            said = {"event": "leftoff", "book": book, "where": where, "code": notice.code, "message": notice.message}
        case Refused(book=book, error=error):
            said = {
                "event": "refused",
                "book": book,
                "where": error.where,
                "message": error.message,
                "remedy": error.remedy,
            }
        case Shelved(to=to, books=books, files=files, fresh=fresh, gone=gone):
            counts = {"books": books, "files": files, "fresh": fresh, "gone": gone}
            return json.dumps({"event": "shelved", "to": str(to), **counts}, ensure_ascii=False)
    return json.dumps(said, ensure_ascii=False)


def books_key(style: Style) -> str:
    """The key of the looks that the books on the shelf must have been made with."""
    return store.style_key(style, os.environ.get(_DATED_BY, ""))


def _seeds(paths: Sequence[Path]) -> tuple[Seed, ...]:
    found: dict[tuple[Path, ...], Seed] = {}
    for path in paths:
        for seed in source.resolve(path):
            found.setdefault(tuple(file.resolve() for file in seed.files), seed)
    return tuple(found.values())


class _Shelving:
    """One run: from places to a published shelf."""

    def __init__(self, request: Request, said: ShelfSettings, places: tuple[Place, ...]) -> None:
        self.request, self.said, self.places = request, said, places
        dated = os.environ.get(_DATED_BY, "")
        self.style: Style = load(LOOKS)
        self.books = load()
        self.looks = books_key(self.books)
        self.key = store.key(
            store.program_key(),
            self.looks,
            store.style_key(self.style, dated),
            repr(said),
            *(place.digest for place in places),
        )

    def events(self) -> Iterator[Event]:
        if (known := self._unchanged()) is not None:
            yield from known
            return
        cards: list[Card] = []
        for found in gather.gather(self.places, self.request.built, self.looks):
            if found.error is not None:
                yield Refused(found.place.name, found.error)
            yield from self._left_off(found.place, found.notices)
            if found.card is not None:
                cards.append(found.card)
        cards.sort(key=lambda card: (card.sort.casefold(), card.name))
        cards.sort(key=lambda card: card.since or card.modified, reverse=True)
        with Draft(self.request.to) as draft:
            self._fill(draft, cards)
            gone = draft.publish(self.key)
            yield Shelved(self.request.to, len(cards), len(draft.files), draft.made, gone)

    def _unchanged(self) -> list[Event] | None:
        """What there is to tell where the shelf stands as it would be made; None where it does not."""
        old = folder.account(self.request.to)
        if old.key != self.key or not folder.is_whole(self.request.to, old):
            return None
        known = gather.remembered(self.places, self.request.built, self.looks)
        if known is None:
            return None
        events: list[Event] = [event for place, _, notices in known for event in self._left_off(place, notices)]
        books = sum(on_shelf for _, on_shelf, _ in known)
        return [*events, Shelved(self.request.to, books, len(old.files), 0, 0)]

    def _left_off(self, place: Place, notices: Sequence[Notice]) -> Iterator[LeftOff]:
        return (LeftOff(place.name, str(place.seed.settings), notice) for notice in notices)

    def _fill(self, draft: Draft, cards: Sequence[Card]) -> None:
        books = [Pictured(card, self._put_book(draft, card)) for card in cards]
        maker = Pages(self.said, self.style, checksums.signatures(self.said), self.books.render("icon.svg.j2"))
        updated = max((card.modified for card in cards), default=moment().strftime("%Y-%m-%dT%H:%M:%SZ"))
        for path, data in (*maker.furniture(), *maker.lists(books), *map(maker.book, books)):
            draft.write(path, data)
        for path, data in opds.Opds(self.said, books, updated).files():
            draft.write(path, data)
        draft.write("onix.xml", onix.onix(self.said, books, updated))
        draft.write(feeds.NEWS, feeds.news(self.said, books, updated))
        seen = [path for path in draft.files if path.endswith("index.html") or path.startswith("list/")]
        for path, data in feeds.sitemap(self.said, sorted(seen)):
            draft.write(path, data)
        sums = checksums.sums(draft.files)
        draft.write(checksums.SUMS, sums)
        names = checksums.signatures(self.said)
        origin = store.key(sums, self.said.minisign, self.said.gpg)
        if names:
            draft.derive({name: name for name in names}, origin, lambda: dict(checksums.signed(self.said, sums)))

    def _put_book(self, draft: Draft, card: Card) -> bool:
        """The files of one book; tells whether there is a picture of its cover."""
        built = self.request.built / card.name
        files = [file for _, file in card.downloads]
        for file in (*files, *((card.review,) if card.review else ())):
            draft.hand_out(f"{card.folder}/{file.name}", built / file.name, Record(file.sha256, file.size))
        for edition in card.editions:
            if edition.web is not None:
                draft.unpack(f"{card.folder}/read/{edition.name}", built / edition.web.name, edition.web.sha256)
        if readable := [edition for edition in card.editions if edition.web is not None]:
            draft.write(f"{card.folder}/read/editions.js", pages.editions_script(readable))
        return bool(card.cover) and self._put_pictures(draft, card, built)

    def _put_pictures(self, draft: Draft, card: Card, built: Path) -> bool:
        from pipeline.catalogue import covers  # noqa: PLC0415  MuPDF, for those who need it

        (epub,) = (file for edition, file in card.downloads if edition.name == card.cover and file.format == "epub")
        paths = {name: f"{card.folder}/{name}" for name in (covers.COVER, covers.THUMB)}
        made = draft.derive(paths, store.key("cover", epub.sha256), lambda: covers.of_epub(built / epub.name))
        return covers.THUMB in made
