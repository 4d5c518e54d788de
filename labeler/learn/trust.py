"""What training leaves behind to judge one answer by: silence, likeness, and labelled repetitions.

The card takes the numbers; the repetitions lie beside the model in a file of plain arrays.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path

import numpy as np

from labeler.learn.card import ModelCard
from labeler.learn.conformal import Abstention, abstention_from
from labeler.learn.neighbours import MEMORY_FILE, Memory, memory_from
from labeler.learn.novelty import Novelty, novelty_from
from labeler.learn.table import LabeledTable

FIXED_BAND_LIMIT = "The low-confidence band is a fixed width"
"""How the limit begins that a card carries unless silence was measured."""


@dataclass(frozen=True, slots=True, eq=False)
class Trust:
    """When to keep silent, what is usual, and what is remembered."""

    abstention: Abstention
    novelty: Novelty
    memory: Memory

    def on(self, card: ModelCard) -> ModelCard:
        """The card with what it needs to judge one answer; not saved yet."""
        checksum = sha256(self.memory.to_bytes()).hexdigest()
        limits = (limit for limit in card.limits if not limit.startswith(FIXED_BAND_LIMIT))
        return replace(
            card,
            conformal=self.abstention.as_dict(),
            novelty={**self.novelty.as_dict(), "memory_sha256": checksum},
            limits=(*limits, self.abstention.words),
        )

    def write(self, folder: Path) -> None:
        """Write the memory beside a saved model."""
        (folder / MEMORY_FILE).write_bytes(self.memory.to_bytes())


def trust_from(
    table: LabeledTable, probabilities: Mapping[str, float], *, threshold: float
) -> Trust:
    """What can be said of answers, from the table that a model was trained on.

    Parameters
    ----------
    probabilities : Mapping[str, float]
        By rep id, each from a model that had not seen its athlete; NaN where there is none.
    """
    said = np.array([probabilities.get(rep_id, np.nan) for rep_id in table.rep_ids])
    silence = abstention_from(
        table.y, said, table.group, threshold=threshold, has_athletes=table.n_athletes > 1
    )
    usual = novelty_from(table)
    return Trust(silence, usual, memory_from(table, usual))
