"""The pose thread: in order, with errors that surface, and gone when it should be."""

import threading

import numpy as np
import pytest
from support_poses import ScriptedEstimator, pose_at

from labeler.workflows.posing import WAITING_FRAMES, PoseThread

RGB = np.zeros((4, 4, 3), dtype=np.uint8)
N_FRAMES = 3 * WAITING_FRAMES


def pose_threads():
    return [thread for thread in threading.enumerate() if thread.name == "pose"]


def test_every_picture_is_tracked_once_in_order():
    script = [[pose_at(k / N_FRAMES)] for k in range(N_FRAMES)]
    estimator = ScriptedEstimator(script)
    with PoseThread(estimator) as thread:
        for k in range(N_FRAMES):
            thread.put(RGB, k / 30)
        assert thread.poses() == script
    assert estimator.seen_s == [k / 30 for k in range(N_FRAMES)]
    assert thread.busy_s > 0
    assert pose_threads() == []


@pytest.mark.parametrize("fails_at", [0, N_FRAMES - 1])
def test_an_error_of_the_network_surfaces(fails_at):
    """From `put` when there is time to notice, from `poses` at the latest; never a dead wait."""
    estimator = ScriptedEstimator([[]] * N_FRAMES, fails_at=fails_at)

    def run():
        with PoseThread(estimator) as thread:
            for k in range(N_FRAMES):
                thread.put(RGB, k / 30)
            thread.poses()

    with pytest.raises(RuntimeError, match="the network broke"):
        run()
    assert len(estimator.seen_s) == fails_at + 1
    assert pose_threads() == []


def test_leaving_early_stops_the_thread():
    """Ctrl-C in the decoding thread does not wait for the pictures that are queued."""
    is_entered, may_go_on = threading.Event(), threading.Event()

    class Slow(ScriptedEstimator):
        def track(self, rgb, at_s):
            is_entered.set()
            may_go_on.wait(10)
            return super().track(rgb, at_s)

    estimator = Slow([[]] * N_FRAMES)

    def run():
        with PoseThread(estimator) as thread:
            for _ in range(WAITING_FRAMES):
                thread.put(RGB, 0.0)
            is_entered.wait(10)
            threading.Timer(0.05, may_go_on.set).start()
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run()
    assert len(estimator.seen_s) == 1
    assert pose_threads() == []
