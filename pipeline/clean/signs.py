"""Kinds of signs, as pieces of regular expressions: what the rules mean by Han, by a full-width mark, by prose."""

import re

HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff〇○々"
MARKS = "，。、；：？！…—～·“”‘’「」『』《》〈〉（）【】〔〕〖〗"  # full-width, or at home among Han
OPENING = "“‘「『《〈（【〔〖"
CLOSING = "”’」』》〉）】〕〗"

ONE_HAN = re.compile(f"[{HAN}]")
_CATALOGUE = re.compile(
    r"ISBN|CIP|E-?mail|https?:|www\.|[著编編译譯撰校注写寫]\s?[.．]\s?(?:[-—–一]|$)|(?:^|\s)[IⅠ1l]\s?[.．]\s?[①@]|[ⅡⅢⅣ]\s?[.．]\s?[①@]"
    r"|^\s*[-—–一]{1,2}\s?\S{2,6}\s?[:：]\s?\S{2,16}(?:社|局|店|馆|館)|(?:出版社|书局|書局|书店|書店|书馆|書館)\s?[,，]\s?(?:19|20)[0-9]{2}",
    re.IGNORECASE,
)
_CATALOGUE_HINT = re.compile("[ICPEWicpew.．:：]|[,，]\\s?[12]")
_NEAR = 8  # characters; blanks within them do not part two signs
_PAUSE = re.compile("[，。；、,;]")
_COLUMN_GAP = re.compile(r"(?<=\S)(?: {3,}|\u3000{2,})(?=\S)")
# An entry of printed contents: leaders, or a number at the end after a gap or a slash.
_CONTENTS = re.compile(
    r"(?:[.…·．]\s?){2,}\s{0,4}[0-9０-９lIO]{1,4}\s*$|(?:[.·．]\s?){2,}\s*$|[/／]\s?[0-9]{1,4}\s*$|\s[.…·]{0,40}[0-9]{1,4}\s*$"
)
_CONTENTS_END = frozenset("0123456789０１２３４５６７８９lIO.·．")
_SENTENCE = re.compile("[，。；]")


def is_han(char: str) -> bool:
    """Whether `char` is a Han character (〇 and 々 are)."""
    return "\u4e00" <= char <= "\u9fff" or (char > "\u3000" and ONE_HAN.match(char) is not None)


def is_catalogue(text: str) -> bool:
    """Whether a line is a bibliographic description, an imprint's number or an address on the net.

    Such lines keep their half-width marks (ISBD; GB/T 12451, CIP data).
    """
    return len(text) <= 160 and _CATALOGUE_HINT.search(text) is not None and _CATALOGUE.search(text) is not None


def is_prose(text: str) -> bool:
    """Whether a line is running text: long enough and with a pause in it, no table row."""
    return len(text) >= 12 and _PAUSE.search(text) is not None and not is_table(text)


def is_contents(text: str) -> bool:
    """Whether a line may be an entry of the printed contents."""
    if len(text) >= 80 or text.rstrip()[-1:] not in _CONTENTS_END or _SENTENCE.search(text):
        return False
    return _CONTENTS.search(text) is not None


def is_table(text: str) -> bool:
    """Whether a line is laid out in columns."""
    if "|" in text or "\t" in text:
        return True
    return ("   " in text or "\u3000\u3000" in text) and len(_COLUMN_GAP.findall(text)) >= 2


def neighbours(text: str, start: int, end: int) -> tuple[str, str]:
    """The nearest characters on either side of columns [start, end), a few blanks aside; "" where there are none."""
    return text[max(0, start - _NEAR) : start].rstrip()[-1:], text[end : end + _NEAR].lstrip()[:1]
