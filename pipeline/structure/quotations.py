"""Block quotations that the text marks (`> `), epigraphs under a heading, and the line that names the source."""

import re
from collections.abc import Iterator

from pipeline.ledger import Confidence
from pipeline.structure import measure, sentence
from pipeline.structure.measure import Shape
from pipeline.structure.rule import Draft, Mark, Role, StructureRule

_QUOTED = re.compile(r"^[ \t\u3000]*(?:&gt;|>)[ \t>]*")
_FROM = re.compile(r"^[ \t\u3000]*(?:——|—|──|――)[ \t]*[《\u3400-\u9fffA-Za-z·].{1,30}$")


def find(draft: Draft) -> Iterator[Mark]:
    """QUOTE for lines marked `>`, SOURCE for the attribution below a paragraph."""
    lie = measure.of(draft)
    before: int | None = None
    for line in lie.text:
        text = draft.lines[line]
        if line in draft.roles:
            before = None if draft.roles[line].role is Role.HEADING else line
            continue
        marked = _QUOTED.match(text) if ">" in text[:8] or "&gt;" in text[:12] else None
        if marked and marked.end() < len(text.rstrip()):
            yield Mark(line, Role.MARKUP, "引文记号", end=marked.end())
            yield Mark(line, Role.QUOTE, "识别结果标作引文")
        elif (
            before is not None and lie.widths[line] <= 32 and _FROM.match(text) and _is_source(draft, before, line, lie)
        ):
            yield Mark(line, Role.SOURCE, "引文的出处")
        before = line


def _is_source(draft: Draft, before: int, line: int, lie: measure.Measure) -> bool:
    text = draft.lines[line].strip()
    if text.endswith(("。", "，", "；", "：", "、")) or not sentence.ends(draft.lines[before]):
        return False
    return line > before + 1 or (lie.shape is Shape.WRAPPED and not lie.is_full(before, 1.0))


RULE = StructureRule(
    id="quotations",
    confidence=Confidence.LIKELY,
    find=find,
    why="带引文记号的行是引文；句子完结之后破折号引出的短行是出处",
)
