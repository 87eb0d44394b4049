"""Editions: a Book in one script. Only the text of its leaves may change, never its shape (law 4).

"source" is the text as it stands. Editions in other scripts are added to `EDITIONS`, each a function of the Book.
"""

from collections.abc import Callable, Mapping

from pipeline.book import Book

SOURCE = "source"


def as_it_stands(book: Book) -> Book:
    """The Book in its own script."""
    return book


EDITIONS: Mapping[str, Callable[[Book], Book]] = {SOURCE: as_it_stands}
