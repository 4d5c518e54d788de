"""Which repetitions of a clip belong to one set: those without a long break between them."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from labeler.core.rep import Rep

MAX_GAP_PERIODS = 2.5
"""A break longer than this many periods ends a set; the definition of the specification."""


def sets_of(reps: Sequence[Rep]) -> list[list[int]]:
    """Places of the repetitions in `reps`, grouped into sets, each in time.

    A break lasts from the end of one repetition to the start of the next. The period is the usual
    time from turn to turn: the lower middle one of all, so that a few long breaks do not stretch
    it; of two repetitions, which have one such time, the mean of their durations.
    """
    order = sorted(range(len(reps)), key=lambda place: reps[place].start_s)
    if not order:
        return []
    longest_s = MAX_GAP_PERIODS * _period_s([reps[place] for place in order])
    sets = [[order[0]]]
    for before, place in pairwise(order):
        if reps[place].start_s - reps[before].stop_s > longest_s:
            sets.append([])
        sets[-1].append(place)
    return sets


def _period_s(reps: Sequence[Rep]) -> float:
    """Usual time from one turn to the next."""
    if len(reps) <= 2:
        return float(np.mean([rep.duration_s for rep in reps]))
    apart_s = sorted(after.turn_s - before.turn_s for before, after in pairwise(reps))
    return apart_s[(len(apart_s) - 1) // 2]
