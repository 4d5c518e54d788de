"""One line of the truth table."""

import math
from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """One line of the table; `value` is None where nothing could be measured."""

    id: str
    what: str
    value: float | None
    target: str
    is_met: bool
    limits: str = ""

    def as_dict(self) -> dict[str, object]:
        """For the JSON line."""
        is_known = self.value is not None and math.isfinite(self.value)
        value = round(self.value, 3) if is_known else None
        return {"id": self.id, "value": value, "target": self.target, "met": self.is_met}


def at_most(name: str, what: str, value: float, limit: float, limits: str = "") -> Row:
    """A row whose value must not exceed the limit."""
    value, is_met = float(value), bool(value <= limit)
    return Row(name, what, value, f"<= {limit:g}", is_met, "" if is_met else limits)


def at_least(name: str, what: str, value: float, limit: float, limits: str = "") -> Row:
    """A row whose value must reach the limit."""
    value, is_met = float(value), bool(value >= limit)
    return Row(name, what, value, f">= {limit:g}", is_met, "" if is_met else limits)
