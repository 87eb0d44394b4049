"""Stray spaces in running Chinese are taken out: beside full-width marks, and between Han.

Why: Chinese is set without word spaces (CLREQ 3.1); engines put them where glyphs stand far apart, most often after a
mark.
Left alone: indents and line ends; Latin and digits; tables and columns; entries of contents; a space after the number
of a heading or article (第一章 总纲) and after a date; verse whose half-lines a space parts; lines without a pause that
do not stand in a wrapped paragraph (headings, signatures, names such as 许 峰), which spaced-heading decides.
"""

import re
from collections.abc import Iterator, Sequence

from pipeline.clean.lines import holding
from pipeline.clean.rule import BookRule
from pipeline.clean.signs import HAN, is_catalogue, is_contents, is_prose, is_table
from pipeline.ledger import Confidence, Fix
from pipeline.pages import Page

_SPACES = " \u00a0\u2002-\u200a\u202f"
_MARKS = "，。、；：？！…—～·“”‘’「」『』《》〈〉（）【】〔〕"
_BESIDE_MARK = re.compile(f"(?<=[{_MARKS}])[{_SPACES}]+(?=\\S)|(?<=[^\\s日])[{_SPACES}]+(?=[{_MARKS}])")
_BETWEEN_HAN = re.compile(f"(?<=[{HAN}])(?<![0-9一二三四五六七八九十〇○元][年月日])[{_SPACES}]+(?=[{HAN}])")
_YEAR = re.compile(r"(?<![0-9.])(?<![0-9] )[12](?: [0-9]){3}(?= ?年)")  # 2 0 1 3 年
_NUMBERED = re.compile(
    f"^\\s*#*\\s?第\\s?[{HAN}0-9]{{1,9}}?\\s?[章节節回篇编編部卷条條讲講集款项][ \u3000]+|^\\s*[0-9]{{1,3}}[ \u3000]+"
)
_SEGMENTS = re.compile(r"[ \u2002-\u200a\u3000]+")


def find(lines: Sequence[str], pages: Sequence[Page]) -> Iterator[tuple[int, Fix]]:  # noqa: ARG001
    """Each stray space within a line."""
    for number in holding(lines, RULE.trigger):
        text = lines[number]
        if is_table(text) or is_catalogue(text) or is_contents(text) or _is_verse(text):
            continue
        numbered = _NUMBERED.match(text)
        start = numbered.end() if numbered else 0
        for match in _BESIDE_MARK.finditer(text):
            if match.end() > start:
                yield number, Fix(match.start(), match.end(), "")
        for match in _YEAR.finditer(text):
            for gap in re.finditer(" ", match.group()):
                at = match.start() + gap.start()
                yield number, Fix(at, at + 1, "", "年份的数字之间不空格", Confidence.LIKELY)
        between = [match for match in _BETWEEN_HAN.finditer(text, start) if match.start() >= start]
        if between and (is_prose(text) or _within_paragraph(lines, number)):
            for match in between:
                yield number, Fix(match.start(), match.end(), "", "正文的汉字之间不空格", Confidence.LIKELY)


def _within_paragraph(lines: Sequence[str], number: int) -> bool:
    """Whether a line without a pause is one of the wrapped lines of a paragraph: its neighbours are prose, as long."""
    size = len(lines[number]) * 1.2
    around = [lines[at] for at in (number - 1, number + 1) if 0 <= at < len(lines)]
    return size >= 20 and any(is_prose(line) and len(line) <= size for line in around)


def _is_verse(text: str) -> bool:
    """Whether spaces part the line into half-lines of one length: 白日依山尽， 黄河入海流。"""
    parts = _SEGMENTS.split(text.strip())
    return len(parts) >= 2 and len({len(part) for part in parts}) == 1 and len(parts[0]) in {4, 5, 6, 7, 8}


RULE = BookRule(
    id="spaces-between-han",
    confidence=Confidence.CERTAIN,
    find=find,
    why="全角标点前后不空格",
    trigger=" \u00a0\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f",
)
