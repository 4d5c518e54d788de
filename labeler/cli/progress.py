"""One progress bar per file, on stderr."""

from pathlib import Path
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeRemainingColumn,
)


class FileProgress:
    """Bars that appear when a file's work starts and go when it ends."""

    def __init__(self, console: Console, what: str = "frames") -> None:
        self._bars = Progress(
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn(what),
            TimeRemainingColumn(),
            console=console,
            transient=True,
            disable=not console.is_terminal,
        )
        self._tasks: dict[Path, TaskID] = {}

    def __enter__(self) -> Self:
        self._bars.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._bars.stop()

    def update(self, path: Path, done: int, total: int | None) -> None:
        """Show how far a file is."""
        if path not in self._tasks:
            self._tasks[path] = self._bars.add_task(path.name, total=total)
        self._bars.update(self._tasks[path], completed=done, total=total)

    def finish(self, path: Path) -> None:
        """Take a file's bar away."""
        if (task := self._tasks.pop(path, None)) is not None:
            self._bars.remove_task(task)
