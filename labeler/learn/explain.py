"""Which signals spoke most for an answer, in the words of a coach, and where to look in the video.

A signal speaks as much as the answer would change if all that is measured of it were as usual
without the fault (occlusion). Where that is not known, as for older models, the weights of logistic
regression times the standardised values stand for it.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from labeler.core.arrays import Float32Array, FloatArray
from labeler.core.units import Unit
from labeler.features.posture import POSTURE_WORDS
from labeler.features.registry import Feature, all_features, home_of
from labeler.features.rep_signals import HIP, TORSO, RepSignals
from labeler.features.series import RepSeries
from labeler.learn.committee import MOVEMENT, Committee
from labeler.learn.members import log_odds

LEAST_PROBABILITY = 1e-6
"""Probabilities are held so far from 0 and 1: pushes stay finite."""

MIN_PUSH = 0.01
"""Log-odds: what pushes less says nothing, a quarter of a per cent at most."""

FAMILY_WORDS: Mapping[str, str] = {
    "sequencing": "who leads, hips or torso",
    "travel": "who leads, the pelvis's way back or the torso",
    "coordination": "how hips and torso move together",
    "spine": "bend of the hip against that of the back",
    "separation": "turn of the thorax against the pelvis",
    "smoothness": "smoothness",
    "tempo": "tempo",
}
"""What features of several signals, or of none, speak about, by family."""

UNIT_SIGNS: Mapping[str, str] = {
    Unit.DEGREE: "°",
    Unit.DEGREE_PER_SECOND: "°/s",
    Unit.SECOND: " s",
    Unit.MILLISECOND: " ms",
    Unit.PERCENTAGE_POINT: " points",
    Unit.LEG_LENGTH: " leg lengths",
    Unit.LEG_LENGTH_PER_SECOND: " leg lengths/s",
    Unit.RATIO: "",
    Unit.RATIO_PER_SECOND: "/s",
    Unit.COUNT: "",
}

WORLD = "_world_"
"""In the name of a signal that tells an angle of the picture once more in space."""

OTHER_FEATURE = re.compile(r"`(\w+)`")
"""A feature in the title of another one."""

WHERE_LOWEST = "_min_"
WHERE_TURNS = "_turn_"


@dataclass(frozen=True, slots=True)
class Spoken:
    """How a signal moved one answer.

    Parameters
    ----------
    key : str
        The signal, or the family of features where it is of several.
    about : str
        The same in words.
    feature : str
        The measurement of it that was most unlike what is usual without the fault.
    value, usual : float
        Of that measurement; NaN where it was not measured, or nothing is known to be usual.
    push : float
        Log-odds by which the signal raised the answer, below 0 where it lowered it.
    """

    key: str
    about: str
    feature: str
    value: float
    usual: float
    push: float

    @property
    def measured(self) -> str:
        """The measurement in words, with its value and what is usual."""
        what = title_of(self.feature)
        if np.isnan(self.value):
            return f"{what} (not measured)"
        usual = "" if np.isnan(self.usual) else f"; {self._say(self.usual)} is usual without it"
        return f"{what} ({self._say(self.value)}{usual})"

    @property
    def words(self) -> str:
        """As a coach reads it."""
        return f"{self.measured} speaks {'for' if self.push > 0 else 'against'} the fault"

    def _say(self, value: float) -> str:
        unit = unit_of(self.feature)
        digits = 0 if abs(value) >= 10 else 2 if abs(value) < 1 else 1
        said = f"{value:.{digits}f}"
        return f"{said.removeprefix('-') if float(said) == 0 else said}{UNIT_SIGNS.get(unit, '')}"


@dataclass(frozen=True, slots=True, eq=False)
class Usual:
    """What is usual without the fault.

    Parameters
    ----------
    features : Mapping[str, float]
        Median by feature; NaN where it was never measured.
    courses : FloatArray | None
        Shape (n_channels, n_points), by the channels of the committee; None where not known.
    """

    features: Mapping[str, float]
    courses: FloatArray | None = None


def spoken(
    committee: Committee, features: pd.DataFrame, series: RepSeries | None, usual: Usual | None
) -> list[list[Spoken]]:
    """Per repetition the signals that moved the answer, strongest first."""
    if features.empty:
        return []
    groups = groups_of(committee.feature_names)
    of_features = _pushes(committee, features, usual)
    if usual is None:
        names = list(committee.feature_names)
        places = [[names.index(name) for name in group] for group in groups.values()]
        of_groups = np.stack([of_features[:, one].sum(axis=1) for one in places])
    else:
        of_groups = _occluded(committee, features, series, groups=groups, usual=usual)
    return [
        _strongest(committee.feature_names, groups, of_groups[:, n], row, pushes)
        for n, (row, pushes) in enumerate(
            zip(_rows(committee, features, usual), of_features, strict=True)
        )
    ]


def groups_of(names: Sequence[str]) -> dict[str, list[str]]:
    """Features by what they are about: a signal, or a family where they are of several."""
    groups: dict[str, list[str]] = {}
    for name in names:
        groups.setdefault(key_of(name), []).append(name)
    return groups


def key_of(name: str) -> str:
    """What a feature is about; one that no registry knows is about itself."""
    one = _known().get(name)
    if one is None:
        return name
    family = home_of(one).rpartition(".")[2]
    if family in ("contour", "posture") or len(one.needs) == 1:
        (signal, *_) = one.needs
        signal = signal.replace(WORLD, "_")
        return signal if signal in POSTURE_WORDS else family
    return family


def about(key: str) -> str:
    """A signal or family in words."""
    return POSTURE_WORDS.get(key) or FAMILY_WORDS.get(key) or _bare(key)


def title_of(name: str) -> str:
    """A feature in words: the title of its registry, or its name without the unit."""
    one = _known().get(name)
    if one is None:
        said = _bare(name)
    else:
        said = one.summary.split(";")[0].rstrip(".").removesuffix(" in the rep")
        said = OTHER_FEATURE.sub(lambda found: _in_words(found[1]), said)
    return said[:1].upper() + said[1:]


def _in_words(name: str) -> str:
    """A feature that another one's title names."""
    said = title_of(name)
    return f"{said[:1].lower()}{said[1:]}"


def unit_of(name: str) -> str:
    """The unit that a name ends in; empty where in none."""
    return max((unit.value for unit in Unit if unit.ends(name)), key=len, default="")


def where_to_look(feature: str, seen: RepSignals) -> int:
    """The frame of a repetition, from its first, at which a measurement shows best.

    The extremum of the signal that it is of: the lowest value where it tells of that, else what is
    furthest from where the signal began. Of who leads, where hips and torso are furthest apart on
    their way. The turn, where none of these is known.
    """
    key = key_of(feature)
    if WHERE_TURNS in feature:
        return seen.turn
    if key in seen.values:
        values = seen[key]
        known = np.flatnonzero(np.isfinite(values))
        if not known.size:
            return seen.turn
        away = -values if WHERE_LOWEST in feature else np.abs(values - values[known[0]])
        return int(known[np.argmax(away[known])])
    apart = np.abs(seen[TORSO] - seen[HIP])[seen.descent]
    is_about_both = key in ("sequencing", "travel", "coordination")
    return int(np.nanargmax(apart)) if is_about_both and np.isfinite(apart).any() else seen.turn


def _known() -> dict[str, Feature]:
    return {one.name: one for one in all_features()}


def _bare(name: str) -> str:
    return name.removesuffix(f"_{unit_of(name)}").replace("_", " ")


def _rows(committee: Committee, features: pd.DataFrame, usual: Usual | None) -> FloatArray:
    """Value and usual value of every feature, shape (n_reps, 2, n_features)."""
    names = list(committee.feature_names)
    values = features[names].to_numpy(np.float64)
    known = np.full(len(names), np.nan)
    if usual is not None:
        known = np.array([usual.features.get(name, np.nan) for name in names])
    return np.stack([values, np.broadcast_to(known, values.shape)], axis=1)


def _strongest(
    names: Sequence[str],
    groups: Mapping[str, Sequence[str]],
    of_groups: FloatArray,
    row: FloatArray,
    pushes: FloatArray,
) -> list[Spoken]:
    """What one repetition was answered by."""
    place = {name: n for n, name in enumerate(names)}
    found = []
    for (key, members), push in zip(groups.items(), of_groups, strict=True):
        if abs(push) >= MIN_PUSH:
            inside = [place[name] for name in members]
            told = [n for n in inside if np.isfinite(row[0, n])] or inside
            best = max(told, key=lambda n: np.sign(push) * pushes[n])
            value, usual = row[:, best]
            one = Spoken(key, about(key), names[best], float(value), float(usual), float(push))
            found.append(one)
    return sorted(found, key=lambda one: -abs(one.push))


def weights_of(committee: Committee) -> tuple[FloatArray, list[int]]:
    """Coefficient of every column inside the logistic pipeline, and the column it comes from.

    The features come first, then which movement a rep is of.
    """
    names = list(map(str, committee.logistic.feature_names_in_))
    inner = committee.logistic[:-1].get_feature_names_out()
    origins = [names.index(str(name).removeprefix("missingindicator_")) for name in inner]
    return committee.logistic[-1].coef_[0], origins


def logistic_pushes(committee: Committee, features: pd.DataFrame) -> FloatArray:
    """Log-odds that each feature adds in logistic regression, shape (n_reps, n_features)."""
    coefficients, origins = weights_of(committee)
    columns = committee.columns(features)
    inner = np.asarray(committee.logistic[:-1].transform(columns)) * coefficients
    pushes: FloatArray = inner @ np.eye(columns.shape[1])[origins]
    return pushes[:, : len(committee.feature_names)]


def _pushes(committee: Committee, features: pd.DataFrame, usual: Usual | None) -> FloatArray:
    """The same, beyond what is usual without the fault where that is known."""
    own = logistic_pushes(committee, features)
    if usual is None:
        return own
    every = [committee.feature_names]
    return own - logistic_pushes(committee, _as_usual(committee, features, usual, every))


def _as_usual(
    committee: Committee, features: pd.DataFrame, usual: Usual, groups: Iterable[Sequence[str]]
) -> pd.DataFrame:
    """The same repetitions once for each group, with its features as usual without the fault."""
    names = list(committee.feature_names)
    place = {name: n for n, name in enumerate(names)}
    values = features[names].to_numpy(np.float64)
    known = np.array([usual.features.get(name, np.nan) for name in names])
    blocks = []
    for group in groups:
        inside = [place[name] for name in group]
        block = values.copy()
        block[:, inside] = known[inside]
        blocks.append(block)
    found = pd.DataFrame(np.concatenate(blocks), columns=names)
    if committee.movements:
        found[MOVEMENT] = np.tile(features[MOVEMENT].to_numpy(), len(blocks))
    return found


def _occluded(
    committee: Committee,
    features: pd.DataFrame,
    series: RepSeries | None,
    *,
    groups: Mapping[str, Sequence[str]],
    usual: Usual,
) -> FloatArray:
    """Log-odds that each group adds to the committee's answer, shape (n_groups, n_reps).

    Everything is asked at once: the trees take their time for each question, not for each row.
    """
    nothing: list[str] = []
    tables = _as_usual(committee, features, usual, [nothing, *groups.values()])
    courses = None
    if series is not None and committee.channel_names:
        heard = RepSeries(committee.channel_names, series.channels(committee.channel_names))
        parts = [heard.values, *(_as_heard(heard, key, usual) for key in groups)]
        courses = RepSeries(committee.channel_names, np.concatenate(parts))
    said = committee.probability(tables, courses)
    pushes = log_odds(said, least=LEAST_PROBABILITY).reshape(-1, len(features))
    found: FloatArray = pushes[0] - pushes[1:]
    return found


def _as_heard(heard: RepSeries, key: str, usual: Usual) -> Float32Array:
    """Courses with the one of a signal, where there is one, as it usually is without the fault."""
    values = heard.values
    if usual.courses is None or key not in heard.names:
        return values
    place = heard.names.index(key)
    course = usual.courses[place]
    if not np.isfinite(course).all():
        return values
    values = values.copy()
    values[:, place] = course
    return values
