"""Make the demo dataset, or go on with it: each step takes up what is there already."""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from labeler.core.errors import LabelerError, LearningError, UsageError
from labeler.core.label import MACHINE
from labeler.store.dataset import Dataset
from labeler.workflows.demo.contents import (
    SHOWN_OFTEN,
    DemoWish,
    PlannedClip,
    planned_clips,
)
from labeler.workflows.demo.filming import RENDER, Film, FilmJob, film, film_many
from labeler.workflows.demo.rating import rate_all
from labeler.workflows.importing import IngestResult, Status

SETTING = "demo"
"""Under which a demo dataset keeps its wish: what tells it from everybody's own datasets."""

RATED = "demo_rated"
"""Set once the made-up raters are done: what people do to the demo after that stays theirs."""

MODELS = "models"
"""Folder of the demo's own models, inside it: they stay apart from what people train."""

INGEST = "total"


@dataclass(frozen=True, slots=True)
class Listener:
    """Who is told how far it is.

    Parameters
    ----------
    tell : Callable[[str], None]
        What is being done now, in words.
    on_frames : Callable[[int, int], None]
        How many of how many frames are done; each counts twice, filmed and measured.
    """

    tell: Callable[[str], None]
    on_frames: Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class DemoOutcome:
    """What the demo holds, and what it took this time.

    Parameters
    ----------
    n_made : int
        Clips that were not there before.
    detected_ratio : float
        The lowest of any clip, 0 to 1; NaN without clips.
    render_s, ingest_s : float
        Summed over the clips made this time; several are worked on at once.
    skipped : Mapping[str, str]
        By fault: why there is no model of it.
    """

    folder: Path
    n_clips: int
    n_reps: int
    n_frames: int
    n_made: int
    detected_ratio: float
    models: tuple[str, ...]
    skipped: Mapping[str, str] = field(default_factory=dict)
    render_s: float = 0.0
    ingest_s: float = 0.0
    film_s: float = 0.0
    label_s: float = 0.0
    train_s: float = 0.0
    total_s: float = 0.0

    def as_dict(self) -> dict[str, Any]:
        """The outcome as JSON-ready values."""
        return asdict(self)


def is_demo(dataset: Dataset) -> bool:
    """Whether a dataset was made by `make_demo`, whatever was added since."""
    return dataset.settings.get(MACHINE, SETTING) is not None


def make_demo(
    folder: Path,
    wish: DemoWish | None,
    *,
    n_jobs: int,
    listener: Listener,
    film_one: Film = film,
) -> DemoOutcome:
    """Make the demo dataset in a folder, or take up the one that is there.

    Parameters
    ----------
    wish : DemoWish | None
        None: the demo that is there as it is, else the usual one.

    Raises
    ------
    UsageError
        If the folder holds a dataset that is no demo, or a demo of another wish.
    LabelerError
        If a clip could not be made, or the pose network cannot be had.
    """
    started_s = time.perf_counter()
    with Dataset.open(folder) as dataset:
        planned = planned_clips(_agreed(dataset, wish))
        seconds: dict[str, float] = {}
        with _timed(seconds, "film"):
            made = _film_missing(dataset, planned, n_jobs, listener, film_one)
        with _timed(seconds, "label"):
            _rate_once(dataset, planned, listener)
        with _timed(seconds, "train"):
            skipped = _train(dataset, folder / MODELS, planned, listener)
        seconds["total"] = time.perf_counter() - started_s
        return _outcome(dataset, made, skipped, seconds)


def _agreed(dataset: Dataset, wish: DemoWish | None) -> DemoWish:
    """The wish that the folder's demo was begun with, written down before anything is made."""
    told = dataset.settings.get(MACHINE, SETTING)
    if told is None:
        _require_empty(dataset)
        chosen = wish or DemoWish()
        dataset.settings.put(MACHINE, SETTING, chosen.as_dict())
        return chosen
    begun = DemoWish.from_dict(told)
    if wish is None:
        return begun
    if told != wish.as_dict():
        raise UsageError(
            f"{dataset.folder}: expected a demo of {_words(wish.as_dict())}, got one of "
            f"{_words(told)}.",
            hint="Choose another --folder, or leave out what you asked for to open this one.",
        )
    return begun


def _require_empty(dataset: Dataset) -> None:
    """Nothing made up goes into a dataset of somebody's own."""
    if dataset.clips.has_any():
        raise UsageError(
            f"{dataset.folder}: expected a demo or an empty folder, got a dataset of your own.",
            hint="Choose another folder for the demo: labeler demo --folder DIR",
        )


def _words(told: Mapping[str, Any]) -> str:
    movements = " and ".join(told["movements"])
    return (
        f"{told['athletes']} athletes with {told['reps']} repetitions of {movements}, "
        f"seed {told['seed']}, version {told['version']}"
    )


def _film_missing(
    dataset: Dataset,
    planned: Sequence[PlannedClip],
    n_jobs: int,
    listener: Listener,
    film_one: Film,
) -> list[IngestResult]:
    """Film and bring in every set that is not there."""
    known = {clip.file_name for clip in dataset.clips.all()}
    missing = [FilmJob(one, dataset.folder) for one in planned if one.name not in known]
    jobs = sorted(missing, key=_place_of)
    if not jobs:
        return []
    from labeler.pose.bundle import resolve_bundle

    resolve_bundle(on_progress=listener.tell)  # once here, rather than once in each process
    listener.tell(f"Filming {len(jobs)} sets of made-up athletes, and measuring them")
    frames = _Frames(jobs, listener.on_frames)
    made = []
    for result in film_many(jobs, n_jobs=n_jobs, film_one=film_one, on_progress=frames.note):
        if result.status is Status.FAILED:
            raise _failed(result)
        made.append(result)
    return made


def _place_of(job: FilmJob) -> tuple[str, int]:
    """Athlete by athlete, the longer set first: so processes have done at nearly the same time."""
    return job.clip.tags.athlete or "", -job.n_steps


def _failed(result: IngestResult) -> LabelerError:
    told = result.error or {}
    return LabelerError(told.get("message", result.path), hint=told.get("hint", ""))


class _Frames:
    """Adds up how far every clip is; how long those are that wait is taken from their plans."""

    def __init__(self, jobs: Iterable[FilmJob], on_frames: Callable[[int, int], None]) -> None:
        self._totals = {job.path: job.n_steps for job in jobs}
        self._done = dict.fromkeys(self._totals, 0)
        self._on_frames = on_frames

    def note(self, path: Path, n_done: int, n_total: int | None) -> None:
        """Take down how far one clip is."""
        self._done[path] = n_done
        self._totals[path] = n_total or self._totals[path]
        self._on_frames(sum(self._done.values()), sum(self._totals.values()))


def _rate_once(dataset: Dataset, planned: Sequence[PlannedClip], listener: Listener) -> None:
    if dataset.settings.get(MACHINE, RATED) is None:
        listener.tell("Two made-up raters rate the repetitions")
        rate_all(dataset, planned)
        dataset.settings.put(MACHINE, RATED, True)


def _train(
    dataset: Dataset, models: Path, planned: Sequence[PlannedClip], listener: Listener
) -> dict[str, str]:
    """A model of every fault that is shown often; by fault, why there is none.

    A model that this version cannot use, because it was made by another, is made anew.
    """
    from labeler.workflows.training import TrainingWish, models_in, train_model

    movements = {one.plan.movement for one in planned}
    usable = {found.folder.name for found in models_in(models) if found.problem is None}
    skipped = {}
    for fault in (fault for movement in sorted(movements) for fault in SHOWN_OFTEN[movement]):
        if fault in usable:
            continue
        listener.tell(f"Training on {fault}, and testing on athletes not seen")
        wish = TrainingWish(fault, models / fault, is_replacing=True)
        try:
            train_model(dataset, wish, tell=_unheard)
        except LearningError as error:
            skipped[fault] = error.message
    return skipped


def _unheard(_words: str) -> None:
    """The steps of one training are too short to be read."""


def _outcome(
    dataset: Dataset,
    made: Sequence[IngestResult],
    skipped: Mapping[str, str],
    seconds: Mapping[str, float],
) -> DemoOutcome:
    clips, models = dataset.clips.all(), dataset.folder / MODELS
    ratios = [clip.detected_ratio for clip in clips]
    return DemoOutcome(
        folder=dataset.folder,
        n_clips=len(clips),
        n_reps=len(dataset.journal.reps()),
        n_frames=sum(clip.n_frames for clip in clips),
        n_made=len(made),
        detected_ratio=min(ratios, default=float("nan")),
        models=_names_in(models),
        skipped=skipped,
        render_s=sum(one.seconds.get(RENDER, 0.0) for one in made),
        ingest_s=sum(one.seconds.get(INGEST, 0.0) for one in made),
        film_s=seconds["film"],
        label_s=seconds["label"],
        train_s=seconds["train"],
        total_s=seconds["total"],
    )


def _names_in(models: Path) -> tuple[str, ...]:
    """The finished models; what a kill left half-written begins with a dot."""
    found = models.iterdir() if models.is_dir() else ()
    return tuple(sorted(one.name for one in found if not one.name.startswith(".")))


@contextmanager
def _timed(seconds: dict[str, float], name: str) -> Iterator[None]:
    started_s = time.perf_counter()
    yield
    seconds[name] = time.perf_counter() - started_s
