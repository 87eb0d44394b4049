"""`**` without a partner, and `**` around a whole line or its label, are taken away.

Why: models mark as bold what is a heading or a label in print, or forget to close; then a reader sees the asterisks.
Left alone: paired `**` around some words of a line, also where the pair spans the wrapped lines of one paragraph
(structuring makes it emphasis); single * (note marks, separators); lines of nothing but asterisks.
"""

import re
from collections.abc import Iterator, Sequence

from pipeline.clean.lines import holding
from pipeline.clean.rule import BookRule
from pipeline.ledger import Confidence, Fix
from pipeline.pages import Page

_SIGN = re.compile(r"(?<!\*)\*{2,3}(?!\*)")
_WHOLE = re.compile(r"^(?P<lead>\s*(?:#{1,6}\s+|[-•]\s+)?)\*{2,3}(?P<words>[^*]+?)\*{2,3}(?P<tail>\s*)$")


def find(lines: Sequence[str], pages: Sequence[Page]) -> Iterator[tuple[int, Fix]]:  # noqa: ARG001
    """Each stray sign."""
    open_since: tuple[int, int] | None = None  # line and column of a sign that waits for its partner
    for number in holding(lines, ("**",)):
        text = lines[number]
        if open_since and not all(line.strip() for line in lines[open_since[0] : number]):  # another paragraph
            yield open_since[0], _out(lines[open_since[0]], open_since[1])
            open_since = None
        if "**" not in text or not text.strip(" *"):
            continue
        signs = [match.start() for match in _SIGN.finditer(text)]
        if open_since and signs and _closes(text, signs[0]):
            open_since, signs = None, signs[1:]
        if len(signs) == 2 and (whole := _WHOLE.match(text)):
            yield number, _out(text, whole.end("lead"))
            yield number, _out(text, whole.end("words"))
            continue
        if len(signs) % 2:
            if _opens(text, signs[-1]) and not open_since:
                open_since = number, signs[-1]
            else:
                yield number, _out(text, signs[-1])
    if open_since:
        yield open_since[0], _out(lines[open_since[0]], open_since[1])


def _out(text: str, at: int) -> Fix:
    end = at
    while text[end : end + 1] == "*":
        end += 1
    return Fix(at, end, "")


def _opens(text: str, at: int) -> bool:
    """Whether words follow the sign directly, as after one that opens."""
    return not text[at:].lstrip("*")[:1].isspace() and bool(text[at:].strip("* "))


def _closes(text: str, at: int) -> bool:
    """Whether words stand directly before the sign."""
    return at > 0 and not text[at - 1].isspace()


RULE = BookRule(
    id="stray-emphasis",
    confidence=Confidence.LIKELY,
    find=find,
    why="不成对的、或加在整行上的粗体记号",
    trigger=("**",),
)
