"""Where the pages of the printed book begin, as far as the text still shows it.

Found once, on the lines as they came from the OCR. Since cleaning never moves lines, what stands here holds for the
seed, the cleaned text and the Book alike.

Pages come from what the file itself says (form feeds, page files), else from wide gaps of blank lines, else from folios
that interrupt the text. Then the edges of the pages are peeled, line by line: folios (folio.py) and running heads and
feet (running_head.py) are noted, never removed; removing them is cleaning's work.

What is left alone: a title that opens a chapter, though the pages after it repeat it; numbers that number sections;
everything further than three lines from the edge of a page.
"""

from collections.abc import Sequence

from pipeline.pages import bounds, folio, running_head
from pipeline.pages.page import Page
from pipeline.pages.sheet import Sheet

__all__ = ["Page", "find"]

_PEELS = 8  # how many times the edges are looked at again; real pages need two


def find(lines: Sequence[str], page_starts: Sequence[int] = ()) -> tuple[Page, ...]:
    """The pages of `lines`, in order and without gaps; one page that covers everything where nothing shows them.

    `page_starts` are the lines that open a page where the file says so (Source.page_starts). Linear in the text.
    """
    parts, told = bounds.find(lines, page_starts)
    sheets = [Sheet(start, end, lines) for start, end in parts]
    for _ in range(_PEELS):
        if not folio.mark(sheets, lines) + running_head.mark(sheets, lines, told=told):
            break
    return tuple(sheet.page(lines) for sheet in sheets)
