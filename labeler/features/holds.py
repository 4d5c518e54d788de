"""Holding against a turn: how far, how fast and how soon the torso gives.

A hold is a repetition of its own, from where the arms are out and still to where they are not.
Of a press the same is told between its start and where the arms are out.
"""

import math
from collections.abc import Iterator
from functools import partial

import numpy as np

from labeler.core.arrays import BoolArray
from labeler.core.units import Unit
from labeler.features.registry import Feature, feature, register
from labeler.features.rep_signals import RepSignals
from labeler.signals.clean import runs
from labeler.signals.registry import AXIAL, SIGNALS
from labeler.signals.robust import median

YAW = "thorax_axial_deg"
BEND = "lateral_bend_deg"
SHIFT = "pelvis_shift_legs"

SOURCE = "in-house: against the level at the start of the hold"
WHEN = "anti-rotation holds and presses"
HOLD_WHEN = "anti-rotation holds"

END_S = 1.0
"""The levels at both ends of a hold are medians of this long: breathing and trembling are not."""

END_RATIO = 0.25
"""And of no more than this share of it."""

GIVE_DEG = 5.0
"""A turn further than this has given: up to it the rater's sheet says slight."""

MIN_GIVE_S = 0.25
"""Shorter than this it was a flicker."""


def drift(rep: RepSignals, name: str) -> float:
    """Level of a signal at the end of a hold less that at its start; in a press, arms out less in.

    NaN in any other movement, and where either end is not known.
    """
    if rep.is_hold:
        first, last = _ends(rep)
        return median(rep[name][last]) - median(rep[name][first])
    return rep.turn_level(name) - rep.start_level(name) if rep.is_press else math.nan


def furthest(rep: RepSignals, name: str) -> float:
    """Largest departure of a signal from its level at the start, to either side, without sign.

    Also where it comes back: a give that is caught. NaN in other movements than holds and presses.
    """
    if not (rep.is_hold or rep.is_press):
        return math.nan
    start = median(rep[name][_ends(rep)[0]]) if rep.is_hold else rep.start_level(name)
    off = np.abs(rep[name] - start)
    return float(np.nanmax(off)) if np.isfinite(off).any() else math.nan


def drift_per_s(rep: RepSignals, name: str) -> float:
    """The drift of a hold over its length; NaN for a press, which has no length of its own."""
    return drift(rep, name) / rep.rep.duration_s if rep.is_hold else math.nan


def _ends(rep: RepSignals) -> tuple[BoolArray, BoolArray]:
    """Which frames are at the start and which at the end of the hold."""
    long_s = min(END_S, END_RATIO * rep.rep.duration_s)
    times_s = rep.times_s
    return times_s <= times_s[0] + long_s, times_s >= times_s[-1] - long_s


@feature(
    unit=Unit.DEGREE,
    needs=(YAW,),
    views=AXIAL,
    source="in-house: standard deviation about the mean",
    when=HOLD_WHEN,
)
def hold_yaw_sd_deg(rep: RepSignals) -> float:
    """How much the torso turns to and fro during a hold, its drift included."""
    known = rep[YAW][np.isfinite(rep[YAW])]
    return float(known.std()) if rep.is_hold and known.size else math.nan


@feature(
    unit=Unit.SECOND,
    needs=(YAW,),
    views=AXIAL,
    source=f"in-house: a turn of more than {GIVE_DEG:g} degrees for {MIN_GIVE_S:g} s at least",
    when=HOLD_WHEN,
)
def hold_give_s(rep: RepSignals) -> float:
    """Time until the torso first gives; all of the hold's length when it never does."""
    if not rep.is_hold or not np.isfinite(rep[YAW]).any():
        return math.nan
    turned_deg = np.abs(rep[YAW] - median(rep[YAW][_ends(rep)[0]]))
    times_s = rep.times_s
    for run in runs(turned_deg > GIVE_DEG, times_s):
        if times_s[run.stop - 1] - times_s[run.start] >= MIN_GIVE_S:
            return float(times_s[run.start] - times_s[0])
    return rep.rep.duration_s


TOLD = {
    "drift_{}": ("How far {} from the start to the end of the hold; + is to the left.", drift),
    "furthest_{}": ("How far {} from where it began, at most, to either side.", furthest),
    "drift_{}_per_s": ("How fast {} during the hold; + is to the left.", drift_per_s),
}
"""Ending of the name, by unit; words, by what moves; and what computes it."""

MOVING = {
    "yaw": (YAW, "the torso turns"),
    "bend": (BEND, "the torso bends sideways"),
    "shift": (SHIFT, "the hips shift sideways"),
}
"""What may give way in a hold, and its words."""


def _features_of(stem: str, signal: str, moves: str) -> Iterator[Feature]:
    described = SIGNALS[signal]
    for ending, (words, compute) in TOLD.items():
        name = f"hold_{stem}_{ending.format(described.unit.value)}"
        yield Feature(
            name=name,
            unit=max((unit for unit in Unit if unit.ends(name)), key=len),
            needs=(signal,),
            views=described.views,
            source=SOURCE,
            summary=words.format(moves),
            compute=partial(compute, name=signal),
            when=HOLD_WHEN if compute is drift_per_s else WHEN,
        )


for _stem, (_signal, _moves) in MOVING.items():
    for _one in _features_of(_stem, _signal, _moves):
        register(_one)
