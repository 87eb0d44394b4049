"""Which lines of a text hold something: found over the whole text at once, for speed."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from itertools import accumulate
from typing import SupportsIndex, overload

_STALE = 8  # of the lines one in so many may have changed before the text is joined anew


class Lines(list[str]):
    """The lines of a text while it is being cleaned: a list that is quickly searched, also when some have changed.

    `alphabet` holds every character that occurs, or did once. Only single lines may be set.
    """

    __slots__ = ("_changed", "_found", "_joined", "_starts", "alphabet")

    def __init__(self, lines: Iterable[str]) -> None:
        super().__init__(lines)
        self._join()
        self.alphabet: set[str] = set(self._joined)
        if self._joined.count("\n") < len(self):  # only those that join
            self.alphabet.discard("\n")

    def _join(self) -> None:
        self._joined = "\n".join(self)
        self._starts = list(accumulate(map((1).__add__, map(len, self)), initial=0))
        self._changed = set[int]()  # lines that have been set since
        self._found: dict[str, list[int]] = {}  # what was asked before

    @overload
    def __setitem__(self, key: SupportsIndex, value: str) -> None: ...
    @overload
    def __setitem__(self, key: slice, value: Iterable[str]) -> None: ...
    def __setitem__(self, key: SupportsIndex | slice, value: str | Iterable[str]) -> None:
        if isinstance(key, slice) or not isinstance(value, str):
            raise TypeError("lines are set one by one")
        super().__setitem__(key, value)
        self._changed.add(range(len(self))[key])
        self.alphabet.update(value)

    def holding(self, wanted: Iterable[str]) -> Sequence[int]:
        """The numbers of the lines that hold any of `wanted` (each a character or a word), in order."""
        if len(self._changed) * _STALE > len(self):
            self._join()
        words = [word for word in wanted if self.alphabet.issuperset(word)]
        places = set[int]()
        for word in words:
            if word not in self._found:
                self._found[word] = self._search(word)
            places.update(self._found[word])
        places -= self._changed
        places.update(line for line in self._changed if any(word in self[line] for word in words))
        return sorted(places)

    def _search(self, word: str) -> list[int]:
        """The lines that held the word when they were joined."""
        joined, starts = self._joined, self._starts
        places = list[int]()
        at = joined.find(word)
        while at >= 0:
            place = bisect_right(starts, at)
            places.append(place - 1)
            at = joined.find(word, starts[place])
        return places


def holding(lines: Sequence[str], wanted: Iterable[str]) -> Sequence[int]:
    """The lines that hold any of `wanted`, in order."""
    return (lines if isinstance(lines, Lines) else Lines(lines)).holding(wanted)
