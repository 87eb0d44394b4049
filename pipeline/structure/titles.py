"""Lines that look like titles: what headings.py chooses from, with all that speaks for and against each.

A title stands on its own, is short against the measure, and closes with no stop; number, `#`, contents and place add to
that.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

from rapidfuzz import fuzz

from pipeline.structure import contents, forms, measure, numerals, sentence
from pipeline.structure.assemble import PIECES
from pipeline.structure.forms import Numbered
from pipeline.structure.likeness import Names
from pipeline.structure.measure import Measure, Shape
from pipeline.structure.rule import Draft
from pipeline.structure.shape import key

LONGEST = 46.0  # ems: no title is longer, on however many lines
_HASH = re.compile(r"^\s*(#{1,6})\s*(?=\S)")
_STOP_INSIDE = re.compile(r"[。；;].*[\u3400-\u9fff]")
_HAN = re.compile(r"[\u3400-\u9fff]")
_NUMERALS = frozenset(numerals.HAN + "第卷上中下甲乙丙丁戊己庚辛壬癸")
_LONGEST_LINE = 300  # characters, blanks counted, of a line that may hold a title
_STOPS = "。；;，,、：:"
_GLUED = re.compile(r"(?<=[。！？!?”’」』）)])\s*(?=[（(第一二三四五六七八九十0-9])")
_GLUED_ANYWHERE = re.compile(r"[。！？!?”’」』）)][^\S\n]*[（(第一二三四五六七八九十0-9]")
_ALIKE = 84.0  # per cent: an entry and a heading that agree so far are one title read twice
_LOOK = 59.0  # per cent that a title must agree whose number speaks for it, and a little less: see _agree
_BETTER = 12.0  # per cent by which a later likeness must be better to be taken instead of an earlier one
_TWINS = 100  # entries of the same words, before and after the last match, that are considered
_NEAR = 60  # entries before and after the last match that are compared letter by letter


@dataclass(slots=True)
class Title:
    """A line that may be a heading.

    `text` is without what stands before it (`#`, a bullet), `start` the column where it begins (glued: within a line),
    `more` the following line where the title runs over the measure. `entry` is the contents entry that it matches.
    """

    line: int
    start: int
    text: str
    numbered: Numbered | None
    plain: bool  # no stop at the end or inside, and short: it may be a title
    alone: bool  # blank lines or page ends on both sides
    opens: bool  # nothing before it runs on into it
    hashes: int = 0
    glued: bool = False
    more: int | None = None
    after: int | None = None  # the next line of text
    tail: int | None = None  # the next line, where the contents give both as one entry
    entry: int | None = None
    agrees: float = 0.0
    followed: bool = False  # running text comes after it
    heads_page: bool = False  # the first line of its page
    ended_before: bool = True  # the sentence before it was ended
    closed_before: bool = True  # a stop ends the line before it, however short, or it has none before

    @property
    def words(self) -> str:
        """The title without its number."""
        return self.text[self.numbered.title :].strip() if self.numbered else self.text


def collect(draft: Draft, lie: Measure) -> list[Title]:
    """Every line that could be a heading, or is numbered like one, in order."""
    found: list[Title] = []
    free = [line for line in lie.text if line not in draft.roles]
    lines, widths, pieces = draft.lines, lie.widths, draft.pieces
    glued = _may_be_glued(lines)
    wrapped = lie.shape is Shape.WRAPPED
    full, nearly = (lie.full - 2.0, lie.full - 6.0) if wrapped else (0.0, 0.0)
    before: int | None = None
    for line, after in zip(free, [*free[1:], None], strict=False):
        raw = lines[line]
        # A line within a paragraph that begins as no number does cannot be a title: the case of most, settled first.
        within = before == line - 1 and wrapped and widths[before] >= full and widths[line] >= nearly
        short = widths[line] <= 120 and len(raw) <= _LONGEST_LINE and not (within and _begins_with_word(raw[0]))
        # Nor can a sentence that ends, unless it is numbered.
        if short and (line in pieces or raw[-1] not in _STOPS or _may_be_numbered(raw)):
            title = _title(draft, lie, line, before, after)
            if title is not None:
                found.append(title)
        if line in glued:
            found += _glued(draft, lie, line)
        before = line
    return found


def _begins_with_word(char: str) -> bool:
    """Whether a line that begins with `char` begins with Han, and with no number."""
    return "\u3400" <= char <= "\u9fff" and char not in _NUMERALS


def _may_be_numbered(raw: str) -> bool:
    """A quick look at the first sign that counts: what stands before it may be a bullet."""
    return not "\u3400" <= raw[0] <= "\u9fff" or raw[0] in forms.OPENING


def _may_be_glued(lines: Sequence[str]) -> frozenset[int]:
    """The lines in which a number follows a stop, found over the whole text at once."""
    joined = "\n".join(lines)
    starts = list(accumulate(map((1).__add__, map(len, lines)), initial=0))
    return frozenset(bisect_right(starts, found.start()) - 1 for found in _GLUED_ANYWHERE.finditer(joined))


def _title(draft: Draft, lie: Measure, line: int, before: int | None, after: int | None) -> Title | None:
    raw = draft.lines[line]
    cut = min((m.start for m in draft.pieces.get(line, ()) if m.role not in PIECES), default=len(raw))
    text, start = forms.strip(raw[:cut])
    if not text:
        return None
    hashes = _HASH.match(raw)
    numbered = forms.read(text)
    plain = is_plain(text) and measure.width(text) <= LONGEST
    more: int | None = None
    if lie.shape is Shape.WRAPPED and plain and lie.is_full(line, 2.5) and after == line + 1:
        more = _second_line(draft, lie, after)
        plain = more is not None
    if not numbered and not plain:
        return None
    gap_before = before is None or before < line - 1 or lie.page(before) != lie.page(line)
    gap_after = after is None or after > (more or line) + 1 or lie.page(after) != lie.page(line)
    runs_on = before is not None and not gap_before and not _closes(draft.lines[before], lie, before)
    return Title(
        line=line,
        start=start,
        text=text,
        numbered=numbered,
        plain=plain,
        alone=gap_before and gap_after,
        opens=not runs_on,
        hashes=len(hashes[1]) if hashes else 0,
        more=more,
        after=after,
        followed=after is not None,
        heads_page=before is None or lie.page(before) != lie.page(line) or before < line - 3,
        closed_before=before is None or sentence.ends(draft.lines[before]),
        ended_before=before is None or sentence.ends(draft.lines[before]) or lie.widths[before] < 20,
    )


def is_plain(text: str) -> bool:
    """Whether nothing in the text says that it is a sentence: no stop at its end, none before its last words."""
    body = text.rstrip("”’」』）)》*　 ")
    if not body or body[-1] in _STOPS or text[-1] in _STOPS:
        return False
    if sentence.cannot_open(text):
        return False
    return not _STOP_INSIDE.search(text) and text.count("，") + text.count(",") <= 3


def _second_line(draft: Draft, lie: Measure, line: int) -> int | None:
    """The next line where it ends a title that began on a full one: short, plain, and nothing goes on after it."""
    text = draft.lines[line].strip()
    goes_on = line + 1 < len(draft.lines) and bool(draft.lines[line + 1].strip())
    if goes_on or lie.widths[line] > lie.full * 0.7 or not is_plain(text) or forms.read(text):
        return None
    return line


def _closes(text: str, lie: Measure, line: int) -> bool:
    """Whether the line right before a title ends what it belongs to."""
    if lie.shape is Shape.PARAGRAPHS:
        return True
    return not lie.is_full(line, 3.0) or (sentence.ends(text) and not lie.is_full(line, 1.0))


def _glued(draft: Draft, lie: Measure, line: int) -> list[Title]:
    """A numbered title that the OCR set at the end of the paragraph before it, after its last full stop."""
    if lie.widths[line] < 20:
        return []
    raw = draft.lines[line]
    cuts = [found.end() for found in _GLUED.finditer(raw, max(0, len(raw) - 60))]
    for cut in cuts:
        text = raw[cut:].rstrip()
        numbered = forms.read(text)
        if numbered and is_plain(text) and len(text) > numbered.title:
            return [
                Title(line, cut, text, numbered, plain=True, alone=False, opens=True, glued=True, followed=True),
            ]
    return []


# ---------------------------------------------------------------- the printed contents


def match(titles: Sequence[Title], entries: Sequence[contents.Entry], draft: Draft) -> None:
    """Give each title the contents entry it agrees with: the longest chain in which both go forward."""
    by_key: dict[str, list[int]] = {}
    names = [key(entry.title) for entry in entries]
    numbers = [forms.read(entry.title) for entry in entries]
    words = [key(e.title[n.title :]) if n else key(e.title) for e, n in zip(entries, numbers, strict=True)]
    among, among_words = Names(names), Names(words)
    for at, name in enumerate(names):
        by_key.setdefault(name, []).append(at)
    pairs: list[tuple[int, int, float]] = []
    last = 0
    tails: dict[int, tuple[int, int]] = {}  # title -> (its second line, the entry that gives both)
    skip = -1
    for index, title in enumerate(titles):
        if index == skip:
            continue
        second = titles[index + 1] if index + 1 < len(titles) else None
        if second and (both := _both(title, second, by_key, names, among, last)) is not None:
            pairs.append((index, both, 100.0))
            tails[index] = (second.line, both)
            last, skip = both, index + 1
            continue
        if not title.plain and not (title.numbered and title.opens):
            continue
        name = key(_whole(title, draft))
        exact = by_key.get(name)
        if exact:
            nearest = _near(exact, last)
            pairs += ((index, at, 100.0) for at in reversed(nearest))
            last = min(nearest, key=lambda at: abs(at - last))
            continue
        if not title.plain:
            continue
        near = range(max(0, last - _NEAR), min(len(entries), last + _NEAR))
        own = key(title.words)
        best = [
            (at, score)
            for at in _worth_a_look(title.numbered, name, own, among, among_words, near)
            if (score := _agree(title.numbered, name, own, numbers[at], names[at], words[at])) >= _ALIKE
        ]
        if best:
            top = max(score for _, score in best)
            pairs += ((index, at, score) for at, score in reversed(best) if score >= top - 1)
    for index, at, score in _chain(pairs):
        titles[index].entry, titles[index].agrees = at, score
        if index in tails and tails[index][1] == at:
            titles[index].tail = tails[index][0]
    _fill(titles, names)


def _fill(titles: Sequence[Title], names: Sequence[str]) -> None:
    """Between two neighbours that agree, one entry and one line left over belong together if they are half alike.

    Short titles are read with one character wrong in three (致兄书, 致见书): too unlike to be known but by place.
    """
    held = [index for index, title in enumerate(titles) if title.entry is not None]
    bounds = [(-1, -1), *((index, titles[index].entry or 0) for index in held), (len(titles), len(names))]
    for (start, low), (end, high) in pairwise(bounds):
        if high - low != 2:
            continue
        entry = low + 1
        free = [
            title
            for title in titles[start + 1 : min(end, start + 400)]
            if title.plain
            and title.alone
            and not title.numbered
            and not title.glued
            and title.ended_before
            and abs(len(key(title.text)) - len(names[entry])) <= 1
        ]
        like = [title for title in free if 2 * _same(key(title.text), names[entry]) >= len(names[entry])]
        if len(like) == 1:
            like[0].entry, like[0].agrees = entry, fuzz.ratio(key(like[0].text), names[entry])


def _same(one: str, other: str) -> int:
    """How many characters two titles share, place by place."""
    return sum(a == b for a, b in zip(one, other, strict=False))


def _both(
    title: Title, second: Title, by_key: dict[str, list[int]], names: Sequence[str], among: Names, last: int
) -> int | None:
    """The entry that gives a short title and the line after it as one: 第二章 / 谁革谁的命？, 绪论 / …."""
    if (
        title.after != second.line
        or not (title.plain and second.plain)
        or second.numbered
        or title.glued
        or second.glued
    ):
        return None
    if (key(title.words) and measure.width(title.text) > 12) or len(_HAN.findall(title.text)) < 2:
        return None
    if key(second.text) in by_key:
        return None
    name = key(title.text + second.text)
    exact = by_key.get(name)
    if exact:
        return min(_near(exact, last), key=lambda at: abs(at - last))
    if key(title.text) in by_key:
        return None
    near = range(max(0, last - _NEAR), min(len(names), last + _NEAR))
    scores = [(fuzz.ratio(name, names[at], score_cutoff=90), -at) for at in among.like(name, near, 90)]
    best, at = max(scores, default=(0.0, 0))
    return -at if best else None


def _near(places: Sequence[int], last: int) -> Sequence[int]:
    """Of the entries that say the same (思考题 under each chapter), as many as are worth a look around `last`."""
    at = bisect_left(places, last)
    return places[max(0, at - _TWINS) : at + _TWINS]


def _whole(title: Title, draft: Draft) -> str:
    return title.text if title.more is None else title.text + draft.lines[title.more].strip()


def _worth_a_look(mine: Numbered | None, name: str, own: str, names: Names, words: Names, near: range) -> Sequence[int]:
    """The entries in `near` that _agree may find alike: by the whole name or by the words."""
    if mine and not own:
        return near  # a bare number: it is the number that agrees
    alike = names.like(name, near, _LOOK)
    if len(own) < 3:
        return alike
    return sorted({*alike, *words.like(own, near, _ALIKE)})


def _agree(mine: Numbered | None, name: str, own: str, number: Numbered | None, entry: str, words: str) -> float:
    """How far a title and an entry agree, in per cent; unlike numbers of one form speak against it."""
    if mine and number and mine.form is number.form and mine.form.strong and not own:
        return 90.0 if mine.number == number.number else 0.0
    if not name or not entry or abs(len(name) - len(entry)) > 0.5 * max(len(name), len(entry)) + 2:
        return 0.0
    if mine and number and mine.form is number.form and mine.number != number.number:
        return 0.0
    score = fuzz.ratio(name, entry)
    if mine and number and mine.form is number.form and mine.form.strong:
        score = 60 + 0.4 * score  # 第一辑 stands for itself: its words may be read badly
    if len(own) >= 3 and len(words) >= 3:
        score = max(score, fuzz.ratio(own, words) - (0 if mine and number else 4))
    return score


def _chain(pairs: Sequence[tuple[int, int, float]]) -> list[tuple[int, int, float]]:
    """The longest chain of pairs in which titles and entries both go forward (patience sorting, n log n)."""
    ends: list[int] = []
    at: list[int] = []
    back: list[int] = []
    for n, (_, entry, score) in enumerate(pairs):
        k = bisect_left(ends, entry)
        if k < len(ends) and ends[k] == entry and score <= pairs[at[k]][2] + _BETTER:
            back.append(-1)  # the entry's first likeness is the heading; later ones are running heads
            continue
        if k == len(ends):
            ends.append(entry)
            at.append(n)
        else:
            ends[k] = entry
            at[k] = n
        back.append(at[k - 1] if k else -1)
    chain: list[tuple[int, int, float]] = []
    n = at[-1] if at else -1
    while n >= 0:
        chain.append(pairs[n])
        n = back[n]
    return chain[::-1]
