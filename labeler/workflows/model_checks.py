"""The slow questions about a model: learning curves and shuffled labels, when somebody asks."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from labeler.evaluate.checks_file import read_checks, write_checks
from labeler.store.dataset import Dataset
from labeler.workflows.cataloguing import checked_catalog
from labeler.workflows.counting import counted
from labeler.workflows.deriving import features_of_all
from labeler.workflows.disputes import settled_answers

if TYPE_CHECKING:
    from labeler.learn.card import ModelCard

Done = Callable[[str, float], object]
"""Called with what is being done, in words, and the share of all that is done."""


def checks_of(folder: Path, card: "ModelCard") -> Mapping[str, Any] | None:
    """The checks that were asked about exactly this model; None where there are none."""
    return read_checks(folder, model=card.sha256)


def check_model_deeply(dataset: Dataset, folder: Path, *, done: Done) -> Mapping[str, Any]:
    """Ask the slow questions of a model's fault, keep the answers, and write its report again.

    Tens of seconds for some hundred repetitions. The labels are those of now: `label_digest` tells
    whether they are those of the model.

    Raises
    ------
    LearningError
        No model there, or too few labels now.
    """
    from labeler.evaluate.checks import run_checks
    from labeler.evaluate.report import write_reports
    from labeler.learn.card import read_card
    from labeler.learn.table import labeled_table

    card = read_card(folder)
    fault = checked_catalog(dataset).fault(card.fault)
    done("Computing the features of every repetition", 0.0)
    what = counted(dataset, wants_synthetic=card.is_synthetic)
    features, labels = features_of_all(dataset, what.clips), what.of(settled_answers(dataset))
    table = labeled_table(features, labels, fault=fault, threshold=card.severity_threshold)
    plain = run_checks(table, model=card.sha256, done=done).as_dict()
    write_checks(plain, folder)
    write_reports(card, card.metrics, folder, checks=plain)
    return plain
