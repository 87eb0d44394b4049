"""python -m tests.bench_epub: our e-book step beside pandoc and calibre, on the same texts, side by side in one run.

Each maker is a fresh process; ours is timed after its modules, styles and readings are loaded ("the interpreter is
up"), and whole beside that. The goal is a book of 300,000 characters with 300 notes in 1.5 s and 200 MB, and a cost
that grows as the book does. pandoc makes its EPUB from Markdown of the same text; calibre's ebook-convert makes one
from pandoc's. Where they are not installed, their lines say so.
"""

import json
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from pipeline import style, walk
from pipeline.config import Settings
from pipeline.render import epub
from tests import torture

ROOT = Path(__file__).parent.parent
SIZES = ((150_000, 150), (300_000, 300), (600_000, 600))
GOAL = (1.5, 200.0)  # seconds and megabytes for the second of them


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds of processor time for the step, for the whole process, and its largest memory in megabytes."""

    step: float | None
    whole: float
    memory: float


def ours(characters: int, notes: int) -> dict[str, float]:
    """The cost of one e-book in this process. Runs in a process of its own, so that its memory is its own."""
    looks = style.load()
    epub.render(torture.edition(), looks, Settings())
    edition = torture.large(characters, notes)
    start = time.process_time()
    epub.render(edition, looks, Settings())
    return {"step": time.process_time() - start}


def markdown(characters: int, notes: int) -> str:
    """The same text as pandoc's Markdown, its notes as footnotes."""
    book = torture.large(characters, notes).book
    said = {note.anchor: "".join(map(walk.block_plain, note.blocks)) for note in book.notes}
    parts = ["---\ntitle: 平常\nlang: zh-Hans\n---"]
    for section in book.sections:
        parts.append(f"# {walk.plain(section.title)}")
        for block in section.blocks:
            words = walk.block_plain(block)
            refs = "".join(f"[^{ref}]" for ref in torture.references(block))
            parts.append(words + refs)
    parts += [f"[^{anchor}]: {words}" for anchor, words in said.items()]
    return "\n\n".join(parts) + "\n"


def cost(command: list[str]) -> Cost:
    """Run a program; what it and its children cost."""
    code = (
        "import json, resource, subprocess, sys;"
        "done = subprocess.run(sys.argv[1:], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True);"
        "used = resource.getrusage(resource.RUSAGE_CHILDREN);"
        "print(json.dumps([done.stdout.decode(), used.ru_utime + used.ru_stime, used.ru_maxrss]))"
    )
    done = subprocess.run([sys.executable, "-c", code, *command], cwd=ROOT, capture_output=True, text=True, check=True)
    told, seconds, largest = json.loads(done.stdout)
    step = json.loads(told)["step"] if told.startswith("{") else None
    return Cost(step, seconds, largest / (2**20 if sys.platform == "darwin" else 2**10))


def makers(folder: Path, characters: int, notes: int) -> dict[str, list[str]]:
    """The command of each maker."""
    text, made = folder / f"{characters}.md", folder / f"{characters}.epub"
    text.write_text(markdown(characters, notes), "utf-8")
    return {
        "zhpress": [sys.executable, "-m", "tests.bench_epub", str(characters), str(notes)],
        "pandoc": ["pandoc", "--from=markdown", "--to=epub3", "--toc", f"--output={made}", str(text)],
        "ebook-convert": ["ebook-convert", str(made), str(folder / f"{characters}-calibre.epub")],
    }


def main() -> int:
    """The table, on stdout; 1 if the goal is missed."""
    sys.stdout.write(f"{'':14}{'字 characters':>14}{'步骤 step s':>13}{'全程 whole s':>13}{'内存 MB':>10}\n")
    reached = True
    with tempfile.TemporaryDirectory() as name:
        for characters, notes in SIZES:
            for maker, command in makers(Path(name), characters, notes).items():
                if shutil.which(command[0]) is None or (maker == "ebook-convert" and not Path(command[1]).exists()):
                    sys.stdout.write(f"{maker:14}{characters:>14,}  未安装 not installed\n")
                    continue
                spent = cost(command)
                step = f"{spent.step:.2f}" if spent.step is not None else "–"
                sys.stdout.write(f"{maker:14}{characters:>14,}{step:>13}{spent.whole:>13.2f}{spent.memory:>10.0f}\n")
                sys.stdout.flush()
                if maker == "zhpress" and characters == SIZES[1][0]:
                    reached = (spent.step or 0) <= GOAL[0] and spent.memory <= GOAL[1]
    sys.stdout.write(
        f"目标 goal: 300,000 <= {GOAL[0]} s, <= {GOAL[1]:.0f} MB: {'达到 reached' if reached else '未达 missed'}\n"
    )
    return 0 if reached else 1


if __name__ == "__main__":
    if sys.argv[1:]:
        sys.stdout.write(json.dumps(ours(*map(int, sys.argv[1:3]))))
    else:
        sys.exit(main())
