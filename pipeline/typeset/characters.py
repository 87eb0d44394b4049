"""What each character does to a line: may it begin or end one, which side of it is blank, what joins it to the next.

Sources: W3C Requirements for Chinese Text Layout (CLREQ) § 3.1.3 prohibition rules, § 3.1.6 compression of punctuation;
GB/T 15834—2011 § 5.1 positions of marks; JIS X 4051 for the terms. The lists hold the marks of Chinese books in both
scripts; what a mark's blank side is worth is measured from the font's own ink (shaping.py), not listed here.
"""

import re
from enum import IntEnum

# CLREQ § 3.1.3, GB/T 15834 § 5.1.1–5.1.4: pause and stop marks, the second half of paired marks. Not at a line's start.
CLOSING = frozenset("。，、；：？！”’）》〉】〕」』〗〙｝］．")
# The first half of paired marks (GB/T 15834 § 5.1.5): not at a line's end.
OPENING = frozenset("“‘（《〈【〔「『〖〘｛［")
# GB/T 15834 § 5.1.6–5.1.9: connectors, interpuncts, separators; units that follow their number. Not at a line's start.
FOLLOWING = frozenset("·・‧～〜％‰℃°℉″′–‐-/／!?,.;:)]}%％ーぁぃぅぇぉっゃゅょァィゥェォッャュョ々〻")
# Marks before a number or an opening ASCII bracket: not at a line's end.
LEADING = frozenset("([{＃#＄$￥¥£€№§@＠/／")

# GB/T 15834 § 5.1.8: half a character's room; in Taipei's and Hong Kong's practice a whole one's.
INTERPUNCTS = frozenset("·‧・")

LONG = frozenset("—…")

NO_START = CLOSING | FOLLOWING
NO_END = OPENING | LEADING


class Kind(IntEnum):
    """How a unit of text behaves in a line."""

    IDEOGRAPH = 0  # a Han character, kana, or any other full-width sign; —— and …… as one
    CLOSING = 1
    OPENING = 2
    WESTERN = 3  # a word or number that is not broken
    SPACE = 4
    MARK = 5  # a note's mark, lifted: stays with what it marks
    OBJECT = 6  # a box in the line (ruby): behaves like an ideograph
    BREAK = 7  # a line break that the book has


_WESTERN = "A-Za-z0-9\u00c0-\u024f\u0370-\u03ff\u0400-\u04ff\u1e00-\u1eff"
_SYMBOLS = r".,:;!?%@/\\&#$'\"()\[\]{}<>*+=_|~^`\-"
# GB/T 15834 § 4.10, 4.11: —— and …… hold two characters' room and are not divided.
TOKENS = re.compile(
    rf"[ \u00a0]+|[{_WESTERN}{_SYMBOLS}][{_WESTERN}{_SYMBOLS}\u0300-\u036f]*|—+|…+|\n"
    r"|.[\u0300-\u036f\u3099\u309a\ufe00-\ufe0f\U000e0100-\U000e01ef]*",
    re.DOTALL,
)
# What this layout leaves to Pango: controls, right-to-left and complex scripts, joiners, private and unassigned planes.
BEYOND = re.compile(
    "[\t\x0b\f\r\x85\xad\u0590-\u10ff\u1780-\u17ff\u1b00-\u1bff\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]"
)

# Those that take the quarter-em between scripts (CLREQ § 3.2.2): letters and digits against Han and kana.
_LETTER = re.compile(rf"[{_WESTERN}]")
_HAN = re.compile(
    "[\u2e80-\u2fdf\u3005-\u3007\u3040-\u30fa\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
)
_UNIT_SIGNS = frozenset("%‰℃°")

_LONG_WORD = 24
_COMPOUND = re.compile(r"[A-Za-z]{3,}-(?=[A-Za-z]{3,})|.+?(?=[A-Za-z]{3,}-[A-Za-z]{3,})|.+", re.DOTALL)
_HAS_COMPOUND = re.compile(r"[A-Za-z]{3}-[A-Za-z]{3}")
_WORD_SEAMS = re.compile(r"[^/._\-?&=@]{1,12}[/._\-?&=@]*|[/._\-?&=@]+")


def tokens(text: str) -> list[str]:
    """The units of a text: characters, words, dashes and ellipses whole. Very long words (addresses) come in pieces,
    and compounds in their parts, so that a line may end at their hyphens.
    """
    found = TOKENS.findall(text)
    if "-" in text and _HAS_COMPOUND.search(text):
        found = [part for token in found for part in (_COMPOUND.findall(token) if "-" in token else (token,))]
    if any(len(token) > _LONG_WORD for token in found):
        return [piece for token in found for piece in _pieces(token)]
    return found


def _pieces(token: str) -> list[str]:
    if len(token) <= _LONG_WORD or token.isspace() or token[0] in LONG:
        return [token]
    return _WORD_SEAMS.findall(token)


def kind_of(token: str) -> Kind:
    """The kind of a token by its first character."""
    first = token[0]
    if first in " \u00a0":
        return Kind.SPACE
    if first == "\n":
        return Kind.BREAK
    if first in CLOSING:
        return Kind.CLOSING
    if first in OPENING:
        return Kind.OPENING
    if (first < "\u0250" and first != "·") or "\u0370" <= first <= "\u04ff" or "\u1e00" <= first <= "\u1eff":
        return Kind.WESTERN
    return Kind.IDEOGRAPH


def is_letter(char: str) -> bool:
    return _LETTER.match(char) is not None


def is_han(char: str) -> bool:
    return _HAN.match(char) is not None


def is_plain(token: str) -> bool:
    """Whether a token is one sign without rules of its own: —— and …… have theirs."""
    return len(token) == 1 and token not in LONG


def takes_space_before(char: str) -> bool:
    """Whether a Western word that begins so stands off from a Han character before it."""
    return is_letter(char)


def takes_space_after(char: str) -> bool:
    """Whether a Western word that ends so stands off from a Han character after it; 5% and 20℃ do as well."""
    return is_letter(char) or char in _UNIT_SIGNS
