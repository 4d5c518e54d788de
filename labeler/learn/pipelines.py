"""The estimators; everything that learns from data, imputation included, learns inside them."""

from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.tree import DecisionTreeClassifier

REGULARISATION_C = 0.1
"""Inverse strength of the L2 penalty; fixed, inside the 0.05 to 0.3 that small data sets like."""

MAX_ITERATIONS = 1000


def make_logistic() -> Pipeline:
    """Median imputation with missing flags, scaling, and L2 logistic regression.

    A feature without any value in the training rows becomes a constant column, to which the L2
    penalty gives the weight 0: it is dropped in effect, and a value at prediction changes nothing.
    """
    return Pipeline(
        [
            ("impute", _imputer(has_flags=True)),
            ("scale", StandardScaler()),
            (
                "model",
                LogisticRegression(
                    C=REGULARISATION_C, class_weight="balanced", max_iter=MAX_ITERATIONS
                ),
            ),
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
