"""Measures of a body: known answers, and what they do not depend on."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support_poses import BODY_M, standing_m, stunted

from labeler.core.landmarks import Landmark
from labeler.pose.body import (
    body_length,
    centre,
    has_human_limbs,
    limb_length,
    trunk_length,
)


def test_known_lengths():
    world = standing_m()
    assert trunk_length(world) == pytest.approx(0.50)
    assert limb_length(world, "thigh") == pytest.approx(0.42)
    assert limb_length(world, "forearm") == pytest.approx(np.hypot(0.01, 0.25))
    assert body_length(world) == pytest.approx(BODY_M)
    np.testing.assert_allclose(centre(world), (0, -0.25, 0), atol=1e-12)


def test_the_longer_looking_side_counts():
    world = standing_m()
    world[Landmark.LEFT_KNEE] = world[Landmark.LEFT_HIP]
    assert limb_length(world, "thigh") == pytest.approx(0.42)


@given(st.floats(0.1, 10), st.floats(-3.1, 3.1), st.tuples(*[st.floats(-5, 5)] * 3))
def test_limbs_are_human_whatever_the_size_place_and_direction(scale, turn, shift):
    turned = np.array(
        [[np.cos(turn), 0, np.sin(turn)], [0, 1, 0], [-np.sin(turn), 0, np.cos(turn)]]
    )
    assert has_human_limbs(scale * standing_m() @ turned.T + np.array(shift))


def test_limbs_that_are_none():
    unknown = np.full_like(standing_m(), np.nan)
    many = np.stack([standing_m(), stunted(), unknown, np.zeros_like(unknown)])
    assert has_human_limbs(many).tolist() == [True, False, False, True]
