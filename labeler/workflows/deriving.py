"""From a stored pose track to signals, features and rules: cheap, pure, recomputed when asked."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from labeler.catalog import Catalog, Movement, load_catalog
from labeler.core.clip import Clip, ClipTags
from labeler.core.label import MACHINE
from labeler.core.rep import RepRecord
from labeler.core.track import PoseTrack
from labeler.rules.thresholds import RuleBook, load_rulebook
from labeler.store.dataset import Dataset
from labeler.workflows.cataloguing import checked_catalog

if TYPE_CHECKING:
    import pandas as pd

    from labeler.features.series import RepSeries
    from labeler.signals.series import ClipSignals

RULE = "rule"
"""What an answer of a hand-written rule says of who gave it: see `labeler.workflows.detectors`."""


def model_name(folder: str) -> str:
    """What an answer of a model says of who gave it: its folder's name."""
    return f"model {folder}"


def movement_of(tags: ClipTags) -> Movement | None:
    """The catalogue's movement of a clip, or None where nobody has told it."""
    return None if tags.movement is None else load_catalog().movement(tags.movement)


def signals_from(track: PoseTrack, tags: ClipTags) -> "ClipSignals":
    """Clean a track and compute its signals, filtered as its movement asks."""
    from labeler.signals.compute import compute_signals  # brings SciPy
    from labeler.signals.lowpass import DEFAULT_LOWPASS_HZ

    movement = movement_of(tags)
    lowpass_hz = DEFAULT_LOWPASS_HZ if movement is None else movement.lowpass_hz
    return compute_signals(track, view=tags.view, lowpass_hz=lowpass_hz)


def signals_of(dataset: Dataset, clip: Clip) -> "ClipSignals":
    """The signals of a stored clip."""
    track = dataset.tracks.load(clip.clip_id, dataset.clips.times(clip.clip_id))
    return signals_from(track, clip.tags)


def judged(
    records: Sequence[RepRecord], signals: "ClipSignals", movement: Movement | None
) -> list[RepRecord]:
    """Repetitions with the quality of their pose, also of those that a person cut."""
    from labeler.reps.judge import judged_anew  # brings SciPy

    return [
        record
        if record.cut_by == MACHINE
        else replace(record, rep=judged_anew(record.rep, signals, movement))
        for record in records
    ]


def features_of(dataset: Dataset, clip: Clip) -> "pd.DataFrame":
    """One row per repetition in force of a clip; columns as in `labeler.features.table`."""
    return _features(dataset, clip, dataset.journal.reps(clip.clip_id))


def features_of_all(dataset: Dataset, clips: Iterable[Clip] | None = None) -> "pd.DataFrame":
    """The features of several clips (all, unless named), one row per repetition.

    Clips without repetitions add no rows and cost nothing.
    """
    import pandas as pd  # pages open before tables are needed

    from labeler.features.table import empty_table  # brings pandas

    chosen = dataset.clips.all() if clips is None else clips
    reps = ((clip, dataset.journal.reps(clip.clip_id)) for clip in chosen)
    tables = [_features(dataset, clip, records) for clip, records in reps if records]
    return pd.concat(tables) if tables else empty_table()


def series_of(dataset: Dataset, clip: Clip) -> "RepSeries":
    """The courses of the repetitions in force of a clip, in the order of `features_of`."""
    return learned_from(dataset, [clip])[1]


def series_of_all(dataset: Dataset, clips: Iterable[Clip] | None = None) -> "RepSeries":
    """The courses of several clips (all, unless named), in the order of `features_of_all`."""
    return learned_from(dataset, clips)[1]


def learned_from(
    dataset: Dataset, clips: Iterable[Clip] | None = None
) -> "tuple[pd.DataFrame, RepSeries]":
    """All that a model learns from: `features_of_all` and `series_of_all`, in one pass."""
    import pandas as pd

    from labeler.features.series import joined, rep_series  # brings pandas
    from labeler.features.table import empty_table, feature_table

    tables, parts = [], []
    for clip in dataset.clips.all() if clips is None else clips:
        records = dataset.journal.reps(clip.clip_id)
        if not records:
            continue
        signals, movement = signals_of(dataset, clip), movement_of(clip.tags)
        known = judged(records, signals, movement)
        tables.append(feature_table(signals, known, clip=clip, movement=movement))
        parts.append(rep_series(signals, known, clip=clip, movement=movement))
    return pd.concat(tables) if tables else empty_table(), joined(parts)


def rules_on(features: "pd.DataFrame", book: RuleBook, catalog: Catalog) -> "pd.DataFrame":
    """What the hand-written rules answer by those limits: one row per repetition and fault."""
    from labeler.rules.apply import apply_rules  # brings pandas

    return apply_rules(features, catalog=catalog, book=book)


def rules_of_all(dataset: Dataset, clips: Iterable[Clip] | None = None) -> "pd.DataFrame":
    """What the rules answer about several clips (all, unless named), by the dataset's limits."""
    book = load_rulebook(dataset.folder)  # first: a mistake in it shows before anything slow
    catalog = checked_catalog(dataset)  # the same
    features = features_of_all(dataset, clips)
    answers = rules_on(features, book, catalog)
    is_synthetic = answers["rep_id"].map(features["is_synthetic"])
    return answers.assign(detector=RULE, is_synthetic=is_synthetic)


def _features(dataset: Dataset, clip: Clip, records: Sequence[RepRecord]) -> "pd.DataFrame":
    from labeler.features.table import feature_table  # brings pandas

    signals, movement = signals_of(dataset, clip), movement_of(clip.tags)
    known = judged(records, signals, movement)
    return feature_table(signals, known, clip=clip, movement=movement)
