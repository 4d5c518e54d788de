"""What is true of a made-up clip: angles at its frames, repetitions, and who led by how much."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from labeler.catalog.loader import load_catalog
from labeler.core.arrays import FloatArray
from labeler.core.clip import FrameTimes
from labeler.core.errors import ExchangeError
from labeler.core.landmarks import Landmark
from labeler.synthetic.body import Figure, figure
from labeler.synthetic.motion import Performance, RepTruth
from labeler.synthetic.posture import Angles

TRUTH_FORMAT = 1
"""Raised when a file would be read otherwise; older formats stay readable."""

LAG_STEP_S = 0.002
"""Lags are read from curves this fine, however few frames the clip has."""

EDGE_RATIO = 0.1
"""Start and turn are looked for this share of the way down beyond either: at the start of a
repetition one of the courses has moved already, at its turn one may not have arrived."""

HALF_WAY = 0.5

MIN_WAY = 0.02
"""A course that goes less far, in its own unit, has no half-way."""

OF_SIGNAL: Mapping[str, str] = {
    "pelvis_axial_deg": "pelvis_yaw_deg",
    "thorax_axial_deg": "thorax_yaw_deg",
}
"""Curves that stand for a signal of the catalogue under another name."""


@dataclass(frozen=True, slots=True, eq=False)
class Truth:
    """What nobody has to measure.

    Parameters
    ----------
    times_s : FloatArray
        Shape (n_frames,): those of the clip.
    curves : Mapping[str, FloatArray]
        By name, in the unit that it ends in, each of shape (n_frames,). Sagittal angles are those
        of the middle between left and right, in the athlete's own plane, by the definitions of the
        signals with the same names; hip and knee are 180 when straight.
    reps : tuple[RepTruth, ...]
        In time.
    lags_s : FloatArray
        Shape (n_reps,): half-way lag of the torso after the hips from the movement's own curves,
        as they are and not as planned; NaN in a hold, or where one of them does not move.
    """

    movement: str
    times_s: FloatArray
    curves: Mapping[str, FloatArray]
    reps: tuple[RepTruth, ...]
    lags_s: FloatArray

    def __getitem__(self, name: str) -> FloatArray:
        """The curve of that name."""
        return self.curves[name]

    def write(self, file: Path) -> None:
        """One npz, to lie beside the video."""
        told = {
            "format": TRUTH_FORMAT,
            "movement": self.movement,
            "reps": [asdict(rep) for rep in self.reps],
        }
        named = {f"curve_{name}": values for name, values in self.curves.items()}
        with file.open("wb") as stream:
            np.savez_compressed(
                stream,
                told=np.array(json.dumps(told)),
                times_s=self.times_s,
                lags_s=self.lags_s,
                **named,  # type: ignore[arg-type]
            )

    @staticmethod
    def read(file: Path) -> "Truth":
        """What `write` wrote.

        Raises
        ------
        ExchangeError
            The file is not one of these, or of a later format.
        """
        try:
            with np.load(file, allow_pickle=False) as arrays:
                told, values = json.loads(str(arrays["told"])), dict(arrays)
        except (OSError, ValueError, KeyError) as error:
            raise _refused(file, "a file of what is true of a made-up clip", str(error)) from None
        if told.get("format") != TRUTH_FORMAT:
            raise _refused(file, f"format {TRUTH_FORMAT}", str(told.get("format")))
        curves = {
            name.removeprefix("curve_"): array
            for name, array in values.items()
            if name.startswith("curve_")
        }
        reps = tuple(RepTruth(**rep) for rep in told["reps"])
        return Truth(told["movement"], values["times_s"], curves, reps, values["lags_s"])


def truth_of(performance: Performance, times: FrameTimes) -> Truth:
    """The truth at the frames of a clip."""
    curves = curves_at(performance, times.pts_s)
    lags = [_lag_s(performance, rep) for rep in performance.reps]
    movement = performance.plan.movement
    return Truth(movement, times.pts_s, curves, performance.reps, np.array(lags))


def curves_at(performance: Performance, times_s: FloatArray) -> dict[str, FloatArray]:
    """Every curve at any times, which must not decrease; see `Truth`."""
    angles = performance.angles_at(times_s)
    return curves_of(figure(performance.athlete, angles), angles)


def curves_of(body: Figure, angles: Angles) -> dict[str, FloatArray]:
    """Curves of a body that has been posed already."""
    hip, knee, ankle = (body.middle_m(name)[:, 1:] for name in ("HIP", "KNEE", "ANKLE"))
    shoulder, ear = body.middle_m("SHOULDER")[:, 1:], body.middle_m("EAR")[:, 1:]
    trunk, thigh, shank = _lean_deg(hip, shoulder), -_lean_deg(knee, hip), _lean_deg(ankle, knee)
    knee_deg = 180.0 - thigh - shank
    legs_m = np.linalg.norm(hip - knee, axis=1) + np.linalg.norm(knee - ankle, axis=1)
    pelvis, thorax = _heading_deg(body, "HIP"), _heading_deg(body, "SHOULDER")
    return {
        "trunk_incl_deg": trunk,
        "thigh_incl_deg": thigh,
        "shank_incl_deg": shank,
        "hip_angle_deg": 180.0 - np.abs(trunk + thigh),
        "knee_angle_deg": knee_deg,
        "leg_bend_deg": (thigh + 180.0 - knee_deg) / 2.0,
        "neck_angle_deg": trunk - _lean_deg(shoulder, ear),
        "pelvis_x_legs": (hip - ankle)[:, 1] / np.median(legs_m),
        "pelvis_yaw_deg": pelvis,
        "thorax_yaw_deg": thorax,
        "separation_deg": thorax - pelvis,
        "spine_flexion_deg": np.degrees(angles.spine_flexion_rad),
        "side_bend_deg": _side_bend_deg(body),
        "press_ratio": angles.press_ratio,
    }


def half_way_lag_s(times_s: FloatArray, hips: FloatArray, torso: FloatArray) -> float:
    """Time at which the torso is half-way less that of the hips; NaN where one does not move.

    Progress is 0 at the first value, and 1 at the one that is furthest from it.
    """
    at_s = [_crossing_s(times_s, course) for course in (hips, torso)]
    return at_s[1] - at_s[0]


def _lag_s(performance: Performance, rep: RepTruth) -> float:
    movement = load_catalog().movement(performance.plan.movement)
    if np.isnan(rep.lag_s):
        return float("nan")
    beyond_s = EDGE_RATIO * (rep.turn_s - rep.start_s)
    times_s = np.arange(rep.start_s - beyond_s, rep.turn_s + beyond_s, LAG_STEP_S, dtype=np.float64)
    curves = curves_at(performance, times_s)
    names = (OF_SIGNAL.get(one, one) for one in (movement.hip_signal, movement.torso_signal))
    return half_way_lag_s(times_s, *(curves[name] for name in names))


def _crossing_s(times_s: FloatArray, course: FloatArray) -> float:
    way = course[np.argmax(np.abs(course - course[0]))] - course[0]
    if abs(way) < MIN_WAY:
        return float("nan")
    share = (course - course[0]) / way
    after = int(np.argmax(share >= HALF_WAY))
    if after == 0:
        return float("nan")
    return float(np.interp(HALF_WAY, share[after - 1 : after + 1], times_s[after - 1 : after + 1]))


def _lean_deg(lower: FloatArray, upper: FloatArray) -> FloatArray:
    """Of points (n, 2), height first: + leans forward."""
    up, ahead = (upper - lower).T
    return np.asarray(np.degrees(np.arctan2(ahead, up)))


def _heading_deg(body: Figure, joint: str) -> FloatArray:
    """Where the line from right to left points on the ground, + turned to the athlete's left."""
    points = body.landmarks_m
    across = points[:, Landmark[f"LEFT_{joint}"]] - points[:, Landmark[f"RIGHT_{joint}"]]
    return np.asarray(np.degrees(np.unwrap(np.arctan2(-across[:, 2], across[:, 0]))))


def _side_bend_deg(body: Figure) -> FloatArray:
    """Mid-hip to mid-shoulder in the frontal plane, + to the athlete's left."""
    way = body.middle_m("SHOULDER") - body.mid_hip_m
    return np.asarray(np.degrees(np.arctan2(way[:, 0], way[:, 1])))


def _refused(file: Path, expected: str, got: str) -> ExchangeError:
    return ExchangeError(
        f"{file.name}: expected {expected}, got: {got}.",
        hint="Make the clip anew: what is true of it is written beside it.",
    )
