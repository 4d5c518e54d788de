"""Splits in which the same person (or set) never stands on both sides."""

import numpy as np
from sklearn.model_selection import LeaveOneGroupOut, StratifiedGroupKFold

from labeler.core.arrays import AnyArray, IntArray

MAX_LEAVE_ONE_OUT = 15
"""Up to this many groups each is left out on its own; above it, `N_FOLDS` folds of groups."""

N_FOLDS = 5
SEED = 20

Fold = tuple[IntArray, IntArray]
"""Row numbers to train on and to test on."""


def grouped_folds(y: IntArray, group: AnyArray) -> list[Fold]:
    """Folds by group, covering every row once.

    Returns
    -------
    list[Fold]
        Empty where no honest test is possible: fewer than two groups, or some fold would train
        on one class only.
    """
    n_groups = len(set(group))
    if n_groups < 2 or len(set(y)) < 2:
        return []
    if n_groups <= MAX_LEAVE_ONE_OUT:
        splitter = LeaveOneGroupOut()
    else:
        n_folds = min(N_FOLDS, int(np.bincount(y).min()))
        if n_folds < 2:
            return []
        splitter = StratifiedGroupKFold(n_folds, shuffle=True, random_state=SEED)
    folds: list[Fold] = list(splitter.split(y, y, groups=group))
    return folds if all(len(set(y[train])) == 2 for train, _ in folds) else []
