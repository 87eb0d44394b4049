"""Dedications and epigraphs: 献给我的母亲 on a page of its own, words of another author before the text begins.

A dedication says so (献给, 谨以此书) and stands before the first heading, alone or with a line or two on its page. An
epigraph is a few short lines right under a heading, or alone on a page before the text, closed by a line that says
whose they are (——庄子). Left alone: the same words within a text, verse and quotations without an attribution, and a
block longer than an epigraph is.
"""

import re
from collections.abc import Iterator, Sequence

from pipeline.ledger import Confidence
from pipeline.structure import forms, measure, sentence
from pipeline.structure.measure import Measure, Shape
from pipeline.structure.rule import Draft, Mark, Role, StructureRule

_DEDICATES = re.compile(
    r"^[（(—\s]*(?:(?:谨|謹)?(?:以|将|將)(?:此|本|这本|這本)[书書](?:献给|獻給|纪念|紀念|敬献|敬獻)?|(?:谨|謹|敬)?(?:献给|獻給)|本[书書](?:献给|獻給))"
)
_FROM = re.compile(r"^[ \t\u3000]*(?:——|—|──|――)[ \t]*(?=.{2,30}$)[《〔（\[\u3400-\u9fffA-Za-z·][^。！？；]*$")
_SHORT = 30.0  # ems: a line of a dedication or an epigraph, where lines are paragraphs
_NARROWER = 0.92  # of the measure, where they are lines of print
_DEDICATION, _EPIGRAPH = 4, 8  # lines
_OPENINGS = frozenset({Role.HEADING, Role.HEADING_MORE, Role.SUBTITLE})
_FRONT = frozenset({Role.TITLE_PAGE, Role.HALF_TITLE, Role.SERIES, Role.CIP, Role.COLOPHON, Role.CONTENTS})
_BODY = 60  # lines of text before the first heading, beyond which no front matter is looked for


def find(draft: Draft) -> Iterator[Mark]:
    """DEDICATION, EPIGRAPH and, for the line that says whose words they are, SOURCE."""
    lie = measure.of(draft)
    spoken: set[int] = set()
    first = min((line for line, mark in draft.roles.items() if mark.role is Role.HEADING), default=len(draft.lines))
    free = [line for line in lie.text if line < first and line not in draft.roles][:_BODY]
    for at, line in enumerate(free):
        if _DEDICATES.match(draft.lines[line].strip()):
            found = _dedication(draft, free[at:], lie)
            spoken.update(found)
            yield from (Mark(line, Role.DEDICATION, "正文之前的献词") for line in found)
    for line in lie.text:
        if line in draft.roles or line in spoken or not draft.lines[line].lstrip().startswith(("—", "─", "―")):
            continue
        if lie.widths[line] <= _SHORT and _FROM.match(draft.lines[line]) and (words := _epigraph(draft, line, lie)):
            yield from _lines_of(draft, words)
            yield Mark(line, Role.SOURCE, "题词的出处")


def _dedication(draft: Draft, lines: Sequence[int], lie: Measure) -> list[int]:
    """The lines of the dedication, if they are few, short and alone on their page."""
    found: list[int] = []
    for line in lines:
        if found and (lie.page(line) != lie.page(found[0]) or line > found[-1] + 3):
            break
        if not _is_short(line, lie) or len(found) == _DEDICATION or forms.read(draft.lines[line].strip()):
            return []
        found.append(line)
    return found


def _epigraph(draft: Draft, source: int, lie: Measure) -> list[int]:
    """The lines above an attribution, back to the heading or the head of the page; none where they are a text."""
    at = lie.place(source)
    found: list[int] = []
    for line in reversed(lie.text[max(0, at - _EPIGRAPH - 1) : at]):
        mark = draft.roles.get(line)
        if mark is not None:
            opens = mark.role in _OPENINGS or mark.role in _FRONT
            return found if opens and _are_words(draft, found) else []
        if lie.page(line) != lie.page(source):
            alone = lie.page(source) >= 0 and _alone_before_text(draft, source, lie)
            return found if alone and _are_words(draft, found) else []
        if not _is_short(line, lie):
            return []
        found.insert(0, line)
    opens = at == len(found) and lie.page(source) >= 0 and _alone_before_text(draft, source, lie)
    return found if opens and _are_words(draft, found) else []


def _alone_before_text(draft: Draft, source: int, lie: Measure) -> bool:
    """Whether nothing follows on the page, and no heading has come yet."""
    at = lie.place(source)
    following = lie.text[at + 1] if at + 1 < len(lie.text) else None
    last = following is None or lie.page(following) != lie.page(source)
    return last and not any(mark.role is Role.HEADING and line < source for line, mark in draft.roles.items())


def _are_words(draft: Draft, lines: Sequence[int]) -> bool:
    return 0 < len(lines) < _EPIGRAPH and sentence.ends(draft.lines[lines[-1]])


def _is_short(line: int, lie: Measure) -> bool:
    return lie.widths[line] <= (max(_NARROWER * lie.full, 8.0) if lie.shape is Shape.WRAPPED else 2 * _SHORT)


def _lines_of(draft: Draft, lines: Sequence[int]) -> Iterator[Mark]:
    """A line that goes on with a sentence is a continuation of the one before."""
    ended = True
    for line in lines:
        yield Mark(line, Role.EPIGRAPH if ended else Role.CONTINUATION, "标题之下、有出处的短文：题词")
        ended = sentence.ends(draft.lines[line])


RULE = StructureRule(
    id="dedications",
    confidence=Confidence.LIKELY,
    find=find,
    why="正文之前的献词，标题之下或另页的题词（有出处者）单独排；文中的引语不动",
)
