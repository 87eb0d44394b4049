"""What kind of Chinese a text is written in: 云 is nearly always 雲 in a newspaper, and 云 in the classics.

Told by the commonest characters and words of the whole text, in Simplified.
"""

import re

MODERN, VERNACULAR, OFFICIAL, CLASSICAL = "MVLC"
_HAN = re.compile("[\u3400-\u9fff]")
_ENOUGH = 50_000  # characters that are looked at
# Shares of all Chinese characters, between what was counted in books of the kinds.
_PARTICLE, _SPOKEN, _DECREED = 0.015, 0.03, 0.003


def register(text: str) -> str:
    """One of MODERN (的 is everywhere), VERNACULAR (novels of the old kind), OFFICIAL (laws), CLASSICAL.

    A text too short to tell is MODERN: that is what most books are.
    """
    text = text[:_ENOUGH]
    length = len(_HAN.findall(text))
    if length < 100 or text.count("的") >= _PARTICLE * length:
        return MODERN
    if sum(map(text.count, "了的道他我")) >= _SPOKEN * length:
        return VERNACULAR
    if sum(map(text.count, ("规定", "主管", "机关", "前项", "之一者"))) >= _DECREED * length:
        return OFFICIAL
    return CLASSICAL
