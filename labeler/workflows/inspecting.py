"""What was made of a clip's poses before anything was measured, for people to look at."""

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from labeler.core.clip import Clip
from labeler.signals.registry import SIGNALS_VERSION
from labeler.store.dataset import Dataset
from labeler.workflows.deriving import signals_of

if TYPE_CHECKING:
    from labeler.signals.series import ClipSignals

STEP_NAMES = {
    "visibility_gate": "Hardly visible",
    "near_side": "Side in use",
    "swap_repair": "Left and right",
    "hampel": "Leaps",
    "short_gaps": "Short gaps",
    "long_gaps": "Longer gaps",
    "left_open": "Unknown",
    "lowpass": "Smoothing",
    "clock": "Frame times",
    "padding": "Ends",
    "trunk_ends": "Hip and shoulder",
    "short_shins": "Hidden feet",
}
"""The steps of cleaning as people call them."""


def cleaning_rows(dataset: Dataset, clip: Clip) -> list[dict[str, Any]]:
    """Every step of cleaning in its order: what it did, and to how much of the pose.

    ``points_pct`` is the share of all points (one joint in one frame) that signals are made of;
    None for a step that is not about single points.
    """
    return [
        {
            "step": STEP_NAMES[step.name],
            "what": step.words,
            "points": step.n_points,
            "points_pct": None if step.of_points_ratio is None else 100 * step.of_points_ratio,
        }
        for step in signals_of(dataset, clip).cleaning
    ]


def signals_report(dataset: Dataset, clip: Clip) -> dict[str, Any]:
    """Everything about a clip's signals but their values: steps, view, findings and noise.

    ``noise`` is the standard error of one value of each signal in the signal's own unit, from
    what the filter took away; NaN where it is not known.
    """
    signals = signals_of(dataset, clip)
    return {
        "clip": clip.short_id,
        "file": clip.file_name,
        "is_synthetic": clip.is_synthetic,
        "signals_version": SIGNALS_VERSION,
        "view": _view_row(signals),
        "faces_right": signals.facing > 0,
        "steps": [step.as_row() for step in signals.cleaning],
        "findings": [asdict(finding) for finding in signals.findings],
        "noise": dict(signals.noise),
    }


def _view_row(signals: "ClipSignals") -> dict[str, Any]:
    """The view that was told, and the one it looks like with how sure that is."""
    seen = signals.view_estimate
    return {
        "told": signals.view,
        "seen": None if seen is None else seen.view,
        "azimuth_deg": None if seen is None else seen.azimuth_deg,
        "confidence": None if seen is None else seen.confidence,
    }
