"""The dash is put right: -- — — ーー ── 一一 and single — before or after a sentence mark, or before
a quotation, become ——.

Why: GB/T 15834-2011 4.13: the dash takes two cells. Tesseract reads it as 一一 all through a book, others as hyphens
or as one cell. Whether 一一 is the dash or the word (一一列举) or a number (二〇一一年) the neighbours say; where they
do not, how often this text writes 一一 at all. A single — between Han is half a dash where nearly all dashes of the
text are whole; elsewhere it may be meant (京—沪).
Left alone: hyphens in Latin, numbers and years (2001—2005), lines of nothing but dashes (they part sections),
bibliographic descriptions (their dash is .—), table rules.
"""

import re
from collections.abc import Iterator, Sequence

from pipeline.clean.lines import holding
from pipeline.clean.rule import BookRule
from pipeline.clean.signs import HAN, is_catalogue, neighbours
from pipeline.ledger import Confidence, Fix
from pipeline.pages import Page

_LINES = "—―─━⸺⸻–‒﹘−"
_ANY = f"{_LINES}\\-－ー一"
_NUMBER = "一二三四五六七八九十百千万零〇○两0-9年月日号第初"
_RUN = re.compile(f"[{_LINES}\\-－ー]{{2,}}|[{_LINES}ー]")
_HAN_ONES = re.compile(f"(?<![{_NUMBER}])(?P<run>一{{2}}|一[{_LINES}\\-－ー]+|[{_LINES}\\-－ー]+一)(?![{_NUMBER}])")
_TWO_ONES = re.compile(f"(?<![{_NUMBER}])一一(?![{_NUMBER}])")
_HALF = re.compile(f"(?<=[{HAN}])—(?=[{HAN}])")
_WHOLE = re.compile("(?<!—)——(?!—)")
_SPACED = re.compile(r"—(?: —)+")
_LATIN = re.compile(r"[A-Za-z0-9%.]")
_OPENING = tuple("“‘「『")  # a hyphen stands before none of these
_MARK = re.compile("[，。；：？！、“”‘’（）《》「」『』…]")
_ONLY_DASHES = re.compile(rf"[\s{_ANY}=*_|:+]*")
# 一一 is a word before these: one by one
_ALL = frozenset("都也均逐")
_ONE_BY_ONE = frozenset("订訂校审審列对對作加说說介回核记記举舉告查数數指验驗点點拜答")
_ONE_WORDS = frozenset(
    f"一{char}"
    for char in "切个個部方种種般定些直样樣面旦时時下起生年天日次句条條位名家点點边邊再向致贯貫国國并併同度身番片层層"
)
_BETWEEN_DIGITS = re.compile(r"(?<=[0-9])一 ?(?=[0-9])")  # 1840一1949: no numeral mixes the two
_DENSE = 500  # characters for each 一一: so often no book says one by one
_BEFORE = re.compile(r"\s*(?:$|[“‘《（「『A-Za-z0-9这那他她它我你這])")  # no word 一一 stands before these
_TABLE_RULE = re.compile(r"\|\s*:?-{2,}")


def find(lines: Sequence[str], pages: Sequence[Page]) -> Iterator[tuple[int, Fix]]:  # noqa: ARG001
    """Each misread or half dash."""
    usual, halves = _ones_are_dashes(lines), _halves_are_misread(lines)
    for number in holding(lines, RULE.trigger):
        text = lines[number]
        if _ONLY_DASHES.fullmatch(text):
            continue
        if is_catalogue(text) or _TABLE_RULE.search(text):
            continue
        taken: set[int] = set()  # columns; a line may hold thousands of dashes
        for fix in (*_spaced(text), *_ones(text, usual=usual), *_lines(text, halves=halves)):
            if taken.isdisjoint(columns := range(fix.start, fix.end)):
                taken.update(columns)
                yield number, fix


def _spaced(text: str) -> Iterator[Fix]:
    return (Fix(match.start(), match.end(), "——") for match in _SPACED.finditer(text))


def _ones(text: str, *, usual: bool) -> Iterator[Fix]:
    if "一" not in text:
        return
    for match in _BETWEEN_DIGITS.finditer(text):
        yield Fix(match.start(), match.end(), "—", "数字之间的连接号误识为“一”", Confidence.LIKELY)
    for match in _HAN_ONES.finditer(text):
        mixed = match["run"] != "一一"
        if mixed and (match["run"].startswith("——") or text[match.end() - 1 : match.end() + 1] in _ONE_WORDS):
            continue  # a whole dash, or half of one, and a word that begins with 一
        if not mixed and _is_word(text, match) and not _after_mark(text, match.start()):
            yield Fix(match.start(), match.end(), "——", "一一可能是破折号，也可能是“逐一”", Confidence.DOUBTFUL)
        elif mixed and not re.search(rf"[{_LINES}ー]|--|－", match["run"]):
            continue  # a hyphen beside 一: a code, a label
        elif mixed or usual or _after_mark(text, match.start()):
            yield Fix(match.start(), match.end(), "——", "破折号误识为“一一”", Confidence.LIKELY)
        else:
            yield Fix(match.start(), match.end(), "——", "一一可能是破折号", Confidence.DOUBTFUL)


def _is_word(text: str, match: re.Match[str]) -> bool:
    """Whether 一一 may be the word: one by one they 列举, or they all do it 都一一."""
    return text[match.end() : match.end() + 1] in _ONE_BY_ONE or text[match.start() - 1 : match.start()] in _ALL


def _after_mark(text: str, at: int) -> bool:
    """Whether a sentence mark stands before: the dash may follow it, the word 一一 hardly."""
    return at == 0 or (_MARK.match(text[at - 1]) is not None and text[at - 1] not in "，、")


def _ones_are_dashes(lines: Sequence[str]) -> bool:
    """Whether this text writes its dashes 一一: more often than the word can stand in a text, and than true dashes, and
    now and then where the word cannot stand: at the end of a line, before a quotation, before 这 or 我.
    """
    ones = plain = 0
    for number in holding(lines, ("一一",)):
        for match in _TWO_ONES.finditer(lines[number]):
            ones += 1
            plain += _after_mark(lines[number], match.start()) or _BEFORE.match(lines[number], match.end()) is not None
    if ones < 3:
        return False
    text = "".join(lines)
    shown = (plain >= 2 and plain * 8 >= ones) or ones * _DENSE > len(text)
    return shown and ones * 8000 > len(text) and ones > text.count("——") // 4


def _halves_are_misread(lines: Sequence[str]) -> bool:
    """Whether a single — between Han is a rare exception in this text, among whole dashes."""
    text = "\n".join(lines)
    halves = len(_HALF.findall(text))
    return 0 < halves * 6 <= len(_WHOLE.findall(text))


def _lines(text: str, *, halves: bool) -> Iterator[Fix]:
    for match in _RUN.finditer(text):
        run = match.group()
        before, after = neighbours(text, match.start(), match.end())
        if run == "——" or (len(run) > 3 and len(set(run)) == 1) or _within_latin(before, after, run):
            continue
        if len(run) == 1:
            if _is_half(run, before, after, halves=halves):
                yield Fix(match.start(), match.end(), "——", confidence=Confidence.LIKELY)
        elif _chinese(before) or _chinese(after):
            yield Fix(match.start(), match.end(), "——")


def _is_half(run: str, before: str, after: str, *, halves: bool) -> bool:
    """Whether one dash stands for two."""
    if run not in "—―─━ー" or not before + after:
        return False
    if _is_han(before) and _is_han(after):
        return run in "ー─━" or (halves and before not in _NUMBER)
    marked = _MARK.match(before or after) is not None or not before or after in _OPENING
    return run != "ー" and marked and not _LATIN.match(after or "x")


def _within_latin(before: str, after: str, run: str) -> bool:
    """Whether the run joins Latin words or numbers."""
    return bool(_LATIN.match(before)) and (not after or bool(_LATIN.match(after))) and run != "——"


def _is_han(char: str) -> bool:
    return bool(char) and re.match(f"[{HAN}]", char) is not None


def _chinese(char: str) -> bool:
    return _is_han(char) or bool(_MARK.match(char))


RULE = BookRule(
    id="dashes",
    confidence=Confidence.CERTAIN,
    find=find,
    why="破折号占两个字的位置，写作“——”（GB/T 15834）",
    trigger=(*"—―─━⸺⸻–‒﹘−－ー", "一一", "一-", "-一", "--", *(f"{digit}一" for digit in range(10))),
)
