"""Full-width Latin letters, digits and signs become ordinary ones: ＣＩＰ CIP, １２ 12, ％ %.

Why: Arabic numerals and Latin words are set in proportional type (GB/T 15835-2011 5.1, CLREQ 3.3); OCR of old fonts and
typists make them full-width. Full-width brackets and stops are right and stay.
Left alone: a single capital (阿Ｑ, Ａ股: the author's own way, all through the book); ，。；：？！（） and other
Chinese marks; ～.
"""

import re
from collections.abc import Iterator

from pipeline.clean.rule import LineRule
from pipeline.ledger import Confidence, Fix

_CHARACTERS = "".join(map(chr, (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))))
_SIGNS = "＂＃＄％＆＇＊＋－．／＜＝＞＠＼＾＿｀｜"
_RUN = re.compile(f"[{_CHARACTERS}{re.escape(_SIGNS)}]+")
_LETTERS = re.compile(f"[{_CHARACTERS}]")
_CAPITALS = frozenset(map(chr, range(0xFF21, 0xFF3B)))
_TO_ASCII = {ord(char): ord(char) - 0xFEE0 for char in _CHARACTERS + _SIGNS}


def find(text: str) -> Iterator[Fix]:
    """Each run of full-width letters and digits, with the signs inside it or after its digits (％)."""
    for match in _RUN.finditer(text):
        run = match.group()
        if not _LETTERS.search(run) or (len(run) == 1 and run in _CAPITALS):
            continue
        start = match.start() + len(run) - len(run.lstrip("－．／＊＝＂＇＿"))
        end = match.end() - (len(run) - len(run.rstrip("－．／＊＝＂＇＿")))
        yield Fix(start, end, text[start:end].translate(_TO_ASCII))


RULE = LineRule(
    id="fullwidth-letters",
    confidence=Confidence.LIKELY,
    find=find,
    why="西文字母和阿拉伯数字用半角（GB/T 15835）",
    trigger=_CHARACTERS,
)
