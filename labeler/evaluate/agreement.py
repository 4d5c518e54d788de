"""How far raters agree about a fault: per pair, among all, and each with themselves.

Plain κ, Fleiss' κ and PABAK cut severities at the threshold that models learn from; weighted κ and
Krippendorff's α use all four severities. Only reps that both (or all) raters gave a severity enter:
*not visible* and *not rated* are missing and counted apart. Intervals resample athletes.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import combinations
from typing import Any

import numpy as np

from labeler.core.arrays import AnyArray, BoolArray, FloatArray, IntArray
from labeler.core.label import SEVERITY_THRESHOLD, Answer
from labeler.evaluate import agreement_counts as counts
from labeler.evaluate.agreement_counts import N_SEVERITIES, PRESENT_OR_NOT
from labeler.evaluate.agreement_ratings import Ratings, severity_of
from labeler.evaluate.agreement_verdict import Gate, gate
from labeler.evaluate.comparison import as_plain
from labeler.evaluate.draws import Draws, Estimate, estimates_by_group

Measure = Callable[[FloatArray], FloatArray]
"""Sums over reps, (n_draws, ...), to one row per statistic: (n_statistics, n_draws)."""

PAIR_STATISTICS = ("kappa", "kappa_linear", "kappa_quadratic", "pabak", "agreed_ratio")
GROUP_STATISTICS = (*PAIR_STATISTICS, "fleiss_kappa", "alpha_ordinal")
"""What is told of a fault; those of pairs are means over the pairs, weighted by overlaps."""


@dataclass(frozen=True, slots=True)
class PairAgreement:
    """Two raters on one fault, or one rater twice.

    Parameters
    ----------
    first, second : str
        The raters; the same name twice for blind repeats.
    n_overlaps : int
        Reps that both gave a severity: all numbers rest on these.
    n_athletes : int
        Athletes of those reps.
    n_one_hidden, n_both_hidden : int
        Reps that one, or both, called *not visible* (and both answered).
    n_one_only : int
        Reps that only one of them has answered.
    estimates : Mapping[str, Estimate]
        By `PAIR_STATISTICS`; NaN where not defined.
    """

    first: str
    second: str
    n_overlaps: int
    n_athletes: int
    n_one_hidden: int
    n_both_hidden: int
    n_one_only: int
    estimates: Mapping[str, Estimate]


@dataclass(frozen=True, slots=True)
class FaultAgreement:
    """All raters on one fault.

    Parameters
    ----------
    n_reps : int
        Reps that anybody has answered.
    n_overlaps : int
        Of those, reps that at least two raters gave a severity.
    n_complete : int
        Reps that all raters gave a severity: Fleiss' κ rests on these.
    n_athletes : int
        Athletes of the overlaps: what intervals resample.
    n_not_visible, n_not_rated : int
        Answers *not visible*, and answers not given, over all raters and reps.
    estimates : Mapping[str, Estimate]
        By `GROUP_STATISTICS`; NaN where not defined.
    gate : Gate
        Whether a model may learn the fault, read off κ alone.
    pairs, repeats : tuple[PairAgreement, ...]
        Each pair of raters; each rater with their own blind repeats, where there are some.
    """

    fault: str
    threshold: int
    raters: tuple[str, ...]
    n_reps: int
    n_overlaps: int
    n_complete: int
    n_athletes: int
    n_not_visible: int
    n_not_rated: int
    estimates: Mapping[str, Estimate]
    gate: Gate
    pairs: tuple[PairAgreement, ...]
    repeats: tuple[PairAgreement, ...] = ()

    @property
    def kappa(self) -> Estimate:
        """The κ that decides: mean of Cohen's κ over the pairs, at the threshold."""
        return self.estimates["kappa"]

    @property
    def overlap_ratio(self) -> float:
        """Share of the answered reps that at least two raters gave a severity."""
        return self.n_overlaps / self.n_reps

    def as_dict(self) -> dict[str, Any]:
        """Plain JSON types only; what cannot be told (NaN) is None."""
        plain: dict[str, Any] = as_plain(asdict(self))
        return plain


@dataclass(frozen=True, slots=True)
class Repeat:
    """One rater's two answers to the same fault of the same rep, the second given blind."""

    rep_id: str
    fault: str
    rater: str
    first: Answer
    again: Answer


def fault_agreement(
    ratings: Ratings,
    *,
    threshold: int = SEVERITY_THRESHOLD,
    repeats: tuple[PairAgreement, ...] = (),
) -> FaultAgreement:
    """How far the raters of one fault agree, cut at `threshold` where severities are cut."""
    pairs = tuple(
        _pair(ratings, columns, threshold)
        for columns in combinations(range(len(ratings.raters)), 2)
    )
    n_rated, is_double = ratings.n_rated, ratings.n_rated >= 2
    estimates = _group_estimates(ratings, threshold)
    n_overlaps = int(is_double.sum())
    return FaultAgreement(
        fault=ratings.fault,
        threshold=threshold,
        raters=ratings.raters,
        n_reps=int(n_rated.size),
        n_overlaps=n_overlaps,
        n_complete=int((is_double & (n_rated == len(ratings.raters))).sum()),
        n_athletes=len(set(ratings.athlete[is_double])),
        n_not_visible=int(ratings.is_hidden.sum()),
        n_not_rated=int((~ratings.is_answered).sum()),
        estimates=estimates,
        gate=gate(estimates["kappa"], n_overlaps),
        pairs=pairs,
        repeats=repeats,
    )


def repeat_agreement(
    repeats: Iterable[Repeat],
    athletes: Mapping[str, str],
    *,
    threshold: int = SEVERITY_THRESHOLD,
) -> dict[str, tuple[PairAgreement, ...]]:
    """How far each rater agrees with themselves: by fault, one entry per rater who has repeats.

    The numbers are those of a pair, with the same name twice. Repeats of reps that are not in
    `athletes` (who moved in each rep) are left out.
    """
    found: dict[tuple[str, str], list[Repeat]] = {}
    for repeat in repeats:
        if repeat.rep_id in athletes:
            found.setdefault((repeat.fault, repeat.rater), []).append(repeat)
    by_fault: dict[str, tuple[PairAgreement, ...]] = {}
    for fault, rater in sorted(found):
        twice = _twice(found[fault, rater], athletes)
        by_fault[fault] = (*by_fault.get(fault, ()), _pair(twice, (0, 1), threshold))
    return by_fault


def _twice(repeats: Sequence[Repeat], athletes: Mapping[str, str]) -> Ratings:
    """A rater's answers as if two people had given them."""
    answers = [(repeat.first, repeat.again) for repeat in repeats]
    return Ratings(
        fault=repeats[0].fault,
        raters=(repeats[0].rater,) * 2,
        severity=np.array([[severity_of(a), severity_of(b)] for a, b in answers]),
        is_hidden=np.array(
            [[a is Answer.NOT_VISIBLE, b is Answer.NOT_VISIBLE] for a, b in answers]
        ),
        athlete=np.array([athletes[repeat.rep_id] for repeat in repeats], dtype=object),
    )


def _pair(ratings: Ratings, columns: tuple[int, int], threshold: int) -> PairAgreement:
    """Two columns of the ratings."""
    severity, hidden = ratings.severity[:, columns], ratings.is_hidden[:, columns]
    is_answered = ratings.is_answered[:, columns]
    both = is_answered.all(axis=1)
    is_overlap = np.isfinite(severity).all(axis=1)
    athlete = ratings.athlete[is_overlap]
    n_hidden = hidden[both].sum(axis=1)
    return PairAgreement(
        first=ratings.raters[columns[0]],
        second=ratings.raters[columns[1]],
        n_overlaps=int(is_overlap.sum()),
        n_athletes=len(set(athlete)),
        n_one_hidden=int((n_hidden == 1).sum()),
        n_both_hidden=int((n_hidden == 2).sum()),
        n_one_only=int((is_answered.sum(axis=1) == 1).sum()),
        estimates=_pair_estimates(severity[is_overlap].astype(np.int64), athlete, threshold),
    )


def _pair_estimates(severity: IntArray, athlete: AnyArray, threshold: int) -> dict[str, Estimate]:
    """Every statistic of a pair, severities (n_overlaps, 2)."""
    if not severity.size:
        return dict.fromkeys(PAIR_STATISTICS, Estimate())
    tables = counts.pair_tables(severity[:, 0], severity[:, 1], N_SEVERITIES)
    found = _resampled(tables, athlete, lambda table: _of_pairs(table, threshold))
    return dict(zip(PAIR_STATISTICS, found, strict=True))


def _of_pairs(tables: FloatArray, threshold: int) -> FloatArray:
    """`PAIR_STATISTICS` of tables (..., 4, 4) of severities: (n_statistics, ...)."""
    cut = _cut(tables, threshold)
    pabak = counts.pabak(cut)
    return np.stack(
        [
            counts.cohen_kappa(cut, counts.nominal_distance(PRESENT_OR_NOT)),
            counts.cohen_kappa(tables, counts.linear_distance(N_SEVERITIES)),
            counts.cohen_kappa(tables, counts.quadratic_distance(N_SEVERITIES)),
            pabak,
            (pabak + 1.0) / PRESENT_OR_NOT,
        ]
    )


def _cut(tables: FloatArray, threshold: int) -> FloatArray:
    """Tables of severities as tables of *below the threshold* and *from it on*: (..., 2, 2)."""
    side = np.zeros((N_SEVERITIES, PRESENT_OR_NOT))
    side[np.arange(N_SEVERITIES), (np.arange(N_SEVERITIES) >= threshold).astype(np.int64)] = 1.0
    cut: FloatArray = side.T @ tables @ side
    return cut


def _group_estimates(ratings: Ratings, threshold: int) -> dict[str, Estimate]:
    """Every statistic of all raters together."""
    return {
        **_mean_estimates(ratings, threshold),
        "fleiss_kappa": _fleiss(ratings, threshold),
        "alpha_ordinal": _alpha(ratings),
    }


def _mean_estimates(ratings: Ratings, threshold: int) -> dict[str, Estimate]:
    """The statistics of pairs, as means over all pairs."""
    is_double = ratings.n_rated >= 2
    severity = ratings.severity[is_double]
    pairs = list(combinations(range(len(ratings.raters)), 2))
    if not severity.size:
        return dict.fromkeys(PAIR_STATISTICS, Estimate())
    tables = np.stack([_tables_or_nothing(severity[:, pair]) for pair in pairs], axis=1)

    def measure(summed: FloatArray) -> FloatArray:
        n_overlaps = summed.sum(axis=(-2, -1))
        return counts.mean_over_pairs(_of_pairs(summed, threshold), n_overlaps)

    found = _resampled(tables, ratings.athlete[is_double], measure)
    return dict(zip(PAIR_STATISTICS, found, strict=True))


def _tables_or_nothing(severity: FloatArray) -> FloatArray:
    """A table per rep of what a pair said, empty where one of them said nothing."""
    is_missing: BoolArray = np.isnan(severity[:, 0] + severity[:, 1])
    first, second = np.nan_to_num(severity).astype(np.int64).T
    tables = counts.pair_tables(first, second, N_SEVERITIES)
    tables[is_missing] = 0.0
    return tables


def _fleiss(ratings: Ratings, threshold: int) -> Estimate:
    """Fleiss' κ at the threshold, of the reps that all raters gave a severity."""
    is_complete = (ratings.n_rated == len(ratings.raters)) & (ratings.n_rated >= 2)
    if not is_complete.any():
        return Estimate()
    is_present = (ratings.severity[is_complete] >= threshold).astype(np.float64)
    parts = counts.fleiss_parts(counts.category_counts(is_present, PRESENT_OR_NOT))
    (found,) = _resampled(
        parts, ratings.athlete[is_complete], lambda total: counts.fleiss_kappa(total)[np.newaxis]
    )
    return found


def _alpha(ratings: Ratings) -> Estimate:
    """Krippendorff's ordinal α of every rep that two or more raters gave a severity."""
    is_double = ratings.n_rated >= 2
    if not is_double.any():
        return Estimate()
    pairs = counts.coincidences(counts.category_counts(ratings.severity[is_double], N_SEVERITIES))

    def measure(summed: FloatArray) -> FloatArray:
        distance = counts.ordinal_distance(summed)
        return counts.krippendorff_alpha(summed, distance)[np.newaxis]

    (found,) = _resampled(pairs, ratings.athlete[is_double], measure)
    return found


def _resampled(parts: FloatArray, athlete: AnyArray, measure: Measure) -> list[Estimate]:
    """Measure sums over reps, with intervals from resampled athletes.

    `parts` has shape (n_reps, ...): it is summed per athlete first, so that the number of reps
    costs nothing.
    """
    names, code = np.unique(athlete.astype(str), return_inverse=True)
    order = np.argsort(code, kind="stable")
    first_of_each = np.searchsorted(code[order], np.arange(names.size))
    flat = np.add.reduceat(parts.reshape(code.size, -1)[order], first_of_each, axis=0)

    def of_draws(draws: Draws) -> FloatArray:
        return measure((draws @ flat).reshape(len(draws), *parts.shape[1:]))

    return [_without_empty_interval(found) for found in estimates_by_group(of_draws, names)]


def _without_empty_interval(found: Estimate) -> Estimate:
    """Where all resamples agree, as under perfect agreement, they say nothing about others."""
    return Estimate(found.value) if found.low == found.high else found
