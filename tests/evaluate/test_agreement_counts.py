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
"""Cohen 1968, Psychol Bull 70:213, Table 1: three psychiatric diagnoses of 200 cases.

Read in the example of R's `psych::cohen.kappa`, which says of it that Cohen reports .492, .348 and
(with `GRAVITY_ONE_SIDED`) .353, and in the data set `diagnosis_agreement` of R's package DMAR.
"""

GRAVITY_COHEN = [[0, 1, 3], [1, 0, 6], [3, 6, 0]]
"""The weights of disagreement that Cohen's 1968 table prints."""

GRAVITY_ONE_SIDED = [[0, 1, 4], [1, 0, 6], [2, 2, 0]]
"""His second set, in which it matters who of the two said what."""

MAMMOGRAMS = [[21, 12, 0, 0], [4, 17, 1, 0], [3, 9, 15, 2], [0, 0, 0, 1]]
"""Boyd et al. 1982, JNCI 68:357, two radiologists, 85 xeromammograms, as in Altman 1991, Practical
Statistics for Medical Research, Table 14.2: κ 0.47, weighted 0.57. Stata prints 0.4728 for it."""

ALLERGIES = [
    [86, 3, 14, 0, 2],
    [26, 0, 10, 4, 0],
    [20, 2, 22, 4, 1],
    [11, 1, 37, 16, 14],
    [3, 0, 15, 24, 48],
]
"""Brostoff et al. 1984, two tests of 363 sera (Altman 1991, Table 14.3): κ 0.32, weighted 0.56."""

SEX_RECORDED = [[118, 1], [1, 63]]
"""Bland, Clinical measurement (University of York), week 4: two observers record the sex of 183
students; κ as printed by SPSS 16 (0.976) and by Stata's `kap` (0.9760)."""

DIAGNOSES_FLEISS = """
00060 03003 01401 00006 03030 20400 00402 20310 20040 00006 10050 11040 03300 10050 02031
00501 30012 51000 02040 10203 00006 01050 02013 20040 10041 05010 40002 02040 10500 00006
"""
"""Fleiss 1971, Psychol Bull 76:378, Table 1: diagnoses by six raters of 30 subjects; κ .430.

Compared cell by cell with the data set `diagnoses` of R's package irr and the example of
`DMAR::fleiss_kappa`.
"""

RELIABILITY_DATA = [
    [1, 2, 3, 3, 2, 1, 4, 1, 2, NAN, NAN, NAN],
    [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, NAN, 3],
    [NAN, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, NAN],
    [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, NAN],
]
"""Krippendorff 2011, Computing Krippendorff's alpha-reliability, sections C and D: four observers,
twelve units; α nominal .743, ordinal .815, interval .849, ratio .797. The data and first three are
those of R's `irr::kripp.alpha` too."""


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
        (DIAGNOSES_COHEN, table(GRAVITY_ONE_SIDED), 0.353),
        (MAMMOGRAMS, nominal_distance(4), 0.473),
        (SEX_RECORDED, nominal_distance(2), 0.976),
    ],
    ids=["Cohen", "Cohen 1968", "Cohen 1968, one-sided", "Boyd", "Bland"],
)
def test_cohen_kappa_is_what_was_published(rows, distance, expected):
    assert cohen_kappa(table(rows), distance) == pytest.approx(expected, abs=5e-4)


@pytest.mark.parametrize(
    ("rows", "plain", "weighted"),
    [(MAMMOGRAMS, 0.47, 0.57), (ALLERGIES, 0.32, 0.56)],
    ids=["Table 14.2", "Table 14.3"],
)
def test_linear_weights_are_those_of_the_textbook(rows, plain, weighted):
    """Altman 1991, chapter 14.3, which prints two decimals; scikit-learn holds the others.

    No published table with quadratic weights could be looked up: they rest on scikit-learn alone.
    """
    n = len(rows)
    assert cohen_kappa(table(rows), nominal_distance(n)) == pytest.approx(plain, abs=5e-3)
    assert cohen_kappa(table(rows), linear_distance(n)) == pytest.approx(weighted, abs=5e-3)


@pytest.mark.parametrize(
    ("rows", "kappa", "adjusted"),
    [
        ([[40, 9], [6, 45]], 0.70, 0.70),
        ([[80, 10], [5, 5]], 0.32, 0.70),
        ([[40, 10], [10, 40]], 0.60, 0.60),
        ([[70, 10], [10, 10]], 0.38, 0.60),
    ],
    ids=["Feinstein, even", "Feinstein, rare", "Altman, even", "Altman, rare"],
)
def test_pabak_stays_where_prevalence_lowers_kappa(rows, kappa, adjusted):
    """κ as printed for pairs of tables with the same share of agreement.

    Feinstein & Cicchetti 1990, J Clin Epidemiol 43:543, in Gerstman, Epidemiology Kept Simple,
    Table 10.6; Altman 1991, Table 14.4. PABAK is 2 p - 1 of that share (Byrt, Bishop & Carlin
    1993, J Clin Epidemiol 46:423); the worked tables of their own paper could not be looked up.
    """
    found = cohen_kappa(table(rows), nominal_distance(2))
    assert found == pytest.approx(kappa, abs=5.001e-3)  # 0.375 is printed as 0.38
    assert pabak(table(rows)) == pytest.approx(adjusted, abs=5e-4)


def test_pabak_where_kappa_has_nothing_left_to_say():
    """Made up: 95 of 100 agree, none on *present*."""
    rows = table([[95, 4], [1, 0]])
    assert pabak(rows) == pytest.approx(2 * 0.95 - 1)
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


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (["0100000010", "1110010000"], 0.095),
        (["001132224330", "101112224333"], 0.692),
    ],
    ids=["section A", "section B"],
)
def test_alpha_of_two_observers_is_what_was_published(data, expected):
    """Krippendorff 2011: two observers, ten binary units, and twelve units in five categories."""
    said = [[int(value) for value in line] for line in data]
    n_categories = 1 + max(max(line) for line in said)
    found = alpha(said, n_categories, nominal_distance(n_categories))
    assert found == pytest.approx(expected, abs=5e-4)


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
