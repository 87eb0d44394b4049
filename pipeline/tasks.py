"""The work on a book, as pure functions over frozen values: any worker on any machine gives the same.

`prepare` makes the Book of a seed, `render` one file of a Book. A worker that prepares a Book may make its files at
once, as long as there are other books for the others: then the Book never travels. Where it does, it goes packed, and
only workers open it.

Nothing is raised but MemoryError, and nothing is written: a result is a value, and so is a `Fault`. Heavy modules are
imported where they are used, so that a run with nothing to do, or without a PDF, does not wait for them.
"""

import importlib
import json
import pickle
import re
import traceback
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache, lru_cache, partial
from itertools import chain
from typing import TYPE_CHECKING, TypeAlias

from pipeline import book_json, bootstrap, editions, laws, ledger, pages, review, source
from pipeline.book import Book, Edition, Repairs
from pipeline.config import Settings, override, refuse_unknown_names
from pipeline.conversion.translator import Ruling
from pipeline.errors import BrokenLaw, PipelineError, ToolError
from pipeline.ledger import Edit
from pipeline.notice import Notice
from pipeline.pages import Page
from pipeline.render import conversion_list
from pipeline.render.artifact import Artifact
from pipeline.render.review import Decided, Proof
from pipeline.style import PRESS, Style

if TYPE_CHECKING:
    from pipeline.clean import Cleaned

File: TypeAlias = tuple[str, bytes]
REVIEW = "review"  # the format of the page for people; of a book it has one
CONVERSION = "conversion"  # the format of what to ask about an edition in the other script
_ENDINGS = {"print": "print.pdf", "cover": "cover.pdf", "web": "web.zip", CONVERSION: conversion_list.SUFFIX}
SNAPSHOTS = ("1-source.txt", "2-cleaned.txt", "3-ledger.jsonl", "4-book.json", "notices.json")


@dataclass(frozen=True, slots=True)
class Facts:
    """What was counted in a book; it goes into its manifest, and from there into the report of a run.

    `repairs` are by rule. `alien` are characters that are hardly ever right in a Chinese book: neither in the national
    sets of the common characters nor marks; they stand for the errors that nobody has found.
    """

    characters: int
    pages: int
    repairs: Mapping[str, int]
    doubts: int
    notices: int
    alien: int


@dataclass(frozen=True, slots=True)
class Part:
    """One file of a book: an edition in a format. `key` is a digest of everything that shapes it.

    The review page is of the edition whose conversion it asks about, "" where there is none such.
    """

    book: str
    edition: str
    format: str
    key: str

    @property
    def file(self) -> str:
        if self.format == REVIEW:
            return "review.html"
        return f"{self.book}.{self.edition}.{_ENDINGS.get(self.format, self.format)}"


@dataclass(frozen=True, slots=True)
class Manuscript:
    """A seed on its way in: bytes, the publisher's choices, and what a person decided about its repairs.

    `at_once` are the files to make of it in the same task; `last` says that no others will be asked for.
    """

    raw: source.Raw
    settings: Settings
    reviewed: review.Reviewed = field(default_factory=review.Reviewed)
    at_once: tuple[Part, ...] = ()
    last: bool = False


@dataclass(frozen=True, slots=True)
class Copy:
    """All that the files of a book are made from, but for its looks."""

    book: Book
    proof: Proof
    repairs: Repairs
    settings: Settings
    converts: tuple[review.Conversion, ...] = ()


@dataclass(frozen=True, slots=True)
class Prepared:
    """A seed that became a Book, with the snapshots of each stage, what was noticed and counted, and the files made.

    `packed` is the Copy for those who make further files, empty where there are none to make.
    """

    packed: bytes
    snapshots: tuple[File, ...]
    notices: tuple[Notice, ...]
    facts: Facts
    made: tuple[tuple[Part, "Artifact | Fault"], ...] = ()

    @property
    def copy(self) -> Copy:
        return unpacked(self.packed)

    @property
    def book(self) -> Book:
        return self.copy.book

    @property
    def repairs(self) -> Repairs:
        return self.copy.repairs


@dataclass(frozen=True, slots=True)
class Order:
    """Files to make, one or several that share a layout, and all that they are made from, packed."""

    parts: tuple[Part, ...]
    packed: bytes


@dataclass(frozen=True, slots=True)
class Fault:
    """Why there is no result. `evidence` are files that show a fault of ours."""

    error: PipelineError
    evidence: tuple[File, ...] = ()


def warm(formats: Sequence[str]) -> None:
    """Load now what the tasks for these formats would load when they come."""
    importlib.import_module("pipeline.clean")
    importlib.import_module("pipeline.structure")
    importlib.import_module("pipeline.render.review")
    for form in formats:
        with suppress(PipelineError, ValueError):
            _renderer(form)


def load_language(manuscript: Manuscript) -> None:
    """Read the data that the proofreader asks, if it is to read this book: seconds of work, once in a process."""
    from pipeline.language import known  # noqa: PLC0415

    if _is_proofread(manuscript.settings):
        known()


def _is_proofread(settings: Settings) -> bool:
    from pipeline.clean import PROOFREADING  # noqa: PLC0415

    return any(rule.id not in settings.clean.off for rule in PROOFREADING)


# ---------------------------------------------------------------- seed to Book


def prepare(manuscript: Manuscript, style: Style | None = None) -> Prepared | Fault:
    """Read, clean and structure one seed, prove laws 1 to 3 upon it, and make the files that are wanted at once."""
    seen: dict[str, bytes] = {}
    try:
        copy, notices, facts = _prepare(manuscript, seen)
        packed = b"" if manuscript.last else pickle.dumps(copy, pickle.HIGHEST_PROTOCOL)
    except Exception as error:  # noqa: BLE001  a book that fails is a result; the others go on
        return _fault(error, seen)
    made = tuple((part, _made(part, copy, style)) for part in manuscript.at_once) if style else ()
    return Prepared(packed, tuple(seen.items()), notices, facts, made)


def _prepare(manuscript: Manuscript, seen: dict[str, bytes]) -> tuple[Copy, tuple[Notice, ...], Facts]:
    from pipeline.clean import PROOFREADING, clean, proofreading  # noqa: PLC0415
    from pipeline.clean import RULES as CLEANING_RULES  # noqa: PLC0415
    from pipeline.structure import RULES as STRUCTURE_RULES  # noqa: PLC0415
    from pipeline.structure import forms, structure  # noqa: PLC0415

    def once_more(lines: Sequence[str]) -> tuple[Sequence[str], Sequence[Edit]]:
        again = clean(lines, printed, rules, review.Hearing(manuscript.reviewed, again=cleaned.held))
        return again.lines, again.ledger

    settings = manuscript.settings
    known = (*CLEANING_RULES, *PROOFREADING)
    refuse_unknown_names(
        settings,
        [rule.id for rule in known],
        [rule.id for rule in STRUCTURE_RULES],
        [form.sign for form in forms.CASES],
    )
    read = source.read(manuscript.raw)
    seen["1-source.txt"] = _text(read.lines)
    printed = pages.find(read.lines, read.page_starts)
    rules = tuple(rule for rule in known if rule.id not in settings.clean.off)
    review.refuse_unknown_rules(manuscript.reviewed, [rule.id for rule in known])
    cleaned = clean(read.lines, printed, rules, review.Hearing(manuscript.reviewed))
    seen["2-cleaned.txt"] = _text(cleaned.lines)
    seen["3-ledger.jsonl"] = ledger.to_json_lines((*cleaned.ledger, *cleaned.doubts)).encode()
    laws.ledger_rebuilds_seed(read.lines, cleaned.lines, cleaned.ledger)
    laws.cleaning_is_settled(cleaned.lines, once_more)

    found = structure(cleaned.lines, printed, name=read.name, settings=settings.structure)
    book = override(found.book, settings.book)
    seen["4-book.json"] = book_json.dump(book).encode()
    laws.book_tiles_lines(book, cleaned.lines)
    _refuse_unmet(manuscript.reviewed, book, settings)
    notices = (*read.notices, *found.notices, *(proofreading.notices(cleaned.lines) if _is_proofread(settings) else ()))
    seen["notices.json"] = _notices(notices)
    reasons = {rule.id: rule.why for rule in known}
    said = tuple(_decided(manuscript.reviewed.said))
    proof = Proof(read.name, read.lines, cleaned.ledger, cleaned.doubts, printed, book, notices, reasons, said)
    return (
        Copy(book, proof, _repairs(cleaned.ledger, reasons), settings, manuscript.reviewed.said.convert),
        notices,
        _facts(read, cleaned, printed, notices),
    )


def _refuse_unmet(reviewed: review.Reviewed, book: Book, settings: Settings) -> None:
    """Raise SettingsError where a decision about the conversion speaks of no place of the book."""
    review.refuse_unknown_editions(reviewed, tuple(name for name in editions.LANGS if name != "hans"))
    for number, each in enumerate(reviewed.said.convert):
        if not editions.meets(book, settings.convert, _ruling(each)):
            said = f"正文里没有“{each.around}”" if each.around else f"没有一处“{each.before}”拿不准是不是“{each.after}”"
            raise reviewed.error("convert", number, said, "对照 review.html 的“繁体”一节改写，或删去这一条")


def _ruling(said: review.Conversion) -> Ruling:
    return Ruling(said.before, said.after, said.around or "")


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
    for choice in said.convert:
        yield Decided("convert", 0, " ".join(choice.editions), choice.around or choice.before, choice.after, choice.why)
    for word in said.protect:
        yield Decided("protect", 0, "", word, "", "")


def _facts(read: source.Source, cleaned: "Cleaned", printed: Sequence[Page], notices: Sequence[Notice]) -> Facts:
    counts = Counter(edit.rule for edit in cleaned.ledger)
    characters = Counter(chain.from_iterable(cleaned.lines))
    return Facts(
        characters=sum(map(len, read.lines)),
        pages=len(printed),
        repairs=dict(counts.most_common()),
        doubts=len(cleaned.doubts),
        notices=len(notices),
        alien=sum(count for character, count in characters.items() if _is_alien(character)),
    )


@cache
def _is_alien(character: str) -> bool:
    """Outside GB 2312 and Big5, and no letter, mark, digit or space of ASCII, Latin-1 or general punctuation."""
    if character < "\u0250" and (character.isprintable() or character == "\t"):
        return False
    if "\u2010" <= character <= "\u2027" or "\u3000" <= character <= "\u303f" or "\uff01" <= character <= "\uffee":
        return False
    for charset in ("gb2312", "big5"):
        with suppress(UnicodeEncodeError):
            character.encode(charset)
            return False
    return True


def _repairs(edits: Sequence[Edit], titles: Mapping[str, str]) -> Repairs:
    """How often each rule mended something, the busiest first."""
    counts = Counter(edit.rule for edit in edits)
    return Repairs(tuple((rule, titles.get(rule, rule), count) for rule, count in counts.most_common()))


# ---------------------------------------------------------------- Book to file


def render(order: Order, style: Style) -> tuple[Artifact | Fault, ...]:
    """Make files of a Book that another worker, or this one, prepared: a result for each, in their order."""
    copy = unpacked(order.packed)
    return tuple(_made(part, copy, style) for part in order.parts)


@lru_cache(maxsize=1)  # a worker often makes several files of one book, one after the other
def unpacked(packed: bytes) -> Copy:
    """The Copy that `prepare` packed. Only ever given what our own workers made."""
    copy = pickle.loads(packed)  # noqa: S301
    if not isinstance(copy, Copy):
        raise TypeError(type(copy))
    return copy


def _made(part: Part, copy: Copy, style: Style) -> Artifact | Fault:
    """One file. An edition must keep law 4."""
    try:
        if part.format == REVIEW:
            from pipeline.render import review as page  # noqa: PLC0415

            return page.render(copy.proof, style, _conversion_list(copy, part.edition) if part.edition else None)
        if part.format == CONVERSION:
            return conversion_list.render(_conversion_list(copy, part.edition))
        book = editions.edition(copy.book, part.edition, copy.settings.convert, _rulings(copy, part.edition))
        laws.edition_keeps_shape(copy.book, book)
        repairs = editions.repairs(copy.repairs, book.lang)
        edition = Edition(part.book, part.edition, book.lang, book, repairs, part.key)
        return _renderer(part.format)(edition, style, copy.settings)
    except PipelineError as error:
        return _fault(
            error, {"4-book.json": book_json.dump(copy.book).encode()} if isinstance(error, BrokenLaw) else {}
        )
    except Exception as error:  # noqa: BLE001  as above: a fault is a result
        return _fault(error, {"4-book.json": book_json.dump(copy.book).encode()})


def _rulings(copy: Copy, edition: str) -> tuple[Ruling, ...]:
    return tuple(_ruling(each) for each in copy.converts if not each.editions or edition in each.editions)


def _conversion_list(copy: Copy, edition: str) -> conversion_list.ConversionList:
    """What to ask about an edition, with the lines where it stands."""
    runs = editions.runs(copy.book)
    texts = [editions.said(run) for run in runs]
    asked = editions.questions(copy.book, edition, copy.settings.convert, _rulings(copy, edition))
    return conversion_list.ConversionList(
        edition,
        sum(map(len, texts)),
        tuple(
            conversion_list.Asked(
                each.before,
                each.ours,
                each.other,
                each.gain,
                tuple(
                    conversion_list.Place(
                        editions.line_at(runs[doubt.text], doubt.at),
                        *_about(texts[doubt.text], doubt.at),
                        doubt.sure,
                    )
                    for doubt in each.doubts
                ),
            )
            for each in asked
        ),
    )


_BESIDE = 6  # characters shown on either side of a place


def _about(text: str, at: int) -> tuple[str, str, str]:
    """What stands before a place, at it and after it, within its line."""
    left = text[max(0, at - _BESIDE) : at].rpartition("\n")[2]
    return left, text[at], text[at + 1 : at + 1 + _BESIDE].partition("\n")[0]


def _renderer(name: str) -> Callable[[Edition, Style, Settings], Artifact]:
    match name:
        case "epub":
            from pipeline.render import epub  # noqa: PLC0415

            return epub.render
        case _ if name in PRESS:
            lacking = bootstrap.missing_parts("run", environment_ready=True)
            if lacking:
                raise ToolError(bootstrap.what_to_install(lacking))
            from pipeline.render import press  # noqa: PLC0415  WeasyPrint takes long to import

            return partial(press.render, form=name)
        case "web":
            from pipeline.render import web  # noqa: PLC0415

            return web.render
        case _:
            raise ValueError(name)


# ---------------------------------------------------------------- faults


_NO_MEMORY = re.compile(r"\b(?:malloc|calloc|realloc)\b|out of memory|cannot allocate memory", re.IGNORECASE)


def _fault(error: Exception, seen: Mapping[str, bytes]) -> Fault:
    """What went wrong, as a value. Raises MemoryError, also for a library that says it in words: whoever set the limit
    knows what to do.
    """
    if isinstance(error, MemoryError) or (not isinstance(error, PipelineError) and _NO_MEMORY.search(str(error))):
        raise MemoryError from None
    match error:
        case BrokenLaw():
            return Fault(error, (*seen.items(), ("broken-law.txt", f"{error}\n".encode())))
        case PipelineError():
            return Fault(error)
        case _:
            trace = "".join(traceback.format_exception(error)).encode("utf-8", "backslashreplace")
            what = traceback.extract_tb(error.__traceback__)[-1:]
            place = f"（{what[0].name}）" if what else ""
            ours = BrokenLaw(f"程序内部错误 {type(error).__name__}{place}：{error}")
            return Fault(ours, (*seen.items(), ("traceback.txt", trace)))
