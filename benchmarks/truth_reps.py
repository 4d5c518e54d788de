"""Repetitions of one person joined to a stream: counted again, and where they were cut."""

from dataclasses import dataclass

import numpy as np
import truth_data as data

from labeler.catalog import load_catalog
from labeler.core.arrays import FloatArray
from labeler.core.rep import Rep
from labeler.reps.segment import find_reps
from labeler.signals.series import ClipSignals

SQUAT = load_catalog().movement("squat")
SYSTEMS = ("vicon", "kinect")
MS_PER_S = 1000.0
MIN_IOU = 0.75
"""Two stretches of time that share so much of what they cover together are the same repetition."""


@dataclass(frozen=True)
class Counted:
    """Both systems' streams of one movement."""

    n_true: FloatArray  # (n_streams,)
    n_found: FloatArray  # (n_streams,)
    late_ms: float
    """Median by which a repetition starts after its join: it rests there before it begins."""
    early_ms: float
    """Median by which it ends before the next join."""
    same_ratio: float
    """Share of the joined repetitions with which one that was found shares `MIN_IOU`."""


def counted(movement: str) -> Counted:
    """Count ``deep_squat`` or ``sit_to_stand``; joins lie anywhere in the rest between two."""
    counts, offs = [], []
    for system in SYSTEMS:
        for lengths, signals in data.streams(movement, system):
            reps = find_reps(signals, SQUAT).reps
            counts.append((len(lengths), len(reps)))
            offs.append(_against_joins(lengths, signals, reps))
    n_true, n_found = np.array(counts, dtype=float).T
    late_s, early_s, iou = np.concatenate(offs, axis=1)
    return Counted(
        n_true,
        n_found,
        MS_PER_S * float(np.nanmedian(late_s)),
        MS_PER_S * float(np.nanmedian(early_s)),
        float(np.mean(iou >= MIN_IOU)),
    )


def _against_joins(lengths: list[int], signals: ClipSignals, reps: tuple[Rep, ...]) -> FloatArray:
    """Rows: start after the join, end before the next one, shared over covered time."""
    joins_s = [signals.times.boundary_s(n) for n in (0, *np.cumsum(lengths).tolist())]
    from_s, to_s = (np.array(part)[:, None] for part in (joins_s[:-1], joins_s[1:]))
    start_s, stop_s = (np.array([getattr(rep, name) for rep in reps]) for name in _EDGES)
    if not reps:
        return np.array([[np.nan], [np.nan], [0.0]]).repeat(len(lengths), axis=1)
    shared_s = np.clip(np.minimum(to_s, stop_s) - np.maximum(from_s, start_s), 0.0, None)
    iou = shared_s / (np.maximum(to_s, stop_s) - np.minimum(from_s, start_s))
    best = iou.argmax(axis=1)
    return np.stack([start_s[best] - from_s[:, 0], to_s[:, 0] - stop_s[best], iou.max(axis=1)])


_EDGES = ("start_s", "stop_s")
