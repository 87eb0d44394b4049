"""What a finished EPUB says of itself: a catalogue must say what the file says. Read with limits, nothing fetched."""

import zipfile
from dataclasses import replace
from pathlib import Path, PurePosixPath

from lxml import etree

from pipeline.catalogue.card import EditionCard, Maker

_LARGEST = 8 << 20  # bytes of a package document
_LARGEST_COVER = 40 << 20
_DC = "{http://purl.org/dc/elements/1.1/}"
_OPF = "{http://www.idpf.org/2007/opf}"


class UnreadableError(Exception):
    """The file is no EPUB that we can read."""


def said_by(path: Path, plain: EditionCard) -> EditionCard:
    """`plain` with what the EPUB at `path` says: identifier, language, names, moment, vertical lines."""
    _, package = _read(path)
    data, spine = package.find(f"{_OPF}metadata"), package.find(f"{_OPF}spine")
    if data is None or spine is None:
        raise UnreadableError("no metadata or no spine")
    vertical = spine.get("page-progression-direction") == "rtl"
    files = tuple(replace(file, vertical=vertical and file.format == "epub") for file in plain.files)
    names = [str(each.text or "") for each in data if each.tag in {f"{_DC}creator", f"{_DC}contributor"}]
    makers = plain.makers
    if len(names) == len(makers):
        makers = tuple(
            Maker(name or maker.name, maker.role, maker.sort) for name, maker in zip(names, makers, strict=True)
        )
    return replace(
        plain,
        lang=data.findtext(f"{_DC}language") or plain.lang,
        identifier=data.findtext(f"{_DC}identifier") or plain.identifier,
        modified=data.findtext(f"{_OPF}meta[@property='dcterms:modified']") or plain.modified,
        title=data.findtext(f"{_DC}title[@id='title']") or plain.title,
        subtitle=data.findtext(f"{_DC}title[@id='subtitle']") or plain.subtitle,
        publisher=data.findtext(f"{_DC}publisher") or plain.publisher,
        makers=makers,
        files=files,
    )


def cover_of(path: Path) -> bytes | None:
    """The cover picture in an EPUB; None where there is none. Raises UnreadableError."""
    root, package = _read(path)
    items = package.findall(f"{_OPF}manifest/{_OPF}item")
    found = next((item for item in items if "cover-image" in (item.get("properties") or "").split()), None)
    if found is None:
        return None
    return _member(path, str(PurePosixPath(root).parent / (found.get("href") or "")), _LARGEST_COVER)


def _read(path: Path) -> tuple[str, etree._Element]:
    """The package document, and where in the file it lies."""
    container = _parsed(_member(path, "META-INF/container.xml", _LARGEST))
    root = next((each.get("full-path") for each in container.iter("{*}rootfile")), None)
    if not root:
        raise UnreadableError("no rootfile")
    return root, _parsed(_member(path, root, _LARGEST))


def _parsed(data: bytes) -> etree._Element:
    try:
        return etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False))
    except etree.XMLSyntaxError as error:
        raise UnreadableError(str(error)) from error


def _member(path: Path, name: str, largest: int) -> bytes:
    try:
        with zipfile.ZipFile(path) as book:
            if book.getinfo(name).file_size > largest:
                raise UnreadableError(f"{name}: {largest} bytes at most")
            return book.read(name)
    except (OSError, KeyError, ValueError, zipfile.BadZipFile) as error:
        raise UnreadableError(f"{name}: {error}") from error
