"""A word that the book writes otherwise among the same neighbours: 真心想护 beside 真心拥护.

Why: the two need not look alike, so no table knows them; but the same two characters stand before and after both, and
only one of them makes a word there. What the book writes between just these neighbours is proposed.
Left alone: places where the character read makes a word with that neighbour, or stands beside it elsewhere in the book;
words that the book hardly uses; numerals; the imprint and printed contents. Nothing is ever mended by this rule alone:
a book may say nearly the same in two ways.
"""

from collections.abc import Iterator, Sequence

from pipeline.clean.reading import Reading, Run
from pipeline.clean.rule import ProofRule
from pipeline.ledger import Confidence, Fix

_SIDE = 2  # neighbours before and after that must be the same
_WORD = 4.0  # 9 + log10 of the word that the other character makes
_GAIN = 2.0  # log10: by how much likelier the run must become
_OFTEN = 3  # times that the book writes that word
_CERTAINTY = 0.3  # so many of these doubts are right, at most
_NUMERALS = frozenset("〇零一二三四五六七八九十百千万亿两几")


def find(reading: Reading) -> Iterator[tuple[int, Fix]]:
    """Each character that stands alone against what the book writes elsewhere."""
    for number, at, others in _differing(reading.runs):
        run = reading.runs[number]
        line, column = run.place(at)
        if line in reading.reserved or run.text[at] in _NUMERALS or others & _NUMERALS:
            continue
        gain, other = max((_gain(reading, run.text, at, other), other) for other in sorted(others))
        if gain >= _GAIN:
            why = f"“{run.text[at]}”疑是“{other}”：书中别处在同样的前后文里写作“{other}”，在这里才成词"
            yield line, Fix(column, column + 1, other, why, gain=_CERTAINTY)


def _differing(runs: Sequence[Run]) -> Iterator[tuple[int, int, set[str]]]:
    """Places (run, column) whose neighbours stand elsewhere about other characters, with those."""
    seen: dict[str, dict[str, list[tuple[int, int]]]] = {}
    for number, run in enumerate(runs):
        text = run.text
        for at in range(_SIDE, len(text) - _SIDE):
            around = text[at - _SIDE : at] + text[at + 1 : at + 1 + _SIDE]
            seen.setdefault(around, {}).setdefault(text[at], []).append((number, at))
    for chars in seen.values():
        if len(chars) > 1:
            for char, places in chars.items():
                if len(places) == 1:
                    yield *places[0], chars.keys() - {char}


def _gain(reading: Reading, text: str, at: int, other: str) -> float:
    """How much likelier the run becomes, where the other makes a word of the book and the character read none."""
    beside, times = reading.known.lexicon.beside, reading.evidence.times
    read = text[at]
    for word, as_read in ((text[at - 1] + other, text[at - 1] + read), (other + text[at + 1], read + text[at + 1])):
        if (
            beside.get(word[0], {}).get(word[1], 0.0) >= _WORD
            and not beside.get(as_read[0], {}).get(as_read[1])
            and word in reading.known.lexicon.words
            and times(word) >= _OFTEN
            and times(as_read) == 1
        ):
            return reading.known.lattice(text).gain(at, other)
    return 0.0


RULE = ProofRule(
    id="variant-words",
    confidence=Confidence.DOUBTFUL,
    find=find,
    why="同样的前后文，书中别处写的是另一个字",
)
