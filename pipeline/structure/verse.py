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


def find(draft: Draft) -> Iterator[Mark]:
    """VERSE for each line of a poem."""
    lie = measure.of(draft)
    run: list[int] = []
    before: int | None = None
    for line in lie.text:
        fits = line not in draft.roles and _may_be_verse(draft.lines[line].strip(), lie, line)
        if fits and (not run or line - run[-1] <= 2):
            run.append(line)
            continue
        if run:
            yield from _judged(draft, run, before, lie)
            before = run[-1]
        before = before if fits else line
        run = [line] if fits else []
    yield from _judged(draft, run, before, lie)


def _may_be_verse(text: str, lie: Measure, line: int) -> bool:
    limit = 0.75 * lie.full if lie.shape is Shape.WRAPPED else 24.0
    if not 2 <= lie.widths[line] <= limit or text.startswith(_SPEECH) or ITEM.match(text):
        return False
    return text[-1] not in "：:、" and not _DATED.search(text)


def _judged(draft: Draft, run: Sequence[int], before: int | None, lie: Measure) -> Iterator[Mark]:
    """The run as verse, the regular stretches of it, or nothing."""
    clauses = [_clauses(draft.lines[line]) for line in run]
    led = before is not None and bool(_INTRODUCES.search(draft.lines[before]))
    at, found = 0, False
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
            found = True
            for line in run[at:end]:
                yield Mark(line, Role.VERSE, f"{size}言诗句")
            at = end
        else:
            at += 1
    if not found:
        yield from _free(draft, run, lie)


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
    if tight >= 0.6 * (len(run) - 1) and paused >= 0.3 * len(run) and ended < len(run) and widths[-1] > widths[0]:
        for line in run:
            yield Mark(line, Role.VERSE, "连续的短行：自由诗")


RULE = StructureRule(
    id="verse",
    confidence=Confidence.LIKELY,
    find=find,
    why="诗行保持分行；以各句字数相等、或连续短行认定，对话与条目不算",
)
