"""What the person who publishes should look at: notices about the structure that was found.

The body has authority over the printed contents; where they disagree the book is right as it is set, and we say so.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pipeline.notice import Notice, Severity
from pipeline.structure import contents, forms, measure, sentence, titles
from pipeline.structure.rule import Draft, Mark, Role
from pipeline.structure.shape import key
from pipeline.structure.titles import Title

_RUN = 4  # missing entries side by side are told in one notice from this many on
_TOLD = 30  # disagreements of one kind told one by one; the rest as a number
_BODY = frozenset({Role.PARAGRAPH, Role.CONTINUATION, Role.QUOTE, Role.LIST_ITEM, Role.VERSE})


@dataclass(frozen=True, slots=True)
class _Head:
    """A heading as it was set: its lines as one text, and its depth."""

    title: Title
    text: str
    depth: int


def remarks(draft: Draft, marks: Sequence[Mark]) -> tuple[Notice, ...]:
    """All notices about the structure, in the order of the text where they have a place."""
    heads = list(_heads(draft, marks))
    found = [*_no_heading(heads), *_against_contents(draft, heads), *_gaps(heads), *_placed(marks), *_end(draft, marks)]
    return tuple(sorted(found, key=lambda notice: (notice.line is None, notice.line or 0)))


def _heads(draft: Draft, marks: Sequence[Mark]) -> Iterator[_Head]:
    parts: dict[int, list[Mark]] = {}
    opened = -1
    for mark in marks:
        if mark.role is Role.HEADING:
            opened = mark.line
            parts[opened] = [mark]
        elif mark.role in (Role.HEADING_MORE, Role.SUBTITLE) and opened >= 0:
            parts[opened].append(mark)
    for line, found in parts.items():
        pieces = [forms.strip(draft.lines[mark.line][mark.start :])[0] for mark in found]
        text = "".join(pieces[: 1 + sum(mark.role is Role.HEADING_MORE for mark in found[1:])])
        following = found[1].line if len(found) > 1 else None
        title = Title(line, found[0].start, text, forms.read(text), plain=True, alone=True, opens=True, after=following)
        yield _Head(title, text, found[0].level)
        for mark, piece in zip(found[1:], pieces[1:], strict=True):
            if mark.role is Role.SUBTITLE:
                yield _Head(Title(mark.line, 0, piece, None, plain=True, alone=True, opens=True), piece, 0)


def _no_heading(heads: Sequence[_Head]) -> Iterator[Notice]:
    if not heads:
        yield Notice("no-heading", "全书未见标题，按一篇排", None, Severity.WARNING)


def _against_contents(draft: Draft, heads: Sequence[_Head]) -> Iterator[Notice]:
    """Entries without a body, and headings that the contents give otherwise."""
    entries = contents.entries(draft)
    if not entries:
        return
    titles.match([head.title for head in heads], entries, draft)
    matched = {head.title.entry: head for head in heads if head.title.entry is not None}
    boxes = {key(draft.lines[mark.line]) for mark in draft.roles.values() if mark.role in (Role.BOX, Role.BOX_TITLE)}
    lost = [
        at
        for at, entry in enumerate(entries)
        if at not in matched and not (entry.box or key(entry.title) in boxes) and len(key(entry.title)) >= 2
    ]
    boxed = {at for at, entry in enumerate(entries) if entry.box}
    yield from _missing(entries, lost, boxed)
    yield from _renamed(entries, matched)
    yield from _moved(entries, matched)


def _missing(entries: Sequence[contents.Entry], lost: Sequence[int], boxed: set[int]) -> Iterator[Notice]:
    runs: list[list[int]] = []
    for at in lost:
        if runs and boxed.issuperset(range(runs[-1][-1] + 1, at)):
            runs[-1].append(at)
        else:
            runs.append([at])
    for run in runs:
        first, last = entries[run[0]], entries[run[-1]]
        if len(run) >= _RUN:
            message = f"目录自“{first.title}”至“{last.title}”共 {len(run)} 条，正文中未见"
            yield Notice("contents-without-body", message, first.line, Severity.WARNING)
            continue
        for at in run:
            message = f"目录所列“{entries[at].title}”，正文中未见"
            yield Notice("contents-without-body", message, entries[at].line, Severity.WARNING)


def _renamed(entries: Sequence[contents.Entry], matched: dict[int, _Head]) -> Iterator[Notice]:
    told = 0
    for at, head in matched.items():
        entry = entries[at]
        name, own = key(entry.title), key(head.text)
        if own in (name, key(entry.title + entry.subtitle)) or (own and name.startswith(own)):
            continue
        told += 1
        if told <= _TOLD:
            yield Notice("title-differs", f"目录作“{entry.title}”，正文作“{head.text}”，从正文", head.title.line)
    if told > _TOLD:
        yield Notice("title-differs", f"另有 {told - _TOLD} 处标题与目录字句不同，皆从正文")


def _moved(entries: Sequence[contents.Entry], matched: dict[int, _Head]) -> Iterator[Notice]:
    """Headings that stand deeper or higher than the contents have them, measured from where most of them agree."""
    offsets = [head.depth - entries[at].level for at, head in matched.items() if head.depth]
    if not offsets:
        return
    usual = max(set(offsets), key=offsets.count)
    odd = [(at, head) for at, head in matched.items() if head.depth and head.depth - entries[at].level != usual]
    for at, head in odd[:_TOLD]:
        message = f"“{head.text}”在目录为第 {entries[at].level} 级，按正文编号次序为第 {head.depth} 级"
        yield Notice("level-differs", message, head.title.line)


def _gaps(heads: Sequence[_Head]) -> Iterator[Notice]:
    """Numbers that the headings of one form skip under one parent, or have twice."""
    last: dict[int, tuple[str, int, str]] = {}
    for head in heads:
        if not head.depth:
            continue
        for depth in [depth for depth in last if depth > head.depth]:
            del last[depth]
        numbered = head.title.numbered
        if numbered is None:
            continue
        sign, number, text = last.get(head.depth, (numbered.form.sign, 0, ""))
        if sign == numbered.form.sign and number and number + 1 != number_of(head) and number_of(head) != 1:
            message = f"“{text}”之后是“{head.text}”，编号不相续"
            yield Notice("heading-number-gap", message, head.title.line, Severity.WARNING)
        last[head.depth] = (numbered.form.sign, numbered.number, head.text)


def number_of(head: _Head) -> int:
    """The number of a heading; 0 where it has none."""
    return head.title.numbered.number if head.title.numbered else 0


def _placed(marks: Sequence[Mark]) -> Iterator[Notice]:
    refs = [mark for mark in marks if mark.role is Role.NOTE_REF]
    placed = [mark for mark in refs if mark.end == mark.start]
    garbled = [mark for mark in refs if mark.why.startswith("误识")]
    if placed:
        yield Notice(
            "note-mark-placed",
            f"有 {len(placed)} 处注号在识别时失落，按页内位置与次序补上",
            placed[0].line,
            Severity.WARNING,
        )
    if garbled:
        yield Notice(
            "note-mark-garbled", f"有 {len(garbled)} 处注号被误识为别的字符，按次序与注文相配", garbled[0].line
        )


def _end(draft: Draft, marks: Sequence[Mark]) -> Iterator[Notice]:
    """A text that breaks off within a sentence: the scan, or the seed, ended too early."""
    last = max((mark.line for mark in marks if mark.role in _BODY), default=None)
    closed = max(
        (mark.line for mark in marks if mark.role in (Role.DATE, Role.SIGNATURE, Role.SOURCE, Role.NOTE)), default=-1
    )
    if last is None or closed > last:
        return
    text = draft.lines[last].strip()
    if measure.width(text) >= 8 and not sentence.ends(text):
        yield Notice("truncated-end", f"全文止于未完的句子：“……{text[-16:]}”", last)
