"""What a shelf knows of a book: plain values, so that they can be kept as JSON between runs.

A card is made from what the build wrote (gather.py) and holds nothing of this machine: no path, no clock.
"""

import re
import types
import typing
from collections.abc import Iterator
from dataclasses import dataclass, is_dataclass
from functools import cache

T = typing.TypeVar("T")


@dataclass(frozen=True, slots=True)
class Maker:
    """Who made the book: the name, what he did as the book prints it, and the name in pinyin for sorting."""

    name: str
    role: str
    sort: str = ""


@dataclass(frozen=True, slots=True)
class Download:
    """A file to hand out. `format` is "epub", "pdf" or "web" (a zip that the shelf unpacks to be read)."""

    name: str
    format: str
    media_type: str
    size: int
    sha256: str
    vertical: bool = False


@dataclass(frozen=True, slots=True)
class EditionCard:
    """One script of a book. `name` is the build's ("hant-tw"), `lang` a BCP 47 tag, `identifier` a urn for ever."""

    name: str
    lang: str
    identifier: str
    modified: str
    title: str
    subtitle: str
    makers: tuple[Maker, ...]
    publisher: str
    files: tuple[Download, ...]
    web: Download | None = None

    @property
    def vertical(self) -> bool:
        """Whether one of its files is set in vertical lines."""
        return any(file.vertical for file in self.files)


@dataclass(frozen=True, slots=True)
class Heading:
    """A line of the contents; `address` is where it stands among the reading pages, the same in every edition."""

    title: str
    address: str
    under: tuple["Heading", ...] = ()


@dataclass(frozen=True, slots=True)
class Repair:
    """What kind of fault was mended, and how often."""

    what: str
    count: int


@dataclass(frozen=True, slots=True)
class Card:
    """One book of the shelf. `name` is its folder, in build/ and on the shelf; `sort` its title in pinyin.

    `other_titles` are title and makers in the other script, so that either is found by a search in either.
    `since` is the day it came to the shelf; `cover` the edition whose EPUB carries the picture, "" where none does.
    """

    name: str
    title: str
    subtitle: str
    sort: str
    series: str
    makers: tuple[Maker, ...]
    publisher: str
    place: str
    isbn: str
    date: str
    words: str
    classes: tuple[str, ...]
    subjects: tuple[str, ...]
    lang: str
    description: str
    rights: str
    licence: str
    statement: str
    since: str
    other_titles: str
    contents: tuple[Heading, ...]
    characters: int
    repairs: tuple[Repair, ...]
    doubts: int
    review: Download | None
    cover: str
    editions: tuple[EditionCard, ...]

    @property
    def folder(self) -> str:
        """Where the book's page and files lie on the shelf."""
        return f"books/{self.name}"

    @property
    def repaired(self) -> int:
        """How many places were mended."""
        return sum(repair.count for repair in self.repairs)

    @property
    def downloads(self) -> Iterator[tuple[EditionCard, Download]]:
        """Every file to hand out, by edition."""
        return ((edition, file) for edition in self.editions for file in edition.files)

    @property
    def modified(self) -> str:
        """When it last changed, as an RFC 3339 moment."""
        moments = [edition.modified for edition in self.editions]
        return max([*moments, f"{self.since}T00:00:00Z"] if self.since else moments)


# What no page may hold (HTML § 13.2.3.5) and XML cannot: controls, and code points that are no characters.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")


def showable(value: T) -> T:
    """A card, or a part of one, with U+FFFD for each character that a page may not hold."""
    found: typing.Any = value
    if isinstance(value, str):
        found = _FORBIDDEN.sub("\ufffd", value)
    elif isinstance(value, tuple):
        found = tuple(map(showable, value))
    elif is_dataclass(value) and not isinstance(value, type):
        found = type(value)(**{name: showable(getattr(value, name)) for name in _hints(type(value))})
    return typing.cast("T", found)


# ---------------------------------------------------------------- kept between runs


def load(kind: typing.Any, value: typing.Any) -> typing.Any:
    """A card (or a part of one) from what `dataclasses.asdict` made of it. Raises ValueError where it is none."""
    if is_dataclass(kind):
        return _instance(kind, value)
    if typing.get_origin(kind) is tuple:
        return tuple(load(typing.get_args(kind)[0], item) for item in value)
    if typing.get_origin(kind) in {typing.Union, types.UnionType}:
        return None if value is None else load(typing.get_args(kind)[0], value)
    if type(value) is not kind:
        raise ValueError(f"no {kind}: {value!r}")
    return value


def _instance(kind: typing.Any, value: typing.Any) -> typing.Any:
    if not isinstance(value, dict):
        raise ValueError(f"no {kind}")  # noqa: TRY004  whatever is wrong with it, it is no card
    try:
        return kind(**{name: load(hint, value[name]) for name, hint in _hints(kind).items()})
    except KeyError as error:
        raise ValueError(f"{kind} lacks {error}") from error


@cache
def _hints(kind: typing.Any) -> dict[str, typing.Any]:
    return typing.get_type_hints(kind)
