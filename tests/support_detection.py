"""Detection limits that no benchmark wrote, so that rules are tested on known numbers."""

import datetime as dt
from collections.abc import Callable

import pytest

from labeler.core.clip import View
from labeler.features import detection
from labeler.features.detection import Measured
from labeler.rules.thresholds import RuleBook, load_limits

LIMITS = {
    ("hinge", View.SIDE, "lag_area_ms"): {30.0: 76.0, 240.0: 33.0},
    ("deadlift", View.SIDE, "lag_area_ms"): {30.0: 76.0, 240.0: 33.0},
    ("kb_swing", View.SIDE, "lag_area_ms"): {30.0: 33.0, 240.0: 19.0},
    ("squat", View.SIDE, "travel_lag_area_ms"): {30.0: 76.0, 240.0: 33.0},
    ("rotation", View.FRONT, "lag_t50_ms"): {30.0: 95.0, 120.0: 90.0, 240.0: 80.0},
    ("hinge", View.SIDE, "coupling_q25_pp"): {30.0: 20.0},
    ("squat", View.SIDE, "travel_coupling_q25_pp"): {30.0: 20.0},
    ("rotation", View.FRONT, "twist_lead_pp"): {30.0: 34.0},
    ("tspine_rot", View.FRONT, "pelvis_axial_deg"): {30.0: 16.0},
}


def row(movement: str, view: View, fps: float, name: str, **told: float) -> Measured:
    """One line of a table; all of what is true is seen unless told."""
    day = dt.date(2026, 1, 1)
    return Measured(movement, view, fps, name, day, "0", 1, 8, **{"slope": 1.0, **told})


ROWS = tuple(
    row(movement, view, fps, name, limit=limit)
    for (movement, view, name), by_fps in LIMITS.items()
    for fps, limit in by_fps.items()
)


def use_rows(
    monkeypatch: pytest.MonkeyPatch, rows: Callable[[], tuple[Measured, ...]] = lambda: ROWS
) -> None:
    """Let these be the stored ones."""
    monkeypatch.setattr(detection, "measured", rows)


def fixed_book() -> RuleBook:
    """The package's limits, with bands from `ROWS` where they are measured ones."""
    with pytest.MonkeyPatch.context() as patch:
        use_rows(patch)
        return load_limits.__wrapped__()
