"""The outline's type: shapes are checked, points lie where the offsets say."""

import numpy as np
import pytest
import support_outlines as outlines

from labeler.core.clip import FrameTimes
from labeler.core.contour import N_STATIONS, STATION_STEP, STATIONS, TrunkContour, behind
from labeler.core.errors import ShapeError
from labeler.core.landmarks import N_LANDMARKS
from labeler.core.track import PoseTrack


def flat(n_frames=3, offset_px=10.0):
    return TrunkContour(np.full((n_frames, 2, N_STATIONS), offset_px), np.full(n_frames, 100.0))


def test_stations_are_even_and_hold_hip_and_shoulder():
    np.testing.assert_allclose(np.diff(STATIONS), STATION_STEP)
    assert {0.0, 1.0} < set(STATIONS)
    assert not STATIONS.flags.writeable


@pytest.mark.parametrize(
    ("offset_shape", "area_shape", "name"),
    [((3, 26), (3,), "offset_px"), ((3, 2, 25), (3,), "offset_px"), ((3, 2, 26), (2,), "area_px")],
)
def test_other_shapes_are_refused(offset_shape, area_shape, name):
    with pytest.raises(ShapeError, match=name):
        TrunkContour(np.zeros(offset_shape), np.zeros(area_shape))


def test_a_track_and_its_contour_have_the_same_frames():
    points = np.zeros((3, N_LANDMARKS, 3))
    times = FrameTimes(np.arange(3.0))
    with pytest.raises(ShapeError, match="contour"):
        PoseTrack(times, points[..., :2], points[..., 0], points, (9, 9), {}, flat(n_frames=2))


def test_points_are_at_a_right_angle_to_the_axis():
    """Upright: the first side is to the left, the second to the right."""
    xy_px = outlines.landmarks((100, 200), (0, -80))[None]
    points = flat(n_frames=1).points_px(xy_px)[0]
    np.testing.assert_allclose(points[0, :, 0], 90.0)
    np.testing.assert_allclose(points[1, :, 0], 110.0)
    np.testing.assert_allclose(points[0, :, 1], 200 - 80 * STATIONS)


def test_points_of_a_frame_without_a_person_are_missing():
    missing = np.full((1, N_LANDMARKS, 2), np.nan)
    assert np.isnan(flat(n_frames=1).points_px(missing)).all()


def test_frames_that_are_not_kept_are_missing():
    kept = flat().only(np.array([True, False, True]))
    assert np.isnan(kept.offset_px[1]).all()
    assert np.isnan(kept.area_px[1])
    assert np.isfinite(kept.offset_px[[0, 2]]).all()


def test_who_faces_right_has_the_back_at_the_left():
    assert (behind(1), behind(-1)) == (0, 1)
