"""Where the printed pages begin, and what the printer set outside the text. Texts are made here, in each dress."""

from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline import pages
from pipeline.pages import Page, folio
from pipeline.pages.marker import is_marker
from tests.paper import printed_pages, scribble

PROSE = "这一面的正文写得不长，却也有几个逗号，从左到右写满，到了末尾总是断在半句中间，因为下一面还要接着往下说"
VERSO, RECTO = "南国诗选读本", "第一章 春天的诗"
LONG_PAGE = "\n".join(PROSE for _ in range(8))


def book(
    count: int,
    *,
    gap: int = 3,
    first: int = 11,
    foot: str = "",
    head: str = "",
    heads: Sequence[str] = (),
    body: str = LONG_PAGE,
) -> list[str]:
    """`count` pages. `foot` and `head` are dresses of folios, `heads` the running heads, taken in turn."""
    lines: list[str] = []
    for number in range(count):
        if heads and heads[number % len(heads)]:
            lines += [heads[number % len(heads)], ""]
        if head:
            lines += [head.format(first + number), ""]
        lines += body.split("\n")
        if foot:
            lines += ["", foot.format(first + number)]
        lines += [""] * gap
    return lines


def folios(found: Sequence[Page]) -> list[str | None]:
    return [page.folio for page in found]


def said(lines: Sequence[str], found: Sequence[Page]) -> list[str]:
    """What the running heads that were found say."""
    return [lines[line] for page in found for line in page.head_lines]


# ---------------------------------------------------------------- where pages begin


def test_a_text_without_signs_of_pages_is_one_page() -> None:
    assert pages.find(["一", "", "二"]) == (Page(0, 3),)
    assert pages.find([]) == (Page(0, 0),)


def test_form_feeds_are_believed() -> None:
    found = pages.find(["a", "b", "c", "d"], (0, 2, 3, 99))
    assert [(page.start, page.end) for page in found] == [(0, 2), (2, 3), (3, 4)]


def test_gaps_part_pages_where_paragraphs_have_none() -> None:
    assert len(pages.find(book(5, gap=2))) == 5
    assert len(pages.find(book(5, gap=4))) == 5


def test_gaps_between_paragraphs_are_no_pages() -> None:
    lines = [line for _ in range(60) for line in ("短短一段。", "", "")]
    assert len(pages.find(lines)) == 1


def test_wide_gaps_part_pages_where_narrow_ones_part_paragraphs() -> None:
    lines = [
        line for number in range(60) for line in ("短短一段，也就这样。" * 3, *[""] * (5 if number % 10 == 9 else 2))
    ]
    assert len(pages.find(lines)) == 6


def test_folios_part_pages_where_no_gap_does() -> None:
    found = pages.find(book(6, gap=0, foot="{}"))
    assert folios(found) == ["11", "12", "13", "14", "15", "16"]


def test_folios_that_ocr_lost_do_not_stop_the_count() -> None:
    lines = book(8, gap=0, foot="— {} —")
    lines.remove("— 14 —")
    assert [page.folio for page in pages.find(lines)] == ["11", "12", "13", "15", "16", "17", "18"]


@pytest.mark.parametrize("mark", ["<page>{}</page>", "--- Page {} ---", "<!-- page {} -->", "<page {}>"])
def test_marks_of_a_tool_part_pages_and_are_no_folios(mark: str) -> None:
    lines = [line for number in range(4) for line in (mark.format(number + 1), "", PROSE, "", f"{number + 30}", "")]
    found = pages.find(lines)
    assert len(found) == 4
    assert folios(found) == ["30", "31", "32", "33"]


@pytest.mark.parametrize("line", ["— 12 —", "第12页", "----------", "[1]", "<b>甲</b>", "见 page 12"])
def test_what_is_no_mark_of_a_tool(line: str) -> None:
    assert not is_marker(line)


# ---------------------------------------------------------------- folios


@pytest.mark.parametrize(
    ("line", "value"),
    [
        *(("12", 12), ("— 12 —", 12), ("·12·", 12), ("第12页", 12), ("第 12 页 共 240 页", 12), ("/012", 12)),
        *(("12/240", 12), ("P12", 12), ("Page 12 of 30", 12), ("xii", 12), ("Ⅻ", 12), ("十二", 12), ("一二", 12)),
        *(("l2", 12), ("1O", 10), ("（12）", 12), ("１２", 12), ("- 12 -", 12), ("～12～", 12)),
    ],
)
def test_folios_are_read_in_every_dress(line: str, value: int) -> None:
    reading = folio.read(line)
    assert reading is not None
    assert reading.value == value


@pytest.mark.parametrize("line", ["", "①", "第一章", "1949年", "群众", "12、群众", "...", "Ill", "12345678"])
def test_what_is_no_folio(line: str) -> None:
    assert folio.read(line) is None


@pytest.mark.parametrize("dress", ["{}", "— {} —", "·{}·", "第{}页", "/{:03}", "{}/240"])
@pytest.mark.parametrize("place", ["foot", "head"])
def test_folios_are_found_at_either_edge(dress: str, place: str) -> None:
    lines = book(5, foot=dress if place == "foot" else "", head=dress if place == "head" else "")
    found = pages.find(lines)
    assert folios(found) == ["11", "12", "13", "14", "15"]
    assert [lines[page.folio_line or 0] for page in found] == [dress.format(number) for number in range(11, 16)]


def test_numbers_out_of_sequence_are_no_folios() -> None:
    lines = book(4)
    for at, number in zip([at for at, line in enumerate(lines) if line and not lines[at + 1]], "3875", strict=True):
        lines[at] += f"\n\n{number * 2}"
    assert folios(pages.find("\n".join(lines).split("\n"))) == [None] * 4


def test_section_numbers_at_the_top_are_no_folios() -> None:
    lines = [line for number in range(1, 7) for line in (f"{number}", "", PROSE + "。", "", "", "")]
    assert folios(pages.find(lines)) == [None] * 6


def test_a_misread_folio_gets_its_number_from_its_neighbours() -> None:
    lines = book(7, foot="{}")
    lines[lines.index("14")] = "人"
    assert folios(pages.find(lines)) == ["11", "12", "13", "14", "15", "16", "17"]


def test_a_signature_at_the_foot_is_no_misread_folio() -> None:
    lines = book(7, foot="{}")
    lines[lines.index("14")] = "编者"
    lines[lines.index("编者") - 2] += "。"
    at = lines.index("编者") + 4
    lines[at:at] = ["第二章", ""]
    assert pages.find(lines)[3].folio_line is None


# ---------------------------------------------------------------- running heads


def test_verso_and_recto_are_found_but_the_title_stays() -> None:
    lines = book(8, heads=(RECTO, VERSO))
    found = pages.find(lines)
    assert said(lines, found) == [VERSO, RECTO] * 3 + [VERSO]
    assert found[0].head_lines == ()


def test_heads_misread_are_found() -> None:
    readings = ["南国诗选读本", "南囯诗选读本", "南国持选读本", "南国诗选读木", "南国诗迭读本", "南国诗选读本"]
    lines = book(6, heads=readings)
    assert len(said(lines, pages.find(lines))) >= 5


def test_a_folio_beside_a_head_is_read() -> None:
    lines: list[str] = []
    for number in range(20, 26):
        lines += [f"{number}　{VERSO}" if number % 2 == 0 else f"{RECTO}　{number}", "", LONG_PAGE, "", "", ""]
    found = pages.find(lines)
    assert folios(found) == ["20", "21", "22", "23", "24", "25"]
    assert len(said(lines, found)) >= 5


def test_feet_are_found() -> None:
    lines: list[str] = []
    for _ in range(6):
        lines += [LONG_PAGE, "", VERSO, "", "", ""]
    assert said(lines, pages.find(lines)) == [VERSO] * 6


def test_chapters_with_like_titles_stay() -> None:
    titles = ["社会现象之异点", "社会现象之联系", "社会现象之种类", "社会现象之变迁"]
    lines: list[str] = []
    for title in titles:
        lines += [title, "", LONG_PAGE + "。", "", "", "", LONG_PAGE + "。", "", "", ""]
    assert said(lines, pages.find(lines)) == []


def test_numbers_make_heads_differ() -> None:
    lines: list[str] = []
    for number in "一二三四":
        lines += [
            f"第{number}章 总论",
            "",
            LONG_PAGE + "。",
            "",
            "",
            "",
            f"第{number}章 总论",
            "",
            LONG_PAGE,
            "",
            "",
            "",
        ]
    found = pages.find(lines)
    assert all(page.head_lines == () for page in found[::2])


def test_a_label_within_the_pages_is_no_head() -> None:
    lines: list[str] = []
    for _ in range(5):
        lines += ["延伸阅读", "", LONG_PAGE + "。", "", "延伸阅读", "", LONG_PAGE + "。", "", "", ""]
    assert said(lines, pages.find(lines)) == []


def test_title_pages_keep_their_titles() -> None:
    front = [VERSO, "", "某某 著", "", "", "", VERSO, "", "某某 著", "", "某某出版社", "", "", ""]
    lines = front + book(6, heads=("", VERSO))
    found = pages.find(lines)
    assert found[0].head_lines == found[1].head_lines == ()
    assert len(said(lines, found)) == 3


def test_a_head_joined_to_the_text_is_told() -> None:
    lines = book(8, heads=(RECTO, VERSO))
    at = next(at for at, line in enumerate(lines) if line == RECTO and at > 30)
    lines[at : at + 3] = [RECTO + lines[at + 2]]
    found = pages.find(lines)
    assert [words for page in found for _, words in page.glued_heads] == [RECTO]


# ---------------------------------------------------------------- laws


@given(st.lists(scribble(20), max_size=40), st.lists(st.integers(-3, 50), max_size=5))
@settings(deadline=None, max_examples=60)
def test_pages_cover_all_lines_once(lines: list[str], starts: list[int]) -> None:
    _covers(lines, pages.find(lines, starts))


@given(printed_pages())
@settings(deadline=None, max_examples=60)
def test_printed_pages_are_covered_and_name_lines_of_their_own(lines: list[str]) -> None:
    found = pages.find(lines)
    _covers(lines, found)
    for page in found:
        named = [*page.head_lines, *(() if page.folio_line is None else (page.folio_line,))]
        assert all(page.start <= line < page.end and lines[line].strip() for line in named)
        assert all(lines[line].startswith(words) for line, words in page.glued_heads)


def _covers(lines: Sequence[str], found: Sequence[Page]) -> None:
    assert found[0].start == 0
    assert found[-1].end == len(lines)
    assert all(one.end == two.start for one, two in pairwise(found))


@pytest.mark.slow
def test_a_hundred_thousand_pages_take_time_in_proportion() -> None:
    lines = book(100_000, foot="{}", heads=(RECTO, VERSO), body=PROSE)
    found = pages.find(lines)
    assert len(found) == 100_000
    assert found[50_000].folio == "50011"
