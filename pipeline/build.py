"""The whole run: seeds in, editions out, told as a stream of events.

For each book, the longest first: read its settings and bytes; if all that is wanted is there and made from just these,
leave it; else have the Book prepared and every edition printed in every format, and write what comes back. As long as
there are books enough, a book is one task, so that it never travels between workers; the last ones are a task for the
Book and one for each file of it (one for files that share a layout), so that no worker stands idle. Tasks run in any
executor; only this process touches files. A book that fails fails alone.
"""

import os
import sys
import time
from collections import Counter, deque
from collections.abc import Generator, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from itertools import groupby
from pathlib import Path
from typing import Any, TypeAlias

from pipeline import config, editions, executor, language, review, source, store, style, tasks
from pipeline.errors import BrokenLaw, ExitCode, LimitExceeded, PipelineError, SettingsError, ToolError
from pipeline.executor import Call, Limits, Lost, Workshop
from pipeline.notice import Notice
from pipeline.render.artifact import Artifact
from pipeline.render.report import Line
from pipeline.source import Seed
from pipeline.store import Shelf
from pipeline.style import PRESS
from pipeline.tasks import CONVERSION, REVIEW, SNAPSHOTS, Fault, Manuscript, Order, Part, Prepared

FORMATS = ("epub", *PRESS, "web")
USUAL = ("epub", "pdf", "print")  # what a run makes where nothing else is asked for
TO_READ = ("epub", "pdf", "web")  # what a shelf hands out
EVIDENCE = "evidence"
# What a book is made from, as --dry-run calls it and as its manifest keeps it.
_PROGRAM, _SEED, _SETTINGS, _REVIEW, _LOOKS = "程序", "原文", "设置", "审阅", "版式"
DATED_BY = "SOURCE_DATE_EPOCH"  # the one variable of the surroundings that shapes an edition


@dataclass(frozen=True, slots=True)
class Request:
    """What the user asks for. No formats: only the snapshots. No editions: what each book's settings say."""

    seeds: tuple[Path, ...]
    out: Path
    formats: tuple[str, ...] = USUAL
    editions: tuple[str, ...] = ()
    jobs: int = 0  # 0: as many as there are processors
    force: bool = False
    cluster: str = ""  # the address of a dask scheduler; "" for this machine
    seconds: float | None = None  # of processor time that a task may take; 0: any; None: by the size of the book
    megabytes: int | None = None  # of memory that a task may take; 0: any; None: most of what the machine has
    only: tuple[Path, ...] = ()  # the seeds to look at now, by their first file; none: all of them


# ---------------------------------------------------------------- events


@dataclass(frozen=True, slots=True)
class Waiting:
    """Another run holds the output folder; this one goes on when that has ended."""

    out: Path


@dataclass(frozen=True, slots=True)
class Planned:
    """So many books were found, of so many bytes."""

    books: int
    size: int = 0


@dataclass(frozen=True, slots=True)
class Started:
    book: str


@dataclass(frozen=True, slots=True)
class Noticed:
    """A remark about a book's text, or about one of its files."""

    book: str
    where: str
    notice: Notice


@dataclass(frozen=True, slots=True)
class Read:
    """A book was prepared: so many characters on so many pages, repairs made by rule, and doubts noted."""

    book: str
    characters: int
    repairs: int
    doubts: int
    pages: int = 0


@dataclass(frozen=True, slots=True)
class Written:
    """A file is in its place; `fresh` says whether it was made now or was right already."""

    book: str
    path: Path
    size: int
    fresh: bool


@dataclass(frozen=True, slots=True)
class Failed:
    """A book, or one file of it, was not built."""

    book: str
    error: PipelineError
    part: str = ""


@dataclass(frozen=True, slots=True)
class Ended:
    """All is done that could be done for a book, whose seed has so many bytes."""

    book: str
    seconds: float
    size: int = 0


@dataclass(frozen=True, slots=True)
class Meant:
    """A file that a run would make, and why; "" where it would be left as it is."""

    book: str
    path: Path
    why: str


@dataclass(frozen=True, slots=True)
class Reported:
    """The report of the run is in its place."""

    path: Path


Event: TypeAlias = Waiting | Planned | Started | Noticed | Read | Written | Failed | Ended | Meant | Reported


# ---------------------------------------------------------------- the run


def run(request: Request) -> Generator[Event, None, None]:
    """Build what `request` asks for. Raises OutputError where nothing at all can be written, SettingsError for an
    unknown edition or format; everything else is an event.
    """
    _refuse_unknown("版本", request.editions, editions.EDITIONS)
    _refuse_unknown("格式", request.formats, FORMATS)
    seeds, missing = _find(request.seeds)
    yield Planned(len(seeds) + len(missing), sum(map(source.size, seeds)))
    for path, error in missing:
        yield Failed(path.stem, error)
    waited: list[Event] = []
    with store.locked(request.out, lambda: waited.append(Waiting(request.out))):
        yield from waited
        run = _Run(request, seeds)
        begun = time.monotonic()
        try:
            yield from run.events()
        finally:
            store.sum_up(request.out, run.sums)
        if run.busy and not request.only:
            yield _report(run, time.monotonic() - begun, missing)


def _report(run: "_Run", seconds: float, missing: Sequence[tuple[Path, PipelineError]]) -> "Reported":
    """Write the report of a run that is over."""
    from pipeline.clean import RULES  # noqa: PLC0415  not for a run that found nothing to do
    from pipeline.render import report  # noqa: PLC0415

    lost = [Line(path.stem, 0, 0, {}, 0, 0, 0, 0, None, (str(error),)) for path, error in missing]
    page = report.render([*run.lines, *lost], seconds, {rule.id: rule.why for rule in RULES}, run.style)
    store.write(run.request.out / page.name, page.data)
    return Reported(run.request.out / page.name)


def plan(request: Request) -> Iterator[Planned | Meant | Failed]:
    """What `run` would do, without doing it."""
    _refuse_unknown("版本", request.editions, editions.EDITIONS)
    _refuse_unknown("格式", request.formats, FORMATS)
    seeds, missing = _find(request.seeds)
    yield Planned(len(seeds) + len(missing), sum(map(source.size, seeds)))
    for path, error in missing:
        yield Failed(path.stem, error)
    run = _Run(request, seeds)
    for name in run.waiting:
        try:
            wanted = run.wanted(name)
        except PipelineError as error:
            yield Failed(name, error)
            continue
        for part, why in wanted.lacking:
            yield Meant(name, request.out / name / part.file, why)
        for file in wanted.there:
            yield Meant(name, request.out / name / file, "")
        if not (wanted.lacking or wanted.whole):
            yield Meant(name, request.out / name / SNAPSHOTS[0], "阶段文件不全")


def _find(paths: Sequence[Path]) -> tuple[list[Seed], list[tuple[Path, PipelineError]]]:
    """The seeds that `paths` mean, each once, and what is wrong with the rest."""
    found: dict[tuple[Path, ...], Seed] = {}
    missing: list[tuple[Path, PipelineError]] = []
    for path in paths:
        try:
            for seed in source.resolve(path):
                found.setdefault(tuple(file.resolve() for file in seed.files), seed)
        except PipelineError as error:
            missing.append((path, error))
    return list(found.values()), missing


@dataclass(frozen=True, slots=True)
class Wanted:
    """One book of a run: its folder in the output, what it is made from, and the files to make, with why each."""

    name: str
    manuscript: Manuscript
    key: str
    made_from: Mapping[str, str]
    lacking: tuple[tuple[Part, str], ...]
    there: tuple[str, ...]
    whole: bool  # snapshots included


@dataclass(frozen=True, slots=True)
class _Put:
    """Files of a book on their way to the disk, and what they are the answer to."""

    book: str
    shelf: Shelf
    files: tuple[tuple[str, str, bytes], ...]
    then: tuple[Part, ...] = ()  # to be made once these are in their place
    packed: bytes = b""


class _Run:
    """A run in progress: the books that wait, the orders that are ready, and what there is to tell."""

    def __init__(self, request: Request, seeds: Sequence[Seed]) -> None:
        self.request = request
        self.seeds = dict(zip(store.folder_names(seeds), seeds, strict=True))
        self.sizes = {name: source.size(seed) for name, seed in self.seeds.items()}
        asked = [name for name, seed in self.seeds.items() if not request.only or seed.files[0] in request.only]
        self.waiting = deque(sorted(asked, key=lambda name: (-self.sizes[name], name)))  # long first
        self.apart: deque[Call] = deque()  # books that were too much for one task
        self.orders: deque[Call] = deque()  # ready to print: they go before the next book, so that few are open
        self.errands: deque[Call] = deque()
        self.coming: Counter[str] = Counter()  # tasks and errands still to come, by book
        self.shelves: dict[str, Shelf] = {}  # of the books that are open
        self.began: dict[str, float] = {}
        self.news: deque[Event] = deque()
        self.puts: dict[str, deque[_Put]] = {}  # by book; the first is on its way
        self.sums: dict[str, str] = {}  # the lines of SHA256SUMS, by book
        self.failures: dict[str, list[str]] = {}  # what went wrong with a book that is open, in words
        self.lines: list[Line] = []  # of the report
        self.busy = False  # whether anything was done that is worth a report
        self.style = style.load()
        self.looks = store.style_key(self.style, os.environ.get(DATED_BY, ""))
        self.homes = store.Homes(request.out)
        self.jobs = max(1, min(request.jobs or processors(), len(self.waiting) * (len(request.formats) + 1)))

    def events(self) -> Iterator[Event]:
        """Do it all, and tell."""
        shop = self._workshop()
        for call, result in executor.completed(self._next_call, shop, self._next_errand):
            self._take(call, result)
            yield from self._told()
        yield from self._told()

    def _workshop(self) -> Workshop:
        if not self.request.cluster:
            return executor.workshop(self.jobs, self.style)
        try:
            from pipeline import cluster  # noqa: PLC0415  dask is an extra
        except ImportError as error:
            raise ToolError("没有装 dask", remedy="请运行 pip install dask distributed，或不用 --dask") from error
        return cluster.workshop(self.request.cluster, self.style)

    def _told(self) -> Iterator[Event]:
        while self.news:
            yield self.news.popleft()

    # -------------------------------------------------- what to do next

    def _next_errand(self) -> Call | None:
        return self.errands.popleft() if self.errands else None

    def _next_call(self) -> Call | None:
        if self.orders:
            return self.orders.popleft()
        while self.waiting:
            name = self.waiting.popleft()
            self.began[name] = time.monotonic()
            self.news.append(Started(name))
            try:
                call = self._begin(self.wanted(name))
            except PipelineError as error:
                self._failed(name, error)
                call = None
            if call is not None:
                self.coming[name] += 1
                return call
            self._end(name)
        return self.apart.popleft() if self.apart else None

    def wanted(self, name: str) -> Wanted:
        """What there is to do for a book, and why. Raises PipelineError where its files cannot be read."""
        seed = self.seeds[name]
        if stranger := self.homes.stranger(name, seed):
            raise SettingsError(
                f"{self.request.out / name} 里是另一个原文 {stranger} 做成的书",
                remedy="给原文另取一个名字，或用 --out 换一个文件夹；那本书不要了，就删掉它的文件夹和原文",
                where=seed.where,
            )
        settings = config.read(seed.settings)
        editions_wanted = self.request.editions or settings.editions or (editions.SOURCE,)
        _refuse_unknown("版本", editions_wanted, editions.EDITIONS, where=f"{seed.settings} editions")
        reviewed = review.read(review.beside(seed.settings))
        raw = source.load(seed)
        made_from = {
            _PROGRAM: store.key(store.program_key(), language.identity())[:32],
            _SEED: store.key(store.raw_key(raw), seed.name)[:32],
            _SETTINGS: store.key(settings.digest, store.fonts_key() if settings.epub.embed_fonts else "")[:32],
            _REVIEW: reviewed.digest[:32],
            _LOOKS: self.looks[:32],
        }
        key = store.key(*(made_from[what] for what in (_PROGRAM, _SEED, _SETTINGS, _REVIEW)))
        parts = [
            Part(name, edition, form, store.part_key(key, edition, form, self.looks))
            for edition in editions_wanted
            for form in self.request.formats
        ]
        asked_about = [edition for edition in editions_wanted if edition not in {editions.SOURCE, "hans"}]
        if self.request.formats:
            parts += [Part(name, edition, CONVERSION, store.key(key, CONVERSION)) for edition in asked_about]
        first = next(iter(asked_about), "")
        parts.append(Part(name, first, REVIEW, store.key(key, self.looks, first)))
        shelf = self.shelves[name] = store.shelf(self.request.out, name)
        reasons = [(part, self._why(shelf, part.file, part.key, made_from)) for part in parts]
        lacking = tuple((part, why) for part, why in reasons if why)
        whole = not lacking and all(shelf.has(file, key) for file in SNAPSHOTS)
        there = (*(SNAPSHOTS if whole and not self.request.formats else ()), *(p.file for p, why in reasons if not why))
        return Wanted(name, Manuscript(raw, settings, reviewed), key, made_from, lacking, there, whole)

    def _why(self, shelf: Shelf, file: str, key: str, made_from: Mapping[str, str]) -> str:
        """Why a file is to be made, in Chinese; "" where it is right as it is."""
        if shelf.has(file, key):
            return "要求重做" if self.request.force else ""
        entry = shelf.entries.get(file)
        if entry is None:
            return "还没有做过"
        if entry.key == key:
            return "文件不见了或被改过"
        changed = [what for what, digest in made_from.items() if shelf.made_from.get(what, digest) != digest]
        return f"{'、'.join(changed)}变了" if changed else "字体变了，或上次没有做它"

    def _begin(self, wanted: Wanted) -> Call | None:
        """The call that makes a book; None where all that is wanted of it is there."""
        name = wanted.name
        shelf = self.shelves[name]
        store.sweep(shelf.folder)
        for file in wanted.there:
            self._written(name, file, shelf.entries[file].size, fresh=False)
        if wanted.whole:
            return None
        parts = tuple(part for part, _ in wanted.lacking)
        at_once = parts if self.jobs == 1 or len(self.waiting) >= self.jobs else ()
        return self._call(
            replace(wanted, manuscript=replace(wanted.manuscript, at_once=at_once, last=at_once == parts))
        )

    def _call(self, wanted: Wanted) -> Call:
        limits = self._limits(wanted.name)
        return Call(tasks.prepare, wanted.manuscript, wanted, limits, first=tasks.load_language)

    def _limits(self, name: str) -> Limits:
        usual, asked = usual_limits(self.sizes[name]), self.request
        return Limits(
            usual.seconds if asked.seconds is None else asked.seconds,
            usual.megabytes if asked.megabytes is None else asked.megabytes,
        )

    # -------------------------------------------------- what has come back

    def _take(self, call: Call, result: object) -> None:
        """Put a result where it belongs; what goes wrong with a book, or with one file of it, stays there."""
        about = call.about
        book = _book(about)
        self.coming[book] -= 1
        try:
            match about, result:
                case Wanted(), Prepared():
                    self._take_book(about, result)
                case Wanted(manuscript=Manuscript(at_once=(_, *_))), Lost() | LimitExceeded() | Fault(
                    error=LimitExceeded()
                ):
                    self._take_apart(about)
                case tuple(), tuple() | PipelineError():
                    self._take_parts(about, result)
                case _Put(), Shelf():
                    self._take_shelf(about, result)
                case _, Fault():
                    self._keep(book, result.evidence)
                    raise result.error
                case _, PipelineError():
                    raise result
                case _:
                    raise TypeError(f"{about} gave {result}")
        except PipelineError as error:
            self._failed(book, self._placed(book, error))
        if isinstance(about, _Put):
            self._put_next(book)
        if not self.coming[book]:
            self._end(book)

    def _take_apart(self, wanted: Wanted) -> None:
        """A book that was too much for one task: once more, each file by itself, so that only what fails is lacking."""
        self.coming[wanted.name] += 1
        self.apart.append(self._call(replace(wanted, manuscript=replace(wanted.manuscript, at_once=(), last=False))))

    def _take_book(self, wanted: Wanted, prepared: Prepared) -> None:
        name, facts = wanted.name, prepared.facts
        self.news += [Noticed(name, self.seeds[name].where, notice) for notice in prepared.notices]
        self.news.append(Read(name, facts.characters, sum(facts.repairs.values()), facts.doubts, facts.pages))
        store.discard(self.shelves[name].folder / EVIDENCE)
        self.homes.settle(name, self.seeds[name])
        files = [(file, wanted.key, data) for file, data in prepared.snapshots]
        for part, made in prepared.made:
            files += self._accepted(part, made)
        done = {part for part, _ in prepared.made}
        left = tuple(part for part, _ in wanted.lacking if part not in done)
        shelf = self.shelves[name].about(wanted.made_from, asdict(facts))
        self._put(_Put(name, shelf, tuple(files), left, prepared.packed))

    def _take_parts(self, parts: tuple[Part, ...], result: tuple[Artifact | Fault, ...] | PipelineError) -> None:
        made = (result,) * len(parts) if isinstance(result, PipelineError) else result
        files = [file for part, each in zip(parts, made, strict=True) for file in self._accepted(part, each)]
        if files:
            self._put(_Put(parts[0].book, self.shelves[parts[0].book], tuple(files)))

    def _accepted(self, part: Part, result: Artifact | Fault | PipelineError) -> list[tuple[str, str, bytes]]:
        """A file as it is to be put on the shelf; none where it failed, which is told."""
        if isinstance(result, Artifact):
            self.news += [Noticed(part.book, part.file, notice) for notice in result.notices]
            return [(part.file, part.key, result.data)]
        if isinstance(result, Fault):
            self._keep(part.book, result.evidence)
            result = result.error
        self._failed(part.book, self._placed(part.book, result), part.file)
        return []

    def _put(self, put: _Put) -> None:
        """Write while others work. The files of one book are put one after the other, for they share a manifest."""
        self.coming[put.book] += 1
        self.puts.setdefault(put.book, deque()).append(put)
        if len(self.puts[put.book]) == 1:
            self._send(put)

    def _send(self, put: _Put) -> None:
        self.errands.append(Call(_written_down, put, put, errand=True))

    def _put_next(self, book: str) -> None:
        """What waited for the put of this book that is done, with the shelf as it is now."""
        self.puts[book].popleft()
        if self.puts[book]:
            put = self.puts[book][0] = replace(self.puts[book][0], shelf=self.shelves[book])
            self._send(put)
        else:
            del self.puts[book]

    def _take_shelf(self, put: _Put, shelf: Shelf) -> None:
        self.shelves[put.book] = shelf
        for file, _, data in put.files:
            if file not in SNAPSHOTS or not self.request.formats:
                self._written(put.book, file, len(data), fresh=True)
        for parts in _sharing_a_layout(put.then):
            self.coming[put.book] += 1
            self.orders.append(Call(tasks.render, Order(parts, put.packed), parts, self._limits(put.book)))

    def _keep(self, book: str, evidence: Sequence[tuple[str, bytes]]) -> None:
        """Keep what shows a fault of ours, where the error says that it is."""
        folder = self.shelves[book].folder / EVIDENCE
        for name, data in evidence:
            store.write(folder / name, data)

    def _written(self, book: str, file: str, size: int, *, fresh: bool) -> None:
        self.news.append(Written(book, self.shelves[book].folder / file, size, fresh))

    def _failed(self, book: str, error: PipelineError, file: str = "") -> None:
        self.failures.setdefault(book, []).append(f"{file}：{error}" if file else str(error))
        self.news.append(Failed(book, error, file))

    def _placed(self, book: str, error: PipelineError) -> PipelineError:
        """The error of a task, which knows no paths, with the file that the user has to look at."""
        if isinstance(error, SettingsError) and error.where.startswith("["):
            return SettingsError(error.message, remedy=error.remedy, where=f"{self.seeds[book].settings} {error.where}")
        if isinstance(error, BrokenLaw):
            folder = self.shelves[book].folder / EVIDENCE
            return BrokenLaw(
                error.message, remedy=f"这是本程序的错，证据在 {folder}，请报告", where=self.seeds[book].where
            )
        if not error.where:
            return type(error)(error.message, remedy=error.remedy, where=self.seeds[book].where)
        return error

    def _end(self, book: str) -> None:
        shelf, seconds = self.shelves.pop(book, None), time.monotonic() - self.began.pop(book)
        if shelf is not None:
            self.sums[book] = shelf.sums
        self.lines.append(self._line(book, shelf, seconds if book in self.coming else None))
        del self.coming[book]
        self.news.append(Ended(book, seconds, self.sizes[book]))

    def _line(self, book: str, shelf: Shelf | None, seconds: float | None) -> Line:
        """What the report says of a book: what its manifest keeps, and how this run went."""
        facts: Mapping[str, Any] = shelf.facts if shelf else {}
        failed = tuple(self.failures.pop(book, ()))
        self.busy = self.busy or seconds is not None or bool(failed)
        counts = [facts.get(name, 0) for name in ("characters", "pages", "doubts", "notices", "alien")]
        characters, pages, doubts, notices, alien = (count if isinstance(count, int) else 0 for count in counts)
        by_rule = facts.get("repairs", {})
        listed = by_rule.items() if isinstance(by_rule, dict) else ()
        repairs = {sys.intern(rule): count for rule, count in listed if isinstance(count, int)}
        size = sum(entry.size for entry in shelf.entries.values()) if shelf else 0
        return Line(book, characters, pages, repairs, doubts, notices, alien, size, seconds, failed)


def _written_down(put: _Put) -> Shelf:
    return put.shelf.put(put.files)


def _book(about: Wanted | tuple[Part, ...] | _Put) -> str:
    match about:
        case Wanted(name=name):
            return name
        case _Put(book=book) | (Part(book=book), *_):
            return book
        case _:
            raise TypeError(about)


def _sharing_a_layout(parts: Sequence[Part]) -> Iterator[tuple[Part, ...]]:
    """Parts that are made together: those of an edition that come from one layout, every other by itself."""
    for _, together in groupby(parts, key=lambda part: (part.edition, part.format in PRESS or part.format)):
        yield tuple(together)


def _refuse_unknown(kind: str, asked: Sequence[str], known: Sequence[str], where: str = "") -> None:
    for name in asked:
        if name not in known:
            raise SettingsError(f"没有“{name}”这种{kind}", remedy=f"可用：{'、'.join(known)}", where=where)


def usual_limits(size: int) -> Limits:
    """What a task may use where the user does not say: half an hour and two minutes for each megabyte of the seed; and
    nine tenths of the machine's memory, since a task that needs more can only bring down the others.
    """
    pages = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") if hasattr(os, "sysconf") else 0
    return Limits(1800 + 120 * size / 2**20, int(0.9 * pages / 2**20))


def processors() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


# ---------------------------------------------------------------- the end


def exit_code(failures: Sequence[PipelineError], books: int) -> ExitCode:
    """How a run of `books` books with these failures ends: the worst that needs another hand comes first."""
    codes = {failure.exit_code for failure in failures}
    for worst in (ExitCode.BROKEN_LAW, ExitCode.CANNOT_WRITE):
        if worst in codes:
            return worst
    if not codes:
        return ExitCode.OK
    return ExitCode.USAGE if codes == {ExitCode.USAGE} and len(failures) >= books else ExitCode.SOME_FAILED
