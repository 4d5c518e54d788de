"""Turning: how far thorax and pelvis are apart, and which of them goes first.

Turns are those of the shoulder and the hip line about the trunk's own axis: never to be compared
with norms for markers on the thorax, which read half as much.
"""

import math

import numpy as np

from labeler.core.arrays import FloatArray
from labeler.core.units import Unit
from labeler.features.registry import feature
from labeler.features.rep_signals import RepSignals, once_per_rep, progress
from labeler.features.timing import crossing
from labeler.signals.registry import AXIAL

PELVIS = "pelvis_axial_deg"
THORAX = "thorax_axial_deg"
SEPARATION = "separation_deg"

SOURCE = "separation of the shoulder line from the hip line, about the trunk's own axis"
WHEN = "turns from side to side and throws"

QUARTER = 0.25
"""Where the pelvis has come a quarter of its turn."""


@feature(unit=Unit.DEGREE, needs=(SEPARATION,), views=AXIAL, source=SOURCE, when=WHEN)
def separation_furthest_deg(rep: RepSignals) -> float:
    """Largest turn of the thorax against the pelvis, to either side."""
    known = rep[SEPARATION][np.isfinite(rep[SEPARATION])]
    return float(np.abs(known).max()) if known.size else math.nan


@feature(unit=Unit.DEGREE, needs=(PELVIS, SEPARATION), views=AXIAL, source=SOURCE, when=WHEN)
def separation_reversal_deg(rep: RepSignals) -> float:
    """Where the pelvis reverses: how much further the thorax is wound up; + is further."""
    wound = _wound_deg(rep)
    return float(wound[0]) if wound.size else math.nan


@feature(unit=Unit.DEGREE, needs=(PELVIS, SEPARATION), views=AXIAL, source=SOURCE, when=WHEN)
def separation_stretch_deg(rep: RepSignals) -> float:
    """How much further the thorax is wound up after the pelvis has reversed, at most; from 0."""
    wound = _wound_deg(rep)
    return float(wound.max() - wound[0]) if wound.size else math.nan


@once_per_rep
def _wound_deg(rep: RepSignals) -> FloatArray:
    """How far the thorax is behind the pelvis in the direction of the turn, from its reversal on.

    The pelvis reverses where it is furthest back before its highest speed. Empty where a turn is
    not known, or smaller than noise.
    """
    pelvis, apart = rep[PELVIS][rep.descent], rep[SEPARATION][rep.descent]
    known = np.isfinite(pelvis) & np.isfinite(apart)
    if np.isnan(progress(rep, PELVIS)).all() or not known.any():
        return np.empty(0)
    way = np.sign(rep.turn_level(PELVIS) - rep.start_level(PELVIS))
    turned, wound = way * pelvis[known], -way * apart[known]
    fastest = int(np.argmax(np.diff(turned))) if len(turned) > 1 else 0
    return np.asarray(wound[int(np.argmin(turned[: fastest + 1])) :])


@feature(
    unit=Unit.PERCENTAGE_POINT,
    needs=(PELVIS, THORAX),
    views=AXIAL,
    source="turn of the thorax against that of the pelvis, both as a share of their way",
    when="whatever turns the pelvis by more than noise",
)
def twist_lead_pp(rep: RepSignals) -> float:
    """How far the thorax is ahead when the pelvis has come a quarter of its turn."""
    pelvis, thorax = progress(rep, PELVIS), progress(rep, THORAX)
    at_s = crossing(pelvis[rep.descent], rep.times_s[rep.descent], QUARTER).at_s
    if math.isnan(at_s):
        return math.nan
    return 100.0 * (float(np.interp(at_s, rep.times_s, thorax)) - QUARTER)
