"""The shapes of a cleaning rule: a value that proposes and never changes anything."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from pipeline.clean.reading import Reading
from pipeline.ledger import Confidence, Fix
from pipeline.pages import Page


@dataclass(frozen=True, slots=True)
class LineRule:
    """A rule that sees one line at a time. `why` is the reason, in Chinese, that the ledger gives.

    `trigger` saves time and means nothing else: a line that holds none of these characters (or, as a tuple, none of
    these words) is never shown to `find`, because the rule could not change it. Empty: every line is shown.
    """

    id: str
    confidence: Confidence
    find: Callable[[str], Iterable[Fix]]
    why: str
    trigger: str | tuple[str, ...] = ""


@dataclass(frozen=True, slots=True)
class BookRule:
    """A rule that needs the whole text, for running heads and the like; it yields (line, fix).

    `trigger` as for LineRule: where the whole text holds none of it, `find` is not asked.
    """

    id: str
    confidence: Confidence
    find: Callable[[Sequence[str], Sequence[Page]], Iterable[tuple[int, Fix]]]
    why: str
    trigger: str | tuple[str, ...] = ""


@dataclass(frozen=True, slots=True)
class ProofRule:
    """A rule of the proofreader: it sees the text as running words, with what the language and the book say of them.

    It yields (line, fix). Its doubts compete with those of the other proofreading rules by their `gain`: only the best
    are shown, at most one for every 500 characters.
    """

    id: str
    confidence: Confidence
    find: Callable[[Reading], Iterable[tuple[int, Fix]]]
    why: str
    trigger: str | tuple[str, ...] = ""


CleaningRule: TypeAlias = LineRule | BookRule | ProofRule
