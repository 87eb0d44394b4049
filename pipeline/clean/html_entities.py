"""HTML entities become the characters they mean: &nbsp; &amp; &lt; &#8212; &ldquo;.

Why: engines that write HTML or Markdown escape characters; in a text they are noise.
Left alone: an ampersand that begins no known entity (R&D; AT&T), and entities of controls.
"""

import re
from collections.abc import Iterator
from html.entities import html5

from pipeline.clean.rule import LineRule
from pipeline.ledger import Confidence, Fix

_ENTITY = re.compile(
    r"&(?:#(?P<decimal>[0-9]{1,7})|#[xX](?P<hex>[0-9a-fA-F]{1,6})|(?P<name>[A-Za-z][A-Za-z0-9]{1,30}));"
)
_SPACES = frozenset("\u00a0\u2002\u2003\u2009")


def find(text: str) -> Iterator[Fix]:
    """Each entity, with its character; the spaces that layout needed become one plain space."""
    for match in _ENTITY.finditer(text):
        if char := _character(match):
            yield Fix(match.start(), match.end(), " " if char in _SPACES else char)


def _character(match: re.Match[str]) -> str:
    if match["name"]:
        return html5.get(f"{match['name']};", "")
    code = int(match["decimal"]) if match["decimal"] else int(match["hex"], 16)
    if code == 0x2D or 0x20 <= code < 0x7F or 0xA0 <= code < 0xD800 or 0xE000 <= code < 0x110000:
        return chr(code)
    return ""


RULE = LineRule(
    id="html-entities",
    confidence=Confidence.CERTAIN,
    find=find,
    why="网页转义符还原为它所代表的字符",
    trigger="&",
)
