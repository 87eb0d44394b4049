"""The front-matter rules together: what they take, and that they take no text."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.config import StructureSettings
from pipeline.pages import Page
from pipeline.structure import cip, colophon, contents, hear, metadata, title_page
from pipeline.structure.rule import Draft, Role
from pipeline.structure.shape import looks_like_prose, page_starts, prose

FRONT = (cip.RULE, colophon.RULE, contents.RULE, title_page.RULE)
SEEDS = Path(__file__).parent.parent / "seeds"


def front(lines: list[str]) -> Draft:
    return hear(lines, (), StructureSettings(), FRONT)[0]


def roles(draft: Draft) -> dict[int, Role]:
    return {line + 1: mark.role for line, mark in draft.roles.items()}


@pytest.mark.parametrize(
    ("seed", "parts"),
    [
        (
            "000_78a0807465213aa5.txt",
            {Role.TITLE_PAGE: (5, 21), Role.CIP: (23, 34), Role.COLOPHON: (36, 52), Role.CONTENTS: (76, 97)},
        ),
        (
            "004_8ffa03b3063ac9a6.txt",
            {Role.TITLE_PAGE: (5, 40), Role.SERIES: (3, 34), Role.CIP: (42, 50), Role.COLOPHON: (52, 67)},
        ),
    ],
)
def test_the_seeds_front_matter(seed: str, parts: dict[Role, tuple[int, int]]) -> None:
    """First and last line of each part; between title pages and contents nothing but blank lines and text is left."""
    lines = (SEEDS / seed).read_text(encoding="utf-8").split("\n")
    found = roles(front(lines))
    for role, (first, last) in parts.items():
        at = [line for line, other in found.items() if other is role]
        assert (min(at), max(at)) == (first, last), role


def test_the_second_seeds_contents_have_no_heading_and_end_where_the_body_repeats_the_first_entry() -> None:
    lines = (SEEDS / "004_8ffa03b3063ac9a6.txt").read_text(encoding="utf-8").split("\n")
    at = [line for line, role in roles(front(lines)).items() if role is Role.CONTENTS]
    assert (min(at), max(at)) == (71, 205)
    assert lines[206].strip() == "绪 论"


def test_a_preface_between_imprint_and_contents_is_text() -> None:
    lines = (SEEDS / "000_78a0807465213aa5.txt").read_text(encoding="utf-8").split("\n")
    assert not any(53 < line < 76 for line in roles(front(lines)))


def test_no_front_matter_no_marks() -> None:
    assert roles(front(["第一章 山居", "", "山居的好处，在于安静。安静的好处，却要住过闹市的人才知道。"] * 50)) == {}
    assert roles(front([])) == {}
    assert roles(front(["", " ", "　"])) == {}


def test_pages_part_title_pages_where_they_are_known() -> None:
    lines = ["江南园林小记", "江南园林小记", "林如海 著", "西泠出版社", "第一章 亭", "亭子是给人歇脚的，也好看风景。"]
    pages = (Page(0, 1), Page(1, 4), Page(4, 6))
    draft, _, _ = hear(lines, pages, StructureSettings(), FRONT)
    assert [mark.role for _, mark in sorted(draft.roles.items())] == [Role.HALF_TITLE, *[Role.TITLE_PAGE] * 3]


def test_pages_begin_after_a_gap_or_where_they_are_known() -> None:
    lines = ["甲", "", "乙", "", "", "", "丙", "丁"]
    assert page_starts(lines, ()) == {0, 6}
    assert page_starts(lines, (Page(0, 7), Page(7, 8))) == {0, 6, 7}


@pytest.mark.parametrize(
    "line",
    [
        "山居的好处，在于安静。",
        "所谓科学是什么? 宇宙间及社会里一切现象都有因果可寻; 一一观察，推断其原因",
        "「滿紙荒唐言，一把辛酸淚」，作者之心，百世之下猶可想見。",
    ],
)
def test_prose(line: str) -> None:
    assert looks_like_prose(line)


@pytest.mark.parametrize("line", ["第一章 山居", "一、保持先进性，密切联系群众 / 109", "2013年4月", "编者"])
def test_no_prose(line: str) -> None:
    assert not looks_like_prose(line)


def test_the_wrapped_beginning_of_prose_is_prose() -> None:
    lines = ["社会科学是研究种种社会现象的科学: 譬如社会学、经济学、政治", "学、法律学等。社会现象是人与人之关系。"]
    assert prose(lines) == [True, True]


PIECES = st.sampled_from(
    [
        "",
        "　",
        "目 录",
        "第一章 山居……1",
        "第一章 山居",
        "（一）朝云 .2",
        "图书在版编目(CIP)数据",
        "山居/林如海著.—杭州:西泠出版社,2015.6",
        "ISBN 978-7-5051-2622-0",
        "中国版本图书馆CIP数据核字(2015)第100001号",
        "书 名 山居",
        "版 次 2015年6月第1版",
        "开 本 880毫米×1230毫米 1/32",
        "定 价 35.00元",
        "版权所有 翻印必究",
        "林如海 著",
        "西泠出版社",
        "前言",
        "山居的好处，在于安静。安静的好处，却要住过闹市的人才知道。",
        "12",
        "<table><tr><td>书名</td><td>山居</td></tr></table>",
    ]
)


@settings(max_examples=200, deadline=None)
@given(st.lists(PIECES | st.text(max_size=40).map(lambda text: text.replace("\n", " ")), max_size=60))
def test_any_lines(lines: list[str]) -> None:
    """No rule fails; each marks a line once, and one that says something; prose bears no mark; metadata can be read."""
    for rule in FRONT:
        marks = list(rule.find(Draft(lines, (), {})))
        at = [mark.line for mark in marks]
        assert len(at) == len(set(at))
        assert all(0 <= line < len(lines) and lines[line].strip() for line in at)
    draft = front(lines)
    for line in draft.roles:
        assert "山居的好处" not in lines[line]
    contents.entries(draft)
    book, _ = metadata.read(draft, "name")
    assert book.title
