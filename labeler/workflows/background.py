"""Ingest in the background: the workbench stays usable, and leaving a page stops nothing."""

import threading
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path

from labeler.core.clip import ClipTags
from labeler.workflows.importing import IngestJob, IngestResult, failure_of
from labeler.workflows.workers import Workers

BROKEN_HINT = "Upload it again; if that fails too, try `labeler ingest` to see more."


@dataclass(frozen=True, slots=True)
class BackgroundJob:
    """One file on its way in; `result` is None until it is done."""

    number: int
    name: str
    n_done: int = 0
    n_total: int | None = None
    result: IngestResult | None = None

    @property
    def done_ratio(self) -> float:
        """How far it is, 0 to 1; 0 while the number of frames is unknown."""
        if self.result is not None:
            return 1.0
        return min(1.0, self.n_done / self.n_total) if self.n_total else 0.0


def is_pose_network_missing() -> bool:
    """Whether the pose network is still to be fetched, as at the very first file."""
    from labeler.pose.bundle import bundle_status

    return bundle_status().bundle is None


class IngestQueue:
    """Files wait here and are brought in one after the other by one process beside the app.

    Parameters
    ----------
    dataset_folder : Path
        Where they go.
    """

    def __init__(self, dataset_folder: Path) -> None:
        self._folder = dataset_folder
        self._jobs: dict[int, BackgroundJob] = {}
        self._numbers = count(1)
        self._by_path: dict[Path, int] = {}
        self._lock = threading.Lock()
        self._workers: Workers | None = None
        self._is_closed = threading.Event()

    def submit(self, path: Path, tags: ClipTags, *, on_done: Callable[[], object]) -> None:
        """Queue an uploaded file; `on_done` is called when it is in or has failed."""
        with self._lock:
            number = next(self._numbers)
            self._jobs[number] = BackgroundJob(number, path.name)
            self._by_path[path] = number
            workers = self._started()
        job = IngestJob(path, self._folder, tags, is_upload=True)

        def finish(future: Future[IngestResult]) -> None:
            if self._is_closed.is_set():
                return  # given up: the upload stays for the next server
            error = future.exception()
            if error is None:
                result = future.result()
            else:
                result = failure_of(path, f"{path.name}: {error}", hint=BROKEN_HINT)
                self._workers = None  # a broken process takes no further files
            self._change(number, result=result)
            on_done()

        workers.submit(job).add_done_callback(finish)

    def jobs(self) -> list[BackgroundJob]:
        """Every file of this server's life, oldest first."""
        with self._lock:
            return list(self._jobs.values())

    def is_busy(self) -> bool:
        """Whether a file is still on its way."""
        return any(job.result is None for job in self.jobs())

    def dismiss(self) -> None:
        """Forget the files that are done."""
        with self._lock:
            self._jobs = {n: job for n, job in self._jobs.items() if job.result is None}

    def close(self) -> None:
        """Give up the files that wait or are at work, whose uploads stay, and end the process."""
        self._is_closed.set()
        if self._workers is not None:
            self._workers.close()

    def _started(self) -> Workers:
        if self._workers is None:
            self._workers = Workers(1)
            threading.Thread(target=self._listen, args=(self._workers,), daemon=True).start()
        return self._workers

    def _listen(self, workers: Workers) -> None:
        """Keep the jobs' progress up to date until the queue is closed."""
        while not self._is_closed.is_set():
            workers.pass_on(self._note)

    def _note(self, path: Path, n_done: int, n_total: int | None) -> None:
        if (number := self._by_path.get(path)) is not None:
            self._change(number, n_done=n_done, n_total=n_total)

    def _change(self, number: int, **changes: object) -> None:
        with self._lock:
            if (job := self._jobs.get(number)) is not None:
                self._jobs[number] = replace(job, **changes)  # type: ignore[arg-type]  # its fields
