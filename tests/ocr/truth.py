"""What a book made of these pages ought to say, in the form that the scorer reads."""

import itertools
import re
from typing import Any

from tests.ocr.bind import contents_title, imprint
from tests.ocr.manuscript import Block, Manuscript
from tests.ocr.typeset import MARK, Line, Page

SPACE = re.compile(r"[\s　]+")
CONTEXT = 15
ENDS = "。！？：…”’」』）"


def truth(book: Manuscript, pages: list[Page], listed: list[tuple[Block, str]], name: str) -> dict[str, Any]:
    """The whole truth of one book: text in blocks, joins over page breaks, furniture, imprint."""
    blocks: list[dict[str, Any]] = []
    notes: list[dict[str, str]] = []
    for block in book.blocks:
        blocks += _told(block)
        notes += [{"text": note.text, "after": block.text[max(0, note.at - 12) : note.at]} for note in block.notes]
    headings = [
        {key: told[key] for key in ("level", "text", "sub") if key in told} for told in blocks if told["t"] == "h"
    ]
    printed = book.get("front", "yes") == "yes"  # without front matter the text cannot say these
    return {
        "id": name,
        "title": book.get("title") if printed else None,
        "author": (book.get("author") or None) if printed else None,
        "publisher": book.get("publisher") if printed else None,
        "isbn": book.get("isbn") if printed else None,
        "date": book.get("date") if printed else None,
        "language": book.get("language", "zh-Hans"),
        "headings": headings,
        "footnotes": notes,
        "blocks": blocks,
        "joins": joins(book, pages),
        "running_heads": _heads(pages),
        "printed_toc": [{"level": block.level, "text": block.text, "page": folio} for block, folio in listed],
        "front_allowed": _front(book, pages),
    }


def _told(block: Block) -> list[dict[str, Any]]:
    match block.kind:
        case "heading":
            told: dict[str, Any] = {"t": "h", "level": block.level, "text": block.text}
            if block.sub:
                told["sub"] = block.sub
            if block.breaks:
                told["softbreaks"] = [len(SPACE.sub("", block.text[:at])) for at in block.breaks]
            return [told]
        case "verse":
            return [{"t": "verse", "lines": [line for line in block.lines if line]}]
        case "box":
            return [{"t": "box", "label": block.label, "title": block.text, "paras": list(block.lines)}]
        case "table":
            rows = [_row(row) for row in block.rows]
            return [*([{"t": "p", "text": block.text}] if block.text else []), *rows]
        case "page":
            return []
    told = {"t": "p", "text": block.text}
    if block.notes:
        told["notes"] = [[note.at, note.text] for note in block.notes]
    return [told]


def _row(cells: tuple[str, ...]) -> dict[str, Any]:
    """A row of a table is one block; its cells may be parted."""
    cuts: list[int] = []
    text = ""
    for cell in cells:
        if text and cell:
            cuts.append(len(SPACE.sub("", text)))
        text += cell
    return {"t": "p", "text": text, "optional_cuts": cuts}


def flowing(page: Page) -> list[Line]:
    """The lines of the text itself, furniture and notes left out."""
    return [line for _, line in page.lines if line.block >= 0 and line.role != "picture"]


def joins(book: Manuscript, pages: list[Page]) -> list[dict[str, str]]:
    """Where a page ends inside a sentence of running text."""
    found: list[dict[str, str]] = []
    body = [flowing(page) for page in pages if not page.front and flowing(page)]
    for before, after in itertools.pairwise(body):
        last, first = before[-1], after[0]
        if last.block != first.block or last.role not in {"para", "item", "quote"}:
            continue
        text = book.blocks[last.block].text
        left, right = text[: last.end], text[last.end :]
        if left and right and left[-1] not in ENDS:
            found.append({"before": left[-CONTEXT:], "after": right[:CONTEXT]})
    return found


def _heads(pages: list[Page]) -> list[str]:
    heads: list[str] = []
    for page in pages:
        for _, line in page.lines:
            text = re.sub(r"^[\W\d]+　|　[\W\d]+$", "", line.text)
            if line.role == "running-head" and text not in heads:
                heads.append(text)
    return heads


def _front(book: Manuscript, pages: list[Page]) -> list[str]:
    allowed = [book.get("title"), book.get("author"), f"{book.get('author')}著", book.get("publisher"), "目录", "目錄"]
    allowed += [*imprint(book), contents_title(book), book.get("series")]
    allowed += [line.text.replace(MARK, "") for page in pages if page.front for _, line in page.lines]
    return list(dict.fromkeys(text for text in allowed if text))
