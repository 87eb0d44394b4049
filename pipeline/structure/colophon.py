"""The colophon (版权页): its labelled lines, in either layout, before the text or at the end of the book."""

import re
from collections.abc import Iterator, Sequence

from pipeline.ledger import Confidence
from pipeline.structure import forms, imprint
from pipeline.structure.imprint import Kind
from pipeline.structure.leaders import is_heading, is_matter
from pipeline.structure.rule import Draft, Mark, Role, StructureRule
from pipeline.structure.shape import HAN, bare, looks_like_prose, page_starts

_FRONT, _BACK = 400, 200  # non-blank lines from either end of the book in which a colophon may stand
_GAP = 5  # foreign lines inside one: values of a column that say nothing of themselves, labels that OCR broke
_PUBLISHER_ALONE = re.compile(rf"^\W*[{HAN}·]{{2,16}}(?:出版社|书局|印书馆|书店|出版公司|書局|印書館|書店)\W*$")
_SPREAD = 14  # lines of a page that may belong to it without saying so
_NEEDED, _NEEDED_AFTER_CIP = (3, 2), (2, 0)  # kinds of value, and of strong ones, that prove a colophon
_LINE = 60  # characters; a longer line is no part of one
_TABLE = 4000  # a table that Markdown or HTML keeps on one line may be longer


def _find(draft: Draft) -> Iterator[Mark]:
    filled = [at for at, line in enumerate(draft.lines) if line.strip()]
    starts = page_starts(draft.lines, draft.pages)
    zones = [filled] if len(filled) <= _FRONT + _BACK else [filled[:_FRONT], filled[-_BACK:]]
    for zone in zones:
        for block in _clusters(draft, zone):
            for line in _widened(draft, zone, block, starts):
                yield Mark(line, Role.COLOPHON, "版权页")


def _clusters(draft: Draft, zone: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Runs of copyright lines as positions in the zone, first and last; each proven by the kinds that stand on it."""
    first = last = -1
    kinds: set[Kind] = set()
    strong: set[Kind] = set()
    needed = _NEEDED
    for at, line in enumerate(zone):
        foreign = _foreign(draft, line)
        if foreign or (first >= 0 and at - last > _GAP):
            if _proven(kinds, strong, needed):
                yield first, last
            first, kinds, strong = -1, set(), set()
            needed = _NEEDED
        if foreign:
            if line in draft.roles and draft.roles[line].role is Role.CIP:
                needed = _NEEDED_AFTER_CIP
            continue
        found, sure = _kinds(draft.lines[line])
        if not found and not sure:
            continue
        if first < 0 and _PUBLISHER_ALONE.match(draft.lines[line]):
            continue  # the foot of a title page
        if first < 0:
            first = at
        last = at
        kinds |= found
        strong |= found & imprint.STRONG
    if _proven(kinds, strong, needed):
        yield first, last


def _proven(kinds: set[Kind], strong: set[Kind], needed: tuple[int, int]) -> bool:
    return len(kinds) >= needed[0] and len(strong) >= needed[1]


def _kinds(text: str) -> tuple[set[Kind], bool]:
    """The kinds of value on a line, and whether two or more labels stand on it."""
    found = imprint.fields(text)
    kinds = {field.kind for field in found if field.kind is not None}
    return kinds, sum(1 for field in found if field.label) > 1


def _foreign(draft: Draft, line: int) -> bool:
    """A line that ends any colophon: another rule's, or prose."""
    text = draft.lines[line].strip()
    if line in draft.roles or is_heading(text):
        return True
    if len(text) <= _LINE and not looks_like_prose(text):
        return False
    if "<t" in text.lower() and len(text) <= _TABLE:
        return False
    kinds, _ = _kinds(text) if len(text) <= 2 * _LINE else (set(), False)
    return not kinds & (imprint.STRONG | {Kind.LEGAL})


def _widened(draft: Draft, zone: Sequence[int], block: tuple[int, int], starts: frozenset[int]) -> Iterator[int]:
    """The block, with the short lines that share its page: values whose labels OCR lost, labels it broke.

    Where no page end shows, only what is itself a copyright line goes with it.
    """
    first, last = block
    above = _run(draft, zone, first, -1, starts)
    if above and (_after_cip(draft, zone, above[-1]) or (above[-1] and zone[above[-1]] in starts)):
        first = above[-1]
    below = _run(draft, zone, last, 1, starts)
    end = below[-1] if below else last
    if end + 1 == len(zone) or zone[end + 1] in starts:
        last = end
    else:
        while last < end and any(_kinds(draft.lines[zone[last + 1]])):
            last += 1
    yield from zone[first : last + 1]


def _run(draft: Draft, zone: Sequence[int], at: int, step: int, starts: frozenset[int]) -> list[int]:
    """Positions beside `at` on the same page whose lines could belong to a colophon, nearest first."""
    out: list[int] = []
    while len(out) < _SPREAD and not (step < 0 and zone[at] in starts):
        at += step
        if not 0 <= at < len(zone) or (step > 0 and zone[at] in starts):
            break
        text = draft.lines[zone[at]]
        if _foreign(draft, zone[at]) or is_matter(bare(text)) or (forms.read(bare(text)) and not any(_kinds(text))):
            break
        out.append(at)
    return out


def _after_cip(draft: Draft, zone: Sequence[int], at: int) -> bool:
    before = draft.roles.get(zone[at - 1]) if at else None
    return before is not None and before.role is Role.CIP


RULE = StructureRule(
    id="colophon",
    confidence=Confidence.LIKELY,
    find=_find,
    why="版权页由新版另排，不入正文；须有三种以上项目，其中两种以上非版权页不会有（版次、开本、定价之类）方认定",
)
