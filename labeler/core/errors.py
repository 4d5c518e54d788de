"""The error tree: everything a user can meet, with what to do next."""


class LabelerError(Exception):
    """Something a user can meet: says what, expected what, got what; the hint says what next.

    Parameters
    ----------
    message : str
        What happened, what was expected and what was found, in one sentence.
    hint : str
        What to do next.
    """

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message} {self.hint}".strip()


class ShapeError(LabelerError):
    """An array came with a shape that its owner cannot use."""

    def __init__(self, name: str, expected: tuple[int, ...], got: tuple[int, ...]) -> None:
        super().__init__(
            f"{name}: expected shape {expected}, got {got}.",
            hint="Pass arrays that agree in their number of frames and landmarks.",
        )


class VideoError(LabelerError):
    """A video file cannot be read or written."""


class PoseError(LabelerError):
    """The pose network, its bundle, or what it found cannot be used."""


class NoPersonError(PoseError):
    """No plausible person was found in the clip."""


class CatalogError(LabelerError):
    """A fault, movement, view or drill is unknown, or a catalogue file is wrong."""


class StoreError(LabelerError):
    """The dataset on disk cannot be opened, read or written."""


class StorageError(StoreError):
    """The disk or the database does not serve now; what was asked may work later as it is."""


class RulesError(LabelerError):
    """The limits of the hand-written rules cannot be read or written."""


class LearningError(LabelerError):
    """A model cannot be trained, opened or asked."""


class ExchangeError(LabelerError):
    """A file to import or export is not what it should be."""


class UsageError(LabelerError):
    """What was asked for cannot be done as asked."""
