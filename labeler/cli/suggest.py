"""The command that says what to label next."""

from typing import Annotated

import typer

from labeler.cli.options import DEFAULT_DATASET, DatasetOption, JsonOption
from labeler.cli.output import log, print_json, print_rows


def next_(
    rater: Annotated[str, typer.Option(envvar="LABELER_RATER", help="Your name: who draws.")],
    fault: Annotated[
        str | None, typer.Option(help="What is to be learned; every fault, unless told.")
    ] = None,
    sets: Annotated[int, typer.Option(min=1, help="How many sets to draw.")] = 5,
    anew: Annotated[
        bool, typer.Option("--anew", help="Draw although sets of the last draw are still open.")
    ] = False,
    synthetic: Annotated[
        bool, typer.Option("--synthetic", help="Draw made-up clips, where there are others too.")
    ] = False,
    dataset: DatasetOption = DEFAULT_DATASET,
    as_json: JsonOption = False,
) -> None:
    """Draw the sets whose answers teach a model most, one in five by lot, and say when to stop.

    They come first in everybody's queue: labeler queue. What was drawn stays on record.
    """
    from labeler.store.dataset import Dataset
    from labeler.workflows.suggesting import NOTHING_OPEN, QueryWish, suggest

    wish = QueryWish(rater, fault, sets, is_anew=anew, wants_synthetic=synthetic)
    with Dataset.open(dataset, create=False) as opened:
        found = suggest(opened, wish)
    if as_json:
        print_json(found.as_plain())
        return
    print_rows(found.as_rows(), as_json=False, empty=NOTHING_OPEN)
    for words in found.advice:
        log.print(words)
