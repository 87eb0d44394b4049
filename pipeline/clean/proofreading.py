"""The proofreader's desk: the text is read once, all proofreading rules speak, and only the best of their doubts
remain.

A doubt costs a person's time. So there is at most one for every 500 characters, the likeliest first; and where several
rules want the same place, the first of them has it. What is certain enough to be made is made in any case.
"""

from collections.abc import Iterator, Sequence
from functools import cache
from typing import TYPE_CHECKING

from pipeline.clean.reading import PART, Reading, Run, runs
from pipeline.language import known
from pipeline.language.misreadings import Reader
from pipeline.ledger import Confidence, Fix
from pipeline.notice import Notice
from pipeline.pages import Page

if TYPE_CHECKING:
    from pipeline.clean.rule import ProofRule

EACH = 500  # characters for which one doubt may be shown
_TELLING = 5_000  # Han characters from which a text tells what its engine can give
_GIVEN = 5e-5  # the share of characters from which on an engine does give them; in print 1e-4 to 1e-2
_TRADITIONAL = 0.02  # the share of characters from which on a text is in Traditional characters

Found = dict[int, list[Fix]]


def proofread(lines: Sequence[str], pages: Sequence[Page], rules: Sequence["ProofRule"]) -> list[Found]:
    """What each rule proposes, by line."""
    found: list[Found] = [{} for _ in rules]
    for reading in readings(lines, pages):
        for number, line, fix in _chosen(reading, rules):
            found[number].setdefault(line, []).append(fix)
    return found


def readings(lines: Sequence[str], pages: Sequence[Page]) -> Iterator[Reading]:
    """The text in parts that fit the memory; nothing of one in Traditional characters, which the data do not know."""
    every = tuple(runs(lines))
    if _is_traditional(every):
        return
    reader = _reader(strangers=_lacks(every))
    for part in _parts(every):
        yield Reading(lines, pages, part, reader.known, reader)


def notices(lines: Sequence[str]) -> Iterator[Notice]:
    """What keeps the proofreader from finding all that it could in a text."""
    every = tuple(runs(lines))
    if missing := known().missing:
        yield Notice("proofreading-data", f"校对缺少{'、'.join(missing)}：找到的错字会少，已改的不受影响")
    if every and _is_traditional(every):
        yield Notice("proofreading-traditional", "繁体文字暂不校对错字：词典与形近字表只收简体")


def _parts(every: Sequence[Run]) -> Iterator[tuple[Run, ...]]:
    part, size = list[Run](), 0
    for run in every:
        part.append(run)
        size += len(run.text)
        if size >= PART:
            yield tuple(part)
            part, size = [], 0
    if part:
        yield tuple(part)


@cache
def _reader(*, strangers: bool) -> Reader:
    return Reader(known(), strangers=strangers)


def _lacks(every: Sequence[Run]) -> bool:
    """Whether the text was read by an engine that cannot give the characters that Tesseract lacks."""
    lacking = {char for char, rate in known().misread.items() if rate == 1.0}
    size = sum(len(run.text) for run in every)
    given = sum(1 for run in every for char in run.text if char in lacking)
    return size >= _TELLING and given < size * _GIVEN


def _is_traditional(every: Sequence[Run]) -> bool:
    """Whether many characters are none of GB 2312."""
    simplified = known().alike
    size = sum(len(run.text) for run in every)
    return sum(1 for run in every for char in run.text if char not in simplified) > size * _TRADITIONAL


def _chosen(reading: Reading, rules: Sequence["ProofRule"]) -> Iterator[tuple[int, int, Fix]]:
    """What may stand of all that the rules propose, as (number of the rule, line, fix)."""
    taken: dict[int, list[tuple[int, int]]] = {}
    doubts: list[tuple[float, int, int, Fix]] = []
    for number, rule in enumerate(rules):
        for line, fix in rule.find(reading):
            start, end = fix.start, max(fix.end, fix.start + 1)
            if any(start < other_end and other < end for other, other_end in taken.get(line, ())):
                continue
            taken.setdefault(line, []).append((start, end))
            if (fix.confidence or rule.confidence) is Confidence.DOUBTFUL:
                doubts.append((-fix.gain, number, line, fix))
            else:
                yield number, line, fix
    doubts.sort(key=lambda doubt: (doubt[0], doubt[2], doubt[3].start))
    for _, number, line, fix in doubts[: max(1, reading.characters // EACH)]:
        yield number, line, fix
