"""A page that was read twice in a row is kept once; the lines of the second become empty.

Why: a page scanned or sent twice stands twice in the text, with the same folio.
Left alone: short pages and pages without sentences (a half-title and the title page say the same; structuring knows
them), pages that are only alike, a page that says a part of the one before.
"""

from collections.abc import Iterator, Sequence

from pipeline.clean.rule import BookRule
from pipeline.ledger import Confidence, Fix
from pipeline.pages import Page

_SHORTEST = 120  # characters of text on the page
_ALIKE = 0.9  # the part of the lines that must be the same


def find(lines: Sequence[str], pages: Sequence[Page]) -> Iterator[tuple[int, Fix]]:
    """The lines of each page that repeats the one before."""
    before: list[str] = []
    for page in pages:
        numbers = [number for number in range(page.start, min(page.end, len(lines))) if lines[number].strip()]
        here = [lines[number].strip() for number in numbers]
        if _same(before, here):
            yield from ((number, Fix(0, len(lines[number]), "")) for number in numbers)
        elif here:
            before = here


def _same(before: Sequence[str], here: Sequence[str]) -> bool:
    if not before or not here or abs(len(before) - len(here)) > max(1, len(here) // 10):
        return False
    if (
        set(before[:3]).isdisjoint(here[:3])
        or sum(map(len, here)) < _SHORTEST
        or not any("。" in line or "，" in line for line in here)
    ):
        return False
    shared = set(before) & set(here)
    return all(
        sum(len(line) for line in page if line in shared) >= _ALIKE * sum(map(len, page)) for page in (before, here)
    )


RULE = BookRule(
    id="doubled-pages",
    confidence=Confidence.LIKELY,
    find=find,
    why="同一页接连出现两次，是重复扫描",
)
