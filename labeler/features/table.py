"""Reps to a table: one row each, who and where first, then every feature."""

import math
from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from labeler.catalog.spec import Movement
from labeler.core.arrays import FloatArray
from labeler.core.clip import Clip
from labeler.core.rep import Rep, RepQuality, RepRecord
from labeler.features.registry import Feature, all_features
from labeler.features.rep_signals import RepSignals, known_signals, rep_signals
from labeler.features.sets import spread_in_sets
from labeler.features.shown import is_shown, why_hidden
from labeler.signals.series import ClipSignals

META_DTYPES = {
    "clip_id": "str",
    "athlete": "str",
    "movement": "str",
    "view": "str",
    "session": "str",
    "rep_index": "int64",
    "quality": "str",
    "is_synthetic": "bool",
}

META_COLUMNS = tuple(META_DTYPES)
"""What a row says about its rep; missing where nobody told."""


def feature_table(
    signals: ClipSignals,
    reps: Sequence[RepRecord],
    *,
    clip: Clip,
    movement: Movement | None,
) -> pd.DataFrame:
    """Compute every feature of every rep of one clip.

    Returns
    -------
    pandas.DataFrame
        Index ``rep_id``; `META_COLUMNS`, then the features in the order of their registry as
        float64. A rep of bad quality, and a feature that the clip's view cannot show or was
        measured to show nothing of, is NaN. The same signals and reps give the same bits.
    """
    features = all_features()
    view, fps = clip.tags.view, signals.times.fps_median
    shown = {
        place: one
        for place, one in enumerate(features)
        if is_shown(one, view, movement) and not why_hidden(one, movement, view, fps)
    }
    codes = frozenset(found.code for found in (*clip.findings, *signals.findings))
    numbers = np.full((len(reps), len(features)), np.nan)
    for row, record in enumerate(reps):
        if record.rep.quality is not RepQuality.BAD:
            seen = rep_signals(signals, record.rep, movement, findings=codes)
            _fill(numbers[row], shown, seen)
    _fill_spreads(numbers, features, [record.rep for record in reps])
    return _framed([_meta(record, clip) for record in reps], numbers, [r.rep_id for r in reps])


def empty_table() -> pd.DataFrame:
    """A table with every column and no rows."""
    return _framed([], np.empty((0, len(all_features()))), [])


def _fill(row: FloatArray, shown: Mapping[int, Feature], seen: RepSignals) -> None:
    """Compute what the view shows and whose signals are known."""
    known = known_signals(seen)
    together = {many: many(seen) for many in {one.among for one in shown.values()} if many}
    for place, one in shown.items():
        if one.among is not None:
            row[place] = together[one.among].get(one.name, math.nan)
        elif known.issuperset(one.needs):
            row[place] = one.compute(seen)


def _fill_spreads(numbers: FloatArray, features: Sequence[Feature], reps: Sequence[Rep]) -> None:
    """What only several reps together tell; hidden from the views that hide what varies."""
    places = {one.name: place for place, one in enumerate(features)}
    for place, one in enumerate(features):
        if one.spread_of is not None:
            numbers[:, place] = spread_in_sets(numbers[:, places[one.spread_of]], reps)


def _meta(record: RepRecord, clip: Clip) -> tuple[str | int | bool | None, ...]:
    tags = clip.tags
    view = None if tags.view is None else tags.view.value
    return (
        clip.clip_id,
        tags.athlete,
        tags.movement,
        view,
        tags.session,
        record.index,
        record.rep.quality.value,
        clip.is_synthetic,
    )


def _framed(
    meta: Sequence[tuple[str | int | bool | None, ...]], numbers: np.ndarray, rep_ids: Sequence[str]
) -> pd.DataFrame:
    index = pd.Index(list(rep_ids), name="rep_id", dtype="str")
    columns = zip(*meta, strict=True) if meta else ((),) * len(META_DTYPES)
    told = {
        name: pd.Series(list(values), dtype=dtype).array
        for (name, dtype), values in zip(META_DTYPES.items(), columns, strict=True)
    }
    names = [one.name for one in all_features()]
    features = pd.DataFrame(numbers, columns=names, index=index)
    return pd.concat([pd.DataFrame(told, index=index), features], axis=1)
