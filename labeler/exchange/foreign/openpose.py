"""OpenPose: a folder with one ``*_keypoints.json`` per frame, people without names or identity.

Source: OpenPose documentation, output format: ``people[].pose_keypoints_2d`` is x, y, confidence
for each keypoint; a keypoint that was not found is 0, 0, 0.
"""

import re
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from labeler.core.arrays import FloatArray
from labeler.exchange.foreign.json_points import Json, first_of, load_json, number_of
from labeler.exchange.foreign.name_map import map_of
from labeler.exchange.foreign.people import follow_athlete
from labeler.exchange.foreign.points import SPARSE_MAX, ForeignPoints, unit_of, wrong_file

SUFFIX = "_keypoints.json"
KEYPOINT_KEYS = ("pose_keypoints_2d", "pose_keypoints")
"""The second is that of versions before 1.1."""

N_VALUES = 3
"""x, y, confidence."""

_NUMBER = re.compile(rf"(\d+){re.escape(SUFFIX)}$")


def frame_files(folder: Path) -> list[Path]:
    """The files of a folder in the order of their frames, which is that of their names."""
    return sorted(folder.glob(f"*{SUFFIX}"))


def read_openpose(folder: Path) -> ForeignPoints:
    """Read a folder of frames; BODY_25 and COCO are told apart by their number of keypoints.

    Raises
    ------
    ExchangeError
        If there is no frame, one is no JSON, or the keypoints are of another model.
    """
    files = frame_files(folder) if folder.is_dir() else []
    if not files:
        raise wrong_file(folder, f"a folder with files that end in {SUFFIX}", "none")
    frames = [_people(file) for file in files]
    n_values = {len(person) for people in frames for person in people}
    model, names = _model(folder, n_values)
    values = _stacked(frames, _numbers(files), len(names))
    athlete = follow_athlete(values[..., :2])
    found = athlete.of(values)
    return ForeignPoints(
        names,
        found[..., :2],
        unit=unit_of(found[..., :2]),
        confidence=found[..., 2],
        made_by={"model": f"OpenPose {model}"},
        is_numbered=True,
        is_crowded=athlete.is_crowded,
    )


def _people(file: Path) -> list[list[Json]]:
    people = first_of(load_json(file), ("people",))
    if not isinstance(people, list):
        raise wrong_file(file, "a list of people, as OpenPose writes it", "none")
    return [first_of(person, KEYPOINT_KEYS) or [] for person in people]


def _model(folder: Path, n_values: set[int]) -> tuple[str, tuple[str, ...]]:
    orders = map_of("openpose").orders
    for model, names in orders.items():
        if n_values == {N_VALUES * len(names)}:
            return model, names
    known = " or ".join(f"{len(names)} ({model})" for model, names in orders.items())
    got = ", ".join(f"{n / N_VALUES:g}" for n in sorted(n_values)) or "nobody in any frame"
    raise wrong_file(folder, f"people with {known} keypoints", got)


def _numbers(files: Sequence[Path]) -> list[int]:
    """The frames' numbers from the files' names; their places where the names do not count."""
    found = [_NUMBER.search(file.name) for file in files]
    numbers = [int(match[1]) for match in found if match]
    places = list(range(len(files)))
    if len(set(numbers)) < len(files) or max(numbers) - min(numbers) > SPARSE_MAX * len(files):
        return places
    return [number - min(numbers) for number in numbers]


def _stacked(
    frames: Sequence[Sequence[Sequence[Json]]], numbers: Sequence[int], n_points: int
) -> FloatArray:
    """Everybody's keypoints; shape (n_frames, most people, n_points, 3); NaN is missing."""
    n_people = max(len(people) for people in frames)
    values = np.full((max(numbers) + 1, n_people, n_points, N_VALUES), np.nan)
    for number, people in zip(numbers, frames, strict=True):
        for person, flat in enumerate(people):
            values[number, person] = np.reshape([number_of(v) for v in flat], (-1, N_VALUES))
    is_missing = (values == 0).all(axis=-1)
    values[is_missing] = np.nan
    return values
