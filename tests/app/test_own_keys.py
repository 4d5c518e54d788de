"""A rater's wishes between the player and the dataset: kept, or refused in words."""

import pytest

from labeler.app.pages import own_keys
from labeler.app.player.component import Told
from labeler.core.errors import UsageError
from labeler.store.dataset import Dataset
from labeler.workflows.keys import USUAL_KEYS
from labeler.workflows.looping import LoopWish
from labeler.workflows.overlays import OverlayWish


@pytest.fixture
def dataset(tmp_path, monkeypatch):
    monkeypatch.setattr(own_keys.st, "session_state", {})
    with Dataset.open(tmp_path / "data") as opened:
        yield opened


def test_a_key_is_changed_said_once_and_reset(dataset):
    own_keys.change_key(dataset, "Ann", {"action": "loop", "place": 0, "key": "K"})
    wishes = own_keys.wishes(dataset, "Ann")
    assert wishes.keys["loop"] == ("K",)
    assert wishes.told == Told(1, "Loop the repetition: K. Stop: Shift L.")
    own_keys.change_key(dataset, "Ann", {"reset": True})
    wishes = own_keys.wishes(dataset, "Ann")
    assert wishes.keys == USUAL_KEYS
    assert (wishes.told.n, wishes.told.is_refused) == (2, False)


@pytest.mark.parametrize("wish", [{}, {"action": "loop", "key": "?", "place": -1}, {"key": "K"}])
def test_a_wish_that_cannot_be_is_told_and_changes_nothing(dataset, wish):
    own_keys.change_key(dataset, "Ann", wish)
    wishes = own_keys.wishes(dataset, "Ann")
    assert wishes.told.is_refused
    assert wishes.keys == USUAL_KEYS


def test_a_loop_is_kept_for_whoever_told_it(dataset):
    told = {"rater": "Ben", "is_on": True, "speed_ratio": 0.5, "margin_s": 0}
    own_keys.change_loop(dataset, told)
    assert own_keys.wishes(dataset, "Ben").loop == LoopWish(True, 0.5, 0.0)
    assert own_keys.wishes(dataset, "Ann").loop == LoopWish()
    with pytest.raises(UsageError, match="margin_s"):
        own_keys.change_loop(dataset, told | {"margin_s": 99})


def test_overlays_are_kept_for_whoever_told_them(dataset):
    own_keys.change_overlays(dataset, {"rater": "Ben", "trails": True, "charts": False})
    assert own_keys.wishes(dataset, "Ben").overlays == OverlayWish(trails=True, charts=False)
    assert own_keys.wishes(dataset, "Ann").overlays == OverlayWish()
