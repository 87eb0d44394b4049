"""The gap after the number of an article that was read as a quotation mark: 第三条”国家 becomes 第三条　国家.

Why: print parts the number of an article from its words by a cell's gap, and Tesseract reads that gap as ” or “ all
through a book of laws. A closing mark cannot stand there. An opening one can (第二条　“公民”是指…): it is a gap only
where nothing closes it before the next article, and where this text has closing marks in that place too.
Left alone: numbers within a sentence (第三条“公民”一词), opening marks that are closed, marks after other words.
"""

import re
from collections.abc import Iterator, Sequence

from pipeline.clean.lines import holding
from pipeline.clean.rule import BookRule
from pipeline.ledger import Confidence, Fix
from pipeline.pages import Page

_ARTICLE = re.compile(r"\s{0,8}第[一二三四五六七八九十百千零〇○两0-9０-９]{1,9}[条條款]")
_READ = re.compile('[ \u3000]{0,3}(?P<marks>[”“"＂]{1,2})[ \u3000]{0,3}(?=\\S)')
_CLOSING = '”"＂'
_FAR = 40  # lines; no article is longer between its marks


def find(lines: Sequence[str], pages: Sequence[Page]) -> Iterator[tuple[int, Fix]]:  # noqa: ARG001
    """Each gap after an article's number, as far as it was read as a mark."""
    found = [(number, read) for number in holding(lines, ("条", "條", "款")) if (read := _read(lines[number]))]
    misread = any("”" in read["marks"] for _, read in found)
    for number, read in found:
        if "”" in read["marks"] or (misread and not _closed(lines, number, read.end())):
            yield number, Fix(read.start(), read.end(), "\u3000")


def _read(line: str) -> re.Match[str] | None:
    """The marks right behind the number that begins a line, with the blanks around them."""
    article = _ARTICLE.match(line)
    return _READ.match(line, article.end()) if article else None


def _closed(lines: Sequence[str], number: int, at: int) -> bool:
    """Whether a mark closes before the next article."""
    if any(mark in lines[number][at:] for mark in _CLOSING):
        return True
    for line in lines[number + 1 : number + _FAR]:
        if _ARTICLE.match(line):
            return False
        if any(mark in line for mark in _CLOSING):
            return True
    return False


RULE = BookRule(
    id="gap-read-as-quote",
    confidence=Confidence.LIKELY,
    find=find,
    why="条款序号后的空格误识为引号",
    trigger='”“"＂',
)
