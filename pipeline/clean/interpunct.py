"""The interpunct in names and titles is put right: 卡尔•马克思, 卡尔・马克思, 卡尔．马克思 become 卡尔·马克思.

Why: GB/T 15834-2011 4.14: 间隔号 is U+00B7 in the middle of the cell; engines offer bullets, katakana dots and stops.
Left alone: bullets at the start of a line, dots beside Latin and digits (7．7 is reported by nobody), leaders.
"""

import re
from collections.abc import Iterator

from pipeline.clean.rule import LineRule
from pipeline.clean.signs import HAN
from pipeline.ledger import Confidence, Fix

_DOT = re.compile(
    f"(?<=[{HAN}》])[ ]?[•・‧∙⋅][ ]?(?=[{HAN}《])|(?<=[{HAN}])[·][ ]+(?=[{HAN}])|(?<=[{HAN}])[ ]+[·](?=[{HAN}])"
)


def find(text: str) -> Iterator[Fix]:
    """Each wrong dot between Han."""
    return (Fix(match.start(), match.end(), "·") for match in _DOT.finditer(text))


RULE = LineRule(
    id="interpunct",
    confidence=Confidence.LIKELY,
    find=find,
    why="人名、书名中的间隔号写作“·”（GB/T 15834）",
    trigger="•・‧∙⋅·",
)
