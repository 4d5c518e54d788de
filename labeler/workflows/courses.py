"""The courses of hips and torso through each repetition, as they are drawn under the video."""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from labeler.catalog import Movement
from labeler.catalog.spec import RepKind
from labeler.core.arrays import FloatArray
from labeler.core.clip import Clip, ClipId, View
from labeler.core.rep import RepId, RepQuality, RepRecord
from labeler.store.dataset import Dataset
from labeler.workflows.baselines import good_reps
from labeler.workflows.deriving import judged, movement_of, signals_of

if TYPE_CHECKING:
    from labeler.features.rep_signals import RepSignals
    from labeler.signals.series import ClipSignals

COURSES = ("hip_progress_ratio", "torso_progress_ratio", "hip_deg_per_s", "torso_deg_per_s")
"""What is told of each frame: progress from the start (0) to the turn (1), and the angular speed,
+ into the effort."""

ANGLES = ("trunk_incl_deg", "thigh_incl_deg")
"""What is written beside the lines of trunk and thigh, frame by frame."""

ANGLE_OF_HIPS = "hip_angle_deg"
"""Its speed stands for that of the hips where they are followed by how far they travel."""

LAG = "lag_t50"
"""Where and of what it can be told, progress can be drawn."""

HALF = 0.5
"""T50 is the time at which half the way is done."""

N_PER_PHASE = 40
"""A band has so many steps from the start to the turn, and as many from there to the end."""

MIN_BAND_REPS = 3
"""Fewer good repetitions say nothing about how much the athlete varies."""

BAND_PERCENT = (10.0, 90.0)
"""A band leaves out the odd repetition at either edge."""

MAX_BAND_CLIPS = 6
"""A band is made of this clip and the newest others, so that it is there at once."""

N_KEPT_CLIPS = 12
"""So many clips' signals stay in memory: a rater goes to and fro between few."""


@dataclass(frozen=True, slots=True, eq=False)
class RepCourses:
    """One repetition's courses.

    Parameters
    ----------
    values : FloatArray
        Shape (len(COURSES), n_frames) of the repetition; NaN where not known.
    t50_s : tuple[float, float]
        When hips and torso have done half their way, on the clip's clock; NaN where not told.
    lag_ms, lag_se_ms : float
        Torso less hips at T50, and its standard error; NaN where not told.
    why : str
        Why there is no progress; empty where there is.
    """

    record: RepRecord
    times_s: FloatArray
    values: FloatArray
    t50_s: tuple[float, float]
    lag_ms: float
    lag_se_ms: float
    why: str


@dataclass(frozen=True, slots=True, eq=False)
class Band:
    """Where the athlete's good repetitions run.

    Parameters
    ----------
    n_reps : int
        How many it is made of.
    low, high : FloatArray
        Shape (len(COURSES), 2 * N_PER_PHASE + 1): even steps of time from the start to the turn,
        then from the turn to the end. NaN where fewer than `MIN_BAND_REPS` are known.
    """

    n_reps: int
    low: FloatArray
    high: FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class ClipCourses:
    """The courses of all repetitions of a clip.

    Parameters
    ----------
    channels : tuple[str, str]
        The signals of hips and torso.
    bands : Mapping[RepId, Band | None]
        By repetition; None where too few others are good.
    angles_deg : FloatArray
        Shape (len(ANGLES), n_frames) of the clip; NaN where not known, or where the view cannot
        show them.
    """

    channels: tuple[str, str]
    reps: tuple[RepCourses, ...]
    bands: Mapping[RepId, Band | None]
    angles_deg: FloatArray


class CourseReader:
    """Reads courses from a dataset, and keeps the signals of the last few clips."""

    def __init__(self, dataset: Dataset) -> None:
        self._dataset = dataset
        self._signals = lru_cache(maxsize=N_KEPT_CLIPS)(self._computed)

    def read(self, clip_id: ClipId, rater: str | None) -> ClipCourses:
        """The courses of a clip, with bands of what `rater` found good; of None, anybody."""
        clip = self._dataset.clips.get(clip_id)
        reps = self._reps(clip)
        good = {rep.record.rep_id: in_phase(rep) for rep in self.good(clip, rater)}
        bands = {rep.record.rep_id: _band(good, rep) for rep in reps}
        angles_deg = _angles(self._signals(clip), clip.tags.view)
        return ClipCourses(_channels(movement_of(clip.tags)), reps, bands, angles_deg)

    def _computed(self, clip: Clip) -> "ClipSignals":
        return signals_of(self._dataset, clip)

    def _reps(self, clip: Clip) -> tuple[RepCourses, ...]:
        records = self._dataset.journal.reps(clip.clip_id)
        if not records:
            return ()
        signals, movement = self._signals(clip), movement_of(clip.tags)
        known = judged(records, signals, movement)
        return tuple(_courses(signals, record, clip, movement) for record in known)

    def good(self, clip: Clip, rater: str | None) -> list[RepCourses]:
        """Good repetitions of the athlete in this movement and view: of this clip, then others."""
        found: list[RepCourses] = []
        n_clips = 0
        for other in self._alike(clip):
            good = good_reps(self._dataset, [other], rater=rater)
            if not good:
                continue
            found += [rep for rep in self._reps(other) if rep.record.rep_id in good]
            n_clips += 1
            if n_clips == MAX_BAND_CLIPS:
                break
        return found

    def _alike(self, clip: Clip) -> list[Clip]:
        """The clip, then the newest others of the same athlete, movement and view, all told."""
        whose = _whose(clip)
        if None in whose:
            return [clip]
        others = [
            other
            for other in self._dataset.clips.all()
            if other.clip_id != clip.clip_id and _whose(other) == whose
        ]
        return [clip, *sorted(others, key=lambda other: other.ingested_at, reverse=True)]


def courses_of(dataset: Dataset, clip: Clip, *, rater: str | None = None) -> ClipCourses:
    """The courses of a clip's repetitions, with bands of those that `rater` found good."""
    return CourseReader(dataset).read(clip.clip_id, rater)


def course_rows(courses: ClipCourses) -> list[dict[str, Any]]:
    """One row per frame of each repetition; None where a value is not known."""
    return [
        {
            "rep_id": rep.record.rep_id,
            "frame": rep.record.rep.start_frame + place,
            "time_s": round(float(rep.times_s[place]), 4),
            **{name: _told(v, 4) for name, v in zip(COURSES, rep.values[:, place], strict=True)},
        }
        for rep in courses.reps
        for place in range(len(rep.times_s))
    ]


def half_rows(courses: ClipCourses) -> list[dict[str, Any]]:
    """One row per repetition: when half the way is done, and what the band is made of."""
    return [_half_row(rep, courses.bands[rep.record.rep_id]) for rep in courses.reps]


def _half_row(rep: RepCourses, band: Band | None) -> dict[str, Any]:
    return {
        "rep_id": rep.record.rep_id,
        "hip_t50_s": _told(rep.t50_s[0], 4),
        "torso_t50_s": _told(rep.t50_s[1], 4),
        "lag_t50_ms": _told(rep.lag_ms, 1),
        "lag_t50_se_ms": _told(rep.lag_se_ms, 1),
        "n_good_reps": 0 if band is None else band.n_reps,
        "why": rep.why,
    }


def packed(courses: ClipCourses) -> bytes:
    """Everything for the browser: the length of a header, the header, and numbers.

    The length is a little-endian uint32. The header is JSON, padded with spaces to a multiple of
    four bytes: ``channels``, ``n_frames``, ``n_per_phase`` and ``reps``, each with its frames, what
    `half_rows` tells and whether it ``has_band``. The numbers are little-endian float32, NaN where
    not known: first `ANGLES` of all frames; then of each repetition its courses, and, where it has
    one, the low and the high of its band.
    """
    reps, numbers = [], [courses.angles_deg]
    for rep, row in zip(courses.reps, half_rows(courses), strict=True):
        band, cut = courses.bands[rep.record.rep_id], rep.record.rep
        edges = {"start": cut.start_frame, "turn": cut.turn_frame, "stop": cut.stop_frame}
        reps.append({**row, **edges, "has_band": band is not None})
        numbers += [rep.values] if band is None else [rep.values, band.low, band.high]
    n_frames = courses.angles_deg.shape[1]
    header = {
        "channels": courses.channels,
        "n_frames": n_frames,
        "n_per_phase": N_PER_PHASE,
        "reps": reps,
    }
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 4)
    body = b"".join(part.astype(np.dtype("<f4")).tobytes() for part in numbers)
    return len(text).to_bytes(4, "little") + text + body


def _angles(signals: "ClipSignals", view: View | None) -> FloatArray:
    angles_deg = np.stack([signals[name] for name in ANGLES])
    is_shown = view is None or view in _shown_from(None)
    return angles_deg if is_shown else np.full_like(angles_deg, np.nan)


def _courses(
    signals: "ClipSignals", record: RepRecord, clip: Clip, movement: Movement | None
) -> RepCourses:
    from labeler.features.lags import crossed  # brings SciPy
    from labeler.features.rep_signals import HIP, TORSO, rep_signals
    from labeler.features.sequencing import lag_ms, lag_se_ms

    seen = rep_signals(signals, record.rep, movement)
    values = np.full((len(COURSES), len(seen.times_s)), np.nan)
    t50_s, lag, error = (math.nan, math.nan), math.nan, math.nan
    why = _hidden(record, clip, movement)
    if not why:
        t50_s = (crossed(seen, HIP, HALF).at_s, crossed(seen, TORSO, HALF).at_s)
        lag, error = lag_ms(seen, LAG), lag_se_ms(seen, LAG)
        values[:2] = [_with_gaps(seen, HIP, 0), _with_gaps(seen, TORSO, 1)]
        values[2:] = _speeds(seen)
        why = _unmoved(seen, values)
    return RepCourses(record, seen.times_s, values, t50_s, lag, error, why)


def _with_gaps(seen: "RepSignals", name: str, place: int) -> FloatArray:
    """A progress with the gaps of its channel, which features bridge."""
    return np.where(np.isfinite(seen[seen.channels[place]]), seen[name], np.nan)


def _speeds(seen: "RepSignals") -> list[FloatArray]:
    """Angular speeds of hips and torso, + into the effort; of a hold, + as its angles are."""
    from labeler.signals.lowpass import speed_per_s  # brings SciPy

    hips, torso = seen.channels
    names = (hips if hips.endswith("_deg") else ANGLE_OF_HIPS, torso)
    return [_towards(seen, name) * speed_per_s(seen[name], seen.times_s) for name in names]


def _towards(seen: "RepSignals", name: str) -> float:
    """Sign of an angle's change into the effort: a lift bends, a turn goes as the hips turn."""
    from labeler.features.rep_signals import FALLING  # brings SciPy

    if seen.kind is RepKind.CYCLIC:
        return -1.0 if name in FALLING else 1.0
    hips = seen.channels[0]
    return -1.0 if seen.turn_level(hips) < seen.start_level(hips) else 1.0


def _hidden(record: RepRecord, clip: Clip, movement: Movement | None) -> str:
    """Why nothing may be told of a repetition; empty where it may."""
    if record.rep.quality is RepQuality.BAD:
        reasons = ", ".join(record.rep.reasons) or "it was lost for too long"
        return f"The pose is unreliable here: {reasons}."
    views = _shown_from(movement, clip.fps_median)
    if clip.tags.view is None or clip.tags.view in views:
        return ""
    said = f"The {clip.tags.view.words} view cannot show who goes first."
    best = " or ".join(view.words for view in views)
    return f"{said} Film it from: {best}." if best else f"{said} Nor can any other."


def _shown_from(movement: Movement | None, fps: float = math.nan) -> list[View]:
    """The views from which the product's own features tell this lag, as far as was measured.

    A hold has no lag: its speeds are seen wherever its channels are.
    """
    from labeler.features.registry import all_features  # brings SciPy
    from labeler.features.shown import is_shown, why_hidden

    lag = next(one for one in all_features() if one.name == f"{LAG}_ms")
    views = [view for view in View if is_shown(lag, view, movement)]
    if movement is not None and movement.rep_kind is RepKind.HOLD:
        return views
    return [view for view in views if not why_hidden(lag, movement, view, fps)]


def _unmoved(seen: "RepSignals", values: FloatArray) -> str:
    """Why there is no progress in one course or both, though the view would show it."""
    if seen.kind is RepKind.HOLD:
        return "A hold has no way to a turn: there is no progress, only speed."
    if not seen.has_descent:
        return "The way to the turn was not seen whole: there is no progress."
    lost = [
        f"the {who} was not seen"
        if not np.isfinite(seen[channel]).any()
        else f"the {who} hardly moved"
        for who, channel, course in zip(("hip", "torso"), seen.channels, values, strict=False)
        if not np.isfinite(course).any()
    ]
    return f"No progress: {' and '.join(lost)}." if lost else ""


def in_phase(rep: RepCourses) -> FloatArray:
    """Courses on the clock of a band; shape (len(COURSES), 2 * N_PER_PHASE + 1)."""
    times_s, cut = rep.times_s, rep.record.rep
    turn_s = times_s[cut.turn_frame - cut.start_frame]
    there_s = np.linspace(times_s[0], turn_s, N_PER_PHASE + 1)
    back_s = np.linspace(turn_s, times_s[-1], N_PER_PHASE + 1)[1:]
    at_s = np.concatenate([there_s, back_s])
    return np.stack([np.interp(at_s, times_s, course) for course in rep.values])


def _band(good: Mapping[RepId, FloatArray], rep: RepCourses) -> Band | None:
    """The band of the good repetitions but this one; None where they are too few."""
    others = [course for rep_id, course in good.items() if rep_id != rep.record.rep_id]
    if len(others) < MIN_BAND_REPS:
        return None
    every = np.stack(others)
    is_enough = np.isfinite(every).sum(axis=0) >= MIN_BAND_REPS
    known = np.where(is_enough, every, 0.0)  # a percentile of nothing would warn
    low, high = np.where(is_enough, np.nanpercentile(known, BAND_PERCENT, axis=0), np.nan)
    return Band(len(others), low, high)


def _whose(clip: Clip) -> tuple[object, ...]:
    return clip.tags.athlete, clip.tags.movement, clip.tags.view, clip.origin


def _channels(movement: Movement | None) -> tuple[str, str]:
    from labeler.features.rep_signals import channels_of  # brings SciPy

    return channels_of(movement)


def _told(value: float, n_digits: int) -> float | None:
    """A number as JSON takes it."""
    return round(float(value), n_digits) if math.isfinite(value) else None
