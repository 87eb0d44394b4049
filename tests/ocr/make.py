"""Make OCR inputs and their truth: `python -m tests.ocr.make BOOK.ms --id t3 --read tess:fair --out DIR`.

DIR gets input/<id>.<engine>.txt, truth/<id>.truth.json and, with --keep, the page images in pages/<id>/.
"""

import argparse
import json
import random
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

from tests.ocr import degrade, engines, manuscript, noise, typeset
from tests.ocr.bind import bind
from tests.ocr.truth import truth

GAP = "\n\n\n\n"
PRINTED = ("wrap", "close", "para")
SIMULATED = ("tags", "bare", "mineru", "abbyy", *PRINTED)
READ = "ENGINE:WEAR[:SUFFIX], as tess:fair or rapid:low:rapid100, or one of " + ", ".join(SIMULATED)


def main(argv: list[str] | None = None) -> int:
    """Run from the command line; 0, or 2 with a word on what is wrong."""
    ask = argparse.ArgumentParser(description=__doc__)
    ask.add_argument("book", type=Path)
    ask.add_argument("--id", required=True)
    ask.add_argument("--out", type=Path, required=True)
    ask.add_argument(
        "--read", action="append", default=[], help="ENGINE:WEAR[:SUFFIX], as tess:fair or rapid:low:rapid100"
    )
    ask.add_argument("--set", action="append", default=[], help="KEY=VALUE, over the manuscript's own setting")
    ask.add_argument("--seed", type=int, default=1)
    ask.add_argument("--compact", action="store_true", help="the truth on one line")
    ask.add_argument("--keep", action="store_true")
    ask.add_argument("--truncate", type=float, default=0, help="cut the book off after this share of its blocks")
    ask.add_argument("--limit", type=int, default=0, help="body pages to read, for a first look")
    asked = ask.parse_args(argv)
    try:
        book = manuscript.read(asked.book)
    except (OSError, manuscript.ManuscriptError) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    book = replace(book, settings={**book.settings, **dict(item.split("=", 1) for item in asked.set)})
    if asked.truncate:
        book = truncated(book, asked.truncate)
    setting = typeset.setting_of(book)
    pages, listed = bind(book, setting)
    for folder in ("input", "truth"):
        (asked.out / folder).mkdir(parents=True, exist_ok=True)
    told = truth(book, pages, listed, asked.id)
    told["truncated_end"] = bool(asked.truncate)
    for wanted in asked.read:
        if wanted.partition(":")[0] in SIMULATED:
            told["repairs"] = simulate(book, pages, wanted, asked)
    shown = json.dumps(told, ensure_ascii=False, indent=None if asked.compact else 1)
    (asked.out / f"truth/{asked.id}.truth.json").write_text(shown + "\n", "utf-8")
    sys.stderr.write(f"{asked.id}: {len(pages)} pages, {len(told['joins'])} joins, {len(told['headings'])} headings\n")
    if asked.limit:
        pages = pages[: asked.limit]
    kept = asked.out / "pages" / asked.id if asked.keep else None
    for wanted in asked.read:
        if wanted.partition(":")[0] in SIMULATED:
            continue
        read(pages, setting, wanted, book.get("language", "zh-Hans"), asked, kept)
    return 0


def truncated(book: manuscript.Manuscript, share: float) -> manuscript.Manuscript:
    """The book cut off inside a paragraph, after `share` of its blocks."""
    last = next(n for n in range(int(len(book.blocks) * share), 0, -1) if len(book.blocks[n].text) > 80)
    block = book.blocks[last]
    at = len(block.text) // 2
    cut = replace(block, text=block.text[:at], notes=tuple(note for note in block.notes if note.at < at))
    return replace(book, blocks=(*book.blocks[:last], cut))


def simulate(
    book: manuscript.Manuscript, pages: list[typeset.Page], wanted: str, asked: argparse.Namespace
) -> list[dict[str, str]]:
    """Write an input with our own noise; returns the repairs it asks for."""
    style, _, suffix = wanted.partition(":")
    rng = random.Random(f"{asked.id}/{wanted}/{asked.seed}")
    if style == "abbyy":
        text, made = noise.hard_wrapped(book, pages, rng)
    elif style in PRINTED:
        text, made = noise.printed(book, pages, rng, style)
    else:
        text, made = noise.language_model(book, pages, rng, style)
    (asked.out / f"input/{asked.id}.{suffix or style}.txt").write_text(text, "utf-8", newline="")
    return made.repairs


def read(
    pages: list[typeset.Page],
    setting: typeset.Setting,
    wanted: str,
    language: str,
    asked: argparse.Namespace,
    kept: Path | None,
) -> None:
    """Degrade and read every page in one way, and write the input file."""
    engine, wear, *suffix = wanted.split(":")
    rng = random.Random(f"{asked.id}/{wanted}/{asked.seed}")
    texts: list[str] = []
    scale = degrade.WEARS[wear].dpi / typeset.DPI
    left, right = setting.margin * scale, (setting.margin + setting.width) * scale
    size = setting.size * scale
    begun = time.monotonic()
    with tempfile.TemporaryDirectory() as scratch:
        for number, page in enumerate(pages):
            image = degrade.degrade(degrade.draw(page, setting), degrade.WEARS[wear], rng)
            if kept:
                kept.mkdir(parents=True, exist_ok=True)
                image.save(kept / f"{engine}-{wear}-{number:03d}.png")
            if engine == "tess":
                texts.append(engines.tesseract(image, "chi_tra" if "Hant" in language else "chi_sim"))
            else:
                rows = engines.rapid_rows(image, Path(scratch) / "page.png")
                texts.append(engines.merged(rows, front=page.front, left=left, right=right, size=size))
            sys.stderr.write(f"\r{asked.id} {wanted} {number + 1}/{len(pages)} {time.monotonic() - begun:.0f}s")
    sys.stderr.write("\n")
    name = f"{asked.id}.{suffix[0] if suffix else engine}.txt"
    (asked.out / "input" / name).write_text(GAP.join(texts) + "\n", "utf-8")


if __name__ == "__main__":
    sys.exit(main())
