"""How a rater watches repetitions is remembered, and nonsense is refused."""

import pytest

from labeler.core.errors import UsageError
from labeler.store.dataset import Dataset
from labeler.workflows.looping import LoopWish, keep_loop, loop_of, parse_loop


def test_a_loop_is_usual_until_told_and_kept_across_a_restart(tmp_path):
    with Dataset.open(tmp_path / "data") as dataset:
        assert loop_of(dataset, "anna") == LoopWish(False, 0.25, 0.5)
        keep_loop(dataset, "anna", LoopWish(True, 0.5, 1.0))
    with Dataset.open(tmp_path / "data", create=False) as dataset:
        assert loop_of(dataset, "anna") == LoopWish(True, 0.5, 1.0)
        assert loop_of(dataset, "ben") == LoopWish()


@pytest.mark.parametrize(
    ("told", "name"),
    [
        ("on", "loop"),
        ({"speed_ratio": 0}, "speed_ratio"),
        ({"speed_ratio": "fast"}, "speed_ratio"),
        ({"margin_s": -1}, "margin_s"),
        ({"margin_s": float("nan")}, "margin_s"),
        ({"margin_s": True}, "margin_s"),
    ],
)
def test_what_is_no_loop_is_refused(told, name):
    with pytest.raises(UsageError, match=f"{name}: expected"):
        parse_loop(told)
