"""A page while its edges are being peeled: what stands at its top and foot, and what has been recognised there."""

import re
from collections.abc import Iterator, Sequence
from itertools import accumulate
from unicodedata import category

from pipeline.pages.marker import is_fence, is_marker
from pipeline.pages.page import Page

_ENDS = frozenset('。！？；：…—”’』」》）.!?;:)"|>')  # after one of these a line may end a paragraph
_CLOSES_NUMBER = frozenset("0123456789０１２３４５６７８９）)")  # spares most lines the closer look
_NUMBER_AT_END = re.compile(r"(?:[.…·．\s/／]{2,}|\s)[0-9０-９]{1,4}[）)]?\s*$")
# The date under a preface or an essay, 二〇一四年春，于成都, ends what it stands under.
_DATED = re.compile(r"\S{0,8}[0-9〇○零一二三四五六七八九十廿卅]{1,4}年(?:[^。，]{0,12}|[^。，]{0,6}，[^。，]{0,10})")
_RUNNING = 12  # characters; a shorter line may be a title, a signature, a folio
_SENTENCE = re.compile(r"[。，；、！？]|[,;!?](?![0-9])")


def is_blank(line: str) -> bool:
    """Whether nothing can be seen on a line: blanks, zero-width signs and controls only."""
    return not line or line.isspace() or (len(line) < 12 and not any(map(_visible, line)))


def _visible(char: str) -> bool:
    return not char.isspace() and category(char)[0] != "C"


def is_entry(line: str) -> bool:
    """Whether a line may be an entry of printed contents: short, with a page number at its end."""
    return len(line) < 80 and line.rstrip()[-1:] in _CLOSES_NUMBER and _NUMBER_AT_END.search(line) is not None


def _of_a_tool(line: str) -> bool:
    return len(line) < 120 and (is_marker(line) or is_fence(line))


class Sheet:
    """A page in the making."""

    __slots__ = (
        *("start", "end", "folio", "folio_line", "folio_value", "folio_top", "heads", "glued"),
        *("titles", "known", "words", "_rows", "_first", "_last", "_taken", "_numbered"),
    )

    def __init__(self, start: int, end: int, lines: Sequence[str]) -> None:
        self.start, self.end = start, end
        self.folio: str | None = None
        self.folio_line: int | None = None
        self.folio_value: int | None = None
        self.folio_top: bool | None = None
        self.heads: list[int] = []
        self.glued: list[tuple[int, str]] = []
        self.titles: list[str] | None = None  # what running_head.py made of the rows; None where they have changed
        self.known: list[str] | None = None
        self.words: dict[int, str] = {}
        self._rows = [line for line in range(start, end) if not is_blank(lines[line])]
        while self._rows and _of_a_tool(lines[self._rows[0]]):
            del self._rows[0]
        while self._rows and _of_a_tool(lines[self._rows[-1]]):
            del self._rows[-1]
        self._first, self._last = 0, len(self._rows) - 1
        self._taken: set[int] = set()
        self._numbered: list[int] = []  # how many of the first n rows end in a number; counted when first asked for

    def edges(self) -> Iterator[tuple[int, bool]]:
        """The outermost lines that have not been recognised yet, with True for the top."""
        if self._first <= self._last:
            yield self._rows[self._first], True
        if self._first < self._last:
            yield self._rows[self._last], False

    def rows(self) -> Sequence[int]:
        """The lines between the edges that still count as text, those at the edges included."""
        return self._rows[self._first : self._last + 1]

    def take(self, line: int) -> None:
        """`line` is furniture: the edges move inwards."""
        self._taken.add(line)
        self.titles = self.known = None
        while self._first <= self._last and self._rows[self._first] in self._taken:
            self._first += 1
        while self._first <= self._last and self._rows[self._last] in self._taken:
            self._last -= 1

    def page(self, lines: Sequence[str]) -> Page:
        """What was found, as a value."""
        heads = tuple(sorted(self.heads))
        said = tuple(lines[line] for line in heads)
        return Page(self.start, self.end, self.folio, self.folio_line, heads, said, tuple(self.glued))

    def breaks_off(self, lines: Sequence[str]) -> bool:
        """Whether the text of this page ends in the middle of a sentence, as far as its last line shows."""
        if self._first > self._last:
            return False
        text = lines[self._rows[self._last]].rstrip()
        return len(text) >= 8 and text[-1] not in _ENDS and not text[-1].isdigit() and not _DATED.fullmatch(text)

    def foot(self, lines: Sequence[str]) -> str:
        """The last line between the edges; "" if there is none."""
        return lines[self._rows[self._last]] if self._first <= self._last else ""

    def last_words(self, lines: Sequence[str]) -> str:
        """The last line between the edges that is long enough to be running text; "" if there is none."""
        return next((lines[row] for row in reversed(self.rows()) if len(lines[row].strip()) >= _RUNNING), "")

    def has_body(self, lines: Sequence[str], but: int) -> bool:
        """Whether sentences, or entries of printed contents, stand here besides the line `but`."""
        rest = [line for line in self.rows() if line != but]
        return any(_SENTENCE.search(lines[line]) for line in rest) or self.is_contents(lines)

    def is_contents(self, lines: Sequence[str]) -> bool:
        """Whether this looks like a page of printed contents: line after line with a page number at its end."""
        if not self._numbered:
            self._numbered = list(accumulate((is_entry(lines[row]) for row in self._rows), initial=0))
        numbered = self._numbered[self._last + 1] - self._numbered[self._first] if self._first <= self._last else 0
        return numbered >= 3 and 2 * numbered >= self._last - self._first + 1
