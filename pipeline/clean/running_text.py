"""Which lines belong to one paragraph, well enough for marks that come in pairs: over wraps, gaps and page breaks.

Structuring decides about paragraphs; this only keeps a pair of quotation marks together. A block that is too long does
little harm, one that is cut too early leaves a pair unmended.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

_ENDS = frozenset("。！？…：；.!?:;|")
_CLOSERS = "”’」』）)》〉】]\"' \t\u3000*"
_LONGEST = 400  # lines of one block
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


def blocks(lines: Sequence[str]) -> Iterator[list[int]]:
    """Runs of lines that are one paragraph, blank lines left out."""
    block: list[int] = []
    gap = widest = 0
    for number, line in enumerate(lines):
        text = line.strip()
        if not text:
            gap += 1
            continue
        if block and _parted(lines[block[-1]].rstrip(_CLOSERS), gap, widest, len(block)):
            yield block
            block, widest = [], 0
        block.append(number)
        widest = max(widest, len(text))
        gap = 0
    if block:
        yield block


def _parted(before: str, gap: int, widest: int, count: int) -> bool:
    ended = not before or before[-1] in _ENDS
    if count >= _LONGEST:
        return True
    if gap == 0:
        return ended and (len(before) >= _LONG or len(before) < widest * 0.8)
    return ended or len(before) < 8


def signs(lines: Sequence[str], block: Sequence[int], wanted: str) -> Iterator[Sign]:
    """The characters of `wanted` in a block, with their neighbours."""
    for place, number in enumerate(block):
        text = lines[number]
        for at, char in enumerate(text):
            if char not in wanted:
                continue
            head, tail = text[:at], text[at + 1 :]
            before = head[max(0, at - 6) :].rstrip()[-1:]
            after = tail[:6].lstrip()[:1]
            if not before and place and not head.strip():
                before = lines[block[place - 1]].rstrip()[-1:]
            if not after and place + 1 < len(block) and not tail.strip():
                after = lines[block[place + 1]].lstrip()[:1]
            yield Sign(number, at, char, before, after, head[-1:].isspace(), tail[:1].isspace())
