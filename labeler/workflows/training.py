"""Train a model of one fault, hold it against the rules, and keep it with its report."""

from collections.abc import Callable, Sequence, Set
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from labeler.catalog import load_catalog
from labeler.core.errors import UsageError
from labeler.core.label import SEVERITY_THRESHOLD, Label
from labeler.rules.thresholds import load_rulebook
from labeler.store.dataset import Dataset
from labeler.workflows.deriving import features_of_all, rules_on
from labeler.workflows.disputes import settled_answers

if TYPE_CHECKING:
    from labeler.evaluate.comparison import Comparison
    from labeler.learn.card import FoundModel, ModelCard


Tell = Callable[[str], None]
"""Called with what is being done now, in words."""


MAX_NAME_LENGTH = 80
NOT_IN_NAMES = frozenset('/\\<>:"|?*')
"""What some file system does not take in a folder's name."""


@dataclass(frozen=True, slots=True)
class TrainingWish:
    """What to train.

    Parameters
    ----------
    fault : str
        Id of the fault.
    threshold : int
        Severity from which the fault counts as present, 1 to 3.
    is_replacing : bool
        Whether a model of that name may be replaced.
    """

    fault: str
    folder: Path
    threshold: int = SEVERITY_THRESHOLD
    is_replacing: bool = False

    def __post_init__(self) -> None:
        if not 1 <= self.threshold <= 3:
            raise UsageError(
                f"threshold: expected a severity from 1 to 3, got {self.threshold}.",
                hint="2 is usual: clear or severe counts as present.",
            )


@dataclass(frozen=True, slots=True)
class TrainingOutcome:
    """A model that was trained and kept."""

    folder: Path
    card: "ModelCard"
    comparison: "Comparison"


@dataclass(frozen=True, slots=True)
class FaultLabels:
    """How much there is to learn from about one fault, over all raters."""

    fault: str
    n_reps: int
    n_present: int
    n_absent: int
    n_not_visible: int
    n_athletes: int

    @property
    def lacks(self) -> str:
        """What keeps a model from learning the difference; empty when both kinds are there."""
        if self.n_present and self.n_absent:
            return ""
        if self.n_present or self.n_absent:
            return "reps with the fault" if self.n_absent else "reps without the fault"
        return "a view that shows it"


def train_model(dataset: Dataset, wish: TrainingWish, *, tell: Tell) -> TrainingOutcome:
    """Train on all labels of a fault, compare with the rules on unseen athletes, keep everything.

    Where an adjudicator has settled what raters disagree about, that is what is learned.

    Raises
    ------
    LearningError
        When the labels do not suffice; the hint says what to label next.
    """
    from labeler.evaluate.compare import compare
    from labeler.evaluate.report import write_reports
    from labeler.learn.artifact import make_card, save_model
    from labeler.learn.table import labeled_table
    from labeler.learn.train import train

    fault, book = load_catalog().fault(wish.fault), load_rulebook(dataset.folder)
    tell("Computing the features of every repetition")
    features = features_of_all(dataset)
    table = labeled_table(features, settled_answers(dataset), fault=fault, threshold=wish.threshold)
    tell(f"Training on {len(table)} repetitions")
    model = train(table, name=wish.folder.name)
    tell("Testing on athletes it has not seen, beside the rules")
    comparison = compare(table, rules_on(features, book))
    card = make_card(model, table, metrics=comparison.as_dict(), findings=comparison.findings)
    tell("Writing the model and its report")
    card = save_model(model, card, wish.folder, is_replacing=wish.is_replacing)
    write_reports(card, comparison, wish.folder)
    return TrainingOutcome(wish.folder, card, comparison)


def new_model_folder(models: Path, name: str, *, is_replacing: bool) -> Path:
    """Where a model of that name goes; what cannot be is refused before anything is computed.

    Raises
    ------
    UsageError
        If the name is no plain folder name, or taken.
    """
    is_plain = name.isprintable() and not set(name) & NOT_IN_NAMES and not name.startswith(".")
    if not is_plain or not 0 < len(name) <= MAX_NAME_LENGTH:
        raise UsageError(
            f"model name: expected letters, digits, spaces and dashes, got {name[:80]!r}.",
            hint=f"Use a short name such as back-rounding-2: at most {MAX_NAME_LENGTH} characters, "
            "no slashes, no dot in front.",
        )
    if (models / name).exists() and not is_replacing:
        raise UsageError(
            f"{name}: expected a free name, got a model that is already there.",
            hint="Give another name, or tick that it may be replaced.",
        )
    return models / name


def evaluate_folder(dataset: Dataset, folder: Path) -> "Comparison":
    """Score a model that exists on every labelled repetition of a dataset, beside the rules."""
    from labeler.evaluate.existing import evaluate_existing
    from labeler.learn.artifact import load_model

    book = load_rulebook(dataset.folder)
    model, card = load_model(folder)
    features = features_of_all(dataset)
    labels = settled_answers(dataset)
    return evaluate_existing(model, card, features, labels=labels, rules=rules_on(features, book))


def label_counts(dataset: Dataset, threshold: int) -> list[FaultLabels]:
    """Per fault that anyone has answered: how many reps, with and without it, and athletes.

    A rep counts once; where raters differ, any of them seeing the fault counts as present here,
    unless an adjudicator has decided.
    """
    athletes = {
        record.rep_id: clip.tags.athlete
        for clip in dataset.clips.all()
        for record in dataset.journal.reps(clip.clip_id)
    }
    by_fault: dict[str, list[Label]] = {}
    for label in settled_answers(dataset):
        if label.rep_id in athletes:
            by_fault.setdefault(label.fault, []).append(label)
    return [
        _counted(fault, labels, threshold, {athletes[label.rep_id] for label in labels})
        for fault, labels in by_fault.items()
    ]


def _counted(
    fault: str, labels: Sequence[Label], threshold: int, athletes: Set[str | None]
) -> FaultLabels:
    """Each rep once, by the highest severity that any rater gave; None where all say NV."""
    severity: dict[str, int | None] = {}
    for label in labels:
        seen = [s for s in (severity.get(label.rep_id), label.answer.severity) if s is not None]
        severity[label.rep_id] = max(seen, default=None)
    n_present = sum(s is not None and s >= threshold for s in severity.values())
    n_hidden = sum(s is None for s in severity.values())
    return FaultLabels(
        fault=fault,
        n_reps=len(severity),
        n_present=n_present,
        n_absent=len(severity) - n_present - n_hidden,
        n_not_visible=n_hidden,
        n_athletes=len(athletes),
    )


def models_in(folder: Path) -> "list[FoundModel]":
    """Every model in a folder of models, with its card or why it cannot be used."""
    from labeler.features.registry import FEATURES_VERSION
    from labeler.learn.card import list_models

    return list_models(folder, features_version=FEATURES_VERSION)


def model_folder(name: Path, models: Path) -> Path:
    """A model's folder: as given when it is one, else by that name among the models."""
    return name if name.is_dir() or len(name.parts) > 1 else models / name


def model_rows(folder: Path) -> list[dict[str, Any]]:
    """Every model as a row: what it is, what it has seen, and what keeps it from being used."""
    rows = []
    for found in models_in(folder):
        card = found.card
        seen = None if card is None else card.trained_on
        rows.append(
            {
                "model": found.folder.name,
                "fault": None if card is None else card.fault,
                "reps": None if seen is None else seen.n_reps,
                "athletes": None if seen is None else seen.n_athletes,
                "created_at": None if card is None else card.created_at,
                "problem": found.problem,
            }
        )
    return rows
