"""Rules that a pattern tells: marks, widths, spaces and left-overs inside one block of text (GB/T 15834, CLREQ)."""

import re
from collections.abc import Iterable, Iterator
from functools import partial

from pipeline.check.reading import Opened, Words
from pipeline.check.rule import CheckRule, Place

HAN = "\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003ffff"
_AROUND = 12
_SPACE = r"[ \t\u00a0]+"
_SPACED_MARK = rf"{_SPACE}[，。；：？！、）》」』”]|[，。；：？！、（《「『“]{_SPACE}"
# Not 目的的确, 标的的, 是是否, 在在都是, 和和平, 和和气气, 实实在在.
_DOUBLED_WORD = (
    "(?<![目标標])的的(?![确確士])|是是(?!否)|(?<!实实)(?<!實實)在在(?!都)|和和(?![气氣平谐諧])|与与|為為|为为"
)
_NUMERAL = "[一二三四五六七八九十]"


def place(block: Words, start: int = 0, end: int = 0) -> Place:
    """The words around a find."""
    words = block.text[max(0, start - _AROUND) : max(end, start) + _AROUND].strip()
    return Place(block.file, block.line, words.replace("\n", "⏎"))


def _matches(pattern: re.Pattern[str], opened: Opened) -> Iterator[Place]:
    for block in opened.running():
        for found in pattern.finditer(block.text):
            yield place(block, found.start(), found.end())


def _rule(name: str, pattern: str, why: str, advice: str) -> CheckRule:
    return CheckRule(name, why, advice, partial(_matches, re.compile(pattern)))


MARKS = (
    _rule("halfwidth-comma", rf"[{HAN}],|,[{HAN}]", "汉字旁的逗号是半角", "改为“，”"),
    _rule("halfwidth-period", rf"[{HAN}]\.(?=[\s”’」』）]|$|[{HAN}])", "句末是半角句点", "改为“。”"),
    _rule("halfwidth-colon", rf"[{HAN}]:(?!//)", "汉字后的冒号是半角", "改为“：”"),
    _rule("halfwidth-semicolon", rf"[{HAN}];", "汉字后的分号是半角", "改为“；”"),
    _rule("halfwidth-question", rf"[{HAN}]\?", "汉字后的问号是半角", "改为“？”"),
    _rule("halfwidth-exclamation", rf"[{HAN}]!", "汉字后的叹号是半角", "改为“！”"),
    _rule("halfwidth-bracket", rf"[{HAN}]\((?=[{HAN}])|(?<=[{HAN}])\)", "汉字旁的括号是半角", "改为“（）”"),
    _rule("straight-quote", rf"[\"'](?=[{HAN}])|(?<=[{HAN}，。！？])[\"']", "汉字旁是直引号", "改为“”或「」"),
    _rule("fullwidth-latin", "[０-９Ａ-Ｚａ-ｚ]", "数字或字母是全角", "改为半角"),
    _rule("space-in-han", rf"[{HAN}](?<![章节節条條款]){_SPACE}[{HAN}]", "汉字之间有空格", "删去空格"),
    _rule("space-at-mark", _SPACED_MARK, "标点旁有空格", "删去"),
    _rule("doubled-mark", "([，。、；：])\\1", "标点重复", "删去一个"),
    _rule("clashing-marks", "[，、；：][。，、；：！？]|。[，、；：]", "两个标点相撞", "留下一个"),
    _rule("dots-for-ellipsis", r"\.{3,}|。{2,}|·{3,}", "省略号用点凑成", "改为“……”"),
    _rule("half-ellipsis", "(?<!…)…(?!…)", "省略号只有半个", "改为“……”"),
    _rule("half-dash", rf"(?<=[{HAN}，。”])—(?![—\d])(?=.)", "破折号只有半个", "改为“——”"),
    _rule("hyphen-for-dash", rf"(?<=[{HAN}])-{{1,3}}(?=[{HAN}])", "汉字之间用了连字符", "改为“——”或“—”"),
    _rule("ascii-tilde", r"\d\s*~\s*\d", "数值范围用了波浪号 ~", "改为“—”或“～”"),
    _rule("mark-at-start", r"\A\s*[，。、；：？！）》」』”’]", "段首是不能居首的标点", "并入上一段，或补上缺字"),
    _rule("doubled-quote-mark", "“{2,}|”{2,}|「{2,}|」{2,}|《{2,}|》{2,}", "引号或书名号重复", "删去一个，或分内外"),
    _rule("empty-brackets", "（\\s*）|《\\s*》|“\\s*”|「\\s*」|\\(\\s*\\)", "括号里没有文字", "补上缺字，或删去"),
)  # fmt: skip

LEFT_OVERS = (
    _rule("replacement-character", "[\ufffd□▯〓]", "有不能显示的字", "查原书补上"),
    _rule("private-use", "[\ue000-\uf8ff\U000f0000-\U0010fffd]", "有私用区的字，别的设备显示不出", "换成通用的字或图"),
    _rule("invisible-character", "[\u200b-\u200f\u202a-\u202e\u2060\ufeff\u00ad]", "有看不见的控制字符", "删去"),
    _rule("compatibility-ideograph", "[\uf900-\ufaff\U0002f800-\U0002fa1f]", "有兼容汉字，检索不到", "换成统一汉字"),
    _rule("radical-for-han", "[\u2e80-\u2fdf]", "部首符号代替了汉字", "换成汉字"),
    _rule("kana", "[\u3041-\u3096\u30a1-\u30fa\uff66-\uff9d]", "有日文假名", "核对是否误识（二与ニ，一与ー）"),
    _rule("markdown", r"\*\*|^#{1,6}\s|^\s*[-*+] |^>\s|`{1,3}|!\[|\]\(", "留有 Markdown 标记", "删去标记"),
    _rule("html-entity", r"&(?:[a-z]{2,8}|#\d+);|</?[a-zA-Z][^>\n]{0,40}>", "留有网页标记", "删去标记"),
    _rule("latex", r"\\(?:text|frac|mathrm|begin|end|circ)\b|\$\$", "留有 LaTeX 标记", "换成文字"),
    _rule("letter-in-number", r"(?<![A-Za-z])\d+[lOoI]{1,3}(?=[\d年月日页頁人])", "数字里混有字母", "核对 l 1、O 0"),
    _rule("letter-for-zero", f"{_NUMERAL}[oO0○０]{_NUMERAL}", "年份的“〇”写成了别的", "改为“〇”"),
    _rule("contents-leader", r"(?:[.·]{4,}|…{2,})\s*\d{1,4}\s*\Z", "留有目录的引导点和页码", "删去，目录另编"),
    _rule("space-indent", r"\A[ \u3000\u00a0]{1,8}(?=\S)", "段首用空格缩进", "删去空格，由样式缩进"),
    _rule("forced-breaks", r"\n\s*\n", "用换行隔开段落", "分成两段"),
    _rule("doubled-word", _DOUBLED_WORD, "虚词重复", "删去一个"),
    _rule("joined-years", r"\d{5,}年", "年份的数字过长", "查原书"),
)  # fmt: skip

_PAIRS = {"”": "“", "’": "‘", "」": "「", "』": "『", "）": "（", "》": "《", "〉": "〈", "】": "【", "〕": "〔"}
_OPENERS = frozenset(_PAIRS.values())


def _unpaired(openers: str, opened: Opened) -> Iterator[Place]:
    """Marks without their other half. A quotation that the next paragraph goes on with opens anew there."""
    blocks = list(opened.running())
    for number, block in enumerate(blocks):
        follows = blocks[number + 1].text.lstrip() if number + 1 < len(blocks) else ""
        yield from _unpaired_in(block, openers, follows)


def _unpaired_in(block: Words, openers: str, follows: str) -> Iterator[Place]:
    waiting: list[int] = []
    for at, mark in enumerate(block.text):
        if mark in openers:
            waiting.append(at)
        elif _PAIRS.get(mark, "") in openers and mark in _PAIRS:
            if waiting:
                waiting.pop()
            elif not (mark == "’" and block.text[at - 1 : at].isascii()):  # an apostrophe
                yield place(block, at, at + 1)
    for at in waiting:
        if not (block.text[at] in "“「" and follows.startswith(block.text[at])):
            yield place(block, at, at + 1)


def _pair_rule(name: str, openers: str, what: str) -> CheckRule:
    return CheckRule(name, f"{what}不成对", "补上另一半，或删去多出的", partial(_unpaired, openers))


PAIRS = (
    _pair_rule("unpaired-quote", "“", "双引号"),
    _pair_rule("unpaired-inner-quote", "‘", "单引号"),
    _pair_rule("unpaired-corner-quote", "「『", "直角引号"),
    _pair_rule("unpaired-bracket", "（【〔", "括号"),
    _pair_rule("unpaired-title-mark", "《〈", "书名号"),
)

RULES: Iterable[CheckRule] = (*MARKS, *LEFT_OVERS, *PAIRS)
