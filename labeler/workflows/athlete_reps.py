"""An athlete's repetitions, and what people and the detector in force say about each."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from labeler.catalog import Catalog
from labeler.core.clip import Clip
from labeler.core.finding import Finding
from labeler.core.label import SEVERITY_THRESHOLD, FaultId, Label
from labeler.core.names import tidy_name
from labeler.core.rep import RepId, RepRecord
from labeler.store.dataset import Dataset
from labeler.workflows.beside import SAME_TURN_S, clock_shift_s
from labeler.workflows.cataloguing import checked_catalog
from labeler.workflows.counting import Counted
from labeler.workflows.deriving import learned_from
from labeler.workflows.detectors import ABSENT, PRESENT, InForce, in_force
from labeler.workflows.disputes import hidden_reps, settled_answers

if TYPE_CHECKING:
    import pandas as pd


class Said(StrEnum):
    """What is known about one fault of one repetition; only the first two count in a rate."""

    PRESENT = "present"
    ABSENT = "absent"
    TIED = "tied"
    NOT_VISIBLE = "not visible"
    NOT_RATED = "not rated"
    NO_ANSWER = "detector cannot tell"


COUNTED = (Said.PRESENT, Said.ABSENT)


@dataclass(frozen=True, slots=True)
class Ask:
    """Who looks at what.

    Parameters
    ----------
    models : Path
        Folder of the models; a promoted one answers in the place of its rule.
    viewer : str | None
        Who looks. Raters stay blind: repetitions that they have still to rate are left out.
    settles : bool
        Whether the viewer has said that they look and do not rate.
    threshold : int
        Severity from which a fault counts as present.
    wants_synthetic : bool
        Whether to tell of made-up clips although there are recorded ones: see `counted`.
    rep_id : RepId | None
        A repetition whose course is drawn over the median.
    """

    models: Path
    viewer: str | None = None
    settles: bool = False
    threshold: int = SEVERITY_THRESHOLD
    wants_synthetic: bool = False
    rep_id: RepId | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """One fault of one repetition.

    Parameters
    ----------
    severity : float
        Median over the raters who could see it, 0 to 3; NaN where nobody could.
    detected : Said
        What the detector in force says.
    strength : float
        How strongly: a model's probability or a rule's margin; NaN where it did not answer.
    """

    rated: Said = Said.NOT_RATED
    severity: float = math.nan
    detected: Said = Said.NO_ANSWER
    strength: float = math.nan


@dataclass(frozen=True, slots=True)
class AthleteRep:
    """A repetition, and which one it is of those that several cameras filmed at once.

    `turn_of` is its own id, or that of the same repetition in the clip that came in first.
    """

    record: RepRecord
    clip: Clip
    turn_of: RepId

    @property
    def rep_id(self) -> RepId:
        """Its own id."""
        return self.record.rep_id

    @property
    def title(self) -> str:
        """Where it is, as people say it."""
        return f"{self.clip.file_name}, rep {self.record.index}"


@dataclass(frozen=True, slots=True, eq=False)
class Known:
    """Everything that may be told about one athlete.

    Parameters
    ----------
    n_hidden : int
        Repetitions that are left out, because who looks has still to rate them.
    verdicts : Mapping[tuple[RepId, FaultId], Verdict]
        By repetition and fault: each fault that is asked, or that anybody answered.
    detectors : Mapping[tuple[str, FaultId], str]
        Who answers, by movement and fault.
    """

    athlete: str
    clips: tuple[Clip, ...]
    catalog: Catalog
    reps: tuple[AthleteRep, ...]
    n_hidden: int
    verdicts: Mapping[tuple[RepId, FaultId], Verdict]
    detectors: Mapping[tuple[str, FaultId], str]
    n_raters: int
    findings: tuple[Finding, ...] = field(default=())

    @property
    def movements(self) -> tuple[str, ...]:
        """What the athlete was filmed doing and may be told about, as the catalogue lists it."""
        done = {rep.clip.tags.movement for rep in self.reps}
        return tuple(name for name in self.catalog.movements if name in done)

    def of(self, movement: str) -> list[AthleteRep]:
        """The repetitions of one movement, by clip as it came in, then time."""
        return [rep for rep in self.reps if rep.clip.tags.movement == movement]

    def verdict(self, rep: AthleteRep, fault: FaultId) -> Verdict:
        """What is known; *not rated* and no answer where nothing is."""
        return self.verdicts.get((rep.rep_id, fault), Verdict())


def known_of(dataset: Dataset, athlete: str, what: Counted, ask: Ask) -> Known:
    """Read everything about one athlete that `ask.viewer` may see."""
    catalog = checked_catalog(dataset)
    clips = tuple(
        sorted(
            (clip for clip in what.clips if clip.tags.athlete == athlete),
            key=lambda clip: clip.ingested_at,
        )
    )
    every = _reps(dataset, clips)
    hidden = _hidden(dataset, ask)
    reps = tuple(rep for rep in every if rep.rep_id not in hidden)
    seen_clips = [clip for clip in clips if any(rep.clip is clip for rep in reps)]
    detectors = in_force(dataset, ask.models)
    told = _detected(dataset, seen_clips, detectors)
    labels = what.of(settled_answers(dataset))
    rated = _rated(labels, reps, ask.threshold)
    keys = {key for key in (*told, *rated) if key[0] in {rep.rep_id for rep in reps}}
    of_rep = {rep.rep_id: rep for rep in reps}
    verdicts = {
        key: _joined(of_rep[key[0]], key[1], rated=rated, told=told, catalog=catalog)
        for key in keys
    }
    return Known(
        athlete,
        clips,
        catalog,
        reps,
        len(every) - len(reps),
        verdicts,
        _names(detectors, catalog, clips),
        len({one.rater for one in labels if one.rep_id in of_rep and not one.is_settled}),
        detectors.findings if seen_clips else (),
    )


def _hidden(dataset: Dataset, ask: Ask) -> frozenset[RepId]:
    if ask.viewer is None:
        return frozenset()
    return hidden_reps(dataset, tidy_name(ask.viewer), settles=ask.settles)


def _reps(dataset: Dataset, clips: Sequence[Clip]) -> list[AthleteRep]:
    """Every repetition with the one that another camera saw first."""
    found: list[AthleteRep] = []
    for clip in clips:
        records = dataset.journal.reps(clip.clip_id)
        same = same_turns(records, [rep for rep in found if _is_twin(rep.clip, clip)])
        found += [
            AthleteRep(record, clip, same.get(record.rep_id, record.rep_id)) for record in records
        ]
    return found


def _is_twin(one: Clip, other: Clip) -> bool:
    """Whether two clips may show one set: same movement and session, both told, another view."""
    tags, others = one.tags, other.tags
    is_told = tags.session is not None and tags.movement is not None
    same = (tags.session, tags.movement) == (others.session, others.movement)
    return is_told and same and tags.view is not others.view


def same_turns(records: Sequence[RepRecord], others: Sequence[AthleteRep]) -> dict[RepId, RepId]:
    """Which repetitions of a clip an earlier clip of the same set has seen too, by turns in common.

    Empty where too few agree: see `clock_shift_s`.
    """
    own_s = np.array([record.rep.turn_s for record in records])
    for clip_id in dict.fromkeys(rep.clip.clip_id for rep in others):
        theirs = [rep for rep in others if rep.clip.clip_id == clip_id]
        other_s = np.array([rep.record.rep.turn_s for rep in theirs])
        shift_s = clock_shift_s(own_s, other_s)
        if shift_s is None:
            continue
        apart_s = np.abs(own_s[:, np.newaxis] + shift_s - other_s)
        return {
            record.rep_id: theirs[int(row.argmin())].turn_of
            for record, row in zip(records, apart_s, strict=True)
            if row.min() <= SAME_TURN_S
        }
    return {}


def _detected(
    dataset: Dataset, clips: Sequence[Clip], detectors: InForce
) -> dict[tuple[RepId, FaultId], tuple[Said, float]]:
    """What the detectors in force say; clips that came in without a pose are not asked."""
    posed = [clip for clip in clips if dataset.tracks.path(clip.clip_id).is_file()]
    if not posed:
        return {}
    features, series = learned_from(dataset, posed)
    table: pd.DataFrame = detectors.answers(features, series)
    words = {PRESENT: Said.PRESENT, ABSENT: Said.ABSENT}
    return {
        (RepId(row["rep_id"]), FaultId(row["fault"])): (
            words.get(row["answer"], Said.NO_ANSWER),
            _strength(row["probability"], row["score"]),
        )
        for row in table.to_dict("records")
    }


def _strength(probability: float | None, score: float | None) -> float:
    """A model's probability, else a rule's margin; NaN where there is neither."""
    told = [float(one) for one in (probability, score) if one is not None]
    return next((one for one in told if math.isfinite(one)), math.nan)


def _rated(
    labels: Iterable[Label], reps: Sequence[AthleteRep], threshold: int
) -> dict[tuple[RepId, FaultId], tuple[Said, float]]:
    """People's common answers; raters are weighed by all that they answered, of anybody."""
    from labeler.learn.consensus import consensus

    wanted = {rep.rep_id for rep in reps}
    by_fault: dict[FaultId, list[Label]] = {}
    for label in labels:
        by_fault.setdefault(label.fault, []).append(label)
    found: dict[tuple[RepId, FaultId], tuple[Said, float]] = {}
    for fault, of_fault in by_fault.items():
        common = consensus(of_fault, threshold)
        severities = _severities(of_fault, wanted)
        for rep_id, p_present in zip(common.rep_ids, common.p_present.tolist(), strict=True):
            if rep_id in wanted:
                found[rep_id, fault] = _common(p_present), severities.get(rep_id, math.nan)
    return found


def _common(p_present: float) -> Said:
    if math.isnan(p_present):
        return Said.NOT_VISIBLE
    if p_present == 0.5:
        return Said.TIED
    return Said.PRESENT if p_present > 0.5 else Said.ABSENT


def _severities(labels: Iterable[Label], wanted: set[RepId]) -> dict[RepId, float]:
    """Median severity over those who could see the fault, 0 to 3."""
    said: dict[RepId, list[int]] = {}
    for label in labels:
        if label.rep_id in wanted and label.answer.severity is not None:
            said.setdefault(label.rep_id, []).append(label.answer.severity)
    return {rep_id: float(np.median(values)) for rep_id, values in said.items()}


def _joined(
    rep: AthleteRep,
    fault: FaultId,
    *,
    rated: Mapping[tuple[RepId, FaultId], tuple[Said, float]],
    told: Mapping[tuple[RepId, FaultId], tuple[Said, float]],
    catalog: Catalog,
) -> Verdict:
    """Both answers; what was rated by hand from a view that cannot show it is not visible."""
    key = rep.rep_id, fault
    said, severity = rated.get(key, (Said.NOT_RATED, math.nan))
    known = catalog.faults.get(fault)
    if known is not None and not known.is_visible_from(rep.clip.tags.view):
        said, severity = Said.NOT_VISIBLE, math.nan
    detected, strength = told.get(key, (Said.NO_ANSWER, math.nan))
    return Verdict(said, severity, detected, strength)


def _names(
    detectors: InForce, catalog: Catalog, clips: Sequence[Clip]
) -> dict[tuple[str, FaultId], str]:
    """Who answers for each fault of each movement that the athlete was filmed doing."""
    from labeler.workflows.promoting import Scope

    is_synthetic = any(clip.is_synthetic for clip in clips)
    return {
        (movement, fault): detectors.name_for(Scope(fault, movement, is_synthetic))
        for movement in {clip.tags.movement for clip in clips}
        if movement is not None
        for fault in catalog.faults
    }
