"""How long a rep and its phases take, by the frames' own times."""

import math

import numpy as np

from labeler.catalog.spec import RepKind
from labeler.core.units import Unit
from labeler.features.registry import SAGITTAL, feature
from labeler.features.rep_signals import TORSO, RepSignals
from labeler.reps.phases import phases_of
from labeler.signals.lowpass import speed_per_s

SOURCE = "in-house: boundaries and turn of the rep"


@feature(unit=Unit.SECOND, source=SOURCE)
def rep_s(rep: RepSignals) -> float:
    """Time from the start to the end of the rep."""
    return rep.rep.duration_s


@feature(unit=Unit.SECOND, source=SOURCE)
def descent_s(rep: RepSignals) -> float:
    """Time from the start to the turn; NaN where the descent was not seen whole."""
    return rep.descent_s if rep.has_descent else math.nan


@feature(unit=Unit.SECOND, source=SOURCE)
def ascent_s(rep: RepSignals) -> float:
    """Time from the turn to the end; NaN where there is no way back, as in a turn or a hold."""
    back_s = rep.rep.stop_s - rep.rep.turn_s
    is_one_way = rep.kind is RepKind.ALTERNATING or rep.is_hold or not back_s > 0
    return math.nan if is_one_way else back_s


@feature(unit=Unit.RATIO, source=SOURCE)
def descent_to_ascent_ratio(rep: RepSignals) -> float:
    """Time down over time up: 2 is the usual controlled tempo."""
    return descent_s(rep) / ascent_s(rep)


@feature(
    unit=Unit.SECOND,
    needs=(TORSO,),
    views=SAGITTAL,
    source="in-house: the trunk moves at less than 5 % of the rep's highest speed",
)
def hold_s(rep: RepSignals) -> float:
    """How long the trunk stays at the turn; 0 when it goes straight back, NaN if never seen."""
    if np.isnan(rep[TORSO]).all():
        return math.nan
    return phases_of(rep[TORSO], rep.times_s, rep.turn).hold_s


@feature(
    unit=Unit.DEGREE_PER_SECOND,
    needs=("trunk_incl_deg",),
    views=SAGITTAL,
    source="in-house: central differences of the filtered trunk inclination",
)
def trunk_descent_peak_deg_per_s(rep: RepSignals) -> float:
    """Highest speed at which the trunk leans forward on the way down; NaN if not seen whole."""
    if not rep.has_descent:
        return math.nan
    speed = speed_per_s(rep["trunk_incl_deg"][rep.descent], rep.times_s[rep.descent])
    known = speed[np.isfinite(speed)]
    return float(known.max()) if known.size else math.nan
