"""A bracket read as another kind than its partner becomes its partner's: 〈银行) （银行）, {一) （一）, (向导》 《向导》.

Why: engines mix up ( 〈 《 [ {. A pair must be of one kind (GB/T 15834-2011 4.9); the closing one, with what stands
between, tells which is right.
Left alone: brackets without any partner, [1] and other note marks, pairs of one kind whatever their width.
"""

from collections.abc import Iterator, Sequence

from pipeline.clean.rule import BookRule
from pipeline.clean.running_text import Sign, blocks, signs
from pipeline.clean.signs import CATALOGUE
from pipeline.ledger import Confidence, Fix
from pipeline.pages import Page

_KIND = {"(": "（", "（": "（", "〈": "〈", "《": "《", "[": "[", "〔": "〔", "{": "{", "｛": "{", "【": "【"}
_CLOSES = {")": "（", "）": "（", "〉": "〈", "》": "《", "]": "[", "〕": "〔", "}": "{", "｝": "{", "】": "【"}
_FAR = 160  # brackets that may wait for their partner at once
_LOOSE = frozenset("〈《{[")  # what ( is read as


def find(lines: Sequence[str], pages: Sequence[Page]) -> Iterator[tuple[int, Fix]]:  # noqa: ARG001
    """Each bracket whose partner is of another kind."""
    wanted = "".join((*_KIND, *_CLOSES))
    for block in blocks(lines):
        if not any(char in lines[number] for number in block for char in "〈《[{｛》"):
            continue
        opened: list[Sign] = []
        for sign in signs(lines, block, wanted):
            if sign.char in _KIND:
                opened.append(sign)
                del opened[:-_FAR]
                continue
            kind = _CLOSES[sign.char]
            if opened and _KIND[opened[-1].char] == kind:
                opened.pop()
            elif opened:
                yield from _mended(opened, kind, sign, lines)


def _mended(opened: list[Sign], kind: str, sign: Sign, lines: Sequence[str]) -> Iterator[tuple[int, Fix]]:
    """The innermost open bracket, made to fit the one that closes, unless a fitting one waits further out."""
    if any(_KIND[each.char] == kind for each in opened[-3:]):
        while _KIND[opened[-1].char] != kind:
            opened.pop()
        opened.pop()
        return
    first = opened.pop()
    if CATALOGUE.search(lines[first.line]) and CATALOGUE.search(lines[sign.line]):
        return
    if kind == "（" and _KIND[first.char] in _LOOSE:
        yield first.line, Fix(first.at, first.at + 1, "（")
    elif kind == "《" and _KIND[first.char] == "（" and sign.line - first.line <= 1:
        why = "书名号与括号相配，有一个是误识"
        yield first.line, Fix(first.at, first.at + 1, "《", why, Confidence.DOUBTFUL)


RULE = BookRule(
    id="bracket-pairs",
    confidence=Confidence.LIKELY,
    find=find,
    why="括号的一半误识成了别的括号，与另一半对齐",
    trigger="〈《[{｛》",
)
