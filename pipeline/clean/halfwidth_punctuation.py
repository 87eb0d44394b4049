"""Half-width , . : ; ? ! beside Han become full-width.

Why: OCR engines trained on many languages write ASCII marks in Chinese sentences; GB/T 15834-2011 5.1 gives each mark a
full cell.
Left alone: decimals and times (3.14, 10:30), numbering (1. 一.), dotted leaders, marks between Latin letters, URLs, and
bibliographic descriptions (CIP, ISBN), whose marks are half-width by rule. A full stop must end a sentence.
"""

import re
from collections.abc import Iterator

from pipeline.clean.rule import LineRule
from pipeline.clean.signs import CLOSING, HAN, OPENING, is_catalogue, is_contents
from pipeline.ledger import Confidence, Fix

FULL = {",": "，", ".": "。", ":": "：", ";": "；", "?": "？", "!": "！"}
_LEFT = f"[{HAN}{CLOSING}”’…%％℃）)①-⑳\\]]"
_RIGHT = f"[{HAN}{OPENING}{CLOSING}“”‘’…—]"
_MARK = re.compile(
    rf"(?P<mark>[,:;?!])(?:(?<={_LEFT}.)|(?<={_LEFT}\s.)|(?<=\w.)(?=\s?{_RIGHT}))(?![,:;?!.]{0, 4}[A-Za-z]{0, 8}//)"
)
_STOP = re.compile(rf"(?<=[{HAN}”’」』）])[ ]?(?P<mark>\.)(?=\s*(?:[”’」』）)]|$)|\s?[{HAN}“‘「『《（])(?<!\.\.)")
_NUMBERING = re.compile(
    rf"^\s*[（(]?(?:[一二三四五六七八九十百]{{1,3}}|第[{HAN}]{{1,4}}|[甲乙丙丁戊己庚辛壬癸])[）)]?\s?\."
)


def find(text: str) -> Iterator[Fix]:
    """Each half-width mark beside Han, with its full-width form."""
    if is_catalogue(text):
        return
    for match in _MARK.finditer(text):
        yield Fix(match.start("mark"), match.end("mark"), FULL[match["mark"]])
    if "." in text and not is_contents(text):
        yield from _stops(text)


def _stops(text: str) -> Iterator[Fix]:
    numbering = _NUMBERING.match(text)
    ends_a_sentence = any(mark in text for mark in "，。；,;") or len(text) >= 16
    for match in _STOP.finditer(text):
        at = match.start("mark")
        if numbering and at < numbering.end():
            continue
        if ends_a_sentence and text[at + 1 : at + 2] != ".":
            yield Fix(at, at + 1, "。", confidence=Confidence.LIKELY)


RULE = LineRule(
    id="halfwidth-punctuation",
    confidence=Confidence.CERTAIN,
    find=find,
    why="中文里的标点用全角（GB/T 15834）",
    trigger=",.:;?!",
)
