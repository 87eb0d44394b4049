"""Maps and folds over the Book, so that no stage writes its own recursion."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import TypeAlias, assert_never

from pipeline.book import (
    Block,
    Blocks,
    Book,
    Box,
    Cell,
    Emphasis,
    Figure,
    Inline,
    Inlines,
    LineBreak,
    List,
    ListItem,
    Markup,
    Note,
    NoteRef,
    PageBreak,
    Paragraph,
    Quote,
    Ruby,
    Section,
    Separator,
    Table,
    Text,
    Unprinted,
    Verse,
    WordSpace,
)

Leaf: TypeAlias = Text | Markup | NoteRef | PageBreak | WordSpace | LineBreak
RunMap: TypeAlias = Callable[[Inlines], Inlines]


# ---------------------------------------------------------------- folds


def sections(book: Book) -> Iterator[Section]:
    """Every section, parents before children, in reading order."""
    for section in book.sections:
        yield from _sections(section)


def _sections(section: Section) -> Iterator[Section]:
    yield section
    for child in section.sections:
        yield from _sections(child)


def leaves(book: Book) -> Iterator[Leaf]:
    """Every leaf of the book, shown or not: the front, the sections, then the notes."""
    for passage in book.front:
        yield from passage.leaves
    for section in book.sections:
        yield from section_leaves(section)
    for note in book.notes:
        yield from note_leaves(note)


def section_leaves(section: Section) -> Iterator[Leaf]:
    yield from inline_leaves(section.title)
    yield from inline_leaves(section.subtitle)
    yield from blocks_leaves(section.blocks)
    for child in section.sections:
        yield from section_leaves(child)


def note_leaves(note: Note) -> Iterator[Leaf]:
    if note.mark is not None:
        yield note.mark
    yield from blocks_leaves(note.blocks)


def blocks_leaves(blocks: Blocks) -> Iterator[Leaf]:
    for block in blocks:
        yield from block_leaves(block)


def block_leaves(block: Block) -> Iterator[Leaf]:
    match block:
        case Paragraph(inlines=inlines):
            yield from inline_leaves(inlines)
        case Verse(lines=lines):
            for line in lines:
                yield from inline_leaves(line)
        case Quote(blocks=blocks):
            yield from blocks_leaves(blocks)
        case List(items=items):
            for item in items:
                yield from blocks_leaves(item.blocks)
        case Table(rows=rows, caption=caption):
            yield from inline_leaves(caption)
            for row in rows:
                for cell in row:
                    yield from inline_leaves(cell.inlines)
        case Box(label=label, title=title, blocks=blocks):
            yield from inline_leaves(label)
            yield from inline_leaves(title)
            yield from blocks_leaves(blocks)
        case Figure(caption=caption, file=file):
            if file is not None:
                yield file
            yield from inline_leaves(caption)
        case Separator(markup=markup):
            yield markup
        case Unprinted(leaves=passage):
            yield from passage
        case PageBreak():
            yield block
        case _:
            assert_never(block)


def inline_leaves(inlines: Inlines) -> Iterator[Leaf]:
    for inline in inlines:
        match inline:
            case Emphasis(inlines=inner):
                yield from inline_leaves(inner)
            case Ruby(base=base, reading=reading):
                yield from inline_leaves(base)
                yield reading
            case Text() | Markup() | NoteRef() | PageBreak() | WordSpace() | LineBreak():
                yield inline
            case _:
                assert_never(inline)


def shown(leaf: Leaf) -> str:
    """The characters a reader sees of a leaf; note marks are the renderer's own and count as none."""
    match leaf:
        case Text(text=text):
            return text
        case WordSpace():
            return " "
        case Markup() | NoteRef() | PageBreak() | LineBreak():
            return ""
        case _:
            assert_never(leaf)


def plain(inlines: Inlines) -> str:
    """The text of a run as a reader sees it, without note marks."""
    return "".join(map(shown, inline_leaves(inlines)))


def block_plain(block: Block) -> str:
    """The text of a block as a reader sees it; what is unprinted counts as none."""
    return "" if isinstance(block, Unprinted) else "".join(map(shown, block_leaves(block)))


# ---------------------------------------------------------------- maps


def map_runs(book: Book, change: RunMap) -> Book:
    """The same book with `change` applied to every run of shown inlines: titles, paragraphs, verse lines, cells, notes.

    `change` gets a whole run at once, since phrases cross leaves. What is unprinted is left alone.
    """
    return replace(
        book,
        sections=tuple(_map_section(section, change) for section in book.sections),
        notes=tuple(replace(note, blocks=map_blocks(note.blocks, change)) for note in book.notes),
    )


def _map_section(section: Section, change: RunMap) -> Section:
    return replace(
        section,
        title=change(section.title),
        subtitle=change(section.subtitle),
        blocks=map_blocks(section.blocks, change),
        sections=tuple(_map_section(child, change) for child in section.sections),
    )


def map_blocks(blocks: Blocks, change: RunMap) -> Blocks:
    return tuple(map_block(block, change) for block in blocks)


def map_block(block: Block, change: RunMap) -> Block:
    match block:
        case Paragraph(inlines=inlines):
            return replace(block, inlines=change(inlines))
        case Verse(lines=lines):
            return replace(block, lines=tuple(map(change, lines)))
        case Quote(blocks=blocks):
            return replace(block, blocks=map_blocks(blocks, change))
        case List(items=items):
            return replace(block, items=tuple(ListItem(map_blocks(item.blocks, change)) for item in items))
        case Table(rows=rows, caption=caption):
            return replace(block, rows=tuple(_map_row(row, change) for row in rows), caption=change(caption))
        case Box(label=label, title=title, blocks=blocks):
            return replace(block, label=change(label), title=change(title), blocks=map_blocks(blocks, change))
        case Figure(caption=caption):
            return replace(block, caption=change(caption))
        case Separator() | Unprinted() | PageBreak():
            return block
        case _:
            assert_never(block)


def _map_row(row: tuple[Cell, ...], change: RunMap) -> tuple[Cell, ...]:
    return tuple(replace(cell, inlines=change(cell.inlines)) for cell in row)


def map_texts(inlines: Inlines, texts: Iterator[str]) -> Inlines:
    """`inlines` with the next of `texts` put into each of its Text leaves, in order."""
    return tuple(_with_text(inline, texts) for inline in inlines)


def _with_text(inline: Inline, texts: Iterator[str]) -> Inline:
    match inline:
        case Text():
            return replace(inline, text=next(texts))
        case Emphasis(inlines=inner):
            return replace(inline, inlines=map_texts(inner, texts))
        case Ruby(base=base, reading=reading):
            return replace(inline, base=map_texts(base, texts), reading=replace(reading, text=next(texts)))
        case Markup() | NoteRef() | PageBreak() | WordSpace() | LineBreak():
            return inline
        case _:
            assert_never(inline)
