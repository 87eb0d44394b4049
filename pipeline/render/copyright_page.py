"""What the e-book's copyright page and colophon say: the print edition's data, and what this edition changed.

The print edition's data are those of the PDF's copyright page (`render/imprint.py`). Nothing is invented: a line stands
here only where the book or the publisher's settings gave its value.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.book import Creator, Edition, Repairs
from pipeline.config import BookSettings
from pipeline.render.imprint import CipRecord, cip_record, imprint_rows


@dataclass(frozen=True, slots=True)
class CopyrightPage:
    """The words of both pages. `cip` is the catalogue record if there is one, `facts` label and value in print order,
    `statements` what is to be said of this edition; `colophon` and `repairs` (what was mended, how often) stand last.
    """

    cip: CipRecord | None
    facts_heading: str
    facts: tuple[tuple[str, str], ...]
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
        cip=cip_record(data, edition.lang),
        facts_heading=words["facts"],
        facts=imprint_rows(data, edition.lang),
        edition_heading=words["this"],
        statements=tuple(_statements(edition, said, urn, words)),
        colophon=(words["colophon"], words["counted"].format(total=total) if total else words["untouched"]),
        repairs=tuple(_by_kind(edition.repairs)),
    )


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
    "facts": "印刷版版权记录",
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
    "facts": "印刷版版權記錄",
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
