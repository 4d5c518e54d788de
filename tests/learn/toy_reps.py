"""Made-up reps in which one feature carries the fault, as a feature table and answers about it."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from labeler.catalog.loader import load_catalog
from labeler.core.label import Answer, FaultId, Label
from labeler.core.rep import RepId
from labeler.learn.table import LabeledTable, labeled_table

FAULT = load_catalog().fault("back_rounding")


def toy_features(
    *, athletes: Sequence[str | None], n_reps: int = 8, view: str | None = "side", seed: int = 0
) -> pd.DataFrame:
    """Reps of one clip per athlete; odd reps have the fault, seen in `trunk_incl_max_deg`."""
    rng = np.random.default_rng(seed)
    rows = []
    for n_clip, athlete in enumerate(athletes):
        for number in range(1, n_reps + 1):
            has_fault = number % 2
            rows.append(
                {
                    "rep_id": f"{n_clip:012x}-{number}",
                    "clip_id": f"{n_clip:064x}",
                    "athlete": athlete,
                    "movement": "deadlift",
                    "view": view,
                    "session": None,
                    "rep_index": number,
                    "quality": "good",
                    "trunk_incl_max_deg": 40 + 20 * has_fault + rng.normal(0, 4),
                    "knee_angle_min_deg": 90 + rng.normal(0, 10),
                    "lateral_bend_max_deg": np.nan,
                    "median_fps": 30.0,
                }
            )
    return pd.DataFrame(rows).set_index("rep_id")


def answer(rep_id: str, value: str, *, rater: str = "Kim", fault: str = FAULT.id) -> Label:
    """One answer in force."""
    return Label(RepId(rep_id), FaultId(fault), rater, Answer(value), "2026-01-01T00:00:00.000Z")


def toy_labels(features: pd.DataFrame) -> list[Label]:
    """The right answer about every rep: odd reps are clear (2), even ones absent (0)."""
    odd = features["rep_index"] % 2
    return [answer(rep, "2" if is_odd else "0") for rep, is_odd in odd.items()]


def toy_table(
    *, athletes: Sequence[str | None] = tuple("ABCDEF"), n_reps: int = 8, seed: int = 0
) -> LabeledTable:
    """Features and right answers, joined."""
    features = toy_features(athletes=athletes, n_reps=n_reps, seed=seed)
    return labeled_table(features, toy_labels(features), fault=FAULT)
