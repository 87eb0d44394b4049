"""Tables as OCR engines write them: rows of `|`, or HTML `<table>`, on one line or many."""

import re
from collections.abc import Iterator

from pipeline.ledger import Confidence
from pipeline.structure import measure
from pipeline.structure.assemble import CELL, HEADER_CELL
from pipeline.structure.rule import Draft, Mark, Role, StructureRule

_TAG = re.compile(r"<(/?)(table|thead|tbody|tfoot|tr|td|th|caption|colgroup|col)\b[^<>]{0,200}>", re.IGNORECASE)
_RULE_ROW = re.compile(r"^\s*\|?\s*:?-{2,}:?\s*(?:\|\s*:?-{2,}:?\s*)*\|?\s*$")
_BAR = re.compile(r"[ \t]*\|[ \t]*")


def find(draft: Draft) -> Iterator[Mark]:
    """TABLE_ROW for each row, MARKUP for bars and tags; the markup that opens a cell says so."""
    lie = measure.of(draft)
    barred = {
        line
        for line in lie.text
        if line not in draft.roles and draft.lines[line].count("|") >= 2 and _is_row(draft.lines[line])
    }
    open_table = False
    for line in lie.text:
        text = draft.lines[line]
        if line in draft.roles:
            continue
        if line in barred and (line - 1 in barred or line + 1 in barred):
            yield from _barred(
                line, text, header=line + 1 in barred and bool(_RULE_ROW.match(draft.lines[line + 1].strip()))
            )
            continue
        tags = list(_TAG.finditer(text)) if "<" in text else []
        if tags or open_table:
            if not tags and not text.strip():
                continue
            yield from _tagged(line, text, tags)
            for tag in tags:
                if tag[2].lower() == "table":
                    open_table = not tag[1]


def _is_row(text: str) -> bool:
    return text.lstrip().startswith("|") or bool(_RULE_ROW.match(text.strip())) or text.count("|") >= 2


def _barred(line: int, text: str, *, header: bool) -> Iterator[Mark]:
    yield Mark(line, Role.TABLE_ROW, "竖线分隔的表格行", value=HEADER_CELL if header else "")
    if _RULE_ROW.match(text.strip()):
        yield Mark(line, Role.MARKUP, "表头下的线", start=len(text) - len(text.lstrip()), end=len(text.rstrip()))
        return
    bars = list(_BAR.finditer(text))
    end = len(text.rstrip())
    for number, bar in enumerate(bars):
        stop = min(bar.end(), end)
        start = max(bar.start(), len(text) - len(text.lstrip()))
        last = number == len(bars) - 1 and stop >= end
        if stop > start:
            yield Mark(line, Role.MARKUP, "表格线", start=start, end=stop, value="" if last else CELL)


def _tagged(line: int, text: str, tags: list[re.Match[str]]) -> Iterator[Mark]:
    """A row begins at the line, and again at each <tr> within it."""
    yield Mark(line, Role.TABLE_ROW, "表格标记")
    indent = len(text) - len(text.lstrip())
    seen_row = False
    for tag in tags:
        name, closes = tag[2].lower(), bool(tag[1])
        if name == "tr" and not closes:
            if (seen_row or tag.start() > indent) and tag.start() > 0:
                yield Mark(line, Role.TABLE_ROW, "表格标记", start=tag.start())
            seen_row = True
        kind = "" if closes else {"td": CELL, "th": HEADER_CELL}.get(name, "")
        yield Mark(line, Role.MARKUP, "表格标记", start=tag.start(), end=tag.end(), value=kind)


RULE = StructureRule(
    id="tables", confidence=Confidence.CERTAIN, find=find, why="竖线或表格标记写成的行是表格，线与标记不印"
)
