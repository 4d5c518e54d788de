"""Our own errors, measured on athletes whose every angle is known.

``python benchmarks/synthetic_truth.py [--view V] [--movement M] [--fps N] [--quick] [--store]``
``[--clips N] [--cache FOLDER] [--jobs N] [--plan] [--json]``. For each movement, view and frame
rate: rendered clips go through the product's own extraction (the pose network included), signals,
cut and lags, and so do landmarks with noise, which no network has seen. The difference is what the
tracker costs. What was rendered and seen is kept: a second run only measures.

Of a lag: slope and bias against the true one, spread of a repetition about that line, and the
smallest lag that one repetition (with its 90 % interval from leaving out clips), or the mean of
eight, tells from none (5 % false alarms, 95 % power; the offset is not taken away and counts in
full). `--store` writes those limits into the package, from where features, rules, pages and
documentation read them.

The figures at the end are of the view, movement and frame rate asked for; where none is, of all
lifts from the side at 30 fps, for which there are targets.
"""

import argparse
import json
import math
import sys
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from dataclasses import asdict, dataclass, replace
from functools import partial
from multiprocessing import get_context
from pathlib import Path

import platformdirs
from synthetic_cells import Cell, Purpose, Told, clip_of
from synthetic_clips import filmed_errors, noisy_errors
from synthetic_numbers import Line, Numbers, numbers_of
from synthetic_reps import BEND, LEAD_NAMES, TURN_NAMES, ClipErrors
from synthetic_store import code_version, store
from synthetic_works import LIFTS, QUICK, USUAL_FPS, Work, all_works

from labeler.catalog import load_catalog
from labeler.core.clip import View
from labeler.synthetic.noise import NoiseSpec

TARGETS = {"trunk_rmse_deg": 2.5, "hip_rmse_deg": 4.5, "lag_mae_ms": 12.0}
"""From the side at 30 fps, at most."""

NOISY_CLIPS, NOISY_REPS = 12, 8
"""Landmark-only, for each cell: so many clips of so many repetitions."""

QUICK_NOISY_CLIPS = 3

FIRST_NOISY = 100
"""Number of the first of them: other athletes than the rendered ones."""

NOISE = NoiseSpec.usual()
"""Of the landmark-only rows: a phone in a gym."""

PRINT_PAGES = "python -m labeler.workflows.documenting docs"

FRAME_S = 0.05
"""What a frame takes of one core to be rendered and seen, about."""


@dataclass(frozen=True, slots=True)
class Result:
    """A cell through the network, and from landmarks with noise."""

    cell: Cell
    filmed: Numbers
    noisy: Numbers


def measure(works: Sequence[Work], cache: Path, *, n_jobs: int, n_noisy: int) -> list[Result]:
    """Every cell in several processes: rendered clips first, longest first, then noise."""
    wanted = sorted(_clips_of(works), key=lambda told: told.times.n_frames, reverse=True)
    filmed: dict[Cell, list[ClipErrors]] = defaultdict(list)
    with ProcessPoolExecutor(n_jobs, mp_context=get_context("spawn")) as pool:
        jobs = [pool.submit(partial(filmed_errors, folder=cache), told) for told in wanted]
        noisy = {work.cell: pool.submit(_noisy, work.cell, n_noisy) for work in works}
        _tell(jobs)
        for job in jobs:
            filmed[job.result().cell].append(job.result())
        return [
            Result(work.cell, numbers_of(filmed[work.cell]), noisy[work.cell].result())
            for work in works
        ]


def _tell(jobs: Sequence[Future[ClipErrors]]) -> None:
    """How far it is, and stop at the first clip that fails."""
    for place, job in enumerate(as_completed(jobs), 1):
        job.result()
        print(f"\r{place}/{len(jobs)} clips", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)


def _clips_of(works: Sequence[Work]) -> Iterator[Told]:
    for work in works:
        for number in range(work.n_clips):
            yield clip_of(work.cell, number, n_reps=work.n_reps)


def _noisy(cell: Cell, n_clips: int) -> Numbers:
    numbers = range(FIRST_NOISY, FIRST_NOISY + n_clips)
    clips = (clip_of(cell, number, n_reps=NOISY_REPS) for number in numbers)
    return numbers_of([noisy_errors(told, NOISE) for told in clips])


@dataclass(frozen=True, slots=True)
class Asked:
    """Whose figures are told: all lifts from the side at 30 fps where nothing else is asked for."""

    movement: str | None = None
    view: View | None = None
    fps: float | None = None

    def has(self, cell: Cell) -> bool:
        """Whether a cell counts."""
        movements = LIFTS if self.movement is None else (self.movement,)
        fps = USUAL_FPS if self.fps is None else self.fps
        return cell.movement in movements and (cell.view, cell.fps) == (self._view, fps)

    @property
    def _view(self) -> View:
        """The one told, or the best of the movement."""
        if self.view is not None or self.movement is None:
            return self.view or View.SIDE
        return load_catalog().movement(self.movement).best_view


def figures_of(results: Sequence[Result], asked: Asked) -> dict[str, float]:
    """What is asked for, through the network; how often a person was found is of all cells."""
    these = [one for one in results if asked.has(one.cell)]
    frames = [one.filmed.n_frames for one in these]
    lags = [one.filmed.lines["lag_t50_ms"] for one in these if one.cell.purpose is Purpose.LAGS]
    every = [one.filmed for one in results]
    return {
        "trunk_rmse_deg": _rms([one.filmed.rmse_deg["trunk_incl_deg"] for one in these], frames),
        "hip_rmse_deg": _rms([one.filmed.rmse_deg["hip_angle_deg"] for one in these], frames),
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
    f"{'n':>7} {'slope':>6} {'bias':>6} {'SD':>5} {'MAE':>5} {'one':>6} {'(90 %)':>11} {'eight':>6}"
)
"""Angles in degrees, edges of repetitions and half-way lags in milliseconds; n: clips and reps."""


def _lines(result: Result) -> Iterator[str]:
    for name, one in (("video", result.filmed), ("marks", result.noisy)):
        found = f"{one.n_found}/{one.n_true}"
        angles = f"{one.rmse_deg['trunk_incl_deg']:6.1f} {one.rmse_deg['hip_angle_deg']:6.1f}"
        edges = "{:6.0f} {:5.0f} {:5.0f}".format(*one.edges_ms)
        lag = _words(one.lines["lag_t50_ms"])
        yield f"{result.cell.words:30} {name:6} {found:>9} {angles} {edges} {lag}"


def _words(line: Line) -> str:
    return (
        f"{line.n_clips:3}/{line.n_reps:<3} {line.slope:6.2f} {line.bias:6.0f} {line.sd:5.0f} "
        f"{line.mae:5.0f} {line.limit:6.0f} {f'({line.limit_low:.0f}-{line.limit_high:.0f})':>11} "
        f"{line.set_limit:6.0f}"
    )


def _more(result: Result) -> Iterator[str]:
    """Leads, turns and the bend of the back, where there is a truth to compare them with."""
    sources = (("video", result.filmed), ("marks", result.noisy))
    names = (BEND,) if result.cell.purpose is Purpose.ROUNDING else (*LEAD_NAMES, *TURN_NAMES)
    for name in names:
        for source, one in sources:
            if one.lines[name].n_reps:
                yield f"{result.cell.words:30} {source:6} {name:24} {_words(one.lines[name])}"
    if result.cell.purpose is Purpose.ROUNDING:
        for source, one in sources:
            told = "-" if math.isnan(one.band_ratio) else f"{one.band_ratio:.0%}"
            yield f"{result.cell.words:30} {source:6} in the right one of three bands: {told}"


def _row(result: Result) -> dict[str, object]:
    cell = asdict(result.cell)
    return {**cell, "video": asdict(result.filmed), "landmarks": asdict(result.noisy)}


def _without_nan(value: object) -> object:
    """As JSON has it: what is not known is null."""
    if isinstance(value, Mapping):
        return {key: _without_nan(one) for key, one in value.items()}
    if isinstance(value, frozenset):
        return sorted(value)
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
    parser.add_argument("--quick", action="store_true", help="four clips, ten seconds each")
    parser.add_argument("--clips", type=int, help="at most so many of each cell")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--cache", type=Path, help="where rendered clips are kept")
    parser.add_argument("--plan", action="store_true", help="say what would be rendered, and stop")
    parser.add_argument("--store", action="store_true", help="write what the package reads")
    parser.add_argument("--json", action="store_true", help="end with one JSON object")
    return parser.parse_args()


def _works_of(asked: argparse.Namespace) -> list[Work]:
    works = [
        replace(work, n_clips=min(work.n_clips, asked.clips or work.n_clips))
        for work in (QUICK if asked.quick else tuple(all_works()))
        if asked.view in (None, work.cell.view.value)
        and asked.movement in (None, work.cell.movement)
        and asked.fps in (None, work.cell.fps)
    ]
    if not works:
        sys.exit("no such movement, view and frame rate among those that are measured")
    return works


def _planned(works: Sequence[Work]) -> Iterator[str]:
    """Clips and frames of every cell, and how long two cores are busy with them."""
    total = 0
    for work in works:
        n_frames = sum(told.times.n_frames for told in _clips_of([work]))
        total += n_frames
        clips = f"{work.n_clips} clips of {work.n_reps} repetitions"
        yield f"{work.cell.words:36} {clips}, {n_frames} frames"
    yield f"{total} frames, about {total * FRAME_S / 2:.0f} s on two cores"


def main() -> None:
    """Measure, print, store."""
    asked = _asked()
    works = _works_of(asked)
    if asked.plan:
        print("\n".join(_planned(works)))
        return
    cache = asked.cache or platformdirs.user_cache_path("labeler") / "synthetic_truth"
    code_version()  # before anybody changes the code
    started_s = time.perf_counter()
    n_noisy = QUICK_NOISY_CLIPS if asked.quick else NOISY_CLIPS
    results = measure(works, cache, n_jobs=asked.jobs, n_noisy=n_noisy)
    took_s = time.perf_counter() - started_s
    print(HEAD)
    for result in results:
        print("\n".join((*_lines(result), *_more(result))))
    whose = Asked(asked.movement, None if asked.view is None else View(asked.view), asked.fps)
    figures = figures_of(results, whose)
    for name, value in figures.items():
        has_target = whose == Asked() and name in TARGETS
        print(f"{name}: {value:.3f}" + (f" (<= {TARGETS[name]:g})" if has_target else ""))
    n_clips, n_frames = (
        sum(getattr(one.filmed, name) for one in results) for name in ("n_clips", "n_frames")
    )
    print(f"{n_clips} clips, {n_frames} frames, {took_s:.0f} s")
    if asked.store:
        file = store({one.cell: (one.filmed, one.noisy) for one in results})
        print(f"stored in {file}; now print the pages anew: {PRINT_PAGES}")
    if asked.json:
        summary = {**figures, "targets": TARGETS, "took_s": took_s}
        print(json.dumps(_without_nan({**summary, "rows": [_row(one) for one in results]})))


if __name__ == "__main__":
    main()
