"""The printed contents (目录): where they stand. What they list is read by entries.py.

The edition sets its own contents out of the body; the printed ones are kept, unshown, and are the best witness for the
titles and levels of headings.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from rapidfuzz import fuzz, process

from pipeline.ledger import Confidence
from pipeline.structure.entries import BOX, Entry, entries
from pipeline.structure.leaders import is_heading, is_matter, numbering, split_folio
from pipeline.structure.rule import Draft, Mark, Role, StructureRule
from pipeline.structure.shape import CHINESE_DIGITS, SHORT, bare, key, page_starts, prose

__all__ = ["RULE", "Entry", "entries"]

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
        if found := numbering(title):
            self.top = min(self.top, found[0].rank)
        for part in (title, re.split(r"[：:—\s　]", title.replace(" ", "") if len(title) < 8 else title)[0], _unnumbered(title)):
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


def _unnumbered(title: str) -> str:
    found = numbering(title)
    rest = title[len(found[1]) :] if found else title
    return rest if len(key(rest)) >= 4 else title


def _find(draft: Draft) -> Iterator[Mark]:
    lines = draft.lines
    flags, starts = prose(lines), page_starts(lines, draft.pages)
    filled = [at for at, line in enumerate(lines) if line.strip()]
    done = -1
    found = False
    for position, line in enumerate(filled):
        if line > done and is_heading(lines[line]) and line not in draft.roles:
            region = _region(draft, filled, position, flags, starts)
            if len(region) > 1:
                found, done = True, region[-1]
                yield from (Mark(at, Role.CONTENTS, "目录：由正文重排，原目录不印") for at in region)
    if not found:
        for at in _unheaded(draft, filled, flags, starts):
            yield Mark(at, Role.CONTENTS, "无题的目录：短行带页码，或逐行见于正文标题")


def _region(draft: Draft, filled: list[int], position: int, flags: list[bool], starts: frozenset[int]) -> list[int]:
    """The lines of the contents whose heading is filled[position], heading included; only the heading if none follow."""
    seen = _Seen()
    region = [filled[position]]
    stop = len(filled)
    for at in range(position + 1, len(filled)):
        line = filled[at]
        text = draft.lines[line]
        if line in draft.roles or flags[line]:
            stop = at
            break
        if seen.lines >= 2 and _body_begins(draft, filled, at, seen, starts):
            stop = at
            break
        region.append(line)
        if not is_heading(text) and not _NO_ENTRY.match(text):
            seen.add(text)
    stopped_by_prose = stop < len(filled) and flags[filled[stop]]
    if stopped_by_prose:
        region = _without_body(draft, region, seen, starts)
    return region if _proven(draft, region, filled, seen) else region[:1]


def _body_begins(draft: Draft, filled: list[int], at: int, seen: _Seen, starts: frozenset[int]) -> bool:
    """Whether the line repeats an entry as the body's first heading does: on a new page where pages show, without
    folio, one of the first entries or of the outermost, and no more folios after it.
    """
    text = draft.lines[filled[at]]
    _, folio, closed = split_folio(text)
    if folio or closed or is_heading(text) or BOX.match(bare(text)):
        return False
    if len(starts) > 2 and filled[at] not in starts:
        return False
    paged = seen.folios >= max(2, 0.4 * seen.lines)
    if not seen.knows(text, 3) and not (paged and _outermost(text, seen) and seen.knows(text)):
        return False
    ahead = [split_folio(draft.lines[line])[1] for line in filled[at + 1 : at + 9]]
    return not paged or sum(map(bool, ahead)) <= len(ahead) // 4


def _outermost(text: str, seen: _Seen) -> bool:
    title = bare(text)
    found = numbering(title)
    return is_matter(title) or (found[0].rank <= seen.top if found else False)


def _without_body(draft: Draft, region: list[int], seen: _Seen, starts: frozenset[int]) -> list[int]:
    """Take off the end of the region the headings that open the body: prose stands right after them."""
    closed = [at for at, line in enumerate(region) if at and any(split_folio(draft.lines[line])[1:])]
    if len(closed) >= max(2, 0.3 * len(region)):
        tail = range(closed[-1] + 1, len(region))
        cut = next((at for at in tail if region[at] in starts or seen.knows(draft.lines[region[at]], 400)), None)
        if cut is None:
            cut = next((at for at in tail if _opens(draft.lines[region[at]])), len(region))
        return region[:cut]
    cut = len(region)
    earlier: dict[str, int] = {}
    for at, line in enumerate(region):
        earlier.setdefault(key(split_folio(draft.lines[line])[0]), at)
    while cut > 1 and earlier[key(split_folio(draft.lines[region[cut - 1]])[0])] < cut - 1:
        cut -= 1
    return region[:cut]


def _opens(text: str) -> bool:
    title = bare(text)
    return numbering(title) is not None or is_matter(title)


def _proven(draft: Draft, region: list[int], filled: list[int], seen: _Seen) -> bool:
    """A heading 目录 alone proves nothing: entries with folios, numbered ones, or ones that the body repeats must follow."""
    if seen.folios >= 2 and seen.folios >= 0.2 * seen.lines:
        return True
    numbered = sum(1 for line in region[1:] if _opens(draft.lines[line]))
    if numbered >= 3 and numbered >= 0.3 * len(region):
        return True
    return len(region) > 3 and len(_repeated(draft, region, filled)) >= max(2, 0.4 * len(region))


def _repeated(draft: Draft, region: Sequence[int], filled: Sequence[int]) -> list[int]:
    """Lines of the region that stand again, as whole lines, outside it."""
    inside = set(region)
    body = {key(draft.lines[line]) for line in filled if line not in inside and len(draft.lines[line]) <= 2 * SHORT}
    return [line for line in region if len(name := key(split_folio(draft.lines[line])[0])) >= 2 and name in body]


# A contents page whose heading the OCR lost stands near the front, or nowhere.
_UNHEADED_WITHIN = 0.3


def _unheaded(draft: Draft, filled: list[int], flags: list[bool], starts: frozenset[int]) -> list[int]:
    """The best run of entry-like lines between prose and other front matter; [] if none is good enough."""
    runs: list[list[int]] = []
    run: list[int] = []
    front = filled[: max(80, int(_UNHEADED_WITHIN * len(filled)))]
    for line in filled:
        if line in draft.roles or flags[line]:
            if run:
                runs.append(run)
            run = []
            if front and line > front[-1]:
                break
        else:
            run.append(line)
    if run:
        runs.append(run)
    best: list[int] = []
    for candidate in runs:
        entries_ = _entry_lines(draft, candidate, filled, starts)
        if len(entries_) > len(best):
            best = entries_
    return best


def _entry_lines(draft: Draft, run: list[int], filled: list[int], starts: frozenset[int]) -> list[int]:
    if len(run) < 4:
        return []
    seen = _Seen()
    region = [run[0]]  # its place is that of the heading, for the trimming below
    for at, line in enumerate(run):
        if seen.lines >= 2 and _body_begins(draft, run, at, seen, starts):
            break
        region.append(line)
        if not _NO_ENTRY.match(draft.lines[line]):
            seen.add(draft.lines[line])
    region = _without_body(draft, region, seen, starts)[1:]
    split = [split_folio(draft.lines[line]) for line in region]
    folios = [int(folio) for _, folio, _ in split if folio.isdecimal()]
    rising = sum(1 for a, b in pairwise(folios) if a <= b)
    closed = sum(1 for _, folio, leader in split if folio or leader)
    paged = len(folios) >= 3 and rising >= 0.7 * (len(folios) - 1) and closed >= 0.3 * len(region)
    repeated = _repeated(draft, region, [line for line in filled if not region or line > region[-1]])
    if paged and (closed >= 5 or len(repeated) >= 2):
        return region
    return region if len(repeated) >= max(3, 0.5 * len(region)) and closed >= 1 else []


RULE = StructureRule(
    id="contents",
    confidence=Confidence.LIKELY,
    find=_find,
    why="原书目录由正文重排，不入正文；止于正文重现首条标题处或散文起处。目录题名失落时，须多行带递增页码或见于正文方认定",
)
