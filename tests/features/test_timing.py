"""What noise does to a moment, against what happens when a frame is really moved."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from labeler.catalog.spec import RepKind
from labeler.core.rep import Rep
from labeler.features import lags, onsets
from labeler.features.rep_signals import (
    HIP,
    HIP_COURSE,
    TORSO,
    TORSO_COURSE,
    RepSignals,
    levels,
)
from labeler.features.timing import (
    Lag,
    change_per_s,
    clock,
    course,
    crossing,
    noise_gains,
    pull_of_speed,
    standard_errors_s,
    summit,
    trapezoid_weights_s,
)

FPS = 100.0
DESCENT_S = 0.29
TIMES_S = np.arange(45) / FPS


def smooth(share):
    x = np.clip(share, 0.0, 1.0)
    return x**3 * (10.0 - 15.0 * x + 6.0 * x**2)


def rep_of(hips, torso, *, times_s=TIMES_S, turn_s=DESCENT_S, start_s=0.0, se=0.001):
    n = len(times_s)
    turn = int(np.searchsorted(times_s, turn_s))
    courses = {HIP: hips, TORSO: torso, HIP_COURSE: hips, TORSO_COURSE: torso}
    return RepSignals(
        rep=Rep(0, turn, n, start_s, turn_s, float(times_s[-1]) + 1 / FPS),
        values=courses,
        times_s=times_s,
        turn=turn,
        visibility=np.ones(n),
        is_interpolated=np.zeros(n, bool),
        fps=FPS,
        progress_se=dict.fromkeys(courses, se),
        kind=RepKind.ALTERNATING,
        lowpass_hz=10.0,
    )


HIPS = smooth((TIMES_S - 0.021) / 0.24) + 0.002 * np.sin(40.0 * TIMES_S)
TRUNK = smooth((TIMES_S - 0.034) / 0.235) ** 1.1 + 0.003 * np.cos(33.0 * TIMES_S)
MOMENTS = {
    "centroid": lags.centroid_lag,
    "area": lags.area_lag,
    "peak": lags.peak_lag,
    "onset": lambda rep: onsets.onset_lag(rep, 0.1),
    "bend": onsets.bend_lag,
}


@pytest.mark.parametrize("name", MOMENTS)
@pytest.mark.parametrize("channel", [0, 1], ids=["hips", "torso"])
def test_a_pull_is_what_a_moved_frame_does(name, channel):
    find = MOMENTS[name]
    lag = find(rep_of(HIPS, TRUNK))
    pull_s = tuple(lag.pulls_s.values())[channel]
    step = 1e-7
    for frame in range(1, len(pull_s) - 1):
        moved = (HIPS.copy(), TRUNK.copy())
        moved[channel][frame] += step
        by_s = find(rep_of(*moved)).by_s
        found = (by_s - lag.by_s) / step
        assert pull_s[frame] == pytest.approx(found, abs=2e-3), frame


def test_a_crossing_is_pulled_by_the_two_frames_about_it():
    share = np.array([0.0, 0.3, 0.7, 1.0])
    moment = crossing(share, np.array([0.0, 0.1, 0.2, 0.3]), 0.5)
    assert moment.at_s == pytest.approx(0.15)
    assert moment.pull_s == pytest.approx([0.0, -0.125, -0.125, 0.0])


@given(
    steps=st.lists(st.floats(0.01, 0.05), min_size=4, max_size=20),
    seed=st.integers(0, 1000),
)
def test_the_pull_of_a_speed_is_that_of_central_differences_turned_round(steps, seed):
    times_s = np.concatenate([[0.0], np.cumsum(steps)])
    rng = np.random.default_rng(seed)
    weights, values = rng.normal(size=(2, len(times_s)))
    rep = replace(
        rep_of(values, values, times_s=times_s, turn_s=float(times_s[-1])), fps=1.0 / min(steps)
    )
    assert clock(rep) == pytest.approx(times_s)
    pull = pull_of_speed(rep, weights)
    speed = np.gradient(values, times_s)
    assert change_per_s(rep, values) == pytest.approx(speed)
    assert pull @ values == pytest.approx(weights @ speed)


def test_the_summit_of_a_parabola_is_between_its_samples():
    at = np.arange(6.0)
    found = summit(-((at - 2.3) ** 2))
    assert (found.at, found.off) == (2, pytest.approx(0.3))
    assert found.time_s(10.0 * at) == pytest.approx(23.0)
    assert summit(at) is None
    assert summit(np.array([])) is None
    assert summit(np.array([0.0, np.nan, 0.0])) is None
    flat = summit(np.array([0.0, 1.0, 1.0, 1.0, 0.0]))
    assert (flat.at, flat.off) == (1, pytest.approx(0.5))


def test_one_frame_has_the_noise_of_one_frame_and_a_mean_has_less():
    rep = rep_of(HIPS, TRUNK)
    one = np.eye(30)[12]
    assert noise_gains(rep, one) == pytest.approx(1.0)
    mean = noise_gains(rep, np.full(30, 1.0 / 30.0))
    independent = math.sqrt(1.0 / (2.0 * rep.lowpass_hz * 30.0 / FPS))
    assert mean == pytest.approx(independent, rel=0.1)
    assert noise_gains(rep, np.stack([one, -2.0 * one])) == pytest.approx([1.0, 2.0])


def test_a_lag_that_is_not_told_has_no_error():
    rep = rep_of(HIPS, TRUNK)
    known = lags.centroid_lag(rep)
    found = standard_errors_s(rep, [lags.NO_LAG, known, Lag(0.01, {})])
    assert np.isfinite(found).tolist() == [False, True, False]
    assert np.isnan(standard_errors_s(replace(rep, progress_se={}), [known])).all()
    assert np.isnan(standard_errors_s(rep, [])).all()


@pytest.mark.parametrize("shift_s", [0.0, 0.003, 0.0049, 0.0051, 0.008])
def test_lags_move_gradually_with_where_a_rep_begins_and_turns(shift_s):
    usual = rep_of(HIPS, TRUNK)
    moved = rep_of(HIPS, TRUNK, start_s=shift_s, turn_s=DESCENT_S + shift_s)
    assert clock(moved)[[0, -1]] == pytest.approx([shift_s, DESCENT_S + shift_s])
    for find in (*MOMENTS.values(), lags.xcorr_lag, lags.combined_lag):
        assert find(moved).by_s == pytest.approx(find(usual).by_s, abs=0.0015)


def test_levels_are_read_between_frames_and_pass_over_what_is_unknown():
    rep = rep_of(HIPS, TRUNK)
    ramp = TIMES_S.copy()
    assert levels(rep, ramp, 0.1003, 0.1203) == pytest.approx(0.1103)
    ramp[11:13] = np.nan
    assert levels(rep, ramp, 0.1, 0.14) == pytest.approx(0.12, abs=0.021)
    assert np.isnan(levels(rep, np.full(45, np.nan), 0.1, 0.14))
    both = levels(rep, np.stack([TIMES_S, 2.0 * TIMES_S]), 0.1, 0.2)
    assert both == pytest.approx([0.15, 0.3])


@pytest.mark.parametrize("turn_s", [0.0, 0.01, 0.03])
def test_hardly_any_frames_have_no_speeds(turn_s):
    rep = rep_of(HIPS, TRUNK, turn_s=turn_s)
    assert len(course(rep, HIP)) == len(clock(rep)) == len(trapezoid_weights_s(rep))
    for name in ("centroid", "peak", "onset", "bend"):
        assert math.isnan(MOMENTS[name](rep).by_s)
    assert math.isnan(lags.xcorr_lag(rep).by_s)


def test_what_goes_back_and_forth_only_has_no_moment():
    """Against the turn, still, or never half-way: nothing to time."""
    away = np.minimum.accumulate(-HIPS)
    back, still = rep_of(away, away), rep_of(0.0 * HIPS, 0.0 * HIPS)
    short = rep_of(0.4 * HIPS, 0.4 * HIPS)
    for rep in (back, still):
        assert math.isnan(lags.crossing_lag(rep, 0.5).by_s)
        assert math.isnan(onsets.bend_lag(rep).by_s)
    assert math.isnan(lags.peak_lag(still).by_s)
    assert math.isnan(lags.xcorr_lag(still).by_s)
    assert math.isnan(lags.centroid_lag(back).by_s)
    assert math.isnan(onsets.bend_lag(short).by_s)


def test_a_bend_downwards_is_no_start():
    slowing = np.sqrt(np.clip(TIMES_S / 0.25, 0.0, 1.0))
    assert math.isnan(onsets.bend_lag(rep_of(slowing, slowing)).by_s)


def test_what_rises_from_its_very_start_has_no_bend():
    rising = np.clip(TIMES_S / 0.28, 0.0, 1.0)
    assert math.isnan(onsets.bend_lag(rep_of(rising, rising)).by_s)


@pytest.mark.parametrize("late_s", [-0.04, 0.0, 0.055])
def test_a_sharp_start_is_the_bend(late_s):
    times_s = np.arange(160) / FPS
    hips, torso = (np.clip((times_s - 0.4 - by_s) / 0.9, 0.0, 1.0) for by_s in (0.0, late_s))
    rep = rep_of(hips, torso, times_s=times_s, turn_s=1.5)
    assert onsets.bend_lag(rep).by_s == pytest.approx(late_s, abs=0.002)
