"""The ledger: every change made to the seed's text, in order, with why, and how to undo it."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum


class Confidence(Enum):
    """How sure a rule is. The word decides what happens; the scorer measures whether the claim holds."""

    CERTAIN = "certain"  # cannot be anything else: applied, listed in the ledger
    LIKELY = "likely"  # right on nearly every page: applied, shown for review
    DOUBTFUL = "doubtful"  # a guess: never applied, only proposed to the reviewer


@dataclass(frozen=True, slots=True)
class Fix:
    """What a rule proposes: put `after` where the line has columns [start, end).

    `why` and `confidence` speak for this one place; left out, the rule's own hold.
    """

    start: int
    end: int
    after: str
    why: str = ""
    confidence: Confidence | None = None


@dataclass(frozen=True, slots=True)
class Edit:
    """What the ledger keeps. `line` counts from 0; `start` is a column of the line as the rule saw it."""

    rule: str
    line: int
    start: int
    before: str
    after: str
    confidence: Confidence
    why: str

    def apply(self, text: str) -> str:
        """`text` with this edit made."""
        return text[: self.start] + self.after + text[self.start + len(self.before) :]

    def undo(self, text: str) -> str:
        """`text` with this edit taken back."""
        return text[: self.start] + self.before + text[self.start + len(self.after) :]


def record(rule: str, line: int, text: str, fixes: Iterable[Fix], confidence: Confidence, why: str) -> Iterator[Edit]:
    """The fixes of one rule on one line as edits, right to left, so that no edit moves the columns of the next.

    Fixes that change nothing are dropped. Raises ValueError where two fixes overlap: a fault of the rule.
    """
    edge = len(text) + 1
    for fix in sorted(fixes, key=lambda f: (f.start, f.end), reverse=True):
        if not 0 <= fix.start <= fix.end <= min(edge, len(text)):
            raise ValueError(f"{rule}: fixes overlap or leave the line, line {line + 1}")
        edge = fix.start
        before = text[fix.start : fix.end]
        if before != fix.after:
            yield Edit(rule, line, fix.start, before, fix.after, fix.confidence or confidence, fix.why or why)


def undo(lines: Sequence[str], ledger: Sequence[Edit]) -> tuple[str, ...]:
    """The seed, rebuilt from the cleaned lines and the edits that made them."""
    seed = list(lines)
    for edit in reversed(ledger):
        seed[edit.line] = edit.undo(seed[edit.line])
    return tuple(seed)


def to_json_lines(edits: Iterable[Edit]) -> str:
    """One JSON object a line. Lines are numbered from 1 here, as editors and `explain` count them."""
    return "".join(
        json.dumps(
            {
                "rule": edit.rule,
                "line": edit.line + 1,
                "start": edit.start,
                "before": edit.before,
                "after": edit.after,
                "confidence": edit.confidence.value,
                "applied": edit.confidence is not Confidence.DOUBTFUL,
                "why": edit.why,
            },
            ensure_ascii=False,
        )
        + "\n"
        for edit in edits
    )
