"""The copyright page in the national layout: the CIP record above, the imprint below (GB/T 12450—2001, GB/T 12451).

The e-book and the PDF both set them from here, from what the book says of itself. What is not known is left out;
nothing is made up.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.book import Metadata

_HEADING = "图书在版编目（CIP）数据"
_RECORD = "中国版本图书馆CIP数据核字"
_ROMAN = "ⅠⅡⅢⅣ"
_CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"


@dataclass(frozen=True, slots=True)
class CipRecord:
    """图书在版编目数据: its heading, the description, its standard number, its access points, its own number."""

    heading: str
    description: str
    isbn: str
    access: str
    number: str


def cip_record(metadata: Metadata, lang: str = "zh-Hans") -> CipRecord | None:
    """The record as it stands in every Chinese book; None for a book without a CIP number, which has no record.

    `lang` chooses the script of the heading and of the agency's name.
    """
    if not metadata.cip:
        return None
    authors = metadata.cip_creators or "，".join(creator.name + creator.role for creator in metadata.creators)
    date = metadata.cip_date or metadata.date.replace("-0", ".").replace("-", ".")
    published = "，".join(part for part in (_place(metadata), date) if part)
    said = "／".join(part for part in (_full_title(metadata), authors) if part)
    return CipRecord(
        heading=_in_script(_HEADING, lang),
        description=f"{said}．——{published}" if published else said,
        isbn=f"ISBN {metadata.isbn}" if metadata.isbn else "",
        access="\u3000".join(_access_points(metadata)),
        number=f"{_in_script(_RECORD, lang)}{metadata.cip}",
    )


def _access_points(metadata: Metadata) -> Iterator[str]:
    """Ⅰ．①书… Ⅱ．①著… Ⅲ．①主题 Ⅳ．①分类号: by their first character and …, as the national agency writes them."""
    names = tuple(creator.name for creator in metadata.creators)
    groups = (
        tuple(f"{words[0]}…" for words in (metadata.title,) if words),
        tuple(f"{name[0]}…" for name in names if name),
        metadata.subjects,
        metadata.classes,
    )
    for roman, group in zip(_ROMAN, (group for group in groups if group), strict=False):
        points = (f"{_CIRCLED[i]}{point}" for i, point in enumerate(group[: len(_CIRCLED)]))
        yield f"{roman}．" + "".join(points)


# Words of our own, where the print edition's own lines are not known. What the book says is never converted here.
_HANT = {
    "书名": "書名",
    "丛书": "叢書",
    "出版发行": "出版發行",
    "书号": "書號",
    "开本": "開本",
    "印张": "印張",
    "字数": "字數",
    "定价": "定價",
    _RECORD: "中國版本圖書館CIP數據核字",
    _HEADING: "圖書在版編目（CIP）數據",
}


def imprint_rows(metadata: Metadata, lang: str = "zh-Hans") -> tuple[tuple[str, str], ...]:
    """The imprint, label and value: every line that the print edition printed, or what is known of it.

    Labels stand without the spaces that spread them in print ("书 名"): the stylesheet spreads them. `lang` chooses the
    script of the labels where they are ours. A printed line without a label has an empty one.
    """
    if metadata.facts:
        return tuple(("".join(fact.label.split()), fact.value) for fact in metadata.facts)
    known = (
        ("书名", _full_title(metadata)),
        ("丛书", metadata.series),
        *((creator.role or "作者", creator.name) for creator in metadata.creators),
        ("出版发行", _place(metadata)),
        ("书号", f"ISBN {metadata.isbn}" if metadata.isbn else ""),
        ("版次", metadata.edition or metadata.date),
        ("印次", metadata.printing),
        ("开本", metadata.format),
        ("印张", metadata.sheets),
        ("字数", metadata.words),
        ("定价", metadata.price),
    )
    return tuple((_in_script(label, lang), value) for label, value in known if value)


def _full_title(metadata: Metadata) -> str:
    return f"{metadata.title}：{metadata.subtitle}" if metadata.subtitle else metadata.title


def _place(metadata: Metadata) -> str:
    return "：".join(part for part in (metadata.place, metadata.publisher) if part)


def _in_script(words: str, lang: str) -> str:
    return _HANT.get(words, words) if lang.startswith("zh-Hant") else words
