"""Standing and seated rotation from side to side, and the anti-rotation press that is held."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from labeler.synthetic.courses import ONSET_RATIO
from labeler.synthetic.drawn import Drawn, Setting, lead_s
from labeler.synthetic.lifts import BARELY, BEND_FIRST_S, RIBS_FIRST_S, SHIFT_M_PER_DEG, drift_rad
from labeler.synthetic.plan import RepTruth
from labeler.synthetic.posture import Lower, balanced

Range = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Turning:
    """Seconds of a turn and of the stay at its end; half of what pelvis and thorax turn."""

    turn_s: Range
    stay_s: Range
    pelvis_deg: float
    thorax_deg: float


TURNS: Mapping[str, tuple[Range, Range]] = {
    "rotation": ((0.55, 0.85), (0.25, 0.45)),
    "tspine_rot": ((0.9, 1.5), (0.25, 0.5)),
}
"""Seconds of a turn and of the stay at its end; those of rotation are priors of the specification
without its fastest throws."""

PELVIS_DEG = (20.0, 32.0)
"""Half of what the pelvis turns in a standing rotation."""

THORAX_DEG = 38.0
"""Half of what the thorax turns when seated."""

ROTATION_LAG_S, ROTATION_LAG_SD_S = 0.025, 0.015
"""The thorax follows the pelvis by so much in good turns."""

ATHLETIC_TRUNK_RAD, ATHLETIC_SHANK_RAD = np.radians((8.0, 16.0))
"""A stance with soft knees, ready to turn or to brace."""

SEATED_TRUNK_RAD, SEATED_THIGH_RAD, SEATED_SHANK_RAD = np.radians((3.0, 84.0, 2.0))
"""Upright on a bench."""

HEAD_FOLLOWS = 0.55
"""Share of the thorax's turn that the head makes."""

PRESS_OUT_S, HOLD_S, PRESS_BACK_S, PRESS_REST_S = (1.0, 1.8), (4.5, 7.0), (1.0, 1.5), (1.2, 1.8)
"""Of a press: out, held, back, rest."""


def prepare_turn(setting: Setting) -> Turning:
    """Stand or sit, turned to the first side; how this athlete turns in this set."""
    movement = setting.plan.movement
    turn_s, stay_s = TURNS[movement]
    is_seated = movement == "tspine_rot"
    trunk_rad = SEATED_TRUNK_RAD if is_seated else ATHLETIC_TRUNK_RAD
    _stand(setting, trunk_rad, is_seated=is_seated)
    if is_seated:
        turning = Turning(turn_s, stay_s, 0.0, THORAX_DEG)
    else:
        pelvis_deg = setting.uniform(*PELVIS_DEG) + 0.3 * setting.athlete.rom_offset_deg
        turning = Turning(turn_s, stay_s, pelvis_deg, pelvis_deg)
    return turning


def first_side(turning: Turning, drawn: Drawn) -> dict[str, float]:
    """Where a set begins: turned to the right as far as its first turn goes to the left."""
    pelvis_rad, thorax_rad = _ends_rad(turning, drawn)
    if drawn.severity("pelvis_uncontrolled") or drawn.severity("hip_delay") == 3:
        pelvis_rad = min(pelvis_rad, float(np.radians(turning.pelvis_deg)))
    return {
        "pelvis_yaw_rad": -pelvis_rad,
        "thorax_yaw_rad": -thorax_rad,
        "head_yaw_rad": -HEAD_FOLLOWS * thorax_rad,
    }


def turn_rep(
    setting: Setting, turning: Turning, drawn: Drawn, start_s: float, side: int
) -> tuple[RepTruth, float]:
    """Write one turn to a side, + to the left; what is true of it, and when the next may begin."""
    score = setting.score
    last_s = setting.uniform(*turning.turn_s) * setting.athlete.tempo_factor
    pelvis_rad, thorax_rad = _ends_rad(turning, drawn)
    before_s = _before_s(drawn)
    lag_s = _lag_s(setting, drawn, thorax_rad, last_s)
    late_s = drawn.amount("hip_delay") * last_s
    pelvis_s = start_s + before_s + max(0.0, -lag_s) + late_s
    thorax_s = start_s + before_s + max(0.0, lag_s)
    score.move_to("pelvis_yaw_rad", pelvis_s, last_s - late_s, side * pelvis_rad)
    score.move_to("thorax_yaw_rad", thorax_s, last_s, side * thorax_rad)
    score.move_to("head_yaw_rad", thorax_s, last_s, side * HEAD_FOLLOWS * thorax_rad)
    _beside(setting, drawn, start_s, last_s, side)
    stop_s = max(pelvis_s - late_s, thorax_s) + last_s
    onset_s, end_s = thorax_s + ONSET_RATIO * last_s, thorax_s + (1.0 - ONSET_RATIO) * last_s
    if late_s:
        lag_s -= late_s / 2.0  # half-way: the pelvis starts late and arrives as it would have
    if setting.plan.movement == "tspine_rot":
        lag_s = float("nan")  # the pelvis is to stay
    truth = RepTruth(onset_s, end_s, end_s, lag_s, drawn.severities, drawn.amounts)
    return truth, stop_s + setting.uniform(*turning.stay_s)


def prepare_press(setting: Setting) -> Turning:
    """Stand braced beside the cable."""
    _stand(setting, ATHLETIC_TRUNK_RAD, is_seated=False)
    return Turning(PRESS_OUT_S, HOLD_S, 0.0, 0.0)


def press_rep(setting: Setting, drawn: Drawn, start_s: float) -> tuple[RepTruth, float]:
    """Write one press that is held; what is true of it, and when the next may begin."""
    score = setting.score
    out_s, hold_s = setting.uniform(*PRESS_OUT_S), setting.uniform(*HOLD_S)
    back_s, rest_s = setting.uniform(*PRESS_BACK_S), setting.uniform(*PRESS_REST_S)
    held_s = start_s + out_s
    score.move_to("press_ratio", start_s, out_s, 1.0)
    drift_s, last_s = held_s + 0.15 * hold_s, 0.6 * hold_s
    give_rad, extra_rad = drawn.rad("brace_fail"), drawn.rad("pelvis_uncontrolled")
    score.move_by("thorax_yaw_rad", drift_s, last_s, give_rad + extra_rad)
    score.move_by("pelvis_yaw_rad", drift_s, last_s, extra_rad)
    score.move_by("pelvis_aside_m", drift_s, last_s, SHIFT_M_PER_DEG * drawn.amount("brace_fail"))
    aside_rad = 0.5 * give_rad + drift_rad(setting.athlete, drawn)
    score.move_by("side_bend_rad", drift_s, last_s, aside_rad)
    score.move_by("rib_extension_rad", start_s, 0.5 * out_s, drawn.rad("rib_flare_early"))
    back_rad = drawn.rad("spine_overextension")
    leaned_rad = -back_rad - (ATHLETIC_TRUNK_RAD if drawn.severity("spine_overextension") else 0.0)
    score.move_by("trunk_lean_rad", drift_s, last_s, leaned_rad)
    score.move_by("lumbar_arch_rad", drift_s, last_s, back_rad)
    stop_s = held_s + hold_s
    score.move_to("press_ratio", stop_s, back_s, 0.0)
    setting.back(stop_s, back_s, *_HELD)
    first_s, end_s = held_s - ONSET_RATIO * out_s, stop_s + ONSET_RATIO * back_s
    truth = RepTruth(
        first_s, (first_s + end_s) / 2.0, end_s, float("nan"), drawn.severities, drawn.amounts
    )
    return truth, stop_s + back_s + rest_s


_HELD = (
    "thorax_yaw_rad",
    "pelvis_yaw_rad",
    "pelvis_aside_m",
    "side_bend_rad",
    "rib_extension_rad",
    "trunk_lean_rad",
    "lumbar_arch_rad",
)


def _stand(setting: Setting, trunk_rad: float, *, is_seated: bool) -> None:
    athlete = setting.athlete
    lower = (
        Lower.of_legs(athlete, SEATED_THIGH_RAD, SEATED_SHANK_RAD)
        if is_seated
        else balanced(athlete, trunk_rad, ATHLETIC_SHANK_RAD)
    )
    setting.begin(
        trunk_lean_rad=trunk_rad,
        pelvis_ahead_m=lower.pelvis_ahead_m,
        knee_bend_rad=lower.knee_bend_rad,
    )


def _ends_rad(turning: Turning, drawn: Drawn) -> tuple[float, float]:
    """How far pelvis and thorax turn from the middle."""
    apart_deg = drawn.amount("rib_hip_dissociation_poor")
    extra_deg = drawn.amount("pelvis_uncontrolled")
    pelvis_deg, thorax_deg = turning.pelvis_deg, turning.thorax_deg
    if turning.pelvis_deg:
        thorax_deg = pelvis_deg + apart_deg
    else:
        pelvis_deg = thorax_deg - apart_deg
    if drawn.severity("hip_delay") == 3:
        pelvis_deg *= BARELY
    return (
        float(np.radians(pelvis_deg + extra_deg)),
        float(np.radians(thorax_deg + extra_deg)),
    )


def _before_s(drawn: Drawn) -> float:
    if drawn.severity("lateral_bend_first"):
        return BEND_FIRST_S
    return RIBS_FIRST_S if drawn.severity("rib_flare_early") > 1 else 0.0


def _lag_s(setting: Setting, drawn: Drawn, thorax_rad: float, last_s: float) -> float:
    """Thorax after pelvis: as asked, as the fault needs it, or as in good turns."""
    own_s = max(setting.rng.normal(ROTATION_LAG_S, ROTATION_LAG_SD_S), 0.0)
    if drawn.plan.lag_s is not None:
        return drawn.plan.lag_s
    if drawn.severity("twist_first"):
        way_deg = 2.0 * float(np.degrees(thorax_rad))
        return -lead_s(drawn.amount("twist_first"), way_deg, last_s)
    return 0.0 if drawn.severity("hip_delay") else own_s


def _beside(setting: Setting, drawn: Drawn, start_s: float, last_s: float, side: int) -> None:
    """What the trunk does besides turning; it comes back at the end of the turn."""
    score, athlete = setting.score, setting.athlete
    bend_rad = side * drawn.rad("lateral_bend_first")
    score.move_by("side_bend_rad", start_s, BEND_FIRST_S, bend_rad)
    score.move_by(
        "side_bend_rad", start_s + 0.3 * last_s, 0.5 * last_s, -side * drift_rad(athlete, drawn)
    )
    score.move_by("rib_extension_rad", start_s, 0.3, drawn.rad("rib_flare_early"))
    shift_m = 0.5 * SHIFT_M_PER_DEG * drawn.amount("pelvis_uncontrolled") * side
    if setting.plan.movement == "rotation":
        score.move_to("pelvis_aside_m", start_s, last_s, shift_m)
    setting.back(start_s + last_s, 0.35, "side_bend_rad", "rib_extension_rad")
