"""Pieces of Markdown that the pages share."""

from collections.abc import Iterable, Iterator, Sequence

from labeler.core.clip import View

COMMAND = "python -m labeler.workflows.documenting docs"
"""Prints all pages again."""


def made_from(what: str) -> str:
    """A line that only editors of the page see."""
    return f"<!-- Made from {what} by `{COMMAND}`: change it there, not here. -->"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """The lines of a Markdown table; empty cells say so with a dash."""
    yield _row(head)
    yield _row(["---"] * len(head))
    yield from (_row([cell or "–" for cell in row]) for row in rows)


def in_code(words: Iterable[str]) -> str:
    """Ids and names as code, one after the other."""
    return ", ".join(f"`{word}`" for word in words)


def view_names(views: Sequence[View]) -> str:
    """Several views, or the word for all of them."""
    return "any" if set(views) == set(View) else ", ".join(view_name(view) for view in views)


def view_name(view: View) -> str:
    """A view as people write it."""
    return "45°" if view is View.OBLIQUE else view.value


def yes_or_empty(is_true: bool) -> str:
    """A cell for something that is so or not."""
    return "yes" if is_true else ""


def _row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"
