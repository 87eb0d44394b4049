"""Made-up libraries for the shelf: folders as the build leaves them, from metadata and small files.

The files are small and the keys are right, so a shelf takes them for what the build made.
"""

import hashlib
import io
import os
import zipfile
from dataclasses import dataclass
from pathlib import Path
from xml.sax.saxutils import escape

from pipeline import book_json, catalogue, store, style
from pipeline.book import Book, Creator, Edition, Metadata, Paragraph, Repairs, Section, SectionKind, Text
from pipeline.config import Settings
from pipeline.editions import edition as turn
from pipeline.render import epub, web
from pipeline.render.package import relator
from pipeline.store import Entry, Shelf

PUBLIC = '[shelf]\nrights = "public-domain"\n'
LEDGER = (
    '{"rule": "ellipses", "line": 1, "start": 0, "before": "...", "after": "……", "confidence": "certain", '
    '"applied": true, "why": "省略号是六个点"}\n'
)
# The smallest picture that MuPDF reads: 2 × 3 pixels, one colour.
PIXELS = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000002000000030802000000368849d6000000097048597300000ec400000ec401952b0e1b"
    "0000000e49444154789c63a8000306140a0058ad08713191fd540000000049454e44ae426082"
)


def book(title: str = "书", lang: str = "zh-Hans", **said: object) -> Book:
    """A book of one chapter."""
    heading = (Text("第一章 开头", ()),)
    text = (Paragraph((Text("正文。", ()),)),)
    data = {"creators": (Creator("张三", "著"),), **said}
    chapter = Section("sec-1", SectionKind.CHAPTER, 1, heading, (), text)
    return Book(Metadata(title, **data), lang, (), (chapter,))  # type: ignore[arg-type]


@dataclass(frozen=True)
class Library:
    """seeds/, build/ and shelf/ under one folder."""

    folder: Path

    @property
    def seeds(self) -> Path:
        return self.folder / "seeds"

    @property
    def built(self) -> Path:
        return self.folder / "build"

    @property
    def shelf(self) -> Path:
        return self.built / "shelf"

    @property
    def request(self) -> catalogue.Request:
        return catalogue.Request((self.seeds,), self.built, self.shelf, self.folder / "shelf.toml")

    def put(
        self,
        name: str,
        made: Book,
        toml: str = PUBLIC,
        editions: tuple[str, ...] = ("source",),
        *,
        vertical: bool = False,
        cover: bytes = PIXELS,
    ) -> "Library":
        """A built book."""
        self.seeds.mkdir(parents=True, exist_ok=True)
        (self.seeds / f"{name}.txt").write_text("正文。\n", "utf-8")
        (self.seeds / f"{name}.toml").write_text(toml, "utf-8")
        key = store.key(name)
        own = store.safe_name(name)
        looks = catalogue.books_key(style.load())
        files = {
            "1-source.txt": (key, "正文。\n".encode()),
            "2-cleaned.txt": (key, "正文。\n".encode()),
            "3-ledger.jsonl": (key, LEDGER.encode()),
            "4-book.json": (key, book_json.dump(made).encode()),
            "review.html": (key, b"<!DOCTYPE html><title>review</title>"),
        }
        for edition in editions:
            lang = {"source": made.lang, "hans": "zh-Hans", "hant-tw": "zh-Hant-TW", "hant-hk": "zh-Hant-HK"}[edition]
            for form, data in (
                ("epub", small_epub(made, lang, edition, vertical=vertical, cover=cover)),
                ("pdf", b"%PDF-1.7\n" + name.encode()),
            ):
                files[f"{own}.{edition}.{form}"] = (store.part_key(key, edition, form, looks), data)
        self.write(own, files)
        return self

    def put_real(self, name: str, made: Book, toml: str = PUBLIC, editions: tuple[str, ...] = ("source",)) -> "Library":
        """A built book whose EPUB and reading pages our renderers made; only its PDF is a token."""
        self.put(name, made, toml, editions)
        looks, settings = style.load(), Settings()
        key, own = store.key(name), store.safe_name(name)
        files = {file: (entry.key, (self.built / own / file).read_bytes()) for file, entry in self.entries(own).items()}
        for edition in editions:
            turned = turn(made, edition, settings.convert)
            whole = Edition(own, edition, turned.lang, turned, Repairs((("r", "标点", 3),)), key)
            for form, artifact in (
                ("epub", epub.render(whole, looks, settings)),
                ("web", web.render(whole, looks, settings)),
            ):
                part_key = store.part_key(key, edition, form, catalogue.books_key(looks))
                files[artifact.name] = (part_key, artifact.data)
        self.write(own, files)
        return self

    def entries(self, name: str) -> dict[str, Entry]:
        return dict(store.shelf(self.built, name).entries)

    def write(self, name: str, files: dict[str, tuple[str, bytes]]) -> None:
        """The files of a book's folder and their manifest, without waiting for the disk as the build does."""
        folder = self.built / name
        folder.mkdir(parents=True, exist_ok=True)
        entries = {}
        for file, (key, data) in files.items():
            (folder / file).write_bytes(data)
            entries[file] = Entry(key, hashlib.sha256(data).hexdigest(), len(data))
        (folder / store.MANIFEST).write_bytes(Shelf(folder, entries).manifest())

    def settings(self, text: str) -> "Library":
        (self.folder / "shelf.toml").write_text(text, "utf-8")
        return self

    def shelve(self) -> list[catalogue.Event]:
        return list(catalogue.shelve(self.request))

    def files(self) -> dict[str, Path]:
        """Every file of the shelf by its path there."""
        found = (Path(folder) / name for folder, _, names in os.walk(self.shelf) for name in names)
        return {path.relative_to(self.shelf).as_posix(): path for path in found}


def small_epub(made: Book, lang: str, edition: str, *, vertical: bool = False, cover: bytes = PIXELS) -> bytes:
    """The least of an EPUB: container, package and cover."""
    creators = "".join(
        f"<dc:{'contributor' if relator(each.role) == 'trl' else 'creator'}>{escape(each.name)}"
        f"</dc:{'contributor' if relator(each.role) == 'trl' else 'creator'}>"
        for each in made.metadata.creators
    )
    opf = (
        '<package xmlns="http://www.idpf.org/2007/opf" unique-identifier="i" version="3.0">'
        '<metadata xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f'<dc:identifier id="i">urn:uuid:{store.key(made.metadata.title, edition)[:32]}</dc:identifier>'
        f'<dc:title id="title">{escape(made.metadata.title)}</dc:title>{creators}<dc:language>{lang}</dc:language>'
        '<meta property="dcterms:modified">2026-11-22T00:00:00Z</meta></metadata>'
        '<manifest><item href="c.png" id="c" media-type="image/png" properties="cover-image"/></manifest>'
        f"<spine{' page-progression-direction=' + chr(34) + 'rtl' + chr(34) if vertical else ''}/></package>"
    )
    container = (
        '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
        '<rootfile full-path="E/p.opf" media-type="application/oebps-package+xml"/></rootfiles></container>'
    )
    files: dict[str, str | bytes] = {
        "mimetype": "application/epub+zip",
        "META-INF/container.xml": container,
        "E/p.opf": opf,
        "E/c.png": cover,
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        for name, data in files.items():
            file.writestr(zipfile.ZipInfo(name), data)  # dated 1980: the same bytes at any time
    return out.getvalue()
