"""Editions in the other script: the shape stays, quotation marks turn, and so does all that a book says of itself."""

import dataclasses
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from pipeline import editions, laws, tasks, walk
from pipeline.book import (
    Book,
    Creator,
    Emphasis,
    EmphasisKind,
    Fact,
    LineBreak,
    Metadata,
    NoteRef,
    Paragraph,
    Repairs,
    Ruby,
    Section,
    SectionKind,
    Span,
    Text,
)
from pipeline.config import ConvertSettings, Pair, Settings
from pipeline.conversion import quotes
from pipeline.source import Raw, RawFile
from tests.test_book_json import books

SEEDS = Path(__file__).parent.parent / "seeds"
OTHERS = [name for name in editions.EDITIONS if name != editions.SOURCE]


def text(said: str) -> Text:
    return Text(said, (Span(0, 0, len(said)),))


def book(*runs: tuple[object, ...], lang: str = "zh-Hans", metadata: Metadata | None = None) -> Book:
    blocks = tuple(Paragraph(run) for run in runs)  # type: ignore[arg-type]
    section = Section("s1", SectionKind.CHAPTER, 1, (text("第一章"),), (), blocks)
    return Book(metadata or Metadata("书"), lang, (), (section,))


def shown(made: Book) -> list[str]:
    return [walk.block_plain(block) for block in made.sections[0].blocks]


# ---------------------------------------------------------------- the shape


@given(books)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@pytest.mark.parametrize("name", OTHERS)
def test_any_book_keeps_its_shape(name: str, any_book: Book) -> None:
    made = editions.edition(any_book, name, ConvertSettings(vocabulary=True))
    laws.edition_keeps_shape(any_book, made)
    assert made.lang == editions.LANGS[name]


def test_source_is_the_book_itself() -> None:
    one = book((text("后面"),))
    assert editions.edition(one, "source", ConvertSettings()) is one


@pytest.mark.parametrize(
    ("lang", "said", "name"),
    [("zh-Hans", "后面“好”", "hans"), ("zh-Hant", "後面「好」", "hant"), ("zh-Hant", "這裡" * 6, "hant-tw")],
)
def test_an_edition_of_the_own_script_is_the_text_as_it_stands(lang: str, said: str, name: str) -> None:
    made = editions.edition(book((text(said),), lang=lang), name, ConvertSettings())
    assert shown(made) == [said]
    assert made.lang == editions.LANGS[name]


def test_a_phrase_across_leaves_marks_and_emphasis_is_one_text() -> None:
    run = (text("他的头"), NoteRef("n", "①", ()), Emphasis(EmphasisKind.STRONG, (text("发很"),)), text("长“好”"))
    made = editions.edition(book(run), "hant-tw", ConvertSettings())
    paragraph = made.sections[0].blocks[0]
    assert isinstance(paragraph, Paragraph)
    assert [leaf.text for leaf in walk.inline_leaves(paragraph.inlines) if isinstance(leaf, Text)] == [
        "他的頭",
        "髮很",
        "長「好」",
    ]


def test_a_line_break_parts_words_and_a_reading_stands_aside() -> None:
    run = (text("头"), LineBreak(), text("发展"), Ruby((text("头"),), text("tóu")), text("发"))
    assert shown(editions.edition(book(run), "hant-hk", ConvertSettings())) == ["頭發展頭tóu髮"]


def test_what_the_book_says_of_itself_turns_too() -> None:
    said = Metadata(
        "后来的历史",
        series="干部丛书",
        creators=(Creator("范首臣", "编著"), Creator("叶发", "译")),
        publisher="国家行政学院出版社",
        isbn="978-7-5150-0466-2",
        facts=(Fact("责任编辑", "于志国　余后里", 3), Fact("网址", "www.后.com/发", 4)),
    )
    made = editions.edition(book((text("版式设计范首臣"),), metadata=said), "hant-tw", ConvertSettings())
    assert made.metadata == dataclasses.replace(
        said,
        title="後來的歷史",
        series="幹部叢書",
        creators=(Creator("范首臣", "編著"), Creator("葉發", "譯")),
        publisher="國家行政學院出版社",
        facts=(Fact("責任編輯", "于志國　余後里", 3), Fact("網址", "www.后.com/发", 4)),
    )
    assert shown(made) == ["版式設計范首臣"]


def test_the_publisher_decides_for_a_region() -> None:
    said = ConvertSettings(hant_tw=(Pair("激光", "雷射"),), source="hans")
    assert shown(editions.edition(book((text("激光"),)), "hant-tw", said)) == ["雷射"]
    assert shown(editions.edition(book((text("激光"),)), "hant-hk", said)) == ["激光"]


def test_repairs_are_told_in_the_script_of_the_edition() -> None:
    said = Repairs((("a", "换页处的“页码”", 2),))
    assert editions.repairs(said, "zh-Hant-TW").counts == (("a", "換頁處的「頁碼」", 2),)
    assert editions.repairs(said, "zh-Hans") is said


def test_places_with_two_opinions_are_asked_about_by_kind() -> None:
    one = book((text("老范说，几席酒，松松散散，" * 60),))
    asked = editions.questions(one, "hant-tw", ConvertSettings())
    said = editions.runs(one)
    assert asked
    for question in asked:
        assert question.ours != question.other
        for doubt in question.doubts:
            assert walk.plain(said[doubt.text])[doubt.at] == question.before
    assert editions.questions(one, "source", ConvertSettings()) == ()


# ---------------------------------------------------------------- quotation marks


QUOTES = {
    "他说：“读‘礼运’篇。”": "他说：「读『礼运』篇。」",
    "“一段没有收": "「一段没有收",
    "收在下一段。”": "收在下一段。」",
    "“没有收，‘里’层": "「没有收，『里』层",
    "‘单引号在外’，“双在后”": "「单引号在外」，「双在后」",
    "“外‘中“深”’”": "「外『中「深」』」",
    "it’s “Don’t Panic”": "it’s 「Don’t Panic」",
    "the workers’ rights": "the workers’ rights",
    "没有引号": "没有引号",
}


@pytest.mark.parametrize(("curly", "corners"), QUOTES.items(), ids=range(len(QUOTES)))
def test_marks_by_depth(curly: str, corners: str) -> None:
    assert quotes.to_corners(curly) == corners


@pytest.mark.parametrize("curly", [mark for mark in QUOTES if not mark.startswith("‘")], ids=lambda mark: mark[:6])
def test_marks_come_back(curly: str) -> None:
    assert quotes.to_curly(quotes.to_corners(curly)) == curly


# ---------------------------------------------------------------- real books


def prepared(seed: Path) -> Book:
    made = tasks.prepare(tasks.Manuscript(Raw(seed.stem, (RawFile(seed.name, seed.read_bytes()),)), Settings()))
    assert isinstance(made, tasks.Prepared)
    return made.book


@pytest.mark.slow
@pytest.mark.parametrize("seed", sorted(SEEDS.glob("*.txt")), ids=lambda seed: seed.stem[:3])
def test_real_books_come_back_from_the_other_script(seed: Path) -> None:
    source = prepared(seed)
    for name in ("hant", "hant-tw", "hant-hk"):
        there = editions.edition(source, name, ConvertSettings())
        said = [leaf.text for leaf in walk.leaves(there) if isinstance(leaf, Text)]
        shown_text = "".join(text for section in there.sections for text in _texts(section))
        assert not set("“”") & set(shown_text)
        assert said
        back = editions.edition(there, "hans", ConvertSettings(source=name))
        assert _differences(source, back) == []


def _texts(section: Section) -> list[str]:
    return [leaf.text for leaf in walk.section_leaves(section) if isinstance(leaf, Text)]


def _differences(one: Book, other: Book) -> list[tuple[str, str]]:
    pairs = zip(walk.leaves(one), walk.leaves(other), strict=True)
    return [(a.text, b.text) for a, b in pairs if isinstance(a, Text) and isinstance(b, Text) and a.text != b.text]
