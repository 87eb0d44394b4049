"""What the e-book's copyright page and colophon say: the print edition's data, and what this edition changed.

Nothing is invented: a line stands here only where the book or the publisher's settings gave its value. The layout is
the national one (GB/T 12450, GB/T 12451): the catalogue record above, the imprint below.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.book import Creator, Edition, Fact, Metadata, Repairs
from pipeline.config import BookSettings


@dataclass(frozen=True, slots=True)
class CopyrightPage:
    """The words of both pages. `catalogue` is the CIP record, `facts` label and value in print order, `statements`
    what is to be said of this edition, `colophon` and `repairs` (what was mended, how often) the last page.
    """

    catalogue_heading: str
    catalogue: tuple[str, ...]
    facts_heading: str
    facts: tuple[Fact, ...]
    edition_heading: str
    statements: tuple[str, ...]
    colophon: tuple[str, ...]
    repairs: tuple[tuple[str, int], ...]


def byline(creator: Creator) -> str:
    """许峰　编著: as a title page has it."""
    return f"{creator.name}\u3000{creator.role}" if creator.role else creator.name


def copyright_page(edition: Edition, said: BookSettings, urn: str) -> CopyrightPage:
    """The pages of this edition, in its own script."""
    words = _HANT if edition.lang.startswith("zh-Hant") else _HANS
    data, total = edition.book.metadata, edition.repairs.total
    return CopyrightPage(
        catalogue_heading=words["cip"] if data.cip else words["catalogue"],
        catalogue=tuple(_catalogue(data, words)),
        facts_heading=words["facts"],
        facts=tuple(_facts(data, words)),
        edition_heading=words["this"],
        statements=tuple(_statements(edition, said, urn, words)),
        colophon=(words["colophon"], words["counted"].format(total=total) if total else words["untouched"]),
        repairs=tuple(_by_kind(edition.repairs)),
    )


def _catalogue(data: Metadata, words: dict[str, str]) -> Iterator[str]:
    if not (data.cip or data.isbn):
        return
    yield " / ".join(part for part in (_full_title(data), "；".join(c.name + c.role for c in data.creators)) if part)
    if place := _place(data):
        yield place
    if data.isbn:
        yield f"ISBN {data.isbn}"
    if data.classes:
        yield f"{words['class']}\u3000{'；'.join(data.classes)}"
    if data.cip:
        yield f"{words['cip-number']}{data.cip}"


def _facts(data: Metadata, words: dict[str, str]) -> Iterator[Fact]:
    if data.facts:
        yield from (Fact("".join(fact.label.split()), fact.value, fact.line) for fact in data.facts)
        return
    known = (
        (words["title"], _full_title(data)),
        (words["series"], data.series),
        *((creator.role or words["author"], creator.name) for creator in data.creators),
        (words["publisher"], _place(data)),
        (words["edition"], data.edition or data.date),
        (words["printing"], data.printing),
        (words["format"], data.format),
        (words["sheets"], data.sheets),
        (words["words"], data.words),
        (words["isbn"], f"ISBN {data.isbn}" if data.isbn else ""),
        (words["price"], data.price),
    )
    yield from (Fact(label, value) for label, value in known if value)


def _full_title(data: Metadata) -> str:
    return f"{data.title}：{data.subtitle}" if data.subtitle else data.title


def _place(data: Metadata) -> str:
    return "：".join(part for part in (data.place, data.publisher) if part)


def _statements(edition: Edition, said: BookSettings, urn: str, words: dict[str, str]) -> Iterator[str]:
    yield words["made"]
    if edition.lang.startswith("zh-Hant") != edition.book.lang.startswith("zh-Hant") or edition.name.startswith("han"):
        yield words["script"]
    total = edition.repairs.total
    yield words["mended"].format(total=total) if total else words["untouched"]
    if edition.book.metadata.isbn:
        yield words["isbn-print"]
    yield words["identifier"].format(urn=urn)
    if said.rights:
        yield said.rights


def _by_kind(repairs: Repairs) -> list[tuple[str, int]]:
    """Repairs of the same kind together, the most frequent first; equal counts in the order of the rules."""
    counts: dict[str, int] = {}
    for _, what, count in repairs.counts:
        counts[what] = counts.get(what, 0) + count
    return sorted(((what, count) for what, count in counts.items() if count), key=lambda pair: -pair[1])


_HANS = {
    "cip": "图书在版编目（CIP）数据",
    "catalogue": "印刷版书目",
    "class": "中图分类号",
    "cip-number": "中国版本图书馆CIP数据核字",
    "facts": "印刷版版权记录",
    "title": "书名",
    "series": "丛书",
    "author": "作者",
    "publisher": "出版发行",
    "edition": "版次",
    "printing": "印次",
    "format": "开本",
    "sheets": "印张",
    "words": "字数",
    "isbn": "书号",
    "price": "定价",
    "this": "电子版",
    "made": "本电子版据印刷版的文字识别稿重新整理、排版。",
    "script": "文字为简体中文。",
    "mended": "整理时改正识别错误 {total} 处，分类数目见书末“本版说明”。",
    "untouched": "整理时文字一仍其旧，未作改动。",
    "isbn-print": "书号、定价等属印刷版，不作为本电子版的标识。",
    "identifier": "本电子版标识：{urn}",
    "colophon": "本书据印刷版的文字识别（OCR）稿整理：先逐字校正识别中的差错，再按原书的篇章、段落、注释重新排版。"
    "印刷版的书名页、版权页和目录页已按其内容重新编排。",
    "counted": "全书共改正 {total} 处，每一处都有记录可查，可据以恢复原稿。各类数目如下：",
}
_HANT = {
    "cip": "圖書在版編目（CIP）資料",
    "catalogue": "印刷版書目",
    "class": "中圖分類號",
    "cip-number": "中國版本圖書館CIP數據核字",
    "facts": "印刷版版權記錄",
    "title": "書名",
    "series": "叢書",
    "author": "作者",
    "publisher": "出版發行",
    "edition": "版次",
    "printing": "印次",
    "format": "開本",
    "sheets": "印張",
    "words": "字數",
    "isbn": "書號",
    "price": "定價",
    "this": "電子版",
    "made": "本電子版據印刷版的文字識別稿重新整理、排版。",
    "script": "文字為繁體中文。",
    "mended": "整理時改正識別錯誤 {total} 處，分類數目見書末「本版說明」。",
    "untouched": "整理時文字一仍其舊，未作改動。",
    "isbn-print": "書號、定價等屬印刷版，不作為本電子版的標識。",
    "identifier": "本電子版標識：{urn}",
    "colophon": "本書據印刷版的文字識別（OCR）稿整理：先逐字校正識別中的差錯，再按原書的篇章、段落、註釋重新排版。"
    "印刷版的書名頁、版權頁和目錄頁已按其內容重新編排。",
    "counted": "全書共改正 {total} 處，每一處都有記錄可查，可據以恢復原稿。各類數目如下：",
}
