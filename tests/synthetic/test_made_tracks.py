import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support_athletes import body_of_set, performed, telescope, times_of

from labeler.core.clip import FrameTimes, View
from labeler.core.errors import ExchangeError, UsageError
from labeler.core.label import Answer, FaultId
from labeler.core.landmarks import LEFT_RIGHT, Landmark
from labeler.synthetic.camera import AZIMUTHS_DEG, Camera, draw_camera, frame_times
from labeler.synthetic.motion import RepPlan, RepTruth, SetPlan, perform
from labeler.synthetic.noise import NoiseSpec, track
from labeler.synthetic.raters import SimulatedRater
from labeler.synthetic.truth import Truth, half_way_lag_s, truth_of

DIP = FaultId("torso_dip_first")


def lean_deg(xy_px, facing):
    hip = xy_px[:, [Landmark.LEFT_HIP, Landmark.RIGHT_HIP]].mean(axis=1)
    shoulder = xy_px[:, [Landmark.LEFT_SHOULDER, Landmark.RIGHT_SHOULDER]].mean(axis=1)
    way = shoulder - hip
    return np.degrees(np.arctan2(facing * way[:, 0], -way[:, 1]))


@pytest.mark.parametrize("movement", ["hinge", "deadlift", "kb_swing", "squat"])
def test_an_exact_track_from_the_side_gives_the_trunk_back(movement):
    performance = performed(movement)
    times = FrameTimes(times_of(performance, 30.0))
    seen = track(performance, telescope(), times, NoiseSpec.none(), seed=0)
    truth = truth_of(performance, times)
    assert lean_deg(seen.xy_px, -1) == pytest.approx(truth["trunk_incl_deg"], abs=0.1)
    assert (seen.visibility == 1.0).all()


@pytest.mark.parametrize("lag_s", [-0.2, -0.1, 0.0, 0.1, 0.2])
def test_the_lag_of_a_hinge_is_the_one_planned(lag_s):
    athlete = performed("hinge").athlete
    plan = SetPlan("hinge", athlete, (RepPlan(lag_s=lag_s),) * 3, seed=1, has_set_up=False)
    performance = perform(plan)
    truth = truth_of(performance, FrameTimes(times_of(performance, 30.0)))
    assert truth.lags_s == pytest.approx(lag_s, abs=1e-3)


@settings(deadline=None, max_examples=10)
@given(st.floats(0.0, 180.0))
def test_cameras_to_either_side_see_mirror_images_of_a_symmetric_body(azimuth_deg):
    performance = performed("kb_swing", n_reps=1)
    body = body_of_set(performance, fps=10.0)
    one, other = (
        Camera(sign * azimuth_deg, 4.0, 1.0, 0.0, 1500.0, (1920, 1080)).project(body.landmarks_m)[0]
        for sign in (1.0, -1.0)
    )
    mirrored = other.copy()
    mirrored[..., 0] = 1920.0 - mirrored[..., 0]
    for left, right in LEFT_RIGHT:
        mirrored[:, [left, right]] = mirrored[:, [right, left]]
    assert one == pytest.approx(mirrored, abs=1e-6)


def test_a_camera_in_front_sees_the_left_at_the_right_and_the_feet_below():
    body = body_of_set(performed("hinge"), fps=10.0)
    camera = Camera(0.0, 4.0, 0.92, 0.0, 1500.0, (1920, 1080))
    xy_px, depth_m = camera.project(body.landmarks_m)
    assert (xy_px[:, Landmark.LEFT_HIP, 0] > xy_px[:, Landmark.RIGHT_HIP, 0]).all()
    assert (xy_px[:, Landmark.LEFT_HEEL, 1] > xy_px[:, Landmark.NOSE, 1]).all()
    world_m = camera.world(body.landmarks_m, body.mid_hip_m)
    assert (world_m[:, Landmark.NOSE, 2] < 0).all()  # closer than the hips
    assert depth_m == pytest.approx(4.0, abs=1.0)


@pytest.mark.parametrize("view", list(View))
def test_cameras_are_put_up_within_their_view(view):
    middle_deg, most_deg = AZIMUTHS_DEG[view]
    rng = np.random.default_rng(4)
    for _ in range(20):
        camera = draw_camera(view, (480, 640), rng)
        assert abs(abs(camera.azimuth_deg) - middle_deg) <= most_deg


def test_frames_come_evenly_or_as_phones_have_them():
    assert frame_times(2.0, 30.0).n_frames == 60
    phone = frame_times(60.0, 30.0, jitter_ratio=0.1, drop_ratio=0.02, rng=np.random.default_rng(1))
    assert phone.fps_jitter_ratio == pytest.approx(0.1, abs=0.03)
    assert 0.95 * 1800 < phone.n_frames < 1800
    with pytest.raises(UsageError, match="above 0"):
        frame_times(0.0, 30.0)


@pytest.mark.parametrize("noise", [NoiseSpec.light(), NoiseSpec.usual(), NoiseSpec.heavy()])
def test_the_same_seed_errs_in_the_same_way(noise):
    performance = performed("hinge")
    times = FrameTimes(times_of(performance, 30.0))
    one, again, other = (track(performance, telescope(), times, noise, seed) for seed in (1, 1, 2))
    assert np.array_equal(one.xy_px, again.xy_px)
    assert np.array_equal(one.visibility, again.visibility)
    assert not np.array_equal(one.xy_px, other.xy_px)
    assert ((one.visibility > 0) & (one.visibility <= 1)).all()


def test_jitter_has_the_size_and_memory_that_are_told():
    performance = performed("hinge", n_reps=6)
    times = FrameTimes(times_of(performance, 30.0))
    exact = track(performance, telescope(), times, NoiseSpec.none(), 0).xy_px
    off = track(performance, telescope(), times, NoiseSpec.jitter(3.0), 1).xy_px - exact
    knee = off[:, [Landmark.LEFT_KNEE, Landmark.RIGHT_KNEE, Landmark.NOSE]]
    memory = np.corrcoef(knee[1:].ravel(), knee[:-1].ravel())[0, 1]
    assert memory == pytest.approx(0.6, abs=0.1)
    hips = off[:, [Landmark.LEFT_HIP, Landmark.RIGHT_HIP]].std() / knee.std()
    assert hips == pytest.approx(1.5, abs=0.25)


def test_the_far_side_is_lost_more_often():
    performance = performed("hinge", n_reps=6)
    times = FrameTimes(times_of(performance, 30.0))
    seen = track(performance, telescope(90.0), times, NoiseSpec.heavy(), 1)
    near, far = (
        (seen.visibility[:, Landmark[f"{side}_SHOULDER"]] < 0.5).mean()
        for side in ("LEFT", "RIGHT")
    )
    assert far > 3 * near


def test_noise_that_cannot_be_is_refused():
    with pytest.raises(UsageError, match="noise"):
        NoiseSpec("bad", memory=1.0)


def test_truth_comes_back_from_its_file(tmp_path):
    performance = performed("antirot", {"brace_fail": 2})
    truth = truth_of(performance, FrameTimes(times_of(performance, 30.0)))
    truth.write(tmp_path / "clip.npz")
    back = Truth.read(tmp_path / "clip.npz")
    assert back.movement == "antirot"
    assert back.curves.keys() == truth.curves.keys()
    assert all(np.array_equal(back[name], truth[name]) for name in truth.curves)
    assert [rep.severities for rep in back.reps] == [rep.severities for rep in truth.reps]
    assert np.isnan(back.lags_s).all()


def test_other_files_are_no_truth(tmp_path):
    (tmp_path / "no.npz").write_bytes(b"not this")
    with pytest.raises(ExchangeError, match=r"no\.npz"):
        Truth.read(tmp_path / "no.npz")
    with (tmp_path / "old.npz").open("wb") as stream:
        np.savez(stream, told=np.array('{"format": 99}'))
    with pytest.raises(ExchangeError, match="format 1"):
        Truth.read(tmp_path / "old.npz")


def test_a_lag_needs_two_courses_that_move():
    times_s = np.linspace(0.0, 1.0, 101)
    assert half_way_lag_s(times_s, times_s, np.clip(2 * times_s, 0, 1)) == pytest.approx(-0.25)
    assert math.isnan(half_way_lag_s(times_s, np.zeros(101), times_s))


def reps_with(severities):
    return [RepTruth(0.0, 1.0, 2.0, 0.0, {DIP: int(one)}, {}) for one in severities]


def kappa(one, other):
    agreed = np.mean(one == other)
    by_chance = one.mean() * other.mean() + (1 - one.mean()) * (1 - other.mean())
    return (agreed - by_chance) / (1 - by_chance)


@pytest.mark.parametrize(("flip_ratio", "low", "high"), [(0.05, 0.7, 0.9), (0.2, 0.3, 0.55)])
def test_two_raters_agree_as_people_do(flip_ratio, low, high):
    truth = np.random.default_rng(0).choice(4, 1500, p=[0.55, 0.15, 0.17, 0.13])
    said = []
    for seed in (1, 2):
        rater = SimulatedRater("rater", seed, flip_ratio=flip_ratio)
        answers = rater.answers("hinge", reps_with(truth), view=View.SIDE, clip_seed=4)
        said.append(np.array([answer[DIP].severity >= 2 for answer in answers]))
        assert np.mean(said[-1] != (truth >= 2)) == pytest.approx(flip_ratio, abs=0.04)
    assert low < kappa(*said) < high


def test_a_rater_without_errors_tells_the_truth_and_what_the_view_cannot_show():
    rater = SimulatedRater("sure", 1, flip_ratio=0.0, step_ratio=0.0)
    answers = rater.answers("hinge", reps_with([0, 1, 2, 3]), view=View.SIDE, clip_seed=1)
    assert [one[DIP] for one in answers] == [Answer(str(n)) for n in range(4)]
    front = rater.answers("hinge", reps_with([3]), view=View.FRONT, clip_seed=1)
    assert front[0][DIP] is Answer.NOT_VISIBLE
    strict = SimulatedRater("strict", 1, flip_ratio=0.0, step_ratio=0.0, severity_shift=1.0)
    answers = strict.answers("hinge", reps_with([0, 1, 2, 3]), view=View.SIDE, clip_seed=1)
    assert [one[DIP].severity for one in answers] == [0, 2, 3, 3]
    with pytest.raises(UsageError, match="shares"):
        SimulatedRater("odd", 1, flip_ratio=1.5)
