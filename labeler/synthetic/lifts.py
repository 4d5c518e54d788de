"""Hinge, deadlift, kettlebell swing and squat: down and up again."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from labeler.synthetic.arms import BAR_AHEAD_M, GRIP_HALF_M, PLATE_RADIUS_M, STRAIGHT_RATIO
from labeler.synthetic.athlete import Athlete
from labeler.synthetic.courses import ONSET_RATIO, Course, Score, min_jerk_time
from labeler.synthetic.drawn import Drawn, Setting, lead_s
from labeler.synthetic.plan import RepTruth
from labeler.synthetic.posture import Lower, balanced, balanced_shank_rad

Range = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Tempo:
    """Seconds: a controlled way down (never outside `within`), the stay below, the way up, rest."""

    down: Range
    hold: Range
    up: Range
    rest: Range
    within: Range


TEMPI: Mapping[str, Tempo] = {
    "hinge": Tempo((0.9, 1.6), (0.0, 0.4), (0.7, 1.3), (0.5, 1.0), (1.05, 1.9)),
    "deadlift": Tempo((0.9, 1.6), (0.1, 0.3), (0.8, 1.3), (0.6, 1.1), (1.05, 1.9)),
    "kb_swing": Tempo((0.45, 0.6), (0.0, 0.0), (0.40, 0.55), (0.20, 0.40), (0.42, 0.72)),
    "squat": Tempo((1.0, 2.0), (0.0, 0.5), (0.8, 1.6), (0.5, 1.0), (1.1, 2.2)),
}
"""Priors of the specification; the way down is drawn once per set, as a prescribed tempo."""

TRUNK_DEG: Mapping[str, Range] = {"hinge": (56.0, 68.0), "kb_swing": (50.0, 62.0)}
"""Lean of the trunk at the turn."""

TRUNK_LIMITS_DEG = (46.0, 76.0)

SQUAT_KNEE_DEG, SQUAT_KNEE_LIMITS_DEG = (98.0, 120.0), (90.0, 130.0)
"""Knee bend at the bottom of a squat."""

KNEES_TAKE_OVER = (1.0, 0.80, 0.62, 0.45)
"""By severity of knee dominance: how much of its lean is left to the trunk."""

GOBLET_OVER_RATIO = 0.0
"""Centre of the body over the feet with a weight held before the chest: the two share the load."""

STANDING_SHANK_RAD, STANDING_TRUNK_RAD = np.radians(6.0), np.radians(2.0)
"""Who stands easily: shins slightly forward, knees not locked, trunk upright."""

REP_ROM_SD_DEG = 2.0
"""Depth differs by so much from repetition to repetition."""

LAG_SD_S = 0.020
"""And the lag of good repetitions by so much."""

BEND_FIRST_S, RIBS_FIRST_S = 0.30, 0.15
"""By how much a side bend or twist, and a rib flare, come before the hips."""

LATE_HIPS_STRETCH = 1.3
"""A descent with late hips takes longer."""

BARELY = 0.25
"""Hips that barely travel do this share of their way."""

HAND_M = 0.085
"""Width of a hand."""

RETURN_S = 0.45
"""From leaning back at the finish to standing."""

BELL_TOP_RAD, BELL_BACK_RAD, BELL_HANG_RAD = np.radians((82.0, -42.0, 4.0))
"""Arms of a swing before the vertical: at chest height, between the legs, hanging."""

DEAD_STOP_S = 0.5
"""After a longer stay on the floor the pull begins a new half: the turn is where it begins."""

BENDING: Mapping[str, float] = {
    "trunk_lean_rad": 2.0,
    "knee_bend_rad": 1.5,
    "pelvis_ahead_m": -2.3,
}
"""What counts as bending, in radians: trunk and hip, knee and hip, and the thigh (a metre of way
back is about one radian over its length)."""

EDGE_SPEED_RATIO, TIME_STEP_S = 0.05, 0.002
"""A repetition lasts as long as the body is faster than this share of its highest speed."""

NEAR_TURN_U = min_jerk_time(0.9)


@dataclass(frozen=True, slots=True)
class Bottom:
    """The posture at the turn."""

    trunk_rad: float
    lower: Lower


@dataclass(frozen=True, slots=True)
class Beat:
    """When the parts of one repetition happen, in seconds; each way takes `down_s` or `up_s`."""

    start_s: float
    hips_s: float
    trunk_s: float
    way_s: float
    arrive_s: float
    up_start_s: float
    up_s: float
    lag_s: float


def prepare_lift(setting: Setting) -> Tempo:
    """Stand ready; the tempo that the whole set keeps to."""
    standing = balanced(setting.athlete, STANDING_TRUNK_RAD, STANDING_SHANK_RAD)
    setting.begin(
        trunk_lean_rad=STANDING_TRUNK_RAD,
        pelvis_ahead_m=standing.pelvis_ahead_m,
        knee_bend_rad=standing.knee_bend_rad,
        arm_rad=BELL_HANG_RAD,
    )
    usual = TEMPI[setting.plan.movement]
    down_s = setting.uniform(*usual.down) * setting.athlete.tempo_factor
    down_s = float(np.clip(down_s, *usual.within))
    return Tempo((down_s, down_s), usual.hold, usual.up, usual.rest, usual.within)


def lift_rep(
    setting: Setting, tempo: Tempo, drawn: Drawn, start_s: float
) -> tuple[RepTruth, float]:
    """Write one repetition; what is true of it, and when the next may begin."""
    bottom = bottom_of(setting, drawn)
    beat = _beat(setting, tempo, drawn, bottom, start_s)
    _down(setting, drawn, bottom, beat)
    _spine_down(setting, drawn, beat)
    stop_s = _up(setting, drawn, beat)
    rest_s = setting.uniform(*tempo.rest)
    if drawn.severity("spine_overextension"):
        rest_s = max(rest_s, RETURN_S)
        setting.back(stop_s, RETURN_S, "trunk_lean_rad", "lumbar_arch_rad")
    if setting.plan.movement == "kb_swing":
        _swing_bell(setting, beat)
    first_s, last_s = _moving_s(setting.score, start_s, stop_s)
    truth = RepTruth(
        start_s=first_s,
        turn_s=_turn_s(setting.plan.movement, beat),
        stop_s=last_s,
        lag_s=beat.lag_s,
        severities=drawn.severities,
        amounts=drawn.amounts,
    )
    return truth, stop_s + rest_s


def bottom_of(setting: Setting, drawn: Drawn) -> Bottom:
    """The posture at the turn: balanced over the feet, as far down as the movement goes."""
    athlete, movement = setting.athlete, setting.plan.movement
    deeper_deg = 0.5 * athlete.rom_offset_deg + REP_ROM_SD_DEG * float(
        np.clip(setting.rng.standard_normal(), -2.0, 2.0)
    )
    if movement == "squat":
        knee_deg = np.clip(np.mean(SQUAT_KNEE_DEG) + deeper_deg, *SQUAT_KNEE_LIMITS_DEG)
        past_rad, knee_rad = drawn.rad("forward_lean_early"), float(np.radians(knee_deg))
        shank_rad = balanced_shank_rad(
            athlete, knee_rad, past_rad, GOBLET_OVER_RATIO * athlete.height_m
        )
        lower = Lower.of_legs(athlete, knee_rad - shank_rad, shank_rad)
        return Bottom(shank_rad + past_rad, lower)
    shank_rad = drawn.rad("knee_dominant")
    if movement == "deadlift":
        return _at_the_bar(athlete, shank_rad)
    lean_deg = np.clip(np.mean(TRUNK_DEG[movement]) + deeper_deg, *TRUNK_LIMITS_DEG)
    lean_rad = float(np.radians(lean_deg * KNEES_TAKE_OVER[drawn.severity("knee_dominant")]))
    return Bottom(lean_rad, balanced(athlete, lean_rad, shank_rad))


def _at_the_bar(athlete: Athlete, shank_rad: float) -> Bottom:
    """Balanced, with the hands on a bar that lies on its plates."""
    leans_rad = np.radians(np.linspace(25.0, 88.0, 64))
    heights_m = [_bar_height_m(athlete, float(lean), shank_rad) for lean in leans_rad]
    lean_rad = float(np.interp(-PLATE_RADIUS_M, -np.array(heights_m), leans_rad))
    return Bottom(lean_rad, balanced(athlete, lean_rad, shank_rad))


def _bar_height_m(athlete: Athlete, lean_rad: float, shank_rad: float) -> float:
    """How high straight arms hold a bar over the middle of the feet."""
    lengths, lower = athlete.lengths_m, balanced(athlete, lean_rad, shank_rad)
    thigh_rad = lower.knee_bend_rad - shank_rad
    hip_m = (
        lengths["ankle_height"]
        + lengths["shank"] * np.cos(shank_rad)
        + lengths["thigh"] * np.cos(thigh_rad)
    )
    shoulder_ahead_m = lower.pelvis_ahead_m + lengths["trunk"] * np.sin(lean_rad)
    across_sq = (shoulder_ahead_m - BAR_AHEAD_M * athlete.height_m / 1.75) ** 2 + (
        GRIP_HALF_M - lengths["shoulder_half_width"]
    ) ** 2
    arm_m = STRAIGHT_RATIO * (lengths["upper_arm"] + lengths["forearm"])
    down_m = np.sqrt(max(arm_m**2 - across_sq, 0.0)) + lengths["hand"]
    return float(hip_m + lengths["trunk"] * np.cos(lean_rad) - down_m)


def _beat(setting: Setting, tempo: Tempo, drawn: Drawn, bottom: Bottom, start_s: float) -> Beat:
    """When everything begins and ends."""
    down_s = tempo.down[0] * drawn.amount("tempo_uncontrolled")
    late = drawn.amount("hip_delay")
    if late:
        down_s *= LATE_HIPS_STRETCH
    lag_s = _lag_s(setting, drawn, bottom, down_s)
    go_s = start_s + _before_s(drawn) + late * down_s
    hips_s, trunk_s = go_s + max(0.0, -lag_s), go_s + max(0.0, lag_s)
    way_s = down_s * (1.0 - late)
    arrive_s = max(hips_s, trunk_s) + way_s
    hold_s, up_s = setting.uniform(*tempo.hold), setting.uniform(*tempo.up)
    return Beat(start_s, hips_s, trunk_s, way_s, arrive_s, arrive_s + hold_s, up_s, lag_s)


def _before_s(drawn: Drawn) -> float:
    """How long something else moves before hips and trunk do."""
    if drawn.severity("lateral_bend_first") or drawn.severity("twist_first"):
        return BEND_FIRST_S
    return RIBS_FIRST_S if drawn.severity("rib_flare_early") > 1 else 0.0


def _lag_s(setting: Setting, drawn: Drawn, bottom: Bottom, down_s: float) -> float:
    """Trunk after hips: as asked, as the fault needs it, or the athlete's own."""
    own_s = max(setting.athlete.lag_offset_s + setting.rng.normal(0.0, LAG_SD_S), 0.0)
    if drawn.plan.lag_s is not None:
        return drawn.plan.lag_s
    if drawn.severity("torso_dip_first"):
        way_deg = float(np.degrees(bottom.trunk_rad - STANDING_TRUNK_RAD))
        return -lead_s(drawn.amount("torso_dip_first"), way_deg, down_s)
    return own_s * (0.5 if setting.plan.movement == "kb_swing" else 1.0)


def _down(setting: Setting, drawn: Drawn, bottom: Bottom, beat: Beat) -> None:
    """Trunk, pelvis and knees to the turn."""
    score, home = setting.score, setting.home
    pelvis_m, trunk_rad = bottom.lower.pelvis_ahead_m, bottom.trunk_rad
    if drawn.severity("hip_delay") == 3:
        pelvis_m = home["pelvis_ahead_m"] + BARELY * (pelvis_m - home["pelvis_ahead_m"])
        trunk_rad *= 0.55
    score.move_to("trunk_lean_rad", beat.trunk_s, beat.way_s, trunk_rad)
    score.move_to("pelvis_ahead_m", beat.hips_s, beat.way_s, pelvis_m)
    knees_s = beat.start_s if drawn.severity("hip_delay") else beat.hips_s
    knees_last_s = beat.arrive_s - knees_s if drawn.severity("hip_delay") else beat.way_s
    score.move_to("knee_bend_rad", knees_s, knees_last_s, bottom.lower.knee_bend_rad)


def _spine_down(setting: Setting, drawn: Drawn, beat: Beat) -> None:
    """Everything that goes wrong above the hips on the way down."""
    score, start_s, way_s = setting.score, beat.start_s, beat.way_s
    early_s, late_s = 0.33 * way_s, 0.65 * way_s
    score.move_by("spine_flexion_rad", beat.hips_s, early_s, drawn.rad("spine_flex_early"))
    rest_rad = max(drawn.rad("back_rounding") - drawn.rad("spine_flex_early"), 0.0)
    score.move_by("spine_flexion_rad", beat.hips_s + 0.35 * way_s, late_s, rest_rad)
    score.move_by("neck_rad", start_s, 0.4 * way_s, drawn.rad("head_neck_break"))
    score.move_by("side_bend_rad", start_s, BEND_FIRST_S, drawn.rad("lateral_bend_first"))
    score.move_by("thorax_yaw_rad", start_s, BEND_FIRST_S, drawn.rad("twist_first"))
    score.move_by("pelvis_yaw_rad", beat.hips_s, way_s, 0.25 * drawn.rad("twist_first"))
    score.move_by("head_yaw_rad", start_s, BEND_FIRST_S, 0.4 * drawn.rad("twist_first"))
    score.move_by("rib_extension_rad", start_s, 0.3, drawn.rad("rib_flare_early"))
    if drawn.severity("rib_flare_early") == 3:
        score.move_by("lumbar_arch_rad", start_s, 0.3, 0.5 * drawn.rad("rib_flare_early"))
    score.move_by("dowel_tilt_rad", beat.hips_s, way_s, drawn.rad("dowel_contact_lost"))
    _give_way(score, drawn, beat.hips_s + 0.3 * way_s, 0.7 * way_s)
    if setting.plan.movement == "squat":
        aside_rad = drift_rad(setting.athlete, drawn)
        score.move_by("side_bend_rad", beat.hips_s + 0.4 * way_s, 0.6 * way_s, -aside_rad)


def _give_way(score: Score, drawn: Drawn, start_s: float, last_s: float) -> None:
    """A brace that fails: towards the pull, at the athlete's left."""
    give_deg, give_rad = drawn.amount("brace_fail"), drawn.rad("brace_fail")
    score.move_by("thorax_yaw_rad", start_s, last_s, give_rad)
    score.move_by("side_bend_rad", start_s, last_s, 0.5 * give_rad)
    score.move_by("pelvis_aside_m", start_s, last_s, SHIFT_M_PER_DEG * give_deg)


SHIFT_M_PER_DEG = 0.003
"""The pelvis shifts by so much where the brace gives by a degree."""


def drift_rad(athlete: Athlete, drawn: Drawn) -> float:
    """The lean that puts the shoulders that many hands off the pelvis."""
    return float(np.arcsin(drawn.amount("unstacked") * HAND_M / athlete.lengths_m["trunk"]))


SPINE = (
    "spine_flexion_rad",
    "rib_extension_rad",
    "neck_rad",
    "side_bend_rad",
    "thorax_yaw_rad",
    "pelvis_yaw_rad",
    "head_yaw_rad",
    "pelvis_aside_m",
    "dowel_tilt_rad",
)


def _up(setting: Setting, drawn: Drawn, beat: Beat) -> float:
    """Back to standing, or beyond; when it is done."""
    score, start_s, up_s = setting.score, beat.up_start_s, beat.up_s
    trunk_s, trunk_last_s, knees_last_s = start_s, up_s, up_s
    if drawn.severity("hips_shoot_up"):
        tipped_rad = score.levels["trunk_lean_rad"] + drawn.rad("hips_shoot_up")
        score.move_to("trunk_lean_rad", start_s, 0.4 * up_s, tipped_rad)
        trunk_s, trunk_last_s, knees_last_s = start_s + 0.38 * up_s, 0.8 * up_s, 0.75 * up_s
    finish_rad = setting.home["trunk_lean_rad"] + _finish_rad(setting, drawn)
    score.move_to("trunk_lean_rad", trunk_s, trunk_last_s, finish_rad)
    setting.back(trunk_s, trunk_last_s, "pelvis_ahead_m")
    setting.back(start_s, knees_last_s, "knee_bend_rad")
    setting.back(start_s + 0.2 * up_s, 0.8 * up_s, *SPINE)
    arch_rad = drawn.rad("spine_overextension") if drawn.severity("spine_overextension") else 0.0
    score.move_to("lumbar_arch_rad", start_s + 0.3 * up_s, 0.7 * up_s, arch_rad)
    return max(trunk_s + trunk_last_s, start_s + up_s)


def _finish_rad(setting: Setting, drawn: Drawn) -> float:
    """Lean of the trunk at the finish, beyond that of standing."""
    forward_rad = drift_rad(setting.athlete, drawn) if setting.plan.movement == "hinge" else 0.0
    back_rad = drawn.rad("spine_overextension")
    return forward_rad - back_rad - (STANDING_TRUNK_RAD if back_rad > np.radians(2.0) else 0.0)


def _swing_bell(setting: Setting, beat: Beat) -> None:
    """The bell falls between the legs and is thrown up by the hips."""
    score = setting.score
    first_s = min(beat.hips_s, beat.trunk_s) - 0.12
    score.move_to("arm_rad", first_s, beat.up_start_s - first_s, BELL_BACK_RAD)
    score.move_to("arm_rad", beat.up_start_s, 1.2 * beat.up_s, BELL_TOP_RAD)


def _moving_s(score: Score, start_s: float, stop_s: float) -> tuple[float, float]:
    """From when to when the body bends and straightens faster than 5 % of its highest speed."""
    times_s = np.arange(start_s, stop_s, TIME_STEP_S, dtype=np.float64)
    bend = sum(
        weight * Course(0.0, tuple(score.steps[name])).at(times_s)
        for name, weight in BENDING.items()
    )
    speed = np.abs(np.gradient(bend))
    moving_s = times_s[speed >= EDGE_SPEED_RATIO * speed.max()]
    return float(moving_s[0]), float(moving_s[-1])


def _turn_s(movement: str, beat: Beat) -> float:
    """Middle of the stretch below; after a dead stop on the floor where the pull begins."""
    still_s = beat.up_start_s - beat.arrive_s + ONSET_RATIO * (beat.way_s + beat.up_s)
    if movement == "deadlift" and still_s > DEAD_STOP_S:
        return beat.up_start_s + ONSET_RATIO * beat.up_s
    arrives_s = beat.arrive_s - (1.0 - NEAR_TURN_U) * beat.way_s
    return (arrives_s + beat.up_start_s + (1.0 - NEAR_TURN_U) * beat.up_s) / 2.0
