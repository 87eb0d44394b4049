"""Paragraphs: every line that is left opens one, or goes on with the one before over a wrap, a gap or a page.

What stands at the break and is no running text (a note, a picture, a table) does not part a sentence. Two lines are one
paragraph where the first reaches the measure or breaks off within a sentence; a sentence's end, an indent or an
enumeration's next item parts them. Sources: CLREQ 6.2 (paragraphs are indented two ems), GB/T 15834 (marks that end).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

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
_COMMA = "，、,—-（(“‘《〈「『"
_SHORT = 12.0  # ems: a line this short that no mark ends is a label or a name, not the start of a sentence


@dataclass(frozen=True, slots=True)
class _Piece:
    """The running text of one line."""

    line: int
    text: str
    indented: bool


def find(draft: Draft) -> Iterator[Mark]:
    """A PARAGRAPH or CONTINUATION mark for each line of running text."""
    lie = measure.of(draft)
    indents = _indents_speak(draft, lie)
    before: _Piece | None = None
    for line in lie.text:
        role = draft.roles.get(line)
        if role is not None and role.role not in _FLOW:
            if role.role not in _TRANSPARENT:
                before = None
            elif _ends_flow(draft, line):
                before = None
            continue
        here = _piece(draft, line)
        why = _joins(before, here, lie, indents=indents) if before else ""
        if role is None:
            yield Mark(line, Role.CONTINUATION, why) if why else Mark(line, Role.PARAGRAPH, "另起一段")
        before = None if _ends_flow(draft, line) else here


def _piece(draft: Draft, line: int) -> _Piece:
    text = draft.lines[line]
    cut = min((m.start for m in draft.pieces.get(line, ()) if m.role not in PIECES), default=len(text))
    return _Piece(line, text[:cut].strip(), text[:1].isspace())


def _ends_flow(draft: Draft, line: int) -> bool:
    """Whether something begins within the line that running text does not go on after."""
    return any(m.role not in PIECES and m.role not in _TRANSPARENT for m in draft.pieces.get(line, ()))


def _indents_speak(draft: Draft, lie: Measure) -> bool:
    """Whether some lines are indented and most are not: then an indent opens a paragraph, and its lack speaks too."""
    indented = sum(1 for line in lie.text if draft.lines[line][0] in " \t\u3000")
    return 0.04 * len(lie.text) < indented < 0.7 * len(lie.text) and lie.shape is Shape.WRAPPED


def _joins(before: _Piece, here: _Piece, lie: Measure, *, indents: bool) -> str:
    """Why `here` goes on with the paragraph of `before`; empty where it does not."""
    if not before.text:
        return ""
    if sentence.cannot_open(here.text):
        return "段首不会是这个标点"
    if lie.shape is Shape.WRAPPED:
        return _joins_wrapped(before, here, lie, indents=indents)
    return _joins_whole(before, here, lie)


def _joins_wrapped(before: _Piece, here: _Piece, lie: Measure, *, indents: bool) -> str:
    """Lines as printed: whether `before` fills the measure decides, then how it ends."""
    wide, full = measure.width(before.text), lie.full
    turned = lie.page(before.line) != lie.page(here.line)
    near = here.line == before.line + 1 and not turned
    ended = sentence.ends(before.text)
    if indents and here.indented:
        return ""
    if near:
        if wide >= full - (2.0 if ended else 4.0):
            return "上一行排满"
        if ended or ITEM.match(here.text) or sentence.ends_weakly(before.text):
            return ""
        return "句子未完" if lie.gapped or wide >= full * 0.5 else ""
    if ITEM.match(here.text) and not (wide >= full - 1.5 and not ended):
        return ""
    if ended:
        return "上一行排满，翻页续排" if turned and wide >= full - 1.0 else ""
    if sentence.ends_weakly(before.text):
        return "上一行排满，句子未完" if wide >= full - 1.5 else ""
    if wide >= full * 0.6 or before.text[-1] in _COMMA:
        return "句子未完"
    return ""


def _joins_whole(before: _Piece, here: _Piece, lie: Measure) -> str:
    """Paragraphs on lines of their own: only a sentence that breaks off goes on."""
    if sentence.ends(before.text):
        return ""
    turned = lie.page(before.line) != lie.page(here.line) or here.line > before.line + 2
    if sentence.ends_weakly(before.text):
        opens = ITEM.match(here.text) or (before.text[-1] in "：:" and here.text[0] in "“‘「『《")
        return "翻页处句子未完" if turned and not opens and measure.width(before.text) > _SHORT else ""
    if before.text[-1] in "，、,":
        return "句子未完"
    if ITEM.match(here.text) or measure.width(before.text) < _SHORT:
        return ""
    return "句子未完"


RULE = StructureRule(
    id="paragraphs",
    confidence=Confidence.LIKELY,
    find=find,
    why="把折行、翻页处断开的句子接成段，句子完结处另起一段；诗行、条目、标题不接",
)
