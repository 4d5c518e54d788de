"""Names are written in one way."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labeler.core.names import tidy_name


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (" A01\n", "A01"),
        ("Anna\t  Maria", "Anna Maria"),
        ("Ju\u0308rgen", "J\u00fcrgen"),
        ("a\x00 \x07b", "a b"),
        (" \n", ""),
        ("深蹲", "深蹲"),
    ],
)
def test_spellings_that_look_the_same_become_one(typed, kept):
    assert tidy_name(typed) == kept


@given(st.text())
def test_a_tidy_name_stays_as_it_is(text):
    assert tidy_name(tidy_name(text)) == tidy_name(text)
