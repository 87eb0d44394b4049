"""Places where another converter has another opinion: what a person should look at. The only file that knows zhconv-rs.

Both look at phrases, by other tables (zhconv-rs by MediaWiki's). Where they agree they are seldom wrong together; where
they differ one of them is. Places of one kind (the same character, the same two opinions) stand together, so that one
look decides many; the kinds that are least often met come first, since there ours was least often proved.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

import zhconv_rs

from pipeline.conversion.converter import Convert, converter, steps_between
from pipeline.conversion.translator import Translator

_AROUND = 6  # characters shown on either side
_AT_MOST = 15  # kinds for every 10,000 characters


@dataclass(frozen=True, slots=True)
class Doubt:
    """In text number `text` (from 0), at `at`, `before` became `ours`; the other converter has `theirs`."""

    text: int
    at: int
    before: str
    ours: str
    theirs: str
    around: str


@dataclass(frozen=True, slots=True)
class Question:
    """Doubts of one kind: is `before` in these places `ours` or `theirs`?"""

    before: str
    ours: str
    theirs: str
    doubts: tuple[Doubt, ...]


def second_votes(texts: Iterable[str], ours: Translator, target: str) -> tuple[Question, ...]:
    """What to ask about the conversion of Simplified `texts` into `target`, at most 15 questions per 10,000 characters.

    Left out: texts whose length changes, glyph forms of a region (裡, 裏), and all that we were told (names, pairs).
    """
    plain = _standard(target)
    kinds: dict[tuple[str, str, str], list[Doubt]] = defaultdict(list)
    length = 0
    for number, text in enumerate(texts):
        length += len(text)
        for doubt in _doubts(number, text, ours, plain):
            kinds[doubt.before, doubt.ours, doubt.theirs].append(doubt)
    questions = [Question(*kind, tuple(doubts)) for kind, doubts in kinds.items()]
    questions.sort(key=lambda question: (len(question.doubts), question.before, question.theirs))
    return tuple(questions[: max(1, _AT_MOST * length // 10_000)])


def _standard(target: str) -> Convert:
    """Into OpenCC's standard forms from either region's, so that only words are compared."""
    steps = steps_between(target, "hant", vocabulary=False)
    return converter((*steps, "tw2t", "hk2t"))


def _doubts(number: int, text: str, ours: Translator, plain: Convert) -> Iterable[Doubt]:
    mine, theirs = ours.text(text), zhconv_rs.zhconv(text, "zh-Hant")
    one, other = plain(mine), plain(theirs).translate(str.maketrans("".join(ours.forms), "".join(ours.forms.values())))
    if one == other or not len(text) == len(mine) == len(one) == len(other):
        return
    told = {place for start, end, _, why in ours.known(text) if why != "例外表" for place in range(start, end)}
    for at, (a, b) in enumerate(zip(one, other, strict=True)):
        if a != b and at not in told:
            yield Doubt(number, at, text[at], mine[at], b, mine[max(0, at - _AROUND) : at + _AROUND + 1])
