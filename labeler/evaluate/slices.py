"""The model's scores by view, frame rate, camera, movement and quality of the pose."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from labeler.core.arrays import AnyArray, FloatArray
from labeler.evaluate.draws import Draws, Estimate, estimates_by_group
from labeler.evaluate.metrics import METRICS, Scores
from labeler.evaluate.people import people
from labeler.learn.table import LabeledTable, frame_rates, told, told_view

SLICE_METRICS = ("balanced_accuracy", "auroc")

MIN_REPS_IN_SLICE = 10
MIN_PER_CLASS_IN_SLICE = 3
"""Below these a slice is named with its number of reps, and no score is given: what training asks
for at least."""

FPS_EDGES = (45.0, 90.0, 180.0)
"""Halfway between the rates that phones offer (30, 60, 120, 240) on a scale of ratios, rounded."""

NOT_TOLD = "not told"

KINDS = {
    "view": "view",
    "fps": "frames per second",
    "camera": "camera",
    "movement": "movement",
    "quality": "quality of the pose",
}
"""What reps are sorted by, and how it is called."""


@dataclass(frozen=True, slots=True)
class Slice:
    """The model on some of the reps.

    Parameters
    ----------
    kind : str
        A key of `KINDS`.
    value : str
        Which of that kind, such as ``side``.
    estimates : Mapping[str, Estimate]
        By `SLICE_METRICS`; all NaN where `is_enough` is not so.
    is_enough : bool
        Whether there are reps enough, of both kinds, to say anything.
    """

    kind: str
    value: str
    n_reps: int
    n_present: int
    n_groups: int
    estimates: Mapping[str, Estimate]
    is_enough: bool


def slices_of(
    table: LabeledTable, model: Scores, *, cameras: Mapping[str, str] | None = None
) -> tuple[Slice, ...]:
    """Every slice of every kind, by number of reps; intervals over athletes (or sets).

    Parameters
    ----------
    cameras : Mapping[str, str] | None
        What filmed each clip, by clip id, in words; a clip that is not there is *not told*.
    """
    return tuple(
        _slice(table, model, kind=kind, value=value, values=values)
        for kind, values in _values(table, cameras or {}).items()
        for value in _by_size(values)
    )


def _values(table: LabeledTable, cameras: Mapping[str, str]) -> dict[str, AnyArray]:
    """Of each kind what each rep is, shape (n_reps,) each."""
    meta = table.meta
    clips = meta["clip_id"].astype(str)
    found = {
        "view": [_view_words(value) for value in meta["view"]],
        "fps": [_fps_band(fps) for fps in frame_rates(meta)],
        "camera": [cameras.get(clip, NOT_TOLD) for clip in clips],
        "movement": [told(value) or NOT_TOLD for value in meta["movement"]],
        "quality": [told(value) or NOT_TOLD for value in meta["quality"]],
    }
    return {kind: np.array(values, dtype=object) for kind, values in found.items()}


def _view_words(value: object) -> str:
    """A view as people write it."""
    view = told_view(value)
    return NOT_TOLD if view is None else view.words


def _fps_band(fps: float) -> str:
    """The band that a frame rate is in."""
    if np.isnan(fps):
        return NOT_TOLD
    place = int(np.searchsorted(FPS_EDGES, fps, side="right"))
    if place == 0:
        return f"below {FPS_EDGES[0]:g}"
    if place == len(FPS_EDGES):
        return f"{FPS_EDGES[-1]:g} or more"
    return f"{FPS_EDGES[place - 1]:g} to {FPS_EDGES[place]:g}"


def _by_size(values: AnyArray) -> list[str]:
    """The different values, the most frequent first."""
    names, n_reps = np.unique(values.astype(str), return_counts=True)
    return [str(names[place]) for place in np.argsort(-n_reps, kind="stable")]


def _slice(table: LabeledTable, model: Scores, *, kind: str, value: str, values: AnyArray) -> Slice:
    """One slice with its scores, or without where it has too few reps."""
    rows = (values == value).astype(np.bool_)
    y, group = table.y[rows], people(table)[rows]
    is_enough = y.size >= MIN_REPS_IN_SLICE and (
        min(int(y.sum()), int(y.size - y.sum())) >= MIN_PER_CLASS_IN_SLICE
    )
    scores = model.take(rows)

    def measure(draws: Draws) -> FloatArray:
        return np.stack([METRICS[name](y, scores, draws) for name in SLICE_METRICS])

    is_scored = is_enough and not np.isnan(scores.score).any()
    found = estimates_by_group(measure, group) if is_scored else [Estimate()] * len(SLICE_METRICS)
    return Slice(
        kind=kind,
        value=value,
        n_reps=int(y.size),
        n_present=int(y.sum()),
        n_groups=len(set(group)),
        estimates=dict(zip(SLICE_METRICS, found, strict=True)),
        is_enough=is_enough,
    )
