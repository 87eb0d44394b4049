"""Where one page ends and the next begins, before anything is known about its edges."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from statistics import median

from pipeline.pages import folio
from pipeline.pages.marker import OPENING, is_marker
from pipeline.pages.sheet import is_blank

_MAY_MARK = re.compile("[Pp][AaBb]|第|--")
_LONG_PAGE = 2500  # characters; printed pages hold fewer
_WIDEST = 6  # blank lines; a wider gap is as good as one of six
_PAGE_OF_TEXT = 120  # characters; where gaps cut the text smaller than this, they part paragraphs and not pages


def find(lines: Sequence[str], page_starts: Sequence[int]) -> tuple[list[tuple[int, int]], bool]:
    """[start, end) of each page, in order, and whether the file itself says so; together they cover all lines."""
    given = [start for start in page_starts if start > 0] or _at_markers(lines)
    starts = given or _after_gaps(lines)
    if not given and len(starts) * _LONG_PAGE < sum(map(len, lines)):  # the gaps, if any, are not those of pages
        starts = [*starts, *folio.starts(lines)]
    inner = sorted({start for start in starts if 0 < start < len(lines)})
    return list(zip([0, *inner], [*inner, len(lines)], strict=True)), bool(given)


def _at_markers(lines: Sequence[str]) -> list[int]:
    """The lines with which a tool says that a page begins, if it does so more than once."""
    found = [
        at
        for at, line in enumerate(lines)
        if line.lstrip()[:1] in OPENING and len(line) < 120 and _MAY_MARK.search(line) and is_marker(line)
    ]
    return found if len(found) > 1 else []


def _after_gaps(lines: Sequence[str]) -> list[int]:
    """The lines that follow a gap as wide as this text puts between its pages."""
    gaps = list(_gaps(lines))
    widths = Counter(width for _, width in gaps)
    for least in range(2, _WIDEST + 1):
        starts = [start for start, width in gaps if width >= least]
        if not starts:
            break
        if not widths[least] or _like_pages(lines, starts) or widths[least] < len(starts) / 2:
            return starts
    return []


def _like_pages(lines: Sequence[str], starts: Sequence[int]) -> bool:
    sizes = [
        sum(len(line) for line in lines[start:end])
        for start, end in zip([0, *starts], [*starts, len(lines)], strict=True)
    ]
    return median(sizes) >= _PAGE_OF_TEXT


def _gaps(lines: Sequence[str]) -> Iterator[tuple[int, int]]:
    """The first line after each run of two or more blank lines within the text, and how wide the run was."""
    blank, seen = 0, False
    for at, line in enumerate(lines):
        if not is_blank(line):
            if seen and blank >= 2:
                yield at, min(blank, _WIDEST)
            blank, seen = 0, True
        else:
            blank += 1
