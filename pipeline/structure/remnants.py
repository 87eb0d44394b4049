"""What is left of a folio that was misread beyond knowing: a lone sign or two at the foot of a page (人, 0, >, 二).

Only below a gap, as the last line of its page, in a book whose pages are known; never a title such as 序 or 跋.
"""

from collections.abc import Iterator

from pipeline.ledger import Confidence
from pipeline.structure import forms, measure
from pipeline.structure.rule import Draft, Mark, Role, StructureRule

_PAGES = 4  # pages that a book must show before the foot of one says anything
_LINES = 4  # lines of text that such a page has at least


def find(draft: Draft) -> Iterator[Mark]:
    """REMNANT for each such line."""
    lie = measure.of(draft)
    if len(lie.page_starts) < _PAGES:
        return
    text = [line for line in lie.text if line not in draft.roles]
    for at in range(_LINES, len(text)):
        line = text[at]
        if lie.widths[line] > 2.0 or text[at - 1] == line - 1:
            continue
        if at + 1 < len(text) and lie.page(text[at + 1]) == lie.page(line):
            continue
        if lie.page(text[at - _LINES]) == lie.page(line) and forms.known(draft.lines[line]) is None:
            yield Mark(line, Role.REMNANT, "页脚孤立的一二字符：误识的页码")


RULE = StructureRule(
    id="remnants",
    confidence=Confidence.LIKELY,
    find=find,
    why="页脚孤立的一二字符是误识的页码，不入正文，留作不印的节点",
)
