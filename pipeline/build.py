"""The whole run: seeds in, editions out, told as a stream of events.

For each book: read its settings and bytes; if all that is wanted is there and made from just these, leave it; else
prepare the Book (one task), write its snapshots, then print every edition in every format (one task each). Tasks run
in any executor; only this process touches files. A book that fails fails alone.
"""

import os
import time
from collections import Counter, deque
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from pipeline import config, editions, executor, review, source, store, style, tasks
from pipeline.config import Settings
from pipeline.errors import BrokenLaw, ExitCode, PipelineError, SettingsError
from pipeline.executor import Call
from pipeline.notice import Notice
from pipeline.render.artifact import Artifact
from pipeline.source import Seed
from pipeline.store import Shelf
from pipeline.tasks import REVIEW, SNAPSHOTS, Fault, Manuscript, Order, Part, Prepared, ReviewOrder

FORMATS = ("epub", "pdf")
EVIDENCE = "evidence"
DATED_BY = "SOURCE_DATE_EPOCH"  # the one variable of the surroundings that shapes an edition


@dataclass(frozen=True, slots=True)
class Request:
    """What the user asks for. No formats: only the snapshots. No editions: what each book's settings say."""

    seeds: tuple[Path, ...]
    out: Path
    formats: tuple[str, ...] = FORMATS
    editions: tuple[str, ...] = ()
    jobs: int = 0  # 0: as many as there are processors
    force: bool = False


# ---------------------------------------------------------------- events


@dataclass(frozen=True, slots=True)
class Waiting:
    """Another run holds the output folder; this one goes on when that has ended."""

    out: Path


@dataclass(frozen=True, slots=True)
class Planned:
    """So many books were found."""

    books: int


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
    """A book was prepared: so many characters, repairs made and doubts noted."""

    book: str
    characters: int
    repairs: int
    doubts: int


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
    """All is done that could be done for a book."""

    book: str
    seconds: float


Event: TypeAlias = Waiting | Planned | Started | Noticed | Read | Written | Failed | Ended


# ---------------------------------------------------------------- the run


def run(request: Request) -> Generator[Event, None, None]:
    """Build what `request` asks for. Raises OutputError where nothing at all can be written, SettingsError for an
    unknown edition or format; everything else is an event.
    """
    _refuse_unknown("版本", request.editions, editions.EDITIONS)
    _refuse_unknown("格式", request.formats, FORMATS)
    seeds, missing = _find(request.seeds)
    yield Planned(len(seeds) + len(missing))
    for path, error in missing:
        yield Failed(path.stem, error)
    waited: list[Event] = []
    with store.locked(request.out, lambda: waited.append(Waiting(request.out))):
        yield from waited
        yield from _Run(request, seeds).events()


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
class _Title:
    """One book of this run: its folder in the output, the publisher's choices, its key, and what it lacks."""

    name: str
    settings: Settings
    key: str
    lacking: tuple[Part, ...]


class _Run:
    """A run in progress: the books that wait, the orders that are ready, and what there is to tell."""

    def __init__(self, request: Request, seeds: Sequence[Seed]) -> None:
        self.request = request
        self.seeds = dict(zip(store.folder_names(seeds), seeds, strict=True))
        self.waiting = deque(sorted(self.seeds, key=lambda name: (-source.size(self.seeds[name]), name)))  # long first
        self.orders: deque[Call] = deque()  # ready to print: they go before the next book, so that few are open
        self.shelves: dict[str, Shelf] = {}
        self.coming: Counter[str] = Counter()  # files still to come, by book
        self.began: dict[str, float] = {}
        self.news: deque[Event] = deque()
        self.style = style.load()
        self.style_key = store.style_key(self.style.sheets, self.style.templates, os.environ.get(DATED_BY, ""))

    def events(self) -> Iterator[Event]:
        """Do it all, and tell."""
        tasks_at_most = len(self.waiting) * (len(self.request.formats) + 1)
        jobs = max(1, min(self.request.jobs or processors(), tasks_at_most))
        width = jobs + 1 if jobs > 1 else 1  # one more than there are workers, so that none waits for us
        for call, result in executor.completed(self._next_call, lambda: executor.opened(jobs), width):
            self._take(call.about, result)
            yield from self._told()
        yield from self._told()

    def _told(self) -> Iterator[Event]:
        while self.news:
            yield self.news.popleft()

    # -------------------------------------------------- what to do next

    def _next_call(self) -> Call | None:
        while self.waiting and not self.orders:
            name = self.waiting.popleft()
            self.began[name] = time.monotonic()
            self.news.append(Started(name))
            try:
                call = self._begin(name, self.seeds[name])
            except PipelineError as error:
                self.news.append(Failed(name, error))
                call = None
            if call is not None:
                return call
            self._end(name)
        return self.orders.popleft() if self.orders else None

    def _begin(self, name: str, seed: Seed) -> Call | None:
        """The call that prepares a book; None where all that is wanted of it is there."""
        settings = config.read(seed.settings)
        wanted = self.request.editions or settings.editions or (editions.SOURCE,)
        _refuse_unknown("版本", wanted, editions.EDITIONS, where=f"{seed.settings} editions")
        reviewed = review.read(review.beside(seed.settings))
        raw = source.load(seed)
        key = store.key(store.program_key(), store.raw_key(raw), seed.name, settings.digest, reviewed.digest)
        parts = tuple(
            Part(name, edition, form, store.part_key(key, edition, form, self.style_key))
            for edition in wanted
            for form in self.request.formats
        )
        parts += (Part(name, "", REVIEW, store.key(key, self.style_key)),)
        shelf = self.shelves[name] = store.shelf(self.request.out, name)
        store.sweep(shelf.folder)
        there = [] if self.request.force else [part for part in parts if shelf.has(part.file, part.key)]
        lacking = tuple(part for part in parts if part not in there)
        whole = not lacking and not self.request.force and all(shelf.has(file, key) for file in SNAPSHOTS)
        snapshots = SNAPSHOTS if whole and not self.request.formats else ()
        for file in (*snapshots, *(part.file for part in there)):
            self._written(name, file, shelf.entries[file].size, fresh=False)
        if whole:
            return None
        return Call(tasks.prepare, Manuscript(raw, settings, reviewed), _Title(name, settings, key, lacking))

    # -------------------------------------------------- what has come back

    def _take(self, about: _Title | Part, result: object) -> None:
        """Put a result where it belongs; what goes wrong with a book, or with one file of it, stays there."""
        try:
            match about, result:
                case _Title(), Prepared():
                    self._take_book(about, result)
                case Part(), Artifact():
                    self._take_artifact(about, result)
                case _, Fault():
                    self._keep(about, result.evidence)
                    raise self._placed(about, result)
                case _, PipelineError():
                    raise result
                case _:
                    raise TypeError(f"{about} gave {result}")
        except PipelineError as error:
            self.news.append(Failed(_book(about), error, about.file if isinstance(about, Part) else ""))
        if isinstance(about, Part):
            self.coming[about.book] -= 1
        if not self.coming[_book(about)]:
            self._end(_book(about))

    def _take_book(self, title: _Title, prepared: Prepared) -> None:
        self.news += [Noticed(title.name, self.seeds[title.name].where, notice) for notice in prepared.notices]
        self.news.append(Read(title.name, prepared.characters, prepared.repairs.total, prepared.doubts))
        shelf = self.shelves[title.name] = self.shelves[title.name].put(title.key, prepared.snapshots)
        if not self.request.formats:
            self.news += [
                Written(title.name, shelf.folder / file, len(data), fresh=True) for file, data in prepared.snapshots
            ]
        store.discard(shelf.folder / EVIDENCE)
        for part in title.lacking:
            if part.format == REVIEW:
                page = ReviewOrder(part, prepared.proof, self.style)
                self.orders.append(Call(tasks.print_review, page, part))
            else:
                order = Order(part, prepared.book, prepared.repairs, title.settings, self.style)
                self.orders.append(Call(tasks.render, order, part))
        self.coming[title.name] = len(title.lacking)

    def _take_artifact(self, part: Part, artifact: Artifact) -> None:
        self.shelves[part.book] = self.shelves[part.book].put(part.key, [(part.file, artifact.data)])
        self.news += [Noticed(part.book, part.file, notice) for notice in artifact.notices]
        self._written(part.book, part.file, len(artifact.data), fresh=True)

    def _keep(self, about: _Title | Part, evidence: Sequence[tuple[str, bytes]]) -> None:
        """Keep what shows a fault of ours, where the error says that it is."""
        folder = self.shelves[_book(about)].folder / EVIDENCE
        for name, data in evidence:
            store.write(folder / name, data)

    def _written(self, book: str, file: str, size: int, *, fresh: bool) -> None:
        self.news.append(Written(book, self.shelves[book].folder / file, size, fresh))

    def _placed(self, about: _Title | Part, fault: Fault) -> PipelineError:
        """The error of a task, which knows no paths, with the file that the user has to look at."""
        error, book = fault.error, _book(about)
        if isinstance(error, SettingsError) and error.where.startswith("["):
            return SettingsError(error.message, remedy=error.remedy, where=f"{self.seeds[book].settings} {error.where}")
        if isinstance(error, BrokenLaw):
            folder = self.shelves[book].folder / EVIDENCE
            return BrokenLaw(
                error.message, remedy=f"这是本程序的错，证据在 {folder}，请报告", where=self.seeds[book].where
            )
        return error

    def _end(self, book: str) -> None:
        self.news.append(Ended(book, time.monotonic() - self.began[book]))


def _book(about: _Title | Part) -> str:
    return about.name if isinstance(about, _Title) else about.book


def _refuse_unknown(kind: str, asked: Sequence[str], known: Sequence[str], where: str = "") -> None:
    for name in asked:
        if name not in known:
            raise SettingsError(f"没有“{name}”这种{kind}", remedy=f"可用：{'、'.join(known)}", where=where)


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
