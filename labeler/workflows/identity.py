"""What a dataset is called, wherever its folder lies and at whatever address it is served."""

from uuid import uuid4

from labeler.core.label import MACHINE
from labeler.store.dataset import Dataset

SETTING = "dataset_id"


def identity_of(dataset: Dataset) -> str:
    """A dataset's own id, given when it is first asked for; a copied folder keeps it.

    A browser keeps what it could not deliver under this id, because another dataset may be served
    at the same address later and would refuse what is not its own.
    """
    known = dataset.settings.get(MACHINE, SETTING)
    return str(known or dataset.settings.once(MACHINE, SETTING, uuid4().hex))
