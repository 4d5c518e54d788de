"""Joints in space, seen by a camera that does not exist."""

import numpy as np
import pytest

from labeler.core.clip import FrameTimes, View
from labeler.core.errors import ShapeError
from labeler.core.landmarks import Landmark
from labeler.exchange.joints import PX_PER_M, track_from_metres, track_from_pixels
from labeler.signals.compute import compute_signals

TIMES = FrameTimes(np.arange(4) / 30.0)
LEAN_DEG = 30.0


def standing(lean_deg=0.0, turned_deg=0.0):
    """Joints (metres, z up) of somebody who leans forward, turned to the left by some degrees."""
    lean, turn = np.radians([lean_deg, turned_deg])
    rotate = np.array(
        [[np.cos(turn), -np.sin(turn), 0], [np.sin(turn), np.cos(turn), 0], [0, 0, 1]]
    )
    found = {}
    for side, y in (("LEFT", 0.1), ("RIGHT", -0.1)):
        points = {
            "ANKLE": (0.0, y, 0.1),
            "KNEE": (0.0, y, 0.5),
            "HIP": (0.0, y, 0.9),
            "SHOULDER": (0.5 * np.sin(lean), y, 0.9 + 0.5 * np.cos(lean)),
            "HEEL": (-0.05, y, 0.05),
            "FOOT_INDEX": (0.2, y, 0.05),
        }
        for name, point in points.items():
            found[Landmark[f"{side}_{name}"]] = np.tile(rotate @ point, (4, 1))
    return found


@pytest.mark.parametrize("turned_deg", [0.0, 70.0, 200.0], ids="{} turned".format)
def test_a_lean_is_seen_from_the_side_whichever_way_the_athlete_faces(turned_deg):
    track = track_from_metres(standing(LEAN_DEG, turned_deg), TIMES, view=View.SIDE, made_by={})
    signals = compute_signals(track, view=View.SIDE, lowpass_hz=6.0)
    assert signals.facing == 1
    np.testing.assert_allclose(signals["trunk_incl_deg"], LEAN_DEG, atol=1e-6)


def test_at_45_degrees_the_lean_is_foreshortened():
    track = track_from_metres(standing(LEAN_DEG), TIMES, view=View.OBLIQUE, made_by={})
    signals = compute_signals(track, view=View.OBLIQUE, lowpass_hz=6.0)
    expected_deg = np.degrees(np.arctan(np.tan(np.radians(LEAN_DEG)) * np.cos(np.radians(45))))
    np.testing.assert_allclose(signals["trunk_incl_deg"], expected_deg, atol=1e-6)


@pytest.mark.parametrize(("view", "sign"), [(View.FRONT, 1), (View.REAR, -1)])
def test_the_athletes_left_is_right_in_the_picture_from_the_front(view, sign):
    track = track_from_metres(standing(), TIMES, view=view, made_by={})
    left, right = Landmark.LEFT_HIP, Landmark.RIGHT_HIP
    np.testing.assert_allclose(
        track.xy_px[:, left, 0] - track.xy_px[:, right, 0], sign * 0.2 * PX_PER_M
    )
    np.testing.assert_allclose(track.world_m[:, left, 0], sign * 0.1)
    np.testing.assert_allclose(track.world_m[:, left] + track.world_m[:, right], 0, atol=1e-12)


def test_depth_grows_away_from_the_camera():
    track = track_from_metres(standing(), TIMES, view=View.SIDE, made_by={})
    assert np.all(track.world_m[:, Landmark.LEFT_HIP, 2] > track.world_m[:, Landmark.RIGHT_HIP, 2])


def test_a_missing_point_is_nan_and_not_seen():
    joints = standing()
    joints[Landmark.LEFT_KNEE][1] = np.nan
    del joints[Landmark.RIGHT_HEEL]
    track = track_from_metres(joints, TIMES, view=View.SIDE, made_by={})
    assert np.isnan(track.xy_px[1, Landmark.LEFT_KNEE]).all()
    assert track.visibility[1, Landmark.LEFT_KNEE] == 0
    assert np.all(track.visibility[:, Landmark.RIGHT_HEEL] == 0)
    assert np.all(track.visibility[:, Landmark.LEFT_HIP] == 1)


def test_a_frame_without_anybody_has_no_visibility():
    joints = {landmark: points.copy() for landmark, points in standing().items()}
    for points in joints.values():
        points[2] = np.nan
    track = track_from_metres(joints, TIMES, view=View.SIDE, made_by={})
    assert np.isnan(track.visibility[2]).all()


def test_nobody_at_all_is_an_empty_track_where_the_heading_is_told():
    track = track_from_metres({}, TIMES, view=View.SIDE, made_by={}, heading=(1.0, 0.0))
    assert np.isnan(track.xy_px).all()
    assert track.size_px == (1, 1)


def test_without_hips_a_heading_must_be_told():
    with pytest.raises(ValueError, match="expected both hips"):
        track_from_metres({}, TIMES, view=View.SIDE, made_by={})


def test_pixels_stay_as_they_are():
    joints = {Landmark.NOSE: np.full((4, 2), 7.0)}
    track = track_from_pixels(joints, TIMES, size_px=(20, 10), made_by={"tool": "x"})
    assert np.all(track.xy_px[:, Landmark.NOSE] == 7.0)
    assert np.isnan(track.world_m).all()
    assert track.made_by == {"tool": "x"}


def test_points_of_another_length_are_refused():
    with pytest.raises(ShapeError, match="nose"):
        track_from_pixels({Landmark.NOSE: np.zeros((3, 2))}, TIMES, size_px=(9, 9), made_by={})
