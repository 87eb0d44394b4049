"""How far the proofreader may be trusted: `python -m tests.proofread.score [--pages DIR …] [--clean FILE …]`.

One table. Rows of the kind `clean` are texts in which nothing is wrong: what is mended there is harm. `ocr` rows were
read by real engines: texts of tests/ocr/pages, of the shared corpus beside the checkout, and of every DIR that
tests.ocr.make filled. `put in` rows have errors from the look-alike table of another face (AR PL SungtiL GB). Then each
rule alone, speed and memory. Exit code: 0 all goals met, 1 some missed.
"""

import argparse
import json
import re
import resource
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pipeline import pages
from pipeline.clean import PROOFREADING, RULES, clean
from pipeline.clean.proofreading import proofread
from pipeline.language import known, lookalikes
from pipeline.ledger import Confidence
from tests.proofread import make_lookalikes
from tests.proofread.errors import Place, compare, inject

ROOT = Path(__file__).resolve().parents[2]
SHARED = ROOT.parent / "shared/corpus"
OWN = ROOT / "tests/ocr/pages"
RATE = 0.0015  # of the characters of a clean text that are made wrong
FACE = "baosong-sc"


@dataclass(slots=True)
class Tally:
    """What was found, of all there was. `mended` and `flagged` count places; `true` those that were wrong."""

    errors: int = 0
    mended: int = 0
    mended_right: int = 0
    mended_harm: int = 0
    flagged: int = 0
    flagged_true: int = 0
    flagged_exact: int = 0

    def add(self, other: "Tally") -> None:
        for name in self.__slots__:
            setattr(self, name, getattr(self, name) + getattr(other, name))


@dataclass(slots=True)
class Row:
    """One text, scored."""

    kind: str
    name: str
    characters: int
    seconds: float
    tally: Tally
    rules: dict[str, Tally] = field(default_factory=dict)
    examples: list[str] = field(default_factory=list)


def scored(kind: str, name: str, lines: Sequence[str], wrong: dict[Place, str], right: frozenset[Place] | None) -> Row:
    """Proofread `lines` and compare. `right`: places known to be right; None: all that are not wrong."""
    begun = time.process_time()
    found = proofread(lines, pages.find(lines), PROOFREADING)
    seconds = time.process_time() - begun
    row = Row(kind, name, sum(map(len, lines)), seconds, Tally(errors=len(wrong)))
    for rule, by_line in zip(PROOFREADING, found, strict=True):
        tally = row.rules.setdefault(rule.id, Tally(errors=len(wrong)))
        for line, fixes in by_line.items():
            for fix in fixes:
                spot = range(fix.start, max(fix.end, fix.start + 1))
                hits = [column for column in spot if (line, column) in wrong]
                exact = any(wrong[line, column] == fix.after for column in hits)
                clear = bool(hits) or right is None or all((line, column) in right for column in spot)
                if not clear:
                    continue
                one = Tally()
                shown = lines[line][max(0, fix.start - 8) : fix.end + 8]
                if (fix.confidence or rule.confidence) is Confidence.DOUBTFUL:
                    one.flagged, one.flagged_true, one.flagged_exact = 1, int(bool(hits)), int(exact)
                else:
                    one.mended, one.mended_right, one.mended_harm = 1, int(exact), int(not hits)
                    if not exact:
                        row.examples.append(f"{rule.id} {lines[line][fix.start : fix.end]}→{fix.after} in {shown}")
                tally.add(one)
                row.tally.add(one)
    return row


def clean_texts(files: Sequence[Path]) -> Iterator[tuple[str, str]]:
    """Every text in which nothing is wrong."""
    for path in (SHARED / "clean/laws.txt", *files):
        if path.is_file():
            yield path.stem, path.read_text("utf-8")
    for folder in (SHARED, OWN):
        for path in sorted((folder / "truth").glob("*.truth.json")):
            yield f"{path.name.removesuffix('.truth.json')} truth", truth_of(path)


def truth_of(path: Path) -> str:
    """The text of a truth file, a block a line."""
    told = json.loads(path.read_text("utf-8"))
    lines = []
    for block in told["blocks"]:
        lines += [block.get("text") or "", block.get("sub") or "", *(block.get("lines") or ())]
    return "\n".join(line for line in lines if line)


def ocr_texts(folders: Sequence[Path]) -> Iterator[tuple[str, Path, Path]]:
    for folder in folders:
        for path in sorted((folder / "input").glob("*.txt")):
            truth = folder / "truth" / f"{path.name.split('.')[0]}.truth.json"
            if truth.is_file():
                yield path.stem, path, truth


def rows(asked: argparse.Namespace) -> Iterator[Row]:
    """Every row, as it comes."""
    for name, text in clean_texts(asked.clean):
        if asked.only in f"clean {name}":
            yield scored("clean", name, text.split("\n"), {}, None)
    for name, path, truth in ocr_texts([SHARED, OWN, *asked.pages]):
        if asked.only in f"ocr {name}":
            lines = path.read_text("utf-8").split("\n")
            mended = clean(lines, pages.find(lines), RULES).lines
            compared = compare(mended, truth_of(truth))
            yield scored("ocr", name, mended, dict(compared.wrong), compared.right)
    other = another_face()
    for name, text in clean_texts(asked.clean):
        if asked.only in f"put in {name}":
            size = asked.size
            lines, wrong = inject(text[:size], other, RATE, 1, known().lexicon.words)
            yield scored("put in", name, lines, wrong, None)


def another_face() -> dict[str, dict[str, float]]:
    """The look-alikes of a face that the shipped table was not made from."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "table.txt"
        found = make_lookalikes.table((FACE,), make_lookalikes.characters())
        path.write_text(make_lookalikes.written(found, (FACE,)), "utf-8")
        return {char: dict(others) for char, others in lookalikes.read(path).items()}


def share(part: int, whole: int) -> str:
    return f"{part / whole:7.1%}" if whole else "      -"


def line_of(kind: str, name: str, characters: int, tally: Tally) -> str:
    left = tally.errors - tally.mended_right
    return (
        f"{kind:7} {name:28} {characters:9,} {tally.errors:6} | {tally.mended:6} {tally.mended_harm:5}"
        f" {share(tally.mended_right, tally.mended)} {share(tally.mended_right, tally.errors)} | {tally.flagged:6}"
        f" {share(tally.flagged_true, tally.flagged)} {share(tally.flagged_true, left)}"
        f" {share(tally.flagged_exact, left)}"
    )


HEAD = (
    f"{'':7} {'text':28} {'chars':>9} {'errors':>6} | {'mended':>6} {'harm':>5} {'right':>7} {'recall':>7}"
    f" | {'flags':>6} {'true':>7} {'of left':>7} {'exact':>7}"
)


def main() -> int:
    """Score, print, and say by the exit code whether every goal is met."""
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--pages", action="append", type=Path, default=[], help="a folder with input/ and truth/")
    ask.add_argument("--clean", action="append", type=Path, default=[], help="a text in which nothing is wrong")
    ask.add_argument("--only", default="", help="rows whose kind and name hold this")
    ask.add_argument("--size", type=int, default=120_000, help="characters of a clean text that get errors")
    asked = ask.parse_args()
    say = sys.stdout.write
    say(HEAD + "\n")
    sums: dict[str, Tally] = defaultdict(Tally)
    sizes: dict[str, int] = defaultdict(int)
    rules: dict[tuple[str, str], Tally] = defaultdict(Tally)
    seconds = 0.0
    for row in rows(asked):
        say(line_of(row.kind, row.name, row.characters, row.tally) + "\n")
        for example in row.examples[:12]:
            say(f"        ! {example}\n")
        sys.stdout.flush()
        kinds = [row.kind, *([f"ocr {engine}"] if (engine := engine_of(row)) else [])]
        for kind in kinds:
            sums[kind].add(row.tally)
            sizes[kind] += row.characters
        for rule, tally in row.rules.items():
            rules[row.kind, rule].add(tally)
        seconds += row.seconds
    say("\n")
    for kind, tally in sums.items():
        say(line_of(kind, "together", sizes[kind], tally) + "\n")
    say("\n")
    for (kind, rule), tally in sorted(rules.items()):
        say(line_of(kind, rule, sizes[kind], tally) + "\n")
    total = sum(sizes[kind] for kind in ("clean", "ocr", "put in"))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    if seconds:
        say(f"\n{total / seconds:,.0f} characters/s (goal 20,000), peak {peak:.0f} MB (goal 300)\n")
    missed = list(short(sums))
    for line in missed:
        say(f"! {line}\n")
    return 1 if missed else 0


def engine_of(row: Row) -> str:
    if row.kind != "ocr":
        return ""
    found = re.search(r"\.(tess|rapid)", row.name)
    return found[1] if found else "model"


def short(sums: dict[str, Tally]) -> Iterator[str]:
    """What falls short of the goals of the project."""
    if sums["clean"].mended:
        yield f"clean: {sums['clean'].mended} edits, asked 0"
    for kind, least, recall, found in (("ocr", 0.995, 0.20, 0.60), ("put in", 0.995, 0.50, 0.85)):
        tally = sums[kind]
        left = tally.errors - tally.mended_right
        if tally.mended and tally.mended_right / tally.mended < least:
            yield f"{kind}: {tally.mended_right / tally.mended:.1%} of edits right, asked {least:.1%}"
        if tally.errors and tally.mended_right / tally.errors < recall:
            yield f"{kind}: {tally.mended_right / tally.errors:.1%} of errors mended, asked {recall:.0%}"
        if left and tally.flagged_true / left < found:
            yield f"{kind}: flags find {tally.flagged_true / left:.1%} of what is left, asked {found:.0%}"
        if tally.flagged and tally.flagged_true / tally.flagged < 0.70:
            yield f"{kind}: {tally.flagged_true / tally.flagged:.1%} of flags true, asked 70%"


if __name__ == "__main__":
    sys.exit(main())
