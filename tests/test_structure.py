"""Structure as a whole: what becomes of a book, and the laws, whatever the text and the marks are."""

import random
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline import laws, walk
from pipeline.book import Box, Metadata, PageBreak, Paragraph, ParagraphStyle, Section, SectionKind, Table, Verse
from pipeline.config import StructureSettings
from pipeline.pages import Page
from pipeline.structure import RULES, Structured, sentence, structure
from pipeline.structure.assemble import DEEPEST, assemble, note_id
from pipeline.structure.rule import Mark, Role


def of(text: str, pages: tuple[Page, ...] = (), levels: tuple[str, ...] = ()) -> Structured:
    lines = text.strip("\n").split("\n")
    found = structure(lines, pages, name="无名", settings=StructureSettings(levels=levels))
    laws.book_tiles_lines(found.book, lines)
    return found


def outline(found: Structured) -> list[tuple[int, str, str]]:
    return [(s.level, walk.plain(s.title), walk.plain(s.subtitle)) for s in walk.sections(found.book)]


def paragraphs(section: Section) -> list[str]:
    return [walk.plain(block.inlines) for block in section.blocks if isinstance(block, Paragraph)]


LONG = "这里是一段正文，说的是一件平常的事情，没有什么特别的地方，读过也就罢了。"


# ---------------------------------------------------------------- a book


def test_forms_nest_in_the_order_they_are_met() -> None:
    text = f"""
第一章 总纲

{LONG}

第一节 目的

{LONG}

一、其一

{LONG}

二、其二

{LONG}

第二节 方法

{LONG}

第二章 分则

{LONG}

一、其一

{LONG}

二、其二

{LONG}
"""
    assert [level for level, _, _ in outline(of(text))] == [1, 2, 3, 3, 2, 1, 2, 2]


def test_the_publisher_orders_the_forms() -> None:
    text = f"一、其一\n\n{LONG}\n\n1. 甲\n\n{LONG}\n\n2. 乙\n\n{LONG}\n\n二、其二\n\n{LONG}\n"
    assert [level for level, _, _ in outline(of(text))] == [1, 2, 2, 1]
    turned = outline(of(text, levels=("1.", "一、")))
    assert [level for level, title, _ in turned if title.startswith(("1.", "2."))] == [1, 1]
    assert [level for level, title, _ in turned if title.startswith("二、")] == [2]


def test_the_body_has_authority_over_the_contents() -> None:
    text = f"""
目　录

一、从前的事情	1
二、后来发生的几件事情	5
三、没有写成的一章	9

一、从前的事情

{LONG}

二、后来发生的两件事情

{LONG}
"""
    found = of(text)
    assert [title for _, title, _ in outline(found)] == ["一、从前的事情", "二、后来发生的两件事情"]
    codes = {notice.code: notice.message for notice in found.notices}
    assert "没有写成的一章" in codes["contents-without-body"]
    assert "从正文" in codes["title-differs"]


def test_a_text_without_headings_is_one_section_and_says_so() -> None:
    found = of(f"{LONG}\n\n{LONG}\n")
    (section,) = found.book.sections
    assert section.kind is SectionKind.TEXT
    assert section.title == ()
    assert len(paragraphs(section)) == 2
    assert "no-heading" in {notice.code for notice in found.notices}


def test_an_empty_text_is_an_empty_book() -> None:
    found = structure((), (), name="无名")
    assert found.book.sections == ()
    assert structure(("", "  ", ""), (), name="无名").book.sections == ()


def test_a_sentence_goes_on_over_a_page_a_note_and_its_folio() -> None:
    lines = [
        "最近国际①对于这个问题决定了一个议决案，根本指出前途及其职任，从此以后大家都",
        "",
        "①即第三国际，一九一九年成立。",
        "",
        "",
        "",
        "知道了应当怎样去做。",
    ]
    pages = (Page(0, 6, "1"), Page(6, 7, "2"))
    found = structure(lines, pages, name="无名")
    laws.book_tiles_lines(found.book, lines)
    (section,) = found.book.sections
    (body,) = [block for block in section.blocks if isinstance(block, Paragraph)]
    assert walk.plain(body.inlines).endswith("从此以后大家都知道了应当怎样去做。")
    assert [leaf.anchor for leaf in walk.inline_leaves(body.inlines) if isinstance(leaf, PageBreak)] == ["page-2"]
    (note,) = found.book.notes
    assert walk.block_plain(note.blocks[0]) == "即第三国际，一九一九年成立。"
    assert note.mark is not None
    assert note.mark.text == "①"


def test_words_over_a_line_end_keep_their_space_and_hyphens_stay() -> None:
    lines = ["他读的是 The Origin of", "Species，又叫 Class-", "Hegemony 的东西。"]
    marks = [Mark(0, Role.PARAGRAPH, ""), Mark(1, Role.CONTINUATION, ""), Mark(2, Role.CONTINUATION, "")]
    book = assemble(lines, (), marks, metadata=Metadata("无名"), lang="zh-Hans")
    assert (
        walk.block_plain(book.sections[0].blocks[0]) == "他读的是 The Origin of Species，又叫 Class-Hegemony 的东西。"
    )


def test_a_heading_glued_to_the_paragraph_before_it_is_cut_off() -> None:
    text = f"（一）甲事\n\n{LONG}\n\n（二）乙事\n\n{LONG}（三）丙事\n\n{LONG}\n\n（四）丁事\n\n{LONG}\n"
    assert [title for _, title, _ in outline(of(text))] == ["（一）甲事", "（二）乙事", "（三）丙事", "（四）丁事"]


def test_boxes_tables_and_verse_have_their_shapes() -> None:
    text = f"""
第一章 甲

{LONG}

延伸阅读

画牛的人

古时有一位画师，画牛相斗，两尾高举，牧童见而笑之。

（摘自《旧闻录》）

| 时间 | 事项 |
| --- | --- |
| 6:00 | 起身 |

附上旧诗一首：

江头风急柳花飞，
一夜春潮没钓矶。
莫道天涯无酒伴，
青山随客到京畿。

编者

2013年4月
"""
    (section,) = of(text).book.sections
    box = next(block for block in section.blocks if isinstance(block, Box))
    assert walk.plain(box.title) == "画牛的人"
    assert [walk.block_plain(block) for block in box.blocks][-1] == "（摘自《旧闻录》）"
    table = next(block for block in section.blocks if isinstance(block, Table))
    assert [[walk.plain(cell.inlines) for cell in row] for row in table.rows] == [["时间", "事项"], ["6:00", "起身"]]
    assert [cell.header for cell in table.rows[0]] == [True, True]
    verse = next(block for block in section.blocks if isinstance(block, Verse))
    assert len(verse.lines) == 4
    styles = [block.style for block in section.blocks if isinstance(block, Paragraph)]
    assert styles[-2:] == [ParagraphStyle.SIGNATURE, ParagraphStyle.DATE]


def test_a_truncated_end_is_told() -> None:
    assert "truncated-end" in {n.code for n in of(f"{LONG}\n\n这一段没有写完，到这里就断了，后面的话").notices}
    assert "truncated-end" not in {n.code for n in of(LONG).notices}


def test_a_skipped_number_is_told() -> None:
    found = of(f"一、甲事\n\n{LONG}\n\n二、乙事\n\n{LONG}\n\n四、丁事\n\n{LONG}\n")
    assert "heading-number-gap" in {notice.code for notice in found.notices}


def test_anchors_stay_when_another_chapter_changes() -> None:
    one = of(f"第一章 甲\n\n{LONG}\n\n第二章 乙\n\n{LONG}\n").book.sections[1].anchor
    other = of(f"第一章 丙\n\n{LONG}{LONG}\n\n{LONG}\n\n第二章 乙\n\n{LONG}\n").book.sections[1].anchor
    assert one == other


def test_rules_can_be_switched_off() -> None:
    lines = ["上文。", "", "* * *", "", "下文。"]
    off = structure(lines, (), name="无名", settings=StructureSettings(off=("separators",)))
    assert not any(mark.rule == "separators" for mark in off.marks)
    assert any(mark.rule == "separators" for mark in structure(lines, (), name="无名").marks)


def test_rule_ids_are_unique() -> None:
    ids = [rule.id for rule in RULES]
    assert len(ids) == len(set(ids))


# ---------------------------------------------------------------- sentences


@pytest.mark.parametrize(
    "text", ["完了。", "完了。”", "完了……", "真的吗？", "好！』", "完了。（见《某书》第二期）", "完了。①"]
)
def test_a_sentence_ends(text: str) -> None:
    assert sentence.ends(text)


@pytest.mark.parametrize("text", ["没完，", "没完", "“世界社会”", "《某书》", "如下：", "Fig.", "（见下）", ""])
def test_a_sentence_goes_on(text: str) -> None:
    assert not sentence.ends(text)


# ---------------------------------------------------------------- any text, any marks

_PIECE = st.sampled_from(
    [
        *(
            "第一章",
            "第二节 甲",
            "一、",
            "（一）",
            "1.",
            "1.1 ",
            "①",
            "[1]",
            "＊",
            "# ",
            "**",
            "- ",
            "> ",
            "|",
            "|---|",
        ),
        *(
            "<table>",
            "<tr><td>",
            "</td>",
            "![](a.png)",
            "目录",
            "前言",
            "延伸阅读",
            "编者",
            "2013年4月",
            "亲爱的读者：",
        ),
        *("图1-1 甲", "* * *", "。", "，", "：", "”", "“", " ", "　　", "\t", "Word", "字", LONG, "……12", " / 003"),
        *("ISBN 978-7-5051-2622-0", "图书在版编目(CIP)数据", "\x0b", "\u2028", "<script>", "&amp;", "\ud800"),
    ]
)
_LINE = st.one_of(st.just(""), st.lists(_PIECE, max_size=6).map("".join), st.text(max_size=20))
_LINES = st.lists(_LINE.map(lambda line: line.replace("\n", "").replace("\r", "")), max_size=40)


@st.composite
def _paged(draw: st.DrawFn) -> tuple[list[str], list[Page]]:
    lines = draw(_LINES)
    cuts = sorted(draw(st.sets(st.integers(0, max(0, len(lines) - 1)), max_size=6))) if lines else []
    ends = [*cuts[1:], len(lines)]
    folios = st.one_of(st.none(), st.text(max_size=3))
    return lines, [Page(start, end, draw(folios)) for start, end in zip(cuts, ends, strict=False)]


@given(_paged())
@settings(max_examples=120, deadline=None)
def test_any_text_becomes_a_lawful_book(text: tuple[list[str], list[Page]]) -> None:
    lines, pages = text
    found = structure(lines, pages, name="无名")
    laws.book_tiles_lines(found.book, lines)
    anchors = [section.anchor for section in walk.sections(found.book)] + [note.anchor for note in found.book.notes]
    assert len(anchors) == len(set(anchors))


@st.composite
def _marked(draw: st.DrawFn) -> tuple[list[str], list[Mark]]:
    lines = draw(_LINES)
    marks = st.builds(
        Mark,
        line=st.integers(-1, len(lines)),
        role=st.sampled_from(list(Role)),
        why=st.just(""),
        level=st.integers(-2, 12),
        start=st.one_of(st.just(0), st.integers(0, 12)),
        end=st.one_of(st.none(), st.integers(0, 16)),
        value=st.one_of(
            st.just(""), st.sampled_from(["cell", "header", "number", "part", "①"]), st.integers(0, 40).map(note_id)
        ),
    )
    return lines, draw(st.lists(marks, max_size=80))


@given(_marked())
@settings(max_examples=200, deadline=None)
def test_any_marks_make_a_lawful_book(text: tuple[list[str], list[Mark]]) -> None:
    lines, marks = text
    book = assemble(
        lines, [Page(n, n + 3) for n in range(0, len(lines), 3)], marks, metadata=Metadata("无名"), lang="zh-Hans"
    )
    laws.book_tiles_lines(book, lines)
    assert all(1 <= section.level <= DEEPEST for section in walk.sections(book))


def test_the_same_text_gives_the_same_book() -> None:
    text = f"第一章 甲\n\n{LONG}①\n\n①注文在此。\n\n第二章 乙\n\n{LONG}\n"
    assert of(text) == of(text)


# ---------------------------------------------------------------- hostile size

_WORST = {
    "headings": "\n\n".join(f"第{n}章 甲" for n in range(1, 2_000)),
    "nested headings": "\n".join(f"{'#' * (n % 7)} {n % 90}.{n % 9} 甲" for n in range(4_000)),
    "stars": "*" * 200_000,
    "brackets": "（" * 200_000,
    "closing brackets": "）" * 200_000 + "甲",
    "bars": "| " * 30_000,
    "tags": "<td" * 30_000,
    "note marks": "①" * 30_000 + "\n\n①甲。",
    "numbers": "（一）" * 20_000,
    "dots": "甲" + "." * 200_000 + "乙",
    "blanks": " " * 200_000 + "甲",
    "dashes": "—" * 200_000,
    "quotes": "“" * 200_000,
    "short lines": "\n".join("甲乙丙丁，" for _ in range(4_000)),
    "bullets": "\n".join("- 甲" for _ in range(4_000)),
    "boxes": "\n\n".join("案例\n\n甲乙丙丁戊己庚辛。" for _ in range(1_500)),
}


@pytest.mark.parametrize("kind", _WORST)
def test_the_worst_lines_take_linear_time(kind: str) -> None:
    lines = _WORST[kind].split("\n")
    start = time.process_time()
    found = structure(lines, (), name="无名")
    laws.book_tiles_lines(found.book, lines)
    assert time.process_time() - start < 6.0


def test_time_grows_as_the_text_does() -> None:
    draw = random.Random(7)
    body = [f"第{n}章 {draw.choice('甲乙丙丁')}\n\n{LONG * 12}\n\n{LONG * 9}" for n in range(1, 150)]
    lines = "\n\n".join(body).split("\n")
    times = []
    for size in (1, 4):
        start = time.process_time()
        structure(lines * size, (), name="无名")
        times.append(time.process_time() - start)
    assert times[1] < 10 * times[0] + 0.5


def test_forms_nest_as_their_numbers_show_even_against_the_usual_order() -> None:
    inner = f"一、其一\n\n{LONG}\n\n二、其二\n\n{LONG}\n"
    text = "\n".join(f"{number}. 第{number}件事\n\n{LONG}\n\n{inner}" for number in (1, 2, 3))
    assert [level for level, _, _ in outline(of(text))] == [1, 2, 2] * 3


def test_forms_nest_in_the_usual_order_where_the_numbers_agree() -> None:
    inner = f"1. 其一\n\n{LONG}\n\n2. 其二\n\n{LONG}\n"
    text = "\n".join(f"{number}、某一件事\n\n{LONG}\n\n{inner}" for number in "一二三")
    assert [level for level, _, _ in outline(of(text))] == [1, 2, 2] * 3


def test_a_narrow_epigraph_read_line_by_line_is_one_paragraph() -> None:
    lines = [line for _ in range(5) for line in (LONG, "", LONG, "")]
    lines[4:8] = ["第一辑 朝花", "", "我常想在纷扰中寻出一点闲静来，然而委", "", "实不容易。", ""]
    starts = [0, 4, 10, 14, 18]
    ends = [*starts[1:], len(lines)]
    pages = tuple(Page(a, b, folio="1", folio_line=a + 1) for a, b in zip(starts, ends, strict=True))
    found = structure(lines, pages, name="无名")
    assert [mark.role for mark in found.marks if mark.line in (6, 8)] == [Role.PARAGRAPH, Role.CONTINUATION]
