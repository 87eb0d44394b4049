"""Places whose conversion a person should look at: where the votes are close, or two converters disagree.

Places of one kind (the same character, the same two candidates) stand together, so that one look decides many; the
least sure stand first. Kinds are ranked by how many of their places are likely wrong.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pipeline.conversion.translator import DOUBTFUL, Translator

_AROUND = 6  # characters shown on either side
_AT_MOST = 15  # kinds for every 10,000 characters
_AT_LEAST = 15  # kinds in a short text
_PLACES_AT_MOST = 150  # places for every 10,000 characters


@dataclass(frozen=True, slots=True)
class Doubt:
    """In text number `text` (from 0), at `at`, `before` became `ours`, and may be `other`: `sure` is how likely not."""

    text: int
    at: int
    before: str
    ours: str
    other: str
    sure: float
    around: str


@dataclass(frozen=True, slots=True)
class Question:
    """Doubts of one kind, the greatest first: is `before` in these places `ours` or `other`?"""

    before: str
    ours: str
    other: str
    doubts: tuple[Doubt, ...]

    @property
    def gain(self) -> float:
        """How many of the places are likely wrong."""
        return sum(1 - doubt.sure for doubt in self.doubts)


def second_votes(texts: Iterable[str], ours: Translator) -> tuple[Question, ...]:
    """What to ask about the conversion of Simplified `texts`, at most 15 questions and 150 places in 10,000 characters.

    Left out: texts whose length changes, glyph forms of a region (裡, 裏), and all that we were told (names, pairs,
    decisions).
    """
    length = 0
    found: list[Doubt] = []
    for number, text in enumerate(texts):
        length += len(text)
        found += _doubts(number, text, ours)
    found.sort(key=lambda doubt: (doubt.sure, doubt.text, doubt.at))
    kinds: dict[tuple[str, str, str], list[Doubt]] = defaultdict(list)
    for doubt in found[: _most(_PLACES_AT_MOST, length)]:
        kinds[doubt.before, doubt.ours, doubt.other].append(doubt)
    questions = [Question(*kind, tuple(doubts)) for kind, doubts in kinds.items()]
    questions.sort(key=lambda question: (-question.gain, question.before, question.other))
    return tuple(questions[: _most(_AT_MOST, length)])


def _most(share: int, length: int) -> int:
    return max(_AT_LEAST, share * length // 10_000)


def _doubts(number: int, text: str, ours: Translator) -> Iterator[Doubt]:
    mine = ours.text(text)
    if len(mine) != len(text):
        return
    for choice in ours.choices(text):
        at, other, sure = choice.at, choice.other, choice.sure
        if mine[at] != choice.best:  # an exception spoke against the votes
            other, sure = choice.best, 1 - sure
        if sure < DOUBTFUL and mine[at] != other:
            yield Doubt(number, at, choice.before, mine[at], other, sure, text[max(0, at - _AROUND) : at + _AROUND + 1])
