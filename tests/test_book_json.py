"""4-book.json: every Book there can be comes back as it was; anything else is refused."""

import dataclasses
import json
from collections.abc import Callable
from enum import Enum
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline import book as nodes
from pipeline import book_json
from pipeline.book import (
    Block,
    Book,
    Box,
    Cell,
    Creator,
    Emphasis,
    EmphasisKind,
    Fact,
    Figure,
    Inline,
    LineBreak,
    List,
    ListItem,
    Markup,
    Metadata,
    Note,
    NoteRef,
    PageBreak,
    Paragraph,
    ParagraphStyle,
    Quote,
    QuoteKind,
    Ruby,
    Section,
    SectionKind,
    Separator,
    Span,
    Table,
    Text,
    Unprinted,
    UnprintedKind,
    Verse,
    WordSpace,
)

# ---------------------------------------------------------------- any Book at all

words = st.text(alphabet='书中有字，"\\<&\n\0\u2028😀 a', max_size=6)
numbers = st.integers(0, 10**6)


def several(of: st.SearchStrategy[Any]) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.lists(of, max_size=2).map(tuple)


spans = several(st.builds(Span, numbers, numbers, numbers))
texts = st.builds(Text, words, spans)
markups = st.builds(Markup, words, spans, words)
page_breaks = st.builds(PageBreak, words, numbers, st.none() | words)
plain_inlines: st.SearchStrategy[Inline] = st.one_of(
    texts,
    markups,
    page_breaks,
    st.builds(WordSpace),
    st.builds(LineBreak),
    st.builds(NoteRef, words, words, spans, st.booleans()),
)
inlines: st.SearchStrategy[tuple[Inline, ...]] = several(
    st.recursive(
        plain_inlines,
        lambda inner: (
            st.builds(Emphasis, st.sampled_from(EmphasisKind), several(inner)) | st.builds(Ruby, several(inner), texts)
        ),
        max_leaves=4,
    )
)
unprinted = st.builds(Unprinted, st.sampled_from(UnprintedKind), several(st.one_of(texts, markups, page_breaks)), words)
plain_blocks: st.SearchStrategy[Block] = st.one_of(
    st.builds(Paragraph, inlines, st.sampled_from(ParagraphStyle)),
    st.builds(Verse, several(inlines)),
    st.builds(Table, several(several(st.builds(Cell, inlines, st.booleans()))), inlines),
    st.builds(Figure, inlines, st.none() | markups),
    st.builds(Separator, markups),
    unprinted,
    page_breaks,
)
blocks: st.SearchStrategy[tuple[Block, ...]] = several(
    st.recursive(
        plain_blocks,
        lambda inner: st.one_of(
            st.builds(Quote, several(inner), st.sampled_from(QuoteKind)),
            st.builds(List, several(st.builds(ListItem, several(inner))), st.booleans()),
            st.builds(Box, words, inlines, inlines, several(inner)),
        ),
        max_leaves=4,
    )
)


def a_section(children: st.SearchStrategy[tuple[Section, ...]]) -> st.SearchStrategy[Section]:
    return st.builds(Section, words, st.sampled_from(SectionKind), numbers, inlines, inlines, blocks, children)


sections = several(a_section(several(a_section(st.just(())))))
metadata = st.builds(
    Metadata,
    title=words,
    creators=several(st.builds(Creator, words, words)),
    isbn=words,
    classes=several(words),
    facts=several(st.builds(Fact, words, words, st.none() | numbers)),
)
notes = several(st.builds(Note, words, st.none() | markups, blocks))
books = st.builds(Book, metadata, st.sampled_from(["zh-Hans", "zh-Hant"]), several(unprinted), sections, notes)


@given(books)
@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_a_book_comes_back_as_it_was(book: Book) -> None:
    dumped = book_json.dump(book)
    assert book_json.load(dumped) == book
    assert book_json.dump(book_json.load(dumped)) == dumped
    json.loads(dumped)


def test_the_books_above_hold_every_kind_of_node() -> None:
    """A node added to book.py is added here too."""
    kinds = [kind for kind in vars(nodes).values() if isinstance(kind, type) and kind.__module__ == nodes.__name__]
    made_from_a_book = {nodes.Edition, nodes.Repairs}
    here = {name for name, value in globals().items() if isinstance(value, type)}
    nodes_and_kinds = [kind for kind in kinds if dataclasses.is_dataclass(kind) or issubclass(kind, Enum)]
    assert {kind.__name__ for kind in nodes_and_kinds if kind not in made_from_a_book} <= here


# ---------------------------------------------------------------- a book to look at

BOOK = Book(
    Metadata("书名", creators=(Creator("张三", "著"),)),
    "zh-Hans",
    (),
    (
        Section(
            "s1",
            SectionKind.CHAPTER,
            1,
            (Text("第一章", (Span(0, 0, 3),)),),
            (),
            (Paragraph((Text("正文", (Span(1, 0, 2),)), NoteRef("n1", "①", ()))),),
        ),
    ),
    (Note("n1", None, (Paragraph(()),)),),
)


def test_a_paragraph_stands_on_one_line() -> None:
    (line,) = (line for line in book_json.dump(BOOK).splitlines() if "正文" in line)
    assert line.strip() == (
        '{"is": "Paragraph", "inlines": [{"is": "Text", "text": "正文", "spans": [[1, 0, 2]]}, '
        '{"is": "NoteRef", "note": "n1", "mark": "①", "spans": []}]}'
    )


def _altered(change: Callable[[dict[str, Any]], object]) -> str:
    whole = json.loads(book_json.dump(BOOK))
    change(whole)
    return json.dumps(whole)


def _title(whole: dict[str, Any]) -> dict[str, Any]:
    title: dict[str, Any] = whole["book"]["sections"][0]["title"][0]
    return title


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda whole: whole.update(format=99), id="another format"),
        pytest.param(lambda whole: whole.pop("book"), id="no book"),
        pytest.param(lambda whole: whole["book"].update({"is": "Section"}), id="another class"),
        pytest.param(lambda whole: whole["book"].update(colour="red"), id="unknown field"),
        pytest.param(lambda whole: whole["book"].pop("lang"), id="missing field"),
        pytest.param(lambda whole: whole["book"].update(lang=3), id="number for text"),
        pytest.param(lambda whole: whole["book"]["metadata"].update(title=None), id="nothing for text"),
        pytest.param(lambda whole: whole["book"].update(sections="abc"), id="text for a list"),
        pytest.param(lambda whole: whole["book"]["sections"][0].update(kind="poem"), id="unknown kind"),
        pytest.param(lambda whole: whole["book"]["sections"][0].update(level=True), id="truth for a number"),
        pytest.param(lambda whole: whole["book"]["sections"][0]["title"][0].update(spans=[[1, 2]]), id="short span"),
        pytest.param(
            lambda whole: whole["book"]["sections"][0]["title"][0].update(spans=[[1, 2, "3"]]), id="span of text"
        ),
        pytest.param(
            lambda whole: whole["book"]["sections"][0]["blocks"].append({"is": "Cell", "inlines": []}),
            id="a node in the wrong place",
        ),
    ],
)
def test_what_is_no_book_is_refused(change: Callable[[dict[str, Any]], object]) -> None:
    with pytest.raises(book_json.BookJsonError):
        book_json.load(_altered(change))


@pytest.mark.parametrize("text", ["", "[]", "{", "null", '{"format": 1}', "[" * 100_000])
def test_what_is_no_json_of_ours_is_refused(text: str) -> None:
    with pytest.raises(book_json.BookJsonError):
        book_json.load(text)
