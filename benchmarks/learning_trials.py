"""How many labels, how many athletes, how good raters: the same people with less to learn from.

Always tested on athletes who were not learned from, against what they were told to do.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from learning_data import RIGHT, WRONG, Material
from sklearn.metrics import balanced_accuracy_score, roc_auc_score

from labeler.core.arrays import BoolArray, FloatArray, IntArray
from labeler.core.label import Answer, Label
from labeler.features.table import META_COLUMNS
from labeler.learn.committee import Committee, fit_committee
from labeler.learn.query import N_SETS, Because, Pool, draw, uncertainty
from labeler.learn.table import LabeledTable

N_LABELS = (10, 20, 40, 80)
N_ATHLETES = (2, 4, 6, 9)
N_REPEATS = 2
"""Draws of labels, or of athletes, for each athlete who is left out."""

FLIPPED = (0.1, 0.2)
N_RATERS = (1, 3)
SEED = 20

SET_REPS = 5
"""Repetitions of one person, of one kind, one after the other: a made-up set to ask for."""

N_DRAWS = 4
N_ORDERS = 2
"""Random orders beside each active one."""

N_TEST_ATHLETES = 2


@dataclass(frozen=True)
class Trial:
    """What came out: the area, and balanced accuracy at the model's own threshold."""

    key: str
    auc: float
    balanced: float

    def as_plain(self) -> dict[str, float]:
        """Rounded."""
        return {"auc": round(self.auc, 3), "ba": round(self.balanced, 3)}


Choose = Callable[[IntArray, np.random.Generator], IntArray]
"""From rows that may be learned from to those that are."""


def all_trials(one: Material) -> Iterator[Trial]:
    """Everything, in the order of the table."""
    for n in N_LABELS:
        yield _trial(f"{n}_labels", one, lambda rows, rng, n=n: _labels(one.table, rows, n, rng))
    for n in N_ATHLETES:
        yield _trial(f"{n}_athletes", one, lambda rows, rng, n=n: _people(one.table, rows, n, rng))
    for share in FLIPPED:
        for n_raters in N_RATERS:
            table = one.answered(flipped(one.labels, share, n_raters))
            key = f"flipped_{share * 100:.0f}_percent_{n_raters}_raters"
            yield _scored(key, *_left_out(table, one.table, lambda rows, _: rows, n_repeats=1))
    yield from loop_trials(one)


def flipped(labels: Sequence[Label], share: float, n_raters: int) -> list[Label]:
    """What raters say who are wrong in so many answers, each in their own."""
    rng = np.random.default_rng([SEED, n_raters, round(share * 100)])
    other = {Answer(RIGHT): Answer(WRONG), Answer(WRONG): Answer(RIGHT)}
    return [
        replace(one, rater=f"rater {n}", answer=other[one.answer] if is_wrong else one.answer)
        for n in range(n_raters)
        for one, is_wrong in zip(labels, rng.random(len(labels)) < share, strict=True)
    ]


def _trial(key: str, one: Material, choose: Choose) -> Trial:
    return _scored(key, *_left_out(one.table, one.table, choose, n_repeats=N_REPEATS))


def _left_out(
    taught: LabeledTable, truth: LabeledTable, choose: Choose, *, n_repeats: int
) -> tuple[IntArray, FloatArray, BoolArray]:
    """Answers, probabilities and decisions about each athlete, after learning from the others."""
    y = dict(zip(truth.rep_ids, truth.y, strict=True))
    rng = np.random.default_rng(SEED)
    told, said, fired = [], [], []
    for who in np.unique(truth.athlete):
        asked = truth.take(truth.athlete == who)
        for _ in range(n_repeats):
            known = taught.take(choose(np.flatnonzero(taught.athlete != who), rng))
            model = fit_committee(known)
            probability = model.of(asked)
            told.append([y[rep_id] for rep_id in asked.rep_ids])
            said.append(probability)
            fired.append(probability >= model.threshold)
    return np.concatenate(told), np.concatenate(said), np.concatenate(fired)


def _scored(key: str, y: IntArray, probability: FloatArray, is_fired: BoolArray) -> Trial:
    return Trial(
        key,
        float(roc_auc_score(y, probability)),
        float(balanced_accuracy_score(y, is_fired)),
    )


def _labels(table: LabeledTable, rows: IntArray, n: int, rng: np.random.Generator) -> IntArray:
    """So many repetitions, whoever moved; half of each kind, as far as that goes."""
    kinds = [rng.permutation(rows[table.y[rows] == kind])[: n // 2] for kind in (0, 1)]
    return np.sort(np.concatenate(kinds))


def _people(table: LabeledTable, rows: IntArray, n: int, rng: np.random.Generator) -> IntArray:
    """All repetitions of so many athletes."""
    who = rng.permutation(np.unique(table.athlete[rows]))[:n]
    return rows[np.isin(table.athlete[rows], who)]


# --------------------------------------------------------------------------- what to label next


def loop_trials(one: Material) -> Iterator[Trial]:
    """Labelling in the order of the product's draws, and in a random one, draw after draw."""
    orders = {"active": [_active], "random": [_random] * N_ORDERS}
    for name, chosen in orders.items():
        by_draw: list[list[tuple[IntArray, FloatArray, BoolArray]]] = [[] for _ in range(N_DRAWS)]
        for number, test in enumerate(_test_people(one.table)):
            for order, pick in enumerate(chosen):
                for step, found in enumerate(_loop(one, test, pick, seed=100 * order + number)):
                    by_draw[step].append(found)
        for step, found in enumerate(by_draw, start=1):
            parts = (np.concatenate(part) for part in zip(*found, strict=True))
            yield _scored(f"{name}_{step * N_SETS * SET_REPS}_labels", *parts)


def _test_people(table: LabeledTable) -> Iterator[BoolArray]:
    who = np.random.default_rng(SEED).permutation(np.unique(table.athlete))
    for start in range(0, len(who), N_TEST_ATHLETES):
        yield np.isin(table.athlete, who[start : start + N_TEST_ATHLETES])


Pick = Callable[[Material, Pool, Committee | None, int], list[str]]
"""The sets to label next."""


def _loop(
    one: Material, is_test: BoolArray, pick: Pick, *, seed: int
) -> Iterator[tuple[IntArray, FloatArray, BoolArray]]:
    """Label a draw of sets, learn, test on the athletes left out; and again."""
    table, asked = one.table.take(~is_test), one.table.take(is_test)
    sets, labelled = np.array(sets_of(table)), np.zeros(len(table), dtype=np.bool_)
    model: Committee | None = None
    for step in range(N_DRAWS):
        pool = _pool(one, table, sets.tolist(), labelled)
        labelled |= np.isin(sets, pick(one, pool, model, 1000 * seed + step))
        model = fit_committee(table.take(labelled)) if len(set(table.y[labelled])) == 2 else None
        if model is None:
            probability, threshold = np.full(len(asked), 0.5), 0.5
        else:
            probability, threshold = model.of(asked), model.threshold
        yield asked.y, probability, probability >= threshold


def sets_of(table: LabeledTable) -> list[str]:
    """Each person's repetitions of one kind, five by five."""
    seen: dict[tuple[str, int], int] = {}
    found = []
    for who, kind in zip(table.athlete, table.y, strict=True):
        n = seen[who, kind] = seen.get((who, kind), -1) + 1
        found.append(f"{who}-{kind}-{n // SET_REPS}")
    return found


def _pool(one: Material, table: LabeledTable, sets: list[str], labelled: BoolArray) -> Pool:
    traits = one.features.loc[table.features.index, list(META_COLUMNS)]
    return Pool(table.features, traits, sets, labelled, ~labelled)


def _random(_one: Material, pool: Pool, _model: Committee | None, seed: int) -> list[str]:
    names = sorted(pool.open_sets())
    return np.random.default_rng(seed).permutation(names)[:N_SETS].tolist()


def _active(one: Material, pool: Pool, model: Committee | None, seed: int) -> list[str]:
    """The product's own draw, its lot included."""
    unsure = None
    if model is not None:
        rows = one.features.index.get_indexer(pool.features.index)
        features, series = one.features.iloc[rows], one.series.take(rows)
        trees = model.tree_probabilities(features, series)
        unsure = uncertainty(trees, model.member_probabilities(features, series))
    drawn = draw(pool, unsure, seed=seed // 1000)
    assert any(found.because is Because.LOT for found in drawn)
    return [found.set_id for found in drawn]
