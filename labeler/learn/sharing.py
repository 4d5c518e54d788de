"""Models that travel: a file that names its types and runs no code of its own when it is built.

Format: skops. What it wants to build is looked at first, and only what is on the list is built.
The numbers inside are still somebody's: this keeps code out, it does not make a model good.
"""

from dataclasses import replace
from pathlib import Path
from typing import Final

from labeler.core.errors import LearningError
from labeler.learn.committee import Committee
from labeler.learn.members import Voice

MAY_BUILD: Final = frozenset(
    {
        "labeler.learn.committee.Committee",
        "labeler.learn.members.Calibration",
        "labeler.learn.members.Member",
        "labeler.learn.pipelines.Held",
        "labeler.learn.rocket.CourseFiller",
        "labeler.learn.rocket.Kernels",
        "numpy.dtype",
        "sklearn.tree._tree.Tree",
        "aeon.transformations.collection.convolution_based._minirocket.MiniRocket",
    }
)
"""What a shared model may be made of besides the types that skops builds without asking (those of
NumPy and scikit-learn): by full name, for a name that only begins like ours could be anything."""


class SharedModelError(LearningError):
    """A shared model cannot be read, or wants to build what no model of ours is made of."""


def pack(committee: Committee) -> bytes:
    """A committee as bytes that `build` reads; the same committee gives the same answers."""
    import skops.io as sio  # takes a third of a second

    content: bytes = sio.dumps(committee)
    return content


def wanted_types(content: bytes, folder: Path) -> tuple[str, ...]:
    """The types that a shared file wants to build and that skops would ask about, by name.

    Nothing is built.

    Raises
    ------
    SharedModelError
        The file is not of this format, or broken.
    """
    import skops.io as sio

    try:
        return tuple(sorted(sio.get_untrusted_types(data=content)))
    except Exception as cause:  # noqa: BLE001 - a made-up file may break its reader anywhere
        raise _broken(folder, cause) from None


def build(content: bytes, folder: Path) -> Committee:
    """Build a shared model, after a look at what it wants to build.

    Raises
    ------
    SharedModelError
        It wants to build what is not in `MAY_BUILD`, or cannot be built.
    """
    import skops.io as sio

    wanted = wanted_types(content, folder)
    refuse_strangers(wanted, folder)
    try:
        built: Committee = sio.loads(content, trusted=list(wanted))
        told = (
            replace(one, voice=Voice(one.voice)) for one in built.members
        )  # names travel as text
        return replace(built, members=tuple(told))
    except Exception as cause:  # noqa: BLE001 - as above
        raise _broken(folder, cause) from None


def refuse_strangers(wanted: tuple[str, ...], folder: Path) -> None:
    """Raise where a file wants to build what no model of ours is made of."""
    strangers = [name for name in wanted if name not in MAY_BUILD]
    if strangers:
        raise SharedModelError(
            f"{folder.name}: expected a model made of scikit-learn, NumPy and labeler parts, got "
            f"one that wants to build {', '.join(strangers)}. It was not opened.",
            hint="Do not trust it. Ask whoever sent it how it was made.",
        )


def _broken(folder: Path, cause: Exception) -> SharedModelError:
    return SharedModelError(
        f"{folder.name}: expected a shared model (skops), got a file that cannot be read "
        f"({type(cause).__name__}).",
        hint="Copy the folder again whole. A model with MiniRocket needs: "
        "pip install 'labeler[rocket]'",
    )
