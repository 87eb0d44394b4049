"""Lists whose items bear a bullet: • ● - *. Numbered items stay paragraphs, as in print."""

import re
from collections.abc import Iterator

from pipeline.ledger import Confidence
from pipeline.structure import measure
from pipeline.structure.rule import Draft, Mark, Role, StructureRule

_BULLET = re.compile(r"^[ \t\u3000]*(?:[•●○◦▪■□◆◇·▶►➢✓※]|[-*+](?=[ \t]))[ \t\u3000]*(?=\S)")
_FIRST = frozenset(" \t\u3000•●○◦▪■□◆◇·▶►➢✓※-*+")  # how a line that bears a bullet begins
_FEW = 2  # items that make a list; a single bullet is an ornament or a slip of the OCR


def find(draft: Draft) -> Iterator[Mark]:
    """LIST_ITEM for each item of a run of two or more, MARKUP for its bullet."""
    lie = measure.of(draft)
    run: list[tuple[int, int]] = []
    sign = ""
    for line in lie.text:
        text = draft.lines[line]
        found = _BULLET.match(text) if text[0] in _FIRST and line not in draft.roles else None
        own = found[0].strip() if found else ""
        if found and (not run or (own == sign and line - run[-1][0] <= 2)):
            run.append((line, found.end()))
            sign = own
            continue
        if run:
            yield from _items(run, draft)
        run = [(line, found.end())] if found else []
        sign = own
    yield from _items(run, draft)


def _items(run: list[tuple[int, int]], draft: Draft) -> Iterator[Mark]:
    if len(run) < _FEW or any(len(draft.lines[line]) > 400 for line, _ in run):
        return
    for line, column in run:
        yield Mark(line, Role.MARKUP, "列表记号", end=column)
        yield Mark(line, Role.LIST_ITEM, "连续的带记号条目")


RULE = StructureRule(
    id="lists", confidence=Confidence.LIKELY, find=find, why="两行以上连续带同样记号的是列表；编号的条目仍按段落排"
)
