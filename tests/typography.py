"""The typography of our PDFs in figures: `python -m tests.typography [--all] [SEED…]` (make typography).

Sets each seed (default: all of seeds/) and the specimen book, reads the PDFs back with PyMuPDF and pdftotext, and
prints one table; under each book the same titles and paragraphs as Typst sets them (where it is installed: pip install
typst). With --all also the books of the shared corpus, where it lies beside the checkout, and the specimen in every
house style, four trim sizes and three scripts. What is measured, and the clause it stands on:

    prohibited   lines that begin or end with a mark that may not (CLREQ § 3.1.3, GB/T 15834 § 5.1)
    pairs        adjacent marks that were squeezed, of all (CLREQ § 3.1.6)
    half ends    marks at a line's end that take half a character, of all
    off edge     full lines ending in a Han character that miss the right edge by more than 0.05 pt
    spread       full lines whose characters were spread (mean gap over 0.002 em), in per cent; widest mean gap, in em
    lonely       last lines of a single character
    lone lines   first or last lines of a paragraph alone at a page's foot or head
    grid         body baselines on the line grid, within 0.01 pt
    notes        notes on the page of their mark, of all
    contents     numbers of the contents that are the folio of what they lead to, of all
    missing      characters of the edition that neither reader finds; spaces it finds between Han and its neighbours
"""

import re
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path
from statistics import fmean
from typing import Any

from pipeline import source, style, tasks, walk
from pipeline.book import Book, Edition, Table
from pipeline.config import PrintSettings, Settings
from pipeline.render import pdf, trim
from pipeline.render.html import title_text
from pipeline.typeset.characters import CLOSING, NO_END, NO_START, OPENING, is_han
from tests import others, pdf_reader, specimen
from tests.pdf_reader import Glyph

_SAME_LINE = 0.6  # pt
_GRID = 0.01  # pt
_SPREAD = 0.002  # em
_SQUEEZED = 0.8  # em
_HAN_FACE = re.compile(r"(SC|TC|HK)(-Regular)?$", re.IGNORECASE)
_CENTRED_FACES, _CENTRED_MARKS = ("TC", "HK"), frozenset("，。、；：？！")  # half of one lies on both its sides


@dataclass(frozen=True, slots=True)
class Row:
    """A line of body text: its page, baseline, glyphs from left to right."""

    page: int
    y: float
    glyphs: tuple[Glyph, ...]

    @property
    def x(self) -> float:
        return self.glyphs[0].x

    @property
    def words(self) -> str:
        return "".join(glyph.char for glyph in self.glyphs)


@dataclass(slots=True)
class Figures:
    """What was measured of one book."""

    pages: int = 0
    lines: int = 0
    prohibited: int = 0
    pairs: int = 0
    squeezed: int = 0
    ends: int = 0
    half_ends: int = 0
    full: int = 0
    off_edge: int = 0
    spread: int = 0
    widest: float = 0.0
    lonely: int = 0
    lone_lines: int = 0
    on_grid: int = 0
    notes: int = 0
    notes_at_mark: int = 0
    contents: int = 0
    contents_right: int = 0
    missing: int = 0
    spaces: int = 0
    examples: list[str] = field(default_factory=list)

    def table_row(self, name: str) -> str:
        share = f"{100 * self.spread / max(self.full, 1):.2f}%"
        cells = (
            name, self.pages, self.lines, self.prohibited, f"{self.squeezed}/{self.pairs}",
            f"{self.half_ends}/{self.ends}", self.off_edge, share, f"{self.widest:.4f}", self.lonely,
            self.lone_lines, f"{100 * self.on_grid / max(self.lines, 1):.2f}%",
            f"{self.notes_at_mark}/{self.notes}",
            f"{self.contents_right}/{self.contents}", self.missing, self.spaces,
        )  # fmt: skip
        return "| " + " | ".join(map(str, cells)) + " |"


CORPUS = Path(__file__).parent.parent.parent / "shared/corpus/input"  # beside the checkout, where it is
HOUSES, TRIMS = ("classic", "large", "compact"), ("16开", "大32开", "32开", "A5")
LANGS = ("zh-Hans", "zh-Hant-TW", "zh-Hant-HK")

HEAD = (
    "| book | pages | lines | prohibited | pairs | half ends | off edge | spread | widest | lonely | lone lines "
    "| grid | notes | contents | missing | spaces |\n" + "|---" * 16 + "|"
)


def measure(data: bytes, area: trim.TypeArea, said: str, skip: Sequence[int] = ()) -> Figures:
    """The figures of one PDF that says `said`. `skip` are pages that are not text (title pages, contents, colophon)."""
    figures = Figures()
    document = pdf_reader.opened(data)
    figures.pages = len(document)
    pages = [number for number in range(len(document)) if number not in skip]
    everything = {number: tuple(rows(document[number], number, area)) for number in pages}
    body = [row for number in pages for row in everything[number] if is_body(row, area)]
    for number in pages:
        for row in everything[number]:
            _prohibitions(row, figures)
            _pairs(row, figures)
        _notes(everything[number], area, figures)
    figures.lines = len(body)
    _full_lines(body, area, figures)
    _lone(body, area, figures)
    _grid(body, area, figures)
    _contents(document, area, figures)
    _read_back(data, said, pages, figures)
    return figures


# ---------------------------------------------------------------- rows


def rows(page: Any, number: int, area: trim.TypeArea) -> Iterator[Row]:
    """The lines of the type area, top to bottom; table rows are left out by their size where they have one."""
    inside = [
        glyph
        for glyph in pdf_reader.glyphs(page)
        if not glyph.char.isspace() and area.head < glyph.y < area.head + area.depth + 1
    ]
    inside.sort(key=lambda glyph: (round(glyph.y, 1), glyph.x))
    line: list[Glyph] = []
    for glyph in inside:
        if line and glyph.y - line[-1].y > _SAME_LINE:
            yield _row(number, line)
            line = []
        line.append(glyph)
    if line:
        yield _row(number, line)


def _row(number: int, line: list[Glyph]) -> Row:
    line.sort(key=lambda glyph: glyph.x)
    return Row(number, Counter(glyph.y for glyph in line).most_common(1)[0][0], tuple(line))


def is_body(row: Row, area: trim.TypeArea) -> bool:
    size = area.body.size
    body = sum(abs(glyph.size - size) < 0.05 and _HAN_FACE.search(glyph.font) is not None for glyph in row.glyphs)
    return body > len(row.glyphs) / 2 and not any("Sans" in glyph.font for glyph in row.glyphs)


def left_edge(number: int, area: trim.TypeArea) -> float:
    """Rectos (counted from 0: even) have the binding on the left."""
    return area.outside if number % 2 else area.inside


# ---------------------------------------------------------------- what is measured


def _prohibitions(row: Row, figures: Figures) -> None:
    first, last = row.glyphs[0], row.glyphs[-1]
    if first.char in NO_START - set("-./") or (last.char in NO_END - set("/#@") and len(row.glyphs) > 1):
        figures.prohibited += 1
        figures.examples.append(f"p{row.page + 1} {row.words[:8]}…{row.words[-8:]}")


def _pairs(row: Row, figures: Figures) -> None:
    for a, b in zip(row.glyphs, row.glyphs[1:], strict=False):
        meets = (a.char in CLOSING and b.char in CLOSING | OPENING) or (a.char in OPENING and b.char in OPENING)
        if meets and a.size == b.size:
            figures.pairs += 1
            tight = b.x - a.x < _SQUEEZED * a.size
            figures.squeezed += tight
            if not tight:
                figures.examples.append(f"p{row.page + 1} {a.char}{b.char} {(b.x - a.x) / a.size:.2f} em")


def _continues(row: Row, after: Row | None, area: trim.TypeArea) -> bool:
    """Whether the next body line goes on with this one's paragraph: it begins at the very edge, one line below."""
    if after is None:
        return False
    at_edge = abs(after.x - left_edge(after.page, area)) < area.body.size * 0.6
    at_edge = at_edge and (after.glyphs[0].char not in OPENING or after.x < left_edge(after.page, area) + 0.1)
    near = after.page == row.page and abs(after.y - row.y - area.body.line) < 0.1
    return at_edge and (near or after.page == row.page + 1)


def _full_lines(body: list[Row], area: trim.TypeArea, figures: Figures) -> None:
    size = area.body.size
    for i, row in enumerate(body):
        edge = left_edge(row.page, area)
        after = body[i + 1] if i + 1 < len(body) else None
        starts = min(abs(row.x - edge), abs(row.x - edge - 2 * size)) < size * 0.6
        if starts and _continues(row, after, area):
            _full_line(row, edge + area.measure, size, figures)
        elif abs(row.x - edge) < size * 0.1:
            _last_line(row, figures)


def _full_line(row: Row, right: float, size: float, figures: Figures) -> None:
    figures.full += 1
    last = row.glyphs[-1]
    if last.char in CLOSING:
        figures.ends += 1
        centred = last.font.endswith(_CENTRED_FACES) and last.char in _CENTRED_MARKS
        half = right - last.x < size * (0.85 if centred else 0.65)
        figures.half_ends += half
        if not half:
            figures.examples.append(f"p{row.page + 1} line end {last.char} {(right - last.x) / size:.2f} em")
    elif is_han(last.char):
        off = abs(last.x + size - right) > 0.05
        figures.off_edge += off
        if off:
            figures.examples.append(f"p{row.page + 1} off edge {row.words[-6:]} {right - last.x - size:.2f} pt")
    gaps = [
        b.x - a.x - size
        for a, b in zip(row.glyphs, row.glyphs[1:], strict=False)
        if is_han(a.char) and is_han(b.char) and a.size == b.size == last.size
    ]
    mean = fmean(gaps) / size if gaps else 0.0
    figures.spread += mean > _SPREAD
    if mean > figures.widest:
        figures.widest = mean
        figures.examples.append(f"p{row.page + 1} spread {mean:.4f} {row.words[:10]}")


def _last_line(row: Row, figures: Figures) -> None:
    letters = sum(char.isalnum() for char in row.words)
    if letters <= 1 and len(row.words) <= 3:
        figures.lonely += 1
        figures.examples.append(f"p{row.page + 1} lonely {row.words}")


def _lone(body: list[Row], area: trim.TypeArea, figures: Figures) -> None:
    """First lines alone at a foot, last lines alone at a head."""
    size = area.body.size
    for i, row in enumerate(body[:-1]):
        after = body[i + 1]
        if after.page == row.page:
            continue
        indented = abs(row.x - left_edge(row.page, area) - 2 * size) < size * 0.6
        goes_on = _continues(row, after, area)
        second = body[i + 2] if i + 2 < len(body) else None
        ends = second is not None and second.page == after.page and not _continues(after, second, area)
        if goes_on and (indented or ends):
            figures.lone_lines += 1
            figures.examples.append(f"p{row.page + 1} lone line {row.words[:8]} / {after.words[:8]}")


def _grid(body: list[Row], area: trim.TypeArea, figures: Figures) -> None:
    phases = Counter(round((row.y - area.head) % area.body.line, 2) for row in body)
    phase = phases.most_common(1)[0][0] if phases else 0.0
    for row in body:
        off = abs((row.y - area.head - phase + area.body.line / 2) % area.body.line - area.body.line / 2)
        figures.on_grid += off <= _GRID + 0.005
        if off > _GRID + 0.005:
            figures.examples.append(f"p{row.page + 1} off grid {off:.2f} pt {row.words[:8]}")


def _notes(page: Sequence[Row], area: trim.TypeArea, figures: Figures) -> None:
    """A note's own mark has the note's size, its mark in the text is smaller still."""
    note_size = area.body.size * 0.81
    marks = [glyph for row in page for glyph in row.glyphs if pdf_reader.is_note_mark(glyph.char)]
    notes = {glyph.char for glyph in marks if abs(glyph.size - note_size) < 0.05}
    calls = [glyph.char for glyph in marks if glyph.size < note_size - 0.05]
    figures.notes += len(calls)
    figures.notes_at_mark += sum(call in notes for call in calls)


def shown(book: Book) -> str:
    """What a reader is to see, blocks on lines of their own; what is unprinted is left out."""
    lines: list[str] = []
    for section in walk.sections(book):
        lines += [title_text(section.title), walk.plain(section.subtitle)]
        for block in section.blocks:
            lines += _cells(block) if isinstance(block, Table) else [walk.block_plain(block)]
    lines += [walk.block_plain(block) for note in book.notes for block in note.blocks]
    return "\n".join(lines)


def _cells(table: Table) -> list[str]:
    return [walk.plain(table.caption), *(walk.plain(cell.inlines) for row in table.rows for cell in row)]


def _contents(document: Any, area: trim.TypeArea, figures: Figures) -> None:
    """The number at the end of each linked line before the text, against the label of the page that it leads to."""
    for page in document:
        for link in page.get_links():
            if link.get("page", -1) < 0 or page.get_label().isdigit():
                continue
            left, top, right, bottom = link["from"]
            line = page.get_textbox(
                (left, top + 4, right + area.outside / 2, bottom - 4)
            )  # it may end before its number
            number = re.search(r"([0-9]+|[ivxl]+)\s*$", line.strip())
            if number:
                figures.contents += 1
                figures.contents_right += number[1] == document[link["page"]].get_label()


def _read_back(data: bytes, said: str, pages: Sequence[int], figures: Figures) -> None:
    """Both readers' text against the edition's: characters that are missing, spaces that nobody wrote."""
    document = pdf_reader.opened(data)
    readings = ["".join(document[number].get_text() for number in pages), _poppler(data, pages)]
    figures.missing = max(sum(pdf_reader.missing(said, read).values()) for read in readings)
    figures.spaces = max(sum(1 for _ in _made_up_spaces(read, said, figures)) for read in readings)


def _poppler(data: bytes, pages: Sequence[int]) -> str:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "book.pdf"
        file.write_bytes(data)
        read = subprocess.run(["pdftotext", "-raw", str(file), "-"], capture_output=True, text=True, check=True)
    texts = read.stdout.split("\f")
    return "".join(texts[number] for number in pages)


def _made_up_spaces(read: str, said: str, figures: Figures) -> Iterator[str]:
    """Spaces inside a line whose neighbours stand side by side in the edition, one of them not Western."""
    for found in re.finditer(r"(?=(\S{1,3}) (\S{1,3}))", read):
        before, after = found[1], found[2]
        beside = f"{before[-1]} {after[0]}"
        ours = before[-1] > "\u2000" or after[0] > "\u2000"
        plain = not any("\x7f" < char < "\u2000" for char in beside)  # not a reading over its base
        if ours and plain and before + after in said and beside not in said:
            figures.examples.append(f"space {before}|{after}")
            yield found[0]


# ---------------------------------------------------------------- the command


def furniture(data: bytes) -> list[int]:
    """Half-title to copyright page, contents and colophon: pages that are not the book's text."""
    document = pdf_reader.opened(data)
    outline = document.get_toc()
    contents = next((page - 1 for _, title, page in outline if title.replace("　", "") in ("目录", "目錄")), 4)
    start = next((i for i, page in enumerate(document) if page.get_label() == "1"), contents)
    return [0, 1, 2, 3, *range(contents, start), len(document) - 1]


def area_of(edition: Edition, settings: Settings) -> trim.TypeArea:
    house = style.load().sheets[f"print-{settings.print.style}.css"]
    return trim.type_area(*trim.size_of(settings.print.trim, edition.book.metadata), pdf._body(house))


def books(arguments: Sequence[str]) -> Iterator[tuple[str, Edition, Settings]]:
    """The specimen, and each seed as the press prepares it; with --all whatever else there is."""
    plain, everything = Settings(), "--all" in arguments
    yield "specimen", specimen.edition(), plain
    paths = [argument for argument in arguments if argument != "--all"]
    for path in map(Path, paths or sorted(str(path) for path in Path("seeds").glob("*.txt"))):
        yield path.stem[:12], seed_edition(path), plain
    if everything:
        for path in sorted(CORPUS.glob("*.txt")):
            yield path.stem, seed_edition(path), plain
        for house, trim_name, lang in product(HOUSES, TRIMS, LANGS):
            settings = Settings(print=PrintSettings(trim_name, house))
            yield f"specimen {house} {trim_name} {lang}", specimen.edition(lang), settings


def seed_edition(path: Path) -> Edition:
    """A seed's own edition, through the stages of the press."""
    (seed,) = source.resolve(path)
    prepared = tasks.prepare(tasks.Manuscript(source.load(seed), Settings()))
    if isinstance(prepared, tasks.Fault):
        raise prepared.error
    return Edition(path.stem, "source", prepared.book.lang, prepared.book, prepared.repairs, "0" * 64)


def by_typst(edition: Edition, area: trim.TypeArea) -> Figures:
    """What Typst makes of the same titles and paragraphs."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "book.pdf"
        others.set_by_typst(others.typst(edition.book, edition.lang, area, contents=False), file)
        said = "\n".join(words for _, words in others.pieces(edition.book))
        return measure(file.read_bytes(), area, said)


def main(arguments: Sequence[str]) -> int:
    """Print the table; 1 if anything of ours is out of bounds."""
    looks = style.load()
    sys.stdout.write(HEAD + "\n")
    bad = False
    for name, edition, settings in books(arguments):
        artifact = pdf.render(edition, looks, settings)
        area = area_of(edition, settings)
        figures = measure(artifact.data, area, shown(edition.book), furniture(artifact.data))
        sys.stdout.write(figures.table_row(name) + "\n")
        for example in figures.examples[:12]:
            sys.stderr.write(f"  {name}: {example}\n")
        bad = bad or bool(figures.prohibited or figures.off_edge or figures.lonely or figures.missing)
        if others.has_typst() and " " not in name:
            sys.stdout.write(by_typst(edition, area).table_row("- by Typst") + "\n")
        sys.stdout.flush()
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
