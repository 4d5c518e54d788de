"""Agreement statistics from counts, many tables at once, so that a bootstrap is array arithmetic.

Each statistic is made of a small array per repetition that is summed first: resampling athletes
is then a product with their weights. Where a statistic is not defined it is NaN, never 0 or 1.
Tests hold all of them against published examples, scikit-learn and the package `krippendorff`.
"""

import numpy as np

from labeler.core.arrays import FloatArray, IntArray
from labeler.evaluate.draws import ratio

N_SEVERITIES = 4
"""Severities 0 to 3 of the rater sheet."""

PRESENT_OR_NOT = 2
"""Categories once severities are cut at a threshold."""


def nominal_distance(n_categories: int) -> FloatArray:
    """1 for every disagreement: (n_categories, n_categories)."""
    return 1.0 - np.eye(n_categories)


def linear_distance(n_categories: int) -> FloatArray:
    """Steps between two categories (Cicchetti & Allison 1971): (n_categories, n_categories)."""
    steps = np.arange(n_categories, dtype=np.float64)
    return np.abs(steps[:, np.newaxis] - steps)


def quadratic_distance(n_categories: int) -> FloatArray:
    """Squared steps between two categories (Fleiss & Cohen 1973)."""
    return linear_distance(n_categories) ** 2


def pair_tables(first: IntArray, second: IntArray, n_categories: int) -> FloatArray:
    """What two raters said of each rep as a table with one 1: (n_reps, n_categories, same)."""
    tables = np.zeros((first.size, n_categories, n_categories))
    tables[np.arange(first.size), first, second] = 1.0
    return tables


def cohen_kappa(table: FloatArray, distance: FloatArray) -> FloatArray:
    """Cohen's κ: 1 is agreement in everything, 0 what two independent raters reach by chance.

    Parameters
    ----------
    table : FloatArray
        Shape (..., k, k): reps by what the first rater said (rows) and the second.
    distance : FloatArray
        Shape (k, k): how bad each disagreement is; `nominal_distance` gives the plain κ.

    Returns
    -------
    FloatArray
        Shape (...); NaN without reps, or where both raters only ever used one and the same
        category: there chance explains everything.

    Notes
    -----
    Cohen 1960, Educ Psychol Meas 20:37; weighted: Cohen 1968, Psychol Bull 70:213.
    """
    n = table.sum(axis=(-2, -1), keepdims=True)
    by_first, by_second = table.sum(axis=-1, keepdims=True), table.sum(axis=-2, keepdims=True)
    by_chance = ratio(by_first * by_second, n)
    return 1.0 - ratio(
        (distance * table).sum(axis=(-2, -1)), np.nan_to_num(distance * by_chance).sum((-2, -1))
    )


def pabak(table: FloatArray) -> FloatArray:
    """Agreement corrected as if all categories were used alike: (k p - 1) / (k - 1).

    For two categories 2 p - 1, p being the share of reps on which both agree: prevalence- and
    bias-adjusted κ (Byrt, Bishop & Carlin 1993, J Clin Epidemiol 46:423). Shape and NaN as
    `cohen_kappa`, but defined with one category too.
    """
    k = table.shape[-1]
    agreed = ratio(np.trace(table, axis1=-2, axis2=-1), table.sum(axis=(-2, -1)))
    corrected: FloatArray = (k * agreed - 1.0) / (k - 1.0)
    return corrected


def category_counts(ratings: FloatArray, n_categories: int) -> FloatArray:
    """How many raters gave each category to each rep; NaN is nobody: (n_reps, n_categories)."""
    hits = ratings[..., np.newaxis] == np.arange(n_categories)
    found: FloatArray = hits.sum(axis=-2).astype(np.float64)
    return found


def fleiss_parts(counts: FloatArray) -> FloatArray:
    """What `fleiss_kappa` wants to know of each rep: (n_reps, 2 + n_categories).

    `counts` are those of `category_counts`, of reps that all have the same number of raters.
    """
    n_raters = counts.sum(axis=-1, keepdims=True)
    agreed = ((counts**2).sum(axis=-1, keepdims=True) - n_raters) / (n_raters * (n_raters - 1.0))
    return np.concatenate([np.ones_like(agreed), agreed, counts / n_raters], axis=-1)


def fleiss_kappa(parts: FloatArray) -> FloatArray:
    """Fleiss' κ of several raters who all rated the same reps (Fleiss 1971, Psychol Bull 76:378).

    Parameters
    ----------
    parts : FloatArray
        Shape (..., 2 + k): sums over reps of `fleiss_parts`.

    Returns
    -------
    FloatArray
        Shape (...); NaN without reps or with one category only.
    """
    n = parts[..., 0]
    agreed = ratio(parts[..., 1], n)
    by_chance = (ratio(parts[..., 2:], n[..., np.newaxis]) ** 2).sum(axis=-1)
    return 1.0 - ratio(1.0 - agreed, 1.0 - by_chance)


def coincidences(counts: FloatArray) -> FloatArray:
    """Pairs of answers to the same rep, each rep with the weight of its raters: (n_reps, k, k).

    Krippendorff 2011, Computing Krippendorff's alpha-reliability, section C; a rep that fewer
    than two raters answered has none.
    """
    n_raters = counts.sum(axis=-1)
    pairs = counts[:, :, np.newaxis] * counts[:, np.newaxis, :]
    pairs -= counts[:, :, np.newaxis] * np.eye(counts.shape[-1])
    found: FloatArray = pairs / np.maximum(n_raters - 1.0, 1.0)[:, np.newaxis, np.newaxis]
    return found


def ordinal_distance(coincidence: FloatArray) -> FloatArray:
    """Squared distance of two severities by how many answers lie between them: (..., k, k).

    Krippendorff's ordinal metric, which is the squared difference of the categories' mid-ranks.
    """
    n = coincidence.sum(axis=-1)
    mid_rank = np.cumsum(n, axis=-1) - n / 2.0
    apart: FloatArray = (mid_rank[..., :, np.newaxis] - mid_rank[..., np.newaxis, :]) ** 2
    return apart


def krippendorff_alpha(coincidence: FloatArray, distance: FloatArray) -> FloatArray:
    """Krippendorff's α of any number of raters, each of whom may have left reps out.

    Parameters
    ----------
    coincidence : FloatArray
        Shape (..., k, k): sums over reps of `coincidences`.
    distance : FloatArray
        Squared distances, (k, k) or (..., k, k): `ordinal_distance` or `nominal_distance`.

    Returns
    -------
    FloatArray
        Shape (...); NaN without pairs of answers or with one category only.
    """
    n_by_category = coincidence.sum(axis=-1)
    n = n_by_category.sum(axis=-1)
    by_chance = n_by_category[..., :, np.newaxis] * n_by_category[..., np.newaxis, :]
    seen = (coincidence * distance).sum(axis=(-2, -1))
    alpha: FloatArray = 1.0 - (n - 1.0) * ratio(seen, (by_chance * distance).sum(axis=(-2, -1)))
    return alpha


def mean_over_pairs(kappa: FloatArray, n_overlaps: FloatArray) -> FloatArray:
    """Mean κ over the pairs of raters where it is defined, each with the weight of its overlaps.

    Light's κ (Light 1971, Psychol Bull 76:365) where all pairs have rated the same reps; with two
    raters it is their κ. Shapes (..., n_pairs); NaN where no pair has one.
    """
    weight = np.where(np.isfinite(kappa), n_overlaps, 0.0)
    return ratio((weight * np.nan_to_num(kappa)).sum(axis=-1), weight.sum(axis=-1))
