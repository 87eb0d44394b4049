"""Zero-width signs, soft hyphens, bidirectional controls and joiners that came with copied text are taken out.

Why: they hide in words, break searching and line breaking, and bidi controls can turn a line around (Unicode TR 36).
Left alone: joiners between letters of scripts that need them (Arabic, Indic) and within emoji; ideographic variation
selectors after a Han character, which choose a glyph; a soft hyphen at the end of a line after a Latin letter, which
latin-hyphenation reads.
"""

import re
from collections.abc import Iterator

from pipeline.clean.rule import LineRule
from pipeline.ledger import Confidence, Fix

_ALWAYS = "\u200b\u2060\ufeff\u180e\u034f\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2061\u2062\u2063\u2064" + (
    "\u2066\u2067\u2068\u2069\u206a\u206b\u206c\u206d\u206e\u206f\u115f\u1160\u3164\uffa0\ufff9\ufffa\ufffb"
)
_JOINERS = "\u200c\u200d"
_SOFT_HYPHEN = "\u00ad"
_FOUND = re.compile(
    f"[{_ALWAYS}]+"
    f"|(?<![\u0600-\u0dff\u2190-\u2bff\ufe0f\U0001f000-\U0001faff])[{_JOINERS}]+"
    f"|{_SOFT_HYPHEN}(?!\\s*$)|(?<![A-Za-z\u00c0-\u024f]){_SOFT_HYPHEN}"
)


def find(text: str) -> Iterator[Fix]:
    """Each run of invisible signs, to be taken out."""
    return (Fix(match.start(), match.end(), "") for match in _FOUND.finditer(text))


RULE = LineRule(
    id="invisible-characters",
    confidence=Confidence.CERTAIN,
    find=find,
    why="零宽字符、软连字符、文字方向控制符不是书里的字",
    trigger=_ALWAYS + _JOINERS + _SOFT_HYPHEN,
)
