"""Whether the outline of the back tells a set that was told to round it from one that was not.

One man, one hooded jersey, one camera, each set filmed as a block: it shows that the outline
sees the rounding, not how well it would do on others.
"""

from collections.abc import Mapping, Sequence

import numpy as np

from labeler.features.registry import all_features
from labeler.features.rep_signals import RepSignals

CORRECT, ROUNDED = "deadlift_correct_side.mp4", "deadlift_rounded_back_side.mp4"
IN_A_REP = "back_tangent_change_deg"
"""What the rule on rounding asks for."""
OUTLINE = (IN_A_REP, "back_tangent_turn_deg", "back_lumbar_curvature_turn_ratio")
SKELETON = ("trunk_length_turn_ratio", "trunk_incl_rom_deg")
LEANS_DEG = (30.0, 40.0, 50.0)
"""The rounded set bends deeper too. At the same lean only the back differs."""
WAYS = {
    "down": "three of ten bend no more at 50 deg than correct ones do, only lower in the back; an "
    "upper part below the hood, or other stations, change nothing",
    "up": "",
}
"""With what limits the separation there: seen in the frames, and tried."""
AT_LEANS = ("back_tangent_deg", "back_lumbar_curvature_ratio", "trunk_length_ratio")
"""The first is judged, the others stand beside it."""
FALLING = {"trunk_length_turn_ratio", "trunk_length_ratio"}
"""Rounding makes these smaller, all others larger."""

Cuts = Mapping[str, Sequence[RepSignals]]
"""The repetitions of either clip, by its name."""


def auc(name: str, correct: Sequence[float], rounded: Sequence[float]) -> float:
    """Share of pairs in which the rounded rep shows more of it; NaN where either set is empty."""
    one, two = (np.array(values)[np.isfinite(values)] for values in (correct, rounded))
    if not (one.size and two.size):
        return float("nan")
    more = np.mean(two[:, None] > one) + 0.5 * np.mean(two[:, None] == one)
    return float(1.0 - more if name in FALLING else more)


def in_reps(cuts: Cuts) -> dict[str, float]:
    """AUC of features of whole repetitions, of the outline and of the skeleton alone."""
    computes = {one.name: one.compute for one in all_features()}
    return {
        name: auc(
            name, *([computes[name](cut) for cut in cuts[clip]] for clip in (CORRECT, ROUNDED))
        )
        for name in (*OUTLINE, *SKELETON)
    }


def at_leans(cuts: Cuts, name: str, *, is_up: bool) -> list[float]:
    """AUC of a signal at each of `LEANS_DEG`, on the way down or up, over reps that pass there."""
    return [
        auc(
            name,
            *(
                [_at_lean(cut, name, lean_deg, is_up=is_up) for cut in cuts[clip]]
                for clip in (CORRECT, ROUNDED)
            ),
        )
        for lean_deg in LEANS_DEG
    ]


def _at_lean(cut: RepSignals, name: str, lean_deg: float, *, is_up: bool) -> float:
    """The signal where the trunk first passes this lean, between two frames; NaN if it never."""
    way = slice(None, cut.turn - 1, -1) if is_up else cut.descent  # upwards: from the end back
    lean, values = cut["trunk_incl_deg"][way], cut[name][way]
    past = np.flatnonzero((lean[1:] >= lean_deg) & (lean[:-1] < lean_deg))
    if past.size == 0:
        return float("nan")
    at = int(past[0])
    share = (lean_deg - lean[at]) / (lean[at + 1] - lean[at])
    return float(values[at] + share * (values[at + 1] - values[at]))
