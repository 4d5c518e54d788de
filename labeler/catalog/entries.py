"""One table of a catalogue file: takes values out by type, at the door."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, TypeVar

from labeler.core.clip import View
from labeler.core.errors import CatalogError

_Word = TypeVar("_Word", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Entry:
    """A table with its file and name; remembers which keys were asked for, see `close`."""

    file: str
    name: str
    values: Mapping[str, Any]
    asked: set[str] = field(default_factory=set)

    def error(self, what: str, expected: str, got: object) -> CatalogError:
        """An error that names file, entry and key."""
        return CatalogError(
            f"{self.file}, {self.name}, {what}: expected {expected}, got {got!r}.",
            hint=f"Correct that entry of {self.file}.",
        )

    def _take(self, key: str, kind: type, default: object) -> Any:  # noqa: ANN401  TOML is untyped; `kind` checks it
        self.asked.add(key)
        if key not in self.values and default is None:
            raise self.error(key, "a value", "nothing")
        value = self.values.get(key, default)
        if type(value) is not kind:
            raise self.error(key, f"a value of type {kind.__name__}", value)
        return value

    def text(self, key: str, default: str | None = None) -> str:
        """Words; without a default they must be there."""
        value: str = self._take(key, str, default)
        if value.strip() != value or (default is None and not value):
            raise self.error(key, "words without spaces around them", value)
        return value

    def texts(self, key: str, *, is_optional: bool = False) -> tuple[str, ...]:
        """Words in a list, none of them twice."""
        values = self._take(key, list, [] if is_optional else None)
        if not all(isinstance(value, str) and value for value in values):
            raise self.error(key, "a list of words", values)
        if len(set(values)) != len(values):
            raise self.error(key, "no word twice", values)
        return tuple(values)

    def flag(self, key: str, default: bool | None = None) -> bool:
        """Yes or no."""
        return bool(self._take(key, bool, default))

    def number(self, key: str) -> float:
        """A number, written with its decimal point."""
        return float(self._take(key, float, None))

    def one_of(self, key: str, allowed: Collection[str]) -> str:
        """One of the allowed words."""
        value = self.text(key)
        if value not in allowed:
            raise self.error(key, f"one of {', '.join(allowed)}", value)
        return value

    def all_of(self, key: str, allowed: Collection[str], *, is_optional: bool) -> tuple[str, ...]:
        """A list of allowed words only."""
        values = self.texts(key, is_optional=is_optional)
        for value in values:
            if value not in allowed:
                raise self.error(key, f"only {', '.join(allowed)}", value)
        return values

    def word(self, key: str, kind: type[_Word]) -> _Word:
        """A member of a word list, such as a view."""
        return kind(self.one_of(key, [str(word) for word in kind]))

    def views(self, key: str, *, is_optional: bool = False) -> tuple[View, ...]:
        """A list of views."""
        words = self.all_of(key, [str(view) for view in View], is_optional=is_optional)
        return tuple(View(word) for word in words)

    def close(self) -> None:
        """Refuse keys that nobody asked for: a misspelt key must not pass in silence."""
        if unknown := sorted(set(self.values) - self.asked):
            raise self.error("keys", f"only {', '.join(sorted(self.asked))}", ", ".join(unknown))
