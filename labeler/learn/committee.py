"""The model of a fault: the mean of what its members say, and where to hold it against."""

import os
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from sklearn import config_context
from sklearn.pipeline import Pipeline
from threadpoolctl import threadpool_limits

from labeler.core.arrays import AnyArray, BoolArray, FloatArray, IntArray
from labeler.core.errors import LearningError
from labeler.core.finding import Finding, Level
from labeler.features.series import RepSeries
from labeler.learn.folds import inner_folds
from labeler.learn.members import (
    Calibration,
    Inputs,
    Member,
    Teaching,
    Voice,
    by_default,
    calibrated,
    candidates,
    fit_all,
    score_all,
)
from labeler.learn.rocket import has_rocket
from labeler.learn.table import LabeledTable

N_MIN_COMMITTEE_REPS = 40
"""With fewer labels logistic regression speaks alone: see the specification's trials."""

N_MIN_CALIBRATION_REPS = 40
N_MIN_CALIBRATION_PER_CLASS = 10
N_MIN_CALIBRATION_GROUPS = 15
"""Athletes (or sets of one) needed to calibrate. With the ten people of UI-PRMD, calibration inside
the folds lowered AUPRC and AUROC of logistic regression on unseen people in eight of eight trials,
and those of the committee in three of four (by .013 AUROC in the mean; in the fourth there was
nothing in it): each fold's own calibration disturbs the order of reps between folds."""

UNCALIBRATED_THRESHOLD = 0.5
"""Where classes are balanced by weight, half is the neutral place to decide."""

THRESHOLDS = np.arange(5, 96) / 100
"""Where the threshold is looked for."""

N_MANY_REPS = 1000
"""From so many on, several processors are worth the waiting of one for another."""

MOVEMENT = "movement"
"""The column of a feature table that tells which movement a rep is of."""


@dataclass(frozen=True, slots=True, eq=False)
class Committee:
    """Members that answer about one fault; logistic regression is always the first of them.

    Parameters
    ----------
    threshold : float
        Probability from which the fault counts as present.
    feature_names : tuple[str, ...]
        The columns that it wants, in order.
    channel_names : tuple[str, ...]
        The channels that its third member hears, in order; empty without that member.
    movements : tuple[str, ...]
        The movements that it tells apart, which is when it learned from several.
    """

    members: tuple[Member, ...]
    threshold: float
    feature_names: tuple[str, ...]
    channel_names: tuple[str, ...] = ()
    movements: tuple[str, ...] = ()

    @property
    def is_calibrated(self) -> bool:
        """Whether there were enough reps to turn scores into probabilities."""
        return all(member.calibration is not None for member in self.members)

    @property
    def logistic(self) -> Pipeline:
        """The fitted logistic regression, whose weights can be read."""
        return self.members[0].estimator

    @property
    def voices(self) -> tuple[Voice, ...]:
        """Who speaks."""
        return tuple(member.voice for member in self.members)

    def member(self, voice: Voice) -> Member | None:
        """The member of that voice; None where it does not speak."""
        return next((one for one in self.members if one.voice is voice), None)

    def probability(self, features: pd.DataFrame, series: RepSeries | None = None) -> FloatArray:
        """Probability that the fault is present, shape (n_reps,).

        Raises
        ------
        LearningError
            Without courses, where a member hears them.
        """
        said: FloatArray = self.member_probabilities(features, series).mean(axis=0)
        return said

    def member_probabilities(
        self, features: pd.DataFrame, series: RepSeries | None = None
    ) -> FloatArray:
        """What each member says, shape (n_members, n_reps)."""
        if features.empty:
            return np.empty((len(self.members), 0))
        inputs = self.inputs(features, series)
        with threadpool_limits(limits=1):
            return np.stack([member.probability(inputs) for member in self.members])

    def tree_probabilities(
        self, features: pd.DataFrame, series: RepSeries | None = None
    ) -> FloatArray:
        """What each tree says on its own, shape (n_trees, n_reps); no trees, no rows."""
        trees = self.member(Voice.TREES)
        if trees is None:
            return np.empty((0, len(features)))
        x = trees.estimator[:-1].transform(self.inputs(features, series).features)
        every = [tree.predict_proba(x)[:, 1] for tree in trees.estimator[-1].estimators_]
        return np.stack(every)

    def inputs(self, features: pd.DataFrame, series: RepSeries | None) -> Inputs:
        """Reps as the members want them."""
        if not self.channel_names:
            return Inputs(self.columns(features), None)
        if series is None:
            raise LearningError(
                "Courses of the repetitions: expected them, for the model hears them, got none.",
                hint="Ask about clips whose pose is known, or train the model again.",
            )
        return Inputs(self.columns(features), series.channels(self.channel_names))

    def of(self, table: LabeledTable) -> FloatArray:
        """Probability for every rep of a labelled table, shape (n_reps,)."""
        features = table.features.assign(**{MOVEMENT: table.meta[MOVEMENT]})
        return self.probability(features, table.series)

    def columns(self, features: pd.DataFrame) -> pd.DataFrame:
        """The features that it wants, and which of its movements each rep is of."""
        return with_movements(features, self.feature_names, self.movements)


def with_movements(
    features: pd.DataFrame, names: Sequence[str], movements: Sequence[str]
) -> pd.DataFrame:
    """Those columns, and one of 0 and 1 for each movement; all 0 is another movement."""
    chosen = features[list(names)]
    if not movements:
        return chosen
    is_of = {f"is_{one}_ratio": (features[MOVEMENT] == one).astype(float) for one in movements}
    return pd.concat([chosen, pd.DataFrame(is_of, index=features.index)], axis=1)


def fit_committee(table: LabeledTable, *, n_jobs: int | None = None) -> Committee:
    """Fit on a whole table; what is chosen and calibrated comes from grouped folds inside it.

    Linear algebra has one thread: tables are small, waiting for threads costs more than they give
    (three times the time on two busy cores), and the bits do not depend on the number of cores.

    Parameters
    ----------
    table : LabeledTable
        Needs both classes; `labeler.learn.train.train` says so in words before it gets here.
    n_jobs : int | None
        Trees that grow, and reps that are convolved, at a time: the bits are the same for any. Of
        many reps as many as there are processors, unless told.
    """
    channels = _channels(table)
    movements = table.movements if len(table.movements) > 1 else ()
    names = tuple(map(str, table.features.columns))
    reps = _teaching(table, channels, movements)
    lesson = _Lesson(reps, table.group, channels, n_jobs or _n_jobs_for(table))
    with threadpool_limits(limits=1), config_context(skip_parameter_validation=True):
        tried = [_tried(voice, lesson) for voice in voices_for(table)]
        members = tuple(one.member(lesson) for one in tried)
    threshold = _threshold(tried, reps, miss_cost=table.miss_cost)
    return Committee(members, threshold, names, channels, movements)


def _n_jobs_for(table: LabeledTable) -> int:
    return (os.cpu_count() or 1) if len(table) >= N_MANY_REPS else 1


def voices_for(table: LabeledTable) -> tuple[Voice, ...]:
    """Who can speak about as much as there is to learn from."""
    if len(table) < N_MIN_COMMITTEE_REPS:
        return (Voice.LOGISTIC,)
    if not _channels(table):
        return (Voice.LOGISTIC, Voice.TREES)
    return (Voice.LOGISTIC, Voice.TREES, Voice.ROCKET)


def about_voices(table: LabeledTable) -> tuple[Finding, ...]:
    """A word about members that are missing, and why."""
    if len(table) < N_MIN_COMMITTEE_REPS:
        message = (
            f"Logistic regression speaks alone: {len(table)} labelled reps are too few for more "
            f"({N_MIN_COMMITTEE_REPS} are not)."
        )
        return (Finding("one_member", message, Level.INFO),)
    if _channels(table):
        return ()
    message = "MiniRocket is missing: the model is the mean of two members instead of three."
    hint = "Label reps of clips whose pose is known."
    if not has_rocket():
        hint = "Install the extra: pip install 'labeler[rocket]', and train again."
    return (Finding("two_members", message, Level.INFO, hint),)


@dataclass(frozen=True, slots=True, eq=False)
class _Lesson:
    """What there is to learn from, and with how many hands."""

    reps: Teaching
    group: AnyArray
    channels: tuple[str, ...]
    n_jobs: int


@dataclass(frozen=True, slots=True, eq=False)
class _Tried:
    """A pipeline to be fitted, and what it said of reps that it was not trained on.

    Parameters
    ----------
    scores : FloatArray | None
        Shape (n_reps,); None where there are no folds to find them in.
    calibration : Calibration | None
        None where there is too little for one.
    """

    voice: Voice
    untaught: Pipeline
    scores: FloatArray | None = None
    calibration: Calibration | None = None

    def member(self, lesson: _Lesson) -> Member:
        """Fit it on all of the reps."""
        (fitted,) = fit_all(self.voice, [self.untaught], lesson.reps, n_jobs=lesson.n_jobs)
        return Member(self.voice, fitted, self.calibration)

    def probability(self) -> FloatArray | None:
        """Of each rep, from a fold that did not train on it; None where that is not calibrated."""
        if self.scores is None or self.calibration is None:
            return None
        return self.calibration.probability(self.scores)


def _tried(voice: Voice, lesson: _Lesson) -> _Tried:
    """Try the voice's pipelines out in grouped folds, and keep the best."""
    reps, channels = lesson.reps, lesson.channels
    folds = inner_folds(reps.y, lesson.group) if _is_enough(reps.y) else []
    has_groups = len(set(lesson.group)) >= N_MIN_CALIBRATION_GROUPS
    untaught = candidates(voice, channels)
    if not folds or (len(untaught) == 1 and not has_groups):  # nothing to choose, nor to calibrate
        return _Tried(voice, by_default(voice, channels))
    scores = np.full((len(untaught), len(reps.y)), np.nan)
    for train, test in folds:
        some = candidates(voice, channels)
        fitted = fit_all(voice, some, reps.take(train), n_jobs=lesson.n_jobs)
        scores[:, test] = score_all(voice, fitted, reps.inputs.take(test))
    found = [calibrated(one, reps.y, reps.weight) for one in scores]
    losses = [_loss(c.probability(s), reps) for c, s in zip(found, scores, strict=True)]
    best = int(np.argmin(losses))
    return _Tried(voice, untaught[best], scores[best], found[best] if has_groups else None)


def _is_enough(y: IntArray) -> bool:
    """Whether there are enough reps of both kinds to try anything out."""
    n_least = int(np.bincount(y, minlength=2).min())
    return len(y) >= N_MIN_CALIBRATION_REPS and n_least >= N_MIN_CALIBRATION_PER_CLASS


def _loss(probability: FloatArray, reps: Teaching) -> float:
    """Mean surprise at the answers, each as much as it counts."""
    surprise = -np.log(np.where(reps.y == 1, probability, 1.0 - probability))
    return float(np.average(surprise, weights=reps.weight))


def _threshold(tried: Sequence[_Tried], reps: Teaching, *, miss_cost: float | None) -> float:
    """Where to decide, from what the members said of reps that they were not trained on."""
    said = [told for one in tried if (told := one.probability()) is not None]
    if not said:
        return neutral_threshold(miss_cost)
    return best_threshold(reps.y, np.mean(said, axis=0), reps.weight, miss_cost=miss_cost)


def neutral_threshold(miss_cost: float | None) -> float:
    """Where to decide without calibration: where both mistakes cost alike."""
    return UNCALIBRATED_THRESHOLD if miss_cost is None else 1.0 / (1.0 + miss_cost)


def best_threshold(
    y: IntArray, probability: FloatArray, weight: FloatArray, *, miss_cost: float | None = None
) -> float:
    """The threshold with the best F1, or with the least cost; the nearest to one half of equals.

    Parameters
    ----------
    miss_cost : float | None
        Of a fault that is missed, where a false alarm costs 1; None looks at F1.
    """
    is_fired = probability >= THRESHOLDS[:, np.newaxis]
    is_present = y == 1
    n_hits = (is_fired * (weight * is_present)).sum(axis=1)
    n_false = (is_fired * (weight * ~is_present)).sum(axis=1)
    n_missed = (weight * is_present).sum() - n_hits
    if miss_cost is None:
        good = 2 * n_hits / (2 * n_hits + n_false + n_missed)
    else:
        good = -(miss_cost * n_missed + n_false)
    best = THRESHOLDS[np.isclose(good, good.max(), rtol=0.0, atol=1e-12)]
    return float(best[np.argmin(np.abs(best - 0.5))])


def _channels(table: LabeledTable) -> tuple[str, ...]:
    """The channels to learn from; empty where no rep shows one, or nothing can convolve them."""
    series = table.series
    if series is None or not has_rocket():
        return ()
    is_seen: BoolArray = np.any(np.all(np.isfinite(series.values), axis=2), axis=0)
    return tuple(name for name, seen in zip(series.names, is_seen, strict=True) if seen)


def _teaching(table: LabeledTable, channels: Sequence[str], movements: Sequence[str]) -> Teaching:
    names = list(map(str, table.features.columns))
    features = table.features.assign(**{MOVEMENT: table.meta[MOVEMENT]})
    x = with_movements(features, names, movements)
    courses = table.series.channels(channels) if table.series and channels else None
    return Teaching(Inputs(x, courses), table.y, table.weight)
