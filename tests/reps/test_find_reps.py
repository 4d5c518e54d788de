"""Repetitions of made-up bodies, of real clips' poses, and of hardly anything."""

import json
from itertools import pairwise

import numpy as np
import pytest
import support_bodies as bodies
from hypothesis import given, settings
from hypothesis import strategies as st

from labeler.catalog import load_catalog
from labeler.catalog.spec import RepKind
from labeler.core.clip import FrameTimes, View
from labeler.core.rep import Rep, RepQuality
from labeler.core.track import PoseTrack
from labeler.reps.candidate import Candidate
from labeler.reps.course import Course, rhythm_s
from labeler.reps.judge import frames_seen, judged
from labeler.reps.phases import phases_of
from labeler.reps.segment import find_reps
from labeler.signals.compute import compute_signals

MOVEMENTS = load_catalog().movements
CYCLE_S = {"down_s": 1.0, "hold_s": 0.2, "rest_s": 0.6, "first_s": 1.0}
PERIOD_S = 2 * CYCLE_S["down_s"] + CYCLE_S["hold_s"] + CYCLE_S["rest_s"]


def search(track, movement="hinge", view=View.SIDE):
    found = MOVEMENTS[movement] if movement else None
    return find_reps(compute_signals(track, view=view, lowpass_hz=4.0), found)


@pytest.mark.parametrize("movement", ["hinge", "deadlift", "squat", None])
@pytest.mark.parametrize("fps", [24.0, 60.0])
def test_known_repetitions(fps, movement):
    """Four hinges: counted, turned within their hold, begun and ended at rest."""
    times = bodies.steady_times(13.0, fps)
    found = search(bodies.hinge(times, n_reps=4), movement)
    assert len(found.reps) == 4
    assert found.rejected == ()
    assert found.findings == ()
    for number, rep in enumerate(found.reps):
        start_s = CYCLE_S["first_s"] + number * PERIOD_S
        down_s = start_s + CYCLE_S["down_s"]
        stop_s = start_s + 2 * CYCLE_S["down_s"] + CYCLE_S["hold_s"]
        assert rep.start_s == pytest.approx(start_s, abs=0.2)
        assert down_s - 0.05 <= rep.turn_s <= down_s + CYCLE_S["hold_s"] + 0.05
        assert rep.stop_s == pytest.approx(stop_s, abs=0.2)
        assert rep.quality is RepQuality.GOOD
        assert rep.reasons == ()


def test_frames_are_those_in_sight_at_the_times():
    """On an uneven clock too: the last one that has begun."""
    times = bodies.uneven_times(13.0, 30.0, seed=5)
    found = search(bodies.hinge(times))
    assert len(found.reps) == 4
    for rep in found.reps:
        for at_s, frame in (
            (rep.start_s, rep.start_frame),
            (rep.turn_s, rep.turn_frame),
            (rep.stop_s, rep.stop_frame),
        ):
            assert times.pts_s[frame] <= at_s < times.pts_s[frame + 1]


def test_reps_follow_each_other_without_overlap():
    """Reps without rest between them share boundaries, not frames."""
    times = bodies.steady_times(9.0, 30.0)
    course = bodies.cycles(times.pts_s, n_reps=4, rest_s=0.0, hold_s=0.0, first_s=0.5)
    track = bodies.side_body(times, trunk_deg=60 * course, thigh_deg=40 * course)
    reps = search(track).reps
    assert len(reps) == 4
    assert all(a.stop_frame <= b.start_frame for a, b in pairwise(reps))


@settings(max_examples=8, deadline=None)
@given(st.booleans(), st.floats(0.5, 1.5))
def test_mirror_and_size_do_not_matter(is_mirrored, scale):
    """The same reps from the left, and nearer or further from the camera."""
    times = bodies.steady_times(13.0, 30.0)
    course = bodies.cycles(times.pts_s, n_reps=4, hold_s=0.0)
    track = bodies.side_body(times, trunk_deg=60 * course, thigh_deg=40 * course)
    other = bodies.mirrored(track) if is_mirrored else track
    size_px = (int(1280 * scale) + 1, int(720 * scale) + 1)
    other = bodies.track_of(other.xy_px * scale, times, size_px=size_px)
    one, two = search(track).reps, search(other).reps
    assert [r.turn_frame for r in two] == pytest.approx([r.turn_frame for r in one], abs=1)
    assert [r.start_frame for r in two] == pytest.approx([r.start_frame for r in one], abs=1)


def test_a_pause_half_way_is_inside_the_rep():
    """A tempo rep with a stop on the way down is one rep from rest to rest."""
    times = bodies.steady_times(8.0, 30.0)
    t = times.pts_s
    down = 0.5 * bodies.minimum_jerk(t - 1.0) + 0.5 * bodies.minimum_jerk(t - 3.0)
    course = down - bodies.minimum_jerk(t - 5.0)
    found = search(bodies.side_body(times, trunk_deg=70 * course, thigh_deg=30 * course))
    assert len(found.reps) == 1
    assert found.reps[0].start_s == pytest.approx(1.0, abs=0.2)


def test_a_twitch_is_turned_down():
    """A nod of a third of the others' depth is no rep, and the reason says how far it went."""
    times = bodies.steady_times(14.0, 30.0)
    t = times.pts_s
    course = bodies.cycles(t, n_reps=3) + 0.32 * bodies.cycles(t, n_reps=1, first_s=10.0)
    track = bodies.side_body(times, trunk_deg=100 * course, thigh_deg=60 * course)
    found = search(track)
    assert len(found.reps) == 3


def test_a_pull_from_the_floor_begins_bent():
    """A clip that begins at the bottom gives a rep that says so."""
    times = bodies.steady_times(3.0, 30.0)
    course = 1.0 - bodies.minimum_jerk(times.pts_s - 0.5)
    track = bodies.side_body(times, trunk_deg=70 * course, thigh_deg=40 * course)
    found = search(track, "deadlift")
    assert len(found.reps) == 1
    assert found.reps[0].turn_s <= 0.6
    assert found.reps[0].stop_s == pytest.approx(1.5, abs=0.1)
    assert found.reps[0].reasons == ("it begins bent: no descent is seen",)


def test_a_lost_pose_makes_a_rep_bad():
    """Half a second without a person: the rep stays, its quality is bad, and it says why."""
    times = bodies.steady_times(13.0, 30.0)
    track = bodies.hinge(times)
    lost = (times.pts_s > 2.4) & (times.pts_s < 2.91)
    track.xy_px[lost], track.visibility[lost] = np.nan, np.nan
    found = search(track)
    assert len(found.reps) == 4
    assert [rep.quality for rep in found.reps] == [RepQuality.BAD] + [RepQuality.GOOD] * 3
    assert "the pose is lost for 0.5 s" in found.reps[0].reasons


def test_a_rep_hardly_seen_is_turned_down():
    """More than a quarter unseen: nobody can tell."""
    times = bodies.steady_times(13.0, 30.0)
    track = bodies.hinge(times)
    lost = (times.pts_s > 5.0) & (times.pts_s < 5.8)
    track.xy_px[lost], track.visibility[lost] = np.nan, np.nan
    found = search(track)
    assert len(found.reps) == 3
    assert "the body is not seen" in found.rejected[0].reason


@pytest.mark.parametrize(
    "movement",
    [id_ for id_, m in MOVEMENTS.items() if not m.is_supported],
)
def test_movements_cut_by_hand(movement):
    """Label-only movements give no reps, and say so."""
    found = search(bodies.hinge(bodies.steady_times(13.0, 30.0)), movement)
    assert found.reps == ()
    assert [f.code for f in found.findings] == ["manual_reps"]
    assert MOVEMENTS[movement].name in found.findings[0].message


def test_standing_still_has_no_reps():
    """A sway of a few degrees is not a movement."""
    times = bodies.steady_times(10.0, 30.0)
    sway = 2.0 * np.sin(2 * np.pi * times.pts_s / 2.0)
    found = search(bodies.side_body(times, trunk_deg=sway, thigh_deg=sway))
    assert found.reps == ()
    assert [f.code for f in found.findings] == ["no_reps"]


@pytest.mark.parametrize("n_frames", [1, 2, 4, 5, 8, 30])
@pytest.mark.parametrize("is_seen", [True, False])
def test_hardly_any_frames(n_frames, is_seen):
    """Short clips and clips without a person: no reps, a finding, no exception."""
    times = FrameTimes(np.arange(n_frames) / 30.0)
    still = np.zeros(n_frames)
    seen = bodies.side_body(times, trunk_deg=still, thigh_deg=still)
    found = search(seen if is_seen else bodies.empty_track(times))
    assert found.reps == ()
    assert [f.code for f in found.findings] == ["no_reps"]


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.floats(0.001, 1.0), min_size=1, max_size=60),
    st.integers(0, 2**32 - 1),
    st.sampled_from(["hinge", "deadlift", None]),
)
def test_any_clip_gets_an_answer(steps_s, seed, movement):
    """Wild clocks and wild bodies: reps in order or a finding, never an exception."""
    times = FrameTimes(np.concatenate([[0.0], np.cumsum(steps_s)]))
    rng = np.random.default_rng(seed)
    angles = rng.uniform(-90, 90, (2, times.n_frames))
    track = bodies.side_body(times, trunk_deg=angles[0], thigh_deg=angles[1])
    track.visibility[rng.random(times.n_frames) < 0.2] = np.nan
    found = search(track, movement)
    assert bool(found.reps) != bool(found.findings)
    assert all(a.stop_frame <= b.start_frame for a, b in pairwise(found.reps))


@pytest.mark.parametrize(("hold_s", "expected_s"), [(0.0, 0.0), (1.0, 1.0)])
def test_hold_at_the_turn(hold_s, expected_s):
    """A second held is a second; a smooth turn is no hold."""
    t = np.arange(0, 4.0, 1 / 60)
    course = bodies.cycles(t, n_reps=1, down_s=1.0, hold_s=hold_s, first_s=0.2)
    phases = phases_of(course, t, int(np.argmax(course >= 1.0 - 1e-9)))
    assert phases.hold_s == pytest.approx(expected_s, abs=0.25)
    assert phases.descent_stop_s <= phases.ascent_start_s


def test_phases_of_the_unseen():
    """Nothing known: the turn is all there is."""
    phases = phases_of(np.full(5, np.nan), np.arange(5.0), 2)
    assert (phases.descent_stop_s, phases.ascent_start_s) == (2.0, 2.0)


@pytest.mark.data
def test_reviewed_swings(data_dir):
    """Four reviewed swings: all found, each turn within two frames of the reviewed bottom."""
    folder = data_dir / "poses"
    clip = json.loads((folder / "swing-sample-4reps.posetrack.json").read_text())
    truth = json.loads((folder / "swing-sample-4reps.groundtruth.json").read_text())
    points = [frame["keypoints"] for frame in clip["frames"]]
    times = FrameTimes(np.array([frame["videoTime"] for frame in clip["frames"]]))
    track = PoseTrack(
        times=times,
        xy_px=np.array([[[p["x"], p["y"]] for p in frame] for frame in points]),
        visibility=np.array([[p["score"] for p in frame] for frame in points]),
        world_m=np.full((times.n_frames, 33, 3), np.nan),
        size_px=(clip["metadata"]["videoWidth"], clip["metadata"]["videoHeight"]),
    )
    found = search(track, "kb_swing")
    bottoms = [a["frame_index"] for a in truth["annotations"] if a["position"] == "bottom"]
    tops = [a["frame_index"] for a in truth["annotations"] if a["position"] == "top"]
    assert [rep.turn_frame for rep in found.reps] == pytest.approx(bottoms, abs=2)
    for rep, top, after in zip(found.reps[:-1], tops, found.reps[1:], strict=True):
        assert rep.stop_frame <= top + 6
        assert after.start_frame >= top - 6


def test_a_long_hold_is_one_rep():
    """Both ends of a hold are peaks of the same effort."""
    times = bodies.steady_times(14.0, 30.0)
    course = bodies.cycles(times.pts_s, n_reps=1, hold_s=6.0)
    found = search(bodies.side_body(times, trunk_deg=60 * course, thigh_deg=40 * course))
    assert len(found.reps) == 1
    assert found.reps[0].duration_s == pytest.approx(8.0, abs=0.2)


USUAL = np.array([0.0, 50.0, 100.0, 50.0, 0.0])


@pytest.mark.parametrize(
    ("bend", "n_frames", "reason"),
    [
        (USUAL * 0.3, 30, "goes 30% as far as the others"),
        (USUAL, 150, "takes 5.0 times as long as the others"),
        (USUAL, 6, "takes 0.2 times as long as the others"),
        (
            np.array([0.0, 50.0, 100.0, 80.0, 70.0]),
            30,
            "the clip ends with 30% of the way back done",
        ),
    ],
    ids=["twitch", "tying a shoe", "jerk", "putting the load down"],
)
def test_what_is_no_rep(bend, n_frames, reason):
    """A last candidate unlike the three before it is turned down, in words with numbers."""
    times = bodies.steady_times(3.0 + n_frames / 30.0, 30.0)
    signals = compute_signals(bodies.hinge(times), view=View.SIDE, lowpass_hz=4.0)
    edges = [(0, 30), (30, 60), (60, 90), (90, 90 + n_frames)]
    candidates = [
        candidate(rep_between(times, *edge), USUAL if edge[0] < 90 else bend) for edge in edges
    ]
    is_seen = frames_seen(signals, None)
    reps, rejected = judged(candidates, signals, is_seen, kind=RepKind.CYCLIC)
    assert len(reps) == 3
    assert [one.reason for one in rejected] == [reason]


def test_candidates_that_do_not_move_are_all_alike():
    """A way of nothing is not divided by."""
    times = bodies.steady_times(3.0, 30.0)
    flat = [candidate(rep_between(times, *edge), np.zeros(5)) for edge in ((0, 30), (30, 60))]
    signals = compute_signals(bodies.hinge(times), view=View.SIDE, lowpass_hz=4.0)
    reps, _ = judged(flat, signals, frames_seen(signals, None), kind=RepKind.ALTERNATING)
    assert len(reps) == 2


def candidate(rep, bend):
    return Candidate(rep, bend, channels=bend[:, None], turn=int(bend.argmax()))


def rep_between(times, start, stop):
    turn = (start + stop) // 2
    return Rep(start, turn, stop, *(times.boundary_s(frame) for frame in (start, turn, stop)))


def test_a_body_that_never_changes_has_no_rhythm():
    """A flat curve has no rhythm, and an even wave has its own."""
    times_s = np.arange(300) / 30.0
    none = np.zeros((300, 0))
    flat = Course(times_s, np.zeros(300), np.zeros(300), 1 / 30, none)
    wave = Course(times_s, np.sin(np.pi * times_s), np.zeros(300), 1 / 30, none)
    assert rhythm_s(flat, (0.8, 8.0)) is None
    assert rhythm_s(wave, (0.8, 8.0)) == pytest.approx(2.0, abs=0.05)
    assert rhythm_s(wave, (0.8, 1.5)) is None
