"""What to see beside a repetition: the athlete's best, or another camera at the same moment."""

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np

from labeler.core.arrays import FloatArray
from labeler.core.clip import Clip, ClipId
from labeler.core.rep import RepId, RepRecord
from labeler.store.dataset import Dataset
from labeler.workflows.courses import CourseReader, RepCourses, in_phase

SAME_TURN_S = 0.1
"""Two cameras saw one turn where it lies no farther apart than this, once their clocks agree: the
turns of two sets, each filmed by two, agree within half of it."""

MIN_SAME_TURNS = 3
"""Fewer turns in common could be chance."""

MIN_SAME_RATIO = 0.8
"""Of the clip with fewer repetitions, so many must have their match: two sets of one session have
not."""


class Kind(StrEnum):
    """What the other picture is."""

    BEST = "best"
    CAMERA = "camera"


@dataclass(frozen=True, slots=True)
class Beside:
    """Another picture for one repetition.

    Parameters
    ----------
    rep_id : RepId
        The repetition that it is shown beside.
    record : RepRecord
        The repetition in the other picture.
    this_s, other_s : float
        One moment on the clocks of both clips: the turns of both repetitions, or what both cameras
        saw at once.
    """

    rep_id: RepId
    kind: Kind
    clip: Clip
    record: RepRecord
    this_s: float
    other_s: float

    def as_row(self) -> dict[str, Any]:
        """One row for scripts and the browser."""
        return {
            "rep_id": self.rep_id,
            "kind": self.kind.value,
            "clip": self.clip.short_id,
            "file": self.clip.file_name,
            "other_rep_id": self.record.rep_id,
            "other_index": self.record.index,
            "other_start": self.record.rep.start_frame,
            "other_stop": self.record.rep.stop_frame,
            "this_s": round(self.this_s, 4),
            "other_s": round(self.other_s, 4),
        }


def beside(dataset: Dataset, clip: Clip, *, rater: str | None = None) -> list[Beside]:
    """What there is to see beside each repetition of a clip; see `BesideReader.read`."""
    return BesideReader(dataset, CourseReader(dataset)).read(clip.clip_id, rater)


class BesideReader:
    """Finds other pictures in a dataset."""

    def __init__(self, dataset: Dataset, courses: CourseReader) -> None:
        self._dataset = dataset
        self._courses = courses

    def read(self, clip_id: ClipId, rater: str | None) -> list[Beside]:
        """For each repetition the best other one, and every other camera of the same set.

        The best is the good repetition (see `good_reps`; of `rater`, where named) of the athlete
        in this movement and view that runs most like all good ones. Another camera is a clip of
        the same athlete, movement and session, all told, in which the same turns are seen.
        """
        clip = self._dataset.clips.get(clip_id)
        records = self._dataset.journal.reps(clip_id)
        best = list(self._best(clip, records, rater))
        return best + list(self._cameras(clip, records))

    def _best(
        self, clip: Clip, records: Sequence[RepRecord], rater: str | None
    ) -> Iterator[Beside]:
        ranked = by_likeness(self._courses.good(clip, rater)) if records else []
        for record in records:
            other = next((one for one in ranked if one.rep_id != record.rep_id), None)
            if other is not None:
                home = self._dataset.clips.get(other.clip_id)
                turns_s = (record.rep.turn_s, other.rep.turn_s)
                yield Beside(record.rep_id, Kind.BEST, home, other, *turns_s)

    def _cameras(self, clip: Clip, records: Sequence[RepRecord]) -> Iterator[Beside]:
        for other in self._of_session(clip) if records else ():
            theirs = self._dataset.journal.reps(other.clip_id)
            shift_s = clock_shift_s(_turns_s(records), _turns_s(theirs))
            if shift_s is None:
                continue
            for record in records:
                at_s = record.rep.turn_s + shift_s
                nearest = min(theirs, key=lambda one: abs(one.rep.turn_s - at_s))
                if abs(nearest.rep.turn_s - at_s) <= SAME_TURN_S:
                    moment_s = (record.rep.turn_s, at_s)
                    yield Beside(record.rep_id, Kind.CAMERA, other, nearest, *moment_s)

    def _of_session(self, clip: Clip) -> list[Clip]:
        if None in _set_of(clip):
            return []
        every = self._dataset.clips.all()
        return [
            one for one in every if one.clip_id != clip.clip_id and _set_of(one) == _set_of(clip)
        ]


def by_likeness(good: Sequence[RepCourses]) -> list[RepRecord]:
    """Good repetitions, the one that runs most like all of them first.

    By the mean distance of the progress of hips and torso from the median of all; those without a
    progress come last, in their order.
    """
    if not good:
        return []
    progress = np.stack([in_phase(rep)[:2] for rep in good])
    known = np.isfinite(progress).all(axis=(1, 2))
    away = np.full(len(good), np.inf)
    if known.any():
        middle = np.median(progress[known], axis=0)
        away[known] = np.abs(progress[known] - middle).mean(axis=(1, 2))
    return [good[place].record for place in np.argsort(away, kind="stable")]


def clock_shift_s(own_s: FloatArray, other_s: FloatArray) -> float | None:
    """What to add to a time of one camera to get that of the other, by the turns that both saw.

    None where too few turns agree. Of several shifts the one in which most turns do, then the one
    in which they lie closest together.
    """
    n_least = min(own_s.size, other_s.size)
    tried = [
        _agreement(own_s, other_s, float(theirs - ours))
        for ours, theirs in itertools.product(own_s, other_s)
    ]
    n_same, _closeness_s, shift_s = max(tried, default=(0, 0.0, 0.0))
    is_enough = n_same >= max(MIN_SAME_TURNS, MIN_SAME_RATIO * n_least)
    return shift_s if is_enough else None


def _agreement(own_s: FloatArray, other_s: FloatArray, shift_s: float) -> tuple[int, float, float]:
    """How many turns agree, how closely (0 at best, else below), and the shift made exact."""
    apart_s = other_s[np.newaxis, :] - own_s[:, np.newaxis] - shift_s
    nearest_s = apart_s[np.arange(own_s.size), np.abs(apart_s).argmin(axis=1)]
    same_s = nearest_s[np.abs(nearest_s) <= SAME_TURN_S]
    middle_s = float(np.median(same_s))
    return same_s.size, -float(np.abs(same_s - middle_s).mean()), shift_s + middle_s


def _turns_s(records: Sequence[RepRecord]) -> FloatArray:
    return np.array([record.rep.turn_s for record in records])


def _set_of(clip: Clip) -> tuple[object, ...]:
    return clip.tags.athlete, clip.tags.movement, clip.tags.session, clip.origin
