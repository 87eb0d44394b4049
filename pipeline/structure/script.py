"""Which script a text is in: zh-Hans or zh-Hant, by characters that only one of them has and nearly every page uses."""

from collections.abc import Sequence

_SIMPLIFIED = "这们国对说时会来个为学发经与关门东车长见义动过进还问题实现点产业农无两头"
_TRADITIONAL = "這們國對說時會來個為學發經與關門東車長見義動過進還問題實現點產業農無兩頭"
_ENOUGH = 200_000  # characters that settle the question; the rest of a long book need not be read


def lang(lines: Sequence[str]) -> str:
    """BCP 47: "zh-Hans" or "zh-Hant". A text that has neither kind of character counts as simplified."""
    sample: list[str] = []
    read = 0
    for line in lines:
        sample.append(line[:_ENOUGH])
        read += len(line)
        if read > _ENOUGH:
            break
    text = "".join(sample)
    return "zh-Hant" if sum(map(text.count, _TRADITIONAL)) > sum(map(text.count, _SIMPLIFIED)) else "zh-Hans"
