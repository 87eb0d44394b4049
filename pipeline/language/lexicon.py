"""The words of the language: jieba's dictionary, each word with how likely it is.

Only words of Han characters are kept. A word that the model knows has the model's figure; any other has the
dictionary's, made dearer, since the model never saw it.
"""

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

LONGEST = 7  # characters of a word
UNSEEN = -8.0  # log10 of the probability of a character that nothing lists
_DEARER = -1.5
_LISTED = re.compile(rf"(?m)^([\u4e00-\u9fff]{{1,{LONGEST}}}) (\d+)")
_NO_WORDS: Mapping[str, float] = {}


@dataclass(frozen=True, slots=True)
class Lexicon:
    """`words`: log10 of each word's probability. `prefixes`: how words begin. `beside`: which character may follow
    which within a word, with the figure of the likeliest such word (9 + log10). `unmodelled`: words that the model
    lacks.
    """

    words: Mapping[str, float]
    prefixes: frozenset[str]
    beside: Mapping[str, Mapping[str, float]]
    unmodelled: frozenset[str]

    def longest(self, text: str, at: int) -> tuple[int, float]:
        """The longest word of `text` that covers column `at`, as its length and log10 of its probability."""
        best = (1, self.words.get(text[at : at + 1], UNSEEN))
        for start in range(max(0, at - LONGEST + 1), at + 1):
            for end in range(max(at + 1, start + 2), min(len(text), start + LONGEST) + 1):
                figure = self.words.get(text[start:end])
                if figure is not None and (end - start, figure) > best:
                    best = (end - start, figure)
        return best


EMPTY = Lexicon(_NO_WORDS, frozenset(), {}, frozenset())


def dictionary() -> Path | None:
    """Where jieba's dictionary lies; None where jieba is not installed. jieba itself is never imported: it is slow."""
    found = find_spec("jieba")
    for folder in (found.submodule_search_locations or ()) if found else ():
        if (path := Path(folder) / "dict.txt").is_file():
            return path
    return None


def read(path: Path, modelled: Callable[[str], float | None]) -> Lexicon:
    """The words in `path` (one a line: word, count, kind); `modelled` gives the model's log10 for a word it knows."""
    counts = [(word, int(count) or 1) for word, count in _LISTED.findall(path.read_text("utf-8"))]
    total = sum(count for _, count in counts)
    words: dict[str, float] = {}
    unmodelled = set[str]()
    for word, count in counts:
        figure = modelled(word)
        if figure is None:
            if len(word) == 1:
                continue
            unmodelled.add(word)
            figure = math.log10(count / total) + _DEARER
        words[word] = figure
    for char in map(chr, range(0x4E00, 0xA000)):
        if char not in words and (figure := modelled(char)) is not None:
            words[char] = figure
    beside: dict[str, dict[str, float]] = {}
    prefixes = set[str]()
    for word, figure in words.items():
        for end in range(1, len(word)):
            prefixes.add(word[:end])
            after = beside.get(first := word[end - 1])
            if after is None:
                after = beside[first] = {}
            if after.get(word[end], 0.0) < figure + 9:
                after[word[end]] = figure + 9
    return Lexicon(words, frozenset(prefixes), beside, frozenset(unmodelled))
