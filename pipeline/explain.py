"""What became of one line of a seed, and what each rule is for.

The line is followed through the stages once more, from the seed itself, so that the answer is never older than the
text, the settings or the rules.
"""

import inspect
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pipeline import clean as cleaning
from pipeline import config, pages, review, source, walk
from pipeline import structure as structuring
from pipeline.book import (
    Block,
    Blocks,
    Book,
    Box,
    Figure,
    List,
    Markup,
    NoteRef,
    PageBreak,
    Paragraph,
    Quote,
    Section,
    Separator,
    Table,
    Text,
    Unprinted,
    Verse,
)
from pipeline.clean.rule import CleaningRule
from pipeline.errors import PipelineError
from pipeline.ledger import Confidence, Edit
from pipeline.notice import Notice
from pipeline.pages import Page
from pipeline.source import Seed
from pipeline.structure.rule import Mark, StructureRule

_BLOCKS: dict[type[object], str] = {
    Paragraph: "段落",
    Verse: "诗行",
    Quote: "引文",
    List: "列表",
    Table: "表格",
    Box: "框",
    Figure: "图",
    Separator: "间隔",
    Unprinted: "不印出",
    PageBreak: "分页",
}


@dataclass(frozen=True, slots=True)
class Place:
    """Where a piece of the line stands: the way down the tree, the piece, and why it is not shown ("" if it is)."""

    trail: tuple[str, ...]
    text: str
    hidden: str = ""


@dataclass(frozen=True, slots=True)
class Explanation:
    """All there is to say of a line; `line` counts from 0."""

    where: str
    line: int
    seed: str
    cleaned: str
    page: Page | None
    page_number: int
    edits: tuple[Edit, ...]
    doubts: tuple[Edit, ...]
    marks: tuple[Mark, ...]
    losing: tuple[Mark, ...]
    places: tuple[Place, ...]
    notices: tuple[Notice, ...]


def explain(seed: Seed, line: int) -> Explanation:
    """What became of line `line` (from 0) of `seed`. Raises PipelineError where there is no such line."""
    settings = config.read(seed.settings)
    read = source.read(source.load(seed))
    if not 0 <= line < len(read.lines):
        raise PipelineError(f"没有第 {line + 1} 行", remedy=f"这本书有 1 至 {len(read.lines)} 行", where=seed.where)
    printed = pages.find(read.lines, read.page_starts)
    known = (*cleaning.RULES, *cleaning.PROOFREADING)
    rules = tuple(rule for rule in known if rule.id not in settings.clean.off)
    reviewed = review.read(review.beside(seed.settings))
    review.refuse_unknown_rules(reviewed, [rule.id for rule in known])
    cleaned = cleaning.clean(read.lines, printed, rules, review.Hearing(reviewed))
    found = structuring.structure(cleaned.lines, printed, name=read.name, settings=settings.structure)
    number, page = next(((n, page) for n, page in enumerate(printed) if page.start <= line < page.end), (0, None))
    return Explanation(
        where=seed.where,
        line=line,
        seed=read.lines[line],
        cleaned=cleaned.lines[line],
        page=page,
        page_number=number,
        edits=tuple(edit for edit in cleaned.ledger if edit.line == line),
        doubts=tuple(edit for edit in cleaned.doubts if edit.line == line),
        marks=tuple(mark for mark in found.marks if mark.line == line),
        losing=tuple(mark for mark in found.losing if mark.line == line),
        places=tuple(places(found.book, line)),
        notices=tuple(notice for notice in (*read.notices, *found.notices) if notice.line == line),
    )


# ---------------------------------------------------------------- the line in the tree


def places(book: Book, line: int) -> Iterator[Place]:
    """Every piece of the Book that comes from `line`, with its way down the tree, in reading order."""
    for block in book.front:
        yield from _in_block(block, ("书前",), line)
    for section in book.sections:
        yield from _in_section(section, (), line)
    for note in book.notes:
        trail = (f"注 {note.mark.text if note.mark else note.anchor}",)
        if note.mark is not None:
            yield from _in_leaves(iter((note.mark,)), trail, line)
        yield from _in_blocks(note.blocks, trail, line)


def _in_section(section: Section, above: tuple[str, ...], line: int) -> Iterator[Place]:
    name = walk.plain(section.title) or "（无标题）"
    trail = (*above, f"{name}〔{section.kind.value}，第 {section.level} 级〕")
    yield from _in_leaves(walk.inline_leaves(section.title), (*trail, "标题"), line)
    yield from _in_leaves(walk.inline_leaves(section.subtitle), (*trail, "副题"), line)
    yield from _in_blocks(section.blocks, trail, line)
    for child in section.sections:
        yield from _in_section(child, trail, line)


def _in_blocks(blocks: Blocks, trail: tuple[str, ...], line: int) -> Iterator[Place]:
    for number, block in enumerate(blocks, 1):
        yield from _in_block(block, trail, line, f"第 {number} 块")


def _in_block(block: Block, above: tuple[str, ...], line: int, number: str = "") -> Iterator[Place]:
    trail = (*above, f"{number}{_BLOCKS[type(block)]}{_manner(block)}")
    match block:
        case Quote(blocks=blocks):
            yield from _in_blocks(blocks, trail, line)
        case Box(label=label, title=title, blocks=blocks):
            yield from _in_leaves(walk.inline_leaves((*label, *title)), (*trail, "题"), line)
            yield from _in_blocks(blocks, trail, line)
        case List(items=items):
            for at, item in enumerate(items, 1):
                yield from _in_blocks(item.blocks, (*trail, f"第 {at} 条"), line)
        case _:
            yield from _in_leaves(walk.block_leaves(block), trail, line)


def _manner(block: Block) -> str:
    match block:
        case Paragraph(style=style):
            return f"〔{style.value}〕"
        case Quote(kind=kind):
            return f"〔{kind.value}〕"
        case Unprinted(kind=kind, why=why):
            return f"〔{kind.value}：{why}〕"
        case _:
            return ""


def _in_leaves(leaves: Iterator[walk.Leaf], trail: tuple[str, ...], line: int) -> Iterator[Place]:
    for leaf in leaves:
        if isinstance(leaf, Text | Markup | NoteRef) and any(span.line == line for span in leaf.spans):
            match leaf:
                case Text(text=text):
                    yield Place(trail, text)
                case Markup(text=text, why=why):
                    yield Place(trail, text, hidden=why)
                case NoteRef(mark=mark):
                    yield Place(trail, mark, hidden="注码，由版式另排")


# ---------------------------------------------------------------- the rules


@dataclass(frozen=True, slots=True)
class RuleCard:
    """One rule: its stage and place in the order, why it is there, and all that its file says of it."""

    stage: str
    order: int
    id: str
    confidence: Confidence
    why: str
    text: str


def rule_cards() -> tuple[RuleCard, ...]:
    """Every rule, in the order they run."""
    cleaners = tuple(
        _card("clean", order, rule) for order, rule in enumerate((*cleaning.RULES, *cleaning.PROOFREADING), 1)
    )
    return cleaners + tuple(_card("structure", order, rule) for order, rule in enumerate(structuring.RULES, 1))


def _card(stage: str, order: int, rule: CleaningRule | StructureRule) -> RuleCard:
    return RuleCard(stage, order, rule.id, rule.confidence, rule.why, _documented(stage, rule))


def _documented(stage: str, rule: CleaningRule | StructureRule) -> str:
    """What the rule's own file says: a name is an address, so the file is named for the rule."""
    name = f"pipeline.{stage}.{rule.id.replace('-', '_')}"
    module = sys.modules.get(name) or sys.modules.get(getattr(rule.find, "__module__", ""))
    said = [
        inspect.getdoc(module) if module else None,
        inspect.getdoc(rule.find) if inspect.isroutine(rule.find) else None,
    ]
    return "\n\n".join(text for text in said if text)


def find_seed(path: Path) -> Seed:
    """The one book that `path` means. Raises PipelineError where it means several or none."""
    seeds = source.resolve(path)
    if len(seeds) == 1:
        return seeds[0]
    raise PipelineError(f"这里有 {len(seeds)} 本书", remedy="请指明一本，如 explain seeds/书名.txt 12", where=str(path))
