"""Book to markup: every character once and as itself, whatever it is; ids, links, notes and headings that hold."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from pipeline import walk
from pipeline.book import (
    Block,
    Book,
    Emphasis,
    EmphasisKind,
    Inline,
    LineBreak,
    Markup,
    Metadata,
    Note,
    NoteRef,
    PageBreak,
    Paragraph,
    Quote,
    QuoteKind,
    Section,
    SectionKind,
    Text,
    Verse,
    WordSpace,
)
from pipeline.render import html
from pipeline.render.html import Html, Media, Piece, legal, pieces, title_text
from tests import torture

EPUB_TYPE = "{http://www.idpf.org/2007/ops}type"
MEDIA = [Media.EPUB, Media.PRINT, Media.SCREEN]


def parse(piece: Piece) -> etree._Element:
    """The piece as XML; fails where it is not well-formed."""
    return etree.fromstring(f'<root xmlns:epub="http://www.idpf.org/2007/ops">{piece.html}</root>')


def said(root: etree._Element, *, without: tuple[str, ...] = ()) -> str:
    """All text of an element, without line ends between blocks, marks of notes, and elements of some classes."""
    skip = {"noteref", "backlink", *without}
    parts = []

    def read(element: etree._Element) -> None:
        if not skip & set((element.get("class") or "").split()):
            parts.append(element.text or "")
            for child in element:
                read(child)
                parts.append(child.tail or "")

    read(root)
    return "".join(part for part in parts if part != "\n")


def shown(leaves: Iterable[walk.Leaf]) -> str:
    """What a reader sees of these leaves. Runs that hold nothing but white space leave no element behind."""
    return "".join(map(walk.shown, leaves))


def squeezed(words: str) -> str:
    return "".join(words.split())


def made(book: Book, media: Media = Media.EPUB, *, vertical: bool = False) -> tuple[Piece, ...]:
    return pieces(book, book.lang, media, vertical=vertical)


def tiny(*blocks: Block, notes: tuple[Note, ...] = (), title: tuple[Inline, ...] = ()) -> Book:
    section = Section("one", SectionKind.CHAPTER, 1, title, (), blocks)
    return Book(Metadata("书"), "zh-Hans", (), (section,), notes)


def plain(words: str) -> Text:
    return Text(words, ())


# ---------------------------------------------------------------- every character, once


@pytest.mark.parametrize("media", MEDIA)
@pytest.mark.parametrize("vertical", [False, True])
def test_every_character_is_read_back(media: Media, vertical: bool) -> None:
    book = torture.book()
    parsed = [parse(piece) for piece in made(book, media, vertical=vertical)]
    text = "".join(said(root, without=("footnotes", "footnote")) for root in parsed)
    sections = "".join(shown(walk.section_leaves(section)) for section in book.sections)
    assert squeezed(text) == squeezed(sections)
    by_id = {element.get("id"): element for root in parsed for element in root.iter()}
    for note in book.notes:
        assert squeezed(said(by_id[note.anchor])) == squeezed(shown(walk.blocks_leaves(note.blocks))), note.anchor


@pytest.mark.parametrize("media", MEDIA)
def test_markup_in_the_text_stays_text(media: Media) -> None:
    written = "".join(piece.html for piece in made(torture.book(), media))
    assert "<script" not in written
    assert "&lt;script&gt;alert(&#x27;&amp;amp;&#x27;)" in written
    assert "<!--" not in written


characters = st.text(st.characters(blacklist_categories=["Cs"]), min_size=1, max_size=12)
texts = characters.map(plain)
leaves = st.one_of(
    texts,
    st.just(WordSpace()),
    st.just(LineBreak()),
    st.builds(Markup, characters, st.just(()), st.just("试")),
    st.builds(
        NoteRef, st.sampled_from(["n1", "n2", "none"]), st.sampled_from(["①", "*", "", "[3]", "<b>"]), st.just(())
    ),
)
inlines = st.lists(
    st.one_of(leaves, st.builds(Emphasis, st.sampled_from(EmphasisKind), st.lists(leaves, max_size=3).map(tuple))),
    max_size=5,
).map(tuple)
paragraphs = st.builds(Paragraph, inlines)
blocks = st.lists(
    st.one_of(
        paragraphs,
        st.builds(Verse, st.lists(inlines, max_size=3).map(tuple)),
        st.builds(Quote, st.lists(paragraphs, max_size=2).map(tuple), st.sampled_from(QuoteKind)),
    ),
    max_size=4,
).map(tuple)


@settings(deadline=None)
@given(blocks, inlines, st.sampled_from(MEDIA), st.booleans())
def test_any_text_comes_back_as_it_was(
    body: tuple[Block, ...], title: tuple[Inline, ...], media: Media, up: bool
) -> None:
    notes = (Note("n1", None, (Paragraph((plain("注一"),)),)), Note("n2", None, (Paragraph((plain("注二"),)),)))
    book = tiny(*body, notes=notes, title=title)
    parsed = [parse(piece) for piece in pieces(book, "zh-Hans", media, vertical=up)]
    expected = legal(shown(walk.section_leaves(book.sections[0])))
    marks = "".join(map(_dead_mark, walk.section_leaves(book.sections[0])))
    got = said(parsed[0], without=("footnotes", "footnote"))
    assert Counter(squeezed(got)) == Counter(squeezed(expected) + squeezed(marks))
    whole = "".join(said(root) for root in parsed)
    assert whole.count("注一") >= 1
    assert whole.count("注二") >= 1


def _dead_mark(leaf: walk.Leaf) -> str:
    """The mark of a note that is not there: shown as it stands."""
    return leaf.mark if isinstance(leaf, NoteRef) and leaf.note == "none" else ""


def test_nothing_stands_between_inline_siblings() -> None:
    run = (
        Emphasis(EmphasisKind.STRONG, (plain("群众"),)),
        Emphasis(EmphasisKind.DOTS, (plain("路线"),)),
        plain("教育"),
    )
    assert '<p><strong>群众</strong><em class="dots">路线</em>教育</p>' in made(tiny(Paragraph(run)))[0].html


def test_what_xml_cannot_hold_is_shown_as_replaced() -> None:
    assert html.text("甲\x00乙\ud800丙\uffff") == "甲\ufffd乙\ufffd丙\ufffd"
    assert html.tag("p", {"title": 'a"b<\x0b'}) == '<p title="a&quot;b&lt;\ufffd"></p>'


def test_html_passes_templates_and_text_does_not() -> None:
    assert Html("<b/>").__html__() == "<b/>"
    assert not hasattr("<b/>", "__html__")


# ---------------------------------------------------------------- ids, links, headings


@pytest.mark.parametrize("media", MEDIA)
def test_ids_are_unique_and_links_lead_somewhere(media: Media) -> None:
    parsed = [parse(piece) for piece in made(torture.book(), media)]
    ids = Counter(element.get("id") for root in parsed for element in root.iter() if element.get("id"))
    assert [name for name, count in ids.items() if count > 1] == []
    links = [a.get("href") or "" for root in parsed for a in root.iter("a")]
    assert [href for href in links if href.removeprefix("#") not in ids] == []
    labels = [e.get("aria-labelledby") for root in parsed for e in root.iter() if e.get("aria-labelledby")]
    assert [label for label in labels if label not in ids] == []


def test_headings_nest_and_never_skip_a_rank() -> None:
    ranks = [
        int(e.tag[1]) for p in made(torture.book()) for e in parse(p).iter() if e.tag in {f"h{n}" for n in range(1, 7)}
    ]
    assert ranks[0] == 1
    assert [(a, b) for a, b in pairwise(ranks) if b > a + 1] == []
    assert max(ranks) == 6


def test_a_part_is_cut_into_its_opening_and_its_chapters() -> None:
    names = [piece.anchor for piece in made(torture.book(2))]
    assert names[:5] == ["dedication", "preface", "part-1", "everything", "chapter-0"]
    assert names[-1] == "notes-without-marks"


def test_a_heading_without_text_leaves_no_empty_element() -> None:
    book = tiny(Paragraph((Markup("**", (), ""),)), title=(Markup("#", (), ""),))
    assert made(book, Media.PRINT)[0].html == '<section class="chapter" id="one">\n\n</section>'


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (
            "第一章　总论",
            '<span class="ordinal">第一章</span><span class="gap">　</span><span class="name">总论</span>',
        ),
        ("一、总论", '<span class="number">一、</span><span class="name">总论</span>'),
        ("（二）总论", '<span class="number">（二）</span><span class="name">总论</span>'),
        ("1. 总论", '<span class="number">1.</span><span class="gap"> </span><span class="name">总论</span>'),
        ("第三章", '<span class="ordinal">第三章</span>'),
        ("2013年总论", "2013年总论"),
        ("第一次世界大战", "第一次世界大战"),
        ("一个人", "一个人"),
    ],
)
def test_the_number_of_a_heading_is_set_apart(words: str, expected: str) -> None:
    assert f'<h1 id="one-title">{expected}</h1>' in made(tiny(title=(plain(words),)))[0].html


def test_a_page_that_begins_with_a_heading_begins_before_it() -> None:
    title = (Markup("# ", (), ""), PageBreak("p", 1, "7"), plain("第一章"), LineBreak(), plain("总论"))
    written = made(tiny(title=title))[0].html
    heading = '<span class="ordinal">第一章</span><span class="gap"><br/></span><span class="name">总论</span>'
    assert f'id="p" aria-label="7"></div>\n<h1 id="one-title">{heading}</h1>' in written


@pytest.mark.parametrize(
    ("title", "line"),
    [
        ((plain("第一章"), LineBreak(), plain("总论")), "第一章　总论"),
        ((plain("绪论"), LineBreak(), plain("群众路线是生命线")), "绪论　群众路线是生命线"),
        ((plain("切实改进工作作风、"), LineBreak(), plain("赢得信任")), "切实改进工作作风、赢得信任"),
        ((plain("题"), NoteRef("n", "*", ()), PageBreak("p", 1, "1")), "题"),
    ],
)
def test_a_heading_on_one_line(title: tuple[Inline, ...], line: str) -> None:
    assert title_text(title) == line


# ---------------------------------------------------------------- notes and pages


def test_a_note_stands_once_and_its_marks_lead_there_and_back() -> None:
    for media in MEDIA:
        parsed = [parse(piece) for piece in made(torture.book(), media)]
        ids = Counter(element.get("id") for root in parsed for element in root.iter())
        assert {note.anchor: ids[note.anchor] for note in torture.book().notes if ids[note.anchor] != 1} == {}
    backs = [a.get("href") for p in made(torture.book()) for a in parse(p).iter("a") if a.get("class") == "backlink"]
    assert len(backs) == len(set(backs)) == len(torture.book().notes) - 1  # one has no mark


def test_notes_are_numbered_anew_in_each_piece_and_stars_stay() -> None:
    run = (plain("甲"), NoteRef("a", "①", ()), plain("乙"), NoteRef("b", "①", ()), plain("丙"), NoteRef("c", "*", ()))
    notes = tuple(Note(name, None, (Paragraph((plain("注"),)),)) for name in "abc")
    marks = [a.text for a in parse(made(tiny(Paragraph(run), notes=notes))[0]).iter("a") if a.get("class") == "noteref"]
    assert marks == ["[1]", "[2]", "[*]"]


def test_in_print_the_note_stands_at_its_mark() -> None:
    note = Note("n", None, (Paragraph((plain("注文"),)),))
    book = tiny(Paragraph((plain("甲"), NoteRef("n", "①", ()), plain("乙"))), notes=(note,))
    assert '<p>甲<span class="footnote" id="n">注文</span>乙</p>' in made(book, Media.PRINT)[0].html


def test_a_mark_without_its_note_is_no_link() -> None:
    assert "<p>甲<sup>①</sup></p>" in made(tiny(Paragraph((plain("甲"), NoteRef("gone", "①", ())))))[0].html


def test_page_breaks_carry_the_printed_number_or_are_left_out() -> None:
    run = (plain("甲"), PageBreak("p1", 1, "12"), plain("乙"), PageBreak("p2", 2, None))
    piece = made(tiny(Paragraph(run)))[0]
    mark = '<span class="pagebreak" epub:type="pagebreak" role="doc-pagebreak" id="p1" aria-label="12"></span>'
    assert f"<p>甲{mark}乙</p>" in piece.html
    assert [(page.anchor, page.folio) for page in piece.pages] == [("p1", "12")]
    assert "<p>甲乙</p>" in made(tiny(Paragraph(run)), Media.PRINT)[0].html


def test_only_epub_has_epub_type() -> None:
    for media in MEDIA:
        typed = [e for p in made(torture.book(), media) for e in parse(p).iter() if EPUB_TYPE in e.attrib]
        assert bool(typed) == (media is Media.EPUB)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("12月", '<span class="tcy">12</span>月'),
        ("2013年", '<span class="upright">2013</span>年'),
        ("约3.5%", "约3.5%"),
        ("A12", "A12"),
        ("12345人", "12345人"),
    ],
)
def test_digits_stand_upright_in_vertical_lines(words: str, expected: str) -> None:
    assert f"<p>{expected}</p>" in made(tiny(Paragraph((plain(words),))), vertical=True)[0].html


def test_the_editions_own_words_follow_its_script() -> None:
    book = replace(torture.book(), lang="zh-Hant")
    assert 'aria-label="註釋"' in "".join(piece.html for piece in pieces(book, "zh-Hant-TW", Media.EPUB))
