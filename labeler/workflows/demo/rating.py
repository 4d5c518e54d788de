"""Two made-up people rate the demo as real ones would: by the same operations, into the journal."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from labeler.catalog import Catalog
from labeler.core.clip import Clip
from labeler.core.label import FIRST_ROUND, REPEAT_ROUND, ActionId, Answer
from labeler.core.rep import RepId, RepRecord
from labeler.store.dataset import Dataset
from labeler.synthetic.motion import perform
from labeler.synthetic.plan import RepTruth
from labeler.synthetic.raters import SimulatedRater
from labeler.workflows.acting import Sender, apply
from labeler.workflows.assigning import AssignmentWish, assign
from labeler.workflows.cataloguing import catalog_of
from labeler.workflows.demo.contents import PlannedClip
from labeler.workflows.disputes import Verdict, already_settled, decide, disputes, unsettled
from labeler.workflows.importing import utc_now
from labeler.workflows.labeling import questions_of
from labeler.workflows.operations import AllClearOp, AnswerOp, DeleteRepOp
from labeler.workflows.queueing import second_look

CLIENT = "demo"

Pressed = AnswerOp | AllClearOp | DeleteRepOp

STRICT = SimulatedRater("Ann", 11, flip_ratio=0.03, step_ratio=0.15, severity_shift=0.10)
MILD = SimulatedRater("Ben", 12, flip_ratio=0.06, step_ratio=0.20, severity_shift=-0.10)
RATERS = (STRICT, MILD)
"""Two who know the sheet, one of them stricter: they agree well enough to learn from, and differ
often enough to have something to talk about."""

AGAIN_SEED = 1000
"""Added to a rater's own when a repetition comes again: people err otherwise on another day."""

ADJUDICATOR = "Eve"
"""Rates nothing, so that she may see all answers."""

MIN_OVERLAP_RATIO = 0.5
"""Of a repetition as it was cut that has to lie in one that was done, to be that one."""

N_DECIDED = 2
REASON = "Looked at again together, frame by frame."

REPEAT_RATIO = 0.05

N_UNRATED = 3
"""Repetitions at the end of one set that the second rater has still to rate."""

NOTE = "Clearest in this frame: compare it with a good repetition of the same set."
MOMENT_FROM = (Answer.CLEAR, Answer.SEVERE)
UNSURE, UNSURE_EVERY = 0.6, 7
"""How sure a rater is of every so many-th fault; of the others they do not say."""


@dataclass(frozen=True, slots=True)
class RatedClip:
    """A set of the dataset, and what is true of its repetitions.

    Parameters
    ----------
    performed : tuple[RepTruth, ...]
        The repetitions that the athlete did.
    place_of : Mapping[RepId, int]
        Which of them each repetition of the dataset is; what was cut by mistake is missing.
    """

    clip: Clip
    planned: PlannedClip
    performed: tuple[RepTruth, ...]
    place_of: Mapping[RepId, int]


def rate_all(dataset: Dataset, planned: Sequence[PlannedClip]) -> int:
    """Share the sets out, rate them, rate some again, and settle some disputes.

    What is in the journal already stays as it is, so that an interrupted demo goes on.

    Returns
    -------
    int
        How many operations are new.
    """
    by_name = {clip.file_name: clip for clip in dataset.clips.all()}
    sets = [
        _with_truth(dataset, by_name[one.name], one)
        for one in planned
        if not one.is_left and one.name in by_name
    ]
    before = dataset.journal.newest_number()
    _assign(dataset, sets)
    for one in sets:
        _take_out(dataset, one, STRICT)
    for rater in RATERS:
        for place, one in enumerate(sets):
            _rate(dataset, one, rater, n_left=_n_left(rater, place, sets))
    for one in sets:
        _rate_again(dataset, one, STRICT)
    _decide_some(dataset, sets)
    return dataset.journal.newest_number() - before


def _n_left(rater: SimulatedRater, place: int, sets: Sequence[RatedClip]) -> int:
    """The second rater is not quite done with the last set."""
    return N_UNRATED if rater is MILD and place == len(sets) - 1 else 0


def _with_truth(dataset: Dataset, clip: Clip, planned: PlannedClip) -> RatedClip:
    """What was cut from the video, held against what was performed."""
    performed = perform(planned.plan).reps
    place_of: dict[RepId, int] = {}
    for record in dataset.journal.reps(clip.clip_id):
        shared = [_overlap_ratio(record, truth) for truth in performed]
        if max(shared) > MIN_OVERLAP_RATIO:
            place_of[record.rep_id] = shared.index(max(shared))
    return RatedClip(clip, planned, performed, place_of)


def _overlap_ratio(record: RepRecord, truth: RepTruth) -> float:
    """What a repetition of the dataset shares with one that was done, over its own length."""
    cut = record.rep
    shared_s = min(cut.stop_s, truth.stop_s) - max(cut.start_s, truth.start_s)
    return shared_s / cut.duration_s


def _assign(dataset: Dataset, sets: Iterable[RatedClip]) -> None:
    known = {found.clip_id for found in dataset.journal.assignments()}
    clips = [one.clip for one in sets if one.clip.clip_id not in known]
    if clips:
        wish = AssignmentWish([rater.name for rater in RATERS], repeat_ratio=REPEAT_RATIO)
        assign(dataset, clips, wish, by=ADJUDICATOR)


def _take_out(dataset: Dataset, one: RatedClip, rater: SimulatedRater) -> None:
    """What is no repetition, such as taking up the weight, is taken out by the first to see it."""
    wrong = [
        rep for rep in dataset.journal.reps(one.clip.clip_id) if rep.rep_id not in one.place_of
    ]
    ops = [DeleteRepOp(n, utc_now(), record.rep_id) for n, record in enumerate(wrong)]
    _send(dataset, one.clip, rater.name, ops)


def _rate(dataset: Dataset, one: RatedClip, rater: SimulatedRater, *, n_left: int) -> None:
    """Every repetition of a set but the last few."""
    records = dataset.journal.reps(one.clip.clip_id)
    ops = _ops(catalog_of(dataset), one, records[: len(records) - n_left], rater, has_remarks=True)
    _send(dataset, one.clip, rater.name, ops)


def _rate_again(dataset: Dataset, one: RatedClip, rater: SimulatedRater) -> None:
    """The repetitions that come again to a rater, as somebody who has forgotten them."""
    again = second_look(dataset, one.clip, rater.name)
    records = [rep for rep in dataset.journal.reps(one.clip.clip_id) if rep.rep_id in again]
    on_another_day = replace(rater, seed=rater.seed + AGAIN_SEED)
    ops = _ops(catalog_of(dataset), one, records, on_another_day, has_remarks=False)
    _send(dataset, one.clip, rater.name, ops, round_number=REPEAT_ROUND)


def _ops(
    catalog: Catalog,
    one: RatedClip,
    records: Iterable[RepRecord],
    rater: SimulatedRater,
    *,
    has_remarks: bool,
) -> list[Pressed]:
    """What the rater presses: the faults that they see, then all clear, rep by rep."""
    view, seed = one.clip.tags.view, one.planned.plan.seed
    said = rater.answers(one.planned.plan.movement, one.performed, view=view, clip_seed=seed)
    at_utc = utc_now()
    ops: list[Pressed] = []
    for record in records:
        answers = said[one.place_of[record.rep_id]]
        for question in questions_of(one.clip, catalog):
            usual = Answer.ABSENT if question.is_visible else Answer.NOT_VISIBLE
            answer = answers.get(question.fault.id, usual)
            if answer is not usual:
                pressed = AnswerOp(len(ops), at_utc, record.rep_id, question.fault.id, answer)
                ops.append(_remarked(pressed, record) if has_remarks else pressed)
        ops.append(AllClearOp(len(ops), at_utc, record.rep_id))
    return ops


def _remarked(op: AnswerOp, record: RepRecord) -> AnswerOp:
    """What the rater says beside an answer: the moment of a clear fault, a note on a severe one."""
    is_unsure = op.seq % UNSURE_EVERY == 0
    return replace(
        op,
        moment_frame=record.rep.turn_frame if op.answer in MOMENT_FROM else None,
        note=NOTE if op.answer is Answer.SEVERE else None,
        confidence=UNSURE if is_unsure else None,
    )


def _send(
    dataset: Dataset,
    clip: Clip,
    rater: str,
    ops: Iterable[Pressed],
    *,
    round_number: int = FIRST_ROUND,
) -> None:
    """Put operations into the journal, each under an id that is the same when it is sent again."""
    for op in ops:
        about = op.fault if isinstance(op, AnswerOp) else type(op).__name__
        action_id = ActionId(f"{CLIENT}-{rater}-{op.rep_id}-{round_number}-{about}:1")
        if not dataset.journal.knows(action_id):
            sender = Sender(rater, action_id, op.at_utc, CLIENT, round_number)
            apply(op, dataset, clip, sender)


def _decide_some(dataset: Dataset, sets: Iterable[RatedClip]) -> None:
    """Settle the first disputes as the truth is; the others stay open for who looks at the demo."""
    of_clip = {one.clip.clip_id: one for one in sets}
    found = [one for one in disputes(dataset) if one.clip.clip_id in of_clip]
    for dispute in unsettled(found)[: max(N_DECIDED - len(already_settled(found)), 0)]:
        one = of_clip[dispute.clip.clip_id]
        truth = one.performed[one.place_of[dispute.record.rep_id]]
        answer = Answer(str(truth.severities.get(dispute.fault, 0)))
        verdict = Verdict(dispute.record.rep_id, dispute.fault, answer, REASON)
        decide(dataset, one.clip, verdict, adjudicator=ADJUDICATOR)
