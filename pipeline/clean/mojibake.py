"""Text that was decoded with the wrong table is decoded again: ä¸­å›½ and 涓浗 are 中国.

Why: UTF-8 bytes read as Windows-1252 or as GBK. Only whole runs that decode without a fault, and give Han, are taken;
that cannot happen by chance.
Left alone: accented Latin words (café, Zürich), runs that do not decode, 锟斤拷 (nothing is left to restore).
"""

import re
from collections.abc import Iterator

from ftfy import fix_encoding

from pipeline.clean.rule import LineRule
from pipeline.clean.signs import ONE_HAN
from pipeline.ledger import Confidence, Fix

_WESTERN = "äåæçèéï"  # what the first bytes E4 to E9 and EF of Han and full-width marks become
_CHINESE = "锛銆鐨涓鏄浜鍦"  # what the first bytes of ，。的中是人在 become; the first two are hardly words
_WESTERN_RUN = re.compile(
    r"[\u0080-\u00ff\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc\u2010-\u203a\u20ac\u2122]{3,}"
)
_CHINESE_RUN = re.compile(r"[\u00a4-\u00f7\u2010-\u2642\u2e81-\u9fff\ue000-\uffee]{3,}")


def find(text: str) -> Iterator[Fix]:
    """Each run of mojibake, with what it was."""
    if any(char in text for char in _WESTERN):
        for match in _WESTERN_RUN.finditer(text):
            right = fix_encoding(match.group())
            if right != match.group() and ONE_HAN.search(right) and len(right) < len(match.group()):
                yield Fix(match.start(), match.end(), right)
    elif any(char in text for char in _CHINESE):
        for match in _CHINESE_RUN.finditer(text):
            decoded = _as_utf8(match.group())
            if decoded and ONE_HAN.search(decoded):
                yield Fix(match.start(), match.end(), decoded)


def _as_utf8(run: str) -> str | None:
    """What the bytes of `run` in GBK say as UTF-8, if they say anything."""
    try:
        return run.encode("gb18030").decode("utf-8")
    except UnicodeError:
        return None


RULE = LineRule(
    id="mojibake",
    confidence=Confidence.CERTAIN,
    find=find,
    why="解码用错了码表，按原来的字节重新解码",
    trigger=_WESTERN + _CHINESE,
)
