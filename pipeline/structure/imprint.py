"""The words of a copyright page: labels and the values that need none, in clean and in noisy print.

Shared by the colophon rule, which finds such lines, and metadata.py, which reads them. Sources: GB/T 12450 (title
pages and what stands on their verso), GB/T 12451 (CIP data), GB/T 788 (formats).
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum

from pipeline.structure.shape import HAN, bare, simplified


class Kind(Enum):
    """What a value is, whatever its label says."""

    TITLE = "title"
    CREATOR = "creator"
    PERSON = "person"  # editors, designers: people who did not write it
    PUBLISHER = "publisher"
    ADDRESS = "address"
    CONTACT = "contact"
    SELLER = "seller"
    PRINTER = "printer"
    FORMAT = "format"
    SHEETS = "sheets"
    WORDS = "words"
    EDITION = "edition"
    PRINTING = "printing"
    RUN = "run"
    NUMBER = "number"
    PRICE = "price"
    LEGAL = "legal"


# Labels as they should read, by what kind of value they have.
_WORDS = {
    Kind.TITLE: "书名 丛书名",
    Kind.CREATOR: "作者 著者 编著 编著者 编者 主编 副主编 总主编 译者 编译 编译者 原著 著 译 编 绘者 编写",
    Kind.PERSON: """责任编辑 责编 特约编辑 特邀编辑 策划编辑 选题策划 总策划 策划 出品人 出版人 发行人 印刷人 总监制
        监制 版式设计 装帧设计 封面设计 美术设计 美术编辑 内文设计 封面题字 插图 责任校对 校对 责任印制 印制 责任监印
        责任技编 技术编辑 技术设计 营销编辑 终审 复审 审校 审订 项目统筹 总编辑 社长""",
    Kind.PUBLISHER: "出版发行 出版 出版者 出版社 出版机构 出版单位",
    Kind.ADDRESS: "地址 社址 通讯地址",
    Kind.CONTACT: """邮政编码 邮编 电话 传真 编辑部 发行部 总编室 项目部 市场部 营销部 邮购部 读者服务部 网址 电子邮箱
        电子邮件 邮箱 E-mail Email 服务热线 编辑热线 发行热线 购书热线 发行电话 编辑电话 质检电话 联系电话 官方网站
        微信公众号""",
    Kind.SELLER: "经销 发行 发行者 总经销 总发行",
    Kind.PRINTER: "印刷 印刷者 印装 承印 制版 排版 照排 装订 印制者",
    Kind.FORMAT: "开本 规格 版式",
    Kind.SHEETS: "印张 插页 页数",
    Kind.WORDS: "字数",
    Kind.EDITION: "版次 版印次 出版日期 出版时间 初版 初版一刷 一版一刷 首版 再版",
    Kind.PRINTING: "印次",
    Kind.RUN: "印数",
    Kind.LEGAL: "版权所有 版权专有",
    Kind.NUMBER: "书号 统一书号 国际书号 标准书号 国际标准书号 ISBN",
    Kind.PRICE: "定价 售价 价格",
}
LABELS: dict[str, Kind] = {label: kind for kind, words in _WORDS.items() for label in words.split()}
# Kinds that hardly any other page has.
STRONG = frozenset(
    {Kind.FORMAT, Kind.SHEETS, Kind.WORDS, Kind.EDITION, Kind.PRINTING, Kind.RUN, Kind.NUMBER, Kind.PRICE}
)
_DEFAULT_LABEL = {
    Kind.PUBLISHER: "出版发行",
    Kind.ADDRESS: "地址",
    Kind.SELLER: "经销",
    Kind.PRINTER: "印刷",
    Kind.FORMAT: "开本",
    Kind.WORDS: "字数",
    Kind.SHEETS: "印张",
    Kind.EDITION: "版次",
    Kind.PRINTING: "印次",
    Kind.NUMBER: "书号",
    Kind.PRICE: "定价",
}

_SURE_UNSPACED = frozenset({"书名", "作者", "著者", "编著", "译者", "责任编辑", "出版发行"})
_NO_VALUE = re.compile(r"的|序|前言|后记|小传|简介|附记|说明|按|是|为|在|对|考|论|之")

# An OCR engine often reads these for what a label has.
_MISREAD = str.maketrans("着箸", "著著")

_JUNK = r"[\s\-—–_.·,，、:：;；*“”\"'‘’〈〉《》「」()（）|]{0,6}"


def _spaced(label: str) -> str:
    return label if label.isascii() else _JUNK.join(label)


_BY_LENGTH = sorted(LABELS, key=len, reverse=True)
_ALTERNATIVES = "|".join(_spaced(label) for label in _BY_LENGTH)
_WITHIN = "|".join(_spaced(label) for label in _BY_LENGTH if len(label) > 1)  # 周启明 著 holds no label
_SEPARATOR = r"[\s:：|｜/／“”\"'．.,，、；;—–\-]"
_LEADING_LABEL = re.compile(rf"\W{{0,6}}?({_ALTERNATIVES})", re.IGNORECASE)
_INNER_LABEL = re.compile(rf"(?<=[\s\t　])({_WITHIN})(?={_SEPARATOR}|$)", re.IGNORECASE)
_AFTER_LABEL = re.compile(rf"^(?:{_SEPARATOR}|\*)*")
_STRIP = " \t　“”\"'*:：|｜,，、；;-—–"

# Letters and digits in full width, as some books print ＩＳＢＮ.
_HALF_WIDTH = {wide: wide - 0xFEE0 for wide in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))}

_LONGEST = 120  # characters of one value; a copyright page has no longer line

_YEAR_MONTH = r"\d{4}\s*年\s*\d{1,2}\s*月"
_STREET = "市|省|区|县|路|街|道|巷|胡同|大厦"
_HOUSE = "出版社|书局|印书馆|出版公司|出版集团|出版中心|书店|出版部"
_LEGAL = "版权所有|翻印必究|侵权必究|违者必究|印装(?:有误|质量|错误)|负责调换|版权专有|盗版|举报电话|不得.{0,8}复制"
# What a value shows of itself, whatever its label: tried in this order.
_VALUES: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    (Kind.NUMBER, re.compile(r"[TI1l]?SBN[\s:：]*[\d\-—–Xx ]{9,}|\b97[89][\d\- ]{10,}|统一书号|书\W?号\W{0,4}\d")),
    (
        Kind.EDITION,
        re.compile(
            rf"{_YEAR_MONTH}.{{0,12}}?第?\s*[\d{HAN}]{{0,3}}?\s*版|^\s*{_YEAR_MONTH}\s*(?:初版|出版)|版.{{0,6}}{_YEAR_MONTH}"
        ),
    ),
    (Kind.PRINTING, re.compile(rf"{_YEAR_MONTH}.{{0,12}}?(?:次印|印刷)")),
    (Kind.FORMAT, re.compile(r"\d{3,4}\s*(?:毫米|mm|㎜)?\s*[×xX✕*＊]\s*\d{3,4}|^\W*[大正小]?(?:16|32|64|24|12)\s*开")),
    (Kind.WORDS, re.compile(r"\d+(?:\.\d+)?\s*\S{0,2}[千干万]\s*字")),
    (Kind.RUN, re.compile(r"印\W?数|\d+\s*[—\-–~～]\s*[\d,，]+\s*册")),
    (Kind.PRICE, re.compile(r"\d+\s*[.．]\s*\d{2}\s*元|[￥¥]\s*\d|\b(?:RMB|HK\$|NT\$)")),
    (Kind.SHEETS, re.compile(r"\d\s*印张|印\W?张\W{0,4}\d")),
    (Kind.LEGAL, re.compile(_LEGAL)),
    (
        Kind.PRINTER,
        re.compile(rf"[{HAN}]{{2,20}}印\s?[刷务装订裝務]{{1,2}}[{HAN}（()）]{{0,10}}(?:厂|公司|中心)|印刷厂"),
    ),
    (Kind.SELLER, re.compile(r"新华书店|全国各地书店|总经销")),
    (Kind.PUBLISHER, re.compile(rf"^\W*[{HAN}A-Za-z·]{{2,16}}(?:{_HOUSE})(?:出版)?(?:发行)?\W*$")),
    (Kind.CONTACT, re.compile(r"https?://|www\.|\S+@\S+\.\w|[(（]?0\d{2,3}[)）]?\s*[-—–]?\s*\d{7,8}")),
    (Kind.ADDRESS, re.compile(rf"^[(（]?[{HAN}]{{2,}}(?:{_STREET})[^。]{{0,30}}\d+\s*(?:号|层|室|邮编)")),
)


@dataclass(frozen=True, slots=True)
class Field:
    """One piece of a copyright line.

    `label` is one of LABELS, or "" where print has none; `kind` is what the value is; `printed` is the label in the
    book's own script, spaces out and OCR's slips mended.
    """

    label: str
    value: str
    kind: Kind | None
    line: int
    printed: str = ""


def value_kind(text: str) -> Kind | None:
    """What a value is by its own look, label or none; None for names, titles and everything that could be anything."""
    if len(text) > _LONGEST:
        return None
    text = simplified(text)
    return next((kind for kind, pattern in _VALUES if pattern.search(text)), None)


def plain(text: str) -> str:
    """A copyright line without Markdown or table markup: cells become tabs, entities characters."""
    if "<t" in text.lower():
        text = re.sub(r"</t[dh]>\s*(?=<t[dh])", "\t", text, flags=re.IGNORECASE)
        text = re.sub(r"</tr>", "\n", text, flags=re.IGNORECASE)
        text = html.unescape(re.sub(r"<[^<>]{0,200}>", "", text))
    return bare(text.replace("|", "\t") if text.count("|") >= 2 else text).translate(_HALF_WIDTH)


def fields(text: str, line: int = 0) -> list[Field]:
    """The labelled pieces of one line: `开本 880×1230 1/32`, two pairs by tabs or spaces, or a value without label."""
    rows = plain(text).splitlines()
    return [field for row in rows if len(row) <= 2 * _LONGEST for field in _row(row, line)]


def label_only(text: str) -> str:
    """The label that a line consists of, as it should read; "" if the line is more or something else."""
    if len(text) > _LONGEST:
        return ""
    match = _LEADING_LABEL.match(_labels_read(plain(text)))
    return _label(match[1]) if match and not plain(text)[match.end() :].strip(_STRIP) else ""


def _labels_read(text: str) -> str:
    return simplified(text).translate(_MISREAD)


def _label(found: str) -> str:
    ascii_label = found.strip()
    if ascii_label.isascii():
        return "ISBN" if ascii_label.upper() == "ISBN" else "E-mail"
    return re.sub(_JUNK, "", found)


def _row(row: str, line: int) -> Iterator[Field]:
    read = _labels_read(row)
    starts = [(m.start(1), m.end(1)) for m in _INNER_LABEL.finditer(read)]
    first = _LEADING_LABEL.match(read)
    if first and _takes_label(read, first):
        starts = [(first.start(1), first.end(1)), *(s for s in starts if s[0] >= first.end(1))]
    head = row[: starts[0][0]] if starts else row
    if head.strip(_STRIP):
        yield from _unlabelled(head, line)
    pending = ""
    for (start, end), stop in zip(starts, [*(s for s, _ in starts[1:]), len(row)], strict=False):
        label = _label(read[start:end])
        value = _tidy(_AFTER_LABEL.sub("", row[end:stop], count=1))
        if not value and LABELS.get(label) is Kind.NUMBER and stop < len(row):
            pending = label  # 书号 ISBN 978-…: one label, and the value says ISBN itself
            continue
        if pending and label == "ISBN":
            label, value = pending, f"ISBN {value}"
        pending = ""
        printed = re.sub(_JUNK, "", row[start:end])
        yield Field(label, value, LABELS.get(label), line, printed if simplified(printed) == label else label)


def _takes_label(read: str, match: re.Match[str]) -> bool:
    """Whether the label is one. OCR drops the space after it; then the value must say so itself, or the label be a sure
    one: 出版前言, 作者的话 and 印刷术 are no labelled values.
    """
    label, rest = re.sub(_JUNK, "", match[1]), read[match.end() :]
    if not rest or re.match(_SEPARATOR, rest):
        return len(label) > 1 or rest[:1] in set(" \t　:：")
    if len(label) == 1:
        return False
    if value_kind(rest) is LABELS.get(label):
        return True
    return label in _SURE_UNSPACED and not _NO_VALUE.match(rest)


def _unlabelled(text: str, line: int) -> Iterator[Field]:
    kind = value_kind(text)
    value = text.strip()
    if kind is None or kind is Kind.LEGAL:
        yield Field("", _tidy(value), kind, line)
        return
    bits = re.match(rf"^([{HAN}\W]{{1,4}}?)[\s“”，,]+(\S.*)$", value)  # the rest of a label that the OCR broke
    if bits and value_kind(bits[2]) is kind and kind in _DEFAULT_LABEL and kind is not Kind.ADDRESS:
        value = bits[2]
    if lone := re.match(rf"^[{HAN}](?=新华书店$|新華書店$)", value):  # the end of a label: 消新华书店
        value = value[lone.end() :]
    agent = kind in {Kind.SELLER, Kind.PRINTER, Kind.PUBLISHER}
    says_itself = agent and re.search(r"(?:发行|發行|印刷|出版|经销|經銷)$", value)
    bracketed = kind is Kind.ADDRESS and value.startswith(("(", "（"))
    label = "" if says_itself or bracketed else _DEFAULT_LABEL.get(kind, "")
    yield Field(label, _tidy(value), kind, line, label)


def _tidy(text: str) -> str:
    return re.sub(r"[\s　]+", " ", text).strip(_STRIP)


# ---------------------------------------------------------------- a page of them


def read(lines: Sequence[tuple[int, str]]) -> list[Field]:
    """All fields of a copyright page in print order; labels and values that OCR set in two columns are paired again."""
    lines = [(number, text) for number, text in lines if text.strip()]
    column = _label_column(lines)
    if not column:
        return [field for number, text in lines for field in fields(text, number)]
    labels: list[Field] = []
    out: list[Field] = []
    values: list[Field] = []
    for number, text in lines:
        label = label_only(text)
        if number in column and (label or value_kind(text) is None):
            labels.append(Field(label, "", LABELS.get(label), number, label))
            continue
        found = fields(text, number)
        labelled = any(field.label and field.label != _DEFAULT_LABEL.get(field.kind or Kind.TITLE) for field in found)
        (out if labelled or number < min(column) else values).extend(found)
    return sorted(out + _pair(labels, values), key=lambda field: field.line)


def _label_column(lines: Sequence[tuple[int, str]]) -> frozenset[int]:
    """Lines of a column of labels: a run without a blank line, mostly labels without values, the rest broken ones."""
    runs: list[list[tuple[int, str]]] = []
    for number, text in lines:
        if runs and runs[-1][-1][0] == number - 1:
            runs[-1].append((number, text))
        else:
            runs.append([(number, text)])
    column: set[int] = set()
    for run in runs:
        alone = sum(1 for _, text in run if label_only(text))
        if alone >= 3 and alone >= 0.5 * len(run):
            column |= {number for number, _ in run}
    return frozenset(column)


def _pair(labels: Sequence[Field], values: Sequence[Field]) -> list[Field]:
    """Labels and values of two columns, matched in order so that kinds agree (a small alignment; both are short)."""
    labels, values = labels[:80], values[:160]
    best = [[0] * (len(values) + 1) for _ in range(len(labels) + 1)]
    for i in range(len(labels) - 1, -1, -1):
        for j in range(len(values) - 1, -1, -1):
            best[i][j] = max(best[i + 1][j], best[i][j + 1], best[i + 1][j + 1] + _fit(labels[i], values[j]))
    out: list[Field] = []
    i = j = 0
    while i < len(labels) and j < len(values):
        fit = _fit(labels[i], values[j])
        if fit > 0 and best[i][j] == best[i + 1][j + 1] + fit:
            label = labels[i].label or values[j].label
            printed = labels[i].printed or values[j].printed
            out.append(Field(label, values[j].value, labels[i].kind or values[j].kind, values[j].line, printed))
            i, j = i + 1, j + 1
        elif best[i][j] == best[i][j + 1]:
            out.append(values[j])
            j += 1
        else:
            i += 1
    return out + list(values[j:])


def _fit(label: Field, value: Field) -> int:
    """How well a value goes under a label; a label that the OCR broke (no kind) takes any."""
    if label.kind is None:
        return 1
    if value.kind is None:
        return 2 if label.kind in {Kind.TITLE, Kind.CREATOR, Kind.PERSON} else -1
    if value.kind is label.kind or {value.kind, label.kind} == {Kind.EDITION, Kind.PRINTING}:
        return 3
    return -9
