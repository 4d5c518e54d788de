"""Commands of what raters set up for themselves: keys, loop and overlays."""

from typing import Annotated

import typer

from labeler.cli.options import DEFAULT_DATASET, DatasetOption, JsonOption
from labeler.cli.output import log, print_rows

OwnRaterOption = Annotated[
    str | None, typer.Option(envvar="LABELER_RATER", help="Whose. Nobody's: what is usual.")
]


def keys(
    rater: OwnRaterOption = None,
    changes: Annotated[
        list[str] | None,
        typer.Option("--set", help="ACTION=KEY, such as loop=K; give it once for each."),
    ] = None,
    reset: Annotated[bool, typer.Option("--reset", help="The usual keys again, first.")] = False,
    dataset: DatasetOption = DEFAULT_DATASET,
    as_json: JsonOption = False,
) -> None:
    """List the keys of the Label page, and change a rater's own; a taken key changes places."""
    from labeler.core.errors import UsageError
    from labeler.store.dataset import Dataset
    from labeler.workflows.keys import USUAL_KEYS, key_rows, keys_of, rebind, reset_keys

    if rater is None:
        if changes or reset:
            raise UsageError("rater: expected whose keys, got nobody.", hint="Give --rater NAME.")
        print_rows(key_rows(USUAL_KEYS), as_json=as_json, empty="")
        return
    with Dataset.open(dataset, create=False) as opened:
        if reset:
            reset_keys(opened, rater)
        for change in changes or []:
            action, sign, key = change.partition("=")
            if not sign:
                raise UsageError(f"set: expected ACTION=KEY, got {change!r}.")
            log.print(rebind(opened, rater, action, key))
        rows = key_rows(keys_of(opened, rater))
    print_rows(rows, as_json=as_json, empty="")


def loop(
    rater: OwnRaterOption = None,
    on: Annotated[
        bool | None, typer.Option("--on/--off", help="Play each repetition again and again.")
    ] = None,
    speed: Annotated[float | None, typer.Option(help="Of a loop, 0.1 to 2; usually 0.25.")] = None,
    margin: Annotated[
        float | None, typer.Option(help="Seconds before and after it; usually 0.5.")
    ] = None,
    dataset: DatasetOption = DEFAULT_DATASET,
    as_json: JsonOption = False,
) -> None:
    """Show how a rater watches repetitions, and change it."""
    from labeler.core.errors import UsageError
    from labeler.store.dataset import Dataset
    from labeler.workflows.looping import LoopWish, keep_loop, loop_of, parse_loop

    told = {"is_on": on, "speed_ratio": speed, "margin_s": margin}
    changed = {name: value for name, value in told.items() if value is not None}
    if rater is None:
        if changed:
            raise UsageError("rater: expected whose loop, got nobody.", hint="Give --rater NAME.")
        print_rows([LoopWish().as_row()], as_json=as_json, empty="")
        return
    with Dataset.open(dataset, create=False) as opened:
        if changed:
            keep_loop(opened, rater, parse_loop(loop_of(opened, rater).as_row() | changed))
        row = loop_of(opened, rater).as_row()
    print_rows([row], as_json=as_json, empty="")


def overlays(
    rater: OwnRaterOption = None,
    show: Annotated[
        list[str] | None,
        typer.Option("--show", help="pose, back, trails, lines, zoom or charts; once for each."),
    ] = None,
    hide: Annotated[list[str] | None, typer.Option("--hide", help="As --show.")] = None,
    dataset: DatasetOption = DEFAULT_DATASET,
    as_json: JsonOption = False,
) -> None:
    """Show what a rater sees over and under the picture, and change it."""
    from labeler.core.errors import UsageError
    from labeler.store.dataset import Dataset
    from labeler.workflows.overlays import OverlayWish, keep_overlays, overlays_of, switched

    on, off = tuple(show or ()), tuple(hide or ())
    if rater is None:
        if on or off:
            raise UsageError("rater: expected whose, got nobody.", hint="Give --rater NAME.")
        print_rows([OverlayWish().as_row()], as_json=as_json, empty="")
        return
    with Dataset.open(dataset, create=False) as opened:
        if on or off:
            keep_overlays(opened, rater, switched(overlays_of(opened, rater), on=on, off=off))
        row = overlays_of(opened, rater).as_row()
    print_rows([row], as_json=as_json, empty="")
