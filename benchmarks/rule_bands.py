"""What the uncertainties of rules rest on that was measured here, and not read or reckoned.

``python benchmarks/rule_bands.py [--json] [--dataset DIR]``. Two questions, one table each.

How far does the outline of the back err in its own degrees? UI-PRMD (10 people): the largest bend
in a repetition of an outline through three markers on the back, against the largest flexion by
markers on pelvis and thorax. What is left about the line through all of them is its error: of
anybody, and within one person, whose build is the same in every repetition.

How far apart are two cameras? Twenty deadlifts that were filmed from the side and at 45 degrees at
once: what each limit of a rule compares, as both see it. One person; ``--dataset`` holds the four
clips, as for ``truth.py``. A band is 1.645 times an error: 5 % on one side.
"""

import argparse
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd
import truth_data as data
import truth_spine as spine
from threadpoolctl import threadpool_limits
from truth import CLIPS, SAME_SET

from labeler.catalog import load_catalog
from labeler.core.arrays import AnyArray, FloatArray
from labeler.core.clip import ClipTags, View
from labeler.core.rep import RepRecord, make_rep_id
from labeler.features.table import feature_table
from labeler.reps.segment import find_reps
from labeler.rules.thresholds import load_limits
from labeler.signals.compute import compute_signals
from labeler.store.dataset import Dataset
from labeler.workflows.deriving import signals_from

ONE_SIDE_95 = 1.645
MOVEMENT = "deadlift"
MIN_SEEN_RATIO = 0.7
"""Of the frames of a repetition, as the feature asks for."""


@dataclass(frozen=True)
class Scatter:
    """Standard deviation of the outline's bend about its line on the flexion, deg."""

    exercise: str
    n_reps: int
    slope: float
    of_anybody_deg: float
    within_person_deg: float


@dataclass(frozen=True)
class Apart:
    """What a camera at 45 degrees reads less what one at the side reads, in the limit's unit."""

    fault: str
    limit: str
    n_reps: int
    bias: float
    rms: float
    band: float
    band_from_45: float


def scatters() -> Iterator[Scatter]:
    """The outline against markers, by exercise."""
    rng = np.random.default_rng(spine.SEED)
    for exercise in spine.EXERCISES:
        told = [_bends_deg(one, rng) for one in data.episodes(exercise, "vicon")]
        who, flexion_deg, bend_deg = np.array([one for one in told if one]).T
        slope, of_anybody = _about_line(flexion_deg, bend_deg, np.zeros(len(who)))
        _slope, within_person = _about_line(flexion_deg, bend_deg, who)
        yield Scatter(exercise, len(who), slope, of_anybody, within_person)


def _bends_deg(one: data.Episode, rng: np.random.Generator) -> tuple[float, float, float] | None:
    """Who, and the largest flexion and bend; None where too little was seen."""
    signals = compute_signals(spine.with_back(one, rng), view=View.SIDE, lowpass_hz=data.SQUAT_HZ)
    bend_deg, flexion_deg = signals[spine.BACK], spine.flexion_deg(one)
    known = np.isfinite(bend_deg + flexion_deg)
    if known.mean() < MIN_SEEN_RATIO:
        return None
    return one.subject, float(flexion_deg[known].max()), float(bend_deg[known].max())


def _about_line(x: FloatArray, y: FloatArray, group: AnyArray) -> tuple[float, float]:
    """Slope that all groups share, and what is left of y about the line of each."""
    names = np.unique(group)
    off = [
        np.stack([x[group == name], y[group == name]])
        - np.stack([[x[group == name].mean()], [y[group == name].mean()]])
        for name in names
    ]
    x_off, y_off = np.concatenate(off, axis=1)
    slope = float(x_off @ y_off / (x_off @ x_off))
    left = y_off - slope * x_off
    return slope, float(np.sqrt(left @ left / (len(left) - len(names) - 1)))


def cameras_apart(folder: Path) -> Iterator[Apart]:
    """Every limit that counts for the movement and has a feature of its own name."""
    seen = dict(_tables(folder))
    pairs = [(seen[side], seen[oblique]) for side, oblique in SAME_SET]
    book, catalog = load_limits(), load_catalog()
    for fault in book:
        told = catalog.fault(fault)
        is_shown = told.is_visible_from(View.OBLIQUE) and View.OBLIQUE in (
            book[fault].views or View
        )
        if MOVEMENT not in told.movements or not is_shown:
            continue
        side, oblique = (book[fault].for_rep(MOVEMENT, np.nan, view) for view in ("side", "45"))
        is_judged = not side.movements or MOVEMENT in side.movements
        for name, limit in side.values.items():
            if is_judged and limit.is_used and name in seen[SAME_SET[0][0]]:
                off = np.concatenate([b[name].to_numpy() - a[name].to_numpy() for a, b in pairs])
                off = off[np.isfinite(off)]
                if off.size:
                    rms = float(np.sqrt(np.mean(np.square(off))))
                    bands = limit.uncertainty, oblique.values[name].uncertainty
                    yield Apart(fault, name, off.size, float(off.mean()), rms, *bands)


def _tables(folder: Path) -> Iterator[tuple[str, pd.DataFrame]]:
    """Features of the four clips, by name."""
    movement = load_catalog().movement(MOVEMENT)
    wanted = {name for pair in SAME_SET for name in pair}
    with Dataset.open(folder) as dataset:
        for clip in dataset.clips.all():
            if clip.file_name in wanted:
                tags = ClipTags(movement=MOVEMENT, view=CLIPS[clip.file_name][1])
                track = dataset.tracks.load(clip.clip_id, dataset.clips.times(clip.clip_id))
                signals = signals_from(track, tags)
                records = [
                    RepRecord(make_rep_id(clip.clip_id, n), clip.clip_id, n, rep, "machine")
                    for n, rep in enumerate(find_reps(signals, movement).reps, start=1)
                ]
                told = replace(clip, tags=tags)
                yield clip.file_name, feature_table(signals, records, clip=told, movement=movement)


def main() -> None:
    """Measure and print; a JSON line if asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--dataset", type=Path, help="with the four clips in it")
    parser.add_argument("--json", action="store_true", help="end with one JSON object")
    asked = parser.parse_args()
    with threadpool_limits(1):
        outline = list(scatters())
        apart = list(cameras_apart(asked.dataset)) if asked.dataset else []
    print("outline against markers    reps  slope  SD deg  within one person  1.645 SD")
    for one in outline:
        left = f"{one.of_anybody_deg:7.1f} {one.within_person_deg:18.1f}"
        band = f"{ONE_SIDE_95 * one.of_anybody_deg:9.1f}"
        print(f"{one.exercise:26} {one.n_reps:4} {one.slope:6.2f} {left} {band}")
    print("\n45 degrees less side       reps     bias     RMS  1.645 RMS  band  band at 45")
    for each in apart:
        off = f"{each.bias:8.3f} {each.rms:7.3f} {ONE_SIDE_95 * each.rms:10.3f}"
        print(f"{each.limit:26} {each.n_reps:4} {off} {each.band:5g} {each.band_from_45:11g}")
    if asked.json:
        rows = {"outline": outline, "cameras": apart}
        print(json.dumps({name: [asdict(one) for one in found] for name, found in rows.items()}))


if __name__ == "__main__":
    main()
