"""What a rater has switched on is remembered, and nonsense is refused."""

import pytest

from labeler.core.errors import UsageError
from labeler.store.dataset import Dataset
from labeler.workflows.keys import USUAL_KEYS
from labeler.workflows.overlays import (
    OVERLAYS,
    OverlayWish,
    keep_overlays,
    overlays_of,
    parse_overlays,
    switched,
)


def test_overlays_are_usual_until_told_and_kept_across_a_restart(tmp_path):
    wish = OverlayWish(pose=False, trails=True)
    with Dataset.open(tmp_path / "data") as dataset:
        assert overlays_of(dataset, "anna") == OverlayWish()
        keep_overlays(dataset, "anna", wish)
    with Dataset.open(tmp_path / "data", create=False) as dataset:
        assert overlays_of(dataset, "anna") == wish
        assert overlays_of(dataset, "ben") == OverlayWish()


def test_every_overlay_has_the_name_of_its_action():
    assert set(OVERLAYS) <= set(USUAL_KEYS)


def test_some_are_switched_and_the_others_stay():
    wish = switched(OverlayWish(lines=True), on=("trails", "zoom"), off=("zoom", "charts"))
    assert wish == OverlayWish(lines=True, trails=True, zoom=False, charts=False)


def test_what_a_later_version_knows_is_left_out():
    assert parse_overlays({"trails": True, "halo": True}) == OverlayWish(trails=True)


@pytest.mark.parametrize(
    ("told", "words"),
    [("on", "overlays: expected an object"), ({"pose": "yes"}, "pose: expected true or false")],
)
def test_what_is_no_wish_is_refused(told, words):
    with pytest.raises(UsageError, match=words):
        parse_overlays(told)


def test_an_overlay_that_is_not_there_is_named():
    with pytest.raises(UsageError, match="got 'halo'"):
        switched(OverlayWish(), on=("halo",), off=())
