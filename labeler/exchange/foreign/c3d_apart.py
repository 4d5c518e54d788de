"""Read a C3D file in a process of its own: ``python -m labeler.exchange.foreign.c3d_apart IN OUT``.

A damaged file can bring ezc3d down (about one in twenty with bytes changed at random does), and a
library that breaks down takes its whole process along. Here it takes only this one.
"""

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from labeler.exchange.foreign.lab import lab_library

KEPT = {"POINT": ("LABELS", "UNITS", "RATE", "Y_SCREEN"), "MANUFACTURER": ("COMPANY", "SOFTWARE")}
"""The parameters that are read, by group; long lists go on in LABELS2, LABELS3 and so on."""


def write_content(source: Path, target: Path) -> None:
    """Write the points of a C3D file as NPZ: `points` (4, n_points, n_frames), `residuals` (1, …).

    `told` is JSON: the kept parameters, as lists of texts or numbers.
    """
    ezc3d: Any = lab_library("ezc3d", wanted_for=source.name)
    content = ezc3d.c3d(str(source))
    told = {group: _told(content["parameters"], group) for group in KEPT}
    np.savez(
        target,
        points=np.asarray(content["data"]["points"], dtype=np.float64),
        residuals=np.asarray(content["data"]["meta_points"]["residuals"], dtype=np.float64),
        told=np.array(json.dumps(told)),
    )


def _told(parameters: Mapping[str, Any], group: str) -> dict[str, list[Any]]:
    found = parameters.get(group, {})
    return {
        name: np.ravel(found[name]["value"]).tolist()
        for name in found
        if name.rstrip("0123456789") in KEPT[group]
    }


if __name__ == "__main__":
    write_content(Path(sys.argv[1]), Path(sys.argv[2]))
