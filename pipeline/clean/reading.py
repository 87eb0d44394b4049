"""The text as the proofreader reads it: running words over the ends of lines and pages, and what is known of them.

A run is Han characters with nothing between them, put together again where a line or a page broke them apart. Every
character knows its line and column. Long books are read in parts, so that memory does not grow with them.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from pipeline.clean.signs import is_catalogue, is_contents
from pipeline.language import Known
from pipeline.language.evidence import Evidence
from pipeline.language.misreadings import Reader, Weighed
from pipeline.pages import Page

PART = 1_000_000  # Han characters that are read at once
_RUN = re.compile("[\u4e00-\u9fff]+")
_LONG = 30  # characters from which a line of paragraphs may have been cut by its page
_GAP = 6  # empty lines that a page break leaves
_HEADING = re.compile(
    r"\s*(?:#|第[^，。]{1,6}[编篇卷部章节回条]|[（(【]?[一二三四五六七八九十百\d①-⑳]{1,4}[）)】、.．\s])"
)
_IMPRINT = re.compile(
    r"(?:责任|特约|美术)\s?编辑|图书在版编目|出\s?版\s?发\s?行|版权所有|书\s*号|定\s*价"
    r"|(?:印\s*[刷张次数]|开\s*本|字\s*数)\s*[：: ]"
)


@dataclass(frozen=True, slots=True)
class Run:
    """Han characters in a row. `pieces` says where they stand: (first column of the run, line, column there)."""

    text: str
    pieces: tuple[tuple[int, int, int], ...]

    def place(self, at: int) -> tuple[int, int]:
        """Line and column of character `at`."""
        start, line, column = next(piece for piece in reversed(self.pieces) if piece[0] <= at)
        return line, column + at - start

    def broken(self, at: int) -> bool:
        """Whether a line ends right before character `at`."""
        return any(piece[0] == at for piece in self.pieces[1:])


@dataclass(frozen=True)
class Reading:
    """A part of a book (mostly the whole) as running words."""

    lines: Sequence[str]
    pages: Sequence[Page]
    runs: tuple[Run, ...]
    known: Known
    reader: Reader

    @cached_property
    def characters(self) -> int:
        """How many Han characters there are."""
        return sum(len(run.text) for run in self.runs)

    @cached_property
    def evidence(self) -> Evidence:
        return Evidence([run.text for run in self.runs])

    @cached_property
    def weighed(self) -> list[Weighed]:
        """Every character that may have been misread, with what the book says of it."""
        return self.reader.weighed([run.text for run in self.runs], self.evidence)

    @cached_property
    def reserved(self) -> Mapping[int, str]:
        """Lines in which nothing is changed, with why: names stand there, or words that are no running text."""
        return dict(_reserved(self.lines))


def runs(lines: Sequence[str]) -> Iterator[Run]:
    """The runs of a text, in order."""
    full = _full(lines)
    text, pieces = "", list[tuple[int, int, int]]()
    last, last_line = "", -1  # the last line that was not empty
    for number, line in enumerate(lines):
        stripped = line.strip()
        if not stripped:
            continue
        found = list(_RUN.finditer(line))
        indent = len(line) - len(line.lstrip())
        joined = (
            bool(text)
            and bool(found)
            and found[0].start() == indent
            and number - last_line <= _GAP
            and len(last) >= full
            and not _HEADING.match(last)
            and not _HEADING.match(line)
        )
        if text and not joined:
            yield Run(text, tuple(pieces))
            text, pieces = "", []
        for match in found:
            if text and not (joined and match is found[0]):
                yield Run(text, tuple(pieces))
                text, pieces = "", []
            pieces.append((len(text), number, match.start()))
            text += match.group()
        if text and not (found and found[-1].end() == len(line.rstrip())):
            yield Run(text, tuple(pieces))
            text, pieces = "", []
        last, last_line = stripped, number
    if text:
        yield Run(text, tuple(pieces))


def _full(lines: Sequence[str]) -> int:
    """From how many characters on a line may go on in the next."""
    lengths = sorted(len(text) for line in lines if (text := line.strip()))
    return min(_LONG, max(8, lengths[len(lengths) * 9 // 10] * 4 // 5)) if lengths else _LONG


def _reserved(lines: Sequence[str]) -> Iterator[tuple[int, str]]:
    """Lines of a catalogue record or an imprint, entries of printed contents, and lines of verse."""
    for number, line in enumerate(lines):
        if line.strip():
            if is_catalogue(line) or _IMPRINT.search(line):
                yield number, "版权页"
            elif is_contents(line):
                yield number, "目录"
