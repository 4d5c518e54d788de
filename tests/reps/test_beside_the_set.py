"""What comes before, after and instead of repetitions, and a load that rests on the floor."""

from itertools import pairwise

import numpy as np
import pytest
import support_bodies as bodies
from hypothesis import given, settings
from hypothesis import strategies as st

from labeler.catalog import load_catalog
from labeler.core.clip import FrameTimes, View
from labeler.core.rep import Rep
from labeler.reps.candidate import Candidate
from labeler.reps.segment import find_reps
from labeler.reps.setup import words_before_or_after
from labeler.signals.compute import compute_signals

MOVEMENTS = load_catalog().movements


def search(track, movement="squat"):
    found = MOVEMENTS[movement] if movement else None
    return find_reps(compute_signals(track, view=View.SIDE, lowpass_hz=4.0), found)


def squats(times, *, first_s, n_reps=5):
    """Trunk, thigh and shank of squats, in degrees."""
    course = bodies.cycles(times.pts_s, n_reps=n_reps, first_s=first_s)
    return {"trunk_deg": 35 * course, "thigh_deg": 80 * course, "shank_deg": 30 * course}


def bend(times, first_s):
    """Reaching to the floor with straight legs, as for a shoe."""
    return 95 * bodies.cycles(times.pts_s, n_reps=1, first_s=first_s)


def walk(times, stop_s):
    """Steps on the spot until `stop_s`: thigh and shank of the near leg."""
    t = times.pts_s
    step = np.where(t < stop_s, np.maximum(0.0, np.sin(2 * np.pi * t / 1.1)), 0.0)
    return {"thigh_deg": 30 * step, "shank_deg": -20 * step}


@pytest.mark.parametrize("is_after", [False, True], ids=["before", "after"])
def test_bending_down_beside_a_set_is_no_rep(is_after):
    """Five squats, and a stiff-legged reach to the floor before or after them."""
    times = bodies.steady_times(26.0, 30.0)
    angles = squats(times, first_s=2.0 if is_after else 6.0)
    angles["trunk_deg"] = angles["trunk_deg"] + bend(times, 20.0 if is_after else 1.0)
    found = search(bodies.side_body(times, **angles))
    assert len(found.reps) == 5
    (rejected,) = found.rejected
    assert "bends in another way" in rejected.reason
    assert rejected.rep.start_s == pytest.approx(20.0 if is_after else 1.0, abs=0.3)


def test_walking_in_is_no_rep():
    """Steps before a set bend one knee: they go hardly as far, whatever single joints do."""
    times = bodies.steady_times(24.0, 30.0)
    angles = squats(times, first_s=6.0)
    for name, deg in walk(times, 4.4).items():
        angles[name] = angles[name] + deg
    found = search(bodies.side_body(times, **angles))
    assert [rep.start_s for rep in found.reps] == pytest.approx(np.arange(5) * 2.8 + 6.0, abs=0.3)
    assert all(one.rep.stop_s < 6.0 for one in found.rejected)


def test_an_empty_picture_before_and_after_the_set_changes_nothing():
    """Camera on, walk in, five squats, walk out, camera off: seen in a third of the clip."""
    times = bodies.steady_times(60.0, 30.0)
    track = bodies.side_body(times, **squats(times, first_s=21.0))
    whole = search(track)
    is_away = (times.pts_s < 20.0) | (times.pts_s > 40.0)
    track.xy_px[is_away], track.visibility[is_away] = np.nan, np.nan
    found = search(track)
    assert len(found.reps) == len(whole.reps) == 5
    turns_s, expected_s = ([rep.turn_s for rep in one.reps] for one in (found, whole))
    assert turns_s == pytest.approx(expected_s, abs=0.02)


def test_putting_the_load_down_is_no_rep():
    """A clip that ends at the bottom: the last way down is turned down, in words."""
    times = bodies.steady_times(13.4, 30.0)
    found = search(bodies.side_body(times, **squats(times, first_s=1.0)))
    assert len(found.reps) == 4
    assert [one.reason for one in found.rejected] == ["the clip ends with 0% of the way back done"]


def test_staying_down_after_a_set_is_no_rep():
    """The same when the body goes on to move a little at the bottom."""
    times = bodies.steady_times(17.0, 30.0)
    angles = squats(times, first_s=1.0, n_reps=4)
    down = bodies.minimum_jerk((times.pts_s - 12.5) / 1.2)
    down = down - 0.05 * bodies.minimum_jerk((times.pts_s - 14.5) / 1.0)
    for name, deg in (("trunk_deg", 35), ("thigh_deg", 90), ("shank_deg", 30)):
        angles[name] = angles[name] + deg * down
    found = search(bodies.side_body(times, **angles))
    assert len(found.reps) == 4
    (rejected,) = found.rejected
    assert "of the way back" in rejected.reason


def test_a_bad_rep_inside_a_set_stays():
    """One of five done with the trunk alone: it is what the labels are for."""
    times = bodies.steady_times(16.0, 30.0)
    angles = squats(times, first_s=1.0)
    is_third = (times.pts_s > 6.4) & (times.pts_s < 9.2)
    third = bodies.cycles(times.pts_s, n_reps=1, first_s=6.6)
    for name, deg in (("trunk_deg", 80), ("thigh_deg", 25), ("shank_deg", 0)):
        angles[name] = np.where(is_third, deg * third, angles[name])
    assert len(search(bodies.side_body(times, **angles)).reps) == 5


def test_dead_stop_pulls_begin_at_the_floor():
    """Pulls from a load that rests on the floor for a second and a half.

    The clip begins at the floor. Each pull is a repetition that turns as it leaves the floor; the
    last time down nobody comes up again.
    """
    times = bodies.steady_times(17.0, 30.0)
    lockouts = bodies.cycles(times.pts_s, n_reps=4, down_s=1.0, hold_s=0.4, rest_s=1.5, first_s=1.0)
    bent = 1.0 - lockouts
    track = bodies.side_body(times, trunk_deg=60 * bent, thigh_deg=50 * bent, shank_deg=10 * bent)
    found = search(track, "deadlift")
    pulls_s = 1.0 + 3.9 * np.arange(4)
    assert [rep.turn_s for rep in found.reps] == pytest.approx(pulls_s, abs=0.25)
    assert [rep.stop_s for rep in found.reps] == pytest.approx(pulls_s + 1.0, abs=0.25)
    assert found.reps[0].reasons == ("it begins bent: no descent is seen",)
    assert all(rep.reasons == () for rep in found.reps[1:])
    assert len(found.rejected) == 1


@settings(max_examples=15, deadline=None)
@given(
    st.integers(1, 6),
    st.floats(0.6, 1.8),
    st.floats(0.0, 1.0),
    st.sampled_from([24.0, 60.0, 240.0]),
    st.integers(0, 99),
)
def test_as_many_backwards_as_forwards(n_reps, down_s, rest_s, fps, seed):
    """Any tempo, rest and frame rate, with a pixel of noise: all found, in both directions."""
    times = bodies.steady_times(2.0 + n_reps * (2 * down_s + 0.2 + rest_s), fps)
    course = bodies.cycles(times.pts_s, n_reps=n_reps, down_s=down_s, rest_s=rest_s)
    track = bodies.side_body(
        times, trunk_deg=35 * course, thigh_deg=80 * course, shank_deg=30 * course
    )
    noise_px = np.random.default_rng(seed).normal(0.0, 1.0, track.xy_px.shape)
    forwards = bodies.track_of(track.xy_px + noise_px, times)
    backwards = bodies.track_of(
        forwards.xy_px[::-1], FrameTimes(times.pts_s[-1] - times.pts_s[::-1])
    )
    one, two = search(forwards), search(backwards)
    assert len(one.reps) == len(two.reps) == n_reps
    mirrored_s = [times.pts_s[-1] - rep.turn_s for rep in two.reps[::-1]]
    assert [rep.turn_s for rep in one.reps] == pytest.approx(mirrored_s, abs=0.1)


def row(*places):
    """Repetitions (start, stop) in seconds."""
    return [Rep(10 * a, 5 * (a + b), 10 * b, a, (a + b) / 2, b) for a, b in places]


def words_beside(reps, postures):
    """Candidates that rest at 0 and turn in these postures."""
    return words_before_or_after(
        [
            Candidate(rep, np.array([0.0, 1.0, 0.0]), np.outer([0.0, 1.0, 0.0], posture), turn=1)
            for rep, posture in zip(reps, postures, strict=True)
        ]
    )


EVEN = [(0, 2), (3, 5), (6, 8), (9, 11)]


@pytest.mark.parametrize(
    ("place", "posture", "expected"),
    [
        ((20, 22), (1.0, 1.0), False),
        ((20, 22), (2.0, 2.0), True),
        ((12, 14), (2.0, 2.0), False),
        ((12, 14), (-1.0, 1.0), True),
    ],
    ids=["a late rep", "later and deeper", "deeper", "another way"],
)
def test_what_stands_beside_a_set(place, posture, expected):
    """Unlike the set it is none of it; only much deeper, if a break lies between as well."""
    postures = [np.array([1.0, 1.0])] * 4 + [np.array(posture)]
    words = words_beside(row(*EVEN, place), postures)
    assert words[:4] == [None] * 4
    assert (words[4] is not None) == expected


@pytest.mark.parametrize(
    ("hands_legs", "n_fetches"),
    [((0.42, 0.66), 0), ((0.42, 0.66, 0.66), 1), ((0.42, 0.66, 0.42), 1)],
    ids=["two that differ", "before two", "before one and after it"],
)
def test_hands_that_go_lower_need_two_others(hands_legs, n_fetches):
    """Of two Romanian deadlifts the deeper one is no fetch; beside two others it is."""
    places = [(0, 3), (6, 9), (9.5, 12.5)][: len(hands_legs)]
    found = words_before_or_after(
        [
            Candidate(
                rep,
                np.array([0.0, 1.0, 0.0]),
                np.outer([0.0, 1.0, 0.0], [1.0, 1.0]),
                turn=1,
                hands_legs=one,
            )
            for rep, one in zip(row(*places), hands_legs, strict=True)
        ]
    )
    assert sum(words is not None for words in found) == n_fetches


def test_three_reps_do_not_say_what_is_usual():
    """With two of a kind and one of another, nobody knows which is the movement."""
    postures = [np.array([1.0, 1.0])] * 2 + [np.array([-1.0, 1.0])]
    assert words_beside(row(*EVEN[:3]), postures) == [None] * 3


def test_reps_that_are_all_different_stay():
    """No two alike: there is no set to stand beside."""
    postures = [np.array(p, dtype=float) for p in ((1, 0), (-1, 0), (0, 1), (0, -1))]
    assert words_beside(row(*EVEN), postures) == [None] * 4


def test_reps_never_overlap_their_rejected_neighbours():
    """A twitch between two reps has its own place, and its reason says how far it went."""
    times = bodies.steady_times(14.0, 30.0)
    t = times.pts_s
    course = bodies.cycles(t, n_reps=3) + 0.3 * bodies.cycles(t, n_reps=1, first_s=10.0)
    found = search(bodies.side_body(times, trunk_deg=100 * course, thigh_deg=60 * course), "hinge")
    assert [one.reason for one in found.rejected] == ["goes 30% as far as the others"]
    places = sorted(
        (rep.start_frame, rep.stop_frame)
        for rep in (*found.reps, *(one.rep for one in found.rejected))
    )
    assert all(a[1] <= b[0] for a, b in pairwise(places))


def test_a_set_in_which_no_two_are_alike_says_nothing():
    """Postures all over the place: none of them is turned down for being unlike the others."""
    postures = [
        np.array(p) for p in ((1.0, -0.3), (1.0, -0.3), (0.7, 0.7), (-0.3, 1.0), (-0.3, 1.0))
    ]
    places = [(3 * n, 3 * n + 2) for n in range(5)]
    assert words_beside(row(*places), postures) == [None] * 5


def test_picking_the_load_up_on_the_way_into_a_set_is_told():
    """A first swing that begins with the bell on the floor takes twice as long, and says so."""
    times = bodies.steady_times(14.0, 30.0)
    t = times.pts_s
    swings = bodies.cycles(t, n_reps=6, down_s=0.6, hold_s=0.0, rest_s=0.3, first_s=3.4)
    pick_up = bodies.minimum_jerk((t - 0.5) / 1.0) - bodies.minimum_jerk((t - 2.2) / 1.0)
    course = swings + pick_up
    track = bodies.side_body(times, trunk_deg=60 * course, thigh_deg=25 * course)
    found = search(track, "kb_swing")
    assert len(found.reps) == 7
    assert found.reps[0].reasons == ("takes 2.2 times as long as the others",)
    assert all(rep.reasons == () for rep in found.reps[1:])
