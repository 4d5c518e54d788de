"""Ask a model about clips, whether the dataset knows them or not."""

import tempfile
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from labeler.catalog import Catalog
from labeler.catalog.own import load_own_catalog
from labeler.core.clip import Clip, ClipId, ClipTags
from labeler.core.errors import StoreError
from labeler.core.finding import Finding, Level
from labeler.core.origin import SYNTHETIC_NUMBERS
from labeler.rules.thresholds import RuleBook, load_rulebook
from labeler.store.dataset import DATABASE_NAME, Dataset
from labeler.workflows.cataloguing import checked_catalog
from labeler.workflows.deriving import model_name, rules_on
from labeler.workflows.disputes import without_hidden
from labeler.workflows.grounds import (
    Reading,
    advice_on,
    nearest_rows,
    placed,
    read_clip,
    signal_rows,
    with_places,
)

if TYPE_CHECKING:
    import pandas as pd

    from labeler.learn.card import ModelCard
    from labeler.learn.predict import Told

FLAG_WORDS = {
    "other_movement": "The model has not seen this movement: its answers may mean nothing here.",
    "other_view": "The model has not seen this view: read its answers with suspicion.",
    "other_fps": "The frame rate is outside what the model was trained on.",
    "worse_pose": "The body is seen worse than in any repetition of training.",
    "unlike_training": "The athlete moves unlike anybody in training: the model may be guessing.",
    "weak_view": "This view shows the fault only with a larger error.",
    "synthetic_model": "The model learned from made-up athletes alone: nobody has tested what it "
    "says about a person.",
    "synthetic_clip": "The clip shows a made-up athlete; the model learned from people.",
}
"""What each flag of `labeler.learn.predict` means to a coach."""

SYNTHETIC_MODEL, SYNTHETIC_CLIP = "synthetic_model", "synthetic_clip"
"""The flags that are told first, before any answer."""


@dataclass(frozen=True, slots=True)
class Prediction:
    """What a model says about every repetition of a clip, with the rule's answer beside it.

    Parameters
    ----------
    answers : pandas.DataFrame
        One row per repetition: see `predict_clip`.
    silence : str
        When the model keeps silent, and what may be said of the answers that it gives.
    """

    clip: Clip
    card: "ModelCard"
    answers: "pd.DataFrame"
    silence: str = ""

    @property
    def about_origin(self) -> tuple[Finding, ...]:
        """What to know before any answer: that model and clip are not both of people."""
        if self.card.is_synthetic and not self.clip.is_synthetic:
            hint = "Train on recordings before you trust an answer."
            return (Finding(SYNTHETIC_MODEL, FLAG_WORDS[SYNTHETIC_MODEL], Level.BAD, hint),)
        if self.clip.is_synthetic and not self.card.is_synthetic:
            return (Finding(SYNTHETIC_CLIP, FLAG_WORDS[SYNTHETIC_CLIP]),)
        return (SYNTHETIC_NUMBERS,) if self.card.is_synthetic else ()

    @property
    def doubts(self) -> tuple[Finding, ...]:
        """What is unlike training in this clip: to be told before any answer."""
        told = {SYNTHETIC_MODEL, SYNTHETIC_CLIP}
        flags = sorted({flag for flags in self.answers["flags"] for flag in flags} - told)
        return (*self.about_origin, *(Finding(flag, FLAG_WORDS[flag]) for flag in flags))

    def findings(self) -> tuple[Finding, ...]:
        """What to know before reading the answers: about the clip first, then about the model."""
        return tuple(dict.fromkeys((*self.doubts, *self.card.findings)))

    def rows(self) -> list[dict[str, Any]]:
        """One row per repetition."""
        return [{str(k): v for k, v in row.items()} for row in self.answers.to_dict("records")]


def predict_clip(
    dataset: Dataset,
    clip: Clip,
    folder: Path,
    *,
    book: RuleBook | None = None,
    catalog: Catalog | None = None,
) -> Prediction:
    """Ask a model about every repetition of a clip, and the rules.

    Faults and limits are the dataset's own, unless others are given.

    Returns
    -------
    Prediction
        Its table has one row per repetition: the columns of `labeler.learn.predict`, then
        ``rule_state``, ``rule_reason`` and ``rule_version``; ``detector``, who gave the answer;
        ``is_synthetic`` of the clip and ``is_model_synthetic`` of what the model has learned from.
        What the answer rests on: ``signals`` that spoke most, ``look_frame`` and ``look_s`` of
        where to look, the ``nearest`` labelled repetitions, and ``advice`` unless the fault is
        absent or not visible.
    """
    from labeler.learn.artifact import load_model
    from labeler.learn.neighbours import read_memory
    from labeler.learn.predict import Asked, explained

    book = load_rulebook(dataset.folder) if book is None else book
    catalog = checked_catalog(dataset) if catalog is None else catalog
    model, card = load_model(folder)
    asked = Asked(model, card, catalog, read_memory(folder, card.novelty))
    reading = read_clip(dataset, clip)
    told = explained(asked, reading.features, reading.series)
    answers = told.answers
    rules = rules_on(reading.features, book, catalog)
    rules = rules[rules["fault"] == card.fault].set_index("rep_id")
    answers["rule_state"] = answers["rep_id"].map(rules["state"])
    answers["rule_reason"] = answers["rep_id"].map(rules["reason"])
    answers["rule_version"] = book.version
    answers["detector"] = model_name(folder.name)
    answers["is_synthetic"] = clip.is_synthetic
    answers["is_model_synthetic"] = card.is_synthetic
    answers.insert(1, "index", [record.index for record in reading.records])
    answers.insert(2, "start_s", [record.rep.start_s for record in reading.records])
    answers.insert(3, "stop_s", [record.rep.stop_s for record in reading.records])
    _add_grounds(answers, told, reading, advice=advice_on(card.fault, catalog))
    return located(dataset, Prediction(clip, card, answers, asked.abstention.words))


def _add_grounds(
    answers: "pd.DataFrame", told: "Told", reading: Reading, *, advice: Mapping[str, Any]
) -> None:
    """Put beside each answer what it rests on."""
    pairs = zip(reading.records, told.signals, strict=True)
    looks = [reading.where(record, said) for record, said in pairs]
    answers["look_frame"] = _cells(None if look is None else look[0] for look in looks)
    answers["look_s"] = _cells(None if look is None else look[1] for look in looks)
    answers["signals"] = _cells(map(signal_rows, told.signals))
    answers["nearest"] = _cells(map(nearest_rows, told.neighbours))
    needs = answers["answer"].isin(("present", "cannot_tell"))
    answers["advice"] = _cells(advice if one else None for one in needs)


def _cells(values: Iterable[Any]) -> "pd.Series":
    """A column of whatever it is, with None as None."""
    import pandas as pd

    return pd.Series(list(values), dtype=object)


def located(dataset: Dataset, prediction: Prediction) -> Prediction:
    """The same answers; their nearest repetitions say where they are in a dataset."""
    where = placed(dataset, prediction.rows())
    rows = [with_places(row, where)["nearest"] for row in prediction.rows()]
    return replace(prediction, answers=prediction.answers.assign(nearest=_cells(rows)))


def predict_file(
    path: Path, tags: ClipTags, folder: Path, *, rated_in: Path | None = None
) -> Prediction:
    """Ask a model about a video file without keeping it.

    Faults and limits are those of the dataset in the folder `rated_in`, or of the package.

    A movement that is not told is taken from the model's card where it knows only one. A view is
    never guessed: the answers are flagged instead.
    """
    from labeler.features.registry import features_version
    from labeler.learn.card import check_model
    from labeler.workflows.importing import IngestJob, ingest_or_raise

    book, catalog = load_rulebook(rated_in), load_own_catalog(rated_in)
    seen = check_model(folder, features_version=features_version()).trained_on
    movement = tags.movement or (seen.movements[0] if len(seen.movements) == 1 else None)
    with tempfile.TemporaryDirectory(prefix="labeler-") as scratch:
        job = IngestJob(path, Path(scratch), replace(tags, movement=movement))
        with Dataset.open(job.dataset_folder) as dataset:
            result = ingest_or_raise(job, dataset, lambda *_: None)
            clip = dataset.clips.get(str(result.clip))
            return predict_clip(dataset, clip, folder, book=book, catalog=catalog)


def predict_any(dataset_folder: Path, name: str, folder: Path, *, tags: ClipTags) -> Prediction:
    """Ask a model about a clip of a dataset, or about a file.

    A file that the dataset knows is asked about as the clip it is there, with the repetitions and
    tags that people have corrected.
    """
    path = Path(name)
    if path.is_file():
        known = known_as(path, dataset_folder)
        if known is None:
            found = predict_file(path, tags, folder, rated_in=dataset_folder)
            return _located_in(dataset_folder, found)
        name = known
    with Dataset.open(dataset_folder, create=False) as dataset:
        return predict_clip(dataset, dataset.clips.get(name), folder)


def known_as(path: Path, dataset_folder: Path) -> ClipId | None:
    """The clip that a file is in a dataset; None where there is no such clip, or no dataset."""
    from labeler.workflows.importing import clip_id_of

    try:
        with Dataset.open(dataset_folder, create=False) as dataset:
            clip = dataset.clips.find(clip_id_of(path))
    except StoreError:
        return None
    return None if clip is None else clip.clip_id


def _located_in(dataset_folder: Path, prediction: Prediction) -> Prediction:
    """The nearest repetitions as they are in a dataset, where there is one."""
    if not (dataset_folder / DATABASE_NAME).exists():
        return prediction
    with Dataset.open(dataset_folder, create=False) as dataset:
        return located(dataset, prediction)


def seen_rows(
    folder: Path, viewer: str | None, rows: Iterable[Mapping[Any, Any]]
) -> list[Mapping[Any, Any]]:
    """Those answers that somebody may see, of a clip that may be in the dataset of that folder.

    Nor do they see what people answered about the nearest repetitions that they have still to rate.
    """
    if viewer is None or not (folder / DATABASE_NAME).exists():
        return list(rows)
    with Dataset.open(folder, create=False) as dataset:
        seen = without_hidden(dataset, viewer, rows)
        every = [one for row in seen for one in row.get("nearest", ())]
        shown = {one["rep_id"] for one in without_hidden(dataset, viewer, every)} if every else ()
        return [_with_seen(row, shown) for row in seen]


def _with_seen(row: Mapping[Any, Any], shown: Collection[str]) -> Mapping[Any, Any]:
    """A row without the nearest repetitions that are not shown."""
    if "nearest" not in row:
        return row
    return {**row, "nearest": [one for one in row["nearest"] if one["rep_id"] in shown]}
