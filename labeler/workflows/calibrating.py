"""Slow motion: a clip filmed at 240 frames per second and stored at 30 is told once.

From then on its times are real everywhere: signals, repetitions, features, the player's clock,
exports. The frame times that came in stay as they are, so that it can be taken back, and undone
like everything else that a person does: it is a step of the rater's line of undo, and stands in the
history of the clip's repetitions.
"""

import math
from collections.abc import Sequence
from dataclasses import replace

from labeler.core.clip import Clip
from labeler.core.errors import UsageError
from labeler.core.label import MACHINE, Action, ActionKind, CalibrationFact
from labeler.store.dataset import Dataset
from labeler.workflows.acting import CLI, Sender
from labeler.workflows.importing import cut_again

MAX_FILMED_FPS = 10_000.0
"""No camera that films people is faster: a larger number is a slip of the hand."""


def calibrate(
    dataset: Dataset, clip: Clip, filmed_fps: float | None, *, rater: str, client: str = CLI
) -> Clip:
    """Tell at how many frames per second a clip was filmed; None: as its file plays.

    A clip whose repetitions nobody has touched is cut again, for its speeds are others now.

    Raises
    ------
    UsageError
        If the number can be no frame rate, the clip has a single frame, or no name is given.
    """
    sender = Sender.from_command(rater, client)
    if filmed_fps == clip.filmed_fps:
        return clip
    if filmed_fps is not None:
        _require_rate(clip, filmed_fps)
    action = sender.action(ActionKind.CALIBRATE, clip)
    dataset.journal.record(replace(action, calibrations=(CalibrationFact(filmed_fps),)))
    cut_again(dataset, clip)
    return dataset.clips.get(clip.clip_id)


def cut_where_due(dataset: Dataset) -> None:
    """Cut again what is cut at another speed than was told: a kill came before the new cut.

    Telling of slow motion, undo and redo are in the journal before the cut that follows from them.
    """
    for clip_id in dataset.journal.clocks_after_cuts():
        clip = dataset.clips.get(clip_id)
        scale = _scale_at_last_cut(clip, dataset.journal.actions(clip_id))
        cut_again(dataset, replace(clip, time_scale=scale))


def _scale_at_last_cut(clip: Clip, actions: Sequence[Action]) -> float:
    """How many real seconds a second of the file lasted when the machine last cut a clip."""
    filmed_fps = told_fps = None
    for action in actions:
        if action.calibrations:
            told_fps = action.calibrations[-1].filmed_fps
        if action.kind is ActionKind.CUT and action.author == MACHINE:
            filmed_fps = told_fps
    stored_fps = clip.fps_median * clip.time_scale
    return 1.0 if filmed_fps is None else stored_fps / filmed_fps


def parse_filmed_fps(text: str) -> float | None:
    """Read a frame rate as people type it; ``none`` takes it back."""
    if text.strip().lower() == "none":
        return None
    try:
        return float(text)
    except ValueError:
        raise UsageError(
            f"filmed at: expected frames per second or none, got {text!r}.",
            hint="Such as 240, for slow motion filmed at 240 frames per second.",
        ) from None


def _require_rate(clip: Clip, filmed_fps: float) -> None:
    if not 0.0 < filmed_fps <= MAX_FILMED_FPS:
        raise UsageError(
            f"filmed at: expected more than 0 and at most {MAX_FILMED_FPS:.0f} frames per second, "
            f"got {filmed_fps}.",
            hint="The camera's own number, such as 120 or 240.",
        )
    if math.isnan(clip.fps_median):
        raise UsageError(
            f"{clip.file_name}: expected a clip of several frames, got a single one.",
            hint="There is no time between frames to tell about.",
        )
