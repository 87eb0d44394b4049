"""Where tasks run: here, in processes, or on a cluster (cluster.py). Each is a `concurrent.futures.Executor`, so
build.py knows no difference.
"""

import ctypes
import gc
import multiprocessing
import pickle
import signal
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import (
    FIRST_COMPLETED,
    BrokenExecutor,
    CancelledError,
    Executor,
    Future,
    ProcessPoolExecutor,
    ThreadPoolExecutor,
    wait,
)
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from types import FrameType
from typing import Any, NamedTuple, ParamSpec, TypeVar

from pipeline.errors import LimitExceeded, OutOfMemory, PipelineError

P = ParamSpec("P")
T = TypeVar("T")

_HANDS = 4  # threads of this process for what waits on the disk
_GRACE = 15.0  # seconds after the limit in which a task may still end by itself


class Call(NamedTuple):
    """One task: a top-level pure function, and the frozen value it works on. `about` stays in the parent.

    The function also gets what all tasks of a run share.
    An errand waits on the disk and not on the processor: it is done here, by a thread.
    `first`, given the same value, loads what the task stands on, once in a process; no task's limits count that.
    """

    work: Callable[..., Any]
    on: Any
    about: Any = None
    limits: "Limits | None" = None
    errand: bool = False
    first: Callable[[Any], object] | None = None


@dataclass(frozen=True, slots=True)
class Limits:
    """What one task may use: seconds, and megabytes of memory beyond what its process holds. 0: what it likes."""

    seconds: float = 0.0  # of processor time
    megabytes: int = 0


class Lost(PipelineError):
    """The worker died of this task: killed by the system, out of memory, or stuck beyond all patience."""


@dataclass(frozen=True, slots=True)
class Workshop:
    """Where the tasks of a run are done: how to open it, and how many calls to hand out at a time."""

    open: Callable[[], AbstractContextManager[Executor]]
    width: Callable[[], int]
    shared: bytes = b""  # pickled: what all tasks share, sent along with each; empty where the workers have it already
    lost: tuple[type[BaseException], ...] = (CancelledError,)  # what it raises where a worker died of a task


# ---------------------------------------------------------------- here


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


def workshop(jobs: int, shared: Any = None) -> Workshop:
    """This process alone for one job, else as many processes."""
    if jobs <= 1:
        return Workshop(lambda: _serial(shared), lambda: 1)
    # One more call than there are workers, so that none waits for us. What is shared goes with the calls: a new process
    # that is killed before it has read more than a pipe holds would have us wait for ever.
    return Workshop(lambda: _processes(jobs), lambda: jobs + 1, pickle.dumps(shared))


@contextmanager
def _serial(shared: Any) -> Iterator[Executor]:
    equip(shared)
    with Serial() as serial:
        yield serial


@contextmanager
def _processes(jobs: int) -> Iterator[Executor]:
    """Processes, gone without trace when the block is left, whatever the reason.

    They are spawned, never forked: a fork after threads may hang, and a spawned one is the same everywhere.
    """
    spawn = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(jobs, spawn, initializer=_begin_work)
    others = set(multiprocessing.active_children())
    try:
        yield pool
    except BaseException:
        pool.shutdown(wait=False, cancel_futures=True)
        for worker in set(multiprocessing.active_children()) - others:
            worker.terminate()
        raise
    pool.shutdown(wait=True, cancel_futures=True)


# ---------------------------------------------------------------- in a worker

_shared: Any = None
_one_at_a_time = threading.Lock()
_expendable = False  # whether this process may be ended for the sake of one task


def equip(shared: Any) -> None:
    """Keep what all tasks of a run share, in this process."""
    global _shared  # noqa: PLW0603  a worker serves one run
    _shared = shared


def _begin_work() -> None:
    """Ctrl-C reaches the whole process group; only the parent should act upon it."""
    global _expendable  # noqa: PLW0603
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _expendable = True


@lru_cache(maxsize=1)
def _unpacked(shared: bytes) -> Any:
    return pickle.loads(shared)  # noqa: S301  our own parent's


def perform(
    work: Callable[..., T],
    on: Any,
    limits: Limits | None,
    packed: bytes,
    first: Callable[[Any], object] | None = None,
) -> T:
    """One task, within its limits. Raises LimitExceeded where it takes too long, OutOfMemory where it asks too much.

    A worker of several threads (dask may have such) does one task at a time: layout engines know no threads.
    """
    with _one_at_a_time:
        shared = _unpacked(packed) if packed else _shared
        if isinstance(shared, PipelineError):
            raise shared
        limits = limits or Limits()
        if first is not None:
            first(on)
        try:
            with _within_memory(limits.megabytes), _within_time(limits.seconds):
                return work(on, shared)
        except MemoryError:
            pass  # said below, when what this task held is free again
        except _Late:
            raise LimitExceeded(
                f"做了 {limits.seconds:.0f} 秒还没有做完，已停下",
                remedy="用 --time-limit 放宽（0 为不限），或把这本书拆小",
            ) from None
        _give_back()
        most = f"（最多 {limits.megabytes} MB）" if limits.megabytes else ""
        raise OutOfMemory(f"内存不够，已停下{most}", remedy="用 --memory-limit 放宽，或把这本书拆小")


def _held() -> int:
    """The bytes that the system counts towards RLIMIT_DATA for this process now (proc(5), VmData)."""
    with suppress(OSError, ValueError, IndexError):
        status = Path("/proc/self/status").read_text("ascii", "replace")
        return int(status.partition("VmData:")[2].split(maxsplit=1)[0]) * 1024
    return 0


def _give_back() -> None:
    """Hand the memory of a task that failed back to the system, or the next one finds none."""
    gc.collect()
    with suppress(OSError, AttributeError):  # glibc only
        ctypes.CDLL(None).malloc_trim(0)


class _Late(BaseException):
    """Time is up. No `except Exception` on the way may keep it."""


@contextmanager
def _within_time(seconds: float) -> Iterator[None]:
    """An alarm interrupts Python code; what is stuck in C ends with its process, if that may be."""
    if not seconds:
        yield
        return
    alarm = _thread_alarm if threading.current_thread() is not threading.main_thread() else _process_alarm
    with alarm(seconds):
        yield


@contextmanager
def _process_alarm(seconds: float) -> Iterator[None]:
    """Processor time, so that a busy machine fails no book that an idle one makes."""
    if not hasattr(signal, "setitimer"):  # Windows
        with _thread_alarm(seconds):
            yield
        return

    def late(_: int, __: FrameType | None) -> None:
        raise _Late

    before = signal.signal(signal.SIGPROF, late)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        with _deadline(seconds + _GRACE) if _expendable else nullcontext():
            yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


@contextmanager
def _deadline(seconds: float) -> Iterator[None]:
    """After so much more processor time the system ends this process, wherever it is stuck."""
    import resource  # noqa: PLC0415  not on Windows

    soft, hard = resource.getrlimit(resource.RLIMIT_CPU)
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_CPU, (int(time.process_time() + seconds) + 1, hard))
    try:
        yield
    finally:
        with suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_CPU, (soft, hard))


@contextmanager
def _thread_alarm(seconds: float) -> Iterator[None]:
    """For a thread, which gets no signals: another one has it raise."""
    thread = ctypes.c_ulong(threading.get_ident())
    raise_in = ctypes.pythonapi.PyThreadState_SetAsyncExc
    timer = threading.Timer(seconds, lambda: raise_in(thread, ctypes.py_object(_Late)))
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


@contextmanager
def _within_memory(megabytes: int) -> Iterator[None]:
    """A ceiling on what a task may add to its process, where the system knows one (Linux counts RLIMIT_DATA so)."""
    if not megabytes or not sys.platform.startswith("linux"):
        yield
        return
    import resource  # noqa: PLC0415  not on Windows

    soft, hard = resource.getrlimit(resource.RLIMIT_DATA)
    wanted = _held() + megabytes * 2**20
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_DATA, (wanted if hard < 0 else min(wanted, hard), hard))
    try:
        yield
    finally:
        with suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_DATA, (soft, hard))


# ---------------------------------------------------------------- the run


@dataclass(slots=True)
class _Floor:
    """What is going on: calls handed out, errands, and calls that were out when a worker died."""

    running: dict[Future[Any], Call] = field(default_factory=dict)
    errands: dict[Future[Any], Call] = field(default_factory=dict)
    suspects: deque[Call] = field(default_factory=deque)
    alone: bool = False  # whether a suspect is being tried by itself

    def has_room(self, width: int) -> bool:
        """Whether another call may be handed out now."""
        tried_alone = self.running and (self.alone or self.suspects)
        return len(self.running) < width and len(self.errands) < 2 * _HANDS and not tried_alone


def completed(
    next_call: Callable[[], Call | None], shop: Workshop, next_errand: Callable[[], Call | None] = lambda: None
) -> Generator[tuple[Call, object], None, None]:
    """Run what `next_call` gives, `shop.width()` at a time, and yield each call with its result as it completes.

    `next_call` is asked again after every result, so results may give rise to further calls; None means none for now.
    `next_errand` gives what threads of this process do meanwhile. When a worker dies (killed, out of memory), the calls
    that were running are tried again one by one, in fresh workers, so that only the one that kills its worker is lost:
    its result is then a `Lost`.
    """
    floor = _Floor()
    with ThreadPoolExecutor(_HANDS, thread_name_prefix="errand") as hands:
        while True:
            try:
                with shop.open() as executor:
                    yield from _until_idle(floor, executor, hands, next_call, next_errand, shop)
                    return
            except BrokenExecutor:
                if floor.alone and len(floor.running) == 1:
                    yield floor.running.popitem()[1], _lost()
                floor.suspects.extend(floor.running.values())
                floor.running.clear()


def _until_idle(
    floor: _Floor,
    executor: Executor,
    hands: Executor,
    next_call: Callable[[], Call | None],
    next_errand: Callable[[], Call | None],
    shop: Workshop,
) -> Iterator[tuple[Call, object]]:
    while True:
        _send(floor, hands, next_errand)
        while floor.has_room(shop.width()):
            floor.alone = bool(floor.suspects)
            call = floor.suspects.popleft() if floor.suspects else next_call()
            if call is None:
                break
            try:
                floor.running[_submitted(executor, call, shop)] = call
            except BrokenExecutor:
                floor.suspects.append(call)
                raise
            _send(floor, hands, next_errand)
        if not floor.running and not floor.errands:
            return
        done, _ = wait([*floor.running, *floor.errands], return_when=FIRST_COMPLETED)
        for future in done:
            of = floor.running if future in floor.running else floor.errands
            result = _result(future, shop.lost)
            yield of.pop(future), result


def _submitted(executor: Executor, call: Call, shop: Workshop) -> Future[Any]:
    return executor.submit(perform, call.work, call.on, call.limits, shop.shared, call.first)


def _send(floor: _Floor, hands: Executor, next_errand: Callable[[], Call | None]) -> None:
    while (errand := next_errand()) is not None:
        floor.errands[hands.submit(errand.work, errand.on)] = errand


def _result(future: Future[Any], lost: tuple[type[BaseException], ...]) -> object:
    """What came of a call. What a task raises is raised here, but for PipelineErrors, which are results."""
    try:
        return future.result()
    except PipelineError as error:
        return error
    except lost:
        return _lost()


def _lost() -> Lost:
    return Lost(
        "工作进程中途没了：多半是内存不够，或卡住太久", remedy="用 --jobs 1 再试，或放宽 --time-limit，或把这本书拆小"
    )
