"""A bracket read as another kind than its partner becomes its partner's: 〈银行) （银行), {一) （一).

Why: engines mix up ( 〈 《 [ {. A pair must be of one kind (GB/T 15834-2011 4.9); the closing one, with what stands
between, tells which is right.
Left alone: brackets without any partner, [1] and other note marks, pairs of one kind whatever their width.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from pipeline.clean.rule import BookRule
from pipeline.clean.running_text import places
from pipeline.clean.signs import is_catalogue
from pipeline.ledger import Confidence, Fix
from pipeline.pages import Page

_KIND = {"(": "（", "（": "（", "〈": "〈", "《": "《", "[": "[", "〔": "〔", "{": "{", "｛": "{", "【": "【"}
_CLOSES = {")": "（", "）": "（", "〉": "〈", "》": "《", "]": "[", "〕": "〔", "}": "{", "｝": "{", "】": "【"}
_FAR = 160  # brackets that may wait for their partner at once
_LOOSE = frozenset("〈《{[")  # what ( is read as


class _Open(NamedTuple):
    """A bracket that waits for its partner."""

    line: int
    at: int
    kind: str


def find(lines: Sequence[str], pages: Sequence[Page]) -> Iterator[tuple[int, Fix]]:  # noqa: ARG001
    """Each bracket whose partner is of another kind."""
    for block in places(lines, "".join((*_KIND, *_CLOSES))):
        opened: list[_Open] = []
        for line, at in block:
            char = lines[line][at]
            if char in _KIND:
                opened.append(_Open(line, at, _KIND[char]))
                del opened[:-_FAR]
                continue
            kind = _CLOSES[char]
            if opened and opened[-1].kind == kind:
                opened.pop()
            elif opened:
                yield from _mended(opened, kind, line, at, lines)


def _mended(opened: list[_Open], kind: str, closing: int, at: int, lines: Sequence[str]) -> Iterator[tuple[int, Fix]]:
    """The innermost open bracket, made to fit the one that closes, unless a fitting one waits further out."""
    if any(each.kind == kind for each in opened[-3:]):
        while opened[-1].kind != kind:
            opened.pop()
        opened.pop()
        return
    first = opened.pop()
    if is_catalogue(lines[first.line]) and is_catalogue(lines[closing]):
        return
    if kind == "（" and first.kind in _LOOSE:
        yield first.line, Fix(first.at, first.at + 1, "（")
    elif kind == "〈" and first.kind == "《" and first.line == closing:
        yield closing, Fix(at, at + 1, "》")
    elif kind == "《" and first.kind == "（" and closing - first.line <= 1:
        why = "书名号与括号相配，有一个是误识"
        yield first.line, Fix(first.at, first.at + 1, "《", why, Confidence.DOUBTFUL)


RULE = BookRule(
    id="bracket-pairs",
    confidence=Confidence.LIKELY,
    find=find,
    why="括号的一半误识成了别的括号，与另一半对齐",
    trigger="〈《[{｛》",
)
