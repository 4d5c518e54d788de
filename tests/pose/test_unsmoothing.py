"""What went into MediaPipe's filter, from what came out of it."""

import numpy as np
import pytest

from labeler.core.landmarks import N_LANDMARKS, Landmark
from labeler.pose.unsmoothing import (
    IN_PICTURE,
    IN_SPACE,
    REGION_PER_REACH,
    SPEED_CUTOFF_HZ,
    PersonUnsmoother,
    Smoothing,
    Unsmoother,
)

SIZE_PX = 400.0


def smoothed(raw, times_s, smoothing: Smoothing, size=1.0):
    """A One-Euro filter, as MediaPipe runs it; `size` is one number, or one for each frame."""
    sizes = np.broadcast_to(size, len(times_s))
    found, speed = [raw[0]], np.zeros_like(raw[0])
    for frame in range(1, len(raw)):
        step_s = times_s[frame] - times_s[frame - 1]
        kept = _share(SPEED_CUTOFF_HZ, step_s)
        change = (raw[frame] - raw[frame - 1]) / step_s / sizes[frame]
        speed = kept * change + (1.0 - kept) * speed
        cutoff_hz = smoothing.min_cutoff_hz + smoothing.hz_per_speed * np.abs(speed)
        share = _share(cutoff_hz, step_s)
        found.append(share * raw[frame] + (1.0 - share) * found[-1])
    return np.array(found)


def _share(cutoff_hz, step_s):
    turn = 2.0 * np.pi * cutoff_hz * step_s
    return turn / (1.0 + turn)


def undone(smooth, times_s, smoothing, size=1.0):
    unsmoother = Unsmoother(smoothing)
    return np.array(
        [unsmoother.raw(one, at_s, size=size) for one, at_s in zip(smooth, times_s, strict=True)]
    )


@pytest.mark.parametrize("fps", [24.0, 30.0, 60.0])
@pytest.mark.parametrize(
    ("smoothing", "size", "way"), [(IN_PICTURE, SIZE_PX, 60.0), (IN_SPACE, 1.0, 0.4)]
)
def test_a_way_there_is_found_again_exactly(smoothing, size, way, fps):
    times_s = np.arange(0.0, 3.0, 1.0 / fps)
    share = np.clip((times_s - 0.5) / 1.2, 0.0, 1.0)
    raw = 100.0 + way * (share**3 * (10.0 - 15.0 * share + 6.0 * share**2))[:, None]
    smooth = smoothed(raw, times_s, smoothing, size)
    assert np.abs(smooth - raw).max() > 0.01 * way, "the filter is late"
    np.testing.assert_allclose(undone(smooth, times_s, smoothing, size), raw, atol=1e-5 * way)


def test_what_turns_round_loses_its_delay():
    """At a turn two inputs can make one output: a frame may err, the delay does not come back."""
    times_s = np.arange(0.0, 12.0, 1.0 / 30.0)
    raw = 300.0 + 80.0 * np.sin(2.0 * np.pi * times_s[:, None] * np.array([0.3, 0.5]))
    smooth = smoothed(raw, times_s, IN_PICTURE, SIZE_PX)
    back = undone(smooth, times_s, IN_PICTURE, SIZE_PX)
    assert np.abs(_delays_s(raw, smooth, times_s)).min() > 0.005
    assert np.abs(_delays_s(raw, back, times_s)).max() < 0.0005
    assert np.sqrt(np.mean((back - raw) ** 2)) < 0.1 * np.sqrt(np.mean((smooth - raw) ** 2))


def _delays_s(raw, seen, times_s):
    """By how much each column runs late: the part of the error that goes with the speed."""
    speed = np.gradient(raw, times_s, axis=0)
    return -np.sum(speed * (seen - raw), axis=0) / np.sum(speed**2, axis=0)


def test_noise_comes_back_as_it_was_and_no_louder():
    rng = np.random.default_rng(5)
    times_s = np.arange(0.0, 10.0, 1.0 / 30.0)
    raw = 100.0 + 0.5 * rng.standard_normal((len(times_s), 40))
    smooth = smoothed(raw, times_s, IN_PICTURE, SIZE_PX)
    back = undone(smooth, times_s, IN_PICTURE, SIZE_PX)
    assert np.std(smooth[30:]) < 0.5 * np.std(raw)
    assert np.std(back) == pytest.approx(np.std(raw), rel=0.05)


def test_uneven_frames_are_no_matter():
    rng = np.random.default_rng(6)
    times_s = np.cumsum(rng.uniform(0.02, 0.05, 60))
    raw = 100.0 + 50.0 * times_s[:, None] ** 2
    smooth = smoothed(raw, times_s, IN_PICTURE, SIZE_PX)
    np.testing.assert_allclose(undone(smooth, times_s, IN_PICTURE, SIZE_PX), raw, atol=1e-6)


def test_what_is_not_known_stays_so():
    unsmoother = Unsmoother(IN_PICTURE)
    unsmoother.raw(np.array([1.0, np.nan]), 0.0)
    found = unsmoother.raw(np.array([1.0, np.nan]), 0.1)
    assert found[0] == 1.0
    assert np.isnan(found[1])


def _person(at_px: float):
    """Head and toes as far from the hips as each other."""
    xy_px = np.full((N_LANDMARKS, 2), at_px)
    xy_px[Landmark.NOSE, 1] -= 100.0
    xy_px[Landmark.LEFT_FOOT_INDEX, 1] += 100.0
    return xy_px


def test_speeds_count_in_sizes_of_the_person():
    times_s = np.arange(0.0, 1.0, 1.0 / 30.0)
    people = np.stack([_person(200.0 + 100.0 * at_s**2) for at_s in times_s])
    smooth = smoothed(people, times_s, IN_PICTURE, REGION_PER_REACH * 100.0)
    unsmoother, nowhere = PersonUnsmoother(), np.zeros((N_LANDMARKS, 3))
    for raw, seen, at_s in zip(people, smooth, times_s, strict=True):
        found, world_m = unsmoother.raw(seen, nowhere, at_s)
        np.testing.assert_allclose(found, raw, atol=1e-6)
        np.testing.assert_array_equal(world_m, nowhere)


def test_whoever_comes_after_nobody_begins_anew_in_the_picture():
    unsmoother, nowhere = PersonUnsmoother(), np.zeros((N_LANDMARKS, 3))
    unsmoother.raw(_person(100.0), nowhere, 0.0)
    unsmoother.forget()
    found, world_m = unsmoother.raw(_person(300.0), nowhere + 1.0, 0.1)
    np.testing.assert_array_equal(found, _person(300.0))
    assert np.all(world_m > 1.0), "the filter in space went on, so that much more went in"
