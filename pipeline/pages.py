"""Where the pages of the printed book begin, as far as the text still shows it.

Found once, on the lines as they came from the OCR. Since cleaning never moves lines, what stands here holds for the
seed, the cleaned text and the Book alike.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Page:
    """One printed page: lines [start, end). `folio` is its printed number as text ("12", "iv"), where one was read.

    `folio_line` is the line that carries the folio, `head_lines` those that carry a running head or foot.
    """

    start: int
    end: int
    folio: str | None = None
    folio_line: int | None = None
    head_lines: tuple[int, ...] = ()
