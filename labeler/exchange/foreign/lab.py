"""Libraries of laboratories: optional, and missing with a word on how to get them."""

from importlib import import_module
from types import ModuleType

from labeler.core.errors import ExchangeError


def lab_library(name: str, *, wanted_for: str) -> ModuleType:
    """A library of the extra ``lab``.

    Raises
    ------
    ExchangeError
        If it is not installed.
    """
    try:
        return import_module(name)
    except ImportError as error:
        raise ExchangeError(
            f"{wanted_for}: expected the library {name}, got none ({error}).",
            hint="Install it with: pip install 'labeler[lab]'",
        ) from error
