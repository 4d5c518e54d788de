"""Made-up raters: answers typed as words, and raters who err at a stated rate."""

from collections.abc import Mapping, Sequence
from hashlib import sha256

import numpy as np

from labeler.core.clip import Clip, ClipId, ClipTags, FrameTimes, View
from labeler.core.label import (
    MACHINE,
    Action,
    ActionId,
    ActionKind,
    Answer,
    FaultId,
    Label,
    LabelFact,
    RepFact,
)
from labeler.core.rep import Rep, RepId, make_rep_id
from labeler.evaluate.agreement_ratings import Ratings
from labeler.store.dataset import Dataset
from labeler.workflows.acting import Sender, apply
from labeler.workflows.operations import AllClearOp

AT = "2026-01-02T03:04:05.678Z"


def answers_of(fault: FaultId, answers: Mapping[str, str]) -> list[Label]:
    """Labels from rater -> answers to reps r0, r1, ...; a dot is *not rated*."""
    return [
        Label(RepId(f"r{n}"), fault, rater, Answer(word), AT)
        for rater, words in answers.items()
        for n, word in enumerate(words.split())
        if word != "."
    ]


def simulated_severities(
    n_reps: int, *, n_raters: int = 3, error_ratio: float = 0.2, seed: int = 7
) -> np.ndarray:
    """What raters say who see a common truth, one step off in `error_ratio` of the reps."""
    rng = np.random.default_rng(seed)
    truth = rng.choice(4, size=(n_reps, 1), p=[0.5, 0.15, 0.2, 0.15])
    off = rng.choice([-1, 1], size=(n_reps, n_raters))
    is_off = rng.random((n_reps, n_raters)) < error_ratio
    return np.clip(truth + off * is_off, 0, 3).astype(float)


def simulated_ratings(
    *, n_athletes: int = 10, n_reps_each: int = 8, n_raters: int = 3, error_ratio: float = 0.3
) -> Ratings:
    """Raters of the same reps; every rep rated by all."""
    n_reps = n_athletes * n_reps_each
    severity = simulated_severities(n_reps, n_raters=n_raters, error_ratio=error_ratio)
    athlete = np.repeat([f"A{n:02d}" for n in range(n_athletes)], n_reps_each).astype(object)
    raters = tuple(f"rater {n}" for n in range(n_raters))
    return Ratings("back_rounding", raters, severity, np.zeros(severity.shape, bool), athlete)


def add_rated_sets(
    dataset: Dataset,
    severities: np.ndarray,
    *,
    raters: Sequence[str],
    faults: Sequence[str] = ("back_rounding",),
    n_reps_each: int = 5,
) -> None:
    """One clip per athlete, without pose, cut into reps that the raters have answered.

    `severities` has shape (n_reps, n_raters): 0 to 3, -1 for *not visible*, NaN for *not rated*;
    every fault gets the same answers.
    """
    for number, start in enumerate(range(0, len(severities), n_reps_each)):
        said = severities[start : start + n_reps_each]
        clip_id, rep_ids = _add_set(dataset, number, len(said))
        for rater, answers in zip(raters, said.T, strict=True):
            facts = tuple(
                LabelFact(rep_id, FaultId(fault), _answer(answer))
                for rep_id, answer in zip(rep_ids, answers, strict=True)
                for fault in faults
                if np.isfinite(answer)
            )
            action_id = ActionId(f"{rater}-{number}-{faults[0]}:1")
            dataset.journal.record(
                Action(action_id, ActionKind.IMPORT, clip_id, rater, AT, "cli", labels=facts)
            )


def clear_long_ago(dataset: Dataset, clip: Clip, rater: str) -> None:
    """Every repetition of a clip wholly answered, all clear, so long ago that it is forgotten."""
    for record in dataset.journal.reps(clip.clip_id):
        action_id = ActionId(f"{rater}-{record.rep_id}-long-ago:1")
        apply(AllClearOp(1, AT, record.rep_id), dataset, clip, Sender(rater, action_id, AT, "cli"))


def _answer(severity: float) -> Answer:
    return Answer.NOT_VISIBLE if severity < 0 else Answer(str(int(severity)))


def _add_set(dataset: Dataset, number: int, n_reps: int) -> tuple[ClipId, list[RepId]]:
    """A clip of one athlete with reps of three seconds, if it is not there yet."""
    clip_id = ClipId(sha256(f"set {number}".encode()).hexdigest())
    rep_ids = [make_rep_id(clip_id, n + 1) for n in range(n_reps)]
    if dataset.clips.find(clip_id) is None:
        times = FrameTimes(np.arange(90 * n_reps) / 30.0)
        tags = ClipTags(f"A{number:02d}", "deadlift", View.SIDE)
        clip = Clip(
            clip_id, f"set{number:02d}.mp4", tags, 1280, 720, times.n_frames, times.duration_s,
            30.0, 0.0, 0.0, 0, 1.0, None, AT,
        )  # fmt: skip
        reps = [
            Rep(90 * n, 90 * n + 45, 90 * n + 90, 3.0 * n, 3.0 * n + 1.5, 3.0 * n + 3.0)
            for n in range(n_reps)
        ]
        facts = tuple(RepFact(rep_id, rep) for rep_id, rep in zip(rep_ids, reps, strict=True))
        cut_id = ActionId(f"cut-{number}:1")
        cut = Action(cut_id, ActionKind.CUT, clip_id, MACHINE, AT, "cli", reps=facts)
        dataset.clips.add(clip, times, cut=cut)
    return clip_id, rep_ids
