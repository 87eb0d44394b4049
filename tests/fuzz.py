"""The laws, over books made by chance: `python -m tests.fuzz [--examples 10000] [--seconds 1800]`.

Each book (tests/paper.py: pages with heads, folios, notes, contents, leftovers of tools, odd signs) is read, cleaned
and structured, and laws 1 to 3 are asked of what comes out; its JSON must give the same book back. What breaks a law is
made as small as it goes and shown; put it into the cases.

Exit code: 0 no law broken, 1 one broken.
"""

import argparse
import sys
import time
from collections.abc import Callable

from hypothesis import HealthCheck, Phase, given, settings

from pipeline import book_json, laws, pages, source
from pipeline.clean import clean
from pipeline.errors import SourceError
from pipeline.structure import structure
from tests.paper import scanned_books

EXAMPLES, SECONDS = 10_000, 1800


def holds(data: bytes) -> None:
    """Laws 1 to 3 of a text, from its bytes to its Book and back. Raises BrokenLaw or whatever crashed."""
    try:
        read = source.read(source.Raw("fuzz", (source.RawFile("fuzz.txt", data),)))
    except SourceError:
        return  # no text: said to the user, and nothing to do
    printed = pages.find(read.lines, read.page_starts)
    cleaned = clean(read.lines, printed)
    laws.ledger_rebuilds_seed(read.lines, cleaned.lines, cleaned.ledger)
    laws.cleaning_is_settled(cleaned.lines, lambda lines: ((again := clean(lines, printed)).lines, again.ledger))
    found = structure(cleaned.lines, printed, name="fuzz")
    laws.book_tiles_lines(found.book, cleaned.lines)
    if book_json.load(book_json.dump(found.book)) != found.book:
        raise AssertionError("the JSON gives another book back")


def laws_of_books(examples: int, until: float = float("inf")) -> Callable[[], None]:
    """A test of `examples` books; after `until` (monotonic seconds) the rest are passed over."""

    @settings(
        max_examples=examples,
        deadline=None,
        database=None,
        phases=[Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
    )
    @given(scanned_books())
    def test(text: str) -> None:
        if time.monotonic() < until:
            holds(text.encode("utf-8", "surrogatepass"))

    return test


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--examples", type=int, default=EXAMPLES)
    parser.add_argument("--seconds", type=int, default=SECONDS, help="after which no more books are made")
    chosen = parser.parse_args()
    start = time.monotonic()
    laws_of_books(chosen.examples, start + chosen.seconds)()
    took = time.monotonic() - start
    print(f"{chosen.examples} 本，法则一至三皆成立 · {chosen.examples} books, laws 1 to 3 hold ({took:.0f} s)")  # noqa: T201
    return 0


if __name__ == "__main__":
    sys.exit(main())
