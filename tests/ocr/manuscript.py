"""A book as its author knows it: metadata, headings, paragraphs, verse, notes. The one source of page and truth.

The markup is one construct a line, so that a manuscript can be written by hand::

    = title: 修身要义          metadata and settings of the typesetter, before the text
    #1 第一章 总论             heading of level 1; a `/` breaks its line, ` | ` sets off a subtitle
    某字^[注文。]之后          paragraph with a note
    > 引文                     block quotation            - 条目            list item
    | 诗行                     verse; a lone `|` parts stanzas
    @sign 一九三五年三月        signature or date, to the right
    @centre ＊ ＊ ＊           a centred line             @epigraph 题词
    @fig 图1-1 说明            a picture with caption
    @table 表1-1 说明          rows of `a | b`, to `@end`
    @box 案例 | 标题           paragraphs, to `@end`
    @page                      a new page
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

NOTE = re.compile(r"\^\[([^\]]*)\]")


class ManuscriptError(Exception):
    """A line of a manuscript that cannot be understood; the message names file and line."""


@dataclass(frozen=True, slots=True)
class Note:
    """A note called for at `at`, an offset in the text of its block."""

    at: int
    text: str


@dataclass(frozen=True, slots=True)
class Block:
    """One construct of the text. `text` is free of note marks; what else is filled depends on `kind`.

    Kinds: heading, para, quote, item, sign, centre, epigraph, verse, figure, table, box, page.
    """

    kind: str
    text: str = ""
    level: int = 0
    sub: str = ""
    breaks: tuple[int, ...] = ()
    notes: tuple[Note, ...] = ()
    lines: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    label: str = ""


@dataclass(frozen=True, slots=True)
class Manuscript:
    """A whole book: what the imprint says, how it is to be set, and its text."""

    settings: dict[str, str]
    blocks: tuple[Block, ...] = field(default=())

    def get(self, key: str, default: str = "") -> str:
        return self.settings.get(key, default)


def read(path: Path) -> Manuscript:
    """Read a manuscript. Raises ManuscriptError with file and line for what is not in the markup."""
    settings: dict[str, str] = {}
    numbered = iter(list(enumerate(path.read_text(encoding="utf-8").splitlines(), 1)))
    blocks: list[Block] = []
    verse: list[str] = []
    for number, raw in numbered:
        line = raw.rstrip()
        if line.startswith("|"):
            verse.append(line[1:].strip())
            continue
        if verse:
            blocks.append(Block("verse", lines=tuple(verse)))
            verse = []
        if not line.strip():
            continue
        if line.startswith("= "):
            key, _, value = line[2:].partition(":")
            settings[key.strip()] = value.strip()
            continue
        blocks.append(_block(line, numbered, f"{path}:{number}"))
    if verse:
        blocks.append(Block("verse", lines=tuple(verse)))
    return Manuscript(settings, tuple(blocks))


def _block(line: str, following: Iterator[tuple[int, str]], where: str) -> Block:
    if found := re.match(r"#([1-6]) (.+)", line):
        return _heading(int(found[1]), found[2])
    if line.startswith("> "):
        return _noted("quote", line[2:])
    if line.startswith("- "):
        return _noted("item", line[2:])
    if not line.startswith("@"):
        return _noted("para", line.strip())
    word, _, rest = line[1:].partition(" ")
    if word in {"sign", "centre", "epigraph"}:
        return Block(word, rest)
    if word == "fig":
        return Block("figure", rest)
    if word == "page":
        return Block("page")
    if word == "table":
        rows = tuple(tuple(cell.strip() for cell in row.split("|")) for row in _until_end(following))
        return Block("table", rest, rows=rows)
    if word == "box":
        label, _, title = rest.partition("|")
        return Block("box", title.strip(), label=label.strip(), lines=tuple(_until_end(following)))
    raise ManuscriptError(f"{where}: @{word} is no construct of the markup; see the head of manuscript.py")


def _heading(level: int, rest: str) -> Block:
    text, _, sub = rest.partition(" | ")
    breaks: list[int] = []
    plain = ""
    for piece in text.split("/"):
        if plain:
            breaks.append(len(plain))
        plain += piece
    return Block("heading", plain, level=level, sub=sub.strip(), breaks=tuple(breaks))


def _noted(kind: str, marked: str) -> Block:
    notes: list[Note] = []
    plain = ""
    last = 0
    for found in NOTE.finditer(marked):
        plain += marked[last : found.start()]
        notes.append(Note(len(plain), found[1]))
        last = found.end()
    return Block(kind, plain + marked[last:], notes=tuple(notes))


def _until_end(following: Iterator[tuple[int, str]]) -> Iterator[str]:
    for _, line in following:
        if line.strip() == "@end":
            return
        if line.strip():
            yield line.strip()
