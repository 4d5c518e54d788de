"""The estimators; everything that learns from data, imputation included, learns inside them."""

from collections.abc import Sequence
from typing import Self

import numpy as np
from sklearn.base import BaseEstimator, OneToOneFeatureMixin, TransformerMixin
from sklearn.ensemble import ExtraTreesClassifier
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression, RidgeClassifier
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.tree import DecisionTreeClassifier

from labeler.core.arrays import FloatArray
from labeler.learn.rocket import CourseFiller, Kernels

REGULARISATION_C = 0.1
"""Inverse strength of the L2 penalty where nothing can be tried out inside the fold."""

REGULARISATIONS_C = (0.05, 0.1, 0.2, 0.3)
"""What is tried out inside the fold: small data sets like no other."""

MAX_ITERATIONS = 1000

MAX_SPREADS = 3.0
"""A value further than this from the mean, in standard deviations of the training rows, counts as
this far: what no trained athlete reached, or a body lost for a moment, shall not settle an answer.
It raised AUROC on unseen people of UI-PRMD in all eight tables (movement, system, side and 45°),
by .015 in the mean."""

N_TREES = 300
MIN_LEAF_REPS = 2
"""Trees of the sizes that small data sets like: see the specification's trials."""

RIDGE_PENALTY = 0.2
"""Strength of the ridge penalty per kernel: standardised, each adds 1 to what it is held against,
so that the number does not depend on how many kernels there are."""

RIDGE_PENALTIES = (0.02, 0.2, 2.0)
"""What is tried out inside the fold."""

SEED = 20


class Held(OneToOneFeatureMixin, TransformerMixin, BaseEstimator):  # type: ignore[misc]
    """Hold standardised columns within `most` of 0; sklearn's base classes are untyped."""

    def __init__(self, most: float = MAX_SPREADS) -> None:
        self.most = most

    def fit(self, x: FloatArray, _y: object = None) -> Self:
        """Nothing to learn but how many columns there are."""
        self.n_features_in_ = x.shape[1]
        return self

    def transform(self, x: FloatArray) -> FloatArray:
        """The same shape."""
        return np.clip(x, -self.most, self.most)


def make_logistic(regularisation_c: float = REGULARISATION_C) -> Pipeline:
    """Median imputation with missing flags, scaling, holding, and L2 logistic regression.

    A feature without any value in the training rows becomes a constant column, to which the L2
    penalty gives the weight 0: it is dropped in effect, and a value at prediction changes nothing.
    """
    return Pipeline(
        [
            ("impute", _imputer(has_flags=True)),
            ("scale", StandardScaler()),
            ("hold", Held()),
            (
                "model",
                LogisticRegression(
                    C=regularisation_c, class_weight="balanced", max_iter=MAX_ITERATIONS
                ),
            ),
        ]
    )


def make_trees() -> Pipeline:
    """Median imputation with missing flags, and extremely randomised trees."""
    trees = ExtraTreesClassifier(
        N_TREES,
        min_samples_leaf=MIN_LEAF_REPS,
        max_features="sqrt",
        class_weight="balanced_subsample",
        random_state=SEED,
    )
    return Pipeline([("impute", _imputer(has_flags=True)), ("model", trees)])


def make_rocket(channels: Sequence[str], penalty: float = RIDGE_PENALTY) -> Pipeline:
    """Courses, filled and scaled by channel, through MiniRocket's kernels to ridge regression."""
    kernels = Kernels(random_state=SEED)
    return Pipeline(
        [
            ("fill", CourseFiller(channels=tuple(channels))),
            ("kernels", kernels),
            ("scale", StandardScaler()),
            ("model", RidgeClassifier(alpha=penalty * kernels.n_kernels, class_weight="balanced")),
        ]
    )


def make_stump() -> Pipeline:
    """One learned threshold on one feature: what a rule could be at best without thinking."""
    return Pipeline(
        [
            ("impute", _imputer(has_flags=False)),
            (
                "model",
                DecisionTreeClassifier(max_depth=1, class_weight="balanced", random_state=0),
            ),
        ]
    )


def _imputer(*, has_flags: bool) -> SimpleImputer:
    """Medians of the training rows, with a column that flags each feature that has gaps there."""
    return SimpleImputer(strategy="median", add_indicator=has_flags, keep_empty_features=True)
