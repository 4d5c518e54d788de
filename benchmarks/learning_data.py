"""UI-PRMD as a coach would have it in a dataset: poses brought in, cut, answered.

Nothing here is special: every repetition is a file that `labeler import-pose` reads, the machine
cuts it, a person cuts anew what it did not find as one repetition, one rater answers a fault of the
dataset's own catalogue, and the features are those of every other clip.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pandas as pd
from truth_data import SQUAT_HZ, Episode, episodes, track_of, whole_rep

from labeler.catalog.own import OWN_CATALOG
from labeler.core.clip import Clip, ClipTags, View
from labeler.core.label import FaultId, Label
from labeler.evaluate.metrics import Scores
from labeler.features.series import RepSeries
from labeler.learn.table import LabeledTable, labeled_table
from labeler.rules.registry import State
from labeler.rules.thresholds import load_rulebook
from labeler.signals.compute import compute_signals
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
    episodes: Mapping[str, Episode]
    """By the id of its repetition."""
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
        came = [_brought_in(dataset, one, view=view) for one in _files(movement, system)]
        catalog = checked_catalog(dataset)
        features, series = learned_from(dataset)
        labels = tuple(dataset.journal.answers())
        table = labeled_table(features, labels, fault=catalog.fault(FAULT), series=series)
        rules = any_rule(rules_on(features, load_rulebook(dataset.folder), catalog))
    told = {one.rep_id: one.told for one in came}
    n_by_hand = sum(one.is_cut_by_hand for one in came)
    return Material(movement, system, table, rules, features, series, labels, told, n_by_hand)


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


MAX_LEAN_DEG, MAX_KNEE_DEG, MIN_KNEES_RATIO = 45.0, 90.0, 0.8
"""The rule of the trials behind the design, fixed before they were run: a trunk that leans further,
a knee that stays more open, or knees that come closer than the ankles. Read where the hips are
lowest, it comes to what it reached there for the squat."""

NEAR_FRAMES = 3


def trial_rule(one: Material) -> Scores:
    """That rule on every repetition, seen from the side and from the front at once."""
    beyond = [_beyond(one.episodes[rep_id]) for rep_id in one.table.rep_ids]
    score = np.array(beyond)
    return Scores(score, score >= 0, is_probability=False)


def _beyond(told: Episode) -> float:
    """How far beyond its limit the clause is that is furthest beyond, in limits; at the lowest."""
    side, front = (
        compute_signals(track_of(told.positions_m, told, view=view), view=view, lowpass_hz=SQUAT_HZ)
        for view in (View.SIDE, View.FRONT)
    )
    lowest = int(np.nanargmin(side["hip_height_legs"]))
    near = slice(max(lowest - NEAR_FRAMES, 0), lowest + NEAR_FRAMES + 1)
    lean = side["trunk_incl_deg"][lowest] / MAX_LEAN_DEG - 1.0
    knee = side["knee_angle_deg"][lowest] / MAX_KNEE_DEG - 1.0
    knees = 1.0 - np.nanmedian(front["knee_width_ratio"][near]) / MIN_KNEES_RATIO
    return float(np.nanmax([lean, knee, knees]))


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


@dataclass(frozen=True, eq=False)
class _Came:
    """One repetition that is in the dataset."""

    rep_id: str
    told: Episode
    is_cut_by_hand: bool


def _brought_in(dataset: Dataset, one: _File, *, view: View) -> _Came:
    """Import, cut and answer one repetition."""
    athlete = f"S{one.told.subject:02}"
    tags = ClipTags(athlete=athlete, movement="squat", view=view, session=athlete)
    (result,) = import_poses([one.path], dataset, tags=tags, options=PoseOptions())
    clip = dataset.clips.get(str(result.clip))
    is_by_hand = result.n_reps != 1
    if is_by_hand:
        _cut_by_hand(dataset, clip)
    answer = RIGHT if one.told.is_correct else WRONG
    (record,) = dataset.journal.reps(clip.clip_id)
    answer_fault(dataset, clip, rep=record.rep_id, fault=FAULT, answer=answer, rater=RATER)
    return _Came(record.rep_id, one.told, is_by_hand)


def _cut_by_hand(dataset: Dataset, clip: Clip) -> None:
    """The whole file as one repetition."""
    for record in dataset.journal.reps(clip.clip_id):
        delete_rep(dataset, clip, rep=record.rep_id, rater=RATER)
    movement = movement_of(clip.tags)
    assert movement is not None
    rep = whole_rep(signals_of(dataset, clip), movement)
    add_rep(dataset, clip, (rep.start_frame, rep.turn_frame, rep.stop_frame), rater=RATER)
