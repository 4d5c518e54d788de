"""Who is the athlete: followed by place and size, chosen by size and nearness to the middle."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from support_poses import SIZE_PX, pose_at, steady_times, stunted

from labeler.pose.people import Look, choose_athlete, is_crowded, may_be_several

N_FRAMES = 90
TIMES = steady_times(N_FRAMES)


def athlete(frame):
    """Squatting a little to the left of the middle."""
    return pose_at(0.4, y_ratio=0.5 + 0.02 * np.sin(frame / 10), body_ratio=0.5)


def passer_by(frame):
    """Walking through from the left edge to the right one, a little smaller."""
    return pose_at(0.02 + 0.96 * frame / N_FRAMES, y_ratio=0.6, body_ratio=0.45)


def hips_x(poses):
    return [None if p is None else round(float(p.xy_ratio[[23, 24], 0].mean()), 3) for p in poses]


def test_alone():
    frames = [[athlete(k)] for k in range(N_FRAMES)]
    assert hips_x(choose_athlete(frames, TIMES, SIZE_PX)) == [0.4] * N_FRAMES
    assert not is_crowded(frames, TIMES, SIZE_PX)


@settings(deadline=None, max_examples=15)  # 90 frames each
@given(st.lists(st.booleans(), min_size=N_FRAMES, max_size=N_FRAMES))
def test_the_athlete_is_followed_in_whatever_order_people_are_found(swaps):
    frames = [
        [passer_by(k), athlete(k)] if swap else [athlete(k), passer_by(k)]
        for k, swap in enumerate(swaps)
    ]
    assert hips_x(choose_athlete(frames, TIMES, SIZE_PX)) == [0.4] * N_FRAMES
    assert is_crowded(frames, TIMES, SIZE_PX)


def test_the_athlete_may_be_out_of_sight_for_a_second():
    """And nobody else takes the place meanwhile."""
    frames = [
        [passer_by(k)] if 30 <= k < 60 else [athlete(k), passer_by(k)] for k in range(N_FRAMES)
    ]
    expected = [None if 30 <= k < 60 else 0.4 for k in range(N_FRAMES)]
    assert hips_x(choose_athlete(frames, TIMES, SIZE_PX)) == expected


def test_who_returns_after_long_is_someone_new():
    frames = [[athlete(k)] if k < 20 or k >= 85 else [] for k in range(N_FRAMES)]
    chosen = choose_athlete(frames, TIMES, SIZE_PX)
    assert sum(pose is not None for pose in chosen) == 20


def test_double_vision_at_a_change_of_stretches():
    """The network sees one person twice for a moment, and follows the second copy from then on."""
    frames = [[athlete(k)] for k in range(N_FRAMES)]
    leap = [pose_at(0.4, y_ratio=0.65, body_ratio=0.5)] * N_FRAMES
    frames[40:44] = [[athlete(k), leap[k]] for k in range(40, 44)]
    frames[44:] = [[leap[k]] for k in range(44, N_FRAMES)]
    chosen = choose_athlete(frames, TIMES, SIZE_PX)
    assert all(pose is not None for pose in chosen)


def test_two_copies_of_one_person_are_one():
    """With a place to spare, the network gives it to a second copy that comes and goes."""
    copy = pose_at(0.42, y_ratio=0.55, body_ratio=0.5)
    frames = [[athlete(k), copy] if k % 3 else [athlete(k)] for k in range(N_FRAMES)]
    assert hips_x(choose_athlete(frames, TIMES, SIZE_PX)) == [0.4] * N_FRAMES
    assert not is_crowded(frames, TIMES, SIZE_PX)


def test_the_larger_and_more_central_one_wins():
    def choice(one, other):
        frames = [[one, other]] * N_FRAMES
        return hips_x(choose_athlete(frames, TIMES, SIZE_PX))[0]

    assert choice(pose_at(0.5), pose_at(0.9)) == 0.5
    assert choice(pose_at(0.3, body_ratio=0.3), pose_at(0.7, body_ratio=0.5)) == 0.7
    assert choice(pose_at(0.5, body_ratio=0.4), pose_at(0.05, body_ratio=0.6)) == 0.5


def test_ghosts_are_nobody():
    """Limbs of no person, and sightings of a moment."""
    frames = [[athlete(k), pose_at(0.8, world=stunted())] for k in range(N_FRAMES)]
    frames[10] = [*frames[10], pose_at(0.7)]
    assert hips_x(choose_athlete(frames, TIMES, SIZE_PX)) == [0.4] * N_FRAMES
    assert not is_crowded(frames, TIMES, SIZE_PX)


def test_nobody_at_all():
    assert choose_athlete([[]] * 5, steady_times(5), SIZE_PX) == [None] * 5
    assert not is_crowded([[]] * 5, steady_times(5), SIZE_PX)


def test_people_far_behind_make_no_crowd():
    frames = [[pose_at(0.4, body_ratio=0.6), pose_at(0.8, body_ratio=0.2)]] * N_FRAMES
    assert not is_crowded(frames, TIMES, SIZE_PX)


def test_one_person_looked_at_twice_is_one():
    tracked = [athlete(k) for k in range(N_FRAMES)]
    looks = [Look(k, [pose_at(0.41)]) for k in range(0, N_FRAMES, 30)]
    assert not may_be_several(looks, tracked, TIMES, SIZE_PX)


def test_a_look_that_sees_somebody_else_is_a_reason_to_look_closer():
    tracked = [athlete(k) for k in range(N_FRAMES)]
    assert may_be_several([Look(30, [passer_by(80)])], tracked, TIMES, SIZE_PX)


def test_a_look_may_see_who_the_track_does_not():
    tracked = [None] * N_FRAMES
    assert not may_be_several([Look(30, [athlete(30)])], tracked, TIMES, SIZE_PX)
    assert may_be_several([Look(30, [athlete(30), passer_by(80)])], tracked, TIMES, SIZE_PX)


def test_a_leap_is_a_reason_to_look_closer():
    tracked = [athlete(k) if k < 50 else passer_by(k + 30) for k in range(N_FRAMES)]
    assert may_be_several([], tracked, TIMES, SIZE_PX)
