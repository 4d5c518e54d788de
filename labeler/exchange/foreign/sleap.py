"""SLEAP: projects and predictions (``.slp``) and analysis files (``.h5``), read by sleap-io."""

import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from labeler.core.arrays import FloatArray
from labeler.exchange.foreign.lab import lab_library
from labeler.exchange.foreign.people import Athlete, follow_athlete, known_athlete
from labeler.exchange.foreign.points import ForeignPoints, Unit, wrong_file

UNREADABLE = (OSError, LookupError, ValueError, TypeError, AttributeError, RuntimeError)
"""What sleap-io raises when a file does not hold what its name promises."""


def read_sleap(path: Path) -> ForeignPoints:
    """Read a file of one video; of several animals or people the most prominent one is taken.

    Tracks are trusted where there are any; else people are followed from frame to frame.

    Raises
    ------
    ExchangeError
        If the file is not SLEAP's, holds no instance or more than one video, or sleap-io is
        missing.
    """
    labels = _load(path)
    if len(labels.videos) != 1 or len(labels.skeletons) != 1:
        got = f"{len(labels.videos)} videos and {len(labels.skeletons)} skeletons"
        raise wrong_file(path, "one video and one skeleton", got)
    has_tracks = len(labels.tracks) > 0
    values = np.asarray(labels.numpy(untracked=not has_tracks, return_confidence=True), float)
    if not np.isfinite(values[..., :2]).any():
        raise wrong_file(path, "a person in some frame", "nobody")
    athlete = _athlete(values, has_tracks=has_tracks)
    found = athlete.of(values)
    video = labels.videos[0]
    return ForeignPoints(
        tuple(str(name) for name in labels.skeletons[0].node_names),
        found[..., :2],
        unit=Unit.PIXEL,
        fps=_fps(video.backend_metadata),
        confidence=_confidence(found),
        size_px=_size_px(video),
        made_by={"model": "SLEAP"},
        is_numbered=True,
        is_crowded=athlete.is_crowded,
    )


def _athlete(values: FloatArray, *, has_tracks: bool) -> Athlete:
    choose = known_athlete if has_tracks else follow_athlete
    return choose(values[..., :2])


def _load(path: Path) -> Any:  # noqa: ANN401  # sleap_io.Labels, where the library is installed
    sleap_io: Any = lab_library("sleap_io", wanted_for=path.name)
    try:
        if path.suffix.lower() == ".slp":
            return sleap_io.load_slp(str(path), open_videos=False)
        return sleap_io.load_analysis_h5(str(path))
    except UNREADABLE as error:
        raise wrong_file(
            path, "a file that SLEAP has written", f"one that says: {error}"
        ) from error


def _confidence(found: FloatArray) -> FloatArray:
    """Scores 0 to 1; a point that a person has set has none and is sure."""
    scores = found[..., 2]
    is_set = np.isfinite(found[..., 0]) & ~np.isfinite(scores)
    confidence: FloatArray = np.clip(np.where(is_set, 1.0, scores), 0.0, 1.0)
    return confidence


def _fps(told: Mapping[str, Any]) -> float | None:
    fps = told.get("fps")
    is_rate = isinstance(fps, int | float) and math.isfinite(fps) and fps > 0
    return float(fps) if is_rate and fps is not None else None


def _size_px(video: Any) -> tuple[int, int] | None:  # noqa: ANN401  # sleap_io.Video
    """Width and height from (n_frames, height, width, channels), where the file knows it."""
    shape = video.shape
    return None if shape is None else (int(shape[2]), int(shape[1]))
