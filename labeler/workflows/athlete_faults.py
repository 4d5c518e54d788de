"""How often each fault shows in an athlete, from session to session and week to week."""

import datetime as dt
import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from labeler.catalog.spec import Drill, Fault
from labeler.core.clip import Clip, View
from labeler.core.label import FaultId
from labeler.workflows.athlete_reps import COUNTED, AthleteRep, Known, Said, Verdict
from labeler.workflows.athlete_shares import Share, trend_words

RULE_WORDS = "the hand-written rule"
"""How the detector called ``rule`` reads in a sentence."""


class By(StrEnum):
    """How time is cut."""

    SESSION = "session"
    WEEK = "week"


@dataclass(frozen=True, slots=True)
class Period:
    """One session or week: its name, and the day on which its first clip came in."""

    name: str
    day: str


@dataclass(frozen=True, slots=True)
class PeriodShares:
    """How often a fault shows in one period, as people say and as the detector says."""

    period: Period
    raters: Share
    detector: Share


@dataclass(frozen=True, slots=True)
class FaultHistory:
    """One fault of one movement over time.

    Parameters
    ----------
    detector : str
        Who answers beside the raters.
    raters, detected : Share
        Over all periods.
    """

    movement: str
    fault: Fault
    detector: str
    raters: Share
    detected: Share
    periods: tuple[PeriodShares, ...]

    @property
    def is_seen(self) -> bool:
        """Whether people or the detector saw the fault at least once."""
        return self.raters.n_present + self.detected.n_present > 0

    @property
    def raters_trend(self) -> str:
        """Whether it became rarer, by what people say."""
        return trend_words([p.period.name for p in self.periods], [p.raters for p in self.periods])

    @property
    def detector_trend(self) -> str:
        """The same by what the detector says."""
        names = [p.period.name for p in self.periods]
        return trend_words(names, [p.detector for p in self.periods])

    def as_dict(self) -> dict[str, Any]:
        """Plain values for scripts."""
        return {
            "movement": self.movement,
            "fault": self.fault.id,
            "raters": self.raters.as_dict(),
            "raters_trend": self.raters_trend,
            "detector": self.detector,
            "detected": self.detected.as_dict(),
            "detector_trend": self.detector_trend,
            "periods": [
                {
                    "name": one.period.name,
                    "day": one.period.day,
                    "raters": one.raters.as_dict(),
                    "detected": one.detector.as_dict(),
                }
                for one in self.periods
            ],
        }


def detector_words(name: str) -> str:
    """Who a detector is, as a sentence says it."""
    return RULE_WORDS if name == "rule" else name or "nobody"


def histories(known: Known, by: By) -> list[FaultHistory]:
    """Every fault that is asked of a movement or was answered, the most frequent first.

    One repetition that several cameras filmed counts once: from the camera that shows the fault
    best and where it was judged.
    """
    found = [
        _history(known, movement, fault, by)
        for movement in known.movements
        for fault in _faults(known, movement)
    ]
    order = {movement: place for place, movement in enumerate(known.movements)}
    return sorted(found, key=lambda one: (order[one.movement], *_rarity(one)))


def _rarity(one: FaultHistory) -> tuple[float, float]:
    """Ascending: frequent first, what nobody judged last; raters before the detector."""
    ratios = (one.raters.ratio, one.detected.ratio)
    first, second = (1.0 if math.isnan(ratio) else -ratio for ratio in ratios)
    return first, second


def _faults(known: Known, movement: str) -> list[Fault]:
    ids = {rep.rep_id for rep in known.of(movement)}
    answered = {
        fault
        for (rep_id, fault), verdict in known.verdicts.items()
        if rep_id in ids and verdict.rated in COUNTED
    }
    asked = known.catalog.faults_of(movement)
    more = [known.catalog.faults[fault] for fault in answered if fault in known.catalog.faults]
    return list({fault.id: fault for fault in (*asked, *sorted(more, key=lambda f: f.id))}.values())


def _history(known: Known, movement: str, fault: Fault, by: By) -> FaultHistory:
    reps = known.of(movement)
    periods = {name: _within(reps, name, by) for name in periods_of(reps, by)}
    return FaultHistory(
        movement,
        fault,
        known.detectors.get((movement, fault.id), ""),
        _share(known, reps, fault, _rated),
        _share(known, reps, fault, _detected),
        tuple(
            PeriodShares(
                period,
                _share(known, inside, fault, _rated),
                _share(known, inside, fault, _detected),
            )
            for period, inside in periods.items()
        ),
    )


def _rated(verdict: Verdict) -> Said:
    return verdict.rated


def _detected(verdict: Verdict) -> Said:
    return verdict.detected


def _share(
    known: Known, reps: Iterable[AthleteRep], fault: Fault, said: Callable[[Verdict], Said]
) -> Share:
    groups: dict[str, list[AthleteRep]] = {}
    for rep in reps:
        groups.setdefault(rep.turn_of, []).append(rep)
    answers = Counter(_best(known, group, fault, said) for group in groups.values())
    n_present, n_absent = answers[Said.PRESENT], answers[Said.ABSENT]
    left_out = {one.value: answers[one] for one in Said if one not in COUNTED and answers[one]}
    return Share(n_present, n_present + n_absent, left_out)


def _best(
    known: Known, group: Sequence[AthleteRep], fault: Fault, said: Callable[[Verdict], Said]
) -> Said:
    """The answer from the camera that shows the fault best, among those where it was judged."""
    order = (*fault.views, *fault.weak_views)  # the best first
    rank: dict[View | None, int] = {view: place for place, view in enumerate(order)}
    ranked = sorted(group, key=lambda rep: rank.get(rep.clip.tags.view, len(order)))
    told = [said(known.verdict(rep, fault.id)) for rep in ranked]
    return next((one for one in told if one in COUNTED), told[0])


def periods_of(reps: Iterable[AthleteRep], by: By) -> list[Period]:
    """Sessions or weeks in the order in which their first clip came in."""
    first: dict[str, str] = {}
    for rep in reps:
        name, day = period_name(rep.clip, by), rep.clip.ingested_at[:10]
        first[name] = min(first.get(name, day), day)
    return [Period(name, day) for name, day in sorted(first.items(), key=_in_time)]


def _in_time(named: tuple[str, str]) -> tuple[str, list[tuple[int, str]]]:
    """By day, then by name: S10 after S9."""
    name, day = named
    parts = re.findall(r"\d+|\D+", name)
    return day, [(int(part), "") if part.isdigit() else (-1, part) for part in parts]


def period_name(clip: Clip, by: By) -> str:
    """The session that was told, else the clip itself; or the ISO week in which it came in."""
    if by is By.SESSION:
        return clip.tags.session or clip.file_name
    year, week, _ = dt.date.fromisoformat(clip.ingested_at[:10]).isocalendar()
    return f"{year}-W{week:02d}"


def _within(reps: Iterable[AthleteRep], period: Period, by: By) -> list[AthleteRep]:
    return [rep for rep in reps if period_name(rep.clip, by) == period.name]


@dataclass(frozen=True, slots=True)
class Advice:
    """What to do about a fault that was seen, as the catalogue has it."""

    fault: Fault
    movements: tuple[str, ...]
    is_rated: bool
    drills: tuple[Drill, ...]

    def as_dict(self) -> dict[str, Any]:
        """Plain values for scripts."""
        return {
            "fault": self.fault.id,
            "movements": list(self.movements),
            "seen_by": "raters" if self.is_rated else "detector only",
            "why": self.fault.why,
            "cue": self.fault.cue,
            "drills": [drill.id for drill in self.drills],
        }


def plan(found: Iterable[FaultHistory], drills: Mapping[str, Drill]) -> list[Advice]:
    """Cue and drills for each fault seen: those that people saw first, the most frequent first."""
    movements: dict[FaultId, list[FaultHistory]] = {}
    for one in sorted(found, key=_rarity):
        if one.is_seen:
            movements.setdefault(one.fault.id, []).append(one)
    advice = [
        Advice(
            every[0].fault,
            tuple(one.movement for one in every),
            any(one.raters.n_present for one in every),
            tuple(drills[name] for name in every[0].fault.drills),
        )
        for every in movements.values()
    ]
    return sorted(advice, key=lambda one: not one.is_rated)


@dataclass(frozen=True, slots=True)
class Extreme:
    """The best or worst repetition of a movement.

    Parameters
    ----------
    severity : float
        Mean severity over the faults that people judged, 0 to 3.
    n_faults : int
        How many those are.
    """

    rep: AthleteRep
    severity: float
    n_faults: int
    seen: tuple[str, ...]

    def as_dict(self) -> dict[str, Any]:
        """Plain values for scripts."""
        return {
            "rep_id": self.rep.rep_id,
            "clip": self.rep.clip.short_id,
            "file": self.rep.clip.file_name,
            "rep": self.rep.record.index,
            "start_s": round(self.rep.record.rep.start_s, 3),
            "severity": round(self.severity, 3),
            "n_faults": self.n_faults,
            "faults": list(self.seen),
        }


def best_and_worst(known: Known, movement: str) -> tuple[Extreme, Extreme] | None:
    """The repetitions with the least and the most severe faults, by people's common answers.

    By the mean severity over the faults judged; of two alike the one in which the detectors in
    force find fewer, or more, of the faults they answer; then the earlier. None where fewer than
    two repetitions were judged.
    """
    told = [one for rep in known.of(movement) if (one := _extreme(known, rep)) is not None]
    if len(told) < 2:
        return None
    key = {one.rep.rep_id: (one.severity, _detected_ratio(known, one.rep)) for one in told}
    best = min(told, key=lambda one: key[one.rep.rep_id])
    others = [one for one in told if one is not best]
    return best, max(others, key=lambda one: key[one.rep.rep_id])


def _extreme(known: Known, rep: AthleteRep) -> Extreme | None:
    judged = {
        fault: verdict.severity
        for (rep_id, fault), verdict in known.verdicts.items()
        if rep_id == rep.rep_id and math.isfinite(verdict.severity)
    }
    if not judged:
        return None
    seen = sorted((f for f, severity in judged.items() if severity), key=lambda f: -judged[f])
    names = tuple(known.catalog.name_of(fault) for fault in seen)
    return Extreme(rep, sum(judged.values()) / len(judged), len(judged), names)


def _detected_ratio(known: Known, rep: AthleteRep) -> float:
    """Share of the detectors' answers that say present; 0 without any."""
    told = [
        verdict.detected
        for (rep_id, _), verdict in known.verdicts.items()
        if rep_id == rep.rep_id and verdict.detected in COUNTED
    ]
    return told.count(Said.PRESENT) / len(told) if told else 0.0
