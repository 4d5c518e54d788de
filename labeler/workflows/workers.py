"""Processes that bring files in beside this one, and end with it, however it ends."""

import multiprocessing
import os
import queue
import signal
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager, suppress
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TypeVar

from labeler.workflows.importing import IngestJob, IngestResult, Progress, ingest

POLL_S = 0.1
"""How often progress of other processes is passed on."""
GRACE_S = 0.5
"""How long a process may take to give its file up at the next frame before it is ended."""

Job = TypeVar("Job")
Result = TypeVar("Result")

Told = tuple[Path, int, int | None]


class Workers:
    """Processes that bring files in, one file each at a time.

    They are started fresh, never forked: the pose network does not survive a fork. Each holds
    one end of a lifeline. When the other end goes, because `close` was called or because this
    process was killed, it gives its file up at the next frame and ends.
    """

    def __init__(self, n_workers: int) -> None:
        context = multiprocessing.get_context("spawn")
        self._told: multiprocessing.Queue[Told] = context.Queue()
        their_end, self._lifeline = context.Pipe(duplex=False)
        self._pool = ProcessPoolExecutor(
            n_workers, context, initializer=_start, initargs=(self._told, their_end)
        )

    def submit(self, job: IngestJob) -> "Future[IngestResult]":
        """Queue a file.

        Raises
        ------
        BrokenProcessPool
            If a process has died before: a new object is needed.
        """
        return self.run(ingest, job)

    def run(self, work: Callable[[Job, Progress], Result], job: Job) -> "Future[Result]":
        """Queue any work of a module's own function, which calls its progress now and then.

        Raises
        ------
        BrokenProcessPool
            If a process has died before: a new object is needed.
        """
        with _interrupts_held_back():  # a process that starts now is born deaf to Ctrl-C
            return self._pool.submit(_work, work, job)

    def pass_on(self, on_progress: Progress) -> None:
        """Hand on what the workers have told so far; waits `POLL_S` when there is nothing."""
        try:
            on_progress(*self._told.get(timeout=POLL_S))
            while True:
                on_progress(*self._told.get_nowait())
        except queue.Empty:
            return

    def close(self) -> None:
        """Give up what is under way and end the processes."""
        self._lifeline.close()
        self._pool.shutdown(wait=True, cancel_futures=True)
        self._told.close()


@contextmanager
def _interrupts_held_back() -> Iterator[None]:
    """Let Ctrl-C wait for the end of the block; processes started inside never hear one."""
    if not hasattr(signal, "pthread_sigmask"):  # pragma: no cover - Windows
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


class _Link:
    """A worker's way to the process that started it."""

    told: "multiprocessing.Queue[Told]"
    is_cut = threading.Event()


def _start(told: "multiprocessing.Queue[Told]", lifeline: Connection) -> None:
    """Begin life as a worker: the parent alone answers Ctrl-C."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _Link.told = told
    threading.Thread(target=_end_with, args=(lifeline,), daemon=True).start()


def _end_with(lifeline: Connection) -> None:
    """Wait for the lifeline to be cut; loading a library may then take longer than is waited."""
    with suppress(EOFError, OSError):
        lifeline.recv()  # nothing is ever sent
    _Link.is_cut.set()
    time.sleep(GRACE_S)
    os._exit(1)


def _work(work: Callable[[Job, Progress], Result], job: Job) -> Result:
    """Do one piece of work, such as to bring a file in, inside a worker process."""

    def on_progress(path: Path, n_done: int, n_total: int | None) -> None:
        if _Link.is_cut.is_set():
            raise KeyboardInterrupt
        _Link.told.put((path, n_done, n_total))

    return work(job, on_progress)
