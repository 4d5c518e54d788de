"""Units, and how a name ends in its unit: names travel where registries do not follow."""

from enum import StrEnum


class Unit(StrEnum):
    """A unit of measurement; the value is the ending of every name that carries it."""

    DEGREE = "deg"
    DEGREE_PER_SECOND = "deg_per_s"
    SECOND = "s"
    MILLISECOND = "ms"
    RATIO = "ratio"
    PERCENTAGE_POINT = "pp"
    LEG_LENGTH = "legs"
    RATIO_PER_SECOND = "ratio_per_s"
    LEG_LENGTH_PER_SECOND = "legs_per_s"
    PIXEL = "px"
    COUNT = "n"
    FRAMES_PER_SECOND = "fps"

    def ends(self, name: str) -> bool:
        """Whether `name` ends in this unit, as ``knee_max_deg`` ends in ``deg``."""
        return name.endswith(f"_{self.value}")
