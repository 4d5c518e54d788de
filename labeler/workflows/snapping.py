"""What the machine sees in a clip, for people who cut by hand: candidates, frames to snap to."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from labeler.core.clip import Clip
from labeler.store.dataset import Dataset
from labeler.workflows.deriving import movement_of, signals_of
from labeler.workflows.reviewing import rejected_row

Snaps = Mapping[str, tuple[int, ...]]
"""Frames in time for each edge: ``start``, ``turn`` and ``stop``, the frame after the last one."""


@dataclass(frozen=True, slots=True)
class Proposals:
    """What the machine looked at and turned down, as rows, and frames that edges snap to."""

    rejected: tuple[dict[str, Any], ...] = ()
    snaps: Snaps = field(default_factory=dict)


def proposals_of(dataset: Dataset, clip: Clip) -> Proposals:
    """Search a clip anew, whatever people have cut in it since.

    Edges snap to those of every candidate, counted or not; a turn also to where the body is
    furthest, start and stop also to where it is nearest.
    """
    from labeler.reps.segment import find_reps  # brings SciPy
    from labeler.reps.turning import extreme_frames

    signals, movement = signals_of(dataset, clip), movement_of(clip.tags)
    search = find_reps(signals, movement)
    reps = [*search.reps, *(one.rep for one in search.rejected)]
    furthest, nearest = extreme_frames(signals, movement)
    snaps = {
        "start": _in_time([*nearest, *(rep.start_frame for rep in reps)]),
        "turn": _in_time([*furthest, *(rep.turn_frame for rep in reps)]),
        "stop": _in_time([*(frame + 1 for frame in nearest), *(rep.stop_frame for rep in reps)]),
    }
    rejected = sorted(search.rejected, key=lambda one: one.rep.start_frame)
    return Proposals(tuple(rejected_row(one) for one in rejected), snaps)


def _in_time(frames: Iterable[int]) -> tuple[int, ...]:
    return tuple(sorted(set(frames)))
