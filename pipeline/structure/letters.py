"""Who signed and when, and whom a letter addresses: 编者 / 2013年4月, 亲爱的读者：.

Only lines that stand alone, are short, and close a text that has ended (or, for the salutation, open one).
"""

import re
from collections.abc import Iterator, Sequence

from pipeline.ledger import Confidence
from pipeline.structure import contents, forms, leaders, measure, sentence
from pipeline.structure.measure import Measure
from pipeline.structure.rule import Draft, Mark, Role, StructureRule
from pipeline.structure.shape import key

_N = r"[0-9０-９〇○零一二三四五六七八九十廿卅]"
_PLACE = r"(?:[\u3400-\u9fff·]{0,12}[于於在]?[\u3400-\u9fff·]{0,12}[，, \u3000]?)?"
_DATE = re.compile(
    rf"^[（(]?(?:{_PLACE})(?:公元|民国|民國|西元)?"
    rf"{_N}{{1,6}}[ ]?年(?:[ ]?{_N}{{1,3}}[ ]?月)?(?:[ ]?{_N}{{1,3}}[ ]?[日号號])?"
    r"(?:[ ，,]{0,2}[\u3400-\u9fff]{0,10}(?:[ ，,·][\u3400-\u9fff]{0,8})?)?[）)]?[。.]?$"
)
# How a law says when it was made: no signature, and what stands above it is its title.
_ENACTED = re.compile(r"批准|发布|發布|公布|通过|通過|修订|修訂|修正|施行|實施|实施")
_PROSE = 16.0  # ems: a narrower measure is that of verse
_NAMES = re.compile(
    r"^(?:[（(])?(?:本书)?(?:编\s*者|编\s*著\s*者|作\s*者|著\s*者|译\s*者|编写组|编委会|编辑部|编\s*委\s*会|本书编写组|編\s*者|譯\s*者|編寫組|出版者)(?:[）)])?$"
)
_SALUTATION = re.compile(
    r"^(?:(?:亲爱|敬爱|尊敬|親愛|敬愛)的.{1,14}|.{1,10}(?:同志|.?[兄弟姐妹姊儿]|父亲|母亲|先生|女士|朋友|读者|讀者|同学|同學|们|們|吾兄|吾弟|大人|夫人|老师|老師|如晤|如面|如握|大鉴|大鑒|台鉴|台鑒|钧鉴|鈞鑒|惠鉴|惠鑒|膝下|足下|阁下|閣下|诸位|諸位))[们們]?[：:]$"
)
_MONTH_DAY = re.compile(
    rf"^{_N}{{1,3}}[ ]?月[ ]?{_N}{{1,3}}[ ]?[日号號][夜晚晨午灯燈下上中夕早，, 于於\u3400-\u9fff]{{0,8}}[。.]?$"
)
_CLOSING = re.compile(
    r"^(?:匆匆.{0,8}[，,])?(?:此[致请請颂頌上]|敬[礼禮请請颂頌祝]|即[请請颂頌祝]|[顺順并並][颂頌请請颁祝]|专此|專此|.{0,4}[近台文撰著旅时時大夏冬春秋道勋教金]安)"
    r"[，,！!。.：:]{0,2}$"
)
_PLAIN = re.compile(r"^[\u3400-\u9fff·\s\u3000（）()、A-Za-z.]{2,24}$")


def find(draft: Draft) -> Iterator[Mark]:
    """DATE, SIGNATURE and SALUTATION marks, each line once."""
    spoken: set[int] = set()
    for mark in _found(draft):
        if mark.line not in spoken:
            spoken.add(mark.line)
            yield mark


def _found(draft: Draft) -> Iterator[Mark]:
    lie = measure.of(draft)
    listed = {key(entry.title) for entry in contents.entries(draft)}
    text = [line for line in lie.text if line not in draft.roles and not (listed and key(draft.lines[line]) in listed)]
    for at, line in enumerate(text):
        if lie.widths[line] > 26 or (lie.full >= _PROSE and lie.is_full(line, 3.0)):
            continue
        body = draft.lines[line].strip()
        before = text[at - 1] if at else None
        if "年" in body and _DATE.match(body) and not _ENACTED.search(body) and _closes(draft, text, at, lie):
            yield from _signed(draft, text, at, lie)
        elif lie.widths[line] <= 16 and _CLOSING.match(body):
            yield Mark(line, Role.PARAGRAPH, "书信的结语")
        elif "月" in body and _MONTH_DAY.match(body) and before is not None and _is_name(draft, before, lie):
            yield from _signed(draft, text, at, lie)
        elif (
            body[-1] in "者组組会部）)"
            and _NAMES.match(body)
            and before is not None
            and _ended(draft, before, lie)
            and _section_ends(draft, text, at, lie)
        ):
            yield Mark(line, Role.SIGNATURE, "篇末署名")
        elif body[-1] in "：:" and _SALUTATION.match(body) and _opens(draft, text, at, lie):
            yield Mark(line, Role.SALUTATION, "书信的称呼")


def _signed(draft: Draft, text: Sequence[int], at: int, lie: Measure) -> Iterator[Mark]:
    """The date, and the one or two short lines of names before it or the one after."""
    names = []
    for back in range(at - 1, max(-1, at - 3), -1):
        if not _is_name(draft, text[back], lie):
            break
        names.append(text[back])
    before = at - 1 - len(names)
    closings = [line for line in names if _CLOSING.match(draft.lines[line].strip())]
    if closings:
        names = [line for line in names if line > max(closings)]
    elif names and before >= 0 and not _ends_letter(draft, text[before]):
        names = []
    for line in names:
        yield Mark(line, Role.SIGNATURE, "日期之前的署名")
    yield Mark(text[at], Role.DATE, "篇末日期")
    if not names and at + 1 < len(text) and _NAMES.match(draft.lines[text[at + 1]].strip()):
        yield Mark(text[at + 1], Role.SIGNATURE, "日期之后的署名")


def _ends_letter(draft: Draft, line: int) -> bool:
    return sentence.ends(draft.lines[line]) or bool(_CLOSING.match(draft.lines[line].strip()))


def _is_name(draft: Draft, line: int, lie: Measure) -> bool:
    body = draft.lines[line].strip()
    return (
        lie.widths[line] <= 16 and bool(_PLAIN.match(body)) and forms.known(body) is None and forms.read(body) is None
    )


def _closes(draft: Draft, text: Sequence[int], at: int, lie: Measure) -> bool:
    """Whether the date ends a text: what is before it is ended or a name, and what follows is no sentence going on."""
    if at == 0:
        return False
    before = text[at - 1]
    if not (_ended(draft, before, lie) or _is_name(draft, before, lie)):
        return False
    return _section_ends(draft, text, at, lie) or _is_name(draft, before, lie)


def _ended(draft: Draft, line: int, lie: Measure) -> bool:
    del lie
    return sentence.ends(draft.lines[line])


def _section_ends(draft: Draft, text: Sequence[int], at: int, lie: Measure) -> bool:
    """Whether a heading, a page or the book's end comes next (or a second line of the same signature)."""
    if at + 1 >= len(text):
        return True
    following = text[at + 1]
    between = range(text[at] + 1, following)
    if any(line in draft.roles for line in between) or following - text[at] > 3:
        return True
    if lie.page(following) != lie.page(text[at]):
        return True
    body, _ = forms.strip(draft.lines[following])
    if forms.known(body) is not None or leaders.is_heading(body) or _DATE.match(body) or _NAMES.match(body):
        return True
    numbered = forms.read(body)
    return numbered is not None and numbered.form.strong


def _opens(draft: Draft, text: Sequence[int], at: int, lie: Measure) -> bool:
    """Whether a letter may begin here: a heading or a short line before, running text after."""
    if at + 1 >= len(text):
        return False
    before = text[at - 1] if at else None
    fresh = before is None or lie.widths[before] < 24 or before in draft.roles or lie.page(before) != lie.page(text[at])
    return fresh and lie.widths[text[at + 1]] > 12 and not draft.lines[text[at + 1]].strip().startswith(("“", "「"))


RULE = StructureRule(
    id="letters",
    confidence=Confidence.LIKELY,
    find=find,
    why="篇末独立的署名与日期靠右排，书信的称呼顶格排；文中的日期与人名不动",
)
