"""The keys of the disputes page: its own for deciding, and those that the rater has elsewhere."""

from typing import Final

from labeler.workflows.keys import KEY_GROUPS, KeyGroup, KeyLine, Keys

DECIDING: Final = KeyGroup(
    "Decide",
    (
        KeyLine("answer0", ("0",), "It is absent"),
        KeyLine("answer1", ("1",), "It is slight"),
        KeyLine("answer2", ("2",), "It is clear"),
        KeyLine("answer3", ("3",), "It is severe"),
        KeyLine("answerNV", ("V",), "It is not visible"),
        KeyLine("reason", ("R",), "Write the reason; Esc leaves it"),
        KeyLine("decide", ("Enter",), "Decide, also from the reason"),
        KeyLine("reopen", ("Backspace",), "Take a decision back, with a reason"),
    ),
)
"""Keys that do the same for everybody: the severities are what they are called."""

SHOWING: Final = KeyGroup(
    "Look closer",
    (
        KeyLine("moment", ("G",), "Go to the moment that a rater told; again: the next one"),
        KeyLine("openClip", ("E",), "Open the repetition on the Label page"),
    ),
)

SHARED: Final = {
    "Disputes": {"nextRep": "Next dispute", "previousRep": "Previous dispute"},
    "Repetition": {
        "play": "Play or pause the loop",
        "slower": "Slower",
        "faster": "Faster",
        "back1": "One frame back",
        "on1": "One frame on",
        "back10": "Ten frames back",
        "on10": "Ten frames on",
        "repStart": "Start of the repetition",
        "repStop": "Last frame of the repetition",
        "pose": "Show or hide skeleton and back",
    },
    "Other": {"help": "This sheet", "escape": "Close"},
}
"""Actions of the Label page that mean the same here, with the keys that the rater has for them."""

_KNOWN: Final = {line.action for group in KEY_GROUPS for line in group.lines}


def dispute_keys(keys: Keys) -> tuple[KeyGroup, ...]:
    """Everything that has a key on the disputes page, as whoever decides has set up their keys.

    A key of theirs that decides something here does only that.
    """
    taken = {key for group in (DECIDING, SHOWING) for line in group.lines for key in line.keys}
    shared = (
        KeyGroup(
            title,
            tuple(
                KeyLine(action, tuple(key for key in keys[action] if key not in taken), words)
                for action, words in lines.items()
                if action in _KNOWN
            ),
        )
        for title, lines in SHARED.items()
    )
    *first, last = shared
    return (DECIDING, *first, SHOWING, last)
