"""How a run is told: results on one stream, talk on another; a live bar on a terminal, plain lines elsewhere.

Nothing here decides anything; cli.py hands over the streams and every event of build.py.
"""

import json
import os
import time
from contextlib import AbstractContextManager, nullcontext
from dataclasses import asdict, dataclass, field
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self, TextIO

from pipeline.build import Ended, Event, Failed, Noticed, Planned, Read, Reported, Started, Waiting, Written
from pipeline.errors import PipelineError
from pipeline.notice import Notice, Severity

if TYPE_CHECKING:
    from rich.progress import Progress

NOTICES_SHOWN = 8  # of each book; all are in notices.json
ROWS_SHOWN = 40  # of the summary; all are in report.html
_SIGNS = {Severity.INFO: "说明", Severity.WARNING: "提醒"}


@dataclass(slots=True)
class Row:
    """What the summary says of one book."""

    characters: int | None = None  # None: it was not read, since nothing had changed
    pages: int = 0
    repairs: int = 0
    doubts: int = 0
    noticed: int = 0
    notices: list[tuple[str, Notice]] = field(default_factory=list)  # the gravest, as long as the book is open
    made: int = 0
    kept: int = 0
    size: int = 0  # bytes of the files that were asked for
    failures: list[Failed] = field(default_factory=list)
    seconds: float = 0.0

    def notice(self, where: str, notice: Notice) -> None:
        """Keep a notice if it is one of the gravest, and count it."""
        self.noticed += 1
        self.notices.append((where, notice))
        if len(self.notices) > 2 * NOTICES_SHOWN:
            self.notices = self.gravest()

    def gravest(self) -> list[tuple[str, Notice]]:
        """Warnings first, each kind in the order in which it came; no more than are shown."""
        return sorted(self.notices, key=lambda pair: pair[1].severity is not Severity.WARNING)[:NOTICES_SHOWN]

    @property
    def result(self) -> str:
        """How the book ended, in a word."""
        if self.failures:
            return "部分失败" if self.made or self.kept else "失败"
        return "完成" if self.made or self.characters is not None else "无变化"


@dataclass(slots=True)
class Pace:
    """How far a run is, how fast it goes, and how long it will take; by bytes, since the long books come first."""

    books: int = 0
    size: int = 0
    begun: float = field(default_factory=time.monotonic)
    books_done: int = 0
    size_done: int = 0
    pages_done: int = 0
    characters_done: int = 0
    size_made: int = 0  # without what was left as it was

    @property
    def seconds(self) -> float:
        """Since the run began."""
        return time.monotonic() - self.begun

    def end(self, size: int, row: Row) -> None:
        """A book is over."""
        self.books_done += 1
        self.size_done += size
        self.pages_done += row.pages
        self.characters_done += row.characters or 0
        self.size_made += size if row.characters is not None else 0

    def left(self) -> str:
        """How long the rest will take, if it is like what is done; "" while nobody can know."""
        to_do = self.size - self.size_done
        if not self.size_made or to_do <= 0 or self.seconds < 1:
            return ""
        seconds = self.seconds * to_do / self.size_made
        return f"，约剩 {seconds:.0f} 秒" if seconds < 120 else f"，约剩 {seconds / 60:.0f} 分"

    def told(self) -> str:
        """For the bar: books, pages, rate, time left."""
        rate = self.characters_done / max(self.seconds, 0.1) / 10_000
        parts = [f"{self.books_done}/{self.books} 本", f"{self.pages_done} 页"]
        parts += [f"{rate:.1f} 万字/秒"] if self.characters_done else []
        return "，".join(parts) + self.left()


class Report(AbstractContextManager["Report"]):
    """Tells the events of one run and adds them up."""

    def __init__(self, results: TextIO, talk: TextIO, *, quiet: bool, as_json: bool) -> None:
        self.results, self.talk, self.as_json = results, talk, as_json
        self.silent = quiet or as_json
        self.rows: dict[str, Row] = {}
        self.books = 0
        self.pace = Pace()
        self._bar: Progress | None = None
        self._live: AbstractContextManager[Any] = nullcontext()
        if not self.silent and talk.isatty():
            self._bar = self._live = _bar(talk)
            self._bar.add_task("排印", total=None, told="")

    def __enter__(self) -> Self:
        self._live.__enter__()
        return self

    def __exit__(self, *reason: object) -> None:
        self._live.__exit__(*reason)  # type: ignore[arg-type]

    @property
    def failures(self) -> tuple[PipelineError, ...]:
        """Everything that went wrong, in order of books."""
        return tuple(failed.error for row in self.rows.values() for failed in row.failures)

    def tell(self, event: Event) -> None:
        """Say `event`, as far as it is to be said, and count it."""
        if self.as_json:
            self._result(json.dumps(as_json(event), ensure_ascii=False))
        match event:
            case Planned(books=books, size=size):
                self.books = books
                self.pace = Pace(books, size)
                self._show_pace("排印")
            case Waiting(out=out):
                self._talk(f"另一次运行正在使用 {out}，等它做完…… · waiting for another run")
            case Started(book=book):
                self._row(book)
                self._show_pace(book)
            case Noticed(book=book, where=where, notice=notice):
                self._row(book).notice(where, notice)
            case Read():
                row = self._row(event.book)
                row.characters, row.repairs, row.doubts = event.characters, event.repairs, event.doubts
                row.pages = event.pages
            case Written():
                self._written(event)
            case Failed(book=book, error=error, part=part):
                self._row(book).failures.append(event)
                self._always(f"失败：{part or book}：{error}")
            case Ended():
                self._ended(event)
            case Reported(path=path):
                self._talk(f"图表 {path} · report")

    def _row(self, book: str) -> Row:
        return self.rows.setdefault(book, Row())

    def _written(self, event: Written) -> None:
        row = self._row(event.book)
        row.size += event.size
        if event.fresh:
            row.made += 1
        else:
            row.kept += 1
        if not self.as_json:
            self._result(str(event.path))

    def _show_pace(self, book: str) -> None:
        if self._bar is not None:
            total, done = max(1, self.pace.size), self.pace.size_done
            self._bar.update(
                self._bar.task_ids[0], total=total, completed=done, description=book, told=self.pace.told()
            )

    def _ended(self, event: Ended) -> None:
        row = self._row(event.book)
        row.seconds = event.seconds
        self.pace.end(event.size, row)
        if row.characters is not None:
            place = (
                f"〔{self.pace.books_done}/{self.books}{self.pace.left()}〕" if self.books > 1 and not self._bar else ""
            )
            said = f"{row.characters} 字，修复 {row.repairs} 处，存疑 {row.doubts} 处，{event.seconds:.1f} 秒"
            self._talk(f"{event.book}：{said}{place}")
            self._tell_notices(row)
        row.notices.clear()
        self._show_pace(event.book)

    def _tell_notices(self, row: Row) -> None:
        shown = row.gravest()
        for where, notice in shown:
            place = where if notice.line is None else f"{where}:{notice.line + 1}"
            self._talk(f"  {_SIGNS[notice.severity]} {place} {notice.message}")
        if row.noticed > len(shown):
            self._talk(f"  另有 {row.noticed - len(shown)} 条，见 notices.json")

    def sum_up(self) -> None:
        """The table at the end, where there is more than one book or something went wrong."""
        if self.silent or not (len(self.rows) > 1 or self.failures):
            return
        head = ("书 · book", "字数", "页", "修复", "存疑", "提醒", "新做", "未变", "KB", "秒", "结果")
        failed_first = sorted(self.rows.items(), key=lambda item: not item[1].failures)
        shown = failed_first[: ROWS_SHOWN - 1] if len(self.rows) > ROWS_SHOWN else [*self.rows.items()]
        lines = [self._cells(book, row) for book, row in shown]
        if len(shown) < len(self.rows):
            lines.append((f"另有 {len(self.rows) - len(shown)} 本，见 report.html", *[""] * (len(head) - 1)))
        lines.append(self._total())
        from rich.console import Console  # noqa: PLC0415  slow to import, and seldom needed
        from rich.table import Table  # noqa: PLC0415

        table = Table(box=None, pad_edge=False)
        for at, title in enumerate(head):
            table.add_column(title, justify="left" if at in {0, len(head) - 1} else "right", no_wrap=True)
        for line in lines:
            table.add_row(*(_plain(cell) for cell in line))
        Console(file=self.talk, width=None if self.talk.isatty() else 160, highlight=False).print(table)

    def _cells(self, book: str, row: Row) -> tuple[str, ...]:
        counted = (row.characters, row.pages, row.repairs, row.doubts, row.noticed)
        return (
            book,
            *("" if row.characters is None else str(count) for count in counted),
            str(row.made),
            str(row.kept),
            str(row.size // 1024),
            f"{row.seconds:.1f}",
            row.result,
        )

    def _total(self) -> tuple[str, ...]:
        rows = self.rows.values()
        sums = (
            sum(row.characters or 0 for row in rows),
            *(sum(getattr(row, name) for row in rows) for name in ("pages", "repairs", "doubts", "noticed")),
            *(sum(getattr(row, name) for row in rows) for name in ("made", "kept")),
            sum(row.size for row in rows) // 1024,
        )
        failed = sum(bool(row.failures) for row in rows)
        said = f"{failed} 本有失败" if failed else "全部做好"
        return (f"共 {len(self.rows)} 本 · in all", *map(str, sums), f"{self.pace.seconds:.1f}", said)

    # -------------------------------------------------- streams

    def _result(self, line: str) -> None:
        try:
            self.results.write(f"{line}\n")
            self.results.flush()
        except BrokenPipeError:  # `build | head`: the books are built all the same
            os.dup2(os.open(os.devnull, os.O_WRONLY), self.results.fileno())

    def _talk(self, line: str) -> None:
        if not self.silent:
            self._always(line)

    def _always(self, line: str) -> None:
        if self.as_json:
            return
        if self._bar is not None:
            self._bar.console.print(line, markup=False, highlight=False, soft_wrap=True)
        else:
            self.talk.write(f"{line}\n")
            self.talk.flush()


def _plain(cell: str) -> str:
    """`cell` so that rich takes no bracket in it for markup."""
    from rich.markup import escape  # noqa: PLC0415

    return escape(cell)


def _bar(talk: TextIO) -> "Progress":
    from rich.console import Console  # noqa: PLC0415
    from rich.progress import BarColumn, Progress, TextColumn  # noqa: PLC0415

    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        TextColumn("{task.fields[told]}", markup=False),
    )
    return Progress(*columns, console=Console(file=talk), transient=True)


def as_json(event: Event) -> dict[str, Any]:
    """An event as plain values: its name under "event", paths as text, an error as its parts, lines from 1."""
    said: dict[str, Any] = {"event": type(event).__name__.lower()}
    match event:
        case Failed(book=book, error=error, part=part):
            parts = {"error": type(error).__name__, "message": error.message, "where": error.where}
            return said | {"book": book, "part": part, **parts, "remedy": error.remedy, "exit": int(error.exit_code)}
        case Noticed(book=book, where=where, notice=notice):
            line = None if notice.line is None else notice.line + 1
            about = {"code": notice.code, "severity": notice.severity.value, "line": line, "message": notice.message}
            return said | {"book": book, "where": where, **about}
        case _:
            return said | {name: _json_value(value) for name, value in asdict(event).items()}


def _json_value(value: object) -> object:
    match value:
        case Path():
            return str(value)
        case Enum():
            return value.value
        case _:
            return value
