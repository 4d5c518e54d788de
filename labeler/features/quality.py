"""How well the rep was seen: what the other features can be trusted with."""

import math
from functools import partial

import numpy as np

from labeler.core.units import Unit
from labeler.features.registry import ANY_VIEW, Feature, Role, feature, register
from labeler.features.rep_signals import RepSignals, once_per_rep


@feature(
    unit=Unit.RATIO,
    source="pose network: its own visibility of the body points in use",
    role=Role.QUALITY,
)
def visibility_mean_ratio(rep: RepSignals) -> float:
    """Mean visibility of shoulders, hips, knees and ankles in use; NaN if nobody was found."""
    known = rep.visibility[np.isfinite(rep.visibility)]
    return float(known.mean()) if known.size else math.nan


@feature(
    unit=Unit.RATIO,
    source="in-house: frames with a body point filled in from its neighbours",
    role=Role.QUALITY,
)
def interpolated_ratio(rep: RepSignals) -> float:
    """Share of frames that were partly filled in; NaN if nobody was found."""
    return float(rep.is_interpolated.mean()) if _is_seen(rep) else math.nan


@feature(
    unit=Unit.FRAMES_PER_SECOND,
    source="container time stamps: median frame time",
    role=Role.QUALITY,
)
def median_fps(rep: RepSignals) -> float:
    """Frame rate of the clip."""
    return rep.fps


@feature(
    unit=Unit.RATIO,
    source="hips and shoulders while standing, in space or by their width",
    role=Role.QUALITY,
)
def view_confidence_ratio(rep: RepSignals) -> float:
    """How sure it is where the camera stands; NaN where the athlete never stands."""
    return rep.view_confidence


@feature(
    unit=Unit.COUNT, source="findings about the clip, of video, pose and signals", role=Role.QUALITY
)
def findings_n(rep: RepSignals) -> float:
    """How many different things were found about the clip that a person should know."""
    return float(len(rep.findings)) if _is_seen(rep) else math.nan


FINDINGS = {
    "unseen": "joints were not seen for part of the clip",
    "jumping": "the pose leaps",
    "feet_hidden": "feet were hidden, and angles of shin and knee left out there",
    "swapped": "left and right changed places",
    "jitter": "the pose trembles even after smoothing",
    "wrong_facing": "the athlete turns around, or left and right do not fit the way the feet point",
    "camera_tilt": "the camera is not level",
    "not_frontal": "the camera is not straight in front or behind, as told",
    "view_differs": "the camera seems to stand elsewhere than told",
    "two_people": "more than one person was seen",
    "person_lost": "the athlete was lost for part of the clip",
    "cut_in_clip": "the clip is put together from several",
}
"""Findings that bear on what features mean; each is a column."""


def _found(rep: RepSignals, *, code: str) -> float:
    """1 where it was found about the clip, 0 where it was not, NaN if nobody was found."""
    return float(code in rep.findings) if _is_seen(rep) else math.nan


for _code, _words in FINDINGS.items():
    register(
        Feature(
            name=f"found_{_code}_ratio",
            unit=Unit.RATIO,
            needs=(),
            views=ANY_VIEW,
            source="findings about the clip, of video, pose and signals",
            summary=f"1 where {_words}, else 0; about the whole clip.",
            compute=partial(_found, code=_code),
            role=Role.QUALITY,
        )
    )


@once_per_rep
def _is_seen(rep: RepSignals) -> bool:
    return bool(np.isfinite(rep.visibility).any())
