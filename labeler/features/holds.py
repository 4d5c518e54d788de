"""Holding against a turn: how far, how fast and how soon the torso gives.

A hold is a repetition of its own, from where the arms are out and still to where they are not.
Of a press the same is told between its start and where the arms are out.
"""

import math
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

SOURCE = "in-house: level at the end of the hold less that at its start"
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


def _register(name: str, unit: Unit, signal: str, summary: str, *, is_rate: bool = False) -> None:
    compute = partial(drift_per_s if is_rate else drift, name=signal)
    when = HOLD_WHEN if is_rate else WHEN
    source = f"{SOURCE}, over its length" if is_rate else SOURCE
    views = SIGNALS[signal].views
    register(Feature(name, unit, (signal,), views, source, summary, compute, when))


_LEFT = "from the start to the end of the hold; + is to the left."
_register("hold_yaw_drift_deg", Unit.DEGREE, YAW, f"How far the torso turns {_LEFT}")
_register("hold_bend_drift_deg", Unit.DEGREE, BEND, f"How far it bends sideways {_LEFT}")
_register("hold_shift_drift_legs", Unit.LEG_LENGTH, SHIFT, f"How far the hips shift {_LEFT}")
for _stem, _signal, _how in (("yaw", YAW, "turns"), ("bend", BEND, "bends sideways")):
    _register(
        f"hold_{_stem}_drift_deg_per_s",
        Unit.DEGREE_PER_SECOND,
        _signal,
        f"How fast the torso {_how} during the hold; + is to the left.",
        is_rate=True,
    )
