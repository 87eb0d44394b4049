"""Which form of heading lies within which, where the book itself shows it: 1. above 一、 against the usual order.

The usual order (forms.py) holds unless the numbers speak plainly against it: the form that should lie outside begins
anew under one item after another of the other, and that other runs on over it, never the other way round.
"""

from collections.abc import Mapping, Sequence

from pipeline.structure.titles import Title

_PLAIN = 2  # times that the numbers must say it
_WEAK = 50  # rank from which the order of forms is a habit, not a word: 章 is never within 节


def ranks(found: Sequence[Title]) -> dict[str, float]:
    """The rank of each form among the candidates, smaller for outer ones."""
    shown = [
        (numbered.form.sign, numbered.number)
        for title in found
        if (numbered := title.numbered) and title.plain and title.alone and title.opens and not title.glued
    ]
    usual = {n.form.sign: float(n.form.rank) for title in found if (n := title.numbered)}
    order = sorted(usual, key=lambda sign: usual[sign])
    weak = [sign for sign in order if usual[sign] >= _WEAK]
    anew, over = _evidence(shown)
    places = [usual[sign] for sign in weak]
    for _ in weak:  # neighbours change places until none must
        for at in range(len(weak) - 1):
            outer, inner = weak[at], weak[at + 1]
            if _reversed(outer, inner, anew, over):
                weak[at], weak[at + 1] = inner, outer
    return usual | dict(zip(weak, places, strict=True))


def _reversed(outer: str, inner: str, anew: Mapping[tuple[str, str], int], over: Mapping[tuple[str, str], int]) -> bool:
    """Whether `outer` lies within `inner` in this book."""
    return (
        anew.get((outer, inner), 0) >= _PLAIN
        and over.get((inner, outer), 0) >= _PLAIN - 1
        and not over.get((outer, inner), 0)
        and not anew.get((inner, outer), 0)
    )


def _evidence(shown: Sequence[tuple[str, int]]) -> tuple[dict[tuple[str, str], int], dict[tuple[str, str], int]]:
    """How often form A begins anew at 1 right after B, and how often A runs on (n, n + 1) over B."""
    anew: dict[tuple[str, str], int] = {}
    over: dict[tuple[str, str], int] = {}
    last: dict[str, int] = {}
    since: dict[str, set[str]] = {}  # forms met since the last item of each form
    before = ""
    for sign, number in shown:
        if number == 1 and before and before != sign:
            anew[sign, before] = anew.get((sign, before), 0) + 1
        if number > 1 and last.get(sign) == number - 1:
            for other in since.get(sign, ()):
                over[sign, other] = over.get((sign, other), 0) + 1
        for met in since.values():
            met.add(sign)
        last[sign], since[sign], before = number, set(), sign
    return anew, over
