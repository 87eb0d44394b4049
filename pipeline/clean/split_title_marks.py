"""A book-title mark read as two single ones is made whole: 〈〈史记〉〉 and <<史记>> become 《史记》.

Why: engines read the double mark stroke by stroke. GB/T 15834-2011 4.15: titles stand in 《 》, a title within a title
in 〈 〉, so that two single marks never stand side by side.
Left alone: 《〈阿Q正传〉的成因》 and the like, << and >> of programs (no Han beside them), tags.
"""

import re
from collections.abc import Iterator

from pipeline.clean.rule import LineRule
from pipeline.clean.signs import HAN
from pipeline.ledger import Confidence, Fix

_SPLIT = re.compile(
    f"(?P<opens>〈〈|＜＜(?=[{HAN}A-Z])|<<(?=[{HAN}]))|(?P<closes>〉〉|(?<=[{HAN}）”0-9])＞＞|(?<=[{HAN}）”])>>)"
)


def find(text: str) -> Iterator[Fix]:
    """Each mark that was split."""
    for match in _SPLIT.finditer(text):
        yield Fix(match.start(), match.end(), "《" if match["opens"] else "》")


RULE = LineRule(
    id="split-title-marks",
    confidence=Confidence.LIKELY,
    find=find,
    why="书名号误识成两个单书名号（GB/T 15834）",
    trigger=("〈〈", "〉〉", "<<", ">>", "＜＜", "＞＞"),
)
