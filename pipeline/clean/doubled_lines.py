"""A line of text that stands twice in a row is kept once; the second becomes empty.

Why: scanners overlap strips and models loop; no author writes the same long line twice.
Left alone: short lines (refrains, dialogue, table heads), lines of verse, rules and leaders, and repetitions that are
not next to each other.
"""

from collections.abc import Iterator, Sequence

from pipeline.clean.rule import BookRule
from pipeline.clean.signs import ONE_HAN, is_contents, is_table
from pipeline.ledger import Confidence, Fix
from pipeline.pages import Page

_SHORTEST = 16  # characters


def find(lines: Sequence[str], pages: Sequence[Page]) -> Iterator[tuple[int, Fix]]:  # noqa: ARG001
    """Each line that repeats the text line before it."""
    before = ""
    for number, line in enumerate(lines):
        if not line or not (text := line.strip()):
            continue
        if text == before and len(text) >= _SHORTEST and ONE_HAN.search(text) and not is_table(text):
            if not is_contents(text) and len(set(text)) > 6:
                yield number, Fix(0, len(line), "")
        else:
            before = text


RULE = BookRule(
    id="doubled-lines",
    confidence=Confidence.LIKELY,
    find=find,
    why="同一行接连出现两次，是重复识别",
)
