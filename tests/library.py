"""A library of made-up books for benches and faults: `python -m tests.library FOLDER --books 500`.

Each book is bound from the paragraphs of the seeds, noise and all, in another order and with other common characters,
under chapters and sections of its own; sizes are spread evenly on a logarithmic scale, so that most books are short and
most of the text is in long ones, as in a real library. The same arguments give the same books.
"""

import argparse
import random
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SMALLEST, LARGEST = 5_000, 500_000  # characters
_CHAPTER, _SECTION = 12_000, 3_000  # characters, about
_DIGITS = "零一二三四五六七八九"
# Common characters that no heading is made of: books have them in another order, so that no text is known already.
_POOL = (
    "是在有我他们到说地你生会出也得里以多么然心可她天去能好没看起发成只如把还用样道想种开美总从无情己面最但现些所同手又"
    "行意动方它头经长儿回位爱老因很给名法间斯知世什使身被高已亲其进此话常与活正感"
)


@cache
def paragraphs() -> tuple[str, ...]:
    """The running text of the seeds: what is long and ends as a sentence does."""
    lines = (line for path in sorted((ROOT / "seeds").glob("*.txt")) for line in path.read_text("utf-8").splitlines())
    return tuple(line for line in lines if len(line) > 60 and line[-1] in "。！？”" and line[0] not in "#*-|0123456789")


def number(count: int) -> str:
    """A Chinese numeral up to 999."""
    hundreds, tens, ones = count // 100, count // 10 % 10, count % 10
    said = f"{_DIGITS[hundreds]}百" if hundreds else ""
    if tens:
        said += "十" if tens == 1 and not hundreds else f"{_DIGITS[tens]}十"
    elif hundreds and ones:
        said += "零"
    return said + (_DIGITS[ones] if ones else "")


def book(which: int, characters: int) -> str:
    """The raw text of book number `which`, of about so many characters."""
    chance = random.Random(which)
    shift = 1 + which * 7 % (len(_POOL) - 1)
    other = str.maketrans(_POOL, _POOL[shift:] + _POOL[:shift])
    parts = [f"丛书第{number(which % 1000) or '零'}种", "社会科学讲义", "瞿秋白 著", "工人出版社"]
    size = chapters = sections = since = 0
    while size < characters:
        if since >= _CHAPTER or not chapters:
            chapters, sections, since = chapters + 1, 0, 0
            parts.append(f"第{number(chapters)}章 {_title(chance)}")
        elif since >= _SECTION * (sections + 1):
            sections += 1
            parts.append(f"{number(sections)}、{_title(chance)}")
        parts.append(chance.choice(paragraphs()).translate(other))
        size, since = size + len(parts[-1]), since + len(parts[-1])
    return "\n\n".join(parts) + "\n"


def _title(chance: random.Random) -> str:
    return "".join(chance.sample("社会经济政治文化制度历史理论方法组织关系问题基础发展", 6))


def sizes(books: int, smallest: int = SMALLEST, largest: int = LARGEST) -> Iterator[int]:
    """How many characters each of so many books has."""
    for which in range(books):
        yield round(smallest * (largest / smallest) ** (which / max(1, books - 1)))


def write(folder: Path, books: int, smallest: int = SMALLEST, largest: int = LARGEST) -> int:
    """Write the library as seeds and say how many characters it has."""
    folder.mkdir(parents=True, exist_ok=True)
    total = 0
    for which, characters in enumerate(sizes(books, smallest, largest)):
        text = book(which, characters)
        (folder / f"书{which:04}.txt").write_text(text, encoding="utf-8")
        total += len(text)
    return total


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--books", type=int, default=500)
    parser.add_argument("--smallest", type=int, default=SMALLEST)
    parser.add_argument("--largest", type=int, default=LARGEST)
    asked = parser.parse_args()
    write(asked.folder, asked.books, asked.smallest, asked.largest)
