"""Ornaments before or around a heading or a label are taken away: ▶ 第二章, ◆一、总论, ★ 目录 ★.

Why: print sets them as ornaments of a heading; the edition has its own, and a ▶ in a heading goes into every
contents.
Left alone: lines of nothing but stars and the like (they part sections), ornaments in a sentence or table; ■ and ◆
before words without a number (structuring reads a subtitle there), ◎ beside names (it parts author and role), ※ and
● of notes and lists.
"""

import re
from collections.abc import Iterator

from pipeline.clean.rule import LineRule
from pipeline.clean.signs import HAN
from pipeline.ledger import Confidence, Fix

_ORNAMENTS = "▶►▷▸❯❱➤➢◆◇■□▪▫★☆✦✧❖◈❀✿❁●○◎◉▲△▼▽♦♢♠♣§"
_POINTERS = frozenset("▶►▷▸❯❱➤➢")  # alone on a line they have lost what they pointed at
_BEFORE = re.compile(
    rf"^(?P<lead>\s*(?:#{{1,6}}\s+)?)(?P<ornament>[{_ORNAMENTS}](?:\s?[{_ORNAMENTS}]){{0,5}}\s*)(?=第\s?[{HAN}0-9]{{1,6}}?\s?[章节節回篇编編部卷讲講集]|[（(][一二三四五六七八九十]{{1,3}}[）)]|[一二三四五六七八九十]{{1,3}}[、．.]"
    r"|(?:绪\s*论|緒\s*論|前\s*言|序\s*言|引\s*言|导\s*论|后\s*记|附\s*录|参考文献|延伸阅读|案例|链接|知识链接|思考题|目\s*录)\s*(?:$|[：:]))"
)
_AROUND = re.compile(
    rf"^(?P<lead>\s*)(?P<before>[{_ORNAMENTS}](?:\s?[{_ORNAMENTS}]){{0,9}}\s*)(?P<words>[^{_ORNAMENTS}。，]{{1,30}}?)(?P<after>\s*[{_ORNAMENTS}](?:\s?[{_ORNAMENTS}]){{0,9}})\s*$"
)


def find(text: str) -> Iterator[Fix]:
    """The ornaments before a numbered heading, or on both sides of a short one."""
    if len(text) > 80:
        return
    if text.strip() in _POINTERS:
        yield Fix(0, len(text), "")
    elif match := _BEFORE.match(text):
        yield Fix(match.start("ornament"), match.end("ornament"), "")
    elif (match := _AROUND.match(text)) and re.search(f"[{HAN}]", match["words"]):
        yield Fix(match.start("before"), match.end("before"), "")
        yield Fix(match.start("after"), match.end("after"), "")


RULE = LineRule(
    id="decoration",
    confidence=Confidence.LIKELY,
    find=find,
    why="标题前后的装饰符号，不是书里的字",
    trigger=_ORNAMENTS,
)
