"""Half-width ( ) around or beside Han become （ ）, both of a pair together.

Why: GB/T 15834-2011 5.1.5: brackets in Chinese take a full cell, also around a Latin word; OCR often widens one of a
pair and not the other. (1) before Han is numbering and is widened too.
Left alone: brackets within Latin words and formulas (f(x), word(s)), in bibliographic descriptions and telephone
numbers, around Latin where no Han stands beside.
"""

import re
from collections.abc import Iterator

from pipeline.clean.rule import LineRule
from pipeline.clean.signs import HAN, is_catalogue
from pipeline.ledger import Confidence, Fix

_BRACKET = re.compile("[()（）]")
_CHINESE = re.compile(f"[{HAN}，。；：？！、“”‘’《》〈〉「」『』（）…—①-⑳]")
_AREA_CODE = re.compile(r"\(0[0-9]{2,3}\)[0-9]")  # (010)6892…
_WIDE = {"(": "（", ")": "）"}


def find(text: str) -> Iterator[Fix]:
    """Each half-width bracket in a Chinese place."""
    if ("(" not in text and ")" not in text) or is_catalogue(text):
        return
    places = [match.start() for match in _BRACKET.finditer(text)]
    for pair in _pairs(text, places):
        if len(pair) == 2 and _AREA_CODE.fullmatch(text[pair[0] : pair[1] + 2]):
            continue
        if any(text[at] in "（）" or _in_chinese(text, at) for at in pair):
            yield from (Fix(at, at + 1, _WIDE[text[at]]) for at in pair if text[at] in _WIDE)


def _pairs(text: str, places: list[int]) -> Iterator[tuple[int, ...]]:
    """Brackets that belong together; one whose partner stands on another line comes alone."""
    opened: list[int] = []
    for at in places:
        if text[at] in "(（":
            opened.append(at)
        elif opened:
            yield opened.pop(), at
        else:
            yield (at,)
    yield from ((at,) for at in opened)


def _in_chinese(text: str, at: int) -> bool:
    """Whether Chinese stands on either side of the bracket, a space between or not."""
    before, after = text[max(0, at - 2) : at].strip(), text[at + 1 : at + 3].strip()
    return bool((before and _CHINESE.match(before[-1])) or (after and _CHINESE.match(after[0])))


RULE = LineRule(
    id="halfwidth-brackets",
    confidence=Confidence.CERTAIN,
    find=find,
    why="中文里的括号用全角，成对一致（GB/T 15834）",
    trigger="()",
)
