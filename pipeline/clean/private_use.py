"""Characters of the private use area get their public code where it is known; others are only reported.

Why: GB 18030-2000 kept some characters in the private area that Unicode has since encoded (GB 18030-2022, annex), and
symbol fonts keep bullets and arrows there. No reader has glyphs for them.
Left alone: all others. Nobody can know them without the font, so they are proposed for removal as DOUBTFUL.
"""

import re
from collections.abc import Iterator

from pipeline.clean.rule import LineRule
from pipeline.ledger import Confidence, Fix

_GB18030 = dict(
    zip(
        map(chr, (*range(0xE78D, 0xE797), 0xE81E, 0xE826, 0xE82B, 0xE82C, 0xE832, 0xE843, 0xE854, 0xE864)),
        "︐︒︑︓︔︕︖︗︘︙龴龵龶龷龸龹龺龻",
        strict=True,
    )
)
_VERTICAL = dict(zip("︐︒︑︓︔︕︖︗︘︙", ("，", "。", "、", "：", "；", "！", "？", "〖", "〗", "……"), strict=True))
_SYMBOL_FONTS = {
    "\uf0b7": "•",
    "\uf06c": "●",
    "\uf06e": "■",
    "\uf0a7": "▪",
    "\uf0d8": "➢",
    "\uf0fc": "✓",
    "\uf0e0": "→",
}
_KNOWN = {private: _VERTICAL.get(public, public) for private, public in _GB18030.items()} | _SYMBOL_FONTS
_PRIVATE = re.compile("[\ue000-\uf8ff]")


def find(text: str) -> Iterator[Fix]:
    """Each private character: its public code, or the question whether it should go."""
    for match in _PRIVATE.finditer(text):
        known = _KNOWN.get(match.group())
        if known:
            yield Fix(match.start(), match.end(), known)
        else:
            yield Fix(match.start(), match.end(), "", "私用区字符，没有通行的字形，请对照原书", Confidence.DOUBTFUL)


RULE = LineRule(
    id="private-use",
    confidence=Confidence.CERTAIN,
    find=find,
    why="私用区字符已有正式编码",
    trigger="".join(map(chr, range(0xE000, 0xF900))),
)
