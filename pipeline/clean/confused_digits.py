"""Letters read for digits in numbers and dates become digits: 2O13年, l2月, 第l8号, 3O%, ISBN 978-7-5O51, Tel.

Why: O and 0, l, I and 1 look alike. A token is a number when it has a digit and a unit, an ordinal or a label beside
it; an ISBN is mended only where its check digit then agrees (ISO 2108).
Left alone: tokens with other letters (B12, O2, A4), Latin words, codes without a unit.
"""

import re
from collections.abc import Iterator

from pipeline.clean.rule import LineRule
from pipeline.ledger import Confidence, Fix

_DIGIT = str.maketrans("lI|Oo", "11100")
_ISBN_DIGIT = str.maketrans("lI|OoSBZ", "11100582")
_UNIT = "年月日号號页頁卷期章节節条條款项項届屆次版号室层岁歲个個名元角分亿億万萬千百点點时時秒度倍%％℃" + (
    "厘毫公斤克里米尺寸吨亩升平立"
)
_RUN = "[0-9lI|Oo]{1,12}"
_TOKEN = re.compile(
    rf"(?<![A-Za-z0-9|])(?=[0-9lI|Oo.,]{{0,12}}[0-9])(?=[0-9.,]{{0,12}}[lI|Oo]){_RUN}(?:[.,]{_RUN})?"
    rf"(?=\s?[{_UNIT}])(?![A-Za-z])"
    r"|(?<=第)\s?(?=[0-9]{0,8}[lI|Oo])[0-9lI|Oo]{2,8}(?![A-Za-z0-9])"
    r"|(?<=第)[lO](?=\s?[章节節回條条页頁期卷届屆次])"
)
_ISBN = re.compile(
    r"(?:ISBN|[1lI]SBN|ISBM|ISB\s?N)(?P<gap>[\s:：]*)(?P<number>[0-9lI|OoSBZXx][0-9lI|OoSBZXx\s\-–—一]{8,20}[0-9lI|OoSBZXx])"
)
_LABEL = re.compile(
    r"(?:电话|電話|传真|傳真|邮编|郵編|邮政编码|编辑部|发行部|邮购|热线|QQ|Tel|Fax)[^\n]{0,4}?"
    r"(?P<number>[(（]?[0-9lIOo][0-9lIOo()（）\-–—/ ]{4,24}[0-9lIOo])(?![A-Za-z])",
    re.IGNORECASE,
)


def find(text: str) -> Iterator[Fix]:
    """Each number with letters in it."""
    taken = 0
    for match in _TOKEN.finditer(text):
        yield Fix(match.start(), match.end(), match.group().translate(_DIGIT))
        taken = match.end()
    if "SB" in text and (isbn := _ISBN.search(text, taken)):
        yield from _isbn(isbn)
        return
    for match in _LABEL.finditer(text, taken):
        number = match["number"]
        if sum(char.isdigit() for char in number) >= 5:
            yield Fix(match.start("number"), match.end("number"), number.translate(_DIGIT))


def _isbn(match: re.Match[str]) -> Iterator[Fix]:
    """The ISBN with its letters and dashes put right, if the check digit then agrees."""
    number = match["number"]
    mended = re.sub(r"\s*[–—一-]\s*", "-", number.translate(_ISBN_DIGIT)).replace("x", "X")
    if _checks(mended):
        yield Fix(match.start(), match.start("gap"), "ISBN")
        yield Fix(match.start("number"), match.end("number"), mended if "-" in mended else number)


def _checks(isbn: str) -> bool:
    """Whether the check digit of an ISBN-13 or ISBN-10 agrees."""
    digits = re.sub(r"[\s-]", "", isbn)
    if re.fullmatch(r"97[89]\d{10}", digits):
        return sum(int(digit) * (3 if at % 2 else 1) for at, digit in enumerate(digits)) % 10 == 0
    if re.fullmatch(r"\d{9}[\dX]", digits):
        return sum((10 - at) * (10 if digit == "X" else int(digit)) for at, digit in enumerate(digits)) % 11 == 0
    return False


RULE = LineRule(
    id="confused-digits",
    confidence=Confidence.LIKELY,
    find=find,
    why="数字里的 0、1 误识为字母 O、l、I",
    trigger="lI|OoSB",
)
