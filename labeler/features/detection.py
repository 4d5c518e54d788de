"""What lags and turns can be told from video, as measured on made-up athletes.

The numbers are those that ``benchmarks/synthetic_truth.py --store`` wrote: none is typed.
"""

import datetime as dt
import json
import math
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from hashlib import sha256
from importlib.resources import files
from typing import Any

import numpy as np

from labeler.core.clip import View

FILE = "detection.toml"

COMBINED = "lag_comb_ms"
"""The least noisy of all lags: what is told of a view or frame rate in general."""

MIN_SLOPE = 0.7
"""Where less of what is true arrives, a limit in measured milliseconds means something else."""

LEAST_SLOPE = 0.05
"""A slope that is smaller is none: nothing can be detected by it."""

LOD_PER_SD = 3.29
"""Detection limit over standard deviation: 5 % false alarms and 95 % power."""

MOST_SHOWN_MS: Mapping[str, float] = {
    "hinge": 250.0,
    "deadlift": 250.0,
    "squat": 250.0,
    "kb_swing": 150.0,
    "rotation": 100.0,
}
"""The largest lead of the torso that faulty repetitions show: priors of the made-up athletes. Where
less cannot be told from none, nothing can."""

MOST_SHOWN_PP = 50.0
"""The same of leads at a quarter of the way: half of it is what the rater's sheet calls severe."""

MOST_SHOWN_DEG = 30.0
"""The same of turns that should not be: what the rater's sheet calls severe begins before it."""

MOST_TURNED_DEG: Mapping[tuple[str, str], float] = {
    ("rotation", "pelvis"): 180.0,
    ("rotation", "thorax"): 180.0,
    ("tspine_rot", "thorax"): 76.0,
}
"""And of those that are meant to be, from one side to the other: priors of the made-up athletes."""

TURNS = frozenset({"rotation", "tspine_rot", "antirot"})
"""Movements about the body's long axis: what a view shows of turns says nothing of a lean."""

AS_FROM = {View.REAR: View.FRONT}
"""What nobody measured from one view counts as measured from the other: the same depth is lost."""


@dataclass(frozen=True, slots=True)
class Measured:
    """One lag or turn from one view at one frame rate; ms or degrees, NaN where not known.

    Parameters
    ----------
    code : str
        Version of the code that made the clips, saw them and measured.
    slope : float
        Measured per true.
    bias : float
        Mean of measured less true.
    sd : float
        Of one repetition about the line of measured against true.
    limit, set_limit : float
        Smallest that one repetition, or the mean of eight, tells from none; infinite where nothing
        can.
    limit_low, limit_high : float
        Where `limit` is with 90 % confidence, by leaving out each clip in turn.
    landmarks_limit : float
        That of one repetition from true landmarks with noise: what no network would cost.
    is_unseen : bool
        Whether it was looked for and seen in too few repetitions for any number: then nothing can
        be told, where without a line nobody would have looked.
    """

    movement: str
    view: View
    fps: float
    name: str
    made_on: dt.date
    code: str
    n_clips: int
    n_reps: int
    slope: float = math.nan
    bias: float = math.nan
    sd: float = math.nan
    limit: float = math.nan
    set_limit: float = math.nan
    limit_low: float = math.nan
    limit_high: float = math.nan
    landmarks_limit: float = math.nan
    is_unseen: bool = False

    @property
    def most_shown(self) -> float:
        """The largest value that repetitions show; infinite where nobody has said."""
        if self.name.endswith("_ms"):
            return MOST_SHOWN_MS.get(self.movement, math.inf)
        if self.name.endswith("_pp"):
            return MOST_SHOWN_PP
        part = self.name.partition("_")[0]
        return MOST_TURNED_DEG.get((self.movement, part), MOST_SHOWN_DEG)

    @property
    def least_told(self) -> float:
        """Smallest true value told from none by who knows offset and slope; inf without a slope."""
        return LOD_PER_SD * self.sd / self.slope if self.slope > LEAST_SLOPE else math.inf

    @property
    def why_not(self) -> str:
        """Why a rule, which compares with a number, cannot judge by it; empty where it can."""
        if self.is_unseen:
            return UNSEEN
        if not self.slope >= MIN_SLOPE:
            return f"{max(self.slope, 0.0):.0%} of what is true is seen"
        return self._too_much(self.limit)

    @property
    def why_nothing(self) -> str:
        """Why it tells nothing, whoever learns its offset and slope; empty where it does.

        A rule refuses all of these too: its limit is never below `least_told`.
        """
        if self.is_unseen:
            return UNSEEN
        if not self.slope > LEAST_SLOPE:
            return "nothing of what is true is seen"
        return self._too_much(self.least_told)

    def _too_much(self, limit: float) -> str:
        if not limit > self.most_shown:
            return ""
        unit = UNIT_WORDS.get(self.name.rpartition("_")[2], "°")
        return f"what is told from none begins at {limit:.0f} {unit}, more than repetitions show"


UNSEEN = "it was seen in too few repetitions to tell anything"
"""Why nothing can be told where no number could be had."""

UNIT_WORDS = {"ms": "ms", "pp": "points"}
"""By ending of a name; all others are degrees."""


@cache
def _stored() -> Mapping[str, Any]:
    return tomllib.loads(files("labeler.features").joinpath(FILE).read_text(encoding="utf-8"))


@cache
def measured() -> tuple[Measured, ...]:
    """Every line of the stored table, in its order."""
    return tuple(Measured(**row | {"view": View(row["view"])}) for row in _stored()["measured"])


def made_words() -> str:
    """Command, dates, code and size of what was measured, in a line."""
    rows = measured()
    days = sorted({row.made_on.isoformat() for row in rows})
    cells = {(row.movement, row.view, row.fps): row for row in rows}.values()
    return (
        f"`{_stored()['command']}`, {' and '.join(days)}, code "
        f"{', '.join(sorted({row.code for row in rows}))}: {sum(row.n_clips for row in cells)} "
        f"clips, {sum(row.n_reps for row in cells)} repetitions"
    )


def digest() -> str:
    """Of the whole stored table: answers depend on it."""
    rows = [[str(getattr(row, name)) for name in Measured.__slots__] for row in measured()]
    return sha256(json.dumps(rows).encode()).hexdigest()


def hidden_digest() -> str:
    """Of what was measured, and which of it tells nothing: what is hidden hangs on both.

    A line that is added may bring back what was hidden by its neighbours. Numbers that change
    without hiding more or less leave it the same.
    """
    told = sorted(
        [
            one.movement,
            one.view.value,
            f"{one.fps:g}",
            one.name,
            "hidden" if one.why_nothing else "",
        ]
        for one in measured()
    )
    return sha256(json.dumps(told).encode()).hexdigest()[:HIDDEN_DIGITS]


HIDDEN_DIGITS = 4
"""Hexadecimal digits that tell two versions of what is hidden apart."""


def rows_of(movement: str | None, name: str, view: View | None = None) -> tuple[Measured, ...]:
    """The lines of a movement and lag by frame rate; of its best view where none is told.

    The best view is that with the smallest limit at its lowest frame rate. A view of `AS_FROM` has
    the lines of the other where it has none of its own.
    """
    found = [one for one in measured() if (one.movement, one.name) == (movement, name)]
    if view is None and found:
        slowest = [one for one in found if one.fps == min(each.fps for each in found)]
        view = min(slowest, key=lambda one: one.limit).view
    if not any(one.view is view for one in found):
        view = AS_FROM.get(view, view) if view is not None else None
    kept = (one for one in found if one.view is view)
    return tuple(sorted(kept, key=lambda one: one.fps))


def detection_limit(
    movement: str | None, fps: float, view: View | None = None, name: str = COMBINED
) -> float:
    """The least of a lag (ms) or turn (degrees) that one repetition can show; NaN if not measured.

    Between the frame rates that were measured along a line over log fps; outside as at the nearest.
    """
    rows = [
        replace(one, limit=math.inf) if one.is_unseen else one
        for one in rows_of(movement, name, view)
        if one.is_unseen or not math.isnan(one.limit)
    ]
    if not rows or not fps > 0:
        return math.nan
    limits = [one.limit for one in rows]
    return float(np.interp(np.log(fps), np.log([one.fps for one in rows]), limits))


def widest_limit(movement: str, fps: float, view: View, name: str) -> float:
    """The worst detection limit of that lag or turn from that view, of all movements alike.

    What stands in where nobody measured the movement itself from there. Alike are all that turn, or
    all that do not. NaN where nobody measured any of them from that view; one that was not seen is
    no number.
    """
    is_turn = movement in TURNS
    alike = {one.movement for one in measured() if (one.movement in TURNS) is is_turn}
    limits = [
        detection_limit(one, fps, view, name)
        for one in sorted(alike)
        if not any(row.is_unseen for row in rows_of(one, name, view))
    ]
    return max((limit for limit in limits if not math.isnan(limit)), default=math.nan)


def why_not_shown(movement: str | None, fps: float, view: View, name: str) -> str:
    """Why no rule can judge a lag or turn from a view, by the nearest frame rate; empty if one can.

    Empty too where nobody measured: nothing is refused without a number.
    """
    nearest = nearest_of(movement, fps, view, name)
    return "" if nearest is None else nearest.why_not


def nearest_of(movement: str | None, fps: float, view: View, name: str) -> Measured | None:
    """The line of the nearest frame rate that was measured; None where nobody measured."""
    rows = rows_of(movement, name, view)
    if not rows:
        return None
    at = math.log(fps) if fps > 0 else math.log(rows[0].fps)
    return min(rows, key=lambda one: abs(math.log(one.fps) - at))
