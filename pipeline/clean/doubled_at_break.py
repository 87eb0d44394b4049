"""A character, or a few words, that stand at the end of a page and again at the start of the next are kept once.

Why: where a page was cut, engines and models read the edge twice: 中国特色|色社会主义.
Left alone: words that double by nature (渐渐, 人人), and places where another word may begin with the same character
(大会|会议): the book itself decides, by what it writes elsewhere; where it does not say, the change is DOUBTFUL.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

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
_WINDOW = 400_000  # characters of the book around a break that are asked
_LONGEST = 12  # characters that may be read twice


@dataclass(frozen=True, slots=True)
class _Break:
    """Two lines that a page break parts within a sentence: the end of one, the start of the other."""

    line: int
    after: str
    before: str
    indent: int


def find(lines: Sequence[str], pages: Sequence[Page]) -> Iterator[tuple[int, Fix]]:
    """The second reading at each break."""
    for each in _breaks(lines, pages):
        size = _repeated(each.before, each.after)
        if size:
            confidence = Confidence.LIKELY if size >= 3 else _judge(each, size, lines)
            if confidence is not None:
                yield each.line, Fix(each.indent, each.indent + size, "", confidence=confidence)


def _breaks(lines: Sequence[str], pages: Sequence[Page]) -> Iterator[_Break]:
    """Where text goes on over the edge of a page, or over a gap, in the middle of a sentence."""
    edges = {page.start for page in pages}
    last, gap = "", False
    for number, line in enumerate(lines):
        gap = gap or number in edges
        text = line.strip()
        if not text:
            gap = True
            continue
        if gap and len(last) >= 8 and _END.search(last) and _START.match(text) and len(text) >= 4:
            yield _Break(number, text, last, len(line) - len(line.lstrip()))
        last, gap = text, False


def _repeated(before: str, after: str) -> int:
    """How many characters at the start of `after` are also the end of `before`."""
    for size in range(min(_LONGEST, len(before), len(after)), 0, -1):
        if before.endswith(after[:size]):
            return size
    return 0


def _judge(each: _Break, size: int, lines: Sequence[str]) -> Confidence | None:
    """How sure it is that the second one is a mistake; None where it is surely none."""
    twice = each.after[:size]
    left = _NOT_HAN.split(each.before[:-size][-3:])[-1]
    right = _NOT_HAN.split(each.after[size : size + 3])[0]
    if size == 1 and twice in _NEVER_DOUBLE and not (twice == "的" and right[:1] == "确"):
        return Confidence.LIKELY
    around = _around(lines, each.line)
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


def _around(lines: Sequence[str], line: int) -> str:
    """The text of the book around a line, without it and the line before the break."""
    first = last = line
    size = 0
    while size < _WINDOW and (first > 0 or last < len(lines) - 1):
        if first > 0:
            first -= 1
            size += len(lines[first])
        if last < len(lines) - 1:
            last += 1
            size += len(lines[last])
    return "\n".join(lines[first : last + 1])


RULE = BookRule(
    id="doubled-at-break",
    confidence=Confidence.LIKELY,
    find=find,
    why="换页处同一个字识别了两次",
)
