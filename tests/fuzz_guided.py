"""The laws, over texts that atheris chooses by the code they reach: `python -m tests.fuzz_guided [--seconds 600]`.

Half of what it sends is the text of a book itself, byte for byte; half tells tests/paper.py what to make a book of.
What reached new code is kept in --corpus for the next hunt; the hunt stops at the first crash or broken law and keeps
it there as crash-…. Give such a file to see it again. atheris is an extra of its own (`pip install '.[fuzz]'`), since
it is built for few platforms.
Exit code: 0 no law broken; atheris' own otherwise.
"""

import argparse
import sys
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["pipeline"]):
    from tests.fuzz import holds, laws_of_books

CORPUS = Path(__file__).resolve().parent.parent / "build" / ".fuzz"
SECONDS = 600
LONGEST = 4096  # bytes of one text
SLOWEST = 20  # seconds that one such text may take

_made = laws_of_books(1).hypothesis.fuzz_one_input  # type: ignore[attr-defined]


def one(data: bytes) -> None:
    """One text: the first byte says of which half."""
    if data[:1] < b"\x80":
        holds(data[1:])
    else:
        _made(data[1:])


def seeds(corpus: Path) -> None:
    """What the hunt begins with: pieces of texts that engines really gave."""
    corpus.mkdir(parents=True, exist_ok=True)
    for path in sorted((Path(__file__).resolve().parent / "ocr" / "pages" / "input").glob("*.txt")):
        data = path.read_bytes()
        for at in range(0, min(len(data), 16 * LONGEST), LONGEST - 1):
            (corpus / f"seed-{path.stem}-{at}").write_bytes(b"\0" + data[at : at + LONGEST - 1])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=int, default=SECONDS)
    parser.add_argument("--corpus", type=Path, default=CORPUS, help="where finds are kept")
    parser.add_argument("again", type=Path, nargs="*", help="files to run once more instead")
    chosen = parser.parse_args()
    if chosen.again:
        for path in chosen.again:
            one(path.read_bytes())
        return
    seeds(chosen.corpus)
    limits = [f"-max_total_time={chosen.seconds}", f"-max_len={LONGEST}", f"-timeout={SLOWEST}"]
    atheris.Setup([sys.argv[0], *limits, f"-artifact_prefix={chosen.corpus}/", str(chosen.corpus)], one)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
