import multiprocessing
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support_athletes import MOVEMENTS, body_of_set, performed, plain_athlete, point, times_of

from labeler.catalog.loader import load_catalog
from labeler.core.errors import UsageError
from labeler.core.label import FaultId
from labeler.core.landmarks import BONES, Landmark
from labeler.synthetic.athlete import draw_athlete, lengths_of
from labeler.synthetic.body import figure
from labeler.synthetic.faults import AMOUNTS, CANNOT_BE_MADE, amount_of, makeable
from labeler.synthetic.motion import RepPlan, SetPlan, perform
from labeler.synthetic.posture import CHANNELS, Grip
from labeler.synthetic.truth import curves_at

CASES = [
    (movement, fault, severity)
    for movement in MOVEMENTS
    for fault in makeable(movement)
    for severity in range(4)
]

RIGID = [
    (one, other)
    for one, other in BONES
    if {one.name[-4:], other.name[-4:]} not in ({"LDER", "_HIP"}, {"LDER", "_EAR"})
]
"""Bones; what lies between shoulder and hip, and between shoulder and ear, bends."""

FEET = [Landmark[f"{side}_{name}"] for side in ("LEFT", "RIGHT") for name in ("HEEL", "FOOT_INDEX")]

SEEN_BY = {
    "torso_dip_first": "trunk_lead_deg",
    "back_rounding": "spine_flexion_deg",
    "spine_flex_early": "spine_flexion_deg",
    "forward_lean_early": "lean_past_shank_deg",
    "knee_dominant": "shank_incl_deg",
    "head_neck_break": "neck_angle_deg",
    "lateral_bend_first": "side_bend_deg",
}


def spread(points_m):
    """How much a distance changes over time."""
    return float(np.ptp(np.linalg.norm(points_m, axis=-1)))


@pytest.mark.parametrize(("movement", "fault", "severity"), CASES)
def test_every_fault_moves_a_whole_body_that_stands(movement, fault, severity):
    body = body_of_set(performed(movement, {fault: severity}), fps=30.0)
    points = body.landmarks_m
    assert np.isfinite(points).all()
    assert np.isfinite(body.spine_m).all()
    assert max(spread(points[:, a] - points[:, b]) for a, b in RIGID) < 1e-9
    assert np.ptp(points[:, FEET], axis=0).max() < 1e-9
    assert (points[:, FEET, 1] > 0).all()
    assert points[..., 1].min() > 0


@pytest.mark.parametrize(("movement", "fault"), sorted({case[:2] for case in CASES}))
def test_more_severe_is_more(movement, fault):
    made = [performed(movement, {fault: severity}).reps[0] for severity in range(4)]
    name = f"{fault}.{AMOUNTS[fault].name}"
    amounts = [rep.amounts[name] for rep in made]
    rising = np.diff(amounts) * (
        -1 if AMOUNTS[fault].ranges[3][0] < AMOUNTS[fault].ranges[0][0] else 1
    )
    assert (rising > 0).all()
    assert [rep.severities[fault] for rep in made] == [0, 1, 2, 3]


@pytest.mark.parametrize("fault", sorted(AMOUNTS))
def test_the_ranges_of_two_severities_never_meet(fault):
    for ranges in (AMOUNTS[fault].ranges, *(AMOUNTS[fault].only or {}).values()):
        ordered = sorted(ranges)
        assert ordered in (list(ranges), list(ranges)[::-1])
        assert all(low[1] < high[0] for low, high in pairwise(ordered))
    assert AMOUNTS[fault].reason


@given(st.integers(0, 3), st.floats(-1.0, 1.0), st.integers(0, 10**6))
def test_amounts_stay_within_their_severity(severity, leaning, seed):
    low, high = AMOUNTS["back_rounding"].ranges[severity]
    rng = np.random.default_rng(seed)
    assert low <= amount_of("back_rounding", "hinge", severity, leaning=leaning, rng=rng) <= high


def test_every_fault_of_the_catalogue_is_made_or_refused_in_words():
    asked = set(load_catalog().faults)
    assert asked == {*AMOUNTS, *CANNOT_BE_MADE}


@pytest.mark.parametrize("fault", sorted(CANNOT_BE_MADE))
def test_what_cannot_be_made_is_refused(fault):
    with pytest.raises(UsageError, match=fault):
        performed("hinge", {fault: 2})


@pytest.mark.parametrize(
    ("movement", "severities", "words"),
    [
        ("bridge", {}, "movement"),
        ("hinge", {"forward_lean_early": 1}, "forward_lean_early"),
        ("hinge", {"back_rounding": 4}, "severity of 0 to 3"),
        ("hinge", {"made_of_thin_air": 1}, "made_of_thin_air"),
    ],
)
def test_plans_that_cannot_be_are_refused(movement, severities, words):
    with pytest.raises(UsageError, match=words):
        performed(movement, severities)


def test_a_set_has_repetitions_and_a_grip_of_its_movement():
    with pytest.raises(UsageError, match="at least one repetition"):
        performed("hinge", n_reps=0)
    with pytest.raises(UsageError, match="grip"):
        performed("hinge", grip=Grip.KETTLEBELL)
    assert performed("hinge", {"dowel_contact_lost": 1}).plan.held is Grip.DOWEL
    assert performed("hinge", grip=Grip.HANG).plan.held is Grip.HANG


def test_what_comes_along_is_told():
    assert performed("hinge", {"spine_flex_early": 2}).reps[0].severities["back_rounding"] == 2
    assert performed("rotation", {"hip_delay": 3}).reps[0].severities["twist_first"] == 3


@pytest.mark.parametrize("movement", MOVEMENTS)
def test_repetitions_follow_each_other_within_the_performance(movement):
    performance = performed(movement, n_reps=4, has_set_up=True, has_walk_in=True)
    edges = [at for rep in performance.reps for at in (rep.start_s, rep.turn_s, rep.stop_s)]
    assert len(performance.reps) == 4
    assert edges == sorted(edges)
    assert 0.0 < edges[0] < edges[-1] < performance.duration_s


@pytest.mark.parametrize("movement", MOVEMENTS)
@pytest.mark.parametrize("grip", list(Grip))
def test_before_a_set_people_walk_in_and_take_the_load(movement, grip):
    performance = performed(movement, n_reps=1, has_set_up=True, has_walk_in=True)
    angles = replace(performance.angles_at(times_of(performance, 30.0)), grip=grip)
    body = figure(performance.athlete, angles)
    points = body.landmarks_m
    assert max(spread(points[:, a] - points[:, b]) for a, b in RIGID) < 1e-9
    heels = point(body, "LEFT_HEEL")
    assert heels[0, 2] < heels[-1, 2] - 1.0
    assert np.isfinite(body.implement.ends_m).all() == (body.implement.kind != "none")


def test_a_foot_that_bears_weight_does_not_slide():
    body = body_of_set(performed("squat", n_reps=1, has_walk_in=True))
    for side in ("LEFT", "RIGHT"):
        heel = point(body, f"{side}_HEEL")
        is_down = heel[:, 1] < heel[:, 1].min() + 1e-6
        slides = np.abs(np.diff(heel[:, 2]))[is_down[1:] & is_down[:-1]]
        assert slides.max() < 1e-3


@pytest.mark.parametrize("movement", ["hinge", "deadlift", "kb_swing", "squat", "rotation"])
def test_the_same_plan_is_the_same_movement_and_another_seed_another(movement):
    plan = SetPlan(movement, draw_athlete(5), (RepPlan(),) * 2, seed=8)
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        elsewhere = pool.map(landmarks_of, [plan])[0]
    assert np.array_equal(landmarks_of(plan), elsewhere)
    assert perform(plan).reps != perform(replace(plan, seed=9)).reps


def landmarks_of(plan):
    performance = perform(plan)
    times_s = np.linspace(0.0, performance.duration_s, 50)
    return figure(performance.athlete, performance.angles_at(times_s)).landmarks_m


@settings(deadline=None, max_examples=20)
@given(st.integers(0, 10**6), st.sampled_from(["hinge", "deadlift", "squat", "kb_swing"]))
def test_good_repetitions_stay_over_the_feet(seed, movement):
    performance = performed(movement, athlete=draw_athlete(seed), n_reps=1)
    body = body_of_set(performance, fps=30.0)
    hip, shoulder, knee = (body.middle_m(name) for name in ("HIP", "SHOULDER", "KNEE"))
    trunk = hip + 0.626 * (shoulder - hip)
    centre = 0.70 * trunk + 0.20 * (hip + 0.433 * (knee - hip)) + 0.10 * 0.5 * knee
    heel, toe = body.middle_m("HEEL")[:, 2], body.middle_m("FOOT_INDEX")[:, 2]
    assert (centre[:, 2] > heel - 0.02).all()
    assert (centre[:, 2] < toe).all()


@settings(deadline=None, max_examples=10)
@given(st.floats(1.55, 1.95), st.sampled_from(["hinge", "squat", "rotation", "antirot"]))
def test_angles_do_not_depend_on_the_athletes_size(height_m, movement):
    athlete = plain_athlete()
    tall = replace(athlete, height_m=height_m, lengths_m=lengths_of(height_m))
    usual = replace(athlete, height_m=1.75, lengths_m=lengths_of(1.75))
    one, other = (
        curves_at(made, times_of(made, 30.0))
        for made in (performed(movement, athlete=tall), performed(movement, athlete=usual))
    )
    for name in ("trunk_incl_deg", "knee_angle_deg", "thigh_incl_deg", "thorax_yaw_deg"):
        assert one[name] == pytest.approx(other[name], abs=0.5)


def test_athletes_differ_and_come_again():
    one, again, other = draw_athlete(1), draw_athlete(1), draw_athlete(2)
    assert one == again
    assert one != other
    heights = [draw_athlete(seed).height_m for seed in range(300)]
    assert np.mean(heights) == pytest.approx(1.74, abs=0.02)
    assert min(draw_athlete(seed).lag_offset_s for seed in range(100)) >= 0.0


def test_rounding_keeps_the_lean_and_brings_hip_and_shoulder_closer():
    athlete = plain_athlete()
    straight = performed("hinge", {}, athlete=athlete)
    round_ = performed("hinge", {"back_rounding": 3}, athlete=athlete)
    turn_s = np.array([straight.reps[0].turn_s])
    one, other = (figure(athlete, made.angles_at(turn_s)) for made in (straight, round_))
    assert curves_at(straight, turn_s)["trunk_incl_deg"] == pytest.approx(
        curves_at(round_, turn_s)["trunk_incl_deg"], abs=1e-6
    )
    lengths = [
        float(np.linalg.norm(body.middle_m("SHOULDER") - body.mid_hip_m)) for body in (one, other)
    ]
    assert lengths[1] < 0.98 * lengths[0]


def test_every_channel_has_a_course_of_its_own():
    angles = performed("hinge").angles_at(np.zeros(3))
    assert all(getattr(angles, name).shape == (3,) for name in CHANNELS)
    assert FaultId("back_rounding") in makeable("hinge")
