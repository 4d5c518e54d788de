"""Clips as phones record them: noise, holes, odd clocks, other things done beside the set."""

from itertools import pairwise

import numpy as np
import pytest
import support_bodies as bodies
from hypothesis import given, settings
from hypothesis import strategies as st
from support_signals import made_signals

from labeler.catalog import load_catalog
from labeler.core.clip import FrameTimes, View
from labeler.core.landmarks import Landmark
from labeler.core.rep import RepQuality
from labeler.reps.course import Course
from labeler.reps.cyclic import cyclic_spans
from labeler.reps.judge import frames_seen, judged_anew
from labeler.reps.segment import find_reps
from labeler.reps.sets import sets_of
from labeler.signals.compute import compute_signals
from labeler.signals.registry import SIGNALS

MOVEMENTS = load_catalog().movements


def search(track, movement="squat"):
    found = MOVEMENTS[movement] if movement else None
    return find_reps(compute_signals(track, view=View.SIDE, lowpass_hz=4.0), found)


def squats(times, course):
    return bodies.side_body(
        times, trunk_deg=35 * course, thigh_deg=80 * course, shank_deg=30 * course
    )


def noisy(track, noise_px, seed=0):
    """The same points, each off by normal noise in both directions."""
    off_px = np.random.default_rng(seed).normal(0.0, noise_px, track.xy_px.shape)
    return bodies.track_of(track.xy_px + off_px, track.times)


def turns_s(found):
    return [rep.turn_s for rep in found.reps]


@pytest.mark.parametrize("movement", ["squat", None])
@pytest.mark.parametrize("noise_px", [3.0, 6.0])
def test_noise_neither_adds_nor_hides_repetitions(noise_px, movement):
    """Up to 6 pixels at a body of 530: all found, none made up, turns within a frame or three."""
    times = bodies.steady_times(16.0, 30.0)
    clean = squats(times, bodies.cycles(times.pts_s, n_reps=5))
    usual = turns_s(search(clean, movement))
    for seed in range(5):
        found = search(noisy(clean, noise_px, seed), movement)
        assert turns_s(found) == pytest.approx(usual, abs=0.1)


@pytest.mark.parametrize("is_at_turn", [True, False], ids=["turn", "way down"])
def test_a_short_hole_changes_nothing(is_at_turn):
    """A third of a second without a person, in every repetition."""
    times = bodies.steady_times(13.0, 30.0)
    course = bodies.cycles(times.pts_s, n_reps=4)
    usual = turns_s(search(squats(times, course)))
    track = squats(times, course)
    for turn_s in usual:
        from_s = turn_s - 0.15 if is_at_turn else turn_s - 0.8
        lost = (times.pts_s > from_s) & (times.pts_s < from_s + 0.3)
        track.xy_px[lost], track.visibility[lost] = np.nan, np.nan
    found = search(track)
    assert turns_s(found) == pytest.approx(usual, abs=0.05)
    assert {rep.quality for rep in found.reps} == {RepQuality.GOOD}


@pytest.mark.parametrize("movement", ["squat", "hinge", "kb_swing", None])
@pytest.mark.parametrize("fps", [24.0, 30.0, 240.0])
def test_one_repetition_in_a_clip_of_three_seconds(fps, movement):
    """A clip cut to one repetition: begun and ended at rest, whatever the frame rate."""
    times = bodies.steady_times(3.0, fps)
    found = search(squats(times, bodies.cycles(times.pts_s, n_reps=1, first_s=0.4)), movement)
    (rep,) = found.reps
    assert (rep.start_s, rep.turn_s, rep.stop_s) == pytest.approx((0.4, 1.5, 2.6), abs=0.15)
    assert rep.reasons == ()


@pytest.mark.parametrize("movement", ["squat", "deadlift", None])
def test_a_slow_sway_in_a_long_clip_is_no_repetition(movement):
    """Half a minute of standing with noise, and a step aside: nothing to count."""
    times = bodies.steady_times(30.0, 30.0)
    sway = 4.0 * np.sin(2 * np.pi * times.pts_s / 4.0)
    track = noisy(bodies.side_body(times, trunk_deg=sway, thigh_deg=-sway), 2.0)
    track.xy_px[:, :, 0] += 60.0 * bodies.minimum_jerk((times.pts_s - 12.0) / 1.0)[:, None]
    found = search(track, movement)
    assert found.reps == ()
    assert [finding.code for finding in found.findings] == ["no_reps"]


@settings(max_examples=15)
@given(st.integers(1, 5), st.floats(0.0, 0.8), st.integers(0, 999))
def test_a_mirror_gives_the_same_cuts(n_reps, rest_s, seed):
    """From the other side, with the same noise, on an uneven clock: the same moments."""
    times = bodies.uneven_times(2.0 + n_reps * (2.2 + rest_s), 30.0, seed=seed)
    track = noisy(squats(times, bodies.cycles(times.pts_s, n_reps=n_reps, rest_s=rest_s)), 1.0)
    one, two = search(track), search(bodies.mirrored(track))
    assert len(one.reps) == n_reps
    for rep, same in zip(one.reps, two.reps, strict=True):
        moments = (rep.start_s, rep.turn_s, rep.stop_s)
        assert moments == pytest.approx((same.start_s, same.turn_s, same.stop_s), abs=1e-3)


@settings(max_examples=10)
@given(st.integers(0, 999))
def test_a_skipping_clock_gives_the_same_count(seed):
    """Every fifth frame dropped at random and a stall of a third of a second."""
    rng = np.random.default_rng(seed)
    pts_s = np.arange(480) / 30.0
    stall_s = rng.uniform(2.0, 13.0)
    kept = (rng.random(480) > 0.2) & ~((pts_s > stall_s) & (pts_s < stall_s + 0.33))
    kept[0] = True
    times = FrameTimes(pts_s[kept])
    found = search(squats(times, bodies.cycles(times.pts_s, n_reps=5)))
    assert turns_s(found) == pytest.approx(2.1 + 2.8 * np.arange(5), abs=0.15)


def test_waving_a_hand_is_no_repetition():
    """Somebody waves at the camera before a set, swaying a little, and begins."""
    times = bodies.steady_times(20.0, 30.0)
    t = times.pts_s
    waves = (t > 0.5) & (t < 3.0)
    sway = np.where(waves, 5.0 * np.sin(2 * np.pi * 1.5 * t), 0.0)
    course = bodies.cycles(t, n_reps=5, first_s=4.0)
    track = bodies.side_body(
        times, trunk_deg=60 * course + sway, thigh_deg=40 * course, shank_deg=5 * course
    )
    track.xy_px[:, Landmark.RIGHT_WRIST] = np.stack([700 + 20 * sway, 0 * t + 150], axis=1)
    found = search(bodies.track_of(track.xy_px, times), "deadlift")
    assert [rep.start_s for rep in found.reps] == pytest.approx(4.0 + 2.8 * np.arange(5), abs=0.2)
    assert all(one.rep.stop_s < 4.2 for one in found.rejected)


def test_squatting_down_after_a_set_of_pulls_is_no_repetition():
    """Ten pulls; then down on the heels, a look at the phone, and up again."""
    times = bodies.steady_times(40.0, 30.0)
    t = times.pts_s
    pulls = bodies.cycles(t, n_reps=10, first_s=1.0)
    squat = bodies.cycles(t, n_reps=1, first_s=32.0, down_s=1.2, hold_s=2.0)
    track = bodies.side_body(
        times,
        trunk_deg=65 * pulls + 15 * squat,
        thigh_deg=35 * pulls + 110 * squat,
        shank_deg=40 * squat,
    )
    found = search(track, "deadlift")
    assert len(found.reps) == 10
    (rejected,) = found.rejected
    assert rejected.rep.start_s == pytest.approx(32.0, abs=0.3)
    assert "bends in another way" in rejected.reason


def test_two_sets_in_one_clip():
    """Four squats, a break of a quarter of a minute, three more: all of them, and two sets."""
    times = bodies.steady_times(42.0, 30.0)
    course = bodies.cycles(times.pts_s, n_reps=4) + bodies.cycles(
        times.pts_s, n_reps=3, first_s=29.0
    )
    found = search(noisy(squats(times, course), 1.0))
    assert found.rejected == ()
    assert sets_of(found.reps) == [[0, 1, 2, 3], [4, 5, 6]]


def test_a_rest_at_the_floor_belongs_to_the_way_down():
    """From standing, down to the bar, two seconds there, up: the pull begins where rest ends.

    Told as a hinge, which rests at the top, the same clip turns in the middle of that rest.
    """
    times = bodies.steady_times(8.0, 30.0)
    course = bodies.cycles(times.pts_s, n_reps=1, first_s=1.0, hold_s=2.0)
    track = bodies.side_body(times, trunk_deg=60 * course, thigh_deg=50 * course)
    (pull,), (hinge,) = search(track, "deadlift").reps, search(track, "hinge").reps
    assert pull.turn_s == pytest.approx(4.0, abs=0.15)
    assert hinge.turn_s == pytest.approx(3.0, abs=0.1)
    assert (pull.start_s, pull.stop_s) == (hinge.start_s, hinge.stop_s)


def test_touch_and_go_turns_at_the_bottom():
    """Without a rest at the floor a deadlift turns where it is deepest."""
    times = bodies.steady_times(12.0, 30.0)
    course = bodies.cycles(times.pts_s, n_reps=4, hold_s=0.1)
    track = bodies.side_body(times, trunk_deg=60 * course, thigh_deg=50 * course)
    deepest_s = 2.05 + 2.7 * np.arange(4)
    assert turns_s(search(track, "deadlift")) == pytest.approx(deepest_s, abs=0.05)


def test_two_ends_of_a_flat_top_are_one_effort():
    """Exactly as high as each other, and further apart than two repetitions have to be."""
    times_s = np.arange(0.0, 22.0, 1 / 30)
    values = 100.0 * bodies.cycles(times_s, n_reps=5, down_s=0.8, hold_s=0.3)
    values[(times_s > 16.0) & (times_s < 20.0)] = 99.0
    for at_s in (16.5, 19.5):
        values[np.abs(times_s - at_s) < 0.1] = 100.0
    speed = np.gradient(values, times_s)
    course = Course(times_s, values, speed, 1 / 30, values[:, None])
    assert len(cyclic_spans(course, MOVEMENTS["squat"], 25.0)) == 6


def test_candidates_never_share_frames():
    """Repetitions and what was turned down beside them, in one row without overlap."""
    times = bodies.steady_times(24.0, 30.0)
    t = times.pts_s
    course = bodies.cycles(t, n_reps=5, rest_s=0.0) + 0.3 * bodies.cycles(
        t, n_reps=2, first_s=14.0, rest_s=0.0
    )
    found = search(squats(times, course))
    places = [*found.reps, *(one.rep for one in found.rejected)]
    places.sort(key=lambda rep: rep.start_frame)
    assert len(found.reps) == 5
    assert found.rejected
    assert all(a.stop_frame <= b.start_frame for a, b in pairwise(places))


def test_quality_of_a_rep_cut_by_hand():
    """Judged by the pose inside its edges; an old reason is not kept."""
    times = bodies.steady_times(13.0, 30.0)
    signals = compute_signals(bodies.hinge(times), view=View.SIDE, lowpass_hz=4.0)
    first = find_reps(signals, None).reps[0]
    assert judged_anew(first, signals, None).quality is RepQuality.GOOD
    for name in ("hip_angle_deg", "trunk_incl_deg"):
        signals.values[name][60:80] = np.nan
    again = judged_anew(first, signals, MOVEMENTS["hinge"])
    assert (again.quality, again.reasons) == (RepQuality.BAD, ("the pose is lost for 0.6 s",))


def test_a_hidden_shin_hides_no_repetition():
    """The bend of the leg is not known then; the squat itself is seen all the same."""
    times = bodies.steady_times(2.0, 30.0)
    signals = made_signals(times, **dict.fromkeys(SIGNALS, np.zeros(times.n_frames)))
    signals.values["leg_bend_deg"] = np.full(times.n_frames, np.nan)
    assert frames_seen(signals, MOVEMENTS["squat"]).all()


def test_a_view_that_never_shows_the_leading_signals():
    """Then a body in sight counts as seen, and one out of sight does not."""
    times = bodies.steady_times(2.0, 30.0)
    signals = made_signals(times, **dict.fromkeys(SIGNALS, np.full(times.n_frames, np.nan)))
    signals.visibility[:10] = np.nan
    assert frames_seen(signals, MOVEMENTS["hinge"]).tolist() == [False] * 10 + [True] * 50
