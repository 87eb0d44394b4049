"""python -m tests.bench_pdf [PAGES…]: what a printed book costs, ours beside others, on the same text in one run.

Stock WeasyPrint sets our own markup and styles with its own line layout; Typst (pip install typst), XeLaTeX (with
ctex) and Chromium set the same titles and paragraphs on the same type area. Each is a process of its own, start-up,
reading and writing included. Those that are not installed say so. The text is the prose of seeds/, shuffled.

The goals: at 800 pages ours takes 0.30 of stock's processor time at most, 150 MB and a file of 1.3 MB; less than
XeLaTeX at every size; 1,600 pages cost at most 2.1 times 800.
"""

import os
import random
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pipeline import book_json, style, typeset, walk
from pipeline.book import Book, Edition, Metadata, Paragraph, Repairs, Section, SectionKind
from pipeline.config import PrintSettings, Settings
from pipeline.render import pdf
from tests import others, pdf_reader, specimen, typography

SIZES = (50, 200, 800)
TWICE = 1600  # ours alone, for how the cost grows
CHARACTERS = 735  # that a page of this text comes to, openings and blanks reckoned in
CHAPTER, SECTION = 7_000, 1_800  # characters
SETTINGS = Settings(print=PrintSettings("170x240", "classic"))
LONGEST = 1800  # seconds that one engine may take


@dataclass(frozen=True, slots=True)
class Cost:
    """What a process took, and what came of it."""

    pages: int
    cpu: float
    wall: float
    memory: float
    size: float


# ---------------------------------------------------------------- the text


@cache
def prose() -> tuple[str, ...]:
    """The paragraphs of our seeds."""
    book = typography.seed_edition(min(Path("seeds").glob("*.txt"))).book
    blocks = (block for section in walk.sections(book) for block in section.blocks if isinstance(block, Paragraph))
    return tuple(words for words in map(walk.block_plain, blocks) if len(words) > 60)


def book(pages: int) -> Book:
    """A book of about so many pages: chapters of sections of shuffled paragraphs, the same each time."""
    dice, known, left = random.Random(pages), prose(), pages * CHARACTERS
    pool: list[str] = []
    chapters: list[Section] = []
    while left > 0:
        sections: list[Section] = []
        while left > 0 and len(sections) * SECTION < CHAPTER:
            paragraphs: list[str] = []
            while left > 0 and sum(map(len, paragraphs)) < SECTION:
                if not pool:
                    pool = dice.sample(known, len(known))
                paragraphs.append(pool.pop())
                left -= len(paragraphs[-1])
            sections.append(_section(len(chapters), len(sections), paragraphs))
        number = len(chapters) + 1
        title = specimen.text(f"第{number}章　道路与群众")
        chapters.append(Section(f"c{number}", SectionKind.CHAPTER, 1, title, (), (), tuple(sections)))
    return Book(Metadata(title="群众路线读本"), "zh-Hans", (), tuple(chapters))


def _section(chapter: int, number: int, paragraphs: list[str]) -> Section:
    title = specimen.text(f"{'一二三四五六七八九'[number]}、历史的发展")
    blocks = tuple(map(specimen.paragraph, paragraphs))
    return Section(f"c{chapter + 1}s{number + 1}", SectionKind.SECTION, 2, title, (), blocks)


# ---------------------------------------------------------------- the engines


def set_book(engine: str, source: Path, file: Path) -> None:
    """The book of book.json by WeasyPrint, in this process."""
    edition = edition_of(book_json.load(source.read_text(encoding="utf-8")))
    if engine == "stock":
        typeset.PROVED_ON = "none"
    file.write_bytes(pdf.render(edition, style.load(), SETTINGS).data)


def edition_of(said: Book) -> Edition:
    """A book as an edition."""
    return Edition("bench", "source", "zh-Hans", said, Repairs(), "0" * 64)


def command(engine: str, said: Book, folder: Path) -> list[str]:
    """What sets a book as book.pdf in a folder; what it reads is written there."""
    file, area = folder / "book.pdf", typography.area_of(edition_of(said), SETTINGS)
    if engine in {"zhpress", "stock"}:
        source = folder / "book.json"
        source.write_text(book_json.dump(said), encoding="utf-8")
        return [sys.executable, "-m", "tests.bench_pdf", "--set", engine, str(source), str(file)]
    if engine == "typst":
        source = folder / "book.typ"
        source.write_text(others.typst(said, "zh-Hans", area, contents=True), encoding="utf-8")
        return [sys.executable, "-c", f"import typst; typst.compile({str(source)!r}, output={str(file)!r})"]
    if engine == "xelatex":
        (folder / "book.tex").write_text(others.latex(said, area), encoding="utf-8")
        once = f"cd {shlex.quote(str(folder))} && xelatex -interaction=batchmode -no-shell-escape book.tex >xelatex.txt"
        return ["sh", "-c", f"{once} && {once}"]  # twice, for its contents
    page = folder / "book.html"
    page.write_text(others.page_html(said, area), encoding="utf-8")
    quiet = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"]
    quiet += ["--disable-background-networking", "--disable-component-update", "--no-pdf-header-footer"]
    quiet += ["--log-level=3", f"--user-data-dir={folder / 'profile'}"]
    return ["chromium", *quiet, f"--print-to-pdf={file}", page.as_uri()]


def missing(engine: str) -> bool:
    """Whether an engine is not on this machine."""
    if engine == "typst":
        return not others.has_typst()
    return engine in {"xelatex", "chromium"} and shutil.which(engine) is None


def cost(engine: str, pages: int) -> Cost:
    """The cost of one book by one engine, in a process of its own: from its source on disk to the PDF on disk."""
    with tempfile.TemporaryDirectory() as folder:
        asked = command(engine, book(pages), Path(folder))
        start = time.monotonic()
        process = subprocess.Popen(asked, stderr=subprocess.DEVNULL if engine == "chromium" else None)
        memory = 0.0
        while True:  # what the system keeps as a process' most counts what it was forked from as well
            memory = max(memory, _memory(process.pid))
            time.sleep(0.02)
            done, status, used = os.wait4(process.pid, os.WNOHANG)
            if done:
                break
        wall = time.monotonic() - start
        if status:
            raise RuntimeError(f"{engine}: exit status {status}")
        data = (Path(folder) / "book.pdf").read_bytes()
        count = len(pdf_reader.opened(data))
        return Cost(count, used.ru_utime + used.ru_stime, wall, memory, len(data) / 1e6)


def _memory(process: int) -> float:
    """Megabytes that a process and those it started hold now (Linux; 0 elsewhere)."""
    try:
        status = Path(f"/proc/{process}/status").read_text(encoding="utf-8")
        under = Path(f"/proc/{process}/task/{process}/children").read_text(encoding="utf-8")
    except OSError:
        return 0.0
    held = re.search(r"VmRSS:\s*(\d+)", status)
    return (int(held[1]) / 1024 if held else 0.0) + sum(_memory(int(child)) for child in under.split())


def table(sizes: tuple[int, ...]) -> Iterator[str]:
    """The table, line by line as the engines end."""
    yield "| pages wanted | engine | pages | CPU s | of stock | wall s | peak MB | file MB |"
    yield "|---" * 8 + "|"
    for pages in sizes:
        stock = None
        for engine in ("stock", "zhpress", "typst", "xelatex", "chromium"):
            if missing(engine):
                yield f"| {pages} | {engine} | not installed |"
                continue
            found = cost(engine, pages)
            stock = found.cpu if engine == "stock" else stock
            yield _row(pages, engine, found, stock)
    if sizes[-1:] == SIZES[-1:]:
        once, twice = cost("zhpress", SIZES[-1]), cost("zhpress", TWICE)
        yield _row(TWICE, "zhpress", twice, None)
        yield f"\n{TWICE} pages cost {twice.cpu / once.cpu:.2f} times {SIZES[-1]}."


def _row(pages: int, engine: str, found: Cost, stock: float | None) -> str:
    share = f"{found.cpu / stock:.2f}" if stock else "-"
    return (
        f"| {pages} | {engine} | {found.pages} | {found.cpu:.2f} | {share} | {found.wall:.1f} | {found.memory:.0f} "
        f"| {found.size:.2f} |"
    )


def main(arguments: list[str]) -> int:
    """Print the table, or (--set) set one book."""
    if arguments[:1] == ["--set"]:
        set_book(arguments[1], Path(arguments[2]), Path(arguments[3]))
        return 0
    for line in table(tuple(map(int, arguments)) or SIZES):
        sys.stdout.write(line + "\n")
        sys.stdout.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
