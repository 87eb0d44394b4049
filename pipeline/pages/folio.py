"""Folios: page numbers in all their dresses, told from other numbers by place and by rising with the pages.

12 · — 12 — · ·12· · 第12页 · /012 · 12/240 · P12 · xii · Ⅻ · 十二 · a number beside a running head; also with the
confusions of OCR (l2, 1O). A folio stands at the edge of its page and grows by one from page to page. Where most pages
are numbered, a scrap at the same edge of a page between two numbered ones is its folio misread.

What is left alone: numbers that part sections (no page breaks off before them), note marks, numbers out of sequence.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from pipeline.pages.sheet import Sheet

_REACH = 12  # pages; how far away another folio still bears witness
_LONGEST = 26  # characters of a line that is a folio and nothing else
_DECORATION = " \t\u3000-–—―_~～·•・．.。,，、'`´‘’*=|/\\<>《》〈〉()（）[]【】〔〕［］「」:：;；^“”\"°￣"
_DRESS = re.compile(
    r"第\s*(.+?)\s*[页頁](?:\s*[,，/·]?\s*共.*)?|(?:page|p)\.?\s*(.+?)(?:\s*(?:of|/)\s*\d+)?", re.IGNORECASE
)
_OF = re.compile(r"([0-9０-９lIOo]{1,5})\s*[/／]\s*[0-9０-９]{2,5}")
_ARABIC = re.compile(r"[0-9０-９lIiOoSBZ|]{1,5}")
_ROMAN = re.compile(r"(?=[ivxlcIVXLC])c{0,3}(?:xc|xl|l?x{0,3})(?:ix|iv|v?i{0,3})", re.IGNORECASE)
_HAN = re.compile(r"[一二三四五六七八九十百〇○零]{1,5}")
_CONFUSED = str.maketrans("０１２３４５６７８９lIi|OoSBZ", "01234567891111005" + "82")
_BESIDE = re.compile(
    r"^[\s·•.\-—|/／]*(?P<left>[0-9０-９lIO]{1,4})(?=[\s·•|/\-—\u3000])[\s·•|/\-—.]*(?P<after>\D.*)$"
    r"|^(?P<before>.*?[^\d\s·•|/\-—.…])(?:[\s·•|/／\-—…]+|\.{2,})(?P<right>[0-9０-９lIO]{1,4})[\s·•.\-—|/]*$"
)
_SIGNS = frozenset("0123456789０１２３４５６７８９lIO")
_AROUND = "·•.-—|" + "".join(char for char in map(chr, range(0x3001)) if char.isspace())
_NOTE_MARKS = re.compile(r"[\u2460-\u249b\u24ea-\u24ff\u2776-\u2793]")
_SCRAP = re.compile(
    r"[^\u3400-\u9fff。，；！？、：…#]{1,6}|(?=.*[\u3400-\u9fff])[^。，；！？、：…#|（）(){}“”《》]{1,4}"
)
_HAN_SIGN = re.compile(r"[\u3400-\u9fff]")
_STROKES = frozenset("一二三四五六七八九十工人入八了")  # what digits and specks are read as
_HABIT = 0.25  # the part of the pages with a folio, or a scrap in its place, that shows where folios stand
_WORTH = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}
_HAN_DIGITS = {digit: value for value, digit in enumerate("〇一二三四五六七八九")} | {"○": 0, "零": 0}


@dataclass(frozen=True, slots=True)
class Reading:
    """A number as read: its value and style, and whether its dress alone tells a folio."""

    value: int
    text: str
    style: str
    dressed: bool = False


@dataclass(frozen=True, slots=True)
class _Found:
    sheet: int
    line: int
    top: bool
    reading: Reading
    beside: bool  # a running head stands on the same line


# ---------------------------------------------------------------- one line


def read(line: str) -> Reading | None:
    """The folio that `line` is, if it could be one and nothing else."""
    text = line.strip()
    if len(text) > _LONGEST or _NOTE_MARKS.search(text):
        return None
    bare = text.strip(_DECORATION)
    dressed = bare != text and text[:1] in "-–—―·•/~" and bool(bare)
    if match := _DRESS.fullmatch(bare):
        bare, dressed = (match.group(1) or match.group(2)).strip(_DECORATION), True
    elif match := _OF.fullmatch(bare):
        bare, dressed = match.group(1), True
    found = _number(bare.replace(" ", "")) if bare else None
    return Reading(found[0], found[1], found[2], dressed) if found else None


def beside(line: str) -> tuple[Reading, str] | None:
    """The folio at one end of `line` and the words beside it, if it has that shape."""
    text = line.strip()
    if len(text) > 60 or not text:
        return None
    bare = text.strip(_AROUND)  # one look at the ends spares most lines the pattern
    if not bare or not (bare[0] in _SIGNS or bare[-1] in _SIGNS) or not (match := _BESIDE.match(text)):
        return None
    bare = match["left"] or match["right"]
    if not any(char.isdigit() for char in bare):
        return None
    value = int(bare.translate(_CONFUSED))
    return Reading(value, str(value), "arabic"), (match["after"] or match["before"]).strip()


def _number(bare: str) -> tuple[int, str, str] | None:
    if _ARABIC.fullmatch(bare) and (any(char.isdigit() for char in bare) or bare in {"l", "I", "ll", "O"}):
        value = int(bare.translate(_CONFUSED))
        return value, str(value), "arabic"
    if _ROMAN.fullmatch(bare):
        return _roman(bare.lower()), bare.lower(), "roman"
    if "\u2160" <= bare <= "\u217f" and len(bare) == 1:
        value = (ord(bare) - 0x2160) % 16 + 1
        return (value, bare, "roman") if value <= 12 else None
    if _HAN.fullmatch(bare):
        return _han(bare), bare, "han"
    return None


def _roman(text: str) -> int:
    worths = [_WORTH[letter] for letter in text]
    return sum(-here if here < after else here for here, after in zip(worths, [*worths[1:], 0], strict=True))


def _han(text: str) -> int:
    if not set(text) & {"十", "百"}:
        return int("".join(str(_HAN_DIGITS[char]) for char in text))
    total, digit = 0, 0
    for char in text:
        if char in "十百":
            total += (digit or 1) * (10 if char == "十" else 100)
            digit = 0
        else:
            digit = _HAN_DIGITS[char]
    return total + digit


# ---------------------------------------------------------------- the edges of all pages


def mark(sheets: Sequence[Sheet], lines: Sequence[str]) -> int:
    """Note the folios at the edges of the sheets; returns how many lines were newly recognised."""
    found = list(_candidates(sheets, lines))
    witnessed = _witnessed(found)
    kept = [each for each in witnessed if not each.beside]
    if _number_sections(sheets, lines, kept):
        return 0
    count = 0
    for each in witnessed:
        sheet = sheets[each.sheet]
        if sheet.folio is None:
            sheet.folio, sheet.folio_value = each.reading.text, each.reading.value
            sheet.folio_line, sheet.folio_top = each.line, each.top
            if not each.beside:  # a head with a folio is taken by running_head, which knows whether it is one
                sheet.take(each.line)
                count += 1
    count += _misread(sheets, lines)
    _interpolate(sheets)
    return count


def _candidates(sheets: Sequence[Sheet], lines: Sequence[str]) -> Iterator[_Found]:
    for number, sheet in enumerate(sheets):
        if sheet.folio is not None:
            continue
        for line, top in sheet.edges():
            if reading := read(lines[line]):
                yield _Found(number, line, top, reading, beside=False)
            elif (pair := beside(lines[line])) and not sheet.is_contents(lines):
                yield _Found(number, line, top, pair[0], beside=True)


def _witnessed(found: Sequence[_Found]) -> list[_Found]:
    """Those that rise with the pages, as others near them do."""
    pages: dict[tuple[int, str], list[int]] = {}
    for each in found:
        pages.setdefault((each.reading.value - each.sheet, each.reading.style), []).append(each.sheet)
    kept = []
    places: dict[tuple[int, str], int] = {}
    for each in found:
        key = each.reading.value - each.sheet, each.reading.style
        row, at = pages[key], places.get(key, 0)
        places[key] = at + 1
        near = {row[n] for n in range(max(0, at - 4), min(len(row), at + 5)) if abs(row[n] - each.sheet) <= _REACH}
        if len(near) >= (2 if each.reading.dressed else 3):
            kept.append(each)
    return kept


def _number_sections(sheets: Sequence[Sheet], lines: Sequence[str], kept: Sequence[_Found]) -> bool:
    """Whether these numbers open sections: all bare, all at the top, and hardly a page before them breaks off."""
    if not kept or any(not each.top or each.reading.dressed for each in kept):
        return False
    broken = sum(1 for each in kept if each.sheet and sheets[each.sheet - 1].breaks_off(lines))
    return broken < len(kept) * 0.15


def _misread(sheets: Sequence[Sheet], lines: Sequence[str]) -> int:
    """Scraps where other pages have their folio: the folio, misread. Its number follows from theirs, where read."""
    scraps = [(number, line, top) for number, sheet in enumerate(sheets) for line, top in _scraps(sheet, lines)]
    bodies = sum(1 for sheet in sheets if sheet.rows())
    count = 0
    for edge in (True, False):
        numbered = sum(1 for sheet in sheets if sheet.folio_top is edge)
        plain = [scrap for scrap in scraps if scrap[2] is edge and _one_sign(lines[scrap[1]])]
        if not numbered:  # numbers in no sequence are numbers; scraps at page after page are folios misread
            plain = [scrap for scrap in plain if not lines[scrap[1]].strip().isdecimal()]
        if numbered + len(plain) < max(4, bodies * _HABIT):
            continue
        for number, line, top in scraps:
            sheet = sheets[number]
            if top is edge and sheet.folio_line is None and not _may_be_text(sheets, number, line, lines):
                sheet.folio_line, sheet.folio_top = line, top
                sheet.take(line)
                count += 1
    return count


def _scraps(sheet: Sheet, lines: Sequence[str]) -> Iterator[tuple[int, bool]]:
    """Lines of a few signs at the edges of a page that has a text, a blank line away from it."""
    if sheet.folio_line is not None or len(sheet.rows()) < 2:
        return
    for line, top in sheet.edges():
        beyond = line + 1 if top else line - 1
        if (
            not lines[beyond].strip()
            and len(lines[line]) < 60
            and _SCRAP.fullmatch(lines[line].replace(" ", ""))
            and not _NOTE_MARKS.search(lines[line])
            and sheet.has_body(lines, line)
        ):
            yield line, top


def _one_sign(text: str) -> bool:
    """Whether nobody could take `text` for words: it has one sign that is Han, or none."""
    return len(_HAN_SIGN.findall(text)) <= 1 or all(char in _STROKES for char in text if not char.isspace())


def _may_be_text(sheets: Sequence[Sheet], number: int, line: int, lines: Sequence[str]) -> bool:
    """Whether a scrap of Han may be words after all (a signature, a stranded heading, an imprint): no running text
    stands before it, or that text has come to an end and a new one opens on the next page.
    """
    if _one_sign(lines[line]):
        return False
    rows = [row for row in sheets[number].rows() if row < line]
    if not rows or len(before := lines[rows[-1]].rstrip()) < 15:
        return True
    if before[-1] not in '。！？”』」：:.!?"':
        return False
    after = sheets[number + 1].rows() if number + 1 < len(sheets) else ()
    return not after or len(lines[after[0]].strip()) < 20


def _interpolate(sheets: Sequence[Sheet]) -> None:
    """Give misread folios the number that the folios before and after agree on."""
    before: int | None = None
    after = _next_numbered(sheets)
    for number, sheet in enumerate(sheets):
        if sheet.folio_value is not None:
            before = number
        elif sheet.folio_line is not None and before is not None and after[number] is not None:
            first, last = sheets[before], sheets[after[number] or 0]
            value = (first.folio_value or 0) + number - before
            if value + (after[number] or 0) - number == last.folio_value and (first.folio or "").isdigit():
                sheet.folio = str(value)


def _next_numbered(sheets: Sequence[Sheet]) -> list[int | None]:
    after: list[int | None] = [None] * len(sheets)
    nearest: int | None = None
    for number in range(len(sheets) - 1, -1, -1):
        after[number] = nearest
        if sheets[number].folio_value is not None:
            nearest = number
    return after


# ---------------------------------------------------------------- a text without gaps


@dataclass(frozen=True, slots=True)
class _Standing:
    """A number alone on its line: where, how much text stands before it, and whether that text breaks off."""

    line: int
    value: int
    before: int
    broken: bool
    dressed: bool


def starts(lines: Sequence[str]) -> list[int]:
    """The lines after the folios of a text that shows its pages by nothing else.

    The longest chain of numbers alone on their lines that rise with the text, a page of text or some pages apart (OCR
    loses folios), where sentences break off before a good part of them: section numbers do not break sentences.
    """
    standing = list(_standing(lines))
    chain = _longest_chain(standing)
    broken = sum(each.broken for each in chain)
    dressed = sum(each.dressed for each in chain)
    if len(chain) < 3 or broken * (10 if dressed * 2 > len(chain) else 3) < len(chain):
        return []
    if dressed * 2 <= len(chain) and not _even(chain):
        return []
    after = (next((at for at in range(each.line + 1, len(lines)) if lines[at].strip()), 0) for each in chain)
    return [line for line in after if line]


def _even(chain: Sequence[_Standing]) -> bool:
    """Whether most pages between the numbers hold about as much as the usual one: chapters differ more."""
    sizes = sorted((two.before - one.before) / (two.value - one.value) for one, two in pairwise(chain))
    usual = sizes[len(sizes) // 2]
    return sum(1 for size in sizes if 0.5 * usual <= size <= 1.6 * usual) >= 0.6 * len(sizes)


def _standing(lines: Sequence[str]) -> Iterator[_Standing]:
    size, before = 0, ""
    for at, line in enumerate(lines):
        if len(line) <= _LONGEST and (reading := read(line)) and reading.style == "arabic":
            broken = len(before) >= 8 and before[-1] not in "。！？；：…”』」）.!?:"
            yield _Standing(at, reading.value, size, broken, reading.dressed)
        elif stripped := line.rstrip():
            size += len(stripped)
            before = stripped


def _longest_chain(standing: Sequence[_Standing]) -> list[_Standing]:
    lengths = [1] * len(standing)
    back = [-1] * len(standing)
    for at, each in enumerate(standing):
        for earlier in range(max(0, at - 14), at):
            steps = each.value - standing[earlier].value
            text = each.before - standing[earlier].before
            least = 20 if each.dressed else 60  # characters of a page; a bare number may count anything
            if 1 <= steps <= 12 and least * steps <= text <= 4000 * steps and lengths[earlier] >= lengths[at]:
                lengths[at], back[at] = lengths[earlier] + 1, earlier
    chain: list[_Standing] = []
    at = max(range(len(standing)), key=lengths.__getitem__, default=-1)
    while at >= 0:
        chain.append(standing[at])
        at = back[at]
    return chain[::-1]
