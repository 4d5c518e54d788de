"""How far each signal goes in a rep: least, most, at the turn, and the range between."""

import math
from collections.abc import Callable
from functools import partial

import numpy as np

from labeler.core.arrays import FloatArray
from labeler.core.clip import View
from labeler.core.units import Unit
from labeler.features.registry import (
    ANY_VIEW,
    FRONTAL,
    SAGITTAL,
    Feature,
    feature,
    register,
)
from labeler.features.rep_signals import RepSignals, progress
from labeler.signals.registry import SIGNALS

POSTURE_SIGNALS = {
    "trunk_incl_deg": "lean of the trunk",
    "thigh_incl_deg": "swing of the thigh",
    "shank_incl_deg": "lean of the shank",
    "hip_angle_deg": "hip angle",
    "knee_angle_deg": "knee angle",
    "pelvis_x_legs": "place of the hips before or behind the ankles",
    "trunk_length_ratio": "length of the trunk over its standing one",
    "neck_angle_deg": "neck angle",
    "lean_minus_shank_deg": "lean of the trunk beyond the shank's",
    "ear_line_ratio": "ear before or behind the trunk line",
    "rib_offset_ratio": "shoulders before or behind the hips, beyond standing",
    "back_sag_ratio": "back off its own chord, beyond standing",
    "back_lumbar_curvature_ratio": "curvature of the lower back beyond standing",
    "back_thoracic_curvature_ratio": "curvature of the upper back beyond standing",
    "back_tangent_deg": "bend of the upper back against the lower, beyond standing",
    "back_hollow_ratio": "hollow of the lower back beyond standing",
    "lateral_bend_deg": "side bend",
    "shoulder_obliquity_deg": "slope of the shoulders",
    "pelvis_obliquity_deg": "slope of the hips",
    "knee_width_ratio": "distance of the knees over that of the ankles",
    "pelvis_shift_legs": "hips to the side of where they stand",
    "pelvis_axial_deg": "turn of the pelvis",
    "thorax_axial_deg": "turn of the thorax",
    "separation_deg": "turn of the thorax beyond the pelvis's",
}
"""Signals with a range in every rep, and their names in words."""

SOURCE = "in-house: range of an image angle or length, camera as the views say"

MAX_NECK_DEG = 20.0
"""A neck further than this from where it began is off the line."""

NECK_OFF_RATIO = 0.3
"""A neck that is off for this share of the rep did not only look up in passing."""

EARLY_ASCENT_RATIO = 0.3
"""The early ascent: this share of its time."""

BEFORE_HIPS_RATIO = 0.1
"""Before the hips have moved: their progress is below this."""


def least(name: str, rep: RepSignals) -> float:
    """Smallest known value."""
    known = _known(rep[name])
    return float(known.min()) if known.size else math.nan


def most(name: str, rep: RepSignals) -> float:
    """Largest known value."""
    known = _known(rep[name])
    return float(known.max()) if known.size else math.nan


def at_turn(name: str, rep: RepSignals) -> float:
    """Value around the turn."""
    return rep.turn_level(name)


def travel(name: str, rep: RepSignals) -> float:
    """From the smallest to the largest known value."""
    return most(name, rep) - least(name, rep)


def average(name: str, rep: RepSignals) -> float:
    """Mean of the known values."""
    known = _known(rep[name])
    return float(known.mean()) if known.size else math.nan


def spread(name: str, rep: RepSignals) -> float:
    """Standard deviation of the known values."""
    known = _known(rep[name])
    return float(known.std()) if known.size else math.nan


STATISTICS: dict[str, tuple[str, Callable[[str, RepSignals], float]]] = {
    "min": ("Smallest {} in the rep.", least),
    "max": ("Largest {} in the rep.", most),
    "turn": ("At the turn: {}.", at_turn),
    "rom": ("From smallest to largest: {}.", travel),
    "mean": ("On average over the rep: {}.", average),
    "sd": ("Standard deviation over the rep: {}.", spread),
}
"""Ending of the name, words of the summary, and what it computes."""


@feature(
    unit=Unit.RATIO,
    needs=("neck_angle_deg",),
    views=SAGITTAL,
    source="in-house: time off the neck's own angle at the start",
)
def neck_break_ratio(rep: RepSignals) -> float:
    """Share of the rep in which the neck is clearly off the angle at which it began."""
    off_deg = np.abs(_known(rep["neck_angle_deg"]) - rep.start_level("neck_angle_deg"))
    return float(np.mean(off_deg > MAX_NECK_DEG)) if np.isfinite(off_deg).any() else math.nan


@feature(
    unit=Unit.DEGREE,
    needs=("neck_angle_deg",),
    views=SAGITTAL,
    source="in-house: the angle off the neck's own at the start that is exceeded for that long",
)
def neck_off_deg(rep: RepSignals) -> float:
    """How far the neck is off the angle at which it began, for three tenths of the rep at least."""
    off_deg = np.abs(_known(rep["neck_angle_deg"]) - rep.start_level("neck_angle_deg"))
    known = _known(off_deg)
    return float(np.quantile(known, 1.0 - NECK_OFF_RATIO)) if known.size else math.nan


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
    needs=("lateral_bend_deg", "hip_height_legs"),
    views=FRONTAL,
    source="in-house: side bend before the hips have sunk a tenth of their way",
)
def lateral_bend_early_deg(rep: RepSignals) -> float:
    """Largest side bend, from where it began, before the hips sink; all that the front shows."""
    moved = np.flatnonzero(progress(rep, "hip_height_legs")[rep.descent] >= BEFORE_HIPS_RATIO)
    if moved.size == 0:
        return math.nan
    early = _known(rep["lateral_bend_deg"][: int(moved[0]) + 1])
    off_deg = np.abs(early - rep.start_level("lateral_bend_deg"))
    return float(off_deg.max()) if off_deg.size else math.nan


def _known(values: FloatArray) -> FloatArray:
    return values[np.isfinite(values)]


def _views_of(signal: str) -> tuple[View, ...]:
    """What shows the signal; those that every view gives, in the plane of the side."""
    views = SIGNALS[signal].views
    return SAGITTAL if views == ANY_VIEW else views


def _feature(signal: str, ending: str) -> Feature:
    """`trunk_incl_deg` and `max` to the feature `trunk_incl_max_deg`."""
    stem, unit = signal.rsplit("_", 1)
    words, compute = STATISTICS[ending]
    return Feature(
        name=f"{stem}_{ending}_{unit}",
        unit=Unit(unit),
        needs=(signal,),
        views=_views_of(signal),
        source=SOURCE,
        summary=words.format(POSTURE_SIGNALS[signal]),
        compute=partial(compute, signal),
    )


for _signal in POSTURE_SIGNALS:
    for _ending in STATISTICS:
        register(_feature(_signal, _ending))
