"""The report of a run, for those who rather look than read: how long books took, what was wrong with them, and which
of them want a person's eye.

The pictures are SVG made by styles/templates/report.html.j2 from numbers that are laid out here. Nobody knows how many
characters of a book are wrong without its printed pages; what stands for that here is what can be counted: repairs,
doubts, and characters that are alien to a Chinese book, each per 10,000 characters.
"""

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from pipeline.render.artifact import Artifact
from pipeline.render.html import Html, legal
from pipeline.style import Style

NAME = "report.html"
LISTED = 1000  # books in the table; of a larger library those that want a look most
_BARS = 30  # books whose noise is drawn
_KINDS = 9  # kinds of noise that have a colour of their own
_WIDE, _HIGH = 640, 300  # of a plot, in pixels
_PER = 10_000  # characters


@dataclass(frozen=True, slots=True)
class Line:
    """What is known of one book after a run. `seconds` is None where it was left as it was."""

    book: str
    characters: int
    pages: int
    repairs: Mapping[str, int]
    doubts: int
    notices: int
    alien: int
    size: int  # bytes of its files
    seconds: float | None
    failed: tuple[str, ...] = ()

    def per(self, count: int) -> float:
        """`count` per 10,000 characters."""
        return count * _PER / self.characters if self.characters else 0.0

    @property
    def noise(self) -> float:
        return self.per(sum(self.repairs.values()))

    @property
    def unsure(self) -> float:
        return self.per(self.doubts)

    @property
    def odd(self) -> float:
        return self.per(self.alien)


@dataclass(frozen=True, slots=True)
class Dot:
    """A book in a plot, in pixels, and what is said of it where one points."""

    x: float
    y: float
    said: str


@dataclass(frozen=True, slots=True)
class Tick:
    """A mark on an axis."""

    at: float
    said: str


@dataclass(frozen=True, slots=True)
class Plot:
    """Dots and axes."""

    dots: tuple[Dot, ...]
    across: tuple[Tick, ...]
    up: tuple[Tick, ...]


@dataclass(frozen=True, slots=True)
class Bar:
    """One book's noise, or the library's: stretches of (start, length, which kind), in pixels."""

    said: str
    number: str
    stretches: tuple[tuple[float, float, int], ...]


def render(lines: Sequence[Line], seconds: float, reasons: Mapping[str, str], style: Style) -> Artifact:
    """The page as a finished file. `seconds` is how long the run took, `reasons` what each rule mends."""
    worst = sorted(lines, key=lambda line: (not line.failed, -(line.unsure + line.odd), -line.noise, line.book))
    kinds = Counter[str]()
    for line in lines:
        kinds.update(line.repairs)
    coloured = [kind for kind, _ in kinds.most_common(_KINDS)]
    page = style.render(
        "report.html.j2",
        css=Html(style.sheets["report.css"]),
        wide=_WIDE,
        high=_HIGH,
        books=len(lines),
        made=[line for line in lines if line.seconds is not None],
        characters=sum(line.characters for line in lines),
        pages=sum(line.pages for line in lines),
        repairs=sum(kinds.values()),
        doubts=sum(line.doubts for line in lines),
        seconds=seconds,
        failed=[line for line in worst if line.failed],
        times=_times([line for line in lines if line.seconds is not None and line.characters]),
        proxies=[
            (name, _proxy(lines, which))
            for name, which in (
                ("修复 · repairs", "noise"),
                ("存疑 · doubts", "unsure"),
                ("异字 · alien characters", "odd"),
            )
        ],
        kinds=[(kind, reasons.get(kind, kind), kinds[kind]) for kind in coloured],
        others=sum(count for kind, count in kinds.items() if kind not in coloured),
        bars=_bars(lines, coloured),
        lines=worst[:LISTED],
    )
    return Artifact(NAME, legal(page).encode(), "text/html")


# ---------------------------------------------------------------- plots


def _times(lines: Sequence[Line]) -> Plot | None:
    """Seconds over characters, both on logarithmic scales: books of the same speed lie on one slope."""
    if not lines:
        return None
    across = _Log([line.characters for line in lines], _WIDE)
    up = _Log([line.seconds or 0 for line in lines], _HIGH)
    dots = (
        Dot(
            across.at(line.characters),
            _HIGH - up.at(line.seconds or 0),
            f"{line.book}：{line.characters:,} 字，{line.seconds:.2f} 秒",
        )
        for line in lines
    )
    return Plot(tuple(dots), across.ticks("字"), tuple(Tick(_HIGH - tick.at, tick.said) for tick in up.ticks("秒")))


def _proxy(lines: Sequence[Line], which: str) -> Plot | None:
    """One proxy of all books, from the cleanest to the noisiest."""
    counted = sorted((line for line in lines if line.characters), key=lambda line: (getattr(line, which), line.book))
    if not counted:
        return None
    high, wide = _HIGH / 3, _WIDE
    most = max(1.0, *(getattr(line, which) for line in counted))
    step = wide / len(counted)
    dots = (
        Dot((at + 0.5) * step, high - high * getattr(line, which) / most, f"{line.book}：{getattr(line, which):.1f}")
        for at, line in enumerate(counted)
    )
    middle = getattr(counted[len(counted) // 2], which)
    up = (Tick(high, "0"), Tick(0, f"{most:.0f}"))
    return Plot(tuple(dots), (Tick(wide / 2, f"中位 median {middle:.1f}"),), up)


class _Log:
    """A logarithmic scale of whole powers of ten around some values, over so many pixels."""

    def __init__(self, values: Iterable[float], pixels: float) -> None:
        logs = [math.log10(max(value, 1e-3)) for value in values]
        self.low, self.top, self.pixels = math.floor(min(logs)), math.ceil(max(logs) + 1e-9), pixels
        self.top = max(self.top, self.low + 1)

    def at(self, value: float) -> float:
        """The pixels of a value from the low end."""
        return self.pixels * (math.log10(max(value, 1e-3)) - self.low) / (self.top - self.low)

    def ticks(self, unit: str) -> tuple[Tick, ...]:
        return tuple(Tick(self.at(10.0**power), f"{10.0**power:,g} {unit}") for power in range(self.low, self.top + 1))


def _bars(lines: Sequence[Line], coloured: Sequence[str]) -> tuple[Bar, ...]:
    """The noisiest books, each as a bar of its kinds of noise per 10,000 characters."""
    noisiest = sorted((line for line in lines if line.noise), key=lambda line: (-line.noise, line.book))[:_BARS]
    most = max((line.noise for line in noisiest), default=1.0)
    return tuple(Bar(line.book, f"{line.noise:.1f}", tuple(_stretches(line, coloured, most))) for line in noisiest)


def _stretches(line: Line, coloured: Sequence[str], most: float) -> Iterable[tuple[float, float, int]]:
    counts = [line.repairs.get(kind, 0) for kind in coloured]
    counts.append(sum(line.repairs.values()) - sum(counts))
    at = 0.0
    for which, count in enumerate(counts):
        length = _WIDE * line.per(count) / most
        if count:
            yield at, length, which
        at += length
