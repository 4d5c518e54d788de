"""Whether the guided tour is shown: on the demo until it is closed, elsewhere when asked for."""

from labeler.core.label import MACHINE
from labeler.store.dataset import Dataset
from labeler.workflows.demo.making import is_demo

SETTING = "tour"


def is_touring(dataset: Dataset) -> bool:
    """Whether to show the tour; who looks does not matter, for at first nobody has a name."""
    wish = dataset.settings.get(MACHINE, SETTING)
    return is_demo(dataset) if wish is None else bool(wish)


def keep_tour(dataset: Dataset, *, is_on: bool) -> None:
    """Remember that the tour was closed, or asked for."""
    dataset.settings.put(MACHINE, SETTING, is_on)
