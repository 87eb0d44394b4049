"""The metadata of the package document: what shops, libraries and reading systems learn of the e-book.

Sources: EPUB 3.3 § 5.5, EPUB Accessibility 1.1, MARC relators, schema.org accessibility vocabulary.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from pipeline.book import Creator, Edition
from pipeline.config import BookSettings
from pipeline.render.pinyin import file_as

# The words of a Chinese title page -> MARC relator; the first that ends the role wins (编著 before 著, 主编 before 编).
_RELATORS = (
    ("编著", "aut"), ("編著", "aut"), ("主编", "edt"), ("主編", "edt"), ("总主编", "edt"), ("选编", "com"),
    ("選編", "com"), ("汇编", "com"), ("彙編", "com"), ("编译", "trl"), ("編譯", "trl"), ("编写", "aut"),
    ("編寫", "aut"), ("口述", "nrt"), ("整理", "com"), ("校注", "ann"), ("点校", "edt"), ("點校", "edt"),
    ("注释", "ann"), ("註釋", "ann"), ("校", "edt"), ("注", "ann"), ("註", "ann"), ("摄影", "pht"),
    ("攝影", "pht"), ("插图", "ill"), ("插圖", "ill"), ("绘", "ill"), ("繪", "ill"), ("图", "ill"),
    ("圖", "ill"), ("译", "trl"), ("譯", "trl"), ("编", "edt"), ("編", "edt"), ("序", "aui"),
    ("撰", "aut"), ("著", "aut"), ("作者", "aut"),
)  # fmt: skip
_CONTRIBUTORS = frozenset({"trl", "ill", "pht", "ann", "aui"})
_DATE = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?")


@dataclass(frozen=True, slots=True)
class Element:
    """One element of <metadata>: `name` as "dc:title", "meta" or "link"; attributes in order."""

    name: str
    text: str = ""
    attributes: dict[str, str] = field(default_factory=dict)


def relator(role: str) -> str:
    """The MARC relator code of a role as printed; an author where the role says nothing we know."""
    return next((code for word, code in _RELATORS if role.endswith(word)), "aut")


def package_metadata(
    edition: Edition,
    said: BookSettings,
    *,
    urn: str,
    modified: datetime,
    paged: bool,
    pictured: bool,
    vertical: bool,
    says_fonts: bool = False,
) -> tuple[Element, ...]:
    """<metadata> in reading order. `paged`: there is a page-list; `pictured`: there is an image with a description;
    `says_fonts`: Apple Books is told that fonts are embedded (the package then declares the prefix `ibooks`).
    """
    return (
        Element("dc:identifier", urn, {"id": "pub-id"}),
        *_titles(edition),
        *_creators(edition.book.metadata.creators),
        Element("dc:language", edition.lang),
        *_publication(edition, said),
        *_source(edition, paged=paged),
        Element("meta", modified.strftime("%Y-%m-%dT%H:%M:%SZ"), {"property": "dcterms:modified"}),
        *_accessibility(edition, paged=paged, pictured=pictured),
        *([Element("meta", "", {"name": "primary-writing-mode", "content": "vertical-rl"})] if vertical else ()),
        *([Element("meta", "true", {"property": "ibooks:specified-fonts"})] if says_fonts else ()),
        Element("meta", "", {"name": "cover", "content": "cover-image"}),
    )


def _refine(target: str, name: str, value: str, **more: str) -> Element:
    return Element("meta", value, {"refines": f"#{target}", "property": name, **more})


def _titles(edition: Edition) -> Iterator[Element]:
    data = edition.book.metadata
    yield Element("dc:title", data.title or edition.stem, {"id": "title"})
    yield _refine("title", "title-type", "main")
    if data.subtitle:
        yield _refine("title", "display-seq", "1")
    if sort := file_as(data.title):
        yield _refine("title", "file-as", sort)
    if data.subtitle:
        yield Element("dc:title", data.subtitle, {"id": "subtitle"})
        yield _refine("subtitle", "title-type", "subtitle")
        yield _refine("subtitle", "display-seq", "2")
    if data.series:
        yield Element("meta", data.series, {"property": "belongs-to-collection", "id": "series"})
        yield _refine("series", "collection-type", "series")


def _creators(creators: tuple[Creator, ...]) -> Iterator[Element]:
    for number, creator in enumerate(creators, 1):
        code, own = relator(creator.role), f"creator-{number}"
        yield Element("dc:contributor" if code in _CONTRIBUTORS else "dc:creator", creator.name, {"id": own})
        yield _refine(own, "role", code, scheme="marc:relators")
        yield _refine(own, "display-seq", str(number))
        if sort := file_as(creator.name):
            yield _refine(own, "file-as", sort)


def _publication(edition: Edition, said: BookSettings) -> Iterator[Element]:
    data = edition.book.metadata
    if data.publisher:
        yield Element("dc:publisher", data.publisher, {"id": "publisher"})
        if data.place:
            yield _refine("publisher", "schema:location", data.place)
    if _DATE.fullmatch(data.date):
        yield Element("dc:date", data.date)
    for number, code in enumerate(data.classes, 1):
        yield Element("dc:subject", code, {"id": f"class-{number}"})
        yield _refine(f"class-{number}", "authority", "CLC")
        yield _refine(f"class-{number}", "term", code)
    for subject in data.subjects:
        yield Element("dc:subject", subject)
    if said.description:
        yield Element("dc:description", said.description)
    if said.rights:
        yield Element("dc:rights", said.rights)


def _source(edition: Edition, *, paged: bool) -> Iterator[Element]:
    """The print book that this edition was made from, and whose pages the page-list counts."""
    data = edition.book.metadata
    isbn = data.isbn.replace("-", "").replace(" ", "")
    named = "，".join(part for part in (data.title, data.publisher, data.date) if part)
    print_book = f"urn:isbn:{isbn}" if isbn else named or (edition.stem if paged else "")
    if print_book:
        yield Element("dc:source", print_book, {"id": "print-book"})
    if paged and print_book:
        yield Element("meta", print_book, {"property": "pageBreakSource"})


def _accessibility(edition: Edition, *, paged: bool, pictured: bool) -> Iterator[Element]:
    traditional = edition.lang.startswith("zh-Hant")
    features = ["tableOfContents", "readingOrder", "structuralNavigation", "displayTransformability"]
    features += ["alternativeText"] if pictured else []
    features += ["pageBreakMarkers", "pageNavigation"] if paged else []
    for mode in ("textual", *(["visual"] if pictured else [])):
        yield Element("meta", mode, {"property": "schema:accessMode"})
    yield Element("meta", "textual", {"property": "schema:accessModeSufficient"})
    for feature in features:
        yield Element("meta", feature, {"property": "schema:accessibilityFeature"})
    yield Element("meta", "none", {"property": "schema:accessibilityHazard"})
    yield Element("meta", _summary(traditional=traditional, paged=paged), {"property": "schema:accessibilitySummary"})
    yield Element(
        "meta", "EPUB Accessibility 1.1 - WCAG 2.2 Level AA", {"property": "dcterms:conformsTo", "id": "conformance"}
    )
    yield Element("meta", "zhpress", {"property": "a11y:certifiedBy"})


def _summary(*, traditional: bool, paged: bool) -> str:
    said, pages = _SUMMARY_HANT if traditional else _SUMMARY_HANS
    return said.format(pages=pages if paged else "")


_SUMMARY_HANS = (
    "全书文字可由读屏软件朗读，字体、字号与配色可调；各级标题与目录齐全，注释可往返跳转{pages}。封面附有文字说明。",
    "，并标有印刷版页码，可按页码定位",
)
_SUMMARY_HANT = (
    "全書文字可由讀屏軟件朗讀，字體、字號與配色可調；各級標題與目錄齊全，註釋可往返跳轉{pages}。封面附有文字說明。",
    "，並標有印刷版頁碼，可按頁碼定位",
)
