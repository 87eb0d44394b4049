"""The word `and` between Han becomes 和.

Why: OCR language models write the English word where they are sure of the sense and not of the sign.
Left alone: `and` beside a Latin word, in a title or a quotation (Black and White).
"""

import re
from collections.abc import Iterator

from pipeline.clean.rule import LineRule
from pipeline.clean.signs import HAN
from pipeline.ledger import Confidence, Fix

_AND = re.compile(f"(?<=[{HAN}”’》）」』])[ ]?and[ ]?(?=[{HAN}“‘《（「『])")


_LATIN_QUOTED = re.compile(r"[A-Za-z][”’》）」』]$")  # “students”and“men”: the word is English
_QUOTES_LATIN = re.compile(r"[“‘《（「『][A-Za-z]")


def find(text: str) -> Iterator[Fix]:
    """Each `and` between Han, with the spaces around it."""
    for match in _AND.finditer(text):
        quoted = _LATIN_QUOTED.match(text, max(0, match.start() - 2), match.start())
        if not (quoted and _QUOTES_LATIN.match(text, match.end())):
            yield Fix(match.start(), match.end(), "和")


RULE = LineRule(
    id="english-and",
    confidence=Confidence.LIKELY,
    find=find,
    why="识别模型把“和”写成了英文 and",
    trigger=("and",),
)
