"""Names that people type: of athletes, sessions and raters."""

import unicodedata

CONTROL = "Cc"
"""Unicode's category of characters that are no text."""


def tidy_name(text: str) -> str:
    """One way to write a name: accents composed, spaces single, no line breaks or controls.

    Two spellings that look the same would otherwise be two athletes, who then stand on both sides
    of a test on unseen people.
    """
    composed = unicodedata.normalize("NFC", text)
    spaced = (" " if unicodedata.category(c) == CONTROL else c for c in composed)
    return " ".join("".join(spaced).split())
