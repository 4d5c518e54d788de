"""Who leads, with the hips read from how far the pelvis has gone back: asked by rules of squats.

In a squat the trunk leans before thigh and knee have bent much, in good squats too: by 117 ms and
13 points before the thigh in the middle of 99 that were instructed as correct (10 people, motion
capture). Against the pelvis's way back it does not lead (-66 ms and -5 points).
"""

import math
from collections.abc import Mapping
from dataclasses import replace
from functools import partial

from labeler.catalog.spec import RepKind
from labeler.core.units import Unit
from labeler.features import lags
from labeler.features.registry import SAGITTAL, Feature, Role, one_of, register
from labeler.features.rep_signals import (
    HIP,
    HIP_COURSE,
    TORSO,
    RepSignals,
    into_effort,
    once_per_rep,
    origin,
    progress,
)
from labeler.features.sequencing import MS_PER_S, coupling_pp, hip_progress_quarter_ratio
from labeler.features.timing import standard_errors_s

TRAVEL = "pelvis_x_legs"
SOURCE = "as without travel, with the pelvis's way back as the course of the hips"
WHEN = "cycles whose hips are otherwise read from an angle; in a squat instead of it"

SUMMARIES = {
    "travel_coupling_q25_pp": "How far the torso is ahead when the pelvis is 25 % of its way back.",
    "travel_progress_quarter_ratio": "The pelvis's way back after a quarter of the descent's time.",
    "travel_lag_area_ms": "Mean time by which the torso runs behind the pelvis's way back.",
    "travel_lag_area_ratio": "`travel_lag_area_ms` as a share of the descent.",
    "travel_lag_area_se_ms": "Standard error of `travel_lag_area_ms`.",
    "travel_lag_t20_se_ms": "Standard error of the torso's lag at 20 % of the pelvis's way back.",
}
ERRORS = ("travel_lag_area_se_ms", "travel_lag_t20_se_ms")


@once_per_rep
def travel_features(rep: RepSignals) -> Mapping[str, float]:
    """All of them; none where the pelvis's way is the course of the hips anyway."""
    if rep.kind is not RepKind.CYCLIC or rep.channels[0] == TRAVEL:
        return {}
    seen = by_travel(rep)
    area = lags.area_lag(seen)
    area_se_s, t20_se_s = standard_errors_s(seen, [area, lags.crossing_lag(seen, 0.2)])
    descent_s = rep.descent_s
    numbers = (
        coupling_pp(seen, 25),
        hip_progress_quarter_ratio(seen),
        MS_PER_S * area.by_s,
        area.by_s / descent_s if descent_s > 0 else math.nan,
        MS_PER_S * float(area_se_s),
        MS_PER_S * float(t20_se_s),
    )
    return dict(zip(SUMMARIES, numbers, strict=True))


def by_travel(rep: RepSignals) -> RepSignals:
    """The same rep with the pelvis's way back as the course of its hips."""
    seen = replace(rep, channels=(TRAVEL, rep.channels[1]))
    courses = {HIP: progress(seen, TRAVEL), HIP_COURSE: into_effort(seen, TRAVEL)}
    way_legs = abs(rep.turn_level(TRAVEL) - origin(rep, TRAVEL))
    noise_legs = rep.noise.get(TRAVEL, math.nan)
    errors = {HIP: noise_legs / way_legs if way_legs > 0 else math.nan, HIP_COURSE: noise_legs}
    return replace(
        seen, values={**rep.values, **courses}, progress_se={**rep.progress_se, **errors}
    )


for _name, _summary in SUMMARIES.items():
    register(
        Feature(
            name=_name,
            unit=next(unit for unit in Unit if unit.ends(_name)),
            needs=(TRAVEL, TORSO),
            views=SAGITTAL,
            source=SOURCE,
            summary=_summary,
            compute=partial(one_of, among=travel_features, name=_name),
            when=WHEN,
            role=Role.ERROR if _name in ERRORS else Role.INPUT,
            among=travel_features,
        )
    )
