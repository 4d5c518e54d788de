"""Commands that say what a clip's numbers rest on."""

from labeler.cli.options import DEFAULT_DATASET, ClipArgument, DatasetOption, JsonOption
from labeler.cli.output import print_json, print_rows


def signals(
    clip: ClipArgument, dataset: DatasetOption = DEFAULT_DATASET, as_json: JsonOption = False
) -> None:
    """Say what cleaning did to a clip's poses, step by step; --json adds view, findings, noise."""
    from labeler.store.dataset import Dataset
    from labeler.workflows.inspecting import cleaning_rows, signals_report

    with Dataset.open(dataset, create=False) as opened:
        found = opened.clips.get(clip)
        if as_json:
            print_json(signals_report(opened, found))
        else:
            print_rows(cleaning_rows(opened, found), as_json=False, empty="")
