"""Features as changes from repetitions in which a coach saw no fault."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from labeler.catalog import Catalog
from labeler.core.clip import Clip, ClipId
from labeler.core.finding import Finding, Level
from labeler.core.label import Answer, Label
from labeler.core.rep import RepId
from labeler.store.dataset import Dataset
from labeler.workflows.cataloguing import catalog_of
from labeler.workflows.deriving import features_of_all
from labeler.workflows.labeling import questions_of

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True)
class Changes:
    """Features as changes, and what to know before reading them.

    Parameters
    ----------
    table : pandas.DataFrame
        As `labeler.features.baseline.with_baseline` makes it.
    findings : tuple[Finding, ...]
        ``no_baseline`` where repetitions have nothing to be compared with.
    """

    table: "pd.DataFrame"
    findings: tuple[Finding, ...]


def good_reps(
    dataset: Dataset, clips: Iterable[Clip] | None = None, *, rater: str | None = None
) -> frozenset[RepId]:
    """Repetitions of the clips (of all, unless named) that a coach has found without any fault.

    At least one rater has answered the whole sheet, with 0 wherever the view can show the fault,
    as *all clear* does; and nobody has seen a fault in it, however slight. *Not visible* is no 0.
    Where a dispute is settled, everybody's answer counts as the decision. Of a `rater` who is
    named, only their own answers count, as they gave them.
    """
    chosen, catalog = dataset.clips.all() if clips is None else clips, catalog_of(dataset)
    return frozenset(
        rep_id
        for clip in chosen
        for rep_id, answers in _by_rep(_answers(dataset, clip, rater)).items()
        if _is_clear(answers, _asked(clip, catalog))
    )


def changes_of_all(dataset: Dataset, clips: Iterable[Clip] | None = None) -> Changes:
    """The features of several clips (all, unless named) as changes from the athletes' own.

    The good repetitions may be in any clip of the dataset.
    """
    from labeler.features.baseline import HAS_BASELINE, MIN_GOOD_REPS, with_baseline

    every = {clip.clip_id: clip for clip in dataset.clips.all()}
    chosen = list(every.values()) if clips is None else list(clips)
    good = good_reps(dataset, every.values())
    homes = {record.clip_id for record in dataset.journal.reps() if record.rep_id in good}
    needed: dict[ClipId, Clip] = {clip.clip_id: clip for clip in chosen}
    needed |= {clip_id: every[clip_id] for clip_id in every if clip_id in homes}
    reference = features_of_all(dataset, needed.values())  # each clip is computed once
    table = reference[reference["clip_id"].isin([clip.clip_id for clip in chosen])]
    found = with_baseline(table, good, reference=reference)
    n_without = int((found[HAS_BASELINE] == 0).sum())
    return Changes(found, (_without(n_without, len(found), MIN_GOOD_REPS),) if n_without else ())


def _answers(dataset: Dataset, clip: Clip, rater: str | None) -> list[Label]:
    """One rater's answers, or everybody's with disputes as they were settled."""
    labels = dataset.journal.answers(clip.clip_id, rater=rater)
    if rater is not None:
        return labels
    decided = {(d.rep_id, d.fault): d.answer for d in dataset.journal.decisions(clip.clip_id)}
    return [
        replace(label, answer=decided.get((label.rep_id, label.fault), label.answer))
        for label in labels
    ]


def _by_rep(labels: Sequence[Label]) -> dict[RepId, list[Label]]:
    """Answers in force, by repetition."""
    found: dict[RepId, list[Label]] = {}
    for label in labels:
        found.setdefault(label.rep_id, []).append(label)
    return found


def _asked(clip: Clip, catalog: Catalog) -> frozenset[str]:
    """The faults of the clip's sheet that its view can show."""
    return frozenset(asked.fault.id for asked in questions_of(clip, catalog) if asked.is_visible)


def _is_clear(answers: Sequence[Label], asked: frozenset[str]) -> bool:
    """Whether one rater has answered all that is asked with 0, and nobody has seen anything."""
    if not asked or any(label.answer.severity for label in answers):
        return False
    absent: dict[str, set[str]] = {}
    for label in answers:
        if label.answer is Answer.ABSENT:
            absent.setdefault(label.rater, set()).add(label.fault)
    return any(asked <= faults for faults in absent.values())


def _without(n_without: int, n_reps: int, n_good: int) -> Finding:
    return Finding(
        code="no_baseline",
        message=f"{n_without} of {n_reps} repetitions have no baseline to be compared with.",
        level=Level.INFO,
        hint=f"Tell athlete, movement and view, and mark {n_good + 1} good repetitions of each as "
        "all clear: a repetition is never compared with itself.",
    )
