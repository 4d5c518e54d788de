"""MediaPipe's Pose Landmarker as a `PoseEstimator`."""

from collections.abc import Mapping
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import mediapipe as mp
import numpy as np
from mediapipe.tasks.python import BaseOptions, vision

from labeler.core.arrays import ByteImage, Float32Array
from labeler.core.errors import PoseError
from labeler.pose.bundle import MODEL_NAME, PoseBundle
from labeler.pose.estimator import Pose
from labeler.pose.outline import OUTLINE_VERSION, outline_of
from labeler.pose.quiet import native_stderr_silenced

MIN_CONFIDENCE = 0.5
"""Of detection, presence and tracking: MediaPipe's own default."""
MAX_PEOPLE_IN_A_LOOK = 3
"""Enough to tell one from several, and to find the athlete among spotters."""

_MS_PER_S = 1000


class MediaPipePose:
    """Follows people through a clip with one landmarker, from the first frame, in order.

    Parameters
    ----------
    bundle : PoseBundle
        The networks.
    n_people : int
        How many people to follow at once; more than one is markedly slower.
    has_outline : bool
        Whether to ask for masks and measure the outline of the trunk.

    Raises
    ------
    PoseError
        If MediaPipe cannot open the bundle.
    """

    def __init__(self, bundle: PoseBundle, *, n_people: int = 1, has_outline: bool = True) -> None:
        self._bundle = bundle
        self._n_people = n_people
        self._has_outline = has_outline
        self._has_seen_a_person = False
        self._last_ms = -1
        self._looker: vision.PoseLandmarker | None = None
        self._tracker = _landmarker(
            bundle.path, vision.RunningMode.VIDEO, n_people, has_masks=has_outline
        )

    @property
    def made_by(self) -> Mapping[str, str]:
        """Model, checksum, version and settings."""
        return {
            "model": MODEL_NAME,
            "model_sha256": self._bundle.sha256,
            "library": f"mediapipe {mp.__version__}",
            "mode": "video",
            "n_people": str(self._n_people),
            "min_confidence": str(MIN_CONFIDENCE),
            "outline": OUTLINE_VERSION if self._has_outline else "none",
        }

    def track(self, rgb: ByteImage, at_s: float) -> list[Pose]:
        """People in the next frame; MediaPipe wants whole, increasing milliseconds."""
        self._last_ms = max(round(at_s * _MS_PER_S), self._last_ms + 1)
        with self._quiet():
            return self._poses(self._tracker.detect_for_video(_image(rgb), self._last_ms))

    def look(self, rgb: ByteImage) -> list[Pose]:
        """People in one picture, without memory of earlier ones."""
        if self._looker is None:
            image_mode = vision.RunningMode.IMAGE
            self._looker = _landmarker(self._bundle.path, image_mode, MAX_PEOPLE_IN_A_LOOK)
        with self._quiet():
            return self._poses(self._looker.detect(_image(rgb)))

    def close(self) -> None:
        """Free both landmarkers."""
        self._tracker.close()
        if self._looker is not None:
            self._looker.close()

    def _quiet(self) -> Any:  # noqa: ANN401  (one of two context managers)
        """The landmark network warns at its first use, which is when the first person is seen."""
        return nullcontext() if self._has_seen_a_person else native_stderr_silenced()

    def _poses(self, result: vision.PoseLandmarkerResult) -> list[Pose]:
        masks = result.segmentation_masks or [None] * len(result.pose_landmarks)
        people = zip(result.pose_landmarks, result.pose_world_landmarks, masks, strict=True)
        poses = [_pose(image, world, mask) for image, world, mask in people]
        self._has_seen_a_person = self._has_seen_a_person or bool(poses)
        return poses


def _landmarker(
    path: Path, mode: vision.RunningMode, n_people: int, *, has_masks: bool = False
) -> vision.PoseLandmarker:
    options = vision.PoseLandmarkerOptions(
        base_options=BaseOptions(model_asset_path=str(path)),
        running_mode=mode,
        num_poses=n_people,
        output_segmentation_masks=has_masks,
        min_pose_detection_confidence=MIN_CONFIDENCE,
        min_pose_presence_confidence=MIN_CONFIDENCE,
        min_tracking_confidence=MIN_CONFIDENCE,
    )
    try:
        with native_stderr_silenced():
            return vision.PoseLandmarker.create_from_options(options)
    except (ValueError, RuntimeError, OSError) as error:
        raise PoseError(
            f"pose bundle: expected {path} to open in mediapipe {mp.__version__}, got: {error}.",
            hint="Delete that file to have it made again; `labeler doctor` says where it is.",
        ) from error


def _image(rgb: ByteImage) -> mp.Image:
    return mp.Image(image_format=mp.ImageFormat.SRGB, data=np.ascontiguousarray(rgb))


def _pose(image: list[Any], world: list[Any], mask: mp.Image | None) -> Pose:
    seen = np.array([(point.x, point.y, point.visibility) for point in image], dtype=np.float64)
    metres = np.array([(point.x, point.y, point.z) for point in world], dtype=np.float64)
    outline = None if mask is None else outline_of(_likely(mask), seen[:, :2], seen[:, 2])
    return Pose(xy_ratio=seen[:, :2], visibility=seen[:, 2], world_m=metres, outline=outline)


def _likely(mask: mp.Image) -> Float32Array:
    """The mask's own memory as an array (height, width); good for as long as the mask is."""
    seen: Float32Array = mask.numpy_view()
    return seen.reshape(seen.shape[:2])
