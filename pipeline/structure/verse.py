"""Verse: lines that keep their breaks. Regular verse by its equal clauses, free verse by a run of short lines."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from pipeline.ledger import Confidence
from pipeline.structure import measure
from pipeline.structure.measure import Measure, Shape
from pipeline.structure.paragraphs import ITEM
from pipeline.structure.rule import Draft, Mark, Role, StructureRule

_CLAUSE = re.compile(r"[，。；！？、：,;!?:]+")
_REGULAR = frozenset({4, 5, 6, 7})
_SPEECH = ("“", "「", "『", '"', "—", "-", "•", "·", "|", "#", "*", "【", "（", "(", "[", "①")
_FREE = 4  # lines that a run of free verse has at least
_COUPLETS = 2


def find(draft: Draft) -> Iterator[Mark]:
    """VERSE for each line of a poem."""
    lie = measure.of(draft)
    run: list[int] = []
    for line in lie.text:
        fits = line not in draft.roles and _may_be_verse(draft.lines[line].strip(), lie, line)
        if fits and (not run or line - run[-1] <= 2):
            run.append(line)
            continue
        yield from _judged(draft, run, lie)
        run = [line] if fits else []
    yield from _judged(draft, run, lie)


def _may_be_verse(text: str, lie: Measure, line: int) -> bool:
    limit = 0.7 * lie.full if lie.shape is Shape.WRAPPED else 22.0
    if not 3 <= lie.widths[line] <= limit or text.startswith(_SPEECH) or ITEM.match(text):
        return False
    return text[-1] not in "：:；;、" and not re.search(r"[0-9A-Za-z]{3}|年|第.{1,3}[章节節回]", text)


def _judged(draft: Draft, run: Sequence[int], lie: Measure) -> Iterator[Mark]:
    """The run as verse, the regular stretches of it, or nothing."""
    lengths = [_regular(draft.lines[line].strip()) for line in run]
    at = 0
    while at < len(run):
        end = at
        while end < len(run) and lengths[end] and lengths[end] == lengths[at]:
            end += 1
        if end - at >= _COUPLETS and (end - at > 2 or _CLAUSE.search(draft.lines[run[at]].strip()[:-1])):
            for line in run[at:end]:
                yield Mark(line, Role.VERSE, f"{lengths[at]}言诗句")
            at = end
        else:
            at = max(end, at + 1)
    if any(lengths) or len(run) < _FREE:
        return
    tight = all(b == a + 1 or (b == a + 2 and n % 2) for n, (a, b) in enumerate(pairwise(run)))
    marked = sum(1 for line in run if draft.lines[line].strip()[-1] in "，。！？…—,!?")
    widths = sorted(lie.widths[line] for line in run)
    if tight and run[1] == run[0] + 1 and marked >= 0.4 * len(run) and widths[-1] - widths[0] >= 1:
        for line in run:
            yield Mark(line, Role.VERSE, "连续的短行，各自成句：自由诗")


def _regular(text: str) -> int:
    """The number of characters in each clause where all have the same, as classical verse has; else 0."""
    clauses = [clause for clause in _CLAUSE.split(text) if clause]
    sizes = {len(clause) for clause in clauses}
    if len(sizes) != 1 or not _CLAUSE.search(text[-1]) or not 1 <= len(clauses) <= 4:
        return 0
    size = sizes.pop()
    han = all("\u3400" <= char <= "\u9fff" or char == "〇" for clause in clauses for char in clause)
    return size if size in _REGULAR and han else 0


RULE = StructureRule(
    id="verse",
    confidence=Confidence.LIKELY,
    find=find,
    why="诗行保持分行；以各句字数相等、或连续短行认定，对话与条目不算",
)
