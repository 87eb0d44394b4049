"""Marks that a tool sets between pages or at the end of its answer are taken out: <page>, --- Page 12 ---, <|endoftext|>.

Why: they say where a page or an answer begins or ends and belong to the tool; a reader would see them.
Left alone: folios (folio), rules of dashes without words, [1] and other note marks.
"""

import re
from collections.abc import Iterator

from pipeline.clean.rule import LineRule
from pipeline.ledger import Confidence, Fix

_LINE = re.compile(
    r"\s*(?:"
    r"</?(?:page|pagebreak|page[_-]?break|pb|newpage)\b[^<>]{0,60}/?>"
    r"|<!--.{0,80}?-->"
    r"|[-=_*#—~\[【(（<{\s]{1,12}(?:page|p\.|第)\s*[0-9]{1,5}\s*(?:页|頁)?(?:\s*(?:of|/|共)\s*[0-9]{1,5}\s*页?)?[-=_*#—~\]】)）>}\s]{1,12}"
    r"|(?:page|PAGE)[ _]BREAK|\\newpage|\\pagebreak|\\clearpage|\[(?:page|PAGE)[ _]?[0-9]{0,5}\]"
    r")\s*",
    re.IGNORECASE,
)
_TOKEN = re.compile(
    r"<\|(?:endoftext|end|im_start|im_end|eot_id|begin_of_text|assistant|user|system|pad)\|>|</?s>|\[/?INST\]|<(?:bos|eos|pad|unk)>|<page_?[0-9]+>"
)


def find(text: str) -> Iterator[Fix]:
    """The line, if it is such a mark; otherwise the marks of a model within it."""
    if len(text) <= 120 and _LINE.fullmatch(text) and any(char.isalnum() or char in "<!\\" for char in text):
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
