"""Cyrillic and Greek letters inside a Latin word become the Latin letters they look like: Сlass, ΑBC.

Why: OCR models with many scripts mix them up; the word then cannot be found or spelled.
Left alone: words wholly in Cyrillic or Greek, single letters (Ω, α粒子), words with a letter without a Latin twin.
"""

import re
from collections.abc import Iterator

from pipeline.clean.rule import LineRule
from pipeline.ledger import Confidence, Fix

_TWINS = dict(
    zip(
        "АВЕКМНОРСТХаеорсхуіјѕЅІЈԁԛԝ" + "ΑΒΕΖΗΙΚΜΝΟΡΤΥΧονρ",
        "ABEKMHOPCTXaeopcxyijsSIJdqw" + "ABEZHIKMNOPTYXovp",
        strict=True,
    )
)
_WORD = re.compile(r"[A-Za-z\u0370-\u03ff\u0400-\u052f]{2,}")


def find(text: str) -> Iterator[Fix]:
    """Each foreign letter in a word that is otherwise Latin."""
    for word in _WORD.finditer(text):
        letters, start = word.group(), word.start()
        foreign = [at for at, char in enumerate(letters) if not char.isascii()]
        latin = len(letters) - len(foreign)
        if foreign and latin >= len(foreign) and all(letters[at] in _TWINS for at in foreign):
            for at in foreign:
                yield Fix(start + at, start + at + 1, _TWINS[letters[at]])


RULE = LineRule(
    id="lookalike-letters",
    confidence=Confidence.LIKELY,
    find=find,
    why="拉丁字母的词里混进了形似的西里尔或希腊字母",
    trigger="".join(_TWINS),
)
