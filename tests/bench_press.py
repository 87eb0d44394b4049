"""The press at a library: `python -m tests.bench_press [--books 500] [--sample 12]`; bounded, on this machine alone.

A library is made up (tests/library.py: 5,000 to 500,000 characters a book, most of them short) and made into e-books:

- by one process and by two: how much faster two are, by the clock and by processor time, which other work on the
  machine disturbs less; and what the whole costs beyond the tasks' own processor time;
- in libraries of ten books and of many, of one size: what a book costs, and the largest memory of the parent;
- a second time with nothing changed, and with one seed changed;
- beside pandoc (`xargs -P2`, a process a book) and, on a sample, calibre with its heuristics, on the same texts;
- `watch`: from saving a seed of 20,000 characters to its new e-book.

Prints figures beside goals. Exit code: 0 all goals met, 1 some missed. Where pandoc
or calibre are missing, that is said.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from pipeline import style, tasks
from pipeline.book import Edition
from pipeline.config import Settings
from pipeline.render import epub
from pipeline.source import Raw, RawFile
from tests import library

ROOT = Path(__file__).resolve().parent.parent
FEW, SAME = 10, 20_000  # books, and characters of each, to see whether a book costs the same in a large library
SAVED = 20_000  # characters of the seed that is saved under `watch`


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds by the clock, of processor time with all children and without, and the largest memory of the parent."""

    wall: float
    cpu: float
    own: float
    peak: float


_PANDOC = 'pandoc -f markdown -t epub3 --toc --metadata title=书 -o "{out}/$0.epub" "{seeds}/$0"'
_CALIBRE = 'ebook-convert "{seeds}/$0" "{out}/$0.epub" --enable-heuristics'

# `resource` counts a process and the children it has waited for; so each run has a parent of its own that tells.
_TOLD = """
import json, resource, runpy, sys, time
sys.argv = ["pipeline", *sys.argv[1:]]
begun = time.monotonic()
code = 0
try:
    runpy.run_module("pipeline", run_name="__main__")
except SystemExit as end:
    code = end.code
me, others = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
own = me.ru_utime + me.ru_stime
cpu = own + others.ru_utime + others.ru_stime
sys.stderr.write(json.dumps([code, time.monotonic() - begun, cpu, own, me.ru_maxrss]))
"""


def press(*words: object) -> Cost:
    """What a run of ours costs."""
    command = [sys.executable, "-c", _TOLD, *map(str, words)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8", check=False)
    code, wall, cpu, own, peak = json.loads(done.stderr.splitlines()[-1])
    if code:
        raise SystemExit(done.stderr)
    return Cost(wall, cpu, own, peak / (2**20 if sys.platform == "darwin" else 2**10))


def build(seeds: Path, out: Path, *more: object) -> Cost:
    return press("build", seeds, "--out", out, "--format", "epub", "--quiet", *more)


def own_tasks(seeds: Path) -> tuple[float, float, float]:
    """Seconds of processor time of the tasks alone, in this process, one after the other: all, the e-book steps alone,
    and the median of these.
    """
    looks = style.load()
    all_of_it = steps = 0.0
    each: list[float] = []
    for number, path in enumerate([next(seeds.glob("*.txt")), *sorted(seeds.glob("*.txt"))]):
        raw = Raw(path.stem, (RawFile(path.name, path.read_bytes()),))
        parts = tuple(
            tasks.Part(path.stem, edition, form, "") for edition, form in (("source", "epub"), ("", "review"))
        )
        begun = time.process_time()
        made = tasks.prepare(tasks.Manuscript(raw, Settings(), at_once=parts, last=True), looks)
        spent = time.process_time() - begun
        if isinstance(made, tasks.Fault):
            raise SystemExit(str(made.error))
        if number:  # the first one only warms up
            all_of_it += spent
    for path in sorted(seeds.glob("*.txt"))[:: max(1, len(list(seeds.glob("*.txt"))) // 25)]:
        raw = Raw(path.stem, (RawFile(path.name, path.read_bytes()),))
        prepared = tasks.prepare(tasks.Manuscript(raw, Settings()))
        if isinstance(prepared, tasks.Fault):
            raise SystemExit(str(prepared.error))
        book = prepared.book
        begun = time.process_time()
        epub.render(Edition(path.stem, "source", book.lang, book, prepared.repairs, ""), looks, Settings())
        each.append(time.process_time() - begun)
    steps = sum(each) / len(each)
    return all_of_it, steps, sorted(each)[len(each) // 2]


def others(seeds: Path, folder: Path, command: str, files: list[Path]) -> Cost | None:
    """What another maker costs for these texts, two at a time, a process for each book."""
    if shutil.which(command.split(maxsplit=1)[0]) is None:
        return None
    folder.mkdir()
    listed = "\0".join(path.name for path in files)
    before = os.times()
    begun = time.monotonic()
    subprocess.run(
        ["xargs", "-0", "-P2", "-I{}", "sh", "-c", command.format(seeds=seeds, out=folder), "{}"],
        input=listed.encode(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        check=True,
    )
    after = os.times()
    cpu = after.children_user - before.children_user + after.children_system - before.children_system
    return Cost(time.monotonic() - begun, cpu, 0, 0)


@contextmanager
def watched(seeds: Path, out: Path) -> Iterator[subprocess.Popen[bytes]]:
    command = [sys.executable, "-m", "pipeline", "watch", str(seeds), "--out", str(out), "--format", "epub"]
    running = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield running
    finally:
        running.terminate()
        running.wait()


def saved(folder: Path, times: int = 5) -> float:
    """The least seconds from saving a seed to its new e-book."""
    seeds, out = folder / "watched", folder / "watched-out"
    library.write(seeds, 1, SAVED, SAVED)
    (seed,) = seeds.glob("*.txt")
    best = 60.0
    with watched(seeds, out):
        made = out / seed.stem / f"{seed.stem}.source.epub"
        _until(made.exists)
        time.sleep(4)
        for turn in range(times):
            old = made.stat().st_mtime_ns
            begun = time.monotonic()
            seed.write_text(library.book(turn + 1, SAVED), encoding="utf-8")
            _until(partial(_changed, made, old))
            best = min(best, time.monotonic() - begun)
            time.sleep(1.5)
    return best


def _changed(path: Path, since: int) -> bool:
    return path.stat().st_mtime_ns != since


def _until(happened: Callable[[], bool], within: float = 60) -> None:
    deadline = time.monotonic() + within
    while not happened():
        if time.monotonic() > deadline:
            raise SystemExit("nothing was built")
        time.sleep(0.01)


@dataclass(slots=True)
class Table:
    """Figures beside goals, as they come."""

    short: int = 0

    def tell(self, what: str, figure: str, goal: str = "", *, met: bool = True) -> None:
        self.short += not met
        sys.stdout.write(f"{what:58}{figure:>22}   {goal}{'' if met else '  未达 missed'}\n")
        sys.stdout.flush()


def parallel(folder: Path, books: int, table: Table) -> tuple[Path, Cost]:
    seeds = folder / "library"
    characters = library.write(seeds, books)
    table.tell(f"{books} 本书 books", f"{characters:,} 字")
    one = build(seeds, folder / "one", "-j1")
    two = build(seeds, folder / "two", "-j2")
    alone, _, _ = own_tasks(seeds)
    table.tell("一个进程 one process", f"{one.wall:.1f} s, {one.cpu:.1f} CPU")
    table.tell("两个进程 two processes", f"{two.wall:.1f} s, {two.cpu:.1f} CPU")
    gain = one.wall / two.wall
    table.tell("快几倍，按时钟 faster, by the clock", f"{gain:.2f} x", ">= 1.85 x (idle cores)", met=gain >= 1.85)
    widest = max(two.own, (two.cpu - two.own) / 2)
    table.tell("快几倍，按处理器时间 faster, by processor time", f"{one.cpu / widest:.2f} x", ">= 1.85 x")
    beyond = two.cpu / alone
    table.tell("处理器时间与各任务之和 CPU over the tasks' own", f"{beyond:.2f} x", "<= 1.15 x", met=beyond <= 1.15)
    table.tell(
        "每本、每百万字 a book, a million characters", f"{one.cpu / books:.3f}, {one.cpu / characters * 1e6:.2f} CPU s"
    )
    return seeds, two


def again(folder: Path, seeds: Path, books: int, table: Table) -> None:
    same = min((build(seeds, folder / "two", "-j2") for _ in range(3)), key=lambda cost: cost.cpu)
    goal = 2 * books / 500
    table.tell(
        "再来一次，没有变化 nothing changed",
        f"{same.wall:.2f} s, {same.cpu:.2f} CPU",
        f"<= {goal:.1f} s",
        met=same.cpu <= goal,
    )
    path = sorted(seeds.glob("*.txt"))[books // 2]
    path.write_text(path.read_text("utf-8") + "\n又一段。\n", encoding="utf-8")
    command = [sys.executable, "-m", "pipeline", "build", str(seeds), "--out", str(folder / "two")]
    command += ["--format", "epub", "--json"]
    told = subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8", check=True)
    read = sum(json.loads(line)["event"] == "read" for line in told.stdout.splitlines())
    table.tell("改了一本 one seed changed", f"{read} 本重做 built", "1", met=read == 1)


def flat(folder: Path, many: int, table: Table) -> None:
    costs: dict[int, Cost] = {}
    for books in (FEW, many):
        seeds = folder / f"same{books}"
        library.write(seeds, books, SAME, SAME)
        costs[books] = build(seeds, folder / f"same{books}-out", "-j1")
    seeds = folder / "same0"
    seeds.mkdir()
    (seeds / "一.txt").write_text("人。\n", encoding="utf-8")
    empty = build(seeds, folder / "same0-out", "-j1").cpu  # what starting costs, with one book that is next to nothing
    few, lots = ((costs[books].cpu - empty) / books for books in (FEW, many))
    table.tell(
        f"每本，{FEW} 本与 {many} 本时 a book of {SAME:,}",
        f"{few:.3f}, {lots:.3f} CPU s",
        "<= 5 % apart",
        met=lots <= few * 1.05,
    )
    two = {books: build(folder / f"same{books}", folder / f"peak{books}", "-j2").peak for books in (FEW, many)}
    table.tell(
        "主进程最多内存 largest memory of the parent",
        f"{two[FEW]:.0f}, {two[many]:.0f} MB",
        "flat",
        met=two[many] < two[FEW] + 16,
    )


def beside(folder: Path, seeds: Path, two: Cost, sample: int, table: Table) -> None:
    files = sorted(seeds.glob("*.txt"))
    _, step, _ = own_tasks(folder / f"same{FEW}")
    pandoc = others(
        seeds,
        folder / "pandoc",
        _PANDOC,
        files,
    )
    if pandoc is None:
        table.tell("pandoc", "未安装 not installed")
    else:
        table.tell("pandoc, xargs -P2", f"{pandoc.wall:.1f} s, {pandoc.cpu:.1f} CPU")
        table.tell(
            "全程与 pandoc 之比 our whole way over pandoc's",
            f"{two.cpu / pandoc.cpu:.2f} x CPU",
            "<= 2 x",
            met=two.cpu <= 2 * pandoc.cpu,
        )
        alike = sorted((folder / f"same{FEW}").glob("*.txt"))
        small = others(
            folder / f"same{FEW}",
            folder / "pandoc-same",
            _PANDOC,
            alike,
        )
        if small is not None:
            table.tell(
                f"电子书一步，{SAME:,} 字 our e-book step",
                f"{step:.3f} CPU s",
                f"pandoc {small.cpu / FEW:.3f}",
                met=step <= small.cpu / FEW,
            )
    few = files[:: max(1, len(files) // sample)]
    calibre = others(seeds, folder / "calibre", _CALIBRE, few)
    if calibre is None:
        table.tell("calibre", "未安装 not installed")
        return
    part = folder / "sample"
    part.mkdir()
    for path in few:
        shutil.copy(path, part)
    ours = build(part, folder / "sample-out", "-j2")
    table.tell(f"calibre, {len(few)} 本", f"{calibre.wall:.1f} s, {calibre.cpu:.1f} CPU")
    gain = calibre.cpu / ours.cpu
    table.tell("比 calibre 快 faster than calibre", f"{gain:.1f} x CPU", ">= 3 x", met=gain >= 3)


def main() -> int:
    """The whole table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--books", type=int, default=500)
    parser.add_argument("--many", type=int, default=2000, help="books of the larger library of equal ones")
    parser.add_argument("--sample", type=int, default=12, help="books that calibre is given")
    asked = parser.parse_args()
    table = Table()
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        folder = Path(name)
        seeds, two = parallel(folder, asked.books, table)
        again(folder, seeds, asked.books, table)
        flat(folder, asked.many, table)
        beside(folder, seeds, two, asked.sample, table)
        seconds = saved(folder)
        table.tell(
            f"存盘到成书，{SAVED:,} 字 from saving to the e-book", f"{seconds:.2f} s", "< 1.5 s", met=seconds < 1.5
        )
    return 1 if table.short else 0


if __name__ == "__main__":
    sys.exit(main())
