"""From poses to a track: pixels of the upright original, NaN for nobody."""

import numpy as np
from support_poses import SIZE_PX, outlined, pose_at, standing_m, track_of

from labeler.core.contour import trunk_axis
from labeler.core.landmarks import Landmark


def test_pixels_are_of_the_original_whatever_the_network_saw():
    track = track_of([pose_at(0.25, y_ratio=0.5)])
    hips_px = track.xy_px[0, [Landmark.LEFT_HIP, Landmark.RIGHT_HIP]].mean(axis=0)
    np.testing.assert_allclose(hips_px, (0.25 * SIZE_PX[0], 0.5 * SIZE_PX[1]))
    np.testing.assert_array_equal(track.world_m[0], standing_m())
    assert track.size_px == SIZE_PX
    assert track.made_by == {"model": "made up"}


def test_nobody_is_nan_never_zero():
    track = track_of([pose_at(0.5), None])
    for array in (track.xy_px, track.visibility, track.world_m):
        assert np.isfinite(array[0]).all()
        assert np.isnan(array[1]).all()
        assert array.dtype == np.float64


def test_outlines_are_in_pixels_of_the_original_too():
    track = track_of([outlined(pose_at(0.5)), None, pose_at(0.5)])
    trunk_px = np.linalg.norm(trunk_axis(track.xy_px)[1][0])
    np.testing.assert_allclose(track.contour.offset_px[0], 0.2 * trunk_px)
    np.testing.assert_allclose(track.contour.area_px[0], 0.1 * SIZE_PX[0] * SIZE_PX[1])
    assert np.isnan(track.contour.offset_px[1:]).all()


def test_a_network_without_masks_gives_no_contour():
    assert track_of([pose_at(0.5), None]).contour is None
