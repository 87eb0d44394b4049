"""What the printed contents list: titles, levels, folios.

Titles broken over lines are joined, numbers and what stands around unnumbered titles give the levels, labels of boxes
(延伸阅读) mark what is listed under them.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import pairwise

from pipeline.pages import Page
from pipeline.structure import numerals
from pipeline.structure.forms import Form
from pipeline.structure.leaders import is_heading, is_matter, numbering, pieces, split_folio
from pipeline.structure.rule import Draft, Role
from pipeline.structure.shape import CHINESE_DIGITS, SHORT, key, page_starts

BOX = re.compile(
    r"^[【\[（(]?(?P<label>延伸阅读|拓展阅读|阅读链接|阅读材料|知识链接|相关链接|资料链接|案例链接|典型案例|案例分析|知识窗|小贴士|小知识|专栏|链接|案例|延伸閱讀|知識鏈接)"
    rf"(?:[{CHINESE_DIGITS}\d]{{1,3}})?[】\]）)]?(?:[\s：:]+(?P<title>.*))?$"
)
_ONLY_FOLIO = re.compile(r"^\s*(\d{1,4})\s*$")
_LEFT_OVER = re.compile(r"^\s*<[^<>]{1,40}>[^<>]{0,20}(?:</[^<>]{1,20}>)?\s*$|^\s*```\w*\s*$")
_PAGE_NUMBER = re.compile(r"^\W*(?:\d{1,4}|[ivxlcIVXLC]{1,6})\W*$")
_SUBTITLE = re.compile(r"^[—–―\-一]{2,}\s*(.+)$")
_APPENDIX = re.compile(r"^附\s?[录錄]$")
_BROKEN_FORM = re.compile(rf"^[第弟策]\s?(?P<number>[{CHINESE_DIGITS}\d]{{1,4}})")


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry. `title` is whole, with its number; `number` is that number as printed ("" for none).

    `level` counts from 1; an entry under a box label has the label in `box` and the level of its surroundings. `folio`
    is the printed page number as text, "" where lost. `line` is the first line it stands on.
    """

    title: str
    level: int
    folio: str
    line: int
    number: str = ""
    subtitle: str = ""
    box: str = ""
    lines: tuple[int, ...] = ()


@dataclass(slots=True)
class _Raw:
    """An entry being read: the pieces of its title and what is known of it."""

    pieces: list[str]
    lines: list[int]
    folio: str = ""
    closed: bool = False
    subtitle: str = ""
    box: str = ""
    level: int = 1

    @property
    def title(self) -> str:
        return _join(self.pieces)


def entries(draft: Draft) -> tuple[Entry, ...]:
    """What the lines that bear the role CONTENTS list, in their order; () where there are none."""
    lines = tuple(sorted(at for at, mark in draft.roles.items() if mark.role is Role.CONTENTS))
    return _listed(tuple(draft.lines), tuple(draft.pages), lines) if lines else ()


@lru_cache(maxsize=1)
def _listed(text: tuple[str, ...], pages: tuple[Page, ...], lines: tuple[int, ...]) -> tuple[Entry, ...]:
    raw = _Reader(Draft(text, pages, {}), lines).read()
    _rank(raw)
    return tuple(_entry(item) for item in raw)


def _entry(raw: _Raw) -> Entry:
    found = numbering(raw.title)
    label = raw.pieces[0] if len(raw.pieces) > 1 and _is_label(raw.pieces[0]) else ""
    number = found[1] if found else label
    return Entry(raw.title, raw.level, raw.folio, raw.lines[0], number, raw.subtitle, raw.box, tuple(raw.lines))


class _Reader:
    """One walk down the contents. What the body repeats as whole lines tells where a title ends."""

    def __init__(self, draft: Draft, lines: Sequence[int]) -> None:
        self._lines, self._inside = draft.lines, set(lines)
        self.parts = list(_parts(draft, lines))
        self.paged = _paged([text for _, text in self.parts])
        self.out: list[_Raw] = []
        self.box = ""

    @cached_property
    def body(self) -> set[str]:
        """The keys of the short lines outside the contents."""
        short = (text for at, text in enumerate(self._lines) if 0 < len(text) <= 2 * SHORT and at not in self._inside)
        return set(map(key, short))

    def read(self) -> list[_Raw]:
        for line, text in self.parts:
            if alone := _ONLY_FOLIO.match(text):
                self._folio(alone[1])
            else:
                self._part(line, *split_folio(text))
        return _appendix_opened([item for item in self.out if self._says_something(item)])

    def _says_something(self, item: _Raw) -> bool:
        """A lone character is an entry only where the body has it too (蝉), or print always has it (序)."""
        return len(key(item.title)) > 1 or key(item.title) in self.body or is_matter(item.title)

    def _folio(self, folio: str) -> None:
        """A folio on its own line belongs to the entry before it, if that has lost its own."""
        if self.out and not self.out[-1].folio:
            self.out[-1].folio, self.out[-1].closed = folio, True

    def _part(self, line: int, title: str, folio: str, closed: bool) -> None:  # noqa: FBT001 (as split_folio gives it)
        label = BOX.match(title)
        if not key(title):
            return
        if label and not label["title"] and not folio:
            self.box = label["label"]
            return
        if _starts_outer(title):
            self.box = ""
        subtitle = _SUBTITLE.match(title)
        last = self.out[-1] if self.out else None
        if last and subtitle:
            last.subtitle, last.folio, last.closed = subtitle[1], last.folio or folio, True
            last.lines.append(line)
        elif last and self._continues(last, title, folio):
            last.pieces.append(title)
            last.lines.append(line)
            last.folio, last.closed = folio, closed
        elif label and label["title"]:
            self.out.append(_Raw([label["title"].strip()], [line], folio, closed, box=label["label"]))
        else:
            self.out.append(_Raw([title], [line], folio, closed, box=self.box))

    def _continues(self, last: _Raw, title: str, folio: str) -> bool:
        """Whether `title` goes on with the entry before it, which has no folio yet."""
        if last.folio or last.closed or numbering(title) or is_matter(title):
            return False
        if _is_label(last.title):
            return self.paged or numbering(last.title) is not None
        if key(last.title) in self.body:
            return False
        if key(last.title + title) in self.body or last.title.endswith(("，", "、", "：", ",", "——")):
            return True
        if key(title) in self.body:
            return False
        return self.paged and bool(folio or len(last.title) >= 8) and len(last.pieces) < 4


def _paged(lines: Sequence[str]) -> bool:
    """Whether entries as a rule end in a folio; labels, titles under them and first halves of titles have none."""
    split = [split_folio(text) for text in lines]
    labels = [_is_label(title) for title, _, _ in split]
    ends = [
        bool(folio)
        for at, (title, folio, _) in enumerate(split)
        if not labels[at] and not (at and labels[at - 1]) and not title.endswith(("，", "、", ","))
    ]
    return 2 * sum(ends) >= len(ends)


def _parts(draft: Draft, lines: Sequence[int]) -> Iterator[tuple[int, str]]:
    """The lines cut into entries where an engine ran several together; headings and the pages' own numbers left out."""
    starts = page_starts(draft.lines, draft.pages)
    apart = sum(1 for line in lines if _ONLY_FOLIO.match(draft.lines[line])) >= max(2, len(lines) // 4)
    for at, line in enumerate(lines):
        text = draft.lines[line]
        ends_page = not apart and (at + 1 == len(lines) or lines[at + 1] in starts)
        dressed = _PAGE_NUMBER.match(text) and not _ONLY_FOLIO.match(text)
        if is_heading(text) or dressed or _LEFT_OVER.match(text) or (ends_page and _ONLY_FOLIO.match(text)):
            continue
        for piece in pieces(text):
            yield line, piece


def _appendix_opened(raw: list[_Raw]) -> list[_Raw]:
    """附录 alone on its line heads all that follows it, where more than one unnumbered title does."""
    out: list[_Raw] = []
    for at, item in enumerate(raw):
        after = raw[at + 1] if at + 1 < len(raw) else None
        heads = after and not after.box and not numbering(after.title) and not is_matter(after.title)
        if heads and len(item.pieces) > 1 and _APPENDIX.match(item.pieces[0]):
            out.append(_Raw(item.pieces[:1], item.lines[:1], closed=True))
            item.pieces, item.lines = item.pieces[1:], item.lines[1:]
        out.append(item)
    return out


def _starts_outer(title: str) -> bool:
    found = numbering(title)
    return is_matter(title) or (found is not None and found[0].rank <= 30)


def _continues(last: _Raw, title: str, body: set[str], *, paged: bool, folio: str) -> bool:
    """Whether `title` goes on with the entry before it, which has no folio yet."""
    if last.folio or (last.closed and paged):
        return False
    found = numbering(title)
    label = _is_label(last.title)
    if found or is_matter(title):
        return False
    if label:
        return True
    if last.closed or key(last.title) in body:
        return False
    if key(last.title + title) in body or last.title.endswith(("，", "、", "：", ",", "——")):
        return True
    if key(title) in body:
        return False
    return paged and bool(folio or len(last.title) >= 8) and len(last.pieces) < 4


def _is_label(title: str) -> bool:
    """第一章, 附录, 绪论 standing alone: the title is on the next line."""
    found = numbering(title)
    if found:
        return not key(title[len(found[1]) :])
    return is_matter(title) and len(key(title)) <= 4


def _join(pieces: Sequence[str]) -> str:
    """The pieces of a broken title; a space only after a label (第一章) and between Latin words."""
    out = pieces[0]
    for piece in pieces[1:]:
        spaced = _is_label(out) or (out[-1:].isascii() and out[-1:].isalpha() and piece[:1].isascii())
        out += f" {piece}" if spaced else piece
    return out


# ---------------------------------------------------------------- levels


def _rank(raw: list[_Raw]) -> None:
    """Levels from numbering, and for what bears no number from what stands around it."""
    forms = _forms(raw)
    numbered = [at for at, form in enumerate(forms) if form]
    loose = [at for at, item in enumerate(raw) if not forms[at] and not item.box and not is_matter(item.title)]
    top = min((form.rank for form in forms if form), default=30)
    tail_only = bool(numbered) and all(at > numbered[-1] or at < numbered[0] for at in loose)
    last, above = float(top), 0.0
    path: list[float] = []
    for at, item in enumerate(raw):
        form = forms[at]
        if item.box:
            item.level = max(len(path), 1)
            continue
        if form or is_matter(item.title):
            rank = last = float(form.rank if form else top)
            above = top if _APPENDIX.match(item.title) else 0.0
        elif above:
            rank = above + 0.5
        elif _opens_over(forms, raw, at):
            rank = _beside(forms, raw, at, last)
        elif not numbered or (tail_only and len(loose) <= max(3, len(numbered) // 2)):
            rank = top
        else:
            rank = _beside(forms, raw, at, last)
        while path and path[-1] >= rank:
            path.pop()
        path.append(rank)
        item.level = len(path) + (path[0] > top and bool(numbered))


def _forms(raw: Sequence[_Raw]) -> list[Form | None]:
    """The form of each entry. One that the OCR broke (第六知 for 第六节) is told by its own number or its place."""
    forms: list[Form | None] = []
    numbers: list[int | None] = []
    reached: dict[Form, int] = {}
    for item in raw:
        found = None if item.box else numbering(item.title)
        form = found[0] if found else None
        number = _number(found[1]) if found else None
        if form is None and not item.box and (broken := _BROKEN_FORM.match(item.title)):
            number = numerals.value(broken["number"])
            form = next((f for f, n in reversed(reached.items()) if number in {n + 1, n + 2}), None)
        if form and number:
            reached.pop(form, None)  # the last one reached is looked at first
            reached[form] = number
        forms.append(form)
        numbers.append(number)
    return _siblings(raw, forms, numbers)


def _siblings(raw: Sequence[_Raw], forms: list[Form | None], numbers: Sequence[int | None]) -> list[Form | None]:
    """Unnumbered entries that just fill a gap in a count (第三节, ?, 第五节) have lost their numbers to the OCR."""
    numbered = [at for at, form in enumerate(forms) if form]
    for before, after in pairwise(numbered):
        gap = after - before - 1
        first, last, count = forms[before], forms[after], numbers[after]
        if not gap or not first or not last or not count:
            continue
        if any(item.box or is_matter(item.title) for item in raw[before + 1 : after]):
            continue
        told = numbers[before] or 0
        if (last == first and told and gap <= count - told - 1) or (last.rank > first.rank and gap <= count - 1):
            forms[before + 1 : after] = [last] * gap
    return forms


def _number(printed: str) -> int | None:
    digits = re.search(rf"[{CHINESE_DIGITS}\d]+", printed)
    return numerals.value(digits[0]) if digits else None


def _opens_over(forms: Sequence[Form | None], raw: Sequence[_Raw], at: int) -> bool:
    """Whether the entry stands on the page on which a count begins right after it: 阿Q正传 / 5, 第一章 序 / 5."""
    following = raw[at + 1] if at + 1 < len(raw) else None
    if following is None or not forms[at + 1] or not raw[at].folio or raw[at].folio != following.folio:
        return False
    found = numbering(following.title)
    return found is not None and _number(found[1]) == 1


def _beside(forms: Sequence[Form | None], raw: Sequence[_Raw], at: int, last: float) -> float:
    """The rank of an unnumbered entry: a parent if a numbering starts anew right after it, else a child of the last."""
    following = forms[at + 1] if at + 1 < len(forms) else None
    if following:
        found = numbering(raw[at + 1].title)
        if found and _number(found[1]) == 1:
            return following.rank - 0.5
    return last + 0.5
