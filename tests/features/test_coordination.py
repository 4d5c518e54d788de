"""Relative phase and coupling of courses with known lags."""

import math
from dataclasses import replace

import numpy as np
import pytest

from labeler.catalog import load_catalog
from labeler.catalog.spec import RepKind
from labeler.core.clip import View
from labeler.core.rep import Rep
from labeler.features import coordination, lags, sequencing
from labeler.features.registry import all_features
from labeler.features.rep_signals import HIP, HIP_COURSE, TORSO, TORSO_COURSE, RepSignals
from labeler.features.shown import is_shown

FPS = 60.0
TIMES_S = np.arange(120) / FPS


def rep_of(hips, torso, se=0.01):
    """A rep whose hip and torso courses are given; it turns in the middle."""
    rep = Rep(0, 60, 120, 0.0, 1.0, 2.0)
    n = len(hips)
    courses = {HIP: hips, TORSO: torso, HIP_COURSE: hips, TORSO_COURSE: torso}
    return RepSignals(
        rep=rep,
        values={**courses, "shoulder_height_legs": -hips},
        times_s=TIMES_S[:n],
        turn=60,
        visibility=np.ones(n),
        is_interpolated=np.zeros(n, bool),
        fps=FPS,
        progress_se=dict.fromkeys(courses, se),
    )


def wave(delay_s=0.0):
    """There and back, once in two seconds."""
    return (1.0 - np.cos(np.pi * (TIMES_S - delay_s))) / 2.0


@pytest.mark.parametrize("lag_deg", [-40.0, 0.0, 25.0])
def test_the_phase_is_the_share_of_the_cycle_by_which_the_torso_is_ahead(lag_deg):
    rep = rep_of(wave(), wave(-2.0 * lag_deg / 360.0))
    assert coordination.crp_mean_deg(rep) == pytest.approx(lag_deg, abs=1.0)
    assert coordination.crp_sd_deg(rep) == pytest.approx(0.0, abs=1.0)
    assert coordination.crp_max_deg(rep) == pytest.approx(lag_deg, abs=1.5)


def test_together_is_in_phase():
    rep = rep_of(wave(), wave())
    assert coordination.coupling_inphase_ratio(rep) == 1.0
    assert coordination.coupling_torso_only_ratio(rep) == 0.0
    assert coordination.coupling_hip_only_ratio(rep) == 0.0
    assert coordination.coupling_antiphase_ratio(rep) == 0.0
    assert coordination.coupling_angle_sd_deg(rep) == pytest.approx(0.0, abs=1e-3)


@pytest.mark.parametrize(
    ("hips", "torso", "name"),
    [
        (np.zeros(120), wave(), "coupling_torso_only_ratio"),
        (wave(), np.zeros(120), "coupling_hip_only_ratio"),
        (wave(), 1.0 - wave(), "coupling_antiphase_ratio"),
    ],
)
def test_one_alone_and_one_against_the_other(hips, torso, name):
    assert getattr(coordination, name)(rep_of(hips, torso)) == 1.0


def test_the_four_shares_are_the_whole():
    rep = rep_of(wave(), wave(0.2) ** 2)
    shares = [
        getattr(coordination, f"coupling_{name}_ratio")(rep)
        for name in ("inphase", "torso_only", "hip_only", "antiphase")
    ]
    assert sum(shares) == pytest.approx(1.0)
    assert coordination.coupling_angle_sd_deg(rep) > 5.0


@pytest.mark.parametrize(
    "rep",
    [
        rep_of(wave()[:6], wave()[:6]),
        rep_of(wave(), np.full(120, np.nan)),
        rep_of(0 * wave(), 0 * wave()),
    ],
    ids=["too short", "unknown", "still"],
)
def test_what_has_no_phase_is_nan(rep):
    for name in ("mean", "sd", "max"):
        assert math.isnan(getattr(coordination, f"crp_{name}_deg")(rep))


@pytest.mark.parametrize(
    "rep", [rep_of(wave(), np.full(120, np.nan)), rep_of(0 * wave(), 0 * wave())]
)
def test_what_does_not_move_or_is_unknown_has_no_coupling(rep):
    assert math.isnan(coordination.coupling_angle_sd_deg(rep))
    assert math.isnan(coordination.coupling_inphase_ratio(rep))
    assert math.isnan(coordination.coupling_hip_only_ratio(rep))


def test_a_course_without_known_noise_has_no_error():
    rep = rep_of(wave(), wave(), se=math.nan)
    unknown = rep_of(wave(), np.full(120, np.nan))
    for name in sequencing.LAGS:
        assert math.isnan(sequencing.lag_se_ms(rep, name))
        assert math.isnan(sequencing.lag_se_ms(unknown, name))


def test_the_area_does_not_depend_on_where_levels_were_put():
    """Scaling or shifting a course changes no area."""
    one = lags.area_lag(rep_of(wave(), wave(0.1))).by_s
    two = lags.area_lag(rep_of(wave(), 0.2 + 0.7 * wave(0.1))).by_s
    assert two == pytest.approx(one)
    assert math.isnan(lags.area_lag(rep_of(wave(), 0 * wave())).by_s)


@pytest.mark.parametrize(
    ("movement", "shown"),
    [
        ("hinge", {View.SIDE, View.OBLIQUE}),
        (None, {View.SIDE, View.OBLIQUE}),
        ("rotation", {View.FRONT, View.REAR, View.OBLIQUE}),
    ],
)
def test_who_leads_is_told_from_where_the_movement_shows_it(movement, shown):
    known = None if movement is None else load_catalog().movement(movement)
    crp = next(one for one in all_features() if one.name == "crp_mean_deg")
    assert {view for view in View if is_shown(crp, view, known)} == shown
    assert is_shown(crp, None, known)


def test_a_turn_needs_no_sinking_shoulders():
    rep = rep_of(wave(), wave())
    rep.values["shoulder_height_legs"][:] = 0.001 * np.sin(TIMES_S)
    assert replace(rep, kind=RepKind.ALTERNATING).has_descent


def brisk(delay_s, descent_s):
    """A rep whose way to the turn takes a given time, the torso later by `delay_s`."""
    n = len(TIMES_S)
    hips, torso = (
        np.clip((TIMES_S - 0.1 - late_s) / (descent_s - 0.15), 0.0, 1.0)
        for late_s in (0.0, delay_s)
    )
    smooth = [x**3 * (10 - 15 * x + 6 * x**2) for x in (hips, torso)]
    turn = round(descent_s * FPS)
    rep = Rep(0, turn, n, 0.0, turn / FPS, n / FPS)
    return replace(rep_of(*smooth), rep=rep, turn=turn)


@pytest.mark.parametrize("delay_s", [-0.06, 0.0, 0.05])
def test_sliding_finds_the_delay(delay_s):
    rep = brisk(delay_s, 0.9)
    assert lags.xcorr_lag(rep).by_s == pytest.approx(delay_s, abs=0.008)
    assert lags.combined_lag(rep).by_s == pytest.approx(delay_s, abs=0.008)


def test_the_peak_of_speed_is_told_in_fast_turns_only():
    fast, slow = (
        replace(brisk(0.03, descent_s), kind=RepKind.ALTERNATING) for descent_s in (0.29, 0.9)
    )
    assert lags.peak_lag(fast).by_s == pytest.approx(0.03, abs=0.01)
    assert math.isnan(lags.peak_lag(slow).by_s)
    assert math.isnan(lags.peak_lag(brisk(0.03, 0.29)).by_s)


def test_how_long_the_way_takes_is_that_of_the_slower_course():
    assert lags.way_s(brisk(0.0, 0.9)) == pytest.approx(0.75, abs=0.01)
    slower = np.clip((TIMES_S - 0.1) / 0.8, 0.0, 1.0)
    rep = rep_of(wave(), slower**3 * (10 - 15 * slower + 6 * slower**2))
    assert lags.way_s(rep) == pytest.approx(1.18, abs=0.01)  # of the cosine
    assert math.isnan(lags.way_s(rep_of(wave(), np.full(120, np.nan))))


def test_lags_by_speed_of_what_is_unknown_or_too_short_are_nan():
    unknown = rep_of(wave(), np.full(120, np.nan))
    short = replace(unknown, turn=2, rep=Rep(0, 2, 120, 0.0, 2 / FPS, 2.0))
    for rep in (unknown, short, replace(short, turn=10, rep=Rep(0, 10, 120, 0.0, 10 / FPS, 2.0))):
        assert math.isnan(lags.xcorr_lag(rep).by_s)
        assert math.isnan(lags.peak_lag(rep).by_s)
    still = replace(
        rep_of(0 * wave(), 0 * wave()), turn=10, rep=Rep(0, 10, 120, 0.0, 10 / FPS, 2.0)
    )
    assert math.isnan(lags.peak_lag(still).by_s)
