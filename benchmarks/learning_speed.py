"""How long learning takes: training with its test on unseen athletes, many repetitions, one clip.

Made-up features and courses of the product's own number and size; what they hold does not matter
for the time. Each part runs in a process of its own, so that its memory is its own.
"""

import resource
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from multiprocessing import get_context

import numpy as np
import pandas as pd
from features_clips import made_up_clip
from truth_row import Row, at_most

from labeler.catalog import load_catalog
from labeler.core.label import Answer, FaultId, Label
from labeler.core.rep import RepId, RepRecord, make_rep_id
from labeler.evaluate.by_athlete import fit_model, out_of_fold, split_by_athlete
from labeler.features.series import CHANNELS, N_POINTS, RepSeries, rep_series
from labeler.features.table import empty_table, feature_table
from labeler.learn.committee import Committee, fit_committee
from labeler.learn.table import LabeledTable, feature_columns, labeled_table
from labeler.reps.segment import find_reps
from labeler.signals.compute import compute_signals

HINGE = load_catalog().movement("hinge")
FAULT = load_catalog().fault("torso_dip_first")
SEED = 20

MAX_NESTED_S = 60.0
MAX_MANY_S = 600.0
MAX_MANY_GB = 4.0
MAX_CLIP_S = 1.0

N_MANY_REPS, N_MANY_FAULTS, N_MANY_ATHLETES = 10_000, 5, 50
N_CLIP_REPS = 6
"""Of three seconds each: a clip of 20 s."""

N_ROUNDS = 5
"""Clips that are asked about; the first also pays for what is loaded once."""

KB_PER_GB = 1024.0**2


def speeds() -> Iterator[Row]:
    """Every part, each with what it is held to."""
    nested_s, _ = _apart(_nested)
    yield at_most("nested_s", "200 reps, 10 athletes left out one by one", nested_s, MAX_NESTED_S)
    many_s, many_gb = _apart(_many)
    what = f"{N_MANY_REPS} reps, {N_MANY_FAULTS} faults, trained"
    yield at_most("many_reps_s", what, many_s, MAX_MANY_S)
    yield at_most("many_reps_gb", f"{what}: memory", many_gb, MAX_MANY_GB)
    clip_s, _ = _apart(_clip)
    yield at_most("predict_clip_s", "20 s clip, from its pose to answers", clip_s, MAX_CLIP_S)


def made_up_table(n_reps: int, n_athletes: int, *, fault: FaultId = FAULT.id) -> LabeledTable:
    """Repetitions with every feature and course, half of them with the fault."""
    rng = np.random.default_rng(SEED)
    empty = empty_table()
    names = list(feature_columns(empty))
    y = rng.random(n_reps) < 0.5
    x = rng.normal(size=(n_reps, len(names))) + 0.3 * y[:, None]
    x[rng.random(x.shape) < 0.05] = np.nan
    index = pd.Index([f"r{n}" for n in range(n_reps)], name="rep_id", dtype="str")
    features = pd.DataFrame(x, index=index, columns=names)
    who = [f"A{n % n_athletes}" for n in range(n_reps)]
    meta = {
        "clip_id": [f"c{one}-{n // n_athletes // 10}" for n, one in enumerate(who)],
        "athlete": who,
        "movement": "hinge",
        "view": "side",
        "session": None,
        "rep_index": 1,
        "quality": "good",
        "is_synthetic": True,
    }
    courses = rng.normal(size=(n_reps, len(CHANNELS), N_POINTS)).astype(np.float32)
    courses += 0.3 * y[:, None, None]
    labels = [
        Label(RepId(rep_id), fault, "made", Answer("2" if one else "0"), "2026-01-01T00:00:00Z")
        for rep_id, one in zip(index, y, strict=True)
    ]
    frame = pd.concat([pd.DataFrame(meta, index=index), features], axis=1)
    return labeled_table(frame, labels, fault=FAULT, series=RepSeries(CHANNELS, courses))


def _nested() -> float:
    """Fit on everybody, and for everybody on all others; what is chosen comes from inside."""
    table = made_up_table(200, 10)
    started_s = time.perf_counter()
    fit_committee(table)
    out_of_fold(table, split_by_athlete(table).folds, fit=fit_model)
    return time.perf_counter() - started_s


def _many() -> float:
    """The same repetitions for fault after fault."""
    table = made_up_table(N_MANY_REPS, N_MANY_ATHLETES)
    rng = np.random.default_rng(SEED)
    started_s = time.perf_counter()
    for _ in range(N_MANY_FAULTS):
        y = np.where(rng.random(len(table)) < 0.1, 1 - table.y, table.y)
        fit_committee(replace(table, y=y))
    return time.perf_counter() - started_s


def _clip() -> float:
    """Median over clips: from a pose to what a model of 200 repetitions says about each rep."""
    model = fit_committee(made_up_table(200, 10))
    clips = [_ask_clip(model, seed) for seed in range(N_ROUNDS)]
    return float(np.median(clips))


def _ask_clip(model: Committee, seed: int) -> float:
    clip, track = made_up_clip(seed, n_reps=N_CLIP_REPS)
    started_s = time.perf_counter()
    signals = compute_signals(track, view=clip.tags.view, lowpass_hz=HINGE.lowpass_hz)
    reps = [
        RepRecord(make_rep_id(clip.clip_id, n), clip.clip_id, n, rep, "machine")
        for n, rep in enumerate(find_reps(signals, HINGE).reps, start=1)
    ]
    features = feature_table(signals, reps, clip=clip, movement=HINGE)
    series = rep_series(signals, reps, clip=clip, movement=HINGE)
    said = model.probability(features, series)
    assert len(said) == len(reps) > 0
    return time.perf_counter() - started_s


def _apart(work: Callable[[], float]) -> tuple[float, float]:
    """Seconds, and the most memory in GB, of a process that does nothing else."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as alone:
        return alone.submit(_told, work).result()


def _told(work: Callable[[], float]) -> tuple[float, float]:
    _warm_up()
    spent_s = work()
    return spent_s, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / KB_PER_GB


def _warm_up() -> None:
    """Kernels are compiled once per installation, whoever asks first."""
    fit_committee(made_up_table(60, 3))
