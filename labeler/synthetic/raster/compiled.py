"""How every kernel of the renderer is compiled, in one place."""

from collections.abc import Callable
from typing import TypeVar, cast

from numba import njit

Kernel = TypeVar("Kernel", bound=Callable[..., object])


def kernel(function: Kernel) -> Kernel:
    """`function` as machine code: one thread, no lock held, kept on disk.

    No fast maths: the same pixels must come out of every process, and NaN stays NaN.
    """
    compiled = njit(cache=True, nogil=True, error_model="numpy")(function)
    return cast(Kernel, compiled)
