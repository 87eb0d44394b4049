"""Paragraphs: every line that is left opens one, or goes on with the one before over a wrap, a gap or a page.

What stands at the break and is no running text (a note, a picture, a table) does not part a sentence. Two lines are one
paragraph where the first reaches the measure or breaks off within a sentence; a sentence's end, an indent or an
enumeration's next item parts them. Sources: CLREQ 6.2 (paragraphs are indented two ems), GB/T 15834 (marks that end).
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from pipeline.book import SectionKind
from pipeline.ledger import Confidence
from pipeline.structure import measure, numerals, sentence
from pipeline.structure.assemble import PIECES
from pipeline.structure.measure import Measure, Shape
from pipeline.structure.rule import Draft, Mark, Role, StructureRule

_TRANSPARENT = frozenset(
    {Role.NOTE, Role.NOTE_MORE, Role.FIGURE, Role.CAPTION, Role.TABLE_ROW, Role.REMNANT, Role.CONTENTS, Role.COLOPHON}
)
_FLOW = frozenset({Role.PARAGRAPH, Role.CONTINUATION})
_N = f"[{numerals.HAN}{numerals.ARABIC}]{{1,4}}"
ITEM = re.compile(
    rf"^\s*(?:第{_N}[条條章节節编編篇款项項]|[（(〔]{_N}[)）〕]|{_N}[、．]|[0-9]{{1,2}}\.(?![0-9])|[①-⑳⑴-⒇]|[•●·\-]\s)"
)
_COUNTED = re.compile(
    rf"(?:第(?=.{{1,5}}[条條])|[（(〔](?=.{{1,4}}[)）〕])|(?=.{{1,4}}[、．]))(?P<number>{_N})[条條)）〕、．]"
)
_COUNTS = frozenset(f"第（(〔{numerals.HAN}0123456789０１２３４５６７８９")
_OF_ENTRIES = frozenset({SectionKind.BIBLIOGRAPHY.value, SectionKind.INDEX.value})
_NEAR = 12  # lines within which the second item of a count stands
_COMMA = "，、,—-（(“‘《〈「『"
_GOES_ON = "的了着們们之等地得者"  # particles that no sentence begins with
_SPEECH = ("“", "「", "『")
_NARROW = 24.0  # ems: the measure of an epigraph
_SHORT = 12.0  # ems: a line this short that no mark ends is a label or a name, not the start of a sentence


@dataclass(frozen=True, slots=True)
class _Piece:
    """The running text of one line."""

    line: int
    text: str
    indented: bool
    width: float  # in ems
    speaks: bool = False  # a quotation is open at its end
    opens_item: bool = False  # it bears the number after that of a line before


def find(draft: Draft) -> Iterator[Mark]:
    """A PARAGRAPH or CONTINUATION mark for each line of running text."""
    lie = measure.of(draft)
    indents = _indents_speak(draft, lie)
    before: _Piece | None = None
    counts: dict[str, int] = {}  # by form, the number of the last line that opened an item
    apart_all = False  # in a bibliography or an index each line is an entry
    listing = False  # short items follow a colon, each on its own line: 委员长，/ 副委员长若干人，
    for at, line in enumerate(lie.text):
        role = draft.roles.get(line)
        if role is not None and role.role is Role.HEADING:
            apart_all = role.value in _OF_ENTRIES
        if role is not None and role.role is Role.BOX_END:
            before = _last_piece(draft, line, _piece(draft, lie, line))  # the text after a box opens with this line
            continue
        if role is not None and role.role not in _FLOW:
            if role.role not in _TRANSPARENT or _ends_flow(draft, line):
                before = None
            continue
        here = _piece(draft, lie, line)
        count = _count(here.text)
        if count and before and _is_next(count, before, counts, ahead=lie.text[at + 1 : at + _NEAR], draft=draft):
            here = replace(here, opens_item=True)
        listing = before is not None and (before.text.endswith(("：", ":")) or (listing and _is_item(before, lie)))
        apart = (listing and _is_item(here, lie)) or (apart_all and before is not None and _is_entry(before, here, lie))
        why = _joins(before, here, lie, indents=indents) if before and not apart else ""
        if role is None:
            yield Mark(line, Role.CONTINUATION, why) if why else Mark(line, Role.PARAGRAPH, "另起一段")
        if count and not why:
            counts[count[0]] = count[1]
        before = _last_piece(draft, line, here)


def _count(text: str) -> tuple[str, int] | None:
    """The form and the number that a line of a count begins with: 第三条, （三）, 三、, ③."""
    found = _COUNTED.match(text) if text[:1] in _COUNTS else None
    number = numerals.value(found["number"]) if found else None
    return (re.sub(_N, "", found[0]), number) if found and number is not None else None


def _speaks(text: str) -> bool:
    """Whether a quotation that opens in the text is still open at its end."""
    return text.rfind("“") > text.rfind("”") or text.rfind("「") > text.rfind("」")


def _closes_speech(text: str) -> bool:
    """Whether a quotation closes in the text that did not open in it."""
    for open_, close in ("“”", "「」"):
        closed, opened = text.find(close), text.find(open_)
        if closed >= 0 and not 0 <= opened < closed:
            return True
    return False


def _is_next(
    count: tuple[str, int], before: _Piece, counts: Mapping[str, int], *, ahead: Sequence[int], draft: Draft
) -> bool:
    """Whether the number goes on with the last line of its form, or begins after a colon and goes on on a line near by.

    A count within a sentence comes to the start of a line by chance only.
    """
    form, number = count
    if number > 1:
        return counts.get(form) == number - 1
    following = (_count(draft.lines[line].lstrip()) for line in ahead)
    return before.text.endswith(("：", ":")) and (form, 2) in following


def _is_entry(before: _Piece, here: _Piece, lie: Measure) -> bool:
    """Whether a line of a bibliography or an index opens an entry: the line before does not fill the measure."""
    if sentence.cannot_open(here.text):
        return False
    return lie.shape is not Shape.WRAPPED or before.width < lie.full - max(lie.slack, 1.0)


def _is_item(piece: _Piece, lie: Measure) -> bool:
    """Whether the line is short and ends as an item of an enumeration does."""
    limit = 0.6 * lie.full if lie.shape is Shape.WRAPPED else 18.0
    return piece.width <= limit and piece.text.endswith(("，", "、", "；", "。", ",", ";"))


def _piece(draft: Draft, lie: Measure, line: int) -> _Piece:
    text = draft.lines[line]
    if line not in draft.pieces:
        return _Piece(line, text.strip(), text[:1].isspace(), lie.widths[line], _speaks(text))
    cut = min((m.start for m in draft.pieces.get(line, ()) if m.role not in PIECES), default=len(text))
    words = text[:cut].strip()
    return _Piece(line, words, text[:1].isspace(), measure.width(words))


def _last_piece(draft: Draft, line: int, here: _Piece) -> _Piece | None:
    """What the next line may go on with: the paragraph that a split within the line opened, else the line's own."""
    if line not in draft.pieces:
        return here
    if _ends_flow(draft, line):
        return None
    opened = [m.start for m in draft.pieces.get(line, ()) if m.role is Role.PARAGRAPH]
    if not opened:
        return here
    words = draft.lines[line][max(opened) :].strip()
    return _Piece(line, words, indented=False, width=measure.width(words))


def _ends_flow(draft: Draft, line: int) -> bool:
    """Whether something begins within the line that running text does not go on after."""
    return any(
        m.role not in PIECES and m.role not in _TRANSPARENT and m.role is not Role.PARAGRAPH
        for m in draft.pieces.get(line, ())
    )


def _indents_speak(draft: Draft, lie: Measure) -> bool:
    """Whether some lines are indented and most are not: then an indent opens a paragraph, and its lack speaks too."""
    indented = sum(1 for line in lie.text if draft.lines[line][0] in " \t\u3000")
    return 0.04 * len(lie.text) < indented < 0.7 * len(lie.text) and lie.shape is Shape.WRAPPED


def _joins(before: _Piece, here: _Piece, lie: Measure, *, indents: bool) -> str:
    """Why `here` goes on with the paragraph of `before`; empty where it does not."""
    if not before.text:
        return ""
    if sentence.cannot_open(here.text) and not (here.text[0] == "…" and sentence.ends(before.text)):
        return "段首不会是这个标点"
    if before.text.endswith(("——", "：", ":")) and here.text.startswith(_SPEECH) and not _runs_in(before, here, lie):
        return ""
    if lie.shape is Shape.WRAPPED:
        return _joins_wrapped(before, here, lie, indents=indents)
    return _joins_whole(before, here, lie)


def _runs_in(before: _Piece, here: _Piece, lie: Measure) -> bool:
    """Whether speech goes on in the line that leads to it: at the measure, or over a page where the book sets it so."""
    if lie.shape is Shape.WRAPPED:
        return lie.is_full(before.line, 2.5)
    turned = lie.page(before.line) != lie.page(here.line) or here.line > before.line + 2
    return turned and lie.speech_runs_in and not before.text.endswith("——")


def _joins_wrapped(before: _Piece, here: _Piece, lie: Measure, *, indents: bool) -> str:
    """Lines as printed: whether `before` fills the measure decides, then how it ends."""
    wide, full = before.width, lie.full
    turned = lie.page(before.line) != lie.page(here.line)
    near = here.line == before.line + 1 and not turned
    ended = sentence.ends(before.text)
    if indents and here.indented:
        return ""
    if near:
        if (ended or sentence.ends_weakly(before.text)) and here.opens_item:
            return ""
        if wide >= full - (lie.slack if ended else 4.0):
            return "上一行排满"
        if ended or ITEM.match(here.text) or sentence.ends_weakly(before.text):
            return ""
        return "句子未完" if wide >= full * 0.55 or before.text[-1] in _COMMA else ""
    if ITEM.match(here.text) and (ended or wide < full - 1.5 or sentence.ends_weakly(before.text)):
        return ""
    if ended:
        return "上一行排满，翻页续排" if turned and wide >= full - 1.0 else ""
    if sentence.ends_weakly(before.text):
        return "上一行排满，句子未完" if wide >= full - 1.5 else ""
    if wide >= full * 0.6 or (turned and before.text[-1] in _COMMA):
        return "句子未完"
    return ""


def _joins_whole(before: _Piece, here: _Piece, lie: Measure) -> str:
    """Paragraphs on lines of their own: only a sentence that breaks off goes on."""
    if sentence.ends(before.text):
        goes_on = before.speaks and lie.page(before.line) != lie.page(here.line) and not here.text.startswith(_SPEECH)
        return "翻页处引语未完" if goes_on and _closes_speech(here.text) else ""
    turned = lie.page(before.line) != lie.page(here.line) or here.line > before.line + 2
    short = before.width < _SHORT
    if sentence.ends_weakly(before.text):
        speech = before.text[-1] in "：:" and here.text[0] in "“‘「『《" and not _runs_in(before, here, lie)
        opens = ITEM.match(here.text) or speech
        return "翻页处句子未完" if turned and not opens and before.width > _SHORT else ""
    if before.text[-1] in "，、,":
        return "" if short and not turned else "句子未完"
    if ITEM.match(here.text) or short:
        return ""
    if lie.paged and not turned and here.text[0] not in _GOES_ON and not _in_a_narrow_block(before, here):
        return ""  # within a page the engine set whole paragraphs: it is the stop that was lost
    return "句子未完"


def _in_a_narrow_block(before: _Piece, here: _Piece) -> bool:
    """Whether two lines are an epigraph or short quotation, set to a narrow measure and read line by line."""
    wide = measure.width(before.text)
    inside = any(mark in before.text[:-1] for mark in "，。；")
    return wide <= _NARROW and inside and measure.width(here.text) < wide and sentence.ends(here.text)


RULE = StructureRule(
    id="paragraphs",
    confidence=Confidence.LIKELY,
    find=find,
    why="把折行、翻页处断开的句子接成段，句子完结处另起一段；诗行、条目、标题不接",
)
