"""What comes before and after a set: bending for the load, walking in, tying a shoe.

Only what lies at the edge of a set can be such a thing, and only where the set itself says what a
repetition of it looks like. A repetition done badly in the middle stays a repetition.
"""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from labeler.core.arrays import FloatArray
from labeler.core.rep import Rep

MIN_ALIKE = 3
"""Fewer repetitions do not say what is usual."""

MIN_LIKENESS = np.sqrt(0.5)
"""Cosine between postures at the turn: beyond 45 degrees they are more unlike than like."""

MAX_DIFFERENCE_RATIO = 0.5
"""Half as much again or half as much: another movement, if a break lies between it and the set."""

MIN_BREAK_PERIODS = 1.0
"""A break of another period beyond the usual rest: a set does not begin or end within it."""


def words_before_or_after(
    reps: Sequence[Rep], postures: Sequence[FloatArray], is_clear: Sequence[bool]
) -> list[str | None]:
    """Why each candidate belongs before or after the set; None where it does not.

    Parameters
    ----------
    reps : Sequence[Rep]
        Candidates in time.
    postures : Sequence[FloatArray]
        Each of shape (n_channels,): how every channel changes from rest to the turn.
    is_clear : Sequence[bool]
        Which of them stand out far enough to say what is usual.
    """
    clear = [place for place, yes in enumerate(is_clear) if yes]
    if len(clear) <= MIN_ALIKE:
        return [None] * len(reps)
    usual = np.median([postures[place] for place in clear], axis=0)
    rest_s = float(np.median([reps[b].start_s - reps[a].stop_s for a, b in pairwise(clear)]))
    period_s = float(np.median([reps[b].turn_s - reps[a].turn_s for a, b in pairwise(clear)]))
    gaps_s = np.array([after.start_s - one.stop_s for one, after in pairwise(reps)])
    is_break = gaps_s > rest_s + MIN_BREAK_PERIODS * period_s
    words = [
        _why_apart(posture, usual, is_after_break=bool(apart))
        for posture, apart in zip(postures, np.append(is_break, False), strict=True)
    ]
    backwards = [
        _why_apart(posture, usual, is_after_break=bool(apart))
        for posture, apart in zip(postures, np.append(False, is_break), strict=True)
    ]
    first = next((place for place in clear if words[place] is None), clear[0])
    last = next((place for place in clear[::-1] if backwards[place] is None), clear[-1])
    if sum(first <= place <= last for place in clear) < MIN_ALIKE:
        return [None] * len(reps)
    return [
        *words[:first],
        *(None for _ in range(first, last + 1)),
        *backwards[last + 1 :],
    ]


def _why_apart(posture: FloatArray, usual: FloatArray, *, is_after_break: bool) -> str | None:
    """Why a posture at the turn is none of the set's."""
    size = float(np.linalg.norm(posture) * np.linalg.norm(usual))
    if size and posture @ usual < MIN_LIKENESS * size:
        return "bends in another way than the set that it stands beside"
    off = float(np.linalg.norm(posture - usual) / (np.linalg.norm(usual) or 1.0))
    if is_after_break and off > MAX_DIFFERENCE_RATIO:
        return "stands apart from the set, and bends in another way"
    return None
