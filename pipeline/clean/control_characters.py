"""NUL and other control characters, noncharacters and line separators inside a line are taken out.

Why: no one sees them, and XML 1.0 (2.2, Char) forbids most of them, so that an EPUB with one of them is broken. A form
feed or separator between two Latin words was a gap: it becomes a space.
Left alone: tabs, which part the columns of imprints and tables; the replacement character U+FFFD, which shows where a
character was lost.
"""

import re
from collections.abc import Iterator

from pipeline.clean.rule import LineRule
from pipeline.ledger import Confidence, Fix

_CONTROLS = "".join(map(chr, (*range(9), *range(10, 32), *range(127, 160)))) + "\u2028\u2029\ufffe\uffff"
_NONCHARACTERS = "".join(chr(plane * 0x10000 + last) for plane in range(1, 17) for last in (0xFFFE, 0xFFFF))
_FOUND = re.compile(f"[{re.escape(_CONTROLS)}\ufdd0-\ufdef\ud800-\udfff{_NONCHARACTERS}]+")
_GAP = frozenset("\n\v\f\r\x85\u2028\u2029")


def find(text: str) -> Iterator[Fix]:
    """Each run of controls: out, or a space where it parted two Latin words."""
    for match in _FOUND.finditer(text):
        before, after = text[max(0, match.start() - 1) : match.start()], text[match.end() : match.end() + 1]
        parted = before.isascii() and before.isalnum() and after.isascii() and after.isalnum()
        yield Fix(match.start(), match.end(), " " if parted and not _GAP.isdisjoint(match.group()) else "")


RULE = LineRule(
    id="control-characters",
    confidence=Confidence.CERTAIN,
    find=find,
    why="控制字符看不见，电子书的格式也不容许",
    trigger=_CONTROLS + _NONCHARACTERS + "".join(map(chr, (*range(0xFDD0, 0xFDF0), *range(0xD800, 0xE000)))),
)
