"""What to label next: draw the sets that teach most, and say when to stop."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from labeler.core.arrays import BoolArray, FloatArray
from labeler.core.clip import Clip
from labeler.core.errors import LearningError
from labeler.core.label import FaultId, Label
from labeler.core.rep import RepId
from labeler.store.dataset import Dataset
from labeler.workflows.cataloguing import checked_catalog, fault_id
from labeler.workflows.counting import Counted, counted
from labeler.workflows.deriving import learned_from
from labeler.workflows.disputes import settled_answers
from labeler.workflows.drawn import Draw, DrawnSet, add_draw, draws_of
from labeler.workflows.identity import identity_of
from labeler.workflows.importing import utc_now
from labeler.workflows.reviewing import asked_faults

if TYPE_CHECKING:
    import pandas as pd

    from labeler.features.series import RepSeries
    from labeler.learn.query import Pool, QuerySet
    from labeler.learn.stopping import StopAdvice
    from labeler.learn.table import LabeledTable

MAX_FAULTS = 4
"""Models that are asked at most: those of the faults with most answers of the rarer kind. More
would take minutes, and the next draw asks again."""

N_SETS = 5
"""Sets of one draw, as in `labeler.learn.query`, which is imported only when it is needed."""


NOTHING_OPEN = "Every repetition that can be answered has an answer: film further athletes."


@dataclass(frozen=True, slots=True)
class QueryWish:
    """What to draw.

    Parameters
    ----------
    by : str
        Who draws.
    fault : str | None
        The fault that is to be learned; every fault, where not told.
    is_anew : bool
        Whether to draw although sets of the draw before are still open.
    wants_synthetic : bool
        Whether to draw made-up clips although there are recorded ones: see `counted`.
    """

    by: str
    fault: str | None = None
    n_sets: int = N_SETS
    is_anew: bool = False
    wants_synthetic: bool = False


@dataclass(frozen=True, slots=True)
class Suggestion:
    """The draw in work, the clips of its open sets in order, and advice by fault.

    `draw` is None where nothing is open.
    """

    draw: Draw | None
    clips: tuple[Clip, ...]
    advice: tuple[str, ...] = ()

    def as_rows(self) -> list[dict[str, Any]]:
        """Each open set as a row."""
        drawn = {} if self.draw is None else {one.clip_id: one for one in self.draw.sets}
        return [
            {
                "clip": clip.short_id,
                "file": clip.file_name,
                "reps": len(drawn[clip.clip_id].rep_ids),
                "why": drawn[clip.clip_id].words,
                "athlete": clip.tags.athlete,
                "movement": clip.tags.movement,
                "view": clip.tags.view,
                "is_synthetic": clip.is_synthetic,
            }
            for clip in self.clips
        ]

    @property
    def words(self) -> tuple[str, ...]:
        """What was done, and whether to stop, in sentences."""
        n = len(self.clips)
        what = "set comes" if n == 1 else "sets come"
        done = f"{n} {what} first in the queue now, each with why." if n else NOTHING_OPEN
        return (done, *self.advice)

    def as_plain(self) -> dict[str, Any]:
        """Plain JSON types: the whole draw as it is on record, and what is still open of it."""
        draw = None if self.draw is None else self.draw.as_plain()
        return {"draw": draw, "open": self.as_rows(), "advice": list(self.advice)}


@dataclass(frozen=True, eq=False)
class _Known:
    """What a draw is made from."""

    what: Counted
    labels: tuple[Label, ...]
    faults: frozenset[FaultId] | None
    features: "pd.DataFrame"
    series: "RepSeries"

    @property
    def answered(self) -> frozenset[RepId]:
        """The repetitions with an answer about a fault that counts."""
        return frozenset(
            one.rep_id for one in self.labels if self.faults is None or one.fault in self.faults
        )


def suggest(dataset: Dataset, wish: QueryWish) -> Suggestion:
    """What to label next: what is still open of the draw before, else a new draw.

    A set is open as long as one of the repetitions that were asked for has no answer of anybody.
    """
    before = next(reversed(draws_of(dataset)), None)
    if before is not None and not wish.is_anew:
        still = _open_clips(dataset, before, wish)
        if still:
            return Suggestion(before, still)
    known = _known(dataset, wish)
    drawn = _drawn(dataset, known, wish)
    if not drawn.sets:
        return Suggestion(None, (), _advice(dataset, known))
    kept = add_draw(dataset, drawn)
    return Suggestion(kept, _open_clips(dataset, kept, wish), _advice(dataset, known))


def _open_clips(dataset: Dataset, draw: Draw, wish: QueryWish) -> tuple[Clip, ...]:
    labels = settled_answers(dataset)
    given = {one.rep_id for one in labels if wish.fault is None or one.fault == wish.fault}
    by_id = {clip.clip_id: clip for clip in counted_clips(dataset, wish)}
    there = {record.rep_id for record in dataset.journal.reps()}
    return tuple(
        by_id[one.clip_id]
        for one in draw.sets
        if one.clip_id in by_id and (set(one.rep_ids) & there) - given
    )


def counted_clips(dataset: Dataset, wish: QueryWish) -> tuple[Clip, ...]:
    """The clips that are drawn from."""
    return counted(dataset, wants_synthetic=wish.wants_synthetic).clips


def _known(dataset: Dataset, wish: QueryWish) -> _Known:
    what = counted(dataset, wants_synthetic=wish.wants_synthetic)
    faults = None if wish.fault is None else frozenset({fault_id(dataset, wish.fault)})
    features, series = learned_from(dataset, what.clips)
    return _Known(what, tuple(what.of(settled_answers(dataset))), faults, features, series)


def _drawn(dataset: Dataset, known: _Known, wish: QueryWish) -> Draw:
    from labeler.learn.query import draw  # brings pandas

    pool = _pool(dataset, known)
    tables = [] if pool.needs_start else _tables(dataset, known)
    unsure = _uncertainty(tables, known) if tables else None
    seed = int(identity_of(dataset)[:8], 16)
    sets = draw(pool, unsure, seed=seed, n_sets=wish.n_sets)
    faults = tuple(str(table.fault.id) for table in tables)
    number = len(draws_of(dataset)) + 1
    told = tuple(_drawn_set(one, known.what) for one in sets)
    return Draw(number, utc_now(), wish.by, seed, faults, told)


def _drawn_set(one: "QuerySet", what: Counted) -> DrawnSet:
    clip_id = next(clip.clip_id for clip in what.clips if clip.clip_id == one.set_id)
    because = f"{one.because} {one.of}" if one.of else str(one.because)
    return DrawnSet(clip_id, tuple(map(RepId, one.rep_ids)), because)


def _pool(dataset: Dataset, known: _Known) -> "Pool":
    """All repetitions whose pose held, labelled and open."""
    from labeler.learn.query import TRAITS, Pool
    from labeler.learn.table import feature_columns

    names = list(feature_columns(known.features))
    rows = known.features[known.features[names].notna().any(axis=1)]
    is_labelled = rows.index.isin(list(known.answered))
    is_asked = rows["clip_id"].isin(_asked_clips(dataset, known)).to_numpy()
    return Pool(
        rows[names],
        rows[list(TRAITS)],
        rows["clip_id"].tolist(),
        is_labelled,
        ~is_labelled & is_asked,
    )


def _asked_clips(dataset: Dataset, known: _Known) -> list[str]:
    """Clips whose view shows, and whose movement has, one of the faults that count."""
    catalog = checked_catalog(dataset)
    return [
        clip.clip_id
        for clip in known.what.clips
        if any(
            fault.is_visible_from(clip.tags.view)
            for fault in asked_faults(clip, catalog)
            if known.faults is None or fault.id in known.faults
        )
    ]


def _tables(dataset: Dataset, known: _Known) -> "list[LabeledTable]":
    """What the models to be asked learn from: the faults with most answers of the rarer kind."""
    from labeler.learn.table import labeled_table
    from labeler.learn.train import check_trainable

    catalog, found = checked_catalog(dataset), []
    for name in sorted({one.fault for one in known.labels}):
        if known.faults is not None and name not in known.faults:
            continue
        fault = catalog.fault(name)
        table = labeled_table(known.features, known.labels, fault=fault, series=known.series)
        try:
            check_trainable(table)
        except LearningError:
            continue
        found.append(table)
    return sorted(found, key=_n_rarer, reverse=True)[:MAX_FAULTS]


def _n_rarer(table: "LabeledTable") -> int:
    return int(min(table.y.sum(), len(table) - table.y.sum()))


def _uncertainty(tables: "Sequence[LabeledTable]", known: _Known) -> FloatArray:
    """Bits that an answer about each repetition of the pool would tell, mean over the faults."""
    from labeler.learn.committee import fit_committee
    from labeler.learn.query import uncertainty
    from labeler.learn.table import feature_columns

    is_in = known.features[list(feature_columns(known.features))].notna().any(axis=1).to_numpy()
    features, series = known.features[is_in], known.series.take(is_in)
    found = []
    for table in tables:
        committee = fit_committee(table)
        trees = committee.tree_probabilities(features, series)
        members = committee.member_probabilities(features, series)
        found.append(uncertainty(trees, members) * _is_shown(table, features))
    mean: FloatArray = np.mean(found, axis=0)
    return mean


def _is_shown(table: "LabeledTable", features: "pd.DataFrame") -> BoolArray:
    """Whether the view of each repetition shows the fault: else no answer tells anything."""
    from labeler.learn.table import told_view

    return np.array([table.fault.is_visible_from(told_view(v)) for v in features["view"]], bool)


# --------------------------------------------------------------------------- when to stop


def _advice(dataset: Dataset, known: _Known) -> tuple[str, ...]:
    """Whether to stop, for each fault that can be learned."""
    first: dict[tuple[str, str], str] = {}
    for one in known.labels:
        key = (one.rep_id, one.fault)
        first[key] = min(first.get(key, one.at_utc), one.at_utc)
    words = []
    for table in _tables(dataset, known):
        at_utc = [first[rep_id, str(table.fault.id)] for rep_id in table.rep_ids]
        words.append(f"{table.fault.name}: {stop_advice_on(table, at_utc).words}")
    return tuple(words)


def stop_advice_on(table: "LabeledTable", at_utc: Sequence[str]) -> "StopAdvice":
    """What the last answers brought: AUPRC on unseen athletes with and without them.

    Both learn from other athletes only and are tested on the same repetitions, all of them.

    Parameters
    ----------
    at_utc : Sequence[str]
        When each repetition of the table was first answered.
    """
    from labeler.evaluate.lots import auprc_with_first
    from labeler.learn.stopping import N_WINDOW_LABELS, stop_advice

    order = np.argsort(np.array(at_utc), kind="stable")
    sizes = (len(table) - N_WINDOW_LABELS, len(table))
    return stop_advice([(n, auprc_with_first(table, order[: max(n, 0)])) for n in sizes])
