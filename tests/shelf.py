"""E-books for readers and checkers that nobody here wrote, and what those say of them: each made once in a test run.

Starting a Java machine or a browser costs more than reading a book, so each judge is started once for all the books,
and its answer is kept as JSON beside them. A lock per answer keeps parallel tests from asking twice.
"""

import io
import json
import os
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from filelock import FileLock

from pipeline import bootstrap, editions, style, tasks
from pipeline.book import Book, Edition, Metadata, Repairs
from pipeline.config import ConvertSettings, EpubSettings, Settings
from pipeline.render import epub
from pipeline.source import Raw, RawFile
from tests import torture

ROOT = Path(__file__).parent.parent
READERS = ROOT / "tests" / "readers"
SEEDS = tuple(path.stem for path in sorted((ROOT / "seeds").glob("*.txt")))
# Editions of seeds in the other script: seed, edition, whether its lines stand upright.
TRADITIONAL = {"taiwan": (SEEDS[0], "hant-tw", True), "hongkong": (SEEDS[-1], "hant-hk", False)}
MADE = ("torture", "vertical", "duokan", "nameless", "many", "bare", *TRADITIONAL)  # what is made here, seeds apart
PATIENCE = 400  # seconds that a judge may take for all of its books, on a busy machine


def rendered(name: str) -> bytes:
    """The made-up e-book of that name."""
    looks, plain = style.load(), Settings()
    match name:
        case "torture":
            return epub.render(torture.edition(), looks, plain).data
        case "vertical":
            upright = Settings(epub=EpubSettings(vertical=True))
            return epub.render(torture.edition(lang="zh-Hant"), looks, upright).data
        case "duokan":
            return epub.render(torture.edition(), looks, Settings(epub=EpubSettings(profile="duokan"))).data
        case "nameless":
            edition = torture.edition(torture.book(1, metadata=torture.NAMELESS), stem="无名 &<书>")
            return epub.render(replace(edition, repairs=Repairs()), looks, plain).data
        case "many":
            return epub.render(torture.edition(torture.book(300)), looks, plain).data
        case "bare":
            return epub.render(torture.edition(Book(Metadata(""), "zh-Hans", (), ())), looks, plain).data
        case "fonts":
            embedded = Settings(epub=EpubSettings(embed_fonts=True, profile="apple"))
            return epub.render(torture.edition(), looks, embedded).data
        case "broken":
            return _broken(rendered("torture"))
    if name in TRADITIONAL:
        return epub.render(traditional(name), looks, Settings(epub=EpubSettings(vertical=TRADITIONAL[name][2]))).data
    raise KeyError(name)


@cache
def traditional(name: str) -> Edition:
    """A seed in the other script."""
    seed, edition, _ = TRADITIONAL[name]
    file = ROOT / "seeds" / f"{seed}.txt"
    made = tasks.prepare(tasks.Manuscript(Raw(seed, (RawFile(file.name, file.read_bytes()),)), Settings()))
    assert isinstance(made, tasks.Prepared)
    book = editions.edition(made.book, edition, ConvertSettings())
    return Edition(seed, edition, book.lang, book, editions.repairs(made.repairs, book.lang), "0" * 64)


def _broken(data: bytes) -> bytes:
    """The same e-book, its package looking for the stylesheet where none is."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as book, zipfile.ZipFile(out, "w") as copy:
        for name in book.namelist():
            page = book.read(name)
            copy.writestr(name, page.replace(b'href="style', b'href="gone') if name.endswith(".opf") else page)
    return out.getvalue()


@dataclass(frozen=True, slots=True)
class Shelf:
    """A folder with the books and what was said of them."""

    folder: Path

    def book(self, name: str) -> Path:
        """The file of a made-up book, or of a seed's source edition."""
        if name in SEEDS:
            return self.built(name) / f"{name}.source.epub"
        path = self.folder / f"{name}.epub"
        with FileLock(f"{path}.lock"):
            if not path.exists():
                path.write_bytes(rendered(name))
        return path

    def built(self, seed: str) -> Path:
        """The folder that `build` makes of a seed."""
        with FileLock(self.folder / f"{seed}.lock"):
            if not (self.folder / seed).exists():
                command = [sys.executable, "-m", "pipeline", "build", f"seeds/{seed}.txt", "--format", "epub"]
                out = self.folder / f"{seed}-draft"
                subprocess.run(
                    [*command, "--edition", "source", "--out", str(out), "--quiet"],
                    cwd=ROOT,
                    check=True,
                    capture_output=True,
                )
                (out / seed).rename(self.folder / seed)
        return self.folder / seed

    def once(self, answer: str, ask: Callable[[], Any]) -> Any:
        """What `ask` tells, asked once."""
        path = self.folder / f"{answer}.json"
        with FileLock(f"{path}.lock"):
            if not path.exists():
                path.write_text(json.dumps(ask()), "utf-8")
        return json.loads(path.read_text("utf-8"))

    def foliate(self, name: str) -> Any:
        """What foliate-js sees in a book."""
        book = self.book(name)
        return self.once(f"foliate-{name}", lambda: node("foliate.mjs", str(book), browser(), PATIENCE))

    def readium(self, name: str) -> Any:
        """What Readium's parser sees in a book."""
        book = self.book(name)
        return self.once(f"readium-{name}", lambda: node("readium.cjs", str(book), timeout=PATIENCE))

    def ace(self, name: str) -> Any:
        """DAISY Ace's report on a book."""
        book = self.book(name)
        return self.once(f"ace-{name}", lambda: _ace(book, self.folder / f"ace-{name}"))

    def epubcheck(self, names: Iterable[str]) -> dict[str, list[str]]:
        """Everything EPUBCheck has to say of each of these books, down to usage notes."""
        books = {str(self.book(name)): name for name in names}
        answer = "epubcheck-" + "-".join(books.values())
        said = self.once(answer, lambda: told([sys.executable, "-m", "tests.run_epubcheck", *books], cwd=ROOT))
        return {books[book]: complaints for book, complaints in said.items()}


def browser() -> str:
    """Chromium's path: set-up has brought it."""
    path = bootstrap.chromium()
    assert path, "没有 Chromium，make doctor 说怎样安装"
    return path


def node(script: str, *arguments: str | int, timeout: int = PATIENCE) -> Any:
    """What a script of tests/readers tells."""
    return told(["node", script, *map(str, arguments)], cwd=READERS, timeout=timeout)


def told(command: list[str], *, cwd: Path, timeout: int = PATIENCE) -> Any:
    """The JSON that a program writes to stdout."""
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, timeout=timeout, check=False)
    assert done.returncode == 0, done.stderr[-4000:]
    return json.loads(done.stdout)


def _ace(book: Path, out: Path) -> Any:
    program = READERS / "node_modules" / "@daisy" / "ace" / "bin" / "ace-puppeteer.js"
    # Its settings and the browser's profile stay out of the user's own; the path is short, for sockets stand in it.
    with tempfile.TemporaryDirectory(prefix="ace-") as home:
        done = subprocess.run(
            ["node", str(program), "--silent", "--force", "--outdir", str(out), str(book)],
            env={**os.environ, "PUPPETEER_EXECUTABLE_PATH": browser(), "XDG_CONFIG_HOME": home, "TMPDIR": home},
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
    assert (out / "report.json").exists(), (done.stdout + done.stderr)[-4000:]
    return json.loads((out / "report.json").read_text("utf-8"))
