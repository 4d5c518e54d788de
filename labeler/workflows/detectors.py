"""Who answers whether a fault is there: a hand-written rule or a promoted model, asked alike."""

import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Protocol

from labeler.catalog import Catalog
from labeler.core.clip import Clip, ClipTags
from labeler.core.errors import LearningError
from labeler.core.finding import Finding, Level
from labeler.rules.thresholds import RuleBook, load_rulebook
from labeler.store.dataset import Dataset
from labeler.workflows.cataloguing import checked_catalog
from labeler.workflows.deriving import RULE, learned_from, model_name, rules_on
from labeler.workflows.promoting import Decision, Scope, current

if TYPE_CHECKING:
    import pandas as pd

    from labeler.features.series import RepSeries

COLUMNS: Final = (
    "rep_id",
    "fault",
    "answer",
    "probability",
    "score",
    "reason",
    "flags",
    "detector",
    "detector_version",
)
"""What a detector's answers are: `answer` is one of `ANSWERS`; `probability` is a model's, `score`
a rule's margin over its limit, NaN for the other; `detector` is its `name`."""

PRESENT, ABSENT, CANNOT_TELL, NOT_APPLICABLE = ANSWERS = (
    "present",
    "absent",
    "cannot_tell",
    "not_applicable",
)
"""What a detector can say, whoever it is."""

_OF_RULES: Final = {
    "fired": PRESENT,
    "passed": ABSENT,
    "too_close": CANNOT_TELL,
    "not_applicable": NOT_APPLICABLE,
}
_OF_MODELS: Final = {"not_visible": NOT_APPLICABLE}
"""Where a model's word is another than a detector's."""


class Detector(Protocol):
    """Anything that answers about faults of repetitions."""

    @property
    def name(self) -> str:
        """Who it is, as every answer of it says."""

    def answers(self, features: "pd.DataFrame", series: "RepSeries | None") -> "pd.DataFrame":
        """One row per repetition and fault that it knows: `COLUMNS`."""


@dataclass(frozen=True, slots=True)
class Rules:
    """The hand-written rules, by the limits in force."""

    book: RuleBook
    catalog: Catalog

    @property
    def name(self) -> str:
        """One name for all of them: the fault says which."""
        return RULE

    def answers(self, features: "pd.DataFrame", series: "RepSeries | None") -> "pd.DataFrame":
        """What every rule says; `series` is not needed."""
        del series  # rules read features alone
        told = rules_on(features, self.book, self.catalog)
        told["answer"] = told["state"].map(_OF_RULES)
        told["probability"] = float("nan")
        told["flags"] = told["answer"].map(lambda _: ())
        told["detector"] = self.name
        told["detector_version"] = told["version"]
        return told[list(COLUMNS)]


@dataclass(frozen=True, slots=True, eq=False)
class Model:
    """A model that may be opened here; `version` is the digest of its card."""

    folder: Path
    catalog: Catalog
    version: str

    @property
    def name(self) -> str:
        """Which one."""
        return model_name(self.folder.name)

    def answers(self, features: "pd.DataFrame", series: "RepSeries | None") -> "pd.DataFrame":
        """What it says of its one fault."""
        from labeler.learn.artifact import load_model  # brings scikit-learn
        from labeler.learn.predict import predict

        model, card = load_model(self.folder)
        told = predict(model, card, features, catalog=self.catalog, series=series)
        return told.assign(
            answer=told["answer"].replace(_OF_MODELS),
            score=float("nan"),
            detector=self.name,
            detector_version=self.version[:VERSION_DIGITS],
        )[list(COLUMNS)]


VERSION_DIGITS: Final = 12
"""Of a digest, where people read it."""


@dataclass(frozen=True, slots=True)
class InForce:
    """The detectors that answer for a dataset: its rules, and each model where it is promoted.

    Parameters
    ----------
    models : Mapping[Scope, Model]
        The promoted ones that can be used.
    findings : tuple[Finding, ...]
        The promoted ones that cannot, for whom their rules answer.
    """

    rules: Rules
    models: Mapping[Scope, Model]
    findings: tuple[Finding, ...] = ()

    def name_for(self, scope: Scope) -> str:
        """Who answers for a fault in a movement."""
        found = self.models.get(scope)
        return RULE if found is None else found.name

    def answers(self, features: "pd.DataFrame", series: "RepSeries") -> "pd.DataFrame":
        """One row per repetition and fault, each by the one detector in force for it: `COLUMNS`.

        Repetitions come in the order of `features`.
        """
        import pandas as pd

        parts = [self.rules.answers(features, series)]
        for model, scopes in self._by_model().items():
            is_asked = _is_within(features, scopes)
            if is_asked.any():
                said = model.answers(features[is_asked], series.take(is_asked.to_numpy()))
                parts.append(said)
        every = pd.concat(parts, ignore_index=True) if len(parts) > 1 else parts[0]
        last = every.drop_duplicates(["rep_id", "fault"], keep="last")
        place = {str(rep_id): n for n, rep_id in enumerate(features.index)}
        order = last["rep_id"].map(place).sort_values(kind="stable").index
        return last.loc[order].reset_index(drop=True)

    def _by_model(self) -> dict[Model, set[Scope]]:
        found: dict[Model, set[Scope]] = {}
        for scope, model in self.models.items():
            found.setdefault(model, set()).add(scope)
        return found


def in_force(dataset: Dataset, models: Path) -> InForce:
    """The detectors in force for a dataset, whose models lie in the folder `models`.

    A promoted model that is gone, was changed or may not be opened does not answer: its rule does,
    and a finding says so.
    """
    catalog = checked_catalog(dataset)
    rules = Rules(load_rulebook(dataset.folder), catalog)
    usable: dict[Scope, Model] = {}
    problems: dict[str, Finding] = {}
    looked: dict[str, Model | Finding] = {}
    for scope, decision in current(dataset.folder).items():
        if decision.digest not in looked:
            looked[decision.digest] = _look(models / decision.model, decision, catalog)
        found = looked[decision.digest]
        if isinstance(found, Model):
            usable[scope] = found
        else:
            problems[decision.digest] = found
    return InForce(rules, usable, tuple(problems.values()))


@dataclass(frozen=True, slots=True)
class Detection:
    """What the detectors in force say about every repetition of one clip, or of several."""

    table: "pd.DataFrame"
    findings: tuple[Finding, ...]

    def rows(self) -> list[dict[str, Any]]:
        """One row per repetition and fault."""
        return [{str(k): v for k, v in row.items()} for row in self.table.to_dict("records")]


def detect(
    dataset: Dataset, clip: Clip, models: Path, *, detectors: InForce | None = None
) -> Detection:
    """Ask the detectors in force about every repetition of a clip; or others, where given.

    Returns
    -------
    Detection
        Its table has `COLUMNS`, with ``index`` and ``start_s`` of the repetition after its id, and
        ``is_synthetic`` of the clip.
    """
    detectors = in_force(dataset, models) if detectors is None else detectors
    features, series = learned_from(dataset, [clip])
    told = detectors.answers(features, series).assign(is_synthetic=clip.is_synthetic)
    known = {record.rep_id: record for record in dataset.journal.reps(clip.clip_id)}
    told.insert(1, "index", [known[rep_id].index for rep_id in told["rep_id"]])
    told.insert(2, "start_s", [known[rep_id].rep.start_s for rep_id in told["rep_id"]])
    return Detection(told, detectors.findings)


def detect_all(dataset_folder: Path, models: Path) -> Detection:
    """Ask the detectors in force about every clip of a dataset, as `detect` does about one."""
    import pandas as pd

    with Dataset.open(dataset_folder, create=False) as dataset:
        detectors = in_force(dataset, models)
        every = [
            detect(dataset, clip, models, detectors=detectors).table for clip in dataset.clips.all()
        ]
    told = [table for table in every if len(table)]
    return Detection(pd.concat(told) if told else pd.DataFrame(), detectors.findings)


def write_answers(rows: Iterable[Mapping[Any, Any]], path: Path) -> None:
    """Write answers to a ``.csv`` or ``.parquet`` file, each with the name of who gave it."""
    import pandas as pd

    from labeler.workflows.exporting import write_table

    flat = [{**row, "flags": " ".join(row["flags"])} for row in rows]
    write_table(pd.DataFrame(flat, columns=list(flat[0]) if flat else list(COLUMNS)), path)


def detect_any(dataset_folder: Path, name: str, models: Path, *, tags: ClipTags) -> Detection:
    """Ask the detectors in force for a dataset about a clip of it, or about a file.

    A file that the dataset knows is asked about as the clip it is there. Another one is not kept;
    its movement and view are what `tags` tell, and never guessed.
    """
    from labeler.workflows.importing import IngestJob, ingest_or_raise
    from labeler.workflows.predicting import known_as

    path = Path(name)
    known = known_as(path, dataset_folder) if path.is_file() else name
    with Dataset.open(dataset_folder, create=False) as dataset:
        if known is not None:
            return detect(dataset, dataset.clips.get(known), models)
        detectors = in_force(dataset, models)
    with tempfile.TemporaryDirectory(prefix="labeler-") as scratch:
        job = IngestJob(path, Path(scratch), tags)
        with Dataset.open(job.dataset_folder) as visiting:
            clip_id = str(ingest_or_raise(job, visiting, lambda *_: None).clip)
            return detect(visiting, visiting.clips.get(clip_id), models, detectors=detectors)


def _look(folder: Path, decision: Decision, catalog: Catalog) -> Model | Finding:
    """A promoted model as a detector, or why it is none any more."""
    from labeler.features.registry import features_version
    from labeler.learn.card import check_model

    name = catalog.name_of(decision.fault)
    hint = "Promote another model, or retire it: labeler models retire."
    try:
        card = check_model(folder, features_version=features_version())
    except LearningError as problem:
        message = f"{name}: its rule answers, for the promoted model cannot be used. {problem}"
        return Finding("promoted_model_unusable", message, Level.BAD, hint)
    if card.digest != decision.digest:
        message = (
            f"{name}: its rule answers, for {folder.name} is another model now than the one that "
            f"{decision.by} promoted on {decision.at_utc[:10]}."
        )
        return Finding("promoted_model_replaced", message, Level.BAD, hint)
    return Model(folder, catalog, decision.digest)


def _is_within(features: "pd.DataFrame", scopes: Iterable[Scope]) -> "pd.Series":
    """Which repetitions a model speaks for, shape (n_reps,)."""
    import pandas as pd

    wanted = {(scope.movement, scope.is_synthetic) for scope in scopes}
    told = zip(features["movement"], features["is_synthetic"], strict=True)
    within = [(str(movement), bool(made_up)) in wanted for movement, made_up in told]
    return pd.Series(within, index=features.index, dtype=bool)
