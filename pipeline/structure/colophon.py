"""The colophon (版权页): its labelled lines, in either layout, before the text or at the end of the book."""

from collections.abc import Iterator, Sequence

from pipeline.ledger import Confidence
from pipeline.structure import imprint
from pipeline.structure.imprint import Kind
from pipeline.structure.leaders import is_heading
from pipeline.structure.rule import Draft, Mark, Role, StructureRule
from pipeline.structure.shape import looks_like_prose, page_starts

_FRONT, _BACK = 400, 200  # non-blank lines from either end of the book in which a colophon may stand
_GAP = 5  # foreign lines inside one: values of a column that say nothing of themselves, labels that OCR broke
_NEEDED, _NEEDED_AFTER_CIP = (3, 2), (2, 1)  # kinds of value, and of strong ones, that prove a colophon
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
    """Runs of copyright lines as positions in the zone, first and last; each proven by three kinds, two of them strong."""
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
    """The block, with the short lines that share its page: labels that the OCR broke before it, legal lines after it."""
    first, last = block
    while first > 0 and first - 1 >= block[0] - _GAP and _joins(draft, zone[first - 1], zone[first], starts):
        first -= 1
    while last + 1 < len(zone) and not _foreign(draft, zone[last + 1]) and zone[last + 1] not in starts:
        kinds, sure = _kinds(draft.lines[zone[last + 1]])
        if not kinds and not sure:
            break
        last += 1
    yield from zone[first : last + 1]


def _joins(draft: Draft, line: int, following: int, starts: frozenset[int]) -> bool:
    """Whether `line` stands right above, on the same page, without a blank line between."""
    return following not in starts and line == following - 1 and not _foreign(draft, line)


RULE = StructureRule(
    id="colophon",
    confidence=Confidence.LIKELY,
    find=_find,
    why="版权页的标签与数值由新版另排，不入正文；须有三种以上项目，其中两种以上非版权页不会有（版次、开本、定价之类）方认定",
)
