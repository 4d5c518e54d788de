"""Floor 1: faults, movements, views, cues and drills, as data files with stable ids."""

from labeler.catalog.loader import load_catalog
from labeler.catalog.spec import Catalog, Drill, Fault, Movement, Observability, RepKind, RestAt

__all__ = [
    "Catalog",
    "Drill",
    "Fault",
    "Movement",
    "Observability",
    "RepKind",
    "RestAt",
    "load_catalog",
]
