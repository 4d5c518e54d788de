"""How far and how fast each signal goes in a rep: least, most, at the turn, the range between."""

import math
from collections.abc import Iterator, Mapping
from functools import partial
from itertools import chain

import numpy as np

from labeler.catalog.spec import RepKind
from labeler.core.arrays import FloatArray
from labeler.core.clip import View
from labeler.core.units import Unit
from labeler.features.registry import (
    ANY_VIEW,
    FRONTAL,
    SAGITTAL,
    Feature,
    feature,
    one_of,
    register,
)
from labeler.features.rep_signals import RepSignals, known_signals, once_per_rep, progress
from labeler.signals.body import STANDING_PERCENTILE, STANDING_RATIO
from labeler.signals.lowpass import speed_per_s
from labeler.signals.registry import IMAGE_SOURCE, SIGNALS
from labeler.signals.robust import median, percentile

POSTURE_WORDS = {
    "trunk_incl_deg": "lean of the trunk",
    "thigh_incl_deg": "swing of the thigh",
    "shank_incl_deg": "lean of the shank",
    "hip_angle_deg": "hip angle",
    "knee_angle_deg": "knee angle",
    "leg_bend_deg": "bend of the legs",
    "neck_angle_deg": "neck angle",
    "lean_minus_shank_deg": "lean of the trunk beyond the shank's",
    "pelvis_x_legs": "place of the hips before or behind the ankles",
    "hip_height_legs": "height of the hips above the ankles",
    "shoulder_height_legs": "height of the shoulders above the ankles",
    "trunk_length_ratio": "length of the trunk over its standing one",
    "ear_line_ratio": "ear before or behind the trunk line",
    "rib_offset_ratio": "shoulders before or behind the hips, beyond standing",
    "trunk_incl_world_deg": "lean of the trunk in space",
    "thigh_incl_world_deg": "swing of the thigh in space",
    "shank_incl_world_deg": "lean of the shank in space",
    "hip_angle_world_deg": "hip angle in space",
    "knee_angle_world_deg": "knee angle in space",
    "lateral_bend_deg": "side bend",
    "shoulder_obliquity_deg": "slope of the shoulders",
    "pelvis_obliquity_deg": "slope of the hips",
    "knee_width_ratio": "distance of the knees over that of the ankles",
    "pelvis_shift_legs": "hips to the side of where they stand",
    "shoulder_width_ratio": "width of the shoulders over their widest",
    "pelvis_width_ratio": "width of the hips over their widest",
    "pelvis_axial_deg": "turn of the pelvis",
    "thorax_axial_deg": "turn of the thorax",
    "separation_deg": "turn of the thorax beyond the pelvis's",
    "pelvis_axial_deg_per_s": "turning speed of the pelvis",
    "thorax_axial_deg_per_s": "turning speed of the thorax",
    "pelvis_yaw_deg": "heading of the hips on the ground",
    "thorax_yaw_deg": "heading of the shoulders on the ground",
    "separation_yaw_deg": "heading of the shoulders beyond the hips'",
    "wrist_reach_ratio": "reach of the arms",
    "back_sag_ratio": "furthest of the back off its own chord, beyond standing",
    "back_lumbar_curvature_ratio": "curvature of the lower back beyond its standing one",
    "back_thoracic_curvature_ratio": "curvature of the upper back beyond its standing one",
    "back_tangent_deg": "bend of the upper back against the lower, beyond standing",
    "back_hollow_ratio": "hollow of the lower back beyond its standing one",
}
"""Each signal in words that fit behind a colon; one that is not here is told by its own summary."""

NOT_POSTURE = ("back_seen_ratio", "wrist_height_legs", "feet_off_legs")
"""Says how well something was seen, or what hands and feet do; not how the body is held."""

POSTURE_SIGNALS = tuple(name for name in SIGNALS if name not in NOT_POSTURE)
"""Signals with a range in every rep."""

SOURCE = "in-house: range of the signal over the rep, camera as the views say"
SPEED_SOURCE = "in-house: central differences of the filtered signal"

MAX_NECK_DEG = 20.0
"""A neck further than this from where it began is off the line."""

NECK_OFF_RATIO = 0.3
"""A neck that is off for this share of the rep did not only look up in passing."""

EARLY_ASCENT_RATIO = 0.3
"""The early ascent: this share of its time."""

BEFORE_HIPS_RATIO = 0.1
"""Before the hips have moved: their progress is below this."""


STATISTICS = {
    "min": "Smallest {} in the rep.",
    "max": "Largest {} in the rep.",
    "turn": "At the turn: {}.",
    "rom": "From smallest to largest: {}.",
    "mean": "On average over the rep: {}.",
    "sd": "Standard deviation over the rep: {}.",
    "peak": "Highest speed, either way, of: {}.",
}
"""Ending of the name, and words of the summary."""

PEAK_UNITS = {
    Unit.DEGREE: Unit.DEGREE_PER_SECOND,
    Unit.RATIO: Unit.RATIO_PER_SECOND,
    Unit.LEG_LENGTH: Unit.LEG_LENGTH_PER_SECOND,
}
"""Speeds by what moves; a signal that is a speed already has none."""


def _names_of(signal: str) -> tuple[str, ...]:
    """Of each statistic, in their order; that of a speed's speed belongs to no feature."""
    unit = SIGNALS[signal].unit.value
    stem = signal.removesuffix(f"_{unit}")
    return tuple(
        f"{stem}_{ending}_{unit}{'_per_s' if ending == 'peak' else ''}" for ending in STATISTICS
    )


FEATURE_NAMES = {signal: _names_of(signal) for signal in POSTURE_SIGNALS}
"""The features of each signal."""


@once_per_rep
def postures(rep: RepSignals) -> Mapping[str, float]:
    """Every statistic of every signal that is known somewhere in the rep, all in one go.

    Returns
    -------
    Mapping[str, float]
        By the name of the feature. Frames that are not known are passed over; mean and standard
        deviation are over time, so that frames that a phone drops do not count less; the speed is
        that of central differences, and is not known beside a frame that is not.
    """
    known_names = known_signals(rep)
    names = [name for name in POSTURE_SIGNALS if name in known_names]
    if not names:
        return {}
    values = np.stack([rep[name] for name in names])
    is_known = np.isfinite(values)
    lasts_s = np.where(is_known, _lasts_s(rep), 0.0)
    weights = lasts_s / lasts_s.sum(axis=1, keepdims=True)
    least = np.where(is_known, values, np.inf).min(axis=1)
    most = np.where(is_known, values, -np.inf).max(axis=1)
    known = np.where(is_known, values, 0.0)
    mean = (weights * known).sum(axis=1)
    spread = np.sqrt((weights * np.square(known - mean[:, None])).sum(axis=1))
    turn = rep.turn_levels(values)
    peak = _peak_per_s(values, rep.times_s)
    found = np.stack([least, most, turn, most - least, mean, spread, peak], axis=1)
    told = chain.from_iterable(FEATURE_NAMES[name] for name in names)
    return dict(zip(told, found.ravel().tolist(), strict=True))


@once_per_rep
def _lasts_s(rep: RepSignals) -> FloatArray:
    """How long each frame stands for: half of the way to either neighbour; at an edge all of it."""
    return np.gradient(rep.times_s) if len(rep.times_s) > 1 else np.ones(1)


def _peak_per_s(values: FloatArray, times_s: FloatArray) -> FloatArray:
    """Highest speed of each row; NaN where it has none."""
    speed = np.abs(speed_per_s(values.T, times_s))
    speed[~np.isfinite(speed)] = -np.inf
    peak = speed.max(axis=0)
    return np.where(np.isfinite(peak), peak, np.nan)


@feature(
    unit=Unit.RATIO,
    needs=("neck_angle_deg",),
    views=SAGITTAL,
    source="in-house: time off the neck's own angle at the start",
)
def neck_break_ratio(rep: RepSignals) -> float:
    """Share of the rep in which the neck is clearly off the angle at which it began."""
    off_deg = np.abs(rep["neck_angle_deg"] - rep.start_level("neck_angle_deg"))
    lasts_s = np.where(np.isfinite(off_deg), _lasts_s(rep), 0.0)
    return float(np.average(off_deg > MAX_NECK_DEG, weights=lasts_s)) if lasts_s.any() else math.nan


@feature(
    unit=Unit.DEGREE,
    needs=("neck_angle_deg",),
    views=SAGITTAL,
    source="in-house: the angle off the neck's own at the start that is exceeded for that long",
)
def neck_off_deg(rep: RepSignals) -> float:
    """How far the neck is off the angle at which it began, for three tenths of the rep at least."""
    off_deg = np.abs(_known(rep["neck_angle_deg"]) - rep.start_level("neck_angle_deg"))
    return percentile(off_deg, 100.0 * (1.0 - NECK_OFF_RATIO))


@feature(
    unit=Unit.DEGREE,
    needs=("trunk_incl_deg",),
    views=SAGITTAL,
    source="in-house: the trunk tips further while the hips already rise",
)
def trunk_tip_ascent_deg(rep: RepSignals) -> float:
    """How much further the trunk leans early in the ascent than at the turn."""
    ascent_s = rep.rep.stop_s - rep.rep.turn_s
    is_early = rep.times_s <= rep.rep.turn_s + EARLY_ASCENT_RATIO * ascent_s
    early = _known(rep["trunk_incl_deg"][is_early & (rep.times_s >= rep.rep.turn_s)])
    return float(early.max()) - rep.turn_level("trunk_incl_deg") if early.size else math.nan


@feature(
    unit=Unit.DEGREE,
    needs=("lateral_bend_deg", "hip_height_legs", "shoulder_height_legs"),
    views=FRONTAL,
    source="in-house: side bend before the hips have sunk, or turned, a tenth of their way",
)
def lateral_bend_early_deg(rep: RepSignals) -> float:
    """Largest side bend, off that of standing, before the hips sink; in a turn, before they turn.

    The front shows no more of the hips in a lift. Where the athlete never stands it counts from
    where the repetition began; a bend before the hips is over by then, and standing still shows it.
    """
    hips = rep.channels[0] if rep.kind is RepKind.ALTERNATING else "hip_height_legs"
    moved = np.flatnonzero(progress(rep, hips)[rep.descent] >= BEFORE_HIPS_RATIO)
    if moved.size == 0:
        return math.nan
    early = _known(rep["lateral_bend_deg"][: int(moved[0]) + 1])
    off_deg = np.abs(early - _standing_level(rep, "lateral_bend_deg"))
    return float(off_deg.max()) if off_deg.size else math.nan


def _standing_level(rep: RepSignals, name: str) -> float:
    """Median of a signal while the athlete stands, all over the clip; else at the start of the rep.

    Repetitions and what goes before them take less time than standing does.
    """
    if rep.clip is None:
        return rep.start_level(name)
    height = rep.clip["shoulder_height_legs"]
    is_tall = height >= STANDING_RATIO * percentile(height, STANDING_PERCENTILE)
    level = median(rep.clip[name][is_tall])
    return rep.start_level(name) if math.isnan(level) else level


def _known(values: FloatArray) -> FloatArray:
    known: FloatArray = values[np.isfinite(values)]
    return known


def _views_of(signal: str) -> tuple[View, ...]:
    """What shows the signal; those of the picture's own plane, from the side and at 45 degrees.

    They are computed from every view, because repetitions are cut by them.
    """
    described = SIGNALS[signal]
    is_of_picture = described.source == IMAGE_SOURCE and described.views == ANY_VIEW
    return SAGITTAL if is_of_picture else described.views


def _features_of(signal: str) -> Iterator[Feature]:
    """`trunk_incl_deg` to `trunk_incl_min_deg`, `trunk_incl_max_deg` and so on."""
    described = SIGNALS[signal]
    words = POSTURE_WORDS.get(signal, described.summary.partition(";")[0])
    for name, (ending, summary) in zip(FEATURE_NAMES[signal], STATISTICS.items(), strict=True):
        unit = PEAK_UNITS.get(described.unit) if ending == "peak" else described.unit
        if unit is not None:
            yield Feature(
                name=name,
                unit=unit,
                needs=(signal,),
                views=_views_of(signal),
                source=SPEED_SOURCE if ending == "peak" else SOURCE,
                summary=summary.format(words),
                compute=partial(one_of, among=postures, name=name),
                among=postures,
            )


for _signal in POSTURE_SIGNALS:
    for _one in _features_of(_signal):
        register(_one)
