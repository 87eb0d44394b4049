"""The barcode of a book: its ISBN as EAN-13 (GB/T 12906; ISO/IEC 15420), as bars to be drawn.

Which modules are black is python-barcode's to say; here are only their places. Lengths are in millimetres, at the
nominal size: a module of 0.33 mm.
"""

from dataclasses import dataclass

from barcode.ean import EAN13
from stdnum import isbn as numbers

MODULE = 0.33
HEIGHT, GUARD = 22.85, 1.65  # of a bar; and how much longer guard bars are, five modules
QUIET_LEFT, QUIET_RIGHT = 11 * MODULE, 7 * MODULE
WIDTH = 95 * MODULE
_GUARDS = frozenset({*range(3), *range(45, 50), *range(92, 95)})


@dataclass(frozen=True, slots=True)
class Bar:
    """A black bar: where it begins, how wide and how long it is."""

    x: float
    width: float
    length: float


@dataclass(frozen=True, slots=True)
class Barcode:
    """Bars, counted from the first; the digits under them, one before and six under each half; the ISBN in words."""

    bars: tuple[Bar, ...]
    first: str
    left: str
    right: str
    isbn: str


def of_isbn(isbn: str) -> Barcode:
    """The barcode of a valid ISBN of 10 or 13 digits."""
    digits = numbers.compact(numbers.to_isbn13(isbn))
    modules = EAN13(digits).build()[0]
    said = isbn if "-" in isbn and len(numbers.compact(isbn)) == 13 else numbers.format(digits)
    return Barcode(tuple(_bars(modules)), digits[0], digits[1:7], digits[7:], f"ISBN {said}")


def _bars(modules: str) -> list[Bar]:
    """Neighbouring black modules are one bar."""
    bars: list[Bar] = []
    at = 0
    while at < len(modules):
        end = at
        while end < len(modules) and modules[end] == "1" and (end in _GUARDS) == (at in _GUARDS):
            end += 1
        if end > at:
            length = HEIGHT + (GUARD if at in _GUARDS else 0)
            bars.append(Bar(round(at * MODULE, 3), round((end - at) * MODULE, 3), length))
        at = max(end, at + 1)
    return bars
