"""Splits in which the same person, clip or set never stands on both sides."""

from collections.abc import Sequence

import numpy as np
from sklearn.model_selection import LeaveOneGroupOut, StratifiedGroupKFold

from labeler.core.arrays import AnyArray, IntArray

MAX_LEAVE_ONE_OUT = 15
"""Up to this many groups each is left out on its own; above it, `N_FOLDS` folds of groups."""

N_FOLDS = 5
"""Folds of many groups, and at most so many inside of a fold: calibration and threshold settle
with fewer models than a score that is reported."""

SEED = 20

Fold = tuple[IntArray, IntArray]
"""Row numbers to train on and to test on."""


def grouped_folds(
    y: IntArray, group: AnyArray, *, max_leave_one_out: int = MAX_LEAVE_ONE_OUT
) -> list[Fold]:
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
    if n_groups <= max_leave_one_out:
        splitter = LeaveOneGroupOut()
    else:
        n_folds = min(N_FOLDS, int(np.bincount(y).min()))
        if n_folds < 2:
            return []
        splitter = StratifiedGroupKFold(n_folds, shuffle=True, random_state=SEED)
    folds: list[Fold] = list(splitter.split(y, y, groups=group))
    return folds if all(len(set(y[train])) == 2 for train, _ in folds) else []


def inner_folds(y: IntArray, group: AnyArray) -> list[Fold]:
    """Folds within the rows of a fold, at most `N_FOLDS`; empty as `grouped_folds` says."""
    return grouped_folds(y, group, max_leave_one_out=N_FOLDS)


def held_together(*keys: Sequence[object]) -> AnyArray:
    """Rows that share a value of any key, directly or over others, under one name.

    Parameters
    ----------
    keys : Sequence[object]
        One value per row each; None holds nothing together.

    Returns
    -------
    AnyArray
        Shape (n_rows,): the first row of each group, as a number.
    """
    first = list(range(len(keys[0])))
    for key in keys:
        seen: dict[object, int] = {}
        for row, value in enumerate(key):
            if value is not None:
                _join(first, row, seen.setdefault(value, row))
    return np.array([_first(first, row) for row in range(len(first))], dtype=object)


def _first(first: list[int], row: int) -> int:
    """The first row of a row's group; ways are shortened as they are walked."""
    while first[row] != row:
        first[row] = first[first[row]]
        row = first[row]
    return row


def _join(first: list[int], one: int, other: int) -> None:
    low, high = sorted((_first(first, one), _first(first, other)))
    first[high] = low
