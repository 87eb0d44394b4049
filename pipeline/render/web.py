"""An Edition to pages that are read in a browser: one page a chapter, in a zip that the shelf unpacks.

The text is the e-book's own markup (Media.SCREEN), the looks are its stylesheets; what is added is a desk around it:
contents, turning, notes that open, the size of the letters, the place one has come to. All of it works from the disk;
where the pages are served, a service worker keeps the book for reading without a network.

Names derive from content, and are the same in every edition of a book, as are the ids of paragraphs (`L245` begins on
line 245 of the seed): so a reader can change the script in the middle of a page. Which editions stand beside this one,
the shelf says in `../editions.js`.
"""

import hashlib
import io
import json
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pipeline.book import Edition
from pipeline.config import Settings
from pipeline.render.artifact import Artifact
from pipeline.render.contents import contents
from pipeline.render.copyright_page import byline, copyright_page
from pipeline.render.html import Html, Media, Piece, join, legal, pieces, tag, text
from pipeline.render.stamp import identifier, moment
from pipeline.render.terms import terms
from pipeline.render.title import break_title, running_text
from pipeline.style import Style

MEDIA_TYPE = "application/zip"
_INDEX, _IMPRINT = "index", "imprint"
_SAFE_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,63}")
_LONGEST_TITLE_LINE = 7  # characters: what a phone shows in title size


@dataclass(frozen=True, slots=True)
class Words:
    """What stands on the desk, in one script."""

    start: str = "开始读"
    go_on: str = "接着读"
    contents: str = "目录"
    previous: str = "上一篇"
    next: str = "下一篇"
    shelf: str = "关于这本书"
    skip: str = "跳到正文"
    larger: str = "放大文字"
    smaller: str = "缩小文字"
    paper: str = "纸色"
    close: str = "关闭"
    scripts: str = "字形"
    turn: str = "翻页"
    tools: str = "阅读工具"


HANS = Words()
HANT = Words(
    start="開始讀",
    go_on="接著讀",
    contents="目錄",
    previous="上一篇",
    next="下一篇",
    shelf="關於這本書",
    skip="跳到正文",
    larger="放大文字",
    smaller="縮小文字",
    paper="紙色",
    close="關閉",
    scripts="字形",
    turn="翻頁",
    tools="閱讀工具",
)


def render(edition: Edition, style: Style, settings: Settings) -> Artifact:
    """The pages of one edition, zipped. Raises SettingsError for a SOURCE_DATE_EPOCH that is no date."""
    return Artifact(f"{edition.stem}.{edition.name}.web.zip", _Maker(edition, style, settings).zip(), MEDIA_TYPE)


def file_name(anchor: str) -> str:
    """The page of a piece, from its anchor; an anchor that is no safe file name gives a short digest of itself."""
    safe = _SAFE_NAME.fullmatch(anchor) and anchor not in {_INDEX, _IMPRINT}
    return f"{anchor}.html" if safe else f"x-{hashlib.sha256(anchor.encode()).hexdigest()[:12]}.html"


def _address(piece: str, anchor: str) -> str:
    page = file_name(piece)
    return page if piece == anchor else f"{page}#{anchor}"


class _Maker:
    """Makes the pages of one edition."""

    def __init__(self, edition: Edition, style: Style, settings: Settings) -> None:
        self.edition, self.style, self.settings = edition, style, settings
        self.book, self.data, self.lang = edition.book, edition.book.metadata, edition.lang
        self.title = self.data.title or edition.stem
        self.words = HANT if self.lang.startswith("zh-Hant") else HANS
        self.urn = identifier(edition)
        self.pieces = pieces(self.book, self.lang, Media.SCREEN, address=_address)
        self.contents = contents(self.book, self.pieces, self.lang)

    def zip(self) -> bytes:
        """The pages in one file, its dates and order always the same."""
        files = dict(self.files())
        digest = hashlib.sha256(repr(sorted(files.items())).encode()).hexdigest()[:16]
        names = json.dumps(sorted(files), separators=(",", ":"))
        files["sw.js"] = self.style.render("web-worker.js.j2", files=Html(names), version=digest).encode()
        done = io.BytesIO()
        with zipfile.ZipFile(done, "w") as out:
            for name, data in sorted(files.items()):
                entry = zipfile.ZipInfo(name, moment().timetuple()[:6])
                entry.create_system, entry.external_attr = 3, 0o100644 << 16
                entry.compress_type = zipfile.ZIP_DEFLATED
                out.writestr(entry, data, compresslevel=9)
        return done.getvalue()

    def files(self) -> Iterator[tuple[str, bytes]]:
        """Every file but the worker, which has to know the others."""
        script = "hant.css" if self.lang.startswith("zh-Hant") else "hans.css"
        yield "book.css", "\n".join(self.style.sheets[name] for name in ("book.css", script, "web.css")).encode()
        yield "icon.svg", self.style.render("icon.svg.j2").encode()
        yield "reader.js", self.style.render("web-reader.js.j2").encode()
        yield self._front()
        for at, piece in enumerate(self.pieces):
            yield self._piece(at, piece)
        yield self._imprint()

    def _front(self) -> tuple[str, bytes]:
        lines = break_title(self.title, running_text(self.book), _LONGEST_TITLE_LINE)
        return self._page(
            "web-index.html.j2",
            _INDEX,
            self.title,
            book_title=join(tag("span", {"class": "title-line"}, text(line)) for line in lines),
            bylines=tuple(map(byline, self.data.creators)),
            contents=self.contents,
            pages=[(piece.anchor, page) for piece in self.pieces for page in piece.pages],
            address=_address,
            first=file_name(self.pieces[0].anchor) if self.pieces else "",
            following=None,
            preceding=None,
        )

    def _piece(self, at: int, piece: Piece) -> tuple[str, bytes]:
        before = self._neighbour(at - 1) if at else (f"{_INDEX}.html", self.words.contents)
        after = self._neighbour(at + 1) if at + 1 < len(self.pieces) else (f"{_IMPRINT}.html", self._terms.colophon)
        return self._page(
            "web-chapter.html.j2",
            file_name(piece.anchor).removesuffix(".html"),
            piece.title or self.title,
            html=piece.html,
            headed=bool(piece.title),
            preceding=before,
            following=after,
        )

    def _neighbour(self, at: int) -> tuple[str, str]:
        piece = self.pieces[at]
        return file_name(piece.anchor), piece.title or self.title

    @property
    def _terms(self) -> Any:
        return terms(self.lang)

    def _imprint(self) -> tuple[str, bytes]:
        last = self._neighbour(len(self.pieces) - 1) if self.pieces else (f"{_INDEX}.html", self.words.contents)
        return self._page(
            "web-imprint.html.j2",
            _IMPRINT,
            self._terms.colophon,
            imprint=copyright_page(self.edition, self.settings.book, self.urn),
            preceding=last,
            following=None,
        )

    def _page(self, template: str, name: str, title: str, **values: object) -> tuple[str, bytes]:
        page = self.style.render(
            template,
            lang=self.lang,
            name=self.edition.name,
            stem=self.edition.stem,
            page=f"{name}.html",
            title=legal(title),
            whole_title=legal(self.title),
            data=self.data,
            terms=self._terms,
            words=self.words,
            **values,
        )
        return f"{name}.html", page.encode()
