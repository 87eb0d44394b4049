"""Which region's forms a Traditional text is written in: 裡 著 in Taiwan, 裏 着 in Hong Kong."""

from collections import Counter
from collections.abc import Iterable

_TAIWAN, _HONG_KONG = frozenset("裡啟峰床群麵污線"), frozenset("裏啓峯牀羣麪污綫着衞説")
_ENOUGH = 5  # marks of one region that a text must have at least


def region(texts: Iterable[str]) -> str:
    """One of hant-tw and hant-hk, or hant where the text speaks for neither."""
    counts = Counter[str]()
    for text in texts:
        counts.update(text)
    taiwan = sum(counts[char] for char in _TAIWAN - _HONG_KONG)
    hong_kong = sum(counts[char] for char in _HONG_KONG - _TAIWAN)
    if max(taiwan, hong_kong) < _ENOUGH:
        return "hant"
    return "hant-tw" if taiwan > 2 * hong_kong else "hant-hk" if hong_kong > 2 * taiwan else "hant"
