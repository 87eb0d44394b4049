"""A number out of its sequence: 第三条 between 第一条 and 第三条 is 第二条.

Why: engines take 二 for 三 and 1 for 7, and nobody notices. A line that begins with a number, whose neighbours above
and below of the same form leave room for one other number only, is proposed to have it.
Left alone: sequences with wider gaps, numbers that start anew, the imprint and printed contents. Nothing is mended by
this rule: a printed book may count wrongly, too.
"""

import re
from collections.abc import Iterator

from pipeline.clean.reading import Reading
from pipeline.clean.rule import ProofRule
from pipeline.ledger import Confidence, Fix

_HAN = "[一二三四五六七八九十百零〇]"
_FORM = re.compile(
    rf"\s*(?:第(?P<ordinal>{_HAN}{{1,7}})(?P<unit>[章节条编篇回])|(?P<item>{_HAN}{{1,5}})、"
    rf"|[（(](?P<bracketed>{_HAN}{{1,5}})[)）]|(?P<arabic>[0-9]{{1,3}})[.．、])"
)
_KINDS = ("ordinal", "item", "bracketed", "arabic")
_DIGITS = "零一二三四五六七八九"
_FAR = 20  # a number that differs by more is no misreading
_CERTAINTY = 0.8


def find(reading: Reading) -> Iterator[tuple[int, Fix]]:
    """Each number that does not fit between those above and below."""
    found: dict[str, list[tuple[int, int, str]]] = {}
    for line in range(reading.runs[0].pieces[0][1], reading.runs[-1].pieces[-1][1] + 1):
        match = _FORM.match(reading.lines[line])
        if match and line not in reading.reserved:
            kind = next(kind for kind in _KINDS if match[kind])
            found.setdefault(match["unit"] or kind, []).append((line, match.start(kind), match[kind]))
    for listed in found.values():
        for (_, _, above), (line, start, number), (_, _, below) in zip(listed, listed[1:], listed[2:], strict=False):
            before, now, after = _value(above), _value(number), _value(below)
            if 0 < before == after - 2 and now != before + 1 and abs(now - before) < _FAR:
                right = _written(before + 1, number)
                why = f"上一个是“{above}”，下一个是“{below}”，这里应是“{right}”"
                yield line, Fix(start, start + len(number), right, why, gain=_CERTAINTY)


def _value(number: str) -> int:
    """A number in Chinese or Arabic digits, up to 999."""
    if number.isdecimal():
        return int(number)
    value = digit = 0
    for char in number.replace("〇", "零"):
        if char in "十百":
            value += (digit or 1) * (10 if char == "十" else 100)
            digit = 0
        else:
            digit = _DIGITS.index(char)
    return value + digit


def _written(value: int, like: str) -> str:
    """`value` in the digits of `like`."""
    if like.isdecimal():
        return str(value)
    hundreds, rest = divmod(value, 100)
    tens, ones = divmod(rest, 10)
    written = f"{_DIGITS[hundreds]}百" if hundreds else ""
    if tens:
        written += ("" if tens == 1 and not hundreds else _DIGITS[tens]) + "十"
    elif hundreds and ones:
        written += "零"
    return written + (_DIGITS[ones] if ones else "")


RULE = ProofRule(
    id="numbering",
    confidence=Confidence.DOUBTFUL,
    find=find,
    why="编号与前后不连",
)
