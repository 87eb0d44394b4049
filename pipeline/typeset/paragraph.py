"""Breaks a paragraph into lines. Knows units and widths, nothing of fonts, boxes or pages.

How a line is made (CLREQ § 3.1.4 line adjustment, § 3.1.6 compression; GB/T 15834 § 5.1):

1. Where marks meet, their blank halves are given up: 。” and ）（ take one and a half characters, not two.
2. A mark that ends a line takes half a character; an opening bracket that begins one loses its blank half.
3. What does not fit is pushed in first: other marks give their blank halves, quarter-em spaces half of theirs, all in
   the same proportion. Where that is not enough, word spaces and the gaps between scripts are widened first
   (CLREQ § 3.1.4; JLREQ § 3.8.4: to half an em), and only then are characters spread apart, evenly.
4. The first way that fits is taken (greedy). A paragraph in which that spreads a line, or leaves a single character
   on the last line, is broken anew as a whole: the cheapest of all ways, over the few breaks a line can have.

Lengths are CSS pixels, like WeasyPrint's.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from math import inf
from typing import Any, cast

from pipeline.typeset.characters import LONG, Kind, is_han, takes_space_after, takes_space_before

QUARTER = 0.25  # em between Han and Western (CLREQ § 3.2.2); may shrink to an eighth
_HALF = 0.5  # em to which a word space, or the gap before a Western word, may be widened
_REACH_AFTER = 0.08  # em by which the gap after one may be: more of it would be read back as a space (drawing.py)
_REACH_AT_MARKS = 0.07  # em by which the gap at a mark, a dash or an ellipsis may be
_STAYS_SQUEEZED = 0.25  # em that marks which meet lose in any line
_SLACK = 0.01  # px; what floats may lie by
_EVEN = 0.0015  # em per gap: a line spread by less is not seen
_DEAREST = 1e6  # what a lonely last character costs: more than any spreading
_WIDEST_GAP = 0.0155  # em per gap that nobody minds; beyond it a line looks loose


@dataclass(slots=True, eq=False)
class Unit:
    """A token set in a font: `width` as the font has it; `blank_left` and `blank_right` what may be given up.

    `drawn` is whatever the draughtsman needs; this module does not look at it.
    """

    text: str
    kind: Kind
    width: float
    em: float
    blank_left: float = 0.0
    blank_right: float = 0.0
    no_start: bool = False
    no_end: bool = False
    plain: bool = False  # an ideograph that no rule touches
    drawn: Any = None


@dataclass(slots=True)
class Line:
    """Units [start, end) of a paragraph as one line; the next begins at `resume`, None after the last.

    `lead` is cut from the first unit, `squeeze` is the share of all shrinkable room that was taken (below zero: the
    share of all that its spaces can be widened by), `width` what comes of it before spreading. `trim` is cut from the
    gap before the last unit: the left blank of a centred mark that ends the line.
    """

    start: int
    end: int
    resume: int | None
    width: float
    lead: float
    squeeze: float
    forced: bool
    trim: float = 0.0


class _Sparse(dict[int, Any]):
    """What stands at each place, where nearly everywhere it is the same."""

    def __init__(self, of: "list[Any] | _Sparse", usual: float) -> None:
        super().__init__(of if isinstance(of, _Sparse) else {i: one for i, one in enumerate(of) if one != usual})
        self.usual = usual

    def __missing__(self, place: int) -> Any:
        return self.usual


class Paragraph:
    """Units with what stands between them. `glue[i]`, `give[i]`, `reach[i]`, `grow[i]` hold for the gap after unit i:
    its fixed width, how much can be taken from it, how much can be added, and its share when a line is spread.
    """

    __slots__ = (
        "breaks", "ends", "gaps_between", "give", "given", "glue", "grow", "grown", "reach", "reached", "uneven",
        "units", "upto",
    )  # fmt: skip

    def __init__(self, units: Sequence[Unit]) -> None:
        count = len(units)
        self.units = units
        self.glue: list[float] | _Sparse = [0.0] * count
        self.give: list[float] | _Sparse = [0.0] * count
        self.reach: list[float] | _Sparse = [0.0] * count
        self.grow: list[int] | _Sparse = [1] * count
        self.breaks = bytearray(b"\x01" * count)
        self.upto: list[float] = []
        self.given: list[float] = []
        self.reached: list[float] = []
        self.grown: list[int] = []
        touched = [i for i, unit in enumerate(units) if not unit.plain]
        done = -2
        for i in touched:
            if i - 1 > done and i:
                self._join(i - 1)
            if i + 1 < count:
                self._join(i)
            done = i
        if count:
            self.grow[-1] = 0
            self.breaks[-1] = 1
        self._add_up()
        self.uneven = [i for i in touched_or_before(touched) if self._is_uneven(i)]
        self.gaps_between = [i for i in self.uneven if self.glue[i] > 0]
        self.ends = [i for i in touched if units[i].kind is Kind.BREAK]

    def remember(self) -> None:
        """Add up what stands before each unit; done anew where it was forgotten."""
        if self.upto:
            return
        count = range(len(self.units))
        self.glue, self.give, self.reach = ([of[i] for i in count] for of in (self.glue, self.give, self.reach))
        self.grow = [self.grow[i] for i in count]
        self._add_up()

    def _add_up(self) -> None:
        self.upto = [
            0.0,
            *accumulate(
                unit.width + glue for unit, glue in zip(self.units, cast("list[float]", self.glue), strict=True)
            ),
        ]
        self.given = [0.0, *accumulate(cast("list[float]", self.give))]
        self.reached = [0.0, *accumulate(cast("list[float]", self.reach))]
        self.grown = [0, *accumulate(cast("list[int]", self.grow))]

    def forget(self) -> None:
        """Keep only what lines are drawn from: sums take a hundred bytes for each character of the book."""
        self.upto, self.given, self.reached, self.grown = [], [], [], []
        self.glue, self.give, self.reach = (_Sparse(of, 0.0) for of in (self.glue, self.give, self.reach))
        self.grow = _Sparse(self.grow, 1)

    def _is_uneven(self, i: int) -> bool:
        """Whether the gap after unit i is drawn in any line as other than its even share."""
        return bool(self.glue[i] or self.give[i] or self.reach[i]) or self.grow[i] != 1 or len(self.units[i].text) > 1

    def words(self, start: int, end: int) -> str:
        """What units [start, end) say."""
        return "".join([unit.text for unit in self.units[start:end]])

    def spaced(self, start: int, end: int) -> bool:
        """Whether a gap between scripts stands within units [start, end)."""
        at = bisect_left(self.gaps_between, start)
        return at < len(self.gaps_between) and self.gaps_between[at] < end - 1

    def _join(self, i: int) -> None:
        """The gap between unit i and the next."""
        a, b = self.units[i], self.units[i + 1]
        kind, after = a.kind, b.kind
        if b.no_start or a.no_end or after is Kind.SPACE or after is Kind.BREAK or after is Kind.MARK:
            self.breaks[i] = 0
        if kind is Kind.CLOSING and after in (Kind.CLOSING, Kind.OPENING):
            self._squeeze(i, max(a.blank_right, b.blank_left), a.em)
        elif kind is after is Kind.OPENING:
            self._squeeze(i, b.blank_left, a.em)
        elif kind is Kind.CLOSING:
            self.give[i] = a.blank_right
            self.reach[i] = a.em * _REACH_AT_MARKS
        elif after in (Kind.OPENING, Kind.CLOSING):
            self.give[i] = b.blank_left
            self.reach[i] = a.em * _REACH_AT_MARKS if after is Kind.OPENING and kind is not Kind.OPENING else 0.0
        elif a.text[0] in LONG or b.text[0] in LONG:
            self.reach[i] = a.em * _REACH_AT_MARKS
        if kind is Kind.WESTERN:
            self._after_western(i, a, b)
        elif kind is Kind.SPACE:
            self.give[i] += a.width * 0.3
            self.reach[i] = max(a.em * _HALF - a.width, 0.0)
            self.grow[i] = 0
            if a.text[-1] == "\u00a0":
                self.breaks[i] = 0
        elif after is Kind.WESTERN and kind is Kind.IDEOGRAPH and takes_space_before(b.text[0]) and is_han(a.text[-1]):
            self._space(i, a, b)
        if after is Kind.MARK:
            self.grow[i] = 0

    def _squeeze(self, i: int, blank: float, em: float) -> None:
        """Two marks that meet. What they lose beyond a quarter-em can be given back where a line would be spread."""
        self.glue[i] = -blank
        self.reach[i] = max(min(blank, em * _HALF) - em * _STAYS_SQUEEZED, 0.0)

    def _after_western(self, i: int, a: Unit, b: Unit) -> None:
        if b.kind is Kind.WESTERN:
            self.grow[i] = 0
            seam = a.text[-1] in "/._-?&=@" or len(a.text) >= 12
            self.breaks[i] = 1 if seam and a.drawn is not None and a.text[-1] + b.text[0] not in ("..", "--") else 0
        elif b.kind is Kind.SPACE:
            self.grow[i] = 3
        elif b.kind is Kind.IDEOGRAPH and takes_space_after(a.text[-1]) and is_han(b.text[0]):
            self._space(i, a, b)

    def _space(self, i: int, a: Unit, b: Unit) -> None:
        em = min(a.em, b.em)
        self.glue[i] = em * QUARTER
        self.give[i] = em * QUARTER / 2
        self.reach[i] = em * (_REACH_AFTER if a.kind is Kind.WESTERN else _HALF - QUARTER)
        self.grow[i] = 2

    # ------------------------------------------------------------ measuring

    def lead(self, start: int) -> float:
        """What an opening mark loses at the head of a line; the first line of a paragraph keeps it (CLREQ § 3.1.6)."""
        unit = self.units[start]
        return unit.blank_left if start and unit.kind is Kind.OPENING else 0.0

    def visible_end(self, start: int, end: int) -> int:
        """`end` without the spaces and the break that close units [start, end)."""
        while end > start and self.units[end - 1].kind in (Kind.SPACE, Kind.BREAK):
            end -= 1
        return end

    def width(self, start: int, end: int) -> float:
        """Units [start, end) as a line of their own, unsqueezed: its last mark at half width."""
        end = self.visible_end(start, end)
        if end == start:
            return 0.0
        last = self.units[end - 1]
        natural = self.upto[end - 1] - self.upto[start] - self.lead(start) + last.width
        if last.kind is Kind.CLOSING and end < len(self.units):
            natural -= last.blank_right + self.trim(start, end)
        return natural

    def trim(self, start: int, end: int) -> float:
        """What a centred mark that closes units [start, end) loses on its left; on its right it loses as much."""
        last = self.units[end - 1]
        return last.blank_left if last.kind is Kind.CLOSING and start < end - 1 and end < len(self.units) else 0.0

    def room(self, start: int, end: int) -> float:
        """How much units [start, end) can give in all."""
        end = self.visible_end(start, end)
        if end <= start:
            return 0.0
        trim = self.trim(start, end)
        return self.given[end - 1] - self.given[start] - (min(trim, self.give[end - 2]) if trim else 0.0)

    def gap(self, i: int, line: Line) -> float:
        """The gap after unit i in a line."""
        if line.squeeze < 0:
            gap = self.glue[i] - line.squeeze * self.reach[i]
        elif line.trim and i == line.end - 2:
            gap = self.glue[i] - line.squeeze * max(self.give[i] - line.trim, 0.0)
        else:
            return self.glue[i] - line.squeeze * self.give[i]
        return gap - line.trim if i == line.end - 2 else gap

    def taken(self, start: int, end: int, line: Line) -> float:
        """What a line takes from the gaps within its units [start, end), or below zero adds to them."""
        if end <= start:
            return 0.0
        given = self.given if line.squeeze >= 0 else self.reached
        taken = line.squeeze * (given[end - 1] - given[start])
        if line.trim and start < line.end - 1 == end - 1:
            taken += line.trim
            if line.squeeze > 0:
                taken -= line.squeeze * min(line.trim, self.give[end - 2])
        return taken

    def gaps(self, start: int, end: int) -> int:
        """The shares among which a line of units [start, end) is spread."""
        end = self.visible_end(start, end)
        return self.grown[end - 1] - self.grown[start] if end > start else 0

    def line(self, start: int, end: int, measure: float) -> Line:
        """Units [start, end) as a line within `measure`, squeezed where they must be."""
        width, squeeze = self.width(start, end), 0.0
        if width > measure + _SLACK and (room := self.room(start, end)):
            squeeze = min((width - measure) / room, 1.0)
            width -= squeeze * room
        forced = self.is_forced(start, end)
        resume = end if end < len(self.units) else None
        end = self.visible_end(start, end)
        trim = self.trim(start, end) if end > start else 0.0
        return Line(start, end, resume, width, self.lead(start), squeeze, forced, trim)

    def is_forced(self, start: int, end: int) -> bool:
        """Whether units [start, end) close with a break that the book has."""
        return end > start and self.units[end - 1].kind is Kind.BREAK

    def widened(self, line: Line, measure: float) -> Line:
        """A line that is to be spread to `measure`, with its spaces widened as far as they are needed or can be."""
        free, most = measure - line.width, self.most(line.start, line.end)
        if line.resume is None or line.forced or free <= 0 or not most:
            return line
        share = min(free / most, 1.0)
        return replace(line, width=line.width + share * most, squeeze=-share)

    def most(self, start: int, end: int) -> float:
        """How much the gaps within units [start, end) can be widened in all."""
        return self.reached[end - 1] - self.reached[start] if end > start else 0.0


def touched_or_before(touched: list[int]) -> list[int]:
    """The units whose gap a touched unit has a say in: itself and the one before."""
    return sorted({j for i in touched for j in (i - 1, i) if j >= 0})


def break_lines(paragraph: Paragraph, measure: float, indent: float, *, justify: bool) -> list[Line]:
    """All lines of a paragraph. `indent` narrows the first. Justified text may be broken anew as a whole."""
    lines, poor = _greedy(paragraph, measure, indent, justify=justify)
    if justify and poor and len(lines) > 1 and not paragraph.ends:
        lines = _total_fit(paragraph, measure, indent) or lines
    if not justify:
        return lines
    return [paragraph.widened(line, measure if line.start else measure - indent) for line in lines]


# ---------------------------------------------------------------- the first way that fits


def _greedy(paragraph: Paragraph, measure: float, indent: float, *, justify: bool) -> tuple[list[Line], bool]:
    """Line by line, pushing in before pushing out; and whether any line came out spread, or the last one lonely."""
    count, start, lines, poor = len(paragraph.units), 0, [], False
    while start < count:
        room = measure - indent if not start else measure
        end = _first_fit(paragraph, start, room, justify=justify)
        line = paragraph.line(start, end, room)
        if line.resume is not None and not line.forced:
            gaps = paragraph.gaps(start, end)
            poor = poor or (room - line.width) > max(gaps, 1) * _EVEN * paragraph.units[start].em
        lines.append(line)
        start = end
    return lines, poor or (len(lines) > 1 and _lonely(paragraph, lines[-1].start))


def _first_fit(paragraph: Paragraph, start: int, room: float, *, justify: bool) -> int:
    """Where the line from `start` ends: the last break that fits, or the next one if squeezing makes it fit."""
    units, breaks, count = paragraph.units, paragraph.breaks, len(paragraph.units)
    forced = next((i + 1 for i in paragraph.ends if i >= start), count)
    at = min(bisect_right(paragraph.upto, paragraph.upto[start] + room + paragraph.lead(start) + _SLACK) + 1, forced)
    fit = None
    for end in range(at, start, -1):
        if (breaks[end - 1] or end == forced) and paragraph.width(start, end) <= room + _SLACK:
            fit = end
            break
    if fit == forced or (fit is not None and not justify):
        return fit
    if fit is not None and room - paragraph.width(start, fit) <= _EVEN * units[start].em * paragraph.gaps(start, fit):
        return fit
    for end in range(fit + 1 if fit else start + 1, forced + 1):
        if not breaks[end - 1] and end != forced:
            continue
        over = paragraph.width(start, end) - room
        if over <= paragraph.room(start, end) + _SLACK:
            return end
        break
    if fit is not None:
        return fit
    return next((end for end in range(start + 1, forced) if breaks[end - 1]), forced)  # too long a word: it sticks out


def _lonely(paragraph: Paragraph, start: int) -> bool:
    """Whether units from `start` are a single character with its marks: it may not be a paragraph's last line alone."""
    said = 0
    for unit in paragraph.units[start:]:
        if unit.kind in (Kind.IDEOGRAPH, Kind.OBJECT):
            said += 1 if unit.text[0] not in LONG else 2
        elif unit.kind is Kind.WESTERN:
            said += 2
        if said > 1:
            return False
    return True


# ---------------------------------------------------------------- the best of all ways


def _total_fit(paragraph: Paragraph, measure: float, indent: float) -> list[Line] | None:
    """The cheapest breaks of the whole paragraph (Knuth and Plass 1981, with squeezing in place of shrinking glue)."""
    count = len(paragraph.units)
    best: dict[int, tuple[float, int]] = {0: (0.0, -1)}
    waiting, settled = [0], set()
    while waiting:
        start = min(waiting)
        waiting.remove(start)
        settled.add(start)
        if start == count:
            break
        room = measure - indent if not start else measure
        for end, cost in _ways(paragraph, start, room):
            total = best[start][0] + cost
            if total < best.get(end, (inf, 0))[0]:
                best[end] = (total, start)
                if end not in settled and end not in waiting:
                    waiting.append(end)
    if count not in best:
        return None
    ends = [count]
    while (start := best[ends[-1]][1]) > 0:
        ends.append(start)
    lines, start = [], 0
    for end in reversed(ends):
        lines.append(paragraph.line(start, end, measure if start else measure - indent))
        start = end
    return lines


def _ways(paragraph: Paragraph, start: int, room: float) -> list[tuple[int, float]]:
    """The ends that a line from `start` can have, with what each costs."""
    count, em = len(paragraph.units), paragraph.units[start].em
    ways: list[tuple[int, float]] = []
    at = min(bisect_right(paragraph.upto, paragraph.upto[start] + room + em * 4), count)
    for end in range(at, start, -1):
        if not paragraph.breaks[end - 1]:
            continue
        over = paragraph.width(start, end) - room
        if over > _SLACK:
            give = paragraph.room(start, end)
            if over <= give + _SLACK:
                lonely = end == count and start and _lonely(paragraph, start)
                ways.append((end, (over / give) ** 2 + (_DEAREST if lonely else 0)))
            continue
        if end == count:
            ways.append((end, _DEAREST if start and _lonely(paragraph, start) else 0.0))
            continue
        ways.append((end, _cost_of_filling(paragraph, start, end, -over)))
        if -over > em * 3 and len(ways) > 2:
            break
    return ways


def _cost_of_filling(paragraph: Paragraph, start: int, end: int, free: float) -> float:
    """What it costs to fill a line from units [start, end): widening its spaces, then spreading its characters."""
    shares = max(paragraph.gaps(start, end), 1) * paragraph.units[start].em
    most = paragraph.most(start, paragraph.visible_end(start, end))
    if free <= _EVEN * shares or not most:
        return _cost_of_spreading(free / shares)
    widened = min(free / most, 1.0)
    return 2 + 2 * widened**2 + _cost_of_spreading(max(free - most, 0.0) / shares)


def _cost_of_spreading(gap: float) -> float:
    """By em per gap: nothing while it is not seen, then dear, beyond the widest gap very dear."""
    if gap <= _EVEN:
        return 0.0
    return 6.0 + 10 * (gap / _WIDEST_GAP) ** 2 + (300.0 * gap / _WIDEST_GAP if gap > _WIDEST_GAP else 0.0)


def first_line(paragraph: Paragraph, measure: float) -> Line:
    """The first line alone, unjustified, for text that is broken piece by piece."""
    return paragraph.line(0, _first_fit(paragraph, 0, measure, justify=False), measure)
