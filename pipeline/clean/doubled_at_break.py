"""A character, or a few words, that stand at the end of a page and again at the start of the next are kept once.

Why: where a page was cut, engines and models read the edge twice: 中国特色|色社会主义.
Left alone: a heading and the sentence under it that takes its words up again (（1）一切为了群众 / 一切为了群众，
就是指…): only a line as full as running text has it can have been cut by a page; words that double by nature
(渐渐, 人人), and places where another word may begin with the same character (大会|会议): the book itself decides, by
what it writes elsewhere; where it does not say, the change is DOUBTFUL.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

from pipeline.clean.rule import BookRule
from pipeline.clean.signs import HAN
from pipeline.ledger import Confidence, Fix
from pipeline.pages import Page

_END = re.compile(f"[{HAN}]{{2}}$")
_START = re.compile(f"[{HAN}]")
_NOT_HAN = re.compile(f"[^{HAN}]+")
_NEVER_DOUBLE = frozenset("的是在和与及于以而之则其或但并且所被把从对為为了")
_REDUPLICATED = frozenset(
    "渐常往人天刚仅种处个纷慢等事大深明偏稍略家年日时看想说试听谈走偷悄默静轻缓匆频屡每早晚远近高低长久白红黑绿青"
    "蓝黄紫亮暗圆方平弯直紧松厚薄浓淡冷热暖凉爸妈爷奶哥姐弟妹叔伯姑舅婶嫂星猩狒娃宝太公婆漸剛僅種處個紛時說試聽談靜輕緩頻屢遠長紅綠藍黃圓彎緊鬆濃熱涼爺媽姊嬸寶層层点點滴步句字声聲面条條件样樣代世辈輩"
)
_WINDOW = 200_000  # characters of the book before and after a break that are asked
_LONGEST = 12  # characters that may be read twice
_HEADING = re.compile(
    r"\s*(?:#|第[^，。]{1,6}[编編篇卷部章节節回]|[（(【]?[一二三四五六七八九十百\d①-⑳]{1,4}[）)】、.．\s])"
)
_FULL = 30  # characters from which a line is too long for a heading, in texts whose lines are long


@dataclass(frozen=True, slots=True)
class _Break:
    """Two lines that a page break parts within a sentence: the end of one, the start of the other."""

    line: int
    after: str
    before: str
    indent: int


def find(lines: Sequence[str], pages: Sequence[Page]) -> Iterator[tuple[int, Fix]]:
    """The second reading at each break."""
    doubled = [(each, size) for each in _breaks(lines, pages) if (size := _repeated(each.before, each.after))]
    if doubled:
        text = "\n".join(lines)
        starts = list(accumulate((len(line) + 1 for line in lines), initial=0))
        for each, size in doubled:
            at = starts[each.line]
            around = text[max(0, at - _WINDOW) : at + _WINDOW]
            confidence = Confidence.LIKELY if size >= 3 else _judge(each, size, around)
            if confidence is not None:
                yield each.line, Fix(each.indent, each.indent + size, "", confidence=confidence)


def _breaks(lines: Sequence[str], pages: Sequence[Page]) -> Iterator[_Break]:
    """Where text goes on over the edge of a page, or over a gap, in the middle of a sentence."""
    edges = {page.start for page in pages}
    full = _full(lines)
    last, gap = "", False
    for number, line in enumerate(lines):
        gap = gap or number in edges
        text = line.strip()
        if not text:
            gap = True
            continue
        cut = gap and len(last) >= full and len(text) >= 4 and not _HEADING.match(last)
        if cut and _END.search(last) and _START.match(text):
            yield _Break(number, text, last, len(line) - len(line.lstrip()))
        last, gap = text, False


def _full(lines: Sequence[str]) -> int:
    """From how many characters on a line can be one that its page cut off, and no heading."""
    lengths = sorted(len(text) for line in lines if (text := line.strip()))
    return min(_FULL, lengths[len(lengths) * 9 // 10] * 4 // 5) if lengths else _FULL


def _repeated(before: str, after: str) -> int:
    """How many characters at the start of `after` are also the end of `before`."""
    for size in range(min(_LONGEST, len(before), len(after)), 0, -1):
        if before.endswith(after[:size]):
            return size
    return 0


def _judge(each: _Break, size: int, around: str) -> Confidence | None:
    """How sure it is that the second one is a mistake; None where it is surely none."""
    twice = each.after[:size]
    left = _NOT_HAN.split(each.before[:-size][-3:])[-1]
    right = _NOT_HAN.split(each.after[size : size + 3])[0]
    if size == 1 and twice in _NEVER_DOUBLE and not (twice == "的" and right[:1] == "确"):
        return Confidence.LIKELY
    kept = _count(around, left[-1:] + twice + twice) + _count(around, twice + twice + right[:1])
    once = [left[-2:] + twice + right[:1], left[-1:] + twice + right[:2]]
    found = sum(around.count(words) for words in once if len(words) >= size + 2)
    if kept:
        return None if not found else Confidence.DOUBTFUL
    if found:
        return Confidence.LIKELY
    return None if twice in _REDUPLICATED else Confidence.DOUBTFUL


def _count(text: str, words: str) -> int:
    return text.count(words) if len(words) >= 3 else 0


RULE = BookRule(
    id="doubled-at-break",
    confidence=Confidence.LIKELY,
    find=find,
    why="换页处同一个字识别了两次",
)
