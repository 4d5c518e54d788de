"""Hips and shoulders half-way to where the outline behind them says they are."""

from dataclasses import replace

import numpy as np
import pytest
import support_bodies as bodies
from support_outlines import FLAT, contour_behind, mirrored

from labeler.core.clip import View
from labeler.core.contour import STATIONS
from labeler.core.landmarks import Landmark
from labeler.signals.body import body_of
from labeler.signals.clean import clean
from labeler.signals.compute import compute_signals
from labeler.signals.trunk_ends import MAX_OFF_TRUNKS, MIN_SEEN_RATIO, OUTLINE_SHARE
from labeler.signals.trunk_ends import with_trunk_ends as placed

LOWPASS_HZ = 4.0
WANDER_PX = 0.06 * bodies.TRUNK_PX
HIPS = [Landmark.LEFT_HIP, Landmark.RIGHT_HIP]
SHOULDERS = [Landmark.LEFT_SHOULDER, Landmark.RIGHT_SHOULDER]


def hinge(*, hip_px=0.0, shoulder_px=0.0):
    """Hinges whose hips or shoulders are seen so far ahead at their turns; the outline is right."""
    times = bodies.steady_times(7.0, 30.0)
    track = bodies.hinge(times, n_reps=2)
    bend = bodies.cycles(times.pts_s, n_reps=2)
    along = track.xy_px[:, SHOULDERS].mean(axis=1) - track.xy_px[:, HIPS].mean(axis=1)
    ahead = np.stack([-along[:, 1], along[:, 0]], axis=1) / np.hypot(*along.T)[:, None]
    xy_px = track.xy_px.copy()
    xy_px[:, HIPS] += (hip_px * bend[:, None] * ahead)[:, None]
    xy_px[:, SHOULDERS] += (shoulder_px * bend[:, None] * ahead)[:, None]
    off_px = bend[:, None] * (hip_px * (1.0 - STATIONS) + shoulder_px * STATIONS)
    back = np.tile(FLAT, (times.n_frames, 1)) + off_px / bodies.TRUNK_PX
    return replace(track, xy_px=xy_px, contour=contour_behind(back, trunk_px=bodies.TRUNK_PX))


def ends_of(track, *, view=View.SIDE):
    """Near hip and shoulder before and after, and the step."""
    cleaned = clean(track, lowpass_hz=LOWPASS_HZ)
    body = body_of(cleaned, view)
    found, step = placed(track, cleaned, body, lowpass_hz=LOWPASS_HZ)
    near = [Landmark[f"RIGHT_{joint}"] for joint in ("HIP", "SHOULDER")]
    return cleaned.xy_px[:, near], found.xy_px[:, near], step


def test_a_right_pose_stays_where_it_is():
    before, after, step = ends_of(hinge())
    np.testing.assert_allclose(after, before, atol=0.006 * bodies.TRUNK_PX)
    assert step.n_points == 2 * len(before)


@pytest.mark.parametrize("wander_px", [WANDER_PX, -WANDER_PX], ids=["ahead", "behind"])
@pytest.mark.parametrize("joint", ["hip", "shoulder"])
def test_what_wanders_comes_half_of_the_way_back(joint, wander_px):
    true_px, _same, _step = ends_of(hinge())
    seen_px, after_px, _step = ends_of(hinge(**{f"{joint}_px": wander_px}))
    off_before = np.linalg.norm(seen_px - true_px, axis=-1).max(axis=0)
    off_after = np.linalg.norm(after_px - true_px, axis=-1).max(axis=0)
    which = ("hip", "shoulder").index(joint)
    assert off_before[which] == pytest.approx(abs(wander_px), rel=0.1)
    assert off_after[which] == pytest.approx((1.0 - OUTLINE_SHARE) * abs(wander_px), rel=0.35)
    assert off_after[1 - which] < 0.2 * abs(wander_px)


def test_the_lean_of_the_trunk_gets_nearer_to_the_truth():
    def lean(track):
        return compute_signals(track, view=View.SIDE, lowpass_hz=LOWPASS_HZ)["trunk_incl_deg"]

    wandering = hinge(hip_px=WANDER_PX)
    alone = replace(wandering, contour=None)
    true_deg = lean(hinge())
    worst_deg = np.abs(lean(alone) - true_deg).max()
    assert worst_deg > 2.5
    assert np.abs(lean(wandering) - true_deg).max() < 0.7 * worst_deg


def test_who_faces_the_other_way_is_moved_alike():
    track = hinge(hip_px=WANDER_PX)

    def leans(one):
        return compute_signals(one, view=View.SIDE, lowpass_hz=LOWPASS_HZ)["trunk_incl_deg"]

    np.testing.assert_allclose(leans(mirrored(track)), leans(track), atol=1e-6)


@pytest.mark.parametrize("view", [View.FRONT, View.OBLIQUE, None])
def test_other_views_move_nothing(view):
    before, after, step = ends_of(hinge(hip_px=WANDER_PX), view=view)
    np.testing.assert_array_equal(after, before)
    assert step.n_points == 0


def test_without_an_outline_nothing_is_moved():
    before, after, step = ends_of(replace(hinge(hip_px=WANDER_PX), contour=None))
    np.testing.assert_array_equal(after, before)
    assert step.n_points == 0


def test_an_outline_that_is_mostly_hidden_counts_for_nothing():
    track = hinge(hip_px=WANDER_PX)
    is_kept = np.arange(track.n_frames) < (MIN_SEEN_RATIO - 0.1) * track.n_frames
    before, after, _step = ends_of(replace(track, contour=track.contour.only(is_kept)))
    np.testing.assert_array_equal(after, before)


def test_a_short_gap_in_the_outline_is_bridged():
    track = hinge(hip_px=WANDER_PX)
    is_kept = np.ones(track.n_frames, dtype=bool)
    is_kept[60:66] = False
    _before, whole, _step = ends_of(track)
    _before, after, step = ends_of(replace(track, contour=track.contour.only(is_kept)))
    np.testing.assert_allclose(after, whole, atol=1.0)
    assert step.n_points == 2 * track.n_frames


def test_an_outline_of_something_else_moves_nothing():
    """A load behind the back for half of the clip."""
    track = hinge()
    offset_px = track.contour.offset_px.copy()
    offset_px[::2] += 2.0 * MAX_OFF_TRUNKS * bodies.TRUNK_PX
    loaded = replace(track, contour=replace(track.contour, offset_px=offset_px))
    before, after, _step = ends_of(loaded)
    np.testing.assert_array_equal(after, before)


def test_who_never_stands_is_measured_against_the_usual():
    track = hinge(hip_px=WANDER_PX)
    _before, after, step = ends_of(replace(track, contour=track.contour))
    assert step.n_points
    bent = bodies.cycles(track.times.pts_s, n_reps=2) > 0.6
    xy_px = np.where(bent[:, None, None], track.xy_px, np.nan)
    seen = np.where(bent[:, None], track.visibility, np.nan)
    world_m = np.where(bent[:, None, None], track.world_m, np.nan)
    only_bent = replace(
        track, xy_px=xy_px, visibility=seen, world_m=world_m, contour=track.contour.only(bent)
    )
    before, after, step = ends_of(only_bent)
    known = np.isfinite(after).all(axis=(1, 2))
    assert step.n_points
    assert np.abs(after - before)[known].max() < WANDER_PX
