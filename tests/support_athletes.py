"""Made-up athletes at their plainest: no sway, no asymmetry, and cameras that see without error."""

from dataclasses import replace

import numpy as np

from labeler.core.label import FaultId
from labeler.core.landmarks import Landmark
from labeler.synthetic.athlete import Athlete, draw_athlete
from labeler.synthetic.body import Figure, figure
from labeler.synthetic.camera import Camera
from labeler.synthetic.motion import Performance, perform
from labeler.synthetic.plan import RepPlan, SetPlan

MOVEMENTS = ("hinge", "deadlift", "kb_swing", "squat", "rotation", "tspine_rot", "antirot")


def plain_athlete(seed: int = 1) -> Athlete:
    """Somebody who moves exactly by the plan."""
    return replace(draw_athlete(seed), sway_ratio=0.0, asymmetry_deg=0.0)


def performed(
    movement: str,
    severities: dict[str, int] | None = None,
    *,
    athlete: Athlete | None = None,
    n_reps: int = 2,
    **plan,
) -> Performance:
    """A short set without anything before it."""
    faults = {FaultId(name): severity for name, severity in (severities or {}).items()}
    told = {"seed": 3, "has_set_up": False, **plan}
    reps = (RepPlan(faults),) * n_reps
    return perform(SetPlan(movement, athlete or plain_athlete(), reps, **told))


def times_of(performance: Performance, fps: float = 60.0) -> np.ndarray:
    """An even clock over all of it."""
    return np.arange(0.0, performance.duration_s, 1.0 / fps)


def body_of_set(performance: Performance, fps: float = 60.0) -> Figure:
    """The body all along."""
    return figure(performance.athlete, performance.angles_at(times_of(performance, fps)))


def telescope(azimuth_deg: float = 90.0) -> Camera:
    """So far away that near and far look alike: from the side it sees the sagittal plane."""
    return Camera(azimuth_deg, 500.0, 0.92, 0.0, 200_000.0, (1920, 1080))


def point(body: Figure, name: str) -> np.ndarray:
    """One landmark over time, (n, 3)."""
    return body.landmarks_m[:, Landmark[name]]
