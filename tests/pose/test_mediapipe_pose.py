"""The real network on made and on real pictures."""

import numpy as np
import pytest

from labeler.core.errors import PoseError
from labeler.core.landmarks import Landmark
from labeler.pose.bundle import PoseBundle, resolve_bundle
from labeler.pose.mediapipe_pose import MediaPipePose
from labeler.pose.outline import OUTLINE_VERSION
from labeler.video.reader import ClipReader

GREY = np.full((240, 320, 3), 128, dtype=np.uint8)


def test_a_file_that_mediapipe_cannot_open(tmp_path, capfd):
    path = tmp_path / "broken.task"
    path.write_bytes(b"no networks")
    with pytest.raises(PoseError, match=r"expected .*broken\.task to open in mediapipe"):
        MediaPipePose(PoseBundle(path, "0" * 64, "given"))
    assert capfd.readouterr().err == ""


@pytest.mark.pose
def test_an_empty_picture_has_nobody_and_says_nothing(capfd):
    estimator = MediaPipePose(resolve_bundle())
    assert estimator.track(GREY, 0.0) == []
    assert estimator.track(GREY, 0.0) == []  # two frames within a millisecond are no error
    assert estimator.look(GREY) == []
    estimator.close()
    assert capfd.readouterr().err == ""
    assert estimator.made_by["model"] == "pose_landmarker_full"
    assert estimator.made_by["mode"] == "video"
    assert estimator.made_by["outline"] == OUTLINE_VERSION


@pytest.mark.pose
@pytest.mark.data
def test_a_real_person_is_found_alike_by_both_ways_in_silence(data_dir, capfd):
    import cv2

    capture = cv2.VideoCapture(str(data_dir / "videos" / "rdl_side.mp4"))
    is_read, bgr = capture.read()
    assert is_read
    rgb = np.ascontiguousarray(bgr[..., ::-1])
    estimator = MediaPipePose(resolve_bundle())
    (tracked,) = estimator.track(rgb, 0.0)
    (looked,) = estimator.look(rgb)
    estimator.close()
    assert capfd.readouterr().err == ""
    np.testing.assert_allclose(tracked.xy_ratio, looked.xy_ratio, atol=0.01)
    head, feet = tracked.xy_ratio[Landmark.NOSE], tracked.xy_ratio[Landmark.LEFT_ANKLE]
    assert 0 < head[1] < feet[1] < 1
    assert tracked.world_m.shape == (33, 3)
    assert looked.outline is None  # nothing is measured in a look
    assert 0.05 < tracked.outline.area_ratio < 0.5
    back = tracked.outline.offset_trunks[0]  # he faces right
    assert np.isfinite(back).mean() > 0.8
    assert 0.1 < np.nanmin(back) < np.nanmax(back) < 0.5
    assert tracked.visibility[[Landmark.LEFT_HIP, Landmark.RIGHT_HIP]].min() > 0.9


@pytest.mark.pose
@pytest.mark.data
def test_the_outline_can_be_left_out(data_dir):
    picture = next(iter(ClipReader(data_dir / "videos" / "rdl_side.mp4")))
    estimator = MediaPipePose(resolve_bundle(), has_outline=False)
    (tracked,) = estimator.track(picture.rgb, 0.0)
    estimator.close()
    assert tracked.outline is None
    assert estimator.made_by["outline"] == "none"
