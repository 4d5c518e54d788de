"""Frames of a made-up athlete: the same seed, the same pixels; the body is where its joints are."""

import dataclasses
import subprocess
import sys
from hashlib import sha256

import numpy as np
import pytest

from labeler.core.clip import View
from labeler.core.landmarks import Landmark
from labeler.core.origin import MADE_UP_MARK
from labeler.pose.bundle import resolve_bundle
from labeler.pose.mediapipe_pose import MediaPipePose
from labeler.synthetic.athlete import draw_athlete
from labeler.synthetic.camera import draw_camera, frame_times
from labeler.synthetic.looks import Room, draw_looks
from labeler.synthetic.motion import RepPlan, SetPlan, perform
from labeler.synthetic.render import Shot, frames, render_clip
from labeler.video.probe import probe
from labeler.video.reader import ClipReader

SIZE_PX = (180, 240)
JOINTS = [
    Landmark[f"{side}_{joint}"]
    for side in ("LEFT", "RIGHT")
    for joint in ("SHOULDER", "ELBOW", "WRIST", "HIP", "KNEE", "ANKLE")
]


def plan_of(movement="hinge", seed=3):
    return SetPlan(movement, draw_athlete(seed), (RepPlan(),), seed=seed)


def shot_of(movement="hinge", *, view=View.SIDE, seed=3, size_px=SIZE_PX, duration_s=0.1):
    camera = draw_camera(view, size_px, np.random.default_rng(seed))
    times = frame_times(duration_s, 30)
    return Shot(perform(plan_of(movement, seed)), camera, draw_looks(seed), times, seed)


def test_the_same_seed_gives_the_same_pixels():
    one, two = list(frames(shot_of())), list(frames(shot_of()))
    assert len(one) == 3
    assert one[0].shape == (240, 180, 3)
    for before, after in zip(one, two, strict=True):
        np.testing.assert_array_equal(before, after)


ELSEWHERE = f"""
from hashlib import sha256
import numpy as np
from labeler.core.clip import View
from labeler.synthetic.athlete import draw_athlete
from labeler.synthetic.camera import draw_camera, frame_times
from labeler.synthetic.looks import draw_looks
from labeler.synthetic.motion import RepPlan, SetPlan, perform
from labeler.synthetic.render import Shot, frames
plan = SetPlan("hinge", draw_athlete(3), (RepPlan(),), seed=3)
camera = draw_camera(View.SIDE, {SIZE_PX}, np.random.default_rng(3))
shot = Shot(perform(plan), camera, draw_looks(3), frame_times(0.1, 30), 3)
print(sha256(b"".join(rgb.tobytes() for rgb in frames(shot))).hexdigest())
"""
"""`shot_of()`, made by somebody else."""


def test_another_process_gives_the_same_pixels(monkeypatch):
    monkeypatch.setenv("PYTHONHASHSEED", "77")
    done = subprocess.run(
        [sys.executable, "-c", ELSEWHERE], capture_output=True, text=True, check=True
    )
    here = sha256(b"".join(rgb.tobytes() for rgb in frames(shot_of()))).hexdigest()
    assert done.stdout.strip() == here


def test_another_seed_of_the_looks_gives_another_picture():
    shot = shot_of()
    other = dataclasses.replace(shot, looks=draw_looks(4))
    assert np.abs(next(frames(shot)).astype(int) - next(frames(other))).mean() > 5


@pytest.mark.parametrize("movement", ["hinge", "squat", "rotation", "tspine_rot", "antirot"])
@pytest.mark.parametrize("view", [View.SIDE, View.OBLIQUE, View.FRONT])
def test_the_body_covers_its_joints(movement, view):
    shot = shot_of(movement, view=view)
    renderer = shot.renderer()
    figure = shot.figure_at(shot.times.pts_s[:1])
    renderer.frame(renderer.flesh.rings_of(figure))
    x, y = np.floor(shot.camera.project(figure.landmarks_m[0, JOINTS])[0]).astype(int).T
    assert renderer.cover[y, x].min() > 0.9
    assert 0.02 < renderer.cover.mean() < 0.5


def test_rooms_change_the_place_and_leave_the_person():
    looks = [draw_looks(7, room=room) for room in Room]
    assert len({one.room for one in looks}) == len(Room)
    assert all(one.colours == looks[0].colours for one in looks)
    assert all(one.dress == looks[0].dress for one in looks)


def test_a_clip_is_marked_and_has_the_times_asked_for(tmp_path):
    path, shot = tmp_path / "clip.mp4", shot_of()
    times = frame_times(0.2, 24)
    truth = render_clip(path, dataclasses.replace(shot, times=times))
    assert probe(path).comment == MADE_UP_MARK
    assert probe(path).is_synthetic
    reader = ClipReader(path)
    assert sum(1 for _ in reader) == times.n_frames
    np.testing.assert_allclose(reader.times.pts_s, times.pts_s, atol=1 / 180_000)
    assert len(truth["trunk_incl_deg"]) == times.n_frames


@pytest.mark.pose
@pytest.mark.parametrize("view", [View.SIDE, View.OBLIQUE, View.FRONT])
def test_the_pose_network_finds_a_person(view):
    shot = shot_of(view=view, size_px=(360, 480), duration_s=2.0)
    estimator = MediaPipePose(resolve_bundle(), has_outline=False)
    found = [
        bool(estimator.track(rgb, float(at_s)))
        for rgb, at_s in zip(frames(shot), shot.times.pts_s, strict=True)
    ]
    estimator.close()
    assert np.mean(found) > 0.9
