"""Models on disk: a folder with card and model file, written whole or not at all."""

import shutil
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import uuid4

import joblib
import numpy as np

from labeler.core.finding import Finding
from labeler.core.label import FaultId
from labeler.features.registry import features_version
from labeler.learn.card import (
    CARD_FILE,
    CARD_FORMAT,
    SHARED_FILE,
    TRAIN_AGAIN,
    ModelCard,
    ModelFolderError,
    TrainingData,
    check_model,
)
from labeler.learn.card_page import CARD_PAGE, card_page
from labeler.learn.committee import Committee
from labeler.learn.pipelines import SEED
from labeler.learn.provenance import code_version, data_digest, environment, libraries
from labeler.learn.sharing import build
from labeler.learn.table import LabeledTable, frame_rates, told
from labeler.learn.train import TrainedModel

INTENDED_USE = (
    "To tell a coach which repetitions to look at, in clips of the movements and views above.",
    "Not for diagnosis, treatment or the prediction of injury, and not to judge athletes by "
    "without anybody looking.",
)

LIMITS = (
    "Answers are about a coach's standard for the movement; they are no medical statement.",
    "Scores hold for athletes, movements, views and cameras like those it was trained on.",
    "It learned from the features named here alone: what tells of the recording, of the whole set "
    "or of another feature's error is left out, for it may name the clip.",
    "The low-confidence band is a fixed width around the threshold, no statistical guarantee.",
)
UNCALIBRATED_LIMIT = (
    "There was too little to calibrate on: the probabilities rank reps, they are no rates."
)

SYNTHETIC_LIMIT = "It learned from made-up athletes alone: what it says about people is untested."


def athlete_digest(athlete: str) -> str:
    """What a card keeps of an athlete's name: 16 hexadecimal digits of its SHA-256."""
    return sha256(athlete.encode()).hexdigest()[:16]


def make_card(
    model: TrainedModel,
    table: LabeledTable,
    *,
    metrics: Mapping[str, Any] | None = None,
    findings: tuple[Finding, ...] = (),
    agreement: Mapping[str, float | int | None] | None = None,
) -> ModelCard:
    """Describe a model and the table that it was trained on.

    Parameters
    ----------
    metrics : Mapping[str, Any] | None
        A comparison as plain JSON types, from `labeler.evaluate`.
    findings : tuple[Finding, ...]
        Of the comparison; those of the table are added.
    agreement : Mapping[str, float | int | None] | None
        Of its raters about the fault: see `labeler.learn.card.TrainingData`.
    """
    committee = model.classifier
    first = committee.members[0].calibration
    return ModelCard(
        card_format=CARD_FORMAT,
        name=model.name,
        fault=model.fault,
        severity_threshold=model.severity_threshold,
        created_at=datetime.now(UTC).isoformat(timespec="seconds"),
        features_version=features_version(),
        feature_names=model.feature_names,
        calibration=None if first is None or first.steps else (first.slope, first.intercept),
        threshold=model.threshold,
        trained_on=_training_data(table, agreement),
        metrics=dict(metrics or {}),
        findings=tuple(dict.fromkeys((*table.findings, *findings))),
        limits=_limits(model, table),
        libraries=libraries(has_courses=bool(committee.channel_names)),
        is_synthetic=table.is_synthetic,
        intended_use=INTENDED_USE,
        members=tuple(voice.value for voice in committee.voices),
        channel_names=committee.channel_names,
        seed=SEED,
        code_version=code_version(),
        environment=environment(),
    )


def save_model(
    model: TrainedModel, card: ModelCard, folder: Path, *, is_replacing: bool = False
) -> ModelCard:
    """Write the model to a new folder; the card returned carries the file's checksum, signed.

    Raises
    ------
    ModelFolderError
        The folder is taken (by a model, unless `is_replacing`; by anything else, always), or
        cannot be written.
    """
    kept = BytesIO()
    joblib.dump(model.classifier, kept)
    return write_model(kept.getvalue(), card, folder, is_replacing=is_replacing)


def write_model(
    content: bytes, card: ModelCard, folder: Path, *, is_replacing: bool = False
) -> ModelCard:
    """Write a model file and its card, signed here, as a folder that appears whole or not at all.

    Raises
    ------
    ModelFolderError
        See `save_model`.
    """
    _check_free(folder, is_replacing=is_replacing)
    fresh = folder.with_name(f".{folder.name}.{uuid4().hex}.new")
    saved = replace(card, sha256=sha256(content).hexdigest()).signed()
    try:
        fresh.mkdir(parents=True)
        (fresh / saved.model_file).write_bytes(content)
        saved.write(fresh)
        (fresh / CARD_PAGE).write_text(card_page(saved), encoding="utf-8")
        _move_into_place(fresh, folder)
    except OSError as cause:
        raise ModelFolderError(
            f"{folder}: expected a place to write the model, got {cause.strerror or cause}.",
            hint="Choose a folder that you may write to, with room on its disk.",
        ) from cause
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    return saved


def load_model(folder: Path) -> tuple[TrainedModel, ModelCard]:
    """Open a model that somebody here vouches for: its file runs code, so all else comes first.

    Raises
    ------
    LearningError
        See `labeler.learn.card.check_model`.
    """
    card = check_model(folder, features_version=features_version())
    content = (folder / card.model_file).read_bytes()  # once: what is checked is what is opened
    if sha256(content).hexdigest() != card.sha256:
        raise ModelFolderError(
            f"{folder.name}/{card.model_file}: expected the file of its card, got one that is "
            "being changed.",
            hint="Try again once whoever writes it is done.",
        )
    committee = build(content, folder) if card.model_file == SHARED_FILE else _opened(content)
    names = committee.feature_names if isinstance(committee, Committee) else None
    if not isinstance(committee, Committee) or names != card.feature_names:
        raise ModelFolderError(
            f"{folder.name}/{card.model_file}: expected the model of its card, got another object.",
            hint=TRAIN_AGAIN,
        )
    return TrainedModel(card.name, FaultId(card.fault), card.severity_threshold, committee), card


def _opened(content: bytes) -> object:
    """What a joblib file holds; anything may happen while it is opened."""
    return joblib.load(BytesIO(content))


def _limits(model: TrainedModel, table: LabeledTable) -> tuple[str, ...]:
    """What nobody may expect of the model."""
    return (
        *((SYNTHETIC_LIMIT,) if table.is_synthetic else ()),
        *LIMITS,
        *(() if model.is_calibrated else (UNCALIBRATED_LIMIT,)),
    )


def _training_data(
    table: LabeledTable, agreement: Mapping[str, float | int | None] | None
) -> TrainingData:
    """What the table holds, with athletes as digests."""
    fps = frame_rates(table.meta)
    fps = fps[np.isfinite(fps)]
    clips = tuple(sorted({str(clip) for clip in table.meta["clip_id"]}))
    return TrainingData(
        movements=_told_values(table, "movement"),
        views=_told_values(table, "view"),
        fps_range=(float(fps.min()), float(fps.max())) if fps.size else None,
        n_athletes=table.n_athletes,
        n_sets=len(set(table.set_id)),
        n_clips=len(clips),
        n_reps=len(table),
        n_present=int(table.y.sum()),
        athlete_digests=tuple(sorted({athlete_digest(name) for name in table.athlete})),
        clip_ids=clips,
        rep_digest=sha256("\n".join(sorted(table.rep_ids)).encode()).hexdigest(),
        label_digest=table.label_digest,
        raters=table.raters,
        dropped={part.code: part.n_reps for part in table.dropped},
        data_digest=data_digest(table),
        agreement=agreement,
    )


def _told_values(table: LabeledTable, column: str) -> tuple[str, ...]:
    """The different values of a meta column, untold ones left out."""
    return tuple(sorted({name for value in table.meta[column] if (name := told(value))}))


def _check_free(folder: Path, *, is_replacing: bool) -> None:
    """Raise where the folder holds something that must not be lost."""
    if not folder.exists() or (folder.is_dir() and not any(folder.iterdir())):
        return
    if not (folder / CARD_FILE).is_file():
        raise ModelFolderError(
            f"{folder.name}: expected a free name or a model folder, got something else there.",
            hint="Choose another name for the model.",
        )
    if not is_replacing:
        raise ModelFolderError(
            f"{folder.name}: expected a free name, got a model that is already there.",
            hint="Choose another name, or say that it may be replaced.",
        )


def _move_into_place(fresh: Path, folder: Path) -> None:
    """Rename the finished folder; an older model is only deleted once the new one stands."""
    if not folder.exists():
        fresh.rename(folder)
        return
    old = fresh.with_suffix(".old")
    folder.rename(old)
    try:
        fresh.rename(folder)
    except OSError:
        old.rename(folder)
        raise
    shutil.rmtree(old)
