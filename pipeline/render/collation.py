"""Seed and book side by side: each line as pieces that say what the seed had, what the book has, and what was done.

The ledger tells changes in the order they were made, each in the columns that its rule saw. Here they are laid upon
the line once more, and changes that touch the same characters become one piece that knows all of them. Linear in the
text and the ledger.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from pipeline.ledger import Edit


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of characters: `was` in the seed, `now` in the book.

    `remarks` are the numbers of the edits that made it so and of the doubts about it. `changed` says whether there are
    edits among them; without, `was` and `now` are the same. `more` marks what belongs to the piece before it.
    """

    was: str
    now: str
    remarks: tuple[int, ...] = ()
    changed: bool = False
    more: bool = False


@dataclass(frozen=True, slots=True)
class Remark:
    """An edit or a doubt with its number in reading order of the ledger, and the line as its rule saw it."""

    number: int
    edit: Edit
    text: str
    made: bool

    @property
    def end(self) -> int:
        return self.edit.start + len(self.edit.before)


@dataclass(frozen=True, slots=True)
class Collation:
    """The pieces of every line (those of an untouched line are one piece, of an empty one none), and all remarks."""

    lines: tuple[tuple[Piece, ...], ...]
    remarks: tuple[Remark, ...]


def collate(seed: Sequence[str], ledger: Sequence[Edit], doubts: Sequence[Edit]) -> Collation:
    """Lay the ledger, and then the doubts, upon the lines of the seed."""
    made = _by_line(ledger)
    unsure = _by_line(doubts)
    remarks: list[Remark] = []
    lines: list[tuple[Piece, ...]] = []
    for number, text in enumerate(seed):
        pieces = [Piece(text, text)] if text else []
        for batch in _made_together(made.get(number, ())):
            now = "".join(piece.now for piece in pieces)
            told = [Remark(len(remarks) + at, edit, now, made=True) for at, edit in enumerate(batch)]
            remarks += told
            pieces = _laid(pieces, told)
        for apart in _side_by_side(unsure.get(number, ())):
            now = "".join(piece.now for piece in pieces)
            told = [Remark(len(remarks) + at, edit, now, made=False) for at, edit in enumerate(apart)]
            remarks += told
            pieces = _laid(pieces, told)
        lines.append(tuple(_joined(pieces)))
    return Collation(tuple(lines), tuple(remarks))


def _by_line(edits: Iterable[Edit]) -> Mapping[int, list[Edit]]:
    found: dict[int, list[Edit]] = {}
    for edit in edits:
        found.setdefault(edit.line, []).append(edit)
    return found


def _made_together(edits: Sequence[Edit]) -> Iterator[list[Edit]]:
    """The edits of a line, cut where another rule or another pass begins; each batch from left to right."""
    batch: list[Edit] = []
    for edit in edits:
        if batch and (edit.rule != batch[-1].rule or edit.start + len(edit.before) > batch[-1].start):
            yield batch[::-1]
            batch = []
        batch.append(edit)
    if batch:
        yield batch[::-1]


def _side_by_side(edits: Sequence[Edit]) -> Iterator[list[Edit]]:
    """Doubts, cut into batches that do not overlap, each from left to right."""
    batches: list[tuple[int, list[Edit]]] = []
    for edit in sorted(edits, key=lambda each: (each.start, len(each.before))):
        for at, (end, batch) in enumerate(batches):
            if end <= edit.start:
                batch.append(edit)
                batches[at] = (edit.start + len(edit.before), batch)
                break
        else:
            batches.append((edit.start + len(edit.before), [edit]))
    yield from (batch for _, batch in batches)


def _laid(pieces: Sequence[Piece], remarks: Sequence[Remark]) -> list[Piece]:
    """`pieces` with remarks laid upon them, which do not overlap and go from left to right."""
    done: list[Piece] = []
    left = list(reversed(pieces))
    column = 0
    for remark in remarks:
        while left and column < remark.edit.start:
            column = _pass(done, left, column, remark.edit.start)
        under: list[Piece] = []
        while left and column < remark.end:
            column = _pass(under, left, column, remark.end)
        done.append(_upon(under, remark))
    return done + left[::-1]


def _pass(taken: list[Piece], left: list[Piece], column: int, end: int) -> int:
    """Take the next piece, or as much of it as lies before column `end`; where we are then."""
    piece = left.pop()
    size = end - column
    if len(piece.now) > size:
        was = piece.was if piece.changed else piece.was[:size]
        rest = "" if piece.changed else piece.was[size:]
        numbers = () if piece.changed else piece.remarks
        left.append(Piece(rest, piece.now[size:], numbers, piece.changed, more=piece.changed or bool(piece.remarks)))
        piece = Piece(was, piece.now[:size], piece.remarks, piece.changed, piece.more)
    taken.append(piece)
    return column + len(piece.now)


def _upon(under: Sequence[Piece], remark: Remark) -> Piece:
    was = "".join(piece.was for piece in under)
    now = remark.edit.after if remark.made else "".join(piece.now for piece in under)
    numbers = dict.fromkeys(number for piece in under for number in piece.remarks)
    changed = remark.made or any(piece.changed for piece in under)
    return Piece(was, now, (*numbers, remark.number), changed, more=bool(under) and under[0].more)


def _joined(pieces: Iterable[Piece]) -> Iterator[Piece]:
    """Pieces with those that belong together made one."""
    held: Piece | None = None
    for piece in pieces:
        if held is not None and piece.more:
            numbers = tuple(dict.fromkeys((*held.remarks, *piece.remarks)))
            held = Piece(held.was + piece.was, held.now + piece.now, numbers, held.changed or piece.changed, held.more)
        else:
            if held is not None:
                yield held
            held = piece
    if held is not None:
        yield held
