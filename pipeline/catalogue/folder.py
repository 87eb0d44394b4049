"""The shelf's folder: made anew beside the old one, then put in its place in one step. What is unchanged is linked.

The folder keeps an account of itself (`.shelf.json`): each file's SHA-256, size, and what it was made from; so the next
run knows what need not be made again, and `serve` knows the ETags.
"""

import hashlib
import json
import os
import re
import shutil
import tempfile
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.errors import OutputError, PipelineError
from pipeline.store import cannot_write

ACCOUNT = ".shelf.json"
_FORMAT = 1
_PLAIN = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*(/[A-Za-z0-9_][A-Za-z0-9_.-]*)*")
_LARGEST_UNPACKED = 400 << 20  # bytes of one book to read
_EXCHANGE, _HERE = 2, -100  # renameat2(2): RENAME_EXCHANGE, AT_FDCWD


@dataclass(frozen=True, slots=True)
class Record:
    """What is known of one file. `origin` is a digest of what it was made from; "" for one that is simply written."""

    sha256: str
    size: int
    origin: str = ""


@dataclass(frozen=True, slots=True)
class Account:
    """What a finished shelf says of itself: the key it was made under, and its files by path."""

    key: str = ""
    files: Mapping[str, Record] = field(default_factory=dict)


def account(folder: Path) -> Account:
    """The account of the shelf in `folder`; an empty one where there is no shelf, or one that cannot be read."""
    try:
        said = json.loads((folder / ACCOUNT).read_bytes())
        if said["format"] != _FORMAT:
            return Account()
        files = {
            str(path): Record(str(sha), int(size), str(origin)) for path, (sha, size, origin) in said["files"].items()
        }
        return Account(str(said["key"]), files)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return Account()


def is_whole(folder: Path, said: Account) -> bool:
    """Whether every file of the account is there with its size, and no other."""
    found = {path: size for path, size in _sizes(folder, "") if path != ACCOUNT}
    return found == {path: record.size for path, record in said.files.items()}


def _sizes(folder: Path, prefix: str) -> Iterator[tuple[str, int]]:
    with suppress(OSError), os.scandir(folder / prefix) as entries:
        for entry in entries:
            path = f"{prefix}{entry.name}"
            if entry.is_dir(follow_symlinks=False):
                yield from _sizes(folder, f"{path}/")
            else:
                yield path, entry.stat(follow_symlinks=False).st_size


class Draft:
    """A shelf in the making, beside the one it will replace. Leaves nothing behind unless it is published."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.old = folder, account(folder)
        self.files: dict[str, Record] = {}
        self.made = 0  # files that were not there before
        self.unpacked_before: dict[str, list[str]] = {}
        for path, record in self.old.files.items():
            if record.origin:
                self.unpacked_before.setdefault(record.origin, []).append(path)
        try:
            folder.parent.mkdir(parents=True, exist_ok=True)
            sweep(folder)
            self.draft = Path(tempfile.mkdtemp(prefix=_prefix(folder), dir=folder.parent))
            self.draft.chmod(0o755)
        except OSError as error:
            raise cannot_write(folder, error) from error

    def __enter__(self) -> "Draft":
        return self

    def __exit__(self, *_: object) -> None:
        shutil.rmtree(self.draft, ignore_errors=True)

    # ------------------------------------------------------------ putting files in

    def write(self, path: str, data: bytes, origin: str = "") -> None:
        """A file with these bytes."""
        record = Record(hashlib.sha256(data).hexdigest(), len(data), origin)
        if not self._kept(path, record):
            self._put(path, record, lambda to: _write(to, data))

    def hand_out(self, path: str, source: Path, record: Record) -> None:
        """A file of the build, linked where the file system allows it, so that it is on the disk once."""
        if not self._kept(path, record):
            self._put(path, record, lambda to: _link(source, to))

    def derive(self, paths: Mapping[str, str], origin: str, make: Callable[[], Mapping[str, bytes]]) -> tuple[str, ...]:
        """Files made from something whose digest is `origin`: `paths` names each that may come of it.

        Gives the names that there are. What was made from the same before is taken over.
        """
        known = set(self.unpacked_before.get(origin, ()))
        before = {name: path for name, path in paths.items() if path in known}
        if before and all(self._kept(path, self.old.files[path]) for path in before.values()):
            return tuple(before)
        made = make()
        for name, data in made.items():
            self.write(paths[name], data, origin)
        return tuple(made)

    def unpack(self, folder: str, source: Path, origin: str) -> None:
        """The files of a zip of ours, under `folder`."""
        known = [path for path in self.unpacked_before.get(origin, ()) if path.startswith(f"{folder}/")]
        if known and all(self._kept(path, self.old.files[path]) for path in known):
            return
        try:
            with zipfile.ZipFile(source) as pages:
                if sum(info.file_size for info in pages.infolist()) > _LARGEST_UNPACKED:
                    raise PipelineError("解开后过大", remedy="用 --force 再做一次这本书", where=str(source))
                for name in pages.namelist():
                    if not _PLAIN.fullmatch(name):
                        raise PipelineError(
                            f"里面有不该有的文件名 {name!r}", remedy="用 --force 再做", where=str(source)
                        )
                    self.write(f"{folder}/{name}", pages.read(name), origin)
        except zipfile.BadZipFile as error:
            raise PipelineError("解不开", remedy="用 --force 再做一次这本书", where=str(source)) from error

    def _kept(self, path: str, record: Record) -> bool:
        """Whether the old shelf's file could be taken over."""
        old = self.old.files.get(path)
        if old is None or old.sha256 != record.sha256:
            return False
        source = self.folder / path
        try:
            if source.stat().st_size != old.size:
                return False
            self._put(path, record, lambda to: _link(source, to), fresh=False)
        except OSError:
            return False
        return True

    def _put(self, path: str, record: Record, put: Callable[[Path], None], *, fresh: bool = True) -> None:
        target = self.draft / path
        try:
            if not target.parent.exists():
                target.parent.mkdir(parents=True)
            put(target)
        except OSError as error:
            raise cannot_write(self.folder / path, error) from error
        self.files[path] = record
        self.made += fresh

    # ------------------------------------------------------------ the end

    def publish(self, key: str) -> int:
        """Put the draft in the shelf's place, whole. Gives how many files of the old shelf are no more."""
        said = {path: [each.sha256, each.size, each.origin] for path, each in sorted(self.files.items())}
        data = json.dumps({"format": _FORMAT, "key": key, "files": said}, ensure_ascii=False, separators=(",", ":"))
        try:
            _write(self.draft / ACCOUNT, data.encode())
            _flush(self.draft)
            if not self.folder.exists():
                self.draft.rename(self.folder)
            elif not _exchanged(self.draft, self.folder):
                away = self.folder.with_name(f"{_prefix(self.folder)}old")
                self.folder.rename(away)
                self.draft.rename(self.folder)
                shutil.rmtree(away, ignore_errors=True)
        except OSError as error:
            raise cannot_write(self.folder, error) from error
        return len(self.old.files.keys() - self.files.keys())


def refuse_foreign(folder: Path) -> None:
    """Raise OutputError where `folder` holds something that is no shelf of ours: it would be replaced whole."""
    if folder.exists() and (not folder.is_dir() or (any(folder.iterdir()) and not (folder / ACCOUNT).is_file())):
        raise OutputError(
            "这里已有别的文件，而书架会整个替换这个文件夹", remedy="用 --to 换一个空文件夹", where=str(folder)
        )


def sweep(folder: Path) -> None:
    """Take away what a killed run left; bring back a shelf that it had just put aside."""
    away = folder.with_name(f"{_prefix(folder)}old")
    if away.exists() and not folder.exists():
        away.rename(folder)
    for path in folder.parent.glob(f"{_prefix(folder)}*"):
        shutil.rmtree(path, ignore_errors=True)


def _prefix(folder: Path) -> str:
    return f".{folder.name}.writing-"


def _write(path: Path, data: bytes) -> None:
    with path.open("wb") as file:
        file.write(data)


def _link(source: Path, target: Path) -> None:
    try:
        os.link(source, target)
    except OSError:  # another file system, or one without links
        shutil.copyfile(source, target)


def _flush(folder: Path) -> None:
    """Have the account on the disk before it counts. A file that a power failure cut short is found by its size."""
    with (folder / ACCOUNT).open("rb") as file:
        os.fsync(file.fileno())


def _exchanged(draft: Path, folder: Path) -> bool:
    """Whether both changed places in one step, which Linux can do: at no moment is there no shelf."""
    import ctypes  # noqa: PLC0415  for this alone

    try:
        call = ctypes.CDLL(None, use_errno=True).renameat2
    except (AttributeError, OSError, TypeError):
        return False
    done: int = call(_HERE, os.fsencode(draft), _HERE, os.fsencode(folder), _EXCHANGE)
    return done == 0
