"""Gold-standard and real material as the product's own tracks and signals."""

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from labeler.catalog import Movement, load_catalog
from labeler.core.arrays import FloatArray
from labeler.core.clip import FrameTimes, View
from labeler.core.landmarks import Landmark
from labeler.core.rep import Rep
from labeler.core.track import PoseTrack
from labeler.exchange.joints import track_from_metres, track_from_pixels
from labeler.reps.judge import judged_anew
from labeler.signals.compute import compute_signals
from labeler.signals.series import ClipSignals

DATA = Path(
    os.environ.get("LABELER_TEST_DATA", Path(__file__).resolve().parents[2] / "shared" / "data")
)
SQUAT_HZ = load_catalog().movement("squat").lowpass_hz


@dataclass(frozen=True)
class Episode:
    """One repetition of UI-PRMD: who, which, whether instructed correct, and the joints."""

    subject: int
    episode: int
    is_correct: bool
    positions_m: FloatArray
    points: tuple[str, ...]
    fps: float

    @property
    def key(self) -> tuple[int, int, bool]:
        """The same repetition seen by the other system has the same key."""
        return self.subject, self.episode, self.is_correct


def episodes(movement: str, system: str) -> list[Episode]:
    """All repetitions of ``deep_squat`` or ``sit_to_stand`` seen by ``vicon`` or ``kinect``."""
    data = np.load(DATA / "uiprmd" / f"{movement}_{system}.npz")
    points, fps = tuple(str(name) for name in data["points"]), float(data["fps"])
    parts = np.split(data["positions_m"].astype(np.float64), np.cumsum(data["n_frames"])[:-1])
    told = zip(data["subject"], data["episode"], data["correct"], parts, strict=True)
    return [Episode(int(s), int(e), bool(c), part, points, fps) for s, e, c, part in told]


def signals_of(positions_m: FloatArray, one: Episode) -> ClipSignals:
    """Signals of joints in space, seen from the side by a camera that does not exist."""
    return compute_signals(track_of(positions_m, one), view=View.SIDE, lowpass_hz=SQUAT_HZ)


def track_of(positions_m: FloatArray, one: Episode, *, view: View = View.SIDE) -> PoseTrack:
    """The joints as that camera sees them; from the side facing the right edge."""
    joints = {
        Landmark[name.upper()]: positions_m[:, column]
        for column, name in enumerate(one.points)
        if name.upper() in Landmark.__members__
    }
    times = FrameTimes(np.arange(len(positions_m)) / one.fps)
    return track_from_metres(joints, times, view=view, made_by={})


def whole_rep(signals: ClipSignals, movement: Movement) -> Rep:
    """The whole episode as one repetition that turns where the shoulders are lowest."""
    last = signals.n_frames
    turn = int(np.clip(np.nanargmin(signals["shoulder_height_legs"]), 1, last - 2))
    times = signals.times
    rep = Rep(0, turn, last, 0.0, float(times.pts_s[turn]), times.boundary_s(last))
    return judged_anew(rep, signals, movement)


def streams(movement: str, system: str) -> Iterator[tuple[list[int], ClipSignals]]:
    """Frames of each repetition that was joined, and the signals of the stream.

    One stream per person and kind.
    """
    found = episodes(movement, system)
    for kind in sorted({(one.subject, one.is_correct) for one in found}):
        parts = [one for one in found if (one.subject, one.is_correct) == kind]
        joined = np.concatenate([one.positions_m for one in parts])
        yield [len(one.positions_m) for one in parts], signals_of(joined, parts[0])


def swing_sample() -> tuple[ClipSignals, list[int], list[int]]:
    """The swing sample's signals, and the frames of its reviewed lowest and highest points."""
    folder = DATA / "poses"
    told = json.loads((folder / "swing-sample-4reps.posetrack.json").read_text("utf-8"))
    truth = json.loads((folder / "swing-sample-4reps.groundtruth.json").read_text("utf-8"))
    frames, size = told["frames"], (told["metadata"]["videoWidth"], told["metadata"]["videoHeight"])
    points = np.array([[[p["x"], p["y"]] for p in frame["keypoints"]] for frame in frames])
    joints = {landmark: points[:, landmark].astype(np.float64) for landmark in Landmark}
    times = FrameTimes(np.array([float(frame["videoTime"]) for frame in frames]))
    track = track_from_pixels(joints, times, size_px=size, made_by={})
    lowpass_hz = load_catalog().movement("kb_swing").lowpass_hz
    signals = compute_signals(track, view=None, lowpass_hz=lowpass_hz)
    lowest, highest = (
        [one["frame_index"] for one in truth["annotations"] if one["position"] == place]
        for place in ("bottom", "top")
    )
    return signals, lowest, highest


PITCH_JOINTS = {
    "RIGHT_HIP": "rear_hip",
    "LEFT_HIP": "lead_hip",
    "RIGHT_SHOULDER": "shoulder_jc",
    "LEFT_SHOULDER": "glove_shoulder_jc",
    "RIGHT_KNEE": "rear_knee_jc",
    "LEFT_KNEE": "lead_knee_jc",
    "RIGHT_ANKLE": "rear_ankle_jc",
    "LEFT_ANKLE": "lead_ankle_jc",
}
"""Right-handed pitchers: the rear side is the right one."""
PITCH_LOWPASS_HZ = 20.0
"""As the published metrics were filtered."""


@dataclass(frozen=True)
class Pitch:
    """One pitch: its signals, the stretch in which the peaks lie, and the published metrics."""

    signals: ClipSignals
    is_delivery: np.ndarray
    pelvis_deg_per_s: float
    lag_s: float


def pitches() -> Iterator[Pitch]:
    """The five pitches of OpenBiomechanics, from joint centres alone."""
    folder = DATA / "openbiomechanics"
    published = pd.read_csv(folder / "published_metrics_5_trials.csv").set_index("session_pitch")
    rows = pd.read_csv(folder / "landmarks_5_trials.csv.gz")
    for name, trial in rows.groupby("session_pitch"):
        joints = {
            Landmark[ours]: trial[[f"{theirs}_{axis}" for axis in "xyz"]].to_numpy(np.float64)
            for ours, theirs in PITCH_JOINTS.items()
        }
        at_s = trial["time"].to_numpy(np.float64)
        times = FrameTimes(at_s - at_s[0])
        track = track_from_metres(joints, times, view=View.FRONT, made_by={}, heading=(1.0, 0.0))
        metrics = published.loc[name]
        yield Pitch(
            compute_signals(track, view=View.FRONT, lowpass_hz=PITCH_LOWPASS_HZ),
            (at_s >= trial["pkh_time"].iloc[0]) & (at_s <= trial["MIR_time"].iloc[0]),
            float(metrics["max_pelvis_rotational_velo"]),
            float(metrics["timing_peak_torso_to_peak_pelvis_rot_velo"]),
        )
