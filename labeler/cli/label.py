"""Commands that label: what people say about repetitions."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from labeler.cli.options import (
    DEFAULT_DATASET,
    ClipArgument,
    DatasetOption,
    FaultArgument,
    JsonOption,
    RaterOption,
    RepArgument,
    ViewerOption,
)
from labeler.cli.output import RATE_FIRST, print_json, print_rows

if TYPE_CHECKING:
    from labeler.core.clip import Clip
    from labeler.core.label import Action
    from labeler.store.dataset import Dataset

app = typer.Typer(help="Give, list, undo and bring in labels.", no_args_is_help=True)

AnswerArgument = Annotated[
    str, typer.Argument(help="0, 1, 2, 3, NV (not visible), or none to take an answer back.")
]


AgainOption = Annotated[
    bool,
    typer.Option("--again", help="In the second look, blind, at a repetition that comes again."),
]


@app.command("set")
def set_(
    clip: ClipArgument,
    rep: RepArgument,
    fault: FaultArgument,
    answer: AnswerArgument,
    rater: RaterOption,
    confidence: Annotated[float | None, typer.Option(help="How sure you are, 0 to 1.")] = None,
    note: Annotated[str | None, typer.Option(help="A note on this answer.")] = None,
    moment: Annotated[
        float | None,
        typer.Option(help="When the fault is to be seen: seconds since the clip's first frame."),
    ] = None,
    again: AgainOption = False,
    dataset: DatasetOption = DEFAULT_DATASET,
    as_json: JsonOption = False,
) -> None:
    """Answer one fault of one repetition."""
    from labeler.workflows.labeling import Remark, answer_fault

    remark = Remark(confidence, note, moment)
    who = partial(answer_fault, rep=rep, rater=rater, is_again=again)
    act = partial(who, fault=fault, answer=answer, remark=remark)
    _act(act, dataset, clip, as_json=as_json)


@app.command("clear")
def clear(
    clip: ClipArgument,
    rep: RepArgument,
    rater: RaterOption,
    again: AgainOption = False,
    dataset: DatasetOption = DEFAULT_DATASET,
    as_json: JsonOption = False,
) -> None:
    """All clear: every fault not rated yet is absent; what the view cannot show is not visible."""
    from labeler.workflows.labeling import all_clear

    act = partial(all_clear, rep=rep, rater=rater, is_again=again)
    _act(act, dataset, clip, as_json=as_json)


@app.command("edges")
def edges(
    clip: ClipArgument,
    rep: RepArgument,
    rater: RaterOption,
    start: Annotated[int | None, typer.Option(help="First frame.")] = None,
    turn: Annotated[int | None, typer.Option(help="Frame of the turning point.")] = None,
    stop: Annotated[int | None, typer.Option(help="Frame after the last one.")] = None,
    dataset: DatasetOption = DEFAULT_DATASET,
    as_json: JsonOption = False,
) -> None:
    """Move a repetition's edges; what is not named stays."""
    from labeler.workflows.cutting import move_edges

    act = partial(move_edges, rep=rep, edges=(start, turn, stop), rater=rater)
    _act(act, dataset, clip, as_json=as_json)


@app.command("add")
def add(
    clip: ClipArgument,
    start: Annotated[int, typer.Option(help="First frame.")],
    turn: Annotated[int, typer.Option(help="Frame of the turning point.")],
    stop: Annotated[int, typer.Option(help="Frame after the last one.")],
    rater: RaterOption,
    dataset: DatasetOption = DEFAULT_DATASET,
    as_json: JsonOption = False,
) -> None:
    """Cut a repetition by hand."""
    from labeler.workflows.cutting import add_rep

    act = partial(add_rep, frames=(start, turn, stop), rater=rater)
    _act(act, dataset, clip, as_json=as_json)


@app.command("remove")
def remove(
    clip: ClipArgument,
    rep: RepArgument,
    rater: RaterOption,
    dataset: DatasetOption = DEFAULT_DATASET,
    as_json: JsonOption = False,
) -> None:
    """Take a repetition out; undo brings it back with its answers."""
    from labeler.workflows.cutting import delete_rep

    _act(partial(delete_rep, rep=rep, rater=rater), dataset, clip, as_json=as_json)


@app.command("split")
def split(
    clip: ClipArgument,
    rep: RepArgument,
    at: Annotated[int, typer.Option(help="First frame of the second repetition.")],
    rater: RaterOption,
    dataset: DatasetOption = DEFAULT_DATASET,
    as_json: JsonOption = False,
) -> None:
    """Make two repetitions of one; both are not rated yet, and undo brings the old one back."""
    from labeler.workflows.cutting import split_rep

    _act(partial(split_rep, rep=rep, frame=at, rater=rater), dataset, clip, as_json=as_json)


@app.command("merge")
def merge(
    clip: ClipArgument,
    rep: RepArgument,
    rater: RaterOption,
    dataset: DatasetOption = DEFAULT_DATASET,
    as_json: JsonOption = False,
) -> None:
    """Make one repetition of two: REP and the one after it; it is not rated yet."""
    from labeler.workflows.cutting import merge_reps

    _act(partial(merge_reps, rep=rep, rater=rater), dataset, clip, as_json=as_json)


@app.command("restore")
def restore(
    clip: ClipArgument,
    rep: RepArgument,
    to: Annotated[
        str, typer.Option(help="An action of its history: labeler reps CLIP --history REP.")
    ],
    rater: RaterOption,
    dataset: DatasetOption = DEFAULT_DATASET,
    as_json: JsonOption = False,
) -> None:
    """Bring a repetition back as it was after an action: its place, and your own answers."""
    from labeler.workflows.remembering import restore_rep

    _act(partial(restore_rep, rep=rep, action=to, rater=rater), dataset, clip, as_json=as_json)


@app.command("undo")
def undo(
    clip: ClipArgument,
    rater: RaterOption,
    again: AgainOption = False,
    dataset: DatasetOption = DEFAULT_DATASET,
    as_json: JsonOption = False,
) -> None:
    """Take your last action in a clip back."""
    from labeler.workflows.labeling import undo_last

    _act(partial(undo_last, rater=rater, is_again=again), dataset, clip, as_json=as_json)


@app.command("redo")
def redo(
    clip: ClipArgument,
    rater: RaterOption,
    again: AgainOption = False,
    dataset: DatasetOption = DEFAULT_DATASET,
    as_json: JsonOption = False,
) -> None:
    """Bring back what you undid last in a clip."""
    from labeler.workflows.labeling import redo_last

    _act(partial(redo_last, rater=rater, is_again=again), dataset, clip, as_json=as_json)


@app.command("list")
def list_(
    clip: Annotated[str | None, typer.Argument(help="A clip; all when none is named.")] = None,
    rater: Annotated[str | None, typer.Option(help="Only this rater's answers.")] = None,
    viewer: ViewerOption = None,
    dataset: DatasetOption = DEFAULT_DATASET,
    as_json: JsonOption = False,
) -> None:
    """List the answers in force. What is not listed is not rated yet."""
    from labeler.store.dataset import Dataset
    from labeler.workflows.disputes import without_hidden
    from labeler.workflows.reviewing import label_row

    with Dataset.open(dataset, create=False) as opened:
        clip_id = None if clip is None else opened.clips.get(clip).clip_id
        labels = opened.journal.answers(clip_id, rater=rater)
        own = [label_row(label) for label in labels if label.rater == viewer]
        others = [label_row(label) for label in labels if label.rater != viewer]
        seen = [*own, *without_hidden(opened, viewer, others)]
    rows = sorted(seen, key=lambda row: (row["rep"], row["fault"], row["rater"]))
    print_rows(rows, as_json=as_json, empty=RATE_FIRST if labels else "No labels yet.")


@app.command("import")
def import_(
    file: Annotated[Path, typer.Argument(help="CSV with the columns rep, fault, answer[, rater].")],
    rater: Annotated[
        str | None, typer.Option(help="Whose labels these are, where the file does not say.")
    ] = None,
    dataset: DatasetOption = DEFAULT_DATASET,
    as_json: JsonOption = False,
) -> None:
    """Bring labels in from a table; all of them or, when one line is wrong, none."""
    from labeler.store.dataset import Dataset
    from labeler.workflows.labeling import import_labels

    with Dataset.open(dataset, create=False) as opened:
        actions = import_labels(opened, file, rater=rater)
    n_labels = sum(len(action.labels) for action in actions)
    print_rows(
        [{"file": file, "labels": n_labels, "clips": len(actions)}], as_json=as_json, empty=""
    )


def _act(
    act: "Callable[[Dataset, Clip], Action]", dataset: Path, clip: str, *, as_json: bool
) -> None:
    """Do something to a clip of a dataset, and answer with what was written."""
    from labeler.store.dataset import Dataset

    with Dataset.open(dataset, create=False) as opened:
        action = act(opened, opened.clips.get(clip))
    facts = [
        {"rep": fact.rep_id, "fault": fact.fault, "answer": fact.answer} for fact in action.labels
    ]
    moved = [
        {
            "rep": fact.rep_id,
            "start": rep.start_frame,
            "turn": rep.turn_frame,
            "stop": rep.stop_frame,
        }
        for fact in action.reps
        if (rep := fact.rep) is not None
    ]
    if as_json:
        print_json(
            {"action": action.action_id, "kind": action.kind, "labels": facts, "reps": moved}
        )
    else:
        print_rows([*facts, *moved], as_json=False, empty="Nothing changed.")
