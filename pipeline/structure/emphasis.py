"""Emphasis that the OCR marked: **bold**, __bold__, <b>, <strong>. The signs become markup, the words emphasis."""

import re
from collections.abc import Iterator

from pipeline.ledger import Confidence
from pipeline.structure.rule import Draft, Mark, Role, StructureRule

_PAIRS = re.compile(
    r"(?P<open>\*\*|__|<(?P<tag>b|strong)>)(?P<words>[^*_<>\s](?:[^*_<>]{0,400}[^*_<>\s])?)(?P<close>\*\*|__|</(?:b|strong)>)"
)


def find(draft: Draft) -> Iterator[Mark]:
    """STRONG over the words and MARKUP over the signs around them; a sign without its partner is left alone."""
    for line, text in enumerate(draft.lines):
        if "**" not in text and "__" not in text and "<" not in text:
            continue
        for found in _PAIRS.finditer(text):
            yield Mark(line, Role.MARKUP, "着重的记号", start=found.start(), end=found.end("open"))
            yield Mark(line, Role.STRONG, "识别结果标作粗体", start=found.start("words"), end=found.end("words"))
            yield Mark(line, Role.MARKUP, "着重的记号", start=found.start("close"), end=found.end())


RULE = StructureRule(
    id="emphasis", confidence=Confidence.LIKELY, find=find, why="成对的粗体记号之间是着重的文字，记号本身不印"
)
