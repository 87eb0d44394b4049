"""Which lines of a text hold something: found over the whole text at once, for speed."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from itertools import accumulate


class Lines:
    """Some lines of a text, joined for quick searching. `numbers` are their line numbers; all lines where left out."""

    def __init__(self, lines: Sequence[str], numbers: Sequence[int] | None = None) -> None:
        self._numbers: Sequence[int] = range(len(lines)) if numbers is None else numbers
        chosen = lines if numbers is None else [lines[number] for number in numbers]
        self._joined = "\n".join(chosen)
        self._starts = list(accumulate(map((1).__add__, map(len, chosen)), initial=0))

    def alphabet(self) -> set[str]:
        """The characters that occur."""
        found = set(self._joined)
        if self._joined.count("\n") < len(self._numbers):  # only those that join
            found.discard("\n")
        return found

    def holding(self, wanted: Iterable[str]) -> Sequence[int]:
        """The numbers of the lines that hold any of `wanted`, in order; all lines where nearly all do."""
        joined, starts, count = self._joined, self._starts, len(self._numbers)
        places = set[int]()
        for words in wanted:
            if len(words) == 1 and joined.count(words) * 2 > count:
                return self._numbers
            at = joined.find(words)
            while at >= 0:
                place = bisect_right(starts, at) - 1
                places.add(place)
                at = joined.find(words, starts[place + 1])
        return [self._numbers[place] for place in sorted(places)]


def holding(lines: Sequence[str], wanted: Iterable[str]) -> Sequence[int]:
    """The lines that hold any of `wanted`, in order."""
    return Lines(lines).holding(wanted)
