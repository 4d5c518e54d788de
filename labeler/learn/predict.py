"""A model's answers about reps, each with its reason and with what makes it doubtful."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import pandas as pd

from labeler.catalog.spec import Catalog, Fault, Movement
from labeler.core.arrays import BoolArray, FloatArray
from labeler.core.clip import View
from labeler.core.errors import LearningError
from labeler.core.rep import RepQuality
from labeler.features.registry import Feature, all_features
from labeler.features.series import N_POINTS, RepSeries
from labeler.features.shown import is_shown, why_hidden
from labeler.learn.card import TRAIN_AGAIN, ModelCard
from labeler.learn.committee import Committee
from labeler.learn.conformal import Abstention, abstention_of
from labeler.learn.explain import Spoken, Usual, spoken, title_of, weights_of
from labeler.learn.neighbours import Memory, Neighbour, nearest_to
from labeler.learn.novelty import Novelty, novelty_of
from labeler.learn.table import frame_rates, is_made_up, told, told_view
from labeler.learn.train import TrainedModel

MIN_MEASURED_RATIO = 0.5
"""Share of the features a model uses, of those that the rep's view can show, that a rep must have;
the rest is filled with medians."""

FPS_TOLERANCE_RATIO = 0.2
"""How far outside the frame rates of training a clip may be before it is flagged."""

N_REASONS = 3

COLUMNS = (
    "rep_id",
    "fault",
    "flags",
    "unlike",
    "answer",
    "probability",
    "low",
    "high",
    "certainty",
    "reason",
)
"""What an answer is. What makes it doubtful comes before any probability: `flags`, and `unlike`,
the measurements that are furthest from training. `low` and `high` say how many repetitions of
strangers that scored alike had the fault; `certainty` is a `labeler.learn.conformal.Promise`."""


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
    WORSE_POSE = "worse_pose"
    UNLIKE_TRAINING = "unlike_training"
    WEAK_VIEW = "weak_view"
    SYNTHETIC_MODEL = "synthetic_model"
    SYNTHETIC_CLIP = "synthetic_clip"


@dataclass(frozen=True, slots=True, eq=False)
class Told:
    """A model's answers, and what each rests on; everything in the order of the reps.

    Parameters
    ----------
    answers : pandas.DataFrame
        Columns `COLUMNS`. `probability` is NaN where the fault cannot be seen or nothing was
        measured; `low` and `high` there too, and where nothing was tested on strangers. `answer`
        is a `ModelAnswer`; `flags` is a tuple of `Flag`, `unlike` one of features in words.
    signals : list[list[Spoken]]
        At most `N_REASONS` signals that spoke most, strongest first; none where nobody was asked.
    neighbours : list[list[Neighbour]]
        The labelled repetitions most like each; empty without a memory.
    """

    answers: pd.DataFrame
    signals: list[list[Spoken]]
    neighbours: list[list[Neighbour]]


def predict(
    model: TrainedModel,
    card: ModelCard,
    features: pd.DataFrame,
    *,
    catalog: Catalog,
    series: RepSeries | None = None,
) -> pd.DataFrame:
    """Answer about every rep of a feature table, in its order: the table of `explained`."""
    return explained(Asked(model, card, catalog), features, series).answers


@dataclass(frozen=True, slots=True, eq=False)
class Asked:
    """A model to be asked, with its card, the catalogue in force, and its memory if it has one."""

    model: TrainedModel
    card: ModelCard
    catalog: Catalog
    memory: Memory | None = None

    @property
    def abstention(self) -> Abstention:
        """When it keeps silent."""
        return abstention_of(self.card.conformal, threshold=self.model.threshold)

    @property
    def novelty(self) -> Novelty | None:
        """What is usual in training; None of an older card."""
        return novelty_of(self.card.novelty, self.model.feature_names)

    def usual(self, novelty: Novelty | None) -> Usual | None:
        """What is usual without the fault."""
        if novelty is None:
            return None
        known = dict(zip(novelty.names, novelty.absent.tolist(), strict=True))
        if self.memory is None:
            return Usual(known)
        channels = self.model.classifier.channel_names
        return Usual(known, self.memory.usual_courses(channels, N_POINTS))


def explained(asked: Asked, features: pd.DataFrame, series: RepSeries | None = None) -> Told:
    """Answer about every rep of a feature table, in its order, with what each answer rests on.

    Parameters
    ----------
    series : RepSeries | None
        The courses of the same reps; needed where a member of the model hears them.

    Raises
    ------
    LearningError
        The table lacks a feature that the model was trained on, or there are no courses.
    """
    model, novelty = asked.model, asked.novelty
    check_features(model, features)
    fault = asked.catalog.fault(model.fault)
    is_hidden = np.array([not fault.is_visible_from(told_view(v)) for v in features["view"]], bool)
    is_asked = _is_usable(model.classifier, features, asked.catalog.movements) & ~is_hidden
    probability = np.full(len(features), np.nan)
    signals: list[list[Spoken]] = [[] for _ in range(len(features))]
    if is_asked.any():
        heard = None if series is None else series.take(is_asked)
        probability[is_asked] = model.classifier.probability(features[is_asked], heard)
        said = spoken(model.classifier, features[is_asked], heard, asked.usual(novelty))
        for row, found in zip(np.flatnonzero(is_asked), said, strict=True):
            signals[row] = found[:N_REASONS]
    answers = _answers(probability, asked.abstention, is_hidden=is_hidden)
    low, high = asked.abstention.interval(probability).T
    cells = {
        "rep_id": features.index.astype(str),
        "fault": str(model.fault),
        "flags": _flags(features, asked.card, fault=fault, novelty=novelty),
        "unlike": _unlike(features, novelty),
        "answer": [answer.value for answer in answers],
        "probability": probability,
        "low": low,
        "high": high,
        "certainty": asked.abstention.promise.value,
        "reason": _reasons(answers, features["view"], signals, probability),
    }
    near: list[list[Neighbour]] = [[] for _ in range(len(features))]
    if asked.memory is not None and novelty is not None:
        near = nearest_to(asked.memory, novelty, features)
    return Told(pd.DataFrame(cells, columns=list(COLUMNS)), signals, near)


def check_features(model: TrainedModel, features: pd.DataFrame) -> None:
    """Raise a `LearningError` where a trained feature is not in the table."""
    missing = [name for name in model.feature_names if name not in features.columns]
    if missing:
        raise LearningError(
            f"{model.name}: expected the {len(model.feature_names)} features that it was trained "
            f"on, got a table without {', '.join(missing[:N_REASONS])}.",
            hint=TRAIN_AGAIN,
        )


def _is_usable(
    classifier: Committee, features: pd.DataFrame, movements: Mapping[str, Movement]
) -> BoolArray:
    """Whether the pose held and enough was measured of what has any weight and the view shows."""
    coefficients, origins = weights_of(classifier)
    known = classifier.feature_names
    used = sorted({origins[n] for n in np.flatnonzero(coefficients)} & set(range(len(known))))
    names = [known[n] for n in used]
    shown = _is_shown(names, features, movements)
    n_measured = np.count_nonzero(features[names].notna() & shown, axis=1)
    is_enough = n_measured >= np.maximum(MIN_MEASURED_RATIO * shown.sum(axis=1), 1)
    is_good = (features["quality"].astype(str) != RepQuality.BAD.value).to_numpy(bool)
    is_usable: BoolArray = is_good & is_enough
    return is_usable


def _is_shown(
    names: Sequence[str], features: pd.DataFrame, movements: Mapping[str, Movement]
) -> BoolArray:
    """Whether each rep's camera can show each feature, shape (n_reps, n_names).

    As the table itself was made: by the plane of the view, and by what was measured to tell
    nothing there. Else a model that learned from several views would refuse the one that shows
    least.
    """
    registered = {one.name: one for one in all_features()}
    chosen = [registered.get(name) for name in names]
    asked = zip(features["view"], features["movement"], frame_rates(features), strict=True)
    by_camera: dict[tuple[object, ...], list[bool]] = {}
    rows = []
    for view, movement, fps in asked:
        camera = (told_view(view), told(movement), fps if fps == fps else None)  # NaN is untold
        if camera not in by_camera:
            known = movements.get(camera[1] or "")
            by_camera[camera] = [_shows(one, camera[0], known, fps=camera[2]) for one in chosen]
        rows.append(by_camera[camera])
    return np.array(rows, dtype=bool).reshape(len(features), len(names))


def _shows(
    one: Feature | None, view: View | None, movement: Movement | None, *, fps: float | None
) -> bool:
    """Whether a camera shows a feature; what no registry knows, it does."""
    if one is None:
        return True
    is_seen = is_shown(one, view, movement)
    return is_seen and (fps is None or not why_hidden(one, movement, view, fps))


def _answers(
    probability: FloatArray, silence: Abstention, *, is_hidden: BoolArray
) -> list[ModelAnswer]:
    """One answer per rep; NaN is *cannot tell*."""
    found = np.full(len(probability), ModelAnswer.CANNOT_TELL, dtype=object)
    found[silence.is_present(probability)] = ModelAnswer.PRESENT
    found[silence.is_absent(probability)] = ModelAnswer.ABSENT
    found[is_hidden] = ModelAnswer.NOT_VISIBLE
    return [ModelAnswer(name) for name in found]


def _reasons(
    answers: Iterable[ModelAnswer],
    views: Iterable[object],
    signals: Iterable[Sequence[Spoken]],
    probability: FloatArray,
) -> list[str]:
    """Why each answer is what it is, in words."""
    cells = zip(answers, views, signals, probability, strict=True)
    return [_reason(answer, found, view=view, p=p) for answer, view, found, p in cells]


def _reason(answer: ModelAnswer, found: Sequence[Spoken], *, view: object, p: float) -> str:
    """Why one answer is what it is."""
    if answer is ModelAnswer.NOT_VISIBLE:
        return f"the view {told(view)} cannot show this fault"
    if np.isnan(p):
        return "too little of the movement could be measured"
    words = ". ".join(one.words for one in found) or "nothing is unlike repetitions without it"
    return f"too close to call. {words}" if answer is ModelAnswer.CANNOT_TELL else words


def _unlike(features: pd.DataFrame, novelty: Novelty | None) -> list[tuple[str, ...]]:
    """What is furthest from training of each rep that is unlike it, in words."""
    if novelty is None:
        return [()] * len(features)
    strange = novelty.strangest(features, N_REASONS)
    return [
        tuple(map(title_of, names)) if is_unlike else ()
        for names, is_unlike in zip(strange, novelty.is_unlike(features), strict=True)
    ]


def _flags(
    features: pd.DataFrame, card: ModelCard, *, fault: Fault, novelty: Novelty | None
) -> list[tuple[str, ...]]:
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
    nowhere = np.zeros(len(features), dtype=np.bool_)
    masks = {
        Flag.SYNTHETIC_MODEL: ~is_synthetic & card.is_synthetic,
        Flag.SYNTHETIC_CLIP: is_synthetic & (not card.is_synthetic),
        Flag.OTHER_MOVEMENT: movement,
        Flag.OTHER_VIEW: np.array([view not in seen.views for view in views], bool),
        Flag.OTHER_FPS: is_other_fps,
        Flag.WORSE_POSE: nowhere if novelty is None else novelty.is_worse_seen(features),
        Flag.UNLIKE_TRAINING: nowhere if novelty is None else novelty.is_unlike(features),
        Flag.WEAK_VIEW: np.array([fault.is_weak_from(view) for view in views], bool),
    }
    return [
        tuple(flag.value for flag, mask in masks.items() if mask[n]) for n in range(len(features))
    ]
