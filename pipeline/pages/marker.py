"""Marks that a tool sets around what it read: <page>12</page>, --- Page 12 ---, <!-- page 3 -->, \\newpage, ```.

Their number counts the pages of the file and is no folio.
"""

import re

_MARKER = re.compile(
    r"\s*(?:"
    r"</?(?:page|pagebreak|page[_-]?break|pb|newpage)\b[^<>]{0,60}/?>(?:\s*[0-9]{1,5}\s*</page>)?"
    r"|<!--[^<>]{0,80}-->"
    r"|[-=_*#—~\[【(（<{\s]{1,12}(?:page|p\.|第)\s*[0-9]{1,5}\s*(?:页|頁)?"
    r"(?:\s*(?:of|/|共)\s*[0-9]{1,5}\s*页?)?[-=_*#—~\]】)）>}\s]{1,12}"
    r"|page[ _]break|\\newpage|\\pagebreak|\\clearpage|\[page[ _]?[0-9]{0,5}\]"
    r")\s*",
    re.IGNORECASE,
)
_FENCE = re.compile(
    r"\s*(?:`{3,}|~{3,}|'{3}|\u2018{3})\s*(?:markdown|md|text|txt|plaintext|plain|latex|html|json|xml|ocr)?\s*",
    re.IGNORECASE,
)
OPENING = frozenset("<-=_*#—~[【(（{pP第\\")  # what every mark begins with, blanks aside
_LONGEST = 120
_PRINTED = re.compile(r"[-—–~\s]*第\s*[0-9]{1,4}\s*[页頁][-—–~\s]*")  # — 第12页 — is how print dresses a folio


def is_fence(line: str) -> bool:
    """Whether `line` opens or closes the code block into which a chat model puts what it read."""
    return len(line) < 40 and _FENCE.fullmatch(line) is not None


def is_marker(line: str) -> bool:
    """Whether `line` is such a mark and nothing else."""
    if len(line) > _LONGEST or not _MARKER.fullmatch(line) or _PRINTED.fullmatch(line):
        return False
    return any(char.isalnum() or char in "<!\\" for char in line)
