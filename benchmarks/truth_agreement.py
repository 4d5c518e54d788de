"""The same repetitions seen by a consumer skeleton and by Vicon, and which are the same at all.

The two systems were cut apart. Each repetition is cut again by the product's own search. Pairs are
taken only where both systems show that they saw the same repetitions in the same order, by what
moves sideways: no signal of the side view is made of that.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import truth_data as data

from labeler.catalog import Movement
from labeler.core.arrays import FloatArray
from labeler.core.rep import Rep, RepQuality
from labeler.features.registry import all_features
from labeler.features.rep_signals import rep_signals
from labeler.reps.segment import find_reps
from labeler.signals.series import ClipSignals

SYSTEMS = ("vicon", "kinect")
Key = tuple[int, int, bool]
Block = tuple[int, bool]
"""Subject, and whether instructed correct: ten repetitions, one after the other."""

N_STEPS = 51
"""Courses are compared at so many shares of the repetition."""

N_SHUFFLES = 2000
SEED = 20
MAX_CHANCE = 0.01
"""A block is paired when no more of all other orders fit as well: by chance, one in a hundred."""


def chance_of_order(one: FloatArray, other: FloatArray) -> float:
    """How often another order of the repetitions of `other` fits those of `one` as well, 0 to 1.

    Both of shape (n_reps, n_values). Repetitions are compared by how they differ from the usual
    one of their own system, so that what the systems always see differently does not count.
    """
    fit = _directions(one) @ _directions(other).T
    rng, rows = np.random.default_rng(SEED), np.arange(len(fit))
    others = np.array([fit[rows, rng.permutation(len(fit))].sum() for _ in range(N_SHUFFLES)])
    return float((1 + np.sum(others >= np.trace(fit))) / (1 + N_SHUFFLES))


def _directions(courses: FloatArray) -> FloatArray:
    apart = courses - np.median(courses, axis=0)
    return np.asarray(apart / np.linalg.norm(apart, axis=1, keepdims=True))


def sideways_m(one: data.Episode) -> FloatArray:
    """How far the knees are apart, and the hips off the middle of the feet, over the repetition."""
    at = {name: one.positions_m[:, column] for column, name in enumerate(one.points)}
    knees_m = np.linalg.norm(at["left_knee"] - at["right_knee"], axis=1)
    middle = {name: (at[f"left_{name}"] + at[f"right_{name}"]) / 2.0 for name in ("hip", "ankle")}
    shift_m = (middle["hip"] - middle["ankle"])[:, 1]
    shares = np.linspace(0.0, len(knees_m) - 1.0, N_STEPS)
    return np.concatenate(
        [np.interp(shares, np.arange(len(knees_m)), values) for values in (knees_m, shift_m)]
    )


def chances(seen: Mapping[str, Mapping[Key, data.Episode]]) -> dict[Block, float]:
    """`chance_of_order` of every block."""
    keys = sorted(seen["vicon"].keys() & seen["kinect"].keys())
    found = {}
    for block in sorted({(subject, is_correct) for subject, _episode, is_correct in keys}):
        own = [key for key in keys if (key[0], key[2]) == block]
        courses = (np.array([sideways_m(seen[system][key]) for key in own]) for system in SYSTEMS)
        found[block] = chance_of_order(*courses)
    return found


@dataclass(frozen=True)
class Agreement:
    """Features of the repetitions of one exercise, by both systems.

    Parameters
    ----------
    values : Mapping[str, Mapping[Key, FloatArray]]
        By system and repetition: shape (n_features,) in the order of `names`.
    """

    names: tuple[str, ...]
    values: Mapping[str, Mapping[Key, FloatArray]]

    def pairs(self, name: str, *, but: Collection[Block] = ()) -> FloatArray:
        """A feature where both systems tell it, without some blocks; shape (n_pairs, 2)."""
        at, (one, other) = self.names.index(name), (self.values[system] for system in SYSTEMS)
        keys = [key for key in sorted(one.keys() & other.keys()) if (key[0], key[2]) not in but]
        two = np.array([[one[key][at], other[key][at]] for key in keys])
        return np.asarray(two[np.isfinite(two).all(axis=1)])

    def r(self, name: str, *, but: Collection[Block] = ()) -> float:
        """Correlation of a feature by one system with that by the other."""
        return float(np.corrcoef(self.pairs(name, but=but).T)[0, 1])


Seen = Mapping[str, Mapping[Key, ClipSignals]]
Cut = Callable[[ClipSignals, Movement], Rep | None]


def signals_seen(seen: Mapping[str, Mapping[Key, data.Episode]]) -> Seen:
    """Signals of every recording, by system and repetition."""
    return {
        system: {key: data.signals_of(one.positions_m, one) for key, one in episodes.items()}
        for system, episodes in seen.items()
    }


def episodes_seen(exercise: str) -> dict[str, dict[Key, data.Episode]]:
    """Every recording of an exercise, by system and repetition."""
    return {system: {one.key: one for one in data.episodes(exercise, system)} for system in SYSTEMS}


def found_rep(signals: ClipSignals, movement: Movement) -> Rep | None:
    """The repetition that the product finds; None unless it finds one alone."""
    reps = find_reps(signals, movement).reps
    return reps[0] if len(reps) == 1 else None


def agreement(seen: Seen, movement: Movement, names: Sequence[str], cut: Cut) -> Agreement:
    """Features of the good repetitions, as `cut` cuts them."""
    computes = {one.name: one.compute for one in all_features()}
    values: dict[str, dict[Key, FloatArray]] = {system: {} for system in seen}
    for system, recordings in seen.items():
        for key, signals in recordings.items():
            rep = cut(signals, movement)
            if rep is not None and rep.quality is RepQuality.GOOD:
                own = rep_signals(signals, rep, movement)
                values[system][key] = np.array([computes[name](own) for name in names])
    return Agreement(tuple(names), values)
