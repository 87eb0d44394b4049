"""Learn the weights of pipeline/conversion/contexts.txt: `python -m tests.learn_contexts FOLDER`, which writes it anew.

FOLDER holds Traditional originals: *.txt, one work each, whose characters are used as their time used them (a text that
was turned from Simplified by table teaches its faults), and *.words, one word a line: of a word the neighbours
beyond its edges are unknown. Which characters have a choice, and between what, stays as contexts.txt has it.
Needs scikit-learn, which is no part of the project. Check the outcome with `make score-script` on texts that are not
in FOLDER.
"""

import importlib
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import opencc
import zhconv_rs

from pipeline.conversion import contexts
from pipeline.conversion.register import register
from tests.score_script import VARIANTS

HERE = Path(contexts.__file__).with_name("contexts.txt")
_TO_TAIWAN = str.maketrans(VARIANTS[1], VARIANTS[0])
_TO_STANDARD = str.maketrans({"裡": "裏", "麵": "麪"})
_UNKNOWN = "\uffff"
_SELDOM = 3  # times that a context must be met
_STRENGTH = 1.0  # of the data against the wish for few weights (L1)
_SMALL = 0.05  # weights below this are left out

Example = tuple[tuple[str, ...], str]  # the names of what votes, and the right character


def learn(folder: Path) -> Iterator[str]:
    """The lines of contexts.txt."""
    candidates = {row[0]: row[1] for row in contexts._written()}
    examples: dict[str, Counter[Example]] = defaultdict(Counter)
    for file in sorted(folder.glob("*.txt")):
        _gather(file.read_text("utf-8").split("\n"), contexts._EDGE, candidates, examples)
    for file in sorted(folder.glob("*.words")):
        _gather(file.read_text("utf-8").split("\n"), _UNKNOWN, candidates, examples)
    for before in sorted(examples):
        yield from _fitted(before, candidates[before], examples[before])


def _gather(lines: Sequence[str], edge: str, candidates: dict[str, str], examples: dict[str, Counter[Example]]) -> None:
    simple = opencc.OpenCC("t2s").convert("\n".join(lines)).replace("著", "着").split("\n")
    kind = "" if edge == _UNKNOWN else register("\n".join(simple))
    to_standard = opencc.OpenCC("s2t").convert
    for right, text in zip(lines, simple, strict=True):
        one, two = to_standard(text), zhconv_rs.zhconv(text, "zh-Hant")
        if len({len(right), len(text), len(one), len(two)}) > 1:
            continue
        for at, before in enumerate(text):
            wanted = _standard(right[at])
            if wanted in candidates.get(before, ""):
                names = (*_near(text, at, edge), *_marks(_standard(one[at]), _standard(two[at]), kind))
                examples[before][names, wanted] += 1


def _standard(char: str) -> str:
    return char.translate(_TO_TAIWAN).translate(_TO_STANDARD)


def _near(text: str, at: int, edge: str) -> Iterator[str]:
    """What stands near, as contexts.txt names it."""
    pad = edge * contexts._REACH
    around = (pad + text + pad)[at : at + 2 * contexts._REACH + 1]
    for pattern in contexts._PATTERNS:
        place = contexts._REACH - pattern.index(contexts._PLACE)
        stands = around[place : place + len(pattern)]
        letters = [char for char, mark in zip(stands, pattern, strict=True) if mark == "x"]
        if not {_UNKNOWN, contexts._PLACE, contexts._SKIPPED, "\t", " "} & set(letters):
            left = iter(letters)
            name = "".join(next(left) if mark == "x" else mark for mark in pattern)
            yield name.replace(contexts._EDGE, contexts._EDGE_WRITTEN)


def _marks(one: str, two: str, kind: str) -> tuple[str, ...]:
    both = f"={one}~{two}"
    return (f"={one}", f"~{two}", both, *((kind, kind + both) if kind else ()))


def _fitted(before: str, candidates: str, examples: Counter[Example]) -> Iterator[str]:
    """The lines of one character: one where there are two candidates, else one for each."""
    linear: Any = importlib.import_module("sklearn.linear_model")
    extraction: Any = importlib.import_module("sklearn.feature_extraction")
    seen = Counter(name for names, _ in examples for name in names)
    rows = [dict.fromkeys((name for name in names if seen[name] >= _SELDOM), 1.0) for names, _ in examples]
    vectors = extraction.DictVectorizer()
    table = vectors.fit_transform(rows)
    if not table.shape[1]:
        return
    table.indices, table.indptr = table.indices.astype("int32"), table.indptr.astype("int32")  # liblinear's own
    for wanted in candidates[1:] if len(candidates) == 2 else candidates:
        model = linear.LogisticRegression(penalty="l1", solver="liblinear", C=_STRENGTH, tol=1e-3)
        rights = [int(right == wanted) for _, right in examples]
        if len(set(rights)) < 2:
            continue
        model.fit(table, rights, sample_weight=list(examples.values()))
        weights = zip(vectors.get_feature_names_out(), model.coef_[0], strict=True)
        kept = sorted((name, weight) for name, weight in weights if abs(weight) >= _SMALL)
        told = [text for name, weight in kept for text in (name, str(round(weight * 100)))]
        yield "\t".join((before, candidates, str(round(model.intercept_[0] * 100)), *told))


if __name__ == "__main__":
    made = "".join(f"{line}\n" for line in learn(Path(sys.argv[1])))
    HERE.write_text(made, "utf-8")
