"""The printed page: which lines it holds, and which of them the printer set outside the text."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Page:
    """One printed page: lines [start, end). `folio` is its printed number as text ("12", "iv"), where one was read.

    `folio_line` is the line that carries the folio, `head_lines` those that carry a running head or foot; a folio may
    stand on the line of a running head. `heads` is what those lines say: cleaning empties them, and a book's title is
    often nowhere read so well as there. `glued_heads` are heads that the OCR joined to the text after them: the line,
    and the words at its start.
    """

    start: int
    end: int
    folio: str | None = None
    folio_line: int | None = None
    head_lines: tuple[int, ...] = ()
    heads: tuple[str, ...] = ()
    glued_heads: tuple[tuple[int, str], ...] = ()
