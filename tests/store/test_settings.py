"""What raters set up for themselves: one value per name, kept for good."""

import pytest

from labeler.core.errors import StoreError
from labeler.store.dataset import Dataset


def test_the_newest_value_is_kept_across_a_restart(empty, folder):
    for value in ({"loop": ["K"]}, {"loop": ["Shift K"], "größer": [1, 2.5]}):
        empty.settings.put("Änne", "keys", value)
    with Dataset.open(folder, create=False) as again:
        assert again.settings.get("Änne", "keys") == value


def test_raters_and_names_are_kept_apart(empty):
    empty.settings.put("anna", "keys", {"a": 1})
    empty.settings.put("anna", "loop", {})
    assert empty.settings.get("anna", "keys") == {"a": 1}
    assert empty.settings.get("anna", "loop") == {}
    assert empty.settings.get("ben", "keys") is None


def test_nobodys_settings_are_refused(empty):
    with pytest.raises(StoreError, match="rater: expected a name"):
        empty.settings.put(" ", "keys", {})
