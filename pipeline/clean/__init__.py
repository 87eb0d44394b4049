"""Cleaning: the rules, in the order they run. It changes characters and never moves lines.

Each rule is a file; its docstring says what it repairs, why, and what it leaves alone. What structuring needs survives:
leading `#`, paired `**` in prose, lists, tables, pictures, note marks and indents.
"""

from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass

from pipeline.clean import (
    bracket_pairs,
    code_fences,
    compatibility_characters,
    confused_digits,
    control_characters,
    dashes,
    decoration,
    doubled_at_break,
    doubled_characters,
    doubled_lines,
    doubled_marks,
    doubled_pages,
    ellipses,
    english_and,
    folio,
    fullwidth_letters,
    gap_read_as_quote,
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
    misread_characters,
    model_talk,
    mojibake,
    near_repeats,
    numbering,
    page_markers,
    private_use,
    quotation_marks,
    running_head,
    scanner_lines,
    spaced_heading,
    spaces_between_han,
    split_title_marks,
    stray_bullets,
    stray_emphasis,
    variant_words,
)
from pipeline.clean.lines import Lines
from pipeline.clean.proofreading import proofread
from pipeline.clean.rule import BookRule, CleaningRule, LineRule, ProofRule
from pipeline.ledger import Confidence, Edit, Fix, apply, record
from pipeline.pages import Page
from pipeline.review import Hearing, Held

__all__ = ["PROOFREADING", "RULES", "Cleaned", "clean"]

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
    # Marks. Brackets and dashes before quotation marks, which lean on them; spaces last, they say which way marks turn.
    split_title_marks.RULE,
    bracket_pairs.RULE,
    halfwidth_brackets.RULE,
    halfwidth_punctuation.RULE,
    dashes.RULE,
    ellipses.RULE,
    doubled_marks.RULE,
    gap_read_as_quote.RULE,  # before marks are paired: it takes out what is none
    quotation_marks.RULE,
    interpunct.RULE,
    spaces_between_han.RULE,
    doubled_at_break.RULE,  # last: it compares what is left
)

# The proofreader: it reads the text that the rules have left at rest. Where two want the same place, the first has it.
PROOFREADING: tuple[ProofRule, ...] = (
    misread_characters.RULE,
    variant_words.RULE,
    numbering.RULE,
    near_repeats.RULE,
    doubled_characters.RULE,
)

_PASSES = 12  # a rule may uncover work for an earlier one; real texts are settled after two passes


@dataclass(frozen=True, slots=True)
class Cleaned:
    """Cleaned lines (as many as the seed's), the edits that made them in order, and what was only proposed.

    The columns of doubts are those of the cleaned lines, and so are those of `held`: places that a person decided upon.
    """

    lines: tuple[str, ...]
    ledger: tuple[Edit, ...]
    doubts: tuple[Edit, ...]
    held: tuple[Held, ...] = ()


def clean(
    seed: Sequence[str],
    pages: Sequence[Page] = (),
    rules: Sequence[CleaningRule] = RULES,
    hearing: Hearing | None = None,
) -> Cleaned:
    """Run `rules` over the lines, one after the other, each over the whole text, until none has anything to change.

    After the first pass only lines that changed are looked at again (rules over the whole book look at the whole book).
    The proofreading rules among them read the text when the others have come to rest; what they mend is cleaned again.
    `hearing` is what a person decided; it speaks to every proposal, and corrects when the rules have come to rest.
    Raises SettingsError where a decision meets nothing.
    """
    hearing = hearing or Hearing()
    lines = Lines(seed)
    ledger = list[Edit]()
    doubts: dict[int, dict[int, list[Edit]]] = {}  # by rule, then by line
    shown: Container[int] = range(len(lines))  # at first all lines
    proofreading = [(number, rule) for number, rule in enumerate(rules) if isinstance(rule, ProofRule)]
    for _ in range(_PASSES):
        changed = set[int]()
        for number, rule in enumerate(rules):
            if isinstance(rule, ProofRule):
                continue
            if rule.trigger and not any(words[0] in lines.alphabet for words in rule.trigger):
                continue
            found = _fixes(rule, lines, shown, pages)
            if isinstance(rule, BookRule):
                doubts[number] = {}  # it has looked at everything again
            for line, made in _made(rule, lines, found, hearing, doubts.setdefault(number, {})):
                changed.add(line)
                ledger += made
        if not changed and proofreading:
            for line, made in _proofread(proofreading, lines, pages, hearing, doubts):
                changed.add(line)
                ledger += made
        if not changed:
            for line, corrected in hearing.corrections(lines):
                lines[line] = apply(lines[line], corrected)
                changed.add(line)
                ledger += corrected
        if not changed:
            break
        shown = changed
        doubts = _without(doubts, changed)
    unsure = tuple(_flat(doubts))
    hearing.refuse_unmet(seed, lines, (*ledger, *unsure))
    return Cleaned(tuple(lines), tuple(ledger), unsure, hearing.held)


def _proofread(
    rules: Sequence[tuple[int, ProofRule]],
    lines: Lines,
    pages: Sequence[Page],
    hearing: Hearing,
    doubts: dict[int, dict[int, list[Edit]]],
) -> Iterator[tuple[int, list[Edit]]]:
    """Make what the proofreading rules have found, each with its number among all rules."""
    every = proofread(lines, pages, [rule for _, rule in rules])
    for (number, rule), found in zip(rules, every, strict=True):
        doubts[number] = {}
        yield from _made(rule, lines, found, hearing, doubts[number])


def _made(
    rule: CleaningRule,
    lines: Lines,
    found: dict[int, list[Fix]],
    hearing: Hearing,
    doubts: dict[int, list[Edit]],
) -> Iterator[tuple[int, list[Edit]]]:
    """Make what one rule has found, line by line, as far as it may; what it is not sure of goes into `doubts`."""
    for line, proposed in _edits(rule, lines, found):
        edits = proposed if hearing.idle else hearing.judge(lines[line], proposed)
        made = [edit for edit in edits if edit.confidence is not Confidence.DOUBTFUL]
        doubts[line] = [edit for edit in edits if edit.confidence is Confidence.DOUBTFUL]
        if made:
            lines[line] = apply(lines[line], made)
            hearing.move(line, made)
            yield line, made


def _fixes(
    rule: LineRule | BookRule, lines: Lines, shown: Container[int], pages: Sequence[Page]
) -> dict[int, list[Fix]]:
    """What one rule proposes, by line; `shown` are the lines that a line rule may see."""
    found: dict[int, list[Fix]] = {}
    match rule:
        case LineRule(find=find, trigger=trigger):
            for line in lines.holding(trigger) if trigger else range(len(lines)):
                if line in shown and (text := lines[line]) and (fixes := list(find(text))):
                    found[line] = fixes
        case BookRule():
            for line, fix in rule.find(lines, pages):
                found.setdefault(line, []).append(fix)
    return found


def _edits(rule: CleaningRule, lines: Sequence[str], found: dict[int, list[Fix]]) -> Iterator[tuple[int, list[Edit]]]:
    """The fixes of one rule as edits, line by line; those that change nothing are left out."""
    for line in sorted(found):
        if edits := list(record(rule.id, line, lines[line], found[line], rule.confidence, rule.why)):
            yield line, edits


def _without(doubts: dict[int, dict[int, list[Edit]]], changed: set[int]) -> dict[int, dict[int, list[Edit]]]:
    """`doubts` without those on lines that have changed since: they are asked again."""
    return {
        number: {line: edits for line, edits in by_line.items() if line not in changed}
        for number, by_line in doubts.items()
    }


def _flat(doubts: dict[int, dict[int, list[Edit]]]) -> Iterator[Edit]:
    for number in sorted(doubts):
        for line in sorted(doubts[number]):
            yield from doubts[number][line]
