"""Footnotes and endnotes: their texts at the foot of a page or the end of a chapter, and the marks that lead to them.

Where the OCR kept the marks (①, [1], 〔1〕, ＊), mark and note must answer each other. Where it lost or misread them
(5, ?, ”, 2), a note is known by its place: a block of its own at the foot of the page, below text that breaks off. Its
mark in the text is then looked for among the signs that make no sense where they stand, in order; if there are fewer
such signs than notes, the mark is set after the sentence that shares most words with the note, as placed by us.
Source: GB/T 7713 and CLREQ 6.4 (notes at the foot, numbered anew on each page or chapter).
"""

import re
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass

from pipeline.ledger import Confidence
from pipeline.structure import forms, measure, numerals, sentence
from pipeline.structure.assemble import note_id
from pipeline.structure.measure import Measure, Shape
from pipeline.structure.rule import Draft, Mark, Role, StructureRule

_HAN = r"\u3400-\u9fff"
_SIGN = r"[①-⑳]|[〔［\[][0-9０-９]{1,3}[〕］\]]|〔[一二三四五六七八九十]{1,3}〕|[＊※†‡]{1,3}|(?<!\*)\*(?!\*)"
_OPENS = re.compile(rf"^\s*(?P<sign>{_SIGN}|[（(]?注[0-9①-⑳]{{0,2}}[）)]?[:：]|\[\^[0-9]{{1,3}}\]:?)\s*(?=\S)")
_INLINE = re.compile(
    rf"\$\^?\{{?\s*\^?\{{?(?P<tex>[①-⑳]|\[?[0-9]{{1,3}}\]?)\}}?\s*\}}?\$|<sup>(?P<sup>[^<]{{1,6}})</sup>|\[\^(?P<md>[0-9]{{1,3}})\]|(?P<sign>{_SIGN})"
)
_MAY_BEAR = re.compile(r"[①-⑳〔［\[＊※†‡*$<注]")  # without one of these neither of the two can be on a line
# What engines make of a small raised ①: signs that cannot open a line of text, or a lone digit right before Han.
_GARBLED = re.compile(
    rf"^\s*(?P<sign>[?？!！”’\"'`@©®°^~＊*※·.,，、。:：>》)）]{{1,2}}[“]?|[0-9]{{1,2}}[?？”\"']?(?![0-9]*[年月日时時分秒点點号號个個])|[0-9a-zA-Z@]{{0,2}}[?？”])(?=[{_HAN}《“])"
)
_LOST_OPENING = re.compile(rf"^\s*(?P<sign>[“‘「])(?=[{_HAN}])[^”’」]*$")
_STRAY = re.compile(
    rf"(?P<ring>[①-⑳])|(?<=[{_HAN}”》）])(?P<digit>[0-9]{{1,2}})(?=[、，。；：）”》《“（]|[{_HAN}](?<![年月日时時分秒点點号號个個条條章节節页頁万亿元人名次届位种種件第]))"
    rf"|(?<=[{_HAN}》”])(?P<odd>[@®©°^~`*＊]+)|(?<=[{_HAN}》])(?P<ask>[?？])(?=[{_HAN}，、《])|(?<=[{_HAN}》])(?P<letter>[A-Z])(?=[，。、；：《])|(?P<quote>[\"”’“])"
)
_ASKS = re.compile(r"[谁誰什甚何吗嗎呢么麼怎哪几幾多少否岂豈难難道孰焉乎]")
_HEAD = re.compile(r"^[\s《“「『（(]+")  # what may stand before the word that a note explains
_HAN_WORD = re.compile(rf"[{_HAN}·]{{2,}}")
_WORD = 8  # characters of that word that are looked at
_NAMED = 6  # what it counts that a sign stands after that word, in oddness
_SURE = re.compile(rf"\s*(?:{_SIGN}|[@©®]{{1,2}}(?=[{_HAN}《“]))")  # what opens a note and nothing else
_STARS = frozenset("*＊※†‡")
_WAITING = 50  # references of one sign that may wait for their notes; older ones are no longer looked for
_PRINT = 17.0  # ems: the narrowest measure of prose
_LINES_OF_TEXT = 3  # that keep to the measure on a page with notes
_SMALLER = 2.5  # ems by which lines of smaller type exceed the measure
_LONGEST_FOOT = 12  # lines: a block of notes at the foot of one page is no longer than this


@dataclass(frozen=True, slots=True)
class _Note:
    """A note's text: where it begins, the columns of its printed mark, and the sign that the mark should be."""

    line: int
    start: int
    sign_end: int
    sign: str
    more: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class _Ref:
    line: int
    start: int
    end: int
    sign: str


def find(draft: Draft) -> Iterator[Mark]:
    """NOTE and NOTE_MORE for the texts of notes, NOTE_REF for the marks in the text that lead to them."""
    lie = measure.of(draft)
    lines = [line for line in lie.text if line not in draft.roles]
    taken: set[int] = set()
    yield from _answered(draft, lines, lie, taken)
    if lie.page_starts:
        yield from _by_place(draft, lines, lie, taken)


# ---------------------------------------------------------------- marks that answer each other


def _answered(draft: Draft, lines: Sequence[int], lie: Measure, taken: set[int]) -> Iterator[Mark]:
    """Notes whose own mark was read, and stands in the text before them as well."""
    waiting: dict[str, list[_Ref]] = {}
    used: set[tuple[int, int]] = set()
    at = 0
    while at < len(lines):
        line = lines[at]
        text = draft.lines[line]
        if not _MAY_BEAR.search(text):
            at += 1
            continue
        opened = _OPENS.match(text)
        ref = _answers(waiting, _canonical(opened["sign"]), line, lie) if opened else None
        if opened is None or ref is None:
            glued = _glued(draft, lines, at, waiting, lie)
            refs = [r for r in _refs(text, line) if glued is None or r.start < glued.start]
            for found in refs:
                waiting.setdefault(found.sign, []).append(found)
                if len(waiting[found.sign]) > 2 * _WAITING:
                    del waiting[found.sign][:_WAITING]
            if glued is not None and (ref := _answers(waiting, glued.sign, line, lie)):
                at = yield from _emit(draft, lines, at, glued, ref, lie, taken, used)
                continue
            at += 1
            continue
        note = _Note(line, 0, opened.end("sign"), _canonical(opened["sign"]))
        at = yield from _emit(draft, lines, at, note, ref, lie, taken, used)


def _emit(
    draft: Draft,
    lines: Sequence[int],
    at: int,
    note: _Note,
    ref: _Ref,
    lie: Measure,
    taken: set[int],
    used: set[tuple[int, int]],
) -> Generator[Mark, None, int]:
    """The marks of one note and of its reference; returns where to go on."""
    yield from _note_marks(draft, note, "注文：注号与正文相应")
    yield Mark(ref.line, Role.NOTE_REF, "注号", start=ref.start, end=ref.end, value=note_id(note.line, note.start))
    used.add((ref.line, ref.start))
    if not note.start:
        taken.add(note.line)
    at += 1
    last = note.line
    while at < len(lines) and _note_goes_on(draft, last, lines[at], lie):
        last = lines[at]
        taken.add(last)
        yield Mark(last, Role.NOTE_MORE, "注文的下一行")
        at += 1
    return at


def _note_goes_on(draft: Draft, last: int, line: int, lie: Measure) -> bool:
    """Whether a line goes on with the note above it: right below, on the same page, and the sentence was not ended."""
    if line != last + 1 or lie.page(line) != lie.page(last) or _OPENS.match(draft.lines[line]):
        return False
    return lie.shape is Shape.WRAPPED and not (sentence.ends(draft.lines[last]) and not lie.is_full(last, 0.5))


def _refs(text: str, line: int) -> Iterator[_Ref]:
    for found in _INLINE.finditer(text):
        sign = found["tex"] or found["sup"] or found["md"] or found["sign"]
        if found.start() > len(text) - len(text.lstrip()) or not found["sign"]:
            yield _Ref(line, found.start(), found.end(), _canonical(sign))


def _canonical(sign: str) -> str:
    """One name for one mark, however it was printed: ① [1] 〔1〕 -> 1."""
    inner = sign.strip("[]［］〔〕()（）:：^ ").removeprefix("注")
    number = numerals.value(inner)
    return str(number) if number is not None else inner


def _answers(waiting: dict[str, list[_Ref]], sign: str, line: int, lie: Measure) -> _Ref | None:
    """The reference that waits for this note: the first on its page, else the last one before."""
    refs = waiting.get(sign)
    if not refs:
        return None
    page = lie.page(line)
    at = next((n for n, ref in enumerate(refs) if page >= 0 and lie.page(ref.line) == page), len(refs) - 1)
    if refs[at].line == line and refs[at].start == 0:
        return None
    ref = refs[at]
    waiting[sign] = refs[at + 1 :]
    return ref


def _glued(draft: Draft, lines: Sequence[int], at: int, waiting: dict[str, list[_Ref]], lie: Measure) -> _Note | None:
    """A note that the OCR set on the last line of the text above it: its mark stands there a second time."""
    line = lines[at]
    last = at + 1 >= len(lines) or lie.page(lines[at + 1]) != lie.page(line)
    if not (last or _OPENS.match(draft.lines[lines[at + 1]])):
        return None
    text = draft.lines[line]
    refs = list(_refs(text, line))
    page = lie.page(line)
    seen: set[str] = set()
    if not refs or not sentence.ends(text):
        return None
    for ref in refs:
        if ref.sign in _STARS:
            continue  # a star within a line is as often an ornament
        before = ref.sign in seen
        seen.add(ref.sign)
        waits = any(lie.page(r.line) == page for r in waiting.get(ref.sign, ()))
        if (before or waits) and len(text) - ref.end >= 4:
            return _Note(line, ref.start, ref.end, ref.sign)
    return None


def _note_marks(draft: Draft, note: _Note, why: str) -> Iterator[Mark]:
    text = draft.lines[note.line]
    start = note.start + len(text[note.start :]) - len(text[note.start :].lstrip())
    if note.sign_end > start:
        yield Mark(note.line, Role.MARKUP, "注号", start=start, end=note.sign_end)
    yield Mark(note.line, Role.NOTE, why, start=note.start, value=_shown(note.sign))


def _shown(sign: str) -> str:
    return chr(0x245F + int(sign)) if sign.isdecimal() and 1 <= int(sign) <= 20 else sign or "①"


# ---------------------------------------------------------------- notes known by their place


def _by_place(draft: Draft, lines: Sequence[int], lie: Measure, taken: set[int]) -> Iterator[Mark]:
    """Notes at the foot of pages whose marks the OCR misread or lost."""
    if lie.shape is not Shape.WRAPPED and not taken:
        return
    by_page: dict[int, list[int]] = {}
    for line in lines:
        by_page.setdefault(lie.page(line), []).append(line)
    for page, mine in by_page.items():
        if page < 0 or any(line in taken for line in mine):
            continue
        foot = _foot(draft, mine, lie)
        if foot:
            yield from _placed(draft, [line for line in mine if line < foot[0].line], foot)
            taken.update(line for note in foot for line in (note.line, *note.more))


def _foot(draft: Draft, mine: Sequence[int], lie: Measure) -> list[_Note]:
    """The notes at the foot of one page; none where the block there could as well be text."""
    for at in range(max(1, len(mine) - 2 * _LONGEST_FOOT), len(mine)):
        line = mine[at]
        if line == mine[at - 1] + 1 and not (
            _SURE.match(draft.lines[line]) and _goes_overleaf(draft, mine[at - 1], lie)
        ):
            continue  # notes stand below a gap
        notes = _split(draft, mine[at:], lie)
        if notes and len(mine) - at > _LONGEST_FOOT and not _in_small_type(draft, notes, mine[at - 1], lie):
            continue
        if notes and _is_foot(draft, notes, mine[at - 1], lie):
            return notes
    return []


def _goes_overleaf(draft: Draft, line: int, lie: Measure) -> bool:
    """Whether a full line ends within a sentence: what stands under it, if it is no text, is the foot of the page."""
    return lie.is_full(line, 3.0) and not sentence.ends(draft.lines[line])


def _garbled(text: str) -> re.Match[str] | None:
    return _OPENS.match(text) or _GARBLED.match(text) or _LOST_OPENING.match(text)


def _split(draft: Draft, block: Sequence[int], lie: Measure) -> list[_Note]:
    """The lines of a block of notes as notes: a new one after each that ended."""
    notes: list[_Note] = []
    widest = max(lie.widths[line] for line in block)
    small = widest if widest >= lie.full + _SMALLER else 0.0
    for line in block:
        text = draft.lines[line]
        sign = _garbled(text)
        before = notes[-1] if notes else None
        last = (before.more or (before.line,))[-1] if before else line
        if before and _runs_on(draft, last, line, small, lie, signed=sign is not None):
            notes[-1] = _Note(before.line, 0, before.sign_end, before.sign, (*before.more, line))
            continue
        notes.append(_Note(line, 0, sign.end("sign") if sign else 0, str(len(notes) + 1)))
    if lie.widths[block[0]] < 5 or any(len(note.more) > 4 for note in notes):
        return []
    return notes


def _runs_on(draft: Draft, last: int, line: int, small: float, lie: Measure, *, signed: bool) -> bool:
    """Whether a line goes on with the note above it. `small`: the measure of smaller type, where the notes show it."""
    if _SURE.match(draft.lines[line]):
        return False
    ended, near = sentence.ends(draft.lines[last]), line == last + 1
    if not small:
        return not ended and (near or not signed)
    filled = lie.widths[last] >= small - 2.0
    return (not ended or filled) if near else (not ended and filled and not signed)


def _is_foot(draft: Draft, notes: Sequence[_Note], above: int, lie: Measure) -> bool:
    """Whether the block is one of notes: the text above breaks off, or several of them bear a sign."""
    last = (notes[-1].more or (notes[-1].line,))[-1]
    ended = sentence.ends(draft.lines[last])
    signs = sum(1 for note in notes if note.sign_end)
    if not notes[0].sign_end:
        return (ended and _breaks_off(draft, notes, above, lie)) or _in_small_type(draft, notes, above, lie)
    if _in_small_type(draft, notes, above, lie):
        return True
    strong = sum(1 for note in notes if _GARBLED.match(draft.lines[note.line]) or _OPENS.match(draft.lines[note.line]))
    broken = not sentence.ends(draft.lines[above]) and not sentence.ends_weakly(draft.lines[above])
    if broken and lie.is_full(above, 6.0):
        return signs >= 1 and 2 * signs >= len(notes) and (ended or len(notes) > 1)
    lone = len(notes) == 1 and bool(re.match(r"\s*[0-9?？”@®©*＊:：]", draft.lines[notes[0].line]))
    return ended and (strong >= 2 or (strong == 1 and lone))


def _in_small_type(draft: Draft, notes: Sequence[_Note], above: int, lie: Measure) -> bool:
    """Whether the block is set smaller than the text: its lines hold more than the measure, and none is just as long.

    The first note must show it, for a short line of text may stand above notes; and the text above must keep to the
    measure, or its lines are no lines of print.
    """
    page = lie.before(above)
    full = sum(1 for line in page if abs(lie.widths[line] - lie.full) <= 1.0)
    if lie.shape is not Shape.WRAPPED or lie.full < _PRINT or 3 * full < len(page) or full < _LINES_OF_TEXT:
        return False
    if sentence.ends(draft.lines[above]) and not _strays(draft, page):
        return False
    lines = [line for note in notes for line in (note.line, *note.more)]
    first = (notes[0].line, *notes[0].more)
    wide = [line for line in lines if lie.widths[line] >= lie.full + _SMALLER]
    alike = sum(1 for line in lines if abs(lie.widths[line] - lie.full) <= 1.0)
    shown = any(line in wide for line in first) or bool(notes[0].sign_end)
    return bool(wide) and shown and 6 * alike <= len(lines) and lie.widths[above] < lie.full + _SMALLER


def _breaks_off(draft: Draft, notes: Sequence[_Note], above: int, lie: Measure) -> bool:
    """Whether a short block without any sign is one of notes: the full line above ends within a sentence."""
    text = draft.lines[above].rstrip()
    mid = not sentence.ends(text) and text[-1:] not in "，、；：,;:" and lie.is_full(above, 3.0)
    lines = [line for note in notes for line in (note.line, *note.more)]
    odd = all(
        abs(lie.widths[line] - lie.full) > 2.0 for line in lines
    )  # set to another measure: smaller type, or short
    return mid and len(lines) <= 4 and odd and not any(forms.read(draft.lines[note.line].strip()) for note in notes)


def _placed(draft: Draft, text: Sequence[int], notes: Sequence[_Note]) -> Iterator[Mark]:
    """The notes of one page with a reference each."""
    strays = _strays(draft, text)
    chosen = _matched(draft, strays, notes)
    least = (-1, 0)  # no reference stands before the one of the note above
    for number, note in enumerate(notes):
        yield from _note_marks(draft, note, "页脚的注文：注号误识或失落，按位置认定")
        for line in note.more:
            yield Mark(line, Role.NOTE_MORE, "注文的下一行")
        ref = chosen[number]
        name = note_id(note.line, note.start)
        if ref is not None:
            least = ref.line, ref.end
            yield Mark(
                ref.line, Role.NOTE_REF, "误识的注号，按页内次序与注文相配", start=ref.start, end=ref.end, value=name
            )
        elif text:
            most = next(
                ((other.line, other.start) for other in chosen[number:] if other is not None), (text[-1] + 1, 0)
            )
            words = draft.lines[note.line][note.sign_end :]
            line, column = _after_its_word(draft, text, words, least, most) or _best_place(draft, text, words)
            least = max(least, (line, column))
            yield Mark(line, Role.NOTE_REF, "注号失落，按页内位置补", start=column, end=column, value=name)


def _strays(draft: Draft, text: Sequence[int]) -> list[tuple[_Ref, int]]:
    """Signs in the text of a page that make no sense where they stand, each with how odd it is."""
    found: list[tuple[_Ref, int]] = []
    open_quotes = 0
    for line in text:
        for sign in _STRAY.finditer(draft.lines[line]):
            ref = _Ref(line, sign.start(), sign.end(), "")
            if sign["quote"]:
                if sign["quote"] == "“":
                    open_quotes += 1
                    continue
                if open_quotes > 0:
                    open_quotes -= 1
                    continue
                found.append((ref, 2))
            elif sign["letter"]:
                found.append((ref, 1))
            elif not (sign["ask"] and _ASKS.search(draft.lines[line], max(0, sign.start() - 24), sign.start())):
                found.append((ref, 4 if sign["ring"] or sign["odd"] else 3))
    return found


def _matched(draft: Draft, strays: Sequence[tuple[_Ref, int]], notes: Sequence[_Note]) -> list[_Ref | None]:
    """A sign for each note, in the order of the text, so that the oddest are taken and those after the word that the
    note begins with; None where there are too few.
    """
    words = [_HEAD.sub("", draft.lines[note.line][note.sign_end :])[:_WORD] for note in notes]
    worth = [[odd + (_NAMED if _follows(draft, ref, word) else 0) for ref, odd in strays] for word in words]
    best = [[0] * (len(strays) + 1) for _ in range(len(notes) + 1)]
    for i in range(len(notes) - 1, -1, -1):
        for j in range(len(strays) - 1, -1, -1):
            best[i][j] = max(best[i + 1][j], best[i][j + 1], best[i + 1][j + 1] + worth[i][j])
    chosen: list[_Ref | None] = [None] * len(notes)
    i = j = 0
    while i < len(notes) and j < len(strays):
        if best[i][j] == best[i + 1][j + 1] + worth[i][j]:
            chosen[i] = strays[j][0]
            i, j = i + 1, j + 1
        elif best[i][j] == best[i][j + 1]:
            j += 1
        else:
            i += 1
    return chosen


def _follows(draft: Draft, ref: _Ref, word: str) -> bool:
    """Whether the sign stands right after the words that the note begins with."""
    before = draft.lines[ref.line][max(0, ref.start - _WORD - 4) : ref.start].rstrip("》”」』）")
    return any(before.endswith(word[:size]) for size in range(min(len(word), _WORD), 1, -1))


def _after_its_word(
    draft: Draft, text: Sequence[int], note: str, least: tuple[int, int], most: tuple[int, int]
) -> tuple[int, int] | None:
    """Right after the word that the note explains, which it begins with, where the page has it once between the
    references before and after.
    """
    word = _HEAD.sub("", note)[:_WORD]
    for size in range(len(word), 1, -1):
        if not _HAN_WORD.fullmatch(word[:size]):
            continue
        found = [
            (line, at + size)
            for line in text
            if (at := draft.lines[line].find(word[:size])) >= 0 and least <= (line, at + size) <= most
        ]
        if len(found) == 1 and draft.lines[found[0][0]].count(word[:size]) == 1:
            line, column = found[0]
            closed = re.compile("[》”」』）]*").match(draft.lines[line], column)
            return line, closed.end() if closed else column
    return None


def _best_place(draft: Draft, text: Sequence[int], note: str) -> tuple[int, int]:
    """After the words that the note shares with the page, at the end of their clause; else the page's last stop."""
    grams = {note[at : at + 3] for at in range(len(note) - 2) if re.fullmatch(rf"[{_HAN}]{{3}}", note[at : at + 3])}
    for line in text:
        row = draft.lines[line]
        for at in range(len(row) - 2):
            if row[at : at + 3] in grams:
                stop = re.compile(r"[，。；：、）”]").search(row, at)
                return (line, stop.start()) if stop else (line, len(row.rstrip()))
    last = text[-1]
    stops = [found.start() for found in re.finditer(r"[。！？]", draft.lines[last])]
    return (last, stops[-1]) if stops else (last, len(draft.lines[last].rstrip()))


RULE = StructureRule(
    id="notes",
    confidence=Confidence.LIKELY,
    find=find,
    why="注文与正文中的注号相配；注号失落的，按页脚位置与次序相配，不改一字",
)
