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
from collections.abc import Callable, Iterator, Mapping
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


@dataclass(frozen=True, slots=True)
class Choice:
    """At `at` of a text `before` is most likely `best`, else `other`; `sure` is the probability of the first."""

    at: int
    before: str
    best: str
    other: str
    sure: float


Weights: TypeAlias = Callable[[str, float], float]  # a dict's get: quicker than a dict, asked millions of times


@dataclass(frozen=True, slots=True)
class _Votes:
    """The votes for one candidate: of the converters and the register, and of what stands near, as `_PATTERNS`."""

    marked: Callable[[str], float]
    l1: Weights
    r1: Weights
    l2: Weights
    r2: Weights
    ll: Weights
    rr: Weights
    lr: Weights
    lll: Weights
    rrr: Weights
    llr: Weights
    lrr: Weights


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
    """Where there is a choice: the place, its character, the candidates, and the sum of the votes for each.

    Written out rather than looped: a book has such a place in every third word.
    """
    table, places = _table(register)
    second = _second(text)
    padded = _EDGE * _REACH + text.replace("著", "着") + _EDGE * _REACH
    for found in places.finditer(text):
        at = found.start()
        character = table[found[0]]
        l2, l3 = padded[at + 1 : at + 3], padded[at : at + 3]
        r2, r3 = padded[at + 4 : at + 6], padded[at + 4 : at + 7]
        l1, r1 = l2[1], r2[0]
        one, two = made[at], second[at]
        converted = _FORM.get(one, one) + _FORM.get(two, two)
        yield (
            at,
            found[0],
            character.candidates,
            [
                votes.marked(converted)
                + votes.l1(l1, 0.0)
                + votes.r1(r1, 0.0)
                + votes.l2(l2[0], 0.0)
                + votes.r2(r2[1], 0.0)
                + votes.ll(l2, 0.0)
                + votes.rr(r2, 0.0)
                + votes.lr(l1 + r1, 0.0)
                + votes.lll(l3, 0.0)
                + votes.rrr(r3, 0.0)
                + votes.llr(l2 + r1, 0.0)
                + votes.lrr(l1 + r2, 0.0)
                for votes in character.votes
            ],
        )


def _second(text: str) -> str:
    """The other converter's version; the text itself where lengths differ or a NUL would end it."""
    second = text if "\0" in text else zhconv_rs.zhconv(text, "zh-Hant")
    return second if len(second) == len(text) else text


def _probability(odds: float) -> float:
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, odds))))


# ---------------------------------------------------------------- the weights


# Glyphs of one character, of those that are candidates: as contexts.txt has them, and as converters may have them.
_SAME: Mapping[str, str] = {"臺": "台", "裏": "裡", "麪": "麵", "升": "陞", "淒": "悽凄", "針": "鍼"}
_FORM: Mapping[str, str] = {glyph: form for form, glyphs in _SAME.items() for glyph in glyphs}


@cache
def _table(register: str = "") -> tuple[Mapping[str, _Character], re.Pattern[str]]:
    """Every character with a choice, as a register has it, and a pattern that finds them."""
    found: dict[str, tuple[str, list[_Votes]]] = {}
    for before, candidates, start, weights in _written():
        found.setdefault(before, (candidates, []))[1].append(_votes(start, weights, register))
    table = {before: _Character(candidates, tuple(votes)) for before, (candidates, votes) in found.items()}
    return MappingProxyType(table), re.compile(f"[{''.join(table)}]")


@cache
def _written() -> tuple[tuple[str, str, float, Mapping[str, float]], ...]:
    """What contexts.txt says: a character, its candidates, the start for one of them, and its weights by name."""
    rows = []
    for line in resources.files(__package__).joinpath("contexts.txt").read_text("utf-8").splitlines():
        before, candidates, start, *rest = line.split("\t")
        weights = {name: int(weight) / _PER_WEIGHT for name, weight in zip(rest[::2], rest[1::2], strict=True)}
        rows.append((before, candidates, int(start) / _PER_WEIGHT, weights))
    return tuple(rows)


def _votes(start: float, weights: Mapping[str, float], register: str) -> _Votes:
    near: dict[str, dict[str, float]] = {pattern: {} for pattern in _PATTERNS}
    marks: dict[str, float] = {}
    for name, weight in weights.items():
        if _PLACE in name:
            near[_pattern(name)][_letters(name)] = weight
        else:
            marks[name] = weight
    return _Votes(_Marks(start, marks, register).__getitem__, *(words.get for words in near.values()))


class _Marks(dict[str, float]):
    """The votes of the two converters and of the register, by what the converters made: summed up when first met."""

    def __init__(self, start: float, marks: Mapping[str, float], register: str) -> None:
        super().__init__()
        self.start, self.marks, self.register = start, marks, register

    def __missing__(self, converted: str) -> float:
        one, two = f"={converted[0]}", f"~{converted[1]}"
        names = (one, two, one + two, self.register, self.register + one + two)
        total = self[converted] = self.start + sum(self.marks.get(name, 0.0) for name in names)
        return total


def _pattern(words: str) -> str:
    return "".join(char if char in {_PLACE, _SKIPPED} else "x" for char in words)


def _letters(words: str) -> str:
    return words.replace(_PLACE, "").replace(_SKIPPED, "").replace(_EDGE_WRITTEN, _EDGE)
