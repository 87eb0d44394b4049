"""Running heads and feet are taken out; the line stays, empty.

Why: they belong to the printed page and not to the text; left in, they stand in the middle of sentences. Which lines
they are, pages/running_head.py has found. The edition sets running heads of its own.
Left alone: the title that a running head repeats, and every line that pages.find did not name.
"""

from collections.abc import Iterator, Sequence

from pipeline.clean.rule import BookRule
from pipeline.ledger import Confidence, Fix
from pipeline.pages import Page


def find(lines: Sequence[str], pages: Sequence[Page]) -> Iterator[tuple[int, Fix]]:
    """Each line that carries a running head, whole (a folio beside it goes with it); heads glued to a line of text."""
    for page in pages:
        for line in page.head_lines:
            if line < len(lines) and lines[line]:
                yield line, Fix(0, len(lines[line]), "")
        for line, words in page.glued_heads:
            if line < len(lines) and lines[line].startswith(words):
                yield line, Fix(0, len(words), "", "书眉与正文连成了一行")


RULE = BookRule(
    id="running-head",
    confidence=Confidence.LIKELY,
    find=find,
    why="书眉或页脚，每页重复，不是正文",
)
