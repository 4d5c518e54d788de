"""A made-up clip's track through the product's own signals, cut and lags, beside what is true."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np
from synthetic_cells import Cell, Told, cutoff_hz

from labeler.catalog import load_catalog
from labeler.core.arrays import FloatArray
from labeler.core.clip import FrameTimes
from labeler.core.rep import Rep
from labeler.core.track import PoseTrack
from labeler.features.contour import back_tangent_change_deg
from labeler.features.rep_signals import RepSignals, rep_signals
from labeler.features.separation import twist_lead_pp
from labeler.features.sequencing import coupling_pp, lag_ms
from labeler.features.travel import travel_features
from labeler.reps.segment import find_reps
from labeler.signals.compute import compute_signals
from labeler.signals.registry import SIGNALS
from labeler.signals.series import ClipSignals
from labeler.synthetic.plan import RepTruth
from labeler.synthetic.truth import curves_at, truth_of

LAG_NAMES = ("lag_t50_ms", "lag_comb_ms", "lag_area_ms", "travel_lag_area_ms")
"""Lags whose detection limits are kept: those that rules read, and the least noisy."""

LEAD_NAMES = ("coupling_q25_pp", "travel_coupling_q25_pp", "twist_lead_pp")
"""Leads that rules read."""

TURN_NAMES = (
    "pelvis_axial_deg",
    "thorax_axial_deg",
    "separation_deg",
    "pelvis_yaw_deg",
    "thorax_yaw_deg",
    "separation_yaw_deg",
)
"""What turns: of each, how far it goes within a true repetition; separation is the X-factor."""

ANGLES: Mapping[str, str] = {
    "trunk_incl_deg": "trunk_incl_deg",
    "hip_angle_deg": "hip_angle_deg",
    "trunk_incl_world_deg": "trunk_incl_deg",
    "hip_angle_world_deg": "hip_angle_deg",
}
"""Signals, each with the true curve that it stands for."""

TRUE_FPS = 120.0
"""True courses are read this finely."""

TRUE_OF = {
    "pelvis_axial_deg": "pelvis_yaw_deg",
    "thorax_axial_deg": "thorax_yaw_deg",
    "separation_yaw_deg": "separation_deg",
}
"""Signals by the true curve that they stand for, where that has another name."""

MS_PER_S = 1000.0


@dataclass(frozen=True, slots=True)
class RepError:
    """One true repetition and what was found of it; pairs are (true, measured), NaN where unknown.

    Parameters
    ----------
    edges_ms : tuple[float, float, float]
        Start, turn and stop as found less the true ones.
    pairs : Mapping[str, tuple[float, float]]
        By name: lags, turns and the bend of the back.
    """

    clip: int
    edges_ms: tuple[float, float, float]
    pairs: Mapping[str, tuple[float, float]]


@dataclass(frozen=True, slots=True)
class ClipErrors:
    """What one clip's track tells wrongly.

    Parameters
    ----------
    squares : Mapping[str, tuple[float, float, int]]
        By signal of `ANGLES`: sum of its errors, of their squares, and the frames that count.
    n_true, n_found : int
        Repetitions planned, and found wherever they are.
    """

    cell: Cell
    n_frames: int
    n_detected: int
    n_true: int
    n_found: int
    squares: Mapping[str, tuple[float, float, int]]
    reps: tuple[RepError, ...] = field(default=())


def errors_of(told: Told, track: PoseTrack) -> ClipErrors:
    """Everything that is measured on one clip."""
    movement = load_catalog().movement(told.cell.movement)
    cutoff = cutoff_hz(movement.id)
    signals = compute_signals(track, view=told.cell.view, lowpass_hz=cutoff)
    found = find_reps(signals, movement).reps
    truth = truth_of(told.performance, track.times)
    is_moving = _is_moving(truth.reps, track.times.pts_s)
    return ClipErrors(
        cell=told.cell,
        n_frames=track.n_frames,
        n_detected=int(np.isfinite(track.xy_px[:, 0, 0]).sum()),
        n_true=len(truth.reps),
        n_found=len(found),
        squares={
            name: _squares((signals[name] - truth[true])[is_moving])
            for name, true in ANGLES.items()
        },
        reps=tuple(_rep_errors(told, signals, found)),
    )


def true_signals(told: Told) -> ClipSignals:
    """The true curves as if they were signals: what they do not tell is NaN."""
    times_s = np.arange(0.0, told.performance.duration_s, 1.0 / TRUE_FPS)
    curves = curves_at(told.performance, times_s)
    unknown = np.full(len(times_s), np.nan)
    return ClipSignals(
        times=FrameTimes(times_s),
        values={name: curves.get(TRUE_OF.get(name, name), unknown) for name in SIGNALS},
        visibility=np.ones(len(times_s)),
        is_interpolated=np.zeros(len(times_s), dtype=bool),
        facing=1,
        view=told.cell.view,
    )


def matched(true: tuple[RepTruth, ...], found: tuple[Rep, ...]) -> list[Rep | None]:
    """For each true repetition the one whose turn is nearest to its own, within half of it."""
    matches: list[Rep | None] = []
    for rep in true:
        reach_s = 0.5 * (rep.stop_s - rep.start_s)
        near = [one for one in found if abs(one.turn_s - rep.turn_s) < reach_s]
        matches.append(min(near, key=lambda one: abs(one.turn_s - rep.turn_s), default=None))
    return matches


def _rep_errors(told: Told, signals: ClipSignals, found: tuple[Rep, ...]) -> Iterator[RepError]:
    movement = load_catalog().movement(told.cell.movement)
    exact = true_signals(told)
    truth = truth_of(told.performance, exact.times)
    pairs = zip(truth.reps, truth.lags_s, matched(truth.reps, found), strict=True)
    for true, lag_s, rep in pairs:
        turned = {
            name: (_turned(exact, name, true), _turned(signals, name, true)) for name in TURN_NAMES
        }
        theirs = rep_signals(exact, _as_rep(true, exact.times.pts_s), movement)
        told_of = _numbers(theirs)
        told_of["lag_t50_ms"] = MS_PER_S * float(lag_s)
        told_of[BEND] = float(np.ptp(_within(truth["spine_flexion_deg"], exact, true)))
        if rep is None:  # true all the same, and not seen
            missed = {name: (told_of[name], math.nan) for name in told_of}
            yield RepError(told.number, (math.nan,) * 3, missed | turned)
            continue
        found_of = _numbers(rep_signals(signals, rep, movement))
        edges = (rep.start_s - true.start_s, rep.turn_s - true.turn_s, rep.stop_s - true.stop_s)
        yield RepError(
            told.number,
            (MS_PER_S * edges[0], MS_PER_S * edges[1], MS_PER_S * edges[2]),
            {name: (told_of[name], found_of[name]) for name in found_of} | turned,
        )


def _turned(signals: ClipSignals, name: str, rep: RepTruth) -> float:
    """How far a signal goes within a true repetition, whether or not that was found.

    Where a turn is not seen its repetitions are not found either: those that are would look better.
    """
    seen = _within(signals[name], signals, rep)
    known = seen[np.isfinite(seen)]
    return float(np.ptp(known)) if known.size else math.nan


BEND = "back_tangent_change_deg"
"""The bend of the outline; what is true of it is the flexion of the spine."""


def _numbers(seen: RepSignals) -> dict[str, float]:
    """What is told of a repetition, from measured or from true signals."""
    lags = {name: lag_ms(seen, name.removesuffix("_ms")) for name in LAG_NAMES[:3]}
    travel = travel_features(seen)
    lags[LAG_NAMES[3]] = travel.get(LAG_NAMES[3], math.nan)
    leads = (coupling_pp(seen, 25), travel.get(LEAD_NAMES[1], math.nan), twist_lead_pp(seen))
    lags.update(zip(LEAD_NAMES, leads, strict=True))
    return {**lags, BEND: back_tangent_change_deg(seen)}


def _within(curve: FloatArray, signals: ClipSignals, rep: RepTruth) -> FloatArray:
    times_s = signals.times.pts_s
    return curve[(times_s >= rep.start_s) & (times_s <= rep.stop_s)]


def _as_rep(true: RepTruth, times_s: FloatArray) -> Rep:
    """A true repetition as the product would cut it."""
    frames = np.searchsorted(times_s, (true.start_s, true.turn_s, true.stop_s))
    start, turn, stop = (int(one) for one in np.minimum(frames, len(times_s) - 1))
    return Rep(start, turn, stop + 1, true.start_s, true.turn_s, true.stop_s)


def _is_moving(reps: tuple[RepTruth, ...], times_s: FloatArray) -> np.ndarray:
    return (times_s >= reps[0].start_s) & (times_s <= reps[-1].stop_s)


def _squares(errors: FloatArray) -> tuple[float, float, int]:
    known = errors[np.isfinite(errors)]
    return float(known.sum()), float(np.square(known).sum()), int(known.size)
