"""What readers and checkers that nobody here wrote make of our e-books (tests/readers; set-up installs them).

foliate-js in headless Chromium opens every page, and shows each note in a pop-up; what it and Readium's parser read
equals the Book's text, character for character (of MuPDF, the third reader, see test_epub.py); DAISY Ace finds nothing.
"""

from collections.abc import Iterator
from typing import Any

import pytest

from pipeline import book_json, walk
from pipeline.book import Book
from tests import torture
from tests.shelf import SEEDS, TRADITIONAL, Shelf, traditional

pytestmark = pytest.mark.slow
BOOKS = ["torture", "vertical", "duokan", "nameless", *TRADITIONAL, *SEEDS]


def the_book(name: str, shelf: Shelf) -> Book:
    """What the e-book of that name was made from."""
    if name in SEEDS:
        return book_json.load((shelf.built(name) / "4-book.json").read_text("utf-8"))
    if name in TRADITIONAL:
        return traditional(name).book
    return torture.book(1 if name == "nameless" else 3)


def words_of(name: str, shelf: Shelf) -> Iterator[str]:
    """What is shown of a book, in order: leaf by leaf; of a seed, which has unprinted pages, block by block."""
    book = the_book(name, shelf)
    if name not in SEEDS and name not in TRADITIONAL:
        yield from (walk.shown(leaf) for section in book.sections for leaf in walk.section_leaves(section))
        return
    for section in walk.sections(book):
        yield from (walk.plain(section.title), walk.plain(section.subtitle), *map(walk.block_plain, section.blocks))


def squeezed(words: str) -> str:
    return "".join(words.split())


@pytest.mark.parametrize("name", BOOKS)
def test_foliate_reads_the_book_to_the_letter(name: str, shelf: Shelf) -> None:
    seen = shelf.foliate(name)
    assert seen["errors"] == []
    read = "".join(section["words"] for section in seen["sections"] if "text/" in section["id"])
    assert squeezed(read) == squeezed("".join(words_of(name, shelf)))


@pytest.mark.parametrize("name", BOOKS)
def test_readium_reads_the_book_to_the_letter(name: str, shelf: Shelf) -> None:
    read = "".join(words for page, words in shelf.readium(name)["words"] if "text/" in page)
    assert squeezed(read) == squeezed("".join(words_of(name, shelf)))


@pytest.mark.parametrize("name", BOOKS)
def test_foliate_pops_up_every_note_and_the_way_back_returns(name: str, shelf: Shelf) -> None:
    seen = shelf.foliate(name)
    notes = {note.anchor: squeezed("".join(map(walk.block_plain, note.blocks))) for note in the_book(name, shelf).notes}
    popped = {anchor for anchor, _ in seen["notes"]}
    assert popped | set(seen["unmarked"]) == set(notes)
    assert seen["unmarked"] == [anchor for anchor in notes if anchor == "note-lost"]  # marked within a note only
    for anchor, shown in seen["notes"]:
        assert notes[anchor] in squeezed(shown), anchor
        for other, said in notes.items():  # and nothing of another note
            if other != anchor and said not in notes[anchor]:
                assert said not in squeezed(shown), (anchor, other)
    assert len(seen["backlinks"]) >= len(notes) - len(seen["unmarked"])
    assert all(seen["backlinks"])


def test_foliate_sees_pages_landmarks_and_mode(shelf: Shelf) -> None:
    seen = shelf.foliate("torture")
    assert seen["pages"] == ["i", "ii", "1", "2", "3", "4", "10", "11", "12"]
    assert seen["landmarks"] == ["cover", "titlepage", "copyright-page", "toc", "bodymatter", "colophon"]
    assert {section["mode"] for section in seen["sections"]} == {"horizontal-tb"}
    for name in ("vertical", "taiwan"):
        upright = shelf.foliate(name)
        assert upright["direction"] == "rtl"
        assert {section["mode"] for section in upright["sections"]} == {"vertical-rl"}


@pytest.mark.parametrize("name", TRADITIONAL)
def test_a_reader_sees_no_mark_of_the_other_script(name: str, shelf: Shelf) -> None:
    read = "".join(section["words"] for section in shelf.foliate(name)["sections"])
    assert not set("“”‘’") & set(read)
    assert "「" in read


@pytest.mark.parametrize("name", BOOKS)
def test_readium_reads_the_same_book(name: str, shelf: Shelf) -> None:
    seen, foliate = shelf.readium(name), shelf.foliate(name)
    assert len(seen["readingOrder"]) == len(foliate["sections"])
    assert [item["title"] for item in _flat(seen["toc"])] == foliate["contents"]
    assert [item["title"] for item in seen.get("pageList", [])] == foliate["pages"]
    assert len(seen["landmarks"]) == len(foliate["landmarks"])


def _flat(items: list[Any]) -> list[Any]:
    return [deep for item in items for deep in (item, *_flat(item.get("children", [])))]


@pytest.mark.parametrize("name", BOOKS)
def test_ace_finds_no_violation(name: str, shelf: Shelf) -> None:
    report = shelf.ace(name)
    complaints = [
        (page["earl:testSubject"]["url"], one["earl:test"]["dct:title"], one["earl:result"]["dct:description"])
        for page in report["assertions"]
        for one in page["assertions"]
    ]
    assert complaints == []
    assert report["earl:result"]["earl:outcome"] == "pass"
    assert len(report["data"]) > 0  # it did look into the book
