"""Radicals and compatibility signs become the characters they stand for: ⽂ 文, ⻓ 长, 樂 (U+F914) 樂, ﹐ ，, ﬁ fi.

Why: fonts and PDF text layers hand out look-alikes with another code; searching, conversion and fonts then fail. The
Unicode Standard (2.3, 18.1) keeps them for round trips only.
Left alone: the twelve characters of the compatibility block that are Han in their own right (﨎 and others have no
decomposition), ① and other enclosed numbers, full-width letters and digits (fullwidth-letters decides), ㎡ and ℃.
"""

import unicodedata
from collections.abc import Iterator

from pipeline.clean.rule import LineRule
from pipeline.ledger import Confidence, Fix

# Unicode gives these radicals no decomposition; by name and shape they are the characters that contain them.
_RADICALS = dict(
    zip(
        "⺁⺄⺇⺈⺊⺋⺌⺍⺏⺒⺓⺗⺘⺙⺛⺜⺝⺠⺡⺢⺤⺥⺦⺧⺩⺪⺫⺬⺭⺯⺰⺱⺲⺴⺶⺹⺻⺼⻁⻃⻄⻅⻆⻈⻉⻋⻌⻍⻎⻐⻑⻒⻓⻔⻕⻖⻗⻘⻙⻚⻛⻜⻝⻞⻟⻠⻢⻣⻤⻥⻦⻧⻨⻩⻬⻮⻰⻱⻲⻳",
        "厂乙几刀卜㔾小小尢巳幺心手攴旡日月民水水爪爪丬牛王疋目示示糸纟网网网羊老聿肉虎西西见角讠贝车辶辶辶钅長镸长门阜阝雨青韦页风飞食食食饣马骨鬼鱼鸟卤麦黄齐齿龙龜龜龟",
        strict=True,
    )
)
_WIDE = {",": "，", "、": "、", ".": "。", ";": "；", ":": "：", "?": "？", "!": "！", "(": "（", ")": "）"}


def _table() -> dict[str, str]:
    table = dict(_RADICALS)
    ranges = ((0x2E80, 0x2FE0), (0xF900, 0xFB00), (0x2F800, 0x2FA20))
    for start, end in ranges:
        for code in range(start, end):
            char = chr(code)
            if (plain := unicodedata.normalize("NFKC", char)) != char:
                table[char] = plain
    for code in (*range(0xFE10, 0xFE1A), *range(0xFE30, 0xFE50), *range(0xFE50, 0xFE6C)):
        char = chr(code)
        if unicodedata.category(char) != "Cn" and (plain := unicodedata.normalize("NFKC", char)) != char:
            table[char] = _WIDE.get(plain, plain)
    table |= {"︱": "——", "︲": "——", "︙": "……", "︳": "——", "︰": "："}  # one vertical sign is half of a pair
    table |= {chr(code): unicodedata.normalize("NFKC", chr(code)) for code in range(0xFB00, 0xFB07)}  # ﬀ ﬁ ﬂ
    return table


_TABLE = _table()


def find(text: str) -> Iterator[Fix]:
    """Each look-alike, with the character it stands for."""
    return (Fix(at, at + 1, _TABLE[char]) for at, char in enumerate(text) if char in _TABLE)


RULE = LineRule(
    id="compatibility-characters",
    confidence=Confidence.CERTAIN,
    find=find,
    why="部首或兼容字符，换成它所代表的正字",
    trigger="".join(_TABLE),
)
