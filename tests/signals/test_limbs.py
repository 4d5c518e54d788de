"""What hands and feet do, told in leg lengths."""

import numpy as np
import pytest
import support_bodies as bodies

from labeler.core.clip import View
from labeler.core.landmarks import Landmark
from labeler.signals.compute import compute_signals

WRISTS = (Landmark.LEFT_WRIST, Landmark.RIGHT_WRIST)
ANKLES = (Landmark.LEFT_ANKLE, Landmark.RIGHT_ANKLE)


def standing(n_frames=60):
    """A body at rest for two seconds."""
    times = bodies.steady_times(n_frames / 30.0, 30.0)
    straight = np.zeros(n_frames)
    return bodies.side_body(times, trunk_deg=straight, thigh_deg=straight)


def legs_of(track):
    """Its leg length in pixels, and how high its ankle is."""
    hip, knee, ankle = (
        track.xy_px[0, Landmark[f"RIGHT_{name}"]] for name in ("HIP", "KNEE", "ANKLE")
    )
    return float(np.linalg.norm(hip - knee) + np.linalg.norm(knee - ankle)), ankle


def signals_of(track):
    return compute_signals(track, view=View.SIDE, lowpass_hz=4.0)


@pytest.mark.parametrize("unseen", [None, 0, 1], ids=["both", "right alone", "left alone"])
def test_the_lower_wrist_that_is_seen(unseen):
    """One hand half a leg up, the other at the hips: the lower one is told, if it is seen."""
    track = standing()
    legs_px, ankle = legs_of(track)
    for wrist, up_legs in zip(WRISTS, (0.5, 1.0), strict=True):
        track.xy_px[:, wrist] = ankle - [0.0, up_legs * legs_px]
        track.visibility[:, wrist] = 1.0
    if unseen is not None:
        track.visibility[:, WRISTS[unseen]] = 0.0
    found = signals_of(track)["wrist_height_legs"]
    assert found == pytest.approx(1.0 if unseen == 0 else 0.5, abs=1e-6)


def test_hands_that_are_never_seen_are_nowhere():
    """Missing is NaN, never the floor."""
    track = standing()
    track.visibility[:, WRISTS] = 0.0
    assert np.isnan(signals_of(track)["wrist_height_legs"]).all()


def test_feet_off_their_usual_place():
    """A body that stands a leg to the side for the last third of the clip."""
    track = standing(90)
    legs_px, _ankle = legs_of(track)
    track.xy_px[60:, :, 0] += legs_px
    off = signals_of(track)["feet_off_legs"]
    assert off[:50] == pytest.approx(0.0, abs=0.01)
    assert off[70:] == pytest.approx(1.0, abs=0.01)
