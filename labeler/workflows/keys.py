"""The keys of the workbench, and how each rater changes them for themselves.

One table says what every key does: the player asks it, its sheet of keys shows it, and
``labeler keys`` lists it. A rater's own keys are kept with the dataset, so that every browser has
them. A key does one thing: one that is taken changes places with the one it replaces.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from labeler.core.errors import UsageError
from labeler.store.dataset import Dataset

Keys = Mapping[str, tuple[str, ...]]
"""Every action with its keys; the first is the one that buttons show."""

FAULT_KEYS: Final = "1234567890qwertasdfgxvb"
"""The keys of the faults, in the order of the panel; none of them moves the video."""

FAULT_ACTION: Final = "fault"
"""With its row, the action of a fault's key; with Shift that key says *not visible*."""

FIXED: Final = ("help", "escape")
"""The way to the sheet of keys and out of it, which must never be lost."""

SETTING: Final = "keys"

SHIFT: Final = "Shift "
BY_PLACE: Final = "0123456789,."
"""Signs of which the player looks at the place: Shift would change them by layout."""

NAMED_KEYS: Final = (
    "Space", "Enter", "Backspace", "Delete", "Insert", "Home", "End", "PageUp", "PageDown",
    "←", "→", "↑", "↓", "Esc",
)  # fmt: skip
"""Keys with a name of their own, as the player calls them."""

ALIASES: Final = {"left": "←", "right": "→", "up": "↑", "down": "↓", "escape": "Esc"}
"""How they are typed in a terminal."""

LIST_KEYS: Final = "List them with: labeler keys"


@dataclass(frozen=True, slots=True)
class KeyLine:
    """One action: its name, its keys unless a rater has other ones, and what it does."""

    action: str
    keys: tuple[str, ...]
    words: str


@dataclass(frozen=True, slots=True)
class KeyGroup:
    """Actions that belong together on the sheet of keys."""

    title: str
    lines: tuple[KeyLine, ...]


def _group(title: str, *lines: tuple[str, str, str]) -> KeyGroup:
    return KeyGroup(title, tuple(KeyLine(name, tuple(k.split()), w) for name, k, w in lines))


def _with_shift(group: KeyGroup) -> KeyGroup:
    """``⇧L`` in the table below is *Shift L*."""
    lines = (
        KeyLine(line.action, tuple(key.replace("⇧", SHIFT) for key in line.keys), line.words)
        for line in group.lines
    )
    return KeyGroup(group.title, tuple(lines))


_FAULT_LINES: Final = tuple(
    KeyLine(f"{FAULT_ACTION}{row}", (key.upper(),), f"Fault in row {row}")
    for row, key in enumerate(FAULT_KEYS, start=1)
)

KEY_GROUPS: Final = tuple(
    _with_shift(group)
    for group in (
        _group(
            "Play",
            ("play", "Space", "Play or pause"),
            ("backward", "J", "Play backward; again: faster"),
            ("stop", "K", "Stop"),
            ("forward", "L", "Play; again: faster"),
            ("slower", "-", "Slower, down to 0.1×"),
            ("faster", "+", "Faster, up to 2×"),
            ("loop", "⇧L", "Loop the repetition"),
            ("loopMargin", "⇧Y", "More around the loop, or nothing"),
        ),
        _group(
            "Eyes",
            ("pose", "H", "Show or hide the skeleton"),
            ("back", "'", "Show or hide the line of the back"),
            ("trails", "⇧J", "Show or hide the way of the joints"),
            ("lines", "⇧U", "Show or hide trunk and thigh with their angles"),
            ("zoom", "⇧O", "Closer to the athlete, or the whole picture"),
            ("beside", "⇧P", "Beside it: the athlete’s best, another camera, nothing"),
            ("charts", "⇧C", "Show or hide the curves of hips and torso"),
        ),
        _group(
            "Frames",
            ("back1", "←", "One frame back"),
            ("on1", "→", "One frame on"),
            ("back10", "⇧←", "Ten frames back"),
            ("on10", "⇧→", "Ten frames on"),
            ("backSecond", "⇧PageUp", "One second back"),
            ("onSecond", "⇧PageDown", "One second on"),
            ("repStart", "Home", "Start of the repetition"),
            ("repStop", "End", "Last frame of the repetition"),
        ),
        _group(
            "Answers",
            ("unrate", "Backspace", "Back to not rated"),
            ("note", "⇧Enter", "A note on the answer in focus"),
            ("confidence", "⇧Space", "How sure: 75 %, 50 %, 25 %, not said"),
            ("moment", "⇧↓", "This frame is the moment of the fault; again: it is not"),
            ("toMoment", "⇧↑", "Go to the moment of the fault"),
            ("faultUp", "↑", "Fault above"),
            ("faultDown", "↓", "Fault below"),
            ("allClear", "Enter C", "All others absent, next repetition"),
        ),
        _group(
            "Other",
            ("undo", "U Z", "Undo"),
            ("redo", "Y ⇧Z", "Redo"),
            ("help", "?", "This sheet"),
            ("escape", "Esc", "Close"),
        ),
        _group(
            "Repetitions",
            ("nextRep", "N PageDown", "Next repetition"),
            ("previousRep", "P PageUp", "Previous repetition"),
            ("nextClip", "⇧N", "Next clip that is not finished"),
            ("addRep", "⇧I", "New repetition at this frame"),
            ("deleteRep", "Delete", "Take the repetition out"),
            ("splitRep", "⇧K", "Split it: the second begins at this frame"),
            ("mergeReps", "⇧M", "Merge it with the next one"),
            ("history", "⇧H", "History of the repetition; restore a state"),
            ("markStart", "I", "Start at this frame; beside all repetitions: begin a new one"),
            ("markTurn", "M", "Turn at this frame"),
            ("markStop", "O", "End after this frame, also of one just begun"),
            ("edgeBefore", "[", "Choose the edge before"),
            ("edgeAfter", "]", "Choose the edge after"),
            ("nudgeBack1", ",", "Move the edge one frame back"),
            ("nudgeOn1", ".", "Move the edge one frame on"),
            ("nudgeBack5", "⇧,", "Move the edge five frames back"),
            ("nudgeOn5", "⇧.", "Move the edge five frames on"),
        ),
        KeyGroup("Faults", _FAULT_LINES),
    )
)
"""Everything that has a key, in the order of the sheet."""

_LINES: Final = {line.action: line for group in KEY_GROUPS for line in group.lines}

USUAL_KEYS: Final[Keys] = {action: line.keys for action, line in _LINES.items()}
"""What the keys do for whoever has changed none."""


def keys_of(dataset: Dataset, rater: str) -> Keys:
    """Every action with this rater's keys.

    What they changed comes first: an action that is new since may have to do without its usual
    key, and one that is gone is forgotten.
    """
    kept = dataset.settings.get(rater, SETTING) or {}
    own = {action: tuple(keys) for action, keys in kept.items() if action in _LINES}
    claimed = {claim for action, keys in own.items() for claim in _claims(action, keys)}
    return {
        action: own[action]
        if action in own
        else tuple(key for key in usual if claimed.isdisjoint(_claims(action, (key,))))
        for action, usual in USUAL_KEYS.items()
    }


def rebind(dataset: Dataset, rater: str, action: str, key: str, *, place: int = 0) -> str:
    """Give an action another key, for one rater; what that did, in words.

    Parameters
    ----------
    action : str
        An action of `KEY_GROUPS`; the keys of faults are ``fault1``, ``fault2`` and so on by row.
    key : str
        As `parse_key` reads it. One that is taken changes places with the one it replaces.
    place : int
        Which of the action's keys it replaces; past the last one it is one more.

    Raises
    ------
    UsageError
        If there is no such action or key, or one of the two cannot be changed.
    """
    before = keys_of(dataset, rater)
    wanted = parse_key(key)
    after = rebound(before, action, wanted, place=place)
    _keep(dataset, rater, after)
    swapped = [name for name in after if name != action and after[name] != before[name]]
    said = [f"{_LINES[name].words}: {' or '.join(after[name]) or 'no key'}." for name in swapped]
    return " ".join([f"{_LINES[action].words}: {' or '.join(after[action])}.", *said])


def reset_keys(dataset: Dataset, rater: str) -> None:
    """Give a rater the usual keys again."""
    dataset.settings.put(rater, SETTING, {})


def rebound(keys: Keys, action: str, key: str, *, place: int = 0) -> Keys:
    """`keys` with another key for one action; see `rebind`, which also keeps them."""
    if action not in keys:
        raise UsageError(f"action: expected one that has keys, got {action!r}.", hint=LIST_KEYS)
    holder = next((name for name, held in keys.items() if key in held), None)
    if fixed := [name for name in (action, holder) if name in FIXED]:
        raise UsageError(
            f"key: expected one that may change, got that of {_LINES[fixed[0]].words!r}.",
            hint="It leads to the sheet of keys and out of it. Choose another key.",
        )
    held = list(keys[action])
    place = min(place, len(held))
    if holder == action:
        if held[place : place + 1] == [key]:
            return keys
        raise UsageError(f"key: expected a new one, got {key!r}, which does this already.")
    old, held[place : place + 1] = held[place : place + 1], [key]
    after = dict(keys) | {action: tuple(held)}
    if holder is not None:
        taken = [old if one == key else [one] for one in keys[holder]]
        after[holder] = tuple(one for some in taken for one in some)
    _require_clear(after, of={action, holder} - {None})
    return after


def parse_key(text: str) -> str:
    """A key by the name that the player gives it: ``K``, ``Shift K``, ``Space``, ``←``, ``;``.

    Lower case and ``shift+k`` are understood, and ``left``, ``right``, ``up`` and ``down``.

    Raises
    ------
    UsageError
        If no key is called that.
    """
    head, _, tail = text.replace("+", " ", 1).partition(" ")
    is_shifted = head.lower() == SHIFT.strip().lower() and bool(tail)
    plain = _plain_key(tail.strip() if is_shifted else text.strip())
    has_two = plain is not None and (plain in (*NAMED_KEYS, *BY_PLACE) or plain.isalpha())
    if plain is None or (is_shifted and not has_two):
        raise UsageError(
            f"key: expected a letter, a digit, a sign or a key's name, got {text!r}.",
            hint=f"With a name: {', '.join(NAMED_KEYS)}. With Shift: Shift K.",
        )
    return f"{SHIFT if is_shifted else ''}{plain}"


def fault_keys(keys: Keys) -> list[str]:
    """The fault keys from the first row on, as the player compares them; empty where none."""
    return [(keys[line.action] or ("",))[0].lower() for line in _FAULT_LINES]


def key_rows(keys: Keys) -> list[dict[str, Any]]:
    """One row per action: group, action, keys, whether they are the rater's own, what it does."""
    return [
        {
            "group": group.title,
            "action": line.action,
            "keys": list(keys[line.action]),
            "is_own": keys[line.action] != line.keys,
            "what": line.words,
        }
        for group in KEY_GROUPS
        for line in group.lines
    ]


def is_fault(action: str) -> bool:
    """Whether an action is that of a fault's key."""
    return action.removeprefix(FAULT_ACTION).isdecimal()


def _plain_key(text: str) -> str | None:
    if len(text) == 1 and text.isprintable() and not text.isspace():
        return text.upper()
    names = {name.lower(): name for name in NAMED_KEYS} | ALIASES
    return names.get(text.lower())


def _claims(action: str, keys: Sequence[str]) -> list[str]:
    """What an action takes: a fault's key also means something with Shift."""
    return [*keys, *(SHIFT + key for key in keys if is_fault(action))]


def _require_clear(keys: Keys, *, of: set[str | None]) -> None:
    """Every key does one thing; said of the actions in question, where one does not."""
    for action in of & keys.keys():
        mine = _claims(str(action), keys[str(action)])
        if is_fault(str(action)) and any(len(key) != 1 for key in keys[str(action)]):
            raise UsageError(
                f"key: expected a letter, a digit or a sign for {_LINES[str(action)].words!r}, "
                f"got {' or '.join(keys[str(action)])!r}.",
                hint="With Shift a fault's key says that it is not visible.",
            )
        for other, held in keys.items():
            if other != action and (shared := set(mine) & set(_claims(other, held))):
                raise UsageError(
                    f"key: expected one that is free, got {min(shared)!r}: "
                    f"{_LINES[other].words}, and {_LINES[str(action)].words}.",
                    hint="A fault's key is taken with Shift too: not visible.",
                )


def _keep(dataset: Dataset, rater: str, keys: Keys) -> None:
    own = {action: list(held) for action, held in keys.items() if held != USUAL_KEYS[action]}
    dataset.settings.put(rater, SETTING, own)
