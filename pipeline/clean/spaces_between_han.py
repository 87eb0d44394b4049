"""Stray spaces in running Chinese are taken out: beside full-width marks, and between Han.

Why: Chinese is set without word spaces (CLREQ 3.1); engines put them where glyphs stand far apart, most often after a
mark.
Left alone: indents and line ends; Latin and digits; tables and columns; entries of contents; a space after the number
of a heading (第一章 总纲); verse whose half-lines a space parts; short lines without a pause (headings, signatures,
names such as 许 峰), which spaced-heading decides.
"""

import re
from collections.abc import Iterator

from pipeline.clean.rule import LineRule
from pipeline.clean.signs import CATALOGUE, HAN, is_contents, is_prose, is_table
from pipeline.ledger import Confidence, Fix

_MARKS = "，。、；：？！…—～·“”‘’「」『』《》〈〉（）【】〔〕"
_BESIDE_MARK = re.compile(f"(?<=[{_MARKS}])[ \u2002-\u200a\u202f]+(?=\\S)|(?<=\\S)[ \u2002-\u200a\u202f]+(?=[{_MARKS}])")
_BETWEEN_HAN = re.compile(f"(?<=[{HAN}])[ \u00a0\u2002-\u200a\u202f]+(?=[{HAN}])")
_NUMBERED = re.compile(
    f"^\\s*(?:第\\s?[{HAN}0-9]{{1,9}}?\\s?[章节節回篇编編部卷条條讲講集款项]|[（(][{HAN}0-9]{{1,3}}[）)]|[{HAN}0-9]{{1,3}}[、．.])[ \u3000]+"
)
_SEGMENTS = re.compile(r"[ \u2002-\u200a\u3000]+")


def find(text: str) -> Iterator[Fix]:
    """Each stray space within the line."""
    if is_table(text) or CATALOGUE.search(text) or is_contents(text) or _is_verse(text):
        return
    numbered = _NUMBERED.match(text)
    from_ = numbered.end() if numbered else 0
    for match in _BESIDE_MARK.finditer(text):
        yield Fix(match.start(), match.end(), "")
    if is_prose(text) or len(text) >= 24:
        for match in _BETWEEN_HAN.finditer(text, from_):
            if match.start() >= from_:
                yield Fix(match.start(), match.end(), "", "正文的汉字之间不空格", Confidence.LIKELY)


def _is_verse(text: str) -> bool:
    """Whether spaces part the line into half-lines of one length: 白日依山尽， 黄河入海流。"""
    parts = _SEGMENTS.split(text.strip())
    return len(parts) >= 2 and len({len(part) for part in parts}) == 1 and len(parts[0]) in {4, 5, 6, 7, 8}


RULE = LineRule(
    id="spaces-between-han",
    confidence=Confidence.CERTAIN,
    find=find,
    why="全角标点前后不空格",
    trigger=" \u00a0\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f",
)
