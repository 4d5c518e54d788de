"""One athlete over two sessions, with known answers; nobody else is in the dataset."""

from collections.abc import Mapping, Sequence

from support_datasets import TAGS, add_hinges
from support_raters import AT

from labeler.core.clip import Clip, ClipTags
from labeler.core.label import Action, ActionId, ActionKind, Answer, FaultId, LabelFact
from labeler.store.dataset import Dataset

FAULT = FaultId("torso_dip_first")
OTHER = FaultId("hip_delay")
CLEAR = FaultId("knee_dominant")


def add_session(
    dataset: Dataset,
    session: str,
    answers: Mapping[str, Mapping[str, str]],
    *,
    tags: ClipTags = TAGS,
    is_synthetic: bool = False,
) -> Clip:
    """A clip of four hinges; answers by rater and fault, a word per repetition, dot: not rated."""
    told = ClipTags(tags.athlete, tags.movement, tags.view, session)
    name = f"{session}-{tags.movement}-{tags.view}.mp4"
    clip = add_hinges(dataset, name, tags=told, is_synthetic=is_synthetic)
    for rater, by_fault in answers.items():
        rate(dataset, clip, rater, {fault: words.split() for fault, words in by_fault.items()})
    return clip


def rate(dataset: Dataset, clip: Clip, rater: str, said: Mapping[str, Sequence[str]]) -> None:
    """What a rater answers about each repetition of a clip."""
    records = dataset.journal.reps(clip.clip_id)
    facts = tuple(
        LabelFact(record.rep_id, FaultId(fault), Answer(word))
        for fault, words in said.items()
        for record, word in zip(records, words, strict=True)
        if word != "."
    )
    action_id = ActionId(f"{rater}-{clip.short_id}:1")
    action = Action(action_id, ActionKind.IMPORT, clip.clip_id, rater, AT, "cli", labels=facts)
    dataset.journal.record(action)


def two_sessions(dataset: Dataset, *, is_synthetic: bool = False) -> tuple[Clip, Clip]:
    """S1: the fault in 3 of 3 that were seen; S2: in 1 of 3 judged, one tied."""
    first = {
        "Ann": {FAULT: "3 2 2 NV", OTHER: "0 0 0 0"},
        "Ben": {FAULT: "3 2 2 NV", OTHER: "0 0 0 0"},
    }
    second = {
        "Ann": {FAULT: "0 0 2 3", OTHER: "0 0 0 0"},
        "Ben": {FAULT: "0 0 2 0", OTHER: "0 0 0 ."},
    }
    return (
        add_session(dataset, "S1", first, is_synthetic=is_synthetic),
        add_session(dataset, "S2", second, is_synthetic=is_synthetic),
    )
