"""The review page: seed and book side by side in one file, every repair marked, all doubts gathered, nothing asked of
the network.

It is what people look at first. `Proof` is all that it shows. What a book says passes through `text()`, `tag()`, the
autoescape of the templates or JSON in an inert element, so no character of a seed can act as markup; and the page's
own policy lets only its own script run.

Looks stand in styles/review.css, words and order in styles/templates/review.html.j2, behaviour in review.js.j2.
"""

import base64
import hashlib
import json
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from pipeline import walk
from pipeline.book import (
    Block,
    Blocks,
    Book,
    Box,
    Fact,
    Figure,
    Inlines,
    List,
    Markup,
    NoteRef,
    PageBreak,
    Paragraph,
    Quote,
    Section,
    Separator,
    Table,
    Text,
    Unprinted,
    Verse,
)
from pipeline.ledger import Confidence, Edit
from pipeline.notice import Notice, Severity
from pipeline.pages import Page
from pipeline.render import conversion_list
from pipeline.render.artifact import Artifact
from pipeline.render.collation import Collation, Piece, Remark, collate
from pipeline.render.html import Html, join, legal, tag, text
from pipeline.style import Style

NAME = "review.html"
REVIEWER = "reviewer"
_UNMEASURED = 0.25  # what is expected of a doubt whose rule has not measured it
_CONTEXT = 14  # characters shown on either side of a doubt
_LONG_LINE = 20_000
_SHOWN = 60  # characters of a long passage in a list
_ALIKE = str.maketrans({" ": "␣", "\u3000": "␣", "\u00a0": "␣", "\t": "⇥"})


@dataclass(frozen=True, slots=True)
class Decided:
    """What a person has settled already: accept, reject, correct or protect; `line` from 1, 0: everywhere."""

    kind: str
    line: int
    rule: str
    before: str
    after: str
    why: str


@dataclass(frozen=True, slots=True)
class Proof:
    """All that the page shows of one book. `reasons` says in Chinese what each cleaning rule mends."""

    name: str
    seed: tuple[str, ...]
    ledger: tuple[Edit, ...]
    doubts: tuple[Edit, ...]
    pages: tuple[Page, ...]
    book: Book
    notices: tuple[Notice, ...]
    reasons: Mapping[str, str]
    decided: tuple[Decided, ...] = ()


def render(proof: Proof, style: Style, conversion: conversion_list.ConversionList | None = None) -> Artifact:
    """The page as a finished file. Linear in the text and the ledger."""
    collation = collate(proof.seed, proof.ledger, proof.doubts)
    leaves = _Leaves(proof)
    rules = tuple(dict.fromkeys(remark.edit.rule for remark in collation.remarks))
    script = style.render("review.js.j2")
    page = style.render(
        "review.html.j2",
        proof=proof,
        css=Html(style.sheets["review.css"]),
        script=Html(script),
        script_hash=base64.b64encode(hashlib.sha256(script.encode()).digest()).decode(),
        data=_data(collation.remarks, rules, leaves),
        rows=_rows(proof, collation, rules, leaves),
        conversion=Html("") if conversion is None else conversion_list.section(conversion, proof.name, style),
        counts=_counts(collation.remarks),
        characters=sum(map(len, proof.seed)),
        rules=_rule_table(collation.remarks, rules, proof.reasons),
        groups=_groups(collation.remarks, leaves),
        notices=_notices(proof.notices, leaves),
        metadata=_metadata(proof.book, leaves),
        facts=[(fact, leaves.link(fact.line)) for fact in proof.book.metadata.facts],
    )
    return Artifact(NAME, legal(page).encode(), "text/html")


# ---------------------------------------------------------------- where a line lies


class _Leaves:
    """The printed leaf of each line, and how to point at a line."""

    def __init__(self, proof: Proof) -> None:
        self.lines = proof.seed
        self.of = list[int]()
        for number, page in enumerate(proof.pages):
            self.of += [number] * (min(page.end, len(proof.seed)) - len(self.of))
        self.of += [max(0, len(proof.pages) - 1)] * (len(proof.seed) - len(self.of))
        self.names = [page.folio or f"〔{number + 1}〕" for number, page in enumerate(proof.pages)]
        self.several = len(proof.pages) > 1

    def name(self, line: int) -> str:
        """The page of a line: its printed number, or 〔n〕 where none was read; empty where there are no pages."""
        return self.names[self.of[line]] if self.several else ""

    def link(self, line: int | None) -> int | None:
        """The line (from 1) to point at for `line` (from 0): itself or the nearest before it that has words."""
        if line is None or not self.lines:
            return None
        at = min(line, len(self.lines) - 1)
        while at > 0 and not self.lines[at]:
            at -= 1
        return at + 1 if self.lines[at] else None


# ---------------------------------------------------------------- the text


@dataclass(frozen=True, slots=True)
class _Look:
    """What a passage is: a class of the stylesheet, the level of a heading, and a word about it."""

    kind: str
    level: int = 0
    word: str = ""


_GONE = _Look("gone", word="整行删去")


def _passages(book: Book) -> Iterator[tuple[_Look, Iterable[walk.Leaf]]]:
    """Every passage of the book that stands by itself, in the order of the tree."""
    for front in book.front:
        yield _Look("unprinted", word=front.why), front.leaves
    for section in book.sections:
        yield from _in_section(section)
    for note in book.notes:
        yield _Look("note"), walk.note_leaves(note)


def _in_section(section: Section) -> Iterator[tuple[_Look, Iterable[walk.Leaf]]]:
    yield _Look("heading", section.level), walk.inline_leaves(section.title)
    yield _Look("subtitle"), walk.inline_leaves(section.subtitle)
    yield from _in_blocks(section.blocks, "")
    for child in section.sections:
        yield from _in_section(child)


def _in_blocks(blocks: Blocks, within: str) -> Iterator[tuple[_Look, Iterable[walk.Leaf]]]:
    for block in blocks:
        yield from _in_block(block, within)


def _in_block(block: Block, within: str) -> Iterator[tuple[_Look, Iterable[walk.Leaf]]]:
    match block:
        case Paragraph(style=style):
            yield _Look(f"{within} para {style.value}".strip()), walk.block_leaves(block)
        case Verse(lines=lines):
            yield from _each_apart(lines, f"{within} verse".strip())
        case Quote(blocks=blocks):
            yield from _in_blocks(blocks, "quote")
        case List(items=items):
            for item in items:
                yield from _in_blocks(item.blocks, "item")
        case Table(rows=rows, caption=caption):
            yield _Look("caption"), walk.inline_leaves(caption)
            yield from _each_apart([tuple(i for cell in row for i in cell.inlines) for row in rows], "table")
        case Box(label=label, title=title, blocks=blocks):
            yield _Look("box title"), walk.inline_leaves((*label, *title))
            yield from _in_blocks(blocks, "box")
        case Unprinted(why=why):
            yield _Look("unprinted", word=why), walk.block_leaves(block)
        case Figure() | Separator() | PageBreak():
            yield _Look("figure"), walk.block_leaves(block)


def _each_apart(runs: Iterable[Inlines], kind: str) -> Iterator[tuple[_Look, Iterable[walk.Leaf]]]:
    for run in runs:
        yield _Look(kind), walk.inline_leaves(run)


@dataclass(frozen=True, slots=True)
class _Row:
    """Neighbouring lines of one passage: of each its number, its pieces, and whether the line begins with them."""

    look: _Look
    lines: list[tuple[int, list[Piece], bool]]


def _rows(proof: Proof, collation: Collation, rules: Sequence[str], leaves: _Leaves) -> Html:
    """The whole text as rows, seed on the left and book on the right, in the order of the lines."""
    numbers = {rule: number for number, rule in enumerate(rules)}
    told: list[Html] = []
    leaf = ""
    for row in _grouped(proof.book, collation):
        name = leaves.name(row.lines[0][0])
        told.append(_row(row, name if name != leaf else "", collation.remarks, numbers))
        leaf = name
    return join(told, "\n")


def _grouped(book: Book, collation: Collation) -> Iterator[_Row]:
    looks, starts = _starts(book)
    row: _Row | None = None
    at = -2  # the passage of `row`; -1: lines that are gone
    for line, pieces in enumerate(collation.lines):
        for number, (passage, part) in enumerate(_cut(pieces, starts.get(line, ()))):
            look = _GONE if passage < 0 else looks[passage]
            if row is None or passage != at or look.kind == "unprinted":  # what is not printed keeps its lines
                if row is not None:
                    yield row
                row, at = _Row(replace(look, word="") if passage == at else look, []), passage
            row.lines.append((line, part, number == 0))
    if row is not None:
        yield row


def _starts(book: Book) -> tuple[list[_Look], dict[int, list[tuple[int, int]]]]:
    """The looks of all passages, and where each begins: by line, (column, passage), in order."""
    looks: list[_Look] = []
    starts: dict[int, list[tuple[int, int]]] = {}
    for number, (look, leaves) in enumerate(_passages(book)):
        looks.append(look)
        for leaf in leaves:
            if isinstance(leaf, Text | Markup | NoteRef):
                for span in leaf.spans:
                    starts.setdefault(span.line, []).append((span.start, number))
    for found in starts.values():
        found.sort()
    return looks, starts


def _cut(pieces: Sequence[Piece], starts: Sequence[tuple[int, int]]) -> Iterator[tuple[int, list[Piece]]]:
    """The pieces of a line by the passage they stand in (-1: the line is gone); what is changed is never cut."""
    if not pieces:
        return
    if not starts:
        yield -1, list(pieces)
        return
    edges = [(column, passage) for at, (column, passage) in enumerate(starts) if not at or passage != starts[at - 1][1]]
    left = list(reversed(pieces))
    column = 0
    for at, (_, passage) in enumerate(edges):
        end = edges[at + 1][0] if at + 1 < len(edges) else None
        part: list[Piece] = []
        while left and (end is None or column < end):
            piece = left.pop()
            if end is not None and not piece.remarks and column + len(piece.now) > end:
                size = end - column
                left.append(Piece(piece.was[size:], piece.now[size:]))
                piece = Piece(piece.was[:size], piece.now[:size])
            part.append(piece)
            column += len(piece.now)
        if part:
            yield passage, part


def _row(row: _Row, leaf: str, remarks: Sequence[Remark], rules: Mapping[str, int]) -> Html:
    seed: list[Html] = []
    book: list[Html] = []
    marked = False
    for line, pieces, first in row.lines:
        was: list[Html] = []
        for piece in pieces:
            if piece.remarks:
                old, new = _marked(piece, remarks, rules)
                marked = True
            else:
                old = new = text(piece.now)
            was.append(old)
            book.append(new)
        seed.append(tag("span", {"class": "ln", "id": f"L{line + 1}"} if first else {"class": "ln"}, *was))
    name = f"h{min(6, row.look.level + 2)}" if row.look.kind == "heading" else "p"
    folio = tag("span", {"class": "folio", "title": "原书页码"}, text(leaf)) if leaf else Html("")
    word = tag("span", {"class": "word"}, text(row.look.word)) if row.look.word else Html("")
    return tag(
        "div",
        {"class": f"row {row.look.kind}{' has' if marked else ''}"},
        folio,
        tag("div", {"class": "seed"}, *seed),
        tag("div", {"class": "book"}, word, tag(name, {}, *book)),
    )


def _marked(piece: Piece, remarks: Sequence[Remark], rules: Mapping[str, int]) -> tuple[Html, Html]:
    """A piece that there is something to say about, as the seed has it and as the book has it.

    The attributes are numbers and words of ours, so they are written out here; a large book has many such pieces.
    """
    about = [remarks[number] for number in piece.remarks]
    spoken = " ".join(dict.fromkeys(f"r{rules[remark.edit.rule]}" for remark in about))
    void = "" if piece.now else " void"
    numbers = " ".join(map(str, piece.remarks))
    name = "ins" if piece.changed else "mark"
    now = text(piece.now if piece.now.strip() else _seen(piece.now))
    said = f'class="m {_worst(about)} {spoken}{void}" id="e{piece.remarks[0]}" data-e="{numbers}"'
    book = Html(f"<{name} {said}>{now}</{name}>")
    if not piece.changed:
        return text(piece.was), book
    return Html(f'<del data-of="{piece.remarks[0]}">{text(_seen(piece.was))}</del>' if piece.was else ""), book


def _seen(words: str) -> str:
    """`words` so that blanks show where there is nothing else, and what no font draws is spelled out."""
    words = words if words.strip() else words.translate(_ALIKE)
    return "".join(char if char.isprintable() or char == "\u3000" else f"⟨{ord(char):04X}⟩" for char in words)


def _kind(remark: Remark) -> str:
    if remark.edit.rule == REVIEWER:
        return REVIEWER
    return remark.edit.confidence.value


def _worst(remarks: Sequence[Remark]) -> str:
    """The kind that wants a look most."""
    if len(remarks) == 1:
        return _kind(remarks[0])
    kinds = {_kind(remark) for remark in remarks}
    order = (Confidence.DOUBTFUL.value, REVIEWER, Confidence.LIKELY.value, Confidence.CERTAIN.value)
    return next(kind for kind in order if kind in kinds)


# ---------------------------------------------------------------- what the script knows


def _data(remarks: Sequence[Remark], rules: Sequence[str], leaves: _Leaves) -> Html:
    """Every edit and doubt as JSON: [rule, line, before, after, kind, why, around, page]; reasons stand once."""
    numbers = {rule: number for number, rule in enumerate(rules)}
    whys: dict[str, int] = {}
    alike: dict[tuple[str, int, str], list[int]] = {}
    for remark in sorted(remarks, key=lambda each: each.edit.start):
        alike.setdefault(_key(remark.edit), []).append(remark.edit.start)
    listed = [
        [
            numbers[remark.edit.rule],
            remark.edit.line + 1,
            remark.edit.before,
            remark.edit.after,
            _kind(remark),
            whys.setdefault(remark.edit.why, len(whys)),
            _around(remark, same) if len(same := alike[_key(remark.edit)]) > 1 else "",
            leaves.name(remark.edit.line),
        ]
        for remark in remarks
    ]
    said = json.dumps(
        {"rules": rules, "whys": list(whys), "remarks": listed}, ensure_ascii=False, separators=(",", ":")
    )
    return Html(legal(said).replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e"))


def _key(edit: Edit) -> tuple[str, int, str]:
    return edit.rule, edit.line, edit.before


def _around(remark: Remark, alike: Sequence[int]) -> str:
    """The fewest words about the place that stand on its line once and hold no other of the columns `alike`.

    Empty where there are none such. On a line that is a book by itself the words are taken unproved.
    """
    start, end, text = remark.edit.start, remark.end, remark.text
    at = bisect_left(alike, start)
    low = alike[at - 1] + 1 if at else 0
    high = alike[at + 1] + len(remark.edit.before) - 1 if at + 1 < len(alike) else len(text)
    for size in (2, 4, 8, 16, 32):
        for left, right in ((size, size), (size, 0), (0, size)):
            words = text[max(low, start - left) : max(end, min(high, end + right))]
            if len(text) > _LONG_LINE or (words and text.find(words, text.find(words) + 1) < 0):
                return words
    return ""


# ---------------------------------------------------------------- lists


def _counts(remarks: Iterable[Remark]) -> dict[str, int]:
    counts = Counter(map(_kind, remarks))
    return {kind: counts[kind] for kind in ("certain", "likely", "doubtful", REVIEWER)}


@dataclass(frozen=True, slots=True)
class _RuleLine:
    number: int
    id: str
    why: str
    made: int
    likely: int
    doubtful: int


def _rule_table(remarks: Sequence[Remark], rules: Sequence[str], reasons: Mapping[str, str]) -> list[_RuleLine]:
    counts = Counter((remark.edit.rule, _kind(remark)) for remark in remarks)
    lines = [
        _RuleLine(
            number,
            rule,
            reasons.get(rule, "人的更正" if rule == REVIEWER else ""),
            sum(counts[rule, kind] for kind in ("certain", REVIEWER)),
            counts[rule, "likely"],
            counts[rule, "doubtful"],
        )
        for number, rule in enumerate(rules)
    ]
    return sorted(lines, key=lambda line: -(line.made + line.likely + line.doubtful))


@dataclass(frozen=True, slots=True)
class _Place:
    number: int
    line: int
    page: str
    left: str
    words: str
    right: str


@dataclass(frozen=True, slots=True)
class _Group:
    """All places where the same words are doubted in favour of the same others: one decision settles them."""

    before: str
    after: str
    rules: tuple[str, ...]
    whys: tuple[str, ...]
    places: tuple[_Place, ...]

    @property
    def numbers(self) -> str:
        return " ".join(str(place.number) for place in self.places)


def _groups(remarks: Sequence[Remark], leaves: _Leaves) -> list[_Group]:
    """The doubts, those first where one decision is worth most: by what is expected of all their places together."""
    found: dict[tuple[str, str], list[Remark]] = {}
    for remark in remarks:
        if not remark.made:
            found.setdefault((remark.edit.before, remark.edit.after), []).append(remark)
    ranked = sorted(found.items(), key=lambda item: -sum(each.edit.gain or _UNMEASURED for each in item[1]))
    return [
        _Group(
            _brief(_seen(before)),
            _brief(_seen(after)),
            tuple(dict.fromkeys(each.edit.rule for each in same)),
            tuple(dict.fromkeys(each.edit.why for each in same)),
            tuple(_place(each, leaves) for each in same),
        )
        for (before, after), same in ranked
    ]


def _place(remark: Remark, leaves: _Leaves) -> _Place:
    left = remark.text[max(0, remark.edit.start - _CONTEXT) : remark.edit.start]
    right = remark.text[remark.end : remark.end + _CONTEXT]
    line = remark.edit.line
    return _Place(remark.number, line + 1, leaves.name(line), left, _brief(_seen(remark.edit.before)), right)


def _brief(words: str) -> str:
    return words if len(words) <= _SHOWN else f"{words[:_SHOWN]}……"


def _notices(notices: Sequence[Notice], leaves: _Leaves) -> dict[str, list[tuple[Notice, int | None]]]:
    """Contents that disagree with the text, then all the rest; what is grave first."""
    ordered = sorted(notices, key=lambda notice: notice.severity is not Severity.WARNING)
    listed = [(notice, leaves.link(notice.line)) for notice in ordered]
    return {
        "contents": [pair for pair in listed if pair[0].code.startswith("contents")],
        "other": [pair for pair in listed if not pair[0].code.startswith("contents")],
    }


def _metadata(book: Book, leaves: _Leaves) -> list[tuple[str, str, str, int | None]]:
    """What the edition will say of itself: (Chinese name, English name, value, line where the text says it)."""
    about = book.metadata
    creators = "，".join(f"{creator.name} {creator.role}" for creator in about.creators)
    said = (
        ("书名", "Title", about.title),
        ("副书名", "Subtitle", about.subtitle),
        ("丛书", "Series", about.series),
        ("作者", "Creators", creators),
        ("出版者", "Publisher", about.publisher),
        ("出版地", "Place", about.place),
        ("出版时间", "Date", about.date),
        ("ISBN", "ISBN", about.isbn),
        ("CIP 核字", "CIP", about.cip),
        ("中图分类", "Classes", "、".join(about.classes)),
        ("主题", "Subjects", "、".join(about.subjects)),
        ("语言", "Language", book.lang),
    )
    return [(zh, en, value, leaves.link(_read_at(value, about.facts))) for zh, en, value in said if value]


def _read_at(value: str, facts: Sequence[Fact]) -> int | None:
    """The line of the fact that says so."""
    name = value.split(" ", maxsplit=1)[0]
    return next((fact.line for fact in facts if fact.value and (fact.value in {value, name})), None)
