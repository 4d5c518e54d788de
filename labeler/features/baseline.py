"""Features as changes from the athlete's own good repetitions, in the same movement and view.

Everybody hinges in their own way; what a coach sees is the change from it. How much more accurate
a model becomes on people it has not seen is measured by `benchmarks/athlete_baseline.py`.

What would leak the answers is left out by construction. A repetition is never compared with
itself: a good one is held against the others that are good. Within one athlete, movement and view
either all repetitions have a baseline or none, so that having one says nothing about the answer.
What stays is that somebody must have judged some repetitions of an athlete before: a test of a
model with baselines holds for athletes who bring a few good repetitions along, and those that are
picked for this must not be scored in it.
"""

from collections.abc import Collection

import numpy as np
import pandas as pd

from labeler.core.arrays import BoolArray, FloatArray
from labeler.core.rep import RepQuality
from labeler.core.units import Unit
from labeler.features.registry import Role, all_features

MIN_GOOD_REPS = 3
"""A baseline is the mean of at least so many repetitions."""

HAS_BASELINE = "has_baseline_ratio"
"""1 where the athlete has a baseline in this movement and view, else 0."""

WHOSE = ("athlete", "movement", "view")
"""A baseline holds for one of each; where one of them was not told there is none."""

ORIGIN = "is_synthetic"
"""A made-up athlete is not the recorded one of that name."""


def with_baseline(
    table: pd.DataFrame, good_reps: Collection[str], *, reference: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Replace the features that an athlete's own way bears on by their change from it.

    Parameters
    ----------
    table : pandas.DataFrame
        As `labeler.features.table.feature_table` makes it.
    good_reps : Collection[str]
        Ids of repetitions in which a coach saw no fault.
    reference : pandas.DataFrame | None
        Where the good repetitions are found; in `table` itself where not told. Index unique.

    Returns
    -------
    pandas.DataFrame
        The same rows. A feature that is compared changes its name (see `changed_name`), so that a
        column never holds raw values and changes alike; it is NaN without a baseline, or where its
        own value or fewer than `MIN_GOOD_REPS` others' are not known. Errors, spreads over a set,
        counts and what tells of the recording stay as they are. `HAS_BASELINE` comes last.

    Notes
    -----
    A good repetition that is in the table itself does not count for itself: there must be one more.
    """
    names = [name for name in compared() if name in table.columns]
    source = table if reference is None else reference
    is_usable = (source["quality"].astype(str) != RepQuality.BAD.value).to_numpy()
    is_good = is_usable & np.asarray(source.index.isin(list(good_reps)))
    whose_keys = [*WHOSE, *(name for name in (ORIGIN,) if name in table.columns)]
    good = source.loc[is_good, [*whose_keys, *names]].dropna(subset=list(WHOSE))
    change = np.full((len(table), len(names)), np.nan)
    has_baseline = np.zeros(len(table))
    own = table.groupby(whose_keys, sort=False).indices  # rows not told are in no group
    for whose, others in good.groupby(whose_keys, sort=False):
        rows = own.get(whose)
        if rows is None:
            continue
        in_both = np.asarray(table.index[rows].isin(others.index))
        if len(others) - in_both.any() < MIN_GOOD_REPS:
            continue
        has_baseline[rows] = 1.0
        values = table.iloc[rows][names].to_numpy(np.float64)
        change[rows] = values - _means(values, others[names].to_numpy(np.float64), in_both)
    renamed = {name: changed_name(name) for name in names}
    changes = pd.DataFrame(change, columns=list(renamed.values()), index=table.index)
    kept = table.drop(columns=names)
    order = [renamed.get(name, name) for name in table.columns]
    return pd.concat([kept, changes], axis=1)[order].assign(**{HAS_BASELINE: has_baseline})


def _means(values: FloatArray, good: FloatArray, is_among: BoolArray) -> FloatArray:
    """Mean of the good ones for each row and column, of all but itself for one that is among them.

    NaN in a column in which too few are known: for all rows alike.
    """
    is_known, own = np.isfinite(good), is_among[:, None] & np.isfinite(values)
    n_known, total = is_known.sum(axis=0), np.where(is_known, good, 0.0).sum(axis=0)
    n_others = n_known - own
    is_enough = (n_known - own.any(axis=0)) >= MIN_GOOD_REPS
    total = total - np.where(own, values, 0.0)
    return np.where(is_enough, total / np.maximum(n_others, 1), np.nan)


def compared() -> tuple[str, ...]:
    """The inputs of models, told as a change from the athlete's own; but for what is counted."""
    return tuple(
        one.name for one in all_features() if one.role is Role.INPUT and one.unit is not Unit.COUNT
    )


def changed_name(name: str) -> str:
    """`lag_t50_ms` to `lag_t50_from_good_ms`: the unit stays at the end."""
    unit = _unit_of(name)
    return f"{name.removesuffix(f'_{unit}')}_from_good_{unit}"


def _unit_of(name: str) -> str:
    """The longest ending that is a unit."""
    return max((unit.value for unit in Unit if unit.ends(name)), key=len)
