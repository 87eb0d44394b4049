"""Where a title may break: words are found from the book's own text, so no word list is needed.

Two characters that mostly stand together in the book (实践) are one word's; two that meet by chance (育实) are not.
A title page whose second line begins with half a word looks like a machine made it.
"""

import re
from collections import Counter
from collections.abc import Mapping
from itertools import pairwise

from pipeline import walk
from pipeline.book import Book, Text

_AFTER = "：:，、；！？。　 ）》」』”—"  # a good place to break is after one of these
_NEVER_FIRST = frozenset("：:，、；！？。）》」』”’—…·")
_NEVER_LAST = frozenset("（《「『“‘")


def cohesion(book: Book) -> Mapping[str, int]:
    """How often each character and each pair of neighbours stands in the book."""
    counts: Counter[str] = Counter()
    for leaf in walk.leaves(book):
        if isinstance(leaf, Text):
            counts.update(leaf.text)
            counts.update(map("".join, pairwise(leaf.text)))
    return counts


def break_title(title: str, counts: Mapping[str, int], longest: int) -> tuple[str, ...]:
    """`title` in as few lines as hold `longest` characters each, about equally long, cut between words.

    Joined, the lines are the title again; a space at a break stays at the end of its line. Latin words are not cut.
    """
    lines = -(-len(title) // longest)
    if lines <= 1:
        return (title,) if title else ()
    # best[k][i]: the least cost of setting title[:i] in k lines, and where the last of them begins
    best: list[dict[int, tuple[float, int]]] = [{0: (0.0, 0)}]
    for _ in range(lines):
        step: dict[int, tuple[float, int]] = {}
        for start, (cost, _start) in best[-1].items():
            for end in range(start + 1, min(len(title), start + longest + 1) + 1):
                uneven = ((end - start) - len(title) / lines) ** 2 / longest
                total = cost + uneven + (0.0 if end == len(title) else _cost(title, end, counts))
                total += 100.0 * (end - start > longest)
                if end not in step or total < step[end][0]:
                    step[end] = (total, start)
        best.append(step)
    cuts, at = [len(title)], len(title)
    for step in reversed(best[1:]):
        at = step[at][1]
        cuts.append(at)
    cuts.reverse()
    return tuple(title[start:end] for start, end in pairwise(cuts))


def _cost(title: str, at: int, counts: Mapping[str, int]) -> float:
    """What it costs to break before title[at]: nothing after a mark, much inside a word."""
    before, after = title[at - 1], title[at]
    if after in _NEVER_FIRST or before in _NEVER_LAST or re.fullmatch(r"[\w.'’-]{2}", before + after, re.ASCII):
        return 50.0
    if before in _AFTER:
        return -2.0
    together = counts.get(before + after, 0)
    apart = min(counts.get(before, 0), counts.get(after, 0))
    return 12.0 * together / apart if apart else 4.0
