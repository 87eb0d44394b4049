"""Folios are taken out; the line stays, empty, and the number stands in the page (pages.Page.folio).

Why: a page number belongs to the printed page. The Book keeps it as a page break, so that print references still work.
Left alone: numbers out of the sequence of the pages, section numbers, note marks. A misread folio (a scrap in the place
where other pages have theirs) is LIKELY.
"""

from collections.abc import Iterator, Sequence

from pipeline.clean.rule import BookRule
from pipeline.ledger import Confidence, Fix
from pipeline.pages import Page
from pipeline.pages.folio import read


def find(lines: Sequence[str], pages: Sequence[Page]) -> Iterator[tuple[int, Fix]]:
    """Each line that carries a folio and nothing else."""
    for page in pages:
        line = page.folio_line
        if line is None or line >= len(lines) or not lines[line] or line in page.head_lines:
            continue
        reading = read(lines[line])
        if reading and reading.text == page.folio:
            yield line, Fix(0, len(lines[line]), "")
        elif len(lines[line].replace(" ", "")) <= 6:
            yield line, Fix(0, len(lines[line]), "", "页码所在处的残字，是页码的误识", Confidence.LIKELY)


RULE = BookRule(
    id="folio",
    confidence=Confidence.CERTAIN,
    find=find,
    why="页码，随页递增，不是正文",
)
