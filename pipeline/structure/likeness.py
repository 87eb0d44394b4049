"""Names among which a like one is sought: the characters that two share tell, long before they are compared."""

from collections.abc import Sequence
from math import ceil

_BLOCK = 128  # names whose characters are kept in one set of bits


class Names:
    """Names to choose from, in order. `like` never misses one; of others it lets through as few as characters tell."""

    def __init__(self, names: Sequence[str]) -> None:
        self._blocks: list[dict[str, int]] = [{} for _ in range(len(names) // _BLOCK + 2)]
        for at, name in enumerate(names):
            block, bit = self._blocks[at // _BLOCK], 1 << at % _BLOCK
            for char in set(name):
                block[char] = block.get(char, 0) | bit

    def like(self, name: str, near: range, per_cent: float) -> list[int]:
        """The names in `near` (no more than 128) whose ratio to `name` (rapidfuzz.fuzz) may reach `per_cent`.

        A ratio of p per cent of two names wants that much of `name` in their longest common subsequence, at the least,
        and so as many characters, those aside that `name` repeats.
        """
        part = per_cent / (200 - per_cent)
        chars = set(name)
        needed = ceil(part * len(name) - 1e-6) - (len(name) - len(chars))
        if needed <= 0:
            return list(near)
        places = self._with(chars, needed, near.start) & ((1 << len(near)) - 1)
        found: list[int] = []
        while places:
            lowest = places & -places
            found.append(near.start + lowest.bit_length() - 1)
            places ^= lowest
        return found

    def _with(self, chars: set[str], needed: int, start: int) -> int:
        """The names from `start` on that have `needed` of the characters, a bit for each."""
        number, shift = divmod(start, _BLOCK)
        here, there = self._blocks[number], self._blocks[number + 1]
        sums: list[int] = []  # of each name how many, in binary: a bit of all names after the other
        for char in chars:
            carry = here.get(char, 0) >> shift | there.get(char, 0) << (_BLOCK - shift)
            for at, digit in enumerate(sums):
                sums[at], carry = digit ^ carry, digit & carry
            if carry:
                sums.append(carry)
        if needed >> len(sums):
            return 0
        more, same = 0, -1
        for at in range(len(sums) - 1, -1, -1):
            if needed >> at & 1:
                same &= sums[at]
            else:
                more |= same & sums[at]
                same &= ~sums[at]
        return more | same
