"""One fact read in several places: which to trust. OCR errs in each place on its own, so agreement is evidence."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz

from pipeline.structure.shape import key

_ALIKE = 50  # percent of characters that two readings of one name share at least


@dataclass(frozen=True, slots=True)
class Reading:
    """A value, the place it was read ("cip", "colophon", "title-page", "text") and its line, where it has one."""

    value: str
    place: str
    line: int | None = None


def agreed(readings: Sequence[Reading]) -> str:
    """The value that most places agree on; readings come best witness first, and the first wins a tie.

    Where no two places agree, readings of one length vote position by position, so that three readings with an error
    each still give the right one. "" for no readings.
    """
    readings = [reading for reading in readings if key(reading.value)]
    if not readings:
        return ""
    places: dict[str, set[str]] = {}
    for reading in readings:
        places.setdefault(key(reading.value), set()).add(reading.place)
    best = max(places, key=lambda name: len(places[name]))  # max keeps the first of equals: the best witness
    if len(places[best]) > 1 or len(readings) < 3:
        return next(reading.value for reading in readings if key(reading.value) == best)
    return _by_position(readings)


def _by_position(readings: Sequence[Reading]) -> str:
    first = readings[0].value
    ballots = [reading.value for reading in readings if len(reading.value) == len(first)]
    if len(ballots) < 3:
        return first
    return "".join(Counter(chars).most_common(1)[0][0] for chars in zip(*ballots, strict=True))


def alike(one: str, other: str) -> bool:
    """Whether two strings may be readings of the same words."""
    return fuzz.ratio(key(one), key(other)) >= _ALIKE


def window(name: str, text: str) -> str:
    """The piece of `text`, as long as `name`, that looks most like it; "" if less than half of its characters agree."""
    size = len(name)
    if name in text:
        return name
    best, most = "", 0
    for at in range(len(text) - size + 1):
        piece = text[at : at + size]
        same = sum(a == b for a, b in zip(name, piece, strict=True))
        if same > most:
            best, most = piece, same
    return best if most * 2 >= size and most else ""
