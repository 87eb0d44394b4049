"""Headings whose characters are set apart are closed up: 为 民 篇, 目　录, 绪 论, 第 一 章 总 论.

Why: print spreads short headings; as text the spaces break searching and matching with the printed contents.
Left alone: names of two characters (许 峰), labels of an imprint (书 名 …), verse, lines with other words, the
space after the number of a heading.
"""

import re
from collections.abc import Iterator

from pipeline.clean.rule import LineRule
from pipeline.clean.signs import HAN
from pipeline.ledger import Confidence, Fix

_GAP = "[ \u00a0\u2002-\u200a\u3000]"
_SPACED = re.compile(f"^(?P<lead>\\s*(?:[#▶■◆*]+{_GAP}*)?)(?P<words>[{HAN}](?:{_GAP}+[{HAN}])+)(?P<tail>\\s*[*]*\\s*)$")
_TITLES = """
目录 目錄 目次 前言 序言 绪论 緒論 绪言 引言 引论 导论 導論 导言 导读 后记 後記 跋语 附录
附錄 附注 凡例 题记 題記 结语 結語 结论 結論 尾声 余论 总论 总序 自序 代序 译序 序论 楔子
索引 注释 註釋 参考文献 致谢 鸣谢 正文 上编 中编 下编 上篇 中篇 下篇 上卷 中卷 下卷 上部
下部 卷首 弁言 例言 缘起 提要 摘要 简介 说明 説明 版权 扉页
"""
_NUMERALS = frozenset("一二三四五六七八九十")
_KNOWN = frozenset(_TITLES.split())
_LABEL = re.compile(  # of an imprint: what follows is a name
    "\\s*(?:[书書]\\s*名|[编編]?\\s*著|[作译譯编編著]\\s*者|主\\s*[编編]|责\\s*任|地\\s*址|[开開]\\s*本|字\\s*[数數]|印\\s*[刷张張次]|"
    "版\\s*次|定\\s*[价價]|[书書]\\s*[号號]|[经經]\\s*[销銷]|出\\s*版|[发發]\\s*行|[电電]\\s*[话話]|[邮郵]\\s*[编編])"
)
_NUMBER = re.compile(
    f"^(?P<lead>\\s*#*{_GAP}*)(?P<number>第{_GAP}+[一二三四五六七八九十百零〇0-9]{{1,4}}{_GAP}*[章节節回篇编編部卷讲講集条條]|第{_GAP}*[一二三四五六七八九十百零〇0-9]{{1,4}}{_GAP}+[章节節回篇编編部卷讲講集条條])(?=\\s|$)"
)

_WORDS_AFTER = re.compile(f"{_GAP}+(?P<words>[{HAN}](?:(?P<gap>{_GAP}+)[{HAN}](?:(?P=gap)[{HAN}])*))\\s*$")
_COUNTED = re.compile(
    f"^\\s*#*{_GAP}*(?:[（(]?[一二三四五六七八九十]{{1,3}}[）)]?{_GAP}?[、．.]?|第[一二三四五六七八九十百零0-9]{{1,4}}[章节節回篇编編部卷])"
    f"{_GAP}*(?P<words>[{HAN}](?P<gap>{_GAP}+)[{HAN}](?:(?P=gap)[{HAN}])*)\\s*$"
)
_EVENLY = 2  # gaps that spread words evenly have at least, or they part a name


def find(text: str) -> Iterator[Fix]:
    """The gaps within such a heading."""
    if len(text) > 60:
        return
    if (
        (match := _SPACED.match(text))
        and not _LABEL.match(text)
        and _is_heading(re.sub(_GAP, "", match["words"]), match["words"])
    ):
        yield from _close(text, match.start("words"), match.end("words"))
    elif match := _NUMBER.match(text):
        yield from _close(text, match.start("number"), match.end("number"))
        if words := _WORDS_AFTER.match(text, match.end("number")):
            yield from _close(text, words.start("words"), words.end("words"))
    elif (match := _COUNTED.match(text)) and len(re.findall(f"{_GAP}+", match["words"])) >= _EVENLY:
        yield from _close(text, match.start("words"), match.end("words"))


def _is_heading(closed: str, spaced: str) -> bool:
    """Two characters must be a known title; three or more evenly spread ones are one, unless they are verse."""
    if closed in _KNOWN:
        return True
    gaps = set(re.findall(f"{_GAP}+", spaced))
    if spaced[0] in _NUMERALS and len(gaps) > 1:
        return False  # 一　绪 论: the number and its title
    return 3 <= len(closed) <= 14 and len(gaps) == 1 and len(closed) not in {5, 7}


def _close(text: str, start: int, end: int) -> Iterator[Fix]:
    return (Fix(start + gap.start(), start + gap.end(), "") for gap in re.finditer(f"{_GAP}+", text[start:end]))


RULE = LineRule(
    id="spaced-heading",
    confidence=Confidence.LIKELY,
    find=find,
    why="标题的字距是版式，不是空格",
    trigger=" \u00a0\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u3000",
)
