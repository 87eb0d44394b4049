"""Tags that OCR models wrap around text are taken away: <p> <br> <span …> <div …> <center> <sup> <header> <text>.

Why: models trained on web pages write markup that was not asked for; a reader would see the tags.
Left alone: tables (<table> <tr> <td> <th> …), pictures, <b> and <strong>, which structuring reads; and every tag that
is not on the list, for it may be the book's own words (<script> in a book on computing) and is harmless as text.
<sup>2</sup> after a Latin letter or digit becomes ², elsewhere a note mark [2].
"""

import re
from collections.abc import Iterator

from pipeline.clean.rule import LineRule
from pipeline.ledger import Confidence, Fix

_NAMES = (
    "p|br|hr|span|div|center|font|i|em|u|s|small|big|ins|del|mark|header|footer|section|article|main|body|html|head"
    "|h[1-6]|ul|ol|li|blockquote|text|para|paragraph|title|ocr|line|block|region|page_number|page-number|watermark|signature|caption"
    "|figcaption|figure|sub|sup|a|pre|code|nobr|wbr|ruby|rb|md|markdown|result|output|answer|image_text|content"
)
_TAG = re.compile(rf"</?(?:{_NAMES})(?:\s[^<>]{{0,200}})?/?>", re.IGNORECASE)
_RAISED = re.compile(r"<sup>\s{0,4}(?P<words>[^<>]{1,12}?)\s{0,4}</sup>", re.IGNORECASE)
_LOWERED = re.compile(r"<sub>\s{0,4}(?P<words>[0-9]{1,4})\s{0,4}</sub>", re.IGNORECASE)
_SUPERSCRIPT = str.maketrans("0123456789+-n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ⁿ")
_SUBSCRIPT = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


def find(text: str) -> Iterator[Fix]:
    """Each known tag; raised and lowered numbers with their tags."""
    if ">" not in text:
        return
    taken: list[tuple[int, int]] = []
    for match in _RAISED.finditer(text):
        taken.append(match.span())
        yield Fix(*match.span(), _raised(match["words"], text[max(0, match.start() - 1) : match.start()]))
    for match in _LOWERED.finditer(text):
        taken.append(match.span())
        yield Fix(*match.span(), match["words"].translate(_SUBSCRIPT))
    taken.sort()
    at = 0
    for match in _TAG.finditer(text):
        while at < len(taken) and taken[at][1] <= match.start():
            at += 1
        if at == len(taken) or match.end() <= taken[at][0]:
            yield Fix(*match.span(), "")


def _raised(words: str, before: str) -> str:
    if re.fullmatch(r"[0-9+\-n]{1,3}", words):
        if before.isascii() and before.isalnum():
            return words.translate(_SUPERSCRIPT)
        return f"[{words}]" if words.isdigit() else words
    return words


RULE = LineRule(
    id="html-remnants",
    confidence=Confidence.LIKELY,
    find=find,
    why="识别模型带出的网页标签，不是书里的字",
    trigger=("<",),
)
