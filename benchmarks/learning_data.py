"""UI-PRMD as a coach would have it in a dataset: poses brought in, cut, answered.

Nothing here is special: every repetition is a file that `labeler import-pose` reads, the machine
cuts it, a person cuts anew what it did not find as one repetition, one rater answers a fault of the
dataset's own catalogue, and the features are those of every other clip.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pandas as pd
from truth_data import Episode, episodes, whole_rep

from labeler.catalog.own import OWN_CATALOG
from labeler.core.clip import Clip, ClipTags, View
from labeler.core.label import FaultId, Label
from labeler.features.series import RepSeries
from labeler.learn.table import LabeledTable, labeled_table
from labeler.rules.registry import State
from labeler.rules.thresholds import load_rulebook
from labeler.store.dataset import Dataset
from labeler.workflows.cataloguing import checked_catalog
from labeler.workflows.cutting import add_rep, delete_rep
from labeler.workflows.deriving import learned_from, movement_of, rules_on, signals_of
from labeler.workflows.importing_poses import PoseOptions, import_poses
from labeler.workflows.labeling import answer_fault

MOVEMENTS = ("deep_squat", "sit_to_stand")
SYSTEMS = ("vicon", "kinect")

FAULT = FaultId("done_wrongly")
OWN_FAULT = f"""\
[{FAULT}]
name = "Done wrongly"
movements = ["squat"]
views = ["side", "45", "front", "rear"]
"""
"""What the athletes were told to do: correctly, or not. No fault of the package means that."""

VIEW = View.OBLIQUE
"""Where the camera stands that the joints are seen by: the one place from which the catalogue says
that both the lean of the trunk and the turn of the body are seen. The assessment films from there
too."""

RATER, WRONG, RIGHT = "protocol", "2", "0"


@dataclass(frozen=True, eq=False)
class Material:
    """One movement seen by one system: what a model learns from, and what the rules say."""

    movement: str
    system: str
    table: LabeledTable
    rules: pd.DataFrame
    features: pd.DataFrame
    series: RepSeries
    labels: tuple[Label, ...]
    n_cut_by_hand: int = 0

    @property
    def name(self) -> str:
        """As it stands in keys."""
        return f"{self.movement}_{self.system}"

    def answered(self, labels: Sequence[Label]) -> LabeledTable:
        """The same repetitions with other answers."""
        return labeled_table(self.features, labels, fault=self.table.fault, series=self.series)


def material(movement: str, system: str, *, view: View = VIEW) -> Material:
    """Bring it in, and take from the dataset what training takes from it."""
    with _dataset() as dataset:
        n_by_hand = sum(_brought_in(dataset, one, view=view) for one in _files(movement, system))
        catalog = checked_catalog(dataset)
        features, series = learned_from(dataset)
        labels = tuple(dataset.journal.answers())
        table = labeled_table(features, labels, fault=catalog.fault(FAULT), series=series)
        rules = any_rule(rules_on(features, load_rulebook(dataset.folder), catalog))
    return Material(movement, system, table, rules, features, series, labels, n_by_hand)


def any_rule(rules: pd.DataFrame) -> pd.DataFrame:
    """All rules as one: it fires where one fires, and passes where one passes and none fires.

    Its score is that of the rule that is furthest beyond its limit.
    """
    rows = []
    for rep_id, said in rules.groupby("rep_id", sort=False):
        states = set(said["state"])
        first = (State.FIRED, State.PASSED, State.TOO_CLOSE, State.NOT_APPLICABLE)
        state = next(one for one in first if one in states)
        rows.append((rep_id, str(FAULT), state.value, said["score"].max(), said["version"].iloc[0]))
    return pd.DataFrame(rows, columns=["rep_id", "fault", "state", "score", "version"])


@contextmanager
def _dataset() -> Iterator[Dataset]:
    """A dataset for a moment, with a fault of its own."""
    with TemporaryDirectory() as folder, Dataset.open(Path(folder) / "dataset") as dataset:
        (dataset.folder / OWN_CATALOG).write_text(OWN_FAULT, encoding="utf-8")
        yield dataset


@dataclass(frozen=True, eq=False)
class _File:
    """One repetition in a file."""

    path: Path
    told: Episode


def _files(movement: str, system: str) -> Iterator[_File]:
    with TemporaryDirectory() as folder:
        for number, one in enumerate(episodes(movement, system)):
            path = Path(folder) / f"{number:03}.npz"
            np.savez(path, points=one.points, positions_m=one.positions_m, fps=one.fps)
            yield _File(path, one)


def _brought_in(dataset: Dataset, one: _File, *, view: View) -> bool:
    """Import, cut and answer one repetition; whether a person had to cut it."""
    athlete = f"S{one.told.subject:02}"
    tags = ClipTags(athlete=athlete, movement="squat", view=view, session=athlete)
    (result,) = import_poses([one.path], dataset, tags=tags, options=PoseOptions())
    clip = dataset.clips.get(str(result.clip))
    is_by_hand = result.n_reps != 1
    if is_by_hand:
        _cut_by_hand(dataset, clip)
    answer = RIGHT if one.told.is_correct else WRONG
    answer_fault(dataset, clip, rep="1", fault=FAULT, answer=answer, rater=RATER)
    return is_by_hand


def _cut_by_hand(dataset: Dataset, clip: Clip) -> None:
    """The whole file as one repetition."""
    for record in dataset.journal.reps(clip.clip_id):
        delete_rep(dataset, clip, rep=record.rep_id, rater=RATER)
    movement = movement_of(clip.tags)
    assert movement is not None
    rep = whole_rep(signals_of(dataset, clip), movement)
    add_rep(dataset, clip, (rep.start_frame, rep.turn_frame, rep.stop_frame), rater=RATER)
