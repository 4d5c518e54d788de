"""The result of a comparison: what pages, reports and cards show of a model's worth."""

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from labeler.core.finding import Finding
from labeler.evaluate.abstention import CoveragePoint
from labeler.evaluate.draws import Estimate
from labeler.evaluate.metrics import MethodRow
from labeler.evaluate.power import Settling
from labeler.evaluate.reliability import ReliabilityBin
from labeler.evaluate.slices import Slice


class Protocol(StrEnum):
    """How the tested reps were kept apart from the trained ones."""

    LEAVE_ONE_ATHLETE_OUT = "leave one athlete out"
    ATHLETE_FOLDS = "folds of athletes"
    LEAVE_ONE_SET_OUT = "leave one set out, one athlete"
    SET_FOLDS = "folds of sets, one athlete"
    EXISTING_MODEL = "a finished model on labelled clips"
    CANNOT_TELL = "cannot tell"


class Verdict(StrEnum):
    """Whether the model is better than the rules, by the interval of the difference."""

    BEATS = "beats the rules"
    NOT_SHOWN = "not shown"
    WORSE = "worse"
    CANNOT_TELL = "cannot tell"
    NO_RULE = "no rule to compare with"


@dataclass(frozen=True, slots=True)
class Difference:
    """Model minus rules on the reps where the rules apply.

    `settling` says how many athletes would settle it.
    """

    metric: str
    n_reps: int
    estimate: Estimate
    settling: Settling | None = None


@dataclass(frozen=True, slots=True)
class GroupScore:
    """Balanced accuracy of one athlete (or set) who has reps with and without the fault.

    `rules` counts their silence as absent; NaN without rules.
    """

    name: str
    n_reps: int
    n_present: int
    model: float
    rules: float


@dataclass(frozen=True, slots=True)
class RaterKappa:
    """How far raters agree with each other: what the model's κ is to be read beside."""

    estimate: Estimate
    n_overlaps: int
    n_raters: int


@dataclass(frozen=True, slots=True)
class WrongRep:
    """A rep that the model gets wrong; `miss` is the distance of probability and truth."""

    rep_id: str
    is_present: bool
    probability: float
    miss: float


@dataclass(frozen=True, slots=True)
class Comparison:
    """How good a model is on athletes it has not seen, beside rules and baselines.

    Parameters
    ----------
    group_word : str
        What intervals resample and the worst of which is named: ``athlete`` or ``set``.
    optimism : float
        Balanced accuracy gained when athletes are mixed across folds; NaN where not known.
    pr_points : tuple[tuple[float, float, float], ...]
        Recall, precision, threshold of the model on every rep.
    rule_point : tuple[float, float] | None
        Recall and precision of the rules, silence as absent.
    probabilities : Mapping[str, float]
        The model's probability of every rep, from a model that had not seen its athlete; NaN
        where there is none.
    dropped : Mapping[str, int]
        Reps left out, by reason (`labeler.learn.table.DROP_REASONS`).
    rules_version : str | None
        Which rules and limits answered; None without rules.
    is_synthetic : bool
        Whether every number here is about made-up athletes.
    groups : tuple[GroupScore, ...]
        The athletes (or sets) that can be rated, the one for whom the model does worst first.
    abstention : tuple[CoveragePoint, ...]
        What the model gains by keeping silent where it is least sure.
    reliability : tuple[ReliabilityBin, ...]
        What its probabilities are worth.
    slices : tuple[Slice, ...]
        The model by view, frame rate, camera, movement and quality.
    raters : RaterKappa | None
        None where no two raters were held against each other.
    """

    fault: str
    protocol: Protocol
    group_word: str
    n_athletes: int
    rows: tuple[MethodRow, ...]
    differences: tuple[Difference, ...]
    verdict: Verdict
    optimism: float
    pr_points: tuple[tuple[float, float, float], ...]
    rule_point: tuple[float, float] | None
    worst_reps: tuple[WrongRep, ...]
    probabilities: Mapping[str, float]
    findings: tuple[Finding, ...]
    dropped: Mapping[str, int]
    rules_version: str | None = None
    is_synthetic: bool = False
    groups: tuple[GroupScore, ...] = ()
    abstention: tuple[CoveragePoint, ...] = ()
    reliability: tuple[ReliabilityBin, ...] = ()
    slices: tuple[Slice, ...] = ()
    raters: RaterKappa | None = None

    def as_dict(self, *, has_names: bool = False) -> dict[str, Any]:
        """Plain JSON types only; what cannot be told (NaN) is None.

        Athletes' names stay out unless asked for, because this goes into model cards.
        """
        plain: dict[str, Any] = as_plain(asdict(self))
        for row, found in zip(plain["rows"], self.rows, strict=True):
            row["prevalence"] = as_plain(found.prevalence)
            if found.worst is not None and not has_names:
                row["worst"]["name"] = found.worst.anonymous
        for difference, told in zip(plain["differences"], self.differences, strict=True):
            if told.settling is not None:
                difference["settling"]["n_more"] = told.settling.n_more
        if not has_names:
            for number, group in enumerate(plain["groups"], start=1):
                group["name"] = f"{self.group_word} {number}"
        return plain

    def row(self, method: str) -> MethodRow | None:
        """The row of a method, None where it is not in the table."""
        return next((row for row in self.rows if row.method == method), None)


def as_plain(value: Any) -> Any:  # noqa: ANN401 (JSON is any of its types)
    """The same value in plain JSON types, NaN and infinities as None."""
    if isinstance(value, Mapping):
        return {str(key): as_plain(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [as_plain(part) for part in value]
    if isinstance(value, str):
        return str(value)
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    return value
