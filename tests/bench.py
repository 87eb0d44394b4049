"""How fast the press reads, cleans and structures: `python -m tests.bench [--sizes 1,4,16] [--only wrapped]`.

A seed of 30 MB, whole: `python -m tests.bench --sizes 30 --times 1`.

Two shapes of text are made from tests/ocr and the seeds: paragraphs on lines of their own, and printed lines with
running heads and folios, as Tesseract gives them. Each copy of the text has other characters, so that nothing is known
from the copy before. Measured is the processor time of this process, the best of three; beside the stages stand laws
1 to 3 and the JSON, which every run makes too. The largest size must keep the speed of the smallest, or the press is
not linear. Prints one table. Exit code: 0 all goals met, 1 some missed.

Times on a machine that does other work as well say more about that work: `load` tells how much slower than alone an
empty loop ran.
"""

import argparse
import gc
import resource
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from multiprocessing import get_context
from pathlib import Path

from pipeline import book_json, laws, pages, source
from pipeline.clean import clean
from pipeline.structure import structure

ROOT = Path(__file__).resolve().parent.parent
GOAL = 500_000  # characters a second, source + pages + cleaning + structure, on one core
STEADY = 0.67  # of the speed at the smallest size that the largest must keep
SECONDS, MEMORY = 60.0, 1536.0  # for a seed of 30 MB: seconds of the whole, MB at the peak
SEED = 30.0  # MB
TIMES = 3
STAGES = ("source", "pages", "clean", "structure")
EXTRA = ("law 1", "law 2", "law 3", "json")
# Common characters that no heading, folio or label is made of; copies have them in another order.
_POOL = (
    "是在有我他们到说地你生会出也得里以多么然心可她天去能好没看起发成只如把还用样道想种开美总从无情己面最但现些所同手又"
    "行意动方它头经长儿回位爱老因很给名法间斯知世什使身被高已亲其进此话常与活正感"
)
_MEASURE, _ROWS = 27, 26  # characters in a printed line, lines on a page


def paragraphs() -> str:
    """Both seeds: a paragraph a line, blank lines between."""
    return "\n\n".join(path.read_text("utf-8") for path in sorted((ROOT / "seeds").glob("*.txt")))


def wrapped() -> str:
    """The seeds set in printed pages, and the pages that Tesseract read: noise and all."""
    read = [path.read_text("utf-8") for path in sorted((ROOT / "tests/ocr/pages/input").glob("*.tess*.txt"))]
    return "\n\n\n\n".join([*read, "\n\n\n\n".join(_printed(paragraphs()))])


def _printed(text: str) -> Iterator[str]:
    """`text` as printed pages: lines broken at the measure, the head and folio of a page in their places."""
    rows = [
        ("　　" if not at and len(line) > _MEASURE else "") + line[at : at + _MEASURE]
        for line in text.splitlines()
        if line.strip()
        for at in range(0, len(line), _MEASURE)
    ]
    for number, at in enumerate(range(0, len(rows), _ROWS), start=1):
        yield "\n".join(["群众路线学习读本", "", *rows[at : at + _ROWS], "", str(number)])


SHAPES: dict[str, Callable[[], str]] = {"paragraphs": paragraphs, "wrapped": wrapped}


def grown(text: str, size: int) -> str:
    """`text` again and again, each time with other characters, to at least `size` bytes of UTF-8."""
    copies: list[str] = []
    reached = 0
    for turn in count():
        shift = turn * 7 % len(_POOL)
        copies.append(text.translate(str.maketrans(_POOL, _POOL[shift:] + _POOL[:shift])))
        reached += len(copies[-1].encode()) + 1
        if reached >= size:
            return "\n".join(copies)
    raise AssertionError


@dataclass(frozen=True, slots=True)
class Run:
    """One text, measured: characters, seconds of each stage, the peak of memory in MB, and how busy the machine was."""

    shape: str
    megabytes: float
    characters: int
    seconds: dict[str, float]
    peak: float
    load: float

    def speed(self, *stages: str) -> float:
        return self.characters / sum(self.seconds[stage] for stage in stages)


def measured(shape: str, megabytes: float, times: int) -> Run:
    """One shape at one size, in this process: the best of `times` for each stage."""
    text = grown(SHAPES[shape](), int(megabytes * 2**20))
    raw = source.Raw("bench", (source.RawFile("bench.txt", text.encode()),))
    best: dict[str, float] = {}
    load = 9.0
    for _ in range(times):
        for stage, seconds in _once(raw).items():
            best[stage] = min(best.get(stage, seconds), seconds)
        load = min(load, _load())
        gc.collect()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (2**20 if sys.platform == "darwin" else 2**10)
    return Run(shape, megabytes, len(text), best, peak, load)


def _once(raw: source.Raw) -> dict[str, float]:
    took: dict[str, float] = {}
    last = time.process_time()

    def done(stage: str) -> None:
        nonlocal last
        now = time.process_time()
        took[stage] = now - last + 1e-9
        last = now

    read = source.read(raw)
    done("source")
    printed = pages.find(read.lines, read.page_starts)
    done("pages")
    cleaned = clean(read.lines, printed)
    done("clean")
    found = structure(cleaned.lines, printed, name="bench")
    done("structure")
    laws.ledger_rebuilds_seed(read.lines, cleaned.lines, cleaned.ledger)
    done("law 1")
    laws.cleaning_is_settled(cleaned.lines, lambda lines: ((again := clean(lines, printed)).lines, again.ledger))
    done("law 2")
    laws.book_tiles_lines(found.book, cleaned.lines)
    done("law 3")
    book_json.dump(found.book)
    done("json")
    return took


_ALONE = 0.025  # seconds that the empty loop takes on the machine of the goals, alone


def _load() -> float:
    last = time.process_time()
    for _ in range(10**6):
        pass
    return (time.process_time() - last) / _ALONE


def table(runs: Sequence[Run]) -> str:
    """A line for each run: thousands of characters a second by stage, and what the goals speak of."""
    heads = ("shape", "MB", *STAGES, "together", *EXTRA, "all", "seconds", "peak MB", "load")
    rows: list[tuple[str, ...]] = [heads]
    for run in runs:
        speeds = [f"{run.speed(stage) / 1000:.0f}" for stage in STAGES]
        extra = [f"{run.speed(stage) / 1000:.0f}" for stage in EXTRA]
        whole = [f"{run.speed(*STAGES, *EXTRA) / 1000:.0f}", f"{sum(run.seconds.values()):.1f}", f"{run.peak:.0f}"]
        together = f"{run.speed(*STAGES) / 1000:.0f}"
        rows.append((run.shape, f"{run.megabytes:g}", *speeds, together, *extra, *whole, f"{run.load:.1f}"))
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join("  ".join(f"{cell:>{wide}}" for cell, wide in zip(row, widths, strict=True)) for row in rows)


def missed(runs: Sequence[Run]) -> list[str]:
    """What falls short of the goals, in words."""
    out: list[str] = []
    for shape in dict.fromkeys(run.shape for run in runs):
        mine = sorted((run for run in runs if run.shape == shape), key=lambda run: run.megabytes)
        slowest = min(mine, key=lambda run: run.speed(*STAGES))
        if slowest.speed(*STAGES) < GOAL:
            out.append(
                f"{shape}: {slowest.speed(*STAGES):,.0f} characters/s at {slowest.megabytes:g} MB, asked {GOAL:,}"
            )
        steady = mine[-1].speed(*STAGES) / mine[0].speed(*STAGES)
        if steady < STEADY:
            out.append(f"{shape}: steady {steady:.2f}, asked {STEADY}")
        largest = mine[-1]
        if largest.megabytes >= SEED:
            if sum(largest.seconds.values()) > SECONDS:
                out.append(f"{shape}: {sum(largest.seconds.values()):.0f} s for {SEED:g} MB, asked {SECONDS:g}")
            if largest.peak > MEMORY:
                out.append(f"{shape}: {largest.peak:.0f} MB of memory for {SEED:g} MB, asked {MEMORY:g}")
    return out


def main() -> int:
    """Measure each shape and size in a process of its own, so that its memory can be told."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", default="1,4,16", help="megabytes, e.g. 1,4,16,30")
    parser.add_argument("--only", default="", help="the shape whose name holds this")
    parser.add_argument("--times", type=int, default=TIMES, help="of which the best counts")
    chosen = parser.parse_args()
    asked = [
        (shape, float(size), chosen.times)
        for shape in SHAPES
        if chosen.only in shape
        for size in chosen.sizes.split(",")
    ]
    with get_context("spawn").Pool(1, maxtasksperchild=1) as pool:
        runs = pool.starmap(measured, asked, chunksize=1)
    print(f"千字/秒（处理器时间） · 1000 characters a second of processor time; Python {sys.version.split()[0]}")  # noqa: T201
    print(table(runs))  # noqa: T201
    print(  # noqa: T201
        f"goals: together >= {GOAL // 1000}, at the largest size >= {STEADY} of the smallest;"
        f" from {SEED:g} MB on all within {SECONDS:g} s and {MEMORY:g} MB"
    )
    short = missed(runs)
    for line in short:
        print(f"! {line}")  # noqa: T201
    return 1 if short else 0


if __name__ == "__main__":
    sys.exit(main())
