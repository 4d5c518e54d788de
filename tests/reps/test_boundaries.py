"""Starts, turns and ends between frames: the same movement is cut at the same moments."""

import numpy as np
import pytest
import support_bodies as bodies
from hypothesis import given, settings
from hypothesis import strategies as st
from support_signals import turning

from labeler.catalog import load_catalog
from labeler.core.clip import FrameTimes, View
from labeler.reps.course import Course, arrives, course_of, leaves
from labeler.reps.segment import find_reps
from labeler.reps.spans import NO_REST_RATIO, Span, middle_of_stretch, rep_of, rest_share, summit
from labeler.signals.compute import compute_signals

MOVEMENTS = load_catalog().movements
N_REPS = 3


def moments(times, *, shift_s=0.0, rest_s=0.6, is_backwards=False):
    """Start, turn and end of each squat in seconds of the movement; shape (n_reps, 3)."""
    course = bodies.cycles(times.pts_s + shift_s, n_reps=N_REPS, rest_s=rest_s)
    track = bodies.side_body(
        times, trunk_deg=35 * course, thigh_deg=80 * course, shank_deg=30 * course
    )
    if is_backwards:
        end_s = times.pts_s[-1]
        track = bodies.track_of(track.xy_px[::-1], FrameTimes(end_s - times.pts_s[::-1]))
    signals = compute_signals(track, view=View.SIDE, lowpass_hz=4.0)
    reps = find_reps(signals, MOVEMENTS["squat"]).reps
    found = np.array([[rep.start_s, rep.turn_s, rep.stop_s] for rep in reps])
    return end_s - found[::-1, ::-1] if is_backwards else found + shift_s


@settings(max_examples=15)
@given(st.floats(0.0, 1 / 30), st.sampled_from([0.0, 0.1, 0.2, 0.6]))
def test_where_the_frames_fall_does_not_matter(shift_s, rest_s):
    """A camera that began a part of a frame later: no moment moves by a fifth of a frame."""
    times = bodies.steady_times(11.0, 30.0)
    usual = moments(times, rest_s=rest_s)
    assert usual.shape == (N_REPS, 3)
    assert moments(times, shift_s=shift_s, rest_s=rest_s) == pytest.approx(usual, abs=0.006)


@pytest.mark.parametrize("fps", [24.0, 60.0, 240.0])
def test_frame_rate_does_not_matter(fps):
    """Slow motion and film: moments within a fifth of a frame at 30 a second."""
    usual = moments(bodies.steady_times(11.0, 30.0))
    assert moments(bodies.steady_times(11.0, fps)) == pytest.approx(usual, abs=0.007)


@settings(max_examples=10)
@given(st.integers(0, 999))
def test_an_uneven_clock_does_not_matter(seed):
    """Jittered and dropped frames: moments within a quarter of a frame."""
    usual = moments(bodies.steady_times(11.0, 30.0))
    assert moments(bodies.uneven_times(11.0, 30.0, seed=seed)) == pytest.approx(usual, abs=0.008)


@pytest.mark.parametrize("rest_s", [0.0, 0.15, 0.6])
def test_time_backwards_gives_the_same_moments(rest_s):
    """What starts a repetition ends it in a clip that is played backwards."""
    times = bodies.steady_times(11.0, 30.0)
    usual = moments(times, rest_s=rest_s)
    assert moments(times, rest_s=rest_s, is_backwards=True) == pytest.approx(usual, abs=0.01)


def test_swings_are_cut_between_frames():
    """Ends of a sine fall where they are, whatever the frame rate."""
    for fps in (30.0, 50.0):
        times = bodies.steady_times(8.0, fps)
        signals = turning(times, 45.0 * np.sin(np.pi * (times.pts_s - 0.21)))
        reps = find_reps(signals, MOVEMENTS["rotation"]).reps
        starts_s = [rep.start_s for rep in reps[1:]]
        assert starts_s == pytest.approx(np.arange(0.71, 7.8, 1.0)[: len(starts_s)], abs=0.003)


def test_a_rest_that_shortens_moves_edges_gradually():
    """From rest to no rest the edges of two repetitions come together without a leap."""
    found = [rest_share(rest, 100.0) for rest in np.linspace(0.0, 150.0 * NO_REST_RATIO, 31)]
    assert (found[0], found[-1]) == (0.0, 1.0)
    assert np.all(np.diff(found) >= 0.0)
    assert np.diff(found).max() < 0.2


@given(st.floats(-0.5, 0.5))
def test_a_summit_between_steps(off):
    """Of a parabola exactly; at an edge there is nothing to fit."""
    steps = np.arange(9.0)
    assert summit(-((steps - 4 - off) ** 2), 4) == pytest.approx(4 + off)
    assert summit(steps, 8) == 8.0
    assert summit(np.zeros(9), 4) == 4.0


@given(st.floats(-0.45, 0.45))
def test_the_middle_of_a_stretch_between_steps(off):
    """Of a triangle; a course that only rises turns at its end."""
    steps = np.arange(41.0)
    assert middle_of_stretch(-np.abs(steps - 20 - off), 0, 20, 40) == pytest.approx(
        20 + off, abs=0.1
    )
    assert middle_of_stretch(steps, 0, 40, 40) == 40.0


def test_a_flat_course_is_rest_throughout():
    """Rest ends where the way does, and begins where it does."""
    flat = Course(np.arange(5.0), np.zeros(5), np.zeros(5), 1.0, np.zeros((5, 1)))
    assert (leaves(flat, 0, 4, 0.0), arrives(flat, 0, 4, 0.0)) == (4.0, 0.0)


def test_a_candidate_of_hardly_a_frame_is_none():
    """Start and end at the same frame: there is nothing to cut."""
    times = bodies.steady_times(3.0, 30.0)
    signals = compute_signals(bodies.hinge(times), view=View.SIDE, lowpass_hz=4.0)
    course = course_of(signals)
    assert rep_of(Span(10.1, 10.2, 10.3), course, signals) is None
    rep = rep_of(Span(10.25, 20.0, 30.5), course, signals)
    assert (rep.start_frame, rep.turn_frame) == (10, 20)
    assert (rep.start_s, rep.turn_s, rep.stop_s) == pytest.approx((10.25 / 30, 20 / 30, 30.5 / 30))
