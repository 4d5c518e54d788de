"""Who of several people in a file is the athlete: the one who is seen largest and longest."""

from dataclasses import dataclass, field

import numpy as np

from labeler.core.arrays import BoolArray, FloatArray

REACH_BODIES = 1.0
"""How far, in body sizes, a person may be from where they were last seen. Further than anybody gets
from frame to frame, for a person may be lost for a moment; nearer people are taken first."""

CROWDED_RATIO = 0.1
"""Somebody else counts when they fill at least this share of what the athlete fills of the clip."""

NOBODY = -1


@dataclass(frozen=True, slots=True)
class Athlete:
    """Which of the people of each frame is the athlete, and whether there are others."""

    places: tuple[int, ...]
    is_crowded: bool

    def of(self, people: FloatArray) -> FloatArray:
        """The athlete's part of an array (n_frames, n_people, ...); NaN where not there."""
        found = np.full((people.shape[0], *people.shape[2:]), np.nan)
        for frame, place in enumerate(self.places):
            if place != NOBODY:
                found[frame] = people[frame, place]
        return found


@dataclass(slots=True)
class _Stretch:
    """One person, followed: where they are, how large, and which of each frame's people."""

    centre: FloatArray
    prominence: float = 0.0
    largest: float = 0.0
    places: dict[int, int] = field(default_factory=dict)

    def add(self, frame: int, place: int, *, centre: FloatArray, size: float) -> None:
        self.centre = centre
        self.prominence += size
        self.largest = max(self.largest, size)
        self.places[frame] = place

    def bodies_to(self, centre: FloatArray, size: float) -> float:
        """How far away a sighting is, in lengths of the larger body."""
        distance = float(np.linalg.norm(self.centre - centre))
        body = max(self.largest, size)
        return distance / body if body > 0 else distance


def body_sizes(points: FloatArray) -> FloatArray:
    """Diagonal of the box around all known points; shape (...), 0 where fewer than two are known.

    Parameters
    ----------
    points : FloatArray
        Shape (..., n_points, n_coordinates); NaN is not known.
    """
    is_known = np.isfinite(points).all(axis=-1, keepdims=True)
    high = np.where(is_known, points, -np.inf).max(axis=-2, initial=-np.inf)
    low = np.where(is_known, points, np.inf).min(axis=-2, initial=np.inf)
    has_any = high >= low
    sides = np.where(has_any, high, 0.0) - np.where(has_any, low, 0.0)
    sizes: FloatArray = np.linalg.norm(sides, axis=-1)
    return sizes


def known_athlete(people: FloatArray) -> Athlete:
    """The athlete where the file tells people apart: the same place in every frame.

    Parameters
    ----------
    people : FloatArray
        Coordinates, shape (n_frames, n_people, n_points, n_coordinates); NaN is not known.
    """
    best, is_crowded = _most_prominent(body_sizes(people).sum(axis=0))
    return Athlete((best,) * len(people), is_crowded)


def follow_athlete(people: FloatArray) -> Athlete:
    """Follow everybody from frame to frame, by nearness, and choose the athlete.

    Parameters
    ----------
    people : FloatArray
        Coordinates, shape (n_frames, n_people, n_points, n_coordinates), in no order within a
        frame; a person who is not there is NaN.
    """
    stretches: list[_Stretch] = []
    for frame, (seen, sizes) in enumerate(zip(people, body_sizes(people), strict=True)):
        _continue(stretches, frame, seen, sizes)
    if not stretches:
        return Athlete((NOBODY,) * len(people), is_crowded=False)
    prominences = np.array([stretch.prominence for stretch in stretches])
    best, is_crowded = _most_prominent(prominences)
    places = stretches[best].places
    return Athlete(tuple(places.get(frame, NOBODY) for frame in range(len(people))), is_crowded)


def _continue(stretches: list[_Stretch], frame: int, seen: FloatArray, sizes: FloatArray) -> None:
    """Give each person of a frame to the stretch they continue, nearest first; others begin one."""
    is_known: BoolArray = np.asarray(np.isfinite(seen).all(axis=-1))
    there = [int(place) for place in np.flatnonzero(is_known.any(axis=-1))]
    centres = {place: seen[place, is_known[place]].mean(axis=0) for place in there}
    pairs = sorted(
        (stretch.bodies_to(centre, float(sizes[place])), number, place)
        for number, stretch in enumerate(stretches)
        for place, centre in centres.items()
    )
    taken: set[int] = set()
    for bodies, number, place in pairs:
        if bodies <= REACH_BODIES and number not in taken and place in centres:
            taken.add(number)
            centre = centres.pop(place)
            stretches[number].add(frame, place, centre=centre, size=float(sizes[place]))
    for place, centre in centres.items():
        stretches.append(_Stretch(centre))
        stretches[-1].add(frame, place, centre=centre, size=float(sizes[place]))


def _most_prominent(prominences: FloatArray) -> tuple[int, bool]:
    """The first of the largest, and whether another comes near enough to count."""
    best = int(np.argmax(prominences))
    others = np.delete(prominences, best)
    least = CROWDED_RATIO * prominences[best]
    return best, bool(np.any((others >= least) & (others > 0)))
