"""Bytes to lines: every encoding that Chinese text comes in, every line end, and bytes that are no text at all."""

import time
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline import source
from pipeline.errors import SourceError
from pipeline.notice import Severity
from pipeline.source import Raw, RawFile, Source

HANS = "第一章 总论\n在这一章里，我们要说明的是社会生活的基本条件和人们的关系。\n人是社会的动物，他的生活离不开别人。\n"
HANT = "第一章 總論\n在這一章裡，我們要說明的是社會生活的基本條件和人們的關係。\n人是社會的動物，他的生活離不開別人。\n"


def read(*datas: bytes, name: str = "书") -> Source:
    files = tuple(RawFile(f"{name}/{number}.txt", data) for number, data in enumerate(datas, 1))
    return source.read(Raw(name, files))


def text_of(found: Source) -> str:
    return "".join(line + end for line, end in zip(found.lines, found.ends, strict=True))


def codes(found: Source) -> set[str]:
    return {notice.code for notice in found.notices}


# ---------------------------------------------------------------- encodings


@pytest.mark.parametrize("copies", [1, 40], ids=["short", "long"])
@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (HANS, "gb18030"),
        (HANS, "gbk"),
        (HANS, "gb2312"),
        (HANT, "gb18030"),
        (HANT, "big5"),
        (HANT, "big5hkscs"),
        (HANT, "cp950"),
        (HANS, "utf-16-le"),
        (HANS, "utf-16-be"),
        (HANS, "utf-32-le"),
        (HANS, "utf-32-be"),
        (HANS, "utf-16"),
        (HANS, "utf-32"),
        (HANS, "utf-8-sig"),
    ],
)
def test_chinese_encodings_are_told_apart_and_said(text: str, encoding: str, copies: int) -> None:
    found = read((text * copies).encode(encoding))
    assert text_of(found) == text * copies
    assert codes(found) & {"encoding", "byte-order-mark"}


def test_utf8_is_nothing_to_speak_of() -> None:
    found = read(HANS.encode())
    assert (found.encoding, found.notices, text_of(found)) == ("utf-8", (), HANS)


def test_latin_text_in_utf16_without_a_mark_is_not_taken_for_utf8() -> None:
    with pytest.raises(SourceError):
        read("only Latin letters here, and not one of another kind".encode("utf-16-le"))


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "big5"])
def test_a_file_cut_within_a_character_loses_that_one_and_says_so(encoding: str) -> None:
    text = (HANT * 30).rstrip("。\n")
    found = read(text.encode(encoding)[:-1])
    assert text_of(found) == text[:-1] + "\ufffd"
    (notice,) = (notice for notice in found.notices if notice.code == "bad-bytes")
    assert notice.severity is Severity.WARNING
    assert notice.line == len(found.lines) - 1


def test_a_true_replacement_character_is_no_bad_byte() -> None:
    assert codes(read("甲\ufffd乙".encode())) == set()


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(bytes(range(256)) * 30, id="every byte"),
        pytest.param(b"\0" * 4000, id="zeros"),
        pytest.param(bytes((i * 7919 + i // 3) % 256 for i in range(9000)), id="noise"),
        pytest.param(b"%PDF-1.7\n...", id="PDF"),
        pytest.param(b"PK\x03\x04rest", id="zip"),
        pytest.param(b"\x89PNG\r\n\x1a\n", id="PNG"),
        pytest.param("안녕하세요 세계 여러분 ".encode("euc-kr") * 50, id="Korean"),
    ],
)
def test_what_is_no_chinese_text_is_refused_with_file_and_remedy(data: bytes) -> None:
    with pytest.raises(SourceError) as caught:
        read(data)
    assert caught.value.where == "书/1.txt"
    assert caught.value.remedy


@pytest.mark.parametrize("data", [b"", b"\n\n  \r\n", "\ufeff".encode(), "\u3000\n".encode()])
def test_a_text_without_a_character_is_refused(data: bytes) -> None:
    with pytest.raises(SourceError, match="空"):
        read(data)


def test_controls_stay_for_cleaning_to_judge() -> None:
    text = "甲\0乙\x07丙\u200b丁\u2028戊\v己\x85庚" + HANS
    assert text_of(read(text.encode())) == text


def test_surrogates_cannot_come_in() -> None:
    with pytest.raises(SourceError):
        read("\ud800\udfff".encode("utf-8", "surrogatepass") * 40)


@given(st.binary(max_size=400))
def test_any_bytes_are_text_or_a_source_error(data: bytes) -> None:
    try:
        found = read(data)
    except SourceError:
        return
    assert not any("\ud800" <= char <= "\udfff" for line in found.lines for char in line)


# ---------------------------------------------------------------- lines


@given(st.text(alphabet="甲a \n\r\f\v\u2028\0"))
def test_lines_and_ends_are_the_text(text: str) -> None:
    lines, ends = source.split(text)
    assert "".join(line + end for line, end in zip(lines, ends, strict=True)) == text
    assert not any(mark in line for line in lines for mark in "\n\r\f")
    assert all(ends[:-1])


@given(st.text(alphabet="甲 \n\r"))
def test_lines_are_counted_as_editors_count_them(text: str) -> None:
    lines, _ = source.split(text)
    assert lines == (text.replace("\r\n", "\n").replace("\r", "\n").removesuffix("\n").split("\n"))


@pytest.mark.parametrize(
    ("text", "lines", "starts"),
    [
        ("甲\n\f乙\n", ("甲", "乙"), (0, 1)),  # Tesseract: the form feed follows the line end
        ("甲\f乙", ("甲", "乙"), (0, 1)),
        ("甲\f\n乙", ("甲", "乙"), (0, 1)),
        ("甲\r\n\f\r\n乙\r\n\f", ("甲", "", "乙"), (0, 1)),  # a form feed at the end opens nothing
        ("甲\n乙\n", ("甲", "乙"), ()),
    ],
)
def test_form_feeds_open_pages(text: str, lines: tuple[str, ...], starts: tuple[int, ...]) -> None:
    found = read(text.encode())
    assert (found.lines, found.page_starts) == (lines, starts)


def test_page_files_open_pages_and_keep_blank_ones() -> None:
    found = read("甲\n乙\n".encode(), b"", "丙".encode())
    assert (found.lines, found.page_starts) == (("甲", "乙", "", "丙"), (0, 2, 3))


def test_short_pages_are_decoded_as_their_neighbours_are() -> None:
    found = read((HANT * 5).encode("big5"), "目錄".encode("big5"), "12".encode("big5"))
    assert found.lines[-2:] == ("目錄", "12")
    assert [notice.code for notice in found.notices] == ["encoding"]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\f"])
def test_time_grows_with_the_text_and_no_faster(end: str) -> None:
    line = "人是社会的动物，他的生活离不开别人。" + end
    small, large = (_seconds((line * many).encode()) for many in (20_000, 160_000))
    assert large < 24 * max(small, 0.002)


def _seconds(data: bytes) -> float:
    """The processor's time, which other programs do not lengthen; the best of three."""
    times = []
    for _ in range(3):
        began = time.process_time()
        read(data)
        times.append(time.process_time() - began)
    return min(times)


# ---------------------------------------------------------------- files


def test_a_file_a_folder_of_books_and_a_book_of_pages(tmp_path: Path) -> None:
    for name in (
        "b10.txt",
        "b9.TXT",
        "notes.md",
        ".hidden.txt",
        "页书/p2.txt",
        "页书/p10.txt",
        "页书/p1.txt",
        "空/x.md",
    ):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(name, encoding="utf-8")
    seeds = {seed.name: seed for seed in source.resolve(tmp_path)}
    assert list(seeds) == ["b9", "b10", "页书"]
    assert [path.name for path in seeds["页书"].files] == ["p1.txt", "p2.txt", "p10.txt"]
    assert seeds["页书"].settings == tmp_path / "页书.toml"
    assert seeds["b10"].settings == tmp_path / "b10.toml"
    (one,) = source.resolve(tmp_path / "b10.txt")
    assert one == seeds["b10"]


@pytest.mark.parametrize("name", ["missing.txt", "missing/", "empty"])
def test_nothing_there_is_said_with_the_path(tmp_path: Path, name: str) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(SourceError) as caught:
        source.resolve(tmp_path / name)
    assert str(tmp_path / name) in str(caught.value)


def test_names_with_endless_digits_are_sorted_too(tmp_path: Path) -> None:
    for name in ("9" * 120, "1" + "0" * 150, "2"):
        (tmp_path / f"{name}.txt").write_text("甲", encoding="utf-8")
    assert [len(seed.name) for seed in source.resolve(tmp_path)] == [1, 120, 151]


def test_a_seed_beyond_the_limit_is_refused_unread(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "大.txt"
    with path.open("wb") as file:
        file.truncate(source.LIMIT + 1)
    monkeypatch.setattr(Path, "read_bytes", lambda _: pytest.fail("was read"))
    with pytest.raises(SourceError, match="100 MB"):
        source.load(source.resolve(path)[0])


def test_pages_that_are_too_much_together_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "书").mkdir()
    for number in range(3):
        (tmp_path / "书" / f"{number}.txt").write_bytes(b"x" * 50)
    monkeypatch.setattr(source, "LIMIT", 120)
    with pytest.raises(SourceError, match="上限"):
        source.load(source.resolve(tmp_path)[0])


def _growing(path: Path, times: int) -> Callable[[Path], bytes]:
    """A reader under whose hands the file grows, the first `times` times."""
    honest, left = Path.read_bytes, [times]

    def read_bytes(self: Path) -> bytes:
        data = honest(self)
        if self == path and left[0]:
            left[0] -= 1
            with self.open("ab") as file:
                file.write("又一行\n".encode())
        return data

    return read_bytes


def test_a_seed_that_changes_while_it_is_read_is_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "书.txt"
    path.write_text("第一行\n", encoding="utf-8")
    monkeypatch.setattr(Path, "read_bytes", _growing(path, 1))
    (file,) = source.load(source.resolve(path)[0]).files
    assert file.data.decode() == "第一行\n又一行\n"


def test_a_seed_that_never_stops_changing_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "书.txt"
    path.write_text("第一行\n", encoding="utf-8")
    monkeypatch.setattr(Path, "read_bytes", _growing(path, 99))
    with pytest.raises(SourceError, match="还在变"):
        source.load(source.resolve(path)[0])
