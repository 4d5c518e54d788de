"""How smoothly hips and torso get to the turn: spectral arc length and jerk, both without unit.

Both are as if every way were 1 long and took 1: neither amplitude nor duration counts.
"""

import math
from functools import partial

import numpy as np

from labeler.core.arrays import FloatArray
from labeler.core.units import Unit
from labeler.features.registry import SAGITTAL, Feature, register
from labeler.features.rep_signals import HIP, TORSO, RepSignals

SPARC_SOURCE = "spectral arc length of the speed, Balasubramanian 2012 and 2015"
LDLJ_SOURCE = "log dimensionless jerk, position form; 6.58 for the smoothest way (minimum jerk)"
SPARC_WHEN = "before the jerk; within one camera and pose network: two systems disagreed on squats"
LDLJ_WHEN = "noise counts much: within one camera, frame rate, filter and pose network only"

MAX_SPARC_HZ = 10.0
"""Above this nothing of a movement is left."""

MIN_SPARC_AMPLITUDE = 0.05
"""The spectrum is read up to where it last reaches this share of its value at 0 Hz."""

SPARC_STEPS = 16
"""The spectrum is read at so many points per cycle of the rep's duration, by zero padding."""

MIN_FRAMES = 8
"""Fewer frames on the way have no third difference worth the name."""

N_EDGE_FRAMES = 1.5
"""A third difference belongs to the middle of four frames: so many are left at either end."""

CHANNELS = {"hip": HIP, "torso": TORSO}


def way_of(rep: RepSignals, name: str) -> tuple[FloatArray, FloatArray] | None:
    """Times and progress to the turn; None where it is unknown, too short or does not move."""
    share, times_s = rep[name][rep.descent], rep.times_s[rep.descent]
    is_told = len(share) >= MIN_FRAMES and np.isfinite(share).all() and np.ptp(share) > 0
    return (times_s, share) if is_told else None


def sparc(speed: FloatArray, step_s: float) -> float:
    """Less the length of the curve of the normalised speed spectrum; nearer 0 is smoother.

    NaN where the speed goes nowhere on the whole: its mean, by which the spectrum is normalised,
    is below `MIN_SPARC_AMPLITUDE` of its loudest part.

    Parameters
    ----------
    speed : FloatArray
        Shape (n,), on an even clock, not negative on the whole.
    """
    n_padded = SPARC_STEPS * 2 ** math.ceil(math.log2(len(speed)))
    amplitude = np.abs(np.fft.rfft(speed, n_padded))
    if not amplitude[0] > MIN_SPARC_AMPLITUDE * amplitude.max():
        return math.nan
    amplitude = amplitude / amplitude[0]
    is_low = np.fft.rfftfreq(n_padded, step_s) <= MAX_SPARC_HZ
    last = int(np.flatnonzero(is_low & (amplitude >= MIN_SPARC_AMPLITUDE))[-1])
    if last == 0:
        return math.nan
    return -float(np.sum(np.hypot(1.0 / last, np.diff(amplitude[: last + 1]))))


def sparc_of(rep: RepSignals, name: str) -> float:
    """Spectral arc length of a course's speed on its way to the turn; NaN where not told."""
    way = way_of(rep, name)
    if way is None:
        return math.nan
    times_s, share = way
    even_s, step_s = np.linspace(times_s[0], times_s[-1], len(times_s), retstep=True)
    return sparc(np.diff(np.interp(even_s, times_s, share)), float(step_s))


def ldlj_of(rep: RepSignals, name: str) -> float:
    """-ln(D^5 / A^2 times the integral of the squared jerk) on the way to the turn.

    The jerk is the third divided difference, right on uneven times; the first and the last one
    stand for the one and a half frames at either end that have none.
    """
    way = way_of(rep, name)
    if way is None:
        return math.nan
    times_s, share = way
    jerk = share
    for order in (1, 2, 3):
        jerk = order * np.diff(jerk) / (times_s[order:] - times_s[:-order])
    lasts_s = float(times_s[-1] - times_s[0])
    weight = np.ones(len(jerk))
    weight[[0, -1]] += N_EDGE_FRAMES
    mean_square = float(weight @ np.square(jerk)) / float(weight.sum())
    power = lasts_s**6 * mean_square / float(np.ptp(share)) ** 2
    return -math.log(power) if power > 0 else math.nan


for _stem, _says, _compute, _source, _when in (
    ("sparc", "Spectral arc length", sparc_of, SPARC_SOURCE, SPARC_WHEN),
    ("ldlj", "Log dimensionless jerk", ldlj_of, LDLJ_SOURCE, LDLJ_WHEN),
):
    for _who, _name in CHANNELS.items():
        register(
            Feature(
                name=f"{_stem}_{_who}_ratio",
                unit=Unit.RATIO,
                needs=(_name,),
                views=SAGITTAL,
                source=_source,
                summary=f"{_says} of the {_who}'s way to the turn; nearer 0 is smoother.",
                compute=partial(_compute, name=_name),
                when=_when,
            )
        )
