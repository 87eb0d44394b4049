"""Tasks on a dask cluster that is there already: the one file that knows dask, which is an extra (`zhpress[cluster]`).

Before any work every worker says what it has: this program, Python, libraries and fonts must be those of this machine,
or its books would have other bytes. A worker that joins later is looked at when it comes, and refuses work if it is
odd. Seeds and books travel as values, so that no disk is shared; what all tasks share goes to each worker once.
"""

import logging
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import CancelledError, Executor
from contextlib import contextmanager
from typing import Any

import distributed
from distributed import KilledWorker, WorkerPlugin

from pipeline import store
from pipeline.errors import PipelineError, ToolError
from pipeline.executor import Workshop, equip

_PATIENCE = 15  # seconds for the scheduler to answer
_COUNT_AGAIN = 5.0  # seconds after which workers are counted anew: clusters grow and shrink


Client: Any = distributed.Client  # its types are half there


class _Equipment(WorkerPlugin):
    """Gives a worker what all tasks share, or, if it is odd, what it is to say instead of working."""

    name = "zhpress"

    def __init__(self, shared: object, expected: Mapping[str, str]) -> None:
        self.shared, self.expected = shared, dict(expected)

    def setup(self, worker: Any) -> None:
        odd = differences(self.expected, dict(store.surroundings()))
        equip(_odd({worker.address: odd}) if odd else self.shared)

    def teardown(self, worker: Any) -> None:
        del worker
        equip(None)


def workshop(address: str, shared: object) -> Workshop:
    """The cluster whose scheduler is at `address` ("tcp://host:8786").

    Opening it raises ToolError where nobody answers, where there are no workers, and where some are odd.
    """
    counted = _Count()

    @contextmanager
    def opened() -> Iterator[Executor]:
        logging.getLogger("distributed").setLevel(logging.CRITICAL)  # what goes wrong is told by us
        with _client(address) as client:
            _examine(client, address)
            client.register_plugin(_Equipment(shared, store.surroundings()))
            counted.ask = lambda: len(client.scheduler_info(n_workers=-1)["workers"])
            pool = client.get_executor(pure=False)
            try:
                yield pool
            finally:
                pool.shutdown(wait=False)
                client.unregister_worker_plugin(_Equipment.name)

    return Workshop(opened, counted, lost=(CancelledError, KilledWorker))


class _Count:
    """How many calls to hand out: one for each worker and half as many more, so that none waits for us."""

    def __init__(self) -> None:
        self.ask: Callable[[], int] = lambda: 1
        self.workers, self.at = 1, float("-inf")

    def __call__(self) -> int:
        if time.monotonic() - self.at > _COUNT_AGAIN:
            self.workers, self.at = self.ask(), time.monotonic()
        return self.workers + self.workers // 2 + 1


@contextmanager
def _client(address: str) -> Iterator[Any]:
    try:
        client = Client(address, timeout=_PATIENCE, set_as_default=False, name="zhpress")
    except (OSError, ValueError) as error:
        raise ToolError(
            f"连不上 dask 集群：{str(error).splitlines()[0]}",
            remedy="请检查地址，如 tcp://主机:8786，以及调度器是否在运行",
            where=address,
        ) from None
    with client:
        yield client


def _examine(client: Any, address: str) -> None:
    """Refuse a cluster whose workers are not as we are, and say which one is odd and how."""
    told = client.run(store.surroundings, on_error="return")
    if not told:
        raise ToolError("集群里还没有工作进程", remedy="请先启动 dask worker", where=address)
    ours = dict(store.surroundings())
    odd = {worker: found for worker, has in told.items() if (found := differences(ours, has))}
    if odd:
        raise _odd(odd)


def differences(ours: Mapping[str, str], theirs: object) -> str:
    """How a worker differs from us, in words; "" if it does not. `theirs` is an error where it could not say."""
    if not isinstance(theirs, Mapping):
        return f"没有活字程序：{theirs}"
    return "，".join(
        f"{name} 是 {theirs.get(name) or '没有'}，这里是 {ours[name] or '没有'}"
        for name in ours
        if theirs.get(name) != ours[name]
    )


def _odd(workers: Mapping[str, str]) -> PipelineError:
    listed = "；".join(f"{worker} 的 {how}" for worker, how in sorted(workers.items()))
    return ToolError(
        f"集群里有工作进程与这里不同，做出来的书会不一样：{listed}",
        remedy="在那台机器上用同一个版本和 requirements.lock 重装，字体也装成一样，或让它退出集群",
    )
