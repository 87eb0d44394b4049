"""A phrase that the book repeats, once with a word more: 教育实践学习活动 beside 教育实践活动.

Why: titles and slogans are repeated word for word; where one of very many has a word more between the same characters,
an engine or a typist may have put it there. Proposed is what all the others have.
Left alone: phrases that are repeated less often, words that the book adds or writes there more than once, words of
grammar (的, 和, 了), the imprint and printed contents. Nothing is ever mended by this rule.
"""

from collections.abc import Iterator

from pipeline.clean.reading import Reading
from pipeline.clean.rule import ProofRule
from pipeline.ledger import Confidence, Fix

_BEFORE, _ADDED, _AFTER = 4, 2, 2  # characters: the same before, what is added, the same after
_OFTEN = 10  # times that the phrase stands without the addition
_SHARE = 1 / 2500  # and in how many of the characters of the book, for a phrase that the book is about
_GRAMMAR = frozenset("的和了与及地得着过也都就又很最更不一在是为之而以大各有其所")
_CERTAINTY = 0.25


def find(reading: Reading) -> Iterator[tuple[int, Fix]]:
    """Each word that stands in a phrase once."""
    times = reading.evidence.times
    least = max(_OFTEN, reading.characters * _SHARE)
    without: dict[str, int] = {}
    for run in reading.runs:
        text = run.text
        for at in range(_BEFORE, len(text) - _ADDED - _AFTER + 1):
            added = text[at : at + _ADDED]
            if not _GRAMMAR.isdisjoint(added) or added not in reading.known.lexicon.words:
                continue
            phrase = text[at - _BEFORE : at] + text[at + _ADDED : at + _ADDED + _AFTER]
            if phrase not in without:
                without[phrase] = times(phrase)
            if without[phrase] >= least and times(text[at - 2 : at + _ADDED]) == 1:
                line, column = run.place(at)
                if line not in reading.reserved and run.place(at + 1) == (line, column + 1):
                    why = f"“{phrase}”书中别处 {without[phrase]} 处，只有这里多“{added}”"
                    yield line, Fix(column, column + _ADDED, "", why, gain=_CERTAINTY)


RULE = ProofRule(
    id="near-repeats",
    confidence=Confidence.DOUBTFUL,
    find=find,
    why="多次重复的话，只有一处多出一个词",
)
