"""A mark that stands twice is written once: ，， ，, 。。 、、 《《 》》.

Why: engines read a blurred mark twice, or once as half-width and once as full-width; models repeat tokens. No Chinese
sentence has two commas or stops in a row (GB/T 15834-2011 5).
Left alone: ！！ ？？ ？！ (emphasis), 。。。 (an ellipsis: ellipses), quotation marks (quotation-marks), brackets of
nested quotations with words between.
"""

import re
from collections.abc import Iterator

from pipeline.clean.rule import LineRule
from pipeline.ledger import Confidence, Fix

_DOUBLED = re.compile(
    r"(?P<mark>[，、；：])[ ]?(?:(?P=mark)[ ]?)+|(?<!。)。[ ]?。(?!。)|《{2,}|》{2,}"
    r"|，[ ]?,|,[ ]?，|；[ ]?;|：[ ]?:|。\.(?!\.)"
)
_MIXED = re.compile(r"，[ ]?[。；]|、[ ]?[，。；]|[。；][ ]?，")


def find(text: str) -> Iterator[Fix]:
    """Each doubled mark; of two unlike ones the stronger is proposed."""
    doubled: set[int] = set()
    for match in _DOUBLED.finditer(text):
        mark = match["mark"] or match.group()[0]
        doubled.update(range(match.start(), match.end()))
        yield Fix(match.start(), match.end(), {",": "，"}.get(mark, mark))
    for match in _MIXED.finditer(text):
        if not doubled.isdisjoint(range(match.start(), match.end())):  # ,，。: the comma first
            continue
        marks = match.group()
        stronger = next(mark for mark in "。；，、" if mark in marks)
        yield Fix(match.start(), match.end(), stronger, "两个标点相连，当有一个是多余的", Confidence.DOUBTFUL)


RULE = LineRule(
    id="doubled-marks",
    confidence=Confidence.LIKELY,
    find=find,
    why="同一标点重复",
    trigger=tuple(
        one + gap + other
        for one, others in {
            "，": "，,。；",
            ",": "，",
            "、": "、，。；",
            "；": "；;，",
            "：": "：:",
            "。": "。.，",
            "《": "《",
            "》": "》",
        }.items()
        for other in others
        for gap in ("", " ")
    ),
)
