"""The two kinds of work on a book, as pure functions over frozen values: any worker on any machine gives the same.

Nothing is raised and nothing is written: a result is a value, and so is a `Fault`. Heavy modules are imported where
they are used, so that a run with nothing to do, or without a PDF, does not wait for them.
"""

import json
import traceback
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from pipeline import book_json, bootstrap, editions, laws, ledger, pages, review, source
from pipeline.book import Book, Edition, Repairs
from pipeline.config import Settings, override, refuse_unknown_names
from pipeline.errors import BrokenLaw, PipelineError, ToolError
from pipeline.ledger import Edit
from pipeline.notice import Notice
from pipeline.render.artifact import Artifact
from pipeline.render.review import Decided, Proof
from pipeline.style import Style

File: TypeAlias = tuple[str, bytes]
REVIEW = "review"  # the format of the page for people; of a book it has one
SNAPSHOTS = ("1-source.txt", "2-cleaned.txt", "3-ledger.jsonl", "4-book.json", "notices.json")


@dataclass(frozen=True, slots=True)
class Manuscript:
    """A seed on its way in: bytes, the publisher's choices, and what a person decided about its repairs."""

    raw: source.Raw
    settings: Settings
    reviewed: review.Reviewed = field(default_factory=review.Reviewed)


@dataclass(frozen=True, slots=True)
class Prepared:
    """A seed that became a Book, with the snapshots of each stage and all that was noticed."""

    book: Book
    proof: Proof
    repairs: Repairs
    doubts: int
    characters: int
    snapshots: tuple[File, ...]
    notices: tuple[Notice, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """One file of a book: an edition in a format. `key` is a digest of everything that shapes it."""

    book: str
    edition: str
    format: str
    key: str

    @property
    def file(self) -> str:
        return "review.html" if self.format == REVIEW else f"{self.book}.{self.edition}.{self.format}"


@dataclass(frozen=True, slots=True)
class Order:
    """A file to make, and all that it is made from."""

    part: Part
    prepared: Book
    repairs: Repairs
    settings: Settings
    style: Style


@dataclass(frozen=True, slots=True)
class ReviewOrder:
    """A review page to make, and all that it is made from."""

    part: Part
    proof: Proof
    style: Style


@dataclass(frozen=True, slots=True)
class Fault:
    """Why there is no result. `evidence` are files that show a fault of ours."""

    error: PipelineError
    evidence: tuple[File, ...] = ()


# ---------------------------------------------------------------- seed to Book


def prepare(manuscript: Manuscript) -> Prepared | Fault:
    """Read, clean and structure one seed, and prove laws 1 to 3 upon it."""
    seen: dict[str, bytes] = {}
    try:
        return _prepare(manuscript, seen)
    except Exception as error:  # noqa: BLE001  a book that fails is a result; the others go on
        return _fault(error, seen)


def _prepare(manuscript: Manuscript, seen: dict[str, bytes]) -> Prepared:
    from pipeline.clean import RULES, clean  # noqa: PLC0415
    from pipeline.structure import RULES as STRUCTURE_RULES  # noqa: PLC0415
    from pipeline.structure import forms, structure  # noqa: PLC0415

    def once_more(lines: Sequence[str]) -> tuple[Sequence[str], Sequence[Edit]]:
        again = clean(lines, printed, rules, review.Hearing(manuscript.reviewed, again=cleaned.held))
        return again.lines, again.ledger

    settings = manuscript.settings
    refuse_unknown_names(
        settings,
        [rule.id for rule in RULES],
        [rule.id for rule in STRUCTURE_RULES],
        [form.sign for form in forms.CASES],
    )
    read = source.read(manuscript.raw)
    seen["1-source.txt"] = _text(read.lines)
    printed = pages.find(read.lines, read.page_starts)
    rules = tuple(rule for rule in RULES if rule.id not in settings.clean.off)
    review.refuse_unknown_rules(manuscript.reviewed, [rule.id for rule in RULES])
    cleaned = clean(read.lines, printed, rules, review.Hearing(manuscript.reviewed))
    seen["2-cleaned.txt"] = _text(cleaned.lines)
    seen["3-ledger.jsonl"] = ledger.to_json_lines((*cleaned.ledger, *cleaned.doubts)).encode()
    laws.ledger_rebuilds_seed(read.lines, cleaned.lines, cleaned.ledger)
    laws.cleaning_is_settled(cleaned.lines, once_more)

    found = structure(cleaned.lines, printed, name=read.name, settings=settings.structure)
    book = override(found.book, settings.book)
    seen["4-book.json"] = book_json.dump(book).encode()
    laws.book_tiles_lines(book, cleaned.lines)
    notices = (*read.notices, *found.notices)
    seen["notices.json"] = _notices(notices)
    return Prepared(
        book,
        Proof(
            read.name,
            read.lines,
            cleaned.ledger,
            cleaned.doubts,
            printed,
            book,
            notices,
            {rule.id: rule.why for rule in RULES},
            tuple(_decided(manuscript.reviewed.said)),
        ),
        _repairs(cleaned.ledger, {rule.id: rule.why for rule in rules}),
        len(cleaned.doubts),
        sum(map(len, read.lines)),
        tuple(seen.items()),
        notices,
    )


def _text(lines: Sequence[str]) -> bytes:
    """Lines as a file in which line n is line n: every end is one line feed."""
    return "".join(f"{line}\n" for line in lines).encode()


def _notices(notices: Sequence[Notice]) -> bytes:
    listed = [
        {
            "code": notice.code,
            "severity": notice.severity.value,
            "line": None if notice.line is None else notice.line + 1,
            "message": notice.message,
        }
        for notice in notices
    ]
    return (json.dumps(listed, ensure_ascii=False, indent=1) + "\n").encode()


def _decided(said: review.Review) -> Iterator[Decided]:
    """What a person decided, as the review page lists it."""
    for kind, decisions in (("accept", said.accept), ("reject", said.reject)):
        for each in decisions:
            yield Decided(kind, each.line, each.rule, each.before, each.after or "", each.why)
    for correction in said.correct:
        yield Decided("correct", correction.line, "", correction.before, correction.after, correction.why)
    for word in said.protect:
        yield Decided("protect", 0, "", word, "", "")


def _repairs(edits: Sequence[Edit], titles: Mapping[str, str]) -> Repairs:
    """How often each rule mended something, the busiest first."""
    counts = Counter(edit.rule for edit in edits)
    return Repairs(tuple((rule, titles.get(rule, rule), count) for rule, count in counts.most_common()))


# ---------------------------------------------------------------- Book to file


def render(order: Order) -> Artifact | Fault:
    """Make one edition of a Book, prove law 4 upon it, and print it in one format."""
    try:
        part = order.part
        book = editions.edition(order.prepared, part.edition, order.settings.convert)
        laws.edition_keeps_shape(order.prepared, book)
        edition = Edition(
            part.book, part.edition, book.lang, book, editions.repairs(order.repairs, book.lang), part.key
        )
        return _renderer(part.format)(edition, order.style, order.settings)
    except Exception as error:  # noqa: BLE001  as above: a fault is a result
        return _fault(error, {"4-book.json": book_json.dump(order.prepared).encode()})


def print_review(order: ReviewOrder) -> Artifact | Fault:
    """Make the review page of a book."""
    try:
        from pipeline.render import review as page  # noqa: PLC0415

        return page.render(order.proof, order.style)
    except Exception as error:  # noqa: BLE001  as above: a fault is a result
        return _fault(error, {})


def _renderer(name: str) -> Callable[[Edition, Style, Settings], Artifact]:
    match name:
        case "epub":
            from pipeline.render import epub  # noqa: PLC0415

            return epub.render
        case "pdf":
            lacking = bootstrap.missing_parts("run", environment_ready=True)
            if lacking:
                raise ToolError(bootstrap.what_to_install(lacking))
            from pipeline.render import pdf  # noqa: PLC0415  WeasyPrint takes long to import

            return pdf.render
        case _:
            raise ValueError(name)


# ---------------------------------------------------------------- faults


def _fault(error: Exception, seen: Mapping[str, bytes]) -> Fault:
    match error:
        case BrokenLaw():
            return Fault(error, (*seen.items(), ("broken-law.txt", f"{error}\n".encode())))
        case PipelineError():
            return Fault(error)
        case MemoryError():
            return Fault(PipelineError("内存不够", remedy="用 --jobs 1 再试，或把这本书拆小"))
        case _:
            trace = "".join(traceback.format_exception(error)).encode("utf-8", "backslashreplace")
            what = traceback.extract_tb(error.__traceback__)[-1:]
            place = f"（{what[0].name}）" if what else ""
            ours = BrokenLaw(f"程序内部错误 {type(error).__name__}{place}：{error}")
            return Fault(ours, (*seen.items(), ("traceback.txt", trace)))
