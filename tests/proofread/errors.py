"""Where a text is wrong, told by its truth, and errors put into a text that is right.

Only Han characters are compared, since the proofreader changes no others. A place counts as an error where one
character stands for another and those about it agree; where whole words are missing nobody can say which is which.
"""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rapidfuzz.distance import Levenshtein

_BLOCK = 3  # characters of a difference within which each character has its counterpart
Place = tuple[int, int]  # line and column


@dataclass(frozen=True, slots=True)
class Compared:
    """`wrong`: what should stand at each place that is wrong; `right`: places known to be right. Others are unclear."""

    wrong: Mapping[Place, str]
    right: frozenset[Place]


def is_han(char: str) -> bool:
    return "\u4e00" <= char <= "\u9fff"


def compare(lines: Sequence[str], truth: str) -> Compared:
    """The Han characters of `lines` beside those of `truth`."""
    places = [(number, at) for number, line in enumerate(lines) for at, char in enumerate(line) if is_han(char)]
    read = "".join(lines[number][at] for number, at in places)
    wrong: dict[Place, str] = {}
    right: set[Place] = set()
    meant = "".join(filter(is_han, truth))
    for block in Levenshtein.opcodes(read, meant):
        size = block.src_end - block.src_start
        if block.tag == "equal":
            right.update(places[block.src_start : block.src_end])
        elif block.tag == "replace" and size == block.dest_end - block.dest_start <= _BLOCK:
            wrong |= {places[block.src_start + n]: meant[block.dest_start + n] for n in range(size)}
    return Compared(wrong, frozenset(right))


def inject(
    text: str, alike: Mapping[str, Mapping[str, float]], rate: float, seed: int, common: Mapping[str, float]
) -> tuple[list[str], dict[Place, str]]:
    """`text` as lines in which about one in 1/`rate` Han characters is another that looks like it, and what was right.

    What looks more alike is taken more often, as an engine would; characters that are hardly ever used are not taken.
    """
    chance = random.Random(seed)
    wrong: dict[Place, str] = {}
    lines = []
    for number, line in enumerate(text.split("\n")):
        chars = list(line)
        for at, char in enumerate(line):
            if chance.random() < rate and char in alike:
                others = [other for other in list(alike[char])[:8] if common.get(other, -9.0) > -5.8]
                if others:
                    weights = [10 ** (4 * alike[char][other]) for other in others]
                    chars[at] = chance.choices(others, weights)[0]
                    wrong[number, at] = char
        lines.append("".join(chars))
    return lines, wrong
