"""Marks that a tool sets between pages or at the end of its answer are taken out: <page>, --- Page 12 ---, <|end|>.

Why: they say where a page or an answer begins or ends and belong to the tool; a reader would see them.
Left alone: folios (folio), rules of dashes without words, [1] and other note marks.
"""

import re
from collections.abc import Iterator

from pipeline.clean.rule import LineRule
from pipeline.ledger import Confidence, Fix
from pipeline.pages.marker import is_marker

_TOKEN = re.compile(
    r"<\|(?:endoftext|end|im_start|im_end|eot_id|begin_of_text|assistant|user|system|pad)\|>|</?s>|\[/?INST\]|<(?:bos|eos|pad|unk)>|<page_?[0-9]+>"
)


def find(text: str) -> Iterator[Fix]:
    """The line, if it is such a mark; otherwise the marks of a model within it."""
    if is_marker(text):
        yield Fix(0, len(text), "")
        return
    yield from (Fix(match.start(), match.end(), "") for match in _TOKEN.finditer(text))


RULE = LineRule(
    id="page-markers",
    confidence=Confidence.LIKELY,
    find=find,
    why="识别工具的分页或结束记号",
    trigger=("<", "page", "Page", "PAGE", "\\clearpage", "第", "[INST", "[/INST", "p.", "P."),
)
