"""Agreement statistics against published worked examples, maintained packages and invariances."""

import krippendorff
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import cohen_kappa_score

from labeler.evaluate.agreement_counts import (
    category_counts,
    cohen_kappa,
    coincidences,
    fleiss_kappa,
    fleiss_parts,
    krippendorff_alpha,
    linear_distance,
    mean_over_pairs,
    nominal_distance,
    ordinal_distance,
    pabak,
    pair_tables,
    quadratic_distance,
)

NAN = np.nan

DIAGNOSES_COHEN = [[88, 14, 18], [10, 40, 10], [2, 6, 12]]
"""Cohen 1968, Psychol Bull 70:213, Table 1: three psychiatric diagnoses of 200 cases."""

GRAVITY_COHEN = [[0, 1, 3], [1, 0, 6], [3, 6, 0]]
"""The weights of disagreement that Cohen's 1968 table prints."""

MAMMOGRAMS = [[21, 12, 0, 0], [4, 17, 1, 0], [3, 9, 15, 2], [0, 0, 0, 1]]
"""Boyd et al. 1982, JNCI 68:357, two radiologists, 85 xeromammograms; κ as printed in the Stata
Reference Manual, [R] kappa: 0.4728, with weights w 0.5684, with weights w2 0.6714."""

SEXUAL_FUN = [[7, 7, 2, 3], [2, 8, 3, 7], [1, 5, 4, 9], [2, 8, 9, 14]]
"""Hout, Duncan & Sobel 1987, Sociol Methodol 17:145, in Agresti 1990, Table 2.10; κ as printed by
R's `vcd::Kappa`: 0.1293, with equal spacing 0.2374."""

DIAGNOSES_FLEISS = """
00060 03003 01401 00006 03030 20400 00402 20310 20040 00006 10050 11040 03300 10050 02031
00501 30012 51000 02040 10203 00006 01050 02013 20040 10041 05010 40002 02040 10500 00006
"""
"""Fleiss 1971, Psychol Bull 76:378, Table 1: diagnoses by six raters of each of 30 subjects."""

RELIABILITY_DATA = [
    [1, 2, 3, 3, 2, 1, 4, 1, 2, NAN, NAN, NAN],
    [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, NAN, 3],
    [NAN, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, NAN],
    [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, NAN],
]
"""Krippendorff 2011, Computing Krippendorff's alpha-reliability, sections C and D: four observers,
twelve units."""


def table(rows):
    return np.array(rows, dtype=float)


def alpha(data, n_categories, distance):
    """Krippendorff's alpha of raters by reps, categories from 0."""
    pairs = coincidences(category_counts(np.array(data).T, n_categories)).sum(axis=0)
    return krippendorff_alpha(pairs, distance(pairs) if callable(distance) else distance)


@pytest.mark.parametrize(
    ("rows", "distance", "expected"),
    [
        (DIAGNOSES_COHEN, nominal_distance(3), 0.492),
        (DIAGNOSES_COHEN, table(GRAVITY_COHEN), 0.348),
        (MAMMOGRAMS, nominal_distance(4), 0.473),
        (MAMMOGRAMS, linear_distance(4), 0.568),
        (MAMMOGRAMS, quadratic_distance(4), 0.671),
        (SEXUAL_FUN, nominal_distance(4), 0.129),
        (SEXUAL_FUN, linear_distance(4), 0.237),
    ],
    ids=["Cohen", "Cohen 1968", "Boyd", "Boyd linear", "Boyd quadratic", "Hout", "Hout linear"],
)
def test_cohen_kappa_is_what_was_published(rows, distance, expected):
    assert cohen_kappa(table(rows), distance) == pytest.approx(expected, abs=5e-4)


@pytest.mark.parametrize(
    ("rows", "kappa", "adjusted"),
    [
        ([[40, 9], [6, 45]], 0.70, 0.70),
        ([[80, 10], [5, 5]], 0.32, 0.70),
        ([[45, 15], [25, 15]], 0.13, 0.20),
        ([[25, 35], [5, 35]], 0.26, 0.20),
    ],
)
def test_pabak_lifts_what_prevalence_and_bias_do_to_kappa(rows, kappa, adjusted):
    """Feinstein & Cicchetti 1990, J Clin Epidemiol 43:543: the paradoxes that Byrt et al. adjust.

    PABAK is 2 p - 1 (Byrt, Bishop & Carlin 1993): the same for the same share of agreement.
    """
    assert cohen_kappa(table(rows), nominal_distance(2)) == pytest.approx(kappa, abs=5e-3)
    assert pabak(table(rows)) == pytest.approx(adjusted, abs=5e-4)


def test_pabak_where_kappa_has_nothing_left_to_say():
    """Cunningham 2009, SAS Global Forum paper 242, figure 2: 95 of 100 agree, none on *present*."""
    rows = table([[95, 4], [1, 0]])
    assert pabak(rows) == pytest.approx(0.900, abs=5e-4)
    assert cohen_kappa(rows, nominal_distance(2)) < 0


def test_fleiss_kappa_is_what_was_published():
    counts = table([[int(n) for n in line] for line in DIAGNOSES_FLEISS.split()])
    assert counts.shape == (30, 5)
    shares = counts.sum(axis=0) / counts.sum()
    assert shares == pytest.approx([0.144, 0.144, 0.167, 0.306, 0.239], abs=5e-4)
    assert fleiss_kappa(fleiss_parts(counts).sum(axis=0)) == pytest.approx(0.430, abs=5e-4)


@pytest.mark.parametrize(
    ("distance", "expected"),
    [
        (nominal_distance(5), 0.743),
        (ordinal_distance, 0.815),
        (quadratic_distance(5), 0.849),
        (
            [[((a - b) / (a + b)) ** 2 for a in range(1, 6)] for b in range(1, 6)],
            0.797,
        ),
    ],
    ids=["nominal", "ordinal", "interval", "ratio"],
)
def test_krippendorff_alpha_is_what_was_published(distance, expected):
    data = np.array(RELIABILITY_DATA) - 1
    told = np.array(distance) if isinstance(distance, list) else distance
    assert alpha(data, 5, told) == pytest.approx(expected, abs=5e-4)


def test_alpha_of_two_observers_is_what_was_published():
    """Krippendorff 2011, section A: two observers, ten binary units; α is .095."""
    data = [[0, 1, 0, 0, 0, 0, 0, 0, 1, 0], [1, 1, 1, 0, 0, 1, 0, 0, 0, 0]]
    assert alpha(data, 2, nominal_distance(2)) == pytest.approx(0.095, abs=5e-4)


answers = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=2, max_size=40)
seeds = st.integers(0, 100_000)


def random_ratings(seed, n_reps=25, n_raters=4, missing_ratio=0.3):
    """Severities of raters who follow a common truth half of the time; reps by raters."""
    rng = np.random.default_rng(seed)
    truth = rng.integers(0, 4, (n_reps, 1))
    own = rng.integers(0, 4, (n_reps, n_raters))
    said = np.where(rng.random(own.shape) < 0.5, truth, own).astype(float)
    said[rng.random(own.shape) < missing_ratio] = NAN
    return said


@settings(deadline=None)
@given(pairs=answers)
def test_cohen_kappa_agrees_with_scikit_learn(pairs):
    first, second = np.array(pairs).T
    summed = pair_tables(first, second, 4).sum(axis=0)
    ways = {None: nominal_distance, "linear": linear_distance, "quadratic": quadratic_distance}
    for weights, distance in ways.items():
        found = cohen_kappa(summed, distance(4))
        if len({*first, *second}) == 1:
            assert np.isnan(found)
        else:
            expected = cohen_kappa_score(first, second, labels=range(4), weights=weights)
            assert found == pytest.approx(expected, abs=1e-12)


@settings(deadline=None)
@given(seed=seeds)
def test_alpha_agrees_with_the_package_krippendorff(seed):
    said = random_ratings(seed)
    for level, distance in (("nominal", nominal_distance(4)), ("ordinal", ordinal_distance)):
        expected = krippendorff.alpha(
            said.T, value_domain=[0.0, 1.0, 2.0, 3.0], level_of_measurement=level
        )
        assert alpha(said.T, 4, distance) == pytest.approx(expected, abs=1e-12)


@settings(deadline=None)
@given(seed=seeds)
def test_the_order_of_raters_and_reps_does_not_matter(seed):
    said = random_ratings(seed, missing_ratio=0.0)
    rng = np.random.default_rng(seed)
    moved = said[rng.permutation(len(said))][:, rng.permutation(said.shape[1])]
    for measure in (
        lambda r: alpha(r.T, 4, ordinal_distance),
        lambda r: fleiss_kappa(fleiss_parts(category_counts(r, 4)).sum(axis=0)),
    ):
        assert measure(moved) == pytest.approx(measure(said))


@settings(deadline=None)
@given(pairs=answers)
def test_swapping_the_raters_changes_nothing(pairs):
    first, second = np.array(pairs).T
    one, other = (pair_tables(*two, 4).sum(axis=0) for two in ((first, second), (second, first)))
    for distance in (nominal_distance(4), linear_distance(4), quadratic_distance(4)):
        swapped = cohen_kappa(other, distance)
        assert cohen_kappa(one, distance) == pytest.approx(swapped, nan_ok=True)
    assert pabak(one) == pytest.approx(pabak(other))


@settings(deadline=None)
@given(seed=seeds)
def test_names_of_categories_do_not_matter_to_nominal_statistics(seed):
    said = random_ratings(seed, missing_ratio=0.0)
    renamed = np.random.default_rng(seed).permutation(4)[said.astype(int)].astype(float)
    tables = [pair_tables(*r[:, :2].astype(int).T, 4).sum(axis=0) for r in (said, renamed)]
    for measure in (pabak, lambda t: cohen_kappa(t, nominal_distance(4))):
        assert measure(tables[1]) == pytest.approx(measure(tables[0]), nan_ok=True)
    assert alpha(renamed.T, 4, nominal_distance(4)) == pytest.approx(
        alpha(said.T, 4, nominal_distance(4))
    )


@settings(deadline=None)
@given(seed=seeds)
def test_ordinal_statistics_read_the_scale_from_either_end(seed):
    said = random_ratings(seed)
    turned = 3.0 - said
    assert alpha(turned.T, 4, ordinal_distance) == pytest.approx(alpha(said.T, 4, ordinal_distance))


def test_perfect_agreement_is_one_everywhere():
    said = np.tile(np.array([0.0, 1.0, 2.0, 3.0, 0.0])[:, np.newaxis], 3)
    summed = pair_tables(*said[:, :2].astype(int).T, 4).sum(axis=0)
    assert cohen_kappa(summed, nominal_distance(4)) == 1
    assert cohen_kappa(summed, quadratic_distance(4)) == 1
    assert pabak(summed) == 1
    assert fleiss_kappa(fleiss_parts(category_counts(said, 4)).sum(axis=0)) == 1
    assert alpha(said.T, 4, ordinal_distance) == 1


def test_one_category_alone_says_nothing_but_pabak():
    said = np.zeros((9, 3))
    summed = pair_tables(*said[:, :2].astype(int).T, 2).sum(axis=0)
    assert np.isnan(cohen_kappa(summed, nominal_distance(2)))
    assert np.isnan(fleiss_kappa(fleiss_parts(category_counts(said, 2)).sum(axis=0)))
    assert np.isnan(alpha(said.T, 2, nominal_distance(2)))
    assert pabak(summed) == 1


def test_without_reps_nothing_is_defined():
    nothing = np.zeros((2, 2))
    assert np.isnan(cohen_kappa(nothing, nominal_distance(2)))
    assert np.isnan(pabak(nothing))
    assert np.isnan(fleiss_kappa(np.zeros(4)))
    assert np.isnan(krippendorff_alpha(nothing, nominal_distance(2)))


def test_many_tables_at_once_are_each_table_alone():
    rng = np.random.default_rng(3)
    many = rng.integers(0, 9, (5, 7, 4, 4)).astype(float)
    found = cohen_kappa(many, linear_distance(4))
    assert found.shape == (5, 7)
    assert found[2, 3] == pytest.approx(cohen_kappa(many[2, 3], linear_distance(4)))


def test_the_mean_over_pairs_weighs_by_overlaps_and_leaves_the_undefined_out():
    kappa, n = np.array([0.2, 0.8, NAN]), np.array([30.0, 10.0, 50.0])
    assert mean_over_pairs(kappa, n) == pytest.approx(0.35)
    assert np.isnan(mean_over_pairs(np.array([NAN]), np.array([4.0])))
