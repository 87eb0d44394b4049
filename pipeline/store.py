"""What is already built, and how it is written: digests decide, files appear whole or not at all.

Every book has a folder of its own in the output folder, with a `manifest.json` that holds, for each file, its SHA-256
and the key (a digest of everything that shaped it). A file whose key is still right is not made again. Beside the books
lie `SHA256SUMS` of all of them, for `sha256sum --check`, and hidden ones: `.lock` (two runs take turns) and `.homes`
(which seed each folder belongs to, so that no other book of the same name takes its place).
"""

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from types import MappingProxyType
from typing import Any

from pipeline import bootstrap
from pipeline.errors import OutputError
from pipeline.source import Raw, Seed
from pipeline.style import PRESS, Style

MANIFEST = "manifest.json"
SUMS = "SHA256SUMS"
HOMES = ".homes"
_FORMAT = 2
_TEMPORARY = ".writing-"
_HERE = Path(__file__).resolve().parent
_LIBRARIES = (  # what shapes the bytes of an artifact
    "ebooklib",
    "fonttools",
    "jinja2",
    "lxml",
    "opencc",
    "pikepdf",
    "pillow",
    "pydyf",
    "pymupdf",
    "pypinyin",
    "python-barcode",
    "python-stdnum",
    "rapidfuzz",
    "tinycss2",
    "uharfbuzz",
    "weasyprint",
    "zhconv-rs",
)
SHELF = "shelf"  # the folder beside the books' own that is handed out; no book is called so
_RESERVED = frozenset({SHELF, "con", "prn", "aux", "nul", *(f"{d}{n}" for d in ("com", "lpt") for n in range(10))})


# ---------------------------------------------------------------- names


def safe_name(stem: str) -> str:
    """A folder name made from a seed's stem that any file system takes and that cannot leave its folder.

    Letters and digits of any script, `-`, `_`, `.`, `·` and brackets are kept; anything else becomes `_`.
    """
    name = unicodedata.normalize("NFC", stem)
    name = re.sub(r"[^\w\-.·（）()《》—+]+", "_", name).strip("._ ")
    while len(name.encode()) > 120:  # room for ".hant-tw.epub" and a temporary's own letters within 255 bytes
        name = name[:-1].rstrip("._ ")
    if not name or name.casefold().split(".")[0] in _RESERVED:
        name = f"book_{name}" if name else f"book_{key(stem)[:8]}"
    return name


def folder_names(seeds: Sequence[Seed]) -> tuple[str, ...]:
    """A folder name for each seed of a run; seeds of equal stems are told apart by the folders they come from."""
    names = [safe_name(seed.name) for seed in seeds]
    taken = _repeated(names)
    named = [
        safe_name(f"{name}-{_home(seed).name}") if name.casefold() in taken else name
        for name, seed in zip(names, seeds, strict=True)
    ]
    taken = _repeated(named)
    return tuple(
        f"{name}-{key(str(_home(seed)), seed.name)[:8]}" if name.casefold() in taken else name
        for name, seed in zip(named, seeds, strict=True)
    )


def _home(seed: Seed) -> Path:
    """The folder that the seed's settings lie in, which is where its name is one of a kind."""
    return seed.settings.parent.resolve()


def _repeated(names: Iterable[str]) -> frozenset[str]:
    seen, twice = set[str](), set[str]()
    for name in map(str.casefold, names):
        (twice if name in seen else seen).add(name)
    return frozenset(twice)


# ---------------------------------------------------------------- keys


def key(*parts: str | bytes) -> str:
    """A hex SHA-256 over `parts`, each counted with its length, so that no two lists of parts are the same."""
    digest = hashlib.sha256()
    for part in parts:
        data = part if isinstance(part, bytes) else part.encode("utf-8", "surrogatepass")
        digest.update(len(data).to_bytes(8, "big"))
        digest.update(data)
    return digest.hexdigest()


def raw_key(raw: Raw) -> str:
    """A digest of a seed's bytes, and of where its pages begin; not of where it lies."""
    return key(*(file.data for file in raw.files))


@cache
def program_key() -> str:
    """A digest of this program: its own files, the versions of the libraries that shape a book, and of Python."""
    return key(*(word for pair in _program().items() for word in pair))


def surroundings() -> Mapping[str, str]:
    """What shapes a book besides its seed and its settings, by name: the program, Python, libraries, fonts.

    Two machines that say the same make the same bytes.
    """
    return {**_program(), "fonts": fonts_key()[:16]}


@cache
def _program() -> Mapping[str, str]:
    ours = (path for path in sorted(_HERE.rglob("*")) if path.is_file() and path.suffix not in {".pyc", ".pyo"})
    parts: list[str | bytes] = []
    for path in ours:
        parts += [path.relative_to(_HERE).as_posix(), path.read_bytes()]
    python = ".".join(map(str, sys.version_info[:2]))
    libraries = {name: _version(name) for name in _LIBRARIES}
    return MappingProxyType({"zhpress": key(*parts)[:32], "Python": python, **libraries})


@cache
def fonts_key() -> str:
    """A digest of the fonts that our editions are set in, by family, style and version; of nothing where there are
    none. What is printed, or carries fonts, depends on it.
    """
    if shutil.which("fc-list") is None:
        return key()
    asked = ["fc-list", "-f", "%{family}\t%{style}\t%{fontversion}\n", ":lang=zh"]
    listed = subprocess.run(asked, capture_output=True, encoding="utf-8", errors="replace", check=False).stdout
    ours = {line for line in listed.splitlines() if set(line.partition("\t")[0].split(",")) & set(bootstrap.FONTS)}
    return key(*sorted(ours))


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""


def texts_key(texts: Mapping[str, str]) -> str:
    """A digest of named texts, such as the sheets of a style."""
    return key(*(part for name in sorted(texts) for part in (name, texts[name])))


def style_key(looks: Style, dated: str) -> str:
    """A digest of the looks of an edition, and of the date that it is to carry."""
    profiles = (looks.press.data, looks.screen.data)
    return key(texts_key(looks.sheets), texts_key(looks.templates), *profiles, dated)


def part_key(book_key: str, edition: str, form: str, looks: str) -> str:
    """The key of one file of a book: what the book was made from, edition, format, and a digest of its looks; and the
    fonts of this machine for all but what is read on a screen, which has none unless the settings ask for them.

    Formats that come from one layout have one key, so that what is printed of it is the same in each.
    """
    layout = "press" if form in PRESS else form
    return key(book_key, edition, layout, looks, "" if form in {"epub", "web"} else fonts_key())


# ---------------------------------------------------------------- the folder of a book


@dataclass(frozen=True, slots=True)
class Entry:
    """What the manifest says of one file."""

    key: str
    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class Shelf:
    """The folder of one book in the output folder, and what its manifest says.

    `made_from` are digests of what the book was made from when it was last prepared, by name; `facts` what was counted.
    """

    folder: Path
    entries: Mapping[str, Entry]
    made_from: Mapping[str, str] = field(default_factory=dict)
    facts: Mapping[str, Any] = field(default_factory=dict)

    def has(self, name: str, wanted: str) -> bool:
        """Whether the file `name` is there, whole, and was made under the key `wanted`."""
        entry = self.entries.get(name)
        return entry is not None and entry.key == wanted and self._is_whole(name, entry)

    def is_whole(self, name: str) -> bool:
        """Whether the file `name` is there as it was written, whatever it was made from."""
        entry = self.entries.get(name)
        return entry is not None and self._is_whole(name, entry)

    def _is_whole(self, name: str, entry: Entry) -> bool:
        """A file older than its manifest is taken at its size; one that was touched since is read."""
        try:
            found = (self.folder / name).stat()
            if found.st_size != entry.size:
                return False
            if found.st_mtime_ns <= (self.folder / MANIFEST).stat().st_mtime_ns:
                return True
            return hashlib.sha256((self.folder / name).read_bytes()).hexdigest() == entry.sha256
        except OSError:
            return False

    def about(self, made_from: Mapping[str, str], facts: Mapping[str, Any]) -> "Shelf":
        """The same shelf, to be put with another account of the book."""
        return replace(self, made_from=made_from, facts=facts)

    def put(self, files: Iterable[tuple[str, str, bytes]]) -> "Shelf":
        """Write files (name, key, bytes), then the manifest that knows them. Raises OutputError; no half file is left.

        Files that are there already with just these bytes are left as they are.
        """
        entries = dict(self.entries)
        for name, made_under, data in files:
            digest = hashlib.sha256(data).hexdigest()
            old = entries.get(name)
            if old is None or old.sha256 != digest or not self._is_whole(name, old):
                write(self.folder / name, data)
            entries[name] = Entry(made_under, digest, len(data))
        shelf = replace(self, entries=MappingProxyType(entries))
        write(self.folder / MANIFEST, shelf.manifest())
        return shelf

    @property
    def sums(self) -> str:
        """The lines of this book in SHA256SUMS."""
        return "".join(f"{entry.sha256}  {self.folder.name}/{name}\n" for name, entry in sorted(self.entries.items()))

    def manifest(self) -> bytes:
        """What the manifest is to say."""
        files = {
            name: {"sha256": entry.sha256, "size": entry.size, "key": entry.key}
            for name, entry in sorted(self.entries.items())
        }
        said = {"format": _FORMAT, "made_from": dict(self.made_from), "facts": dict(self.facts), "files": files}
        return (json.dumps(said, ensure_ascii=False, indent=1) + "\n").encode()


def shelf(out: Path, name: str) -> Shelf:
    """The folder of book `name` as the last run left it; a manifest that cannot be read counts as none."""
    folder = out / name
    try:
        said = json.loads((folder / MANIFEST).read_bytes())
        files = said["files"] if said["format"] == _FORMAT else {}
        entries = {str(name): Entry(str(e["key"]), str(e["sha256"]), int(e["size"])) for name, e in files.items()}
        made_from = {str(what): str(digest) for what, digest in said["made_from"].items()}
        facts = dict(said["facts"])
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        entries, made_from, facts = {}, {}, {}
    return Shelf(folder, MappingProxyType(entries), MappingProxyType(made_from), MappingProxyType(facts))


def sweep(folder: Path) -> None:
    """Take away what a killed run left half written in a book's folder."""
    with suppress(OSError):
        for path in folder.glob(f"{_TEMPORARY}*"):
            path.unlink()


def discard(folder: Path) -> None:
    """Take a folder of ours away with the files in it (there are no folders in it)."""
    with suppress(OSError):
        for path in folder.iterdir():
            path.unlink()
        folder.rmdir()


# ---------------------------------------------------------------- the whole folder


def sum_up(out: Path, renewed: Mapping[str, str]) -> None:
    """Renew SHA256SUMS (`sha256sum --check`): `renewed` holds the lines of books by name; other books keep theirs, but
    for those that are gone. Raises OutputError.
    """
    lines = list(renewed.values())
    old = b""
    with suppress(OSError, UnicodeDecodeError):
        old = (out / SUMS).read_bytes()
        for line in old.decode().splitlines(keepends=True):
            book = line.partition("  ")[2].partition("/")[0]
            if book not in renewed and (out / book / MANIFEST).exists():
                lines.append(line)
    data = "".join(sorted("".join(lines).splitlines(keepends=True), key=lambda line: line[64:])).encode()
    if data != old:
        write(out / SUMS, data)


class Homes:
    """Which seed each folder of the output folder belongs to; kept as lines in a hidden file that is added to."""

    def __init__(self, out: Path) -> None:
        self.file = out / HOMES
        self.known: dict[str, str] = {}
        with suppress(OSError, UnicodeDecodeError):
            lines = self.file.read_text("utf-8").splitlines()
            self.known = {name: home for name, _, home in (line.partition("\t") for line in lines) if home}

    def stranger(self, name: str, seed: Seed) -> str:
        """The seed that folder `name` belongs to, if that is there and another one; else ""."""
        home = self.known.get(name, "")
        if not home or home == _path(seed):
            return ""
        try:
            there, here = Path(home), Path(_path(seed))
            return home if there.exists() and not (here.exists() and there.samefile(here)) else ""
        except OSError:
            return ""

    def settle(self, name: str, seed: Seed) -> None:
        """Folder `name` is that of `seed` from now on. Raises OutputError."""
        if self.known.get(name) == _path(seed) or set(_path(seed)) & set("\r\n"):
            return
        self.known[name] = _path(seed)
        try:
            with self.file.open("a", encoding="utf-8", errors="replace") as file:
                file.write(f"{name}\t{_path(seed)}\n")
        except OSError as error:
            raise cannot_write(self.file, error) from error


def _path(seed: Seed) -> str:
    return str((seed.files[0] if len(seed.files) == 1 else seed.files[0].parent).absolute())


# ---------------------------------------------------------------- writing


def write(path: Path, data: bytes) -> None:
    """Put `data` at `path`, whole or not at all: a temporary beside it, flushed to the disk, then renamed.

    Raises OutputError where the folder cannot be written or the disk is full.
    """
    temporary: str | None = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(prefix=_TEMPORARY, dir=path.parent)
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).chmod(0o644)
        Path(temporary).replace(path)
        temporary = None
    except OSError as error:
        raise cannot_write(path, error) from error
    finally:
        if temporary is not None:
            with suppress(OSError):
                Path(temporary).unlink()


def cannot_write(path: Path, error: OSError) -> OutputError:
    """What is said where a file cannot be written, and what to do about it."""
    remedies = {
        "ENOSPC": "磁盘满了，请腾出空间后再运行，已完成的不会重做",
        "EDQUOT": "磁盘配额用完了，请腾出空间后再运行",
        "EROFS": "这里只读，请用 --out 换一个文件夹",
        "EACCES": "没有写权限，请用 --out 换一个文件夹或修改权限",
        "EPERM": "没有写权限，请用 --out 换一个文件夹或修改权限",
        "ENOTDIR": "路径中间有个普通文件，请用 --out 换一个文件夹",
        "EEXIST": "这里已有同名的普通文件，请用 --out 换一个文件夹",
    }
    remedy = remedies.get(_errno_name(error), "请检查输出文件夹，或用 --out 换一个")
    return OutputError(f"写不进去：{error.strerror or error}", remedy=remedy, where=str(path))


def _errno_name(error: OSError) -> str:
    import errno  # noqa: PLC0415  only where something went wrong

    return errno.errorcode.get(error.errno or 0, "")


@contextmanager
def locked(out: Path, waiting: Callable[[], None]) -> Iterator[None]:
    """Hold the output folder, so that two runs take turns; `waiting` is called once if another run holds it."""
    from filelock import FileLock, Timeout  # noqa: PLC0415  not for runs that write nothing

    try:
        out.mkdir(parents=True, exist_ok=True)
        lock = FileLock(out / ".lock")
        try:
            lock.acquire(timeout=0)
        except Timeout:
            waiting()
            lock.acquire(poll_interval=0.2)
    except OSError as error:
        raise cannot_write(out, error) from error
    try:
        yield
    finally:
        lock.release()
