"""Commands of several raters: who rates what, what is next, and where they disagree."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from labeler.cli.options import (
    DEFAULT_DATASET,
    DEFAULT_MODELS,
    ClipArgument,
    ClipsArgument,
    DatasetOption,
    FaultArgument,
    JsonOption,
    ModelsOption,
    RaterOption,
    RepArgument,
    ViewOption,
)
from labeler.cli.output import log, print_json, print_rows
from labeler.core.label import SEVERITY_THRESHOLD

if TYPE_CHECKING:
    from labeler.workflows.comparing import Compared
    from labeler.workflows.side_by_side import SideBySide

NOTHING_TO_DO = "Nothing is left to do."
NOBODY = "Nobody has answered anything, and nobody is assigned."
NO_ASSIGNMENTS = "No set is assigned. Share them out: labeler assign --to ANNA --to BEN --by EVE"
NOTHING_IN_COMMON = "Nobody else has answered what you have answered wholly."
NO_DISPUTES = "No disputes: where two raters have answered, they agree."
NO_DISPUTES_IN_SIGHT = (
    "No disputes among what you have rated, or others alone are to rate. All, where you settle and "
    "do not rate: --adjudicate"
)
NOTHING_SETTLED = "Nothing is settled yet: labeler decide CLIP REP FAULT ANSWER --reason WHY"
USUAL_REPEATS = 0.05
"""As in `labeler.workflows.assigning`, which is imported only when it is needed."""


def queue(
    rater: Annotated[
        str | None,
        typer.Option(envvar="LABELER_RATER", help="Whose queue. Nobody's: how far everybody is."),
    ] = None,
    progress: Annotated[
        bool, typer.Option(help="How far, per fault, instead of what is next.")
    ] = False,
    movement: Annotated[str | None, typer.Option(help="Only this movement.")] = None,
    athlete: Annotated[str | None, typer.Option(help="Only this athlete.")] = None,
    view: ViewOption = None,
    fault: Annotated[str | None, typer.Option(help="Only what is open for this fault.")] = None,
    since: Annotated[str | None, typer.Option(help="Came in on this day or later.")] = None,
    until: Annotated[str | None, typer.Option(help="Came in on this day or earlier.")] = None,
    dataset: DatasetOption = DEFAULT_DATASET,
    as_json: JsonOption = False,
) -> None:
    """List the sets that need a rater, the most pressing first, or how far raters are."""
    from labeler.store.dataset import Dataset
    from labeler.workflows.queueing import Wanted, queue_of
    from labeler.workflows.queueing import progress as progress_of

    wanted = Wanted(movement, athlete, view, fault, since, until)
    with Dataset.open(dataset, create=False) as opened:
        if rater is None or progress:
            rows = [found.as_row() for found in progress_of(opened, rater, wanted)]
        else:
            found_queue = queue_of(opened, rater, wanted)
            rows = [item.as_row() for item in found_queue.items]
            if words := found_queue.waiting_words:
                log.print(words)
    print_rows(rows, as_json=as_json, empty=NOBODY if rater is None else NOTHING_TO_DO)


def assign(
    clips: ClipsArgument = None,
    to: Annotated[list[str] | None, typer.Option(help="A rater; give it once for each.")] = None,
    by: Annotated[
        str | None, typer.Option(envvar="LABELER_RATER", help="Your name: who assigns.")
    ] = None,
    per_rep: Annotated[
        int | None, typer.Option(min=1, help="How many of them rate each set; all, unless told.")
    ] = None,
    repeats: Annotated[
        float,
        typer.Option(
            min=0,
            max=1,
            help="Share of a rater's repetitions that come again, blind: after 20 others, or a day "
            "later where there are not so many.",
        ),
    ] = USUAL_REPEATS,
    remove: Annotated[bool, typer.Option("--remove", help="Take the sets away again.")] = False,
    dataset: DatasetOption = DEFAULT_DATASET,
    as_json: JsonOption = False,
) -> None:
    """Share sets out among raters (all, unless named); without --to, list who rates what."""
    from labeler.cli.look import chosen
    from labeler.core.errors import UsageError
    from labeler.store.dataset import Dataset
    from labeler.workflows import assigning

    with Dataset.open(dataset, create=False) as opened:
        if to:
            if by is None:
                raise UsageError("by: expected who assigns, got nobody.", hint="Give --by NAME.")
            sets = list(chosen(opened, clips) or opened.clips.all())
            if remove:
                assigning.unassign(opened, sets, to, by=by)
            else:
                wish = assigning.AssignmentWish(to, per_rep, repeats)
                assigning.assign(opened, sets, wish, by=by)
        rows, said = assigning.assignment_rows(opened), assigning.repeat_words(opened)
    for words in said:
        log.print(words)
    print_rows(rows, as_json=as_json, empty=NO_ASSIGNMENTS)


def disputes(
    clip: Annotated[str | None, typer.Argument(help="A clip; all when none is named.")] = None,
    rater: Annotated[
        str | None,
        typer.Option(
            envvar="LABELER_RATER", help="Who looks: what they have still to rate is left out."
        ),
    ] = None,
    adjudicate: Annotated[
        bool,
        typer.Option("--adjudicate", help="You settle and do not rate: what you may see is more."),
    ] = False,
    settled: Annotated[
        bool, typer.Option("--settled", help="The settled ones instead, and how.")
    ] = False,
    threshold: Annotated[
        int, typer.Option(min=1, max=3, help="Severity from which the fault counts as present.")
    ] = SEVERITY_THRESHOLD,
    dataset: DatasetOption = DEFAULT_DATASET,
    as_json: JsonOption = False,
) -> None:
    """List where raters disagree: fault, repetition, and what each of them said."""
    from labeler.store.dataset import Dataset
    from labeler.workflows.disputes import already_settled, unsettled
    from labeler.workflows.disputes import disputes as disputes_of

    with Dataset.open(dataset, create=False) as opened:
        known = None if clip is None else opened.clips.get(clip)
        found = disputes_of(opened, known, viewer=rater, settles=adjudicate, threshold=threshold)
    shown = already_settled(found) if settled else unsettled(found)
    nothing = NO_DISPUTES if rater is None or adjudicate else NO_DISPUTES_IN_SIGHT
    empty = NOTHING_SETTLED if settled else nothing
    print_rows((one.as_row() for one in shown), as_json=as_json, empty=empty)


def decide(
    clip: ClipArgument,
    rep: RepArgument,
    fault: FaultArgument,
    answer: Annotated[str, typer.Argument(help="0, 1, 2, 3, NV, or none to take a decision back.")],
    reason: Annotated[str, typer.Option(help="Why, in one sentence; others will read it.")],
    rater: RaterOption,
    dataset: DatasetOption = DEFAULT_DATASET,
    as_json: JsonOption = False,
) -> None:
    """Settle a dispute; the raters' own answers stay as they are."""
    from labeler.store.dataset import Dataset
    from labeler.workflows.disputes import Verdict
    from labeler.workflows.disputes import decide as decide_it
    from labeler.workflows.labeling import parse_answer

    with Dataset.open(dataset, create=False) as opened:
        verdict = Verdict(rep, fault, parse_answer(answer), reason)
        action = decide_it(opened, opened.clips.get(clip), verdict, adjudicator=rater)
    (fact,) = action.decisions
    row = {"rep": fact.rep_id, "fault": fact.fault, "answer": fact.answer, "reason": fact.reason}
    if as_json:
        print_json({"action": action.action_id, **row})
    else:
        log.print(f"{fact.fault} of {fact.rep_id}: {fact.answer or 'open again'}")


def compare(
    clip: ClipArgument,
    rater: RaterOption,
    machines: Annotated[
        bool,
        typer.Option("--machines", help="Beside rules and promoted models too, who speaks named."),
    ] = False,
    dataset: DatasetOption = DEFAULT_DATASET,
    models: ModelsOption = DEFAULT_MODELS,
    as_json: JsonOption = False,
) -> None:
    """Hold your answers against others', in the repetitions that you have answered wholly."""
    from labeler.store.dataset import Dataset
    from labeler.workflows.comparing import compared
    from labeler.workflows.side_by_side import side_by_side

    with Dataset.open(dataset, create=False) as opened:
        meant = opened.clips.get(clip)
        found: Sequence[Compared] | Sequence[SideBySide] = (
            side_by_side(opened, meant, rater, models)
            if machines
            else compared(opened, meant, rater)
        )
    print_rows((one.as_row() for one in found), as_json=as_json, empty=NOTHING_IN_COMMON)
