"""A `- ` before what is no list item is taken away: - 一、… - 第一节 … - 书 名 … - 坚强保证 / 029.

Why: models make list items of contents lines and labels. What carries a number of its own, or a label of an imprint, is
no bulleted item.
Left alone: real lists (two or more neighbouring items without numbers), dashes that are part of the text (——, -5),
headings with `#`; a lone `- ` before words without any sign is DOUBTFUL.
"""

import re
from collections.abc import Iterator, Sequence

from pipeline.clean.lines import holding
from pipeline.clean.rule import BookRule
from pipeline.clean.signs import HAN
from pipeline.ledger import Confidence, Fix
from pipeline.pages import Page

_MARKS = frozenset("-*+•·")
_BULLET = re.compile(r"^(?P<indent>\s*)(?P<mark>[-*+•·]\s+)(?=\S)")
_NUMBERED = re.compile(
    rf"第\s?[{HAN}0-9]{{1,6}}?\s?[章节節回篇编編部卷条條讲講集]|[（(][一二三四五六七八九十0-9]{{1,3}}[）)]|[一二三四五六七八九十]{{1,3}}[、．.]"
    r"|[0-9]{1,2}(?:\.[0-9]{1,2})*[、．.\s]|[①-⑳]|(?:附录|前言|序言|绪论|后记|参考文献|目录)\s*(?:[/／.…]|$)"
)
_LABEL = re.compile(
    r"(?:书\s*名|編?\s*著\s*者?|作\s*者|主\s*编|编\s*著|编\s*者|译\s*者|责任编辑|出\s*版|发\s*行|地\s*址|邮\s*编|邮政编码|电\s*话|经\s*销|印\s*刷|开\s*本|字\s*数|印\s*张|版\s*次|印\s*次|书\s*号|定\s*价|網\s*址|网\s*址|封面设计|ISBN)(?:[\s*:：]|$)"
)
_CONTENTS = re.compile(r"[/／]\s*[0-9]{1,4}\s*$|(?:[.…·]\s*){3,}[0-9]{0,4}\s*$")


def find(lines: Sequence[str], pages: Sequence[Page]) -> Iterator[tuple[int, Fix]]:  # noqa: ARG001
    """Each bullet that opens no item."""
    for number in holding(lines, RULE.trigger):
        text = lines[number]
        match = _BULLET.match(text) if text[:12].lstrip()[:1] in _MARKS else None
        if not match or text.lstrip().startswith("**"):
            continue
        words = text[match.end() :].lstrip("* ")
        fix = Fix(match.start("mark"), match.end("mark"), "")
        if _NUMBERED.match(words) or _LABEL.match(words) or (len(words) < 120 and _CONTENTS.search(words)):
            yield number, fix
        elif match["mark"][0] == "-" and not _has_neighbour(lines, number):
            yield number, Fix(fix.start, fix.end, "", "单独一行的项目符号，可能是误加的", Confidence.DOUBTFUL)


def _has_neighbour(lines: Sequence[str], number: int) -> bool:
    """Whether an item of the same list stands within three lines."""
    around = (*range(max(0, number - 3), number), *range(number + 1, min(len(lines), number + 4)))
    return any(_BULLET.match(lines[line]) for line in around)


RULE = BookRule(
    id="stray-bullets",
    confidence=Confidence.LIKELY,
    find=find,
    why="有自己编号或标目的行，前面的项目符号是误加的",
    trigger=("- ", "* ", "+ ", "• ", "· ", "-\u3000", "•\u3000"),
)
