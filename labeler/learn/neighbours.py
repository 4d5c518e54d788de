"""The labelled repetitions that are most like one: kept beside the model as plain numbers.

A file of arrays runs no code when it is opened. Its checksum stands in the card, which is signed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from labeler.core.arrays import AnyArray, BoolArray, FloatArray, IntArray
from labeler.features.series import RepSeries
from labeler.learn.artifact import athlete_digest
from labeler.learn.novelty import Novelty
from labeler.learn.table import UNKNOWN_ATHLETE, LabeledTable, told

MEMORY_FILE = "memory.npz"

N_NEIGHBOURS = 3

MIN_SHARED_RATIO = 0.5
"""Share of the features measured in the one repetition that the other must have too: else they are
alike in what little both have."""

N_COURSE_POINTS = 21
"""Points that are kept of a usual course: every fifth of a hundred and one."""


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A labelled repetition that is like another.

    Parameters
    ----------
    is_present : bool
        What people answered when the model was trained.
    distance : float
        Root mean square over the features that both have, in spreads of training.
    is_same_athlete : bool
        Whether it is of the same person; not where either was not named.
    """

    rep_id: str
    is_present: bool
    distance: float
    is_same_athlete: bool


@dataclass(frozen=True, slots=True, eq=False)
class Memory:
    """What a model learned from, as far as one answer can be held against it.

    Parameters
    ----------
    rep_ids, movements, athletes : AnyArray
        Shape (n_reps,), text; an athlete is a digest, empty where unknown.
    y : IntArray
        1 where the fault is present.
    steps : FloatArray
        Shape (n_reps, n_features): features in spreads from the median of training.
    channels : AnyArray
        Names of courses.
    courses : FloatArray
        Shape (n_channels, `N_COURSE_POINTS`): the median of the repetitions without the fault.
    """

    rep_ids: AnyArray
    movements: AnyArray
    athletes: AnyArray
    y: IntArray
    steps: FloatArray
    channels: AnyArray
    courses: FloatArray

    def to_bytes(self) -> bytes:
        """The file; the same memory gives the same bytes."""
        kept = BytesIO()
        np.savez(
            kept,
            rep_ids=self.rep_ids,
            movements=self.movements,
            athletes=self.athletes,
            y=self.y.astype(np.int8),
            steps=self.steps.astype(np.float16),
            channels=self.channels,
            courses=self.courses.astype(np.float32),
        )
        return kept.getvalue()

    def nearest(
        self, steps: FloatArray, *, rep_id: str, movement: str | None, athlete: str | None
    ) -> list[Neighbour]:
        """The labelled repetitions most like one, of other athletes first.

        Those of the same movement alone, and never itself.

        Parameters
        ----------
        steps : FloatArray
            Its features, shape (n_features,): see `Novelty.steps`.
        """
        who = "" if athlete is None else athlete_digest(athlete)
        is_same = (self.athletes == who) & (who != "")
        away = np.where(self._is_asked(rep_id, movement), self._distance(steps), np.inf)
        order = np.lexsort((away, is_same))
        chosen = [n for n in order if np.isfinite(away[n])][:N_NEIGHBOURS]
        return [
            Neighbour(str(self.rep_ids[n]), bool(self.y[n]), float(away[n]), bool(is_same[n]))
            for n in chosen
        ]

    def usual_courses(self, names: Sequence[str], n_points: int) -> FloatArray:
        """The median courses without the fault, shape (n_channels, n_points); NaN if unknown."""
        known = dict(zip(map(str, self.channels), self.courses, strict=True))
        missing = np.full(N_COURSE_POINTS, np.nan)
        at, kept = (np.linspace(0.0, 1.0, n) for n in (n_points, N_COURSE_POINTS))
        found = [np.interp(at, kept, known.get(name, missing)) for name in names]
        return np.array(found).reshape(len(names), n_points)

    def _is_asked(self, rep_id: str, movement: str | None) -> BoolArray:
        is_asked: BoolArray = (self.rep_ids != rep_id) & (self.movements == (movement or ""))
        return is_asked

    def _distance(self, steps: FloatArray) -> FloatArray:
        """To each labelled repetition; infinite where they share too little."""
        apart = self.steps - steps
        is_shared = np.isfinite(apart)
        n_shared = is_shared.sum(axis=1)
        total = (np.where(is_shared, apart, 0.0) ** 2).sum(axis=1)
        mean = np.divide(total, n_shared, out=np.full(len(total), np.inf), where=n_shared > 0)
        is_enough = n_shared >= MIN_SHARED_RATIO * np.isfinite(steps).sum()
        return np.where(is_enough, np.sqrt(mean), np.inf)


def memory_from(table: LabeledTable, usual: Novelty) -> Memory:
    """What is kept of a table that a model is trained on."""
    channels, courses = _courses(table)
    return Memory(
        np.array(table.rep_ids, dtype=str),
        np.array([told(one) or "" for one in table.meta["movement"]], dtype=str),
        np.array([_digest(one) for one in table.athlete], dtype=str),
        table.y,
        usual.steps(table.features),
        np.array(channels, dtype=str),
        courses,
    )


def read_memory(folder: Path, card_says: Mapping[str, Any] | None) -> Memory | None:
    """The memory beside a model; None where there is none, or it is not the one of its card."""
    file = folder / MEMORY_FILE
    wanted = (card_says or {}).get("memory_sha256")
    if wanted is None or not file.is_file():
        return None
    content = file.read_bytes()
    if sha256(content).hexdigest() != wanted:
        return None
    with np.load(BytesIO(content), allow_pickle=False) as kept:
        arrays = {name: kept[name] for name in kept.files}
    return Memory(
        arrays["rep_ids"],
        arrays["movements"],
        arrays["athletes"],
        arrays["y"].astype(np.int64),
        arrays["steps"].astype(np.float64),
        arrays["channels"],
        arrays["courses"].astype(np.float64),
    )


def nearest_to(memory: Memory, usual: Novelty, features: pd.DataFrame) -> list[list[Neighbour]]:
    """Per row of a feature table the labelled repetitions that are most like it."""
    steps = usual.steps(features)
    asked = zip(steps, features.index, features["movement"], features["athlete"], strict=True)
    return [
        memory.nearest(row, rep_id=str(rep_id), movement=told(movement), athlete=told(athlete))
        for row, rep_id, movement, athlete in asked
    ]


def _digest(athlete: object) -> str:
    return "" if athlete == UNKNOWN_ATHLETE else athlete_digest(str(athlete))


def _courses(table: LabeledTable) -> tuple[tuple[str, ...], FloatArray]:
    """Median courses of the repetitions without the fault, by channel, at few points."""
    if table.series is None:
        return (), np.empty((0, N_COURSE_POINTS))
    absent: RepSeries = table.series.take(table.y == 0)
    n_points = absent.values.shape[2]
    places = np.linspace(0, n_points - 1, N_COURSE_POINTS).round().astype(int)
    values = absent.values[:, :, places].astype(np.float64)
    is_known = np.isfinite(values).any(axis=0)
    middle = np.full(values.shape[1:], np.nan)
    if is_known.any():
        middle[is_known] = np.nanmedian(values[:, is_known], axis=0)
    return absent.names, middle
