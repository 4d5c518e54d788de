"""From a planned set to a clip: one process films it and brings it in, both or none of it."""

import dataclasses
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from labeler.core.clip import View
from labeler.core.errors import LabelerError
from labeler.core.origin import MADE_UP_MARK
from labeler.store.dataset import Dataset
from labeler.synthetic.motion import perform
from labeler.workflows.batch import in_processes
from labeler.workflows.demo.contents import PlannedClip
from labeler.workflows.importing import (
    IngestJob,
    IngestResult,
    Progress,
    failure,
    ingest_or_raise,
)

SIZE_PX = (300, 400)
"""As small as the pose network still follows every joint; upright, as people film."""

FPS = 24.0
"""Enough for a lag of a tenth of a second, and a fifth sooner ready than the usual 30."""

RENDER = "render"
"""Under which the time of filming stands among the stages of an ingest."""


@dataclass(frozen=True, slots=True)
class FilmJob:
    """One set to film and bring in."""

    clip: PlannedClip
    dataset_folder: Path

    @property
    def path(self) -> Path:
        """What it is called while it is under way."""
        return Path(self.clip.name)

    @property
    def n_steps(self) -> int:
        """How many frames it has, each counted twice: filmed and measured."""
        return 2 * round(perform(self.clip.plan).duration_s * FPS)


Film = Callable[[FilmJob, Progress], IngestResult]
"""Makes a clip of the dataset; told where frames are done: each counts twice, made and measured."""


def film(job: FilmJob, on_progress: Progress) -> IngestResult:
    """Film a set and bring it in as if it had been uploaded; nothing is left of half a clip."""
    try:
        return _film(job, on_progress)
    except (LabelerError, OSError) as error:
        return failure(job.path, error)


def _film(job: FilmJob, on_progress: Progress) -> IngestResult:
    with Dataset.open(job.dataset_folder) as dataset:
        folder = dataset.media.new_folder()
        try:
            file = folder / job.clip.name
            started_s = time.perf_counter()
            n_frames = _render(job, file, on_progress)
            render_s = time.perf_counter() - started_s
            upload = IngestJob(file, job.dataset_folder, job.clip.tags, is_upload=True)
            found = ingest_or_raise(
                upload,
                dataset,
                lambda _path, done, _total: on_progress(job.path, n_frames + done, 2 * n_frames),
            )
        finally:
            dataset.media.discard(folder)
    return dataclasses.replace(
        found, path=job.clip.name, seconds={**found.seconds, RENDER: render_s}
    )


def _render(job: FilmJob, file: Path, on_progress: Progress) -> int:
    """Write the video; how many frames it has."""
    from labeler.synthetic.camera import draw_camera, frame_times
    from labeler.synthetic.looks import draw_looks
    from labeler.synthetic.render import Shot, frames
    from labeler.video.upright import Size
    from labeler.video.writer import VideoWriter

    clip = job.clip
    performance = perform(clip.plan)
    camera = draw_camera(
        clip.tags.view or View.SIDE, SIZE_PX, np.random.default_rng([clip.seed, 0xCA])
    )
    looks = draw_looks(clip.plan.athlete.seed)
    times = frame_times(performance.duration_s, FPS)
    shot = Shot(performance, camera, looks, times, clip.seed)
    with VideoWriter(file, Size(*SIZE_PX), comment=MADE_UP_MARK) as writer:
        for done, rgb in enumerate(frames(shot), start=1):
            writer.write(rgb, float(times.pts_s[done - 1]))
            on_progress(job.path, done, 2 * times.n_frames)
    return times.n_frames


def film_many(
    jobs: Sequence[FilmJob], *, n_jobs: int, film_one: Film, on_progress: Progress
) -> Iterator[IngestResult]:
    """Every set as `film_one` makes it, in the order in which they are done.

    Parameters
    ----------
    n_jobs : int
        Processes at work, each on a set of its own; 1 stays in this one.
    on_progress : Progress
        Called in this process, whatever `n_jobs` is.
    """
    if min(n_jobs, len(jobs)) <= 1:
        yield from (film_one(job, on_progress) for job in jobs)
        return
    n_workers = min(n_jobs, len(jobs))
    yield from in_processes(film_one, jobs, n_workers, on_progress=on_progress, to_do="to film it")
