"""Headings: which lines open a section, how deep, and which lines go on with them.

The pattern alone decides nothing. Candidates (titles.py) are kept if the printed contents list them, if their numbers
run on from 1 with text between them, or if their words are those of a known part (前言, 后记 …) and they stand alone.
Items of a list, clauses (第三条), dates and sentences fail one of these. Depth comes from the order in which the forms
nest.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise, takewhile
from operator import attrgetter

from rapidfuzz import fuzz

from pipeline.book import SectionKind
from pipeline.ledger import Confidence
from pipeline.structure import contents, forms, garbled, measure, nesting, titles, unnumbered
from pipeline.structure.assemble import NUMBER
from pipeline.structure.forms import Form
from pipeline.structure.measure import Measure, Shape
from pipeline.structure.rule import Draft, Mark, Role, StructureRule
from pipeline.structure.shape import key
from pipeline.structure.titles import Title

_GAPS = 2  # numbers that a series may miss (OCR lost their headings) and still be one
_TEXT = 12  # characters that stand between two headings of one form, or they are items of a list
_OPEN_SERIES = 4  # series of one form that may be open at a time


@dataclass(slots=True)
class Series:
    """Titles of one form whose numbers run on."""

    form: Form
    items: list[Title] = field(default_factory=list)

    @property
    def last(self) -> int:
        numbered = self.items[-1].numbered
        return numbered.number if numbered else 0

    @property
    def first(self) -> int:
        numbered = self.items[0].numbered
        return numbered.number if numbered else 0


@dataclass(frozen=True, slots=True)
class Heading:
    """A title that was chosen, with why, what it is, and the rank that its form has in this book."""

    title: Title
    why: str
    kind: SectionKind | None
    rank: float


def find(draft: Draft) -> Iterator[Mark]:
    """HEADING, HEADING_MORE and SUBTITLE marks, and MARKUP for what stands before a title."""
    lie = measure.of(draft)
    entries = contents.entries(draft)
    found, ahead = _without_running_heads(titles.collect(draft, lie), lie)
    if entries:
        titles.match(found, entries, draft)
    chosen, listed = _without_contents(choose(found, entries, draft, lie), found, draft, lie)
    yield from (Mark(line, Role.CONTENTS, "成串而无正文、后文又各自出现的标题：失题的目录") for line in listed)
    chosen = _with_their_words(chosen, lie)
    chosen, repeats = _without_repeats(chosen, found, draft, lie)
    yield from (Mark(line, Role.REMNANT, "与本章题名相同的书眉残留") for line in (*ahead, *repeats))
    yield from _marks(chosen, entries, draft, lie)


# ---------------------------------------------------------------- choosing


def choose(found: Sequence[Title], entries: Sequence[contents.Entry], draft: Draft, lie: Measure) -> list[Heading]:
    """The headings among the candidates, in order."""
    why: dict[int, str] = {}  # by position in `found`
    where = {id(title): at for at, title in enumerate(found)}
    for at, title in enumerate(found):
        if title.entry is not None and not entries[title.entry].box and _may_be_listed(title):
            why[at] = "与目录条目相合"
    prose = _prose_before(found, draft, lie)
    rank_of = nesting.ranks(found)
    for sign, rank in sorted(rank_of.items(), key=lambda item: item[1]):
        walls = [at for at in why if _is_wall(found[at], rank, rank_of)]
        for series in _series([t for t in found if t.numbered and t.numbered.form.sign == sign], found, where, walls):
            for title in _kept(series, why, where, prose):
                why.setdefault(where[id(title)], "编号前后相续，独立成行")
    why |= _of_proven_forms(found, why, prose)
    for at, title in enumerate(found):
        if at not in why and (reason := _by_its_words(title, entries)):
            why[at] = reason
    why |= garbled.find(found, why)
    for at in _hashed(found, why, entries):
        why[at] = "识别结果标作标题，独立成行"
    _add_unnumbered(why, found, prose, draft, lie, listed=bool(entries))
    return _ranked([(found[at], why[at]) for at in sorted(why)], rank_of, entries, draft)


def _add_unnumbered(
    why: dict[int, str], found: Sequence[Title], prose: Sequence[int], draft: Draft, lie: Measure, *, listed: bool
) -> None:
    """Add what is known by its company: sub-headings, the pieces of a collection, letters, poems."""
    for at in unnumbered.find(found, why, prose, lie, listed=listed):
        why[at] = "与书中其他无编号的小标题同样：独立成行的短语，上文已完，下接正文"
    for at in unnumbered.named(found, why, prose, draft):
        why[at] = unnumbered.NAMED
    for at in unnumbered.openings(found, why, prose, lie):
        why[at] = unnumbered.OPENING
    for at in unnumbered.letters(found, why, prose, lie):
        why[at] = unnumbered.LETTER
    for at in unnumbered.poems(found, why, lie):
        why[at] = unnumbered.POEM


_FEW = 4  # headings in a row, with no text between, that may still open a book (编, 章, 节, 一、)


def _without_contents(
    chosen: list[Heading], found: Sequence[Title], draft: Draft, lie: Measure
) -> tuple[list[Heading], list[int]]:
    """The headings without a run at the front that has no text between and comes again later: contents without a title.

    Their lines, and what stands between them, are contents too.
    """
    prose = dict(zip(map(id, found), _prose_before(found, draft, lie), strict=False))
    run = 0
    while run + 1 < len(chosen) and prose[id(chosen[run + 1].title)] - prose[id(chosen[run].title)] < 2 * _TEXT:
        run += 1
    front, rest = chosen[:run], chosen[run:]
    if len(front) <= _FEW:
        return chosen, []
    later: dict[str, list[str]] = {}
    for heading in rest:
        later.setdefault(_sign(heading.title), []).append(key(heading.title.words))
    again = sum(
        1 for h in front if any(fuzz.ratio(key(h.title.words), words) >= 60 for words in later.get(_sign(h.title), ()))
    )
    if 3 * again < len(front):
        return chosen, []
    last = front[-1].title.line
    if _sign(rest[0].title) and prose[id(rest[0].title)] - prose[id(front[-1].title)] < _TEXT:
        following = rest[1].title if len(rest) > 1 else None
        if following and any(_sign(h.title) == _sign(rest[0].title) for h in rest[1:]):
            last, rest = rest[0].title.line, rest[1:]
    lines = [line for line in lie.text if front[0].title.line <= line <= last and line not in draft.roles]
    return rest, lines


def _with_their_words(chosen: Sequence[Heading], lie: Measure) -> list[Heading]:
    """The headings without those that are the words of a bare number right above: 第一回 / 老船夫雪夜渡客.

    The contents may list the words alone.
    """
    after = dict(pairwise(lie.text))
    bare = {
        after.get(heading.title.line)
        for heading in chosen
        if (numbered := heading.title.numbered) and numbered.form.strong and not key(heading.title.words)
    }
    return [
        heading
        for heading in chosen
        if heading.title.line not in bare or heading.title.numbered or forms.known(heading.title.text)
    ]


_LATER = 80  # lines within which a running head can stand before the heading that it names


def _without_running_heads(found: Sequence[Title], lie: Measure) -> tuple[list[Title], list[int]]:
    """The candidates without those that head a page, break a sentence, and stand elsewhere once more as a heading."""
    sure: dict[str, list[Title]] = {}
    first: dict[str, dict[str, Title]] = {}  # of those, the first of each wording
    for title in found:
        if (sign := _sign(title)) and (title.ended_before or not title.heads_page):
            sure.setdefault(sign, []).append(title)
            first.setdefault(sign, {}).setdefault(key(title.text), title)
    kept: list[Title] = []
    lines: list[int] = []
    for title in found:
        sign = _sign(title) if title.heads_page and title.plain else ""
        twins: Iterable[Title] = first[sign].values() if sign in first else ()
        if twins and title.ended_before:  # only where the heading itself stands below on the same page
            twins = _below_on_page(title, sure[sign], lie)
        name = key(title.text) if twins else ""
        if any(twin.line - title.line <= _LATER and _alike_heads(twin, name) for twin in twins):
            lines.append(title.line)
        else:
            kept.append(title)
    return kept, lines


def _below_on_page(title: Title, twins: Sequence[Title], lie: Measure) -> list[Title]:
    page = lie.page(title.line)
    at = bisect_right(twins, title.line, key=attrgetter("line"))
    after = map(twins.__getitem__, range(at, len(twins)))
    return list(takewhile(lambda twin: page == lie.page(twin.line) >= 0, after))


def _sign(title: Title) -> str:
    """The form and number of a title whose form is one of chapters and sections; else empty."""
    numbered = title.numbered
    return f"{numbered.form.sign}{numbered.number}" if numbered and numbered.form.strong and not title.glued else ""


def _alike_heads(twin: Title, name: str) -> bool:
    other = key(twin.text)
    return _says_again(other, name) or _says_again(name, other)


def _without_repeats(
    chosen: Sequence[Heading], found: Sequence[Title], draft: Draft, lie: Measure
) -> tuple[list[Heading], list[int]]:
    """The headings without those that say the last one of their form again, and the lines of all such repetitions.

    A running head that cleaning left stands at the top of a page and says the title of the chapter that is open.
    """
    kept: list[Heading] = []
    repeats: list[int] = []
    by_line = {heading.title.line: heading for heading in chosen}
    open_: dict[str, str] = {}
    after = dict(pairwise(lie.text))
    for title in found:
        heading = by_line.get(title.line)
        if heading is not None and heading.title is not title:
            continue
        numbered = title.numbered
        name = key(title.text)
        sign = numbered.form.sign if numbered and numbered.form.strong else ""
        if sign and _says_again(open_.get(f"{sign}{numbered.number if numbered else 0}", ""), name):
            if title.alone or heading is not None:
                repeats.append(title.line)
            continue
        if heading is not None:
            kept.append(heading)
            if sign and numbered:
                following = after.get(title.line)
                whole = name if key(title.words) or following is None else name + key(draft.lines[following])
                open_ = {k: v for k, v in open_.items() if k[0] != sign} | {f"{sign}{numbered.number}": whole}
    return kept, repeats


def _says_again(title: str, name: str) -> bool:
    """Whether `name` is the same title once more, however badly read."""
    if not title or len(name) > 1.25 * len(title) + 2:
        return False
    size = min(len(title), len(name))
    return fuzz.ratio(title[:size], name[:size]) >= 70 and size >= 3


def _is_wall(title: Title, rank: float, rank_of: dict[str, float]) -> bool:
    """Whether a chosen heading ends every series of this rank: it lies further out."""
    if title.numbered:
        return rank_of[title.numbered.form.sign] < rank
    return forms.known(title.text) is not None


def _may_be_listed(title: Title) -> bool:
    return title.plain and (title.opens or title.agrees >= 95)


def _prose_before(found: Sequence[Title], draft: Draft, lie: Measure) -> list[int]:
    """For each candidate, how many ems of running text stand before it in the book; last, how many there are in all."""
    mine = {title.line for title in found if title.plain and not title.glued}
    before: dict[int, int] = {}
    total = 0
    for line in lie.text:
        before[line] = total
        if line not in mine and line not in draft.roles:
            total += int(lie.widths[line])
    return [*(before[title.line] + title.start for title in found), total]


def _series(
    numbered: Sequence[Title], found: Sequence[Title], where: dict[int, int], walls: Sequence[int]
) -> Iterator[Series]:
    """Candidates of one form, put into series: each goes on with the latest series that waits for its number."""
    del found
    walls = sorted(walls)
    passed = 0
    waiting: list[Series] = []
    for title in numbered:
        while passed < len(walls) and walls[passed] < where[id(title)]:
            passed += 1
            if waiting:
                yield from waiting
                waiting = []
        number = title.numbered.number if title.numbered else 0
        series = _waits(waiting, title, number)
        if series is None:
            form = title.numbered.form if title.numbered else forms.CASES[0]
            series = Series(form)
            waiting.append(series)
            if len(waiting) > _OPEN_SERIES:
                yield waiting.pop(0)
        else:
            waiting.remove(series)  # the one that went on last waits last
            waiting.append(series)
        series.items.append(title)
    yield from waiting


def _waits(waiting: Sequence[Series], title: Title, number: int) -> Series | None:
    """The open series that this number goes on with: next of its kind, else next, else after a small gap."""
    for alike, gap in ((True, 0), (False, 0), (True, _GAPS)):
        for series in reversed(waiting):
            step = number - series.last - 1
            if 0 <= step <= gap and (series.items[-1].plain == title.plain or not alike):
                return series
    return None


def _kept(series: Series, why: dict[int, str], where: dict[int, int], prose: Sequence[int]) -> list[Title]:
    """The items of a series that are headings: none if it is a list, all plain ones if it is a sequence of sections."""
    items = series.items
    listed = [title for title in items if where[id(title)] in why]
    plain = [title for title in items if title.plain and title.opens]
    if len(plain) < 0.6 * len(items) and not listed:
        return []
    stops = [*(where[id(title)] for title in items[1:]), len(prose) - 1]
    between = dict(zip(map(id, items), stops, strict=True))
    apart = [t for t in plain if prose[between[id(t)]] - prose[where[id(t)]] >= _TEXT or not t.followed]
    if len(apart) < 0.5 * len(plain):
        return listed
    glued = [title for title in plain if title.glued]
    whole = [title for title in plain if not title.glued]
    if not whole:
        return listed
    if series.form.strong or listed or any(title.hashes for title in whole):
        return [*whole, *(title for title in glued if _between(title, series))]
    if len(whole) == 1:
        alone = whole[0].alone and series.first == 1 and measure.width(whole[0].text) <= 26
        return whole if alone else []
    if series.first > 2:
        return []
    return [*whole, *(title for title in glued if _between(title, series))]


def _between(title: Title, series: Series) -> bool:
    """Whether a glued title stands in its series with a neighbour at least."""
    return len(series.items) >= 2 and title in series.items


_PROVEN = 3  # headings of one form that prove it to be one of this book


def _of_proven_forms(found: Sequence[Title], why: dict[int, str], prose: Sequence[int]) -> dict[int, str]:
    """Titles of a form that the book uses, alone because the OCR lost their neighbours: 二、 where 一、 is gone."""
    counts: dict[str, int] = {}
    for at in why:
        if numbered := found[at].numbered:
            counts[numbered.form.sign] = counts.get(numbered.form.sign, 0) + 1
    stop = _text_until_next(found, why, prose)
    return {
        at: "与书中同形的标题一样独立成行，上文已完，下接正文"
        for at, title in enumerate(found)
        if at not in why
        and title.numbered
        and counts.get(title.numbered.form.sign, 0) >= _PROVEN
        and title.plain
        and title.alone
        and title.ended_before
        and not title.glued
        and stop[at] >= _TEXT_OF_ORPHAN
    }


_TEXT_OF_ORPHAN = 40  # ems of running text that such a title must have under it


def _text_until_next(found: Sequence[Title], why: dict[int, str], prose: Sequence[int]) -> list[int]:
    """For each candidate, the running text up to the next candidate of its form, or the next heading."""
    out = [0] * len(found)
    after: dict[str, int] = {}
    chosen = prose[-1]
    for at in range(len(found) - 1, -1, -1):
        numbered = found[at].numbered
        sign = numbered.form.sign if numbered else ""
        out[at] = min(chosen, after.get(sign, prose[-1]) if sign else prose[-1]) - prose[at]
        if sign:
            after[sign] = prose[at]
        if at in why:
            chosen = prose[at]
    return out


def _by_its_words(title: Title, entries: Sequence[contents.Entry]) -> str:
    """Why a title without a number is a heading: it says what part of a book it is, and stands alone."""
    if title.numbered or not title.plain or title.glued or not title.followed:
        return ""
    kind = forms.known(title.text)
    if kind is None or not title.opens:
        return ""
    words = "".join(title.text.split())
    if title.alone or title.hashes or title.heads_page or (len(words) >= 2 and not entries):
        return "独立成行的固定篇名"
    return ""


def _hashed(found: Sequence[Title], why: dict[int, str], entries: Sequence[contents.Entry]) -> list[int]:
    """Lines that the OCR marked with `#` and nothing else speaks for: believed where no contents contradict them."""
    hashed = [at for at, title in enumerate(found) if title.hashes and not title.glued]
    if not hashed:
        return []
    sure = sum(1 for at in hashed if at in why)
    if entries and sure >= 0.6 * len(hashed):
        return []
    return [
        at
        for at in hashed
        if at not in why
        and found[at].plain
        and found[at].numbered is None
        and found[at].followed
        and measure.width(found[at].text) <= 30
    ]


# ---------------------------------------------------------------- depth


def _ranked(
    chosen: Sequence[tuple[Title, str]],
    shown: dict[str, float],
    entries: Sequence[contents.Entry],
    draft: Draft,
) -> list[Heading]:
    """Each heading with the rank of its form; what has no number takes rank from the contents, or from its company."""
    rank_of = _form_ranks(chosen, shown, draft)
    by_level: dict[int, list[float]] = {}
    for title, _ in chosen:
        if title.numbered and title.entry is not None:
            by_level.setdefault(entries[title.entry].level, []).append(rank_of[title.numbered.form.sign])
    beside = _usual_rank(chosen, entries, by_level)
    top = min((rank_of[t.numbered.form.sign] for t, _ in chosen if t.numbered), default=30.0)
    named = _repeated_names(chosen)
    headings = []
    inner = top  # the rank of the numbered or known heading that is open
    for title, why in chosen:
        kind = forms.kind(title.numbered.form if title.numbered else None, title.words)
        if title.numbered:
            rank = rank_of[title.numbered.form.sign]
        elif title.entry is not None:
            rank = _rank_of_level(entries[title.entry].level, by_level, top)
        elif kind is not None:
            rank = top if title.text not in named else top + 15
        elif why in (unnumbered.OPENING, unnumbered.POEM, unnumbered.LETTER, unnumbered.NAMED) and beside is None:
            rank = top
        else:
            rank = beside if beside is not None else inner + 0.5 + title.hashes / 16
        if title.numbered or kind is not None:
            inner = rank
        headings.append(Heading(title, why, kind, rank))
    return headings


def _usual_rank(
    chosen: Sequence[tuple[Title, str]], entries: Sequence[contents.Entry], by_level: dict[int, list[float]]
) -> float | None:
    """The rank that most sub-headings without a number have, by the contents; None where the contents list none."""
    ranks = [
        _rank_of_level(entries[title.entry].level, by_level, 30.0)
        for title, _ in chosen
        if title.entry is not None and title.numbered is None and forms.known(title.text) is None
    ]
    return max(set(ranks), key=ranks.count) if ranks else None


def _form_ranks(chosen: Sequence[tuple[Title, str]], shown: dict[str, float], draft: Draft) -> dict[str, float]:
    """The rank of each form in this book: as its numbers nest, unless the publisher ordered the forms himself."""
    ranks = {n.form.sign: shown.get(n.form.sign, float(n.form.rank)) for t, _ in chosen if (n := t.numbered)}
    own = {sign.replace("(", "（").replace(")", "）"): at for at, sign in enumerate(draft.levels)}
    for sign in ranks:
        if sign in own:
            ranks[sign] = own[sign] - 100.0
    return ranks


def _repeated_names(chosen: Sequence[tuple[Title, str]]) -> set[str]:
    seen: set[str] = set()
    twice: set[str] = set()
    for title, _ in chosen:
        if title.numbered is None:
            (twice if title.text in seen else seen).add(title.text)
    return twice


def _rank_of_level(level: int, by_level: dict[int, list[float]], top: float) -> float:
    """The rank that numbered headings of this contents level have; between its neighbours where there are none."""
    if level in by_level:
        ranks = by_level[level]
        return max(set(ranks), key=ranks.count)
    above = [max(ranks) for other, ranks in by_level.items() if other < level]
    below = [min(ranks) for other, ranks in by_level.items() if other > level]
    if above:
        return max(above) + level / 16
    return min(below) - 1 + level / 16 if below else top + (level - 1) / 16


# ---------------------------------------------------------------- marks


def _marks(chosen: Sequence[Heading], entries: Sequence[contents.Entry], draft: Draft, lie: Measure) -> Iterator[Mark]:
    taken = {line for heading in chosen for line in (heading.title.line, heading.title.tail) if line is not None}
    after = dict(zip(lie.text, lie.text[1:], strict=False))
    stack: list[float] = []
    for heading in chosen:
        title = heading.title
        while stack and stack[-1] >= heading.rank:
            stack.pop()
        stack.append(heading.rank)
        kind = heading.kind or (SectionKind.CHAPTER if len(stack) == 1 else SectionKind.SECTION)
        if title.start and not title.glued:
            yield Mark(title.line, Role.MARKUP, "标题前的记号", start=0, end=title.start)
        if (
            heading.why.startswith(garbled.WHY)
            and title.numbered
            and not any(map(str.isalnum, title.text[: title.numbered.title]))
        ):
            end = title.start + title.numbered.title
            yield Mark(title.line, Role.MARKUP, "误识的编号", start=title.start, end=end)
        yield Mark(
            title.line,
            Role.HEADING,
            heading.why,
            level=len(stack),
            start=title.start if title.glued else 0,
            value=kind.value,
        )
        yield from _more(heading, len(stack), entries, draft, lie, taken, after)


def _more(
    heading: Heading,
    depth: int,
    entries: Sequence[contents.Entry],
    draft: Draft,
    lie: Measure,
    taken: set[int],
    after: dict[int, int],
) -> Iterator[Mark]:
    """The lines that go on with a heading: its second line, its words after a bare number, a subtitle."""
    title = heading.title
    line = title.line
    if title.more is not None:
        line = title.more
        yield Mark(line, Role.HEADING_MORE, "标题排满一行后的余字")
    following = after.get(line)
    if title.tail is not None and title.tail == following:
        text, start = forms.strip(draft.lines[following])
        if start:
            yield Mark(following, Role.MARKUP, "标题前的记号", start=0, end=start)
        if title.numbered and not title.words:
            yield Mark(following, Role.HEADING_MORE, "目录所列题名的下一行", value=NUMBER)
        else:
            yield Mark(following, Role.SUBTITLE, "目录所列的副题")
        line = following
        following = after.get(line)
    elif title.numbered and not title.words and _goes_with(following, draft, lie, taken):
        line = following or line
        yield Mark(line, Role.HEADING_MORE, "章次之后的题名", value=NUMBER)
        following = after.get(line)
        if _is_couplet(line, following, draft, lie, taken):
            line = following or line
            yield Mark(line, Role.HEADING_MORE, "回目的下联", value=NUMBER)
            following = after.get(line)
    if following is None or not _goes_with(following, draft, lie, taken):
        return
    text, start = forms.strip(draft.lines[following])
    why = _subtitle(heading, depth, text, start, following, entries, draft, lie, after)
    if why:
        if start:
            yield Mark(following, Role.MARKUP, "标题前的记号", start=0, end=start)
        yield Mark(following, Role.SUBTITLE, why)


def _is_couplet(line: int, following: int | None, draft: Draft, lie: Measure, taken: set[int]) -> bool:
    """Whether two lines under a bare number are the two halves of a title: as long as each other, and close."""
    if following is None or following > line + 3 or not _goes_with(following, draft, lie, taken):
        return False
    one, other = key(draft.lines[line]), key(draft.lines[following])
    return len(one) >= 5 and abs(len(one) - len(other)) <= 1


def _goes_with(line: int | None, draft: Draft, lie: Measure, taken: set[int]) -> bool:
    """Whether a line may belong to the heading before it: plain, short, nobody's, and not numbered itself."""
    if line is None or line in taken or line in draft.roles:
        return False
    text, _ = forms.strip(draft.lines[line])
    limit = 0.95 * lie.full if lie.shape is Shape.WRAPPED else 36.0
    return titles.is_plain(text) and measure.width(text) <= limit and forms.read(text) is None


def _subtitle(
    heading: Heading,
    depth: int,
    text: str,
    start: int,
    line: int,
    entries: Sequence[contents.Entry],
    draft: Draft,
    lie: Measure,
    after: dict[int, int],
) -> str:
    """Why a line is the subtitle of the heading before it; empty where it is not."""
    raw = draft.lines[line].strip()
    if raw.startswith(("——", "—", "──", "――", "--")):
        return "破折号引出的副题"
    following = after.get(line)
    parted = following is None or following > line + 1
    prose = following is not None and lie.widths[following] > 1.3 * lie.widths[line]
    if start and raw[0] in "■●◆▶►□◇★" and parted:
        return "章首带记号的副题"
    entry = entries[heading.title.entry] if heading.title.entry is not None else None
    if entry is not None and (_alike(entry.subtitle, text) or _ends_alike(entry.title, text)):
        return "目录所列的副题"
    opening = heading.kind in (SectionKind.PART, SectionKind.INTRODUCTION) and depth == 1
    if opening and parted and prose and measure.width(text) <= 30:
        return "章首独立的短行"
    return ""


def _alike(one: str, other: str) -> bool:
    return bool(one) and fuzz.ratio(key(one), key(other)) >= 85


def _ends_alike(title: str, text: str) -> bool:
    """Whether the contents give heading and subtitle as one entry (为民篇：扎根群众，情系民生)."""
    one, other = key(title), key(text)
    return len(other) >= 4 and len(one) > len(other) and fuzz.ratio(one[-len(other) :], other) >= 85


RULE = StructureRule(
    id="headings",
    confidence=Confidence.LIKELY,
    find=find,
    why="凭编号次序、原书目录、独立成行认出标题并定层级；条目、条款、日期、句子不作标题",
)
