"""What is built already, and how it is written: names that cannot escape, files that are whole or absent."""

import errno
import json
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline import store
from pipeline.errors import OutputError
from pipeline.source import Raw, RawFile, Seed

# ---------------------------------------------------------------- names


def seed(path: str) -> Seed:
    return Seed(Path(path).stem, (Path(path),), Path(path).with_suffix(".toml"))


@pytest.mark.parametrize("stem", ["社会科学概论", "000_78a0807465213aa5", "b1_zhenglun.rapid", "书（上）", "Ünï-2"])
def test_ordinary_stems_name_their_folders(stem: str) -> None:
    assert store.safe_name(stem) == stem


@given(st.text(max_size=300))
def test_no_stem_leaves_its_folder(stem: str) -> None:
    name = store.safe_name(stem)
    assert name
    assert len(name.encode()) <= 130
    assert Path(name).name == name
    assert name not in {".", ".."}
    assert not name.startswith(".")
    assert not set(name) & set('/\\:*?"<>|\0\n')
    assert store.safe_name(name) == name


@pytest.mark.parametrize("stem", ["../../etc/passwd", "..", "/", "CON", "nul.txt", "", "甲" * 300, "\ud800", "a\nb"])
def test_odd_stems_are_made_safe(stem: str, tmp_path: Path) -> None:
    made = tmp_path / store.safe_name(stem)
    made.mkdir()
    assert made.resolve().parent == tmp_path.resolve()


def test_equal_stems_from_different_folders_do_not_collide() -> None:
    seeds = [
        seed("甲/书.txt"),
        seed("乙/书.txt"),
        seed("x/乙/书.txt"),
        seed("甲/Book.txt"),
        seed("丙/BOOK.txt"),
        seed("o.txt"),
    ]
    names = store.folder_names(seeds)
    assert len({name.casefold() for name in names}) == len(seeds)
    assert names[0] == "书-甲"
    assert names[-1] == "o"
    assert store.folder_names(seeds[:1]) == ("书",)


def test_stems_that_become_equal_do_not_collide() -> None:
    names = store.folder_names([seed("甲/a?b.txt"), seed("甲/a*b.txt")])
    assert len(set(names)) == 2


# ---------------------------------------------------------------- keys


def test_keys_tell_parts_apart() -> None:
    assert len({store.key("ab", "c"), store.key("a", "bc"), store.key("abc"), store.key("abc", "")}) == 4
    assert store.key("甲") == store.key("甲".encode())


def test_a_seed_is_known_by_its_bytes_not_by_its_place() -> None:
    def raw(where: str, *datas: bytes) -> Raw:
        return Raw("书", tuple(RawFile(where, data) for data in datas))

    assert store.raw_key(raw("a", b"xy")) == store.raw_key(raw("b", b"xy"))
    assert store.raw_key(raw("a", b"xy")) != store.raw_key(raw("a", b"x", b"y"))


# ---------------------------------------------------------------- the folder of a book


@pytest.fixture
def shelf(tmp_path: Path) -> store.Shelf:
    return store.shelf(tmp_path, "书").put([("书.epub", "key", b"contents"), ("notes", "key", b"")])


def test_what_was_put_is_there(shelf: store.Shelf, tmp_path: Path) -> None:
    for known in (shelf, store.shelf(tmp_path, "书")):
        assert known.has("书.epub", "key")
        assert known.has("notes", "key")
        assert not known.has("书.epub", "another key")
        assert not known.has("书.pdf", "key")


def _replace(path: Path, data: bytes, later: int) -> None:
    path.write_bytes(data)
    told = path.with_name(store.MANIFEST).stat().st_mtime_ns
    os.utime(path, ns=(told + later, told + later))


def test_a_file_that_was_touched_is_read_again(shelf: store.Shelf) -> None:
    _replace(shelf.folder / "书.epub", b"contents", later=10**9)
    assert shelf.has("书.epub", "key")
    _replace(shelf.folder / "书.epub", b"CONTENTS", later=10**9)
    assert not shelf.has("书.epub", "key")


def test_a_file_that_is_short_or_gone_is_made_again(shelf: store.Shelf) -> None:
    _replace(shelf.folder / "书.epub", b"conten", later=-(10**9))
    assert not shelf.has("书.epub", "key")
    (shelf.folder / "书.epub").unlink()
    assert not shelf.has("书.epub", "key")


@pytest.mark.parametrize(
    "data",
    [b"", b"{", b"[]", b'{"format": 0, "files": {}}', b'{"format": 1, "files": {"a": 3}}', b"[" * 90_000, b"\xff"],
)
def test_a_manifest_that_cannot_be_read_is_none(shelf: store.Shelf, tmp_path: Path, data: bytes) -> None:
    (shelf.folder / store.MANIFEST).write_bytes(data)
    assert not store.shelf(tmp_path, "书").has("书.epub", "key")


def test_the_manifest_holds_sums_and_is_the_same_every_time(shelf: store.Shelf, tmp_path: Path) -> None:
    first = (shelf.folder / store.MANIFEST).read_bytes()
    again = store.shelf(tmp_path / "anders", "书").put([("notes", "key", b""), ("书.epub", "key", b"contents")])
    assert (again.folder / store.MANIFEST).read_bytes() == first
    entry = json.loads(first)["files"]["书.epub"]
    assert entry["sha256"] == "d1b2a59fbea7e20077af9f91b27e95e865061b270be03ff539ab3b73587882e8"
    assert entry["size"] == 8


# ---------------------------------------------------------------- writing


def test_a_write_that_fails_leaves_the_old_file_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "书.epub"
    store.write(path, b"old")

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OutputError, match="磁盘满了"):
        store.write(path, b"new")
    assert path.read_bytes() == b"old"
    assert [each.name for each in tmp_path.iterdir()] == ["书.epub"]


def test_a_folder_that_is_a_file_is_said(tmp_path: Path) -> None:
    (tmp_path / "build").write_text("a file", encoding="utf-8")
    with pytest.raises(OutputError) as caught:
        store.write(tmp_path / "build" / "书.epub", b"x")
    assert "--out" in caught.value.remedy


def test_written_files_can_be_read_by_others(tmp_path: Path) -> None:
    store.write(tmp_path / "书.epub", b"x")
    assert (tmp_path / "书.epub").stat().st_mode & 0o777 == 0o644


def test_what_a_killed_run_left_is_swept_away(tmp_path: Path) -> None:
    (tmp_path / ".writing-abc").write_bytes(b"half")
    (tmp_path / "书.epub").write_bytes(b"whole")
    store.sweep(tmp_path)
    store.sweep(tmp_path / "nowhere")
    assert [each.name for each in tmp_path.iterdir()] == ["书.epub"]
