"""What a book itself says: whether a few characters in a row stand elsewhere in it, and how often.

All runs of 2 to 7 Han characters are kept as sorted hashes (64 bits; two of a million that fall together by chance are
a matter of one in 10^7), so that a book of a million characters takes 48 MB, and a question a few microseconds.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

SIZES = range(2, 8)
_REACH = SIZES[-1] - 1
_BASE = np.uint64(0x9E3779B97F4A7C15)
Codes = NDArray[np.uint64]


@dataclass(frozen=True, slots=True)
class Standing:
    """Of one place with one character in it: the longest run of characters about it that stands elsewhere, and how
    often it does; how often the two and three characters about it do, and it between its two neighbours.
    """

    size: int
    times: int
    pairs: int
    threes: int
    between: int


class Evidence:
    """The runs of characters of one book."""

    def __init__(self, runs: Sequence[str]) -> None:
        self._grams = {size: np.sort(hashes) for size, hashes in _hashes(_codes("\0".join(runs)))}

    def times(self, words: str) -> int:
        """How often `words` (2 to 7 characters) stand in the book."""
        hashes = dict(_hashes(_codes(words)))[len(words)]
        return int(self._counts(len(words), hashes)[0])

    def standings(self, places: Sequence[tuple[str, int]], chars: Sequence[str], *, own: int) -> list[Standing]:
        """For each place (run, column) with a character put there: what stands elsewhere. `own` is 1 where the
        character stands there now, and that once does not count.
        """
        if not places:
            return []
        rows = _around(places, chars)
        size = np.zeros(len(places), np.int64)
        times = np.zeros(len(places), np.int64)
        between = np.zeros(len(places), np.int64)
        seen: dict[int, NDArray[np.int64]] = {}
        hashes, whole = rows.copy(), rows != 0
        for length in SIZES:
            hashes = hashes[:, :-1] * _BASE + rows[:, length - 1 :]
            whole = whole[:, :-1] & (rows[:, length - 1 :] != 0)
            first, last = _REACH - length + 1, _REACH
            window, valid = hashes[:, first : last + 1], whole[:, first : last + 1]
            counts = np.where(valid, self._counts(length, window.ravel()).reshape(window.shape) - own, 0)
            seen[length] = best = counts.max(axis=1)
            between = counts[:, 1] if length == 3 else between
            size = np.where(best > 0, length, size)
            times = np.where(best > 0, best, times)
        columns = (size, times, seen[2], seen[3], between)
        return [Standing(*row) for row in zip(*(column.tolist() for column in columns), strict=True)]

    def _counts(self, size: int, hashes: Codes) -> NDArray[np.int64]:
        grams = self._grams[size]
        return np.searchsorted(grams, hashes, "right") - np.searchsorted(grams, hashes, "left")


def _codes(text: str) -> Codes:
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), "<u4").astype(np.uint64)


def _hashes(codes: Codes) -> list[tuple[int, Codes]]:
    """The hashes of all runs of each size, those over a gap left out."""
    found = []
    hashes, whole = codes, codes != 0
    for size in SIZES:
        if len(hashes) < 2:
            hashes, whole = hashes[:0], whole[:0]
        else:
            hashes = hashes[:-1] * _BASE + codes[size - 1 :]
            whole = whole[:-1] & (codes[size - 1 :] != 0)
        found.append((size, hashes[whole]))
    return found


def _around(places: Sequence[tuple[str, int]], chars: Sequence[str]) -> Codes:
    """Each place with what stands up to six columns before and after it, as codes; 0 beyond the ends of its run."""
    texts = []
    for (run, at), char in zip(places, chars, strict=True):
        before, after = run[max(0, at - _REACH) : at], run[at + 1 : at + 1 + _REACH]
        texts.append(f"{before:\0>{_REACH}}{char}{after:\0<{_REACH}}")
    return _codes("".join(texts)).reshape(len(places), 2 * _REACH + 1)
