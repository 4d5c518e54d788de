"""How fast poses become features, beside two general feature libraries on the same signals.

``python benchmarks/features.py [--json] [--reps N] [--rounds N]``. Measured is everything after the
pose: clean the landmarks, compute the signals, cut the repetitions, compute every feature. The load
is made up as it comes in practice: clips of ten hinges of 3 s at 30 fps (`features_clips`), from
the side and at 45 degrees in turn, with noise, leaps, losses and the outline of the trunk; clips
are made before the clock starts.

tsfresh (`EfficientFCParameters`) and catch22 get signals that are computed and cut already, and
only those that are known throughout a rep; their time is that of their features alone. All of it
runs on one thread, and its time is the processor's own (what else the machine does is not in it);
two processes are measured by the clock on the wall, after their start.

The two libraries come with ``pip install "labeler[bench]"``; without one its row is left out.
"""

import argparse
import json
import os
import time
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from multiprocessing import get_context
from multiprocessing.queues import SimpleQueue
from multiprocessing.synchronize import Barrier

import numpy as np
import pandas as pd
from features_clips import FPS, REP_S, made_up_clip
from threadpoolctl import threadpool_limits

from labeler.catalog import load_catalog
from labeler.core.clip import Clip
from labeler.core.rep import Rep, RepRecord, make_rep_id
from labeler.core.track import PoseTrack
from labeler.features.registry import all_features
from labeler.features.table import feature_table
from labeler.reps.segment import find_reps
from labeler.signals.compute import compute_signals
from labeler.signals.series import ClipSignals

REPS_PER_CLIP = 10
N_REPS = 1000
N_PROCESSES = 2
N_REPS_TSFRESH = 4
"""A rep takes tsfresh seconds."""
N_REPS_CATCH22 = 20
HINGE = load_catalog().movement("hinge")

Load = Sequence[tuple[Clip, PoseTrack]]


@dataclass
class Spent:
    """Seconds by stage, and the reps that came out."""

    signals_s: float = 0.0
    reps_s: float = 0.0
    features_s: float = 0.0
    n_reps: int = 0

    @property
    def total_s(self) -> float:
        """All stages."""
        return self.signals_s + self.reps_s + self.features_s


def signals_of(clip: Clip, track: PoseTrack) -> ClipSignals:
    """The first stage."""
    return compute_signals(track, view=clip.tags.view, lowpass_hz=HINGE.lowpass_hz)


def table_of(clip: Clip, signals: ClipSignals, reps: Sequence[Rep]) -> pd.DataFrame:
    """The last stage."""
    records = [
        RepRecord(make_rep_id(clip.clip_id, n), clip.clip_id, n, rep, "machine")
        for n, rep in enumerate(reps, start=1)
    ]
    return feature_table(signals, records, clip=clip, movement=HINGE)


def computed(load: Load) -> Spent:
    """Every stage of every clip, on one thread."""
    spent, clock = Spent(), time.process_time
    with threadpool_limits(1):
        for clip, track in load:
            begun_s = clock()
            signals = signals_of(clip, track)
            signals_s = clock()
            reps = find_reps(signals, HINGE).reps
            reps_s = clock()
            n_rows = len(table_of(clip, signals, reps))
            spent.features_s += clock() - reps_s
            spent.reps_s += reps_s - signals_s
            spent.signals_s += signals_s - begun_s
            spent.n_reps += n_rows
    return spent


def middle(rounds: Sequence[Spent]) -> Spent:
    """The round that took the middle time of all."""
    return sorted(rounds, key=lambda spent: spent.total_s)[len(rounds) // 2]


def two_processes(n_clips: int) -> float:
    """Reps per second of all processes together, from their start signal to the last one's end.

    Each makes its own clips before the signal: nothing is sent from one to the other.
    """
    context = get_context("forkserver")
    started, done = context.Barrier(N_PROCESSES + 1), context.SimpleQueue()
    for first in range(N_PROCESSES):
        part = range(first, n_clips, N_PROCESSES)
        context.Process(target=compute_part, args=(part, started, done), daemon=True).start()
    started.wait()
    begun_s = time.perf_counter()
    n_reps = sum(done.get() for _ in range(N_PROCESSES))
    return n_reps / (time.perf_counter() - begun_s)


def compute_part(numbers: Sequence[int], started: Barrier, done: "SimpleQueue[int]") -> None:
    """One of the processes: tells how many reps it has computed."""
    load = made_up_load(numbers)
    computed(load[:1])  # what is done once
    started.wait()
    done.put(computed(load).n_reps)


def made_up_load(numbers: Sequence[int]) -> Load:
    """Clips by their numbers."""
    return [made_up_clip(number, n_reps=REPS_PER_CLIP) for number in numbers]


def known_courses(load: Load, n_reps: int) -> list[dict[str, np.ndarray]]:
    """The signals of reps from both views alike, those that are known throughout the rep."""
    by_clip: list[list[dict[str, np.ndarray]]] = []
    for clip, track in load[:2]:
        signals = signals_of(clip, track)
        by_clip.append([])
        for rep in find_reps(signals, HINGE).reps:
            inside = slice(rep.start_frame, rep.stop_frame)
            cut = {name: values[inside] for name, values in signals.values.items()}
            by_clip[-1].append({name: c for name, c in cut.items() if np.isfinite(c).all()})
    found = [course for together in zip(*by_clip, strict=False) for course in together]
    return found[:n_reps]


def tsfresh_reps_per_s(courses: Sequence[dict[str, np.ndarray]]) -> float:
    """`EfficientFCParameters` on every course of every rep; on one thread, without a progress."""
    from tsfresh.feature_extraction import EfficientFCParameters, extract_features

    series = [(f"{n}-{name}", c) for n, rep in enumerate(courses) for name, c in rep.items()]
    table = pd.concat(
        pd.DataFrame({"id": name, "at": np.arange(len(course)), "value": course})
        for name, course in series
    )

    def extract(rows: pd.DataFrame) -> None:
        extract_features(
            rows,
            column_id="id",
            column_sort="at",
            column_value="value",
            default_fc_parameters=EfficientFCParameters(),
            disable_progressbar=True,
            n_jobs=0,
        )

    with warnings.catch_warnings(), threadpool_limits(1):
        warnings.simplefilter("ignore")  # its own, about short and flat courses
        extract(table[table["id"] == series[0][0]])  # what is compiled on first use
        return len(courses) / _seconds(lambda: extract(table))


def catch22_reps_per_s(courses: Sequence[dict[str, np.ndarray]]) -> float:
    """The 22 features on every course of every rep."""
    from pycatch22 import catch22_all

    series = [course.tolist() for rep in courses for course in rep.values()]
    return len(courses) / _seconds(lambda: [catch22_all(course) for course in series])


def _seconds(work: Callable[[], object]) -> float:
    begun_s = time.process_time()
    work()
    return time.process_time() - begun_s


def compared(name: str, speed: float, ours: Spent) -> dict[str, float]:
    """How many times as fast ours is: with signals and cutting, and the features alone."""
    all_in = ours.n_reps / ours.total_s / speed
    alone = ours.n_reps / ours.features_s / speed
    print(
        f"{name:28} {speed:8.2f} reps/s, features of ready signals: ours is {all_in:.1f} times as "
        f"fast with signals and cutting, {alone:.1f} times without",
        flush=True,
    )
    return {f"ratio_{name}": round(all_in, 2), f"ratio_{name}_features_alone": round(alone, 2)}


def others(load: Load, ours: Spent) -> dict[str, float | None]:
    """The two libraries, where they are installed."""
    found: dict[str, float | None] = {}
    for name, (reps_per_s, n_reps) in {
        "tsfresh": (tsfresh_reps_per_s, N_REPS_TSFRESH),
        "pycatch22": (catch22_reps_per_s, N_REPS_CATCH22),
    }.items():
        if find_spec(name) is None:
            print(f'{name:28} not installed: pip install "labeler[bench]"')
            found[f"ratio_{name}"] = None
            continue
        found |= compared(name, reps_per_s(known_courses(load, n_reps)), ours)
    return found


def measure(n_reps: int, n_rounds: int) -> dict[str, float | int | None]:
    """Measure, print a table, and give the summary."""
    load = made_up_load(range(n_reps // REPS_PER_CLIP))
    print(
        f"{len(load)} clips of {REPS_PER_CLIP} reps of {REP_S:g} s at {FPS:g} fps; the machine has "
        f"{os.cpu_count()} cores and a load of {os.getloadavg()[0]:.1f} before this"
    )
    computed(load[:2])  # what is done once
    spent = middle([computed(load) for _ in range(n_rounds)])
    for stage in ("signals", "reps", "features"):
        seconds = getattr(spent, f"{stage}_s")
        print(f"{stage:28} {1000 * seconds / spent.n_reps:8.2f} ms per rep")
    one, n_features = spent.n_reps / spent.total_s, len(all_features())
    print(f"{f'all, {n_features} features':28} {one:8.1f} reps/s, {spent.n_reps} reps")
    two = two_processes(len(load))
    print(f"{f'all, {N_PROCESSES} processes':28} {two:8.1f} reps/s", flush=True)
    return {
        "reps_per_s_1": round(one, 1),
        "reps_per_s_2": round(two, 1),
        **others(load, spent),
        "n_reps": spent.n_reps,
        "n_features": n_features,
        "n_cores": os.cpu_count() or 0,
    }


def main() -> None:
    """Measure and print; a JSON line if asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reps", type=int, default=N_REPS, help="how many repetitions")
    parser.add_argument("--rounds", type=int, default=3, help="the middle one of so many counts")
    parser.add_argument("--json", action="store_true", help="end with one JSON object")
    asked = parser.parse_args()
    summary = measure(asked.reps, asked.rounds)
    if asked.json:
        print(json.dumps(summary))


if __name__ == "__main__":
    main()
