"""The model card: what a model is, what it was trained on, and whether its file may be opened.

Imports nothing heavy, so that a page can list models without loading scikit-learn.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from hashlib import file_digest
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from labeler.core.errors import LearningError
from labeler.core.finding import Finding, Level
from labeler.learn.signing import Standing, digest_of, sign, standing_of

CARD_FORMAT = 2
"""Goes up when a field changes meaning. Format 1 has no signature and none of the fields from
`ModelCard.intended_use` on: such cards are read as they are, their models must be trained anew."""

READABLE_FORMATS = (1, CARD_FORMAT)

CARD_FILE = "card.json"
MODEL_FILE = "model.joblib"
SHARED_FILE = "model.skops"
"""A model as others may open it: building it runs no code but that of the types it names."""
ROCKET = "aeon"
"""The library that a model needs where it hears the courses of repetitions."""

NEEDS_ROCKET = "Install it: pip install 'labeler[rocket]'. Or train the model again without."
ALTERED_FILE = (
    "The file was changed or damaged after its card was written. Copy the folder again whole, or "
    "train the model again."
)
TRAIN_AGAIN = "Train the model again with this version, or install the one that it was made with."


class ModelFolderError(LearningError):
    """A folder does not hold a model, or cannot take one."""


class UntrustedModelError(LearningError):
    """Nobody on this installation vouches for a model, and opening its file would run its code."""

    def __init__(self, folder: Path, standing: Standing) -> None:
        super().__init__(
            f"{folder.name}: expected a model signed on this computer, got {standing.words}; its "
            "file runs code when it is opened, so it was not opened.",
            hint="Ask who made it and read its card. If you trust them: labeler models trust "
            f'"{folder.name}". Else train it again.',
        )


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
    data_digest : str
        SHA-256 over all that training reads: measurements, courses, answers, weights and groups.
        The same digest, code and environment give the same model. Empty in format 1.
    agreement : Mapping[str, float | int | None] | None
        How far the raters agree about the fault: `kappa` with `low` and `high`, `n_overlaps` and
        `n_raters`. None where nobody was held against anybody.
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
    data_digest: str = ""
    agreement: Mapping[str, float | int | None] | None = None


@dataclass(frozen=True, slots=True)
class ModelCard:
    """Everything about a model that can be known without opening its file.

    Parameters
    ----------
    calibration : tuple[float, float] | None
        Slope and intercept of Platt scaling of the first member; None where it has none.
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
    intended_use : tuple[str, ...]
        What the model is for, and what it is not for.
    members : tuple[str, ...]
        What its probability is the mean of.
    channel_names : tuple[str, ...]
        The courses over a repetition that it reads besides features.
    seed : int | None
        Of everything that is drawn; None in format 1.
    code_version : str
        Version of this program and a digest of its own source: see `labeler.learn.provenance`.
    environment : Mapping[str, str]
        System and machine that it was trained on.
    conformal, novelty : Mapping[str, Any] | None
        What abstention and the word on unlike reps need; None where there was too little.
    model_file : str
        The file beside the card: `MODEL_FILE`, or `SHARED_FILE` of a model that came to visit.
    signature : Mapping[str, str] | None
        As `labeler.learn.signing` makes it; over everything else in the card.
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
    intended_use: tuple[str, ...] = ()
    members: tuple[str, ...] = ()
    channel_names: tuple[str, ...] = ()
    seed: int | None = None
    code_version: str = ""
    environment: Mapping[str, str] = field(default_factory=dict)
    conformal: Mapping[str, Any] | None = None
    novelty: Mapping[str, Any] | None = None
    model_file: str = MODEL_FILE
    signature: Mapping[str, str] | None = None

    def as_dict(self) -> dict[str, Any]:
        """Plain JSON types only; a card of an older format has the fields of that format."""
        plain: dict[str, Any] = json.loads(json.dumps(asdict(self), allow_nan=False))
        return plain if self.card_format > 1 else _as_format_1(plain)

    @property
    def digest(self) -> str:
        """SHA-256 of everything but the signature: names exactly this model."""
        return digest_of(self.as_dict())

    def signed(self) -> "ModelCard":
        """The same card, signed with the key of this installation."""
        return replace(self, signature=sign(self.as_dict()))

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
    if found not in READABLE_FORMATS:
        raise ModelMismatchError(
            f"{folder.name}: card format", expected=CARD_FORMAT, got=found, hint=TRAIN_AGAIN
        )
    try:
        return _card_from(plain)
    except (KeyError, TypeError, ValueError) as cause:
        raise _broken_card(folder, f"a broken one ({cause})") from None


def check_model(folder: Path, *, features_version: str) -> ModelCard:
    """Check all that can be checked before a model file is opened, because opening runs code.

    Raises
    ------
    LearningError
        No card, an older one, no model file, another checksum, scikit-learn or set of features;
        last, nobody here who vouches for it.
    """
    card = check_fits(folder, features_version=features_version)
    standing = standing_of(card.as_dict())
    if not standing.may_open:
        raise UntrustedModelError(folder, standing)
    return card


def check_fits(folder: Path, *, features_version: str) -> ModelCard:
    """The checks of `check_model` but the last: whether the file is the card's and of use here.

    Raises
    ------
    LearningError
        See `check_model`.
    """
    card = read_card(folder)
    file = folder / card.model_file
    if not file.is_file():
        raise ModelFolderError(
            f"{folder.name}: expected {card.model_file} beside the card, got none.",
            hint="Copy the whole folder, or train the model again.",
        )
    own, own_rocket = installed("scikit-learn"), installed(ROCKET)
    wanted_rocket = card.libraries.get(ROCKET, own_rocket)  # a model without courses needs none
    checks = (
        ("card format", CARD_FORMAT, card.card_format, TRAIN_AGAIN),
        ("sha256 of the model file", card.sha256, sha256_of(file), ALTERED_FILE),
        ("scikit-learn", card.libraries.get("scikit-learn"), own, TRAIN_AGAIN),
        (ROCKET, wanted_rocket, own_rocket, NEEDS_ROCKET),
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
    if card.model_file not in (MODEL_FILE, SHARED_FILE):
        raise ValueError(f"model_file is neither {MODEL_FILE} nor {SHARED_FILE}")
    return card


def _as_format_1(plain: dict[str, Any]) -> dict[str, Any]:
    """The fields that a card of format 1 had, so that reading and writing changes nothing."""
    names = [one.name for one in fields(ModelCard)]
    kept = {name: plain[name] for name in names[: names.index("intended_use")]}
    seen = kept["trained_on"]
    later = ("data_digest", "agreement")
    return {**kept, "trained_on": {k: v for k, v in seen.items() if k not in later}}


def _tuples(plain: Mapping[str, Any]) -> dict[str, Any]:
    """The same fields with JSON's lists as the tuples that they were."""
    return {name: tuple(v) if isinstance(v, list) else v for name, v in plain.items()}


def _broken_card(folder: Path, got: str) -> ModelFolderError:
    """The error for a card that cannot be read."""
    return ModelFolderError(
        f"{folder.name}/{CARD_FILE}: expected a model card, got {got}.",
        hint="Restore the folder from a copy, or train the model again.",
    )
