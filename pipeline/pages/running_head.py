"""Running heads and feet: the short lines that come again at the same edge of page after page.

Verso the book or the part, recto the chapter or the section; OCR noise makes two readings of one head differ, so they
are compared by likeness. A title is printed once as a title and then again as a head: the first time is the title,
unless the place shows that it is not (the page before breaks off, the title stood a little earlier, the head runs
through several chapters).

What is left alone: the line that opens a chapter, title pages (no sentences besides), numbers that differ (第一章 and
第二章 are never one head), notes, table rows, lines that end a sentence, and whatever comes but twice in a book that
has no running heads.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise

from rapidfuzz import fuzz

from pipeline.pages import folio
from pipeline.pages.sheet import Sheet, is_entry

_LONGEST = 42  # characters of a head, the folio beside it included
_PAGE_OF_TEXT = 200  # characters; heads stand no nearer to each other
_OPENING = 4  # lines with words, among which the title of the book stands
_PROSE = 20  # characters: a line of running text
_RUNNING_ON = 14  # characters: the second half of a sentence may be short, a line of print is longer
_NEAR = 6  # pages; how far two readings of one head may stand apart
_RECENT = 10  # heads that a reading is compared with
_ALIKE = 72  # per cent of likeness; one character wrong in four
_OF_THE_BOOK = 0.6  # of the pages with heads: what runs through so many is the title of the book
_LAST_LEAF = 2  # pages by which the last chapter may outlast the title of the book, which stands on versos only
_BROKEN = 0.08  # the part of the pages that break off within a sentence; of sections none does, but for a slip
_HABIT = 0.25  # the part of the pages with a head that makes heads the habit of a book

_NOT_HEAD = re.compile(r"[|\t<>!]|[….]{2}|[。；，、：,;:]$|^\s*(?:[\u2460-\u24ff*＊※]|[\[［〔(（]\d)")
_NUMERALS = re.compile(r"[一二三四五六七八九十百零〇○\d]+")
_SAME_BUT_NUMBERS = 90.0  # per cent: two readings whose words agree so far and whose numbers do not are two titles
_ENDS_SENTENCE = ("", "。", "；", "，")
_SHORT_TITLES = frozenset("序跋叙敘引")
_DROPPED = re.compile(r"[\W_]+")
_NEVER_FIRST = frozenset("，。、；：！？”’》）」』】〕,;:!?)]")  # kinsoku: these never open a line of print
_REFERS = re.compile(r"(?:见|見|参看|參看|参阅|參閱|本书|本書|依照|[《“「『（(])$")  # what follows may name a section
_SENTENCE = re.compile("[。，；！？!?]")
_CLOSING = """
注释 註釋 注 註 思考题 思考題 复习题 習題 习题 练习 練習 参考文献 參考文獻 小结 本章小结 附记 附記
"""
_ITS_OWN = frozenset(_CLOSING.split())  # titles that come again at the end of chapter after chapter; heads they are not
_MARKED = re.compile(r"\s*[#▶►■◆●*]")  # a line that a tool set as a heading
_CLOSED = frozenset("。！？!?”』」")
_HALF = 15  # characters of a line, at the least, that is text and ends within a sentence
_HALF_ENDS = frozenset("，、；,;")
_HAN = re.compile(r"[\u3400-\u9fff]")
_NOTE = re.compile(r"[\u2460-\u2473]|[\[［〔]\d{1,2}[\]］〕]")
_NUMBERED = re.compile(
    r"第\s*(?P<number>[一二三四五六七八九十百零〇○\d]{1,6})\s*[章节節回篇编編部卷讲講集辑輯单單幕]"
    r"|[卷辑輯编編集](?P<after>[一二三四五六七八九十百]{1,3})(?![\u3400-\u9fff])"
    r"|(?P<plain>[一二三四五六七八九十]{1,3})[、．.]|[(（](?P<round>[一二三四五六七八九十\d]{1,3})[)）]"
    r"|(?P<arabic>\d{1,2}(?:\.\d{1,2}){0,3})[.、\s]"
    r"|(?:附录|附錄|序|前言|自序|代序|绪论|緒論|引言|导论|導論|导言|后记|後記|跋|结语|結語|目录|目錄|凡例)"
)


@dataclass(slots=True)
class _Reading:
    """A line that may be a running head: where it stands, and its words without spaces, marks and folio."""

    sheet: int
    line: int
    key: str
    number: str | None  # 一 of 第一章
    numbered: bool
    beside: bool  # a folio stands on the line
    unit: str = ""  # 章 of 第一章


@dataclass(slots=True, eq=False)
class _Head:
    """Readings of one running head, in order of pages."""

    readings: list[_Reading] = field(default_factory=list)

    @property
    def first(self) -> int:
        return self.readings[0].sheet

    @property
    def last(self) -> int:
        return self.readings[-1].sheet


def mark(sheets: Sequence[Sheet], lines: Sequence[str], *, told: bool) -> int:
    """Note running heads and feet at the edges of the sheets; returns how many lines were newly recognised.

    `told`: the file itself says where its pages begin. Where only gaps part them they may be sections.
    """
    count = 0
    if told or _printed(sheets, lines):
        for top in (True, False):
            count += _mark_edge(sheets, lines, list(_readings(sheets, lines, top=top)), top=top)
        count += _mark_glued(sheets, lines)
    return count or _mark_lone(sheets, lines)


def _printed(sheets: Sequence[Sheet], lines: Sequence[str]) -> bool:
    """Whether what gaps part are pages: many bear folios, or some break off within a sentence, as no section does."""
    if 4 * sum(sheet.folio is not None for sheet in sheets) >= len(sheets):
        return True
    ends = [end for sheet in sheets[:-1] if (end := sheet.last_words(lines))]
    broken = sum(1 for end in ends if _is_half(end))
    return broken >= _BROKEN * len(ends)


def _is_half(text: str) -> bool:
    """Whether a line is text and ends within a sentence."""
    text = text.rstrip()
    if len(text) < _HALF or not (text[-1] in _HALF_ENDS or _HAN.match(text[-1])):
        return False
    return _HAN.search(text, 0, len(text) - _HALF + 1) is not None


def _readings(sheets: Sequence[Sheet], lines: Sequence[str], *, top: bool) -> Iterator[_Reading]:
    for number, sheet in enumerate(sheets):
        if sheet.is_contents(lines):  # its first entry is no head, though it says what a head says
            continue
        for line, at_top in sheet.edges():
            if at_top is top and (reading := _reading(number, line, lines[line])):
                yield reading


def _reading(sheet: int, line: int, text: str) -> _Reading | None:
    said = _said(text) if len(text) <= 2 * _LONGEST else None
    return _Reading(sheet, line, *said) if said else None


@lru_cache(maxsize=1 << 16)  # the edges are looked at again at each peel
def _said(text: str) -> tuple[str, str | None, bool, bool, str] | None:
    """What a reading keeps of its line, where that may be a head: key, number, numbered, beside and unit."""
    text = text.strip().lstrip("#").strip()
    if not text or len(text) > _LONGEST or _NOT_HEAD.search(text):
        return None
    pair = folio.beside(text)
    words = pair[1] if pair else text
    key = _DROPPED.sub("", words)
    if not key or (key in _ITS_OWN and not pair) or (len(key) == 1 and key not in _SHORT_TITLES) or key.isdigit():
        return None
    match = _NUMBERED.match(words)
    number = next((group for group in match.groups() if group), None) if match else None
    unit = match[0][-1] if match and match["number"] else ""
    return key, number, match is not None, pair is not None, unit


def _mark_glued(sheets: Sequence[Sheet], lines: Sequence[str]) -> int:
    """Note heads that stand at the start of the first line of text: heads and numbered titles of the pages before, and
    the numbered title that stands further down on the page itself (a section that begins there).
    """
    if _with_heads(sheets) < max(3, _HABIT * len(sheets)):
        return 0
    count = 0
    known: list[list[str]] = []  # of each sheet, the words that may come again
    for number, sheet in enumerate(sheets):
        known.append(_known(sheet, lines))
        rows = sheet.rows()
        back = _cut_before(sheets[number - 1], lines) if number else 0
        if rows and not sheet.heads and not sheet.glued and back:
            text = lines[rows[0]]
            keys = {key for each in known[-back - 1 :] for key in each}
            if end := max((_reaches(text, key) for key in keys), default=0):
                sheet.glued.append((rows[0], text[:end]))
                count += 1
    return count


def _cut_before(sheet: Sheet, lines: Sequence[str]) -> int:
    """From how many pages before a head may come, if a sentence of this page goes on overleaf; 0 if it does not.

    Notes at the foot hide how the text ends: then only titles close by are evidence enough.
    """
    rows = sheet.rows()
    if not rows or _REFERS.search(last := lines[rows[-1]].rstrip()):
        return 0
    if sheet.breaks_off(lines):
        return _NEAR + 2
    return 3 if _NOTE.search(last) else 0


def _known(sheet: Sheet, lines: Sequence[str]) -> list[str]:
    """The running heads of a sheet and its numbered titles, without spaces and marks; none of a page of contents."""
    if sheet.known is None:
        heads = [_reading(0, line, lines[line]) for line in sheet.heads]
        short = [_reading(0, line, lines[line]) for line in sheet.rows() if len(lines[line]) < 24]
        found = [*heads, *(each for each in short if each and (each.numbered or each.line in sheet.heads))]
        sheet.known = [] if sheet.is_contents(lines) else [each.key for each in found if each and len(each.key) >= 4]
    return sheet.known


def _reaches(text: str, key: str) -> int:
    """The column where the words of `key` end at the start of `text`, with text after them; 0 if it is not so.

    Behind a head no mark can follow that closes or parts (no line of print begins with one): there the words are text.
    """
    seen = ""
    for at, char in enumerate(text[: 2 * _LONGEST]):
        seen += _DROPPED.sub("", char)
        if not key.startswith(seen):
            return 0
        if len(seen) == len(key):
            rest = text[at + 1 :]
            return at + 1 if len(rest) > 7 and rest.lstrip()[:1] not in _NEVER_FIRST else 0
    return 0


def _mark_lone(sheets: Sequence[Sheet], lines: Sequence[str]) -> int:
    """Note running heads that a tool left here and there in a text that shows no heads at the edges of pages.

    The book's own title (a line at the head of the text), alone or with a folio beside it, at least three times more as
    a line of its own, a page apart, and one in four between the halves of a sentence. Twice is left alone: an essay
    that gave the book its title, and the colophon; so is what comes within a page: speakers, refrains. Between the
    halves of a sentence any title that the text has as a line of its own is a head, one in four of its lines at least.
    """
    if _with_heads(sheets):
        return 0
    filled = [(sheet, row) for sheet in sheets for row in sheet.rows()]
    entries = [is_entry(lines[row]) for _, row in filled]
    listed = [entry and any(entries[max(0, n - 1) : n] + entries[n + 1 : n + 2]) for n, entry in enumerate(entries)]
    words = ["" if listed[n] else _words_of(sheet, row, lines) for n, (sheet, row) in enumerate(filled)]
    titles = {key for key in words[:_OPENING] if 4 <= len(key) <= 20}
    titles = {key for key in titles if not _NUMBERED.match(key)}  # 第一章 总则 opens one law after another
    found = [n for n in range(_OPENING, len(words)) if words[n] in titles]
    cut = sum(1 for n in found if _is_half(lines[filled[n - 1][1]]))
    apart = all(sum(len(lines[row]) for _, row in filled[one:two]) >= _PAGE_OF_TEXT for one, two in pairwise(found))
    if len(found) < 3 or cut * 4 < len(found) or not apart:
        found = _between_halves(words, [lines[row] for _, row in filled])
    for sheet, row in (filled[n] for n in found):
        sheet.heads.append(row)
        sheet.take(row)
    return len(found)


def _between_halves(words: Sequence[str], texts: Sequence[str]) -> list[int]:
    """The places of short lines that cut a sentence in two and say what another line of the text says, one with prose
    under it: in contents a title stands that OCR put after a broken line.
    """
    counts = Counter(
        key for n, key in enumerate(words) if n < _OPENING or any(len(text) >= _PROSE for text in texts[n + 1 : n + 3])
    )
    cut: dict[str, list[int]] = {}
    opened: dict[str, str] = {}
    for n, key in enumerate(words):
        if counts[key] < 2 or not 3 <= len(key) <= 20:
            continue
        goes_on = _goes_on(key, opened)
        if _OPENING <= n < len(words) - 1 and goes_on and _cuts(texts[n - 1], texts[n], texts[n + 1]):
            cut.setdefault(key, []).append(n)
    book = set(words[:_OPENING])  # an essay may bear the title of the book
    sure = {
        key for key, found in cut.items() if 4 * len(found) >= counts[key] and len(found) >= (2 if key in book else 1)
    }
    return sorted(n for key in sure for n in cut[key])


def _cuts(before: str, text: str, after: str) -> bool:
    """Whether a line stands between the halves of a sentence, both longer than itself."""
    size = len(text.strip())
    if (
        _SENTENCE.search(text)
        or size + 4 > min(len(before.strip()), max(len(after.strip()), _RUNNING_ON))
        or _NOT_HEAD.search(text)
    ):
        return False
    if _MARKED.match(text) or _MARKED.match(after) or _NUMBERED.match(after.lstrip()):
        return False
    whole = len(after.strip()) >= _RUNNING_ON or after.rstrip()[-1:] in _CLOSED
    return whole and _is_half(before)


def _goes_on(key: str, opened: dict[str, str]) -> bool:
    """Whether a title says the chapter that is open, not one that opens. `opened`: the last number of each unit."""
    numbered = _NUMBERED.match(key)
    if numbered is None or not numbered["number"]:
        return True
    unit, number = numbered[0][-1], numbered["number"]
    before = opened.get(unit)
    opened[unit] = number
    return before == number


def _words_of(sheet: Sheet, row: int, lines: Sequence[str]) -> str:
    """The words of a line of this sheet, read once, however often its edges are looked at."""
    words = sheet.words.get(row)
    if words is None:
        words = sheet.words[row] = _words(lines[row])
    return words


def _words(line: str) -> str:
    """What a line says without spaces, marks and the folio beside it; nothing for a long line."""
    if len(line) > _LONGEST:
        return ""
    pair = folio.beside(line)
    return _DROPPED.sub("", pair[1] if pair else line)


# ---------------------------------------------------------------- which readings are one head


def _mark_edge(sheets: Sequence[Sheet], lines: Sequence[str], readings: Sequence[_Reading], *, top: bool) -> int:
    heads = _not_labels(_gather(readings), sheets, lines)
    sure = [head for head in heads if _recurs(head)]
    habit = sum(len(head.readings) for head in sure) + _with_heads(sheets) >= _HABIT * len(sheets)
    if habit:
        sure += [
            head for head in heads if not _recurs(head) and len(head.readings) == 2 and _twice(head, sheets, lines)
        ]
    taken = [reading for head in sure for reading in _printed_again(head, sure, sheets, lines, top=top)]
    if habit and top:
        alone = [head.readings[0] for head in heads if len(head.readings) == 1]
        alone = [reading for reading in alone if not _MARKED.match(lines[reading.line])]
        taken += [reading for reading in alone if _stood_before(reading, sheets, lines)]
    if habit:
        taken += [
            reading for reading in readings if reading.beside and sheets[reading.sheet].folio_line == reading.line
        ]
    if top:
        taken += _within_sentences(readings, sheets, lines)
    count = 0
    for reading in taken:
        sheet = sheets[reading.sheet]
        if _has_head(sheet, reading, lines):
            continue  # below the head the title itself, where chapters run on and the head stands on every page
        if sheet.has_body(lines, reading.line) or (sheet.folio is not None and len(sheet.rows()) <= 1):
            sheet.heads.append(reading.line)
            sheet.take(reading.line)
            count += 1
    return count


def _within_sentences(
    readings: Sequence[_Reading], sheets: Sequence[Sheet], lines: Sequence[str]
) -> Iterator[_Reading]:
    """Readings at the top of a page that stand between the halves of a sentence, as no title does, and say what another
    line of the book says: a title, a head. What the contents say does not count, for there a title stands that OCR put
    after a broken line.
    """
    opened: dict[str, str] = {}
    cut = [
        reading
        for reading in readings
        if _goes_on(reading.key, opened)
        and reading.sheet
        and len(reading.key) > 2
        and _is_half(sheets[reading.sheet - 1].foot(lines))
        and not _MARKED.match(lines[reading.line])
        and not _SENTENCE.search(lines[reading.line])
    ]
    if not cut:
        return
    first, longest = {reading.key[0] for reading in cut}, 2 * max(len(reading.key) for reading in cut) + _RUNNING_ON
    counts = Counter(
        words
        for at, sheet in enumerate(sheets)
        if not at or (sheet.has_body(lines, -1) and not sheet.is_contents(lines))
        for row in (*sheet.rows(), *sheet.heads)
        if len(lines[row]) <= longest and not first.isdisjoint(lines[row]) and (words := _words_of(sheet, row, lines))
    )
    yield from (reading for reading in cut if counts[reading.key] > 1)


def _has_head(sheet: Sheet, reading: _Reading, lines: Sequence[str]) -> bool:
    """Whether a head with the same words has been found on the sheet."""
    return any((other := _reading(0, line, lines[line])) and other.key == reading.key for line in sheet.heads)


def _with_heads(sheets: Sequence[Sheet]) -> int:
    return sum(1 for sheet in sheets if sheet.heads)


def _gather(readings: Sequence[_Reading]) -> list[_Head]:
    """Readings that are one head: the same words anywhere, or like words near by."""
    counts = Counter(reading.key for reading in readings)
    by_key: dict[str, _Head] = {}
    recent: list[_Head] = []
    heads: list[_Head] = []
    ahead = _exact_ahead(readings, counts)
    opened: dict[str, str | None] = {}  # the number of each unit that was read last
    for at, reading in enumerate(readings):
        anew = bool(reading.unit) and opened.get(reading.unit, reading.number) != reading.number
        opened[reading.unit] = reading.number
        if anew:  # 第一章 of another part
            by_key.pop(reading.key, None)
        head = by_key.get(reading.key) or _like(reading, recent, ahead[at])
        if head is None:
            head = _Head()
            heads.append(head)
        head.readings.append(reading)
        by_key.setdefault(reading.key, head)
        if head in recent:
            recent.remove(head)
        recent.append(head)
        del recent[:-_RECENT]
    return heads


def _exact_ahead(readings: Sequence[_Reading], counts: Counter[str]) -> list[frozenset[str]]:
    """For each reading, the words that will come again, exactly, on the pages just after it."""
    repeated = [reading.key if counts[reading.key] > 1 else None for reading in readings]
    return [
        frozenset(key for key in repeated[at + 1 : at + 1 + _NEAR] if key) if counts[reading.key] == 1 else frozenset()
        for at, reading in enumerate(readings)
    ]


def _like(reading: _Reading, recent: Sequence[_Head], ahead: frozenset[str]) -> _Head | None:
    best: _Head | None = None
    best_score = 0.0
    for head in reversed(recent):
        last = head.readings[-1]
        if reading.sheet - last.sheet > _NEAR or last.sheet == reading.sheet:
            continue
        score = max(_likeness(reading, last), _likeness(reading, head.readings[0]))
        if score > best_score:
            best, best_score = head, score
    if best is None or best_score < _ALIKE:
        return None
    # A new chapter whose title is like the last one's: what follows is more like it than what went before.
    if any(fuzz.ratio(reading.key, key) > best_score for key in ahead):
        return None
    return best


def _likeness(one: _Reading, other: _Reading) -> float:
    """0 for what is not alike, or 72 to 100. Different numbers make different heads, whatever the words."""
    if one.number and other.number and one.number != other.number:
        return 0
    if min(len(one.key), len(other.key)) < 3:
        return 100.0 * (one.key == other.key)
    likeness = fuzz.ratio(one.key, other.key, score_cutoff=_ALIKE)
    return likeness if likeness and not _differ_by_number(one.key, other.key) else 0


def _differ_by_number(one: str, other: str) -> bool:
    """Whether two titles say the same words with other numbers: 辑一 and 辑二, 民国三年 and 民国四年."""
    if one == other or _NUMERALS.findall(one) == _NUMERALS.findall(other):
        return False
    return fuzz.ratio(_NUMERALS.sub("", one), _NUMERALS.sub("", other)) >= _SAME_BUT_NUMBERS


def _recurs(head: _Head) -> bool:
    """Three times or more, and at least once within a few pages."""
    pages = [reading.sheet for reading in head.readings]
    near = sum(1 for one, two in pairwise(pages) if two - one <= 4)
    return len(pages) >= 3 and near >= 1


def _twice(head: _Head, sheets: Sequence[Sheet], lines: Sequence[str]) -> bool:
    """A short chapter: its title, and one head a page or two later, in a book that has heads."""
    if len(head.readings) != 2:
        return False
    first, second = head.readings
    return second.sheet - first.sheet <= 4 and not sheets[first.sheet].is_contents(lines)


def _not_labels(heads: Sequence[_Head], sheets: Sequence[Sheet], lines: Sequence[str]) -> list[_Head]:
    """`heads` without the words that stand as often in the midst of pages: labels (延伸阅读), refrains, speakers."""
    edges = Counter(reading.key for head in heads if len(head.readings) > 1 for reading in head.readings)
    inside: Counter[str] = Counter()
    if edges:
        longest = max(map(len, edges)) * 2
        firsts = {key[0] for key in edges}
        for sheet in sheets:
            for line in sheet.rows()[1:-1]:
                text = lines[line]
                if len(text) > longest or (text[0] not in firsts and text[0].isalnum()):
                    continue  # spares most lines the closer look
                if (key := _DROPPED.sub("", text)) in edges:
                    inside[key] += 1
    return [
        head
        for head in heads
        if (often := max(inside[reading.key] for reading in head.readings)) < 2 or often * 2 < len(head.readings)
    ]


# ---------------------------------------------------------------- title or head


def _printed_again(
    head: _Head, heads: Sequence[_Head], sheets: Sequence[Sheet], lines: Sequence[str], *, top: bool
) -> Iterator[_Reading]:
    """The readings of `head` that repeat it: all but the title itself."""
    first = next(
        (n for n, reading in enumerate(head.readings) if sheets[reading.sheet].has_body(lines, reading.line)), 0
    )
    yield from head.readings[:first]  # title pages: they are kept, since they have no body
    opening = head.readings[first]
    if not top or (first and not opening.numbered) or _is_head(opening, head, heads, sheets, lines):
        yield opening
    later = head.readings[first + 1 :]
    far = bool(later) and later[0].sheet - opening.sheet > _NEAR
    if top and far and opening.numbered and not _is_head(later[0], head, heads, sheets, lines):
        later = later[1:]  # the title; the one long before it stood in contents that lost their folios
    yield from later


def _is_head(
    reading: _Reading, head: _Head, heads: Sequence[_Head], sheets: Sequence[Sheet], lines: Sequence[str]
) -> bool:
    if reading.beside or (reading.sheet and sheets[reading.sheet - 1].breaks_off(lines)):
        return True
    if _stood_before(reading, sheets, lines) or _stands_below(reading, sheets, lines):
        return True
    return not reading.numbered and _runs_through(head, heads)


def _runs_through(head: _Head, heads: Sequence[_Head]) -> bool:
    """Whether `head` belongs to the book rather than to a chapter: it outlasts another head that began before it, or
    another begins and ends within it.
    """
    reach = max(each.last for each in heads) - min(each.first for each in heads)
    whole = head.last - head.first >= _OF_THE_BOOK * reach  # a part has chapters within it too, and its own title
    for other in heads:
        if other is head or len(other.readings) < 2:
            continue
        outlasts = head.last > other.last + _LAST_LEAF or other.readings[0].numbered
        if other.first < head.first <= other.last and outlasts:
            return True
        if whole and head.first < other.first and other.last < head.last:
            return True
    return False


def _stood_before(reading: _Reading, sheets: Sequence[Sheet], lines: Sequence[str]) -> bool:
    """Whether the same words stand as a line of their own on one of the three pages before, contents aside."""
    near = [sheet for sheet in sheets[max(0, reading.sheet - 3) : reading.sheet] if not sheet.is_contents(lines)]
    if lines[reading.line].rstrip()[-1:] in "！？!?" and sum(_stands(reading, sheet, lines) for sheet in near) != 1:
        return False  # a refrain
    least, most = len(reading.key) - 3, len(reading.key) + 3
    for sheet in near:
        titles = [title for title in _titles(sheet, lines) if least <= len(title) <= most]
        if titles and any(_alike(reading.key, title) for title in titles):
            return True
    return False


def _stands(reading: _Reading, sheet: Sheet, lines: Sequence[str]) -> int:
    """How many lines of the page say the same words."""
    return sum(_DROPPED.sub("", lines[row]) == reading.key for row in sheet.rows() if len(lines[row]) <= _LONGEST)


def _titles(sheet: Sheet, lines: Sequence[str]) -> Sequence[str]:
    """The keys of what may be a title on this page: one line, or two or three. Worked out once a peel."""
    if sheet.titles is None:
        sheet.titles = list(_possible_titles([lines[row] for row in sheet.rows()]))
    return sheet.titles


def _possible_titles(rows: Sequence[str]) -> Iterator[str]:
    for at, text in enumerate(rows):
        if is_entry(text):
            continue  # of contents that share the page with the text
        if len(text) <= _LONGEST and (key := _title_key(text)):
            yield key
        joined = text
        for more in rows[at + 1 : at + 3]:
            if len(joined) + len(more) > _LONGEST:
                break
            joined += more
            if key := _title_key(joined):
                yield key


def _stands_below(reading: _Reading, sheets: Sequence[Sheet], lines: Sequence[str]) -> bool:
    """Whether the title itself stands just under the line."""
    return any(_same(reading, lines[row]) for row in sheets[reading.sheet].rows()[1:3])


def _same(reading: _Reading, text: str) -> bool:
    return len(text) <= _LONGEST and _alike(reading.key, _title_key(text))


def _title_key(text: str) -> str:
    """The words of a line that may be a title; empty for the end of a sentence."""
    return "" if text.rstrip()[-1:] in _ENDS_SENTENCE else _DROPPED.sub("", text)


def _alike(key: str, title: str) -> bool:
    size = len(title)
    if size < 4:
        return title == key and size > 1
    return -3 <= size - len(key) <= 3 and fuzz.ratio(title, key) >= 88
