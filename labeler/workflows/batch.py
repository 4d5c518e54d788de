"""Many files at once: in this process, or in several that each take a file."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from typing import Protocol, TypeVar

from labeler.core.clip import ClipTags
from labeler.store.dataset import Dataset
from labeler.workflows.importing import (
    IngestJob,
    IngestResult,
    Progress,
    failure_of,
    ingest,
    videos_among,
)
from labeler.workflows.workers import Workers

DIED_HINT = (
    "Run the same command again: what is in stays in. If it happens again, use --jobs 1, which "
    "needs less memory."
)


class BatchJob(Protocol):
    """Work on one file of a dataset."""

    @property
    def path(self) -> Path:
        """What the work is called while it is under way."""

    @property
    def dataset_folder(self) -> Path:
        """Where it goes."""


Job = TypeVar("Job", bound=BatchJob)


def ingest_many(
    paths: Sequence[Path],
    *,
    dataset_folder: Path,
    tags: ClipTags,
    n_jobs: int,
    on_progress: Progress,
    tell: Callable[[str], None],
) -> Iterator[IngestResult]:
    """Bring files and folders of files in, one result each, in the order in which they finish.

    Parameters
    ----------
    paths : Sequence[Path]
        Video files, or folders whose videos are taken.
    tags : ClipTags
        What is told about all of them.
    n_jobs : int
        Processes at work; 1 stays in this one.
    on_progress : Progress
        Called in this process, whatever `n_jobs` is.
    tell : Callable[[str], None]
        Told in words what takes time before the first frame, such as fetching the pose network.

    Raises
    ------
    StoreError
        If the dataset cannot be opened.
    PoseError
        If the pose network cannot be had.
    """
    Dataset.open(dataset_folder).close()  # made, upgraded or refused once, before any work
    jobs = []
    for found in videos_among(paths):
        if isinstance(found, IngestResult):
            yield found
        else:
            jobs.append(IngestJob(found, dataset_folder, tags))
    if jobs:
        from labeler.pose.bundle import resolve_bundle

        resolve_bundle(on_progress=tell)  # once here, rather than once in each worker
    n_workers = min(n_jobs, len(jobs))
    if n_workers <= 1:
        yield from (ingest(job, on_progress) for job in jobs)
    else:
        yield from in_processes(
            ingest, jobs, n_workers, on_progress=on_progress, to_do="to bring it in"
        )


def in_processes(
    work: Callable[[Job, Progress], IngestResult],
    jobs: Sequence[Job],
    n_workers: int,
    *,
    on_progress: Progress,
    to_do: str,
) -> Iterator[IngestResult]:
    """Do jobs of one dataset in several processes, one each; results come as they are done.

    `to_do` says what a process is for, after *expected a process*, should one die.
    """
    workers = Workers(n_workers)
    try:
        waiting = {workers.run(work, job): job for job in jobs}
        while waiting:
            workers.pass_on(on_progress)
            for future in [future for future in waiting if future.done()]:
                yield _result_of(future, waiting.pop(future), to_do)
    finally:
        workers.close()
        Dataset.open(jobs[0].dataset_folder).close()  # sweeps what a killed worker left


def _result_of(future: "Future[IngestResult]", job: BatchJob, to_do: str) -> IngestResult:
    """What became of a file; when one process dies, every file still waiting is given back."""
    try:
        return future.result()
    except BrokenProcessPool:
        name = job.path.name
        message = f"{name}: expected a process {to_do}, got one that died (no memory left?)."
        return failure_of(job.path, message, hint=DIED_HINT)
