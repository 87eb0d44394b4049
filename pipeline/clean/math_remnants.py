"""Formula signs around what is no formula are taken away: $^{①}$ ①, $80\\%$ 80%, $\\rightarrow$ →, \\textcircled{1} ①.

Why: models write LaTeX for anything raised, circled or numeric. A note mark in formula signs would not be found.
Left alone: true formulas (letters with operators, fractions, roots), prices ($20), code.
"""

import re
from collections.abc import Iterator

from pipeline.clean.rule import LineRule
from pipeline.clean.signs import ONE_HAN, neighbours
from pipeline.ledger import Confidence, Fix

_COMMANDS = {
    r"\cdot": "·", r"\times": "×", r"\rightarrow": "→", r"\leftarrow": "←", r"\to": "→", r"\sim": "～", r"\ldots": "……",
    r"\cdots": "……", r"\dots": "……", r"\pm": "±", r"\circ": "°", r"\bullet": "•", r"\star": "★", r"\bigcirc": "○",
    r"\square": "□", r"\blacksquare": "■", r"\triangle": "△", r"\geq": "≥", r"\leq": "≤", r"\neq": "≠", r"\approx": "≈",
    r"\quad": " ", r"\degree": "°", r"\copyright": "©", r"\S": "§", r"\dagger": "†", r"\ast": "*", r"\prime": "′",
}  # fmt: skip
_FORMULA = re.compile(
    r"(?<!\\)\$\s{0,4}(?P<words>[^$\n]{1,60}?)\s{0,4}(?<!\\)\$|\\\(\s{0,4}(?P<inner>[^$\n]{1,60}?)\s{0,4}\\\)"
)
_CIRCLED = re.compile(
    r"\\(?:textcircled|circled)\s*\{\s*(?:\\(?:small|scriptsize|tiny)\s*)?(?P<number>[0-9]{1,2})\s*\}"
)
_RAISED = re.compile(r"(?:\{\s*\})?\^\s*\{?\s*(?P<words>[①-⑳*＊†‡]|[\[〔［(（][0-9]{1,3}[)）\]〕］]|[0-9]{1,3})\s*\}?")
_PLAIN = re.compile(r"[0-9A-Za-z\s.,:·×→←～…±°•★○□■△≥≤≠≈©§†*′%&#$+\-–—/()（）①-⑳\u4e00-\u9fff，。、；：]*")
_FONT = re.compile(r"\\(?:mathrm|text|mathbf|textbf|mathit|mathsf|operatorname)\s*\{(?P<words>[^{}]*)\}")
_ESCAPED = re.compile(r"\\([%&#_$])")


def find(text: str) -> Iterator[Fix]:
    """Each formula that says no more than its characters."""
    covered = 0
    for match in _FORMULA.finditer(text):
        plain = _plain(match["words"] or match["inner"], neighbours(text, match.start(), match.end())[0])
        if plain is not None:
            yield Fix(match.start(), match.end(), plain)
            covered = match.end()
    for match in _CIRCLED.finditer(text):
        if 0 < int(match["number"]) <= 20 and match.start() >= covered:
            yield Fix(match.start(), match.end(), chr(0x245F + int(match["number"])))


def _plain(words: str, before: str) -> str | None:
    """What a formula without mathematics says; None where there is some."""
    words = _CIRCLED.sub(lambda match: chr(0x245F + min(20, max(1, int(match["number"])))), words)
    if raised := _RAISED.fullmatch(words):
        mark = raised["words"]
        if mark.isdecimal():
            return f"[{mark}]" if not (before.isascii() and before.isalnum()) else None
        return mark
    if ONE_HAN.search(_FONT.sub("", words)):  # two prices with words between
        return None
    words = _ESCAPED.sub(r"\1", _FONT.sub(lambda match: match["words"], words))
    words = re.sub(r"\^\s*\{?\s*\\circ\s*\}?", "°", words)
    for command, sign in _COMMANDS.items():
        words = re.sub(re.escape(command) + r"(?![A-Za-z])\s*", sign, words)
    if not _PLAIN.fullmatch(words) or re.search(r"[A-Za-z]\s*[+*/=]|[=^_]|[A-Za-z]\([A-Za-z]", words):
        return None
    if re.fullmatch(r"[0-9\s.,%]+", words):  # $1 0 0$ is one number
        words = re.sub(r"(?<=[0-9.])\s+(?=[0-9.%])", "", words)
    return words.strip() if re.search(r"[^A-Za-z\s]", words) or len(words.strip()) > 1 else None


RULE = LineRule(
    id="math-remnants",
    confidence=Confidence.LIKELY,
    find=find,
    why="识别模型给并非公式的文字加了公式记号",
    trigger="$\\",
)
