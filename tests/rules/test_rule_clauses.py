"""Clauses: margins in limits, bands, and how what is unknown combines."""

import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labeler.rules.clauses import Clause, above, below
from labeler.rules.registry import State, Verdict
from labeler.rules.thresholds import load_limits

LIMIT = replace(load_limits()["torso_dip_first"]["coupling_q25_pp"], value=20.0, uncertainty=5.0)
NEGATIVE = replace(LIMIT, value=-100.0, uncertainty=10.0)
NUMBERS = st.one_of(st.just(math.nan), st.floats(-200, 200))


def test_clauses_score_their_margin_in_limits():
    """Reaching the limit is 0, twice it 1, also below and for negative limits."""
    assert above(LIMIT, 20.0, "{}").score == 0.0
    assert above(LIMIT, 40.0, "{}").score == 1.0
    assert below(NEGATIVE, -200.0, "{}").score == 1.0
    assert below(replace(LIMIT, value=0.8), 0.0, "{}").score == 1.0
    both = above(LIMIT, 40.0, "a {}") & above(LIMIT, 15.0, "b {}")
    assert both.score == -0.25
    assert both.words == "a 40.0 (limit 20 ± 5) and b 15.0 (limit 20 ± 5)"


@pytest.mark.parametrize(
    ("value", "state"),
    [
        (14.9, State.PASSED),
        (15.0, State.TOO_CLOSE),
        (20.0, State.TOO_CLOSE),
        (24.9, State.TOO_CLOSE),
        (25.0, State.FIRED),
    ],
)
def test_the_edges_of_the_band(value, state):
    """The band is closed below and open above: at its upper end the rule fires."""
    assert Verdict.any_of(above(LIMIT, value, "{}")).state is state
    assert Verdict.any_of(below(replace(LIMIT, value=-20.0), -value, "{}")).state is state


@pytest.mark.parametrize(("value", "state"), [(19.99, State.PASSED), (20.0, State.FIRED)])
def test_without_uncertainty_nothing_is_too_close(value, state):
    sharp = replace(LIMIT, uncertainty=0.0)
    assert Verdict.any_of(above(sharp, value, "{}")).state is state


@pytest.mark.parametrize("value", [-100.0, 20.0, 100.0])
def test_a_band_that_nobody_knows_is_never_taken_for_none(value):
    """Not for a pass either, alone or beside another that is well beyond its limit."""
    unknown = replace(LIMIT, uncertainty=math.nan)
    clause = above(unknown, value, "{:.0f}")
    assert Verdict.any_of(clause).state is State.TOO_CLOSE
    assert clause.words == f"{value:.0f} (limit 20 ± unknown)"
    assert Verdict.any_of(clause & above(LIMIT, 40.0, "{}")).state is State.TOO_CLOSE
    assert Verdict.any_of(above(unknown, 30.0, "{}", error=1.0)).state is State.FIRED


def test_the_error_of_a_value_replaces_the_stated_one():
    assert Verdict.any_of(above(LIMIT, 22.0, "{}", error=1.0)).state is State.FIRED
    assert Verdict.any_of(above(LIMIT, 22.0, "{}", error=3.0)).state is State.TOO_CLOSE
    assert "± 3)" in above(LIMIT, 22.0, "{}", error=3.0).words


@pytest.mark.parametrize(
    ("one", "other", "state"),
    [
        (40.0, 40.0, State.FIRED),
        (40.0, 10.0, State.PASSED),
        (40.0, 21.0, State.TOO_CLOSE),
        (21.0, 10.0, State.PASSED),
        (40.0, math.nan, State.NOT_APPLICABLE),
        (21.0, math.nan, State.NOT_APPLICABLE),
        (10.0, math.nan, State.PASSED),
        (math.nan, math.nan, State.NOT_APPLICABLE),
    ],
)
def test_both_conditions_of_a_pair(one, other, state):
    """One that fails settles it, one that is unknown leaves it open; the order does not matter."""
    for first, second in ((one, other), (other, one)):
        pair = above(LIMIT, first, "{}") & above(LIMIT, second, "{}")
        assert Verdict.any_of(pair).state is state


@pytest.mark.parametrize(
    ("one", "other", "state"),
    [
        (40.0, math.nan, State.FIRED),
        (21.0, math.nan, State.TOO_CLOSE),
        (10.0, math.nan, State.NOT_APPLICABLE),
        (10.0, 21.0, State.TOO_CLOSE),
        (10.0, 11.0, State.PASSED),
    ],
)
def test_either_of_two_clauses(one, other, state):
    """One that holds settles it; passed needs both."""
    for first, second in ((one, other), (other, one)):
        said = Verdict.any_of(above(LIMIT, first, "{}"), above(LIMIT, second, "{}"))
        assert said.state is state
        assert math.isnan(said.score) == (state is State.NOT_APPLICABLE)


def test_a_limit_that_is_not_used_never_holds():
    """Beside another clause it is as if it were not there; alone there is nothing to judge by."""
    off = above(replace(LIMIT, is_used=False), 99.0, "{}")
    assert Verdict.any_of(off, above(LIMIT, 10.0, "{}")).state is State.PASSED
    assert Verdict.any_of(off, above(LIMIT, math.nan, "{}")).state is State.NOT_APPLICABLE
    said = Verdict.any_of(off, off & above(LIMIT, 99.0, "{}"))
    assert (said.state, said.reason) == (
        State.NOT_APPLICABLE,
        "none of its limits counts for such a repetition",
    )


@given(st.lists(NUMBERS, min_size=1, max_size=4), st.floats(0, 50), st.floats(0, 50))
def test_more_uncertainty_never_turns_an_answer_round(values, narrow, wide):
    """It can only take an answer back: a wider band fires less, and passes less."""
    narrow, wide = sorted((narrow, wide))

    def state(band):
        limit = replace(LIMIT, uncertainty=band)
        return Verdict.any_of(*(above(limit, value, "{}") for value in values)).state

    first, second = state(narrow), state(wide)
    assert second is first or second in {State.TOO_CLOSE, State.NOT_APPLICABLE}


@given(NUMBERS, NUMBERS, NUMBERS)
def test_what_an_unknown_turns_out_to_be_never_contradicts_an_answer(one, other, later):
    """Kleene: an answer that is given in spite of an unknown holds whatever the unknown is."""

    def said(third):
        pair = above(LIMIT, other, "{}") & above(LIMIT, third, "{}")
        return Verdict.any_of(above(LIMIT, one, "{}"), pair).state

    if (before := said(math.nan)) in {State.FIRED, State.PASSED}:
        assert said(later) is before


def test_an_unknown_clause_may_be_anything():
    found = above(LIMIT, math.nan, "{}")
    assert isinstance(found, Clause)
    assert not found.is_known
    assert found.is_possible
    assert not found.holds


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (8.2, "8 % ahead (limit 20 ± 5)"),
        (-1.4, "1 % behind (limit 20 ± 5 ahead)"),
        (0.0, "0 % ahead (limit 20 ± 5)"),
    ],
)
def test_a_lead_has_a_side_and_no_sign(value, expected):
    """Also where the limit is negative: before is the limit's side."""
    words = "{:.0f} % {ahead|behind}"
    assert above(LIMIT, value, words).words == expected
    assert below(replace(LIMIT, value=-20.0), -value, words).words == expected


def test_a_share_is_told_in_per_cent_where_the_words_say_so():
    limit = load_limits()["hip_delay"]["hip_progress_quarter_ratio"]
    assert below(limit, 0.193, "{:.0f} % of it").words == "19 % of it (limit 5 ± 2)"
    assert below(limit, 0.193, "{:.2f} times").words == "0.19 times (limit 0.05 ± 0.02)"


def test_a_wide_band_is_no_power_of_ten():
    assert above(LIMIT, 30.0, "{:.0f}", error=121.4).words == "30 (limit 20 ± 120)"
