"""Options and arguments that several commands share, each written once."""

from pathlib import Path
from typing import Annotated

import typer

from labeler.core.clip import View

DEFAULT_DATASET = Path("datasets") / "default"
DEFAULT_MODELS = Path("models")

DatasetOption = Annotated[
    Path,
    typer.Option(
        "--dataset", envvar="LABELER_DATASET", help="Folder of the dataset.", show_default=True
    ),
]
JsonOption = Annotated[
    bool, typer.Option("--json", help="Print JSON on stdout (one object or one per line).")
]
ClipArgument = Annotated[
    str, typer.Argument(help="A clip: its id or its file name, or the start of either.")
]
ClipsArgument = Annotated[
    list[str] | None,
    typer.Argument(help="Clips: ids or file names, or how these begin. All when none is named."),
]
RepArgument = Annotated[
    str, typer.Argument(help="A repetition: its number in the clip, or its id.")
]
AthleteOption = Annotated[str | None, typer.Option(help="Who is seen, such as A01.")]
MovementOption = Annotated[
    str | None, typer.Option(help="What is done: an id from docs/movements.md.")
]
ViewOption = Annotated[
    View | None, typer.Option(help="Where the camera stood: side, 45, front or rear.")
]
SessionOption = Annotated[
    str | None, typer.Option(help="Clips of the same session belong together, such as S1.")
]
RaterOption = Annotated[str, typer.Option(envvar="LABELER_RATER", help="Your name as rater.")]
ViewerOption = Annotated[
    str | None,
    typer.Option(
        "--for",
        envvar="LABELER_RATER",
        help="Who looks. Raters stay blind: repetitions that they have still to rate are left out.",
    ),
]
FaultArgument = Annotated[str, typer.Argument(help="A fault: an id, see labeler faults.")]
SyntheticOption = Annotated[
    bool,
    typer.Option(
        "--synthetic",
        help="Count the made-up clips of a dataset that has recorded ones too; never both.",
    ),
]
ModelOption = Annotated[Path, typer.Option(help="Folder of the model, or its name in models/.")]
ModelsOption = Annotated[
    Path, typer.Option("--models", envvar="LABELER_MODELS", help="Folder of the models.")
]
