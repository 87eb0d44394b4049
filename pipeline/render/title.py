"""Where a title may break: its words are found from the book's own text, so no word list is needed.

A word keeps changing company (在实践中, 实践活动, 实践证明); letters met inside a fixed phrase or by chance do not
(教|育实|践). So a place in the title is the worse to break at, the more kinds of neighbours the letters around it have
in the book: accessor variety, Feng et al. 2004. A title page whose second line begins with half a word looks like a
machine made it.
"""

import math
import re
from functools import lru_cache
from itertools import pairwise

from pipeline import walk
from pipeline.book import Book, Text

_AFTER = "：:，、；！？。　 ）》」』”—"  # a good place to break is after one of these
_NEVER_FIRST = frozenset("：:，、；！？。）》」』”’—…·")
_LINE, _TOO_LONG = 1.5, 100.0  # what a line costs, and one that is a character too long
_NEVER_LAST = frozenset("（《「『“‘")
_LONGEST_TITLE = 150  # characters
_LONGEST_WORD = 7  # 中华人民共和国
_ENOUGH = 16  # kinds of neighbours; more say no more


def running_text(book: Book) -> str:
    """All the book says, leaf by leaf: what `break_title` learns the words from."""
    return "\n".join(leaf.text for leaf in walk.leaves(book) if isinstance(leaf, Text))


def break_title(title: str, words_from: str, longest: int) -> tuple[str, ...]:
    """`title` in as few lines as hold about `longest` characters each, nearly equally long, cut between words.

    One line more than needed is taken where that keeps a word whole. Joined, the lines are the title again; a space at
    a break stays at the end of its line. Latin words are not cut. What is longer than any title is cut to measure.
    """
    fewest = -(-len(title) // longest)
    if fewest <= 1:
        return (title,) if title else ()
    if len(title) > _LONGEST_TITLE:
        return tuple(title[at : at + longest] for at in range(0, len(title), longest))
    costs = _costs(title, words_from)
    ways = [_in_lines(title, costs, longest, lines) for lines in (fewest, fewest + 1)]
    return min(ways, key=lambda way: way[0])[1]


@lru_cache(maxsize=2)  # a title is broken for the cover and for the title page
def _costs(title: str, words_from: str) -> dict[int, float]:
    return {at: _cost(title, at, words_from) for at in range(1, len(title))}


def _in_lines(title: str, costs: dict[int, float], longest: int, lines: int) -> tuple[float, tuple[str, ...]]:
    """The cheapest way to set `title` in exactly so many lines, and what it costs."""
    # best[k][end]: the least cost of title[:end] in k lines, and where the last of them begins
    best: list[dict[int, tuple[float, int]]] = [{0: (_LINE * lines, 0)}]
    for _ in range(lines):
        step: dict[int, tuple[float, int]] = {}
        for start, (cost, _start) in best[-1].items():
            for end in range(start + 1, min(len(title), start + longest + 1) + 1):
                total = cost + ((end - start) - len(title) / lines) ** 2 / longest + costs.get(end, 0.0)
                total += _TOO_LONG * (end - start > longest)
                if end not in step or total < step[end][0]:
                    step[end] = (total, start)
        best.append(step)
    cuts, at = [len(title)], len(title)
    for step in reversed(best[1:]):
        at = step[at][1]
        cuts.append(at)
    cuts.reverse()
    return best[-1][len(title)][0], tuple(title[start:end] for start, end in pairwise(cuts))


def _cost(title: str, at: int, words_from: str) -> float:
    """What it costs to break before title[at]: nothing after a mark, much inside a word."""
    before, after = title[at - 1], title[at]
    if after in _NEVER_FIRST or before in _NEVER_LAST or re.fullmatch(r"[\w.'’-]{2}", before + after, re.ASCII):
        return 50.0
    if before in _AFTER:
        return -2.0
    grams = (
        title[start : start + length]
        for length in range(2, _LONGEST_WORD + 1)
        for start in range(max(0, at - length + 1), min(at, len(title) - length + 1))
    )
    return max(math.log2(max(1, _variety(gram, words_from))) * (3.5 - 0.25 * len(gram)) for gram in grams)


def _variety(gram: str, words_from: str) -> int:
    """How many kinds of characters stand before, or after, `gram`, whichever are fewer; no more than _ENOUGH."""
    before: set[str] = set()
    after: set[str] = set()
    at = words_from.find(gram, 1)
    while at >= 0 and min(len(before), len(after)) < _ENOUGH:
        before.add(words_from[at - 1])
        after.add(words_from[at + len(gram) : at + len(gram) + 1])
        at = words_from.find(gram, at + 1)
    return min(len(before), len(after))
