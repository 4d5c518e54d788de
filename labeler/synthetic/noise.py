"""What a pose network makes of a body: its landmarks with the errors that such networks have."""

from dataclasses import dataclass, replace

import numpy as np

from labeler.core.arrays import BoolArray, FloatArray
from labeler.core.clip import FrameTimes
from labeler.core.errors import UsageError
from labeler.core.landmarks import LEFT_RIGHT, N_LANDMARKS, Landmark
from labeler.core.track import PoseTrack
from labeler.synthetic.body import Figure, figure
from labeler.synthetic.camera import Camera
from labeler.synthetic.motion import Performance

REFERENCE_PX = 700.0
"""Height of the body in the picture for which the pixels of a `NoiseSpec` are told."""

REFERENCE_FPS = 30.0
"""The frame rate for which the memory of the jitter and the chances per frame are told."""

BURST_FRAMES = (1, 5)
"""Least and most frames, at 30 fps, of a drop-out."""

SWAP_FRAMES = (1, 3)
"""The same of left and right taken for each other."""

UNSEEN_VISIBILITY = (0.10, 0.45)
"""What a network says of a landmark that it does not see; below 0.5 it does not count."""

SEEN_VISIBILITY, FAR_VISIBILITY = 0.98, 0.80
"""Of a landmark in plain sight, and of one on the far side of the body."""

FAR_DEPTH_M = 0.15
"""A joint so much further away than its partner is wholly on the far side."""

GUESS_RATIO = 6.0
"""Where it does not see, a network guesses: its errors are so many times as large."""

HIPS = (Landmark.LEFT_HIP, Landmark.RIGHT_HIP)
HIPS_RATIO = 1.5
"""Hips are found worse than other joints."""

LEFTS, RIGHTS = (np.array(side) for side in zip(*LEFT_RIGHT, strict=True))


@dataclass(frozen=True, slots=True)
class NoiseSpec:
    """How wrong a track is; pixels are told for a body of 700 px, chances per frame at 30 fps.

    Parameters
    ----------
    jitter_px : float
        Standard deviation of what changes from frame to frame.
    memory : float
        Correlation of it between two frames at 30 fps (an AR(1) process).
    bias_px : float
        Standard deviation of the error that each landmark has in each posture for as long as it
        lasts: where the network believes a joint to be, through clothes.
    world_mm : float
        Jitter in the plane of the picture, in space.
    depth_ratio : float
        Times that for the depth.
    drop_chance : float
        A landmark begins not to be seen.
    far_ratio : float
        Times that on the far side of the body.
    swap_chance : float
        Left and right begin to be taken for each other.
    outlier_chance : float
        A landmark leaps for one frame.
    outlier_px : float
        Standard deviation of such a leap.
    """

    name: str
    jitter_px: float = 0.0
    memory: float = 0.6
    bias_px: float = 0.0
    world_mm: float = 0.0
    depth_ratio: float = 3.0
    drop_chance: float = 0.0
    far_ratio: float = 10.0
    swap_chance: float = 0.0
    outlier_chance: float = 0.0
    outlier_px: float = 60.0

    def __post_init__(self) -> None:
        if not 0.0 <= self.memory < 1.0 or min(self.jitter_px, self.bias_px, self.world_mm) < 0:
            raise UsageError(
                "noise: expected errors of 0 or more and a memory from 0 to below 1, got "
                f"{self.jitter_px}, {self.bias_px}, {self.world_mm} and {self.memory}.",
                hint="NoiseSpec.none() is a track without any error.",
            )

    @staticmethod
    def none() -> "NoiseSpec":
        """Exact: what the camera would see of the joints themselves."""
        return NoiseSpec("none")

    @staticmethod
    def jitter(sd_px: float) -> "NoiseSpec":
        """White in time but for its memory, and nothing else wrong: as for detection limits.

        The world follows as in the specification: 2.3 mm for each pixel.
        """
        return NoiseSpec(f"jitter {sd_px:g} px", jitter_px=sd_px, world_mm=WORLD_MM_PER_PX * sd_px)

    @staticmethod
    def light() -> "NoiseSpec":
        """A good camera, tight clothes, even light: the kind end of every range."""
        return NoiseSpec("light", 1.0, 0.6, 1.5, 2.0, 3.0, 0.001, 10.0, 0.0, 0.0005)

    @staticmethod
    def usual() -> "NoiseSpec":
        """A phone in a gym: the middle of every range."""
        return NoiseSpec("usual", 3.0, 0.6, 4.0, 7.0, 3.0, 0.003, 10.0, 0.002, 0.003)

    @staticmethod
    def heavy() -> "NoiseSpec":
        """Poor light and loose clothes: the far end of every range."""
        return NoiseSpec("heavy", 6.0, 0.6, 6.0, 15.0, 3.0, 0.006, 10.0, 0.004, 0.006)

    def without(self, **changes: float) -> "NoiseSpec":
        """The same with other numbers; its name says so."""
        return replace(self, name=f"{self.name}, changed", **changes)


WORLD_MM_PER_PX = 2.33
"""Error in space for an error in the picture: 2, 7 and 13 mm went with 1, 3 and 6 px."""


def track(
    performance: Performance, camera: Camera, times: FrameTimes, noise: NoiseSpec, seed: int
) -> PoseTrack:
    """The landmarks that a pose network would give for these frames.

    Parameters
    ----------
    noise : NoiseSpec
        With `NoiseSpec.none()` the track is exact, and the seed does not matter.
    """
    body = figure(performance.athlete, performance.angles_at(times.pts_s))
    return track_of_figure(body, camera, times, noise, seed)


def track_of_figure(
    body: Figure, camera: Camera, times: FrameTimes, noise: NoiseSpec, seed: int
) -> PoseTrack:
    """The same for a body that has been posed already."""
    rng = np.random.default_rng([seed, 0x2E])
    xy_px, depth_m = camera.project(body.landmarks_m)
    world_m = camera.world(body.landmarks_m, body.mid_hip_m)
    visibility = np.ones(depth_m.shape)
    if noise != NoiseSpec.none():
        errors = _Errors(rng, noise, times, _body_px(xy_px) / REFERENCE_PX)
        is_far = _farness(depth_m)
        is_unseen = errors.dropped(is_far)
        visibility = errors.visibility(is_far, is_unseen)
        xy_px = xy_px + errors.in_picture(is_unseen, _bentness(body))
        world_m = world_m + errors.in_space(is_unseen)
        is_swapped = errors.swapped()
        for values in (xy_px, world_m, visibility):
            _swap(values, is_swapped)
    made_by = {"model": "made-up athlete", "noise": noise.name, "noise_seed": str(seed)}
    return PoseTrack(times, xy_px, visibility, world_m, camera.size_px, made_by)


@dataclass(frozen=True, slots=True)
class _Errors:
    """Draws the errors of one track."""

    rng: np.random.Generator
    noise: NoiseSpec
    times: FrameTimes
    scale: float
    """Size of the body in the picture over that for which the pixels are told."""

    @property
    def _n(self) -> int:
        return self.times.n_frames

    @property
    def _rate(self) -> float:
        """Frames at 30 fps per frame here: chances and memory are told at 30 fps."""
        fps = self.times.fps_median
        return REFERENCE_FPS / fps if np.isfinite(fps) else 1.0

    def in_picture(self, is_unseen: BoolArray, bent: FloatArray) -> FloatArray:
        """Shape (n_frames, 33, 2), pixels."""
        jitter = self.noise.jitter_px * self._coloured(2) * _guessed(is_unseen)
        biases = self.noise.bias_px * self.rng.standard_normal((2, N_LANDMARKS, 2))
        bias = (1.0 - bent) * biases[0] + bent * biases[1]
        leaps = self.rng.random((self._n, N_LANDMARKS, 1)) < self.noise.outlier_chance * self._rate
        leap = leaps * self.noise.outlier_px * self.rng.standard_normal((self._n, N_LANDMARKS, 2))
        errors = jitter + bias
        errors[:, HIPS] *= HIPS_RATIO
        return np.asarray(self.scale * (errors + leap))

    def in_space(self, is_unseen: BoolArray) -> FloatArray:
        """Shape (n_frames, 33, 3), metres; the last is the depth."""
        errors = self.noise.world_mm / 1000.0 * self._coloured(3) * _guessed(is_unseen)
        errors[..., 2] *= self.noise.depth_ratio
        return errors

    def dropped(self, is_far: FloatArray) -> BoolArray:
        """Landmarks that are not seen, (n_frames, 33)."""
        chance = self.noise.drop_chance * (1.0 + (self.noise.far_ratio - 1.0) * is_far)
        begins = self.rng.random(is_far.shape) < chance * self._rate
        lasts = self.rng.integers(BURST_FRAMES[0], BURST_FRAMES[1] + 1, is_far.shape)
        return _lasting(begins, lasts / self._rate)

    def visibility(self, is_far: FloatArray, is_unseen: BoolArray) -> FloatArray:
        """What the network says of itself, (n_frames, 33)."""
        seen = SEEN_VISIBILITY + (FAR_VISIBILITY - SEEN_VISIBILITY) * is_far
        seen = np.clip(seen + 0.01 * self._coloured(1)[..., 0], 0.5, 1.0)
        return np.asarray(
            np.where(is_unseen, self.rng.uniform(*UNSEEN_VISIBILITY, is_far.shape), seen)
        )

    def swapped(self) -> BoolArray:
        """Frames in which left and right are taken for each other, (n_frames,)."""
        begins = self.rng.random((self._n, 1)) < self.noise.swap_chance * self._rate
        lasts = self.rng.integers(SWAP_FRAMES[0], SWAP_FRAMES[1] + 1, (self._n, 1))
        return _lasting(begins, lasts / self._rate)[:, 0]

    def _coloured(self, width: int) -> FloatArray:
        """Noise of unit variance with the memory of the spec, (n_frames, 33, width)."""
        white = self.rng.standard_normal((self._n, N_LANDMARKS, width))
        memory = self.noise.memory**self._rate
        fresh = np.sqrt(1.0 - memory**2)
        for frame in range(1, self._n):
            white[frame] = memory * white[frame - 1] + fresh * white[frame]
        return white


def _guessed(is_unseen: BoolArray) -> FloatArray:
    """How many times as large errors are, (n_frames, 33, 1)."""
    return np.asarray(np.where(is_unseen, GUESS_RATIO, 1.0)[..., None])


def _lasting(begins: BoolArray, lasts_frames: FloatArray) -> BoolArray:
    """Every beginning lasts for so many frames, at least one; shape (n_frames, k)."""
    n_frames = len(begins)
    change = np.zeros((n_frames + 1, begins.shape[1]))
    frames, columns = np.nonzero(begins)
    ends = frames + np.maximum(np.round(lasts_frames[frames, columns]).astype(int), 1)
    np.add.at(change, (frames, columns), 1.0)
    np.add.at(change, (np.minimum(ends, n_frames), columns), -1.0)
    return np.asarray(np.cumsum(change, axis=0)[:-1] > 0)


def _farness(depth_m: FloatArray) -> FloatArray:
    """0 for a landmark that is as near as its partner or nearer, 1 for one well behind it."""
    far = np.zeros(depth_m.shape)
    behind = (depth_m[:, LEFTS] - depth_m[:, RIGHTS]) / FAR_DEPTH_M
    far[:, LEFTS], far[:, RIGHTS] = np.clip(behind, 0.0, 1.0), np.clip(-behind, 0.0, 1.0)
    return far


def _bentness(body: Figure) -> FloatArray:
    """0 where the shoulders are as high as they ever are, 1 where they are lowest, (n, 1, 1)."""
    height_m = body.middle_m("SHOULDER")[:, 1]
    way_m = float(np.ptp(height_m))
    return np.asarray((height_m.max() - height_m) / (way_m or 1.0))[:, None, None]


def _body_px(xy_px: FloatArray) -> float:
    """Height of the body in the picture when it is tallest, from the nose to the heels."""
    heels = xy_px[:, [Landmark.LEFT_HEEL, Landmark.RIGHT_HEEL], 1].mean(axis=1)
    return float(np.max(heels - xy_px[:, Landmark.NOSE, 1])) / NOSE_RATIO


NOSE_RATIO = 0.92
"""Height of the nose over that of the body."""


def _swap(values: FloatArray, is_swapped: BoolArray) -> None:
    """Exchange left and right in place."""
    frames = np.flatnonzero(is_swapped)[:, None]
    values[frames, LEFTS], values[frames, RIGHTS] = (
        values[frames, RIGHTS].copy(),
        values[frames, LEFTS].copy(),
    )
