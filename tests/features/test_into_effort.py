"""Channels turned into the effort: lifts by the bend, turns by the hips, stillness refused."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from labeler.catalog import load_catalog
from labeler.core.clip import FrameTimes
from labeler.core.rep import Rep
from labeler.features.coordination import crp_mean_deg
from labeler.features.lags import area_lag
from labeler.features.rep_signals import HIP, HIP_COURSE, TORSO_COURSE, rep_signals
from labeler.signals.registry import SIGNALS
from labeler.signals.series import ClipSignals

FPS = 30.0
N_FRAMES = 90
SQUAT = load_catalog().movement("squat")
ROTATION = load_catalog().movement("rotation")


def there_and_back(by, late_s=0.0):
    """A course that goes `by` and returns within three seconds."""
    return by * (1.0 - np.cos(2.0 * np.pi * (np.arange(N_FRAMES) / FPS - late_s) / 3.0)) / 2.0


def cut(courses, movement=SQUAT):
    times, unseen = FrameTimes(np.arange(N_FRAMES) / FPS), np.full(N_FRAMES, np.nan)
    courses = {"shoulder_height_legs": there_and_back(-1.0), **courses}
    values = {name: np.asarray(courses.get(name, unseen), float) for name in SIGNALS}
    signals = ClipSignals(times, values, unseen, np.zeros(N_FRAMES, bool), facing=1)
    edges = (0, N_FRAMES // 2, N_FRAMES)
    return rep_signals(signals, Rep(*edges, *(times.boundary_s(edge) for edge in edges)), movement)


def squat(torso_deg, hip_deg=80.0, late_s=0.0):
    channels = {SQUAT.hip_signal: there_and_back(hip_deg)}
    return cut({**channels, "trunk_incl_deg": there_and_back(torso_deg, late_s)})


def test_a_lean_keeps_its_sign_and_unit():
    rep = squat(40.0)
    np.testing.assert_allclose(rep[TORSO_COURSE], rep["trunk_incl_deg"])


@pytest.mark.parametrize("torso_deg", [-40.0, 0.0, 5.0], ids=["leans back", "still", "hardly"])
def test_a_torso_without_a_lean_has_neither_phase_nor_lag(torso_deg):
    rep = squat(torso_deg)
    assert np.isnan(rep[TORSO_COURSE]).all()
    assert np.isnan(crp_mean_deg(rep))
    assert np.isnan(area_lag(rep).by_s)


def test_joints_that_close_rise_into_the_effort():
    deadlift = load_catalog().movement("deadlift")
    rep = cut({"hip_angle_deg": 180.0 + there_and_back(-90.0)}, deadlift)
    np.testing.assert_allclose(rep[HIP_COURSE], -rep["hip_angle_deg"])


@pytest.mark.parametrize("side", [1.0, -1.0], ids=["left", "right"])
def test_a_turn_rises_to_the_side_to_which_the_hips_turn(side):
    turns = {"pelvis_axial_deg": there_and_back(side * 50.0)}
    rep = cut({**turns, "thorax_axial_deg": there_and_back(side * 60.0, 0.1)}, ROTATION)
    np.testing.assert_allclose(rep[HIP_COURSE], there_and_back(50.0))
    np.testing.assert_allclose(rep[TORSO_COURSE], there_and_back(60.0, 0.1))


@given(scale=st.floats(0.3, 3.0), offset=st.floats(-30.0, 30.0), late_s=st.floats(-0.2, 0.2))
def test_size_and_place_of_the_lean_change_neither_phase_nor_lag(scale, offset, late_s):
    one, other = squat(40.0, late_s=late_s), squat(40.0 * scale, late_s=late_s)
    other.values["trunk_incl_deg"][:] += offset
    assert crp_mean_deg(other) == pytest.approx(crp_mean_deg(one), abs=1e-6)
    assert area_lag(other).by_s == pytest.approx(area_lag(one).by_s, abs=1e-6)


def test_a_lean_that_has_gone_by_the_turn_still_leads():
    """Up from a chair the torso leans and is upright again: start and turn are alike."""
    early = 40.0 * np.exp(-np.square((np.arange(N_FRAMES) / FPS - 0.6) / 0.25))
    rep = cut({SQUAT.hip_signal: there_and_back(80.0), "trunk_incl_deg": early})
    assert area_lag(rep).by_s < -0.1
    assert crp_mean_deg(rep) > 0.0


@pytest.mark.parametrize(
    ("n_lost", "is_told"), [(11, True), (14, False)], ids=["bridged", "too long"]
)
@pytest.mark.parametrize("first", [0, 20, 70], ids=["start", "descent", "ascent"])
def test_a_hidden_shin_is_bridged_for_a_moment_only(first, n_lost, is_told):
    hidden = there_and_back(80.0)
    hidden[first : first + n_lost] = np.nan
    rep = cut({SQUAT.hip_signal: hidden, "trunk_incl_deg": there_and_back(40.0)})
    assert np.isfinite(rep[TORSO_COURSE]).all()
    if first:  # at the start its level is lost at once
        assert np.isfinite(rep[HIP_COURSE]).all() == is_told
        assert np.isfinite(rep[HIP]).all() == is_told
    assert np.isfinite(crp_mean_deg(rep)) == np.isfinite(rep[HIP_COURSE]).all()
