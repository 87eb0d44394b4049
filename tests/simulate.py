"""A library of a million books on paper: `python -m tests.simulate [--books 1000000] [--workers 50,100,200]`.

Simulates the task graph of the press with costs that `make bench-press` measured: one parent that reads seeds and
writes books, one after the other, and workers that each make one book at a time, the longest books first. Tells for
each number of workers how long the library takes, how busy workers and parent are, and when the parent is all there is.
"""

import argparse
import heapq
import random
import sys
from dataclasses import dataclass

PER_BOOK = 0.10  # seconds of a worker's processor for any book: cover, packing, laws of small things
PER_CHARACTER = 2.0e-6  # and for each character
PARENT_BOOK = 0.012  # seconds of the parent for any book: reading, digests, files and their manifest
PARENT_CHARACTER = 3.0e-8  # and for each character, with what travels
STORED_BOOK, STORED_CHARACTER = 140_000, 13.0  # bytes of a book's folder, with snapshots and review page
E_BOOK, E_CHARACTER = 115_000, 1.6  # bytes of its EPUB alone
AHEAD = 1.5  # calls for each worker that the parent hands out


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a run went: hours, and the share of that time in which workers, and the parent, had work."""

    workers: int
    hours: float
    worked: float
    parent: float


def characters(books: int) -> list[int]:
    """Sizes as libraries have them: half of the books below 160,000 characters, some of millions; longest first."""
    chance = random.Random(5)
    return sorted((round(min(5e6, max(3e3, chance.lognormvariate(12.0, 0.8)))) for _ in range(books)), reverse=True)


def simulate(sizes: list[int], workers: int) -> Outcome:
    """Hand out every book: the parent is one clock, each worker another."""
    parent = busy = serving = 0.0
    free = [0.0] * workers
    heapq.heapify(free)
    done: list[tuple[float, int]] = []  # books that are made and wait to be written: when, and how long
    for size in sizes:
        while done and done[0][0] <= parent:
            parent += _writing(heapq.heappop(done)[1])
        reading = _reading(size)
        serving += reading + _writing(size)
        parent += reading
        start = heapq.heappop(free)
        if start > parent + AHEAD * (PER_BOOK + size * PER_CHARACTER):  # everybody has enough: the parent waits
            parent = start - AHEAD * (PER_BOOK + size * PER_CHARACTER)
        spent = PER_BOOK + size * PER_CHARACTER
        busy += spent
        end = max(start, parent) + spent
        heapq.heappush(free, end)
        heapq.heappush(done, (end, size))
    end = max(*free, parent)
    while done:
        at, size = heapq.heappop(done)
        parent = max(parent, at) + _writing(size)
    end = max(end, parent)
    return Outcome(workers, end / 3600, busy / (end * workers), serving / end)


def _reading(size: int) -> float:
    return PARENT_BOOK / 3 + size * PARENT_CHARACTER / 3


def _writing(size: int) -> float:
    return 2 * (PARENT_BOOK / 3 + size * PARENT_CHARACTER / 3)


def main() -> None:
    """The table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--books", type=int, default=1_000_000)
    parser.add_argument("--workers", default="10,50,100,200,500,1000")
    asked = parser.parse_args()
    sizes = characters(asked.books)
    total = sum(sizes)
    stored = asked.books * STORED_BOOK + total * STORED_CHARACTER
    e_books = asked.books * E_BOOK + total * E_CHARACTER
    say = sys.stdout.write
    say(f"{asked.books:,} 本，{total / 1e9:.0f} 十亿字 · {total / 1e9:.0f} billion characters\n")
    say(f"成品 {stored / 1e12:.1f} TB（其中电子书 {e_books / 1e12:.2f} TB） · stored, of which e-books\n\n")
    say("| 工作进程 workers | 小时 hours | 工作进程忙 busy | 主进程忙 parent busy |\n|---:|---:|---:|---:|\n")
    for workers in map(int, asked.workers.split(",")):
        found = simulate(sizes, workers)
        say(f"| {workers:,} | {found.hours:,.1f} | {found.worked:.0%} | {found.parent:.0%} |\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
