"""Names of persons: a surname keeps its own character where common words take another (范 is no 範, 于 no 於).

Only names that the book itself gives as such are looked at (its creators, the people of its colophon): in running text
范 may well be 範.
"""

import re
from collections.abc import Iterable, Iterator, Mapping

from pipeline.conversion.converter import Convert

# Surnames whose Traditional form is not the one that the commonest word has. 通用规范汉字表 (2013), its table of
# Simplified, Traditional and variant characters, and the notes there on characters used in names.
_SURNAMES: Mapping[str, str] = {
    **{char: char for char in "范于余后姜党种曲郁谷沈涂干岳征卜几里千秋才柏松向布占尤游洪胡朱席咸台舍升系丑斗家折冲"},
    "丰": "豐",
    "云": "雲",
    "钟": "鍾",
    "叶": "葉",
    "万": "萬",
    "宁": "寧",
    "历": "歷",
    "苏": "蘇",
    "须": "須",
    "汇": "匯",
    "鲜于": "鮮于",
    "淳于": "淳于",
    "单于": "單于",
    "钟离": "鍾離",
    "万俟": "万俟",
    "尉迟": "尉遲",
}
# In given names these, too, are far oftener themselves than what their commonest word has.
_GIVEN = frozenset("于余岳谷征松才升秋里岩志游向佑采沈姜范")

_PEOPLE = re.compile(
    r"著|译|编|绘|撰|作者|审|校|设计|摄影|插图|装帧|策划|责任|监制|监印|印制|出版人|发行人|總編|譯|編|繪|審|設計|責任"
)
_HOUSE = re.compile(r"社|公司|厂|廠|局|书店|書店|中心|部|所|室|馆|館|集团|集團|工作")
_APART = re.compile(r"[\s、，,;；/／·|]+")
_NAME = re.compile(r"[\u4e00-\u9fff]{2,4}")
_ROLE = re.compile(r"[\s　]*(?:等)?[\s　]*(?:编著|主编|副主编|著|译|编|绘|校|等)?$")


def people(said: Iterable[tuple[str, str]]) -> Iterator[str]:
    """The names in lines of a colophon, each given as label and value: 责任编辑 / 赵振兴 范首臣."""
    for label, value in said:
        if _PEOPLE.search(label) and not _HOUSE.search(value):
            yield from names(value)


def names(value: str) -> Iterator[str]:
    """The Chinese names in a list of them. Names written with a space between (李　明) are put together."""
    parts = [part for part in _APART.split(_ROLE.sub("", value.strip())) if part]
    if len(parts) == 2 and all(len(part) == 1 for part in parts):
        parts = ["".join(parts)]
    yield from (part for part in parts if _NAME.fullmatch(part))


def traditional(name: str, convert: Convert) -> str:
    """A Chinese name in Traditional characters: the surname by its own table, the given name character by character."""
    surname = next((known for known in (name[:2], name[:1]) if known in _SURNAMES and len(name) > len(known)), "")
    given = name[len(surname) :]
    head = _SURNAMES.get(surname, "")
    if not surname:
        head, given = convert(name[:1]), name[1:]
    return head + "".join(char if char in _GIVEN else convert(char) for char in given)
