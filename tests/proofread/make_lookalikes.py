"""Make the look-alike table anew: `python -m tests.proofread.make_lookalikes [--face song-sc …] [OUT]`.

Every character of GB 2312 is drawn with each face, blurred as a scan is, and compared with all others; those in common
use that resemble it most are listed. The faces of the shipped table are named in its first line: Noto Serif CJK SC in
two weights and Noto Sans CJK SC (SIL OFL 1.1). Errors for the score are put in by a table of another face (`--face
baosong-sc`).
"""

import argparse
import math
import sys
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from pipeline.language import known
from pipeline.language.lexicon import UNSEEN
from tests.ocr.faces import FILES

OUT = Path(__file__).resolve().parents[2] / "pipeline/language/lookalikes.txt"
FACES = ("song-sc", "bold-sc", "hei-sc")
LISTED = 20  # look-alikes of a character, at most
ALIKE = 0.58  # the least resemblance that is listed
COMMON = -6.3  # log10 of its probability: what is rarer is not what was printed
_SIDE = 32  # pixels


def characters() -> list[str]:
    """The 6763 characters of GB 2312, which hold nearly all of any Simplified text."""
    rows = ((high, low) for high in range(0xB0, 0xF8) for low in range(0xA1, 0xFF))
    return [bytes(pair).decode("gb2312") for pair in rows if not (pair[0] == 0xD7 and pair[1] > 0xF9)]


def pictures(face: str, chars: list[str]) -> NDArray[np.float32]:
    """Each character as a row of grey values, of mean 0 and length 1."""
    path, number = FILES[face]
    font = ImageFont.truetype(str(path), 54, index=number)
    rows = np.zeros((len(chars), _SIDE * _SIDE), np.float32)
    for at, char in enumerate(chars):
        image = Image.new("L", (64, 64), 0)
        ImageDraw.Draw(image).text((32, 32), char, font=font, fill=255, anchor="mm")
        small = image.filter(ImageFilter.GaussianBlur(1.6)).resize((_SIDE, _SIDE), Image.Resampling.BOX)
        rows[at] = np.asarray(small, np.float32).ravel()
    rows -= rows.mean(axis=1, keepdims=True)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True) + np.float32(1e-6)
    return rows


def table(faces: tuple[str, ...], chars: list[str]) -> dict[str, list[tuple[str, float]]]:
    """For each character those that resemble it, most alike first; resemblance is the mean over the faces, 0 to 1."""
    words = known().lexicon.words
    common = np.array([words.get(char, UNSEEN) > COMMON for char in chars])
    drawn = [pictures(face, chars) for face in faces]
    found: dict[str, list[tuple[str, float]]] = {}
    for start in range(0, len(chars), 512):
        alike = np.mean([rows[start : start + 512] @ rows.T for rows in drawn], axis=0)
        for row in range(alike.shape[0]):
            alike[row, start + row] = -math.inf
            alike[row, ~common] = -math.inf
            best = np.argsort(-alike[row])[:LISTED]
            found[chars[start + row]] = [(chars[at], float(alike[row, at])) for at in best if alike[row, at] >= ALIKE]
    return found


def written(found: dict[str, list[tuple[str, float]]], faces: tuple[str, ...]) -> str:
    """The table as text: a character, a tab, then each look-alike with its resemblance in hundredths."""
    names = ", ".join(f"{FILES[face][0].stem}#{FILES[face][1]}" for face in faces)
    head = f"# {names}; python -m tests.proofread.make_lookalikes\n"
    rows = (
        f"{char}\t{''.join(f'{other}{min(99, round(alike * 100)):02d}' for other, alike in found[char])}\n"
        for char in found
    )
    return head + "".join(rows)


def main() -> int:
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("out", nargs="?", type=Path, default=OUT)
    ask.add_argument("--face", action="append", choices=sorted(FILES))
    asked = ask.parse_args()
    faces = tuple(asked.face or FACES)
    text = written(table(faces, characters()), faces)
    asked.out.write_text(text, "utf-8")
    sys.stderr.write(f"{asked.out}: {text.count(chr(10)) - 1} characters\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
