"""List the characters that Tesseract's model for Simplified Chinese cannot give, or mostly misreads.

`python -m tests.proofread.make_tesseract manuscript OUT.ms` writes a book of words in which every character of some use
stands four times or more; tests.ocr.make typesets it and has it read (`--read tess:worn:tess`); and
`python -m tests.proofread.make_tesseract table FOLDER [OUT]` compares what was read with the truth and writes the
table.

chi_sim knows about 4,000 characters: every other one it reads as something else, always, on every page (佃农 comes out
as 个农), and some that it knows it hardly ever finds (亥, 崩, 冀). `combine_tessdata` is part of Tesseract.
"""

import random
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

from pipeline.language import known
from tests.proofread.errors import compare
from tests.proofread.make_lookalikes import characters
from tests.proofread.score import truth_of

OUT = Path(__file__).resolve().parents[2] / "pipeline/language/tesseract.txt"
MODEL = Path("/usr/share/tesseract-ocr/5/tessdata/chi_sim.traineddata")
COMMON, WORD = -6.2, -7.5  # log10 of what is asked
TIMES = 4
WEAK, LEAST = 0.3, 2  # the share misread, and how often at least, from which a character is listed
HEAD = """= title: 字表
= author: 佚名
= publisher: 青崖出版社
= isbn: 978-7-5021-6634-2
= date: 2011-03
= city: 杭州
= language: zh-Hans
= size: 10.5
= measure: 30
= depth: 30
= head: none
= folio: %

#1 第一章
"""


def manuscript() -> str:
    """A book of words: the likeliest ones of each character."""
    words = known().lexicon.words
    having: dict[str, list[tuple[float, str]]] = {}
    for word, figure in words.items():
        if 2 <= len(word) <= 4 and figure > WORD:
            for char in set(word):
                having.setdefault(char, []).append((figure, word))
    chance = random.Random(7)
    asked: list[str] = []
    for char in characters():
        if words.get(char, -9.0) > COMMON and char in having:
            listed = [word for _, word in sorted(having[char], reverse=True)[:6]]
            chance.shuffle(listed)
            asked += (listed * TIMES)[:TIMES]
    chance.shuffle(asked)
    clauses = ["".join(asked[at : at + 4]) for at in range(0, len(asked), 4)]
    return HEAD + "".join("，".join(clauses[at : at + 15]) + "。\n" for at in range(0, len(clauses), 15))


def table(folder: Path) -> str:
    """Each character with the tenth of its places that was misread; 9 for one that the model lacks."""
    wrong, stood = Counter[str](), Counter[str]()
    for path in sorted((folder / "input").glob("*.txt")):
        truth = truth_of(folder / "truth" / f"{path.name.split('.')[0]}.truth.json")
        wrong.update(compare(path.read_text("utf-8").split("\n"), truth).wrong.values())
        stood.update(truth)
    lacking = _lacking()
    weak = {char: min(8, 10 * count // stood[char]) for char, count in wrong.items() if count >= LEAST}
    rates = {char: rate for char, rate in weak.items() if rate >= 10 * WEAK} | dict.fromkeys(lacking, 9)
    listed = "".join(f"{char}{rates[char]}" for char in sorted(rates))
    head = (
        "# Tesseract 5 chi_sim (tessdata 4.1.0) at 150 dpi: tenths misread; 9: the model lacks it; make_tesseract.py\n"
    )
    return head + "".join(f"{listed[at : at + 80]}\n" for at in range(0, len(listed), 80))


def _lacking() -> list[str]:
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["combine_tessdata", "-u", str(MODEL), f"{folder}/m."], check=True, capture_output=True)
        read = (Path(folder) / "m.lstm-unicharset").read_text("utf-8")
    given = {line.split(" ", 1)[0] for line in read.splitlines()}
    return [char for char in characters() if char not in given]


def main() -> int:
    """Write the manuscript, or the table."""
    match sys.argv[1:]:
        case ["manuscript", out]:
            Path(out).write_text(manuscript(), "utf-8")
        case ["table", folder, *out]:
            (Path(out[0]) if out else OUT).write_text(table(Path(folder)), "utf-8")
        case _:
            sys.stderr.write(f"{__doc__}\n")
            return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
