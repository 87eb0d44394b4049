"""Zeros read for 〇 in Han numbers become 〇: 二0一三年, 一九八O年, 二○一三 stays.

Why: GB/T 15835-2011 4.2: Han numbers write their zero 〇. A 0, O or @ between Han digits is 〇 misread; beside a 〇
that was read too it is a second reading of the same sign and goes.
Left alone: ○ between Han digits where the book prints its zeros so (it goes with the others where most are 〇);
numbers in Arabic digits; 0 beside anything but Han digits.
"""

import re
from collections.abc import Iterator, Sequence

from pipeline.clean.lines import holding
from pipeline.clean.rule import BookRule
from pipeline.ledger import Confidence, Fix
from pipeline.pages import Page

_DIGITS = "一二三四五六七八九〇○零"
_ZERO = re.compile(f"(?<=[{_DIGITS}])[0OoＯ０Q@©®◯Ｑ]{{1,3}}(?=[{_DIGITS}年])")
_RING = re.compile(f"(?<=[{_DIGITS}])○(?=[{_DIGITS}年])")
_PROPER = re.compile(f"(?<=[{_DIGITS}])〇(?=[{_DIGITS}年])")
_SECOND_READING = re.compile(f"(?<=[一二三四五六七八九])[@©®0Oo](?=[〇○])|(?<=[〇○])[@©®](?=[{_DIGITS}年])")


def find(lines: Sequence[str], pages: Sequence[Page]) -> Iterator[tuple[int, Fix]]:  # noqa: ARG001
    """Each misread zero within a Han number of at least two digits."""
    for number in holding(lines, RULE.trigger):
        yield from ((number, fix) for fix in _zeros(lines[number]))
    rings = [(number, match.start()) for number in holding(lines, "○") for match in _RING.finditer(lines[number])]
    if rings and len(rings) < sum(len(_PROPER.findall(lines[number])) for number in holding(lines, "〇")):
        yield from ((number, Fix(at, at + 1, "〇", "本书的〇多写作〇")) for number, at in rings)


def _zeros(text: str) -> Iterator[Fix]:
    second = {match.start() for match in _SECOND_READING.finditer(text)}
    yield from (Fix(at, at + 1, "", "〇旁的误识重影") for at in second)
    for match in _ZERO.finditer(text):
        signs = match.group()
        if match.start() in second or (len(signs) == 1 and not _long(text, match.start())):
            continue
        yield Fix(match.start(), match.end(), "〇" * len(signs))


def _long(text: str, at: int) -> bool:
    """Whether the number around has three signs or more: 二0一三, 一九八O年; not 三0二 of an address by chance."""
    before = re.search(f"[{_DIGITS}0OoＯ０]*$", text[max(0, at - 8) : at])
    after = re.match(f"[{_DIGITS}0OoＯ０]*年?", text[at + 1 : at + 9])
    return len((before or [""])[0]) + len((after or [""])[0]) >= 2


RULE = BookRule(
    id="han-zero",
    confidence=Confidence.LIKELY,
    find=find,
    why="汉字数目里的零写作“〇”（GB/T 15835）",
    trigger="0OoＯ０Q@©®◯Ｑ○",
)
