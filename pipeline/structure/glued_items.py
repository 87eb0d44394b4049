"""Items of an enumeration, or articles of a law, that the OCR ran together on one line.

（三）……；（四）……： becomes two paragraphs where the items before and after stand on lines of their own, and the
numbers run on through all of them. An enumeration within a sentence has no such neighbours and is left alone.
"""

import re
from collections.abc import Iterator, Sequence

from pipeline.ledger import Confidence
from pipeline.structure import measure, numerals
from pipeline.structure.rule import Draft, Mark, Role, StructureRule

_N = rf"[{numerals.HAN}{numerals.ARABIC}]{{1,6}}"
_FORMS = (  # each with the signs that open it
    ("第", re.compile(rf"第(?P<n>{_N})[条條]")),
    ("（(〔", re.compile(rf"[（(〔](?P<n>{_N})[)）〕]")),
)
_AFTER_STOP = r"(?<=[。；：;:！？”])\s*"


def find(draft: Draft) -> Iterator[Mark]:
    """A PARAGRAPH mark within a line where the next item of a series of lines begins."""
    lie = measure.of(draft)
    lines = [line for line in lie.text if line not in draft.roles]
    starts = [draft.lines[line].lstrip() for line in lines]
    for signs, form in _FORMS:
        inside = re.compile(_AFTER_STOP + f"(?={form.pattern})")
        numbers = [_number(form.match(text)) if text[0] in signs else None for text in starts]
        if any(number is not None for number in numbers):
            yield from _splits(draft, form, inside, list(zip(lines, numbers, strict=True)))


def _splits(
    draft: Draft, form: re.Pattern[str], inside: re.Pattern[str], heads: Sequence[tuple[int, int | None]]
) -> Iterator[Mark]:
    following: list[int | None] = [None] * len(heads)
    near: int | None = None
    for at in range(len(heads) - 1, -1, -1):
        following[at] = near
        near = heads[at][1] if heads[at][1] is not None else near
    last: int | None = None
    for at, (line, number) in enumerate(heads):
        last = number if number is not None else last
        if last is None or len(draft.lines[line]) < 12:
            continue
        cuts = []
        expected = last
        for cut in inside.finditer(draft.lines[line]):
            if _number(form.match(draft.lines[line], cut.end())) == expected + 1:
                cuts.append(cut.end())
                expected += 1
        if cuts and following[at] == expected + 1:
            yield from (Mark(line, Role.PARAGRAPH, "前后各条都另起一行，此条误接", start=cut) for cut in cuts)
        if cuts:
            last = expected


def _number(found: re.Match[str] | None) -> int | None:
    return numerals.value(found["n"]) if found else None


RULE = StructureRule(
    id="glued-items",
    confidence=Confidence.LIKELY,
    find=find,
    why="条目前后都独占一行、编号相续的，误接在上一条之后的另起一段",
)
