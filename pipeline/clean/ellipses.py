"""The ellipsis is put right: ... 。。。 ⋯⋯ and a single … become ……

Why: GB/T 15834-2011 4.11: six dots on the middle of the line, in two cells.
Left alone: leaders of printed contents, dots within Latin sentences, CIP class marks (①中…Ⅱ), whole lines of dots.
"""

import re
from collections.abc import Iterator

from pipeline.clean.rule import LineRule
from pipeline.clean.signs import HAN, is_catalogue, is_contents, neighbours
from pipeline.ledger import Confidence, Fix

_RUN = re.compile(r"[…⋯]+[.…⋯]*|\.{2,}[…⋯]+|\.{3,}|。{3,}|[．]{2,}|[·]{4,}")
_CHINESE = re.compile(f"[{HAN}，。；：？！、“”‘’（）《》「」『』—]")
_SENTENCE = re.compile("[，。；：？！、“”]")


_LATIN_BEFORE = re.compile(r"[A-Za-z][，、；：！？]?\s{0,4}$")
_LATIN_AFTER = re.compile(r"\s{0,4}[A-Za-z]")


def _in_latin(text: str, start: int, end: int) -> bool:
    """Whether Latin words stand on both sides, a full-width mark between or not."""
    return (
        _LATIN_AFTER.match(text, end) is not None and _LATIN_BEFORE.search(text[max(0, start - 8) : start]) is not None
    )


def find(text: str) -> Iterator[Fix]:
    """Each run of dots in Chinese that is no proper ellipsis."""
    if is_catalogue(text) or is_contents(text):
        return
    for match in _RUN.finditer(text):
        run = match.group()
        if run in {"……", "…………"} or len(run) > 12:
            continue
        before, after = neighbours(text, match.start(), match.end())
        if not (_CHINESE.match(before) or _CHINESE.match(after)) or _in_latin(text, match.start(), match.end()):
            continue
        if run == "．．" and before.isascii():
            continue  # 40 ff．．
        if not after and run[0] in ".．·" and not (_SENTENCE.search(text) and len(text) >= 12):
            continue  # a title and its leaders, the page number lost
        yield Fix(match.start(), match.end(), "……", confidence=None if len(run) > 1 else Confidence.LIKELY)


RULE = LineRule(
    id="ellipses",
    confidence=Confidence.CERTAIN,
    find=find,
    why="省略号是六个点，占两个字的位置，写作“……”（GB/T 15834）",
    trigger=("…", "...", "⋯", "。。。", "．．", "····"),
)
