"""Train a model of one fault, hold it against the rules, and keep it with its report."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from labeler.catalog import Fault
from labeler.core.clip import ClipTags
from labeler.core.errors import LearningError, UsageError
from labeler.core.label import SEVERITY_THRESHOLD, FaultId, Label
from labeler.core.rep import RepId
from labeler.rules.thresholds import load_rulebook
from labeler.store.dataset import Dataset
from labeler.workflows.cataloguing import catalog_of, checked_catalog
from labeler.workflows.counting import Counted, counted
from labeler.workflows.deriving import learned_from, rules_on
from labeler.workflows.disputes import settled_answers
from labeler.workflows.drawn import reps_by_choice, reps_by_lot
from labeler.workflows.results import cameras_of

if TYPE_CHECKING:
    from labeler.core.finding import Finding
    from labeler.evaluate.agreement import FaultAgreement
    from labeler.evaluate.compare import About
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
    is_despite_disagreement : bool
        Whether to train although raters agree too little: see `require_agreement`.
    wants_synthetic : bool
        Whether to learn from made-up clips although there are recorded ones: see `counted`.
    movement : str | None
        Learn from this movement alone; from all of them where not told.
    miss_cost : float | None
        What a fault that is missed costs, where a false alarm costs 1. Without it the model decides
        where F1 is best.
    """

    fault: str
    folder: Path
    threshold: int = SEVERITY_THRESHOLD
    is_replacing: bool = False
    is_despite_disagreement: bool = False
    wants_synthetic: bool = False
    movement: str | None = None
    miss_cost: float | None = None

    def __post_init__(self) -> None:
        if not 1 <= self.threshold <= 3:
            raise UsageError(
                f"threshold: expected a severity from 1 to 3, got {self.threshold}.",
                hint="2 is usual: clear or severe counts as present.",
            )
        if self.miss_cost is not None and not 0 < self.miss_cost < math.inf:
            raise UsageError(
                f"cost of a miss: expected a number above 0, got {self.miss_cost}.",
                hint="2 is a fault missed that is as bad as two false alarms.",
            )


class DisagreementError(LearningError):
    """Raters agree too little about a fault for a model to learn it from them."""


@dataclass(frozen=True, slots=True)
class TrainingOutcome:
    """A model that was trained and kept; `agreement` is that of its raters about the fault."""

    folder: Path
    card: "ModelCard"
    comparison: "Comparison"
    agreement: "FaultAgreement | None" = None


@dataclass(frozen=True, slots=True)
class FaultLabels:
    """How much there is to learn from about one fault, over all raters.

    Parameters
    ----------
    n_out_of_view : int
        Reps that were rated by hand although the view cannot show the fault: nothing learns from
        them, so they are neither among the present nor the absent.
    """

    fault: str
    n_reps: int
    n_present: int
    n_absent: int
    n_not_visible: int
    n_athletes: int
    n_out_of_view: int = 0

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

    Recorded and synthetic clips are never learned from together: see `counted`. Where an
    adjudicator has settled what raters disagree about, that is what is learned.

    Raises
    ------
    LearningError
        When the labels do not suffice, or raters agree too little; the hint says what to do next.
    """
    from labeler.evaluate.compare import compare
    from labeler.evaluate.report import write_reports
    from labeler.learn.artifact import make_card, save_model
    from labeler.learn.table import labeled_table
    from labeler.learn.train import about_training, train
    from labeler.learn.trust import trust_from

    catalog, book = checked_catalog(dataset), load_rulebook(dataset.folder)
    fault = catalog.fault(wish.fault)
    movement = None if wish.movement is None else catalog.movement(wish.movement).id
    agreement = require_agreement(dataset, wish)
    tell("Computing the features of every repetition")
    what = counted(dataset, wants_synthetic=wish.wants_synthetic)
    features, series = learned_from(dataset, what.clips)
    labels = what.of(settled_answers(dataset))
    table = labeled_table(features, labels, fault=fault, threshold=wish.threshold, series=series)
    table = replace(table, miss_cost=wish.miss_cost)
    table = table if movement is None else table.of_movement(movement)
    tell(f"Training on {len(table)} repetitions")
    model = train(table, name=wish.folder.name)
    tell("Testing on athletes it has not seen, beside the rules")
    about = _about(dataset, what, agreement)
    comparison = compare(table, rules_on(features, book, catalog), about=about)
    about_raters = _about_raters(agreement)
    findings = (*comparison.findings, *what.left_out, *about_raters, *about_training(table))
    agreed = _as_told(agreement)
    metrics = comparison.as_dict()
    card = make_card(model, table, metrics=metrics, findings=findings, agreement=agreed)
    tell("Writing the model and its report")
    trust = trust_from(table, comparison.probabilities, threshold=model.threshold)
    card = save_model(model, trust.on(card), wish.folder, is_replacing=wish.is_replacing)
    trust.write(wish.folder)
    write_reports(card, comparison, wish.folder)
    return TrainingOutcome(wish.folder, card, comparison, agreement)


def require_agreement(dataset: Dataset, wish: TrainingWish) -> "FaultAgreement | None":
    """How far raters agree about what is to be trained; None where nobody has rated it.

    Raises
    ------
    DisagreementError
        Where their κ is too low to learn from (§6.2 of the domain: a fault of which raters do not
        mean the same is not ready for a model), unless it was wished all the same.
    """
    from labeler.evaluate.agreement_verdict import MIN_KAPPA_TO_LEARN, Gate
    from labeler.workflows.agreeing import agreement_on

    found = agreement_on(
        dataset, wish.fault, threshold=wish.threshold, wants_synthetic=wish.wants_synthetic
    )
    is_too_low = found is not None and found.gate is Gate.NOT_READY
    if found is not None and is_too_low and not wish.is_despite_disagreement:
        raise DisagreementError(
            f"{wish.fault}: expected raters who agree, κ of {MIN_KAPPA_TO_LEARN} or more, got "
            f"{found.kappa.value:.2f} over {found.n_overlaps} repetitions that two graded.",
            hint="Go through the rater sheet together, then look again at what differs: page "
            "Disputes, or labeler disputes. To train all the same: --despite-disagreement, or the "
            "tick on the Train page.",
        )
    return found


def _as_told(found: "FaultAgreement | None") -> dict[str, float | int | None] | None:
    """The raters' agreement as a card keeps it; None where no two graded the same repetition."""
    from labeler.evaluate.comparison import as_plain

    if found is None or not found.n_overlaps:
        return None
    kappa = found.kappa
    told = {"kappa": kappa.value, "low": kappa.low, "high": kappa.high}
    plain: dict[str, float | int | None] = as_plain(told)
    return {**plain, "n_overlaps": found.n_overlaps, "n_raters": len(found.raters)}


def _about(dataset: Dataset, what: Counted, agreement: "FaultAgreement | None") -> "About":
    """What else is known of the answers: who agrees, what filmed them, and why they were given."""
    from labeler.evaluate.compare import About

    drawn = reps_by_lot(dataset), reps_by_choice(dataset)
    return About(agreement, cameras_of(what.clips), *drawn)


def _about_raters(found: "FaultAgreement | None") -> "tuple[Finding, ...]":
    from labeler.workflows.agreement_words import readiness

    about = None if found is None else readiness(found)
    return () if about is None else (about,)


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


def evaluate_folder(
    dataset: Dataset, folder: Path, *, wants_synthetic: bool = False
) -> "Comparison":
    """Score a model that exists on every labelled repetition that counts, beside the rules.

    What counts is decided by `counted`: recorded clips or synthetic ones, never both.
    """
    from labeler.evaluate.existing import labels_for, score_existing
    from labeler.learn.artifact import load_model
    from labeler.workflows.agreeing import agreement_on

    catalog, book = checked_catalog(dataset), load_rulebook(dataset.folder)
    model, card = load_model(folder)
    fault = catalog.fault(model.fault)
    what = counted(dataset, wants_synthetic=wants_synthetic)
    features, series = learned_from(dataset, what.clips)
    labels = what.of(settled_answers(dataset))
    table = labels_for(model, features, labels, fault=fault, series=series)
    rules = rules_on(features, book, catalog)
    agreement = agreement_on(
        dataset, fault.id, threshold=table.threshold, wants_synthetic=wants_synthetic
    )
    about = _about(dataset, what, agreement)
    found = score_existing(model, card, table=table, rules=rules, about=about)
    return replace(found, findings=(*found.findings, *what.left_out))


def label_counts(
    dataset: Dataset, threshold: int, *, wants_synthetic: bool = False
) -> list[FaultLabels]:
    """Per fault that anyone has answered: how many reps, with and without it, and athletes.

    Recorded clips or synthetic ones are counted, never both. A rep counts once; where raters
    differ, any of them seeing the fault counts as present here, unless an adjudicator has decided.
    """
    what = counted(dataset, wants_synthetic=wants_synthetic)
    by_id = {clip.clip_id: clip.tags for clip in what.clips}
    tags = {record.rep_id: by_id[record.clip_id] for record in what.records}
    by_fault: dict[FaultId, list[Label]] = {}
    for label in settled_answers(dataset):
        if label.rep_id in tags:
            by_fault.setdefault(label.fault, []).append(label)
    catalog = catalog_of(dataset)
    return [
        _counted(labels, threshold, tags, fault=fault, known=catalog.faults.get(fault))
        for fault, labels in by_fault.items()
    ]


def _counted(
    labels: Sequence[Label],
    threshold: int,
    tags: Mapping[RepId, ClipTags],
    *,
    fault: FaultId,
    known: Fault | None,
) -> FaultLabels:
    """Each rep once, by the highest severity that any rater gave; None where all say NV."""
    severity: dict[RepId, int | None] = {}
    for label in labels:
        seen = [s for s in (severity.get(label.rep_id), label.answer.severity) if s is not None]
        severity[label.rep_id] = max(seen, default=None)
    graded = {rep_id: found for rep_id, found in severity.items() if found is not None}
    shown = [
        found
        for rep_id, found in graded.items()
        if known is None or known.is_visible_from(tags[rep_id].view)
    ]
    n_present = sum(found >= threshold for found in shown)
    return FaultLabels(
        fault=fault,
        n_reps=len(severity),
        n_present=n_present,
        n_absent=len(shown) - n_present,
        n_not_visible=len(severity) - len(graded),
        n_athletes=len({tags[rep_id].athlete for rep_id in severity}),
        n_out_of_view=len(graded) - len(shown),
    )


def models_in(folder: Path) -> "list[FoundModel]":
    """Every model in a folder of models, with its card or why it cannot be used."""
    from labeler.features.registry import features_version
    from labeler.learn.card import list_models

    return list_models(folder, features_version=features_version())


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
                "verdict": None if card is None else card.metrics.get("verdict"),
                "is_synthetic": None if card is None else card.is_synthetic,
                "created_at": None if card is None else card.created_at,
                "problem": found.problem,
            }
        )
    return rows
