"""The ledger: every change made to the seed's text, in order, with why, and how to undo it."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import groupby


class Confidence(Enum):
    """How sure a rule is. The word decides what happens; the scorer measures whether the claim holds."""

    CERTAIN = "certain"  # cannot be anything else: applied, listed in the ledger
    LIKELY = "likely"  # right on nearly every page: applied, shown for review
    DOUBTFUL = "doubtful"  # a guess: never applied, only proposed to the reviewer


@dataclass(frozen=True, slots=True)
class Fix:
    """What a rule proposes: put `after` where the line has columns [start, end).

    `why` and `confidence` speak for this one place; left out, the rule's own hold. `gain` ranks doubts: how many right
    characters a person may expect from looking here, 0 to 1; 0 where nobody has measured it.
    """

    start: int
    end: int
    after: str
    why: str = ""
    confidence: Confidence | None = None
    gain: float = 0.0


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
    gain: float = 0.0

    def apply(self, text: str) -> str:
        """`text` with this edit made."""
        return text[: self.start] + self.after + text[self.start + len(self.before) :]


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
            sure = fix.confidence or confidence
            yield Edit(rule, line, fix.start, before, fix.after, sure, fix.why or why, fix.gain)


def apply(text: str, edits: Sequence[Edit]) -> str:
    """`text` with the edits that one rule made to it, as `record` gives them: right to left. Linear in the text."""
    pieces: list[str] = []
    end = len(text)
    for edit in edits:
        pieces += (text[edit.start + len(edit.before) : end], edit.after)
        end = edit.start
    pieces.append(text[:end])
    return "".join(reversed(pieces))


def undo(lines: Sequence[str], ledger: Sequence[Edit]) -> tuple[str, ...]:
    """The seed, rebuilt from the cleaned lines and the edits that made them. Linear in the text and the ledger."""
    seed = list(lines)
    for _, edits in groupby(reversed(ledger), key=lambda edit: (edit.line, edit.rule)):
        for run in _leftmost_first(edits):
            seed[run[0].line] = _undone(seed[run[0].line], run)
    return tuple(seed)


def _leftmost_first(edits: Iterable[Edit]) -> Iterator[list[Edit]]:
    """Edits of one rule on one line, last first, cut where the columns fall back: there an earlier pass begins."""
    run: list[Edit] = []
    for edit in edits:
        if run and edit.start < run[-1].start + len(run[-1].before):
            yield run
            run = []
        run.append(edit)
    if run:
        yield run


def _undone(text: str, edits: Sequence[Edit]) -> str:
    """`text` with edits taken back that were made together; their columns count in what will be restored."""
    pieces: list[str] = []
    at = shift = 0  # the column of `text` we have come to, and how far it lies from the restored one
    for edit in edits:
        start = edit.start + shift
        pieces += (text[at:start], edit.before)
        at = start + len(edit.after)
        shift += len(edit.after) - len(edit.before)
    pieces.append(text[at:])
    return "".join(pieces)


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
                **({"gain": round(edit.gain, 3)} if edit.gain else {}),
            },
            ensure_ascii=False,
        )
        + "\n"
        for edit in edits
    )
