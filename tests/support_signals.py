"""Hand-made signals of a clip: some curves, all else unknown."""

import numpy as np

from labeler.core.clip import FrameTimes
from labeler.signals.registry import SIGNALS
from labeler.signals.series import ClipSignals


def made_signals(times: FrameTimes, **curves: np.ndarray) -> ClipSignals:
    """Signals of a body in full view, of which only the given ones are known."""
    unknown = np.full(times.n_frames, np.nan)
    return ClipSignals(
        times=times,
        values={**dict.fromkeys(SIGNALS, unknown), **curves},
        visibility=np.ones(times.n_frames),
        is_interpolated=np.zeros(times.n_frames, dtype=bool),
        facing=1,
    )


def turning(times: FrameTimes, thorax_deg: np.ndarray) -> ClipSignals:
    """A body that turns; the pelvis follows by half."""
    return made_signals(times, thorax_axial_deg=thorax_deg, pelvis_axial_deg=0.5 * thorax_deg)


def reaching(times: FrameTimes, reach_ratio: np.ndarray) -> ClipSignals:
    """A body that presses its arms out and does not turn."""
    still_deg = np.zeros(times.n_frames)
    return made_signals(
        times,
        wrist_reach_ratio=reach_ratio,
        thorax_axial_deg=still_deg,
        pelvis_axial_deg=still_deg,
    )
