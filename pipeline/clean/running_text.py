"""Which lines belong to one paragraph, well enough for marks that come in pairs: over wraps, gaps and page breaks.

Structuring decides about paragraphs; this only keeps a pair of quotation marks together. A block that is too long does
little harm, one that is cut too early leaves a pair unmended.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pipeline.clean.lines import holding

_ENDS = frozenset("。！？…：；.!?:;|")
_CLOSERS = "”’」』）)》〉】]\"' \t\u3000*"
_LONGEST = 400  # lines of one block
_MARGIN = 100  # blanks at the edge of a line; more are no margin
_LONG = 60  # characters; a longer line is a paragraph by itself


@dataclass(frozen=True, slots=True)
class Sign:
    """A character within a block, with its nearest neighbours, blanks aside ("" at the ends of the block)."""

    line: int
    at: int
    char: str
    before: str
    after: str
    space_before: bool
    space_after: bool


def places(lines: Sequence[str], wanted: str) -> Iterator[list[tuple[int, int]]]:
    """Where the characters of `wanted` stand, as (line, column), paragraph by paragraph."""
    pattern = re.compile(f"[{re.escape(wanted)}]")
    found: list[tuple[int, int]] = []
    last = -1  # the line of the last sign found
    for number in holding(lines, wanted):
        columns = [match.start() for match in pattern.finditer(lines[number])]
        if not columns:
            continue
        if found and (number - last > _LONGEST or _parts(lines, last, number)):
            yield found
            found = []
        found += ((number, column) for column in columns)
        last = number
    if found:
        yield found


def sign(lines: Sequence[str], number: int, at: int) -> Sign:
    """The character in column `at` of a line, with its neighbours."""
    text = lines[number]
    before, after = text[max(0, at - 6) : at].rstrip()[-1:], text[at + 1 : at + 7].lstrip()[:1]
    if not before and number and at < _MARGIN and not text[:at].strip():
        before = lines[number - 1].rstrip()[-1:]
    if not after and number + 1 < len(lines) and len(text) - at < _MARGIN and not text[at + 1 :].strip():
        after = lines[number + 1].lstrip()[:1]
    return Sign(number, at, text[at], before, after, text[at - 1 : at].isspace(), text[at + 1 : at + 2].isspace())


def _parts(lines: Sequence[str], last: int, number: int) -> bool:
    """Whether a paragraph ends somewhere between two lines: within `last`, before `number`."""
    before = ""
    gap = widest = 0
    for line in range(last, number + 1):
        text = lines[line].strip()
        if not text:
            gap += 1
            continue
        if before and _parted(before.rstrip(_CLOSERS), gap, widest):
            return True
        before, gap = text, 0
        widest = max(widest, len(text))
    return False


def _parted(before: str, gap: int, widest: int) -> bool:
    ended = not before or before[-1] in _ENDS
    if gap == 0:
        return ended and (len(before) >= _LONG or len(before) < widest * 0.8)
    return ended or len(before) < 8
