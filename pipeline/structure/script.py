"""Which script a text is in: zh-Hans or zh-Hant, by characters that only one of them has and nearly every page uses."""

from collections.abc import Sequence

_SIMPLIFIED = frozenset("这们国对说时会来个为学发经与关门东车长见义动过进还问题实现点产业农无两头")
_TRADITIONAL = frozenset("這們國對說時會來個為學發經與關門東車長見義動過進還問題實現點產業農無兩頭")
_ENOUGH = 200_000  # characters that settle the question; the rest of a long book need not be read


def lang(lines: Sequence[str]) -> str:
    """BCP 47: "zh-Hans" or "zh-Hant". A text that has neither kind of character counts as simplified."""
    simplified = traditional = read = 0
    for line in lines:
        for char in line:
            simplified += char in _SIMPLIFIED
            traditional += char in _TRADITIONAL
        read += len(line)
        if read > _ENOUGH:
            break
    return "zh-Hant" if traditional > simplified else "zh-Hans"
