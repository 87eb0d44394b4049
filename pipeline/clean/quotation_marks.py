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
from pipeline.clean.running_text import Sign, blocks, signs
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
    for block in blocks(lines):
        for kind in (_DOUBLE, _SINGLE):
            wanted = kind.opening + kind.closing + kind.neutral
            if any(char in lines[number] for number in block for char in wanted):
                found = [sign for sign in signs(lines, block, wanted) if not _latin(sign, kind)]
                yield from _mended(found, kind)


def _latin(sign: Sign, kind: _Kind) -> bool:
    """Whether the mark is an apostrophe, an inch sign, or quotes Latin in Latin."""
    before, after = sign.before, sign.after
    if kind is _SINGLE and (before.isascii() and before.isalnum()) and (not after or after.isascii()):
        return True
    return sign.char in kind.neutral and before.isdigit() and not is_han(after)


def _mended(found: Sequence[Sign], kind: _Kind) -> Iterator[tuple[int, Fix]]:
    roles = _roles(found, kind)
    opened: list[Sign] = []
    for sign, role in zip(found, roles, strict=True):
        if role == "open":
            opened.append(sign)
        elif role == "close" and opened:
            first = opened.pop()
            if is_han(first.after) or is_han(sign.before) or not (first.after + sign.before).isascii():
                for each, right in ((first, kind.opening[0]), (sign, kind.closing[0])):
                    if each.char != right:
                        yield each.line, Fix(each.at, each.at + 1, right)


def _roles(found: Sequence[Sign], kind: _Kind) -> list[str]:
    """For each mark `open`, `close` or `stray`: the cheapest sequence (Viterbi over the depth of quotation)."""
    costs = [0.0] + [float("inf")] * _DEPTH
    back: list[list[tuple[int, str]]] = []
    for sign in found:
        opening, closing = _cost_to_open(sign, kind), _cost_to_close(sign, kind)
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


def _cost_to_open(sign: Sign, kind: _Kind) -> float:
    stopped = not sign.after or (sign.after in _STOPS and sign.after != "…") or sign.after == "—"
    begins = not sign.before or sign.before in _STARTS
    cost = 2.0 if stopped else 0.0
    if sign.char in kind.closing:
        cost += _TURN if begins and not stopped else _NEVER
    if begins:
        cost -= 0.5
    elif is_han(sign.before):
        cost += 0.2
    return cost + 0.6 * (sign.space_after - sign.space_before)


def _cost_to_close(sign: Sign, kind: _Kind) -> float:
    begins = not sign.before or sign.before in "（《“‘「『：(:，、"
    stopped = not sign.after or sign.after in _STOPS
    cost = 2.0 if begins else 0.0
    if sign.char in kind.opening:
        cost += _TURN if stopped and not begins else _NEVER
    if stopped:
        cost -= 0.5
    elif is_han(sign.after):
        cost += 0.2
    return cost + 0.6 * (sign.space_before - sign.space_after)


RULE = BookRule(
    id="quotation-marks",
    confidence=Confidence.LIKELY,
    find=find,
    why="引号成对，左开右收（GB/T 15834）",
    trigger="“”‘’\"'＂＇〝〞‟„❝❞‛",
)
