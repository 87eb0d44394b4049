"""Cleaning: the rules, in the order they run. It changes characters and never moves lines.

Order is meaning; where it matters a comment says why.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.clean.rule import BookRule, CleaningRule, LineRule
from pipeline.ledger import Confidence, Edit, Fix, record
from pipeline.pages import Page

RULES: tuple[CleaningRule, ...] = ()


@dataclass(frozen=True, slots=True)
class Cleaned:
    """Cleaned lines (as many as the seed's), the edits that made them in order, and what was only proposed."""

    lines: tuple[str, ...]
    ledger: tuple[Edit, ...]
    doubts: tuple[Edit, ...]


def clean(seed: Sequence[str], pages: Sequence[Page] = (), rules: Sequence[CleaningRule] = RULES) -> Cleaned:
    """Run `rules` over the lines, one after the other, each over the whole text."""
    lines, ledger, doubts = list(seed), list[Edit](), list[Edit]()
    for rule in rules:
        for edit in _proposals(rule, lines, pages):
            if edit.confidence is Confidence.DOUBTFUL:
                doubts.append(edit)
            else:
                lines[edit.line] = edit.apply(lines[edit.line])
                ledger.append(edit)
    return Cleaned(tuple(lines), tuple(ledger), tuple(doubts))


def _proposals(rule: CleaningRule, lines: Sequence[str], pages: Sequence[Page]) -> list[Edit]:
    """All edits of one rule, found before any is applied."""
    match rule:
        case LineRule():
            found = ((line, list(rule.find(text))) for line, text in enumerate(lines) if text)
        case BookRule():
            by_line: dict[int, list[Fix]] = {}
            for line, fix in rule.find(lines, pages):
                by_line.setdefault(line, []).append(fix)
            found = ((line, by_line[line]) for line in sorted(by_line))
    return [
        edit
        for line, fixes in found
        if fixes
        for edit in record(rule.id, line, lines[line], fixes, rule.confidence, rule.why)
    ]
