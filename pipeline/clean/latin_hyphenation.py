"""A Latin word that was broken at a line end is made whole on its first line: imperia- / lism, imperialism.

Why: the hyphen was the printer's; where the lines are joined it would stand within the word. Cleaning never moves
lines, so the rest of the word moves up.
Left alone: true hyphens (Class- / Hegemony: a capital follows, or the book writes the word with a hyphen elsewhere).
Sure only where the book writes the whole word elsewhere or a suffix follows; DOUBTFUL otherwise.
"""

import re
from collections.abc import Iterator, Sequence

from pipeline.clean.rule import BookRule
from pipeline.ledger import Confidence, Fix
from pipeline.pages import Page

_BROKEN = re.compile(r"(?P<head>[A-Za-z\u00c0-\u024f]*[a-z\u00df-\u024f])(?P<hyphen>[-\u00ad\u2010‑]+\s*)$")
_REST = re.compile(r"(?P<indent>\s*)(?P<tail>[a-z\u00df-\u024f]{2,})(?P<gap>[ ]*)")
_WORD = re.compile(r"[A-Za-z\u00c0-\u024f]+(?:-[A-Za-z\u00c0-\u024f]+)*")
_SUFFIX = re.compile(
    r"(?:[a-z]{0,3})?(?:tions?|sions?|ments?|ness|ings?|isms?|ists?|istic|ical|ically|ably|able|ible|ity|ities|ary|aries|ous|ously"
    r"|ives?|ally|ated|ating|ates?|ence|ences|ance|ances|ency|ship|less|ful|ized?|ising|izing|tive|tional|cratic|cracy)"
)
_REACH = 6  # lines, blank ones included, over which a word may go on
_SOFT = "\u00ad"


def find(lines: Sequence[str], pages: Sequence[Page]) -> Iterator[tuple[int, Fix]]:  # noqa: ARG001
    """Both ends of each broken word."""
    broken = [(number, match) for number, line in enumerate(lines) if (match := _ending(line))]
    if not broken:
        return
    words = _words(lines)
    taken = -1
    for number, match in broken:
        following = _following(lines, number)
        if following is None or number == taken:
            continue
        rest = _REST.match(lines[following])
        if rest is None:
            continue
        confidence = _judge(match, rest["tail"], words)
        if confidence is None:
            continue
        taken = following
        yield number, Fix(match.start("hyphen"), match.end("hyphen"), rest["tail"], confidence=confidence)
        yield following, Fix(rest.start("tail"), rest.end("gap"), "", confidence=confidence)


def _ending(line: str) -> re.Match[str] | None:
    return _BROKEN.search(line, max(0, len(line) - 40)) if line.rstrip()[-1:] in {"-", _SOFT, "\u2010", "‑"} else None


def _following(lines: Sequence[str], number: int) -> int | None:
    """The next line that is not blank, if it is near."""
    return next((at for at in range(number + 1, min(len(lines), number + _REACH)) if lines[at].strip()), None)


def _words(lines: Sequence[str]) -> frozenset[str]:
    """The Latin words of the book, in small letters, those at line ends aside."""
    return frozenset(word.lower() for line in lines for word in _WORD.findall(line))


def _judge(match: re.Match[str], tail: str, words: frozenset[str]) -> Confidence | None:
    head = match["head"].lower()
    if f"{head}-{tail}" in words:
        return None
    if _SOFT in match["hyphen"] or head + tail in words or (_SUFFIX.fullmatch(tail) and len(head) >= 2):
        return Confidence.LIKELY
    return Confidence.DOUBTFUL


RULE = BookRule(
    id="latin-hyphenation",
    confidence=Confidence.LIKELY,
    find=find,
    why="西文单词在行末断开，连字符是排版所加",
    trigger="-\u00ad\u2010‑",
)
