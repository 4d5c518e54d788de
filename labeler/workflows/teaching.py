"""Training beside the app: the workbench stays usable, and leaving a page stops nothing."""

import threading
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path
from typing import Final

from labeler.core.errors import LabelerError
from labeler.store.dataset import Dataset
from labeler.workflows.changes import Changes, card_before, changes
from labeler.workflows.importing import Progress
from labeler.workflows.training import TrainingWish, train_model
from labeler.workflows.workers import Workers

STEPS: Final = ("measuring every repetition", "training", "testing on unseen athletes", "writing")
"""What `train_model` tells, one after the other."""

BROKEN_HINT = "Train again; if that fails too, try `labeler train` to see more."


@dataclass(frozen=True, slots=True)
class TrainingTask:
    """What a process is to do."""

    dataset_folder: Path
    wish: TrainingWish


@dataclass(frozen=True, slots=True)
class Trained:
    """How a training ended: a model's folder, or an error in words.

    `changes` holds it beside the model before, where there was one.
    """

    folder: Path
    error: dict[str, str] | None = None
    changes: Changes | None = None


@dataclass(frozen=True, slots=True)
class TrainingJob:
    """One model being trained; `result` is None until it is done."""

    number: int
    wish: TrainingWish
    n_done: int = 0
    result: Trained | None = None

    @property
    def done_ratio(self) -> float:
        """How far it is, by steps: 0 to 1."""
        return 1.0 if self.result is not None else max(0, self.n_done - 1) / len(STEPS)

    @property
    def words(self) -> str:
        """What is being done now."""
        return STEPS[min(self.n_done, len(STEPS)) - 1] if self.n_done else "waiting"


class TrainingQueue:
    """Models wait here and are trained one after the other by one process beside the app."""

    def __init__(self, dataset_folder: Path) -> None:
        self._folder = dataset_folder
        self._jobs: dict[int, TrainingJob] = {}
        self._numbers = count(1)
        self._lock = threading.Lock()
        self._workers: Workers | None = None
        self._is_closed = threading.Event()

    def submit(self, wish: TrainingWish) -> TrainingJob:
        """Queue a model; what came out of the one of that name before is put away."""
        self._put_away(wish.folder)
        with self._lock:
            job = TrainingJob(next(self._numbers), wish)
            self._jobs[job.number] = job
            workers = self._started()
        task = TrainingTask(self._folder, wish)
        future = workers.run(teach, task)
        future.add_done_callback(self._ending(job.number, wish.folder))
        return job

    def jobs(self) -> list[TrainingJob]:
        """Every model of this server's life that was not dismissed, oldest first."""
        with self._lock:
            return list(self._jobs.values())

    def is_busy(self) -> bool:
        """Whether one is still being trained, or waits."""
        return any(job.result is None for job in self.jobs())

    def dismiss(self) -> None:
        """Forget those that are done."""
        with self._lock:
            self._jobs = {n: job for n, job in self._jobs.items() if job.result is None}

    def close(self) -> None:
        """Give up what waits or is at work, which leaves no model behind, and end the process."""
        self._is_closed.set()
        if self._workers is not None:
            self._workers.close()

    def _put_away(self, folder: Path) -> None:
        """Forget how earlier trainings of a model ended."""
        with self._lock:
            jobs = self._jobs.items()
            ended = {n for n, job in jobs if job.result is not None and job.wish.folder == folder}
            self._jobs = {n: job for n, job in jobs if n not in ended}

    def _ending(self, number: int, folder: Path) -> Callable[[Future[Trained]], None]:
        """What to do when a training is over, however it ended."""

        def finish(future: Future[Trained]) -> None:
            if self._is_closed.is_set():
                return
            error = future.exception()
            if error is None:
                result = future.result()
            else:
                told = {"message": f"{folder.name}: {error}", "hint": BROKEN_HINT}
                result = Trained(folder, told)
                self._workers = None  # a broken process trains nothing more
            self._change(number, result=result)

        return finish

    def _started(self) -> Workers:
        if self._workers is None:
            self._workers = Workers(1)
            threading.Thread(target=self._listen, args=(self._workers,), daemon=True).start()
        return self._workers

    def _listen(self, workers: Workers) -> None:
        """Keep the jobs' progress up to date until the queue is closed."""
        while not self._is_closed.is_set():
            workers.pass_on(self._note)

    def _note(self, folder: Path, n_done: int, _n_total: int | None) -> None:
        for job in self.jobs():
            if job.wish.folder == folder and job.result is None:
                self._change(job.number, n_done=n_done)
                return

    def _change(self, number: int, **changed: object) -> None:
        with self._lock:
            if (job := self._jobs.get(number)) is not None:
                self._jobs[number] = replace(job, **changed)  # type: ignore[arg-type]  # its fields


def teach(task: TrainingTask, on_progress: Progress) -> Trained:
    """Train a model and hold it beside the one before; what a user can meet becomes words."""
    wish, steps = task.wish, count(1)

    def tell(_words: str) -> None:
        on_progress(wish.folder, next(steps), len(STEPS))

    try:
        with Dataset.open(task.dataset_folder, create=False) as dataset:
            before = card_before(dataset, wish.folder.parent, wish.fault, wish.folder.name)
            outcome = train_model(dataset, wish, tell=tell)
            found = None if before is None else changes(dataset, before, outcome.card)
    except LabelerError as error:
        return Trained(wish.folder, {"message": error.message, "hint": error.hint})
    return Trained(wish.folder, changes=found)
