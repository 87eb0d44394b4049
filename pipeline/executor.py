"""Where tasks run: here, or in processes. Both are a `concurrent.futures.Executor`, so build.py knows no difference."""

import multiprocessing
import signal
from collections import deque
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Executor, Future, ProcessPoolExecutor, wait
from contextlib import AbstractContextManager, contextmanager
from typing import Any, NamedTuple, ParamSpec, TypeVar

from pipeline.errors import PipelineError

P = ParamSpec("P")
T = TypeVar("T")


class Call(NamedTuple):
    """One task: a top-level pure function and the frozen value it works on. `about` stays in the parent."""

    work: Callable[[Any], Any]
    on: Any
    about: Any = None


class Serial(Executor):
    """The executor that runs each task at once, in this process: the twin that the others must agree with."""

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Run `fn` now; the future is done when this returns. Ctrl-C is not caught."""
        future: Future[T] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as error:  # noqa: BLE001  an executor hands every error to whoever asks for the result
            future.set_exception(error)
        return future


@contextmanager
def opened(jobs: int) -> Iterator[Executor]:
    """An executor of `jobs` workers, gone without trace when the block is left, whatever the reason.

    Processes are spawned, never forked: a fork after threads may hang, and a spawned one is the same everywhere.
    """
    if jobs <= 1:
        with Serial() as serial:
            yield serial
        return
    pool = ProcessPoolExecutor(jobs, multiprocessing.get_context("spawn"), initializer=_leave_interrupts_to_parent)
    others = set(multiprocessing.active_children())
    try:
        yield pool
    except BaseException:
        pool.shutdown(wait=False, cancel_futures=True)
        for worker in set(multiprocessing.active_children()) - others:
            worker.terminate()
        raise
    pool.shutdown(wait=True, cancel_futures=True)


def _leave_interrupts_to_parent() -> None:
    """Ctrl-C reaches the whole process group; only the parent should act upon it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def completed(
    next_call: Callable[[], Call | None], pool: Callable[[], AbstractContextManager[Executor]], width: int
) -> Generator[tuple[Call, object], None, None]:
    """Run what `next_call` gives, `width` at a time, and yield each call with its result as it completes.

    `next_call` is asked again after every result, so results may give rise to further calls; None means none for now.
    When a worker dies (killed, out of memory), the calls that were running are tried again one by one, in fresh
    workers, so that only the one that kills its worker is lost: its result is then a PipelineError.
    """
    suspects: deque[Call] = deque()
    while True:
        running: dict[Future[Any], Call] = {}
        alone = False
        try:
            with pool() as executor:
                while True:
                    while len(running) < width and not (running and (alone or suspects)):
                        alone = bool(suspects)
                        call = suspects.popleft() if suspects else next_call()
                        if call is None:
                            break
                        running[executor.submit(call.work, call.on)] = call
                    if not running:
                        return
                    done, _ = wait(running, return_when=FIRST_COMPLETED)
                    for future in done:
                        result = future.result()
                        yield running.pop(future), result
        except BrokenExecutor:
            if len(running) == 1:
                yield (
                    running.popitem()[1],
                    PipelineError("工作进程被系统结束了，多半是内存不够", remedy="用 --jobs 1 再试，或把这本书拆小"),
                )
            suspects.extend(running.values())
