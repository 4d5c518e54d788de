"""Files of a coach's own in a dataset's folder, such as limits of rules: begun, never replaced."""

from pathlib import Path

from labeler.core.errors import LabelerError


def begin_file(file: Path, text: str, error: type[LabelerError]) -> Path:
    """Write a file that is not there yet; the file.

    Raises
    ------
    LabelerError
        Of the kind `error`, when there is one already, or it cannot be written.
    """
    try:
        with file.open("x", encoding="utf-8", newline="\n") as stream:
            stream.write(text)
    except FileExistsError:
        raise error(
            f"{file}: expected no such file yet, got one.",
            hint="Edit that one. To begin anew, rename or remove it first.",
        ) from None
    except OSError as problem:
        raise error(
            f"{file}: expected to write there, got: {problem.strerror}.",
            hint="Check the folder's permissions and the free disk space.",
        ) from None
    return file
