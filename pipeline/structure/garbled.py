"""Headings whose number the OCR misread: 第一童 总纲, GD) 繁殖, “总论 for 一、总论.

Only a gap speaks for them: a series lacks just this number, and between its neighbours a line stands alone that keeps
something of the form. Their characters stay as they are; only their place in the book is known.
"""

import re
from collections.abc import Mapping, Sequence
from itertools import islice

from pipeline.structure.forms import Form, Numbered
from pipeline.structure.titles import Title

WHY = "编号缺"
_WIDEST = 2  # numbers that may be missing side by side
_HAN_DIGITS = "〇一二三四五六七八九"


def find(found: Sequence[Title], chosen: Mapping[int, str]) -> dict[int, str]:
    """Positions of such titles with why they are headings; their form and number are set on them."""
    filled: dict[int, str] = {}
    for rank in sorted({n.form.rank for at in chosen if (n := found[at].numbered)}):
        filled |= _gaps_of(rank, found, sorted({*chosen, *filled}))
        filled |= _tails_of(rank, found, sorted({*chosen, *filled}))
    return filled


def _tails_of(rank: int, found: Sequence[Title], chosen: Sequence[int]) -> dict[int, str]:
    """Where a series of chapters or sections ends: a line that says its next number, only 第 is lost (二节 礼让)."""
    filled: dict[int, str] = {}
    ranks = [n.form.rank if (n := found[at].numbered) else 0 for at in chosen]
    last: Title | None = None
    held = frozenset(chosen)
    bounds = [*chosen, len(found)]
    for place, at in enumerate(chosen):
        if ranks[place] < rank:
            last = None
        elif ranks[place] == rank:
            last = found[at]
        number = last.numbered if last else None
        if number is None or not number.form.strong:
            continue
        ends = rf"(?:{_han(number.number + 1)}|{number.number + 1})\s*{number.form.sign}(?=[\s\u3000]+\S)"
        for spot in range(at + 1, bounds[place + 1]):
            title = found[spot]
            free = spot not in held and title.numbered is None and title.plain and title.alone and not title.glued
            if free and (match := re.match(ends, title.text)):
                title.numbered = Numbered(number.form, number.number + 1, match.end())
                filled[spot] = f"{WHY}第，次序与位置相合"
                last = title
                break
    return filled


def _gaps_of(rank: int, found: Sequence[Title], chosen: Sequence[int]) -> dict[int, str]:
    """Walk the chosen headings: where the numbers of one form leap, look between."""
    filled: dict[int, str] = {}
    last, number = -1, 0
    for at in chosen:
        title = found[at]
        if title.numbered is None or title.numbered.form.rank > rank:
            continue
        if title.numbered.form.rank < rank:
            last, number = at, 0
            continue
        form, here = title.numbered.form, title.numbered.number
        if here <= number:  # the form begins anew: what parts it from the series before was lost, or its first
            number = 0
        if 0 < here - number - 1 <= _WIDEST:
            after = last
            for missing in range(number + 1, here):
                spot = _between(found, after + 1, at, form, missing)
                if spot is not None:
                    filled[spot] = f"{WHY}{missing}，此行独立且形近"
                    after = spot
        last, number = at, here
    return filled


def _between(found: Sequence[Title], start: int, end: int, form: Form, missing: int) -> int | None:
    for at, title in islice(enumerate(found), start, end):
        if title.numbered or not title.plain or not title.alone or title.glued:
            continue  # what the contents have confirmed already (第一他总论) may want its number too
        width = _garbled(title.text, form, missing)
        if width is not None:
            title.numbered = Numbered(form, missing, width)
            return at
    return None


def _garbled(text: str, form: Form, missing: int) -> int | None:
    """How many columns a misread number of this form takes at the head of the text; None where there is none."""
    han = _han(missing)
    patterns: tuple[str, ...]
    if form.strong:
        patterns = (
            rf"第\s*(?:{han}|{missing})\s*\S(?=\s*\S)",
            rf"第\s*\S{{1,3}}\s*{form.sign}",
            rf"\S\s*(?:{han}|{missing})\s*{form.sign}(?=[\s\u3000])",
            rf"(?:{han}|{missing})\s*{form.sign}(?=[\s\u3000])",
        )
    elif form.sign in ("（一）", "（1）"):
        patterns = (r"\S{1,3}[)）》〉〕](?=\s*\S)", rf"[(（《〈〔]\s*(?:{han}|{missing})(?=\s*\S)")
    else:
        patterns = (
            rf"(?:{han}|{missing})\s*[^\w\s](?=\s*\S)",
            r"[^\w\s]{1,2}\s*[、，,.．]?(?=[\u3400-\u9fff])",
            r"[^\u3400-\u9fff]{1,2}[、，,.．](?=\s*\S)",
        )
    for pattern in patterns:
        match = re.match(pattern, text)
        if match and len(text) > match.end():
            return match.end()
    return None


def _han(number: int) -> str:
    if number > 99:
        return str(number)  # 一百零二 is not asked for: its readings are too many
    tens, ones = divmod(number, 10)
    head = ("" if tens == 1 else _HAN_DIGITS[tens]) + "十" if tens else ""
    return head + (_HAN_DIGITS[ones] if ones or not tens else "")
