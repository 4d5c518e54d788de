"""Whom scores are about: the athletes, or the sets of the only one."""

from labeler.core.arrays import AnyArray
from labeler.learn.table import LabeledTable


def people(table: LabeledTable) -> AnyArray:
    """Who moved in each rep, or which set it is of where one athlete did: `group_word` by name.

    Intervals resample these and the worst is one of them, whatever else folds hold together.
    """
    return table.athlete if table.n_athletes > 1 else table.set_id
