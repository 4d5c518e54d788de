"""How far and how fast signals go within a rep: known courses, gaps, what does not matter."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from labeler.core.clip import FrameTimes, View
from labeler.core.rep import Rep
from labeler.core.units import Unit
from labeler.features.posture import (
    FEATURE_NAMES,
    NOT_POSTURE,
    POSTURE_SIGNALS,
    POSTURE_WORDS,
    STATISTICS,
    postures,
)
from labeler.features.registry import ANY_VIEW, SAGITTAL, all_features
from labeler.features.rep_signals import rep_signals
from labeler.signals.registry import SIGNALS
from labeler.signals.series import ClipSignals

FPS = 20.0
BY_NAME = {one.name: one for one in all_features()}


def rep_with(courses, *, turn=10, times=None):
    n_frames = len(next(iter(courses.values())))
    times = FrameTimes(np.arange(n_frames) / FPS) if times is None else times
    unseen = np.full(n_frames, np.nan)
    values = {name: np.asarray(courses.get(name, unseen), dtype=float) for name in SIGNALS}
    signals = ClipSignals(times, values, unseen, np.zeros(n_frames, bool), facing=1)
    edges = (0, turn, n_frames)
    return rep_signals(signals, Rep(*edges, *(times.boundary_s(edge) for edge in edges)), None)


def numbers_of(rep, signal):
    names = dict(zip(STATISTICS, FEATURE_NAMES[signal], strict=True))
    return {ending: BY_NAME[name].compute(rep) for ending, name in names.items()}


def test_a_ramp_up_and_down_at_a_known_speed():
    """0 to 20 degrees in half a second and back: 40 degrees a second, either way."""
    there = np.linspace(0.0, 20.0, 11)
    found = numbers_of(rep_with({"trunk_incl_deg": [*there, *there[-2::-1]]}), "trunk_incl_deg")
    assert found["min"] == 0.0
    assert found["max"] == 20.0
    assert found["rom"] == 20.0
    assert found["turn"] == pytest.approx(20.0, abs=2.0)  # the median of the frames around it
    assert found["mean"] == pytest.approx(np.mean([*there, *there[-2::-1]]))
    assert found["sd"] == pytest.approx(np.std([*there, *there[-2::-1]]))
    assert found["peak"] == pytest.approx(40.0)


@given(dropped=st.sets(st.integers(1, 78), max_size=40))
def test_frames_that_a_phone_drops_move_neither_mean_nor_spread(dropped):
    """Mean and spread are over time: of frames they would move by degrees."""
    seen = np.array([frame for frame in range(80) if frame not in dropped])
    slow = 40.0 * np.sin(np.pi * np.arange(80) / 79.0) ** 2
    whole = numbers_of(rep_with({"trunk_incl_deg": slow}), "trunk_incl_deg")
    rep = rep_with({"trunk_incl_deg": slow[seen]}, times=FrameTimes(seen / FPS))
    longest = int(np.diff(seen).max())
    found = numbers_of(rep, "trunk_incl_deg")
    assert found["mean"] == pytest.approx(whole["mean"], abs=0.1 + 0.05 * longest**2)
    assert found["sd"] == pytest.approx(whole["sd"], abs=0.1 + 0.05 * longest**2)


def test_a_stretch_seen_by_fewer_frames_counts_for_its_time():
    """One second upright at 20 frames a second, one second bent at 4: half of each."""
    times = FrameTimes(np.concatenate([np.arange(20) / FPS, 1.0 + np.arange(4) / 4.0]))
    rep = rep_with({"trunk_incl_deg": [0.0] * 20 + [40.0] * 4}, times=times)
    assert numbers_of(rep, "trunk_incl_deg")["mean"] == pytest.approx(20.0, abs=2.5)


def test_frames_that_are_not_known_are_passed_over():
    """Gaps change neither range nor mean of what is known; speeds stop beside them."""
    course = np.array([1.0, 2.0, np.nan, 8.0, 9.0, 9.0, np.nan, 3.0, 3.0, 3.0, 3.0, 3.0])
    rep = rep_with({"knee_angle_deg": course, "hip_angle_deg": np.arange(12.0)}, turn=4)
    found, whole = numbers_of(rep, "knee_angle_deg"), numbers_of(rep, "hip_angle_deg")
    assert (found["min"], found["max"], found["rom"]) == (1.0, 9.0, 8.0)
    assert found["mean"] == pytest.approx(np.nanmean(course))
    assert found["sd"] == pytest.approx(np.nanstd(course))
    assert found["peak"] == pytest.approx(20.0)  # the first and the ninth are known on both sides
    assert whole["peak"] == pytest.approx(FPS)


def test_a_signal_that_is_never_known_has_no_numbers():
    rep = rep_with({"trunk_incl_deg": np.arange(20.0)})
    assert all(math.isnan(value) for value in numbers_of(rep, "lateral_bend_deg").values())
    assert set(postures(rep)) == set(FEATURE_NAMES["trunk_incl_deg"])


def test_known_in_one_frame_only():
    """A range of 0, no speed."""
    course = np.full(20, np.nan)
    course[10] = 5.0
    found = numbers_of(rep_with({"trunk_incl_deg": course}), "trunk_incl_deg")
    assert (found["min"], found["turn"], found["rom"]) == (5.0, 5.0, 0.0)
    assert found["sd"] == pytest.approx(0.0, abs=1e-12)
    assert math.isnan(found["peak"])


@given(st.integers(0, 1000), st.floats(-50.0, 50.0), st.floats(-3.0, 3.0))
def test_an_offset_moves_levels_and_no_range(seed, offset_deg, scale):
    """Levels move with the zero, ranges and speeds do not; all of them scale."""
    course = np.cumsum(np.random.default_rng(seed).normal(0.0, 2.0, 40))
    one = numbers_of(rep_with({"trunk_incl_deg": course}), "trunk_incl_deg")
    moved = rep_with({"trunk_incl_deg": scale * course + offset_deg})
    two = numbers_of(moved, "trunk_incl_deg")
    least, most = ("min", "max") if scale >= 0 else ("max", "min")
    for ending, name in (("min", least), ("max", most), ("turn", "turn"), ("mean", "mean")):
        assert two[ending] == pytest.approx(scale * one[name] + offset_deg, abs=1e-9)
    for ending in ("rom", "sd", "peak"):
        assert two[ending] == pytest.approx(abs(scale) * one[ending], abs=1e-9)


def test_an_uneven_clock_changes_no_speed():
    """A steady turn of 30 degrees a second, frames here and there."""
    times_s = np.sort(np.random.default_rng(3).uniform(0.0, 2.0, 40))
    times = FrameTimes(times_s - times_s[0])
    rep = rep_with({"thorax_axial_deg": 30.0 * times.pts_s}, times=times)
    assert numbers_of(rep, "thorax_axial_deg")["peak"] == pytest.approx(30.0)


def test_every_signal_has_all_numbers_and_words():
    """Speeds have no speed of their own; how well a back was seen is no posture."""
    assert set(POSTURE_WORDS) == set(POSTURE_SIGNALS)
    assert set(POSTURE_SIGNALS) | set(NOT_POSTURE) == set(SIGNALS)
    for name in POSTURE_SIGNALS:
        stem = name.removesuffix(f"_{SIGNALS[name].unit.value}")
        found = {one.name for one in BY_NAME.values() if one.name.startswith(f"{stem}_")}
        has_speed = SIGNALS[name].unit is not Unit.DEGREE_PER_SECOND
        for ending in set(STATISTICS) - {"peak"}:
            assert f"{stem}_{ending}_{SIGNALS[name].unit.value}" in found
        assert (f"{stem}_peak_{SIGNALS[name].unit.value}_per_s" in found) == has_speed


def test_angles_in_the_picture_are_told_from_the_side_copies_in_space_from_anywhere():
    assert BY_NAME["trunk_incl_max_deg"].views == SAGITTAL
    assert BY_NAME["trunk_incl_world_max_deg"].views == ANY_VIEW
    assert BY_NAME["back_tangent_max_deg"].views == (View.SIDE,)
    assert BY_NAME["pelvis_axial_rom_deg"].views == SIGNALS["pelvis_axial_deg"].views
