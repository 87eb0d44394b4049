"""Numbers as books print them: 一 壹 〇 廿 1 １ Ⅰ IV ① ⑴ 甲 子."""

import re
from functools import lru_cache

_DIGITS = dict(zip("零〇○一二三四五六七八九", (0, 0, 0, *range(1, 10)), strict=True)) | dict(
    zip("壹贰叁肆伍陆柒捌玖", range(1, 10), strict=True)
)
_DIGITS |= {"貳": 2, "參": 3, "叄": 3, "陸": 6, "两": 2, "兩": 2, "元": 1, "首": 1}
_UNITS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
_TENS = {"廿": "二十", "卅": "三十", "卌": "四十"}
_STEMS = "甲乙丙丁戊己庚辛壬癸"
_BRANCHES = "子丑寅卯辰巳午未申酉戌亥"
_ROMAN = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100}
HAN = "零〇○一二三四五六七八九十百千廿卅卌两壹贰貳叁參叄肆伍陆陸柒捌玖拾佰仟"
ARABIC = "0-9０-９"
_BLANK = re.compile(r"\s")
_DECIMAL = re.compile(rf"[{ARABIC}]{{1,9}}")


@lru_cache(maxsize=1 << 12)
def value(text: str) -> int | None:
    """The number that a numeral means, whatever its style; None where it is none."""
    text = _BLANK.sub("", text)
    if not text:
        return None
    if _DECIMAL.fullmatch(text):
        return int(text)
    if len(text) == 1:
        for first, count in (("①", 20), ("⑴", 20), ("⒈", 20), ("❶", 10), ("㈠", 10), ("Ⅰ", 12), ("ⅰ", 12), ("㊀", 10)):
            if ord(first) <= ord(text) < ord(first) + count:
                return ord(text) - ord(first) + 1
        if text in _STEMS:
            return _STEMS.index(text) + 1
        if text in _BRANCHES:
            return _BRANCHES.index(text) + 1
    return _roman(text) if text[0] in "IVXLCivxlc" else _han(text)


def _roman(text: str) -> int | None:
    text = text.upper()
    if not re.fullmatch(r"(XC|XL|L?X{0,3})(IX|IV|V?I{0,3})", text):
        return None
    worths = [_ROMAN[letter] for letter in text]
    return sum(-here if here < after else here for here, after in zip(worths, [*worths[1:], 0], strict=True))


def _han(text: str) -> int | None:
    text = "".join(_TENS.get(char, char) for char in text)
    if any(char not in _DIGITS and char not in _UNITS for char in text) or len(text) > 9:
        return None
    if not any(char in _UNITS for char in text):
        return int("".join(str(_DIGITS[char]) for char in text))
    total, digit = 0, 0
    for char in text:
        if char in _UNITS:
            total += (digit or (0 if total and char not in "十拾" else 1)) * _UNITS[char]
            digit = 0
        else:
            digit = _DIGITS[char]
    return total + digit
