"""The pages that people see: the list, cut into leaves that a phone loads at once, and a page for each book.

Everything a book or a publisher says is escaped by Jinja2 or by `tag`; paths are ours. Every link is relative, so the
shelf stands in any folder and opens from the disk. The data for search stand in one script, loaded when it is needed,
because a page opened from the disk may load scripts and nothing else.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from pipeline.catalogue import linked_data
from pipeline.catalogue.card import Card, EditionCard
from pipeline.catalogue.settings import ShelfSettings
from pipeline.catalogue.words import FORMATS, SCRIPTS, Words
from pipeline.config import LICENCES
from pipeline.render.html import Html, legal
from pipeline.style import Style

ON_A_LEAF = 48  # books of one page of the list
DATA = "data/books.js"
_SCRIPT_END = str.maketrans({"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"})


@dataclass(frozen=True, slots=True)
class Pictured:
    """A card, and whether the shelf has pictures of its cover."""

    card: Card
    pictured: bool


def script_json(value: object) -> Html:
    """JSON that may stand in a script element: nothing in it can end that, or act as markup."""
    said = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return Html(legal(said).translate(_SCRIPT_END))


def url(path: str) -> str:
    """A path of the shelf as a relative URL."""
    return quote(path)


class Pages:
    """Makes every page of one shelf."""

    def __init__(self, said: ShelfSettings, style: Style, signatures: Sequence[str], icon: str) -> None:
        self.said, self.style, self.signatures, self.icon = said, style, tuple(signatures), icon
        self.words = Words(said.languages)

    def furniture(self) -> Iterator[tuple[str, bytes]]:
        """What the pages call for."""
        yield "style/shelf.css", self.style.sheets["shelf.css"].encode()
        yield "style/icon.svg", self.icon.encode()
        yield "script/shelf.js", self.style.templates["shelf.js.j2"].encode()

    def lists(self, books: Sequence[Pictured]) -> Iterator[tuple[str, bytes]]:
        """The list, newest first: index.html and list/2.html …; and what the search reads."""
        leaves = [books[at : at + ON_A_LEAF] for at in range(0, len(books), ON_A_LEAF)] or [()]
        for number, leaf in enumerate(leaves, 1):
            yield self._render(
                "index.html.j2",
                leaf_path(number),
                books=leaf,
                total=len(books),
                number=number,
                leaves=[leaf_path(n) for n in range(1, len(leaves) + 1)],
                scripts=_present_scripts(books),
                formats=_present_formats(books),
            )
        yield DATA, f"shelfBooks({script_json([_searched(book) for book in books])});\n".encode()

    def book(self, book: Pictured) -> tuple[str, bytes]:
        """The page of one book."""
        data = linked_data.book(book.card, self.said.base_url, pictured=book.pictured)
        return self._render(
            "book.html.j2",
            f"{book.card.folder}/index.html",
            book=book.card,
            pictured=book.pictured,
            licence_url=LICENCES.get(book.card.rights, ""),
            data=script_json(data),
        )

    def _render(self, template: str, path: str, **values: Any) -> tuple[str, bytes]:
        page = self.style.render(
            template,
            shelf=self.said,
            t=self.words,
            root="../" * path.count("/"),
            url=url,
            size=spoken_size,
            signatures=self.signatures,
            script_names=SCRIPTS,
            format_names=FORMATS,
            **values,
        )
        return path, page.encode()


def editions_script(editions: Sequence[EditionCard]) -> bytes:
    """What the reading pages load to know which editions stand beside them (styles/templates/web-reader.js.j2)."""
    shorts = {"zh-Hans": "简", "zh-Hant": "繁", "zh-Hant-TW": "繁", "zh-Hant-HK": "港"}
    said = [
        {
            "name": edition.name,
            "lang": edition.lang,
            "short": shorts.get(edition.lang, edition.lang),
            "label": SCRIPTS.get(edition.lang, (edition.lang,) * 3)["Hant" in edition.lang],
        }
        for edition in editions
    ]
    return f"globalThis.shelfEditions = {script_json(said)};\n".encode()


def leaf_path(number: int) -> str:
    """Where the list's nth page lies."""
    return "index.html" if number == 1 else f"list/{number}.html"


def spoken_size(size: int) -> str:
    """1.5 MB, as people say it."""
    if size < 1000:
        return f"{size} B"
    for unit in ("kB", "MB"):
        size_in = size / (1000 if unit == "kB" else 1_000_000)
        if size_in < 1000:
            return f"{size_in:.0f} {unit}" if size_in >= 10 else f"{size_in:.1f} {unit}"
    return f"{size / 1e9:.1f} GB"


def _present_scripts(books: Sequence[Pictured]) -> list[str]:
    found = {edition.lang for book in books for edition in book.card.editions}
    return [lang for lang in SCRIPTS if lang in found]


def _present_formats(books: Sequence[Pictured]) -> list[str]:
    found = {key for book in books for key in _formats(book.card)}
    return [key for key in ("epub", "pdf", "read", "vertical") if key in found]


def _formats(card: Card) -> list[str]:
    found = {file.format for _, file in card.downloads}
    found |= {"read"} if any(edition.web for edition in card.editions) else set()
    found |= {"vertical"} if any(edition.vertical for edition in card.editions) else set()
    return sorted(found)


def _searched(book: Pictured) -> list[object]:
    """A book as the script in the page reads it; the order is that of `FIELDS` in shelf.js."""
    card = book.card
    more = " ".join(
        (card.series, card.publisher, card.isbn.replace("-", ""), card.other_titles, *card.subjects, *card.classes,
         card.sort.replace(" ", ""), *(maker.sort.replace(" ", "") for maker in card.makers))
    )  # fmt: skip
    return [
        url(card.name),
        card.title,
        card.subtitle,
        byline(card),
        sorted({edition.lang for edition in card.editions}),
        _formats(card),
        int(book.pictured),
        card.since or card.modified[:10],
        card.sort,
        " ".join(more.split()),
    ]


def byline(card: Card) -> str:
    """许峰 编著，李四 校订"""
    return "，".join(" ".join(filter(None, (maker.name, maker.role))) for maker in card.makers)
