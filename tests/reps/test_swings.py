"""Turns from side to side, and throws among them."""

import json
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support_bodies import minimum_jerk, steady_times, uneven_times
from support_signals import turning

from labeler.catalog import load_catalog
from labeler.core.clip import FrameTimes, View
from labeler.core.rep import Rep
from labeler.core.track import PoseTrack
from labeler.reps.direction import Direction, turn_direction
from labeler.reps.segment import find_reps
from labeler.reps.swings import swing_ends
from labeler.signals.compute import compute_signals

MOVEMENTS = load_catalog().movements
LEFT, RIGHT = Direction.LEFT, Direction.RIGHT


def course(t, *moves):
    """A turn in degrees, of moves (start, duration, degrees)."""
    return sum(deg * minimum_jerk((t - at) / lasts) for at, lasts, deg in moves)


def directions(signals, reps):
    return [turn_direction(signals, rep) for rep in reps]


@pytest.mark.parametrize("movement", ["rotation", "tspine_rot"])
@pytest.mark.parametrize("fps", [30.0, 120.0, 240.0])
def test_swings_from_side_to_side(fps, movement):
    """Left, right, left, right: four swings, each cut where it leaves and where it arrives."""
    times = steady_times(9.0, fps)
    moves = [(1.0, 1.0, 40.0), (3.0, 1.0, -80.0), (4.5, 1.0, 80.0), (6.5, 1.0, -40.0)]
    signals = turning(times, course(times.pts_s, *moves))
    found = find_reps(signals, MOVEMENTS[movement])
    assert directions(signals, found.reps) == [LEFT, RIGHT, LEFT, RIGHT]
    assert found.rejected == ()
    assert found.findings == ()
    for rep, (start_s, lasts_s, _deg) in zip(found.reps, moves, strict=True):
        assert rep.start_s == pytest.approx(start_s, abs=0.15)
        assert rep.stop_s == pytest.approx(start_s + lasts_s, abs=0.15)
        assert rep.turn_frame == rep.stop_frame - 1


@pytest.mark.parametrize("movement", ["rotation", "tspine_rot"])
@settings(max_examples=10, deadline=None)
@given(st.integers(0, 1000), st.sampled_from([0.0, 1.0, 2.0]))
def test_noise_hardly_moves_the_edges_of_a_swing(movement, seed, noise_deg):
    """A swing of a second is at 5 % of its speed 60 ms from either end, trembling or not."""
    times = steady_times(9.0, 30.0)
    moves = [(1.0, 1.0, 35.0), (2.6, 1.0, -70.0), (4.2, 1.0, 70.0), (5.8, 1.0, -70.0)]
    noise = noise_deg * np.random.default_rng(seed).standard_normal(times.n_frames)
    signals = turning(times, course(times.pts_s, *moves) + noise)
    reps = find_reps(signals, MOVEMENTS[movement]).reps
    within_s = 0.06 + 0.15 * noise_deg
    starts_s, lasts_s = (np.array(told) for told in zip(*[move[:2] for move in moves], strict=True))
    assert [rep.start_s for rep in reps] == pytest.approx(starts_s + 0.06, abs=within_s)
    assert [rep.stop_s for rep in reps] == pytest.approx(starts_s + lasts_s - 0.06, abs=within_s)


def test_a_pause_half_way_stays_inside_a_swing():
    """A turn in two halves with a stop between them: the edges are those by its speed."""
    times = steady_times(7.0, 60.0)
    moves = [(1.0, 0.8, 40.0), (2.4, 0.8, 40.0), (4.5, 1.0, -80.0)]
    reps = find_reps(turning(times, course(times.pts_s, *moves)), MOVEMENTS["rotation"]).reps
    assert [rep.start_s for rep in reps] == pytest.approx([1.0, 4.5], abs=0.1)
    assert [rep.stop_s for rep in reps] == pytest.approx([3.2, 5.5], abs=0.1)


def test_swings_without_rest_meet_at_the_ends():
    """A sine is cut at its ends, wherever the clip begins, and loses no frame."""
    times = steady_times(8.0, 60.0)
    signals = turning(times, 45.0 * np.sin(np.pi * times.pts_s / 1.0))
    reps = find_reps(signals, MOVEMENTS["rotation"]).reps
    assert [rep.start_s for rep in reps[1:]] == pytest.approx(np.arange(0.5, 7.6, 1.0), abs=0.04)
    assert all(a.stop_frame == b.start_frame for a, b in pairwise(reps))


@settings(max_examples=20, deadline=None)
@given(st.integers(1, 6), st.floats(20.0, 90.0), st.integers(0, 99))
def test_a_mirror_turns_left_into_right(n_turns, size_deg, seed):
    """The same cuts in a mirror, and the same number backwards, on an uneven clock with noise."""
    times = uneven_times(2.0 * n_turns + 2.0, 60.0, seed=seed)
    t = times.pts_s
    moves = [(1.0 + 2.0 * n, 1.0, size_deg * (-1.0) ** n) for n in range(n_turns)]
    noise = np.random.default_rng(seed).normal(0.0, 0.2, t.size)
    thorax_deg = course(t, *moves) + noise
    one = turning(times, thorax_deg)
    two = turning(times, -thorax_deg)
    back = turning(FrameTimes(t[-1] - t[::-1]), thorax_deg[::-1])
    found, mirrored, reversed_ = (
        find_reps(signals, MOVEMENTS["rotation"]).reps for signals in (one, two, back)
    )
    assert found == mirrored
    assert len(found) == len(reversed_) == n_turns
    assert directions(one, found) == [LEFT if n % 2 == 0 else RIGHT for n in range(n_turns)]
    assert directions(two, found) == [RIGHT if n % 2 == 0 else LEFT for n in range(n_turns)]


def test_throws_are_counted_without_their_wind_up():
    """Slow back, fast forward, with a swing back after it: the throw ends where it first stops."""
    times = steady_times(12.0, 120.0)
    moves = []
    for first_s in (1.0, 4.5, 8.0):
        moves += [(first_s, 1.0, -50.0), (first_s + 1.2, 0.25, 100.0), (first_s + 1.45, 0.6, -15.0)]
        moves += [(first_s + 2.2, 0.8, -35.0)]
    signals = turning(times, course(times.pts_s, *moves))
    found = find_reps(signals, MOVEMENTS["rotation"])
    assert directions(signals, found.reps) == [LEFT] * 3
    assert [rep.stop_s for rep in found.reps] == pytest.approx([2.45, 5.95, 9.45], abs=0.1)
    assert {one.reason for one in found.rejected} == {
        "winds up for a throw, or comes back from one"
    }


def test_one_fast_swing_among_many_is_no_throw():
    """Nine even swings and a hasty one are ten swings."""
    times = steady_times(16.0, 60.0)
    moves = [(0.5 + 1.5 * n, 1.0, 60.0 * (-1.0) ** n) for n in range(9)] + [(14.0, 0.3, -60.0)]
    found = find_reps(turning(times, course(times.pts_s, *moves)), MOVEMENTS["rotation"])
    assert len(found.reps) == 10


def test_a_small_turn_among_large_ones_is_turned_down():
    """What goes a third as far as the others is no repetition."""
    times = steady_times(12.0, 60.0)
    large = [(0.5 + 1.5 * n, 1.0, 60.0 * (-1.0) ** n) for n in range(6)]
    signals = turning(times, course(times.pts_s, *large, (10.0, 1.0, 26.0)))
    assert len(find_reps(signals, MOVEMENTS["rotation"]).reps) == 7
    smaller = course(times.pts_s, *large, (10.0, 1.0, 15.0))
    assert len(find_reps(turning(times, smaller), MOVEMENTS["rotation"]).reps) == 6


@pytest.mark.parametrize(
    ("thorax_deg", "words"),
    [
        (lambda t: 3.0 * np.sin(t), "nothing turns from side to side"),
        (lambda t: np.full_like(t, np.nan), "turns of the trunk are not seen"),
    ],
    ids=["standing", "not seen"],
)
def test_no_turn(thorax_deg, words):
    """Nothing to cut: no repetition, and the reason."""
    times = steady_times(5.0, 30.0)
    found = find_reps(turning(times, thorax_deg(times.pts_s)), MOVEMENTS["rotation"])
    assert found.reps == ()
    assert words in found.findings[0].message


@pytest.mark.data
def test_a_real_trial_of_turning(data_dir):
    """To the right, all the way to the left with a stop in the middle, and back: three swings."""
    told = json.loads((data_dir / "poses" / "trunk_rotation_blazepose.json").read_text())
    points = np.array([list(frame.values()) for frame in told["positions"].values()])
    size = np.array([1920.0, 1080.0, 1920.0])
    times = FrameTimes(np.arange(len(points)) / 30.0)
    track = PoseTrack(
        times=times,
        xy_px=(points * size)[..., :2],
        visibility=np.ones(points.shape[:2]),
        world_m=(points - points[:, 23:25].mean(axis=1, keepdims=True)) * size / 700.0,
        size_px=(1920, 1080),
    )
    signals = compute_signals(track, view=View.FRONT, lowpass_hz=MOVEMENTS["rotation"].lowpass_hz)
    found = find_reps(signals, MOVEMENTS["rotation"])
    assert directions(signals, found.reps) == [RIGHT, LEFT, RIGHT]
    assert found.rejected == ()


def test_who_does_not_turn_has_no_direction():
    """A few degrees, or nothing known: no direction."""
    times = steady_times(2.0, 30.0)
    rep = Rep(0, 30, 60, 0.0, 1.0, 2.0)
    still = turning(times, 2.0 * times.pts_s)
    assert turn_direction(still, rep) is None
    assert turn_direction(turning(times, np.full(60, np.nan)), rep) is None


def test_a_throw_ends_at_its_first_stop():
    """What swings on after it, slowly and in the same direction, is its follow-through."""
    times = steady_times(12.0, 120.0)
    moves = []
    for first_s in (1.0, 4.5, 8.0):
        moves += [(first_s, 1.0, -70.0), (first_s + 1.2, 0.3, 100.0), (first_s + 1.5, 0.4, -8.0)]
        moves += [(first_s + 1.9, 0.6, 45.0), (first_s + 2.6, 0.7, -67.0)]
    signals = turning(times, course(times.pts_s, *moves))
    found = find_reps(signals, MOVEMENTS["rotation"])
    assert directions(signals, found.reps) == [LEFT] * 3
    assert [rep.stop_s for rep in found.reps] == pytest.approx([2.5, 6.0, 9.5], abs=0.1)


@settings(max_examples=40)
@given(st.integers(0, 10_000), st.floats(0.1, 0.9))
def test_ends_take_turns(seed, share):
    """Of any wandering at all: high and low in turn, each far enough from the next."""
    values = np.random.default_rng(seed).normal(0.0, 1.0, 200).cumsum()
    least = share * np.ptp(values)
    heights = values[swing_ends(values, least)]
    assert len(heights) >= 2
    assert np.all(np.abs(np.diff(heights)) >= least)
    assert np.all(np.diff(np.sign(np.diff(heights))) != 0)
