"""Quotation marks are paired and turned the right way: "…", ”…“, “…“ become “…”.

Why: GB/T 15834-2011 4.8; engines read straight marks, or turn one of a pair. Within a paragraph, over its wrapped lines
and pages, the likeliest sequence of opening and closing marks is found from their shape and their neighbours; only
marks that then have a partner are changed.
Left alone: marks without a partner (a quotation may run over paragraphs; a note mark may be misread), 「」 and 『』,
apostrophes and inch signs in Latin and digits, quotations in Latin text.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pipeline.clean.rule import BookRule
from pipeline.clean.running_text import Sign, places, sign
from pipeline.clean.signs import is_han
from pipeline.ledger import Confidence, Fix
from pipeline.pages import Page

_STOPS = frozenset("，。、；：？！）》」』,.;:?!)…")
_STARTS = frozenset("，。；：？！、（《“‘「『—…(,:;")
_DEPTH = 3  # how deep quotations of one kind nest
_TURN = 2.2  # the cost of turning a mark round where its neighbours ask for it
_NEVER = 20.0  # and where they do not
_STRAY = 3.4  # the cost of taking a mark for no quotation mark at all


@dataclass(frozen=True, slots=True)
class _Kind:
    """Double or single marks: how they open and close, and what else is read for them."""

    opening: str
    closing: str
    neutral: str


_DOUBLE = _Kind("“〝‟❝", "”〞„❞", '"＂')
_SINGLE = _Kind("‘‛", "’", "'＇")


def find(lines: Sequence[str], pages: Sequence[Page]) -> Iterator[tuple[int, Fix]]:  # noqa: ARG001
    """Each mark whose partner is known and which is not written as its place asks."""
    for kind in (_DOUBLE, _SINGLE):
        for found in places(lines, kind.opening + kind.closing + kind.neutral):
            if not _well_paired("".join([lines[number][at] for number, at in found]), kind):
                marks = [sign(lines, number, at) for number, at in found]
                yield from _mended([mark for mark in marks if not _latin(mark, kind)], kind)


def _well_paired(marks: str, kind: _Kind) -> bool:
    """Whether the marks are such as this rule writes and take turns already."""
    return not marks.replace(kind.opening[0] + kind.closing[0], "")


def _latin(mark: Sign, kind: _Kind) -> bool:
    """Whether the mark is an apostrophe, an inch sign, or quotes Latin in Latin."""
    before, after = mark.before, mark.after
    if kind is _SINGLE and (before.isascii() and before.isalnum()) and (not after or after.isascii()):
        return True
    return mark.char in kind.neutral and before.isdigit() and not is_han(after)


def _mended(found: Sequence[Sign], kind: _Kind) -> Iterator[tuple[int, Fix]]:
    roles = _roles(found, kind)
    opened: list[Sign] = []
    for mark, role in zip(found, roles, strict=True):
        if role == "open":
            opened.append(mark)
        elif role == "close" and opened:
            first = opened.pop()
            if is_han(first.after) or is_han(mark.before) or not (first.after + mark.before).isascii():
                for each, right in ((first, kind.opening[0]), (mark, kind.closing[0])):
                    if each.char != right:
                        yield each.line, Fix(each.at, each.at + 1, right)


def _roles(found: Sequence[Sign], kind: _Kind) -> list[str]:
    """For each mark `open`, `close` or `stray`: the cheapest sequence (Viterbi over the depth of quotation)."""
    costs = [0.0] + [float("inf")] * _DEPTH
    back: list[list[tuple[int, str]]] = []
    for mark in found:
        opening, closing = _cost_to_open(mark, kind), _cost_to_close(mark, kind)
        best = [float("inf")] * (_DEPTH + 1)
        from_ = [(0, "stray")] * (_DEPTH + 1)
        for depth, cost in enumerate(costs):
            ways = [(depth, cost + _STRAY, "stray")]
            if depth < _DEPTH:
                ways.append((depth + 1, cost + opening + (0.0, 1.6, 2.4)[min(depth, 2)], "open"))
            if depth:
                ways.append((depth - 1, cost + closing, "close"))
            for to, price, role in ways:
                if price < best[to]:
                    best[to], from_[to] = price, (depth, role)
        costs = best
        back.append(from_)
    depth = min(range(_DEPTH + 1), key=lambda d: costs[d] + 3.0 * d)
    roles = []
    for from_ in reversed(back):
        depth, role = from_[depth]
        roles.append(role)
    return roles[::-1]


def _cost_to_open(mark: Sign, kind: _Kind) -> float:
    stopped = not mark.after or (mark.after in _STOPS and mark.after != "…") or mark.after == "—"
    begins = not mark.before or mark.before in _STARTS
    cost = 2.0 if stopped else 0.0
    if mark.char in kind.closing:
        cost += _TURN if begins and not stopped else _NEVER
    if begins:
        cost -= 0.5
    elif is_han(mark.before):
        cost += 0.2
    return cost + 0.6 * (mark.space_after - mark.space_before)


def _cost_to_close(mark: Sign, kind: _Kind) -> float:
    begins = not mark.before or mark.before in "（《“‘「『：(:，、"
    stopped = not mark.after or mark.after in _STOPS
    cost = 2.0 if begins else 0.0
    if mark.char in kind.opening:
        cost += _TURN if stopped and not begins else _NEVER
    if stopped:
        cost -= 0.5
    elif is_han(mark.after):
        cost += 0.2
    return cost + 0.6 * (mark.space_before - mark.space_after)


RULE = BookRule(
    id="quotation-marks",
    confidence=Confidence.LIKELY,
    find=find,
    why="引号成对，左开右收（GB/T 15834）",
    trigger="“”‘’\"'＂＇〝〞‟„❝❞‛",
)
