"""Golden books: what source, cleaning and structure make of a text, as text that a person can read and compare.

Each folder of tests/books holds golden/book.txt and, unless a seed has its name, text.txt. `make golden` writes
the golden files anew; look at the difference before you commit it.
"""

from collections.abc import Iterator
from pathlib import Path

from pipeline import laws, pages, source, walk
from pipeline.book import (
    Block,
    Box,
    Emphasis,
    Figure,
    Inlines,
    LineBreak,
    List,
    Markup,
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
from pipeline.clean import clean
from pipeline.structure import Structured, structure

ROOT = Path(__file__).resolve().parent.parent
BOOKS = ROOT / "tests" / "books"


def text_of(folder: Path) -> Path:
    """The text of a golden book: its own, or the seed of its name."""
    own = folder / "text.txt"
    return own if own.exists() else ROOT / "seeds" / f"{folder.name}.txt"


def made(path: Path) -> Structured:
    """The whole way from bytes to Book, with law 3 proved."""
    read = source.read(source.load(source.resolve(path)[0]))
    printed = pages.find(read.lines, read.page_starts)
    cleaned = clean(read.lines, printed)
    found = structure(cleaned.lines, printed, name="无名")
    laws.book_tiles_lines(found.book, cleaned.lines)
    return found


def dump(found: Structured) -> str:
    """The Book as indented lines: a section or block each, notes and notices at the end."""
    return "\n".join(_lines(found)) + "\n"


def _lines(found: Structured) -> Iterator[str]:
    about = found.book.metadata
    creators = "、".join(f"{creator.name} {creator.role}" for creator in about.creators)
    yield f"《{about.title}》 {creators} {about.publisher} {about.date} {about.isbn} {found.book.lang}"
    for passage in found.book.front:
        yield f"front {passage.kind.value} ({len(passage.leaves)})"
    for section in found.book.sections:
        yield from _section(section, 0)
    for note in found.book.notes:
        yield f"note {note.mark.text if note.mark else '-'} {''.join(map(walk.block_plain, note.blocks))}"
    for notice in found.notices:
        yield f"notice {notice.severity.value} {notice.code}: {notice.message}"


def _section(section: Section, depth: int) -> Iterator[str]:
    margin = "  " * depth
    subtitle = f" — {_run(section.subtitle)}" if section.subtitle else ""
    yield f"{margin}{'#' * section.level} {_run(section.title)}{subtitle} [{section.kind.value}]"
    for block in section.blocks:
        yield from _block(block, margin + "  ")
    for child in section.sections:
        yield from _section(child, depth + 1)


def _block(block: Block, margin: str) -> Iterator[str]:
    match block:
        case Paragraph(inlines=inlines, style=style):
            yield f"{margin}{style.value}: {_run(inlines)}"
        case Verse(lines=lines):
            yield from (f"{margin}verse: {_run(line)}" for line in lines)
        case Table(rows=rows, caption=caption):
            yield f"{margin}table: {_run(caption)}"
            yield from (f"{margin}| {' | '.join(_run(cell.inlines) for cell in row)} |" for row in rows)
        case Figure(caption=caption, file=file):
            yield f"{margin}figure: {file.text if file else ''} {_run(caption)}"
        case Separator():
            yield f"{margin}separator"
        case Unprinted(kind=kind, leaves=leaves):
            yield f"{margin}unprinted {kind.value} ({len(leaves)})"
        case PageBreak(anchor=anchor):
            yield f"{margin}{anchor}"
        case Quote() | List() | Box():
            yield from _nest(block, margin)


def _nest(block: Quote | List | Box, margin: str) -> Iterator[str]:
    """A block that holds others, and they under it."""
    match block:
        case Quote(blocks=blocks, kind=kind):
            yield f"{margin}{kind.value}"
            yield from (line for inner in blocks for line in _block(inner, margin + "  "))
        case List(items=items):
            yield from (line for item in items for inner in item.blocks for line in _block(inner, f"{margin}• "))
        case Box(label=label, title=title, blocks=blocks):
            yield f"{margin}box: {_run(label)} — {_run(title)}"
            yield from (line for inner in blocks for line in _block(inner, margin + "  "))


def _run(inlines: Inlines) -> str:
    out = ""
    for inline in inlines:
        match inline:
            case Text(text=text):
                out += text
            case WordSpace():
                out += "␣"
            case LineBreak():
                out += "⏎"
            case PageBreak(anchor=anchor):
                out += f"⟨{anchor}⟩"
            case NoteRef(mark=mark, placed=placed):
                out += f"⟨{mark}{'?' if placed else ''}⟩"
            case Emphasis(inlines=inner):
                out += f"**{_run(inner)}**"
            case Ruby(base=base, reading=reading):
                out += f"{_run(base)}({reading.text})"
            case Markup():
                pass
    return out


def main() -> None:
    for folder in sorted(path for path in BOOKS.iterdir() if path.is_dir()):
        golden = folder / "golden" / "book.txt"
        golden.parent.mkdir(exist_ok=True)
        golden.write_text(dump(made(text_of(folder))), encoding="utf-8")


if __name__ == "__main__":
    main()
