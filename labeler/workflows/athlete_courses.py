"""Who leads: how far hips and torso have come at each moment of an athlete's repetitions."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from labeler.core.arrays import FloatArray
from labeler.core.clip import Clip, View
from labeler.core.rep import RepId
from labeler.store.dataset import Dataset
from labeler.workflows.athlete_reps import AthleteRep, Known
from labeler.workflows.courses import (
    BAND_PERCENT,
    LAG,
    MAX_BAND_CLIPS,
    MIN_BAND_REPS,
    CourseReader,
    RepCourses,
    in_phase,
)

if TYPE_CHECKING:
    from labeler.features.detection import Measured

SET_REPS = 8
"""From so many repetitions on the detection limit of a mean of eight holds."""


@dataclass(frozen=True, slots=True, eq=False)
class Sequencing:
    """Progress of hips and torso through an athlete's repetitions of one movement and view.

    Parameters
    ----------
    middle, low, high : FloatArray
        Shape (2, n_steps): hips and torso from the start (0) to the turn (1) and back; the median
        over the repetitions and the band from the 10th to the 90th percentile; NaN where not known.
    chosen : FloatArray | None
        The same of one repetition; None where none was chosen or it has no progress.
    lag_ms, lag_low_ms, lag_high_ms : float
        Median of torso less hips at half the way, and its 10th and 90th percentile; above 0 the
        hips are first. NaN where not told.
    limit_ms : float
        What can be told from none from this view at this frame rate; NaN where nobody measured.
    """

    movement: str
    view: View | None
    n_reps: int
    n_clips: int
    n_clips_all: int
    middle: FloatArray
    low: FloatArray
    high: FloatArray
    lag_ms: float
    lag_low_ms: float
    lag_high_ms: float
    limit_ms: float
    chosen: FloatArray | None = None
    chosen_lag_ms: float = math.nan

    @property
    def words(self) -> str:
        """Who leads, by how much, and whether that can be told."""
        if not math.isfinite(self.lag_ms):
            return "Who leads could not be measured in these repetitions."
        range_ = f"10 to 90 % of them: {self.lag_low_ms:+.0f} to {self.lag_high_ms:+.0f} ms"
        median = f"Median of {self.n_reps} repetitions: {self.lag_ms:+.0f} ms ({range_})."
        if math.isnan(self.limit_ms):
            return f"{median} Nobody has measured what can be told from this view."
        if abs(self.lag_ms) < self.limit_ms:
            least = f"less than {self.limit_ms:.0f} ms" if self.limit_ms < math.inf else "no lead"
            verb = "cannot be told from none" if self.limit_ms < math.inf else "can be told"
            return f"Who leads is open: {least} {verb} from this view and frame rate. {median}"
        who = "The hips lead" if self.lag_ms > 0 else "The torso leads"
        return f"{who} at half the way. {median} Told from none: {self.limit_ms:.0f} ms and more."

    def as_dict(self) -> dict[str, Any]:
        """Plain values for scripts; None where not known."""
        return {
            "movement": self.movement,
            "view": None if self.view is None else self.view.value,
            "n_reps": self.n_reps,
            "n_clips": self.n_clips,
            "n_clips_all": self.n_clips_all,
            "lag_t50_ms": _told(self.lag_ms),
            "lag_t50_low_ms": _told(self.lag_low_ms),
            "lag_t50_high_ms": _told(self.lag_high_ms),
            "limit_ms": _told(self.limit_ms),
            "chosen_lag_t50_ms": _told(self.chosen_lag_ms),
            "words": self.words,
        }


def sequencing(dataset: Dataset, known: Known, *, rep_id: RepId | None = None) -> list[Sequencing]:
    """One for each movement and view that shows it, from the newest clips of each."""
    reader, found = CourseReader(dataset), []
    for movement in known.movements:
        reps = known.of(movement)
        for view in dict.fromkeys(rep.clip.tags.view for rep in reps):
            of_view = [rep for rep in reps if rep.clip.tags.view is view]
            one = _sequencing(dataset, reader, of_view, rep_id=rep_id)
            if one is not None:
                found.append(one)
    return found


def _sequencing(
    dataset: Dataset,
    reader: CourseReader,
    reps: Sequence[AthleteRep],
    *,
    rep_id: RepId | None,
) -> Sequencing | None:
    clips = _newest(dataset, reps, rep_id)
    wanted = {rep.rep_id for rep in reps}
    courses = [
        course
        for clip in clips
        for course in reader.read(clip.clip_id, None).reps
        if course.record.rep_id in wanted and not course.why
    ]
    if len(courses) < MIN_BAND_REPS:
        return None
    every = np.stack([in_phase(course)[:2] for course in courses])
    is_enough = np.isfinite(every).sum(axis=0) >= MIN_BAND_REPS
    shown = np.where(is_enough, every, 0.0)  # a percentile of nothing would warn
    ends = np.nanpercentile(shown, (BAND_PERCENT[0], 50.0, BAND_PERCENT[1]), axis=0)
    low, middle, high = np.where(is_enough, ends, np.nan)
    chosen = next((one for one in courses if one.record.rep_id == rep_id), None)
    lag_low, lag, lag_high = _lags(courses)
    tags = clips[0].tags
    return Sequencing(
        str(tags.movement), tags.view, len(courses), len(clips),
        len({rep.clip.clip_id for rep in reps}), middle, low, high,
        lag, lag_low, lag_high, _limit_ms(clips[0], len(courses)),
        None if chosen is None else in_phase(chosen)[:2],
        math.nan if chosen is None else chosen.lag_ms,
    )  # fmt: skip


def _newest(dataset: Dataset, reps: Sequence[AthleteRep], rep_id: RepId | None) -> list[Clip]:
    """The newest clips with a pose, that of the chosen repetition first."""
    clips = {rep.clip.clip_id: rep.clip for rep in reps}
    chosen = {rep.clip.clip_id for rep in reps if rep.rep_id == rep_id}
    posed = [clip for clip in clips.values() if dataset.tracks.path(clip.clip_id).is_file()]
    posed.sort(key=lambda clip: clip.ingested_at, reverse=True)
    posed.sort(key=lambda clip: clip.clip_id not in chosen)
    return posed[:MAX_BAND_CLIPS]


def _lags(courses: Sequence[RepCourses]) -> tuple[float, float, float]:
    """10th percentile, median and 90th of the lags told; NaN without any."""
    lags = np.array([one.lag_ms for one in courses])
    lags = lags[np.isfinite(lags)]
    if not lags.size:
        return math.nan, math.nan, math.nan
    low, middle, high = np.percentile(lags, (BAND_PERCENT[0], 50.0, BAND_PERCENT[1]))
    return float(low), float(middle), float(high)


def _limit_ms(clip: Clip, n_reps: int) -> float:
    """The detection limit of one repetition, or of a mean of eight where there are as many."""
    from labeler.features.detection import nearest_of

    if clip.tags.view is None:
        return math.nan
    found: Measured | None = nearest_of(
        clip.tags.movement, clip.fps_median, clip.tags.view, f"{LAG}_ms"
    )
    if found is None:
        return math.nan
    return found.set_limit if n_reps >= SET_REPS else found.limit


def _told(value: float) -> float | None:
    return round(value, 1) if math.isfinite(value) else None
