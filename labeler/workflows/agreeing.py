"""How far the raters of a dataset agree: a report, and its rows for pages and commands."""

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from labeler.core.errors import UsageError
from labeler.core.finding import Finding
from labeler.core.label import REPEAT_ROUND, SEVERITY_THRESHOLD, Label
from labeler.core.rep import RepId
from labeler.evaluate.agreement import (
    FaultAgreement,
    PairAgreement,
    Repeat,
    fault_agreement,
    repeat_agreement,
)
from labeler.evaluate.agreement_ratings import ratings_of
from labeler.evaluate.agreement_verdict import Gate
from labeler.store.dataset import Dataset
from labeler.workflows.agreement_words import GATES, STATISTICS, count_reps, number, verdict
from labeler.workflows.counting import Counted, counted

_WORST_FIRST = (Gate.NOT_READY, Gate.WARN, Gate.READY, Gate.CANNOT_TELL)


@dataclass(frozen=True, slots=True)
class AgreementReport:
    """How far raters agree, fault by fault.

    Parameters
    ----------
    n_reps_by_rater : Mapping[str, int]
        Repetitions in which each rater has answered anything.
    n_answered_reps, n_common_reps : int
        Repetitions in which anybody, and two or more raters, have answered anything.
    faults : tuple[FaultAgreement, ...]
        Those that need work first; a fault that one rater alone has answered is there too.
    is_synthetic : bool
        Whether every number is about made-up athletes; otherwise none is.
    findings : tuple[Finding, ...]
        That, and what is left out for being of the other kind.
    """

    threshold: int
    n_reps_by_rater: Mapping[str, int]
    n_answered_reps: int
    n_common_reps: int
    faults: tuple[FaultAgreement, ...]
    is_synthetic: bool = False
    findings: tuple[Finding, ...] = ()

    @property
    def compared(self) -> tuple[FaultAgreement, ...]:
        """The faults about which two raters can be compared at all."""
        return tuple(found for found in self.faults if found.n_overlaps)

    def n_open(self, rater: str) -> int:
        """Repetitions that others have answered and `rater` has not."""
        return self.n_answered_reps - self.n_reps_by_rater.get(rater, 0)

    def fault(self, fault: str) -> FaultAgreement:
        """One fault that somebody has answered, or say which there are."""
        for found in self.faults:
            if found.fault == fault:
                return found
        told = ", ".join(found.fault for found in self.faults) or "none yet"
        raise UsageError(
            f"fault: expected one that somebody has answered ({told}), got {fault!r}.",
            hint="Use the id, as listed by labeler faults; two raters have to answer it.",
        )

    def as_dict(self) -> dict[str, Any]:
        """Plain JSON types only; what cannot be told (NaN) is None. No athlete is named."""
        return {
            "threshold": self.threshold,
            "is_synthetic": self.is_synthetic,
            "findings": [asdict(finding) for finding in self.findings],
            "n_reps_by_rater": dict(self.n_reps_by_rater),
            "n_answered_reps": self.n_answered_reps,
            "n_common_reps": self.n_common_reps,
            "faults": [{**found.as_dict(), "verdict": verdict(found)} for found in self.faults],
        }


def agreement_report(
    dataset: Dataset,
    *,
    threshold: int = SEVERITY_THRESHOLD,
    repeats: Sequence[Repeat] | None = None,
    wants_synthetic: bool = False,
) -> AgreementReport:
    """Hold the answers in force of all raters against each other.

    Answers about recorded clips or about synthetic ones, never both: see `counted`.

    Parameters
    ----------
    threshold : int
        Severity from which a fault counts as present, where severities are cut.
    repeats : Sequence[Repeat] | None
        Answers that a rater gave a second time, blind to the first; None takes the dataset's own.
    """
    what = counted(dataset, wants_synthetic=wants_synthetic)
    athletes, labels = _athletes(what), what.of(dataset.journal.answers())
    pairs = repeats_of(dataset, labels) if repeats is None else repeats
    again = repeat_agreement(pairs, athletes, threshold=threshold)
    faults = [
        fault_agreement(ratings, threshold=threshold, repeats=again.get(fault, ()))
        for fault, ratings in ratings_of(labels, athletes).items()
    ]
    raters_of = _raters_of(labels)
    n_reps = Counter(rater for raters in raters_of.values() for rater in raters)
    return AgreementReport(
        threshold=threshold,
        n_reps_by_rater=dict(sorted(n_reps.items())),
        n_answered_reps=len(raters_of),
        n_common_reps=sum(len(raters) > 1 for raters in raters_of.values()),
        faults=tuple(sorted(faults, key=_order)),
        is_synthetic=what.is_synthetic,
        findings=what.findings,
    )


def agreement_on(
    dataset: Dataset,
    fault: str,
    *,
    threshold: int = SEVERITY_THRESHOLD,
    wants_synthetic: bool = False,
) -> FaultAgreement | None:
    """How far raters agree about one fault, without their repeats; None where nobody rated it.

    What counts is decided by `counted`.
    """
    what = counted(dataset, wants_synthetic=wants_synthetic)
    labels = [label for label in dataset.journal.answers() if label.fault == fault]
    ratings = ratings_of(labels, _athletes(what)).get(fault)
    return None if ratings is None else fault_agreement(ratings, threshold=threshold)


def repeats_of(dataset: Dataset, labels: Iterable[Label]) -> list[Repeat]:
    """Each blind repeat beside the same rater's first answer, where both are in force."""
    first = {(label.rep_id, label.fault, label.rater): label.answer for label in labels}
    again = dataset.journal.answers(round_number=REPEAT_ROUND)
    return [
        Repeat(label.rep_id, label.fault, label.rater, first[key], label.answer)
        for label in again
        if (key := (label.rep_id, label.fault, label.rater)) in first
    ]


def state_of(dataset: Dataset) -> tuple[object, ...]:
    """What a report depends on, cheap to read: equal states give equal reports."""
    told = tuple((clip.clip_id, clip.tags.athlete) for clip in dataset.clips.all())
    return str(dataset.folder), dataset.journal.newest_number(), told


def _athletes(what: Counted) -> dict[str, str]:
    """Who moves in each repetition that counts; all who were not named are one person."""
    from labeler.learn.table import UNKNOWN_ATHLETE

    by_clip = {clip.clip_id: clip.tags.athlete for clip in what.clips}
    return {record.rep_id: by_clip[record.clip_id] or UNKNOWN_ATHLETE for record in what.records}


def _raters_of(labels: Iterable[Label]) -> dict[RepId, set[str]]:
    """Who has answered anything, by repetition."""
    found: dict[RepId, set[str]] = {}
    for label in labels:
        found.setdefault(label.rep_id, set()).add(label.rater)
    return found


def _order(found: FaultAgreement) -> tuple[int, float, str]:
    """The worst first; what cannot be told last."""
    kappa = found.kappa.value
    return _WORST_FIRST.index(found.gate), math.inf if math.isnan(kappa) else kappa, found.fault


def fault_rows(report: AgreementReport) -> list[dict[str, Any]]:
    """One row per fault that can be compared; numbers come with their 95 % interval."""
    return [
        {
            "fault": found.fault,
            "verdict": GATES[found.gate],
            **{
                STATISTICS[name].name: number(found.estimates[name])
                for name in ("kappa", "kappa_quadratic", "alpha_ordinal", "fleiss_kappa", "pabak")
            },
            "raters": len(found.raters),
            "overlaps": found.n_overlaps,
            "of_reps": found.n_reps,
            "athletes": found.n_athletes,
            "not_visible": found.n_not_visible,
            "not_rated": found.n_not_rated,
        }
        for found in report.compared
    ]


def pair_rows(found: FaultAgreement) -> list[dict[str, Any]]:
    """One row per pair of raters of a fault, then each rater with their own blind repeats."""
    return [_pair_row(pair) for pair in (*found.pairs, *found.repeats)]


def _pair_row(pair: PairAgreement) -> dict[str, Any]:
    names = ("kappa", "kappa_quadratic", "kappa_linear", "pabak")
    again = f"{pair.first}, twice" if pair.first == pair.second else None
    return {
        "raters": again or f"{pair.first} and {pair.second}",
        "overlaps": pair.n_overlaps,
        **{STATISTICS[name].name: number(pair.estimates[name]) for name in names},
        STATISTICS["agreed_ratio"].name: pair.estimates["agreed_ratio"].value,
        "one_not_visible": pair.n_one_hidden,
        "both_not_visible": pair.n_both_hidden,
        "only_one_rated": pair.n_one_only,
    }


def heat_rows(found: FaultAgreement) -> list[dict[str, Any]]:
    """κ of every pair in both directions, and of each rater with themselves where repeats exist."""
    pairs = [*found.pairs, *found.repeats]
    ways = [(pair.first, pair.second, pair) for pair in pairs]
    ways += [(pair.second, pair.first, pair) for pair in found.pairs]
    return [
        {
            "rater": first,
            "other": second,
            "kappa": pair.estimates["kappa"].value,
            "words": number(pair.estimates["kappa"]),
            "overlaps": pair.n_overlaps,
        }
        for first, second, pair in ways
    ]


def has_heat_map(found: FaultAgreement) -> bool:
    """Whether there is more than one pair to look at."""
    return len(found.pairs) + len(found.repeats) > 1


def what_is_missing(report: AgreementReport) -> str:
    """Why nothing can be compared, and what there is today."""
    raters = report.n_reps_by_rater
    if not raters:
        return "Today nobody has answered anything."
    if len(raters) == 1:
        ((rater, n),) = raters.items()
        return f"Today there is one rater, {rater}, with {count_reps(n)}."
    told = ", ".join(f"{rater} {count_reps(n)}" for rater, n in raters.items())
    if not report.n_common_reps:
        return f"Today: {told}, none of them the same."
    return f"Today: {told}. Some are the same, but no fault was graded by two in any of them."
