"""Made-up people: whole bodies with human limbs that can be moved, shrunk and made to tremble."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from labeler.core.clip import FrameTimes
from labeler.core.contour import N_SIDES, N_STATIONS
from labeler.core.landmarks import N_LANDMARKS, Landmark
from labeler.core.track import PoseTrack
from labeler.pose.estimator import Pose, track_from_poses
from labeler.pose.outline import Outline

SIZE_PX = (640, 360)
BODY_M = 1.34
"""Trunk, thigh and shank of the made-up person, end to end."""

_HALF = {  # the left half of a standing person, metres from mid-hip, y down
    "EYE_INNER": (0.02, -0.68),
    "EYE": (0.03, -0.68),
    "EYE_OUTER": (0.04, -0.68),
    "EAR": (0.07, -0.67),
    "SHOULDER": (0.17, -0.50),
    "ELBOW": (0.19, -0.22),
    "WRIST": (0.20, 0.03),
    "PINKY": (0.21, 0.10),
    "INDEX": (0.19, 0.11),
    "THUMB": (0.18, 0.08),
    "HIP": (0.10, 0.00),
    "KNEE": (0.10, 0.42),
    "ANKLE": (0.10, 0.84),
    "HEEL": (0.10, 0.88),
    "FOOT_INDEX": (0.12, 0.92),
}


def standing_m() -> np.ndarray:
    """World landmarks of a standing person, shape (33, 3)."""
    world = np.zeros((N_LANDMARKS, 3))
    world[Landmark.NOSE, :2] = (0.0, -0.66)
    world[Landmark.MOUTH_LEFT, :2], world[Landmark.MOUTH_RIGHT, :2] = (0.02, -0.62), (-0.02, -0.62)
    for name, (x, y) in _HALF.items():
        world[Landmark[f"LEFT_{name}"], :2] = (x, y)
        world[Landmark[f"RIGHT_{name}"], :2] = (-x, y)
    return world


def pose_at(
    x_ratio: float,
    *,
    y_ratio: float = 0.5,
    body_ratio: float = 0.5,
    world: np.ndarray | None = None,
) -> Pose:
    """A person with the hips at the given place; `body_ratio` is of the picture's height."""
    world = standing_m() if world is None else world
    width_px, height_px = SIZE_PX
    xy_px = world[:, :2] * (body_ratio * height_px / BODY_M)
    xy_ratio = xy_px / (width_px, height_px) + (x_ratio, y_ratio)
    return Pose(xy_ratio=xy_ratio, visibility=np.full(N_LANDMARKS, 0.99), world_m=world)


def outlined(pose: Pose, *, offset_trunks: float = 0.2) -> Pose:
    """The same person with a trunk whose edges run straight beside its axis."""
    offsets = np.full((N_SIDES, N_STATIONS), offset_trunks)
    return replace(pose, outline=Outline(offsets, area_ratio=0.1))


def stunted() -> np.ndarray:
    """World landmarks with forearms that no person has."""
    world = standing_m()
    for side in ("LEFT", "RIGHT"):
        elbow, wrist = Landmark[f"{side}_ELBOW"], Landmark[f"{side}_WRIST"]
        world[wrist] = world[elbow] + (0.0, 0.02, 0.0)
    return world


def steady_times(n_frames: int, fps: float = 30.0) -> FrameTimes:
    """A steady clock."""
    return FrameTimes(np.arange(n_frames) / fps)


def track_of(poses: Sequence[Pose | None], fps: float = 30.0) -> PoseTrack:
    """A track at a steady rate."""
    times = steady_times(len(poses), fps)
    return track_from_poses(poses, times, size_px=SIZE_PX, made_by={"model": "made up"})


class ScriptedEstimator:
    """An estimator that answers from a script: `frames[k]` for the k-th tracked picture."""

    def __init__(
        self,
        frames: Sequence[Sequence[Pose]],
        looks: Sequence[Sequence[Pose]] = (),
        fails_at: int | None = None,
        error: BaseException | None = None,
    ) -> None:
        self._frames, self._looks = frames, looks
        self._fails_at, self._error = fails_at, error or RuntimeError("the network broke")
        self.seen_s: list[float] = []
        self.n_looks = 0
        self.is_closed = False

    @property
    def made_by(self) -> dict[str, str]:
        return {"model": "scripted"}

    def track(self, rgb: np.ndarray, at_s: float) -> list[Pose]:
        assert rgb.ndim == 3
        assert not self.is_closed
        number = len(self.seen_s)
        self.seen_s.append(at_s)
        if number == self._fails_at:
            raise self._error
        return list(self._frames[number])

    def look(self, rgb: np.ndarray) -> list[Pose]:
        assert rgb.ndim == 3
        assert not self.is_closed
        found = self._looks[self.n_looks] if self.n_looks < len(self._looks) else []
        self.n_looks += 1
        return list(found)

    def close(self) -> None:
        self.is_closed = True
