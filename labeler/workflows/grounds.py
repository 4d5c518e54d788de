"""What a model's answer about a repetition rests on, ready to read, to show and to look at."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from labeler.catalog import Catalog, Movement
from labeler.core.clip import Clip
from labeler.core.label import FaultId
from labeler.core.rep import RepId, RepRecord
from labeler.store.dataset import Dataset
from labeler.workflows.deriving import judged, movement_of, signals_of

if TYPE_CHECKING:
    import pandas as pd

    from labeler.features.series import RepSeries
    from labeler.learn.explain import Spoken
    from labeler.learn.neighbours import Neighbour
    from labeler.signals.series import ClipSignals

SPREAD_DIGITS = 2
"""Of a distance between repetitions, where people read it."""


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """All that a model is told of a clip's repetitions, and the signals behind it.

    Parameters
    ----------
    signals : ClipSignals | None
        None where the clip has no repetitions: nothing was computed.
    """

    records: tuple[RepRecord, ...]
    features: "pd.DataFrame"
    series: "RepSeries"
    signals: "ClipSignals | None"
    movement: Movement | None

    def where(self, record: RepRecord, said: "Sequence[Spoken]") -> tuple[int, float] | None:
        """The frame to look at and its time: where the signal that spoke most shows best.

        None where none spoke.
        """
        from labeler.features.rep_signals import rep_signals
        from labeler.learn.explain import where_to_look

        if self.signals is None or not said:
            return None
        seen = rep_signals(self.signals, record.rep, self.movement)
        frame = record.rep.start_frame + where_to_look(said[0].feature, seen)
        return frame, float(self.signals.times.pts_s[frame])


def read_clip(dataset: Dataset, clip: Clip) -> Reading:
    """Compute signals, features and courses of the repetitions in force of a clip, once each."""
    from labeler.features.series import no_series, rep_series  # brings pandas
    from labeler.features.table import empty_table, feature_table

    records, movement = dataset.journal.reps(clip.clip_id), movement_of(clip.tags)
    if not records:
        return Reading((), empty_table(), no_series(), None, movement)
    signals = signals_of(dataset, clip)
    known = judged(records, signals, movement)
    features = feature_table(signals, known, clip=clip, movement=movement)
    series = rep_series(signals, known, clip=clip, movement=movement)
    return Reading(tuple(known), features, series, signals, movement)


def signal_rows(said: "Sequence[Spoken]") -> list[dict[str, Any]]:
    """The signals that spoke, strongest first; `push` is in log-odds."""
    from labeler.learn.explain import unit_of

    return [
        {
            "about": one.about,
            "measured": one.measured,
            "feature": one.feature,
            "value": one.value,
            "usual": one.usual,
            "unit": unit_of(one.feature),
            "push": one.push,
            "words": one.words,
        }
        for one in said
    ]


def nearest_rows(found: "Sequence[Neighbour]") -> list[dict[str, Any]]:
    """The labelled repetitions that are most like one, without the clip that they are in."""
    return [
        {
            "rep_id": one.rep_id,
            "answer": "present" if one.is_present else "absent",
            "is_same_athlete": one.is_same_athlete,
            "distance": round(one.distance, SPREAD_DIGITS),
        }
        for one in found
    ]


def placed(
    dataset: Dataset, rows: Sequence[Mapping[str, Any]]
) -> dict[RepId, tuple[Clip, RepRecord]]:
    """Where the repetitions that `nearest_rows` names are in a dataset; those that are there."""
    wanted = {one["rep_id"] for row in rows for one in row["nearest"]}
    if not wanted:
        return {}
    clips = {clip.clip_id: clip for clip in dataset.clips.all()}
    known = (one for one in dataset.journal.reps() if one.rep_id in wanted)
    return {one.rep_id: (clips[one.clip_id], one) for one in known if one.clip_id in clips}


def with_places(
    row: Mapping[str, Any], where: Mapping[RepId, tuple[Clip, RepRecord]]
) -> dict[str, Any]:
    """A row whose nearest repetitions say which file they are in and when; None where unknown."""
    return {**row, "nearest": [_with_place(one, where) for one in row["nearest"]]}


def _with_place(
    one: Mapping[str, Any], where: Mapping[RepId, tuple[Clip, RepRecord]]
) -> dict[str, Any]:
    clip, record = where.get(RepId(one["rep_id"]), (None, None))
    return {
        **one,
        "clip": None if clip is None else clip.short_id,
        "file": None if clip is None else clip.file_name,
        "index": None if record is None else record.index,
        "start_s": None if record is None else record.rep.start_s,
        "stop_s": None if record is None else record.rep.stop_s,
    }


def advice_on(fault_id: str, catalog: Catalog) -> dict[str, Any]:
    """What to do about a fault, as the catalogue has it: why it happens, a cue, drills."""
    fault = catalog.fault(FaultId(fault_id))
    drills = [catalog.drills[name] for name in fault.drills]
    return {
        "why": fault.why,
        "cue": fault.cue,
        "drills": [{"name": one.name, "description": one.description} for one in drills],
    }


def brief(row: Mapping[str, Any]) -> dict[str, Any]:
    """A prediction's row as a line of a table: what makes it doubtful before what it says."""
    look_s = row["look_s"]
    return {
        "rep": row["index"],
        "unlike training": (*row["flags"], *row["unlike"]),
        "answer": row["answer"],
        "probability": row["probability"],
        "of 100 alike": _span(row["low"], row["high"]),
        "why": row["reason"],
        "look at": "" if look_s is None else f"{look_s:.2f} s",
        "rule": row["rule_state"],
        "rule's reason": row["rule_reason"],
        "nearest": ", ".join(f"{one['rep_id']} {one['answer']}" for one in row["nearest"]),
    }


def interval_words(low: float, high: float) -> str:
    """What became of repetitions that scored alike; empty where that is not known."""
    span = _span(low, high)
    return (
        span
        and f"Of 100 repetitions of unseen athletes that score like this, {span} have the fault."
    )


def _span(low: float, high: float) -> str:
    return "" if np.isnan(low) or np.isnan(high) else f"{100 * low:.0f} to {100 * high:.0f}"
