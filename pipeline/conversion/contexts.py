"""Which of several Traditional characters a Simplified one is, by what stands around it (contexts.txt).

OpenCC takes the longest word it knows, from the left, and else the commonest character. Here the neighbours vote: one
to three characters on either side, OpenCC's own choice, another converter's (zhconv-rs), and the register of the text.
Each vote has a weight, learned by logistic regression from texts written in Traditional characters; the votes for a
character are added up, and the greatest sum is taken. How far it leads says how sure that is.

The weights were learned from texts free of copyright (docs/traditional.md). A form of a
region (裡, 裏) is no choice: candidates stand in OpenCC's standard forms.
"""

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import TypeAlias

import zhconv_rs

from pipeline.conversion.converter import converter

_EDGE, _EDGE_WRITTEN = "\n", "⏎"  # the edge of a text
_REACH = 3  # characters on either side
_PLACE, _SKIPPED = "○", "·"
# What stands near, as contexts.txt writes it: x for a character that votes.
_PATTERNS = ("x○", "○x", "x·○", "○·x", "xx○", "○xx", "x○x", "xxx○", "○xxx", "xx○x", "x○xx")
_AGAINST = 0.85  # how sure OpenCC's choice is where the other converter has another
_HABITS = frozenset("雇布")  # both are right, and Taiwan writes 雇 布 where others write 僱 佈
_WORD = 3  # characters
_HAN, _HAN_END = "\u3400", "\ua000"
_PER_WEIGHT = 100  # weights are written as hundredths
Weights: TypeAlias = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Choice:
    """At `at` of a text `before` is most likely `best`, else `other`; `sure` is the probability of the first."""

    at: int
    before: str
    best: str
    other: str
    sure: float


@dataclass(frozen=True, slots=True)
class _Votes:
    """The weights that speak for one candidate: of what stands near, by the patterns of `_PATTERNS`, and of marks."""

    start: float
    near: tuple[Weights, ...]
    marks: Weights


@dataclass(frozen=True, slots=True)
class _Character:
    """A Simplified character, its candidates, and who votes: for the second alone where there are two."""

    candidates: str
    votes: tuple[_Votes, ...]


@dataclass(frozen=True, slots=True)
class Contexts:
    """The votes for a text of one register; `taiwan` says whether Taiwan's habits of writing count (雇, not 僱)."""

    register: str
    taiwan: bool

    def choose(self, text: str, made: str) -> str:
        """`made` (OpenCC's version in its standard forms) with the best candidate wherever there is a choice.

        Left alone: a clause of up to three characters in which OpenCC knows a word.
        """
        if len(text) != len(made):
            return made
        out: list[str] | None = None
        for at, before, candidates, sums in _weighed(text, made, self.register):
            best = candidates[sums[0] > 0 if len(sums) == 1 else max(range(len(sums)), key=sums.__getitem__)]
            if best != made[at] and made[at] not in _SAME.get(best, "") and self._decides(text, at, before, made[at]):
                if out is None:
                    out = list(made)
                out[at] = best
        return made if out is None else "".join(out)

    def choices(self, text: str, made: str) -> Iterator[Choice]:
        """Every place with more than one candidate, and others where OpenCC and zhconv-rs disagree.

        Nothing is said where `made` is not as long as `text`.
        """
        if len(text) != len(made):
            return
        yield from _disagreements(text, made)
        for at, before, candidates, sums in _weighed(text, made, self.register):
            if before in _HABITS and not self.taiwan:
                continue
            if len(sums) == 1:
                best, other = (1, 0) if sums[0] > 0 else (0, 1)
                yield Choice(at, before, candidates[best], candidates[other], _probability(abs(sums[0])))
            else:
                shares = [_probability(each) for each in sums]
                best, other, *_ = sorted(range(len(shares)), key=lambda k: -shares[k])
                yield Choice(at, before, candidates[best], candidates[other], shares[best] / sum(shares))

    def _decides(self, text: str, at: int, before: str, made: str) -> bool:
        """Whether the votes come before OpenCC's choice `made` at this place."""
        if before in _HABITS:
            return self.taiwan
        return not _is_word(text, at) or made == _alone(before)


def _is_word(text: str, at: int) -> bool:
    """Whether the clause about a place is no longer than a word."""
    start = at
    while start > 0 and start > at - _WORD and _HAN <= text[start - 1] < _HAN_END:
        start -= 1
    end = at + 1
    while end < len(text) and end - start <= _WORD and _HAN <= text[end] < _HAN_END:
        end += 1
    return end - start <= _WORD


@cache
def _alone(char: str) -> str:
    """What OpenCC makes of a character by itself."""
    return converter(("s2t",))(char)


def _disagreements(text: str, made: str) -> Iterator[Choice]:
    """Where no votes are known and the two converters differ, glyphs of a region aside."""
    plain = converter(("tw2t", "hk2t"))
    one, two = plain(made), plain(_second(text))
    if len(one) == len(two) == len(text) and one != two:
        table, _ = _table()
        for at, (ours, other) in enumerate(zip(one, two, strict=True)):
            if ours != other and text[at] not in table and _HAN <= text[at] < _HAN_END:
                yield Choice(at, text[at], made[at], other, _AGAINST)


def _weighed(text: str, made: str, register: str) -> Iterator[tuple[int, str, str, list[float]]]:
    """Where there is a choice: the place, its character, the candidates, and the sum of the votes for each."""
    table, places = _table()
    standard, second = made.translate(_FORMS), _second(text)
    padded = _EDGE * _REACH + text.replace("著", "着") + _EDGE * _REACH
    for found in places.finditer(text):
        at = found.start()
        character = table[found[0]]
        l1, l2, l3 = padded[at + 2], padded[at + 1 : at + 3], padded[at : at + 3]
        r1, r2, r3 = padded[at + 4], padded[at + 4 : at + 6], padded[at + 4 : at + 7]
        near = (l1, r1, l2[0], r2[1], l2, r2, l1 + r1, l3, r3, l2 + r1, l1 + r2)
        one, two = f"={standard[at]}", f"~{second[at]}"
        marks = (one, two, one + two, register, register + one + two)
        yield at, found[0], character.candidates, [_sum(votes, near, marks) for votes in character.votes]


def _sum(votes: _Votes, near: tuple[str, ...], marks: tuple[str, ...]) -> float:
    return (
        votes.start
        + sum([weights[words] for weights, words in zip(votes.near, near, strict=True) if words in weights])
        + sum([votes.marks[mark] for mark in marks if mark in votes.marks])
    )


def _second(text: str) -> str:
    """The other converter's version in OpenCC's forms; the text itself where lengths differ or a NUL would end it."""
    second = text if "\0" in text else zhconv_rs.zhconv(text, "zh-Hant").translate(_FORMS)
    return second if len(second) == len(text) else text


def _probability(odds: float) -> float:
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, odds))))


# ---------------------------------------------------------------- the weights


# Glyphs of one character, of those that are candidates: as contexts.txt has them, and as converters may have them.
_SAME: Mapping[str, str] = {"臺": "台", "裏": "裡", "麪": "麵", "升": "陞", "淒": "悽凄", "針": "鍼"}
_FORMS = str.maketrans({glyph: form for form, glyphs in _SAME.items() for glyph in glyphs})


@cache
def _table() -> tuple[Mapping[str, _Character], re.Pattern[str]]:
    """Every character with a choice, and a pattern that finds them."""
    found: dict[str, tuple[str, list[_Votes]]] = {}
    for line in resources.files(__package__).joinpath("contexts.txt").read_text("utf-8").splitlines():
        if not line.startswith("#"):
            before, candidates, *votes = line.split("\t")
            found.setdefault(before, (candidates, []))[1].append(_votes(votes))
    table = {before: _Character(candidates, tuple(votes)) for before, (candidates, votes) in found.items()}
    return MappingProxyType(table), re.compile(f"[{''.join(table)}]")


def _votes(written: Sequence[str]) -> _Votes:
    """The votes for a candidate, from what contexts.txt writes: the start, then words and weights by turns."""
    near: dict[str, dict[str, float]] = {pattern: {} for pattern in _PATTERNS}
    marks: dict[str, float] = {}
    for words, weight in zip(written[1::2], written[2::2], strict=True):
        value = int(weight) / _PER_WEIGHT
        if _PLACE in words:
            near[_pattern(words)][_letters(words)] = value
        else:
            marks[words] = value
    return _Votes(int(written[0]) / _PER_WEIGHT, tuple(near.values()), marks)


def _pattern(words: str) -> str:
    return "".join(char if char in {_PLACE, _SKIPPED} else "x" for char in words)


def _letters(words: str) -> str:
    return words.replace(_PLACE, "").replace(_SKIPPED, "").replace(_EDGE_WRITTEN, _EDGE)
