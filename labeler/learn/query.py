"""What to label next: the sets whose answers would teach a model most, and some drawn by lot.

The cost of an answer is that of its set (§6.5 of the domain): a video is opened once, whatever is
answered about its repetitions. At first there is no model to ask, and sets are chosen so that they
differ, from six athletes at least. Later a repetition counts for as much as the trees and the
members of a model disagree about it, unless one like it is labelled already; and more where its
athlete, view or movement has been labelled little.

One set in five is drawn by lot. Only those are a fair test: what was chosen because a model is
unsure of it is harder than what athletes do.
"""

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256

import numpy as np
import pandas as pd

from labeler.core.arrays import BoolArray, FloatArray, IntArray

N_COLD_REPS = 40
"""Repetitions to label before a model is asked: below it, scores of models jump about (§6.3)."""

N_COLD_ATHLETES = 6
"""Athletes among them: from six on balanced accuracy settled in the trials (§6.3)."""

MIN_SET_REPS, MAX_SET_REPS = 4, 8
"""Repetitions of one set that are asked for; a set that holds fewer is asked for whole."""

OPEN_S = 20.0
"""Seconds to open a video and to understand what is seen."""

REP_S = 5.0
"""Seconds to answer the sheet of one repetition."""

N_SETS = 5
"""Sets of one draw: four that teach most, one by lot."""

LOT_RATIO = 0.2
"""Share of the sets that is drawn by lot."""

RARE_BITS = 0.1
"""What is added for an athlete, view or movement that nobody has labelled: a tenth of the most that
a yes or no can tell. It decides between repetitions of which the model is equally unsure."""

SEED = 20


class Because(StrEnum):
    """Why a set was chosen."""

    DIFFERENT = "different"
    """Cold start: unlike what is labelled or chosen already."""
    UNSURE = "unsure"
    RARE = "rare"
    LOT = "lot"


@dataclass(frozen=True, slots=True)
class QuerySet:
    """A set to be labelled next.

    Parameters
    ----------
    rep_ids : tuple[str, ...]
        The repetitions that are asked for, those that teach most first.
    worth : float
        What they teach together per second of work; NaN for one that was drawn by lot.
    of : str
        What the set is rare by, such as ``athlete``; empty where that is not why.
    """

    set_id: str
    rep_ids: tuple[str, ...]
    because: Because
    worth: float
    of: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Pool:
    """Repetitions that are labelled, and those that may be; all arrays have shape (n_reps,).

    Parameters
    ----------
    features : pandas.DataFrame
        Index rep_id, unique; float64 columns that a model may learn from, NaN where not measured.
    traits : pandas.DataFrame
        Same index: `TRAITS`; missing where nobody told.
    set_id : Sequence[str]
        What is opened to see the repetition.
    is_labelled, is_open : BoolArray
        Whether somebody has answered, and whether somebody may be asked.
    """

    features: pd.DataFrame
    traits: pd.DataFrame
    set_id: Sequence[str]
    is_labelled: BoolArray
    is_open: BoolArray

    def __len__(self) -> int:
        return len(self.features)

    @property
    def needs_start(self) -> bool:
        """Whether too few repetitions, or too few athletes, are labelled to ask a model."""
        athletes = self.traits["athlete"]
        n_athletes = athletes.nunique()
        n_labelled = athletes[self.is_labelled].nunique()
        n_reps = int(self.is_labelled.sum())
        return n_reps < N_COLD_REPS or n_labelled < min(N_COLD_ATHLETES, n_athletes)

    def open_sets(self) -> dict[str, IntArray]:
        """Row numbers of the open repetitions of each set, sets by name."""
        rows: dict[str, list[int]] = {}
        for row in np.flatnonzero(self.is_open):
            rows.setdefault(str(self.set_id[row]), []).append(int(row))
        return {name: np.array(rows[name]) for name in sorted(rows)}


TRAITS = ("athlete", "view", "movement")
"""What should not be labelled of one kind alone."""


def draw(
    pool: Pool, unsure: FloatArray | None, *, seed: int, n_sets: int = N_SETS
) -> list[QuerySet]:
    """The sets to label next, in the order in which to label them.

    Parameters
    ----------
    unsure : FloatArray | None
        Bits that an answer about each repetition would tell, as `uncertainty` gives them, shape
        (n_reps,); None while no model can be trained. At a cold start nobody asks it.
    seed : int
        Of the lot; the same for every draw of a dataset.

    Returns
    -------
    list[QuerySet]
        At most `n_sets`, each once; every fifth by lot, while there are both kinds.

    Notes
    -----
    The lot sets one set in five apart before anybody looks at it, by a number made of seed and
    name, and takes those in the order of their numbers: a model never chooses among them. Were
    they drawn from what is still open, they would be what no model was unsure of.
    """
    sets = pool.open_sets()
    apart = set_apart(pool.set_id, seed)
    lots = [name for name in apart if name in sets]
    left = {name: rows for name, rows in sets.items() if name not in apart}
    n_lots = min(len(lots), max(1, round(LOT_RATIO * n_sets), n_sets - len(left)), n_sets)
    n_chosen = n_sets - n_lots
    by_lot = [QuerySet(name, _ids(pool, sets[name]), Because.LOT, np.nan) for name in lots]
    if unsure is None or pool.needs_start:
        chosen = _different(pool, left, n_chosen)
    else:
        chosen = _worthiest(pool, left, np.asarray(unsure), n_chosen)
    return _mixed(chosen, by_lot[:n_lots], seed)


def set_apart(set_ids: Iterable[str], seed: int) -> tuple[str, ...]:
    """The sets that are labelled by lot alone, in the order of their numbers: `LOT_RATIO` of all.

    Rounded up: from the first set on there is a fair test.
    """
    every = sorted({str(name) for name in set_ids}, key=lambda name: lot_number(name, seed))
    return tuple(every[: math.ceil(LOT_RATIO * len(every))])


def lot_number(set_id: str, seed: int) -> float:
    """A number from 0 to 1 that seed and name of a set alone decide."""
    told = sha256(f"{seed}:{set_id}".encode()).digest()
    return int.from_bytes(told[:8], "big") / 2.0**64


def uncertainty(trees: FloatArray, members: FloatArray) -> FloatArray:
    """Bits that an answer about each repetition would tell about the model, shape (n_reps,).

    Mutual information of the answer and of who is right (BALD; Houlsby et al. 2011): the entropy
    of the mean less the mean entropy, over the trees, and once more over the members. 0 where all
    say the same, were it one half each; at most 2.

    Parameters
    ----------
    trees, members : FloatArray
        Probabilities, shape (n_voices, n_reps); without rows they count for nothing.
    """
    return disagreement(trees) + disagreement(members)


def disagreement(probability: FloatArray) -> FloatArray:
    """Entropy of the mean less mean entropy in bits, over the first axis; 0 to 1, 0 without it."""
    if not len(probability):
        return np.zeros(probability.shape[1:])
    told = entropy_bits(probability.mean(axis=0)) - entropy_bits(probability).mean(axis=0)
    found: FloatArray = np.maximum(told, 0.0)  # rounding
    return found


def entropy_bits(probability: FloatArray) -> FloatArray:
    """Entropy of a yes or no in bits: 1 at one half, 0 at 0 and 1."""
    both = np.stack([probability, 1.0 - probability])
    told: FloatArray = -(both * np.log2(np.where(both > 0, both, 1.0))).sum(axis=0)
    return told


def similarity(pool: Pool) -> FloatArray:
    """How like the most similar labelled one each repetition is, 0 to 1; 0 where none is labelled.

    1 at no distance between standardised features, one half at the median distance of any two.
    """
    if not pool.is_labelled.any():
        return np.zeros(len(pool))
    x = standardised(pool.features)
    labelled = x[pool.is_labelled]
    nearest = np.sqrt(_squared_distances(x, labelled).min(axis=1))
    usual = _usual_distance(x)
    like: FloatArray = np.exp2(-np.square(nearest / usual)) if usual > 0 else np.ones(len(x))
    return like


def rarity(pool: Pool) -> dict[str, FloatArray]:
    """How little each repetition's athlete, view and movement are labelled, 0 to 1, by trait.

    1 where nothing of that kind is labelled, 0 where as much as of the kind that is labelled most.
    What nobody told, and a trait of which there is one kind only, is not rare.
    """
    return {name: _rare(pool.traits[name], pool.is_labelled) for name in TRAITS}


def standardised(features: pd.DataFrame) -> FloatArray:
    """Mean 0 and spread 1 by column, held within three spreads, 0 where not measured.

    A column that is the same everywhere is 0 throughout. An outlier of one column would otherwise
    be a group of its own.
    """
    x = features.to_numpy(np.float64)
    known = np.isfinite(x)
    n = np.maximum(known.sum(axis=0), 1)
    mean = np.where(known, x, 0.0).sum(axis=0) / n
    off = np.where(known, x - mean, 0.0)
    spread = np.sqrt(np.square(off).sum(axis=0) / n)
    scaled: FloatArray = np.divide(off, spread, out=np.zeros_like(off), where=spread > 0)
    held: FloatArray = np.clip(scaled, -MAX_SPREADS, MAX_SPREADS)
    return held


MAX_SPREADS = 3.0

MAX_DISTANCE_ROWS = 1000
"""Half a million pairs tell the median; those of ten thousand rows would fill the memory."""


# --------------------------------------------------------------------------- cold start


def _different(pool: Pool, sets: Mapping[str, IntArray], n_chosen: int) -> list[QuerySet]:
    """Sets that reach as many groups of repetitions as they can that nobody has labelled.

    Until `N_COLD_ATHLETES` are in, a set of one who is not in yet goes first.
    """
    if not sets:
        return []
    group = _groups(pool)
    reached = set(group[pool.is_labelled].tolist())
    athletes = pool.traits["athlete"].to_numpy(dtype=object)
    known = set(pd.unique(pool.traits["athlete"][pool.is_labelled].dropna()))
    left, found = dict(sets), list[QuerySet]()
    while left and len(found) < n_chosen:
        is_short = len(known) < N_COLD_ATHLETES
        best = max(
            (_reach(name, rows, group, reached) for name, rows in left.items()),
            key=lambda one: (is_short and _is_new(athletes[left[one.name][0]], known), one.worth),
        )
        rows = left.pop(best.name)[best.places]
        found.append(QuerySet(best.name, _ids(pool, rows), Because.DIFFERENT, best.worth))
        reached |= set(group[rows].tolist())
        known |= {athletes[rows[0]]} - {None}
    return found


@dataclass(frozen=True, slots=True)
class _Reach:
    """What a set would add, and which of its repetitions do."""

    name: str
    places: IntArray
    worth: float


def _reach(name: str, rows: IntArray, group: IntArray, reached: set[int]) -> _Reach:
    """One repetition of each group that is not reached first, then the others."""
    seen = set(reached)
    is_new = []
    for row in rows:
        is_new.append(int(group[row]) not in seen)
        seen.add(int(group[row]))
    gain = np.array(is_new, dtype=np.float64)
    places, worth = _best_part(gain)
    return _Reach(name, places, worth)


def _is_new(athlete: object, known: Iterable[object]) -> bool:
    """Whether it is somebody of whom nothing is labelled; somebody unnamed never is."""
    return isinstance(athlete, str) and athlete not in known


def _groups(pool: Pool) -> IntArray:
    """Groups of similar repetitions by k-means, as many as are to be labelled; shape (n_reps,)."""
    from sklearn.cluster import KMeans
    from threadpoolctl import threadpool_limits

    x = standardised(pool.features)
    n_groups = min(N_COLD_REPS, len(np.unique(x, axis=0))) if x.shape[1] else 1
    with threadpool_limits(limits=1):  # the same groups on every machine
        found: IntArray = KMeans(n_groups, n_init=3, random_state=SEED).fit_predict(
            x if x.shape[1] else np.zeros((len(x), 1))
        )
    return found


# --------------------------------------------------------------------------- once there is a model


def _worthiest(
    pool: Pool, sets: Mapping[str, IntArray], unsure: FloatArray, n_chosen: int
) -> list[QuerySet]:
    """Sets by what their best repetitions teach per second of work, most first."""
    doubt = unsure * (1.0 - similarity(pool))
    rare = rarity(pool)
    bonus = RARE_BITS * np.mean(list(rare.values()), axis=0)
    found = []
    for name, rows in sets.items():
        places, worth = _best_part((doubt + bonus)[rows])
        chosen = rows[places]
        is_rare = bonus[chosen].sum() > doubt[chosen].sum()
        of = max(TRAITS, key=lambda trait: rare[trait][chosen].sum()) if is_rare else ""
        because = Because.RARE if is_rare else Because.UNSURE
        found.append(QuerySet(name, _ids(pool, chosen), because, worth, of))
    return sorted(found, key=lambda one: -one.worth)[:n_chosen]


def _mixed(chosen: Sequence[QuerySet], lots: Sequence[QuerySet], seed: int) -> list[QuerySet]:
    """The lots in places that tell nothing: whoever labels should not know which they are."""
    mixed = list(chosen)
    for one in lots:
        mixed.insert(int(lot_number(f"place of {one.set_id}", seed) * (len(mixed) + 1)), one)
    return mixed


def _best_part(worth: FloatArray) -> tuple[IntArray, float]:
    """Places of those to ask for, best first, and what they are worth per second together."""
    order = np.argsort(-worth, kind="stable")[:MAX_SET_REPS]
    least = min(MIN_SET_REPS, order.size)
    sizes = np.arange(least, order.size + 1)
    per_s = np.cumsum(worth[order])[sizes - 1] / (OPEN_S + REP_S * sizes)
    best = int(np.argmax(per_s))
    return order[: sizes[best]], float(per_s[best])


def _rare(values: pd.Series, is_labelled: BoolArray) -> FloatArray:
    kinds = values.dropna().unique()
    n_by_kind = Counter(values[is_labelled].dropna())
    most = max(n_by_kind.values(), default=0)
    if len(kinds) < 2:
        return np.zeros(len(values))
    rare = {kind: 1.0 - n_by_kind[kind] / most if most else 1.0 for kind in kinds}
    return np.array([rare.get(value, 0.0) for value in values], dtype=np.float64)


def _usual_distance(x: FloatArray) -> float:
    """Median distance of any two rows; of evenly many of them where there are more than that."""
    some = x[:: math.ceil(len(x) / MAX_DISTANCE_ROWS)]
    apart = np.sqrt(_squared_distances(some, some)[np.triu_indices(len(some), 1)])
    return float(np.median(apart)) if apart.size else 0.0


def _squared_distances(one: FloatArray, other: FloatArray) -> FloatArray:
    """Between every row of either, never below 0."""
    lengths = np.square(one).sum(axis=1)[:, None] + np.square(other).sum(axis=1)[None, :]
    squared: FloatArray = np.maximum(lengths - 2.0 * one @ other.T, 0.0)
    return squared


def _ids(pool: Pool, rows: IntArray) -> tuple[str, ...]:
    return tuple(str(pool.features.index[row]) for row in rows)
