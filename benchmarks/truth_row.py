"""One line of the truth table."""

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
        value = None if self.value is None else round(self.value, 3)
        return {"id": self.id, "value": value, "target": self.target, "met": self.is_met}


def at_most(name: str, what: str, value: float, limit: float, limits: str = "") -> Row:
    """A row whose value must not exceed the limit."""
    value, is_met = float(value), bool(value <= limit)
    return Row(name, what, value, f"<= {limit:g}", is_met, "" if is_met else limits)


def at_least(name: str, what: str, value: float, limit: float, limits: str = "") -> Row:
    """A row whose value must reach the limit."""
    value, is_met = float(value), bool(value >= limit)
    return Row(name, what, value, f">= {limit:g}", is_met, "" if is_met else limits)
