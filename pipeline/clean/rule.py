"""The two shapes of a cleaning rule: a value that proposes and never changes anything."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from pipeline.ledger import Confidence, Fix
from pipeline.pages import Page


@dataclass(frozen=True, slots=True)
class LineRule:
    """A rule that sees one line at a time. `why` is the reason, in Chinese, that the ledger gives."""

    id: str
    confidence: Confidence
    find: Callable[[str], Iterable[Fix]]
    why: str


@dataclass(frozen=True, slots=True)
class BookRule:
    """A rule that needs the whole text, for running heads and the like; it yields (line, fix)."""

    id: str
    confidence: Confidence
    find: Callable[[Sequence[str], Sequence[Page]], Iterable[tuple[int, Fix]]]
    why: str


CleaningRule: TypeAlias = LineRule | BookRule
