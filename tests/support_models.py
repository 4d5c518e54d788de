"""Small models for tests: trained in a moment, with a card that says what the test wants."""

from dataclasses import replace
from pathlib import Path

from support_datasets import N_REPS, TAGS, add_hinges

from labeler.catalog.loader import load_catalog
from labeler.learn.artifact import make_card, save_model
from labeler.learn.card import ModelCard
from labeler.learn.table import labeled_table
from labeler.learn.train import train
from labeler.store.dataset import Dataset
from labeler.workflows.deriving import learned_from
from labeler.workflows.disputes import settled_answers
from labeler.workflows.labeling import answer_fault

FAULT = "torso_dip_first"

BEATS = {"verdict": "beats the rules", "protocol": "leave one athlete out"}
NOT_SHOWN = {"verdict": "not shown", "protocol": "leave one athlete out"}
KNOWN_ATHLETES = {"verdict": "beats the rules", "protocol": "a finished model on labelled clips"}


def add_rated_athletes(dataset: Dataset, n: int = 4, *, is_synthetic: bool = False) -> None:
    """Clips of athletes, one clean and one in which the torso leads, all rated by Ann.

    Fewer than 40 repetitions, so that logistic regression learns alone and in a moment.
    """
    for number in range(n):
        tags = replace(TAGS, athlete=f"A{number}")
        for kind, lag_s, answer in (("clean", 0.02, "0"), ("dip", -0.25, "2")):
            made = {"tags": tags, "lag_s": lag_s, "is_synthetic": is_synthetic}
            name = f"{'made-' if is_synthetic else ''}{kind}{number}.mp4"
            clip = add_hinges(dataset, name, **made)
            for rep in map(str, range(1, N_REPS + 1)):
                answer_fault(dataset, clip, rep=rep, fault=FAULT, answer=answer, rater="ann")


def quick_model(dataset: Dataset, folder: Path, metrics: dict[str, object] = BEATS) -> ModelCard:
    """Train on all clips of a dataset and keep the model with those metrics on its card."""
    features, series = learned_from(dataset)
    fault = load_catalog().fault(FAULT)
    table = labeled_table(features, settled_answers(dataset), fault=fault, series=series)
    model = train(table, name=folder.name)
    return save_model(model, make_card(model, table, metrics=metrics), folder, is_replacing=True)
