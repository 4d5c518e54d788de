"""A model's answers about reps, each with its reason and with what makes it doubtful."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import pandas as pd

from labeler.catalog.spec import Catalog, Fault
from labeler.core.arrays import BoolArray, FloatArray
from labeler.core.clip import View
from labeler.core.errors import LearningError
from labeler.core.rep import RepQuality
from labeler.features.registry import all_features
from labeler.features.series import RepSeries
from labeler.learn.card import TRAIN_AGAIN, ModelCard
from labeler.learn.committee import Committee
from labeler.learn.table import frame_rates, is_made_up, told, told_view
from labeler.learn.train import TrainedModel

LOW_CONFIDENCE_LOG_ODDS = 0.4
"""Half width of the low-confidence band: at a threshold of 0.5 it runs from 0.40 to 0.60.

A fixed width, not a guarantee: that needs calibration reps from at least 15 athletes.
"""

MIN_MEASURED_RATIO = 0.5
"""Share of the features a model uses, of those that the rep's view can show, that a rep must have;
the rest is filled with medians."""

FPS_TOLERANCE_RATIO = 0.2
"""How far outside the frame rates of training a clip may be before it is flagged."""

N_REASONS = 3

COLUMNS = ("rep_id", "fault", "probability", "answer", "reason", "flags")


class ModelAnswer(StrEnum):
    """What a model says about one fault of one rep; never mixed up with a person's answer."""

    PRESENT = "present"
    ABSENT = "absent"
    CANNOT_TELL = "cannot_tell"
    NOT_VISIBLE = "not_visible"


class Flag(StrEnum):
    """Why an answer is less certain than its probability says."""

    OTHER_MOVEMENT = "other_movement"
    OTHER_VIEW = "other_view"
    OTHER_FPS = "other_fps"
    WEAK_VIEW = "weak_view"
    SYNTHETIC_MODEL = "synthetic_model"
    SYNTHETIC_CLIP = "synthetic_clip"


@dataclass(frozen=True, slots=True)
class Contribution:
    """How one feature moves one answer: `push` is coefficient × standardised value, log-odds."""

    feature: str
    value: float
    push: float

    @property
    def words(self) -> str:
        """As a coach reads it."""
        found = "not measured" if np.isnan(self.value) else f"{self.value:.3g}"
        return f"{self.feature} = {found} {'raises' if self.push > 0 else 'lowers'} it"


def predict(
    model: TrainedModel,
    card: ModelCard,
    features: pd.DataFrame,
    *,
    catalog: Catalog,
    series: RepSeries | None = None,
) -> pd.DataFrame:
    """Answer about every rep of a feature table, in its order.

    Parameters
    ----------
    series : RepSeries | None
        The courses of the same reps; needed where a member of the model hears them.

    Returns
    -------
    pandas.DataFrame
        Columns `COLUMNS`. `probability` is NaN where the fault cannot be seen or nothing was
        measured. `answer` is a `ModelAnswer`; `flags` is a tuple of `Flag`.

    Raises
    ------
    LearningError
        The table lacks a feature that the model was trained on, or there are no courses.
    """
    check_features(model, features)
    fault = catalog.fault(model.fault)
    is_hidden = np.array([not fault.is_visible_from(told_view(v)) for v in features["view"]], bool)
    is_usable = _is_usable(model.classifier, features)
    probability = np.full(len(features), np.nan)
    is_asked = is_usable & ~is_hidden
    if is_asked.any():
        heard = None if series is None else series.take(is_asked)
        probability[is_asked] = model.classifier.probability(features[is_asked], heard)
    answers = _answers(probability, model.threshold, is_hidden=is_hidden)
    reasons = _reasons(model.classifier, features, answers=answers, probability=probability)
    cells = {
        "rep_id": features.index.astype(str),
        "fault": str(model.fault),
        "probability": probability,
        "answer": [answer.value for answer in answers],
        "reason": reasons,
        "flags": _flags(features, card, fault=fault),
    }
    return pd.DataFrame(cells, columns=list(COLUMNS))


def contributions(classifier: Committee, features: pd.DataFrame) -> list[list[Contribution]]:
    """Per rep, the features that move the answer, strongest first.

    A feature and the flag that it is missing count as one.
    """
    names = classifier.feature_names
    if features.empty:
        return []
    pushes = _pushes(classifier, features)
    order = np.argsort(-np.abs(pushes), axis=1, kind="stable")
    values = features[list(names)].to_numpy(np.float64)
    return [
        [Contribution(names[n], float(row[n]), float(push[n])) for n in ranks if push[n] != 0]
        for row, push, ranks in zip(values, pushes, order, strict=True)
    ]


def check_features(model: TrainedModel, features: pd.DataFrame) -> None:
    """Raise a `LearningError` where a trained feature is not in the table."""
    missing = [name for name in model.feature_names if name not in features.columns]
    if missing:
        raise LearningError(
            f"{model.name}: expected the {len(model.feature_names)} features that it was trained "
            f"on, got a table without {', '.join(missing[:N_REASONS])}.",
            hint=TRAIN_AGAIN,
        )


def _weights(classifier: Committee) -> tuple[FloatArray, list[int]]:
    """Coefficient of every column inside the pipeline, and the column that it comes from.

    The features come first, then which movement a rep is of.
    """
    names = list(map(str, classifier.logistic.feature_names_in_))
    inner = classifier.logistic[:-1].get_feature_names_out()
    origins = [names.index(str(name).removeprefix("missingindicator_")) for name in inner]
    return classifier.logistic[-1].coef_[0], origins


def _pushes(classifier: Committee, features: pd.DataFrame) -> FloatArray:
    """Log-odds that each feature adds, shape (n_reps, n_features)."""
    coefficients, origins = _weights(classifier)
    columns = classifier.columns(features)
    inner = np.asarray(classifier.logistic[:-1].transform(columns)) * coefficients
    pushes: FloatArray = inner @ np.eye(columns.shape[1])[origins]
    return pushes[:, : len(classifier.feature_names)]


def _is_usable(classifier: Committee, features: pd.DataFrame) -> BoolArray:
    """Whether the pose held and enough was measured of what has any weight and the view shows."""
    coefficients, origins = _weights(classifier)
    known = classifier.feature_names
    used = sorted({origins[n] for n in np.flatnonzero(coefficients)} & set(range(len(known))))
    names = [known[n] for n in used]
    is_shown = _is_shown(names, features["view"])
    n_measured = np.count_nonzero(features[names].notna() & is_shown, axis=1)
    is_enough = n_measured >= np.maximum(MIN_MEASURED_RATIO * is_shown.sum(axis=1), 1)
    is_good = (features["quality"].astype(str) != RepQuality.BAD.value).to_numpy(bool)
    is_usable: BoolArray = is_good & is_enough
    return is_usable


def _is_shown(names: Sequence[str], views: pd.Series) -> BoolArray:
    """Whether each rep's view can show each feature, shape (n_reps, n_names).

    Else a model that learned from several views would refuse the one that shows least.
    """
    registered = {one.name: one for one in all_features()}
    by_view = {
        view: [name not in registered or registered[name].is_shown_by(view) for name in names]
        for view in (None, *View)
    }
    shown = np.array([by_view[told_view(view)] for view in views], dtype=bool)
    return shown.reshape(len(views), len(names))


def _answers(
    probability: FloatArray, threshold: float, *, is_hidden: BoolArray
) -> list[ModelAnswer]:
    """One answer per rep; NaN is *cannot tell*."""
    distance = _log_odds(probability) - _log_odds(np.array(threshold))
    is_sure = np.abs(distance) >= LOW_CONFIDENCE_LOG_ODDS
    found = np.where(distance > 0, ModelAnswer.PRESENT, ModelAnswer.ABSENT)
    found = np.where(is_sure, found, ModelAnswer.CANNOT_TELL)
    found = np.where(is_hidden, ModelAnswer.NOT_VISIBLE, found)
    return [ModelAnswer(name) for name in found]


def _log_odds(probability: FloatArray) -> FloatArray:
    """Log-odds, kept finite for probabilities that round to 0 or 1."""
    tiny = np.finfo(np.float64).eps
    inside = np.clip(probability, tiny, 1 - tiny)
    log_odds: FloatArray = np.log(inside) - np.log1p(-inside)
    return log_odds


def _reasons(
    classifier: Committee,
    features: pd.DataFrame,
    *,
    answers: Iterable[ModelAnswer],
    probability: FloatArray,
) -> list[str]:
    """Why each answer is what it is, in words."""
    pushes = contributions(classifier, features)
    cells = zip(answers, features["view"], pushes, probability, strict=True)
    return [_reason(answer, found, view=view, p=p) for answer, view, found, p in cells]


def _reason(answer: ModelAnswer, found: list[Contribution], *, view: object, p: float) -> str:
    """Why one answer is what it is."""
    if answer is ModelAnswer.NOT_VISIBLE:
        return f"the view {told(view)} cannot show this fault"
    if np.isnan(p):
        return "too little of the movement could be measured"
    words = "; ".join(part.words for part in found[:N_REASONS])
    return f"too close to call; {words}" if answer is ModelAnswer.CANNOT_TELL else words


def _flags(features: pd.DataFrame, card: ModelCard, *, fault: Fault) -> list[tuple[str, ...]]:
    """What makes each rep unlike those of training."""
    seen = card.trained_on
    movement = np.array([told(name) not in seen.movements for name in features["movement"]], bool)
    views = [told_view(view) for view in features["view"]]
    low, high = seen.fps_range or (-np.inf, np.inf)
    fps = frame_rates(features)
    is_other_fps = (fps < low * (1 - FPS_TOLERANCE_RATIO)) | (
        fps > high * (1 + FPS_TOLERANCE_RATIO)
    )
    is_synthetic = is_made_up(features)
    masks = {
        Flag.SYNTHETIC_MODEL: ~is_synthetic & card.is_synthetic,
        Flag.SYNTHETIC_CLIP: is_synthetic & (not card.is_synthetic),
        Flag.OTHER_MOVEMENT: movement,
        Flag.OTHER_VIEW: np.array([view not in seen.views for view in views], bool),
        Flag.OTHER_FPS: is_other_fps,
        Flag.WEAK_VIEW: np.array([fault.is_weak_from(view) for view in views], bool),
    }
    return [
        tuple(flag.value for flag, mask in masks.items() if mask[n]) for n in range(len(features))
    ]
