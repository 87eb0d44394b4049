"""What the printed contents list: titles, levels, folios, out of every dress that print and OCR give them."""

import time

import pytest

from pipeline.config import StructureSettings
from pipeline.structure import cip, colophon, contents, hear, leaders, title_page
from pipeline.structure.entries import Entry

FRONT = (cip.RULE, colophon.RULE, contents.RULE, title_page.RULE)


def listed(text: str) -> tuple[Entry, ...]:
    lines = text.strip("\n").split("\n")
    draft, _, _ = hear(lines, (), StructureSettings(), FRONT)
    return contents.entries(draft)


def told(text: str) -> list[tuple[int, str, str]]:
    return [(entry.level, entry.title, entry.folio) for entry in listed(text)]


PROSE = "\n\n这是正文的第一段，写得不长也不短，只为了让目录在它之前停下来，别无用意。\n"


@pytest.mark.parametrize(
    ("line", "title", "folio"),
    [
        ("第一章 山居……12", "第一章 山居", "12"),
        ("第一章 山居\t12", "第一章 山居", "12"),
        ("- 一、山居 / 001", "一、山居", "001"),
        ("山居 ..........（12）", "山居", "12"),
        ("山居. .3", "山居", "3"),
        ("山居 .pp 4", "山居", "4"),
        ("山居 .….                      .11", "山居", "11"),
        ("前言 ······ iv", "前言", "iv"),
        ("第一回　山居　一二", "第一回　山居　一二", ""),
        ("第一回　山居……一二", "第一回　山居", "一二"),
        ("独立　l4", "独立", "14"),
        ("001 / 绪论", "绪论", "001"),
        ("第四节 中央军事委员会22", "第四节 中央军事委员会", "22"),
        ("## 山居 …… 5", "山居", "5"),
    ],
)
def test_a_line_is_title_and_folio(line: str, title: str, folio: str) -> None:
    assert leaders.split_folio(line)[:2] == (title, folio)


@pytest.mark.parametrize("line", ["从1911-1949", "1949-1978", "《资本论》卷 XIV", "谁能领导革命？", "第一章 山居"])
def test_a_number_of_the_title_is_no_folio(line: str) -> None:
    assert leaders.split_folio(line)[:2] == (line, "")


@pytest.mark.parametrize(
    "line",
    ["目录", "目 录", "目　錄", "# 目 次", "目录（续）", "CONTENTS", "目 录 CONTENTS", "总目录", "目录 2", "【目录】"],
)
def test_a_heading_in_any_spacing(line: str) -> None:
    assert leaders.is_heading(line)


@pytest.mark.parametrize("line", ["目录学概论", "书目", "目录页", "第一章 目录", "节目录制", "目录：一本书的门户"])
def test_a_heading_is_nothing_else(line: str) -> None:
    assert not leaders.is_heading(line)


def test_levels_come_from_numbering() -> None:
    assert told(
        "目录\n前言 1\n第一编 山 2\n第一章 远山 3\n第一节 云 4\n一、朝云 5\n（一）朝云之色 5\n"
        "第二章 近山 9\n第二编 水 20\n后记 90"
    ) == [
        (1, "前言", "1"),
        (1, "第一编 山", "2"),
        (2, "第一章 远山", "3"),
        (3, "第一节 云", "4"),
        (4, "一、朝云", "5"),
        (5, "（一）朝云之色", "5"),
        (2, "第二章 近山", "9"),
        (1, "第二编 水", "20"),
        (1, "后记", "90"),
    ]


def test_a_form_may_stand_at_different_depths() -> None:
    """（一） right under one chapter and 第一节 under the next are both second level."""
    text = "目录\n第一章 甲 1\n（一）乙 2\n（二）丙 3\n第二章 丁 4\n第一节 戊 5\n第二节 己 6"
    assert [entry.level for entry in listed(text)] == [1, 2, 2, 1, 2, 2]


def test_decimal_numbers() -> None:
    levels = [entry.level for entry in listed("目录\n第1章 甲 1\n1.1 乙 2\n1.1.1 丙 3\n1.2 丁 4\n第2章 戊 5\n2.1 己 6")]
    assert levels == [1, 2, 3, 2, 1, 2]


def test_unnumbered_entries_are_under_the_number_before_them() -> None:
    text = "目录\n一、总说 1\n科学之对象 1\n科学与常识 2\n二、方法 4\n观察 4\n归纳 9"
    assert [entry.level for entry in listed(text)] == [1, 2, 2, 1, 2, 2]


def test_an_unnumbered_entry_is_a_parent_where_the_count_begins_anew() -> None:
    text = "目录\n山中杂记 1\n一、朝 2\n二、暮 3\n水边杂记 9\n一、渔 10\n二、樵 12"
    assert [entry.level for entry in listed(text)] == [1, 2, 2, 1, 2, 2]


def test_nothing_numbered_is_all_one_level() -> None:
    assert {entry.level for entry in listed("目录\n序 1\n蝉 2\n山响 3\n愿 4\n跋 30")} == {1}


def test_a_title_is_joined_over_lines_and_a_label_with_its_title() -> None:
    entries = listed(
        "目录\n第一章\n\n读书的方法\n\n- 一、精读的功夫在于慢，\n慢中才有味道 / 018\n- 二、童子\n师的用处 / 020\n"
        "第二章\n写字的方法\n一、笔 / 30"
    )
    assert [entry.title for entry in entries] == [
        "第一章 读书的方法",
        "一、精读的功夫在于慢，慢中才有味道",
        "二、童子师的用处",
        "第二章 写字的方法",
        "一、笔",
    ]
    assert entries[1].lines == (5, 6)
    assert entries[0].number == "第一章"


def test_a_subtitle_under_a_chapter() -> None:
    entries = listed(
        "目录\n第二章\n谁来读书？\n——读者的问题\n（一）老人 / 2\n（二）少年 / 3\n"
        "第三章\n谁来写书？\n——作者的问题\n（一）老人 / 4"
    )
    assert (entries[0].title, entries[0].subtitle) == ("第二章 谁来读书？", "读者的问题")


def test_boxes_are_listed_under_their_label() -> None:
    entries = listed(
        "目录\n第一章 书 1\n一、读书 2\n延伸阅读\n- 老先生的笔记 / 5\n第二章 字 9\n案例：一支毛笔 / 12\n一、写字 13"
    )
    assert [(entry.title, entry.box) for entry in entries] == [
        ("第一章 书", ""),
        ("一、读书", ""),
        ("老先生的笔记", "延伸阅读"),
        ("第二章 字", ""),
        ("一支毛笔", "案例"),
        ("一、写字", ""),
    ]


def test_an_appendix_heads_what_follows_it() -> None:
    entries = listed("目录\n第一章 书 1\n第二章 字 9\n附录\n关于读书的几个通知 / 167\n关于写字的几点意见 / 170")
    assert [(entry.level, entry.title) for entry in entries][2:] == [
        (1, "附录"),
        (2, "关于读书的几个通知"),
        (2, "关于写字的几点意见"),
    ]


def test_entries_that_an_engine_ran_together() -> None:
    together = "科学与常识 .2二、方法. .4观察与实验 .4归纳与演绎 .6三、结论 9"
    entries = told(f"目录\n一、总说 1\n什么叫科学 1\n{together}" + PROSE)
    assert [entry[2] for entry in entries] == ["1", "1", "2", "4", "4", "6", "9"]
    assert [entry[0] for entry in entries] == [1, 2, 2, 1, 2, 2, 1]


def test_lost_folios_do_not_join_titles_that_the_body_has() -> None:
    body = "\n\n\n\n一、总说\n\n科学之对象\n\n科学与常识\n" + PROSE
    assert [entry[1] for entry in told("目录\n一、总说\n科学之对象 ..\n科学与常识\n二、方法 .4\n归纳 .9" + body)] == [
        "一、总说",
        "科学之对象",
        "科学与常识",
        "二、方法",
        "归纳",
    ]


def test_a_count_with_a_broken_number_keeps_its_level() -> None:
    text = "目录\n第一章 总纲 1\n第一节 甲 2\n第二节 乙 3\n策三国务院 4\n第四节 丁 5\n"
    text += "第六知 己 6\n第七节 庚 7\n第二章 权利 9"
    assert [entry.level for entry in listed(text)] == [1, 2, 2, 2, 2, 2, 2, 1]


def test_folios_on_lines_of_their_own() -> None:
    assert told("目录\n第一章 山居\n1\n第二章 水居\n20\n第三章 船居\n41" + PROSE) == [
        (1, "第一章 山居", "1"),
        (1, "第二章 水居", "20"),
        (1, "第三章 船居", "41"),
    ]


def test_the_pages_own_numbers_are_no_folios() -> None:
    entries = told("目录\n第一章 山居 1\n第二章 水居\n— 1 —\n\n\n\n目录\n第三章 船居 41\n第四章 楼居 60\n— 2 —" + PROSE)
    assert [entry[2] for entry in entries] == ["1", "", "41", "60"]


def test_the_body_is_not_listed() -> None:
    text = "目录\n第一章 山居 1\n第二章 水居 20\n\n第一章 山居" + PROSE
    assert len(listed(text)) == 2


def test_repeated_titles_do_not_end_the_contents() -> None:
    text = "目录\n第一章 山居\n小结\n第二章 水居\n小结\n第三章 船居\n小结\n\n第一章 山居" + PROSE
    titles = [entry.title for entry in listed(text)]
    assert titles == ["第一章 山居", "小结", "第二章 水居", "小结", "第三章 船居", "小结"]


def test_no_contents_no_entries() -> None:
    assert listed("第一章 山居" + PROSE) == ()


@pytest.mark.parametrize(
    "lines",
    [
        ["目录", *(f"第{n}章 居住之{n}法 …… {n % 9999}" for n in range(12_000))],
        ["目录", *("小结与思考 12" for _ in range(12_000))],
        ["目录"] * 12_000,
        ["关于读书写字的若干问题"] * 12_000,
    ],
    ids=["entries", "one entry", "headings", "short lines"],
)
def test_many_lines_stay_linear(lines: list[str]) -> None:
    """A quarter of the lines must not take less than an eighth of the time: quadratic work would take a sixteenth."""

    def seconds(some: list[str]) -> float:
        start = time.process_time()
        draft, _, _ = hear(some, (), StructureSettings(), FRONT)
        contents.entries(draft)
        return time.process_time() - start

    seconds(lines[:1000])
    assert seconds(lines) < 8 * seconds(lines[: len(lines) // 4]) + 0.5
