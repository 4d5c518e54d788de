"""One athlete: what is filmed, which faults show how often, who leads, and what to practise."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from labeler.core.errors import UsageError
from labeler.core.finding import Finding, Level
from labeler.store.dataset import Dataset
from labeler.workflows.athlete_checklist import CheckedItem, Filmed, checklist
from labeler.workflows.athlete_courses import Sequencing, sequencing
from labeler.workflows.athlete_faults import (
    Advice,
    By,
    Extreme,
    FaultHistory,
    best_and_worst,
    histories,
    plan,
)
from labeler.workflows.athlete_reps import Ask, Known, known_of
from labeler.workflows.counting import Counted, counted

NO_STATEMENT = (
    "A fault is a deviation from the coach's standard. Nothing here is a medical statement."
)


@dataclass(frozen=True, slots=True, eq=False)
class AthleteReport:
    """Everything that page, command and file say about one athlete.

    Parameters
    ----------
    extremes : Mapping[str, tuple[Extreme, Extreme]]
        Best and worst repetition by movement, where two or more were judged.
    """

    known: Known
    what: Counted
    by: By
    threshold: int
    checklist: tuple[CheckedItem, ...]
    histories: tuple[FaultHistory, ...]
    sequencing: tuple[Sequencing, ...]
    extremes: Mapping[str, tuple[Extreme, Extreme]]
    plan: tuple[Advice, ...]

    @property
    def name(self) -> str:
        """The athlete."""
        return self.known.athlete

    @property
    def is_synthetic(self) -> bool:
        """Whether the athlete is made up."""
        return self.what.is_synthetic

    @property
    def detectors(self) -> tuple[str, ...]:
        """Who answers beside the raters, each once."""
        return tuple(dict.fromkeys(one.detector for one in self.histories if one.detected.n))

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What to know before reading the numbers."""
        hidden = self.known.n_hidden
        told = (
            Finding(
                "hidden_until_rated",
                f"{hidden} repetitions of {self.name} are left out: you have still to rate them.",
                Level.INFO,
                "Raters work blind: rate them, then look again.",
            ),
        )
        return (*self.what.findings, *self.known.findings, *(told if hidden else ()))

    def as_dict(self) -> dict[str, Any]:
        """Plain values for scripts."""
        known = self.known
        return {
            "athlete": self.name,
            "is_synthetic": self.is_synthetic,
            "n_clips": len(known.clips),
            "n_reps": len(known.reps),
            "n_hidden": known.n_hidden,
            "n_raters": known.n_raters,
            "threshold": self.threshold,
            "by": self.by.value,
            "detectors": list(self.detectors),
            "checklist": [one.as_row() for one in self.checklist],
            "faults": [one.as_dict() for one in self.histories],
            "sequencing": [one.as_dict() for one in self.sequencing],
            "best_and_worst": {
                movement: {"best": best.as_dict(), "worst": worst.as_dict()}
                for movement, (best, worst) in self.extremes.items()
            },
            "plan": [one.as_dict() for one in self.plan],
            "findings": [
                {"code": one.code, "level": one.level.value, "message": one.message}
                for one in self.findings
            ],
        }


def athlete_rows(dataset: Dataset, *, wants_synthetic: bool = False) -> list[dict[str, Any]]:
    """One row per athlete that was named, by name: what is filmed, and how much is missing."""
    what = counted(dataset, wants_synthetic=wants_synthetic)
    names = sorted({clip.tags.athlete for clip in what.clips if clip.tags.athlete})
    rows = []
    for name in names:
        clips = [clip for clip in what.clips if clip.tags.athlete == name]
        ids = {clip.clip_id for clip in clips}
        rows.append(
            {
                "athlete": name,
                "clips": len(clips),
                "reps": sum(record.clip_id in ids for record in what.records),
                "sessions": len({clip.tags.session for clip in clips if clip.tags.session}),
                "assessment_missing": sum(one.state is not Filmed.DONE for one in checklist(clips)),
                "is_synthetic": what.is_synthetic,
            }
        )
    return rows


def athlete_report(
    dataset: Dataset,
    athlete: str,
    ask: Ask,
    *,
    by: By = By.SESSION,
) -> AthleteReport:
    """Everything about one athlete that `ask.viewer` may see.

    Raises
    ------
    UsageError
        Where nobody of that name was filmed among the clips that count.
    """
    what = counted(dataset, wants_synthetic=ask.wants_synthetic)
    names = sorted({clip.tags.athlete for clip in what.clips if clip.tags.athlete})
    if athlete not in names:
        raise UsageError(
            f"athlete: expected one of {', '.join(names) or '(nobody was named yet)'}, got "
            f"{athlete!r}.",
            hint="Say who is seen with: labeler tag CLIP --athlete NAME",
        )
    known = known_of(dataset, athlete, what, ask)
    if ask.rep_id is not None and all(rep.rep_id != ask.rep_id for rep in known.reps):
        raise UsageError(
            f"repetition: expected an id of a repetition of {athlete} that you may see, got "
            f"{ask.rep_id!r}.",
            hint="The ids are told by: labeler reps CLIP",
        )
    found = histories(known, by)
    pairs = {movement: best_and_worst(known, movement) for movement in known.movements}
    return AthleteReport(
        known,
        what,
        by,
        ask.threshold,
        tuple(checklist(known.clips)),
        tuple(found),
        tuple(sequencing(dataset, known, rep_id=ask.rep_id)),
        {movement: pair for movement, pair in pairs.items() if pair is not None},
        tuple(plan(found, known.catalog.drills)),
    )
