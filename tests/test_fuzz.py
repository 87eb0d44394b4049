"""A few of the books that `make fuzz` makes by the thousand; and what such hunts have found."""

import pytest

from tests.fuzz import holds, laws_of_books


def test_laws_hold_for_books_made_by_chance() -> None:
    laws_of_books(60)()


@pytest.mark.slow
def test_laws_hold_for_many_books_made_by_chance() -> None:
    laws_of_books(400)()


@pytest.mark.parametrize("text", ["\x00", "\f\f\n\f", "第一章\n" * 40, "“" * 300, "①" * 200 + "\n①" * 50])
def test_laws_hold_for_texts_that_are_hardly_texts(text: str) -> None:
    holds(text.encode())
