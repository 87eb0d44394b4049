"""One text through a converter, and cut back where it was joined.

Words that have their conversion from elsewhere (an exception, a name, an address) are laid aside and the rest goes
through in one piece: their edges are edges of words, so nothing is lost by cutting there.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from pipeline.conversion.converter import Convert

if TYPE_CHECKING:
    from rapidfuzz.distance import Opcodes

_ASIDE = "\ufdd0"  # a noncharacter (Unicode 23.7): for use inside a program, never in interchanged text


@dataclass(frozen=True, slots=True)
class Fixed:
    """text[start:end] becomes `text`, whatever the converter would say."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Piece:
    """source[start:end] became `text`."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Converted:
    """A text that was converted: its pieces, in order and without gaps."""

    source: str
    pieces: tuple[Piece, ...]

    @property
    def text(self) -> str:
        return "".join(piece.text for piece in self.pieces)

    def cut(self, lengths: Sequence[int], convert: Convert) -> list[str]:
        """The converted text in parts, as source parts of these lengths became it. Joined, they are `text`.

        Inside a piece of the same length as its source, character answers to character. Where lengths differ, each
        source part is converted alone, and the two results are aligned by their common characters (`_aligned`).
        """
        places = [0]
        for length in lengths:
            places.append(places[-1] + length)
        targets = self._targets(places, convert)
        text = self.text
        return [text[start:end] for start, end in pairwise(targets)]

    def _targets(self, places: Sequence[int], convert: Convert) -> list[int]:
        """Where each of these places of the source came to lie in the text."""
        out: list[int] = []
        done, at = 0, 0  # source places answered; length of the pieces before
        for piece in self.pieces:
            inside = []
            while done < len(places) and places[done] < piece.end:
                inside.append(places[done] - piece.start)
                done += 1
            if piece.end - piece.start == len(piece.text):
                out += [at + place for place in inside]
            else:
                out += [
                    at + place for place in _aligned(self.source[piece.start : piece.end], piece.text, inside, convert)
                ]
            at += len(piece.text)
        return out + [at] * (len(places) - done)


def _aligned(source: str, text: str, places: Sequence[int], convert: Convert) -> list[int]:
    """Where `places` of `source` lie in `text`, which is longer or shorter.

    The parts between the places, each converted alone, say nearly the same as `text`; the edit script between the two
    moves each edge. An edge that falls into a changed stretch goes to the end of that stretch: a word that became
    longer stays whole, with the part it began in.
    """
    from rapidfuzz.distance import Levenshtein  # noqa: PLC0415  only where a conversion changes length

    edges = [0, *places, len(source)]
    parts = [convert(source[start:end]) if start < end else "" for start, end in pairwise(edges)]
    alone = "".join(parts)
    script = Levenshtein.opcodes(alone, text)
    out: list[int] = []
    place = 0
    for part in parts[: len(places)]:
        place += len(part)
        out.append(_moved(place, script, len(text)))
    return out


def _moved(place: int, script: "Opcodes", end: int) -> int:
    for step in script:
        if place == step.src_start:
            return step.dest_start
        if step.src_start < place < step.src_end:
            return step.dest_start + place - step.src_start if step.tag == "equal" else step.dest_end
    return end if place else 0


def convert_with(source: str, fixed: Sequence[Fixed], convert: Convert) -> Converted:
    """`source` through `convert`, with `fixed` (in order, not overlapping) laid aside."""
    if not fixed:
        return Converted(source, (Piece(0, len(source), convert(source)),) if source else ())
    edges = [0, *(edge for word in fixed for edge in (word.start, word.end)), len(source)]
    rests = list(zip(edges[::2], edges[1::2], strict=True))
    texts = _together([source[start:end] for start, end in rests], convert)
    pieces: list[Piece] = []
    for (start, end), text, word in zip(rests, texts, [*fixed, None], strict=True):
        if start < end:
            pieces.append(Piece(start, end, text))
        if word is not None:
            pieces.append(Piece(word.start, word.end, word.text))
    return Converted(source, tuple(pieces))


def _together(parts: Sequence[str], convert: Convert) -> list[str]:
    """Each part converted, in one call where that can be told apart again: calls cost more than characters."""
    if not any(_ASIDE in part for part in parts):
        texts = convert(_ASIDE.join(parts)).split(_ASIDE)
        if len(texts) == len(parts):
            return texts
    return [convert(part) if part else "" for part in parts]
