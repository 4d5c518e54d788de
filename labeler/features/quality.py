"""How well the rep was seen: what the other features can be trusted with."""

import math

import numpy as np

from labeler.core.units import Unit
from labeler.features.registry import feature
from labeler.features.rep_signals import RepSignals


@feature(unit=Unit.RATIO, source="pose network: its own visibility of the body points in use")
def visibility_mean_ratio(rep: RepSignals) -> float:
    """Mean visibility of shoulders, hips, knees and ankles in use; NaN if nobody was found."""
    known = rep.visibility[np.isfinite(rep.visibility)]
    return float(known.mean()) if known.size else math.nan


@feature(unit=Unit.RATIO, source="in-house: frames with a body point filled in from its neighbours")
def interpolated_ratio(rep: RepSignals) -> float:
    """Share of frames that were partly filled in; NaN if nobody was found."""
    if not np.isfinite(rep.visibility).any():
        return math.nan
    return float(rep.is_interpolated.mean())


@feature(unit=Unit.FRAMES_PER_SECOND, source="container time stamps: median frame time")
def median_fps(rep: RepSignals) -> float:
    """Frame rate of the clip."""
    return rep.fps
