"""<book>.toml: what a publisher may say, and what is said back where it cannot be taken: file, line, key, remedy."""

from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline import config
from pipeline.book import Book, Creator, Metadata
from pipeline.config import Settings
from pipeline.errors import SettingsError

WHOLE = """
editions = ["source"]
cover = "cover.png"

[book]
title = "社会科学概论"
subtitle = "附录三种"
series = "丛书"
creators = [{ name = "瞿秋白", role = "著" }, "李四"]
publisher = "出版社"
place = "上海"
isbn = "978-7-5150-0466-2"
date = "2013-05"
language = "zh-Hans"
rights = "公版"
description = '''
两行的
简介'''

[clean]
off = []

[structure]
levels = ["篇", "一、"]
off = []

[epub]
vertical = true
embed_fonts = false
profile = "generic"

[print]
trim = "140x203"
style = "classic"
"""
PNG = b"\x89PNG\r\n\x1a\n" + b"rest"


def written(folder: Path, text: str) -> Path:
    path = folder / "书.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_every_setting_arrives(tmp_path: Path) -> None:
    (tmp_path / "cover.png").write_bytes(PNG)
    found = config.read(written(tmp_path, WHOLE))
    assert found.editions == ("source",)
    assert found.cover == config.Cover("cover.png", PNG, "image/png")
    assert found.book.creators == (Creator("瞿秋白", "著"), Creator("李四", "著"))
    assert (found.book.title, found.book.date, found.book.description) == ("社会科学概论", "2013-05", "两行的\n简介")
    assert (found.structure.levels, found.epub.vertical, found.print.trim) == (("篇", "一、"), True, "140x203")
    assert found.digest != Settings().digest


def test_no_file_is_the_defaults(tmp_path: Path) -> None:
    assert config.read(tmp_path / "没有.toml") == Settings()


def test_a_mark_of_byte_order_is_no_key(tmp_path: Path) -> None:
    path = tmp_path / "书.toml"
    path.write_bytes('[book]\ntitle = "甲"\n'.encode("utf-8-sig"))
    assert config.read(path).book.title == "甲"


def test_a_comment_and_the_choice_of_editions_rebuild_nothing(tmp_path: Path) -> None:
    plain = config.read(written(tmp_path, '[book]\ntitle = "甲"\n')).digest
    assert config.read(written(tmp_path, 'editions = ["source"]\n[book] # 注\ntitle = "甲"\n')).digest == plain
    assert config.read(written(tmp_path, '[book]\ntitle = "乙"\n')).digest != plain


def test_another_cover_of_the_same_name_is_another_book(tmp_path: Path) -> None:
    path = written(tmp_path, 'cover = "cover.png"\n')
    digests = set()
    for rest in (b"one", b"two"):
        (tmp_path / "cover.png").write_bytes(PNG + rest)
        digests.add(config.read(path).digest)
    assert len(digests) == 2


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ('\n[book]\ntitel = "甲"\n', 3, "title"),
        ('[boook]\ntitle = "甲"\n', 1, "book"),
        ('[book]\nauthors = ["甲"]\n', 2, "creators"),
        ("[book]\ntitle = 3\n", 2, "title"),
        ("[book]\ntitle = 1979-05-27\n", 2, "日期"),
        ('book = "甲"\n', 1, "表"),
        ("[epub]\n\nvertical = 1\n", 3, "true"),
        ('[epub]\nvertical = "yes"\n', 2, "true"),
        ('[structure]\nlevels = "篇"\n', 2, "列表"),
        ("[structure]\nlevels = [1]\n", 2, "文字"),
        ('[book]\ncreators = [{ nam = "甲" }]\n', 2, "creators"),
        ('[book]\ncreators = [""]\n', 2, "creators"),
        ('[book]\nisbn = "978-7-5150-0466-3"\n', 2, "校验"),
        ('[book]\ndate = "2013年5月"\n', 2, "2013-04"),
        ('[book]\ndate = "2013-13"\n', 2, "2013-04"),
        ('[book]\nlanguage = "en"\n', 2, "zh-Hans"),
        ('[book]\ntitle = "甲\\u0000"\n', 2, "控制字符"),
        ("[book]\ntitle = \n", 2, "TOML"),
        ('[book]\ntitle = "甲"\ntitle = "乙"\n', 3, "TOML"),
        ('\n\ncover = "../外/cover.png"\n', 3, "文件夹"),
        ('cover = "没有.png"\n', 1, "没有.png"),
        ('cover = "书.toml"\n', 1, "PNG"),
        ('cover = "."\n', 1, "封面"),
        ('cover = "a\\u0000b"\n', 1, "封面"),
        ("cover = 3\n", 1, "文件名"),
        ('book.title.x = "甲"\n', 1, "title"),
        ('[epub]\nprofile = "nook"\n', 2, "generic、kindle、apple、duokan"),
    ],
)
def test_an_error_names_file_line_key_and_remedy(tmp_path: Path, text: str, line: int, says: str) -> None:
    path = written(tmp_path, text)
    with pytest.raises(SettingsError) as caught:
        config.read(path)
    assert caught.value.where.startswith(f"{path}:{line}")
    assert says in str(caught.value)
    assert caught.value.remedy


@pytest.mark.parametrize(
    "data",
    [
        pytest.param("title = '书'".encode("gb18030"), id="not UTF-8"),
        pytest.param(b"a = " + b"[" * 60_000, id="lists without end"),
        pytest.param(b"a = " + b"9" * 6000, id="a number without end"),
        pytest.param(b"# " * 600_000, id="larger than any settings"),
        pytest.param(b"\0", id="NUL"),
    ],
)
def test_what_is_no_toml_is_refused(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "书.toml"
    path.write_bytes(data)
    with pytest.raises(SettingsError) as caught:
        config.read(path)
    assert str(path) in str(caught.value)


@given(st.text(max_size=60))
def test_any_text_is_settings_or_an_error(text: str) -> None:
    with suppress(SettingsError):
        config.parse(text, Path("书.toml"))


def test_a_cover_that_is_too_large_is_refused_unread(tmp_path: Path) -> None:
    with (tmp_path / "cover.png").open("wb") as file:
        file.write(PNG)
        file.truncate(21 << 20)
    with pytest.raises(SettingsError, match="20 MB"):
        config.read(written(tmp_path, 'cover = "cover.png"\n'))


def test_a_cover_behind_a_link_out_of_the_folder_is_refused(tmp_path: Path) -> None:
    outside = tmp_path / "外" / "secret.png"
    outside.parent.mkdir()
    outside.write_bytes(PNG)
    inside = tmp_path / "内"
    inside.mkdir()
    (inside / "cover.png").symlink_to(outside)
    with pytest.raises(SettingsError, match="文件夹"):
        config.read(written(inside, 'cover = "cover.png"\n'))


def test_unknown_rules_are_refused_with_the_nearest() -> None:
    settings = config.parse('[clean]\noff = ["runing-head"]\n', Path("书.toml"))
    with pytest.raises(SettingsError, match="是不是 running-head"):
        config.refuse_unknown_names(settings, ["running-head", "folio"], [], [])
    config.refuse_unknown_names(settings, ["runing-head"], [], [])


def test_heading_forms_are_known_with_either_bracket() -> None:
    settings = config.parse('[structure]\nlevels = ["章", "(一)"]\n', Path("书.toml"))
    config.refuse_unknown_names(settings, [], [], ["章", "（一）"])
    with pytest.raises(SettingsError, match="levels"):
        config.refuse_unknown_names(settings, [], [], ["章"])


def test_the_publisher_has_the_last_word() -> None:
    book = Book(Metadata("原题", publisher="原社", place="北京"), "zh-Hans", (), ())
    said = config.parse('[book]\ntitle = "新题"\nlanguage = "zh-Hant"\n', Path("书.toml")).book
    chosen = config.override(book, said)
    assert (chosen.metadata.title, chosen.metadata.publisher, chosen.lang) == ("新题", "原社", "zh-Hant")
