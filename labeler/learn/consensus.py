"""What several raters mean together: a majority of two, from three on weighed by reliability.

Dawid and Skene, "Maximum Likelihood Estimation of Observer Error-Rates Using the EM Algorithm",
Applied Statistics 28 (1979): each rater's errors and each rep's answer are estimated in turn.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from labeler.core.arrays import FloatArray, IntArray
from labeler.core.finding import Finding, Level
from labeler.core.label import Label
from labeler.core.rep import RepId

N_MIN_WEIGHED_RATERS = 3
"""Of two raters who differ nobody can tell who is right."""

N_MIN_WEIGHED_OVERLAPS = 10
"""With fewer reps that two raters saw, how often each is right would be a guess."""

N_MIN_CONFUSION_OVERLAPS = 100
"""With fewer reps that two raters saw, one number per rater is all that can be told: how often
they are right. With more, how often they see what is there and what is not are two."""

SMOOTHING = 1.0
"""Answers of each kind that every rater is given beforehand (Dirichlet): nobody is infallible for
having answered little."""

MAX_ROUNDS = 1000
CONVERGED = 1e-10
"""Nothing moves any more: the largest change of a probability in one round."""

N_DIGITS = 12
"""Probabilities are kept to so many digits: raters who contradict each other evenly stay even,
where the last bit of a sum would decide who is right and the rounds would blow it up."""

LEAST_MARGIN = 1e-6
"""Nearer to one half is a tie. What all who saw a rep say is never turned around: if the estimate
would, the rep counts with this much on their side, which is half of a sure one."""


class Way(StrEnum):
    """How answers were brought together."""

    MAJORITY = "majority"
    ONE_COIN = "Dawid-Skene, one number per rater"
    CONFUSION = "Dawid-Skene, two numbers per rater"


@dataclass(frozen=True, slots=True, eq=False)
class Consensus:
    """The raters' common answer to one fault of every rep that anybody answered.

    Parameters
    ----------
    rep_ids : tuple[RepId, ...]
        In the order of their names.
    p_present : FloatArray
        Shape (n_reps,): probability that the fault is there; NaN where nobody could see it.
    n_seen : IntArray
        Shape (n_reps,): raters who could see it.
    reliability : dict[str, float]
        By rater: share of their answers that is estimated to be right, where that was estimated.
    """

    rep_ids: tuple[RepId, ...]
    p_present: FloatArray
    n_seen: IntArray
    way: Way
    reliability: dict[str, float]

    @property
    def y(self) -> IntArray:
        """1 where the fault is more likely there than not, else 0; shape (n_reps,)."""
        return (self.p_present > 0.5).astype(np.int64)

    @property
    def weight(self) -> FloatArray:
        """How sure the common answer is: 0.5 to 1, NaN where nobody saw; shape (n_reps,)."""
        sure: FloatArray = np.maximum(self.p_present, 1.0 - self.p_present)
        return sure

    @property
    def findings(self) -> tuple[Finding, ...]:
        """A word on how raters were weighed, where they were."""
        if self.way is Way.MAJORITY:
            return ()
        told = ", ".join(f"{who} {share:.0%}" for who, share in self.reliability.items())
        message = (
            f"The answers of {len(self.reliability)} raters are weighed by how often each is "
            f"estimated to be right ({self.way}): {told}."
        )
        return (Finding("raters_weighed", message, Level.INFO),)


@dataclass(frozen=True, slots=True, eq=False)
class Estimate:
    """What `dawid_skene` finds.

    Parameters
    ----------
    classes : FloatArray
        Shape (n_items, n_classes): probability of each class.
    shares : FloatArray
        Shape (n_classes,): how frequent each is.
    errors : FloatArray
        Shape (n_raters, n_classes, n_classes): what a rater answers (last) to what is true.
    """

    classes: FloatArray
    shares: FloatArray
    errors: FloatArray


def consensus(labels: Sequence[Label], threshold: int) -> Consensus:
    """Bring together the answers to one fault; "severity reaches the threshold" is voted on.

    *Not visible* is no vote. What an adjudicator has settled stands as it is, and says nothing
    about the raters. The order of the answers changes nothing, bit for bit.
    """
    rep_ids = tuple(sorted({label.rep_id for label in labels}))
    seen = [label for label in labels if label.answer.severity is not None]
    voted = [label for label in seen if not label.is_settled]
    settled = {label.rep_id: _is_present(label, threshold) for label in seen if label.is_settled}
    open_ids = tuple(rep_id for rep_id in rep_ids if rep_id not in settled)
    raters = tuple(sorted({label.rater for label in voted}))
    votes = _votes(voted, open_ids, raters, threshold=threshold)
    way = _way(votes)
    found = None if way is Way.MAJORITY else dawid_skene(votes, has_one_coin=way is Way.ONE_COIN)
    p_open = _shares(votes) if found is None else _held(found.classes[:, 1], votes)
    p_by_rep = dict(zip(open_ids, p_open.tolist(), strict=True)) | settled
    n_seen = {label.rep_id: 0 for label in labels}
    for label in seen:
        n_seen[label.rep_id] += 1
    return Consensus(
        rep_ids,
        np.array([p_by_rep[rep_id] for rep_id in rep_ids], dtype=np.float64),
        np.array([n_seen[rep_id] for rep_id in rep_ids], dtype=np.int64),
        way,
        {} if found is None else _reliability(raters, votes, found),
    )


def dawid_skene(
    votes: FloatArray, *, has_one_coin: bool = False, smoothing: float = SMOOTHING
) -> Estimate:
    """Estimate the class of each item and the errors of each rater, in turn, until nothing moves.

    Parameters
    ----------
    votes : FloatArray
        Shape (n_items, n_raters, n_classes): how often a rater gave that answer to an item.
    has_one_coin : bool
        Whether a rater is right equally often whatever is true, and else answers any other class.

    Returns
    -------
    Estimate
        Begun from each item's shares of answers. An item without answers has the shares of all.
    """
    n_answers = votes.sum(axis=(1, 2))
    told = votes.sum(axis=1) / np.maximum(n_answers, 1.0)[:, np.newaxis]
    is_silent = (n_answers == 0)[:, np.newaxis]
    classes = np.where(is_silent, 1.0 / votes.shape[2], told)
    for _ in range(MAX_ROUNDS):
        shares = _smoothed(classes.sum(axis=0), smoothing)
        errors = _errors(votes, classes, has_one_coin=has_one_coin, smoothing=smoothing)
        before, classes = classes, np.round(_expected(votes, shares, errors), N_DIGITS)
        if np.abs(classes - before).max(initial=0.0) < CONVERGED:
            break
    return Estimate(classes, shares, errors)


def _errors(
    votes: FloatArray, classes: FloatArray, *, has_one_coin: bool, smoothing: float
) -> FloatArray:
    counts = np.einsum("ij,ikl->kjl", classes, votes)
    if not has_one_coin:
        return _smoothed(counts, smoothing)
    n_classes = votes.shape[2]
    n_right = np.trace(counts, axis1=1, axis2=2)
    right = (n_right + smoothing) / (counts.sum(axis=(1, 2)) + 2.0 * smoothing)
    other = (1.0 - right) / (n_classes - 1)
    is_right = np.eye(n_classes, dtype=np.bool_)
    return np.where(is_right, right[:, np.newaxis, np.newaxis], other[:, np.newaxis, np.newaxis])


def _expected(votes: FloatArray, shares: FloatArray, errors: FloatArray) -> FloatArray:
    """Probability of each class of each item; products of many small numbers are taken as sums."""
    tiny = np.finfo(np.float64).tiny
    logs = np.log(np.maximum(errors, tiny))
    found = np.log(np.maximum(shares, tiny)) + np.einsum("ikl,kjl->ij", votes, logs)
    found = np.exp(found - found.max(axis=1, keepdims=True))
    expected: FloatArray = found / found.sum(axis=1, keepdims=True)
    return expected


def _smoothed(counts: FloatArray, smoothing: float) -> FloatArray:
    """Shares along the last axis; even ones where nothing was counted."""
    more = counts + smoothing
    total = more.sum(axis=-1, keepdims=True)
    even = np.full_like(more, 1.0 / more.shape[-1])
    shares: FloatArray = np.divide(more, total, out=even, where=total > 0)
    return shares


def _is_present(label: Label, threshold: int) -> bool:
    severity = label.answer.severity
    return severity is not None and severity >= threshold


def _votes(
    labels: Iterable[Label], rep_ids: Sequence[RepId], raters: Sequence[str], *, threshold: int
) -> FloatArray:
    """Shape (n_reps, n_raters, 2): absent and present."""
    row = {rep_id: place for place, rep_id in enumerate(rep_ids)}
    column = {rater: place for place, rater in enumerate(raters)}
    votes = np.zeros((len(rep_ids), len(raters), 2))
    for label in labels:
        votes[row[label.rep_id], column[label.rater], int(_is_present(label, threshold))] += 1.0
    return votes


def _way(votes: FloatArray) -> Way:
    has_voted = votes.any(axis=2)
    if np.count_nonzero(has_voted.any(axis=0)) < N_MIN_WEIGHED_RATERS:
        return Way.MAJORITY
    n_overlaps = np.count_nonzero(has_voted.sum(axis=1) > 1)
    if n_overlaps < N_MIN_WEIGHED_OVERLAPS:
        return Way.MAJORITY
    return Way.CONFUSION if n_overlaps >= N_MIN_CONFUSION_OVERLAPS else Way.ONE_COIN


def _shares(votes: FloatArray) -> FloatArray:
    """Share of raters who see the fault; NaN where nobody saw the rep."""
    n_seen = votes.sum(axis=(1, 2))
    shares: FloatArray = np.divide(
        votes[:, :, 1].sum(axis=1), n_seen, out=np.full(len(votes), np.nan), where=n_seen > 0
    )
    return shares


def _held(p_present: FloatArray, votes: FloatArray) -> FloatArray:
    """Probabilities that never turn around what all say; NaN where nobody saw the rep."""
    share = _shares(votes)
    low = np.where(share == 1.0, 0.5 + LEAST_MARGIN, 0.0)
    high = np.where(share == 0.0, 0.5 - LEAST_MARGIN, 1.0)
    held = np.clip(p_present, low, high)
    held = np.where(np.abs(held - 0.5) < 0.5 * LEAST_MARGIN, 0.5, held)
    return np.where(np.isnan(share), np.nan, held)


def _reliability(raters: Sequence[str], votes: FloatArray, found: Estimate) -> dict[str, float]:
    """Share of each rater's answers that is right, by the estimate of what is."""
    n_right = np.einsum("ij,ikj->k", found.classes, votes)
    shares = n_right / votes.sum(axis=(0, 2))
    return dict(zip(raters, shares.tolist(), strict=True))
