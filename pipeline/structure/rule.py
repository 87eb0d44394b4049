"""What a structure rule sees and says: marks upon lines, each a decision with a reason."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import NamedTuple

from pipeline.ledger import Confidence
from pipeline.pages import Page


class Role(Enum):
    """What a line, or a piece of one, is in the book."""

    __hash__ = object.__hash__  # asked several times for each line; Enum's own is slow, and each member is one object

    # before the text, and not shown (the edition sets its own)
    HALF_TITLE = "half-title"
    TITLE_PAGE = "title-page"
    SERIES = "series"
    CIP = "cip"
    COLOPHON = "colophon"
    CONTENTS = "contents"
    # the text
    HEADING = "heading"  # opens a section; level says how deep
    HEADING_MORE = "heading-more"  # the same heading, on its next line
    SUBTITLE = "subtitle"
    PARAGRAPH = "paragraph"  # opens a paragraph
    CONTINUATION = "continuation"  # goes on with the paragraph before it, over a wrap or a page
    VERSE = "verse"
    QUOTE = "quote"
    EPIGRAPH = "epigraph"
    DEDICATION = "dedication"
    SALUTATION = "salutation"
    SIGNATURE = "signature"
    DATE = "date"
    CENTRED = "centred"
    SOURCE = "source"
    LIST_ITEM = "list-item"
    TABLE_ROW = "table-row"
    BOX = "box"  # the label or title that opens a box
    BOX_TITLE = "box-title"
    BOX_END = "box-end"  # the box closed before this line
    FIGURE = "figure"
    CAPTION = "caption"
    SEPARATOR = "separator"
    NOTE = "note"  # opens a note; value is its mark
    NOTE_MORE = "note-more"  # goes on with the note
    REMNANT = "remnant"  # belongs to no text
    # pieces of lines (start and end are set)
    NOTE_REF = "note-ref"
    STRONG = "strong"
    MARKUP = "markup"


class Mark(NamedTuple):  # not a dataclass: there is one for each line, and a tuple is made three times as fast
    """A decision about a line, or about its columns [start, end): role, depth, and why (in Chinese).

    `end` None means to the end of the line. `value` carries what a role needs besides: a note's mark, a section's kind.
    """

    line: int
    role: Role
    why: str
    level: int = 0
    start: int = 0
    end: int | None = None
    value: str = ""
    rule: str = ""  # set by the engine


@dataclass(frozen=True, slots=True)
class Draft:
    """What rules may look at: cleaned lines, pages, and what earlier rules have won.

    `roles` holds the mark that owns each line from its first column; `pieces` the marks that begin further in (a
    heading glued to the end of a paragraph, a note mark, an emphasis). `levels` is the publisher's own order of
    heading forms.
    """

    lines: Sequence[str]
    pages: Sequence[Page]
    roles: Mapping[int, Mark]
    pieces: Mapping[int, Sequence[Mark]] = field(default_factory=dict)
    levels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class StructureRule:
    """A rule that proposes marks. Earlier rules in the tuple win a line; losing marks stay on record."""

    id: str
    confidence: Confidence
    find: Callable[[Draft], Iterable[Mark]]
    why: str
