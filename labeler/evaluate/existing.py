"""A finished model on clips that were labelled later; athletes it was trained on are told apart."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from labeler.catalog import Fault
from labeler.core.arrays import BoolArray
from labeler.core.finding import Finding, Level
from labeler.core.label import Label
from labeler.evaluate.by_athlete import about_athletes
from labeler.evaluate.compare import About, Evidence, assemble
from labeler.evaluate.comparison import Comparison, Protocol, Verdict
from labeler.evaluate.metrics import Scores, score_method
from labeler.features.series import RepSeries
from labeler.learn.artifact import athlete_digest
from labeler.learn.card import ModelCard
from labeler.learn.predict import check_features
from labeler.learn.table import LabeledTable, labeled_table
from labeler.learn.train import NoLabelsError, TrainedModel

MODEL_ON_SEEN = "model, athletes of its training (too good)"


def labels_for(
    model: TrainedModel,
    features: pd.DataFrame,
    labels: Sequence[Label],
    *,
    fault: Fault,
    series: RepSeries | None = None,
) -> LabeledTable:
    """Features and answers about a model's fault, joined as its training did.

    Raises
    ------
    LearningError
        The table lacks a feature that the model was trained on, or there is no label to use.
    """
    check_features(model, features)
    threshold = model.severity_threshold
    return labeled_table(features, labels, fault=fault, threshold=threshold, series=series)


def score_existing(
    model: TrainedModel,
    card: ModelCard,
    *,
    table: LabeledTable,
    rules: pd.DataFrame | None = None,
    about: About | None = None,
) -> Comparison:
    """Score a model as it is, beside the rules, on athletes that it was not trained on.

    Reps of athletes or clips of its training get a line of their own and count for nothing else.
    Where there are no others, they are scored, but there is no verdict.

    Parameters
    ----------
    table : LabeledTable
        Of the model's fault and severity threshold.

    Raises
    ------
    LearningError
        No labelled rep.
    """
    if (table.fault.id, table.threshold) != (model.fault, model.severity_threshold):
        raise ValueError("table: expected the model's fault and severity threshold")
    if not len(table):
        raise NoLabelsError(
            f"{model.fault}: expected labelled reps to score {model.name} on, got none.",
            hint="Label some reps of athletes that it was not trained on.",
        )
    is_seen = _is_seen(card, table)
    scored = table if is_seen.all() else table.take(~is_seen)
    said = _scores(model, table)
    seen_row = score_method(
        MODEL_ON_SEEN, table.y[is_seen], said.take(is_seen), group=table.athlete[is_seen]
    )
    findings = (
        *_about_origins(card, table),
        *table.findings,
        *about_athletes(scored),
        *_about_seen(is_seen, table),
    )
    found = assemble(
        Evidence(
            Protocol.EXISTING_MODEL,
            _scores(model, scored),
            (seen_row,) if is_seen.any() and not is_seen.all() else (),
            findings,
            about=about or About(),
        ),
        table=scored,
        rules=rules,
    )
    return replace(found, verdict=Verdict.CANNOT_TELL) if is_seen.all() else found


def _scores(model: TrainedModel, table: LabeledTable) -> Scores:
    """The model's probabilities and answers."""
    probability = model.classifier.of(table)
    threshold = np.full(len(table), model.threshold)
    return Scores(probability, probability >= threshold, threshold=threshold)


def _is_seen(card: ModelCard, table: LabeledTable) -> BoolArray:
    """Whether the rep's athlete or clip was in the training, shape (n_reps,).

    A made-up athlete is never the recorded one of that name.
    """
    if card.is_synthetic is not table.is_synthetic:
        return np.zeros(len(table), dtype=np.bool_)
    athletes, clips = set(card.trained_on.athlete_digests), set(card.trained_on.clip_ids)
    pairs = zip(table.athlete, table.meta["clip_id"], strict=True)
    return np.array([athlete_digest(who) in athletes or clip in clips for who, clip in pairs])


def _about_origins(card: ModelCard, table: LabeledTable) -> tuple[Finding, ...]:
    """That the model learned from something else than what it is scored on."""
    if card.is_synthetic is table.is_synthetic:
        return ()
    learned, scored = ("made-up athletes", "recorded clips")
    if table.is_synthetic:
        learned, scored = "recorded clips", "made-up athletes"
    message = f"The model learned from {learned} and is scored here on {scored}."
    hint = "Read it as a test of how far the two are alike, not as the model's worth."
    return (Finding("other_origin", message, hint=hint),)


def _about_seen(is_seen: BoolArray, table: LabeledTable) -> tuple[Finding, ...]:
    """How many reps are of athletes that the model knows."""
    if not is_seen.any():
        return ()
    n_reps, n_athletes = int(is_seen.sum()), len(set(table.athlete[is_seen]))
    message = (
        f"{n_reps} of {is_seen.size} reps are of {n_athletes} athletes (or clips) of its training"
    )
    if is_seen.all():
        return (
            Finding(
                "all_seen_in_training",
                f"{message}: the scores say nothing about new people.",
                Level.BAD,
                "Label clips of athletes that the model was not trained on.",
            ),
        )
    return (Finding("some_seen_in_training", f"{message}; they are scored apart."),)
