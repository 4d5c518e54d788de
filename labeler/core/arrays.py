"""Names for the array types that signatures use."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
Float32Array = NDArray[np.float32]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]
ByteImage = NDArray[np.uint8]
"""An RGB picture, shape (height, width, 3)."""

AnyArray = NDArray[Any]
