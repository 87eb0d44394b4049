"""Pauses in the text that print shows by a row of stars or a rule: * * *, ※ ※ ※, ————, ***, ---."""

import re
from collections.abc import Iterator

from pipeline.ledger import Confidence
from pipeline.structure import measure
from pipeline.structure.rule import Draft, Mark, Role, StructureRule

_ROW = re.compile(r"^[ \t\u3000]*(?:(?:[*＊※★☆◇◆○●×✻❋·・][ \t\u3000]*){3,40}|[-—–─━_=＝]{3,80}|[※◇❋✻])[ \t\u3000]*$")


def find(draft: Draft) -> Iterator[Mark]:
    """SEPARATOR for lines of nothing but ornament."""
    lie = measure.of(draft)
    for line in lie.text:
        if line not in draft.roles and lie.widths[line] <= 60 and _ROW.match(draft.lines[line].strip()):
            yield Mark(line, Role.SEPARATOR, "只有星号或横线的行：文中停顿")


RULE = StructureRule(
    id="separators", confidence=Confidence.CERTAIN, find=find, why="星号行、横线行是文中的停顿，不是文字"
)
