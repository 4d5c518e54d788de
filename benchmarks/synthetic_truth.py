"""Our own errors, measured on athletes whose every angle is known.

``python benchmarks/synthetic_truth.py [--view V] [--movement M] [--fps N] [--quick] [--store]``
``[--clips N] [--cache FOLDER] [--jobs N] [--json]``. For each movement, view and frame rate:
rendered clips go through the product's own extraction (the pose network included), signals, cut
and lags, and so do landmarks with noise, which no network has seen. The difference is what the
tracker costs.

Of a lag: slope and bias against the true one, spread of a repetition about that line, and the
smallest lag that one repetition, or the mean of eight, tells from none (5 % false alarms, 95 %
power; the offset is not taken away and counts in full). `--store` writes those limits into
the package, from where rules, pages and documentation read them.

The targets hold for all lifts from the side at 30 fps together.
"""

import argparse
import json
import math
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass, replace
from functools import partial
from multiprocessing import get_context
from pathlib import Path

import platformdirs
from synthetic_cells import Cell, Purpose, Told, clip_of
from synthetic_clips import filmed_errors, noisy_errors
from synthetic_numbers import Line, Numbers, numbers_of
from synthetic_reps import BEND, TURN_NAMES, ClipErrors
from synthetic_store import code_version, store

from labeler.core.clip import View
from labeler.synthetic.noise import NoiseSpec

LIFTS = ("hinge", "deadlift", "kb_swing", "squat")
TURNS = ("rotation", "tspine_rot")

TARGETS = {"trunk_rmse_deg": 2.5, "hip_rmse_deg": 4.5, "lag_mae_ms": 12.0}
"""From the side at 30 fps, at most."""

NOISY_CLIPS, NOISY_REPS = 25, 8
"""Landmark-only, for each cell: so many clips of so many repetitions."""

QUICK_NOISY_CLIPS = 4

NOISE = NoiseSpec.usual()
"""Of the landmark-only rows: a phone in a gym."""


@dataclass(frozen=True, slots=True)
class Work:
    """A cell and how many clips of how many repetitions are rendered for it."""

    cell: Cell
    n_clips: int
    n_reps: int


def _works() -> Iterator[Work]:
    side = partial(Cell, view=View.SIDE)
    yield Work(side("hinge", fps=30.0), 4, 4)
    yield Work(side("deadlift", fps=30.0), 4, 4)
    yield Work(side("kb_swing", fps=30.0), 4, 6)
    yield Work(side("squat", fps=30.0), 4, 4)
    yield Work(side("hinge", fps=30.0, purpose=Purpose.ROUNDING), 2, 4)
    for movement, n_reps in (("hinge", 4), ("deadlift", 4), ("kb_swing", 6), ("squat", 4)):
        yield Work(Cell(movement, View.OBLIQUE, 30.0), 2 if movement != "kb_swing" else 3, n_reps)
    for view in (View.FRONT, View.OBLIQUE):
        yield Work(Cell("rotation", view, 30.0), 3, 6)
    yield Work(side("hinge", fps=60.0), 2, 4)
    yield Work(side("kb_swing", fps=60.0), 2, 6)
    yield Work(Cell("rotation", View.FRONT, 120.0), 2, 5)
    yield Work(Cell("tspine_rot", View.FRONT, 30.0), 2, 4)
    yield Work(Cell("antirot", View.FRONT, 30.0), 1, 1)


QUICK = (
    Work(Cell("hinge", View.SIDE, 30.0), 2, 4),
    Work(Cell("kb_swing", View.SIDE, 30.0), 1, 6),
    Work(Cell("rotation", View.FRONT, 30.0), 1, 6),
)


@dataclass(frozen=True, slots=True)
class Result:
    """A cell through the network, and from landmarks with noise."""

    cell: Cell
    filmed: Numbers
    noisy: Numbers


def measure(works: Sequence[Work], cache: Path, *, n_jobs: int, n_noisy: int) -> list[Result]:
    """Every cell; rendered clips in several processes, longest first."""
    wanted = [
        clip_of(work.cell, number, n_reps=work.n_reps)
        for work in works
        for number in range(work.n_clips)
    ]
    wanted.sort(key=lambda told: told.times.n_frames, reverse=True)
    filmed: dict[Cell, list[ClipErrors]] = {work.cell: [] for work in works}
    with ProcessPoolExecutor(n_jobs, mp_context=get_context("spawn")) as pool:
        for place, one in enumerate(pool.map(partial(filmed_errors, folder=cache), wanted), 1):
            filmed[one.cell].append(one)
            print(f"\r{place}/{len(wanted)} clips", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    noisy = {work.cell: _noisy(work.cell, n_noisy) for work in works}
    return [Result(cell, numbers_of(seen), noisy[cell]) for cell, seen in filmed.items()]


def _noisy(cell: Cell, n_clips: int) -> Numbers:
    clips: Iterator[Told] = (clip_of(cell, 100 + k, n_reps=NOISY_REPS) for k in range(n_clips))
    return numbers_of([noisy_errors(told, NOISE) for told in clips])


def targets(results: Sequence[Result]) -> dict[str, float]:
    """The figures that are asked for: lifts from the side at 30 fps, through the network."""
    side = [
        one
        for one in results
        if (one.cell.view, one.cell.fps) == (View.SIDE, 30.0) and one.cell.movement in LIFTS
    ]
    frames = [one.filmed.n_frames for one in side]
    lags = [one.filmed.lines["lag_t50_ms"] for one in side if one.cell.purpose is Purpose.LAGS]
    every = [one.filmed for one in results]
    return {
        "trunk_rmse_deg": _rms([one.filmed.rmse_deg["trunk_incl_deg"] for one in side], frames),
        "hip_rmse_deg": _rms([one.filmed.rmse_deg["hip_angle_deg"] for one in side], frames),
        "lag_mae_ms": _mean([one.mae for one in lags], [one.n_reps for one in lags]),
        "detected_ratio": _mean(
            [one.detected_ratio for one in every], [one.n_frames for one in every]
        ),
    }


def _rms(values: Sequence[float], weights: Sequence[int]) -> float:
    return math.sqrt(_mean([value**2 for value in values], weights))


def _mean(values: Sequence[float], weights: Sequence[int]) -> float:
    known = [(v, w) for v, w in zip(values, weights, strict=True) if math.isfinite(v) and w]
    total = sum(w for _, w in known)
    return sum(v * w for v, w in known) / total if total else math.nan


HEAD = (
    f"{'cell':30} {'':6} {'reps':>9} {'trunk':>6} {'hip':>6} {'start':>6} {'turn':>5} {'stop':>5} "
    f"{'n':>4} {'slope':>6} {'bias':>6} {'SD':>5} {'MAE':>5} {'one':>6} {'eight':>6}"
)


def _lines(result: Result) -> Iterator[str]:
    for name, one in (("video", result.filmed), ("marks", result.noisy)):
        found = f"{one.n_found}/{one.n_true}"
        angles = f"{one.rmse_deg['trunk_incl_deg']:6.1f} {one.rmse_deg['hip_angle_deg']:6.1f}"
        edges = "{:6.0f} {:5.0f} {:5.0f}".format(*one.edges_ms)
        lag = _words(one.lines["lag_t50_ms"])
        yield f"{result.cell.words:30} {name:6} {found:>9} {angles} {edges} {lag}"


def _words(line: Line) -> str:
    return (
        f"{line.n_reps:4} {line.slope:6.2f} {line.bias:6.0f} {line.sd:5.0f} {line.mae:5.0f} "
        f"{line.limit:6.0f} {line.set_limit:6.0f}"
    )


def _more(result: Result) -> Iterator[str]:
    """Turns and the bend of the back, where there is a truth to compare them with."""
    names: tuple[str, ...] = (
        TURN_NAMES if result.cell.movement in ("rotation", "tspine_rot") else ()
    )
    if result.cell.purpose is Purpose.ROUNDING:
        names = (BEND,)
    for name in names:
        for source, one in (("video", result.filmed), ("marks", result.noisy)):
            yield f"{result.cell.words:30} {source:6} {name:24} {_words(one.lines[name])}"


def _row(result: Result) -> dict[str, object]:
    cell = asdict(result.cell)
    return {**cell, "video": asdict(result.filmed), "landmarks": asdict(result.noisy)}


def _without_nan(value: object) -> object:
    """As JSON has it: what is not known is null."""
    if isinstance(value, Mapping):
        return {key: _without_nan(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_without_nan(one) for one in value]
    if isinstance(value, float):
        return round(value, 4) if math.isfinite(value) else None
    return value


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--view", choices=[view.value for view in View])
    parser.add_argument("--movement")
    parser.add_argument("--fps", type=float)
    parser.add_argument("--quick", action="store_true", help="four clips, a few seconds each")
    parser.add_argument("--clips", type=int, help="at most so many of each cell")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--cache", type=Path, help="where rendered clips are kept")
    parser.add_argument("--store", action="store_true", help="write what the package reads")
    parser.add_argument("--json", action="store_true", help="end with one JSON object")
    return parser.parse_args()


def main() -> None:
    """Measure, print, store."""
    asked = _asked()
    works = [
        replace(work, n_clips=min(work.n_clips, asked.clips or work.n_clips))
        for work in (QUICK if asked.quick else tuple(_works()))
        if asked.view in (None, work.cell.view.value)
        and asked.movement in (None, work.cell.movement)
        and asked.fps in (None, work.cell.fps)
    ]
    if not works:
        sys.exit("no such movement, view and frame rate among those that are measured")
    cache = asked.cache or platformdirs.user_cache_path("labeler") / "synthetic_truth"
    code_version()  # before anybody changes the code
    started_s = time.perf_counter()
    n_noisy = QUICK_NOISY_CLIPS if asked.quick else NOISY_CLIPS
    results = measure(works, cache, n_jobs=asked.jobs, n_noisy=n_noisy)
    took_s = time.perf_counter() - started_s
    print(HEAD)
    for result in results:
        print("\n".join((*_lines(result), *_more(result))))
    figures = targets(results)
    for name, value in figures.items():
        print(f"{name}: {value:.3f}" + (f" (<= {TARGETS[name]:g})" if name in TARGETS else ""))
    print(f"{took_s:.0f} s")
    if asked.store:
        print(f"stored in {store({one.cell: (one.filmed, one.noisy) for one in results})}")
    if asked.json:
        summary = {**figures, "targets": TARGETS, "took_s": took_s}
        print(json.dumps(_without_nan({**summary, "rows": [_row(one) for one in results]})))


if __name__ == "__main__":
    main()
