"""What hands and feet do: it tells fetching a load, and walking, from repetitions."""

import numpy as np

from labeler.core.arrays import FloatArray
from labeler.core.landmarks import Landmark
from labeler.signals.body import Body, leg_px
from labeler.signals.robust import median

LIMB_SIGNALS = ("wrist_height_legs", "feet_off_legs")
"""Both are places in the picture, so that every view shows them."""

WRISTS = (Landmark.LEFT_WRIST, Landmark.RIGHT_WRIST)


def limb_signals(xy_px: FloatArray, body: Body) -> dict[str, FloatArray]:
    """The lower wrist above the ankle, and the ankle off its usual place, in leg lengths.

    Parameters
    ----------
    xy_px : FloatArray
        Shape (n_frames, 33, 2), cleaned; of wrists, one that is seen is enough.

    Returns
    -------
    dict[str, FloatArray]
        By the names in `LIMB_SIGNALS`, each of shape (n_frames,); NaN where unseen. The usual place
        is the median over the clip.
    """
    legs_px = leg_px(body)
    wrists_px = xy_px[:, WRISTS, 1]
    is_seen = np.isfinite(wrists_px)
    lowest_px = np.where(is_seen, wrists_px, -np.inf).max(axis=1)
    lowest_px = np.where(is_seen.any(axis=1), lowest_px, np.nan)
    ankle_px = body.ankle_px
    off_px = ankle_px - np.array([median(ankle_px[:, 0]), median(ankle_px[:, 1])])
    return {
        "wrist_height_legs": (ankle_px[:, 1] - lowest_px) / legs_px,
        "feet_off_legs": np.hypot(off_px[:, 0], off_px[:, 1]) / legs_px,
    }
