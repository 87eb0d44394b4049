"""How well the press cleans and structures OCR text whose truth is known: `python -m tests.score [CORPUS]`.

CORPUS is a folder with `run.py`, `score.py` (the black-box scorer that reads the EPUB), `input/<book>.<engine>.txt` and
`truth/<book>.truth.json`; without it, the shared corpus beside the checkout. A folder with input/ and truth/ only is
scored by the shared corpus' own scorer. Prints the means for each kind of engine beside the goals of the project, then
each input. Exit code: 0 all goals met, 1 some missed, 2 no corpus there.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared/corpus"
Row = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Goal:
    """One figure that is asked for: the worst value allowed for each kind of engine (None: not asked)."""

    key: str
    at_most: bool
    rapid: float | None
    tesseract: float | None
    model: float | None


GOALS = (
    Goal("cer", True, 0.0025, 0.023, 0.0010),
    Goal("para_f1", False, 0.995, 0.97, 0.995),
    Goal("join_recall", False, 0.98, 0.95, 0.99),
    Goal("head_f1", False, 0.99, 0.95, 0.99),
    Goal("head_level_acc", False, 0.99, 0.98, 0.99),
    Goal("nav_tree", False, 0.99, 0.93, 0.98),
    Goal("residue_running_head", True, 0, 0, 0),
    Goal("residue_page_number", True, 0, 0, 0),
    Goal("fn_link_recall", False, 0.95, 0.80, None),
    Goal("meta_score", False, 0.95, 0.90, 1.0),
    Goal("lost_chars", True, 0, 0, 0),
    Goal("invented_chars", True, 0, 0, 0),
    Goal("toc_lines_as_headings", True, 0, 0, 0),
    Goal("char_broken", True, 0, 3, 0),
)
# The end of an input's name says what read it.
KINDS: Mapping[str, Callable[[Goal], float | None]] = {
    "rapid": lambda goal: goal.rapid,
    "tess": lambda goal: goal.tesseract,
    "llm/mineru": lambda goal: goal.model,
}


def kind_of(name: str) -> str:
    """Which column of goals an input is measured by."""
    engine = name.rpartition(".")[2]
    return next((kind for kind in ("rapid", "tess") if engine.startswith(kind)), "llm/mineru")


def score(corpus: Path, only: str) -> list[Row]:
    """One row of figures for each input. Builds with all defaults, as a user would."""
    runner = corpus / "run.py" if (corpus / "run.py").exists() else SHARED / "run.py"
    build = (
        f"{sys.executable} -m pipeline build {{in}} --out {{dir}} --format epub --edition source --quiet"
        " && cp {dir}/*/*.epub {out}"
    )
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, str(runner), "mine", build, "--corpus", str(corpus), "--only", only]
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        subprocess.run(command, cwd=folder, env=environment, stdout=subprocess.DEVNULL, check=False)
        lines = (Path(folder) / "score-results/mine.jsonl").read_text("utf-8").splitlines()
    return [json.loads(line) for line in lines]


def mean(rows: Iterable[Row], key: str) -> float | None:
    values = [value for row in rows if isinstance(value := row.get(key), int | float)]
    return fmean(values) if values else None


def verdict(goal: Goal, kind: str, value: float | None) -> str:
    """`value`, beside what is asked of it; "!" where it falls short."""
    asked = KINDS[kind](goal)
    if value is None or asked is None:
        return f"{'-' if value is None else f'{value:.4f}'}"
    missed = value > asked if goal.at_most else value < asked
    return f"{value:.4f} {'<=' if goal.at_most else '>='} {asked:g}{' !' if missed else ''}"


def table(rows: Sequence[Row]) -> str:
    kinds = [kind for kind in KINDS if any(kind_of(str(row["input"])) == kind for row in rows)]
    groups = {kind: [row for row in rows if kind_of(str(row["input"])) == kind] for kind in kinds}
    out = [f"{'':24}" + "".join(f"{kind + f' ({len(groups[kind])})':28}" for kind in kinds)]
    for goal in GOALS:
        cells = (verdict(goal, kind, mean(groups[kind], goal.key)) for kind in kinds)
        out.append(f"{goal.key:24}" + "".join(f"{cell:28}" for cell in cells))
    out.append("")
    keys = [goal.key for goal in GOALS]
    out.append(f"{'input':26}" + " ".join(f"{key[:9]:>9}" for key in keys))
    for row in rows:
        values = (row.get(key) for key in keys)
        cells = (
            f"{value:9.4f}" if isinstance(value, float) else f"{value if value is not None else '-':>9}"
            for value in values
        )
        out.append(f"{row['input']:26}" + " ".join(cells))
    return "\n".join(out)


def main() -> int:
    """Score, print, and say by the exit code whether every goal is met."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", nargs="?", type=Path, default=SHARED)
    parser.add_argument("--only", default="", help="inputs whose name holds this")
    chosen = parser.parse_args()
    if not (chosen.corpus / "input").is_dir() or not SHARED.is_dir():
        print(f"没有语料 · no corpus at {chosen.corpus}", file=sys.stderr)  # noqa: T201
        return 2
    rows = score(chosen.corpus.resolve(), chosen.only)
    asked = len([path for path in (chosen.corpus / "input").glob("*.txt") if chosen.only in path.stem])
    text = table(rows)
    print(text)  # noqa: T201
    if len(rows) != asked:
        print(f"{asked - len(rows)} 个输入没有建成 · not built", file=sys.stderr)  # noqa: T201
    return 1 if " !" in text or len(rows) != asked else 0


if __name__ == "__main__":
    sys.exit(main())
