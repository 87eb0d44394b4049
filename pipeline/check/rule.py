"""What a rule of the check sees and says: places in somebody's e-book, each with what is wrong and what to do."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from pipeline.check.reading import Opened


@dataclass(frozen=True, slots=True)
class Place:
    """Where: a file of the e-book, a line of it (from 1; 0 where there is none), and the words that show it."""

    file: str
    line: int
    excerpt: str


@dataclass(frozen=True, slots=True)
class CheckRule:
    """A rule: its id, what is wrong and what to do about it (in Chinese), and how it finds such places."""

    id: str
    why: str
    advice: str
    find: Callable[[Opened], Iterable[Place]]


@dataclass(frozen=True, slots=True)
class Finding:
    """One place where one rule found something."""

    rule: str
    place: Place
    why: str
    advice: str
