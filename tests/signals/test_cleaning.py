"""Gating, swaps, outliers, gaps and the filter, each alone."""

import numpy as np
import pytest
import support_bodies as bodies
from hypothesis import given, settings
from hypothesis import strategies as st

from labeler.core.clip import FrameTimes, View
from labeler.core.landmarks import N_LANDMARKS, Landmark
from labeler.core.track import PoseTrack
from labeler.signals.body import Side, facing_sign, seen_side
from labeler.signals.clean import (
    clean,
    drop_outliers,
    fill_gaps,
    gate,
    runs,
)
from labeler.signals.lowpass import is_steady, lowpass, speed_per_s
from labeler.signals.robust import median, median_of_last_axis, percentile

FPS = 30.0


def path(n_frames=60, fps=FPS):
    """One landmark that moves along a slow curve; shape (n_frames, 1, 2)."""
    t = np.arange(n_frames) / fps
    return np.stack([100 + 40 * t, 200 + 30 * np.sin(2 * t)], axis=-1)[:, None, :]


def times_of(n_frames, fps=FPS):
    return FrameTimes(np.arange(n_frames) / fps)


def test_gate_drops_the_hardly_visible_and_the_outside():
    """Below half visible, or beyond the picture's edge: NaN; the track itself is left alone."""
    xy_px = np.array([[[10.0, 10.0], [10.0, 10.0], [-1.0, 10.0], [10.0, 721.0]]])
    visibility = np.array([[0.5, 0.49, 1.0, 1.0]])
    track = PoseTrack(times_of(1), xy_px, visibility, np.zeros((1, 4, 3)), (1280, 720))
    assert np.isfinite(gate(track)[0, :, 0]).tolist() == [True, False, False, False]
    assert np.isfinite(track.xy_px).all()


def test_a_leap_is_dropped_and_motion_is_kept():
    """One point 60 px off its way is an outlier; a smooth way has none."""
    xy_px = path()
    assert drop_outliers(xy_px, times_of(60).pts_s, floor_px=1.0) == pytest.approx(xy_px)
    xy_px[25, 0, 0] += 60.0
    found = drop_outliers(xy_px, times_of(60).pts_s, floor_px=1.0)
    assert np.flatnonzero(np.isnan(found[:, 0, 0])).tolist() == [25]
    assert np.isnan(found[25, 0]).all()


@pytest.mark.parametrize(
    ("n_missing", "is_filled"),
    [(1, True), (4, True), (5, True), (12, True), (13, False), (20, False)],
    ids=["33 ms", "133 ms", "167 ms", "400 ms", "433 ms", "667 ms"],
)
def test_gaps_are_filled_by_their_length(n_missing, is_filled):
    """Up to 400 ms of missing frames are filled, close to the true way; longer ones stay NaN."""
    truth = path()
    gappy = truth.copy()
    gappy[20 : 20 + n_missing] = np.nan
    found = fill_gaps(gappy, times_of(60))
    assert np.isfinite(found[20 : 20 + n_missing]).all() == is_filled
    if is_filled:
        assert found == pytest.approx(truth, abs=3.0)


def test_nothing_is_continued_beyond_what_was_seen():
    """Gaps at the ends of a clip stay."""
    gappy = path()
    gappy[:3] = np.nan
    gappy[-2:] = np.nan
    assert np.isnan(fill_gaps(gappy, times_of(60))[[0, 1, 2, -2, -1]]).all()


def test_gaps_longer_than_150_ms_follow_a_line():
    """A line, not a curve: the middle of the gap is the mean of its ends."""
    gappy = path()
    gappy[20:29] = np.nan
    found = fill_gaps(gappy, times_of(60))
    assert found[24] == pytest.approx((gappy[19] + gappy[29]) / 2.0)


def test_runs_end_at_gaps_and_at_holes_in_the_clock():
    """Two stretches around a NaN, and a third after half a second without frames."""
    is_known = np.array([True, True, False, True, True, True])
    times_s = np.array([0.0, 0.1, 0.2, 0.3, 0.4, 0.95])
    assert list(runs(is_known, times_s)) == [slice(0, 2), slice(3, 5), slice(5, 6)]
    assert list(runs(np.zeros(3, bool), np.arange(3.0))) == []


def test_every_step_counts_what_it_did():
    """In their order, with the number of points: here three are gated and filled along a curve."""
    track = bodies.hinge(bodies.steady_times(2.0, FPS), n_reps=1)
    track.visibility[30:33, Landmark.RIGHT_HIP] = 0.1
    track.visibility[40:50, Landmark.LEFT_HIP] = 0.1
    found = clean(track, lowpass_hz=20.0)
    assert {step.name: step.n_points for step in found.steps} == {
        "visibility_gate": 13,
        "swap_repair": 0,
        "hampel": 0,
        "short_gaps": 3,
        "long_gaps": 10,
        "left_open": 60 * 4,
        "lowpass": None,
        "clock": None,
        "padding": None,
    }
    assert found.steps[0].as_row()["of_points_ratio"] == pytest.approx(13 / (60 * 19))
    assert "13 points" in found.made_by["visibility_gate"]
    assert found.made_by["lowpass"].startswith("12 Hz")  # 30 frames per second allow no more


def test_filled_points_are_marked():
    """What was made up is known to be made up."""
    times = bodies.steady_times(2.0, FPS)
    track = bodies.hinge(times, n_reps=1)
    track.visibility[30:33, Landmark.RIGHT_HIP] = 0.1
    found = clean(track, lowpass_hz=6.0)
    assert np.argwhere(found.is_filled).tolist() == [
        [frame, Landmark.RIGHT_HIP] for frame in (30, 31, 32)
    ]


@pytest.mark.parametrize("fps", [24.0, 30.0, 60.0, 120.0])
def test_half_power_at_the_cutoff(fps):
    """Both passes together lose 3 dB at the cut-off: what two plain passes would not."""
    t = np.arange(round(8 * fps)) / fps
    wave = np.sin(2 * np.pi * 4.0 * t)
    middle = slice(round(2 * fps), round(6 * fps))
    gain = np.std(lowpass(wave, t, 4.0)[middle]) / np.std(wave[middle])
    assert gain == pytest.approx(np.sqrt(0.5), abs=0.02)


def test_the_filter_has_no_lag():
    """A symmetric bump stays where it was."""
    t = np.arange(120) / FPS
    bump = np.exp(-(((t - 2.0) / 0.3) ** 2))
    found = lowpass(bump, t, 4.0)
    assert t[np.argmax(found)] == pytest.approx(2.0)
    assert np.sum(found * t) / np.sum(found) == pytest.approx(2.0, abs=1e-3)


@settings(max_examples=25, deadline=None)
@given(level=st.floats(-1e3, 1e3), slope=st.floats(-100, 100), n_frames=st.integers(1, 80))
def test_a_line_passes_the_filter(level, slope, n_frames):
    """Constants and steady motion are low frequencies, up to the very ends."""
    t = np.arange(n_frames) / FPS
    line = level + slope * t
    assert lowpass(line, t, 4.0) == pytest.approx(line, abs=1e-2 * (1 + abs(slope)))


def test_a_cutoff_beyond_the_frame_rate_is_lowered():
    """12 Hz means nothing at 10 frames per second: still a valid filter."""
    t = np.arange(40) / 10.0
    assert np.isfinite(lowpass(np.sin(t), t, 12.0)).all()


def test_steady_and_unsteady_clocks():
    """A dropped frame or a tenth of jitter is unsteady; rounding to milliseconds is not."""
    even_s = np.round(np.arange(50) / FPS, 3)
    assert is_steady(even_s)
    assert is_steady(even_s[:1])
    assert not is_steady(np.delete(even_s, 20))
    assert not is_steady(bodies.uneven_times(3.0, FPS).pts_s)


def test_speed_of_a_line_on_an_uneven_clock():
    """Central differences on the frames' own times."""
    t = bodies.uneven_times(2.0, FPS).pts_s
    assert speed_per_s(5.0 - 3.0 * t, t) == pytest.approx(-3.0)
    assert np.isnan(speed_per_s(np.array([1.0]), np.array([0.0]))).all()


def test_facing_by_the_nose_when_no_foot_is_seen():
    """Feet first, then nose against ears, then to the right."""
    xy_px = np.full((3, N_LANDMARKS, 2), np.nan)
    assert facing_sign(xy_px) == 1
    xy_px[:, Landmark.NOSE, 0], xy_px[:, Landmark.LEFT_EAR, 0] = 100.0, 130.0
    assert facing_sign(xy_px) == -1
    xy_px[:, Landmark.LEFT_HEEL, 0], xy_px[:, Landmark.LEFT_FOOT_INDEX, 0] = 100.0, 130.0
    assert facing_sign(xy_px) == 1


@pytest.mark.parametrize(
    ("left", "right", "view", "expected"),
    [
        (0.9, 0.6, View.SIDE, Side.LEFT),
        (0.6, 0.9, View.SIDE, Side.RIGHT),
        (0.9, 0.9, View.SIDE, Side.RIGHT),
        (0.9, 0.6, View.OBLIQUE, Side.BOTH),
        (0.9, 0.3, View.OBLIQUE, Side.LEFT),
        (0.3, 0.9, None, Side.RIGHT),
    ],
)
def test_side_in_use(left, right, view, expected):
    """From the side the nearer one; elsewhere both, unless one is hidden.

    Whoever walks into the picture half-way through the clip had no side hidden before.
    """
    visibility = np.zeros((10, N_LANDMARKS))
    for name in Landmark.__members__:
        if name.startswith(("LEFT_", "RIGHT_")):
            visibility[:, Landmark[name]] = left if name.startswith("LEFT_") else right
    assert seen_side(visibility, view, facing=1) is expected
    visibility[:5] = np.nan
    assert seen_side(visibility, view, facing=1) is expected


def test_medians_without_values_are_nan():
    """Nothing known, nothing claimed, nothing warned."""
    assert np.isnan(median(np.array([np.nan])))
    assert np.isnan(percentile(np.array([]), 95.0))
    assert median(np.array([np.nan, 3.0, 5.0])) == 4.0


@settings(max_examples=30, deadline=None)
@given(st.lists(st.floats(-1e6, 1e6) | st.just(np.nan), min_size=1, max_size=9))
def test_median_along_an_axis_agrees_with_one_by_one(values):
    """The fast way over many windows gives what the plain median gives."""
    row = np.array(values)
    assert median_of_last_axis(row[None])[0] == pytest.approx(median(row), nan_ok=True)
