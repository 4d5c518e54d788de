"""Where a model comes from: the data, the code and the machine, so that it can be made again."""

import platform
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Final

import numpy as np

from labeler.core.arrays import FloatArray
from labeler.learn.card import ROCKET, installed
from labeler.learn.table import LabeledTable

LIBRARIES: Final = ("labeler", "scikit-learn", "numpy", "pandas", "joblib")
"""Whose versions a card keeps."""

N_DIGEST_DIGITS: Final = 12
SOURCES: Final = ("*.py", "*.toml")
"""Files of the program that can change a model: code, and the limits and catalogues beside it."""


def data_digest(table: LabeledTable) -> str:
    """Hexadecimal SHA-256 over everything that training reads of a table, row by row in order.

    NaN counts as NaN whatever bits it has; -0.0 and 0.0 are different numbers.
    """
    found = sha256()
    told = (str(table.fault.id), str(table.threshold), str(table.miss_cost))
    for part in (*map(str, table.features.columns), *table.rep_ids, *told):
        found.update(part.encode() + b"\0")
    for numbers in (table.features.to_numpy(np.float64), table.y, table.weight):
        found.update(_bytes(np.asarray(numbers, dtype=np.float64)))
    for name in table.group:
        found.update(str(name).encode() + b"\0")
    if table.series is not None:
        found.update("\0".join(table.series.names).encode())
        found.update(_bytes(np.asarray(table.series.values, dtype=np.float64)))
    return found.hexdigest()


@cache
def code_version() -> str:
    """Version of this program and a digest of its own source: changed code is another version."""
    root = Path(__file__).resolve().parents[1]
    found = sha256()
    for file in sorted(path for kind in SOURCES for path in root.rglob(kind)):
        found.update(file.relative_to(root).as_posix().encode() + b"\0")
        found.update(file.read_bytes().replace(b"\r\n", b"\n"))
    return f"{installed('labeler')}+{found.hexdigest()[:N_DIGEST_DIGITS]}"


def environment() -> dict[str, str]:
    """System, machine and Python that a model is trained on."""
    return {
        "system": platform.system(),
        "machine": platform.machine(),
        "python": platform.python_version(),
        "implementation": platform.python_implementation(),
    }


def libraries(*, has_courses: bool = False) -> dict[str, str]:
    """Versions of what a model's file is made with; `ROCKET` too where it hears courses."""
    names = (*LIBRARIES, *((ROCKET,) if has_courses else ()))
    return {"python": platform.python_version()} | {name: installed(name) for name in names}


def _bytes(numbers: FloatArray) -> bytes:
    """Little-endian numbers, one bit pattern for every NaN."""
    same = np.where(np.isnan(numbers), np.nan, numbers)
    return np.ascontiguousarray(same, dtype="<f8").tobytes()
