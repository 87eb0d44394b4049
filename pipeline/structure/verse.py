"""Verse: lines that keep their breaks. Regular verse by its equal clauses, free verse by a run of short lines."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from pipeline.ledger import Confidence
from pipeline.structure import measure, sentence
from pipeline.structure.measure import Measure, Shape
from pipeline.structure.paragraphs import ITEM
from pipeline.structure.rule import Draft, Mark, Role, StructureRule

_CLAUSE = re.compile(r"[，。；！？、：,;!?:\s\u3000]+")
_REGULAR = frozenset({4, 5, 6, 7})
_SPEECH = ("“", "「", "『", '"', "—", "-", "•", "·", "|", "#", "*", "【", "（", "(", "[", "①", ">", "!")
_DATED = re.compile(r"[0-9A-Za-z]{3}|[0-9〇一二三四五六七八九十]年|第.{1,3}[章节節回条條]")
_INTRODUCES = re.compile(r"[：:]\s*$|[云雲曰道诗詩词詞是]\s*[：:]?\s*$")
_FREE = 4  # lines that a run of free verse has at least
_COUPLETS = 2
_NARROW = 16.0  # ems: the longest line of free verse whose lines stand apart as paragraphs do


def find(draft: Draft) -> Iterator[Mark]:
    """VERSE for each line of a poem."""
    lie = measure.of(draft)
    run: list[int] = []
    before: int | None = None
    for line in lie.text:
        fits = line not in draft.roles and _may_be_verse(
            draft.lines[line].strip(), lie, line, run_goes_on=bool(run) and line - run[-1] <= 2
        )
        if fits and (not run or line - run[-1] <= 2):
            run.append(line)
            continue
        if run:
            yield from _judged(draft, run, before, lie)
            before = run[-1]
        before = before if fits else line
        run = [line] if fits else []
    yield from _judged(draft, run, before, lie)


def _may_be_verse(text: str, lie: Measure, line: int, *, run_goes_on: bool) -> bool:
    limit = 0.75 * lie.full if lie.shape is Shape.WRAPPED else 24.0
    if not 2 <= lie.widths[line] <= limit or text.startswith(_SPEECH) or ITEM.match(text):
        return False
    if text[-1] in "：:":  # leads to what is said, unless a poem goes on around it
        return run_goes_on
    return text[-1] != "、" and not _DATED.search(text)


def _judged(draft: Draft, run: Sequence[int], before: int | None, lie: Measure) -> Iterator[Mark]:
    """The run as verse, the regular stretches of it, or nothing."""
    clauses = [_clauses(draft.lines[line]) for line in run]
    led = before is not None and bool(_INTRODUCES.search(draft.lines[before]))
    at = 0
    found: list[int] = []
    while at < len(run):
        size = max(clauses[at], default=0)
        end = at
        while end < len(run) and size in _REGULAR and all(abs(clause - size) <= 1 for clause in clauses[end]):
            end += 1
        stretch = clauses[at:end]
        exact = sum(1 for sizes in stretch if set(sizes) == {size})
        marked = sum(1 for line in run[at:end] if _CLAUSE.search(draft.lines[line].strip()[-1:]))
        enough = end - at >= _COUPLETS and marked >= 0.5 * (end - at) and sum(map(len, stretch)) >= 2 * _COUPLETS - 1
        couplet = end - at == 1 and led and at == 0 and len(stretch[0]) == 2 and size in (5, 7)
        if (enough and exact >= 0.6 * (end - at) and (sum(map(len, stretch)) > 2 or led)) or (couplet and exact):
            found += run[at:end]
            for line in run[at:end]:
                yield Mark(line, Role.VERSE, f"{size}言诗句")
            at = end
        else:
            at += 1
    if len(found) < _FREE:
        yield from (mark for mark in _free(draft, run, lie) if mark.line not in found)
    else:
        yield from _beside(run, found, lie)


def _beside(run: Sequence[int], found: Sequence[int], lie: Measure) -> Iterator[Mark]:
    """The lines of the run that stand among lines of verse, or right beside them, about as long: a free line."""
    widths = sorted(lie.widths[line] for line in found)
    usual = widths[len(widths) // 2]
    verse = set(found)
    for order in (run, run[::-1]):
        last: int | None = None
        for line in order:
            near = last is not None and last in verse and abs(line - last) <= 2
            if line not in verse and near and 0.45 * usual <= lie.widths[line] <= min(2.2 * usual, _NARROW):
                verse.add(line)
            last = line
    if len(verse) < 0.8 * len(run):
        return  # the run is more than a poem
    for line in run:
        if line in verse and line not in found:
            yield Mark(line, Role.VERSE, "诗行之间长短相近的一行")


def _clauses(text: str) -> list[int]:
    """The lengths of the clauses of a line; [0] where something other than Han stands in it."""
    parts = [part for part in _CLAUSE.split(text.strip()) if part]
    han = all("\u3400" <= char <= "\u9fff" or char == "〇" for part in parts for char in part)
    return [len(part) for part in parts] if han and 1 <= len(parts) <= 4 else [0]


def _free(draft: Draft, run: Sequence[int], lie: Measure) -> Iterator[Mark]:
    """A run of short lines that follow each other as no paragraph's do."""
    if len(run) < _FREE:
        return
    tight = sum(1 for a, b in pairwise(run) if b == a + 1)
    texts = [draft.lines[line].strip() for line in run]
    paused = sum(1 for text in texts if text[-1] in "，。！？…—,!?；;”")
    widths = sorted(lie.widths[line] for line in run)
    ended = sum(1 for text in texts if sentence.ends(text))
    if sum(1 for text in texts if text[-1] in "；;") >= 0.4 * len(texts):
        return  # items of an enumeration
    if lie.shape is Shape.PARAGRAPHS and lie.gapped:  # every line stands apart: the sentences must run over them
        apart = len(run) > _FREE and widths[-1] <= _NARROW and ended <= 0.6 * len(run)
        tight = len(run) if apart else tight
    if tight >= 0.6 * (len(run) - 1) and paused >= 0.3 * len(run) and ended < len(run) and widths[-1] > widths[0]:
        for line in run:
            yield Mark(line, Role.VERSE, "连续的短行：自由诗")


RULE = StructureRule(
    id="verse",
    confidence=Confidence.LIKELY,
    find=find,
    why="诗行保持分行；以各句字数相等、或连续短行认定，对话与条目不算",
)
