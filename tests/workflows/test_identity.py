"""A dataset is called the same for ever, and no two are called the same."""

from support_datasets import new_dataset

from labeler.store.dataset import Dataset
from labeler.workflows.identity import identity_of


def test_a_dataset_keeps_its_id_and_another_has_another(tmp_path):
    with new_dataset(tmp_path / "one") as one, new_dataset(tmp_path / "two") as two:
        first = identity_of(one)
        assert identity_of(one) == first != identity_of(two)
    with Dataset.open(tmp_path / "one" / "dataset", create=False) as again:
        assert identity_of(again) == first


def test_two_who_ask_at_once_for_the_first_time_hear_the_same_id(dataset, monkeypatch):
    """Else what the second browser keeps would belong to a dataset that there never was again."""
    get, asked = dataset.settings.get, []

    def late(*what):
        """Both have looked before either has given an id."""
        if not asked:
            asked.append(None)
            asked.append(identity_of(dataset))
            return None
        return get(*what)

    monkeypatch.setattr(dataset.settings, "get", late)
    assert identity_of(dataset) == asked[1]
    assert identity_of(dataset) == asked[1]
