"""Turns, views and world copies of bodies in space with known truth."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labeler.core.clip import FrameTimes, View
from labeler.core.landmarks import LEFT_RIGHT, Landmark
from labeler.core.track import PoseTrack
from labeler.exchange.joints import track_from_metres
from labeler.signals.compute import compute_signals
from labeler.signals.view import MIN_CONFIDENCE

TIMES = FrameTimes(np.arange(120) / 60.0)


def body(*, lean_deg=0.0, pelvis_deg=0.0, thorax_deg=0.0, side_deg=0.0, reach_m=0.3):
    """Joints in metres (x forward, y left, z up); angles are numbers or one per frame."""
    n = TIMES.n_frames
    lean, pelvis, thorax, side = (
        np.radians(np.broadcast_to(deg, n)) for deg in (lean_deg, pelvis_deg, thorax_deg, side_deg)
    )
    hips = np.tile([0.0, 0.0, 0.9], (n, 1))
    axis = np.stack(
        [np.sin(lean), np.sin(side) * np.cos(lean), np.cos(side) * np.cos(lean)], axis=1
    )
    chest = hips + 0.5 * axis
    found = {}
    for name, sign in (("LEFT", 1.0), ("RIGHT", -1.0)):
        over = {
            "HIP": (hips, 0.12, pelvis),
            "SHOULDER": (chest, 0.2, thorax),
            "EAR": (chest + 0.2 * axis, 0.07, thorax),
        }
        for joint, (middle, half_m, turn) in over.items():
            across = np.stack([-np.sin(turn), np.cos(turn), 0 * turn], axis=1)
            found[Landmark[f"{name}_{joint}"]] = middle + sign * half_m * across
        for joint, x, z in (
            ("KNEE", 0, 0.5),
            ("ANKLE", 0, 0.1),
            ("HEEL", -0.05, 0),
            ("FOOT_INDEX", 0.2, 0),
        ):
            found[Landmark[f"{name}_{joint}"]] = np.tile([x, sign * 0.12, z], (n, 1))
        found[Landmark[f"{name}_WRIST"]] = chest + np.array([reach_m, sign * 0.05, 0.0])
    return found


def signals_of(joints, view):
    track = track_from_metres(joints, TIMES, view=view, made_by={}, heading=(1.0, 0.0))
    return compute_signals(track, view=view, lowpass_hz=10.0)


def bell_deg(size_deg):
    """There and back again within the clip."""
    return size_deg * np.sin(np.pi * TIMES.pts_s / TIMES.duration_s) ** 2


@pytest.mark.parametrize("view", [View.FRONT, View.REAR, View.OBLIQUE])
def test_a_turn_to_the_left_counts_plus_from_every_view(view):
    turn = bell_deg(40.0)
    found = signals_of(body(pelvis_deg=turn, thorax_deg=1.5 * turn), view)
    middle = TIMES.n_frames // 2
    for name, expected in (("pelvis", 40.0), ("thorax", 60.0)):
        for kind in ("axial", "yaw"):
            values = found[f"{name}_{kind}_deg"]
            assert values[middle] - values[0] == pytest.approx(expected, abs=0.5)
    apart = found["separation_deg"]
    assert apart[middle] - apart[0] == pytest.approx(20.0, abs=0.8)


def test_the_speed_of_a_turn_is_that_of_its_angle():
    found = signals_of(body(pelvis_deg=bell_deg(50.0), thorax_deg=0.0), View.FRONT)
    expected = np.gradient(bell_deg(50.0), TIMES.pts_s)
    inside = slice(10, -10)
    np.testing.assert_allclose(found["pelvis_axial_deg_per_s"][inside], expected[inside], atol=2.0)
    np.testing.assert_allclose(found["thorax_axial_deg_per_s"], 0.0, atol=1e-6)


def test_a_lean_is_no_turn():
    found = signals_of(body(lean_deg=bell_deg(50.0)), View.FRONT)
    np.testing.assert_allclose(found["thorax_axial_deg"], 0.0, atol=0.1)
    np.testing.assert_allclose(found["pelvis_axial_deg"], 0.0, atol=0.1)


def test_from_the_side_no_turn_is_told():
    found = signals_of(body(pelvis_deg=bell_deg(40.0)), View.SIDE)
    for name in ("pelvis_axial_deg", "separation_deg", "thorax_yaw_deg", "shoulder_width_ratio"):
        assert np.isnan(found[name]).all()


@settings(max_examples=20)
@given(lean_deg=st.floats(-20.0, 80.0), view=st.sampled_from(list(View)))
def test_world_copies_tell_the_lean_from_every_view(lean_deg, view):
    found = signals_of(body(lean_deg=lean_deg), view)
    np.testing.assert_allclose(found["trunk_incl_world_deg"], lean_deg, atol=0.01)
    np.testing.assert_allclose(found["hip_angle_world_deg"], 180 - abs(lean_deg), atol=0.01)


@pytest.mark.parametrize(
    ("view", "is_shown"), [(View.FRONT, True), (View.REAR, True), (View.SIDE, False)]
)
def test_a_side_bend_shows_in_front_and_behind_only(view, is_shown):
    found = signals_of(body(side_deg=12.0), view)["lateral_bend_deg"]
    if is_shown:
        np.testing.assert_allclose(found, 12.0, atol=0.01)
    else:
        assert np.isnan(found).all()


def test_the_higher_left_shoulder_is_plus():
    joints = body()
    joints[Landmark.LEFT_SHOULDER] = joints[Landmark.LEFT_SHOULDER] + [0.0, 0.0, 0.4]
    for view in (View.FRONT, View.REAR):
        found = signals_of(joints, view)
        np.testing.assert_allclose(found["shoulder_obliquity_deg"], 45.0, atol=0.01)
        np.testing.assert_allclose(found["pelvis_obliquity_deg"], 0.0, atol=0.01)


def test_knees_reach_and_sway_in_their_own_lengths():
    joints = body(reach_m=0.4)
    shift = np.where(np.arange(TIMES.n_frames) > 100, 0.08, 0.0)[:, None] * [0.0, 1.0, 0.0]
    for landmark in (Landmark.LEFT_HIP, Landmark.RIGHT_HIP):
        joints[landmark] = joints[landmark] + shift
    found = signals_of(joints, View.FRONT)
    np.testing.assert_allclose(found["knee_width_ratio"], 1.0, atol=1e-6)
    np.testing.assert_allclose(found["wrist_reach_ratio"][:90], 0.8, atol=0.01)
    assert found["pelvis_shift_legs"][-1] == pytest.approx(0.08 / 0.8, rel=0.02)


@pytest.mark.parametrize(
    ("turned_deg", "view"),
    [
        (0.0, View.FRONT),
        (40.0, View.OBLIQUE),
        (-90.0, View.SIDE),
        (130.0, View.OBLIQUE),
        (180.0, View.REAR),
    ],
)
def test_the_view_is_told_by_how_the_athlete_stands(turned_deg, view):
    joints = body(pelvis_deg=turned_deg, thorax_deg=turned_deg)
    found = signals_of(joints, View.FRONT)
    assert found.view_estimate.view is view
    assert found.view_estimate.azimuth_deg == pytest.approx(abs(turned_deg))
    assert found.view_estimate.confidence > 0.7
    codes = {one.code for one in found.findings}
    assert ("view_differs" in codes) == (view is not View.FRONT)


def test_between_two_views_the_estimate_is_not_sure():
    found = signals_of(body(pelvis_deg=67.0, thorax_deg=67.0), View.FRONT)
    assert found.view_estimate.confidence < 0.05
    assert "view_differs" not in {one.code for one in found.findings}


def flat(joints, view):
    """The picture alone, as most formats of other programs give it."""
    track = track_from_metres(joints, TIMES, view=view, made_by={}, heading=(1.0, 0.0))
    return replace(track, world_m=np.full_like(track.world_m, np.nan))


def test_without_depth_there_is_no_turn():
    found = compute_signals(flat(body(), View.FRONT), view=View.FRONT, lowpass_hz=6.0)
    assert np.isnan(found["pelvis_axial_deg"]).all()
    assert np.isfinite(found["shoulder_obliquity_deg"]).all()


@pytest.mark.parametrize(
    ("turned_deg", "view"), [(85.0, View.SIDE), (-95.0, View.SIDE), (45.0, View.OBLIQUE)]
)
def test_without_depth_the_view_is_told_by_the_width_of_the_hips(turned_deg, view):
    """Hips as wide as 0.42 trunks would be seen from there; only a clear side view is sure."""
    track = flat(body(pelvis_deg=turned_deg), View.FRONT)
    estimate = compute_signals(track, view=View.FRONT, lowpass_hz=6.0).view_estimate
    assert estimate.view is view
    width_ratio = 0.24 / 0.5 * np.cos(np.radians(turned_deg))
    assert estimate.azimuth_deg == pytest.approx(np.degrees(np.arccos(width_ratio / 0.42)))
    assert (estimate.confidence > MIN_CONFIDENCE) == (view is View.SIDE)
    assert ("view_differs" in codes_of(track, View.FRONT)) == (view is View.SIDE)


def test_from_the_front_width_alone_is_never_sure():
    found = compute_signals(flat(body(), View.FRONT), view=View.SIDE, lowpass_hz=6.0)
    assert found.view_estimate.view is View.FRONT
    assert found.view_estimate.confidence < 0.1


def test_a_width_without_hips_or_shoulders_tells_nothing():
    track = flat(body(), View.FRONT)
    track.visibility[:, [Landmark.LEFT_HIP, Landmark.RIGHT_HIP]] = 0.0
    assert compute_signals(track, view=View.FRONT, lowpass_hz=6.0).view_estimate is None


def test_no_turning_speed_is_told_across_a_gap():
    """Half a second without hips: speed on both sides, to the last frame seen, none between."""
    track = track_from_metres(
        body(pelvis_deg=bell_deg(50.0)), TIMES, view=View.FRONT, made_by={}, heading=(1.0, 0.0)
    )
    track.visibility[50:80, [Landmark.LEFT_HIP, Landmark.RIGHT_HIP]] = 0.0
    found = compute_signals(track, view=View.FRONT, lowpass_hz=10.0)
    rate, truth = found["pelvis_axial_deg_per_s"], np.gradient(bell_deg(50.0), TIMES.pts_s)
    assert np.flatnonzero(np.isnan(rate)).tolist() == list(range(50, 80))
    assert rate[[49, 80]] == pytest.approx(truth[[49, 80]], abs=6.0)


def test_a_heading_after_a_gap_is_within_half_a_turn():
    """Who turned twice around while unseen is where they are seen to be."""
    turn = np.where(np.arange(TIMES.n_frames) < 60, 0.0, 380.0)
    track = track_from_metres(
        body(pelvis_deg=turn), TIMES, view=View.FRONT, made_by={}, heading=(1.0, 0.0)
    )
    track.visibility[45:75, [Landmark.LEFT_HIP, Landmark.RIGHT_HIP]] = 0.0
    heading = compute_signals(track, view=View.FRONT, lowpass_hz=10.0)["pelvis_yaw_deg"]
    assert heading[-1] - heading[0] == pytest.approx(20.0, abs=0.5)


def test_a_whole_turn_in_view_is_followed():
    heading = signals_of(body(pelvis_deg=360.0 * TIMES.pts_s / 2.0), View.FRONT)["pelvis_yaw_deg"]
    assert heading[-1] - heading[0] == pytest.approx(360.0, abs=4.0)


def test_points_filled_in_space_are_told_where_turns_are_seen():
    """A hip that leaps in depth alone is filled there: told from the front, not from the side."""
    for view, is_told in ((View.FRONT, True), (View.SIDE, False)):
        track = track_from_metres(body(), TIMES, view=view, made_by={}, heading=(1.0, 0.0))
        track.world_m[60, Landmark.LEFT_HIP, 2] += 0.5
        found = compute_signals(track, view=view, lowpass_hz=6.0)
        assert found.is_interpolated[60] == is_told


def codes_of(track, view=View.SIDE):
    return [one.code for one in compute_signals(track, view=view, lowpass_hz=6.0).findings]


def side_track(**angles_deg):
    return track_from_metres(
        body(**angles_deg), TIMES, view=View.SIDE, made_by={}, heading=(1.0, 0.0)
    )


def test_a_clean_track_has_no_findings():
    assert codes_of(side_track(lean_deg=bell_deg(60.0))) == []


def test_a_cut_is_seen():
    track = side_track()
    track.xy_px[60:] += [200.0, 0.0]
    roomy = PoseTrack(TIMES, track.xy_px, track.visibility, track.world_m, (5000, 5000))
    assert "cut_in_clip" in codes_of(roomy)


def test_lost_and_leaping_joints_are_named():
    track = side_track()
    track.visibility[:40, [Landmark.LEFT_ANKLE, Landmark.RIGHT_ANKLE]] = 0.0
    track.xy_px[::10, Landmark.RIGHT_KNEE] += 60.0
    found = {
        one.code: one for one in compute_signals(track, view=View.SIDE, lowpass_hz=6.0).findings
    }
    assert "right ankle 33%" in found["unseen"].message
    assert "right knee 10%" in found["jumping"].message


def test_a_long_exchange_of_sides_is_told():
    track = track_from_metres(body(), TIMES, view=View.FRONT, made_by={}, heading=(1.0, 0.0))
    for start in (5, 35, 65):
        for left, right in LEFT_RIGHT:
            frames = slice(start, start + 20)
            for points in (track.xy_px, track.world_m):
                points[frames, [left, right]] = points[frames, [right, left]].copy()
    assert "swapped" in codes_of(track, View.FRONT)


def test_whoever_turns_around_is_told():
    """Half the clip to the right, half to the left: a lean has no one sign."""
    feet = [
        Landmark[f"{side}_{name}"] for side in ("LEFT", "RIGHT") for name in ("HEEL", "FOOT_INDEX")
    ]
    track = replace(side_track(), size_px=(900, 900))
    track.xy_px[..., 0] += 300.0
    assert "wrong_facing" not in codes_of(track)
    ankle_px = track.xy_px[0, Landmark.LEFT_ANKLE, 0]
    track.xy_px[60:, feet, 0] = 2 * ankle_px - track.xy_px[60:, feet, 0]
    found = compute_signals(track, view=View.SIDE, lowpass_hz=6.0).findings
    message = next(one.message for one in found if one.code == "wrong_facing")
    assert "1.0 s facing the right edge" in message
    assert "wrong_facing" not in codes_of(track, View.FRONT)


def test_sides_that_do_not_fit_the_feet_are_told():
    """Depth says that the far side is near, from the first to the last frame."""
    track = side_track()
    track.world_m[..., 2] *= -1.0
    assert "wrong_facing" in codes_of(track)
    track.visibility[:, [Landmark.LEFT_HEEL, Landmark.RIGHT_HEEL]] = 0.0
    assert "wrong_facing" not in codes_of(track)


def test_a_trembling_pose_is_told():
    track = side_track()
    rng = np.random.default_rng(3)
    track.xy_px[:] += rng.normal(0.0, 1.0, track.xy_px.shape)
    assert "jitter" not in codes_of(track)
    track.xy_px[:] += rng.normal(0.0, 25.0, track.xy_px.shape)
    assert "jitter" in codes_of(track)


def test_the_noise_is_what_the_filter_leaves_of_it():
    """White noise of the shoulder and hip gives about the error that the lean then has."""
    rng = np.random.default_rng(1)
    errors, told = [], []
    for _ in range(10):
        track = side_track(lean_deg=bell_deg(40.0))
        track.xy_px[:] += rng.normal(0.0, 2.0, track.xy_px.shape)
        found = compute_signals(track, view=View.SIDE, lowpass_hz=6.0)
        errors.append(np.nanstd(found["trunk_incl_deg"] - bell_deg(40.0)))
        told.append(found.noise["trunk_incl_deg"])
    assert np.mean(told) == pytest.approx(np.mean(errors), rel=0.2)


def test_a_raised_shoulder_takes_from_a_turn_what_cannot_be_seen_of_it():
    """A line 20 degrees off square shows the cosine squared of a turn, never more than all."""
    turn_deg, tilt = bell_deg(50.0), np.radians(20.0)
    joints = body(thorax_deg=turn_deg, pelvis_deg=turn_deg)
    left, right = (joints[Landmark[f"{name}_SHOULDER"]] for name in ("LEFT", "RIGHT"))
    middle, half = (left + right) / 2.0, (left - right) / 2.0
    raised = np.cos(tilt) * half + 0.2 * np.sin(tilt) * np.array([0.0, 0.0, 1.0])
    joints[Landmark.LEFT_SHOULDER], joints[Landmark.RIGHT_SHOULDER] = (
        middle + raised,
        middle - raised,
    )
    found = signals_of(joints, View.FRONT)
    seen = np.ptp(found["thorax_axial_deg"])
    assert seen == pytest.approx(50.0 * np.cos(tilt) ** 2, abs=1.0)
    assert np.ptp(found["pelvis_axial_deg"]) == pytest.approx(50.0, abs=0.5)
