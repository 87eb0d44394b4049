"""The forms that headings take: 第一章, 一、, （一）, 1., 1.1, ①, 甲、, 前言 … with their number and usual rank.

A form only says what a line looks like. Whether it is a heading is decided by headings.py from sequence, contents and
place. Usual order of depth, by the habit of Chinese publishers: 章, 节, 一、, （一）, 1., （1）, ①.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from pipeline.book import SectionKind
from pipeline.structure import numerals

_HAN, _ARABIC = numerals.HAN, numerals.ARABIC
_OPEN, _CLOSE = r"（(〔《〈【﹙\[", r"）)〕》〉】﹚\]"
_NUM = rf"[{_HAN}{_ARABIC}]{{1,6}}"
_GAP = r"[ \t\u3000]*"

_BULLET = re.compile(r"^[\s#*▶►▷■□●○◆◇★☆◎※•\-–]+(?=\S)")
_SPACED = re.compile(r"(?<=[\u3400-\u9fff〇])[ \t\u3000]+(?=[\u3400-\u9fff〇])")


@dataclass(frozen=True, slots=True)
class Form:
    """One way to write a heading. `rank` orders forms by usual depth; `sign` is how settings name it."""

    sign: str
    rank: int
    pattern: re.Pattern[str]
    strong: bool = False  # 第X章 is a heading by itself; 一、 only by its company


@dataclass(frozen=True, slots=True)
class Numbered:
    """A line read as a heading: its form, number, and where the words of its title begin."""

    form: Form
    number: int
    title: int


def _unit(sign: str, rank: int, units: str) -> Form:
    """第三章, and 卷三 where the unit may stand before its number."""
    pattern = rf"第{_GAP}(?P<n>{_NUM}|[IVXLⅠ-Ⅻ]{{1,6}}){_GAP}[{units}](?=$|[^{units}\s]|\s)"
    return Form(sign, rank, re.compile(pattern), strong=True)


def _of_a_play(sign: str, rank: int, units: str) -> Form:
    """第一幕, 第二场: alone or parted from what follows, for 第一场雪 and 第一幕后 are words."""
    return Form(sign, rank, re.compile(rf"第{_GAP}(?P<n>{_NUM}){_GAP}[{units}](?=$|[\s\u3000：:（(])"), strong=True)


JUAN = Form(
    "卷", 5, re.compile(rf"(?:第{_GAP}(?P<n>{_NUM}){_GAP}卷|卷(?P<m>{_NUM}|[上中下首末])(?=$|[\s\u3000]))"), strong=True
)
HALVES = Form("上编", 15, re.compile(r"(?P<n>[上中下])[编編篇部卷册冊](?=$|[\s\u3000：:])"), strong=True)
CASES: tuple[Form, ...] = (
    JUAN,
    _unit("部", 10, "部"),
    HALVES,
    _unit("编", 20, "编編辑輯集册冊"),
    _unit("篇", 22, "篇"),
    _unit("章", 30, "章讲講课課回"),
    _of_a_play("幕", 30, "幕齣"),
    _unit("节", 40, "节節"),
    _of_a_play("场", 45, "场場"),
    Form("一、", 50, re.compile(rf"(?P<n>[{_HAN}]{{1,4}}){_GAP}[、．.，,](?![{_ARABIC}])")),
    Form("（一）", 60, re.compile(rf"[{_OPEN}]{_GAP}(?P<n>[{_HAN}]{{1,4}}){_GAP}[{_CLOSE}]|(?P<m>[㈠-㈩])")),
    Form(
        "1.1.1",
        72,
        re.compile(
            rf"[{_ARABIC}]{{1,2}}[.．][{_ARABIC}]{{1,2}}[.．](?P<n>[{_ARABIC}]{{1,2}})(?![{_ARABIC}.．年月日%％])"
        ),
    ),
    Form(
        "1.1",
        71,
        re.compile(
            rf"[{_ARABIC}]{{1,2}}[.．](?P<n>[{_ARABIC}]{{1,2}})(?![{_ARABIC}.．年月日%％])(?={_GAP}[^\s{_ARABIC}%％年月日万亿元]|{_GAP}$)"
        ),
    ),
    Form("1.", 70, re.compile(rf"(?P<n>[{_ARABIC}]{{1,2}}){_GAP}[.．、](?![{_ARABIC}])|(?P<m>[⒈-⒛])")),
    Form("（1）", 80, re.compile(rf"[{_OPEN}]{_GAP}(?P<n>[{_ARABIC}]{{1,2}}){_GAP}[{_CLOSE}]|(?P<m>[⑴-⒇])")),
    Form("1）", 85, re.compile(rf"(?P<n>[{_ARABIC}]{{1,2}}){_GAP}[)）]")),
    Form("①", 90, re.compile(r"(?P<n>[①-⑳])")),
    Form("甲、", 55, re.compile(r"(?P<n>[甲乙丙丁戊己庚辛壬癸])[、．.]")),
    Form("A.", 75, re.compile(r"(?P<n>[A-H])[.．、](?![A-Za-z.])")),
    Form("Ⅰ.", 52, re.compile(r"(?P<n>[Ⅰ-Ⅻ])[.．、\s]")),
)

_K = SectionKind
_NAMES: dict[str, SectionKind] = {
    **dict.fromkeys(
        ("序", "代序", "推荐序", "序一", "序二", "序三", "总序", "原序", "他序", "推薦序", "總序"), _K.FOREWORD
    ),
    **dict.fromkeys(
        (
            "前言",
            "自序",
            "序言",
            "凡例",
            "编者的话",
            "编者按",
            "编辑说明",
            "出版说明",
            "编写说明",
            "再版前言",
            "修订版前言",
            "再版序",
            "译者序",
            "译序",
            "译者前言",
            "作者自序",
            "卷首语",
            "弁言",
            "例言",
            "说明",
            "叙",
            "自叙",
            "出版者的话",
            "编例",
            "題記",
            "题记",
            "編者的話",
            "出版說明",
            "譯者序",
            "編輯說明",
            "致读者",
            "致讀者",
            "出版前言",
        ),
        _K.PREFACE,
    ),
    **dict.fromkeys(
        (
            "绪论",
            "绪言",
            "引言",
            "导论",
            "导言",
            "引论",
            "引子",
            "总论",
            "概论",
            "绪",
            "导读",
            "楔子",
            "緒論",
            "緒言",
            "導論",
            "導言",
            "引論",
            "總論",
            "序章",
            "开篇",
            "開篇",
            "前奏",
            "序幕",
        ),
        _K.INTRODUCTION,
    ),
    **dict.fromkeys(
        (
            "后记",
            "跋",
            "结语",
            "结论",
            "尾声",
            "编后记",
            "译后记",
            "编后",
            "余论",
            "結語",
            "結論",
            "尾聲",
            "後記",
            "編後記",
            "譯後記",
            "跋语",
            "后语",
            "结束语",
            "書後",
            "书后",
            "代跋",
            "终章",
            "再版后记",
            "餘論",
            "总结",
        ),
        _K.AFTERWORD,
    ),
    **dict.fromkeys(("附录", "附錄", "附表", "附"), _K.APPENDIX),
    **dict.fromkeys(
        (
            "参考文献",
            "參考文獻",
            "主要参考文献",
            "参考书目",
            "参考书目",
            "引用书目",
            "主要参考书目",
            "書目",
            "征引文献",
        ),
        _K.BIBLIOGRAPHY,
    ),
    **dict.fromkeys(("索引", "人名索引", "主题索引", "名词索引", "地名索引"), _K.INDEX),
    **dict.fromkeys(("注释", "註釋", "注释与参考"), _K.NOTES),
    **dict.fromkeys(("致谢", "致謝", "鸣谢", "鳴謝", "谢辞"), _K.ACKNOWLEDGMENTS),
}
_APPENDIX = re.compile(
    rf"附[录錄]{_GAP}(?P<n>[{_HAN}]{{1,3}}|[{_ARABIC}]{{1,2}}|[A-H]|[Ⅰ-Ⅻ])?"
    r"(?=$|[\s\u3000：:、.．·“”\"'‘’—－-])"
)
_NAMED_PART = re.compile(r"[\u3400-\u9fff]{1,5}[篇编編卷]")
_HEAD_ENDS = re.compile(r"[\s\u3000：:（(]")
_PARTS = frozenset({"卷", "部", "上编", "编", "篇"})


def strip(text: str) -> tuple[str, int]:
    """The line without a `#`, bullet or `**` before it, and how many columns those took."""
    if text[:1] > "\u3000":  # Han, most often: neither blank nor bullet
        return text.rstrip().removesuffix("**").rstrip(), 0
    found = _BULLET.match(text)
    at = found.end() if found else len(text) - len(text.lstrip())
    return text[at:].rstrip().removesuffix("**").rstrip(), at


_ANY = re.compile(
    "|".join(f"(?:{form.pattern.pattern})" for form in CASES).replace("?P<n>", "?:").replace("?P<m>", "?:")
)


# What every form begins with, so that one look at one character spares most lines the pattern.
OPENING = frozenset(
    "第卷上中下甲乙丙丁戊己庚辛壬癸ABCDEFGH0123456789０１２３４５６７８９（(〔《〈【﹙[㈠㈡㈢㈣㈤㈥㈦㈧㈨㈩"
    "⒈⒉⒊⒋⒌⒍⒎⒏⒐⒑⒒⒓⒔⒕⒖⒗⒘⒙⒚⒛⑴⑵⑶⑷⑸⑹⑺⑻⑼⑽⑾⑿⒀⒁⒂⒃⒄⒅⒆⒇①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
    "ⅠⅡⅢⅣⅤⅥⅦⅧⅨⅩⅪⅫ" + _HAN
)


def read(text: str) -> Numbered | None:
    """The heading form that a line (already stripped) begins with; the more particular form wins."""
    return _read(text) if text[:1] in OPENING else None


@lru_cache(maxsize=1 << 14)
def _read(text: str) -> Numbered | None:
    if not _ANY.match(text):  # one look instead of one for each form
        return None
    for form in CASES:
        found = form.pattern.match(text)
        if found:
            groups = found.groupdict()
            number = _number(groups.get("n") or groups.get("m") or "")
            if number is not None:
                return Numbered(form, number, found.end())
    return None


def _number(text: str) -> int | None:
    if text in ("上", "首"):
        return 1
    if text in ("中", "下", "末"):
        return 2 if text == "中" else 3
    if len(text) == 1 and "A" <= text <= "H":
        return ord(text) - ord("A") + 1
    return numerals.value(text)


@lru_cache(maxsize=1 << 14)
def known(text: str) -> SectionKind | None:
    """What a title without a number is by its own words: 前言, 绪 论, 附录二 …"""
    plain = _SPACED.sub("", text.strip()).strip("《》〈〉【】[]〔〕 \u3000")
    if plain in _NAMES:
        return _NAMES[plain]
    if len(plain) <= 40 and _APPENDIX.match(plain):
        return SectionKind.APPENDIX
    head = _HEAD_ENDS.split(text.strip(), maxsplit=1)[0]
    if head in _NAMES and len(head) >= 2 and len(plain) <= 40:
        return _NAMES[head]
    return None


def kind(form: Form | None, title: str) -> SectionKind | None:
    """What a heading is in the field's terms, where its form or words say it."""
    named = known(title) if form is None else None
    if named is not None:
        return named
    if form is not None and form.sign in _PARTS:
        return SectionKind.PART
    if form is None and _NAMED_PART.fullmatch(_SPACED.sub("", title.strip())):
        return SectionKind.PART
    if form is not None and form.sign == "章":
        return SectionKind.CHAPTER
    return None
