"""A character that stands twice and should stand once, or lacks the 一 before it: 战胜个个艰难险阻.

Why: engines and typists double a character, above all over the end of a line, and drop the 一 of 一个个. A character
that stands twice is asked: does the run become likelier, character for character, with one gone, or with 一 before?
Left alone: what the dictionary or the book doubles, colloquial doubling of verbs (看看, 试试), words that meet in the
same character where both are words (大会会场), the imprint and printed contents. Nothing is ever mended by this rule.
"""

from collections.abc import Iterator

from pipeline.clean.reading import Reading, Run
from pipeline.clean.rule import ProofRule
from pipeline.ledger import Confidence, Fix

_MEASURES = frozenset("个次件条步层句张片阵种幕篇页行排群批项")
_COUNTED = frozenset("一这那每几两三数成上")
_ONCE = 2.0  # log10: what the run must gain with one of them gone, beyond what a shorter run gains anyhow
_ONE = 1.0  # log10: and with 一 before them, beyond what a longer run loses anyhow
_AT_BREAK = 1.0  # log10 that a line's end between the two is worth
_REACH = 9  # characters on either side that are weighed
_CERTAINTY = 0.25


def find(reading: Reading) -> Iterator[tuple[int, Fix]]:
    """Each character that stands twice and is worth a look."""
    for run in reading.runs:
        text = run.text
        for at in range(1, len(text)):
            if text[at] == text[at - 1] and text[at] not in {text[at - 2 : at - 1], text[at + 1 : at + 2]}:
                line, _ = run.place(at)
                if line not in reading.reserved and not _known(reading, text, at):
                    yield from _asked(reading, run, at)


def _known(reading: Reading, text: str, at: int) -> bool:
    """Whether the dictionary has a word with both, or the book doubles the character elsewhere."""
    words = reading.known.lexicon.words
    if text[at] in _MEASURES:
        return reading.evidence.times(text[at - 1 : at + 1]) > 2
    both = (text[start:end] for start in range(max(0, at - 4), at) for end in range(at + 1, at + 4))
    return reading.evidence.times(text[at - 1 : at + 1]) > 1 or any(word in words for word in both)


def _asked(reading: Reading, run: Run, at: int) -> Iterator[tuple[int, Fix]]:
    text, twice = run.text, run.text[at - 1 : at + 1]
    before, after = text[max(0, at - _REACH) : at - 1], text[at + 1 : at + 1 + _REACH]
    now = _figure(reading, before + twice + after)
    level = now / (len(before) + 2 + len(after))  # what one character more costs
    if twice[0] in _MEASURES:
        if (
            before
            and before[-1] not in _COUNTED
            and _figure(reading, before + "一" + twice + after) - now > _ONE + level
        ):
            line, column = run.place(at - 1)
            yield line, Fix(column, column, "一", f"“{twice}”前疑脱“一”", gain=_CERTAINTY)
        return
    bonus = _AT_BREAK if run.broken(at) else 0.0
    if _figure(reading, before + twice[0] + after) + level - now + bonus > _ONCE:
        line, column = run.place(at)
        yield line, Fix(column, column + 1, "", f"“{twice}”疑衍一“{twice[0]}”字", gain=_CERTAINTY + bonus / 4)


def _figure(reading: Reading, text: str) -> float:
    return reading.known.lattice(text).figure


RULE = ProofRule(
    id="doubled-characters",
    confidence=Confidence.DOUBTFUL,
    find=find,
    why="字重了一个，或叠字前脱字",
)
