"""From the folders of build/ to cards: only what is whole, and made from the same text as the rest of its book.

A book is on the shelf if its .toml says by what right. A file whose key is not that of its book's snapshots was made
from an older text, or with other looks, and stays off: nobody shall find two texts of one book on a shelf.
"""

import json
import os
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any

from pipeline import book_json, config, editions, store
from pipeline.book import Book, Edition, Repairs, Section, SectionKind
from pipeline.catalogue import package
from pipeline.catalogue.card import Card, Download, EditionCard, Heading, Maker, Repair, load, showable
from pipeline.config import ConvertSettings, Settings
from pipeline.conversion import quotes
from pipeline.conversion.translator import translator
from pipeline.errors import PipelineError
from pipeline.notice import Notice, Severity
from pipeline.render.html import title_text
from pipeline.render.pinyin import file_as
from pipeline.render.stamp import identifier, moment
from pipeline.render.web import file_name
from pipeline.source import Seed
from pipeline.store import Entry, Shelf

MEDIA_TYPES = {"epub": "application/epub+zip", "pdf": "application/pdf", "web.zip": "application/zip"}
CACHE = ".catalogue.json"
_BOOK, _LEDGER, _CLEANED, _REVIEW = "4-book.json", "3-ledger.jsonl", "2-cleaned.txt", "review.html"
_DATED_BY = "SOURCE_DATE_EPOCH"


@dataclass(frozen=True, slots=True)
class Place:
    """A book that may be shelved: its folder's name, its seed, and digests of what its card is made from."""

    name: str
    seed: Seed
    manifest: bytes
    settings: bytes

    @property
    def digest(self) -> str:
        """A digest that changes with the built files and with what the publisher says."""
        return store.key(self.name, self.manifest, self.settings)


@dataclass(frozen=True, slots=True)
class Found:
    """What became of a place: a card, or none; and what is to be said of it."""

    place: Place
    card: Card | None
    notices: tuple[Notice, ...] = ()
    error: PipelineError | None = None


def places(seeds: Sequence[Seed], out: Path) -> tuple[Place, ...]:
    """Each book of the library, with the manifest that its last build left (empty where there was none)."""
    return tuple(
        Place(name, seed, _bytes(out / name / store.MANIFEST), _bytes(seed.settings))
        for name, seed in zip(store.folder_names(seeds), seeds, strict=True)
    )


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""


# ---------------------------------------------------------------- all books, what is known kept


def gather(found: Sequence[Place], out: Path, looks: str) -> Iterator[Found]:
    """Every place's card, the known ones from the last run. `looks` is the style key of this build."""
    memory = _Memory(out, looks)
    for place in found:
        known = memory.card(place)
        told = known if known is not None else _found(place, out, looks)
        memory.keep(place, told)
        yield told
    memory.write()


def remembered(found: Sequence[Place], out: Path, looks: str) -> list[tuple[Place, bool, tuple[Notice, ...]]] | None:
    """For a run with nothing to do: whether each place has a card, and its notices; None where one is not known."""
    memory = _Memory(out, looks)
    told = [memory.told(place) for place in found]
    return [(place, *known) for place, known in zip(found, told, strict=True) if known] if all(told) else None


class _Memory:
    """What the last run found, by book: good as long as the program, the build and the .toml are the same."""

    def __init__(self, out: Path, looks: str) -> None:
        self.path = out / CACHE
        self.program = store.key(store.program_key(), looks, os.environ.get(_DATED_BY, ""))
        self.known = self._read()
        self.kept: dict[str, Any] = {}

    def _read(self) -> dict[str, Any]:
        try:
            said = json.loads(self.path.read_bytes())
            return dict(said["books"]) if said["program"] == self.program else {}
        except (OSError, ValueError, KeyError, TypeError, RecursionError):
            return {}

    def told(self, place: Place) -> tuple[bool, tuple[Notice, ...]] | None:
        try:
            digest, card, notices = self.known[place.name]
            said = tuple(Notice(code, message, severity=Severity(severity)) for code, message, severity in notices)
        except (KeyError, ValueError, TypeError):
            return None
        return (card is not None, said) if digest == place.digest else None

    def card(self, place: Place) -> Found | None:
        told = self.told(place)
        if told is None:
            return None
        try:
            card = load(Card, self.known[place.name][1]) if told[0] else None
        except (ValueError, TypeError):
            return None
        return Found(place, card, told[1])

    def keep(self, place: Place, found: Found) -> None:
        if found.error is None:
            self.kept[place.name] = [place.digest, found.card and asdict(found.card), _told(found.notices)]

    def write(self) -> None:
        if self.kept != self.known:
            said = {"program": self.program, "books": self.kept}
            store.write(self.path, json.dumps(said, ensure_ascii=False).encode("utf-8", "backslashreplace"))


def _told(notices: Sequence[Notice]) -> list[list[str]]:
    return [[notice.code, notice.message, notice.severity.value] for notice in notices]


def _found(place: Place, out: Path, looks: str) -> Found:
    try:
        card, notices = _Gatherer(place, out, looks).card()
    except PipelineError as error:
        return Found(place, None, error=error)
    return Found(place, card, notices)


# ---------------------------------------------------------------- one book


class _Gatherer:
    """Makes the card of one book, and notes what had to stay off."""

    def __init__(self, place: Place, out: Path, looks: str) -> None:
        self.place, self.looks = place, looks
        self.shelf: Shelf = store.shelf(out, place.name)
        self.settings: Settings = config.read(place.seed.settings)
        self.notices: list[Notice] = []

    def card(self) -> tuple[Card | None, tuple[Notice, ...]]:
        said = self.settings.shelf
        if not said.rights:
            self._note("no-rights", _NO_RIGHTS.format(path=self.place.seed.settings))
            return None, tuple(self.notices)
        if _BOOK not in self.shelf.entries:
            raise PipelineError("还没有做成书，不能上架", remedy="先运行 make all 或 make shelf", where=self._where)
        book = self._book()
        made = tuple(self._editions(book))
        if not made:
            self._note("nothing-built", f"{self.place.name}：没有一个成品可以上架，请先 make all 或 make shelf")
            return None, tuple(self.notices)
        return showable(self._card(book, made)), tuple(self.notices)

    @property
    def _where(self) -> str:
        return str(self.shelf.folder)

    def _note(self, code: str, message: str) -> None:
        self.notices.append(Notice(code, message, severity=Severity.WARNING))

    def _read(self, name: str) -> str:
        entry = self.shelf.entries.get(name)
        if entry is None or not self.shelf.has(name, entry.key):
            raise PipelineError(f"{name} 不见了，或被改动过", remedy="再运行一次 make all", where=self._where)
        return (self.shelf.folder / name).read_text("utf-8")

    def _book(self) -> Book:
        try:
            return book_json.load_outline(self._read(_BOOK))
        except ValueError as error:
            raise PipelineError(f"{_BOOK} 读不懂", remedy="再运行一次 make all", where=self._where) from error

    # ------------------------------------------------------------ the whole book

    def _card(self, book: Book, made: tuple[EditionCard, ...]) -> Card:
        data, said = book.metadata, self.settings
        title = data.title or self.place.seed.name
        makers = tuple(Maker(each.name, each.role, file_as(each.name)) for each in data.creators)
        counts, doubts = self._repairs()
        return Card(
            name=self.place.name,
            title=title,
            subtitle=data.subtitle,
            sort=file_as(title) or title,
            series=data.series,
            makers=makers,
            publisher=data.publisher,
            place=data.place,
            isbn=data.isbn,
            date=data.date,
            words=data.words,
            classes=data.classes,
            subjects=data.subjects,
            lang=book.lang,
            description=said.book.description,
            rights=said.shelf.rights,
            licence=said.shelf.licence,
            statement=said.book.rights,
            since=said.shelf.since,
            other_titles=_other_script(" ".join((title, *(maker.name for maker in makers))), book.lang),
            contents=tuple(_headings(book.sections)),
            characters=len("".join(self._read(_CLEANED).split())),
            repairs=counts,
            doubts=doubts,
            review=self._review(),
            cover=next((each.name for each in made if any(file.format == "epub" for file in each.files)), ""),
            editions=made,
        )

    def _repairs(self) -> tuple[tuple[Repair, ...], int]:
        """How often each kind of fault was mended, the most frequent first, and how many doubts were left."""
        counts: Counter[str] = Counter()
        whys: dict[str, str] = {}
        doubts = 0
        for line in self._read(_LEDGER).splitlines():
            edit = json.loads(line)
            if edit["applied"]:
                counts[edit["rule"]] += 1
                whys.setdefault(edit["rule"], edit["why"])
            else:
                doubts += 1
        return tuple(Repair(whys[rule] or rule, count) for rule, count in counts.most_common()), doubts

    def _review(self) -> Download | None:
        entry = self.shelf.entries.get(_REVIEW)
        if not self.settings.shelf.review or entry is None or not self.shelf.has(_REVIEW, entry.key):
            return None
        return Download(_REVIEW, "review", "text/html", entry.size, entry.sha256)

    # ------------------------------------------------------------ editions

    def _editions(self, book: Book) -> Iterator[EditionCard]:
        made = dict[str, list[Download]]()
        for name, entry in self.shelf.entries.items():
            edition, _, form = name.removeprefix(f"{self.place.name}.").partition(".")
            ours = name.startswith(f"{self.place.name}.") and form in MEDIA_TYPES and edition in editions.EDITIONS
            if ours and self._is_current(name, entry, edition, form):
                made.setdefault(edition, []).append(
                    Download(name, form.removesuffix(".zip"), MEDIA_TYPES[form], entry.size, entry.sha256)
                )
        for edition in editions.EDITIONS:
            if edition in made:
                yield self._edition(book, edition, made[edition])

    def _is_current(self, name: str, entry: Entry, edition: str, form: str) -> bool:
        key = store.part_key(self.shelf.entries[_BOOK].key, edition, form.removesuffix(".zip"), self.looks)
        if self.shelf.has(name, key):
            return True
        why = "是照从前的文字或样式做的" if entry.key != key else "不见了，或被改动过"
        self._note("stale-file", f"{name} {why}，没有上架；再做一次这个版本就好")
        return False

    def _edition(self, book: Book, name: str, made: Sequence[Download]) -> EditionCard:
        web = next((file for file in made if file.format == "web"), None)
        files = tuple(file for file in made if file.format != "web")
        plain = _as_the_book_says(self.place, book, name, files, web)
        epub = next((file for file in files if file.format == "epub"), None)
        if epub is None:
            return plain
        try:
            return package.said_by(self.shelf.folder / epub.name, plain)
        except package.UnreadableError as error:
            raise PipelineError(
                f"{epub.name} 打不开：{error}", remedy="用 --force 再做一次这本书", where=self._where
            ) from error


_NO_RIGHTS = (
    "没有写明凭什么发行，所以没有上架。在 {path} 里加上 [shelf] 一节，写一行 rights：公有领域写 "
    'rights = "public-domain"，版权是自己的写 rights = "own"，按许可发行写许可的名称，如 rights = "CC-BY-4.0"'
)


def _as_the_book_says(
    place: Place, book: Book, name: str, files: tuple[Download, ...], web: Download | None
) -> EditionCard:
    data = book.metadata
    lang = editions.LANGS.get(name, book.lang)
    urn = identifier(Edition(place.name, name, lang, Book(data, book.lang, (), ()), Repairs(), ""))
    turn = _turner(book.lang, lang)
    return EditionCard(
        name=name,
        lang=lang,
        identifier=urn,
        modified=moment().strftime("%Y-%m-%dT%H:%M:%SZ"),
        title=turn(data.title or place.seed.name),
        subtitle=turn(data.subtitle),
        makers=tuple(Maker(turn(each.name), turn(each.role), file_as(each.name)) for each in data.creators),
        publisher=turn(data.publisher),
        files=files,
        web=web,
    )


# ---------------------------------------------------------------- words


@cache
def _turner(own: str, lang: str) -> Callable[[str], str]:
    """What turns the book's own words into the script of `lang`; nothing where they are in it."""
    if own.startswith("zh-Hant") == lang.startswith("zh-Hant"):
        return lambda words: words
    if lang == "zh-Hans":
        turn = translator("hant-tw", "hans", settings=ConvertSettings())
        return lambda words: quotes.to_curly(turn.text(words))
    turn = translator("hans", "hant-hk" if lang.endswith("HK") else "hant-tw", settings=ConvertSettings())
    return lambda words: quotes.to_corners(turn.text(words))


def _other_script(words: str, lang: str) -> str:
    return _turner(lang, "zh-Hans" if lang.startswith("zh-Hant") else "zh-Hant-TW")(words)


def _headings(sections: Sequence[Section], page: str = "") -> Iterator[Heading]:
    """The contents; a section without a heading gives way to those under it.

    `page` is the reading page that holds the sections; "" where each begins its own, as chapters of a part do.
    """
    for section in sections:
        title = title_text(section.title)
        own = page or file_name(section.anchor)
        cut = section.kind is SectionKind.PART and not page
        under = tuple(_headings(section.sections, "" if cut else own))
        if title:
            yield Heading(title, f"{own}#{section.anchor}" if page else own, under)
        else:
            yield from under
