"""Who of several people is the athlete: told apart by place and size, followed over the clip."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Self

import numpy as np

from labeler.core.arrays import FloatArray
from labeler.core.clip import FrameTimes
from labeler.pose.body import body_length, centre, has_human_limbs
from labeler.pose.estimator import Pose

SizePx = tuple[int, int]
"""Width and height of the upright picture."""

PERSON_MIN_RATIO = 0.10
"""A body shorter than this share of the picture's short side shows no usable angles."""
APART_BODIES = 0.5
"""Two poses whose centres are further apart than this (in body lengths) are two people; two looks
at one person agree within 0.04."""
BYSTANDER_MIN_RATIO = 0.4
"""A person smaller than this share of the largest stands in the background and is no athlete."""
CROWDED_MIN_S = 0.5
"""Two people for less than this are a glitch or a poster in passing."""

REACH_BODIES = 0.35
"""How far a person moves, in body lengths, from one sighting to the next within a moment."""
REACH_BODIES_PER_S = 2.0
"""And how much further for each second out of sight: a brisk walk, or a jump down from a box."""
REACH_MAX_BODIES = 2.5
"""A pose further away than this from where a person was last seen is someone else."""
MEMORY_S = 0.4
"""Frame to frame, a person out of sight for longer than this ends; a later stretch may rejoin."""
REJOIN_MAX_S = 2.0
"""How long a person may be out of sight and still be taken for the same one."""
STRETCH_MIN_S = 0.2
"""A stretch of sightings shorter than this is a ghost."""
RESIZE_MAX_RATIO = 1.6
"""A person does not become larger or smaller than by this factor between two sightings."""


@dataclass(frozen=True, slots=True, eq=False)
class Look:
    """One picture seen afresh, with the frame it belongs to."""

    frame: int
    poses: Sequence[Pose]


@dataclass(frozen=True, slots=True)
class _Sighting:
    """Where a person is in one picture, in pixels."""

    frame: int
    at_s: float
    pose: Pose
    centre_px: FloatArray
    body_px: float

    @classmethod
    def of(cls, pose: Pose, size_px: SizePx, *, frame: int = 0, at_s: float = 0.0) -> Self:
        """Measure a pose in a picture of `size_px`."""
        xy_px = pose.xy_ratio * np.array(size_px, dtype=np.float64)
        return cls(frame, at_s, pose, centre(xy_px), float(body_length(xy_px)))

    def bodies_from(self, other: "_Sighting") -> float:
        """Distance in lengths of the larger body."""
        distance_px = float(np.linalg.norm(self.centre_px - other.centre_px))
        return distance_px / max(self.body_px, other.body_px)

    def is_apart(self, others: Sequence["_Sighting"]) -> bool:
        """Whether this is somebody else than all of the others in the same picture."""
        return all(self.bodies_from(other) > APART_BODIES for other in others)


@dataclass(slots=True)
class _Person:
    """One person's sightings in the order of time."""

    sightings: list[_Sighting] = field(default_factory=list)

    @property
    def lasts_s(self) -> float:
        """From the first sighting to the last."""
        if not self.sightings:
            return 0.0
        return self.sightings[-1].at_s - self.sightings[0].at_s

    def rest_of(self, stretch: "_Person") -> "_Person | None":
        """What of a later stretch could be this person again; None where it cannot be.

        Two stretches of one person may overlap for a moment, when the network sees double.
        """
        last_s = self.sightings[-1].at_s
        starts_s = stretch.sightings[0].at_s
        rest = _Person([seen for seen in stretch.sightings if seen.at_s > last_s])
        is_near_in_time = -MEMORY_S <= starts_s - last_s <= REJOIN_MAX_S
        return rest if is_near_in_time and rest.lasts_s >= STRETCH_MIN_S else None

    def misfit(self, seen: _Sighting) -> float | None:
        """How badly a sighting in a later frame continues this person; None where it cannot."""
        last = self.sightings[-1]
        unseen_s = seen.at_s - last.at_s
        reach = min(REACH_MAX_BODIES, REACH_BODIES + REACH_BODIES_PER_S * unseen_s)
        resize = max(last.body_px, seen.body_px) / min(last.body_px, seen.body_px)
        bodies = last.bodies_from(seen)
        return bodies if bodies <= reach and resize <= RESIZE_MAX_RATIO else None

    def prominence(self, size_px: SizePx) -> float:
        """Summed over frames: size in the picture, weighted by nearness to its upright middle."""
        width_px, height_px = size_px
        return sum(
            sighting.body_px / height_px * _centrality(float(sighting.centre_px[0]), width_px)
            for sighting in self.sightings
        )


def may_be_several(
    looks: Sequence[Look], tracked: Sequence[Pose | None], times: FrameTimes, size_px: SizePx
) -> bool:
    """Whether one tracked person may be two: cheap to ask, and only a reason to look closer.

    Either a fresh look sees somebody apart from the tracked person, or the track leaps from one
    place to another faster than a person does.
    """
    return _has_leap(tracked, times, size_px) or any(
        _n_people([*look.poses, *_known(tracked[look.frame])], size_px) > 1 for look in looks
    )


def is_crowded(frames: Sequence[Sequence[Pose]], times: FrameTimes, size_px: SizePx) -> bool:
    """Whether several people of like size are in view for at least `CROWDED_MIN_S` in all."""
    n_crowded = sum(_n_people(poses, size_px) > 1 for poses in frames)
    return n_crowded * times.duration_s / times.n_frames >= CROWDED_MIN_S


def choose_athlete(
    frames: Sequence[Sequence[Pose]], times: FrameTimes, size_px: SizePx
) -> list[Pose | None]:
    """Follow everybody, and give the poses of the largest and most central person of the clip.

    Parameters
    ----------
    frames : Sequence[Sequence[Pose]]
        Everybody found, frame by frame.
    times : FrameTimes
        When each frame is shown.
    size_px : tuple[int, int]
        Width and height of the upright picture.
    """
    people = _rejoined(_stretches(frames, times, size_px))
    chosen: list[Pose | None] = [None] * len(frames)
    if people:
        athlete = max(people, key=lambda person: person.prominence(size_px))
        for sighting in athlete.sightings:
            chosen[sighting.frame] = sighting.pose
    return chosen


def _stretches(
    frames: Sequence[Sequence[Pose]], times: FrameTimes, size_px: SizePx
) -> list[_Person]:
    """Everybody followed from frame to frame, in the order in which they came into view."""
    stretches: list[_Person] = []
    for frame, poses in enumerate(frames):
        at_s = float(times.pts_s[frame])
        near = [person for person in stretches if at_s - person.sightings[-1].at_s <= MEMORY_S]
        seen = [_Sighting.of(pose, size_px, frame=frame, at_s=at_s) for pose in _human(poses)]
        stretches += _assign(near, seen)
    return [person for person in stretches if person.lasts_s >= STRETCH_MIN_S]


def _rejoined(stretches: Sequence[_Person]) -> list[_Person]:
    """Stretches of the same person put together across the time out of sight."""
    people: list[_Person] = []
    for stretch in stretches:
        fits = [
            (misfit, number, rest)
            for number, person in enumerate(people)
            if (rest := person.rest_of(stretch)) is not None
            and (misfit := person.misfit(rest.sightings[0])) is not None
        ]
        if fits:
            _, number, rest = min(fits, key=lambda fit: fit[:2])
            people[number].sightings.extend(rest.sightings)
        else:
            people.append(_Person(list(stretch.sightings)))
    return people


def _has_leap(tracked: Sequence[Pose | None], times: FrameTimes, size_px: SizePx) -> bool:
    alone = [
        _Sighting.of(pose, size_px, frame=frame, at_s=float(times.pts_s[frame]))
        for frame, pose in enumerate(tracked)
        if pose is not None
    ]
    return any(_Person([before]).misfit(after) is None for before, after in pairwise(alone))


def _known(pose: Pose | None) -> list[Pose]:
    return [] if pose is None else [pose]


def _assign(people: Sequence[_Person], seen: Sequence[_Sighting]) -> list[_Person]:
    """Give each sighting to the person whom it continues best; who is left over is new.

    Unless close to somebody seen in the same picture: then the network sees one person twice.
    """
    fits = sorted(
        (misfit, number, index)
        for number, person in enumerate(people)
        for index, sighting in enumerate(seen)
        if (misfit := person.misfit(sighting)) is not None
    )
    is_free = [True] * len(people)
    taken: dict[int, _Sighting] = {}
    for _, number, index in fits:
        if is_free[number] and index not in taken:
            people[number].sightings.append(seen[index])
            taken[index] = seen[index]
            is_free[number] = False
    known = list(taken.values())
    new: list[_Sighting] = []
    for index, sighting in enumerate(seen):
        if index not in taken and sighting.is_apart([*known, *new]):
            new.append(sighting)
    return [_Person([sighting]) for sighting in new]


def _centrality(x_px: float, width_px: int) -> float:
    """1 in the middle of the picture's width, 0 at its edges and beyond."""
    return max(0.0, 1.0 - abs(2.0 * x_px / width_px - 1.0))


def _human(poses: Sequence[Pose]) -> list[Pose]:
    return [pose for pose in poses if bool(has_human_limbs(pose.world_m))]


def _n_people(poses: Sequence[Pose], size_px: SizePx) -> int:
    """How many plausible people of like size stand apart from each other."""
    seen = [_Sighting.of(pose, size_px) for pose in _human(poses)]
    least_px = max(
        PERSON_MIN_RATIO * min(size_px),
        BYSTANDER_MIN_RATIO * max((person.body_px for person in seen), default=0.0),
    )
    apart: list[_Sighting] = []
    for sighting in seen:
        if sighting.body_px >= least_px and sighting.is_apart(apart):
            apart.append(sighting)
    return len(apart)
