"""How the lines of a book lie: their widths, the measure they were set to, and where pages and gaps part them.

Rules ask this of a draft instead of each counting anew. The measure is the printer's word for the length of a full
line, here in ems: a Han character or full-width mark is one em wide, a Latin letter, digit or half-width mark half.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from itertools import pairwise

from pipeline.pages import Page
from pipeline.structure import sentence
from pipeline.structure.rule import Draft

_STOPS = frozenset("。！？；：…”’」』）.!?;:)")
_NARROW = re.compile(r"[\x00-\u02ff]")
_NARROW_LETTER = re.compile(r"[\u0100-\u02ff]")


class Shape(Enum):
    """What one line of the text is."""

    WRAPPED = "wrapped"  # a printed line: paragraphs are broken at the measure
    PARAGRAPHS = "paragraphs"  # a whole paragraph, or as much of it as stood on its page


@dataclass(frozen=True, slots=True)
class Measure:
    """The lie of a text. `text` are the lines that are not blank; `width` is theirs in ems, 0 for blank lines.

    `full` is the measure in ems where the shape is WRAPPED. `gapped` says that blank lines part paragraphs.
    `page_starts` are the first lines of the pages in order, `pages` the number of each line's page. `paged`: no page
    break within them has been missed, since most pages show a folio or running head, or hardly a gap between pages
    breaks a sentence. `speech_runs_in`: what is said stands in the paragraph that leads to it (道：「…」). `verse`:
    most of the book is verse, in stanzas that gaps part. `slack`: how far short of the measure, in ems, a line may
    fall that goes on on the next.
    """

    shape: Shape
    full: float
    gapped: bool
    text: tuple[int, ...]
    widths: tuple[float, ...]
    page_starts: tuple[int, ...]
    pages: Sequence[int]
    paged: bool = False
    speech_runs_in: bool = False
    slack: float = 2.0
    verse: bool = False

    def page(self, line: int) -> int:
        """The number of the page on which `line` stands, from 0; -1 where no page is known."""
        return self.pages[line]

    def place(self, line: int) -> int:
        """Where `line` stands among the lines of text."""
        return bisect_left(self.text, line)

    def before(self, line: int) -> Sequence[int]:
        """The lines of text on the page of `line`, up to it and with it."""
        start = self.page_starts[self.page(line)] if self.page(line) >= 0 else 0
        return self.text[bisect_left(self.text, start) : bisect_right(self.text, line)]

    def is_full(self, line: int, slack: float = 2.0) -> bool:
        """Whether the line reaches the measure (always False where lines are paragraphs)."""
        return self.shape is Shape.WRAPPED and self.widths[line] >= self.full - slack


def width(text: str) -> float:
    """The width of a text in ems; blanks at its ends do not count."""
    text = text.strip()
    return len(text) - len(_NARROW.findall(text)) / 2


def of(draft: Draft) -> Measure:
    """The lie of a draft's lines; worked out once for a text, however many rules ask."""
    return _measure(tuple(draft.lines), tuple(draft.pages))


_PAGES = 4  # pages that must be known before they say anything
_ENOUGH = 40  # gaps that show whether gaps break sentences in this text
_SHORT = 16  # characters: shorter lines are titles and names
_RUN_IN, _SET_OFF = re.compile("[：:][「“『]"), re.compile("[：:—]\\s*$")


def _speech_runs_in(lines: Sequence[str], text: Sequence[int]) -> bool:
    """Whether speech follows its colon on the same line far more often than on the next."""
    inside = sum(len(_RUN_IN.findall(lines[line])) for line in text)
    after = sum(1 for a, b in pairwise(text) if lines[b].lstrip()[:1] in "「“『" and _SET_OFF.search(lines[a][-4:]))
    return inside >= 8 * after


@lru_cache(maxsize=1)
def _measure(lines: tuple[str, ...], pages: tuple[Page, ...]) -> Measure:
    widths = _widths(lines)
    text = tuple(line for line, wide in enumerate(widths) if wide)
    full, wrapped = _full(lines, text, widths)
    return Measure(
        shape=Shape.WRAPPED if wrapped else Shape.PARAGRAPHS,
        full=full,
        gapped=_gapped(text, widths, full if wrapped else 0.0),
        text=text,
        widths=widths,
        page_starts=tuple(page.start for page in pages),
        pages=_pages(lines, pages),
        speech_runs_in=_speech_runs_in(lines, text),
        slack=_slack(lines, text, widths, full) if wrapped else 2.0,
        verse=not wrapped and _verse(text, widths),
        paged=_paged(lines, text, pages),
    )


def _widths(lines: Sequence[str]) -> tuple[float, ...]:
    """The width of each line. Where no letter but those of Latin-1 is narrow, a codec counts them."""
    if _NARROW_LETTER.search("\n".join(lines)):
        return tuple(map(width, lines))
    return tuple(
        [len(body) - len(body.encode("latin-1", "ignore")) / 2 if (body := text.strip()) else 0.0 for text in lines]
    )


def _pages(lines: Sequence[str], pages: Sequence[Page]) -> Sequence[int]:
    numbers: list[int] = []
    for number, start in enumerate(sorted(page.start for page in pages)):
        numbers += [number - 1] * (min(start, len(lines)) - len(numbers))
    return numbers + [len(pages) - 1] * (len(lines) - len(numbers))


def _paged(lines: Sequence[str], text: Sequence[int], pages: Sequence[Page]) -> bool:
    """Whether every page break is known, so that a gap elsewhere parts paragraphs even where the stop was lost."""
    if len(pages) < _PAGES:
        return False
    if 2 * sum(page.folio_line is not None or bool(page.head_lines) for page in pages) >= len(pages):
        return _even(lines, pages) and _one_by_one(pages)
    starts = {page.start for page in pages}
    gaps = [a for a, b in pairwise(text) if b == a + 2 and b not in starts and len(lines[a]) > _SHORT]
    open_ = sum(1 for a in gaps if not (sentence.ends(lines[a]) or sentence.ends_weakly(lines[a])))
    return len(gaps) >= _ENOUGH and open_ <= 0.04 * len(gaps)


def _one_by_one(pages: Sequence[Page]) -> bool:
    """Whether the folios of neighbouring pages follow each other: where they leap, breaks between them were missed."""
    steps = [
        int(two.folio) - int(one.folio)
        for one, two in pairwise(pages)
        if one.folio and two.folio and one.folio.isdecimal() and two.folio.isdecimal()
    ]
    return sum(step != 1 for step in steps) <= 0.1 * len(steps)


_UNEVEN = 2.0  # times the usual page: a longer one holds two, and the break between them was missed


def _even(lines: Sequence[str], pages: Sequence[Page]) -> bool:
    """Whether hardly a page is far longer than most."""
    sizes = sorted(sum(len(lines[line]) for line in range(page.start, page.end)) for page in pages)
    usual = sizes[len(sizes) // 2]
    return sum(1 for size in sizes if size > _UNEVEN * usual) <= 0.05 * len(sizes)


_STANZA = 3  # lines
_OF_VERSE = 20.0  # ems: a longer line is prose


def _verse(text: Sequence[int], widths: Sequence[float]) -> bool:
    """Whether most lines are short and stand close to others like them, in stanzas."""
    narrow = [line for line in text if widths[line] <= _OF_VERSE]
    if len(narrow) < 0.8 * len(text) or len(text) < _ENOUGH:
        return False
    runs, size = 0, 0
    for a, b in pairwise([*narrow, -1]):
        size += 1
        if b != a + 1:
            runs += size if size >= _STANZA else 0
            size = 0
    return runs >= 0.6 * len(narrow)


_NARROWEST = 16.0  # ems: a narrower measure is that of verse, unless nearly all lines keep to it and few end in a pause
_CHANCE = 0.35  # of the lines of a narrow column may end in a pause
_PAUSES = frozenset("，。；！？、：…—”’」』,.;!?:")
_RAGGED = 0.95  # of the lines that go on on the next reach the measure, but for what `slack` says


def _slack(lines: Sequence[str], text: Sequence[int], widths: Sequence[float], full: float) -> float:
    """How far short of the measure lines fall that surely go on: they end within a sentence, and the next is long."""
    short = sorted(
        full - widths[a]
        for a, b in pairwise(text)
        if b == a + 1 and widths[a] >= 0.6 * full and widths[b] >= 0.6 * full and lines[a].rstrip()[-1] not in _STOPS
    )
    return min(2.0, max(0.5, short[int(_RAGGED * len(short))])) if len(short) >= _ENOUGH else 2.0


def _full(lines: Sequence[str], text: Sequence[int], widths: Sequence[float]) -> tuple[float, bool]:
    """The measure, and whether lines keep to it.

    In wrapped text most lines that another line follows at once are as long as the page is wide; paragraphs on lines of
    their own have every length, and a blank line or the next paragraph after each.
    """
    tight = [widths[a] for a, b in pairwise(text) if b == a + 1 and 14 <= widths[a] <= 70]
    long = sum(1 for line in text if widths[line] > 70)
    if len(tight) < 6 or len(tight) < 2 * long:
        return 0.0, False
    counts = [0] * 72
    for wide in tight:
        counts[int(wide)] += 1
    window = [sum(counts[at : at + 4]) for at in range(69)]
    best = max(range(69), key=lambda at: (window[at], at))
    ordered = sorted(wide for wide in tight if best <= wide < best + 4)
    middle = ordered[len(ordered) // 2]
    if middle < _NARROWEST:
        stops = sum(1 for a, b in pairwise(text) if b == a + 1 and lines[a].rstrip()[-1] in _PAUSES)
        return middle, window[best] >= 0.7 * len(tight) and stops <= _CHANCE * len(tight)
    return middle, window[best] >= 0.45 * len(tight)


def _gapped(text: Sequence[int], widths: Sequence[float], full: float) -> bool:
    """Whether blank lines stand between paragraphs: most short lines (wrapped) or most lines are followed by one."""
    ends = [(a, b) for a, b in pairwise(text) if widths[a] < full - 4 or not full]
    return sum(1 for a, b in ends if b > a + 1) > 0.5 * len(ends)
