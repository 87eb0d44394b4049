"""Bytes to lines: find the seeds, decode them, split them, and keep what the line ends and page breaks were.

One door, three steps: `resolve` finds what a path means, `load` takes its bytes off the disk (the only step that
touches files), `read` turns bytes into a `Source` and may run in any worker. `READERS` holds one reader per format.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from pipeline.encoding import Decoded, decode_pages
from pipeline.errors import SourceError
from pipeline.notice import Notice

LIMIT = 100 * 1024 * 1024  # bytes of one book
_LINE_END = re.compile(r"\f*(?:\r\n|\r|\n)\f*|\f+")


@dataclass(frozen=True, slots=True)
class Source:
    """A seed as lines. "".join(line + end) is the decoded text, to the character.

    `ends` holds each line's own end ("\\n", "\\r\\n", "\\r", "\\f" or "" for the last). A form feed beside a line end
    belongs to that end, so that lines are counted as editors count them. `page_starts` are the lines that open a page
    where the file itself says so (form feeds, page files, layout formats); empty where it does not.
    """

    name: str
    lines: tuple[str, ...]
    ends: tuple[str, ...]
    encoding: str
    page_starts: tuple[int, ...] = ()
    notices: tuple[Notice, ...] = ()


@dataclass(frozen=True, slots=True)
class Seed:
    """Where one book lies: a file, or the page files of a folder in natural order. `settings` may not exist."""

    name: str
    files: tuple[Path, ...]
    settings: Path

    @property
    def where(self) -> str:
        """The place to name in errors: the file, or the folder of the pages."""
        return str(self.files[0] if len(self.files) == 1 else self.files[0].parent)


@dataclass(frozen=True, slots=True)
class RawFile:
    """One file's bytes. `where` is the path as the user gave it, for messages only."""

    where: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Raw:
    """The bytes of one book: all that a worker needs to read it, on any machine."""

    name: str
    files: tuple[RawFile, ...]
    size: int = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "size", sum(len(file.data) for file in self.files))


# ---------------------------------------------------------------- resolve


def resolve(path: Path) -> tuple[Seed, ...]:
    """The books that `path` means.

    A file is one book. In a folder every .txt is a book, and so is every sub-folder that holds page files (.txt, or
    where there are none files with layout of one kind), in natural order (2 before 10). Hidden files are left alone,
    and so are scans and the like beside the texts: a PDF or XML is read where it is named.

    Raises SourceError where there is nothing.
    """
    if not exists(path):
        raise SourceError("找不到这个文件 · no such file", remedy="请检查路径，或把原文放进 seeds/", where=str(path))
    try:
        return _books_of(path) if path.is_dir() else _book_at(path)
    except OSError as error:
        raise unreadable(path, error) from error


def exists(path: Path) -> bool:
    """Whether there is such a file or folder; a name that no file system takes is none."""
    try:
        return path.exists()
    except (OSError, ValueError):
        return False


def _book_at(path: Path) -> tuple[Seed, ...]:
    if not path.is_file():
        raise SourceError("这不是普通文件", remedy="请给出 .txt 文件或文件夹", where=str(path))
    return (_seed(path),)


def _books_of(folder: Path) -> tuple[Seed, ...]:
    inner = [path for path in folder.iterdir() if path.is_dir() and not path.name.startswith(".")]
    books = [_seed(file) for file in _texts(folder)]
    books += [
        Seed(path.name, tuple(pages), path.parent / f"{path.name}.toml") for path in inner if (pages := _pages(path))
    ]
    if not books:
        raise SourceError("文件夹里没有 .txt 文件", remedy="把 OCR 原文存成 .txt 放进去", where=str(folder))
    return tuple(sorted(books, key=lambda seed: _natural(seed.name)))


def _seed(path: Path) -> Seed:
    return Seed(path.stem, (path,), path.with_suffix(".toml"))


def _texts(folder: Path, suffix: str = ".txt") -> list[Path]:
    """The files of a folder with this suffix, in natural order."""
    files = [
        path
        for path in folder.iterdir()
        if path.suffix.lower() == suffix and not path.name.startswith(".") and path.is_file()
    ]
    return sorted(files, key=lambda path: _natural(path.name))


def _pages(folder: Path) -> list[Path]:
    """The page files of a book's folder: of the first kind of READERS that is there."""
    return next((found for suffix in READERS if (found := _texts(folder, suffix))), [])


def _natural(name: str) -> tuple[tuple[str, int, str], ...]:
    """A key that sorts page 2 before page 10, whatever the length of the digits."""
    parts = re.split(r"([0-9]+)", name)
    bare = (part.lstrip("0") for part in parts[1::2])
    words = (word.casefold() for word in parts[0::2])
    numbers = [*((len(number), number) for number in bare), (0, "")]
    key = ((word, *number) for word, number in zip(words, numbers, strict=True))
    return (*key, (name, 0, ""))


# ---------------------------------------------------------------- load


def load(seed: Seed) -> Raw:
    """The bytes of a seed. Raises SourceError for what is missing, too large, unreadable or still being written."""
    files = [RawFile(str(path), _bytes(path)) for path in seed.files]
    raw = Raw(seed.name, tuple(files))
    if raw.size > LIMIT:
        raise SourceError(
            f"共 {raw.size / 2**20:.0f} MB，一本书的上限是 {LIMIT // 2**20} MB",
            remedy="请按册拆开",
            where=seed.where,
        )
    return raw


def _bytes(path: Path) -> bytes:
    """A file's bytes, whole: a file that changes under our hands is read once more, then refused."""
    for _ in range(2):
        try:
            before = path.stat()
            if before.st_size > LIMIT:
                raise SourceError(
                    f"{before.st_size / 2**20:.0f} MB，一本书的上限是 {LIMIT // 2**20} MB",
                    remedy="请按册拆开，或确认给的是文字而不是图像",
                    where=str(path),
                )
            data = path.read_bytes()
            after = path.stat()
        except OSError as error:
            raise unreadable(path, error) from error
        if (before.st_size, before.st_mtime_ns) == (after.st_size, after.st_mtime_ns) and len(data) == after.st_size:
            return data
    raise SourceError("读的时候文件还在变", remedy="等写完再运行一次", where=str(path))


def unreadable(path: Path, error: OSError) -> SourceError:
    """What the system said, in our words."""
    return SourceError(f"读不了：{error.strerror or error}", remedy="请检查路径和权限", where=str(path))


def size(seed: Seed) -> int:
    """The bytes of a seed, 0 where they cannot be counted: for the order of work only."""
    try:
        return sum(path.stat().st_size for path in seed.files)
    except OSError:
        return 0


# ---------------------------------------------------------------- read


def read(raw: Raw) -> Source:
    """The lines of a book, by the reader of its format. Raises SourceError where the bytes are no text."""
    suffix = Path(raw.files[0].where).suffix.lower()
    return READERS.get(suffix, read_text)(raw)


def read_text(raw: Raw) -> Source:
    """Plain text, one file or one file a page: NUL and other controls stay characters, for cleaning to judge."""
    pages = decode_pages(tuple((file.where, file.data) for file in raw.files))
    if not any(page.text.strip() for page in pages):
        raise SourceError("文件是空的，没有文字", remedy="请换成有文字的 OCR 结果", where=raw.files[0].where)
    lines: list[str] = []
    ends: list[str] = []
    starts: list[int] = []
    notices: list[Notice] = []
    for page in pages:
        first = len(lines)
        page_lines, page_ends = split(page.text)
        if len(pages) > 1:
            starts.append(first)
        starts += (first + at + 1 for at, end in enumerate(page_ends[:-1]) if "\f" in end)
        notices += _said_once(notices, _notices(page, first, page_lines))
        lines += page_lines
        ends += page_ends
    if starts and starts[0] != 0:
        starts.insert(0, 0)
    encodings = sorted({page.encoding for page in pages})
    return Source(raw.name, tuple(lines), tuple(ends), "+".join(encodings), tuple(starts), tuple(notices))


def split(text: str) -> tuple[list[str], list[str]]:
    """`text` as lines and their ends. A last line without an end has the end ""; an empty text is one empty line."""
    if "\r" not in text and "\f" not in text:
        lines, end = text.split("\n"), "\n"
    elif "\f" not in text and text.count("\r") == text.count("\n") == text.count("\r\n"):
        lines, end = text.split("\r\n"), "\r\n"
    else:
        return _split_mixed(text)
    return _without_empty_last(lines, [end] * (len(lines) - 1) + [""])


def _split_mixed(text: str) -> tuple[list[str], list[str]]:
    lines, ends, at = list[str](), list[str](), 0
    for match in _LINE_END.finditer(text):
        lines.append(text[at : match.start()])
        ends.append(match.group())
        at = match.end()
    return _without_empty_last([*lines, text[at:]], [*ends, ""])


def _without_empty_last(lines: list[str], ends: list[str]) -> tuple[list[str], list[str]]:
    """A text that ends in a line end has no further line after it."""
    if len(lines) > 1 and not lines[-1]:
        lines.pop()
        ends.pop()
    return lines, ends


def _notices(page: Decoded, first: int, lines: Sequence[str]) -> list[Notice]:
    """The notices of one file, with the lines of what could not be decoded found by the character it left."""
    if not page.bad:
        return list(page.notices)
    marked = [first + at for at, line in enumerate(lines) if "\ufffd" in line]
    return [
        replace(notice, line=marked[0]) if notice.code == "bad-bytes" and marked else notice for notice in page.notices
    ]


def _said_once(said: Sequence[Notice], more: Sequence[Notice]) -> list[Notice]:
    """`more` without what was said of an earlier page: a folder of 300 files in GB18030 says so once."""
    return [notice for notice in more if notice not in said]


def read_layout(raw: Raw) -> Source:
    """hOCR, ALTO, PAGE XML or a PDF's text layer, one file or one file a page (or a few)."""
    from pipeline import layout  # noqa: PLC0415  lxml is not needed for plain text

    lines: list[str] = []
    starts: list[int] = []
    formats: dict[str, None] = {}
    for file in raw.files:
        form, pages = layout.read_pages(file.where, file.data)
        formats[form] = None
        for page in pages:
            starts.append(len(lines))
            lines += page or [""]
    said = Notice("format", f"原文是 {'、'.join(formats)}，取其文字，共 {len(starts)} 页")
    return Source(raw.name, tuple(lines), ("\n",) * len(lines), "+".join(formats), tuple(starts), (said,))


READERS: Mapping[str, Callable[[Raw], Source]] = {
    ".txt": read_text,
    **dict.fromkeys((".hocr", ".html", ".htm", ".xml", ".pdf"), read_layout),
}
