"""The model card: what a model is, what it was trained on, and whether its file may be opened.

Imports nothing heavy, so that a page can list models without loading scikit-learn.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from hashlib import file_digest
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from labeler.core.errors import LearningError
from labeler.core.finding import Finding, Level

CARD_FORMAT = 1
"""Goes up when a field changes meaning; format 1 carries no signature."""

CARD_FILE = "card.json"
MODEL_FILE = "model.joblib"
TRAIN_AGAIN = "Train the model again with this version, or install the one that it was made with."


class ModelFolderError(LearningError):
    """A folder does not hold a model, or cannot take one."""


class ModelMismatchError(LearningError):
    """A model's card does not agree with its file or with this program."""

    def __init__(self, what: str, *, expected: object, got: object, hint: str) -> None:
        super().__init__(f"{what}: expected {expected}, got {got}.", hint=hint)


@dataclass(frozen=True, slots=True)
class TrainingData:
    """What a model has seen.

    Parameters
    ----------
    movements, views : tuple[str, ...]
        As told for the clips; an untold one is left out.
    fps_range : tuple[float, float] | None
        Lowest and highest frame rate; None where the features do not say.
    athlete_digests : tuple[str, ...]
        One digest per athlete: enough to recognise one, without their names in a file that
        travels. Short names can be guessed, so this is no anonymity.
    rep_digest, label_digest : str
        SHA-256 over the rep ids and over the answers.
    """

    movements: tuple[str, ...]
    views: tuple[str, ...]
    fps_range: tuple[float, float] | None
    n_athletes: int
    n_sets: int
    n_clips: int
    n_reps: int
    n_present: int
    athlete_digests: tuple[str, ...]
    clip_ids: tuple[str, ...]
    rep_digest: str
    label_digest: str
    raters: tuple[str, ...]
    dropped: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class ModelCard:
    """Everything about a model that can be known without opening its file.

    Parameters
    ----------
    calibration : tuple[float, float] | None
        Slope and intercept of Platt scaling; None for scores that are not calibrated.
    threshold : float
        Probability from which the fault counts as present.
    metrics : Mapping[str, Any]
        The comparison with rules and baselines, as `labeler.evaluate` gives it; may be empty.
    libraries : Mapping[str, str]
        Versions that made the file.
    sha256 : str
        Of the model file; empty until it is saved.
    is_synthetic : bool
        Whether it has learned from made-up athletes alone; cards without the field are of people.
    """

    card_format: int
    name: str
    fault: str
    severity_threshold: int
    created_at: str
    features_version: str
    feature_names: tuple[str, ...]
    calibration: tuple[float, float] | None
    threshold: float
    trained_on: TrainingData
    metrics: Mapping[str, Any]
    findings: tuple[Finding, ...]
    limits: tuple[str, ...]
    libraries: Mapping[str, str]
    sha256: str = ""
    is_synthetic: bool = False

    def as_dict(self) -> dict[str, Any]:
        """Plain JSON types only."""
        plain: dict[str, Any] = json.loads(json.dumps(asdict(self), allow_nan=False))
        return plain

    def write(self, folder: Path) -> None:
        """Write ``card.json``."""
        text = json.dumps(self.as_dict(), indent=2, ensure_ascii=False)
        (folder / CARD_FILE).write_text(text + "\n", encoding="utf-8")


@dataclass(frozen=True, slots=True)
class FoundModel:
    """One model folder: its card, or what is wrong with it."""

    folder: Path
    card: ModelCard | None
    problem: LearningError | None


def read_card(folder: Path) -> ModelCard:
    """Read the card of a model folder; its format is looked at before anything else."""
    file = folder / CARD_FILE
    if not file.is_file():
        raise ModelFolderError(
            f"{folder.name}: expected a model folder with {CARD_FILE}, got none.",
            hint="Give the folder that training wrote, such as models/NAME.",
        )
    try:
        plain = json.loads(file.read_text(encoding="utf-8"))
        found = plain["card_format"]
    except (ValueError, KeyError, TypeError):
        raise _broken_card(folder, "what is not a card") from None
    if found != CARD_FORMAT:
        raise ModelMismatchError(
            f"{folder.name}: card format", expected=CARD_FORMAT, got=found, hint=TRAIN_AGAIN
        )
    try:
        return _card_from(plain)
    except (KeyError, TypeError, ValueError) as cause:
        raise _broken_card(folder, f"a broken one ({cause})") from None


def check_model(folder: Path, *, features_version: str) -> ModelCard:
    """Check all that can be checked before a model file is opened, because opening runs code.

    The checksum guards against mix-ups, not against someone who can write the card too.

    Raises
    ------
    LearningError
        No card, no model file, another checksum, scikit-learn or set of features.
    """
    card, file = read_card(folder), folder / MODEL_FILE
    if not file.is_file():
        raise ModelFolderError(
            f"{folder.name}: expected {MODEL_FILE} beside the card, got none.",
            hint="Copy the whole folder, or train the model again.",
        )
    own = installed("scikit-learn")
    checks = (
        ("sha256 of the model file", card.sha256, sha256_of(file), "Copy the folder again whole."),
        ("scikit-learn", card.libraries.get("scikit-learn"), own, TRAIN_AGAIN),
        ("version of the features", card.features_version, features_version, TRAIN_AGAIN),
    )
    for what, expected, got, hint in checks:
        if expected != got:
            raise ModelMismatchError(
                f"{folder.name}: {what}", expected=expected, got=got, hint=hint
            )
    return card


def list_models(folder: Path, *, features_version: str) -> list[FoundModel]:
    """All model folders inside `folder` by name; broken ones are listed with their problem."""
    if not folder.is_dir():
        return []
    inside = sorted(path for path in folder.iterdir() if not path.name.startswith("."))
    holders = [path for path in inside if (path / CARD_FILE).is_file()]
    return [_look(path, features_version) for path in holders]


def sha256_of(file: Path) -> str:
    """Hexadecimal SHA-256 of a file's bytes."""
    with file.open("rb") as stream:
        return file_digest(stream, "sha256").hexdigest()


def installed(library: str) -> str:
    """Version of an installed library, ``unknown`` where it was not installed as a package."""
    try:
        return version(library)
    except PackageNotFoundError:
        return "unknown"


def _look(folder: Path, features_version: str) -> FoundModel:
    """The card of one folder, or its problem, or both where only the file is wrong."""
    card = None
    try:
        card = read_card(folder)
        check_model(folder, features_version=features_version)
    except LearningError as problem:
        return FoundModel(folder, card, problem)
    return FoundModel(folder, card, None)


def _card_from(plain: dict[str, Any]) -> ModelCard:
    """Rebuild a card; a missing or unknown field is a `TypeError`."""
    rest = dict(plain)
    trained_on = TrainingData(**_tuples(rest.pop("trained_on")))
    findings = tuple(
        Finding(**{**finding, "level": Level(finding["level"])}) for finding in rest.pop("findings")
    )
    card = ModelCard(**_tuples(rest), trained_on=trained_on, findings=findings)
    if not isinstance(card.threshold, float) or not isinstance(card.sha256, str):
        raise TypeError("threshold or sha256 has the wrong type")
    return card


def _tuples(plain: Mapping[str, Any]) -> dict[str, Any]:
    """The same fields with JSON's lists as the tuples that they were."""
    return {name: tuple(v) if isinstance(v, list) else v for name, v in plain.items()}


def _broken_card(folder: Path, got: str) -> ModelFolderError:
    """The error for a card that cannot be read."""
    return ModelFolderError(
        f"{folder.name}/{CARD_FILE}: expected a model card, got {got}.",
        hint="Restore the folder from a copy, or train the model again.",
    )
