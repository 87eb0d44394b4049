"""Sub-headings without a number, set on a line of their own: known by their company.

One such line proves nothing. Where the contents have confirmed several, or the book has many of one kind (short,
without any mark of punctuation, the sentence before them ended, a paragraph after them), the rest are headings too.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import pairwise
from statistics import median

from pipeline.structure import forms
from pipeline.structure.measure import Measure, Shape
from pipeline.structure.rule import Draft, Role
from pipeline.structure.shape import key
from pipeline.structure.titles import Title

_WORDS = re.compile(r"[\u3400-\u9fff〇A-Za-z0-9“”‘’「」『』《》（）()·—\- 　]{2,}[？！?!]?")
_DATE = re.compile(r"[0-9０-９〇○一二三四五六七八九十]{2,4}年")
_CONFIRMED = 3  # sub-headings that the contents must have confirmed before others are believed
_MANY = 5  # or, where there are no contents, lines of the kind that a book must have
_TEXT_AFTER = 60  # characters of text that a section has, or its heading is none


def find(
    found: Sequence[Title], chosen: Mapping[int, str], prose: Sequence[int], lie: Measure, *, listed: bool
) -> list[int]:
    """Positions of the titles that are sub-headings by their company."""
    confirmed = [title for at, title in enumerate(found) if at in chosen and _bare(title) and title.entry is not None]
    widest = max((lie.widths[title.line] for title in confirmed), default=16.0) + 4
    until = _text_until_next(found, chosen, prose)
    kind = [at for at, title in enumerate(found) if at not in chosen and _is_kind(title, until[at], lie, widest)]
    often = Counter(title.text for title in found)
    opens = Counter(label[0] for title in found if (label := _LABEL.match(title.text)))
    kind = [
        at
        for at in kind
        if often[text := found[at].text] < _FORMULA
        and not ((label := _LABEL.match(text)) and opens[label[0]] >= _SPEAKS)
        and (listed or text[-1] not in "？！?!")
    ]
    if listed:
        return kind if len(confirmed) >= _CONFIRMED and len(kind) <= 4 * len(confirmed) else []
    return kind if len(kind) >= _MANY else []


_LABEL = re.compile(r"[\u3400-\u9fff·]{1,5}(?=[ \u3000：:（(])")  # who speaks in a play: 魏福生　你们讲什么？
_SPEAKS = 3  # lines with the same words before a gap
_FORMULA = 2  # times that a line stands in the book which is no title: 男国藩跪禀
OPENING = "各篇另页起：页首独立的短行，上一页未满"
_PIECES = 3  # pieces of a collection, each on a new page, that prove each other
_WIDEST = 16.0  # ems: the title of a piece
_SHORT_OF_FULL = 0.9  # of a usual page: a page on which a piece ended before the foot


def openings(found: Sequence[Title], chosen: Mapping[int, str], prose: Sequence[int], lie: Measure) -> list[int]:
    """Positions of the titles of a collection's pieces, each of which begins a page: a short line by itself at the
    head of a page, after one that was not filled. They prove each other, with 自序, 跋 and the like among them.

    Left alone are books with chapters (there such a line is a running head) and lines that come again.
    """
    if any((n := found[at].numbered) and n.form.strong for at in chosen):
        return []
    filled = _filled(lie)
    texts = Counter(key(title.text) for title in found)
    until = _text_until_next(found, chosen, prose)
    new = [
        at
        for at, title in enumerate(found)
        if at not in chosen
        and texts[key(title.text)] == 1
        and until[at] >= _TEXT_AFTER
        and _opens_page(title, lie, filled)
    ]
    known = sum(1 for at in chosen if found[at].heads_page and found[at].alone and not found[at].numbered)
    return new if new and len(new) + known >= _PIECES else []


NAMED = "正文之首重出的书名：全书只此一篇，或以此篇名书"


def named(found: Sequence[Title], chosen: Mapping[int, str], prose: Sequence[int], draft: Draft) -> list[int]:
    """The position of the line that says the title of the book over its text, after a preface or at the head."""
    pages = (Role.TITLE_PAGE, Role.HALF_TITLE)
    titles = {key(draft.lines[line]) for line, mark in draft.roles.items() if mark.role in pages}
    until = _text_until_next(found, chosen, prose)
    for at, title in enumerate(found):
        if len(name := key(title.text)) >= 2 and name in titles and at not in chosen and title.alone and title.plain:
            opens = title.heads_page and title.closed_before and title.followed and not title.numbered
            return [at] if opens and until[at] >= _TEXT_AFTER else []
    return []


LETTER = "书信集里独立的短行：致某人、与某人书"
_TO_WHOM = re.compile(
    r"(?:致|禀|稟|与|與|寄|复|覆|答|上|谕|諭)[\u3400-\u9fff·]{1,8}"
    r"(?:[书書函信札]|之[一二三四五六七八九十]{1,2})?(?:[（(][\u3400-\u9fff]{1,4}[）)])?"
)


def letters(found: Sequence[Title], chosen: Mapping[int, str], prose: Sequence[int], lie: Measure) -> list[int]:
    """Positions of the titles of letters, 致诸弟, 与友人书: the one kind of title that comes again and again.

    Left alone are such lines where text goes on over them, and a book that has fewer than three.
    """
    until = _text_until_next(found, chosen, prose)
    new = [
        at
        for at, title in enumerate(found)
        if at not in chosen
        and _stands_free(title)
        and title.closed_before
        and lie.widths[title.line] <= _WIDEST
        and _TO_WHOM.fullmatch(title.text)
        and until[at] >= _TEXT_AFTER
    ]
    known = sum(1 for at in chosen if _TO_WHOM.fullmatch(found[at].text))
    return new if len(new) + known >= _PIECES else []


POEM = "诗集里独立的短行：上一首已完，下接诗行"
_TITLE_OF_POEM = 5.0  # ems that a title may have, or
_OF_A_LINE = 0.75  # of a usual line of the verse
_NO_TITLE = "。，；：、,;:…—"  # how a line of verse ends, and no title


def poems(found: Sequence[Title], chosen: Mapping[int, str], lie: Measure) -> list[int]:
    """Positions of the titles of poems in a book of verse: a short line by itself, without a stop, over a stanza.

    Left alone are lines that come again (refrains) and dates.
    """
    if not lie.verse:
        return []
    texts = Counter(title.text for title in found)
    close = {a for a, b in pairwise(lie.text) if b == a + 1}
    usual = median(lie.widths[line] for line in lie.text if line in close)
    new = [
        at
        for at, title in enumerate(found)
        if at not in chosen
        and _stands_free(title)
        and texts[title.text] == 1
        and title.after in close
        and title.closed_before
        and lie.widths[title.line] <= max(_TITLE_OF_POEM, _OF_A_LINE * usual)
        and title.text[-1] not in _NO_TITLE
        and not _DATE.search(title.text)
    ]
    return new if len(new) + len(chosen) >= _PIECES else []


def _filled(lie: Measure) -> list[float]:
    """How full each page is, in lines or in ems, against the usual page."""
    sizes = [0.0] * len(lie.page_starts)
    for line in lie.text:
        page = lie.page(line)
        if page >= 0:
            sizes[page] += 1.0 if lie.shape is Shape.WRAPPED else lie.widths[line]
    ordered = sorted(size for size in sizes if size)
    usual = ordered[9 * len(ordered) // 10] if ordered else 1.0
    return [size / usual for size in sizes]


def _stands_free(title: Title) -> bool:
    """Whether the line stands by itself over text, is no piece of another and has no number."""
    return title.plain and title.alone and title.followed and not title.numbered and not title.glued


def _opens_page(title: Title, lie: Measure, filled: Sequence[float]) -> bool:
    page = lie.page(title.line)
    if page < 1 or not (_stands_free(title) and title.heads_page and title.ended_before):
        return False
    if lie.widths[title.line] > _WIDEST or title.text[-1] in "。！，；":
        return False
    return lie.page(title.line - 1) != page and filled[page - 1] <= _SHORT_OF_FULL if title.line else False


def _opens_text(after: int, lie: Measure) -> bool:
    """Whether the line after it is running text: a full line, or a paragraph; not another short line, as in verse."""
    return lie.is_full(after, 6.0) if lie.shape is Shape.WRAPPED else lie.widths[after] >= 24


def _bare(title: Title) -> bool:
    return title.numbered is None and forms.known(title.text) is None


def _text_until_next(found: Sequence[Title], chosen: Mapping[int, str], prose: Sequence[int]) -> list[int]:
    """For each candidate, how much running text follows it before the next chosen heading."""
    out = [0] * len(found)
    stop = prose[-1]
    for at in range(len(found) - 1, -1, -1):
        out[at] = stop - prose[at]
        if at in chosen:
            stop = prose[at]
    return out


def _is_kind(title: Title, until: int, lie: Measure, widest: float) -> bool:
    if not (_bare(title) and title.plain and title.alone and title.opens and title.followed) or title.glued:
        return False
    wide = lie.widths[title.line]
    if not 3 <= wide <= min(widest, 0.7 * lie.full if lie.shape is Shape.WRAPPED else 24.0):
        return False
    if (
        not _WORDS.fullmatch(title.text)
        or _DATE.search(title.text)
        or len(re.findall(r"[\u3400-\u9fff]", title.text)) < 3
    ):
        return False
    if title.after is None or not _opens_text(title.after, lie):
        return False
    return title.ended_before and until >= _TEXT_AFTER
