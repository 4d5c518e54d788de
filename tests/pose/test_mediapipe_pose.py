"""The real network on made and on real pictures."""

import itertools

import numpy as np
import pytest

from labeler.core.errors import PoseError
from labeler.core.landmarks import Landmark
from labeler.pose.bundle import PoseBundle, resolve_bundle
from labeler.pose.mediapipe_pose import MediaPipePose
from labeler.pose.outline import OUTLINE_VERSION
from labeler.signals.lowpass import lowpass
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
    assert estimator.made_by["smoothing"] == "undone"


@pytest.mark.pose
@pytest.mark.data
def test_points_of_a_moving_person_do_not_run_late(data_dir):
    """MediaPipe smooths a single person, and that is undone; of several it smooths none."""
    reader = ClipReader(data_dir / "videos" / "kb_swing_front.mp4")
    pictures = list(itertools.islice(reader, 100))
    times_s = np.array([float(one.since_first_s) for one in pictures])
    single = MediaPipePose(resolve_bundle(), has_outline=False)
    several = MediaPipePose(resolve_bundle(), n_people=2, has_outline=False)
    assert several.made_by["smoothing"] == "none"
    followed, as_seen = (_smooth_joints(one, pictures, times_s) for one in (single, several))
    speed = np.gradient(as_seen, times_s, axis=0)
    late_s = -np.sum(speed * (followed - as_seen)) / np.sum(speed**2)
    assert abs(late_s) < 0.004  # it is 0.016 where the smoothing stays


def _smooth_joints(estimator, pictures, times_s):
    """Shoulders and hips of the first person, without noise."""
    joints = [
        Landmark[f"{side}_{one}"] for side in ("LEFT", "RIGHT") for one in ("SHOULDER", "HIP")
    ]
    people = [
        estimator.track(one.rgb, at_s)[0] for one, at_s in zip(pictures, times_s, strict=True)
    ]
    estimator.close()
    return lowpass(np.array([one.xy_ratio[joints] for one in people]), times_s, 6.0)


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
