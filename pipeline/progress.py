"""How a run is told: results on one stream, talk on another; a live bar on a terminal, plain lines elsewhere.

Nothing here decides anything; cli.py hands over the streams and every event of build.py.
"""

import json
import os
from contextlib import AbstractContextManager, nullcontext
from dataclasses import asdict, dataclass, field
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self, TextIO

from pipeline.build import Ended, Event, Failed, Noticed, Planned, Read, Started, Waiting, Written
from pipeline.errors import PipelineError
from pipeline.notice import Notice, Severity

if TYPE_CHECKING:
    from rich.progress import Progress

NOTICES_SHOWN = 8  # of each book; all are in notices.json
_SIGNS = {Severity.INFO: "说明", Severity.WARNING: "提醒"}


@dataclass(slots=True)
class Row:
    """What the summary says of one book."""

    characters: int | None = None  # None: it was not read, since nothing had changed
    repairs: int = 0
    doubts: int = 0
    notices: list[tuple[str, Notice]] = field(default_factory=list)
    made: int = 0
    kept: int = 0
    failures: list[Failed] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def result(self) -> str:
        """How the book ended, in a word."""
        if self.failures:
            return "部分失败" if self.made or self.kept else "失败"
        return "完成" if self.made or self.characters is not None else "无变化"


class Report(AbstractContextManager["Report"]):
    """Tells the events of one run and adds them up."""

    def __init__(self, results: TextIO, talk: TextIO, *, quiet: bool, as_json: bool) -> None:
        self.results, self.talk, self.as_json = results, talk, as_json
        self.silent = quiet or as_json
        self.rows: dict[str, Row] = {}
        self.books = 0
        self._bar: Progress | None = None
        self._live: AbstractContextManager[Any] = nullcontext()
        if not self.silent and talk.isatty():
            self._bar = self._live = _bar(talk)
            self._bar.add_task("排印", total=None)

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
            case Planned(books=books):
                self.books = books
                self._advance(total=books)
            case Waiting(out=out):
                self._talk(f"另一次运行正在使用 {out}，等它做完…… · waiting for another run")
            case Started(book=book):
                self._row(book)
                self._advance(description=book)
            case Noticed(book=book, where=where, notice=notice):
                self._row(book).notices.append((where, notice))
            case Read():
                row = self._row(event.book)
                row.characters, row.repairs, row.doubts = event.characters, event.repairs, event.doubts
            case Written():
                self._written(event)
            case Failed(book=book, error=error, part=part):
                self._row(book).failures.append(event)
                self._always(f"失败：{part or book}：{error}")
            case Ended(book=book, seconds=seconds):
                self._ended(book, seconds)

    def _row(self, book: str) -> Row:
        return self.rows.setdefault(book, Row())

    def _written(self, event: Written) -> None:
        row = self._row(event.book)
        if event.fresh:
            row.made += 1
        else:
            row.kept += 1
        if not self.as_json:
            self._result(str(event.path))

    def _advance(self, *, total: int | None = None, description: str | None = None, advance: int | None = None) -> None:
        if self._bar is not None:
            self._bar.update(self._bar.task_ids[0], total=total, description=description, advance=advance)

    def _ended(self, book: str, seconds: float) -> None:
        row = self._row(book)
        row.seconds = seconds
        if row.characters is not None:
            self._talk(f"{book}：{row.characters} 字，修复 {row.repairs} 处，存疑 {row.doubts} 处，{seconds:.1f} 秒")
            self._tell_notices(row)
        self._advance(advance=1)

    def _tell_notices(self, row: Row) -> None:
        grave_first = sorted(row.notices, key=lambda pair: pair[1].severity is not Severity.WARNING)
        for where, notice in grave_first[:NOTICES_SHOWN]:
            place = where if notice.line is None else f"{where}:{notice.line + 1}"
            self._talk(f"  {_SIGNS[notice.severity]} {place} {notice.message}")
        if len(grave_first) > NOTICES_SHOWN:
            self._talk(f"  另有 {len(grave_first) - NOTICES_SHOWN} 条，见 notices.json")

    def sum_up(self) -> None:
        """The table at the end, where there is more than one book or something went wrong."""
        if self.silent or not (len(self.rows) > 1 or self.failures):
            return
        head = ("书 · book", "字数", "修复", "存疑", "提醒", "新做", "未变", "秒", "结果")
        lines = [
            (
                book,
                "" if row.characters is None else str(row.characters),
                *("" if row.characters is None else str(n) for n in (row.repairs, row.doubts, len(row.notices))),
                str(row.made),
                str(row.kept),
                f"{row.seconds:.1f}",
                row.result,
            )
            for book, row in self.rows.items()
        ]
        from rich.console import Console  # noqa: PLC0415  slow to import, and seldom needed
        from rich.table import Table  # noqa: PLC0415

        table = Table(box=None, pad_edge=False)
        for at, title in enumerate(head):
            table.add_column(title, justify="left" if at in {0, len(head) - 1} else "right", no_wrap=True)
        for line in lines:
            table.add_row(*(_plain(cell) for cell in line))
        Console(file=self.talk, width=None if self.talk.isatty() else 160, highlight=False).print(table)

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
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn  # noqa: PLC0415

    columns = (TextColumn("{task.description}", markup=False), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
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
