"""Build again whenever something is saved: what changed and no more, in this process, with everything warm.

A seed, its settings or its decisions concern one book; the styles concern all; the program itself begins anew.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from threading import Event as Flag

from pipeline import build, source, tasks
from pipeline.build import Event, Request
from pipeline.errors import PipelineError
from pipeline.review import beside
from pipeline.source import Seed
from pipeline.style import STYLES

_PROGRAM = Path(__file__).resolve().parent
_STILL = 60  # milliseconds without a change that end a series of them: editors write in several steps
_LOOK = 1000  # milliseconds after which we look whether to stop
_FEW = 4  # books that are quicker made here than by processes that have to start first


class ProgramChanged(Exception):
    """The program's own files were saved; this process still has the old ones."""


def watch(request: Request, stop: Flag | None = None) -> Iterator[Iterator[Event]]:
    """The events of a first run over everything, then of a run for each save, until `stop`.

    Raises ProgramChanged where the program itself was saved, and what `build.run` raises at once.
    """
    from watchfiles import watch as changes  # noqa: PLC0415  only here

    yield build.run(request)
    tasks.warm(request.formats)
    places = {*map(_place, request.seeds), STYLES, _PROGRAM}
    begun = False
    for changed in changes(
        *places,
        step=_STILL,
        stop_event=stop,
        watch_filter=_matters(request.out),
        rust_timeout=_LOOK,
        yield_on_timeout=True,
    ):
        paths = {Path(path) for _, path in changed}
        if any(path.is_relative_to(_PROGRAM) for path in paths):
            raise ProgramChanged
        again = _concerned(request, paths) if begun else request  # what was saved during the first run was not seen
        begun = True
        if again is not None:
            yield build.run(again)


def _place(path: Path) -> Path:
    """What to watch for a seed: its folder, since editors put a new file in place of the old."""
    return path.resolve() if path.is_dir() else path.resolve().parent


def _matters(out: Path) -> Callable[[object, str], bool]:
    built = out.resolve()

    def matters(_: object, name: str) -> bool:
        path = Path(name)
        ours = path.is_relative_to(_PROGRAM)
        return not path.is_relative_to(built) and (path.suffix == ".py" if ours else path.suffix != ".pyc")

    return matters


def _concerned(request: Request, changed: set[Path]) -> Request | None:
    """The request narrowed to what `changed` concerns; None where that is nothing."""
    if any(path.is_relative_to(STYLES) for path in changed):
        return request
    books = [seed for seed in _seeds(request) if _files(seed) & changed]
    pictures = any(path.suffix.lower() in {".jpg", ".jpeg", ".png"} for path in changed)
    if not books and not pictures:
        return None
    only = () if pictures else tuple(seed.files[0] for seed in books)
    return replace(request, only=only, jobs=1 if only and len(only) <= _FEW else request.jobs)


def _seeds(request: Request) -> Iterator[Seed]:
    for path in request.seeds:
        try:
            yield from source.resolve(path)
        except PipelineError:  # away for the moment; the run will say so if it stays away
            continue


def _files(seed: Seed) -> set[Path]:
    return {path.resolve() for path in (*seed.files, seed.settings, beside(seed.settings))}
