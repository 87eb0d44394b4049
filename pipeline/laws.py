"""The laws of the house, as functions that raise `BrokenLaw` with evidence. Checked in every run.

1. undo(cleaned, ledger) == seed.
2. A second cleaning changes nothing.
3. The spans of the Book tile the cleaned lines exactly once, and each leaf's text equals its spans.
4. An edition keeps the Book's shape and spans; only the text of its leaves differs.
(5, what is read back equals the edition, and 6, the same bytes everywhere, are held by the tests.)
"""

from collections.abc import Callable, Sequence

from pipeline import walk
from pipeline.book import Book, Markup, NoteRef, Span, Text
from pipeline.errors import BrokenLaw
from pipeline.ledger import Edit, undo


def ledger_rebuilds_seed(seed: Sequence[str], cleaned: Sequence[str], ledger: Sequence[Edit]) -> None:
    """Law 1: every character of the seed is in the text, or in the ledger with a rule and a reason."""
    if len(seed) != len(cleaned):
        raise BrokenLaw(f"法则一：清理前 {len(seed)} 行，清理后 {len(cleaned)} 行")
    rebuilt = undo(cleaned, ledger)
    for line, (had, got) in enumerate(zip(seed, rebuilt, strict=True)):
        if had != got:
            raise BrokenLaw(f"法则一：修复账不能还原第 {line + 1} 行：{had[:60]!r} ≠ {got[:60]!r}")


def cleaning_is_settled(
    cleaned: Sequence[str], clean_again: Callable[[Sequence[str]], tuple[Sequence[str], Sequence[Edit]]]
) -> None:
    """Law 2: a second pass changes nothing."""
    again, ledger = clean_again(cleaned)
    if ledger or tuple(again) != tuple(cleaned):
        edit = ledger[0] if ledger else None
        raise BrokenLaw(f"法则二：再清理一遍仍有改动：{edit}")


def book_tiles_lines(book: Book, cleaned: Sequence[str]) -> None:
    """Law 3: each character of the cleaned lines is in exactly one leaf, and each leaf says what its spans say."""
    spans: list[Span] = []
    for leaf in walk.leaves(book):
        if isinstance(leaf, Text | Markup):
            said = "".join(cleaned[s.line][s.start : s.end] for s in leaf.spans)
            if said != leaf.text:
                raise BrokenLaw(f"法则三：节点文字与原行不符：{leaf.text[:40]!r} ≠ {said[:40]!r}（{leaf.spans[:2]}）")
            spans += leaf.spans
        elif isinstance(leaf, NoteRef):
            spans += leaf.spans
    _tile(spans, cleaned)


def _tile(spans: list[Span], cleaned: Sequence[str]) -> None:
    at, column = 0, 0
    for span in sorted(spans):
        while at < span.line:
            if column != len(cleaned[at]):
                raise BrokenLaw(f"法则三：第 {at + 1} 行第 {column + 1} 字起不在书中：{cleaned[at][column:][:40]!r}")
            at, column = at + 1, 0
        if span.start != column or span.end < span.start:
            kind = "重复" if span.start < column else "缺失"
            raise BrokenLaw(f"法则三：第 {at + 1} 行第 {column + 1} 字处{kind}：{span}")
        column = span.end
    for line in range(at, len(cleaned)):
        if column != len(cleaned[line]):
            raise BrokenLaw(f"法则三：第 {line + 1} 行第 {column + 1} 字起不在书中：{cleaned[line][column:][:40]!r}")
        column = 0


def edition_keeps_shape(book: Book, edition: Book) -> None:
    """Law 4: the same tree, anchors and spans; only the text of shown leaves may differ."""
    if _bare(book) != _bare(edition):
        raise BrokenLaw("法则四：转换后的版本改变了书的结构")


def _bare(book: Book) -> tuple[object, ...]:
    """The book without the words of its leaves: what two editions must share."""
    blank = walk.map_runs(book, lambda run: walk.map_texts(run, iter(lambda: "", None)))
    return blank.front, blank.sections, blank.notes
