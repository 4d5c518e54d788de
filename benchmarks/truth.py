"""How true signals, repetitions and features are, against gold standards and counted clips.

``python benchmarks/truth.py [--json] [--dataset DIR] [--only BLOCK ...]``. Every number comes from
the product's own functions. ``--dataset`` reuses a dataset in which the videos are already;
otherwise those that are needed are brought into a new one. A row that misses its target says what
limits it.
"""

import argparse
import json
import math
import sys
import tempfile
from collections.abc import Callable, Collection, Iterator, Mapping
from itertools import pairwise
from pathlib import Path

import numpy as np
import truth_agreement as both
import truth_back as back
import truth_changes as changes
import truth_data as data
import truth_reps as repeated
import truth_spine as spine
from truth_row import Row, at_least, at_most

from labeler.catalog import load_catalog
from labeler.core.clip import ClipTags, View
from labeler.core.rep import Rep
from labeler.core.track import PoseTrack
from labeler.features.registry import all_features
from labeler.features.rep_signals import HIP, TORSO, RepSignals, rep_signals
from labeler.reps.segment import find_reps
from labeler.signals.series import ClipSignals
from labeler.store.dataset import Dataset
from labeler.workflows.batch import ingest_many
from labeler.workflows.deriving import movement_of, signals_from

SQUAT = load_catalog().movement("squat")
MS_PER_S = 1000.0
NEAR_FRAMES = 8
"""A quarter of a second in the swing sample."""
PAIRED = {
    "trunk_incl_rom_deg": ("trunk_rom_r", "trunk ROM", 0.87),
    "crp_mean_deg": ("crp_r", "mean relative phase", 0.80),
    "lag_area_ms": ("lag_area_r", "area lag", 0.70),
    "lag_t50_ms": ("lag_t50_r", "T50 lag", 0.70),
}
"""Features whose agreement between two systems is told: row, words, least correlation."""
CLIPS = {
    "deadlift_correct_side.mp4": ("deadlift", View.SIDE, 10),
    "deadlift_correct_45.mp4": ("deadlift", View.OBLIQUE, 10),
    "deadlift_rounded_back_side.mp4": ("deadlift", View.SIDE, 10),
    "deadlift_rounded_back_45.mp4": ("deadlift", View.OBLIQUE, 10),
    "kb_swing_front.mp4": ("kb_swing", View.OBLIQUE, 10),
    "good_morning_front.mp4": ("hinge", View.OBLIQUE, 6),
    "goblet_squat_front.mp4": ("squat", View.OBLIQUE, 5),
}
"""Movement, view and the number of repetitions that people counted."""
SAME_SET = tuple(
    (f"deadlift_{how}_side.mp4", f"deadlift_{how}_45.mp4") for how in ("correct", "rounded_back")
)


def agreement_rows() -> Iterator[Row]:
    """Consumer skeleton against Vicon on the deep squat."""
    episodes = both.episodes_seen("deep_squat")
    chances, seen = both.chances(episodes), both.signals_seen(episodes)
    off = [block for block, chance in chances.items() if chance > both.MAX_CHANCE]
    found, whole = (
        both.agreement(seen, SQUAT, PAIRED, cut) for cut in (both.found_rep, data.whole_rep)
    )
    trunk = found.pairs("trunk_incl_rom_deg", but=off)
    off_deg = trunk[:, 1] - trunk[:, 0]
    who = ", ".join(sorted({f"subject {subject}" for subject, _is_correct in off}))
    said = f"n = {len(trunk)} without {who}: not the same reps in both systems"
    why = "the consumer skeleton's own error"
    yield at_most(
        "trunk_rom_bias", f"trunk ROM bias, deg ({said})", abs(float(off_deg.mean())), 2.0, why
    )
    sd_deg = float(off_deg.std())
    yield at_most("trunk_rom_sd", "trunk ROM SD of differences, deg", sd_deg, 7.0, why)
    for name, (row, what, least) in PAIRED.items():
        also = {"all reps": found.r(name), "as recorded": whole.r(name, but=off)}
        also["all reps as recorded"] = whole.r(name)
        told = ", ".join(f"{how} {r:.2f}" for how, r in also.items())
        said = f"{what} r, n = {len(found.pairs(name, but=off))} ({told})"
        yield at_least(row, said, found.r(name, but=off), least, why)


def peak_row() -> Row:
    """Who is fastest first must not be told of slow lifts: it is chance there."""
    guarded = {one.name: one.compute for one in all_features()}["lag_peak_ms"]
    told, free = [], {}
    for system in ("vicon", "kinect"):
        for one in data.episodes("deep_squat", system):
            signals = data.signals_of(one.positions_m, one)
            cut = rep_signals(signals, data.whole_rep(signals, SQUAT), SQUAT)
            told.append(np.isfinite(guarded(cut)))
            free.setdefault(one.key, {})[system] = _peaks_apart_s(cut)
    pairs = [list(two.values()) for two in free.values() if len(two) == len(("vicon", "kinect"))]
    known = [pair for pair in pairs if np.isfinite(pair).all()]
    r = float(np.corrcoef(np.transpose(known))[0, 1])
    what = f"squats with a peak-speed lag, share (its r would have been {r:.2f}, n = {len(known)})"
    return at_most("peak_lag_refused", what, float(np.mean(told)), 0.0)


def _peaks_apart_s(cut: RepSignals) -> float:
    """The refused measure itself: time of the torso's highest speed, less that of the hips."""
    at_s = cut.times_s[cut.descent]
    rates = [np.gradient(cut[name][cut.descent], at_s) for name in (HIP, TORSO)]
    if not np.isfinite(rates).all():
        return math.nan
    hips_s, torso_s = (float(at_s[rate.argmax()]) for rate in rates)
    return torso_s - hips_s


def counting_rows() -> Iterator[Row]:
    """Repetitions of one person joined to a stream and counted again, both systems."""
    why = "neighbouring reps that merge across a join"
    for movement in ("deep_squat", "sit_to_stand"):
        found = repeated.counted(movement)
        off = np.abs(found.n_true - found.n_found)
        of = f"{movement}, {len(off)} streams"
        mae = float((off / found.n_true).mean())
        yield at_most(f"count_mae_{movement}", f"count MAE, {of}", mae, 0.01, why)
        yield at_least(
            f"count_obo_{movement}",
            f"count off by at most one, {of}",
            float((off <= 1).mean()),
            1.0,
            why,
        )
        cut = f"starts {found.late_ms:.0f} ms after, ends {found.early_ms:.0f} ms before the joins"
        of = f"{of} ({cut}, which lie in rest; IoU >= .75 in {found.same_ratio:.0%})"
        exact = float((off == 0).mean())
        yield at_least(f"count_exact_{movement}", f"count exact, {of}", exact, 0.95, why)


def swing_rows() -> Iterator[Row]:
    """Turning points of the swing sample against reviewed ones, lowest and highest.

    A repetition has no highest frame of its own: a reviewed one should lie in the rest between the
    end of a repetition and the start of the next, or that many frames off it.
    """
    signals, lowest, highest = data.swing_sample()
    reps = find_reps(signals, load_catalog().movement("kb_swing")).reps
    if len(reps) != len(lowest):
        why = f"{len(reps)} repetitions found, {len(lowest)} reviewed"
        yield Row("swing_turns", "swing turning points", None, "<= 2", False, why)
        return
    off = [rep.turn_frame - frame for rep, frame in zip(reps, lowest, strict=True)]
    leans = [one - frame for one, frame in zip(_deepest(signals, lowest), lowest, strict=True)]
    what = f"swing sample, 4 reps: lowest points, frames off ({off}; deepest lean here {leans})"
    why = "reviewed on another run of the pose network, which saw the deepest lean earlier"
    yield at_most("swing_turns", what, max(np.abs(off)), 2.0, why)
    rests = [(one.stop_frame - 1, after.start_frame) for one, after in pairwise(reps)]
    apart = [
        max(start - top, top - stop, 0) for (start, stop), top in zip(rests, highest, strict=True)
    ]
    what = f"swing sample: highest points, frames off the rest between reps ({apart})"
    why = "a swing hardly rests: its end is put where it comes near rest first"
    yield at_most("swing_tops", what, max(apart), 2.0, why)


def _deepest(signals: ClipSignals, frames: list[int]) -> list[int]:
    """Near each frame, the one in which this very file's trunk leans most."""
    lean_deg = signals["trunk_incl_deg"]
    first = [max(frame - NEAR_FRAMES, 0) for frame in frames]
    return [at + int(np.nanargmax(lean_deg[at : at + 2 * NEAR_FRAMES])) for at in first]


def pitch_rows() -> Iterator[Row]:
    """Pelvis speed and order of peaks of five pitches against the published metrics."""
    speeds, lags, yaws = [], [], []
    for one in data.pitches():
        pelvis, thorax = (_peak(one, f"{name}_axial_deg_per_s") for name in ("pelvis", "thorax"))
        speeds.append(abs(pelvis[0] / one.pelvis_deg_per_s - 1.0))
        lags.append(abs(thorax[1] - pelvis[1] - one.lag_s))
        yaw = [_peak(one, f"{name}_yaw_deg", is_angle=True)[1] for name in ("pelvis", "thorax")]
        yaws.append(abs(yaw[1] - yaw[0] - one.lag_s))
    lag_ms, yaw_ms = MS_PER_S * float(np.mean(lags)), MS_PER_S * float(np.mean(yaws))
    why = "hip joint centres stand in for the pelvis's markers; one sample is 2.8 ms"
    yield at_most(
        "pelvis_speed",
        "pelvis peak speed against published, share",
        float(np.mean(speeds)),
        0.03,
        why,
    )
    yield at_most("pitch_lag", "lag error about the trunk's axis, ms", lag_ms, 11.0, why)
    yield at_most(
        "pitch_lag_to_yaw",
        f"the same over ground-plane yaw ({yaw_ms:.0f} ms)",
        lag_ms / yaw_ms,
        1.0,
        why,
    )


def _peak(one: data.Pitch, name: str, *, is_angle: bool = False) -> tuple[float, float]:
    """Highest turning speed in the delivery, and when."""
    times_s = one.signals.times.pts_s
    rate = np.gradient(one.signals[name], times_s) if is_angle else one.signals[name]
    inside = np.where(one.is_delivery & np.isfinite(rate), rate, -np.inf)
    at = int(inside.argmax())
    return float(inside[at]), float(times_s[at])


def video_rows(folder: Path) -> Iterator[Row]:
    """Counts on real clips, and two cameras of the same set against each other."""
    found = {name: _reps_of(signals, movement) for name, movement, signals in _clips(folder)}
    wrong = [f"{name}: {len(found[name])}" for name in CLIPS if len(found[name]) != CLIPS[name][2]]
    yield at_most(
        "clip_counts", "real clips counted wrongly, of 7", len(wrong), 0.0, ", ".join(wrong)
    )
    for one, other in SAME_SET:
        turns = [np.array([rep.turn_s for rep in found[name]]) for name in (one, other)]
        if len(turns[0]) != len(turns[1]):
            yield Row(
                f"cameras_{one}", "turns of two cameras", None, "<= 50", False, "counts differ"
            )
            continue
        apart_s = turns[0] - turns[1]
        off_ms = MS_PER_S * float(np.abs(apart_s - np.median(apart_s)).max())
        name = one.removesuffix("_side.mp4")
        why = "the lowest moment is flat: a few degrees of noise move it"
        yield at_most(
            f"cameras_{name}", "turns of two cameras, furthest apart, ms", off_ms, 50.0, why
        )


def back_rows(folder: Path) -> Iterator[Row]:
    """The outline of the back against the skeleton alone, on ten correct and ten rounded reps."""
    cuts = {
        name: [rep_signals(signals, rep, movement_of(ClipTags(movement=movement))) for rep in reps]
        for name, movement, signals in _clips(folder)
        if name in (back.CORRECT, back.ROUNDED)
        for reps in [_reps_of(signals, movement)]
    }
    found = back.in_reps(cuts)
    beside = ", ".join(f"{name} {one:.2f}" for name, one in found.items() if name != back.IN_A_REP)
    n_reps = sum(len(reps) for reps in cuts.values())
    what = f"correct from rounded deadlifts, AUC over {n_reps} reps, {back.IN_A_REP} ({beside})"
    why = "a dataset of before outlines were measured has none: ingest the videos anew"
    yield at_least("contour_auc", what, found[back.IN_A_REP], 0.95, why)
    leans = "/".join(f"{lean:.0f}" for lean in back.LEANS_DEG)
    for way, limits in back.WAYS.items():
        at = {name: back.at_leans(cuts, name, is_up=way == "up") for name in back.AT_LEANS}
        said = [f"{name} {'/'.join(f'{one:.2f}' for one in found)}" for name, found in at.items()]
        what = f"at leans of {leans} deg on the way {way}, AUC: {said[0]} ({', '.join(said[1:])})"
        yield at_least(f"contour_auc_{way}", what, min(at[back.AT_LEANS[0]]), 0.95, limits)


def spine_rows() -> Iterator[Row]:
    """Spine flexion that the product's signals tell, against markers on the spine."""
    added = ", with an outline through three markers of the back, 8 mm of noise"
    why = "the skeleton has no point between hip and shoulder"
    for row, has_back, most_deg in (
        ("spine_flexion", False, 10.0),
        ("spine_flexion_back", True, 9.0),
    ):
        found = spine.rmse_deg(has_back=has_back)
        what = f"spine flexion, squat, unseen athletes{added if has_back else ''}: RMSE, deg"
        what += f" (sit-to-stand {found['sit_to_stand']:.2f})"
        yield at_most(row, what, found["deep_squat"], most_deg, why)


def change_rows(folder: Path) -> Iterator[Row]:
    """What changes that should not matter do to the real clips."""
    yield from changes.rows([(track, tags) for _name, track, tags in _tracks(folder)])


def _tracks(folder: Path) -> Iterator[tuple[str, PoseTrack, ClipTags]]:
    with Dataset.open(folder) as dataset:
        for clip in dataset.clips.all():
            if clip.file_name in CLIPS:
                movement, view, _n = CLIPS[clip.file_name]
                track = dataset.tracks.load(clip.clip_id, dataset.clips.times(clip.clip_id))
                yield clip.file_name, track, ClipTags(movement=movement, view=view)


def _clips(folder: Path) -> Iterator[tuple[str, str, ClipSignals]]:
    for name, track, tags in _tracks(folder):
        yield name, CLIPS[name][0], signals_from(track, tags)


def _reps_of(signals: ClipSignals, movement: str) -> tuple[Rep, ...]:
    return find_reps(signals, movement_of(ClipTags(movement=movement))).reps


def bring_in(folder: Path) -> None:
    """Ingest the clips that the rows need."""
    wanted = [data.DATA / "videos" / name for name in CLIPS]
    for result in ingest_many(
        wanted,
        dataset_folder=folder,
        tags=ClipTags(),
        n_jobs=2,
        on_progress=lambda _path, _done, _total: None,
        tell=lambda line: print(line, file=sys.stderr),
    ):
        print(f"{result.path}: {result.status}", file=sys.stderr)


ALONE: Mapping[str, Callable[[], Iterator[Row]]] = {
    "agreement": agreement_rows,
    "counting": counting_rows,
    "pitches": pitch_rows,
    "peak": lambda: iter((peak_row(),)),
    "swing": swing_rows,
    "spine": spine_rows,
}
ON_VIDEOS: Mapping[str, Callable[[Path], Iterator[Row]]] = {
    "videos": video_rows,
    "back": back_rows,
    "changes": change_rows,
}
"""Blocks of rows by name: on poses alone, and on a dataset that holds the videos."""


def measure(dataset: Path | None, only: Collection[str]) -> Iterator[Row]:
    """Every row of the blocks named in `only`, one block after the other."""
    for name, block in ALONE.items():
        if name in only:
            yield from block()
    blocks = [block for name, block in ON_VIDEOS.items() if name in only]
    with tempfile.TemporaryDirectory() as made:
        if dataset is None and blocks:
            bring_in(Path(made) / "dataset")
        for block in blocks:
            yield from block(dataset or Path(made) / "dataset")


def main() -> None:
    """Measure and print; a JSON line if asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="end with one JSON object")
    parser.add_argument("--dataset", type=Path, help="a dataset that holds the videos already")
    blocks = (*ALONE, *ON_VIDEOS)
    parser.add_argument("--only", nargs="+", choices=blocks, default=blocks, help="blocks of rows")
    asked = parser.parse_args()
    if not data.DATA.is_dir():
        sys.exit(f"No test data at {data.DATA}. Set LABELER_TEST_DATA to the folder that holds it.")
    rows = []
    print(f"{'row':24} {'value':>9} {'target':>8} {'met':>4}  what")
    for row in measure(asked.dataset, asked.only):
        value = "-" if row.value is None else f"{row.value:.3f}"
        said = row.what if not row.limits else f"{row.what} ({row.limits})"
        print(
            f"{row.id:24} {value:>9} {row.target:>8} {'yes' if row.is_met else 'no':>4}  {said}",
            flush=True,
        )
        rows.append(row.as_dict())
    if asked.json:
        print(json.dumps({"rows": rows}))


if __name__ == "__main__":
    main()
