"""Structuring: the rules, in the order they speak, and the engine that hears them. It changes no character."""

from collections.abc import Sequence
from dataclasses import dataclass
from operator import attrgetter

from pipeline.book import Book
from pipeline.config import StructureSettings
from pipeline.notice import Notice
from pipeline.pages import Page
from pipeline.structure import (
    boxes,
    cip,
    colophon,
    contents,
    dedications,
    emphasis,
    figures,
    glued_items,
    headings,
    letters,
    lists,
    metadata,
    notes,
    paragraphs,
    quotations,
    remarks,
    remnants,
    script,
    separators,
    tables,
    title_page,
    verse,
)
from pipeline.structure.assemble import PIECES, assemble
from pipeline.structure.rule import Draft, Mark, StructureRule

# Order is meaning: the first rule to claim a line has it.
RULES: tuple[StructureRule, ...] = (
    cip.RULE,  # the front matter speaks first: what it takes is no heading and no text
    colophon.RULE,
    contents.RULE,
    title_page.RULE,
    remnants.RULE,
    tables.RULE,
    figures.RULE,
    separators.RULE,
    emphasis.RULE,
    notes.RULE,  # before headings: ① opens a note more often than a section
    boxes.RULE,  # before headings: a box's title is none
    letters.RULE,
    headings.RULE,
    dedications.RULE,  # before quotations, whose sources stand anywhere
    quotations.RULE,
    lists.RULE,
    verse.RULE,
    glued_items.RULE,
    paragraphs.RULE,  # last: takes every line that is left
)


@dataclass(frozen=True, slots=True)
class Structured:
    """The Book, the marks that made it in reading order, those that lost their line to an earlier rule, and remarks."""

    book: Book
    marks: tuple[Mark, ...]
    losing: tuple[Mark, ...]
    notices: tuple[Notice, ...]


def structure(
    lines: Sequence[str],
    pages: Sequence[Page],
    *,
    name: str,
    settings: StructureSettings | None = None,
    rules: Sequence[StructureRule] = RULES,
) -> Structured:
    """Find the book in cleaned `lines`. `name` is its title where the text itself says none. Raises nothing."""
    settings = settings or StructureSettings()
    draft, won, losing = hear(lines, pages, settings, rules)
    about, notices = metadata.read(draft, name)
    book = assemble(lines, pages, won, metadata=about, lang=script.lang(lines))
    return Structured(book, won, losing, (*notices, *remarks.remarks(draft, won)))


def hear(
    lines: Sequence[str], pages: Sequence[Page], settings: StructureSettings, rules: Sequence[StructureRule]
) -> tuple[Draft, tuple[Mark, ...], tuple[Mark, ...]]:
    """Let each rule speak in turn over what the ones before it have won: the last draft, winning and losing marks."""
    roles: dict[int, Mark] = {}
    pieces: dict[int, list[Mark]] = {}
    losing: list[Mark] = []
    draft = Draft(lines, pages, roles, pieces, settings.levels)
    for rule in rules:
        if rule.id in settings.off:
            continue
        signed = (rule.id,)
        found = [Mark._make(mark[:-1] + signed) for mark in rule.find(draft)]
        losing += [mark for mark in found if not _claim(mark, roles, pieces)]
    marks = [*roles.values(), *(mark for found in pieces.values() for mark in found)]
    return draft, tuple(sorted(marks, key=attrgetter("line", "start"))), tuple(losing)


def _claim(mark: Mark, roles: dict[int, Mark], pieces: dict[int, list[Mark]]) -> bool:
    """Give the mark its place, unless an earlier rule has it."""
    if mark.role in PIECES:
        pieces.setdefault(mark.line, []).append(mark)
        return True
    if not mark.start:
        return roles.setdefault(mark.line, mark) is mark
    taken = any(other.start == mark.start and other.role not in PIECES for other in pieces.get(mark.line, ()))
    if not taken:
        pieces.setdefault(mark.line, []).append(mark)
    return not taken
