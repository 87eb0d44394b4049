"""Cleaning: the rules, in the order they run. It changes characters and never moves lines.

Each rule is a file; its docstring says what it repairs, why, and what it leaves alone. What structuring needs survives:
leading `#`, paired `**` in prose, lists, tables, pictures, note marks and indents.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import accumulate

from pipeline.clean import (
    bracket_pairs,
    code_fences,
    compatibility_characters,
    confused_digits,
    control_characters,
    dashes,
    decoration,
    doubled_at_break,
    doubled_lines,
    doubled_marks,
    doubled_pages,
    ellipses,
    english_and,
    folio,
    fullwidth_letters,
    halfwidth_brackets,
    halfwidth_punctuation,
    han_zero,
    html_entities,
    html_remnants,
    interpunct,
    invisible_characters,
    latin_hyphenation,
    lookalike_letters,
    math_remnants,
    model_talk,
    mojibake,
    page_markers,
    private_use,
    quotation_marks,
    running_head,
    scanner_lines,
    spaced_heading,
    spaces_between_han,
    stray_bullets,
    stray_emphasis,
)
from pipeline.clean.rule import BookRule, CleaningRule, LineRule
from pipeline.ledger import Confidence, Edit, Fix, apply, record
from pipeline.pages import Page

__all__ = ["RULES", "Cleaned", "clean"]

RULES: tuple[CleaningRule, ...] = (
    # What no one can see, or what was decoded wrongly: first, so that all others read plain characters.
    mojibake.RULE,
    control_characters.RULE,
    latin_hyphenation.RULE,  # reads soft hyphens at line ends, which the next rule leaves
    invisible_characters.RULE,
    compatibility_characters.RULE,
    private_use.RULE,
    # What a tool left around the text. Entities first: they may hide a tag.
    html_entities.RULE,
    page_markers.RULE,
    code_fences.RULE,
    html_remnants.RULE,
    math_remnants.RULE,
    model_talk.RULE,
    scanner_lines.RULE,
    # What the printer set outside the text.
    running_head.RULE,
    folio.RULE,
    doubled_pages.RULE,  # before lines: a page that is doubled line by line is still a page
    doubled_lines.RULE,
    stray_emphasis.RULE,
    stray_bullets.RULE,
    decoration.RULE,
    spaced_heading.RULE,
    # Letters and digits, before marks: a mark is judged by its neighbours.
    fullwidth_letters.RULE,
    lookalike_letters.RULE,
    confused_digits.RULE,
    han_zero.RULE,
    english_and.RULE,
    # Marks. Brackets and dashes before quotation marks, which lean on them; spaces last, they tell which way marks turn.
    bracket_pairs.RULE,
    halfwidth_brackets.RULE,
    halfwidth_punctuation.RULE,
    dashes.RULE,
    ellipses.RULE,
    doubled_marks.RULE,
    quotation_marks.RULE,
    interpunct.RULE,
    spaces_between_han.RULE,
    doubled_at_break.RULE,  # last: it compares what is left
)

_PASSES = 12  # a rule may uncover work for an earlier one; real texts are settled after two passes


@dataclass(frozen=True, slots=True)
class Cleaned:
    """Cleaned lines (as many as the seed's), the edits that made them in order, and what was only proposed.

    The columns of doubts are those of the cleaned lines.
    """

    lines: tuple[str, ...]
    ledger: tuple[Edit, ...]
    doubts: tuple[Edit, ...]


def clean(seed: Sequence[str], pages: Sequence[Page] = (), rules: Sequence[CleaningRule] = RULES) -> Cleaned:
    """Run `rules` over the lines, one after the other, each over the whole text, until none has anything to change.

    After the first pass only lines that changed are looked at again (rules over the whole book look at the whole book).
    """
    text = _Text(list(seed))
    ledger = list[Edit]()
    doubts: dict[tuple[int, int], list[Edit]] = {}  # by rule and line
    lines: set[int] | None = None  # None: all
    for _ in range(_PASSES):
        changed = set[int]()
        for number, rule in enumerate(rules):
            if isinstance(rule, BookRule):  # it looks at everything again
                doubts = {place: edits for place, edits in doubts.items() if place[0] != number}
            for line, edits in _proposals(rule, text, pages, lines):
                made = [edit for edit in edits if edit.confidence is not Confidence.DOUBTFUL]
                doubts[number, line] = edits if not made else [e for e in edits if e.confidence is Confidence.DOUBTFUL]
                if made:
                    text.replace(line, apply(text.lines[line], made), made)
                    changed.add(line)
                    ledger += made
        if not changed:
            break
        lines = changed
        doubts = {place: edits for place, edits in doubts.items() if place[1] not in changed}
    return Cleaned(tuple(text.lines), tuple(ledger), _in_order(doubts))


def _in_order(doubts: dict[tuple[int, int], list[Edit]]) -> tuple[Edit, ...]:
    return tuple(edit for place in sorted(doubts) for edit in doubts[place])


@dataclass(slots=True)
class _Text:
    """The lines while they change, and quick answers about which of them hold a character."""

    lines: list[str]
    alphabet: set[str] = field(init=False)
    _joined: str | None = None
    _starts: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._join()
        self.alphabet = set(self._joined or "")

    def _join(self) -> str:
        if self._joined is None:
            self._joined = "\n".join(self.lines)
            self._starts = list(accumulate((len(line) + 1 for line in self.lines), initial=0))
        return self._joined

    def replace(self, line: int, after: str, edits: Iterable[Edit]) -> None:
        self.lines[line] = after
        for edit in edits:
            self.alphabet.update(edit.after)
        self._joined = None

    def holding(self, characters: Iterable[str]) -> list[int]:
        """The lines that hold any of `characters`, in order."""
        joined, starts = self._join(), self._starts
        found = set[int]()
        for char in characters:
            at = joined.find(char)
            while at >= 0:
                line = bisect_right(starts, at) - 1
                found.add(line)
                at = joined.find(char, starts[line + 1])
        return sorted(found)


def _proposals(
    rule: CleaningRule, text: _Text, pages: Sequence[Page], only: set[int] | None
) -> Iterator[tuple[int, list[Edit]]]:
    """The edits of one rule, line by line; all are found before any is applied."""
    present = set(rule.trigger) & text.alphabet
    if rule.trigger and not present:
        return
    found: dict[int, list[Fix]] = {}
    match rule:
        case LineRule():
            for line in _shown(text, present, only):
                if fixes := list(rule.find(text.lines[line])):
                    found[line] = fixes
        case BookRule():
            for line, fix in rule.find(text.lines, pages):
                found.setdefault(line, []).append(fix)
    for line in sorted(found):
        if edits := list(record(rule.id, line, text.lines[line], found[line], rule.confidence, rule.why)):
            yield line, edits


def _shown(text: _Text, present: set[str], only: set[int] | None) -> Iterable[int]:
    """The lines a line rule must look at."""
    lines: Iterable[int] = range(len(text.lines)) if only is None else sorted(only)
    if not present:
        return (line for line in lines if text.lines[line])
    if only is None:
        return text.holding(present)
    return (line for line in lines if not present.isdisjoint(text.lines[line]))
