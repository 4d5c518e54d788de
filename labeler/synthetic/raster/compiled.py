"""How every kernel of the renderer is compiled, in one place."""

from collections.abc import Callable
from typing import TypeVar, cast

from numba import njit

Kernel = TypeVar("Kernel", bound=Callable[..., object])


def kernel(function: Kernel) -> Kernel:
    """`function` as machine code: one thread, no lock held, kept on disk.

    No fast maths: the same pixels must come out of every process, and NaN stays NaN. Without
    Numba's runtime (`_nrt`), as kernels fill arrays and make none: counting who holds the dozen
    arrays of a scene would take longer at each call than to find a pixel's colour. One that makes
    an array is refused when it is compiled.
    """
    compiled = njit(cache=True, nogil=True, error_model="numpy", _nrt=False)(function)
    return cast(Kernel, compiled)
