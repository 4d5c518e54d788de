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
