"""The printed contents (目录): where they stand. What they list is read by entries.py.

The edition sets its own contents out of the body; the printed ones are kept, unshown, and are the best witness for the
titles and levels of headings.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise

from rapidfuzz import fuzz, process

from pipeline.ledger import Confidence
from pipeline.structure.entries import BOX, Entry, entries
from pipeline.structure.leaders import is_heading, is_matter, numbering, split_folio
from pipeline.structure.rule import Draft, Mark, Role, StructureRule
from pipeline.structure.shape import CHINESE_DIGITS, SHORT, bare, key, page_starts, prose

__all__ = ["RULE", "Entry", "entries"]

_UNHEADED_WITHIN = 0.3  # a contents page whose heading the OCR lost stands near the front, or nowhere
_NUMERALS = re.compile(rf"[{CHINESE_DIGITS}\d]+")
# A page's own number, a page tag or a fence that an OCR model left.
_NO_ENTRY = re.compile(r"^\W*\d{1,4}\W*$|^\s*<[^<>]{1,40}>[^<>]{0,20}(?:</[^<>]{1,20}>)?\s*$|^\s*```\w*\s*$")


@dataclass(slots=True)
class _Seen:
    """What a walk down the lines of the contents has met: keys of whole lines and of their first parts."""

    keys: dict[str, int] = field(default_factory=dict)
    order: list[str] = field(default_factory=list)
    folios: int = 0
    lines: int = 0
    top: int = 99  # rank of the outermost numbering

    def add(self, text: str) -> None:
        title, folio, closed = split_folio(text)
        self.lines += 1
        self.folios += bool(folio) or closed
        found = numbering(title)
        number = found[1] if found and found[0].strong else ""  # 第一回 may stand alone over its chapter
        self.top = min(self.top, found[0].rank) if found else self.top
        closed_up = title.replace(" ", "") if len(title) < 8 else title
        for part in (title, re.split(r"[：:—\s　]", closed_up)[0], _unnumbered(title), number):
            if (name := key(part)) and name not in self.keys:
                self.keys[name] = len(self.order)
        self.order.append(key(title))

    def knows(self, text: str, first: int | None = None) -> bool:
        """Whether `text` repeats an entry (one of the `first` ones)."""
        name = key(bare(text))
        at = self.keys.get(name)
        if at is None and 6 <= len(name) <= SHORT:  # an OCR engine reads the same title twice, differently
            sample = self.order[: first or 300]
            hit = process.extractOne(name, sample, scorer=fuzz.ratio, score_cutoff=80)
            at = hit[2] if hit and _NUMERALS.findall(name) == _NUMERALS.findall(hit[0]) else None
        return at is not None and (first is None or at < first)

    def outermost(self, text: str) -> bool:
        title = bare(text)
        found = numbering(title)
        return is_matter(title) or (found is not None and found[0].rank <= self.top)


def _unnumbered(title: str) -> str:
    found = numbering(title)
    rest = title[len(found[1]) :] if found else title
    return rest if len(key(rest)) >= 4 else title


def _find(draft: Draft) -> Iterator[Mark]:
    search = _Search(draft)
    done = -1
    for position, line in enumerate(search.filled):
        if line > done and line not in draft.roles and is_heading(draft.lines[line]):
            region = search.headed(position)
            if len(region) > 1:
                region = [*search.above(position), *region]
                done = region[-1]
                yield from (Mark(at, Role.CONTENTS, "目录：由正文重排，原目录不印") for at in region)
    if done < 0:
        for at in search.unheaded():
            yield Mark(at, Role.CONTENTS, "无题的目录：短行带页码，或逐行见于正文标题")


class _Search:
    """The draft with what the search asks of it again and again, worked out once."""

    def __init__(self, draft: Draft) -> None:
        self.roles, self.lines = draft.roles, draft.lines
        self.prose = prose(draft.lines)
        self.starts = page_starts(draft.lines, draft.pages)
        self.filled = [at for at, line in enumerate(draft.lines) if line.strip()]

    @cached_property
    def _places(self) -> dict[str, tuple[int, int]]:
        """Where each short line stands for the first and for the last time, by its key."""
        places: dict[str, tuple[int, int]] = {}
        for at in self.filled:
            if len(self.lines[at]) <= 2 * SHORT and not self.prose[at]:
                name = key(self.lines[at])
                places[name] = (places.get(name, (at, at))[0], at)
        return places

    # ------------------------------------------------------------ under a heading

    def headed(self, position: int) -> list[int]:
        """The lines of the contents whose heading is filled[position], with it; it alone if no entries follow."""
        seen = _Seen()
        region = [self.filled[position]]
        stop = len(self.filled)
        for at in range(position + 1, len(self.filled)):
            line = self.filled[at]
            if line in self.roles or self.prose[line] or (seen.lines >= 2 and self._body_begins(at, seen)):
                stop = at
                break
            region.append(line)
            if not is_heading(self.lines[line]) and not _NO_ENTRY.match(self.lines[line]):
                seen.add(self.lines[line])
        if stop < len(self.filled) and self.prose[self.filled[stop]]:
            region = self._without_body(region, seen)
        return region if self._proven(region, seen) or self._own_page(region) else region[:1]

    def above(self, position: int) -> list[int]:
        """Lines between the head of the page and the heading, where all are bare numbers of chapters: an engine read
        their column first.
        """
        found: list[int] = []
        for at in range(position - 1, -1, -1):
            line = self.filled[at]
            name = numbering(bare(self.lines[line]))
            if line in self.roles or not name or len(bare(self.lines[line])) > len(name[1]):
                return []
            found.insert(0, line)
            if line in self.starts:
                return found
        return []

    def _own_page(self, region: Sequence[int]) -> bool:
        """A page that opens with 目录 and holds nothing but short lines, one of them at least an entry by its look."""
        after = bisect_left(self.filled, region[-1]) + 1
        ends = after < len(self.filled) and self.filled[after] in self.starts
        entry = any(split_folio(self.lines[line])[1] or _opens(self.lines[line]) for line in region[1:])
        return len(self.starts) > 2 and region[0] in self.starts and ends and entry

    def _body_begins(self, at: int, seen: _Seen) -> bool:
        """Whether the line repeats an entry as the body's first heading does: on a new page where pages show, without
        folio, one of the first entries or of the outermost, and no more folios after it.
        """
        text = self.lines[self.filled[at]]
        _, folio, closed = split_folio(text)
        if folio or closed or is_heading(text) or BOX.match(bare(text)):
            return False
        if len(self.starts) > 2 and self.filled[at] not in self.starts:
            return False
        paged = seen.folios >= max(2, 0.4 * seen.lines)
        if not seen.knows(text, 1) and not (seen.outermost(text) and seen.knows(text, None if paged else 3)):
            return False
        ahead = [split_folio(self.lines[line])[1] for line in self.filled[at + 1 : at + 9]]
        return not paged or sum(map(bool, ahead)) <= len(ahead) // 4

    def _without_body(self, region: list[int], seen: _Seen) -> list[int]:
        """Take off the end of the region the headings that open the body: prose stands right after them."""
        closed = [at for at, line in enumerate(region) if at and any(split_folio(self.lines[line])[1:])]
        if len(closed) >= max(2, 0.3 * len(region)):
            tail = range(closed[-1] + 1, len(region))
            cut = next((at for at in tail if region[at] in self.starts or seen.knows(self.lines[region[at]])), None)
            if cut is None:
                cut = next((at for at in tail if _opens(self.lines[region[at]])), len(region))
            return region[:cut]
        names = [key(split_folio(self.lines[line])[0]) for line in region]
        earlier: dict[str, int] = {}
        for at, name in enumerate(names):
            earlier.setdefault(name, at)
        cut = len(region)
        while cut > 1 and earlier[names[cut - 1]] < cut - 1:
            cut -= 1
        return region[:cut]

    def _proven(self, region: list[int], seen: _Seen) -> bool:
        """目录 alone proves nothing: entries with folios, numbered ones, or ones that the body repeats must follow."""
        if seen.folios >= 2 and seen.folios >= 0.2 * seen.lines:
            return True
        numbered = sum(1 for line in region[1:] if _opens(self.lines[line]))
        if numbered >= 3 and numbered >= 0.3 * len(region):
            return True
        return len(region) > 3 and self._repeated(region) >= max(2, 0.4 * len(region))

    def _repeated(self, region: Sequence[int], *, after: bool = False) -> int:
        """How many lines of the region stand again, as whole lines, outside it (`after` it)."""
        count = 0
        for line in region:
            name = key(split_folio(self.lines[line])[0])
            first, last = self._places.get(name, (line, -1))
            count += len(name) >= 2 and (last > region[-1] or (not after and first < region[0]))
        return count

    # ------------------------------------------------------------ without one

    def unheaded(self) -> list[int]:
        """The best run of entry-like lines between prose and other front matter; [] if none is good enough."""
        front = self.filled[: max(80, int(_UNHEADED_WITHIN * len(self.filled)))]
        runs: list[list[int]] = [[]]
        for line in self.filled:
            if line not in self.roles and not self.prose[line]:
                runs[-1].append(line)
            elif line > front[-1]:
                break
            elif runs[-1]:
                runs.append([])
        return max((self._entries(run) for run in runs), key=len, default=[])

    def _entries(self, run: list[int]) -> list[int]:
        if len(run) < 4:
            return []
        seen = _Seen()
        region = [run[0]]  # stands where the heading would, for the trimming below
        begin = bisect_left(self.filled, run[0])
        for at, line in enumerate(run, start=begin):  # a run has no gaps
            if seen.lines >= 2 and self._body_begins(at, seen):
                break
            region.append(line)
            if not _NO_ENTRY.match(self.lines[line]):
                seen.add(self.lines[line])
        region = self._without_body(region, seen)[1:]
        return region if self._believable(region) else []

    def _believable(self, region: list[int]) -> bool:
        """Without a heading: rising folios on many lines, or most lines again in the body."""
        split = [split_folio(self.lines[line]) for line in region]
        folios = [int(folio) for _, folio, _ in split if folio.isdecimal()]
        rising = sum(1 for a, b in pairwise(folios) if a <= b)
        closed = sum(1 for _, folio, leader in split if folio or leader)
        paged = len(folios) >= 3 and rising >= 0.7 * (len(folios) - 1) and closed >= 0.3 * len(region)
        repeated = self._repeated(region, after=True) if region else 0
        if paged and (closed >= 5 or repeated >= 2):
            return True
        return repeated >= max(3, 0.5 * len(region)) and closed >= 1


def _opens(text: str) -> bool:
    title = bare(text)
    return numbering(title) is not None or is_matter(title)


RULE = StructureRule(
    id="contents",
    confidence=Confidence.LIKELY,
    find=_find,
    why="原目录由正文重排，不入正文；止于正文重现首条标题处或散文起处。题名失落时，须多行带递增页码或见于正文方认定",
)
