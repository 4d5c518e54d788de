"""Commands that bring clips in and say what they are."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from labeler.cli.options import (
    DEFAULT_DATASET,
    AthleteOption,
    DatasetOption,
    JsonOption,
    MovementOption,
    SessionOption,
    ViewOption,
)
from labeler.cli.output import log, print_json, print_rows
from labeler.cli.progress import FileProgress
from labeler.core.clip import ClipTags

if TYPE_CHECKING:
    from labeler.workflows.importing import IngestResult

EXIT_INTERRUPTED = 130


def ingest(
    paths: Annotated[
        list[Path],
        # what cannot be read is that file's failure, and no reason to leave the others out
        typer.Argument(
            help="Video files, or folders of them, with the folders inside.",
            readable=False,
        ),
    ],
    athlete: AthleteOption = None,
    movement: MovementOption = None,
    view: ViewOption = None,
    session: SessionOption = None,
    jobs: Annotated[int, typer.Option(min=1, help="Videos worked on at the same time.")] = 1,
    dataset: DatasetOption = DEFAULT_DATASET,
    as_json: JsonOption = False,
) -> None:
    """Bring videos in: find the athlete in every frame and cut the repetitions.

    A clip is known by its bytes: bringing it in again only adds what it lacks, such as the outline
    of the back where it was measured before there were any. Exit code 1 when a file failed; the
    others are in.
    """
    from labeler.workflows.batch import ingest_many
    from labeler.workflows.deriving import movement_of

    tags = ClipTags(athlete, movement, view, session)
    movement_of(tags)  # a wrong movement is said before any work
    with _told(as_json=as_json) as tell, FileProgress(log) as progress:
        for result in ingest_many(
            paths,
            dataset_folder=dataset,
            tags=tags,
            n_jobs=jobs,
            on_progress=progress.update,
            tell=log.print,
        ):
            progress.finish(Path(result.path))
            tell(result)


def import_pose(
    files: Annotated[
        list[Path],
        typer.Argument(help="Files of poses, or folders of OpenPose.", readable=False),
    ],
    format: Annotated[
        str, typer.Option(help="auto, or a format from docs/import-pose.md.")
    ] = "auto",
    athlete: AthleteOption = None,
    movement: MovementOption = None,
    view: ViewOption = None,
    session: SessionOption = None,
    video: Annotated[
        str | None,
        typer.Option(help="The clip or video that the poses were made from: its times and size."),
    ] = None,
    fps: Annotated[float | None, typer.Option(help="Where the file tells no times.")] = None,
    size: Annotated[
        str | None, typer.Option(help="Width and height of the picture, such as 1920x1080.")
    ] = None,
    unit: Annotated[str | None, typer.Option(help="m, cm, mm, px or ratio.")] = None,
    up: Annotated[
        str | None, typer.Option(help="The axis of space that points up: z, y or -y.")
    ] = None,
    heading: Annotated[
        str | None, typer.Option(help="The way the athlete faces on the floor, such as 1,0.")
    ] = None,
    names: Annotated[
        Path | None, typer.Option(help="A map of your names to our landmarks (TOML).")
    ] = None,
    dataset: DatasetOption = DEFAULT_DATASET,
    as_json: JsonOption = False,
) -> None:
    """Bring poses of another tool or a laboratory in; see docs/import-pose.md.

    Each file becomes a clip without a video, with repetitions and features like any other. A file
    that is in already stays as it is. Exit code 1 when a file failed; the others are in.
    """
    from labeler.store.dataset import Dataset
    from labeler.workflows.importing_poses import PoseOptions, import_poses

    tags = ClipTags(athlete, movement, view, session)
    options = PoseOptions(format, names, video, fps, size, unit, up, heading)
    with (
        _told(as_json=as_json) as tell,
        Dataset.open(dataset) as opened,
        FileProgress(log, "files") as progress,
    ):
        progress.update(files[0], 0, len(files))
        for n_done, result in enumerate(import_poses(files, opened, tags=tags, options=options), 1):
            progress.finish(Path(result.path))
            if n_done < len(files):
                progress.update(files[n_done], n_done, len(files))
            tell(result)


def tag(
    clips: Annotated[
        list[str], typer.Argument(help="Clips: ids, starts of ids, or file names; one or more.")
    ],
    athlete: AthleteOption = None,
    movement: MovementOption = None,
    view: ViewOption = None,
    session: SessionOption = None,
    filmed_at: Annotated[
        str | None,
        typer.Option(help="Slow motion: frames per second of the camera, such as 240; or none."),
    ] = None,
    rater: Annotated[
        str, typer.Option(envvar="LABELER_RATER", help="Who tells about slow motion.")
    ] = "",
    dataset: DatasetOption = DEFAULT_DATASET,
    as_json: JsonOption = False,
) -> None:
    """Say who is seen, doing what, from where; what is not named stays as it is.

    A clip whose movement, view or frame rate changes is cut again, unless somebody has labelled it.
    """
    from labeler.store.dataset import Dataset
    from labeler.workflows.calibrating import calibrate, parse_filmed_fps
    from labeler.workflows.importing import retag_all
    from labeler.workflows.reviewing import clip_row

    with Dataset.open(dataset, create=False) as opened:
        known = [opened.clips.get(clip) for clip in clips]  # a wrong name is said before any work
        tags = ClipTags(athlete, movement, view, session)
        changed = retag_all(opened, known, tags, keeps_untold=True)
        if filmed_at is not None:
            fps = parse_filmed_fps(filmed_at)
            changed = [calibrate(opened, clip, fps, rater=rater) for clip in changed]
        print_rows([clip_row(opened, clip) for clip in changed], as_json=as_json, empty="")


@contextmanager
def _told(*, as_json: bool) -> Iterator["Callable[[IngestResult], None]"]:
    """Tell the outcome of file after file: JSON at once, a table at the end.

    Exits with 1 when a file failed, and when somebody stops it with `EXIT_INTERRUPTED`.
    """
    results: list[IngestResult] = []

    def tell(result: "IngestResult") -> None:
        results.append(result)
        if as_json:
            print_json(result.as_dict())

    try:
        yield tell
    except KeyboardInterrupt:
        log.print("Stopped. What was finished is kept; run the same command again to go on.")
        raise typer.Exit(EXIT_INTERRUPTED) from None
    if not as_json:
        print_rows([_row(r.as_dict()) for r in results], as_json=False, empty="No files.")
    if any(result.error for result in results):
        raise typer.Exit(1)


def _row(result: dict[str, object]) -> dict[str, object]:
    """One line of the table that people read: what matters, in the order they ask."""
    error = result["error"]
    said = f"{error['message']} {error['hint']}".strip() if isinstance(error, dict) else ""
    return {
        "file": Path(str(result["path"])).name,
        "status": result["status"],
        "clip": str(result["clip"])[:12] if result["clip"] else None,
        "frames": result["n_frames"],
        "length s": result["duration_s"],
        "fps": result["fps_median"],
        "detected": result["detected_ratio"],
        "reps": result["n_reps"],
        "took s": seconds.get("total") if isinstance(seconds := result["seconds"], dict) else None,
        "notes": said or result["flags"],
    }
