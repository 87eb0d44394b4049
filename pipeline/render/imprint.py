"""The copyright page in the national layout: the CIP record above, the imprint below (GB/T 12450—2001, GB/T 12451).

Set from what the book says of itself. What is not known is left out; nothing is made up.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.book import Metadata

_ROMAN = "ⅠⅡⅢⅣ"
_CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"


@dataclass(frozen=True, slots=True)
class CipRecord:
    """图书在版编目数据: the description, its standard number, its access points, and the number of the record."""

    description: str
    isbn: str
    access: str
    number: str


def cip_record(metadata: Metadata) -> CipRecord | None:
    """The record as it stands in every Chinese book; None for a book without a CIP number, which has no record."""
    if not metadata.cip:
        return None
    authors = metadata.cip_creators or "，".join(creator.name + creator.role for creator in metadata.creators)
    imprint = "：".join(part for part in (metadata.place, metadata.publisher) if part)
    date = metadata.cip_date or metadata.date.replace("-0", ".").replace("-", ".")
    published = "，".join(part for part in (imprint, date) if part)
    titled = f"{metadata.title}：{metadata.subtitle}" if metadata.subtitle else metadata.title
    said = f"{titled}／{authors}" if authors else titled
    return CipRecord(
        description=f"{said}．——{published}" if published else said,
        isbn=f"ISBN {metadata.isbn}" if metadata.isbn else "",
        access="\u3000".join(_access_points(metadata)),
        number=f"中国版本图书馆CIP数据核字{metadata.cip}",
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


# Labels of an imprint that we compose ourselves, where the print edition's own lines are not known.
_HANT_LABELS = {"书名": "書名", "书号": "書號", "开本": "開本", "印张": "印張", "字数": "字數", "定价": "定價"}


def imprint_rows(metadata: Metadata, lang: str = "zh-Hans") -> tuple[tuple[str, str], ...]:
    """The imprint, label and value: every line that the print edition printed, or what is known of it.

    `lang` chooses the script of the labels where they are ours.
    """
    if metadata.facts:
        return tuple((fact.label, fact.value) for fact in metadata.facts)
    known = (
        ("书名", metadata.title),
        *((creator.role, creator.name) for creator in metadata.creators),
        ("出版", metadata.publisher),
        ("出版地", metadata.place),
        ("书号", f"ISBN {metadata.isbn}" if metadata.isbn else ""),
        ("版次", metadata.edition),
        ("印次", metadata.printing),
        ("开本", metadata.format),
        ("印张", metadata.sheets),
        ("字数", metadata.words),
        ("定价", metadata.price),
    )
    labels = _HANT_LABELS if lang.startswith("zh-Hant") else {}
    return tuple((labels.get(label, label), value) for label, value in known if value)
