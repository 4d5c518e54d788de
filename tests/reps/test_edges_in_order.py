"""Start, turn and end of whatever is found follow each other, whatever a body does."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support_bodies import minimum_jerk, steady_times
from support_signals import made_signals

from labeler.catalog import load_catalog
from labeler.reps.segment import find_reps

MOVEMENTS = load_catalog().movements


def between(times_s, stays_s, levels):
    """From level to level, each move starting a stay after the one before."""
    course = np.full(len(times_s), float(levels[0]))
    starts_s = np.cumsum([0.0, *stays_s])
    for start_s, lasts_s, (one, other) in zip(starts_s, stays_s, pairwise(levels), strict=False):
        course += (other - one) * minimum_jerk((times_s - start_s) / lasts_s)
    return course


def bending(times, bend_deg):
    """A body of which everything bends, turns and reaches alike."""
    return made_signals(
        times,
        trunk_incl_deg=bend_deg,
        hip_angle_deg=180.0 - 1.8 * bend_deg,
        knee_angle_deg=180.0 - bend_deg,
        thorax_axial_deg=bend_deg,
        pelvis_axial_deg=0.5 * bend_deg,
        wrist_reach_ratio=bend_deg / 70.0,
    )


@pytest.mark.parametrize("movement", ["deadlift", "squat", "rotation", "antirot"])
@settings(max_examples=60)
@given(
    st.lists(st.tuples(st.floats(0.3, 2.5), st.sampled_from([0, 30, 50, 65, 70])), min_size=2),
    st.integers(0, 100),
)
def test_edges_are_in_order(movement, ways, seed):
    """Down, up, half-way, staying there, trembling: each place in order and inside the clip."""
    stays_s, levels = zip(*ways, strict=True)
    times = steady_times(sum(stays_s) + 0.5, 30.0)
    trembling = np.random.default_rng(seed).normal(0.0, 0.3, times.n_frames)
    signals = bending(times, between(times.pts_s, stays_s, levels) + trembling)
    found = find_reps(signals, MOVEMENTS[movement])
    for rep in (*found.reps, *(one.rep for one in found.rejected)):
        assert 0.0 <= rep.start_s <= rep.turn_s <= rep.stop_s <= times.duration_s
        assert times.pts_s[rep.turn_frame] <= rep.turn_s + 1e-6


def test_a_load_that_stays_on_the_floor_is_no_pull():
    """Three pulls; then the load is put down, and the clip ends with hands still at the bar."""
    stays_s = [1.0, 1.5, 1.5, 1.5, 1.5, 1.5, 1.5, 1.5, 1.5]
    times = steady_times(15.0, 30.0)
    course = between(times.pts_s, stays_s, [0, 0, 70, 0, 70, 0, 70, 0, 70])
    trembling = np.random.default_rng(0).normal(0.0, 0.3, times.n_frames)
    found = find_reps(bending(times, course + trembling), MOVEMENTS["deadlift"])
    assert [rep.turn_s for rep in found.reps] == pytest.approx([2.5, 5.5, 8.5], abs=0.1)
    (put_down,) = found.rejected
    assert "of the way back done" in put_down.reason


def test_a_turn_with_a_way_back_inside_is_one_turn():
    """Nearly there, nearly back, and there at last: it does not end before it begins."""
    times = steady_times(10.0, 30.0)
    levels = [0, -35, 35, 5, 31, 1, 35, -35, 35]
    signals = bending(times, between(times.pts_s, [1.0] * 9, levels))
    found = find_reps(signals, MOVEMENTS["rotation"])
    ends_s = [(rep.start_s, rep.stop_s) for rep in found.reps]
    assert np.ravel(ends_s) == pytest.approx([0, 1, 1, 2, 4, 5, 5, 6, 6, 7, 7, 8], abs=0.1)
