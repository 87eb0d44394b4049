"""Readings set apart from the text: 延伸阅读, 案例, 知识链接, 资料卡 … with their title and extent.

A label stands alone on its line; its title follows on the same line or the next. Where the box ends plain text seldom
says: at the next heading or label, at a line that names its source, or where lines return to the measure of the book
(boxes are set narrower). The rule marks only these; it never closes a box in the middle of a sentence.
"""

import re
from collections.abc import Iterator, Sequence
from statistics import median

from pipeline.ledger import Confidence
from pipeline.structure import forms, measure, sentence, titles
from pipeline.structure.assemble import LAST
from pipeline.structure.measure import Measure, Shape
from pipeline.structure.rule import Draft, Mark, Role, StructureRule

_LABELS = (
    "延伸阅读|拓展阅读|阅读链接|阅读材料|阅读延伸|知识链接|相关链接|资料链接|案例链接|典型案例|案例分析|案例点评|案例|知识窗|知识卡片|知识拓展|"
    "小贴士|小知识|小资料|资料卡|资料卡片|资料库|背景资料|背景链接|专栏|链接|名词解释|史料|人物链接|相关知识|观点链接|政策链接|"
    "延伸閱讀|知識鏈接|閱讀鏈接|相關鏈接|資料卡|小貼士|典型案例|小知識|背景資料|專欄"
)
_LABEL = re.compile(
    rf"^[\s\u3000]*[【\[［（(〔◆■▶★●◎*#\s]*(?P<label>{_LABELS})(?P<number>[一二三四五六七八九十0-9]{{1,2}})?[】\]］）)〕*]*"
    r"(?:[ \t\u3000]*[:：—\s][ \t\u3000—]*(?P<title>\S.{0,38}))?\s*$"
)
_SOURCE = re.compile(
    r"^[\s\u3000]*[（(【\[]?(?:摘自|选自|引自|摘编自|节选自|原载|转引自|资料来源|来源|出处|據|摘引自|選自)[：:《\s]?\S.{0,60}$"
)
_LONGEST = 160  # characters of a line that may be a label or a source, blanks counted
_CLOSING = re.compile(r"^[\s\u3000]*(?:思考|讨论|问题|点评|启示)[：:]")


def find(draft: Draft) -> Iterator[Mark]:
    """BOX, BOX_TITLE, SOURCE and BOX_END marks."""
    lie = measure.of(draft)
    text = [line for line in lie.text if line not in draft.roles]
    labels = [at for at, line in enumerate(text) if _is_label(draft, text, at, lie)]
    for number, at in enumerate(labels):
        line = text[at]
        stop = labels[number + 1] if number + 1 < len(labels) else len(text)
        found = _LABEL.match(draft.lines[line])
        yield Mark(line, Role.BOX, "栏目名独立成行")
        first = at + 1
        if found and found["title"]:
            yield Mark(line, Role.BOX_TITLE, "栏目名之后的题名", start=found.start("title"))
        elif first < stop and _is_title(draft.lines[text[first]], lie, text[first]):
            yield Mark(text[first], Role.BOX_TITLE, "栏目名下独立的短行")
            first += 1
        yield from _end(draft, text[first:stop], lie)


def _is_label(draft: Draft, text: Sequence[int], at: int, lie: Measure) -> bool:
    line = text[at]
    found = _LABEL.match(draft.lines[line]) if lie.widths[line] <= 46 and len(draft.lines[line]) <= _LONGEST else None
    if found is None or at + 1 >= len(text):
        return False
    if found["title"] and not (
        titles.is_plain(found["title"]) and re.search(r"[:：【】\[\]]|\s", draft.lines[line].strip())
    ):
        return False
    before = text[at - 1] if at else None
    apart = before is None or before < line - 1 or not lie.is_full(before) or lie.page(before) != lie.page(line)
    return apart and (
        before is None or sentence.ends(draft.lines[before]) or before < line - 1 or lie.widths[before] < 20
    )


def _is_title(raw: str, lie: Measure, line: int) -> bool:
    text, _ = forms.strip(raw)
    limit = 0.8 * lie.full if lie.shape is Shape.WRAPPED else 30.0
    return titles.is_plain(text) and lie.widths[line] <= limit and forms.read(text) is None


def _end(draft: Draft, inside: Sequence[int], lie: Measure) -> Iterator[Mark]:
    """BOX_END where lines say that the box is over, and SOURCE for the line that closes it."""
    narrow = _narrow(inside[:12], lie)
    for at, line in enumerate(inside):
        following = inside[at + 1] if at + 1 < len(inside) else None
        text = draft.lines[line]
        if lie.widths[line] <= 60 and len(text) <= _LONGEST and _SOURCE.match(text):
            yield Mark(line, Role.SOURCE, "栏目的出处，栏目至此为止", value=LAST)
            return
        if following is None:
            return
        over = _CLOSING.match(text) and sentence.ends(text) and lie.shape is Shape.PARAGRAPHS
        if over or (narrow and sentence.ends(text) and _wide_again(inside[at + 1 : at + 4], narrow, lie)):
            yield Mark(following, Role.BOX_END, "行宽回到正文" if narrow else "栏目的结语之后")
            return


def _narrow(lines: Sequence[int], lie: Measure) -> float:
    """The measure of the box where it is clearly narrower than the book's; 0 where it is not known."""
    if lie.shape is not Shape.WRAPPED or len(lines) < 3:
        return 0.0
    longest = sorted((lie.widths[line] for line in lines[:6]), reverse=True)
    width = median(longest[:3])
    return width if 0.5 * lie.full < width < lie.full - 1.8 else 0.0


def _wide_again(lines: Sequence[int], narrow: float, lie: Measure) -> bool:
    wide = [line for line in lines if lie.widths[line] >= narrow + 1.5 and lie.is_full(line, 1.5)]
    return len(wide) >= min(2, len(lines)) and bool(lines)


RULE = StructureRule(
    id="boxes",
    confidence=Confidence.LIKELY,
    find=find,
    why="栏目名（延伸阅读、案例……）独立成行时，自此至出处、下一标题或行宽复原处为一栏",
)
